//! Photos as TIFF: what is read is exact, and everything else is refused before anything large is allocated.

mod files;
mod strangers;
#[path = "files/tiff.rs"]
mod tiffs;

use files::{gradient, icc};
use proptest::prelude::*;
use strangers::spoiled;
use tiffs::{Order, tiff};
use zkimg_picture::image::{announced, decode};
use zkimg_picture::{Dims, ExifField, Format, Picture, PictureError, PublishedFile, embed};

const ORDERS: [Order; 2] = [Order { big: false }, Order { big: true }];

fn refused(file: &[u8]) -> PictureError {
    decode(file).expect_err("this file must be refused")
}

/// `[c][y][x]`.
fn planar(samples: &[u8], channels: usize, kept: usize) -> Vec<u8> {
    (0..kept).flat_map(|c| samples.iter().skip(c).step_by(channels).copied()).collect()
}

/// With one entry another.
fn with(order: Order, number: u16, kind: u16, value: Vec<u8>) -> Vec<u8> {
    let samples = gradient(5, 4, 3);
    let mut entries = order.entries(5, 4, 3, 8, samples.len());
    entries.retain(|entry| entry.0 != number);
    entries.push((number, kind, value));
    order.file(entries, 0, &samples)
}

#[test]
fn eight_and_sixteen_bits_in_both_orders_of_bytes() {
    for order in ORDERS {
        for (channels, kept) in [(1, 1), (2, 1), (3, 3), (4, 3)] {
            let mut samples = gradient(5, 4, channels);
            if channels != kept {
                samples.iter_mut().skip(kept).step_by(channels).for_each(|alpha| *alpha = 255);
            }
            let file = order.file(order.entries(5, 4, channels, 8, samples.len()), 0, &samples);
            let photo = decode(&file).expect("a plain TIFF");
            assert_eq!(*photo.picture.dims(), Dims { channels: kept, height: 4, width: 5 });
            assert_eq!((photo.picture.cells(), photo.decoder), (&planar(&samples, channels, kept)[..], "tiff 0.11.3"));
            // As far from the byte as it may be.
            let wide: Vec<u8> = samples
                .iter()
                .flat_map(|byte| order.short((257 * u16::from(*byte)).saturating_add(if *byte < 255 { 128 } else { 0 })))
                .collect();
            let file = order.file(order.entries(5, 4, channels, 16, wide.len()), 0, &wide);
            let deep = decode(&file).expect("rounded");
            assert_eq!((deep.picture, deep.decoder), (photo.picture, "tiff 0.11.3 16 to 8 bits"));
        }
    }
}

/// Written by somebody else's program, compressed.
#[test]
fn what_libtiff_compresses_is_read() {
    let samples: Vec<u8> = (0..33 * 20 * 3).map(|i| (i * 7 + i / 99) as u8).collect();
    for name in ["lzw", "deflate", "packbits", "predictor", "tiled", "deep"] {
        let file = std::fs::read(format!("{}/tests/tiff/{name}.tif", env!("CARGO_MANIFEST_DIR"))).expect("a fixture");
        let picture = Picture::decode(&file).expect(name);
        assert_eq!(picture.cells(), planar(&samples, 3, 3), "{name}");
        // Its data cut short.
        assert!(Picture::decode(&file[..file.len() - 9]).is_err(), "{name}");
    }
}

#[test]
fn orientation_fields_and_profile_are_read() {
    let order = Order { big: true };
    let samples = gradient(5, 4, 3);
    let mut entries = order.entries(5, 4, 3, 8, samples.len());
    entries.push((274, 3, order.short(6)));
    entries.push((272, 2, b"Model 7\0".to_vec()));
    entries.push((34675, 7, icc(b"RGB ", "Made for tests")));
    let photo = decode(&order.file(entries, 0, &samples)).expect("a TIFF");
    assert_eq!((photo.picture.dims().width, photo.picture.dims().height), (4, 5));
    assert_eq!((photo.exif.get(ExifField::Model), photo.exif.orientation()), (Some("Model 7"), 6));
    assert_eq!(photo.picture.profile().icc().and_then(|icc| icc.name()).as_deref(), Some("Made for tests"));
    let xmp = with(order, 700, 7, b"<x tiff:Orientation=\"6\"/>".to_vec());
    assert_eq!(refused(&xmp), PictureError::TurnedByText(Format::Tiff, "XMP"));
}

/// A preview is never taken for the photo.
#[test]
fn camera_raw_is_refused() {
    let order = Order { big: false };
    let raw = |file: &[u8]| matches!(refused(file), PictureError::Raw(_));
    assert!(raw(&with(order, 50706, 7, vec![1, 4, 0, 0])), "DNG");
    assert!(raw(&with(order, 254, 4, order.long(1))), "a preview first, as NEF and ARW have");
    assert!(raw(&with(order, 262, 3, order.short(32803))) && raw(&with(order, 262, 3, order.short(34892))), "no pixels yet");
    assert!(raw(&with(order, 259, 3, order.short(34713))) && raw(&with(order, 259, 3, order.short(32767))), "NEF, ARW");
    let samples = gradient(5, 4, 3);
    let mut below = order.entries(5, 4, 3, 8, samples.len());
    below.push((330, 4, order.long(8)));
    assert!(decode(&order.file(below.clone(), 0, &samples)).is_ok(), "an editor's");
    below.push((271, 2, b"NIKON CORPORATION\0".to_vec()));
    assert!(raw(&order.file(below, 0, &samples)), "a camera's");
    let mut cr2 = b"II*\0\x10\0\0\0CR\x02\0\0\0\0\0".to_vec();
    cr2.extend([1, 0, 0, 1, 4, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(refused(&cr2), PictureError::Raw("CR2"));
}

#[test]
fn what_is_no_plain_picture_is_refused_by_its_reason() {
    for order in ORDERS {
        assert_eq!(refused(&with(order, 262, 3, order.short(5))), PictureError::Cmyk(Format::Tiff));
        let samples = gradient(5, 4, 3);
        assert_eq!(refused(&order.file(order.entries(5, 4, 3, 8, 60), 8, &samples)), PictureError::Pages);
        for (number, value, why) in [
            (262, 3, "palette"),
            (262, 0, "neither grey nor RGB"),
            (262, 6, "neither grey nor RGB"),
            (259, 7, "a JPEG"),
            (259, 50000, "compressed in a way"),
            (284, 2, "pixel by pixel"),
            (266, 2, "pixel by pixel"),
            (277, 4, "beside its colours"),
        ] {
            let sentence = refused(&with(order, number, 3, order.short(value))).to_string();
            assert!(sentence.contains(why), "{number}: {sentence}");
        }
        for bits in [[8, 8, 16], [12, 12, 12], [32, 32, 32]] {
            let bits = bits.into_iter().flat_map(|bits| order.short(bits)).collect();
            assert!(refused(&with(order, 258, 3, bits)).to_string().contains("neither 8 nor 16 bits"));
        }
        assert!(refused(&with(order, 339, 3, order.short(3).repeat(3))).to_string().contains("no unsigned integers"));
    }
    let mut clear = gradient(5, 4, 4);
    clear.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = 255);
    clear[3] = 254;
    assert_eq!(refused(&tiff(5, 4, 4, &clear)), PictureError::Transparent(Format::Tiff));
}

#[test]
fn a_size_or_data_that_cannot_be_is_refused_before_anything_is_allocated() {
    let order = Order { big: false };
    let samples = gradient(5, 4, 3);
    let sized = |width, height| order.file(order.entries(width, height, 3, 8, samples.len()), 0, &samples);
    for (width, height) in [(32769, 1), (1, 32769), (32768, 32768), (u32::MAX, u32::MAX), (0, 4)] {
        assert_eq!(refused(&sized(width, height)), PictureError::TooLarge { width: width as usize, height: height as usize });
    }
    // Allowed as a size, and far more than the data can hold, however it is compressed.
    assert_eq!(refused(&sized(16384, 16384)), PictureError::CutShort(Format::Tiff));
    for compression in [5, 8, 32773] {
        let mut entries = order.entries(16384, 16384, 3, 8, samples.len());
        entries.retain(|entry| entry.0 != 259);
        entries.push((259, 3, order.short(compression)));
        assert_eq!(refused(&order.file(entries, 0, &samples)), PictureError::CutShort(Format::Tiff));
    }
    // Data beyond the file, and data that is used again and again.
    assert_eq!(refused(&with(order, 279, 4, order.long(61))), PictureError::CutShort(Format::Tiff));
    let mut entries = order.entries(5, 4, 3, 8, 60);
    entries.retain(|entry| !matches!(entry.0, 279 | 278 | 325 | 324));
    let file = order.file(entries.clone(), 0, &samples);
    entries.extend([(322, 4, order.long(16)), (323, 4, order.long(16))]);
    entries.extend([(324, 4, order.long(8).repeat(9)), (325, 4, order.long(file.len() as u32 - 8).repeat(9))]);
    assert!(refused(&order.file(entries, 0, &samples)).to_string().contains("in the same place"));
}

/// With further entries, also of a number that is there already.
fn with_more(order: Order, more: &[(u16, u16, Vec<u8>)]) -> Vec<u8> {
    let samples = gradient(5, 4, 3);
    order.file([order.entries(5, 4, 3, 8, samples.len()), more.to_vec()].concat(), 0, &samples)
}

/// Our decoder takes the last of two entries, libtiff the first.
#[test]
fn an_entry_that_is_there_twice_is_refused() {
    for order in ORDERS {
        let twice = |number: u16, values: [u16; 2]| with_more(order, &values.map(|value| (number, 3, order.short(value))));
        for (number, values) in [(274, [1, 3]), (274, [1, 1]), (278, [4, 2]), (317, [1, 2]), (254, [0, 1]), (254, [1, 0]), (50000, [1, 1])]
        {
            let sentence = refused(&twice(number, values)).to_string();
            assert!(sentence.contains("there twice") || sentence.contains("preview first"), "{number}: {sentence}");
        }
        assert!(decode(&with_more(order, &[(274, 3, order.short(1)), (317, 3, order.short(1))])).is_ok());
        // Out of order: what a program finds depends on how it looks for it.
        let mut file = with_more(order, &[]);
        let (first, second) = (10..22, 22..34);
        let entry = file[first.clone()].to_vec();
        file.copy_within(second.clone(), first.start);
        file[second].copy_from_slice(&entry);
        assert!(refused(&file).to_string().contains("ascending order"));
    }
}

#[test]
fn what_programs_take_in_two_ways_is_refused() {
    for order in ORDERS {
        let why = |number: u16, kind: u16, value: Vec<u8>| refused(&with(order, number, kind, value)).to_string();
        // Differences between samples, where only some programs undo them.
        for predictor in [2, 3, 0] {
            assert!(why(317, 3, order.short(predictor)).contains("Predictor"));
        }
        let of = |compression: u16, predictor: u16| {
            refused(&with_more_of(order, compression, &[(317, 3, order.short(predictor))])).to_string().contains("Predictor")
        };
        assert!(of(32773, 2) && of(5, 3) && of(8, 3) && !of(5, 2) && !of(8, 2) && !of(32946, 2));
        // An orientation is one number of two bytes.
        assert!(why(274, 3, order.short(3).repeat(2)).contains("orientation is malformed"));
        assert!(why(274, 4, order.long(3)).contains("orientation is malformed"));
        // A kind of picture that cannot be read is none that is not there.
        assert!(why(254, 2, b"1234\0".to_vec()).contains("malformed") && why(254, 4, order.long(0).repeat(2)).contains("malformed"));
        assert!(why(255, 3, order.short(2)).contains("preview first"));
        assert!(decode(&with(order, 255, 3, order.short(1))).is_ok() && decode(&with(order, 254, 4, order.long(0))).is_ok());
        // Samples of another kind than the decoder takes them for.
        assert!(decode(&with(order, 339, 8, order.short(2).repeat(3))).is_err());
        // A curve of brightness, which a profile stands above.
        let curve = (301, 3, (0..256).flat_map(|i| order.short(257 * i)).collect::<Vec<u8>>());
        assert!(refused(&with_more(order, std::slice::from_ref(&curve))).to_string().contains("TransferFunction"));
        assert!(decode(&with_more(order, &[curve, (34675, 7, icc(b"RGB ", "x"))])).is_ok());
    }
}

/// The same of another compression.
fn with_more_of(order: Order, compression: u16, more: &[(u16, u16, Vec<u8>)]) -> Vec<u8> {
    let samples = gradient(5, 4, 3);
    let mut entries = order.entries(5, 4, 3, 8, samples.len());
    entries.iter_mut().filter(|entry| entry.0 == 259).for_each(|entry| entry.2 = order.short(compression));
    entries.extend_from_slice(more);
    order.file(entries, 0, &samples)
}

/// Strips that overlap, although together they are no longer than the file.
#[test]
fn no_byte_is_for_two_parts_of_the_picture() {
    let order = Order { big: false };
    let samples = gradient(5, 4, 3);
    let strips = |places: [u32; 2], lengths: &[u32]| {
        let mut entries = order.entries(5, 4, 3, 8, samples.len());
        entries.retain(|entry| !matches!(entry.0, 278 | 279));
        entries.extend([(278, 4, order.long(2)), (279, 4, lengths.iter().flat_map(|length| order.long(*length)).collect())]);
        let mut file = order.file(entries, 0, &[&samples[..], &[0; 60]].concat());
        // Their places, for which the entry has none yet.
        let data = (file.len() - samples.len() - 60) as u32;
        let entry = (10..).step_by(12).find(|at| file[*at..*at + 2] == order.short(273)[..]).expect("the entry");
        let at = file.len() as u32;
        file[entry + 4..entry + 12].copy_from_slice(&[order.long(2), order.long(at)].concat());
        file.extend(places.iter().flat_map(|place| order.long(data + place)));
        file
    };
    let whole = decode(&strips([0, 30], &[30, 30])).expect("two strips");
    assert_eq!(whole.picture, decode(&tiff(5, 4, 3, &samples)).expect("one strip").picture);
    assert!(decode(&strips([30, 0], &[30, 30])).is_ok(), "in any order");
    for places in [[0, 0], [0, 29], [29, 0], [10, 11]] {
        assert!(refused(&strips(places, &[30, 30])).to_string().contains("in the same place"), "{places:?}");
    }
    assert!(refused(&strips([0, 30], &[30, 30, 0])).to_string().contains("where it is and how long"));
}

/// Programs differ in what they show of a TIFF, so none is published.
#[test]
fn a_tiff_is_no_published_picture() {
    let file = tiff(5, 4, 3, &gradient(5, 4, 3));
    assert_eq!(PublishedFile::read(&file).map(drop), Err(PictureError::PublishedTiff));
    assert_eq!(announced(&file), Err(PictureError::PublishedTiff));
    assert_eq!(embed(&file, b"proof"), Err(PictureError::PublishedTiff));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn spoiled_tiffs_never_panic(bytes in spoiled(tiff(9, 7, 3, &gradient(9, 7, 3)))) {
        let _ = decode(&bytes);
    }

    #[test]
    fn spoiled_compressed_tiffs_never_panic(which in 0..4usize, at in any::<prop::sample::Index>(), byte: u8) {
        let name = ["lzw", "deflate", "packbits", "tiled"][which];
        let mut file = std::fs::read(format!("{}/tests/tiff/{name}.tif", env!("CARGO_MANIFEST_DIR"))).expect("a fixture");
        let at = at.index(file.len());
        file[at] = byte;
        let _ = decode(&file);
    }
}
