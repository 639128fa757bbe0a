//! Pictures from strangers never panic a decoder.

mod files;
mod strangers;

use proptest::prelude::*;
use strangers::{behind, spoiled};
use zkimg_picture::ExifValues;
use zkimg_picture::image::decode;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

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
}
