//! What is refused, and by which name: files that programs take in two ways, bits said twice or never, broken data.

use crate::files::segment_at;
use crate::files::{exif_block, exif_in_adobe_rgb, icc, jpeg, with_segment};
use crate::{other, picture, read, refused};
use jpeg_encoder::SamplingFactor;
use zkimg_picture::{JpegFile, Look, PictureError, Profile, write_jpeg};

#[test]
fn whatever_changes_the_look_is_refused_by_name() {
    let file = write_jpeg(&picture(17, 9, Some((2, 2)), 1), &Profile::None);
    let exif = |block: &[u8]| [b"Exif\0\0", block].concat();
    let credentials = |part: u8, kind: &[u8]| [&b"JP\0\x01\0\0\0"[..], &[part], b"\0\0\0\x40jumb\0\0\0\x20jumd", kind].concat();
    const C2PA: &[u8] = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\0";
    let segment = |name: &str| Err(Look::Segment(name.into()));
    let cases = [
        (0xfe, b"a comment".to_vec(), segment("comment")),
        (0xe1, exif(&exif_block(1)), Ok(())),
        (0xeb, credentials(1, C2PA), Ok(())),
        (0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0".to_vec(), segment("second JFIF")),
        (0xe0, b"JFXX\0\x10".to_vec(), segment("APP0")),
        (0xe1, exif(&exif_block(6)), Err(Look::Orientation)),
        (0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>".to_vec(), segment("APP1")),
        (0xe2, b"MPF\0II*\0".to_vec(), segment("APP2")),
        (0xe2, b"urn:iso:std:iso:ts:21496:-1\0".to_vec(), segment("APP2")),
        (0xe8, b"SPIFF\0".to_vec(), segment("APP8")),
        (0xeb, credentials(1, b"another kind of box!"), segment("APP11")),
        (0xeb, b"JP\0\x01\0\0\0\x01\0\0\0\x40RESI".to_vec(), segment("APP11")),
        (0xed, b"Photoshop 3.0\0".to_vec(), segment("APP13")),
        (0xee, b"Adobe\0\x64\0\0\0\0\x01".to_vec(), segment("APP14")),
        (0xee, b"Adobe\0\x64\0\0\0\0\0".to_vec(), segment("APP14")),
    ];
    for (marker, body, expected) in cases {
        let read = JpegFile::read(&with_segment(&file, marker, &body)).expect("its coefficients can be read");
        assert_eq!(read.look, expected, "{marker:02x} {:?}", String::from_utf8_lossy(&body));
    }
    let look = |file: &[u8]| JpegFile::read(file).expect("its coefficients can be read").look;
    assert!(matches!(look(&with_segment(&file, 0xe1, &exif(&exif_in_adobe_rgb()))), Err(Look::Colours(_))));
    // Parts of a colour profile, one after the other.
    let profile = icc(b"RGB ", "x");
    let (first, last) = profile.split_at(99);
    let part = |number: u8, of: u8, bytes: &[u8]| [b"ICC_PROFILE\0", &[number, of][..], bytes].concat();
    let parts = |all: &[Vec<u8>]| look(&all.iter().rev().fold(file.clone(), |file, part| with_segment(&file, 0xe2, part)));
    assert_eq!(parts(&[part(1, 2, first), part(2, 2, last)]), Ok(()));
    assert_eq!(parts(&[part(2, 2, last), part(1, 2, first)]), segment("ICC profile"));
    for empty in 1..=3 {
        let mut all = vec![first, last];
        all.insert(empty - 1, &[]);
        let all: Vec<Vec<u8>> = (1..).zip(all).map(|(number, bytes)| part(number, 3, bytes)).collect();
        assert_eq!(parts(&all), segment("ICC profile"), "{empty}");
    }
    // Credentials go on in parts, the first of which says what they are.
    let last = with_segment(&file, 0xeb, &credentials(2, b"whatever goes on"));
    assert_eq!(look(&with_segment(&last, 0xeb, &credentials(1, C2PA))), Ok(()));
    assert!(JpegFile::read(&last).is_err());
    let twice = with_segment(&with_segment(&file, 0xe1, &exif(&exif_block(1))), 0xe1, &exif(&exif_block(1)));
    assert_eq!(look(&twice), segment("second EXIF"));
    // Pixels that are not square, and a thumbnail, in the one JFIF there is; and none at all.
    let at = 2 + 4 + 5;
    let mut wide = file.clone();
    wide[at + 4] += 1;
    assert_eq!(look(&wide), Err(Look::Aspect));
    let jfif = &file[6..20];
    let with = [&b"\xff\xd8\xff\xe0\0\x13"[..], &jfif[..12], &[1, 1, 7, 7, 7], &file[20..]].concat();
    assert_eq!(look(&with), Err(Look::Thumbnail));
    assert_eq!(look(&[&file[..2], &file[20..]].concat()), Ok(()));
    // A thumbnail in EXIF.
    let mut block = exif_block(1);
    let next = 8 + 2 + 12 * usize::from(u16::from_be_bytes([block[8], block[9]]));
    let end = block.len() as u32;
    block[next..next + 4].copy_from_slice(&end.to_be_bytes());
    block.extend([&[0, 1, 1, 3, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0][..], &[0; 4]].concat());
    assert_eq!(look(&with_segment(&file, 0xe1, &exif(&block))), Err(Look::Thumbnail));
}

/// The place of a marker in a file.
fn place(file: &[u8], marker: u8, from: usize) -> usize {
    from + file[from..].windows(2).position(|pair| pair == [0xff, marker]).expect("the marker")
}

fn changed(file: &[u8], at: usize, byte: u8) -> Vec<u8> {
    let mut file = file.to_vec();
    file[at] = byte;
    file
}

#[test]
fn a_frame_that_programs_take_in_two_ways_is_refused() {
    let file = write_jpeg(&picture(17, 9, Some((2, 2)), 1), &Profile::None);
    let frame = place(&file, 0xc0, 0);
    for (component, id) in [(0, b'R'), (1, b'G'), (2, b'B'), (0, 0), (1, 3)] {
        refused(&changed(&file, frame + 10 + 3 * component, id), "not numbered 1, 2, 3");
    }
    // All alike, halved luma, four times as fine.
    for (component, sampling) in [(1, 0x22), (2, 0x21), (0, 0x41)] {
        refused(&changed(&file, frame + 11 + 3 * component, sampling), "sampled in a way");
    }
    let grey = write_jpeg(&picture(17, 9, None, 1), &Profile::None);
    refused(&changed(&grey, place(&grey, 0xc0, 0) + 11, 0x22), "sampled in a way");
    // Tables: twice, of sixteen bits, with a zero, missing, between the scans.
    let table = segment_at(&file, place(&file, 0xdb, 0));
    let twice = [&file[..table.end], &file[table.clone()], &file[table.end..]].concat();
    refused(&twice, "twice");
    refused(&changed(&file, table.start + 4, 0x10), "more than eight bits");
    refused(&changed(&file, table.start + 9, 0), "malformed");
    refused(&[&file[..table.start], &file[table.end..]].concat(), "missing");
    refused(&[&file[..frame], &file[segment_at(&file, frame)], &file[frame..]].concat(), "order");
    let scan = place(&file, 0xda, 0);
    let other = [&file[..scan], &changed(&file[table.clone()], 4, 3), &file[scan..]].concat();
    refused(&other, "order");
    // The number of lines behind the picture.
    let end = file.len() - 2;
    refused(&[&file[..end], b"\xff\xdc\0\x04\0\x09", &file[end..]].concat(), "order");
    // A second picture, and bytes that belong to nothing.
    refused(&[&file[..], &file[..]].concat(), "does not end where its picture does");
    refused(&[&file[..], b"\0"].concat(), "does not end where its picture does");
    refused(&[&file[..2], &file[..]].concat(), "order");
    refused(&[&file[..frame], b"text", &file[frame..]].concat(), "bytes between");
    assert!(JpegFile::read(&[&file[..frame], b"\xff\xff", &file[frame..]].concat()).is_ok(), "fill bytes");
    // Comments and the rest stand before the picture.
    refused(&[&file[..scan], b"\xff\xfe\0\x03x", &file[scan..]].concat(), "order");
    // A size that only the last block differs in.
    let narrower = changed(&file, frame + 8, 18);
    assert_ne!(read(&narrower).shape, read(&file).shape);
}

#[test]
fn every_bit_is_said_once() {
    let file = other(24, 16, Some(SamplingFactor::F_1_1), |e| e.set_progressive_scans(4));
    let expected = read(&file);
    let mut scans = Vec::new();
    let mut at = place(&file, 0xda, 0);
    let first = at;
    while at + 2 < file.len() {
        // Tables of codes stand between the scans.
        let next = (at + 2..file.len() - 1)
            .find(|i| file[*i] == 0xff && file[i + 1] != 0 && !matches!(file[i + 1], 0xd0..=0xd7))
            .expect("the end");
        scans.push(file[at..next].to_vec());
        at = next;
        if file[at + 1] == 0xd9 {
            break;
        }
    }
    let (head, end) = (&file[..first], &file[at..]);
    let of = |parts: &[Vec<u8>]| [head, &parts.concat(), end].concat();
    assert_eq!(read(&of(&scans)), expected);
    assert!(scans.len() > 9);
    // A scan twice, one left out, the first coefficients last.
    for i in (0..scans.len()).filter(|i| scans[*i][1] == 0xda) {
        let twice = [&scans[..=i], &scans[i..]].concat();
        refused(&of(&twice), "twice or in the wrong order");
        let mut without = scans.clone();
        without.remove(i);
        assert!(JpegFile::read(&of(&without)).is_err());
    }
    let mut last = scans.clone();
    last.rotate_left(1);
    refused(&of(&last), "wrong order");
    refused(&other(24, 16, Some(SamplingFactor::F_1_1), |e| e.set_progressive_scans(32)), "more scans than programs read");
    let header = segment_at(&file, first);
    for (offset, byte) in [(1, 64), (2, 1), (3, 0x0e), (3, 0x20)] {
        refused(&changed(&file, header.end - 4 + offset, byte), "malformed");
    }
}

#[test]
fn data_that_end_early_or_late_are_refused() {
    for shared in [None, Some((2, 2))] {
        let picture = picture(40, 24, shared, 3);
        let file = write_jpeg(&picture, &Profile::None);
        let data = segment_at(&file, place(&file, 0xda, 0)).end;
        let end = file.len() - 2;
        for cut in [1, 2, 5, (end - data) / 2] {
            refused(&[&file[..end - cut], &file[end..]].concat(), "missing");
        }
        refused(&[&file[..end], &[0x55; 2], &file[end..]].concat(), "more picture data");
        // A restart where there is to be none.
        refused(&[&file[..end], b"\xff\xd0", &file[end..]].concat(), "");
    }
    let file = other(40, 24, Some(SamplingFactor::F_2_2), |e| e.set_restart_interval(1));
    let first = place(&file, 0xd0, place(&file, 0xda, 0));
    refused(&changed(&file, first + 1, 0xd1), "restart marker");
    refused(&[&file[..first], &file[first + 2..]].concat(), "");
}

#[test]
fn coefficients_beyond_eight_bits_are_refused() {
    // Each difference is allowed, and their sum is not.
    let mut picture = picture(16, 8, None, 0);
    picture.components[0].blocks = vec![[0; 64]; 2];
    picture.components[0].blocks[0][0] = 1000;
    picture.components[0].blocks[1][0] = 1023;
    let file = write_jpeg(&picture, &Profile::None);
    assert_eq!(read(&file), picture);
    picture.components[0].blocks[1][0] = 1900;
    refused(&write_jpeg(&picture, &Profile::None), "larger than any picture has");
    picture.components[0].blocks[1] = [0; 64];
    picture.components[0].blocks[1][5] = 1024;
    refused(&write_jpeg(&picture, &Profile::None), "larger than any picture has");
}

#[test]
fn other_kinds_and_other_files_are_refused() {
    let file = jpeg(16, 16, false, &[]);
    let frame = place(&file, 0xc0, 0);
    assert!(matches!(JpegFile::read(&changed(&file, frame + 1, 0xc9)), Err(PictureError::JpegKind(_))));
    assert!(matches!(JpegFile::read(&file[..file.len() - 2]), Err(PictureError::CutShort(_))));
    assert!(JpegFile::read(b"\xff\xd8\xff").is_err());
}
