//! Seeds of the corpus that are other people's formats: pictures and EXIF blocks.
//!
//!     cargo run --release -p zkimg-picture --example picture_seeds

#[path = "../picture/tests/files/mod.rs"]
mod files;

use files::{chunk, exif_block, gradient, icc, iccp, jpeg, png, with_chunks, with_exif_chunk, with_segment};
use std::path::Path;
use zkimg_picture::{JpegFile, Picture, Profile, embed, encode_webp, write_jpeg};

fn main() -> std::io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let write = |target: &str, name: &str, bytes: &[u8]| {
        std::fs::create_dir_all(corpus.join(target))?;
        std::fs::write(corpus.join(target).join(name), bytes)
    };
    write("exif", "seed", &exif_block(6))?;
    write("picture", "seed-jpeg", &jpeg(9, 7, false, &exif_block(6)))?;
    write("picture", "seed-progressive", &jpeg(17, 9, true, &[]))?;
    write("picture", "seed-exif", &with_exif_chunk(&png(5, 3, 3, 8, &gradient(5, 3, 3)), &exif_block(3)))?;
    let profile = icc(b"RGB ", "Made for tests");
    write("picture", "seed-profile", &with_chunks(&png(5, 3, 3, 8, &gradient(5, 3, 3)), &[chunk(b"iCCP", &iccp(&profile))]))?;
    let colours = [
        chunk(b"sRGB", &[0]),
        chunk(b"gAMA", &45455u32.to_be_bytes()),
        chunk(b"pHYs", &[0, 0, 0, 1, 0, 0, 0, 1, 1]),
        chunk(b"tEXt", b"Comment\0x"),
    ];
    write("picture", "seed-chunks", &with_chunks(&png(5, 3, 1, 8, &gradient(5, 3, 1)), &colours))?;
    let part = [b"ICC_PROFILE\0\x01\x01", &profile[..]].concat();
    write("picture", "seed-jpeg-profile", &with_segment(&jpeg(9, 7, false, &[]), 0xe2, &part))?;
    for name in ["16x16-420", "17x9-420", "5x5-420", "16x8-422"] {
        let file = std::fs::read(corpus.join("../../picture/tests/jpeg").join(name).with_extension("jpg"))?;
        write("coefficients", &format!("seed-{name}"), &file)?;
        let coefficients = JpegFile::read(&file).expect("a JPEG").coefficients;
        write(
            "coefficients",
            &format!("seed-written-{name}"),
            &embed(&write_jpeg(&coefficients, &Profile::None), b"proof").expect("it fits"),
        )?;
    }
    for name in
        ["webp/lossless.webp", "webp/lossy.webp", "webp/alpha.webp", "tiff/lzw.tif", "tiff/deflate.tif", "tiff/tiled.tif", "tiff/deep.tif"]
    {
        let file = std::fs::read(corpus.join("../../picture/tests").join(name))?;
        write("picture", &format!("seed-{}", name.replace(['/', '.'], "-")), &file)?;
    }
    let webp = encode_webp(&Picture::decode(&png(5, 3, 3, 8, &gradient(5, 3, 3))).expect("a picture")).expect("in colour");
    write("picture", "seed-webp-proof", &embed(&webp, b"proof").expect("it fits"))?;
    for (channels, bits) in [(1, 8), (2, 8), (3, 8), (4, 16)] {
        let mut samples = gradient(4, 3, channels);
        if channels % 2 == 0 {
            samples.iter_mut().skip(channels - 1).step_by(channels).for_each(|alpha| *alpha = 255);
        }
        let samples: Vec<u8> = samples.iter().flat_map(|byte| std::iter::repeat_n(*byte, bits / 8)).collect();
        write("picture", &format!("seed-{channels}-{bits}"), &png(4, 3, channels, bits as u8, &samples))?;
    }
    Ok(())
}
