//! Published files that say something else than what was proved; each test names the check that refuses.

use p256::ecdsa::signature::Signer;
use p256::pkcs8::DecodePrivateKey;
use std::sync::LazyLock;
use zkimg_pipeline::{
    Dims, Negative, Picture, Policy, ProofFile, Published, Recipe, Report, SignedCapture, SigningKey, Trust, Verdict, attest, encode_png,
    prove, verify,
};

struct World {
    camera: SigningKey,
    negative: Negative,
    published: Published,
}

const EDITS: [&str; 3] = ["crop=8x6+3+2", "contrast=1.5", "brightness=20"];
/// Rows of the photo's commitment: more than one, so that they can change places.
const ROWS: usize = 6;

fn photo(seed: usize) -> Vec<u8> {
    let dims = Dims::new(3, 30, 50).expect("dims");
    encode_png(&Picture::new(dims, (0..dims.cells()).map(|i| (i * i * 7 + seed * 31 + i) as u8).collect()).expect("a picture"))
}

fn recipe(words: &[&str]) -> Recipe {
    Recipe::from_words(words).expect("a recipe")
}

/// The device stays hidden, so that nothing in the statement names it.
const POLICY: Policy = Policy { show_time: true, show_device: false };

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let camera = SigningKey::generate().expect("a key");
    let (_, negative) = attest(&photo(1), &camera, &POLICY, 1_790_000_000).expect("attested");
    let published = prove(&negative, &recipe(&EDITS)).expect("proved");
    assert!(negative.rows().len() >= ROWS);
    World { camera, negative, published }
});

/// Everybody's key is trusted: nothing is refused for want of trust.
fn judge(picture: &Picture, file: &[u8], keys: &[&SigningKey]) -> Report {
    let mut trusted = Trust::default();
    keys.iter().for_each(|key| trusted.devices.insert(key.public()));
    verify(picture, &ProofFile::from_bytes(file).expect("well formed"), &trusted).expect("parameters")
}

#[track_caller]
fn refused(picture: &Picture, file: &[u8], keys: &[&SigningKey], by: &str) {
    let report = judge(picture, file, keys);
    assert_eq!(report.verdict, Verdict::Invalid);
    let failed: Vec<&str> = report.findings.iter().filter(|found| !found.holds()).map(|found| found.checked().name()).collect();
    assert_eq!(failed, [by]);
}

fn find(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).position(|window| window == part).expect("in the file")
}

/// What the camera signed.
fn capture() -> &'static SignedCapture {
    WORLD.negative.capture().expect("a camera's negative")
}

/// The file with one part replaced by another as long.
fn with(part: &[u8], other: &[u8]) -> Vec<u8> {
    assert_eq!(part.len(), other.len());
    let mut bytes = WORLD.published.proof.to_bytes();
    let at = find(&bytes, part);
    bytes[at..at + part.len()].copy_from_slice(other);
    bytes
}

/// The digest of a published picture, written from `docs/formats.md`.
fn picture_digest(picture: &Picture) -> [u8; 32] {
    let dims = picture.dims();
    let sides = [dims.channels, dims.height, dims.width].map(|side| (side as u64).to_le_bytes()).concat();
    let pixels = blake2b_simd::blake2bp::blake2bp(picture.cells());
    let mut state = blake2b_simd::Params::new().hash_length(32).personal(b"zkimg-pixels-v1").to_state();
    state.update(&sides).update(pixels.as_bytes()).finalize().as_bytes().try_into().expect("32 bytes")
}

fn edits() -> Vec<String> {
    WORLD.published.proof.links()[0].edits().values().iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_true_is_trusted() {
    let report = judge(&WORLD.published.picture, &WORLD.published.proof.to_bytes(), &[&WORLD.camera]);
    assert_eq!(report.verdict, Verdict::Trusted);
}

#[test]
fn edits_in_another_order_are_refused_by_the_proof() {
    let [crop, contrast, brightness] = &edits()[..] else { panic!("three edits") };
    let said = [contrast.as_str(), brightness].join(",");
    let other = [brightness.as_str(), contrast].join(",");
    refused(&WORLD.published.picture, &with(said.as_bytes(), other.as_bytes()), &[&WORLD.camera], "edits");
    // Here it would even be the same picture: a crop and a tone in the other order. The statement is another one.
    let published = prove(&WORLD.negative, &recipe(&["flip=horizontal", "contrast=1.5"])).expect("proved");
    let turned = prove(&WORLD.negative, &recipe(&["contrast=1.5", "flip=horizontal"])).expect("proved");
    assert_eq!(published.picture, turned.picture);
    let texts = [&published, &turned].map(|p| p.proof.links()[0].edits().canonical());
    let mut file = published.proof.to_bytes();
    let at = find(&file, texts[0].as_bytes());
    file[at..at + texts[0].len()].copy_from_slice(texts[1].as_bytes());
    refused(&published.picture, &file, &[&WORLD.camera], "edits");
    assert!(crop.contains("crop"));
}

#[test]
fn parameters_off_by_one_are_refused_by_the_proof() {
    let picture = &WORLD.published.picture;
    for (said, other) in [("\"x\":3", "\"x\":2"), ("\"y\":2", "\"y\":3"), ("98304/65536", "98305/65536"), ("98304/65536", "98303/65536")] {
        refused(picture, &with(said.as_bytes(), other.as_bytes()), &[&WORLD.camera], "edits");
    }
}

#[test]
fn edits_left_out_or_added_are_refused_by_the_proof() {
    let picture = &WORLD.published.picture;
    let bytes = WORLD.published.proof.to_bytes();
    let said = WORLD.published.proof.links()[0].edits().canonical();
    for words in [&EDITS[..2], &["crop=8x6+3+2", "contrast=1.5", "brightness=20", "brightness=0"]] {
        let other = recipe(words).resolve(*capture().statement.dims()).expect("a recipe").canonical();
        let at = find(&bytes, said.as_bytes());
        let length = (other.len() as u32).to_le_bytes();
        let file = [&bytes[..at - 4], &length, other.as_bytes(), &bytes[at + said.len()..]].concat();
        refused(picture, &file, &[&WORLD.camera], "edits");
    }
}

#[test]
fn a_picture_of_other_sides_is_refused_as_the_picture() {
    let picture = &WORLD.published.picture;
    let Dims { channels, height, width } = *picture.dims();
    let turned = Picture::new(Dims { channels, height: width, width: height }, picture.cells().to_vec()).expect("a picture");
    refused(&turned, &WORLD.published.proof.to_bytes(), &[&WORLD.camera], "picture");
    // The same where the file has the digest of the turned picture, so that only the sides are left to refuse it.
    let digest = WORLD.published.proof.links()[0].picture_digest().expect("published");
    assert_eq!(digest, &picture_digest(picture));
    refused(&turned, &with(digest, &picture_digest(&turned)), &[&WORLD.camera], "picture");
}

/// Another camera, trusted as well, signs the very statement of the first: it never saw the photo.
#[test]
fn the_statement_signed_by_another_device_is_refused_by_the_proof() {
    let thief = SigningKey::generate().expect("a key");
    let mine = capture();
    let signer = p256::ecdsa::SigningKey::from_pkcs8_pem(&thief.to_pem()).expect("a key");
    let message = [b"zkimg-capture-signature-v1\0", &mine.statement.to_bytes()[..]].concat();
    let signature: p256::ecdsa::Signature = signer.sign(&message);
    let forged = SignedCapture { statement: mine.statement.clone(), key: thief.public(), signature: signature.normalize_s() };
    forged.verify_signature().expect("the thief's own signature holds");
    let file = with(&mine.to_bytes(), &forged.to_bytes());
    refused(&WORLD.published.picture, &file, &[&WORLD.camera, &thief], "edits");
}

#[test]
fn another_devices_capture_of_the_photo_is_refused_as_the_original() {
    let other = SigningKey::generate().expect("a key");
    let (theirs, _) = attest(&photo(1), &other, &POLICY, 1_790_000_000).expect("attested");
    let file = with(&capture().to_bytes(), &theirs.to_bytes());
    refused(&WORLD.published.picture, &file, &[&WORLD.camera, &other], "original");
}

#[test]
fn a_key_put_beside_anothers_signature_is_refused_by_the_signature() {
    let other = SigningKey::generate().expect("a key");
    let file = with(&WORLD.camera.public().to_bytes(), &other.public().to_bytes());
    refused(&WORLD.published.picture, &file, &[&WORLD.camera, &other], "signature");
}

#[test]
fn rows_in_other_places_are_refused_as_the_original() {
    let bytes = WORLD.published.proof.to_bytes();
    let first = find(&bytes, &capture().to_bytes()) + capture().to_bytes().len();
    let row = |i: usize| first + 32 * i..first + 32 * (i + 1);
    for (a, b) in [(0, 1), (1, ROWS - 1)] {
        let mut swapped = bytes.clone();
        swapped.copy_within(row(a), row(b).start);
        refused(&WORLD.published.picture, &swapped, &[&WORLD.camera], "original");
        swapped[row(a)].copy_from_slice(&bytes[row(b)]);
        refused(&WORLD.published.picture, &swapped, &[&WORLD.camera], "original");
    }
    // One dropped: everything behind moves up, and the file is too short or its parts make no sense.
    let dropped = [&bytes[..row(2).start], &bytes[row(2).end..]].concat();
    assert!(ProofFile::from_bytes(&dropped).is_err());
}

#[test]
fn the_proof_of_other_edits_is_refused_by_the_proof() {
    let other = prove(&WORLD.negative, &recipe(&["crop=8x6+3+2", "contrast=1.5", "brightness=21"])).expect("proved");
    let (mine, theirs) = (WORLD.published.proof.to_bytes(), other.proof.to_bytes());
    assert_eq!(mine.len(), theirs.len());
    let argument = mine.len() - WORLD.published.proof.links()[0].proof_bytes();
    let file = [&mine[..argument], &theirs[argument..]].concat();
    refused(&WORLD.published.picture, &file, &[&WORLD.camera], "edits");
}

/// Each byte before the argument, and each element of the argument.
#[test]
fn every_field_is_bound() {
    let bytes = WORLD.published.proof.to_bytes();
    let argument = bytes.len() - WORLD.published.proof.links()[0].proof_bytes();
    let mut trusted = Trust::default();
    trusted.devices.insert(WORLD.camera.public());
    for at in (0..argument).chain((argument..bytes.len()).step_by(32)) {
        let mut forged = bytes.clone();
        forged[at] ^= 1 << (at % 8);
        if let Ok(file) = ProofFile::from_bytes(&forged) {
            let report = verify(&WORLD.published.picture, &file, &trusted).expect("parameters");
            assert_eq!(report.verdict, Verdict::Invalid, "byte {at}");
        }
    }
}
