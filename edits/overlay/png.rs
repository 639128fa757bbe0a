//! Reading an overlay's PNG: its samples alone, with memory bounded by its sides.

use super::MAX_SIDE;
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
    crate::error::shown(&error.to_string())
}
