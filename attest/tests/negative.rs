//! The secret file: read back exactly, and damage named.
#![cfg(feature = "prover")]

#[path = "../../picture/tests/files/mod.rs"]
mod files;

use blake2b_simd::blake2bp::Params;
use files::{chunk, exif_block, gradient, icc, iccp, jpeg, png, with_chunks};
use zkimg_attest::{CaptureError, Label, Negative, NegativeError, Origin, Policy, SigningKey, attest};
use zkimg_graph::tensor::{Cells, Dims};
use zkimg_group::field::F;
use zkimg_group::generators::Generators;
use zkimg_picture::Profile;
use zkimg_picture::exif::MAX_VALUE;
use zkimg_proof::commitment::Layout;
use zkimg_proof::commitment::commit_rows;

fn negative(photo: &[u8]) -> Negative {
    attest(photo, &SigningKey::generate().expect("randomness"), &Policy::default(), 1).expect("a photo").1
}

/// The file with its checksum made right again after a change.
fn resealed(file: &[u8]) -> Vec<u8> {
    let body = &file[..file.len() - 32];
    [body, Params::new().hash_length(32).hash(body).as_bytes()].concat()
}

fn refused(file: &[u8]) -> NegativeError {
    Negative::from_bytes(file).expect_err("this negative must be refused")
}

/// Where the rows' count stands: behind the capture and the openings.
fn rows_at(file: &[u8], n: &Negative) -> usize {
    file.len() - 32 - n.pixels().len() - 96 * n.rows().len() - 4
}

#[test]
fn what_is_written_is_read_back() {
    for photo in [jpeg(33, 17, false, &exif_block(6)), png(1, 1, 1, 8, &[9]), png(700, 3, 3, 8, &gradient(700, 3, 3))] {
        let n = negative(&photo);
        let file = n.to_bytes();
        let read = Negative::from_bytes(&file).expect("what was written");
        assert_eq!(read.capture(), n.capture());
        let capture = n.capture().expect("a photo's");
        assert_eq!((read.pixels(), read.blinders(), read.rows()), (n.pixels(), n.blinders(), n.rows()));
        for label in capture.statement.hidden_labels() {
            assert_eq!(read.opening(label), n.opening(label));
        }
        assert_eq!(*read.to_bytes(), *file);
    }
}

#[test]
fn cached_rows_are_the_commitments() {
    let n = negative(&png(50, 40, 3, 8, &gradient(50, 40, 3)));
    let rows = commit_rows(Generators::load().expect("generators"), n.layout(), n.cells(), n.blinders());
    assert_eq!(rows, n.rows());
}

#[test]
fn empty_foreign_cut_and_damaged_files_are_refused() {
    assert_eq!(refused(b""), NegativeError::Empty);
    assert_eq!(refused(b"This is a text file, not a negative."), NegativeError::NotANegative);
    let n = negative(&png(5, 4, 3, 8, &gradient(5, 4, 3)));
    let file = n.to_bytes();
    for length in 1..file.len() {
        let expected = if length < 8 { NegativeError::NotANegative } else { NegativeError::Damaged };
        assert_eq!(refused(&file[..length]), expected);
    }
    for at in 0..file.len() {
        let mut changed = file.to_vec();
        changed[at] ^= 0x10;
        let expected = match at {
            0..8 => NegativeError::NotANegative,
            8 => NegativeError::Version(0x13),
            9 => NegativeError::Version(0x1003),
            _ => NegativeError::Damaged,
        };
        assert_eq!(refused(&changed), expected);
    }
    assert_eq!(refused(&[&file[..], b"\0"].concat()), NegativeError::Damaged);
}

#[test]
fn a_change_with_a_right_checksum_is_named() {
    let n = negative(&png(5, 4, 3, 8, &gradient(5, 4, 3)));
    let file = n.to_bytes();
    let rows = rows_at(&file, &n);
    let with = |at: usize, change: &dyn Fn(&mut [u8])| {
        let mut changed = file.to_vec();
        change(&mut changed[at..]);
        refused(&resealed(&changed))
    };
    assert_eq!(with(rows, &|b| b[0] += 1), NegativeError::Invalid("number of rows"));
    assert_eq!(with(rows + 4, &|b| b[..32].fill(0xff)), NegativeError::Invalid("blinder"));
    assert_eq!(with(rows - 1, &|b| b[0] = 1), NegativeError::WrongProfile, "sRGB, where the camera signed none");
    assert_eq!(with(rows - 1, &|b| b[0] = 3), NegativeError::Invalid("colour profile"));
    let points = rows + 4 + 32 * n.rows().len();
    assert_eq!(with(points, &|b| b[0] ^= 1), NegativeError::Invalid("row commitment"), "off the curve");
    assert_eq!(with(points, &|b| b[..64].fill(0)), NegativeError::Invalid("row commitment"), "the identity");
    assert_eq!(with(points, &|b| b[..64].fill(0xff)), NegativeError::Invalid("row commitment"), "not canonical");
    let longer = [&file[..file.len() - 32], &[0; 33][..]].concat();
    assert_eq!(refused(&resealed(&longer)), NegativeError::Invalid("number of pixels"));
    assert!(matches!(with(20, &|b| b[0] ^= 1), NegativeError::Capture(_)));
    assert_eq!(with(10, &|b| b[0] = 2), NegativeError::Invalid("origin"));
    // The first opening's salt.
    let salt = 15 + n.capture().expect("a photo's").to_bytes().len();
    assert_eq!(with(salt - 1, &|b| b[0] ^= 1), NegativeError::Capture(CaptureError::Signature));
    assert!(matches!(with(salt, &|b| b[0] ^= 1), NegativeError::Capture(_)));
    // What stands behind the value, and whether there is one.
    assert_eq!(with(salt, &|b| b[32] = 7), NegativeError::Invalid("hidden value"));
    assert!(matches!(with(salt, &|b| b[32] = 1), NegativeError::Capture(CaptureError::Opening(_))));
    assert_eq!(with(salt, &|b| b[33] = 7), NegativeError::Invalid("hidden value"));
    // An absent value that has bytes after all, and one longer than any that a camera signs.
    assert_eq!(file[salt + 32..salt + 36], [0; 4], "the photo has no EXIF");
    for (present, length) in [(0, 1), (1, MAX_VALUE + 1)] {
        let value = [&[present], &(length as u16).to_le_bytes()[..], &vec![b'1'; length]].concat();
        let longer = [&file[..salt + 33], &value, &file[salt + 36..]].concat();
        assert_eq!(refused(&resealed(&longer)), NegativeError::Invalid("hidden value"));
    }
}

#[test]
fn rows_of_another_photo_are_refused() {
    let photo = png(5, 4, 3, 8, &gradient(5, 4, 3));
    let (n, other) = (negative(&photo), negative(&photo));
    let (file, others) = (n.to_bytes(), other.to_bytes());
    let mut mixed = file.to_vec();
    let (at, from) = (rows_at(&file, &n), rows_at(&others, &other));
    let end = file.len();
    mixed[at..].copy_from_slice(&others[from..from + end - at]);
    assert_eq!(refused(&resealed(&mixed)), NegativeError::WrongRoot);
}

#[test]
fn a_profile_is_kept_and_another_refused() {
    let made = icc(b"RGB ", "Made for tests");
    let n = negative(&with_chunks(&png(5, 4, 3, 8, &gradient(5, 4, 3)), &[chunk(b"iCCP", &iccp(&made))]));
    let file = n.to_bytes();
    assert_eq!(Negative::from_bytes(&file).expect("what was written").profile().icc().expect("a profile").bytes(), made);
    let at = rows_at(&file, &n) - made.len();
    assert_eq!(file[at..at + made.len()], made);
    let with = |at: usize, byte: u8| {
        let mut changed = file.to_vec();
        changed[at] = byte;
        refused(&resealed(&changed))
    };
    assert_eq!(with(at + made.len() - 2, b'T'), NegativeError::WrongProfile);
    assert_eq!(with(at + 16, b'X'), NegativeError::Invalid("colour profile"));
}

/// A picture that was handed on, without a capture.
fn handed_on(pixels: Vec<u8>) -> Negative {
    let layout = Layout::new(Dims::new(3, 4, 5).expect("dims"), 11);
    let blinders = vec![F::from(5)];
    let cells = Cells::U8(pixels.clone());
    let rows = commit_rows(Generators::load().expect("generators"), &layout, &cells, &blinders);
    Negative::handed_on([9; 32], layout, Profile::None, pixels, blinders, rows).expect("it fits")
}

#[test]
fn a_negative_that_was_handed_on_is_read_back_and_holds_nothing_else() {
    let n = handed_on((0..60).collect());
    let file = n.to_bytes();
    let read = Negative::from_bytes(&file).expect("what was written");
    assert!(matches!(read.origin(), Origin::Link { statement } if *statement == [9; 32]));
    assert_eq!((read.pixels(), read.blinders(), read.rows(), read.layout()), (n.pixels(), n.blinders(), n.rows(), n.layout()));
    assert!(read.capture().is_none() && read.opening(Label::Time).is_none());
    assert_eq!(*read.to_bytes(), *file);
    // Head, origin, statement, shape, profile, number of rows, one row, pixels, checksum.
    assert_eq!(file.len(), 10 + 1 + 32 + 10 + 1 + 4 + 96 + 60 + 32);
}

#[test]
fn what_does_not_fit_its_shape_is_not_handed_on() {
    let n = handed_on((0..60).collect());
    let fit = |pixels: usize, blinders: usize, rows: usize| {
        let (blinders, rows) = (vec![n.blinders()[0]; blinders], vec![n.rows()[0]; rows]);
        Negative::handed_on([9; 32], n.layout().clone(), Profile::None, vec![0; pixels], blinders, rows).err()
    };
    assert_eq!(fit(60, 1, 1), None);
    for (blinders, rows) in [(0, 1), (1, 0), (2, 2)] {
        assert_eq!(fit(60, blinders, rows), Some(NegativeError::Invalid("number of rows")));
    }
    for pixels in [0, 59, 61] {
        assert_eq!(fit(pixels, 1, 1), Some(NegativeError::Invalid("number of pixels")));
    }
}

#[test]
fn a_negative_that_was_handed_on_with_a_right_checksum_is_named() {
    let file = handed_on((0..60).collect()).to_bytes();
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = file.to_vec();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        refused(&resealed(&changed))
    };
    assert_eq!(with(43, &0u32.to_le_bytes()), NegativeError::Invalid("size"));
    assert_eq!(with(43, &0x8001u32.to_le_bytes()), NegativeError::Invalid("size"));
    assert_eq!(with(43, &0x8000u32.to_le_bytes()), NegativeError::Invalid("number of pixels"));
    assert_eq!(with(51, &[2]), NegativeError::Invalid("number of channels or length of rows"));
    assert_eq!(with(52, &[9]), NegativeError::Invalid("number of channels or length of rows"));
    assert_eq!(with(52, &[17]), NegativeError::Invalid("number of channels or length of rows"));
    assert_eq!(with(53, &[3]), NegativeError::Invalid("colour profile"));
    assert_eq!(with(54, &[2]), NegativeError::Invalid("number of rows"));
    assert_eq!(with(58, &[0xff; 32]), NegativeError::Invalid("blinder"));
}
