//! Proof files and reports: what is true is trusted, what was touched is refused by the check meant for it.

use std::sync::LazyLock;
use zkimg_pipeline::{
    BadProofFile, Dims, Finding, Negative, Picture, Policy, ProofFile, Published, Recipe, Report, SigningKey, Trust, Verdict, attest,
    encode_png, preview, prove, screen, verify,
};

struct World {
    camera: SigningKey,
    negative: Negative,
    published: Published,
}

fn photo(seed: usize) -> Vec<u8> {
    let dims = Dims::new(3, 9, 13).expect("dims");
    let cells = (0..dims.cells()).map(|i| (i * i * 7 + seed * 31 + i) as u8).collect();
    encode_png(&Picture::new(dims, cells).expect("a picture"))
}

fn recipe(words: &[&str]) -> Recipe {
    Recipe::from_words(words).expect("a recipe")
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let camera = SigningKey::generate().expect("a key");
    let (_, negative) = attest(&photo(1), &camera, &Policy::default(), 1_790_000_000).expect("attested");
    let published = prove(&negative, &recipe(&["crop=8x6+3+2", "contrast=1.5"])).expect("proved");
    World { camera, negative, published }
});

fn trusted() -> Trust {
    let mut trust = Trust::default();
    trust.devices.insert(WORLD.camera.public());
    trust
}

/// The digest of the one link's picture.
fn picture_digest(published: &Published) -> [u8; 32] {
    *published.proof.links()[0].picture_digest().expect("revealed")
}

/// What the camera signed.
fn capture_of(negative: &Negative) -> Vec<u8> {
    negative.capture().expect("a photo's").to_bytes()
}

fn failed(report: &Report) -> &'static str {
    assert_eq!(report.verdict, Verdict::Invalid);
    let last = report.findings.last().expect("a check");
    assert!(!last.holds());
    last.checked().name()
}

#[test]
fn an_honest_file_survives_its_bytes_and_is_trusted() {
    let published = &WORLD.published;
    let file = ProofFile::from_bytes(&published.proof.to_bytes()).expect("parsed");
    assert_eq!(file.to_bytes(), published.proof.to_bytes());
    let report = verify(&published.picture, &file, &trusted()).expect("verified");
    assert_eq!(report.verdict, Verdict::Trusted);
    assert!(report.findings.iter().all(Finding::holds));
    assert!(report.security_bits >= 120);
    let original = Picture::decode(&photo(1)).expect("decoded");
    assert_eq!(preview(&original, &recipe(&["crop=8x6+3+2", "contrast=1.5"])).expect("edited"), published.picture);
}

#[test]
fn a_device_that_is_not_trusted_is_said_to_be_so() {
    let report = verify(&WORLD.published.picture, &WORLD.published.proof, &Trust::default()).expect("verified");
    assert_eq!(report.verdict, Verdict::Untrusted);
    assert_eq!(report.findings.iter().filter(|found| !found.holds()).map(|found| found.checked().name()).collect::<Vec<_>>(), ["device"]);
}

#[test]
fn with_others_trusted_nothing_else_is_checked() {
    let other = SigningKey::generate().expect("a key");
    let mut trust = Trust::default();
    trust.devices.insert(other.public());
    let failed =
        |report: &Report| report.findings.iter().filter(|found| !found.holds()).map(|found| found.checked().name()).collect::<Vec<_>>();
    let report = verify(&WORLD.published.picture, &WORLD.published.proof, &trust).expect("a report");
    assert_eq!((report.verdict, failed(&report), report.findings.len()), (Verdict::Unchecked, vec!["device"], 2));
    let capture = WORLD.published.proof.capture();
    let screened = screen(capture, &trust).expect("a report");
    assert_eq!((screened.verdict, &screened.findings, screened.published), (Verdict::Unchecked, &report.findings, None));
    for trust in [trusted(), Trust::default()] {
        assert_eq!(screen(capture, &trust), None);
    }
}

#[test]
fn one_changed_pixel_is_refused_as_the_picture() {
    let picture = &WORLD.published.picture;
    let mut cells = picture.cells().to_vec();
    cells[17] ^= 1;
    let picture = Picture::new(*picture.dims(), cells).expect("a picture");
    assert_eq!(failed(&verify(&picture, &WORLD.published.proof, &trusted()).expect("a report")), "picture");
}

#[test]
fn a_changed_pixel_with_its_digest_is_refused_by_the_proof() {
    let published = &WORLD.published;
    let other = prove(&WORLD.negative, &recipe(&["crop=8x6+3+2", "contrast=1.6"])).expect("proved");
    // The other picture's file with this one's proof, and this one's file with the other's picture digest.
    let (mut bytes, digest_of_other) = (published.proof.to_bytes(), picture_digest(&other));
    let at = find(&bytes, &picture_digest(published));
    bytes[at..at + 32].copy_from_slice(&digest_of_other);
    let forged = ProofFile::from_bytes(&bytes).expect("well formed");
    assert_eq!(failed(&verify(&other.picture, &forged, &trusted()).expect("a report")), "edits");
}

#[test]
fn changed_edits_are_refused_by_the_proof() {
    let bytes = WORLD.published.proof.to_bytes();
    let at = find(&bytes, b"\"x\":3");
    let mut forged = bytes.clone();
    forged[at + 4] = b'4';
    let forged = ProofFile::from_bytes(&forged).expect("well formed");
    assert_eq!(failed(&verify(&WORLD.published.picture, &forged, &trusted()).expect("a report")), "edits");
}

#[test]
fn another_photos_proof_is_refused() {
    let (_, negative) = attest(&photo(2), &WORLD.camera, &Policy::default(), 1).expect("attested");
    let other = prove(&negative, &recipe(&["crop=8x6+3+2", "contrast=1.5"])).expect("proved");
    assert_eq!(failed(&verify(&WORLD.published.picture, &other.proof, &trusted()).expect("a report")), "picture");
    // The same shape with the capture of another photo: the rows are not the ones that were signed.
    let (mine, theirs) = (capture_of(&WORLD.negative), capture_of(&negative));
    assert_eq!(mine.len(), theirs.len());
    let mut forged = WORLD.published.proof.to_bytes();
    let at = find(&forged, &mine);
    forged[at..at + mine.len()].copy_from_slice(&theirs);
    let forged = ProofFile::from_bytes(&forged).expect("well formed");
    assert_eq!(failed(&verify(&WORLD.published.picture, &forged, &trusted()).expect("a report")), "original");
}

#[test]
fn another_capture_of_the_same_photo_is_another_statement() {
    let (_, negative) = attest(&photo(1), &WORLD.camera, &Policy::default(), 1_790_000_000).expect("attested");
    assert_ne!(negative.root(), WORLD.negative.root());
    let other = prove(&negative, &recipe(&["crop=8x6+3+2", "contrast=1.5"])).expect("proved");
    assert_eq!(other.picture, WORLD.published.picture);
    let (a, b) = (other.proof.to_bytes(), WORLD.published.proof.to_bytes());
    assert_eq!(a.len(), b.len(), "the length follows from the statement");
    let proof = find(&b, &picture_digest(&WORLD.published)) + 36;
    let rows = find(&b, &capture_of(&WORLD.negative)) + capture_of(&WORLD.negative).len();
    for part in [rows..rows + WORLD.published.proof.commitment_bytes(), proof..b.len()] {
        let shared = a[part.clone()].windows(8).filter(|w| b[part.clone()].windows(8).any(|v| v == *w)).count();
        assert_eq!(shared, 0, "runs of eight bytes in common");
    }
}

#[test]
fn every_byte_of_the_file_matters() {
    let bytes = WORLD.published.proof.to_bytes();
    let trusted = trusted();
    // Each header byte, and a spread of the rest: rows, messages, circuit, opening.
    let places = (0..24).chain((24..bytes.len()).step_by(149)).chain([bytes.len() - 1]);
    for at in places {
        let mut forged = bytes.clone();
        forged[at] ^= 1 << (at % 8);
        if let Ok(file) = ProofFile::from_bytes(&forged) {
            let report = verify(&WORLD.published.picture, &file, &trusted).expect("a report");
            assert_eq!(report.verdict, Verdict::Invalid, "byte {at}");
        }
    }
}

#[test]
fn broken_files_are_named() {
    let bytes = WORLD.published.proof.to_bytes();
    let parse = |bytes: &[u8]| ProofFile::from_bytes(bytes).expect_err("refused");
    assert!(matches!(parse(b""), BadProofFile::NotAProof));
    assert!(matches!(parse(b"a text file"), BadProofFile::NotAProof));
    for cut in [10, 100, 800, bytes.len() / 2, bytes.len() - 1] {
        assert!(matches!(parse(&bytes[..cut]), BadProofFile::CutShort), "cut at {cut}");
    }
    assert!(matches!(parse(&[&bytes[..], &[0]].concat()), BadProofFile::TooLong));
    let with = |at: usize, value: u8| {
        let mut changed = bytes.clone();
        changed[at] = value;
        changed
    };
    assert!(matches!(parse(&with(8, 1)), BadProofFile::Version(1)));
    assert!(matches!(parse(&with(10, 65)), BadProofFile::Links(65, 64)));
    assert!(matches!(parse(&with(10, 0)), BadProofFile::Links(0, 64)));
    assert!(matches!(parse(&with(15, 0xff)), BadProofFile::Invalid("capture")), "a length beyond any capture's");
    let argument = bytes.len() - WORLD.published.proof.links()[0].proof_bytes() - 4;
    let promise = [&bytes[..argument], &60_000u32.to_le_bytes(), &bytes[..100]].concat();
    assert!(matches!(parse(&promise), BadProofFile::CutShort), "a length beyond the file");
    let spaced = find(&bytes, b"\"contrast\"");
    assert!(ProofFile::from_bytes(&with(spaced + 1, b'K')).is_err());
}

#[test]
fn edits_have_one_text() {
    let bytes = WORLD.published.proof.to_bytes();
    let said = WORLD.published.proof.links()[0].edits().canonical();
    let at = find(&bytes, said.as_bytes());
    let with = |text: &str| {
        let length = (text.len() as u32).to_le_bytes();
        ProofFile::from_bytes(&[&bytes[..at - 4], &length, text.as_bytes(), &bytes[at + said.len()..]].concat())
    };
    assert!(with(&said).is_ok());
    // The same edits to any reader of JSON.
    for text in [format!("{said} "), said.replace(':', ": ")] {
        assert_ne!(text, said);
        assert_eq!(
            Recipe::from_json(&text).expect("a recipe").resolve(Dims { channels: 3, height: 9, width: 13 }).expect("it fits").canonical(),
            said
        );
        assert!(matches!(with(&text), Err(BadProofFile::Invalid("list of edits"))), "{text}");
    }
}

#[test]
fn parts_longer_than_any_honest_one_are_refused_by_their_length() {
    let bytes = WORLD.published.proof.to_bytes();
    let link = &WORLD.published.proof.links()[0];
    let edits = find(&bytes, link.edits().canonical().as_bytes()) - 4;
    let argument = bytes.len() - link.proof_bytes() - 4;
    // A megabyte and some overlays; rows of tables and of pictures no larger than the ends, and what else a proof has.
    let dims = WORLD.published.proof.capture().statement.dims();
    let most_edits = (1 << 20) + 24 * dims.width * dims.height;
    let most_proof = 32 * (4096 + 128) + (64 << 10);
    for (at, limit, part) in [(12, 4096, "capture"), (edits, most_edits, "list of edits"), (argument, most_proof, "proof")] {
        let with = |length: usize| {
            let forged = [&bytes[..at], &(length as u32).to_le_bytes(), &vec![0; length]].concat();
            ProofFile::from_bytes(&forged).map(|file| file.links()[0].proof_bytes())
        };
        let refused = with(limit + 1);
        assert!(matches!(refused, Err(BadProofFile::Invalid(name)) if name == part), "{part}: {refused:?}");
        assert!(!matches!(with(limit), Err(BadProofFile::Invalid(name)) if name == part), "{part}");
    }
}

fn find(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).position(|window| window == part).expect("in the file")
}
