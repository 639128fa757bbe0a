//! Files of every version that was ever written, as they lie on somebody's disk: they are read, verified and written as
//! before. A change that breaks this is a new version of a format and says so; `make.rs` makes the files anew.

use zkimg_pipeline::answer::{AnswerFile, Card, verify_answer};
use zkimg_pipeline::face::{Enrolled, MatchFile, Template, verify_match};
use zkimg_pipeline::{
    Disclosed, Label, Negative, Picture, ProofFile, PublicKey, Recipe, SignedCapture, Trust, TrustedDevices, TrustedNotaries, Verdict,
    Work, encode_png, preview, prove, verify, verify_hidden,
};

const PHOTO: &[u8] = include_bytes!("photo.png");
const KEY: &str = include_str!("camera.pub");
const CAPTURE: &[u8] = include_bytes!("photo.capture");
const NEGATIVE: &[u8] = include_bytes!("photo.negative");
const EDITED: &[u8] = include_bytes!("edited.png");
const PROOF: &[u8] = include_bytes!("edited.zkimg");
/// Handed on by Anna, then published by the desk.
const HANDED_ON: &[u8] = include_bytes!("handed-on.zkimg");
const DESK_NEGATIVE: &[u8] = include_bytes!("handed-on.negative");
const DESK_KEY: &str = include_str!("desk.pub");
const CHAIN: &[u8] = include_bytes!("chain.zkimg");
const CHAIN_PICTURE: &[u8] = include_bytes!("chain.png");
/// What a small network makes of the photo.
const CARD: &[u8] = include_bytes!("small.card");
const ANSWER: &[u8] = include_bytes!("answer.zkimg");
/// A face of the photo, enrolled with a network of the same layers, and found again.
const FACE_CARD: &[u8] = include_bytes!("face.card");
const ENROLLED: &[u8] = include_bytes!("anna.enrolled");
const TEMPLATE: &[u8] = include_bytes!("anna.template");
const MATCH: &[u8] = include_bytes!("match.zkimg");
const SECOND_KEY: &str = include_str!("second.pub");
const REGISTRAR_KEY: &str = include_str!("registrar.pub");
/// The same photo, and the same edits of it, from a notary who had it with Content Credentials.
const NOTARY_CAPTURE: &[u8] = include_bytes!("notary.capture");
const NOTARY_NEGATIVE: &[u8] = include_bytes!("notary.negative");
const NOTARY_PROOF: &[u8] = include_bytes!("notary.zkimg");
const NOTARY_KEY: &str = include_str!("notary.pub");
/// The same edits of the same pixels, with two fields of EXIF shown.
const SHOWN: &[u8] = include_bytes!("shown.zkimg");
const SHOWN_KEY: &str = include_str!("shown.pub");
const EDITS: [&str; 2] = ["crop=3x3+1+0", "contrast=1.5"];

fn trusted() -> TrustedDevices {
    TrustedDevices::from_pems([KEY]).expect("a key")
}

fn trust() -> Trust {
    let mut trust = Trust { devices: trusted(), ..Trust::default() };
    trust.people.insert(PublicKey::from_pem(DESK_KEY).expect("a key"), "the desk");
    trust
}

#[test]
fn the_proof_is_accepted_and_written_the_same() {
    let file = ProofFile::from_bytes(PROOF).expect("a proof file");
    assert_eq!(file.to_bytes(), PROOF);
    let picture = Picture::decode(EDITED).expect("a picture");
    let report = verify(&picture, &file, &trust()).expect("parameters");
    assert_eq!(report.verdict, Verdict::Trusted, "{:?}", report.findings);
    assert_eq!(report.captured, Some(1_790_000_000));
}

#[test]
fn the_capture_is_signed_and_written_the_same() {
    let capture = SignedCapture::from_bytes(CAPTURE).expect("a capture");
    assert_eq!(capture.to_bytes(), CAPTURE);
    capture.verify(&trusted(), &TrustedNotaries::default()).expect("signed by the camera");
    let key = PublicKey::from_pem(KEY).expect("a key");
    assert_eq!(*capture.statement.device(), Disclosed::Shown(key.id()));
}

#[test]
fn the_negative_is_of_that_capture_and_still_proves() {
    let negative = Negative::from_bytes(NEGATIVE).expect("a negative");
    assert_eq!(*negative.to_bytes(), NEGATIVE);
    assert_eq!(negative.capture().expect("a camera's").to_bytes(), CAPTURE);
    assert!(negative.opening(Label::Time).is_none(), "shown in the clear");
    let published = prove(&negative, &Recipe::from_words(&EDITS).expect("words")).expect("proved");
    assert_eq!(encode_png(&published.picture), EDITED);
    assert_eq!(published.proof.to_bytes().len(), PROOF.len(), "the length follows from the statement");
}

#[test]
fn the_notary_s_capture_is_read_and_still_proves() {
    let (capture, negative) = (SignedCapture::from_bytes(NOTARY_CAPTURE).expect("a capture"), Negative::from_bytes(NOTARY_NEGATIVE));
    let negative = negative.expect("a negative");
    assert_eq!((capture.to_bytes(), negative.to_bytes().to_vec()), (NOTARY_CAPTURE.to_vec(), NOTARY_NEGATIVE.to_vec()));
    assert_eq!(negative.capture(), Some(&capture));
    let notaries = TrustedNotaries::from_pems([NOTARY_KEY]).expect("a key");
    capture.verify(&TrustedDevices::default(), &notaries).expect("signed by the notary");
    let trust = Trust { notaries, ..Trust::default() };
    let (file, picture) = (ProofFile::from_bytes(NOTARY_PROOF).expect("a proof file"), Picture::decode(EDITED).expect("a picture"));
    assert_eq!(file.to_bytes(), NOTARY_PROOF);
    let published = prove(&negative, &Recipe::from_words(&EDITS).expect("words")).expect("proved");
    for file in [file, published.proof] {
        let report = verify(&picture, &file, &trust).expect("parameters");
        assert_eq!(report.verdict, Verdict::Trusted, "{:?}", report.findings);
        assert!(report.source.is_notary());
    }
}

#[test]
fn fields_that_are_shown_are_read_and_written_the_same() {
    let file = ProofFile::from_bytes(SHOWN).expect("a proof file");
    assert_eq!(file.to_bytes(), SHOWN);
    let trust = Trust { devices: TrustedDevices::from_pems([SHOWN_KEY]).expect("a key"), ..Trust::default() };
    let report = verify(&Picture::decode(EDITED).expect("a picture"), &file, &trust).expect("parameters");
    assert_eq!(report.verdict, Verdict::Trusted, "{:?}", report.findings);
    let told: Vec<_> = report.shown.iter().map(|field| (field.field, field.value.as_str())).collect();
    assert_eq!(told, [("model", "Model 1"), ("date_time_original", "2024-05-17T14:03:09")]);
}

#[test]
fn the_edits_mean_the_same_pixels() {
    let photo = Picture::decode(PHOTO).expect("a picture");
    let edited = preview(&photo, &Recipe::from_words(&EDITS).expect("words")).expect("edited");
    assert_eq!(edited, Picture::decode(EDITED).expect("a picture"));
}

#[test]
fn the_chain_is_accepted_and_still_goes_on() {
    let [handed_on, chain] = [HANDED_ON, CHAIN].map(|bytes| {
        let file = ProofFile::from_bytes(bytes).expect("a proof file");
        assert_eq!(file.to_bytes(), bytes);
        file
    });
    assert_eq!(verify_hidden(&handed_on, &trust()).expect("parameters").verdict, Verdict::Trusted);
    let report = verify(&Picture::decode(CHAIN_PICTURE).expect("a picture"), &chain, &trust()).expect("parameters");
    assert_eq!(report.verdict, Verdict::Trusted, "{:?}", report.findings);
    assert_eq!(
        report.links.iter().map(|link| (link.name.as_deref(), link.confirmed)).collect::<Vec<_>>(),
        [(Some("Anna"), false), (Some("Desk"), true),]
    );
    let negative = Negative::from_bytes(DESK_NEGATIVE).expect("a negative");
    assert_eq!(*negative.to_bytes(), DESK_NEGATIVE);
    let recipe = Recipe::from_words(&EDITS[1..]).expect("words");
    Work::new(&negative, &recipe).after(&handed_on).publish().expect("published");
}

#[test]
fn the_answer_is_accepted_and_written_the_same() {
    let (card, answer) = (Card::from_bytes(CARD).expect("a card"), AnswerFile::from_bytes(ANSWER).expect("an answer"));
    assert_eq!((card.to_bytes(), answer.to_bytes()), (CARD.to_vec(), ANSWER.to_vec()));
    let report = verify_answer(&answer, None, &card, &trust()).expect("parameters");
    assert_eq!(report.verdict, Verdict::Trusted, "{:?}", report.findings);
    assert_eq!(report.photos[0].answer.as_ref(), Some(answer.answers()[0].shown()));
}

#[test]
fn the_match_is_accepted_and_written_the_same() {
    let (card, enrolled) = (Card::from_bytes(FACE_CARD).expect("a card"), Enrolled::from_bytes(ENROLLED).expect("an enrolled face"));
    let matched = MatchFile::from_bytes(MATCH).expect("a match");
    assert_eq!((card.to_bytes(), enrolled.to_bytes(), matched.to_bytes()), (FACE_CARD.to_vec(), ENROLLED.to_vec(), MATCH.to_vec()));
    assert_eq!(*Template::from_bytes(TEMPLATE).expect("a template").to_bytes(), TEMPLATE);
    let mut trust = trust();
    trust.devices.insert(PublicKey::from_pem(SECOND_KEY).expect("a key"));
    trust.people.insert(PublicKey::from_pem(REGISTRAR_KEY).expect("a key"), "the registrar");
    let report = verify_match(&matched, &enrolled, &card, &trust).expect("parameters");
    assert_eq!(report.verdict, Verdict::Trusted, "{:?}", report.findings);
    assert_eq!(report.at_least, Some(matched.threshold()));
    let known = [&report.model_signer, &report.enrolled.signer].map(|signer| signer.as_ref().and_then(|signer| signer.known_as.as_deref()));
    assert_eq!(known, [Some("the registrar"); 2]);
}
