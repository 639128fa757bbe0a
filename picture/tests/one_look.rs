//! What common programs make of a published picture and this one did not: each was found as a file that held and was shown differently.

#[path = "files/mod.rs"]
mod files;

use files::*;
use zkimg_picture::{Look, PictureError, PublishedFile, encode_png};

fn plain() -> Vec<u8> {
    png(4, 2, 3, 8, &gradient(4, 2, 3))
}

fn look(file: &[u8]) -> Result<(), Look> {
    PublishedFile::read(file).expect("it can be read").look
}

fn with_exif(block: &[u8]) -> Result<(), Look> {
    look(&with_exif_chunk(&plain(), block))
}

type Entry<'a> = (u16, u16, &'a [u8]);

const BYTE: u16 = 1;
const TEXT: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIO: u16 = 5;
const SIGNED_RATIO: u16 = 10;

/// A directory at this place, with what its entries have behind it.
fn directory(at: usize, entries: &[Entry<'_>]) -> Vec<u8> {
    let mut head = (entries.len() as u16).to_be_bytes().to_vec();
    let mut behind = Vec::new();
    for (tag, kind, value) in entries {
        let width = match *kind {
            SHORT => 2,
            LONG => 4,
            RATIO | SIGNED_RATIO => 8,
            _ => 1,
        };
        head.extend([tag.to_be_bytes(), kind.to_be_bytes()].concat());
        head.extend(((value.len() / width) as u32).to_be_bytes());
        if value.len() <= 4 {
            head.extend(value.iter().copied().chain([0; 4]).take(4));
        } else {
            head.extend(((at + 2 + 12 * entries.len() + 4 + behind.len()) as u32).to_be_bytes());
            behind.extend_from_slice(value);
        }
    }
    [head, vec![0; 4], behind].concat()
}

/// A block with these fields, and these in the directory of EXIF's own.
fn block(image: &[Entry<'_>], exif: &[Entry<'_>]) -> Vec<u8> {
    let lead = |at: usize| directory(8, &[image, &[(0x8769, LONG, &(at as u32).to_be_bytes())]].concat());
    let at = 8 + lead(0).len();
    [b"MM\0*\0\0\0\x08".to_vec(), lead(at), directory(at, exif)].concat()
}

/// Resolutions across and down.
fn both<'a>(x: &'a [u8], y: &'a [u8]) -> [Entry<'a>; 2] {
    [(0x011a, RATIO, x), (0x011b, RATIO, y)]
}

fn ratio(above: u32, below: u32) -> [u8; 8] {
    [above.to_be_bytes(), below.to_be_bytes()].concat().try_into().expect("eight bytes")
}

/// Programs read a directory there, of as many entries as the block's first two letters are.
#[test]
fn exif_whose_first_directory_is_its_head_is_refused() {
    for first in 0..8u8 {
        let block = [b"MM\0*\0\0\0", &[first][..], &[0; 12 * 0x4d4d]].concat();
        assert_eq!(with_exif(&block), Err(Look::Exif), "{first}");
    }
}

#[test]
fn a_resolution_by_which_browsers_stretch_a_picture_is_refused() {
    let (fine, coarse) = (ratio(288, 1), ratio(72, 1));
    let sizes: [Entry<'_>; 2] = [(0xa002, SHORT, &[0, 16]), (0xa003, SHORT, &[0, 48])];
    let all = |x: &[u8], y: &[u8], sizes: &[Entry<'_>]| with_exif(&block(&both(x, y), sizes));
    assert_eq!(all(&coarse, &coarse, &sizes), Ok(()));
    assert_eq!(all(&ratio(144, 2), &coarse, &sizes), Ok(()));
    assert_eq!(all(&fine, &fine, &[]), Ok(()));
    assert_eq!(all(&fine, &fine, &sizes), Err(Look::Aspect));
    assert_eq!(all(&fine, &coarse, &[]), Err(Look::Aspect));
    // No numbers are not equal numbers.
    for wrong in [ratio(0, 0), ratio(0, 1), ratio(72, 0)] {
        assert_eq!(all(&wrong, &wrong, &[]), Err(Look::Aspect), "{wrong:?}");
    }
    for kind in [SIGNED_RATIO, LONG, SHORT, BYTE] {
        assert_eq!(with_exif(&block(&[(0x011a, kind, &fine), (0x011b, kind, &fine)], &[])), Err(Look::Aspect), "{kind}");
    }
    assert_eq!(with_exif(&block(&[(0x011a, RATIO, &[fine, coarse].concat()), (0x011b, RATIO, &fine)], &[])), Err(Look::Aspect));
    assert_eq!(with_exif(&block(&[(0x011a, RATIO, &fine)], &[])), Err(Look::Aspect));
    // In EXIF's own directory, where they do not belong.
    assert_eq!(with_exif(&block(&[], &both(&fine, &coarse))), Err(Look::ExifField(0x011a)));
    assert_eq!(with_exif(&block(&[], &both(&fine, &fine))), Err(Look::ExifField(0x011a)));
}

#[test]
fn fields_of_exif_are_those_by_which_no_program_shows_a_picture() {
    let harmless: [Entry<'_>; 6] = [
        (0x010f, TEXT, b"M\0"),
        (0x8298, TEXT, b"(c)\0"),
        (0x0132, TEXT, b"x\0"),
        (0x013b, TEXT, b"A\0"),
        (0x0213, SHORT, &[0, 1]),
        (0x0128, SHORT, &[0, 2]),
    ];
    let own: [Entry<'_>; 4] = [(0x9003, TEXT, b"x\0"), (0x9286, 7, b"a note"), (0xa001, SHORT, &[0xff, 0xff]), (0xa434, TEXT, b"L\0")];
    assert_eq!(with_exif(&block(&harmless, &own)), Ok(()));
    // Tables of tones and primaries, a maker's own, Photoshop's, a gamma.
    for tag in [0x012d, 0x013e, 0x013f, 0x0211, 0x0214, 0x8649, 0xc634, 0xc4a5] {
        assert_eq!(with_exif(&block(&[(tag, 7, b"x")], &[])), Err(Look::ExifField(tag)), "{tag:#x}");
    }
    for tag in [0x927c, 0xa500, 0x0100, 0xc000] {
        assert_eq!(with_exif(&block(&[], &[(tag, 7, b"x")])), Err(Look::ExifField(tag)), "{tag:#x}");
    }
}

/// As another kind of number it was taken for nothing, and beside a profile it was not asked for.
#[test]
fn exif_that_names_other_colours_is_refused_whatever_else_does() {
    let space = |kind, value: &[u8]| block(&[], &[(0xa001, kind, value)]);
    for (kind, value) in [
        (SHORT, &[0u8, 2][..]),
        (BYTE, &[2]),
        (LONG, &[0, 0, 0, 2]),
        (6, &[2]),
        (8, &[0, 2]),
        (SHORT, &[0, 1, 0, 2]),
        (LONG, &[0, 0, 0, 1]),
    ] {
        let refused = Err(Look::ExifField(0xa001));
        assert!(with_exif(&space(kind, value)).is_err(), "{kind} {value:?}");
        let file = with_chunks(&plain(), &[chunk(b"sRGB", &[0]), chunk(b"eXIf", &space(kind, value))]);
        assert_eq!(look(&file), refused, "{kind} {value:?}");
    }
    assert_eq!(with_exif(&space(SHORT, &[0, 1])), Ok(()));
    let index = block(&[], &[(0xa005, LONG, &[0, 0, 0, 0])]);
    assert_eq!(with_exif(&index), Err(Look::Exif));
    let at = index.len() as u32;
    let index = [block(&[], &[(0xa005, LONG, &at.to_be_bytes())]), directory(at as usize, &[(1, TEXT, b"R03\0")])].concat();
    assert_eq!(look(&with_chunks(&plain(), &[chunk(b"sRGB", &[0]), chunk(b"eXIf", &index)])), Err(Look::ExifField(0xa001)));
}

#[test]
fn nothing_stands_behind_a_picture() {
    let file = plain();
    assert_eq!(look(&[&file[..], b"x"].concat()), Err(Look::Trailing));
    assert_eq!(look(&[&file[..], &file].concat()), Err(Look::Trailing));
    let end = file.len() - 12;
    assert_eq!(look(&[&file[..end], &chunk(b"IEND", b"x")].concat()), Err(Look::Trailing));
}

/// The data in one chunk, and where that is.
fn data(file: &[u8]) -> (usize, Vec<u8>) {
    let at = file.windows(4).position(|name| name == b"IDAT").expect("data");
    let length = u32::from_be_bytes(file[at - 4..at].try_into().expect("four bytes")) as usize;
    (at - 4, file[at + 4..at + 4 + length].to_vec())
}

fn with_data(file: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let (at, mut bytes) = data(file);
    let length = bytes.len();
    change(&mut bytes);
    [&file[..at], &chunk(b"IDAT", &bytes), &file[at + 12 + length..]].concat()
}

/// Says that compressed data looks back `2^(8 + bits)` bytes.
fn looking_back(bits: u8) -> impl FnOnce(&mut Vec<u8>) {
    move |bytes| {
        let first = bits << 4 | 8;
        let check = (31 - (u16::from(first) << 8) % 31) % 31;
        (bytes[0], bytes[1]) = (first, check as u8);
    }
}

/// Some programs stop where data looks back further, and show the rest grey.
#[test]
fn compressed_data_looks_back_no_further_than_it_says() {
    // 1 + 3·85 bytes are 256; of grey 1 + 255.
    let narrow = |width: usize, height: usize| png(width, height, 3, 8, &gradient(width, height, 3));
    for (file, bits, expected) in [
        (narrow(85, 1), 0, Ok(())),
        (narrow(86, 1), 0, Err(Look::Window)),
        (narrow(85, 2), 0, Err(Look::Window)),
        (narrow(85, 2), 1, Ok(())),
        (narrow(200, 200), 6, Err(Look::Window)),
        (narrow(200, 200), 7, Ok(())),
        // More than there is.
        (narrow(85, 1), 15, Ok(())),
    ] {
        let read = PublishedFile::read(&with_data(&file, looking_back(bits)));
        match read {
            Ok(file) => assert_eq!(file.look, expected, "{bits}"),
            Err(error) => assert!(bits > 7, "{error}"),
        }
    }
    let ours = encode_png(&zkimg_picture::Picture::decode(&narrow(200, 200)).expect("a picture"));
    assert_eq!(look(&ours), Ok(()));
}

#[test]
fn a_wrong_checksum_of_the_data_is_refused() {
    let wrong = with_data(&plain(), |bytes| *bytes.last_mut().expect("a byte") ^= 1);
    assert!(matches!(PublishedFile::read(&wrong), Err(PictureError::Damaged { .. })));
}

#[test]
fn samples_of_sixteen_bits_are_refused() {
    let deep: Vec<u8> = gradient(4, 2, 1).into_iter().flat_map(|byte| [byte, byte]).collect();
    let file = png(4, 2, 1, 16, &deep);
    assert_eq!(look(&file), Err(Look::Deep));
}
