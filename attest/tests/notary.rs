//! Captures of notaries: what they say, in one encoding, and that neither kind of signer can stand for the other.
#![cfg(feature = "prover")]

#[path = "../../picture/tests/files/mod.rs"]
mod files;
#[path = "../../picture/tests/strangers/mod.rs"]
mod strangers;

use files::{exif_block, jpeg};
use p256::ecdsa::signature::Signer;
use p256::pkcs8::DecodePrivateKey;
use proptest::prelude::*;
use strangers::spoiled;
use zkimg_attest::{
    Algorithm, Backing, CaptureError, CaptureStatement, Facts, Label, Negative, Opening, Policy, Seen, SignedCapture, SigningKey, Source,
    State, Traces, TrustedDevices, TrustedNotaries, Witness, attest_as,
};
use zkimg_picture::ExifField;

const TIME: u64 = 1_750_000_000;

fn facts() -> Facts {
    Facts {
        library: "c2pa 0.90.22".into(),
        state: State::Trusted,
        accepted: Vec::new(),
        anchors: [7; 32],
        checked: TIME,
        signer: Some("Größte Kamera & Co".into()),
        algorithm: Algorithm::Ps256,
        source_type: Some("digitalCapture".into()),
        action: Some("c2pa.created".into()),
        more_actions: false,
        ingredients: false,
        only_manifest: true,
    }
}

fn traces() -> Traces {
    Traces { file: [1; 32], certificate: [2; 32], claim_signature: [3; 32], label: "urn:c2pa:1234".into(), generator: Some("Z 9".into()) }
}

fn seen(facts: Facts, exif_covered: bool) -> Seen {
    Seen { facts, traces: traces(), exif_covered }
}

fn key() -> SigningKey {
    SigningKey::generate().expect("randomness")
}

fn made(witness: Witness<'_>, key: &SigningKey) -> (SignedCapture, Negative) {
    attest_as(witness, &jpeg(16, 8, false, &exif_block(1)), key, &Policy::default(), TIME).expect("a small photo")
}

/// Signs a statement under any prefix.
fn signed(prefix: &[u8], statement: &CaptureStatement, key: &SigningKey) -> SignedCapture {
    let signer = p256::ecdsa::SigningKey::from_pkcs8_pem(&key.to_pem()).expect("a key");
    let signature: p256::ecdsa::Signature = signer.sign(&[prefix, &statement.to_bytes()].concat());
    SignedCapture { statement: statement.clone(), key: key.public(), signature: signature.normalize_s() }
}

/// The same statement in version 2, which has no source.
fn in_version_2(capture: &SignedCapture) -> CaptureStatement {
    let mut bytes = capture.statement.to_bytes();
    // Behind the time and the fingerprint, both of 33 bytes here: decoder and source.
    let tail = 1 + capture.statement.decoder().expect("version 3").len() + 1;
    bytes.truncate(bytes.len() - tail);
    bytes[8] = 2;
    CaptureStatement::from_bytes(&bytes).expect("a statement of version 2")
}

#[test]
fn what_a_notary_says_is_read_back_and_has_one_encoding() {
    let shown = [
        facts(),
        Facts {
            signer: None,
            state: State::Valid,
            accepted: vec!["signingCredential.untrusted".into()],
            source_type: None,
            action: None,
            ..facts()
        },
        Facts {
            state: State::Invalid,
            accepted: vec!["assertion.dataHash.additionalExclusionsPresent".into(), "signingCredential.expired".into()],
            more_actions: true,
            ingredients: true,
            only_manifest: false,
            ..facts()
        },
    ];
    for facts in shown {
        let seen = seen(facts.clone(), true);
        let (capture, negative) = made(Witness::NotaryOfCredentials(&seen), &key());
        let read = SignedCapture::from_bytes(&capture.to_bytes()).expect("what was written");
        assert_eq!((read.to_bytes(), read.verify_signature()), (capture.to_bytes(), Ok(())));
        assert_eq!(read.statement.source().credentials().expect("credentials").facts(), &facts);
        assert_eq!(read.statement.decoder(), Some("zune-jpeg 0.5.15"));
        let same = Negative::from_bytes(&negative.to_bytes()).expect("a negative");
        assert_eq!(same.to_bytes(), negative.to_bytes());
        for (label, value) in [
            (Label::File, &[1; 32][..]),
            (Label::Certificate, &[2; 32]),
            (Label::ClaimSignature, &[3; 32]),
            (Label::ManifestLabel, b"urn:c2pa:1234"),
            (Label::Generator, b"Z 9"),
        ] {
            let opening = same.opening(label).expect("hidden");
            assert_eq!((opening.value(), opening.backing()), (Some(value), Backing::Alone));
            assert_eq!(read.statement.check(opening), Ok(()));
        }
    }
    let (capture, _) = made(Witness::Notary, &key());
    assert_eq!(*SignedCapture::from_bytes(&capture.to_bytes()).expect("a capture").statement.source(), Source::Notary);
}

#[test]
fn every_flipped_bit_of_a_notary_s_capture_is_refused() {
    let file = made(Witness::NotaryOfCredentials(&seen(facts(), true)), &key()).0.to_bytes();
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut changed = file.clone();
            changed[at] ^= 1 << bit;
            if let Ok(read) = SignedCapture::from_bytes(&changed) {
                assert_eq!(read.to_bytes(), changed, "one encoding only");
                assert!(read.verify_signature().is_err(), "byte {at}");
            }
        }
        assert!(SignedCapture::from_bytes(&file[..at]).is_err());
    }
}

#[test]
fn facts_that_no_honest_notary_states_are_refused() {
    let long = |length: usize| "a".repeat(length);
    let lies = [
        Facts { library: String::new(), ..facts() },
        Facts { library: long(49), ..facts() },
        Facts { library: "c2pa \u{202e}".into(), ..facts() },
        Facts { library: " c2pa".into(), ..facts() },
        // Trusted, and yet no anchor; not trusted, and nothing that was accepted; bytes left out, and nobody accepted that.
        Facts { signer: None, ..facts() },
        Facts { state: State::Invalid, ..facts() },
        Facts { state: State::Valid, ..facts() },
        Facts { only_manifest: false, ..facts() },
        Facts { state: State::Invalid, accepted: vec!["b".into(), "a".into()], ..facts() },
        Facts { state: State::Invalid, accepted: vec!["a".into(), "a".into()], ..facts() },
        Facts { state: State::Invalid, accepted: ('a'..='i').map(String::from).collect(), ..facts() },
        Facts { state: State::Invalid, accepted: vec!["a\"b".into()], ..facts() },
        Facts { signer: Some(String::new()), ..facts() },
        Facts { signer: Some(long(129)), ..facts() },
        Facts { signer: Some("a\u{202e}b".into()), ..facts() },
        Facts { signer: Some("a  b".into()), ..facts() },
        Facts { source_type: Some(long(97)), ..facts() },
        Facts { source_type: Some(String::new()), ..facts() },
        Facts { action: Some("c2pa<b>".into()), ..facts() },
    ];
    for lie in lies {
        let shown = format!("{lie:?}");
        let seen = seen(lie, true);
        let outcome = attest_as(Witness::NotaryOfCredentials(&seen), &jpeg(16, 8, false, &exif_block(1)), &key(), &Policy::default(), TIME);
        assert!(outcome.is_err(), "{shown}");
    }
}

#[test]
fn a_notary_s_key_never_counts_as_a_camera_s_nor_the_reverse() {
    let (camera, notary) = (key(), key());
    let devices = TrustedDevices::from_pems([camera.public().to_pem().as_str()]).expect("a key");
    let notaries = TrustedNotaries::from_pems([notary.public().to_pem().as_str()]).expect("a key");
    let seen = seen(facts(), true);
    for witness in [Witness::Device, Witness::Notary, Witness::NotaryOfCredentials(&seen)] {
        for (key, is_notary) in [(&camera, false), (&notary, true)] {
            let (capture, _) = made(witness, key);
            let as_notary = capture.statement.source().is_notary();
            let expected = if as_notary == is_notary { Ok(()) } else { Err(CaptureError::Untrusted) };
            assert_eq!(capture.verify(&devices, &notaries), expected, "{witness:?}");
        }
    }
    // Version 2 is a device's, whoever signs.
    let old = in_version_2(&made(Witness::Device, &camera).0);
    for (key, expected) in [(&camera, Ok(())), (&notary, Err(CaptureError::WrongDevice))] {
        assert_eq!(signed(b"zkimg-capture-signature-v1\0", &old, key).verify(&devices, &notaries), expected);
    }
    let own = in_version_2(&made(Witness::Device, &notary).0);
    assert_eq!(signed(b"zkimg-capture-signature-v1\0", &own, &notary).verify(&devices, &notaries), Err(CaptureError::Untrusted));
}

#[test]
fn a_signature_under_another_s_prefix_is_none() {
    const PREFIXES: [&[u8]; 5] = [
        b"zkimg-capture-signature-v1\0",
        b"zkimg-notary-signature-v1\0",
        b"zkimg-maker-signature-v1\0",
        b"zkimg-card-signature-v1\0",
        b"zkimg-enrolment-signature-v1\0",
    ];
    let (key, seen) = (key(), seen(facts(), true));
    let device = made(Witness::Device, &key).0;
    let notaries = [Witness::Notary, Witness::NotaryOfCredentials(&seen)].map(|witness| made(witness, &key).0.statement);
    let all = [(device.statement.clone(), 0), (in_version_2(&device), 0)].into_iter().chain(notaries.map(|statement| (statement, 1)));
    for (statement, right) in all {
        for (at, prefix) in PREFIXES.into_iter().enumerate() {
            assert_eq!(signed(prefix, &statement, &key).verify_signature().is_ok(), at == right, "{prefix:?} {statement:?}");
        }
    }
}

#[test]
fn a_kind_cannot_be_changed_without_the_key() {
    let (capture, _) = made(Witness::Notary, &key());
    let mut bytes = capture.to_bytes();
    let source = bytes.len() - 64 - 33 - 1;
    assert_eq!(bytes[source], 2);
    bytes[source] = 0;
    let forged = SignedCapture::from_bytes(&bytes).expect("well formed");
    assert!(!forged.statement.source().is_notary());
    assert_eq!(forged.verify_signature(), Err(CaptureError::Signature));
    // Nor is a file of one version read with a statement of another.
    bytes[8] = 2;
    assert_eq!(SignedCapture::from_bytes(&bytes), Err(CaptureError::Invalid("version")));
}

#[test]
fn whether_the_camera_s_hash_covers_a_field_is_hidden_with_it_and_cannot_be_changed() {
    for covered in [true, false] {
        let seen = seen(facts(), covered);
        let (capture, negative) = made(Witness::NotaryOfCredentials(&seen), &key());
        let right = if covered { Backing::Covered } else { Backing::NotCovered };
        for field in ExifField::ALL {
            let opening = negative.opening(Label::Exif(field)).expect("hidden");
            assert_eq!(opening.backing(), right);
            for wrong in [Backing::Unsaid, Backing::Alone, Backing::Covered, Backing::NotCovered].into_iter().filter(|b| *b != right) {
                let lie = Opening::new(opening.label(), wrong, opening.value().map(<[u8]>::to_vec), *opening.salt());
                assert_eq!(capture.statement.check(&lie), Err(CaptureError::Opening(field.name())));
            }
        }
    }
    // Both statements show as much, with and without an EXIF block: no field can be told to exist.
    let lengths = [exif_block(1), Vec::new()].map(|exif| {
        let seen = seen(facts(), true);
        let photo = jpeg(16, 8, false, &exif);
        let (capture, _) = attest_as(Witness::NotaryOfCredentials(&seen), &photo, &key(), &Policy::default(), TIME).expect("a small photo");
        let statement = capture.statement.to_bytes();
        let tail = statement.len() - 5 * 32;
        (statement.len(), statement[53 + 2 + 16 * 32 + 33 + 33..tail].to_vec())
    });
    assert_eq!(lengths[0], lengths[1]);
}

/// Whoever signs can put any digest into a statement; of one that says what cannot be, nothing is taken.
#[test]
fn a_backing_that_the_source_cannot_have_is_refused_though_it_was_signed() {
    /// Where the digest of the first field stands in a statement.
    const DIGESTS: usize = 55;
    let seen = seen(facts(), true);
    let (device, notary) = (made(Witness::Device, &key()).0, made(Witness::NotaryOfCredentials(&seen), &key()).0);
    let old = in_version_2(&device);
    let all = [Backing::Unsaid, Backing::Alone, Backing::Covered, Backing::NotCovered];
    for (statement, right) in [
        (&old, &[Backing::Unsaid][..]),
        (&device.statement, &[Backing::Alone]),
        (&made(Witness::Notary, &key()).0.statement, &[Backing::Alone]),
        (&notary.statement, &[Backing::Covered, Backing::NotCovered]),
    ] {
        for backing in all {
            let opening = Opening::new(Label::Exif(ExifField::Make), backing, Some(b"Nikon".to_vec()), [9; 32]);
            let mut bytes = statement.to_bytes();
            bytes[DIGESTS..DIGESTS + 32].copy_from_slice(&opening.digest());
            let statement = CaptureStatement::from_bytes(&bytes).expect("well formed");
            assert_eq!(statement.check(&opening).is_ok(), right.contains(&backing), "{backing:?} {:?}", statement.source());
        }
    }
}

#[test]
fn a_value_of_the_credentials_opens_as_no_other_and_in_no_other_statement() {
    let seen = seen(facts(), true);
    let (capture, negative) = made(Witness::NotaryOfCredentials(&seen), &key());
    let generator = negative.opening(Label::Generator).expect("hidden");
    for label in [Label::Exif(ExifField::Model), Label::ManifestLabel, Label::File, Label::Device] {
        let lie = Opening::new(label, generator.backing(), generator.value().map(<[u8]>::to_vec), *generator.salt());
        assert!(capture.statement.check(&lie).is_err());
    }
    let (device, negative) = made(Witness::Device, &key());
    assert!(device.statement.check(generator).is_err());
    let make = negative.opening(Label::Exif(ExifField::Make)).expect("hidden");
    let old = in_version_2(&device);
    assert_eq!((device.statement.check(make), old.check(make)), (Ok(()), Err(CaptureError::Opening("make"))));
}

/// A well-formed capture of a notary, some bytes of which are then changed.
fn spoiled_capture() -> impl Strategy<Value = Vec<u8>> {
    spoiled(made(Witness::NotaryOfCredentials(&seen(facts(), true)), &key()).0.to_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn changed_captures_have_one_form_or_none(bytes in spoiled_capture()) {
        if let Ok(capture) = SignedCapture::from_bytes(&bytes) {
            prop_assert_eq!(capture.to_bytes(), bytes);
        }
    }
}
