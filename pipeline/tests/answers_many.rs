//! What a network makes of several photos, in one answer: proved, checked, and every way to mix one answer of others.

#[path = "support/models.rs"]
mod models;

use models::*;
use p256::ecdsa::signature::Signer;
use p256::pkcs8::DecodePrivateKey;
use std::sync::LazyLock;
use zkimg_network::model::{Model as Network, Weights};
use zkimg_pipeline::answer::{
    AnswerFault, AnswerFile, AnswerReport, BadFile, BadQuestion, Fault, InferError, Inference, MAX_PHOTOS, Model, Show, Shown,
    screen_photos, verify_answer,
};
use zkimg_pipeline::*;
use zkimg_proof::commitment::Layout;

/// Tells bright pictures from dark ones, and those that fall to the right.
static SMALL: LazyLock<Model> = LazyLock::new(|| Model::commit(bright_or_dark(), &()).expect("a model"));
/// Of different sizes; the rows of the second are longer than the model's.
static PHOTOS: LazyLock<[Negative; 3]> = LazyLock::new(|| [photo(9, 7, 2), photo(120, 100, 43), photo(9, 7, 13)]);
static OTHER: LazyLock<Negative> = LazyLock::new(|| photo(9, 7, 77));
static SCORES: LazyLock<AnswerFile> = LazyLock::new(|| tiny(&PHOTOS.each_ref(), Show::Scores));
static CLASSES: LazyLock<AnswerFile> = LazyLock::new(|| tiny(&PHOTOS.each_ref(), Show::Class));

fn bright_or_dark() -> Network {
    let (tap, none, one) = ((1 << 20) - 1, 0, 1 << 24);
    let falls = [tap, none, -tap].repeat(3);
    let conv = [vec![tap; 9], falls, vec![none; 9], vec![tap / 2; 9]].concat();
    let dense = [[one / 3, 0, 0, 0], [-one / 3, 0, 0, 0], [0, one / 4, 0, 0]].concat();
    let biases = vec![-60 * one, 0, 0, 0, -60 * one, -58 * one, 58 * one, -49 * one];
    let weights = Weights::new(biases, vec![conv, vec![one - 1], dense]);
    Network::new(small(250, 3).architecture().clone(), weights).expect("a network")
}

fn tiny(photos: &[&Negative], show: Show) -> AnswerFile {
    Inference::new(photos.iter().copied(), &recipe(&tiny_edits()), &SMALL, show).answer().expect("an answer")
}

/// A file's parts, to be put together otherwise.
#[derive(Clone)]
struct Parts {
    photos: Vec<Vec<u8>>,
    card: Vec<u8>,
    edits: Vec<Vec<u8>>,
    shown: Vec<Vec<u8>>,
    proof: Vec<u8>,
}

impl Parts {
    fn of(answer: &AnswerFile) -> Parts {
        let bytes = answer.to_bytes();
        let mut rest = &bytes[12..];
        let mut take = |n: usize| {
            let (part, after) = rest.split_at(n);
            rest = after;
            part.to_vec()
        };
        let length =
            |capture: &SignedCapture| 4 + capture.to_bytes().len() + 32 * Layout::count(*capture.statement.dims(), capture.statement.m());
        let photos = answer.captures().map(|capture| take(length(capture))).collect();
        let card = take(32);
        let (mut edits, mut shown) = (Vec::new(), Vec::new());
        for answer in answer.answers() {
            edits.push(take(4 + answer.edits().canonical().len()));
            shown.push(take(match answer.shown() {
                Shown::Class(_) => 5,
                Shown::Top(classes) => 2 + 4 * classes.len(),
                Shown::Scores(scores) => 5 + scores.len(),
            }));
        }
        Parts { photos, card, edits, shown, proof: take(4 + answer.proof_bytes()) }
    }

    fn bytes(&self) -> Vec<u8> {
        let said: Vec<u8> = self.edits.iter().zip(&self.shown).flat_map(|(edits, shown)| [&edits[..], shown].concat()).collect();
        let begin = [&b"zkimgans\x03\0\0"[..], &[self.photos.len() as u8]].concat();
        [begin, self.photos.concat(), self.card.clone(), said, self.proof.clone()].concat()
    }

    fn file(&self) -> AnswerFile {
        AnswerFile::from_bytes(&self.bytes()).expect("well formed")
    }

    fn swap(mut self, part: impl Fn(&mut Parts) -> &mut Vec<Vec<u8>>, a: usize, b: usize) -> Parts {
        part(&mut self).swap(a, b);
        self
    }

    /// Every part that belongs to a photo, put through the same change.
    fn all(mut self, change: impl Fn(&mut Vec<Vec<u8>>)) -> Parts {
        [&mut self.photos, &mut self.edits, &mut self.shown].into_iter().for_each(change);
        self
    }
}

#[track_caller]
fn refused_by(parts: &Parts, check_name: &str) -> AnswerReport {
    let report = check(&parts.file(), SMALL.card());
    assert_eq!(refusal(&report), check_name);
    report
}

/// Which photo the last finding is of.
fn last_photo(report: &AnswerReport) -> Option<usize> {
    match report.findings.last() {
        Some(Finding::OfPhoto(of)) => Some(of.number),
        _ => None,
    }
}

#[test]
fn each_answer_is_that_about_the_photo_alone() {
    for show in [Show::Scores, Show::Class, Show::Top5] {
        let answer = AnswerFile::from_bytes(&tiny(&PHOTOS.each_ref(), show).to_bytes()).expect("read");
        assert_eq!(Parts::of(&answer).bytes(), answer.to_bytes());
        let report = check(&answer, SMALL.card());
        assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");
        assert!(report.security_bits >= 120);
        let names: Vec<_> = report.findings.iter().map(|found| found.checked().name()).collect();
        let signed = ["signature", "device"].repeat(3);
        assert_eq!(names, [&signed[..], &["original"; 3], &["model", "answer"]].concat());
        for (negative, found) in PHOTOS.iter().zip(&report.photos) {
            let alone = check(&tiny(&[negative], show), SMALL.card());
            assert_eq!([found], [&alone.photos[0]]);
        }
        assert!(report.photos[0].answer != report.photos[1].answer, "{report:?}");
    }
}

#[test]
fn what_is_said_of_one_photo_is_not_said_of_another() {
    for answer in [&*SCORES, &*CLASSES] {
        let parts = Parts::of(answer);
        let mut swapped = 0;
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            if parts.shown[a] != parts.shown[b] {
                refused_by(&parts.clone().swap(|parts| &mut parts.shown, a, b), "answer");
                swapped += 1;
            }
            refused_by(&parts.clone().swap(|parts| &mut parts.photos, a, b), "answer");
            // Everything of two photos: true of each, and said in another order.
            refused_by(&parts.clone().all(|each| each.swap(a, b)), "answer");
        }
        assert!(swapped > 0, "some photos have other answers");
    }
}

#[test]
fn a_lie_about_one_photo_alone_is_refused() {
    for at in 0..3 {
        for score in 0..3 {
            let mut parts = Parts::of(&SCORES);
            parts.shown[at][5 + score] ^= 1;
            refused_by(&parts, "answer");
        }
        let mut parts = Parts::of(&CLASSES);
        let class = parts.shown[at][1];
        for other in (0..5).filter(|other| *other != class) {
            parts.shown[at][1] = other;
            refused_by(&parts, "answer");
        }
    }
}

#[test]
fn no_photo_is_left_out_or_added() {
    for answer in [&*SCORES, &*CLASSES] {
        let parts = Parts::of(answer);
        for at in 0..3 {
            refused_by(&parts.clone().all(|each| drop(each.remove(at))), "answer");
            refused_by(&parts.clone().all(|each| each.push(each[at].clone())), "answer");
            refused_by(&parts.clone().all(|each| each.insert(0, each[at].clone())), "answer");
            refused_by(&parts.clone().all(|each| each[(at + 1) % 3] = each[at].clone()), "answer");
        }
        // One about which there is another answer.
        let more = Parts::of(&tiny(
            &[&OTHER],
            if answer.answers()[0].shown() == SCORES.answers()[0].shown() { Show::Scores } else { Show::Class },
        ));
        let mut added = parts.clone();
        added.photos.extend(more.photos);
        added.edits.extend(more.edits);
        added.shown.extend(more.shown);
        refused_by(&added, "answer");
    }
}

#[test]
fn each_capture_is_the_one_that_was_proved() {
    let other = Parts::of(&tiny(&[&OTHER], Show::Scores));
    for at in [0, 2] {
        let mut parts = Parts::of(&SCORES);
        // Signed, with its own rows, and not what the answer is about.
        parts.photos[at] = other.photos[0].clone();
        refused_by(&parts, "answer");
        // Its rows under the capture of another.
        let mut parts = Parts::of(&SCORES);
        let rows = parts.photos[at].len() - 32;
        parts.photos[at][rows..].copy_from_slice(&other.photos[0][rows..]);
        assert_eq!(last_photo(&refused_by(&parts, "original")), Some(at + 1));
        // A signature that is none.
        let mut parts = Parts::of(&SCORES);
        let (capture, nobodys) = (4 + PHOTOS[at].capture().expect("a photo's").to_bytes().len(), SigningKey::generate().expect("a key"));
        let signature = MakerSignature::sign(&nobodys, Purpose::Link, &[7; 32]).expect("signed").to_bytes();
        parts.photos[at][capture - 64..capture].copy_from_slice(&signature);
        assert_eq!(last_photo(&refused_by(&parts, "signature")), Some(at + 1));
    }
}

/// What is computed is the same, and the proof is about what was done to each photo.
#[test]
fn edits_of_one_photo_that_come_to_the_same_are_refused_by_the_answer() {
    let block = |text: &str| [&(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat();
    for at in 0..3 {
        let said = SCORES.answers()[at].edits();
        for text in called_otherwise(said, &[&["flip=vertical", "flip=vertical", "crop=5x4+1+2", "grayscale"]]) {
            let mut parts = Parts::of(&SCORES);
            parts.edits[at] = block(&text);
            refused_by(&parts, "answer");
        }
        // Others, which make another picture.
        let mut parts = Parts::of(&SCORES);
        parts.edits[at] = block(&recipe(&["crop=5x4+2+1", "grayscale"]).resolve(said.input()).expect("edits").canonical());
        refused_by(&parts, "answer");
    }
}

#[test]
fn edits_are_of_each_photos_own_size() {
    let photos = [photo(20, 16, 1), photo(30, 18, 4)];
    let words = ["crop=1:1", "resize=5x4", "grayscale"];
    let answer = Inference::new(&photos, &recipe(&words), &SMALL, Show::Scores).answer().expect("an answer");
    let [one, two] = [0, 1].map(|at| answer.answers()[at].edits().canonical());
    assert_ne!(one, two);
    for (negative, found) in photos.iter().zip(check(&answer, SMALL.card()).photos) {
        assert_eq!(found, check(&ask(negative, &words, &SMALL, Show::Scores), SMALL.card()).photos[0]);
    }
    // Exchanged, they fit the larger photo alone.
    let bytes = Parts::of(&answer).swap(|parts| &mut parts.edits, 0, 1).bytes();
    assert!(matches!(AnswerFile::from_bytes(&bytes), Err(BadFile { fault: Fault::Recipe(_), .. })));
    let mut parts = Parts::of(&answer);
    parts.edits[1] = parts.edits[0].clone();
    refused_by(&parts, "answer");
}

#[test]
fn one_strange_camera_is_enough() {
    let stranger = SigningKey::generate().expect("a key");
    let strange = photo_by(&stranger, 9, 7, 11);
    let mut both = trust();
    both.devices.insert(stranger.public());
    for at in 0..3 {
        let mut photos: Vec<&Negative> = PHOTOS.iter().collect();
        photos[at] = &strange;
        let answer = tiny(&photos, Show::Class);
        let verified = |trust: &Trust| verify_answer(&answer, None, SMALL.card(), trust).expect("parameters");
        let report = verified(&trust());
        assert_eq!((report.verdict, last_photo(&report), report.findings.len()), (Verdict::Unchecked, Some(at + 1), 2 * (at + 1)));
        assert!(report.photos.iter().all(|photo| photo.answer.is_none()));
        assert_eq!(verified(&both).verdict, Verdict::Trusted);
        assert_eq!(verified(&Trust::default()).verdict, Verdict::Untrusted);
        // The captures alone are enough for that, and are the first that is read.
        let captures = AnswerFile::captures_of(&answer.to_bytes()).expect("captures");
        let (refused, report) = screen_photos(&captures, &trust()).expect("refused");
        assert_eq!((refused, report.verdict, report.findings.len()), (at, Verdict::Unchecked, 2 * (at + 1)));
        assert!(screen_photos(&captures, &both).is_none() && screen_photos(&captures, &Trust::default()).is_none());
    }
}

#[test]
fn one_photo_twice_is_allowed_and_a_proof_is_as_long_for_any_photos() {
    let [one, two] = [&PHOTOS[0], &PHOTOS[2]];
    for show in [Show::Class, Show::Scores] {
        let [same, other] = [[one, one], [one, two]].map(|photos| tiny(&photos, show));
        let report = check(&same, SMALL.card());
        assert_eq!((report.verdict, &report.photos[0]), (Verdict::Trusted, &report.photos[1]));
        assert_eq!(same.to_bytes().len(), other.to_bytes().len());
        let [alone, many] = [vec![one; 1], vec![one; MAX_PHOTOS]].map(|photos| tiny(&photos, show));
        assert_eq!(check(&many, SMALL.card()).verdict, Verdict::Trusted);
        assert!(many.proof_bytes() < 2 * alone.proof_bytes(), "{} and {}", alone.proof_bytes(), many.proof_bytes());
    }
}

#[test]
fn of_all_photos_the_same_is_shown_and_as_much() {
    // A class of one and nothing revealed of the others.
    let (scores, classes) = (Parts::of(&SCORES), Parts::of(&CLASSES));
    let top = Parts::of(&tiny(&PHOTOS.each_ref(), Show::Top5));
    for at in 0..3 {
        for (mut parts, other) in [(scores.clone(), &classes), (classes.clone(), &scores), (classes.clone(), &top), (top.clone(), &classes)]
        {
            parts.shown[at] = other.shown[at].clone();
            let report = refused_by(&parts, "answer");
            assert!(matches!(report.findings.last(), Some(Finding::Answer(Err(AnswerFault::Question(BadQuestion::Kinds))))), "{report:?}");
        }
    }
    // As many scores in all, and not as many of each.
    let mut parts = scores.clone();
    let moved = parts.shown[0].pop().expect("a score");
    parts.shown[1].push(moved);
    parts.shown[0][1] = 2;
    parts.shown[1][1] = 4;
    let report = refused_by(&parts, "answer");
    assert!(matches!(report.findings.last(), Some(Finding::Answer(Err(AnswerFault::Question(BadQuestion::Scores(2, 3)))))), "{report:?}");
}

#[test]
fn hostile_counts_are_refused_before_anything_is_read() {
    let bytes = SCORES.to_bytes();
    for count in [0, 17, 255] {
        let mut other = bytes.clone();
        other[11] = count;
        for fault in
            [AnswerFile::from_bytes(&other).expect_err("a fault").fault, AnswerFile::captures_of(&other).expect_err("a fault").fault]
        {
            assert!(matches!(fault, Fault::Invalid("number of photos")), "{count}");
        }
    }
    for count in [1, 2, 4, 16] {
        let mut other = bytes.clone();
        other[11] = count;
        assert!(AnswerFile::from_bytes(&other).is_err(), "{count}");
    }
    // Photos that are announced and not there.
    let short = [&bytes[..12], &Parts::of(&SCORES).photos[1][..900]].concat();
    for fault in [AnswerFile::from_bytes(&short).expect_err("a fault").fault, AnswerFile::captures_of(&short).expect_err("a fault").fault] {
        assert!(matches!(fault, Fault::CutShort), "{fault:?}");
    }
}

#[test]
fn what_cannot_be_asked_names_the_photo() {
    let edits = recipe(&tiny_edits());
    let asked = |photos: &[&Negative]| Inference::new(photos.iter().copied(), &edits, &SMALL, Show::Class).answer().expect_err("refused");
    for n in [0, MAX_PHOTOS + 1] {
        assert!(matches!(asked(&vec![&PHOTOS[0]; n]), InferError::Question(BadQuestion::Photos(found)) if found == n));
    }
    let handed_on = Work::new(&PHOTOS[0], &recipe(&["crop=8x7+0+0"])).hand_on().expect("handed on");
    let error = asked(&[&PHOTOS[0], &handed_on.negative]);
    assert!(matches!(&error, InferError::OfPhoto { number: 2, error } if matches!(**error, InferError::HandedOn)), "{error}");
    let error = asked(&[&PHOTOS[0], &PHOTOS[1], &photo(4, 4, 1)]);
    assert!(matches!(&error, InferError::OfPhoto { number: 3, error } if matches!(**error, InferError::Recipe(_))), "{error}");
    assert!(error.to_string().starts_with("photo 3: "), "{error}");
}

/// Bars across and down: some hundred boxes.
fn comb(side: usize, bars: usize, shift: usize) -> String {
    let pitch = side / bars;
    let bar = |x, y, width, height| format!("{{\"x\":{x},\"y\":{y},\"width\":{width},\"height\":{height}}}");
    let upright = (0..bars).map(|i| bar(i * pitch + shift, 0, pitch / 2, side));
    let lying = (0..bars).map(|i| bar(0, i * pitch + shift, side, pitch / 2));
    format!("{{\"op\":\"redact\",\"rectangles\":[{}]}}", upright.chain(lying).collect::<Vec<_>>().join(","))
}

#[test]
fn edits_of_all_photos_together_are_hardly_more_than_those_of_one() {
    let negative = photo(130, 130, 3);
    let ends = ["{\"op\":\"crop\",\"x\":0,\"y\":0,\"width\":5,\"height\":4}".to_owned(), "{\"op\":\"grayscale\"}".to_owned()];
    let edits = (0..4).map(|shift| comb(130, 14, shift)).chain(ends).collect::<Vec<_>>().join(",");
    let recipe = Recipe::from_json(&format!("{{\"edits\":[{edits}],\"zkimg\":1}}")).expect("a recipe");
    let ask = |n: usize| Inference::new(vec![&negative; n], &recipe, &SMALL, Show::Class).answer();
    let Err(InferError::Question(BadQuestion::Step(_))) = ask(4) else { panic!("it was asked, or refused for something else") };
    // Nor is it read of somebody who asked all the same.
    let mut parts = Parts::of(&tiny(&[&negative], Show::Class));
    let text = recipe.resolve(negative.layout().dims).expect("edits").canonical();
    parts.edits = vec![[&(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat()];
    AnswerFile::from_bytes(&parts.bytes()).expect("one is read");
    let parts = parts.all(|each| *each = vec![each[0].clone(); 4]);
    let error = AnswerFile::from_bytes(&parts.bytes()).expect_err("too much");
    assert!(matches!(error, BadFile { fault: Fault::TooMuch(_), .. }), "{error}");
}

/// Another camera, trusted as well, signs the very statement of the second photo: it never saw it.
#[test]
fn the_statement_of_one_photo_signed_by_another_device_is_refused_by_the_answer() {
    let png = encode_png(&Picture::new(Dims::new(3, 7, 9).expect("dims"), (0..189).collect()).expect("a picture"));
    let policy = Policy { show_device: false, ..Policy::default() };
    let negative = attest(&png, &CAMERA, &policy, 1_790_000_000).expect("attested").1;
    let answer = tiny(&[&PHOTOS[0], &negative], Show::Class);
    let thief = SigningKey::generate().expect("a key");
    let signer = p256::ecdsa::SigningKey::from_pkcs8_pem(&thief.to_pem()).expect("a key");
    let mine = negative.capture().expect("a photo's");
    let signature: p256::ecdsa::Signature = signer.sign(&[b"zkimg-capture-signature-v1\0", &mine.statement.to_bytes()[..]].concat());
    let forged = SignedCapture { statement: mine.statement.clone(), key: thief.public(), signature: signature.normalize_s() };
    let mut parts = Parts::of(&answer);
    let length = forged.to_bytes().len();
    parts.photos[1][4..4 + length].copy_from_slice(&forged.to_bytes());
    let mut trusted = trust();
    trusted.devices.insert(thief.public());
    assert_eq!(refusal(&verify_answer(&parts.file(), None, SMALL.card(), &trusted).expect("parameters")), "answer");
}
