//! The proof inside a picture's file: there once, whole, before the pixels, and nothing else is touched.

mod files;

use files::{chunk, exif_block, gradient, icc, iccp, jpeg, last_scan, png, with_chunks, with_late_chunk, with_segment};
use proptest::prelude::*;
use zkimg_picture::{JpegFile, Look, MAX_EMBEDDED, Picture, PictureError, PublishedFile, embed, embedded};

const PART: usize = 65519;

fn plain() -> Vec<u8> {
    png(4, 2, 3, 8, &gradient(4, 2, 3))
}

/// With text, a profile and EXIF around the pixels.
fn dressed() -> Vec<u8> {
    let chunks = [chunk(b"iCCP", &iccp(&icc(b"RGB ", "x"))), chunk(b"tEXt", b"Comment\0a text"), chunk(b"eXIf", &exif_block(1))];
    with_chunks(&plain(), &chunks)
}

fn photo(progressive: bool) -> Vec<u8> {
    let profile = [b"ICC_PROFILE\0\x01\x01", &icc(b"RGB ", "x")[..]].concat();
    with_segment(&jpeg(40, 24, progressive, &exif_block(1)), 0xe2, &profile)
}

fn proof(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 31 + i / 256) as u8).collect()
}

/// A numbered segment behind a JPEG's start marker.
fn part(file: &[u8], number: u8, all: u8, bytes: &[u8]) -> Vec<u8> {
    with_segment(file, 0xe8, &[b"zkimg-proof\0", &[number, all][..], bytes].concat())
}

/// What is read of a whole file around its picture: what changes how it is seen, and the proof.
type Around = (Result<(), Look>, Option<Vec<u8>>);

fn read(file: &[u8]) -> Result<Around, PictureError> {
    match file {
        [0xff, ..] => JpegFile::read(file).map(|file| (file.look, file.proof)),
        _ => PublishedFile::read(file).map(|file| (file.look, file.proof)),
    }
}

fn refused(file: &[u8]) -> String {
    let error = read(file).expect_err("refused");
    assert!(matches!(error, PictureError::Proof(_)), "{error}");
    error.to_string()
}

/// Whatever is taken out again leaves the file that was there before.
fn without(file: &[u8], before: &[u8]) -> Vec<u8> {
    let at = file.iter().zip(before).position(|(a, b)| a != b).unwrap_or(before.len());
    let grown = file.len() - before.len();
    (0..=at).rev().map(|at| [&file[..at], &file[at + grown..]].concat()).find(|rest| rest == before).expect("one insertion")
}

#[test]
fn every_other_byte_stays_and_the_proof_comes_back() {
    for file in [plain(), dressed(), jpeg(9, 5, false, &[]), photo(false), photo(true)] {
        assert_eq!(embedded(&file), Ok(None));
        let (look, none) = read(&file).expect("a picture");
        assert_eq!(none, None);
        for length in [1, 100, PART, PART + 1, 3 * PART] {
            let proof = proof(length);
            let carrying = embed(&file, &proof).expect("it fits");
            assert_eq!(embedded(&carrying).as_ref(), Ok(&Some(proof.clone())));
            assert_eq!(without(&carrying, &file), file);
            assert_eq!(read(&carrying), Ok((look.clone(), Some(proof))));
            assert_eq!(Picture::decode(&carrying), Picture::decode(&file));
        }
    }
}

/// JFIF and EXIF want to be first; what draws the picture comes behind.
#[test]
fn a_proof_stands_behind_what_applications_say_and_before_the_pixels() {
    let file = embed(&photo(false), b"proof").expect("it fits");
    let place = |bytes: &[u8]| file.windows(bytes.len()).position(|window| window == bytes).expect("there");
    assert!(place(b"JFIF\0") < place(b"zkimg-proof\0") && place(b"Exif\0\0") < place(b"zkimg-proof\0"));
    assert!(place(b"zkimg-proof\0\x01\x01proof") < place(&[0xff, 0xdb]));
    let file = embed(&dressed(), b"proof").expect("it fits");
    assert!(file.windows(9).any(|window| window == b"zkPFproof"));
    let place = |name: &[u8; 4]| file.windows(4).position(|window| window == name).expect("there");
    assert!(place(b"iCCP") < place(b"zkPF") && place(b"zkPF") < place(b"IDAT"));
}

#[test]
fn there_is_one_proof_at_the_most() {
    for file in [plain(), photo(true)] {
        let carrying = embed(&file, b"one").expect("it fits");
        assert_eq!(embed(&carrying, b"one"), Err(PictureError::ProofThere));
    }
    let one = embed(&plain(), b"one").expect("it fits");
    for second in [&b"one"[..], b"two"] {
        let two = with_chunks(&one, &[chunk(b"zkPF", second)]);
        assert!(refused(&two).contains("a second one"));
        assert!(embedded(&two).is_err() && embed(&two, b"x").is_err());
        // Behind the pixels as well, where no proof is looked for.
        let two = with_late_chunk(&one, &chunk(b"zkPF", second));
        assert!(refused(&two).contains("behind the pixels"));
        // JPEG: two of the same number, or two wholes.
        let file = jpeg(9, 5, false, &[]);
        let two = part(&part(&file, 1, 1, b"one"), 1, 1, second);
        assert!(refused(&two).contains("missing or there twice") && embedded(&two).is_err());
    }
}

#[test]
fn a_proof_is_whole_or_refused() {
    let file = jpeg(9, 5, false, &[]);
    let cases = [
        part(&file, 1, 2, b"one"),
        part(&file, 2, 2, b"two"),
        part(&file, 0, 1, b"one"),
        part(&part(&file, 2, 2, b"two"), 1, 1, b"one"),
        part(&part(&part(&file, 3, 3, b"three"), 2, 3, b"two"), 2, 3, b"one"),
    ];
    for file in cases {
        assert!(refused(&file).contains("missing or there twice"));
        assert!(embedded(&file).is_err());
    }
    assert!(refused(&with_segment(&file, 0xe8, b"zkimg-proof\0\x01")).contains("malformed"));
    // Two parts, in any order, are one proof.
    let both = part(&part(&file, 1, 2, b"one"), 2, 2, b"two");
    assert_eq!(read(&both).expect("a picture").1.as_deref(), Some(&b"onetwo"[..]));
    assert_eq!(embedded(&both), Ok(Some(b"onetwo".to_vec())));
    // A checksum that is not its own.
    let mut damaged = embed(&plain(), b"one").expect("it fits");
    let at = damaged.windows(4).position(|window| window == b"zkPF").expect("there");
    damaged[at + 4] ^= 1;
    assert!(read(&damaged).expect_err("refused").to_string().contains("checksum of its zkPF chunk"));
    assert!(embedded(&damaged).is_err());
}

#[test]
fn a_proof_behind_the_frame_header_is_refused() {
    let file = jpeg(9, 5, false, &[]);
    let scan = file.windows(2).position(|w| w == b"\xff\xda").expect("a scan");
    let segment = [&b"\xff\xe8\x00\x13zkimg-proof\0\x01\x01one"[..]].concat();
    for at in [scan, last_scan(&file) + 3] {
        let late = [&file[..at], &segment, &file[at..]].concat();
        assert!(read(&late).is_err());
    }
    assert!(refused(&[&file[..scan], &segment, &file[scan..]].concat()).contains("behind the frame header"));
}

#[test]
fn the_longest_proof_fits_in_both_and_a_longer_one_in_neither() {
    let longest = vec![7; MAX_EMBEDDED];
    let longer = vec![7; MAX_EMBEDDED + 1];
    for file in [plain(), jpeg(9, 5, false, &[])] {
        let carrying = embed(&file, &longest).expect("it fits");
        assert_eq!(read(&carrying).expect("a picture").1.map(|proof| proof.len()), Some(MAX_EMBEDDED));
        assert_eq!(embed(&file, &longer), Err(PictureError::ProofLength(MAX_EMBEDDED + 1)));
        assert_eq!(embed(&file, &[]), Err(PictureError::ProofLength(0)));
    }
    assert!(refused(&with_chunks(&plain(), &[chunk(b"zkPF", &longer)])).contains("longer than any"));
}

/// A stranger's file is read only as far as its proof.
#[test]
fn the_beginning_of_a_file_is_enough() {
    let proof = proof(PART + 5);
    for file in [plain(), dressed(), photo(false), photo(true)] {
        let carrying = embed(&file, &proof).expect("it fits");
        let whole = (0..=carrying.len()).find(|end| embedded(&carrying[..*end]) == Ok(Some(proof.clone()))).expect("it is there");
        assert!(whole < carrying.len());
        for end in [8, 20, 60, whole - 1] {
            let cut = embedded(&carrying[..end.min(whole - 1)]);
            assert!(matches!(cut, Err(PictureError::CutShort(_))), "{end}: {cut:?}");
        }
        let none = (0..=file.len()).find(|end| embedded(&file[..*end]) == Ok(None)).expect("it begins");
        assert!(none < file.len());
    }
}

#[test]
fn another_files_proof_is_not_looked_for() {
    assert_eq!(embedded(b""), Err(PictureError::Empty));
    assert_eq!(embedded(b"GIF89a"), Err(PictureError::OtherFormat("GIF")));
    assert!(embed(b"GIF89a", b"proof").is_err() && embed(&plain()[..20], b"proof").is_err());
}

proptest! {
    /// Damage to a carrier never panics, and what is read is there twice: by the beginning alone and by the whole file.
    #[test]
    fn a_spoiled_carrier_is_read_in_one_way(at in 0usize..400, byte: u8, jpeg_file: bool) {
        let file = if jpeg_file { jpeg(9, 5, false, &[]) } else { plain() };
        let mut carrying = embed(&file, &proof(300)).expect("it fits");
        if let Some(spoiled) = carrying.get_mut(at) {
            *spoiled = byte;
        }
        if let Ok((_, proof)) = read(&carrying) {
            prop_assert_eq!(embedded(&carrying), Ok(proof));
        }
    }
}
