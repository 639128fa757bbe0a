//! Bytes from strangers never panic a parser, and what is accepted has one encoding.

mod files;

use proptest::prelude::*;
use zkimg_attest::image::decode;
use zkimg_attest::{CaptureStatement, DevicePublicKey, ExifValues, SignedCapture, TrustedDevices};

/// A file with some bytes changed, and perhaps cut.
fn spoiled(file: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let length = file.len();
    let changes = prop::collection::vec((0..length, any::<u8>()), 1..8);
    (changes, prop::option::weighted(0.2, 0..length)).prop_map(move |(changes, cut)| {
        let mut file = file.clone();
        changes.into_iter().for_each(|(at, byte)| file[at] = byte);
        file.truncate(cut.unwrap_or(length));
        file
    })
}

/// Random bytes behind a file's first ones.
fn behind(head: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..2000).prop_map(move |tail| [head, &tail].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn captures(bytes in prop_oneof![behind(b""), behind(b"zkimgsig\x01\0"), behind(b"zkimgcap\x01\0")]) {
        let _ = CaptureStatement::from_bytes(&bytes);
        if let Ok(capture) = SignedCapture::from_bytes(&bytes) {
            prop_assert_eq!(capture.to_bytes(), bytes);
        }
    }

    #[test]
    fn pictures(bytes in prop_oneof![behind(b""), behind(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"), behind(b"\xff\xd8\xff")]) {
        let _ = decode(&bytes);
    }

    #[test]
    fn spoiled_jpegs(bytes in spoiled(files::jpeg(40, 24, false, &files::exif_block(6)))) {
        let _ = decode(&bytes);
    }

    #[test]
    fn spoiled_progressive_jpegs(bytes in spoiled(files::jpeg(40, 24, true, &[]))) {
        let _ = decode(&bytes);
    }

    #[test]
    fn spoiled_pngs(bytes in spoiled(files::with_exif_chunk(&files::png(9, 7, 3, 8, &files::gradient(9, 7, 3)), &files::exif_block(5)))) {
        let _ = decode(&bytes);
    }

    #[test]
    fn spoiled_exif(bytes in spoiled(files::exif_block(3))) {
        let values = ExifValues::read(&bytes);
        prop_assert!((1..=8).contains(&values.orientation()));
    }

    #[test]
    fn random_exif(bytes in prop_oneof![behind(b"II*\0\x08\0\0\0"), behind(b"MM\0*\0\0\0\x08")]) {
        let _ = ExifValues::read(&bytes);
    }

    #[test]
    fn keys(bytes in any::<[u8; 32]>(), tag in 0u8..6, text in ".*") {
        let mut point = [tag; 33];
        point[1..].copy_from_slice(&bytes);
        if let Ok(key) = DevicePublicKey::from_bytes(&point) {
            prop_assert_eq!(key.to_bytes(), point);
        }
        let _ = TrustedDevices::from_pems([format!("-----BEGIN PUBLIC KEY-----{text}-----END PUBLIC KEY-----").as_str(), &text]);
    }
}

#[cfg(feature = "prover")]
proptest! {
    #[test]
    fn negatives(bytes in prop_oneof![behind(b""), behind(b"zkimgneg\x02\0")]) {
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
    let key = zkimg_attest::DeviceKey::generate().expect("randomness");
    let photo = files::png(5, 4, 1, 8, &files::gradient(5, 4, 1));
    let (_, negative) = zkimg_attest::attest(&photo, &key, &zkimg_attest::Policy::default(), 1).expect("a photo");
    let body = negative.to_bytes();
    spoiled(body[..body.len() - 32].to_vec()).prop_map(|body| {
        let sum = blake2b_simd::blake2bp::Params::new().hash_length(32).hash(&body);
        [&body, sum.as_bytes()].concat()
    })
}
