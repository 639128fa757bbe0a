//! The codes of lossless WebPs: those of libwebp are read, and none that the decoder would stop at or that ask for far more than a picture needs.

#[path = "webp_codes/write.rs"]
mod write;

use write::{Bits, deep, file, header, one};
use zkimg_picture::image::decode;
use zkimg_picture::{Picture, PublishedFile};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/webp/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a fixture")
}

#[track_caller]
fn refused(file: &[u8], part: &str) {
    for error in [decode(file).expect_err("refused"), PublishedFile::read(file).expect_err("refused")] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

/// Several groups of codes, a cache of colours, predictors, colours from green; a palette of few colours.
#[test]
fn pictures_of_libwebp_have_codes_that_are_whole() {
    for name in ["groups", "palette"] {
        let theirs = Picture::decode(&fixture(&format!("{name}.png"))).expect("as it was given to libwebp");
        assert_eq!(Picture::decode(&fixture(&format!("{name}.webp"))), Ok(theirs), "{name}");
    }
}

/// Twice as many words as there are, which image-webp 0.2.4 takes for a whole code: a sum of 16 bits comes to zero again.
#[test]
fn a_code_with_too_many_words_is_refused() {
    refused(&fixture("overfull.webp"), "one of its prefix codes is not whole");
}

/// A few bits for each group of codes, and a decoder makes five tables of each.
#[test]
fn more_codes_than_a_picture_needs_are_refused() {
    // One part, which is said to be of the last of 2^16 groups.
    let mut bits = Bits::default();
    header(&mut bits, 160, 128);
    bits.put(&[(1, 1), (7, 3), (0, 1)]);
    [255, 255, 0, 255, 0].into_iter().for_each(|symbol| one(&mut bits, symbol));
    refused(&file(&bits), "more groups of codes than parts");
    // 40 × 32 parts, each with a group of its own, of codes of up to ten bits.
    let mut bits = Bits::default();
    header(&mut bits, 160, 128);
    bits.put(&[(1, 1), (0, 3), (0, 1)]);
    // Two symbols of green, and two of red: together enough to name the last group; the first pixel does.
    let (last, parts) = (160 / 4 * (128 / 4) - 1, 160 / 4 * (128 / 4));
    bits.put(&[(1, 1), (1, 1), (1, 1), (last & 255, 8), (0, 8)]);
    bits.put(&[(1, 1), (1, 1), (1, 1), (last >> 8, 8), (0, 8)]);
    [0, 255, 0].into_iter().for_each(|symbol| one(&mut bits, symbol));
    (0..parts).for_each(|_| bits.put(&[(0, 2)]));
    (0..5 * parts).for_each(|_| deep(&mut bits));
    refused(&file(&bits), "more codes than any picture needs");
}
