//! The integers in a JPEG: read as others write them, written as others read them, and the same after every coding without loss.

#[path = "../files/mod.rs"]
mod files;
mod refusals;

use files::{gradient, icc, jpeg, numbered, with_segment};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use proptest::prelude::*;
use std::process::{Command, Stdio};
use zkimg_picture::{Coefficients, Component, JpegFile, JpegShape, Picture, Profile, embed, write_jpeg};

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
        include_bytes!("../jpeg/16x16-420.jpg"),
        include_bytes!("../jpeg/17x9-420.jpg"),
        include_bytes!("../jpeg/5x5-420.jpg"),
        include_bytes!("../jpeg/16x8-422.jpg"),
        include_bytes!("../jpeg/8x16-440.jpg"),
    ];
    for file in files {
        let ours = write_jpeg(&read(file), &Profile::None);
        assert_eq!(Picture::decode(&ours).map(Picture::into_cells), Picture::decode(file).map(Picture::into_cells));
    }
    refused(include_bytes!("../jpeg/4x4-411.jpg"), "sampled in a way");
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
