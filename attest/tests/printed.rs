//! What `{:?}` writes of a secret: nothing, whether as numbers, in hexadecimal or as text.
#![cfg(feature = "prover")]

#[path = "../../picture/tests/files/mod.rs"]
mod files;
#[path = "../../picture/tests/printed/mod.rs"]
mod printed;

use files::{exif_block, jpeg};
use p256::pkcs8::DecodePrivateKey;
use printed::{hides, shows};
use zkimg_attest::randomness::{Randomness, Salt};
use zkimg_attest::{Backing, Label, Negative, Opening, Policy, SignedCapture, SigningKey, attest};
use zkimg_group::field::scalar_to_bytes;
use zkimg_picture::ExifField;

/// A key and a photo's negative.
fn secrets() -> (SigningKey, Negative) {
    let key = SigningKey::generate().expect("randomness");
    let (_, negative) = attest(&jpeg(16, 8, false, &exif_block(1)), &key, &Policy::default(), 1).expect("a photo");
    (key, negative)
}

#[test]
fn of_a_key_only_its_public_half_is_printed() {
    let (key, _) = secrets();
    let scalar = p256::ecdsa::SigningKey::from_pkcs8_pem(&key.to_pem()).expect("a key").to_bytes();
    hides(&key, &[&scalar]);
    assert_eq!(format!("{key:?}"), format!("SigningKey {{ public: {:?}, .. }}", key.public()));
}

#[test]
fn of_a_negative_only_its_shape_is_printed() {
    let (_, negative) = secrets();
    let openings: Vec<&Opening> = ExifField::ALL.iter().filter_map(|field| negative.opening(Label::Exif(*field))).collect();
    let blinders: Vec<[u8; 32]> = negative.blinders().iter().map(scalar_to_bytes).collect();
    let mut all: Vec<&[u8]> = vec![negative.pixels()];
    all.extend(blinders.iter().map(|blinder| blinder.as_slice()));
    all.extend(openings.iter().map(|opening| opening.salt().as_slice()));
    // Shorter values stand in any text.
    all.extend(openings.iter().filter_map(|opening| opening.value()).filter(|value| value.len() > 4));
    assert!(all.len() > 16 + ExifField::ALL.len() / 2, "{} secrets", all.len());
    hides(&negative, &all);
    hides(negative.origin(), &all);
    openings.iter().for_each(|opening| hides(opening, &all));
    assert_eq!(format!("{negative:?}"), "Negative { dims: Dims { channels: 3, height: 8, width: 16 }, .. }");
    let model = negative.opening(Label::Exif(ExifField::Model)).expect("hidden");
    assert_eq!(format!("{model:?}"), "Opening { label: Exif(Model), .. }");
}

#[test]
fn of_randomness_and_salts_nothing_is_printed() {
    let secret = b"the secret of a device".to_vec();
    let random = Randomness::new(secret.clone().into(), b"public".to_vec());
    hides(&random, &[&secret]);
    let salt = Salt::draw(&mut random.stream("salts").expect("randomness"));
    let printed = (format!("{salt:?}"), format!("{salt:#?}"));
    let opening = Opening::seal(Label::Time, Backing::Alone, None, salt);
    assert!(!shows(&printed.0, opening.salt()) && !shows(&printed.1, opening.salt()), "{}", printed.0);
}

#[test]
fn a_capture_is_public_and_printed() {
    let (_, negative) = secrets();
    let capture: &SignedCapture = negative.capture().expect("a photo's");
    assert!(shows(&format!("{capture:?}"), capture.statement.root()), "the search finds what is there");
}
