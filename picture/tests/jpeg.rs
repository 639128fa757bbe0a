//! JPEGs of all kinds: small made files, with the pixels that libjpeg-turbo 3.2 makes of them, and what is refused.

mod files;

use files::{gradient, icc, jpeg, segment_at, with_segment};
use zkimg_picture::image::decode;
use zkimg_picture::{Picture, PictureError};

/// Decoders round differently, and spread coarser colours differently at the borders.
const LEVELS: u8 = 4;

macro_rules! pair {
    ($name:literal) => {
        ($name, include_bytes!(concat!("jpeg/", $name, ".jpg")), include_bytes!(concat!("jpeg/", $name, ".png")))
    };
}

#[test]
fn colours_of_every_sampling_are_those_of_libjpeg() {
    let all: [(&str, &[u8], &[u8]); 7] =
        [pair!("16x16-420"), pair!("17x9-420"), pair!("5x5-420"), pair!("16x8-422"), pair!("8x16-440"), pair!("4x4-411"), pair!("2x2-444")];
    for (name, file, expected) in all {
        let [ours, theirs] = [file, expected].map(|file| Picture::decode(file).expect("a picture"));
        assert_eq!(ours.dims(), theirs.dims());
        let most = ours.cells().iter().zip(theirs.cells()).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(most <= Some(LEVELS), "{name}: {most:?}");
    }
}

/// Our decoder blends the two colour samples of a line, libjpeg repeats them: up to 91 levels apart.
#[test]
fn narrow_jpegs_with_halved_colours_are_refused() {
    let narrow: [&[u8]; 5] = [
        include_bytes!("jpeg/narrow-1x3-420.jpg"),
        include_bytes!("jpeg/narrow-2x2-420.jpg"),
        include_bytes!("jpeg/narrow-3x3-420.jpg"),
        include_bytes!("jpeg/narrow-3x3-422.jpg"),
        include_bytes!("jpeg/narrow-4x4-420.jpg"),
    ];
    for file in narrow {
        assert_eq!(decode(file), Err(PictureError::NarrowJpeg));
    }
}

#[test]
fn kinds_that_are_not_read_are_named() {
    let file = jpeg(16, 16, false, &[]);
    let frame = file.windows(2).position(|w| w == [0xff, 0xc0]).expect("a frame header");
    let with = |at: usize, byte: u8| {
        let mut changed = file.clone();
        changed[frame + at] = byte;
        decode(&changed).expect_err("refused").to_string()
    };
    let kinds = [
        (0xc3, "is lossless (SOF3)"),
        (0xc5, "is hierarchical"),
        (0xc7, "is hierarchical"),
        (0xde, "is hierarchical"),
        (0xc9, "is arithmetic-coded"),
        (0xca, "is arithmetic-coded"),
        (0xcb, "lossless and arithmetic-coded"),
        (0xcf, "hierarchical and arithmetic-coded"),
        (0xf7, "is JPEG-LS"),
    ];
    for (marker, part) in kinds {
        assert!(with(1, marker).contains(part), "{}", with(1, marker));
    }
    assert!(with(4, 12).contains("more than 8 bits"), "{}", with(4, 12));
    for at in [5, 6] {
        let mut flat = file.clone();
        flat[frame + at..frame + at + 2].fill(0);
        let error = decode(&flat).expect_err("refused").to_string();
        assert!(!error.contains('\n') && error.contains(';'), "{error}");
    }
}

#[test]
fn what_cameras_put_around_a_picture_changes_nothing() {
    for progressive in [false, true] {
        let file = jpeg(40, 24, progressive, &[]);
        let picture = decode(&file).expect("a JPEG").picture;
        let body = &file[..file.len() - 2];
        let mpf = with_segment(&file, 0xe2, b"MPF\0II*\0\x08\0\0\0");
        let around = [
            [&mpf[..], &jpeg(8, 8, false, &[])].concat(),
            [body, b"\xff\xff\xff\xff\xff\xd9"].concat(),
            with_segment(&file, 0xfe, &gradient(30, 20, 3)),
        ];
        for file in around {
            assert_eq!(decode(&file).expect("a JPEG").picture, picture);
        }
        // A profile is told apart from a second picture's index: both are in APP2.
        let profile = [b"ICC_PROFILE\0\x01\x01", &icc(b"RGB ", "x")[..]].concat();
        assert!(decode(&with_segment(&mpf, 0xe2, &profile)).expect("a JPEG").picture.profile().icc().is_some());
    }
}

/// Bytes behind the data of a scan belong to no segment: they are passed over or refused, and never change a pixel.
#[test]
fn bytes_before_the_end_marker_change_nothing() {
    for progressive in [false, true] {
        let file = jpeg(40, 24, progressive, &[]);
        let body = &file[..file.len() - 2];
        for extra in [&[0; 1][..], &[0; 7], b"some text", &[0x55; 300]] {
            let picture = decode(&[body, extra, b"\xff\xd9"].concat()).expect("a JPEG").picture;
            assert_eq!(picture, decode(&file).expect("a JPEG").picture, "{} bytes", extra.len());
        }
    }
}

/// Each table is built by the decoder, and takes a few bytes.
#[test]
fn more_tables_than_any_picture_needs_are_refused() {
    let file = jpeg(16, 16, false, &[]);
    let at = file.windows(2).position(|w| w == [0xff, 0xc4]).expect("a table");
    let length = 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
    let with = |bytes: usize| [&file[..at], &file[at..at + length].repeat(bytes / length), &file[at..]].concat();
    assert_eq!(decode(&with(1 << 17)), decode(&file));
    assert!(decode(&with(1 << 19)).expect_err("refused").to_string().contains("more tables"));
}

/// Where a marker of this kind stands.
fn places(file: &[u8], marker: u8) -> Vec<usize> {
    (0..file.len() - 1).filter(|at| file[*at..*at + 2] == [0xff, marker]).collect()
}

/// libjpeg takes for each component the table that is there at its first scan, our decoder those at the first scan of all: one file would show
/// two pictures.
#[test]
fn a_quantisation_table_between_the_scans_is_refused() {
    for progressive in [false, true] {
        let file = jpeg(40, 24, progressive, &[]);
        let mut table = file[segment_at(&file, places(&file, 0xdb)[0])].to_vec();
        table[5..].fill(1);
        let first = places(&file, 0xda)[0];
        let with = |at: usize| [&file[..at], &table, &file[at..]].concat();
        assert_ne!(decode(&with(first)).expect("before the scans").picture, decode(&file).expect("a JPEG").picture);
        for at in places(&file, 0xda).into_iter().skip(1).chain([file.len() - 2]) {
            let error = decode(&with(at)).expect_err("refused").to_string();
            assert!(error.contains("a quantisation table between its scans"), "{error}");
        }
    }
}

/// Decoders differ in what they make of bits that come twice, and of scans behind a picture that is whole.
#[test]
fn scans_that_say_something_twice_are_refused() {
    for progressive in [false, true] {
        let file = jpeg(40, 24, progressive, &[]);
        let (scans, end) = (places(&file, 0xda), file.len() - 2);
        for (i, at) in scans.iter().enumerate() {
            let next = scans.get(i + 1).copied().unwrap_or(end);
            let again = [&file[..end], &file[*at..next], &file[end..]].concat();
            let error = decode(&again).expect_err("refused").to_string();
            assert!(error.contains("say some of its picture twice"), "{error}");
        }
        let mut other = file.clone();
        other[scans[0] + 5] = 9;
        assert!(decode(&other).expect_err("refused").to_string().contains("of no component"));
        let frame = segment_at(&file, places(&file, if progressive { 0xc2 } else { 0xc0 })[0]);
        let two = [&file[..frame.start], &file[frame.clone()], &file[frame.start..]].concat();
        assert!(decode(&two).expect_err("refused").to_string().contains("two picture headers"));
    }
}
