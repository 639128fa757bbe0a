//! The codes of lossless WebPs: those of libwebp are read, and none that the decoder would stop at or that ask for far more than a picture needs.

#[path = "webp_codes/write.rs"]
mod write;

use write::{Bits, any_two, deep, file, header, one, two};
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
    two(&mut bits, [0, last & 255]);
    two(&mut bits, [0, last >> 8]);
    [0, 255, 0].into_iter().for_each(|symbol| one(&mut bits, symbol));
    (0..parts).for_each(|_| bits.put(&[(3, 2)]));
    (0..5 * parts).for_each(|_| deep(&mut bits));
    refused(&file(&bits), "more codes than any picture needs");
}

/// Many small groups, which take long to read.
#[test]
fn more_groups_than_an_encoder_makes_are_refused() {
    let with = |groups: u32| {
        let mut bits = Bits::default();
        header(&mut bits, 512, 512);
        bits.put(&[(1, 1), (0, 3), (0, 1)]);
        // Each of 128 × 128 parts has the last of them.
        [(groups - 1) & 255, (groups - 1) >> 8, 0, 255, 0].into_iter().for_each(|symbol| one(&mut bits, symbol));
        (0..groups).for_each(|_| [1, 2, 3, 255, 0].into_iter().for_each(|symbol| one(&mut bits, symbol)));
        file(&bits)
    };
    assert!(decode(&with(1 << 12)).is_ok());
    refused(&with((1 << 12) + 1), "more groups of codes than any encoder makes");
}

/// A cache of two colours, and a code of two words: a literal green, and one of the slots.
fn cached(bits: &mut Bits, (green, slot): (u32, u32), large: bool) {
    bits.put(&[(1, 1), (1, 4)]);
    if large {
        // One group of codes.
        bits.put(&[(0, 1)]);
    }
    any_two(bits, 256 + 24 + 2, [green, 256 + 24 + slot]);
    [0, 0, 255, 0].into_iter().for_each(|symbol| one(bits, symbol));
    // The literal, and the slot twice.
    bits.put(&[(0, 1), (1, 1), (1, 1)]);
}

/// Our decoder does not put such a colour into the cache again, and libwebp does: from then on they take different colours from it.
#[test]
fn a_colour_that_was_not_put_into_the_cache_is_refused() {
    let picture = |green: u32, slot: u32| {
        let mut bits = Bits::default();
        bits.put(&[(0x2f, 8), (2, 14), (0, 14), (0, 1), (0, 3), (0, 1)]);
        cached(&mut bits, (green, slot), true);
        file(&bits)
    };
    // The same in a picture of predictors: of 9 × 4 pixels, in blocks of four.
    let predictors = |green: u32, slot: u32| {
        let mut bits = Bits::default();
        bits.put(&[(0x2f, 8), (8, 14), (3, 14), (0, 1), (0, 3), (1, 1), (0, 2), (0, 3)]);
        cached(&mut bits, (green, slot), false);
        bits.put(&[(0, 1), (0, 1), (0, 1)]);
        [0, 0, 0, 0, 0].into_iter().for_each(|symbol| one(&mut bits, symbol));
        file(&bits)
    };
    // Opaque black is kept in the first slot, a green of 2 in the second.
    for (green, kept) in [(0, 0), (2, 1)] {
        let read = Picture::decode(&picture(green, kept)).expect("a picture");
        assert_eq!(read.cells()[3..6], [green as u8; 3]);
        assert!(decode(&predictors(green, kept)).is_ok());
    }
    const NOT_THERE: &str = "a colour of its cache that was not put there";
    refused(&picture(0, 1), NOT_THERE);
    refused(&predictors(0, 1), NOT_THERE);
    // Transparent black, which a cache begins with, belongs into the first.
    refused(&picture(2, 0), "transparent");
    assert!(decode(&predictors(2, 0)).is_ok());
}

/// libwebp takes 14 for none and 28 for 12, our decoder predicts nothing for either.
#[test]
fn a_predictor_that_does_not_exist_is_refused() {
    let with = |mode: u32| {
        let mut bits = Bits::default();
        bits.put(&[(0x2f, 8), (8, 14), (3, 14), (0, 1), (0, 3), (1, 1), (0, 2), (0, 3), (0, 1)]);
        [mode, 0, 0, 255, 0].into_iter().for_each(|symbol| one(&mut bits, symbol));
        bits.put(&[(0, 1), (0, 1), (0, 1)]);
        [0, 0, 0, 0, 0].into_iter().for_each(|symbol| one(&mut bits, symbol));
        file(&bits)
    };
    assert!(decode(&with(13)).is_ok());
    for mode in [14, 15, 16, 28, 255] {
        refused(&with(mode), "a predictor that does not exist");
    }
}

/// Two words for one symbol are a code of no bits in libwebp; and the smaller of two symbols has the word 0 there, in our decoder the first one.
#[test]
fn two_symbols_that_are_not_in_order_are_refused() {
    let with = |symbols: [u32; 2]| {
        let mut bits = Bits::default();
        header(&mut bits, 2, 1);
        bits.put(&[(0, 1)]);
        two(&mut bits, symbols);
        [0, 0, 255, 0].into_iter().for_each(|symbol| one(&mut bits, symbol));
        bits.put(&[(2, 2)]);
        file(&bits)
    };
    assert_eq!(Picture::decode(&with([3, 5])).expect("a picture").cells()[2..4], [3, 5]);
    for symbols in [[5, 3], [4, 4]] {
        refused(&with(symbols), "its two symbols out of order");
    }
}
