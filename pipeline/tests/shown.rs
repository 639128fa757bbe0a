//! Fields of the photo's EXIF data, shown one by one: what was signed is shown, and nothing else can be.

#[path = "support/exif.rs"]
mod exif;
mod support;

use exif::{ARTIST, MAKE, MODEL, with_exif};
use std::sync::LazyLock;
use support::*;
use zkimg_pipeline::*;

const TAKEN: &str = "2024-05-17T14:03:09";
const EDITS: [&str; 1] = ["crop=8x6+3+2"];
use ExifField as E;

fn taken(seed: usize, model: &str) -> Vec<u8> {
    with_exif(&photo(seed), &[(MAKE, "Maker"), (MODEL, model)], Some("2024:05:17 14:03:09"))
}

/// Two photos of one camera, what is shown of the first, and the same with nothing shown.
struct World {
    camera: SigningKey,
    negative: Negative,
    other: Negative,
    shown: Published,
    silent: Published,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let camera = SigningKey::generate().expect("a key");
    let [negative, other] = [taken(1, "Model 1"), taken(2, "Model 2")].map(|photo| attested(&camera, &photo));
    let shown = show(&negative, &[E::Model, E::DateTimeOriginal]);
    let silent = show(&negative, &[]);
    World { camera, negative, other, shown, silent }
});

fn show(negative: &Negative, fields: &[E]) -> Published {
    let edits = recipe(&EDITS);
    let work = fields.iter().fold(Work::new(negative, &edits), |work, field| work.showing(*field));
    work.publish().expect("published")
}

/// What a report shows, and what stands behind it.
fn told(report: &Report) -> Vec<(&str, &str, FieldStanding)> {
    report.shown.iter().map(|field| (field.field, field.value.as_str(), field.standing)).collect()
}

/// The list of fields in a file's bytes: where it begins and how long it is.
fn list(published: &Published) -> std::ops::Range<usize> {
    let begin = 12 + 4 + published.proof.capture().to_bytes().len();
    let version_3 = usize::from(published.proof.capture().statement.version() == 3);
    let values = published.proof.shown().iter().map(|field| 2 + 32 + version_3 + 2 + field.value.len()).sum::<usize>();
    begin..begin + 1 + values
}

/// The file with another list of fields.
fn with_list(published: &Published, fields: &[Vec<u8>]) -> Result<ProofFile, BadProofFile> {
    let (bytes, at) = (published.proof.to_bytes(), list(published));
    let list = [&[fields.len() as u8][..], &fields.concat()].concat();
    ProofFile::from_bytes(&[&bytes[..at.start], &list, &bytes[at.end..]].concat())
}

/// One field's bytes, written from `docs/formats.md`.
fn field(number: u16, salt: &[u8; 32], backing: u8, value: &[u8]) -> Vec<u8> {
    [&number.to_le_bytes()[..], salt, &[backing], &(value.len() as u16).to_le_bytes(), value].concat()
}

fn opening(negative: &Negative, field: E) -> &Opening {
    negative.opening(Label::Exif(field)).expect("an opening")
}

/// The honest bytes of a negative's field.
fn honest(negative: &Negative, of: E) -> Vec<u8> {
    let opening = opening(negative, of);
    field(of.id(), opening.salt(), opening.backing().number().expect("version 3"), opening.value().expect("present"))
}

/// Refused by the check of what is shown, and nothing is shown.
#[track_caller]
fn refused(published: &Published, fields: &[Vec<u8>], camera: &SigningKey) {
    let file = with_list(published, fields).expect("well formed");
    let report = verify(&published.picture, &file, &trust(camera)).expect("a report");
    let (check, why) = refusal(&report);
    assert_eq!((check, why.contains("is not the one that was signed")), ("shown", true), "{why}");
    assert!(report.shown.is_empty(), "nothing is shown that was not signed");
}

#[test]
fn what_is_shown_was_signed_and_nothing_else_is_shown() {
    let World { camera, negative, shown, silent, .. } = &*WORLD;
    let file = ProofFile::from_bytes(&shown.proof.to_bytes()).expect("a file");
    assert_eq!(file.to_bytes(), shown.proof.to_bytes());
    let report = verify(&shown.picture, &file, &trust(camera)).expect("a report");
    assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");
    let camera_signed = FieldStanding::Camera;
    assert_eq!(told(&report), [("model", "Model 1", camera_signed), ("date_time_original", TAKEN, camera_signed)]);
    assert_eq!(serde_json::to_value(&report).expect("JSON")["shown"][1]["standing"], "camera");
    // The salts of the two stand in the file, and of no other label.
    let bytes = shown.proof.to_bytes();
    let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    for label in negative.capture().expect("a photo's").statement.hidden_labels() {
        let opening = negative.opening(label).expect("an opening");
        let named = matches!(label, Label::Exif(E::Model | E::DateTimeOriginal));
        assert_eq!(holds(opening.salt()), named, "{label:?}");
    }
    assert!(!holds(b"Maker"), "a field that nobody asked for");
    // So that nobody can try out what the others are: no digest of theirs is that of a guess under a salt of the file.
    let statement = &negative.capture().expect("a photo's").statement;
    for salt in bytes.windows(32).map(|window| <[u8; 32]>::try_from(window).expect("32 bytes")).take(4000) {
        let guess = Opening::new(Label::Exif(E::Make), Backing::Alone, Some(b"Maker".to_vec()), salt);
        assert!(statement.check(&guess).is_err());
    }
    assert!(statement.check(opening(negative, E::Make)).is_ok(), "the guess is the right one");
    // Without, everything is as it was before anything could be shown.
    assert_eq!(bytes.len() - list(shown).len(), silent.proof.to_bytes().len());
    assert_eq!(
        ([bytes[8], silent.proof.to_bytes()[8]], told(&verify(&silent.picture, &silent.proof, &trust(camera)).expect("a report"))),
        ([8, 6], Vec::new())
    );
}

#[test]
fn a_field_of_something_else_is_refused() {
    let World { camera, negative, other, shown, .. } = &*WORLD;
    let model = opening(negative, E::Model);
    let with = |number, salt: &[u8; 32], backing, value: &[u8]| vec![field(number, salt, backing, value)];
    // Altered; of another photo, with its own salt or with this one's; of another field, by number or by salt.
    refused(shown, &with(2, model.salt(), 0, b"Model 2"), camera);
    refused(shown, &[honest(other, E::Model)], camera);
    refused(shown, &with(2, opening(other, E::Model).salt(), 0, b"Model 1"), camera);
    refused(shown, &with(3, model.salt(), 0, b"Model 1"), camera);
    refused(shown, &with(2, opening(negative, E::DateTimeOriginal).salt(), 0, b"Model 1"), camera);
    refused(shown, &with(4, model.salt(), 0, TAKEN.as_bytes()), camera);
    // Absent, and shown as if it were there: with the salt of its absence, too.
    refused(shown, &with(11, opening(negative, E::GpsLatitude).salt(), 0, b"48.8583333"), camera);
    // A camera's value as one that Content Credentials cover, or do not.
    refused(shown, &with(2, model.salt(), 1, b"Model 1"), camera);
    refused(shown, &with(2, model.salt(), 2, b"Model 1"), camera);
    // One that is false spoils those that are true.
    refused(shown, &[with(1, model.salt(), 0, b"Maker").concat(), honest(negative, E::Model)], camera);
    // What the file is about may be shown by whoever has the salts, as long as it is true.
    let file = with_list(shown, &[honest(negative, E::Make)]).expect("well formed");
    assert_eq!(verify(&shown.picture, &file, &trust(camera)).expect("a report").verdict, Verdict::Trusted);
}

#[test]
fn a_list_that_is_not_in_its_one_form_is_refused_before_any_work() {
    let World { negative, shown, .. } = &*WORLD;
    let [make, model] = [E::Make, E::Model].map(|of| honest(negative, of));
    let salt = opening(negative, E::Model).salt();
    let refused = |fields: &[Vec<u8>], part: &str| match with_list(shown, fields) {
        Err(BadProofFile::Invalid(name)) => assert_eq!(name, part),
        other => panic!("{other:?}"),
    };
    let list = "list of shown fields";
    assert!(with_list(shown, &[make.clone(), model.clone()]).is_ok());
    refused(&[], list);
    refused(&[model.clone(), make], list);
    refused(&[model.clone(), model], list);
    refused(&vec![field(2, salt, 0, b"Model 1"); 17], list);
    // A present field as if it were absent; a value longer than any; no field at all; no backing.
    refused(&[field(2, salt, 0, b"")], list);
    refused(&[field(2, salt, 0, &[b'x'; 1025])], list);
    for number in [0, 17, 256, 257, 262] {
        refused(&[field(number, salt, 0, b"Model 1")], list);
    }
    refused(&[field(2, salt, 3, b"Model 1")], list);
    // A device that signs hidden characters is not believed.
    for value in ["Model\u{202e}1", "Model\n1", "\u{200b}", " Model"] {
        refused(&[field(2, salt, 0, value.as_bytes())], "value of a shown field");
    }
    refused(&[field(2, salt, 0, b"Model\xff")], "value of a shown field");
    // The longest that may be is read, and refused by its digest.
    assert!(with_list(shown, &[field(2, salt, 0, &[b'x'; 1024])]).is_ok());
    // The list without its version, the version without its list, a list that is cut.
    let bytes = shown.proof.to_bytes();
    for (version, at) in [(6u8, 8), (10, 8), (5, 8)] {
        let mut changed = bytes.clone();
        changed[at] = version;
        assert!(ProofFile::from_bytes(&changed).is_err(), "version {version}");
    }
    let mut changed = WORLD.silent.proof.to_bytes();
    changed[8] = 8;
    assert!(ProofFile::from_bytes(&changed).is_err());
    for cut in list_cuts(shown) {
        assert!(matches!(ProofFile::from_bytes(&bytes[..cut]), Err(BadProofFile::CutShort)));
    }
}

fn list_cuts(published: &Published) -> impl Iterator<Item = usize> {
    list(published).step_by(7)
}

#[test]
fn what_cannot_be_shown_is_said_before_the_work() {
    let World { camera, negative, .. } = &*WORLD;
    let edits = recipe(&EDITS);
    let refused = |work: Work<'_>| match work.publish() {
        Err(PublishError::Show(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(Work::new(negative, &edits).showing(E::Model).showing(E::GpsLatitude)), BadShow::Absent("gps_latitude"));
    let handed_on = Work::new(negative, &edits).showing(E::Model).hand_on().expect("handed on");
    let crop = recipe(&["crop=4x4+1+1"]);
    let next = || Work::new(&handed_on.negative, &crop).after(&handed_on.proof);
    assert_eq!(refused(next().showing(E::Model)), BadShow::HandedOn);
    // Whoever goes on keeps what is shown, or leaves it out.
    let published = next().publish().expect("published");
    let report = verify(&published.picture, &published.proof, &trust(camera)).expect("a report");
    assert_eq!((report.verdict, told(&report)), (Verdict::Trusted, vec![("model", "Model 1", FieldStanding::Camera)]));
    let hidden = verify_hidden(&handed_on.proof, &trust(camera)).expect("a report");
    assert_eq!((hidden.verdict, told(&hidden).len()), (Verdict::Trusted, 1));
    let (bytes, at) = (published.proof.to_bytes(), list(&published));
    let mut without = [&bytes[..at.start], &bytes[at.end..]].concat();
    without[8] = 6;
    let report = verify(&published.picture, &ProofFile::from_bytes(&without).expect("a file"), &trust(camera)).expect("a report");
    assert_eq!((report.verdict, told(&report).len()), (Verdict::Trusted, 0));
    // Nobody goes on from what was not signed.
    let (bytes, at) = (handed_on.proof.to_bytes(), 12 + 4 + negative.capture().expect("a photo's").to_bytes().len() + 1);
    let mut false_one = bytes.clone();
    let value = at + 2 + 32 + 1 + 2;
    false_one[value] ^= 1;
    let chain = ProofFile::from_bytes(&false_one).expect("well formed");
    let result = Work::new(&handed_on.negative, &crop).after(&chain).publish();
    assert!(matches!(result, Err(PublishError::Chain(BadChain::Shown(CaptureError::Opening("model"))))), "{result:?}");
    // Said twice is shown once; the order is the list's.
    let twice = show(negative, &[E::DateTimeOriginal, E::Make, E::Make]).proof.to_bytes();
    assert_eq!(ProofFile::from_bytes(&twice).expect("in order").shown().len(), 2);
}

#[test]
fn a_chain_with_one_proof_shows_the_same() {
    let World { camera, negative, .. } = &*WORLD;
    let (edits, crop) = (recipe(&EDITS), recipe(&["crop=4x4+1+1"]));
    let first = Work::new(negative, &edits).compact().showing(E::Model).hand_on().expect("handed on");
    assert_eq!(first.proof.to_bytes()[8], 9);
    let published = Work::new(&first.negative, &crop).after(&first.proof).publish().expect("published");
    let file = ProofFile::from_bytes(&published.proof.to_bytes()).expect("a file");
    let report = verify(&published.picture, &file, &trust(camera)).expect("a report");
    assert_eq!((report.verdict, report.form), (Verdict::Trusted, Some(ProofForm::Compact)), "{report:?}");
    assert_eq!(told(&report), [("model", "Model 1", FieldStanding::Camera)]);
    refused(&published, &[field(2, opening(negative, E::Model).salt(), 0, b"Model 2")], camera);
    let mut silent = file.to_bytes();
    silent.drain(list(&published));
    silent[8] = 7;
    let silent = ProofFile::from_bytes(&silent).expect("a file");
    assert_eq!(verify(&published.picture, &silent, &trust(camera)).expect("a report").verdict, Verdict::Trusted);
}

#[test]
fn of_a_notary_s_capture_it_is_said_what_stands_behind_a_field() {
    let notary = SigningKey::generate().expect("a key");
    let mut trust = Trust::default();
    trust.notaries.insert(notary.public());
    let [covered, uncovered] = [true, false].map(seen);
    let cases = [
        (Witness::Notary, FieldStanding::Notary, 0),
        (Witness::NotaryOfCredentials(&covered), FieldStanding::Covered, 1),
        (Witness::NotaryOfCredentials(&uncovered), FieldStanding::NotCovered, 2),
    ];
    for (witness, standing, number) in cases {
        let photo = with_exif(&photo(3), &[(MODEL, "Model 1"), (ARTIST, "Zoë")], None);
        let negative = attest_as(witness, &photo, &notary, &Policy::default(), 1).expect("attested").1;
        let published = show(&negative, &[E::Model]);
        let report = verify(&published.picture, &published.proof, &trust).expect("a report");
        assert_eq!((report.verdict, told(&report)), (Verdict::Trusted, vec![("model", "Model 1", standing)]), "{report:?}");
        assert!(!standing.to_string().contains("camera"));
        assert_eq!(standing == FieldStanding::NotCovered, standing.to_string().starts_with("NOT covered"));
        // Shown as if something else stood behind it.
        let salt = opening(&negative, E::Model).salt();
        for backing in (0..3).filter(|backing| *backing != number) {
            let file = with_list(&published, &[field(2, salt, backing, b"Model 1")]).expect("well formed");
            assert_eq!(refusal(&verify(&published.picture, &file, &trust).expect("a report")).0, "shown");
        }
        let could: Vec<_> = showable(&negative).into_iter().map(|field| (field.field, field.value)).collect();
        assert_eq!(could, [("model", "Model 1".to_owned()), ("artist", "Zoë".to_owned())]);
        assert!(showable(&Work::new(&negative, &recipe(&EDITS)).hand_on().expect("handed on").negative).is_empty());
    }
}

#[test]
fn fields_are_called_as_people_know_them() {
    for field in E::ALL {
        assert_eq!((E::named(field.name()), E::of_id(field.id())), (Some(field), Some(field)));
        assert!(!field.title().is_empty());
    }
    let called = ["DateTimeOriginal", "MODEL", "LensModel", "GPSLatitude", "FNumber", "iso"].map(E::named);
    assert_eq!(called, [E::DateTimeOriginal, E::Model, E::LensModel, E::GpsLatitude, E::FNumber, E::Iso].map(Some));
    assert_eq!(["", "all", "Mode", "capture_time"].map(E::named), [None; 4]);
}
