//! Who made a link: signatures that hold for one link alone, and names that are claimed or confirmed.

mod support;

use std::sync::LazyLock;
use support::*;
use zkimg_pipeline::*;

struct World {
    camera: SigningKey,
    desk: SigningKey,
    negative: Negative,
    published: Published,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let [camera, desk] = [(), ()].map(|()| SigningKey::generate().expect("a key"));
    let negative = attested(&camera, &photo(1));
    let published = Work::new(&negative, &recipe(&["crop=5x4+1+1"])).named("Desk").signed(&desk).publish().expect("published");
    World { camera, desk, negative, published }
});

fn judge(parts: &Parts) -> Report {
    verify(&WORLD.published.picture, &parts.file(), &trust(&WORLD.camera)).expect("a report")
}

/// Where the signature begins in the link's bytes: behind the edits and the maker.
fn signature_at(file: &ProofFile) -> usize {
    let link = &file.links()[0];
    4 + link.edits().canonical().len() + link.maker().to_bytes().len()
}

#[test]
fn a_name_is_confirmed_only_by_a_key_the_reader_gives() {
    let world = &*WORLD;
    let report = |trust: &Trust| verify(&world.published.picture, &world.published.proof, trust).expect("a report");
    let claimed = report(&trust(&world.camera));
    assert_eq!((claimed.verdict, claimed.links[0].confirmed), (Verdict::Trusted, false));
    assert_eq!(claimed.links[0].signer.as_ref().expect("a key").known_as, None);
    let mut people = trust(&world.camera);
    people.people.insert(world.desk.public(), "the desk");
    let confirmed = report(&people);
    assert!(confirmed.links[0].confirmed);
    assert_eq!(confirmed.links[0].signer.as_ref().expect("a key").known_as.as_deref(), Some("the desk"));
    // Neither list counts for the other.
    let mut swapped = trust(&world.desk);
    swapped.people.insert(world.camera.public(), "a camera");
    let swapped = report(&swapped);
    assert_eq!((swapped.verdict, swapped.links[0].confirmed), (Verdict::Unchecked, false));
}

#[test]
fn another_signature_is_refused_as_the_makers() {
    let world = &*WORLD;
    let file = &world.published.proof;
    let at = signature_at(file);
    // Of the same key for another link, of another key for this one, and of the camera for the capture.
    let again = Work::new(&world.negative, &recipe(&["crop=5x4+1+1"])).named("Desk").signed(&world.desk).publish().expect("published");
    let statement = Stated::of(&world.negative, 0, &file.links()[0]).digest(file.links()[0].picture_digest().expect("revealed"));
    let own = &Parts::of(file).links[0][at..at + 64];
    let read = MakerSignature::from_bytes(own.try_into().expect("64 bytes")).expect("a signature");
    assert_eq!(read.verify(&world.desk.public(), Purpose::Link, &statement), Ok(()), "the documented message");
    let foreign = MakerSignature::sign(&world.camera, Purpose::Link, &statement).expect("signed").to_bytes();
    let capture: [u8; 64] = file.capture().signature.to_bytes().into();
    let other = MakerSignature::sign(&world.desk, Purpose::Link, &[0; 32]).expect("signed").to_bytes();
    for signature in [foreign, capture, other] {
        let mut forged = Parts::of(file);
        forged.links[0][at..at + 64].copy_from_slice(&signature);
        let report = judge(&forged);
        assert_eq!(refusal(&report).0, "makers");
        assert!(!report.links[0].confirmed);
    }
    // The same statement signed twice: both hold, as a signature may be made anew by its own key.
    let mut renewed = Parts::of(file);
    renewed.links[0][at..at + 64].copy_from_slice(&Parts::of(&again.proof).links[0][at..at + 64]);
    assert_eq!(judge(&renewed).verdict, Verdict::Trusted);
}

#[test]
fn a_stripped_signature_is_refused_by_the_proof() {
    let file = &WORLD.published.proof;
    let at = signature_at(file);
    let mut stripped = Parts::of(file);
    // The key and the signature go, and the mark says that there is none.
    stripped.links[0].drain(at - 33..at + 64);
    stripped.links[0][at - 34] = 0;
    assert_eq!(refusal(&judge(&stripped)).0, "edits");
    // Another key with its own good signature is another statement.
    let thief = SigningKey::generate().expect("a key");
    let mut stolen = Parts::of(file);
    stolen.links[0][at - 33..at].copy_from_slice(&thief.public().to_bytes());
    let link = &stolen.file();
    let statement = Stated::of(&WORLD.negative, 0, &link.links()[0]).digest(link.links()[0].picture_digest().expect("revealed"));
    stolen.links[0][at..at + 64].copy_from_slice(&MakerSignature::sign(&thief, Purpose::Link, &statement).expect("signed").to_bytes());
    assert_eq!(refusal(&judge(&stolen)).0, "edits");
}

#[test]
fn unclean_names_are_refused_before_anything_is_proved_and_by_the_parser() {
    let crop = recipe(&["crop=5x4+1+1"]);
    let refused = Work::new(&WORLD.negative, &crop).named("a\u{202e}b").publish();
    assert!(matches!(refused, Err(PublishError::Maker(MakerError::Unclean("name")))));
    let mut forged = Parts::of(&WORLD.published.proof);
    let at = forged.links[0].windows(4).position(|w| w == b"Desk").expect("the name");
    forged.links[0][at + 1] = b'\n';
    assert!(matches!(ProofFile::from_bytes(&forged.bytes()), Err(BadProofFile::Maker(MakerError::Unclean("name")))));
}
