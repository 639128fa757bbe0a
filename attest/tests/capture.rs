//! Captures: canonical bytes, signatures, and what must be refused.
#![cfg(feature = "prover")]

#[path = "../../picture/tests/files/mod.rs"]
mod files;

use files::{exif_block, gradient, jpeg, png};
use zkimg_attest::{
    Backing, CaptureError, CaptureStatement, Disclosed, KeyError, Label, Negative, Opening, Policy, PublicKey, SignedCapture, SigningKey,
    TrustedDevices, TrustedNotaries, attest,
};
use zkimg_picture::ExifField;

const TIME: u64 = 1_750_000_000;
const POLICIES: [Policy; 4] = [
    Policy { show_time: false, show_device: false },
    Policy { show_time: false, show_device: true },
    Policy { show_time: true, show_device: false },
    Policy { show_time: true, show_device: true },
];

fn key() -> SigningKey {
    SigningKey::generate().expect("randomness")
}

fn small(policy: &Policy) -> (SigningKey, SignedCapture, Negative) {
    let key = key();
    let (capture, negative) = attest(&jpeg(16, 8, false, &exif_block(1)), &key, policy, TIME).expect("a small photo");
    (key, capture, negative)
}

#[test]
fn encoding_is_canonical_and_the_signature_holds() {
    for policy in POLICIES {
        let (key, capture, _) = small(&policy);
        let file = capture.to_bytes();
        let read = SignedCapture::from_bytes(&file).expect("what was written");
        assert_eq!(read, capture);
        assert_eq!(read.to_bytes(), file);
        assert_eq!(CaptureStatement::from_bytes(&capture.statement.to_bytes()), Ok(capture.statement.clone()));
        assert_eq!(read.verify_signature(), Ok(()));
        assert_eq!(read.key, key.public());
        assert_eq!(matches!(read.statement.time(), Disclosed::Shown(TIME)), policy.show_time);
        assert_eq!(*read.statement.device() == Disclosed::Shown(key.public().id()), policy.show_device);
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    let (_, capture, _) = small(&Policy::default());
    let file = capture.to_bytes();
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut changed = file.clone();
            changed[at] ^= 1 << bit;
            if let Ok(read) = SignedCapture::from_bytes(&changed) {
                assert_eq!(read.to_bytes(), changed, "one encoding only");
                let refused = read.verify_signature().expect_err("a changed capture");
                assert!(matches!(refused, CaptureError::Signature | CaptureError::WrongDevice), "byte {at}: {refused}");
            }
        }
    }
}

#[test]
fn cut_and_lengthened_captures_are_refused() {
    let file = small(&Policy::default()).1.to_bytes();
    for length in 0..file.len() {
        assert!(SignedCapture::from_bytes(&file[..length]).is_err());
    }
    assert_eq!(SignedCapture::from_bytes(&[&file[..], b"\0"].concat()), Err(CaptureError::TooLong));
    assert_eq!(SignedCapture::from_bytes(b"This is a text file."), Err(CaptureError::NotACapture));
    let statement = CaptureStatement::from_bytes(&file[14..]);
    assert_eq!(statement, Err(CaptureError::TooLong), "a statement followed by anything");
    let longer = [&file[..10], &2049u32.to_le_bytes(), &[0; 2049]].concat();
    assert_eq!(SignedCapture::from_bytes(&longer), Err(CaptureError::Invalid("statement length")));
}

#[test]
fn a_high_s_is_refused() {
    let (_, capture, _) = small(&Policy::default());
    let (r, s) = capture.signature.split_scalars();
    let high = p256::ecdsa::Signature::from_scalars(r, -s).expect("a signature");
    let forged = SignedCapture { signature: high, ..capture.clone() };
    let read = SignedCapture::from_bytes(&forged.to_bytes()).expect("well formed");
    assert_eq!(read.verify_signature(), Err(CaptureError::Signature));
    assert_eq!(capture.verify_signature(), Ok(()));
}

#[test]
fn another_key_is_refused() {
    for policy in POLICIES {
        let (_, capture, _) = small(&policy);
        let forged = SignedCapture { key: key().public(), ..capture };
        assert_eq!(forged.verify_signature(), Err(CaptureError::Signature));
    }
}

#[test]
fn a_device_that_signs_in_anothers_name_is_refused() {
    use p256::ecdsa::signature::Signer;
    use p256::pkcs8::DecodePrivateKey;
    let (_, capture, _) = small(&Policy::default());
    let thief = key();
    let signer = p256::ecdsa::SigningKey::from_pkcs8_pem(&thief.to_pem()).expect("a key");
    let message = [b"zkimg-capture-signature-v1\0", &capture.statement.to_bytes()[..]].concat();
    let signature: p256::ecdsa::Signature = signer.sign(&message);
    let forged = SignedCapture { statement: capture.statement, key: thief.public(), signature: signature.normalize_s() };
    assert_eq!(forged.verify_signature(), Err(CaptureError::WrongDevice));
}

#[test]
fn only_trusted_devices_are_trusted() {
    let (key, capture, _) = small(&Policy::default());
    let other = self::key().public().to_pem();
    let trusted = TrustedDevices::from_pems([format!("# my camera\n{}\n{other}", key.public().to_pem()).as_str(), &other]).expect("keys");
    assert_eq!(trusted.len(), 2);
    assert_eq!(capture.verify(&trusted, &TrustedNotaries::default()), Ok(()));
    let others = TrustedDevices::from_pems([other.as_str()]).expect("a key");
    assert_eq!(capture.verify(&others, &TrustedNotaries::default()), Err(CaptureError::Untrusted));
    assert_eq!(TrustedDevices::from_pems(["no key here"]).expect_err("no key"), KeyError::NoKey);
    assert_eq!(TrustedDevices::from_pems([&other[..60]]).expect_err("half a key"), KeyError::NoEnd(1));
}

#[test]
fn keys_are_read_back_and_other_encodings_refused() {
    let key = key();
    let public = key.public();
    assert_eq!(SigningKey::from_pem(&key.to_pem()).expect("a key").public(), public);
    assert_eq!(PublicKey::from_pem(&public.to_pem()), Ok(public.clone()));
    assert_eq!(PublicKey::from_bytes(&public.to_bytes()), Ok(public.clone()));
    assert_eq!(SigningKey::from_pem(&public.to_pem()).expect_err("public"), KeyError::Private);
    assert_eq!(PublicKey::from_pem(&key.to_pem()), Err(KeyError::Public));
    for tag in (0..=255).filter(|tag| !matches!(tag, 2 | 3)) {
        let mut bytes = public.to_bytes();
        bytes[0] = tag;
        assert_eq!(PublicKey::from_bytes(&bytes), Err(KeyError::Compressed));
    }
    let mut beyond = [0xff; 33];
    beyond[0] = 2;
    assert_eq!(PublicKey::from_bytes(&beyond), Err(KeyError::Compressed));
}

#[test]
fn two_captures_of_one_photo_have_nothing_in_common() {
    let photo = png(20, 10, 3, 8, &gradient(20, 10, 3));
    let key = key();
    let hidden = Policy { show_time: false, show_device: false };
    let (a, na) = attest(&photo, &key, &hidden, TIME).expect("a photo");
    let (b, nb) = attest(&photo, &key, &hidden, TIME).expect("a photo");
    assert_ne!(a.statement.root(), b.statement.root());
    assert!(na.rows().iter().zip(nb.rows()).all(|(x, y)| x != y));
    assert!(na.blinders().iter().zip(nb.blinders()).all(|(x, y)| x != y));
    assert_eq!(na.pixels(), nb.pixels());
    let mut digests: Vec<_> =
        [&a, &b].iter().flat_map(|c| c.statement.hidden_labels().map(|l| *c.statement.digest(l).expect("hidden"))).collect();
    assert_eq!(digests.len(), 2 * 18);
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 2 * 18);
    assert_ne!(a.signature, b.signature);
}

#[test]
fn hidden_values_open_to_what_was_signed_and_to_nothing_else() {
    let (key, capture, negative) = small(&Policy { show_time: false, show_device: false });
    let model = negative.opening(Label::Exif(ExifField::Model)).expect("hidden");
    assert_eq!(model.value(), Some(b"Model 1".as_slice()));
    assert_eq!(capture.statement.check(model), Ok(()));
    for (value, salt) in [
        (Some(b"Model 2".to_vec()), *model.salt()),
        (Some(Vec::new()), *model.salt()),
        (None, *model.salt()),
        (Some(b"Model 1".to_vec()), [0; 32]),
    ] {
        let lie = Opening::new(model.label(), Backing::Alone, value, salt);
        assert_eq!(capture.statement.check(&lie), Err(CaptureError::Opening("model")));
    }
    let elsewhere = Opening::new(Label::Exif(ExifField::Make), Backing::Alone, Some(b"Model 1".to_vec()), *model.salt());
    assert_eq!(capture.statement.check(&elsewhere), Err(CaptureError::Opening("make")));
    assert_eq!(negative.opening(Label::Time).and_then(Opening::value), Some(TIME.to_le_bytes().as_slice()));
    assert_eq!(negative.opening(Label::Device).and_then(Opening::value), Some(key.public().id().as_slice()));
    let (_, _, shown) = small(&Policy { show_time: true, show_device: true });
    assert!(shown.opening(Label::Time).is_none() && shown.opening(Label::Device).is_none());
}

#[test]
fn absent_and_empty_have_different_digests() {
    let digest = |value: Option<Vec<u8>>| Opening::new(Label::Exif(ExifField::Make), Backing::Alone, value, [7; 32]).digest();
    assert_ne!(digest(None), digest(Some(Vec::new())));
}

#[test]
fn shapes_that_no_camera_commits_to_are_refused() {
    let bytes = small(&Policy::default()).1.statement.to_bytes();
    let with = |at: usize, value: &[u8]| {
        let mut changed = bytes.clone();
        changed[at..at + value.len()].copy_from_slice(value);
        CaptureStatement::from_bytes(&changed)
    };
    assert_eq!(with(8, &[1, 0]), Err(CaptureError::Version(1)));
    assert_eq!(with(10, &[0; 4]), Err(CaptureError::Invalid("size")));
    assert_eq!(with(10, &[0xff; 8]), Err(CaptureError::Invalid("size")));
    assert_eq!(with(18, &[2]), Err(CaptureError::Invalid("number of channels")));
    assert_eq!(with(19, &[16]), Err(CaptureError::Invalid("row length")));
    assert_eq!(with(20, &[3]), Err(CaptureError::Invalid("colour profile")));
    assert_eq!(with(53, &[15]), Err(CaptureError::Invalid("number of EXIF fields")));
}
