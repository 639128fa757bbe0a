//! Reading an overlay's PNG: its samples alone, with memory bounded by its sides.

use super::MAX_SIDE;
use crate::language::shown;
use png::{BitDepth, ColorType, DecodeOptions, Decoder, DecodingError, Limits, Transformations};
use std::io::Cursor;

/// What the decoder may keep of chunks and lines, the picture itself not counted.
const DECODER_MEMORY: usize = 16 << 20;
/// Deflate never makes more than this many bytes of one.
const MAX_EXPANSION: usize = 1032;

/// Width, height, and red, green, blue, alpha row after row; fewer channels and 16 bits are converted.
///
/// Chunks that would have to be decompressed (profiles, texts) are passed over.
pub(super) fn read(bytes: &[u8]) -> Result<(usize, usize, Vec<u8>), String> {
    match bytes {
        [] => return Err("it is empty; overlays are PNG files".into()),
        [0xff, 0xd8, ..] => return Err("it is a JPEG file, and overlays are PNG files; save it as PNG".into()),
        _ if !bytes.starts_with(b"\x89PNG\r\n\x1a\n") => return Err("it is no PNG file, and overlays are PNG files; save it as PNG".into()),
        _ => {}
    }
    let mut options = DecodeOptions::default();
    options.set_ignore_text_chunk(true);
    options.set_ignore_iccp_chunk(true);
    let mut decoder = Decoder::new_with_options(Cursor::new(bytes), options);
    decoder.set_limits(Limits { bytes: DECODER_MEMORY });
    decoder.set_transformations(Transformations::EXPAND | Transformations::ALPHA);
    let (width, height) = decoder.read_header_info().map_err(sentence)?.size();
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(format!("it is {width} × {height} pixels, and no side may be longer than {MAX_SIDE}"));
    }
    let (width, height) = (width as usize, height as usize);
    // At least one bit a pixel: a file this small cannot hold the picture it announces.
    if width * height / 8 > bytes.len().saturating_mul(MAX_EXPANSION) {
        return Err("it is cut short".into());
    }
    let mut reader = decoder.read_info().map_err(sentence)?;
    let mut samples = vec![0; reader.output_buffer_size().ok_or("it is too large")?];
    reader.next_frame(&mut samples).map_err(sentence)?;
    let (colour, depth) = reader.output_color_type();
    if depth == BitDepth::Sixteen {
        samples = narrow(&samples);
    }
    match colour {
        ColorType::Rgba => Ok((width, height, samples)),
        ColorType::GrayscaleAlpha => {
            let (pixels, _) = samples.as_chunks::<2>();
            Ok((width, height, pixels.iter().flat_map(|&[grey, alpha]| [grey, grey, grey, alpha]).collect()))
        }
        other => Err(format!("its colours cannot be read ({other:?})")),
    }
}

/// 16 bits as 8, rounded.
fn narrow(samples: &[u8]) -> Vec<u8> {
    let (pairs, _) = samples.as_chunks::<2>();
    pairs.iter().map(|pair| ((u32::from(u16::from_be_bytes(*pair)) + 128) / 257) as u8).collect()
}

fn sentence(error: DecodingError) -> String {
    shown(&error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chunk with its checksum.
    fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let named = [name, body].concat();
        let crc = !named
            .iter()
            .fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xedb8_8320 ^ c >> 1 } else { c >> 1 }));
        [&(body.len() as u32).to_be_bytes(), &named[..], &crc.to_be_bytes()].concat()
    }

    #[test]
    fn samples_of_every_kind_are_those_of_the_image_crate() {
        for colour in [
            image::ColorType::L8,
            image::ColorType::La8,
            image::ColorType::Rgb8,
            image::ColorType::Rgba8,
            image::ColorType::L16,
            image::ColorType::Rgba16,
        ] {
            let picture = image::DynamicImage::new(7, 3, colour);
            let bytes: Vec<u8> = (0..picture.as_bytes().len()).map(|i| (i * 91 + i * i) as u8).collect();
            let mut file = Vec::new();
            let encoder = image::codecs::png::PngEncoder::new(&mut file);
            image::ImageEncoder::write_image(encoder, &bytes, 7, 3, colour.into()).expect("written");
            let expected = image::load_from_memory(&file).expect("read").into_rgba8().into_raw();
            assert_eq!(read(&file), Ok((7, 3, expected)), "{colour:?}");
        }
    }

    /// Neither decompressed nor parsed: these chunks would be refused, and a profile of a gigabyte would fill the memory.
    #[test]
    fn a_profile_or_text_is_passed_over() {
        let mut file = std::io::Cursor::new(Vec::new());
        image::RgbaImage::from_pixel(2, 2, image::Rgba([1, 2, 3, 255])).write_to(&mut file, image::ImageFormat::Png).expect("written");
        let file = file.into_inner();
        let plain = read(&file).expect("an overlay");
        for bomb in
            [chunk(b"iCCP", &bomb(b"icc\0\0")), chunk(b"zTXt", &bomb(b"Comment\0\0")), chunk(b"iTXt", &bomb(b"Comment\0\x01\0\0\0"))]
        {
            let with = [&file[..33], &bomb, &file[33..]].concat();
            assert_eq!(read(&with).as_ref(), Ok(&plain), "passed over");
        }
    }

    /// A zlib stream of stored blocks that hold more than the decoder may keep.
    fn bomb(head: &[u8]) -> Vec<u8> {
        let mut stream = [head, &[0x78, 0x01]].concat();
        for _ in 0..300 {
            stream.extend([0, 0xff, 0xff, 0, 0]);
            stream.extend(std::iter::repeat_n(0, 0xffff));
        }
        stream
    }

    #[test]
    fn sides_and_size_are_refused_before_anything_is_allocated() {
        let header = |width: u32, height: u32| {
            let body = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
            [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &body), chunk(b"IDAT", &[0x78, 1]), chunk(b"IEND", &[])].concat()
        };
        let said = |width, height| read(&header(width, height)).expect_err("refused");
        assert!(said(4097, 1).contains("no side may be longer"), "{}", said(4097, 1));
        assert!(said(4096, 4096).contains("cut short"), "{}", said(4096, 4096));
    }
}
