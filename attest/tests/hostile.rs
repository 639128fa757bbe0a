//! Bytes from strangers never panic a parser, and what is accepted has one encoding.

#[cfg(feature = "prover")]
#[path = "../../picture/tests/files/mod.rs"]
mod files;
#[path = "../../picture/tests/strangers/mod.rs"]
mod strangers;

use proptest::prelude::*;
use strangers::behind;
#[cfg(feature = "prover")]
use strangers::spoiled;
use zkimg_attest::{CaptureStatement, PublicKey, SignedCapture, TrustedDevices};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn captures(bytes in prop_oneof![
        behind(b""), behind(b"zkimgsig\x02\0"), behind(b"zkimgcap\x02\0"), behind(b"zkimgsig\x03\0"), behind(b"zkimgcap\x03\0")
    ]) {
        let _ = CaptureStatement::from_bytes(&bytes);
        if let Ok(capture) = SignedCapture::from_bytes(&bytes) {
            prop_assert_eq!(capture.to_bytes(), bytes);
        }
    }

    #[test]
    fn keys(bytes in any::<[u8; 32]>(), tag in 0u8..6, text in ".*") {
        let mut point = [tag; 33];
        point[1..].copy_from_slice(&bytes);
        if let Ok(key) = PublicKey::from_bytes(&point) {
            prop_assert_eq!(key.to_bytes(), point);
        }
        let _ = TrustedDevices::from_pems([format!("-----BEGIN PUBLIC KEY-----{text}-----END PUBLIC KEY-----").as_str(), &text]);
    }
}

#[cfg(feature = "prover")]
proptest! {
    #[test]
    fn negatives(bytes in prop_oneof![behind(b""), behind(b"zkimgneg\x03\0")]) {
        let _ = zkimg_attest::Negative::from_bytes(&bytes);
    }

    /// Behind a right checksum the parser itself is reached.
    #[test]
    fn sealed_negatives(bytes in sealed()) {
        if let Ok(negative) = zkimg_attest::Negative::from_bytes(&bytes) {
            prop_assert_eq!(negative.to_bytes().to_vec(), bytes);
        }
    }
}

#[cfg(feature = "prover")]
fn sealed() -> impl Strategy<Value = Vec<u8>> {
    let key = zkimg_attest::SigningKey::generate().expect("randomness");
    let photo = files::png(5, 4, 1, 8, &files::gradient(5, 4, 1));
    let (_, negative) = zkimg_attest::attest(&photo, &key, &zkimg_attest::Policy::default(), 1).expect("a photo");
    let body = negative.to_bytes();
    spoiled(body[..body.len() - 32].to_vec()).prop_map(|body| {
        let sum = blake2b_simd::blake2bp::Params::new().hash_length(32).hash(&body);
        [&body, sum.as_bytes()].concat()
    })
}
