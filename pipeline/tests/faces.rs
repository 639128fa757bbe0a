//! Faces enrolled and found again: proved, checked, and forged.

#[path = "support/faces.rs"]
mod faces;
#[path = "support/models.rs"]
mod models;

use faces::*;
use models::{CAMERA, called_otherwise, recipe, trust, with_edits, with_public};
use std::sync::LazyLock;
use zkimg_pipeline::answer::{
    AnswerFault, AnswerFile, BadQuestion, Card, InferError, Inference, Model, NewModel, OutputKind, Show, verify_answer,
};
use zkimg_pipeline::face::*;
use zkimg_pipeline::*;

static MODEL: LazyLock<Model> = LazyLock::new(|| model(0, 3));
static TEMPLATE: LazyLock<Template> = LazyLock::new(|| enrol(&anna(0), &MODEL));
static MATCH: LazyLock<MatchFile> = LazyLock::new(|| compare(&anna(1), &MODEL, &TEMPLATE, 97).expect("a match"));

fn changed(change: impl FnOnce(&mut Vec<u8>)) -> MatchFile {
    let mut bytes = MATCH.to_bytes();
    change(&mut bytes);
    MatchFile::from_bytes(&bytes).expect("well formed")
}

/// What the model makes of a photo, without a proof, and the cosine of two of these.
fn embedding(negative: &Negative, model: &Model) -> Vec<f64> {
    let picture = Picture::new(negative.layout().dims, negative.pixels().to_vec()).expect("a picture");
    let edited = preview(&picture, &recipe(&EDITS)).expect("edited");
    let made = model.network().run(edited.cells()).expect("a run").pop().expect("an embedding");
    let zero = model.network().architecture().layers().last().and_then(|placed| placed.layer.range()).expect("a range").zero;
    made.iter().map(|cell| f64::from(*cell) - f64::from(zero)).collect()
}

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

#[test]
fn one_face_is_found_again_and_another_is_not() {
    for zero in [0, 60] {
        let model = model(zero, 3);
        let of = |negative: &Negative| embedding(negative, &model);
        let (same, other) = (cosine(&of(&anna(0)), &of(&anna(1))), cosine(&of(&anna(0)), &of(&berta())));
        assert!(same > 0.975 && other < 0.965, "{same}, {other}");
        let template = enrol(&anna(0), &model);
        let enrolled = Enrolled::from_bytes(&template.enrolled().to_bytes()).expect("read");
        let card = Card::from_bytes(&model.card().to_bytes()).expect("a card");
        let report = verify_enrolled(&enrolled, &card, &trust()).expect("parameters");
        assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");
        let names: Vec<_> = report.findings.iter().map(|found| found.checked().name()).collect();
        assert_eq!(names, ["signature", "device", "original", "model", "enrolled"]);
        for hundredths in [50, 97] {
            let matched = compare(&anna(1), &model, &template, hundredths).expect("a match");
            let report = check(&MatchFile::from_bytes(&matched.to_bytes()).expect("read"), &enrolled, &card);
            assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");
            assert_eq!(report.at_least, Some(threshold(hundredths)));
            let names: Vec<_> = report.findings.iter().map(|found| found.checked().name()).collect();
            assert_eq!(names, ["signature", "device", "original", "model", "enrolled", "match"]);
            assert!(report.security_bits >= 120);
            assert!(report.not_shown[0].contains("who enrolled is not known"));
            assert_ne!(report.photo.capture, report.enrolled.portrait.capture);
        }
        let Err(error) = compare(&berta(), &model, &template, 97) else { panic!("found") };
        assert!(matches!(error, FaceError::Below(_)), "{error}");
        assert_eq!(error.to_string(), "the embeddings are less alike than 0.97, so there is nothing to prove");
    }
}

/// Whoever looks for a face in many photos pays for the network where it is not, and for no proof.
#[test]
fn a_face_that_is_not_found_costs_no_proof() {
    struct ComputesOnly;
    impl Observer for ComputesOnly {
        fn phase(&self, phase: Phase) {
            assert_eq!(phase, Phase::Computing, "nothing is proved");
        }
    }
    let (edits, berta) = (recipe(&EDITS), berta());
    let comparison = Comparison::new(&berta, &edits, &MODEL, &TEMPLATE, threshold(97)).watched(&ComputesOnly);
    assert!(matches!(comparison.prove(), Err(FaceError::Below(_))));
}

/// The trap: an embedding of zeros would be like every other.
#[test]
fn an_embedding_of_zeros_is_refused_on_both_sides() {
    let black = photo_of(|_, _| 0);
    assert!(embedding(&black, &MODEL).iter().all(|cell| *cell == 0.0));
    let enrolled = Enrolment::new(&black, &recipe(&EDITS), &MODEL).enrol();
    assert!(matches!(enrolled, Err(FaceError::Zeros)));
    assert!(matches!(compare(&black, &MODEL, &TEMPLATE, 50), Err(FaceError::Below(_))));
}

/// The trap: an overlay pastes a face into any photo.
#[test]
fn only_edits_that_show_the_same_face_may_come_before_it() {
    let others = ["contrast=1.5", "redact=1x1+0+0", "blur=1", "brightness=3", "pixelate=2x2+0+0+2"];
    for word in others.iter().copied().filter(|word| Recipe::from_words(&[word]).is_ok()) {
        let edits = recipe(&["crop=5x4+1+2", "grayscale", word]);
        let enrolled = Enrolment::new(&anna(0), &edits, &MODEL).enrol();
        assert!(matches!(enrolled, Err(FaceError::Face(BadFace::Edit { .. }))), "{word}");
        let matched = Comparison::new(&anna(1), &edits, &MODEL, &TEMPLATE, threshold(50)).prove();
        assert!(matches!(matched, Err(FaceError::Face(BadFace::Edit { .. }))), "{word}");
    }
    let overlay = r#"{"zkimg":1,"edits":[{"op":"overlay","x":0,"y":0,"image":{"width":1,"height":1,"rgba":"AAAA/w=="}},{"op":"crop","x":1,"y":2,"width":5,"height":4},{"op":"grayscale"}]}"#;
    let overlay = Recipe::from_json(overlay).expect("a recipe");
    let Err(error) = Comparison::new(&anna(1), &overlay, &MODEL, &TEMPLATE, threshold(50)).prove() else { panic!("found") };
    assert!(error.to_string().starts_with("the edit overlay could make one face of another"), "{error}");
    // A crop lies inside the picture, or is none.
    let outside = recipe(&["crop=5x4+6+2", "grayscale"]);
    assert!(matches!(Enrolment::new(&anna(0), &outside, &MODEL).enrol(), Err(FaceError::Recipe(_))));
    // A file that says otherwise is refused by the check of the match itself, whatever its proof.
    let [_, _, edits, enrolled, ..] = parts(&MATCH);
    let text = recipe(&["crop=5x4+1+2", "grayscale", "contrast=1.5"]).resolve(anna(1).layout().dims).expect("edits").canonical();
    let forged = changed(|bytes| drop(bytes.splice(edits..enrolled, [&(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat())));
    let report = check(&forged, TEMPLATE.enrolled(), MODEL.card());
    assert_eq!(refused(&report), "match");
    assert!(matches!(report.findings.last(), Some(Finding::Match(Err(MatchFault::Face(BadFace::Edit { name: "contrast" }))))));
}

/// The trap: what is read of few pixels, or in several ways, may be any face.
#[test]
fn a_face_is_resized_once_and_within_bounds() {
    let refused = |words: &[&str], how: &str| {
        let edits = recipe(&[words, &["grayscale"]].concat());
        let said = format!("before a face the picture may be resized {how}: a resize beyond that could make one face of another");
        let Err(FaceError::Face(error)) = Enrolment::new(&anna(0), &edits, &MODEL).enrol() else { panic!("enrolled") };
        assert_eq!(error.to_string(), said);
        let Err(FaceError::Face(error)) = Comparison::new(&anna(1), &edits, &MODEL, &TEMPLATE, threshold(50)).prove() else {
            panic!("found")
        };
        assert_eq!(error.to_string(), said);
        // Whatever the proof, by the check of the file itself.
        let [_, _, edits_at, enrolled, ..] = parts(&MATCH);
        let text = edits.resolve(anna(1).layout().dims).expect("edits").canonical();
        let bytes = [&(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat();
        let report = check(&changed(|file| drop(file.splice(edits_at..enrolled, bytes))), TEMPLATE.enrolled(), MODEL.card());
        assert!(matches!(report.findings.last(), Some(Finding::Match(Err(MatchFault::Face(BadFace::Resize(_)))))), "{report:?}");
    };
    refused(&["crop=5x4+1+2", "resize=5x4,nearest"], "by bilinear or lanczos3");
    refused(&["crop=1x1+1+2", "resize=5x4"], "to at most twice its sides");
    refused(&["crop=5x1+1+2", "resize=5x4"], "to at most twice its sides");
    refused(&["crop=4x4+1+2", "resize=5x4"], "without changing its shape by more than a tenth");
    refused(&["crop=5x4+1+2", "resize=10x8", "resize=5x4"], "once");
    let allowed = recipe(&["rotate=180", "crop=3x2+1+2", "crop=3x2+0+0", "grayscale"]);
    assert!(!matches!(Enrolment::new(&anna(0), &allowed, &MODEL).enrol(), Err(FaceError::Face(BadFace::Resize(_)))));
    for words in [["crop=7x6+0+0", "resize=5x4"], ["crop=5x4+1+2", "resize=5x4,lanczos3"]] {
        let edits = recipe(&[&words[..], &["grayscale"]].concat());
        let resized = Enrolment::new(&anna(0), &edits, &MODEL).enrol().map(drop);
        assert!(resized.is_ok(), "{words:?}: {resized:?}");
    }
}

#[test]
fn thresholds_are_those_of_the_card() {
    for hundredths in [1, 49, 51, 96, 98, 99] {
        let Err(error) = compare(&anna(1), &MODEL, &TEMPLATE, hundredths) else { panic!("found") };
        assert!(matches!(error, FaceError::Face(BadFace::Threshold { .. })));
        assert!(error.to_string().ends_with("but 0.50, 0.97"), "{error}");
    }
    let at = parts(&MATCH)[4];
    let report = check(&changed(|bytes| bytes[at] = 98), TEMPLATE.enrolled(), MODEL.card());
    assert!(matches!(report.findings.last(), Some(Finding::Match(Err(MatchFault::Face(BadFace::Threshold { .. }))))));
    // One that the card lists and that was not proved.
    assert_eq!(refused(&check(&changed(|bytes| bytes[at] = 50), TEMPLATE.enrolled(), MODEL.card())), "match");
    assert!(OutputKind::embedding(Vec::new()).is_err() && OutputKind::embedding((1..=5).map(threshold).collect()).is_err());
}

#[test]
fn an_embedding_is_never_shown_and_scores_are_no_embedding() {
    for show in [Show::Scores, Show::Class, Show::Top5] {
        let asked = Inference::new([&anna(0)], &recipe(&EDITS), &MODEL, show).answer();
        assert!(matches!(asked, Err(InferError::Question(BadQuestion::Embedding))));
    }
    let scores = NewModel::new(network(0, 3)).commit().expect("a model");
    assert!(matches!(Enrolment::new(&anna(0), &recipe(&EDITS), &scores).enrol(), Err(FaceError::Face(BadFace::Scores))));
    // Nor is it by somebody else's program: the same network as one that gives scores, under the card that says otherwise.
    let asked = Inference::new([&anna(0)], &recipe(&EDITS), &scores, Show::Scores).answer().expect("an answer");
    let (mut bytes, at) = (asked.to_bytes(), models::parts(&asked)[1]);
    bytes[at..at + 32].copy_from_slice(MODEL.card().digest());
    let forged = AnswerFile::from_bytes(&bytes).expect("well formed");
    let report = verify_answer(&forged, None, MODEL.card(), &trust()).expect("parameters");
    assert_eq!(models::refusal(&report), "answer");
    assert!(matches!(report.findings.last(), Some(Finding::Answer(Err(AnswerFault::Question(BadQuestion::Embedding))))));
    // A vector at its end is all that a network needs.
    let output = || OutputKind::embedding(vec![threshold(50)]).expect("thresholds");
    let file = zkimg_network::import::tflite(models::FILE, zkimg_network::quantise::Precision::Bits24).expect("a network");
    assert!(NewModel::new(models::small(250, 3)).makes(output()).commit().is_ok());
    assert!(NewModel::new(file).makes(output()).commit().is_ok(), "two scores are a vector, too");
}

#[test]
fn a_photo_is_not_compared_with_itself() {
    let negative = anna(0);
    let template = enrol(&negative, &MODEL);
    assert!(matches!(compare(&negative, &MODEL, &template, 97), Err(FaceError::SameCapture)));
    // An honest match, and an enrolled face of its own photo in its place.
    let own = enrol(&anna(1), &MODEL);
    let matched = compare(&anna(1), &MODEL, &own, 97).expect("the same scene, signed twice");
    assert_eq!(check(&matched, own.enrolled(), MODEL.card()).verdict, Verdict::Trusted);
    let photo = anna(1);
    let (first, second) = (enrol(&photo, &MODEL), compare(&photo, &MODEL, &TEMPLATE, 97).expect("a match"));
    let at = parts(&second)[3];
    let mut bytes = second.to_bytes();
    bytes[at..at + 32].copy_from_slice(first.enrolled().digest());
    let report = check(&MatchFile::from_bytes(&bytes).expect("well formed"), first.enrolled(), MODEL.card());
    assert_eq!(refused(&report), "enrolled");
    assert!(matches!(report.findings.last(), Some(Finding::Enrolled(Err(EnrolledFault::SameCapture)))));
}

#[test]
fn a_template_of_another_model_is_refused() {
    let other = model(0, 5);
    let template = enrol(&anna(0), &other);
    assert!(matches!(compare(&anna(1), &MODEL, &template, 97), Err(FaceError::OtherModel)));
    let at = parts(&MATCH)[3];
    let forged = changed(|bytes| bytes[at..at + 32].copy_from_slice(template.enrolled().digest()));
    let report = check(&forged, template.enrolled(), MODEL.card());
    assert!(matches!(report.findings.last(), Some(Finding::Enrolled(Err(EnrolledFault::Model(_))))), "{report:?}");
    assert_eq!(refused(&report), "enrolled");
    assert_eq!(refused(&check(&MATCH, TEMPLATE.enrolled(), other.card())), "model");
}

#[test]
fn another_enrolled_face_is_refused() {
    let other = enrol(&anna(2), &MODEL);
    let report = check(&MATCH, other.enrolled(), MODEL.card());
    assert!(matches!(report.findings.last(), Some(Finding::Enrolled(Err(EnrolledFault::Other(_))))));
    // Named in its place, it is still not what was compared.
    let at = parts(&MATCH)[3];
    let forged = changed(|bytes| bytes[at..at + 32].copy_from_slice(other.enrolled().digest()));
    assert_eq!(refused(&check(&forged, other.enrolled(), MODEL.card())), "match");
}

#[test]
fn both_cameras_must_be_trusted() {
    let stranger = SigningKey::generate().expect("a key");
    let dims = Dims::new(3, 9, 8).expect("dims");
    let png = encode_png(&Picture::new(dims, anna(0).pixels().to_vec()).expect("a picture"));
    let negative = attest(&png, &stranger, &Policy::default(), 1_790_000_000).expect("attested").1;
    let template = enrol(&negative, &MODEL);
    let matched = compare(&anna(1), &MODEL, &template, 97).expect("a match");
    let report = check(&matched, template.enrolled(), MODEL.card());
    assert_eq!((report.verdict, report.at_least), (Verdict::Unchecked, None));
    assert!(matches!(report.findings.last(), Some(Finding::Enrolled(Err(EnrolledFault::Stranger { notary: false })))));
    let mut both = trust();
    both.devices.insert(stranger.public());
    assert_eq!(verify_match(&matched, template.enrolled(), MODEL.card(), &both).expect("parameters").verdict, Verdict::Trusted);
    let mut other = Trust::default();
    other.devices.insert(stranger.public());
    let report = verify_match(&matched, template.enrolled(), MODEL.card(), &other).expect("parameters");
    assert_eq!((report.verdict, report.findings.len()), (Verdict::Unchecked, 2));
    // Whoever trusts nobody yet is told all but that.
    let report = verify_match(&matched, template.enrolled(), MODEL.card(), &Trust::default()).expect("parameters");
    assert_eq!((report.verdict, report.at_least), (Verdict::Untrusted, Some(threshold(97))));
}

/// A match and a portrait that it names, as somebody made it who checks nothing.
fn with_portrait(change: impl FnOnce(&mut Vec<u8>)) -> MatchReport {
    let mut bytes = TEMPLATE.enrolled().to_bytes();
    change(&mut bytes);
    let portrait = Enrolled::from_bytes(&bytes).expect("well formed");
    let at = parts(&MATCH)[3];
    check(&changed(|bytes| bytes[at..at + 32].copy_from_slice(portrait.digest())), &portrait, MODEL.card())
}

#[track_caller]
fn fault(report: &MatchReport) -> &EnrolledFault {
    assert_eq!(refused(report), "enrolled");
    let Some(Finding::Enrolled(Err(fault))) = report.findings.last() else { panic!("{report:?}") };
    fault
}

/// Of a portrait all is checked with every match that is checked of it alone.
#[test]
fn a_portrait_is_checked_with_every_match() {
    let [rows, card, edits, template, ..] = enrolled_parts(TEMPLATE.enrolled());
    let unsigned = with_portrait(|bytes| bytes[rows - 1] ^= 1);
    assert!(matches!(fault(&unsigned), EnrolledFault::Capture(_)), "{unsigned:?}");
    let other = enrol(&anna(2), &MODEL).enrolled().to_bytes();
    let mixed = with_portrait(|bytes| bytes[rows..card].copy_from_slice(&other[rows..card]));
    assert!(matches!(fault(&mixed), EnrolledFault::Original), "{mixed:?}");
    let text = recipe(&["crop=5x4+1+2", "grayscale", "contrast=1.5"]).resolve(anna(0).layout().dims).expect("edits").canonical();
    let painted = with_portrait(|bytes| *bytes = with_edits(bytes, edits, template, &text));
    assert!(matches!(fault(&painted), EnrolledFault::Face(BadFace::Edit { name: "contrast" })), "{painted:?}");
    let at = parts(&MATCH)[5] + 4;
    let report = check(&changed(|bytes| bytes[at..at + 32].fill(0xff)), TEMPLATE.enrolled(), MODEL.card());
    assert!(matches!(report.findings.last(), Some(Finding::Match(Err(MatchFault::Bytes(_))))), "{report:?}");
}

#[test]
fn a_notarys_portrait_is_for_those_who_trust_the_notary() {
    let desk = SigningKey::generate().expect("a key");
    let dims = Dims::new(3, 9, 8).expect("dims");
    let png = encode_png(&Picture::new(dims, anna(0).pixels().to_vec()).expect("a picture"));
    let negative = attest_as(Witness::Notary, &png, &desk, &Policy::default(), 1_790_000_000).expect("attested").1;
    let template = enrol(&negative, &MODEL);
    let matched = compare(&anna(1), &MODEL, &template, 97).expect("a match");
    let under = |trust: &Trust| verify_match(&matched, template.enrolled(), MODEL.card(), trust).expect("parameters");
    let (mut as_camera, mut as_notary) = (trust(), trust());
    as_camera.devices.insert(desk.public());
    as_notary.notaries.insert(desk.public());
    for strangers in [&trust(), &as_camera] {
        let report = under(strangers);
        assert_eq!(report.verdict, Verdict::Unchecked);
        assert!(matches!(report.findings.last(), Some(Finding::Enrolled(Err(EnrolledFault::Stranger { notary: true })))), "{report:?}");
    }
    assert_eq!(under(&as_notary).verdict, Verdict::Trusted);
}

#[test]
fn every_part_of_an_enrolled_face_is_checked() {
    let bytes = TEMPLATE.enrolled().to_bytes();
    let [rows, card, _, template, argument, seal] = enrolled_parts(TEMPLATE.enrolled());
    let mut other = enrol(&anna(2), &MODEL).enrolled().to_bytes();
    assert_eq!(other.len(), bytes.len());
    let expected = [(rows..card, "original"), (template..argument, "enrolled"), (argument + 4..seal, "enrolled")];
    for (part, check) in expected {
        let mut forged = bytes.clone();
        forged[part.clone()].copy_from_slice(&other[part.clone()]);
        let report = verify_enrolled(&Enrolled::from_bytes(&forged).expect("well formed"), MODEL.card(), &trust()).expect("parameters");
        assert_eq!(refusal(report.verdict, &report.findings), check, "{part:?}");
    }
    // Another template's root and proof go together, and not with this photo.
    other[..template].copy_from_slice(&bytes[..template]);
    let report = verify_enrolled(&Enrolled::from_bytes(&other).expect("well formed"), MODEL.card(), &trust()).expect("parameters");
    assert_eq!(refusal(report.verdict, &report.findings), "enrolled");
    assert!(matches!(report.findings.last(), Some(Finding::Enrolled(Err(EnrolledFault::Refused(_))))));
    // A match about an enrolled face whose own proof does not hold proves nothing, whoever made it.
    let mut broken = bytes.clone();
    let last = broken.len() - 2;
    broken[last] ^= 1;
    let broken = Template::from_bytes(&with_enrolled(&TEMPLATE, &broken)).expect("read");
    let matched = compare(&anna(1), &MODEL, &broken, 97).expect("a match");
    let report = check(&matched, broken.enrolled(), MODEL.card());
    assert_eq!(refused(&report), "enrolled");
}

/// The file of a template whose enrolled face is another.
fn with_enrolled(template: &Template, enrolled: &[u8]) -> Vec<u8> {
    with_public(&template.to_bytes(), template.enrolled().to_bytes().len(), enrolled)
}

#[test]
fn a_template_that_is_not_the_enrolled_one_proves_nothing() {
    let other = enrol(&anna(2), &MODEL);
    // One person's embedding and blinders under another's name.
    let mixed = Template::from_bytes(&with_enrolled(&other, &TEMPLATE.enrolled().to_bytes())).expect("read");
    assert!(matches!(compare(&anna(1), &MODEL, &mixed, 97), Err(FaceError::Prove(_))));
}

#[test]
fn a_match_is_about_its_own_photo_alone() {
    let other = compare(&anna(3), &MODEL, &TEMPLATE, 97).expect("a match");
    let (a, b) = (parts(&MATCH), parts(&other));
    let (first, second) = (MATCH.to_bytes(), other.to_bytes());
    let forged = |bytes: &[&[u8]]| MatchFile::from_bytes(&bytes.concat()).expect("well formed");
    let check = |matched: &MatchFile| check(matched, TEMPLATE.enrolled(), MODEL.card());
    assert_eq!(refused(&check(&forged(&[&second[..b[1]], &first[a[1]..]]))), "match", "another capture with its rows");
    assert_eq!(refused(&check(&forged(&[&first[..a[0]], &second[b[0]..b[1]], &first[a[1]..]]))), "original", "rows alone");
    assert_eq!(refused(&check(&forged(&[&first[..a[5]], &second[b[5]..]]))), "match", "another proof");
}

/// What is computed is the same, and each proof is about what was done.
#[test]
fn other_edits_that_come_to_the_same_are_refused() {
    let others: [&[&str]; 1] = [&["crop=7x6+1+1", "crop=5x4+0+1", "grayscale"]];
    let [_, _, edits, end, ..] = parts(&MATCH);
    for text in called_otherwise(MATCH.edits(), &others) {
        let forged = MatchFile::from_bytes(&with_edits(&MATCH.to_bytes(), edits, end, &text)).expect("well formed");
        assert_eq!(refused(&check(&forged, TEMPLATE.enrolled(), MODEL.card())), "match", "{text}");
    }
    let enrolled = TEMPLATE.enrolled();
    let [_, _, edits, end, ..] = enrolled_parts(enrolled);
    for text in called_otherwise(enrolled.edits(), &others) {
        let forged = Enrolled::from_bytes(&with_edits(&enrolled.to_bytes(), edits, end, &text)).expect("well formed");
        let report = verify_enrolled(&forged, MODEL.card(), &trust()).expect("parameters");
        assert_eq!(refusal(report.verdict, &report.findings), "enrolled", "{text}");
    }
}

#[test]
fn who_enrolled_is_known_by_a_signature_that_is_for_that_alone() {
    let desk = SigningKey::generate().expect("a key");
    let (photo, edits) = (anna(0), recipe(&EDITS));
    let template = Enrolment::new(&photo, &edits, &MODEL).signed(&desk).enrol().expect("enrolled");
    let matched = compare(&anna(1), &MODEL, &template, 97).expect("a match");
    let mut people = trust();
    people.people.insert(desk.public(), "the desk");
    let report = verify_match(&matched, template.enrolled(), MODEL.card(), &people).expect("parameters");
    assert_eq!(report.enrolled.signer.as_ref().and_then(|signer| signer.known_as.as_deref()), Some("the desk"));
    let report = check(&matched, template.enrolled(), MODEL.card());
    assert_eq!(report.enrolled.signer.as_ref().map(|signer| &signer.known_as), Some(&None));
    assert!(report.not_shown[0].contains("a key that you did not name"));
    // Stripped it is another file; with another purpose's signature it is refused.
    let bytes = template.enrolled().to_bytes();
    let at = enrolled_parts(template.enrolled())[5];
    let stripped = Enrolled::from_bytes(&[&bytes[..at], &[0]].concat()).expect("well formed");
    let report = check(&matched, &stripped, MODEL.card());
    assert!(matches!(report.findings.last(), Some(Finding::Enrolled(Err(EnrolledFault::Other(_))))));
    for purpose in [Purpose::Link, Purpose::Card] {
        let signature = MakerSignature::sign(&desk, purpose, template.enrolled().digest()).expect("signed");
        let forged = Enrolled::from_bytes(&[&bytes[..at + 34], &signature.to_bytes()].concat()).expect("well formed");
        assert_eq!(forged.digest(), template.enrolled().digest());
        let report = check(&matched, &forged, MODEL.card());
        assert!(matches!(report.findings.last(), Some(Finding::Enrolled(Err(EnrolledFault::Signature(_))))));
    }
    let own = MakerSignature::sign(&desk, Purpose::Enrolment, template.enrolled().digest()).expect("signed");
    let again = Enrolled::from_bytes(&[&bytes[..at + 34], &own.to_bytes()].concat()).expect("well formed");
    assert_eq!(check(&matched, &again, MODEL.card()).verdict, Verdict::Trusted);
}

#[test]
fn a_negative_that_was_handed_on_is_no_cameras_photo() {
    let handed_on = Work::new(&anna(0), &recipe(&EDITS)).hand_on().expect("handed on");
    assert!(matches!(Enrolment::new(&handed_on.negative, &recipe(&[]), &MODEL).enrol(), Err(FaceError::HandedOn)));
    let matched = Comparison::new(&handed_on.negative, &recipe(&[]), &MODEL, &TEMPLATE, threshold(50)).prove();
    assert!(matches!(matched, Err(FaceError::HandedOn)));
}

#[test]
fn a_published_edit_and_a_match_of_one_capture_say_so() {
    let photo = anna(1);
    let matched = compare(&photo, &MODEL, &TEMPLATE, 97).expect("a match");
    let published = prove(&photo, &recipe(&["flip=horizontal"])).expect("published");
    let edited = verify(&published.picture, &published.proof, &trust()).expect("parameters");
    assert_eq!(edited.capture, check(&matched, TEMPLATE.enrolled(), MODEL.card()).photo.capture);
    let other = prove(&anna(1), &recipe(&["flip=horizontal"])).expect("published");
    assert_ne!(edited.capture, verify(&other.picture, &other.proof, &trust()).expect("parameters").capture, "signed twice");
    assert_eq!(CAMERA.public().id().len(), 32);
}
