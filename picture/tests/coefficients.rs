//! The integers in a JPEG: read as others write them, written as others read them, and the same after every coding without loss.

mod files;

use files::{exif_block, exif_in_adobe_rgb, gradient, icc, jpeg, with_segment};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use proptest::prelude::*;
use std::process::{Command, Stdio};
use zkimg_picture::{Coefficients, Component, JpegFile, JpegShape, Look, Picture, PictureError, Profile, embed, write_jpeg};

/// What another encoder makes of a gradient.
fn other(width: u16, height: u16, sampling: Option<SamplingFactor>, set: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    let channels = if sampling.is_some() { 3 } else { 1 };
    if let Some(sampling) = sampling {
        encoder.set_sampling_factor(sampling);
    }
    set(&mut encoder);
    let colour = if channels == 3 { ColorType::Rgb } else { ColorType::Luma };
    encoder.encode(&gradient(width.into(), height.into(), channels), width, height, colour).expect("a JPEG");
    numbered(file)
}

/// That encoder numbers components 0, 1, 2, in the frame header and in those of the scans, and has the frame header before the tables.
fn numbered(mut file: Vec<u8>) -> Vec<u8> {
    let mut at = 2;
    let mut frame = None;
    while file[at + 1] != 0xd9 {
        let marker = file[at + 1];
        let end = segment_at(&file, at).end;
        if let (0xdb, Some(before)) = (marker, &mut frame) {
            file[*before..end].rotate_right(end - at);
            *before += end - at;
            at = end;
            continue;
        }
        frame = frame.or(matches!(marker, 0xc0..=0xc2).then_some(at));
        let (first, step) = match marker {
            0xc0..=0xc2 => (at + 10, 3),
            0xda => (at + 5, 2),
            _ => (end, 1),
        };
        for i in (first..end).step_by(step).take(usize::from(file[first - 1])) {
            file[i] += 1;
        }
        at = end;
        if marker == 0xda {
            at = end
                + file[end..].windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7)).expect("the next marker");
        }
    }
    file
}

fn read(file: &[u8]) -> Coefficients {
    JpegFile::read(file).expect("a JPEG").coefficients
}

#[track_caller]
fn refused(file: &[u8], part: &str) {
    let error = JpegFile::read(file).expect_err("refused").to_string();
    assert!(error.contains(part), "{part:?} is not in {error:?}");
}

/// A picture of any coefficients.
fn picture(width: usize, height: usize, shared: Option<(usize, usize)>, mut seed: u64) -> Coefficients {
    let shape = JpegShape { width, height, shared };
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 33
    };
    let component = |component| {
        let (rows, columns) = shape.blocks(component);
        let mut block = || {
            let mut block = [0i16; 64];
            for (k, value) in block.iter_mut().enumerate() {
                let few = next() % 5 > 0;
                let wide = next() % 50 == 0;
                *value = match k {
                    0 => (next() % 2048) as i16 - 1024,
                    _ if few => 0,
                    _ if wide => (next() % 2047) as i16 - 1023,
                    _ => (next() % 7) as i16 - 3,
                };
            }
            block
        };
        Component {
            table: std::array::from_fn(|i| (i + 1 + component.min(1)) as u8),
            blocks: (0..rows * columns).map(|_| block()).collect(),
        }
    };
    Coefficients { shape, components: (0..shape.components()).map(component).collect() }
}

const SAMPLINGS: [Option<(usize, usize)>; 5] = [None, Some((1, 1)), Some((1, 2)), Some((2, 2)), Some((2, 1))];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_written_is_read(width in 5usize..70, height in 1usize..70, sampling in 0usize..5, seed: u64) {
        let picture = picture(width, height, SAMPLINGS[sampling], seed);
        let file = write_jpeg(&picture, &Profile::None);
        let read = JpegFile::read(&file).expect("a JPEG");
        prop_assert_eq!(&read.coefficients, &picture);
        prop_assert_eq!((read.look, read.profile, read.proof), (Ok(()), Profile::None, None));
        // One of its bytes changed: another picture, or none, and never a panic.
        let mut spoiled = file.clone();
        let at = seed as usize % file.len();
        spoiled[at] ^= 1 << (seed >> 32 & 7);
        let _ = JpegFile::read(&spoiled);
    }
}

#[test]
fn what_others_write_is_read_and_written_again_as_the_same_pixels() {
    for (width, height) in [(16, 16), (17, 9), (40, 24), (33, 31), (8, 8), (5, 100)] {
        for sampling in
            [None, Some(SamplingFactor::F_1_1), Some(SamplingFactor::F_2_1), Some(SamplingFactor::F_2_2), Some(SamplingFactor::F_1_2)]
        {
            let plain = other(width, height, sampling, |_| {});
            let expected = read(&plain);
            let ours = write_jpeg(&expected, &Profile::None);
            assert_eq!(Picture::decode(&ours), Picture::decode(&plain), "{width}×{height} {sampling:?}");
            let theirs = image::load_from_memory(&ours).expect("another decoder reads it");
            assert_eq!((theirs.width(), theirs.height()), (width.into(), height.into()));
            let progressive = |scans| other(width, height, sampling, |e| e.set_progressive_scans(scans));
            let others = [
                other(width, height, sampling, |e| e.set_optimized_huffman_tables(true)),
                other(width, height, sampling, |e| e.set_restart_interval(1)),
                other(width, height, sampling, |e| e.set_restart_interval(3)),
                progressive(2),
                progressive(9),
                progressive(20),
            ];
            for (i, file) in others.iter().enumerate() {
                assert_eq!(read(file), expected, "{width}×{height} {sampling:?}, {i}");
            }
        }
    }
}

/// Small files of libjpeg-turbo, and what it makes of them without loss.
#[test]
fn files_of_libjpeg_are_read() {
    let files: [&[u8]; 5] = [
        include_bytes!("jpeg/16x16-420.jpg"),
        include_bytes!("jpeg/17x9-420.jpg"),
        include_bytes!("jpeg/5x5-420.jpg"),
        include_bytes!("jpeg/16x8-422.jpg"),
        include_bytes!("jpeg/8x16-440.jpg"),
    ];
    for file in files {
        let ours = write_jpeg(&read(file), &Profile::None);
        assert_eq!(Picture::decode(&ours).map(Picture::into_cells), Picture::decode(file).map(Picture::into_cells));
    }
    refused(include_bytes!("jpeg/4x4-411.jpg"), "sampled in a way");
}

/// Runs `jpegtran`, where there is one.
fn jpegtran(file: &[u8], options: &[&str]) -> Option<Vec<u8>> {
    use std::io::Write;
    let child = Command::new("jpegtran").args(options).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.ok()?;
    let mut stdin = child.stdin.take()?;
    let file = file.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&file));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    output.status.success().then_some(output.stdout)
}

/// Blocks beyond the picture are written anew there, and are not compared.
#[test]
fn what_jpegtran_codes_anew_is_the_same_picture() {
    for (width, height) in [(17, 9), (633, 471), (16, 16), (640, 480), (41, 8)] {
        for (i, shared) in SAMPLINGS.into_iter().enumerate() {
            let picture = picture(width, height, shared, i as u64);
            let file = write_jpeg(&picture, &Profile::None);
            for options in [&["-optimize"][..], &["-progressive"], &["-restart", "1B"], &["-progressive", "-restart", "1"], &["-revert"]] {
                let Some(copy) = jpegtran(&file, &[options, &["-copy", "all"]].concat()) else {
                    eprintln!("skipped: there is no jpegtran that can be run here");
                    return;
                };
                let read = JpegFile::read(&copy).unwrap_or_else(|e| panic!("{width}×{height} {shared:?} {options:?}: {e}"));
                assert!(read.coefficients == picture && read.look == Ok(()), "{width}×{height} {shared:?} {options:?}");
            }
            let turned = jpegtran(&file, &["-rotate", "90"]).expect("it ran before");
            assert!(JpegFile::read(&turned).is_ok_and(|turned| turned.coefficients != picture));
            refused(&jpegtran(&file, &["-arithmetic"]).expect("it ran before"), "arithmetic-coded");
        }
    }
}

#[test]
fn whatever_changes_the_look_is_refused_by_name() {
    let file = write_jpeg(&picture(17, 9, Some((2, 2)), 1), &Profile::None);
    let exif = |block: &[u8]| [b"Exif\0\0", block].concat();
    let credentials = |part: u8, kind: &[u8]| [&b"JP\0\x01\0\0\0"[..], &[part], b"\0\0\0\x40jumb\0\0\0\x20jumd", kind].concat();
    const C2PA: &[u8] = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\0";
    let segment = |name: &str| Err(Look::Segment(name.into()));
    let cases = [
        (0xfe, b"a comment".to_vec(), Ok(())),
        (0xe1, exif(&exif_block(1)), Ok(())),
        (0xeb, credentials(1, C2PA), Ok(())),
        (0xeb, credentials(2, b"whatever goes on"), Ok(())),
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

#[test]
fn a_profile_and_a_proof_are_carried() {
    let profile = [b"ICC_PROFILE\0\x01\x01", &icc(b"RGB ", "x")[..]].concat();
    let photo = Picture::decode(&with_segment(&jpeg(16, 16, false, &[]), 0xe2, &profile)).expect("a picture").profile().clone();
    let picture = picture(17, 9, Some((2, 2)), 1);
    let file = embed(&write_jpeg(&picture, &photo), b"a proof").expect("it fits");
    let read = JpegFile::read(&file).expect("a JPEG");
    assert_eq!((read.look, read.proof.as_deref()), (Ok(()), Some(&b"a proof"[..])));
    assert!(read.profile == photo && photo.icc().is_some() && read.coefficients == picture);
    if let Some(copy) = jpegtran(&file, &["-progressive", "-copy", "all"]) {
        let read = JpegFile::read(&copy).expect("a JPEG");
        assert!(read.profile == photo && read.proof.as_deref() == Some(b"a proof") && read.coefficients == picture);
    }
}

/// The place of a marker in a file.
fn place(file: &[u8], marker: u8, from: usize) -> usize {
    from + file[from..].windows(2).position(|pair| pair == [0xff, marker]).expect("the marker")
}

/// A whole segment of a file, with its marker.
fn segment_at(file: &[u8], at: usize) -> std::ops::Range<usize> {
    at..at + 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]))
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
