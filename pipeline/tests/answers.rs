//! What a network makes of a hidden photo: proved, checked, and forged.

#[path = "support/models.rs"]
mod models;

use models::*;
use p256::ecdsa::signature::Signer;
use p256::pkcs8::DecodePrivateKey;
use std::sync::LazyLock;
use zkimg_network::layers::Layer;
use zkimg_network::model::{Architecture, Placed};
use zkimg_network::quantise::Precision;
use zkimg_pipeline::answer::{
    AnswerFault, AnswerFile, AnswerReport, BadQuestion, Card, InferError, Inference, Model, ModelFault, NewModel, PublicPicture, Show,
    Shown, verify_answer,
};
use zkimg_pipeline::*;

static PERSON: LazyLock<Model> = LazyLock::new(|| Model::import(FILE, Precision::Bits24, &()).expect("a model"));
static SMALL: LazyLock<Model> = LazyLock::new(|| Model::commit(small(250, 3), &()).expect("a model"));
static PHOTO: LazyLock<Negative> = LazyLock::new(|| photo(9, 7, 2));

fn tiny(show: Show) -> AnswerFile {
    ask(&PHOTO, &tiny_edits(), &SMALL, show)
}

/// What the network makes of the photo, without a proof.
fn scores(negative: &Negative, words: &[&str], model: &Model) -> Vec<u8> {
    let picture = Picture::new(negative.layout().dims, negative.pixels().to_vec()).expect("a picture");
    let edited = preview(&picture, &recipe(words)).expect("edited");
    model.network().run(edited.cells()).expect("a run").pop().expect("scores").to_vec()
}

/// What is said of the one photo.
fn shown(report: &AnswerReport) -> Option<Shown> {
    assert_eq!(report.photos.len(), 1);
    report.photos[0].answer.clone()
}

fn changed(answer: &AnswerFile, change: impl FnOnce(&mut Vec<u8>)) -> AnswerFile {
    let mut bytes = answer.to_bytes();
    change(&mut bytes);
    AnswerFile::from_bytes(&bytes).expect("well formed")
}

#[test]
fn a_real_network_answers_about_photos_of_several_sizes() {
    let card = Card::from_bytes(&PERSON.card().to_bytes()).expect("a card");
    // Rows shorter than the model's, and longer.
    for (width, height) in [(120, 100), (700, 500)] {
        let negative = photo(width, height, 3);
        assert_ne!(negative.layout().m, card.row_bits());
        let expected = scores(&negative, &EDITS, &PERSON);
        for show in [Show::Scores, Show::Class] {
            let answer = AnswerFile::from_bytes(&ask(&negative, &EDITS, &PERSON, show).to_bytes()).expect("read");
            let report = check(&answer, &card);
            assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");
            let names: Vec<_> = report.findings.iter().map(|found| found.checked().name()).collect();
            assert_eq!(names, ["signature", "device", "original", "model", "answer"]);
            assert!(report.security_bits >= 120);
            match shown(&report).expect("an answer") {
                Shown::Scores(shown) => assert_eq!(shown, expected),
                Shown::Class(class) => assert_eq!(class, u32::from(expected[1] > expected[0])),
                Shown::Top(_) => panic!("it was not asked"),
            }
        }
    }
}

#[test]
fn a_photo_that_has_the_shape_already_needs_no_edit() {
    let dims = Dims::new(1, 4, 5).expect("dims");
    let png = encode_png(&Picture::new(dims, (0..20).map(|i| i * 11).collect()).expect("a picture"));
    let negative = attest(&png, &CAMERA, &Policy::default(), 1_790_000_000).expect("attested").1;
    let answer = ask(&negative, &[], &SMALL, Show::Scores);
    assert_eq!(check(&answer, SMALL.card()).verdict, Verdict::Trusted);
    assert_eq!(*answer.answers()[0].shown(), Shown::Scores(scores(&negative, &[], &SMALL)));
}

#[test]
fn a_picture_of_another_shape_is_refused_in_a_sentence() {
    for words in [vec!["crop=5x4+1+2"], vec!["grayscale"], vec!["crop=4x5+1+2", "grayscale"]] {
        let Err(error) = Inference::new([&*PHOTO], &recipe(&words), &SMALL, Show::Class).answer() else { panic!("answered") };
        assert!(matches!(error, InferError::Question(BadQuestion::Picture { .. })));
        assert!(error.to_string().contains("5 × 4 pixels, grey"), "{error}");
    }
}

#[test]
fn the_camera_is_judged_first() {
    let answer = tiny(Show::Class);
    let mut others = Trust::default();
    others.devices.insert(SigningKey::generate().expect("a key").public());
    let report = verify_answer(&answer, None, PERSON.card(), &others).expect("parameters");
    assert_eq!((report.verdict, report.findings.len(), shown(&report)), (Verdict::Unchecked, 2, None));
    let report = verify_answer(&answer, None, SMALL.card(), &Trust::default()).expect("parameters");
    assert_eq!(report.verdict, Verdict::Untrusted);
}

#[test]
fn another_answer_is_refused() {
    let answer = tiny(Show::Scores);
    let [_, _, _, shown, _] = parts(&answer);
    for score in 0..3 {
        let other = changed(&answer, |bytes| bytes[shown + 5 + score] ^= 1);
        assert_eq!(refusal(&check(&other, SMALL.card())), "answer", "score {score}");
    }
    let answer = tiny(Show::Class);
    let Shown::Class(class) = *answer.answers()[0].shown() else { panic!("a class") };
    let [_, _, _, shown, _] = parts(&answer);
    for other in (0..5).filter(|other| *other != class) {
        let forged = changed(&answer, |bytes| bytes[shown + 1] = other as u8);
        assert_eq!(refusal(&check(&forged, SMALL.card())), "answer", "class {other}");
    }
}

#[test]
fn more_or_fewer_scores_are_refused() {
    let answer = tiny(Show::Scores);
    let [_, _, _, shown, proof] = parts(&answer);
    for scores in [vec![], vec![1], vec![0; 4], vec![0; 20]] {
        let other = changed(&answer, |bytes| {
            let block = [&(scores.len() as u32).to_le_bytes()[..], &scores].concat();
            bytes.splice(shown + 1..proof, block);
        });
        assert_eq!(refusal(&check(&other, SMALL.card())), "answer");
    }
}

#[test]
fn an_answer_is_about_its_own_photo_alone() {
    let (one, two) = (tiny(Show::Class), ask(&photo(9, 7, 5), &tiny_edits(), &SMALL, Show::Class));
    let (a, b) = (parts(&one), parts(&two));
    let (first, second) = (one.to_bytes(), two.to_bytes());
    // Another capture with its rows: signed and consistent, but not what the answer is about.
    let other = AnswerFile::from_bytes(&[&second[..b[1]], &first[a[1]..]].concat()).expect("well formed");
    assert_eq!(refusal(&check(&other, SMALL.card())), "answer");
    // Rows alone.
    let other = AnswerFile::from_bytes(&[&first[..a[0]], &second[b[0]..b[1]], &first[a[1]..]].concat()).expect("well formed");
    assert_eq!(refusal(&check(&other, SMALL.card())), "original");
    // Other edits of the same shape.
    let flipped = ask(&PHOTO, &["crop=5x4+1+2", "grayscale", "flip=vertical"], &SMALL, Show::Class);
    let (c, third) = (parts(&flipped), flipped.to_bytes());
    let other = AnswerFile::from_bytes(&[&first[..a[2]], &third[c[2]..c[3]], &first[a[3]..]].concat()).expect("well formed");
    assert_eq!(refusal(&check(&other, SMALL.card())), "answer");
}

/// What is computed is the same, and the proof is about what was done.
#[test]
fn other_edits_that_come_to_the_same_are_refused_by_the_answer() {
    let answer = tiny(Show::Scores);
    let [_, _, edits, shown, _] = parts(&answer);
    let others: [&[&str]; 2] =
        [&["crop=7x6+1+1", "crop=5x4+0+1", "grayscale"], &["flip=vertical", "flip=vertical", "crop=5x4+1+2", "grayscale"]];
    for text in called_otherwise(answer.answers()[0].edits(), &others) {
        let forged = AnswerFile::from_bytes(&with_edits(&answer.to_bytes(), edits, shown, &text)).expect("well formed");
        assert_eq!(forged.answers()[0].edits().canonical(), text);
        assert_eq!(refusal(&check(&forged, SMALL.card())), "answer", "{text}");
    }
}

/// Another camera, trusted as well, signs the very statement of the first: it never saw the photo.
#[test]
fn the_statement_signed_by_another_device_is_refused_by_the_answer() {
    let png = encode_png(&Picture::new(Dims::new(1, 4, 5).expect("dims"), (0..20).collect()).expect("a picture"));
    let policy = Policy { show_device: false, ..Policy::default() };
    let negative = attest(&png, &CAMERA, &policy, 1_790_000_000).expect("attested").1;
    let answer = ask(&negative, &[], &SMALL, Show::Class);
    let thief = SigningKey::generate().expect("a key");
    let signer = p256::ecdsa::SigningKey::from_pkcs8_pem(&thief.to_pem()).expect("a key");
    let mine = answer.captures().next().expect("a hidden photo");
    let signature: p256::ecdsa::Signature = signer.sign(&[b"zkimg-capture-signature-v1\0", &mine.statement.to_bytes()[..]].concat());
    let forged = SignedCapture { statement: mine.statement.clone(), key: thief.public(), signature: signature.normalize_s() };
    let [rows, ..] = parts(&answer);
    let other = changed(&answer, |bytes| bytes[16..rows].copy_from_slice(&forged.to_bytes()));
    let mut trusted = trust();
    trusted.devices.insert(thief.public());
    assert_eq!(refusal(&verify_answer(&other, None, SMALL.card(), &trusted).expect("parameters")), "answer");
}

/// The same rows, and another clamp, or another zero point.
fn other_clamp(architecture: &Architecture, change: impl Fn(&mut Layer)) -> Architecture {
    let mut layers: Vec<Placed> = architecture.layers().to_vec();
    layers.iter_mut().for_each(|placed| change(&mut placed.layer));
    Architecture::new(architecture.input(), layers, architecture.precision(), architecture.bias_bits()).expect("an architecture")
}

#[test]
fn another_card_over_the_same_rows_is_another_model() {
    let answer = tiny(Show::Scores);
    let clamp: fn(&mut Layer) = |layer| {
        if let Layer::Dense(dense) = layer {
            dense.range.high -= 1;
        }
    };
    let zero: fn(&mut Layer) = |layer| {
        if let Layer::Conv(conv) = layer {
            conv.zero += 1;
        }
    };
    for change in [clamp, zero] {
        let architecture = other_clamp(SMALL.card().architecture(), change);
        let card = Card::from_bytes(&card_over(&SMALL, &architecture)).expect("a card");
        assert_eq!(card.rows(), SMALL.card().rows());
        assert_eq!(refusal(&check(&answer, &card)), "model", "the answer names another card");
        // The card is a good one: its own answers hold. This one's does not, whatever it names.
        let model = Model::from_bytes(&with_card(&SMALL, &card.to_bytes())).expect("a model");
        assert_eq!(check(&ask(&PHOTO, &tiny_edits(), &model, Show::Scores), &card).verdict, Verdict::Trusted);
        let [_, at, ..] = parts(&answer);
        let renamed = changed(&answer, |bytes| bytes[at..at + 32].copy_from_slice(card.digest()));
        assert_eq!(refusal(&check(&renamed, &card)), "answer");
    }
    // A card written from its description is the card that is read; with fresh randomness it is another file.
    let same = Card::from_bytes(&card_over(&SMALL, SMALL.card().architecture())).expect("a card");
    assert_ne!(same.digest(), SMALL.card().digest());
    assert_eq!(refusal(&check(&answer, &same)), "model");
    // And though it says the very same, an answer is made under one of both.
    let [_, at, ..] = parts(&answer);
    let renamed = changed(&answer, |bytes| bytes[at..at + 32].copy_from_slice(same.digest()));
    assert_eq!(refusal(&check(&renamed, &same)), "answer");
}

#[test]
fn a_card_whose_own_proof_does_not_hold_proves_nothing() {
    let good = SMALL.card().to_bytes();
    let proof = good.len() - 1 - SMALL.card().proof().len();
    for at in [proof, proof + 40, good.len() - 300, good.len() - 2] {
        let mut broken = good.clone();
        broken[at] ^= 1;
        // Its holder makes answers with it, and everything else of these holds.
        let Ok(model) = Model::from_bytes(&with_card(&SMALL, &broken)) else { panic!("read") };
        let answer = ask(&PHOTO, &tiny_edits(), &model, Show::Scores);
        assert_eq!(refusal(&check(&answer, model.card())), "model", "byte {at}");
        // Also where the answer's own proof cannot even be read: nothing is said to hold that was not checked.
        let worse = changed(&answer, |bytes| *bytes.last_mut().expect("bytes") ^= 1);
        assert_eq!(refusal(&check(&worse, model.card())), "model", "byte {at}");
    }
}

#[test]
fn rows_of_other_weights_are_refused() {
    let other = Model::commit(small(250, 7), &()).expect("a model");
    let (one, two) = (SMALL.card(), other.card());
    assert_eq!(one.architecture(), two.architecture());
    let answer = tiny(Show::Scores);
    assert_eq!(refusal(&check(&answer, two)), "model");
    // One model's rows in the other's card, all of them or the first.
    let rows = 15 + one.architecture().to_bytes().len()..one.to_bytes().len() - 5 - one.proof().len();
    for part in [rows.clone(), rows.start..rows.start + 32] {
        let mut mixed = one.to_bytes();
        mixed[part.clone()].copy_from_slice(&two.to_bytes()[part]);
        let card = Card::from_bytes(&mixed).expect("well formed");
        let [_, at, ..] = parts(&answer);
        let renamed = changed(&answer, |bytes| bytes[at..at + 32].copy_from_slice(card.digest()));
        assert_eq!(refusal(&check(&renamed, &card)), "model");
    }
    // Nor do a model's own weights go with another's rows.
    let Ok(mixed) = Model::from_bytes(&with_card(&SMALL, &two.to_bytes())) else { panic!("read") };
    let asked = Inference::new([&*PHOTO], &recipe(&tiny_edits()), &mixed, Show::Scores).answer();
    assert!(matches!(asked, Err(InferError::Prove(_))));
}

#[test]
fn a_negative_that_was_handed_on_is_no_cameras_photo() {
    let handed_on = Work::new(&PHOTO, &recipe(&tiny_edits())).hand_on().expect("handed on");
    let asked = Inference::new([&handed_on.negative], &recipe(&[]), &SMALL, Show::Class).answer();
    assert!(matches!(asked, Err(InferError::HandedOn)));
}

/// The scores of the small network in order, the greatest first, of equal ones the first.
fn order(scores: &[u8]) -> Vec<u32> {
    let mut classes: Vec<u32> = (0..scores.len() as u32).collect();
    classes.sort_by_key(|class| (std::cmp::Reverse(scores[*class as usize]), *class));
    classes
}

#[test]
fn the_best_classes_are_shown_in_order_and_no_others() {
    let answer = AnswerFile::from_bytes(&tiny(Show::Top5).to_bytes()).expect("read");
    let expected = order(&scores(&PHOTO, &tiny_edits(), &SMALL));
    assert_eq!(*answer.answers()[0].shown(), Shown::Top(expected.clone()));
    assert_eq!(check(&answer, SMALL.card()).verdict, Verdict::Trusted);
    let [.., shown, proof] = parts(&answer);
    let with = |classes: &[u32]| {
        let list: Vec<u8> = classes.iter().flat_map(|class| class.to_le_bytes()).collect();
        let other = changed(&answer, |bytes| drop(bytes.splice(shown..proof, [&[2, classes.len() as u8][..], &list].concat())));
        let report = check(&other, SMALL.card());
        assert_eq!(refusal(&report), "answer", "{classes:?}");
        report.findings.last().cloned()
    };
    let [a, b, c] = expected[..] else { panic!("three classes") };
    for classes in [[b, a, c], [a, c, b], [c, b, a]] {
        with(&classes);
    }
    // The trap: a class that is listed twice is no less than itself.
    for classes in [&[a, a, b][..], &[a, b, b], &[a, a, a], &[a, b], &[a], &[]] {
        let found = with(classes);
        assert!(matches!(found, Some(Finding::Answer(Err(AnswerFault::Question(BadQuestion::Top { .. }))))), "{classes:?}");
    }
    let found = with(&[a, b, 3]);
    assert!(matches!(found, Some(Finding::Answer(Err(AnswerFault::Question(BadQuestion::NoClass(3, 3)))))));
}

#[test]
fn a_picture_that_everybody_has_needs_no_camera() {
    let public = |dims: Dims, cells: Vec<u8>| {
        PublicPicture::read(&encode_png(&Picture::new(dims, cells).expect("a picture"))).expect("a plain picture")
    };
    let picture = public(PHOTO.layout().dims, PHOTO.pixels().to_vec());
    let edits = recipe(&tiny_edits());
    for show in [Show::Scores, Show::Class] {
        let answer = Inference::of_picture(&picture, &edits, &SMALL, show).answer().expect("an answer");
        let answer = AnswerFile::from_bytes(&answer.to_bytes()).expect("read");
        let report = verify_answer(&answer, Some(&picture), SMALL.card(), &Trust::default()).expect("parameters");
        assert_eq!((report.verdict, &report.photos[0].device, &report.photos[0].capture), (Verdict::Proved, &None, &None), "{report:?}");
        let names: Vec<_> = report.findings.iter().map(|found| found.checked().name()).collect();
        assert_eq!(names, ["picture", "model", "answer"]);
        if let Some(Shown::Scores(shown)) = shown(&report) {
            assert_eq!(shown, scores(&PHOTO, &tiny_edits(), &SMALL));
        }
        // No picture, another one, one of another size.
        let mut pixels = picture.picture().cells().to_vec();
        pixels[70] ^= 1;
        let other = public(*picture.picture().dims(), pixels);
        let smaller = public(Dims::new(3, 4, 5).expect("dims"), vec![7; 60]);
        for given in [None, Some(&other), Some(&smaller)] {
            let report = verify_answer(&answer, given, SMALL.card(), &Trust::default()).expect("parameters");
            assert_eq!(refusal(&report), "picture");
        }
        // Another picture under its own digest is not what the model was asked about.
        let asked = Inference::of_picture(&other, &edits, &SMALL, show).answer().expect("an answer").to_bytes();
        let bytes = answer.to_bytes();
        let forged = AnswerFile::from_bytes(&[&asked[..52], &bytes[52..]].concat()).expect("well formed");
        let report = verify_answer(&forged, Some(&other), SMALL.card(), &Trust::default()).expect("parameters");
        assert_eq!(refusal(&report), "answer");
    }
}

#[test]
fn who_vouches_for_a_model_is_known_by_a_signature_over_its_card() {
    let maker = SigningKey::generate().expect("a key");
    let model = NewModel::new(small(250, 3)).signed(&maker).commit().expect("a model");
    let card = model.card();
    assert_eq!(card.verify_signature(), Ok(()));
    let answer = ask(&PHOTO, &tiny_edits(), &model, Show::Class);
    let mut people = trust();
    people.people.insert(maker.public(), "the maker");
    let signer = |report: AnswerReport| report.model_signer.map(|signer| signer.known_as);
    assert_eq!(signer(verify_answer(&answer, None, card, &people).expect("parameters")), Some(Some("the maker".into())));
    assert_eq!(signer(check(&answer, card)), Some(None));
    assert_eq!(signer(check(&tiny(Show::Class), SMALL.card())), None);
    // Stripped it is another card; another purpose's signature, or another digest's, is refused.
    let bytes = card.to_bytes();
    let key = bytes.len() - 64 - 34;
    let stripped = Card::from_bytes(&[&bytes[..key], &[0]].concat()).expect("well formed");
    assert_eq!(refusal(&check(&answer, &stripped)), "model");
    for (purpose, digest) in [(Purpose::Link, *card.digest()), (Purpose::Enrolment, *card.digest()), (Purpose::Card, [7; 32])] {
        let signature = MakerSignature::sign(&maker, purpose, &digest).expect("signed").to_bytes();
        let forged = Card::from_bytes(&[&bytes[..key + 34], &signature].concat()).expect("well formed");
        assert_eq!(forged.digest(), card.digest());
        let report = check(&answer, &forged);
        assert!(matches!(report.findings.last(), Some(Finding::Model(Err(ModelFault::Signature(_))))), "{purpose:?}");
        assert_eq!((refusal(&report), &report.model_signer), ("model", &None));
    }
}
