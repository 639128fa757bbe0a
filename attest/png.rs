//! Reading PNG: the container is walked first, so that nothing large is allocated for a file that cannot be read.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::image::{Format, PictureError, check_size, raw};
use crate::reader::{CutShort, Reader};
use ::image::codecs::png::PngDecoder;
use ::image::{ColorType, ImageDecoder, Limits};
use std::io::Cursor;

/// The eight bytes every PNG begins with.
pub(crate) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Deflate never makes more than this many bytes of one.
const MAX_EXPANSION: u64 = 1032;
/// No camera writes a larger EXIF block.
const MAX_EXIF: usize = 1 << 20;

/// What the chunks of a file announce.
struct Container<'a> {
    width: usize,
    height: usize,
    /// Compressed bytes in all data chunks.
    data: u64,
    exif: Option<&'a [u8]>,
    animated: bool,
}

fn big_endian(bytes: [u8; 4]) -> Result<usize, CutShort> {
    usize::try_from(u32::from_be_bytes(bytes)).map_err(|_| CutShort)
}

/// Walks the chunks up to the end chunk; a file without one is cut short.
fn walk(file: &[u8]) -> Result<Container<'_>, CutShort> {
    let mut reader = Reader::new(file);
    reader.take(SIGNATURE.len())?;
    let mut found = Container { width: 0, height: 0, data: 0, exif: None, animated: false };
    loop {
        let length = big_endian(reader.array()?)?;
        let name = reader.array::<4>()?;
        let body = reader.take(length)?;
        reader.take(4)?; // the checksum, which the decoder verifies
        match &name {
            b"IHDR" => {
                let mut header = Reader::new(body);
                found.width = big_endian(header.array()?)?;
                found.height = big_endian(header.array()?)?;
            }
            b"IDAT" => found.data = found.data.saturating_add(length as u64),
            b"eXIf" if length <= MAX_EXIF => found.exif = Some(body),
            b"acTL" => found.animated = true,
            b"IEND" => return Ok(found),
            _ => {}
        }
    }
}

/// Decodes a PNG into interleaved 8-bit samples of 1 or 3 channels.
pub(crate) fn decode(file: &[u8]) -> Result<raw::Samples<'_>, PictureError> {
    let container = walk(file).map_err(|CutShort| PictureError::CutShort(Format::Png))?;
    if container.animated {
        return Err(PictureError::Animated);
    }
    let dims = (container.width, container.height);
    check_size(dims.0, dims.1)?;
    // At least one bit a pixel: a file this small cannot hold the picture it announces.
    let least = (dims.0 as u64 * dims.1 as u64) / 8;
    if least > container.data.saturating_mul(MAX_EXPANSION) {
        return Err(PictureError::CutShort(Format::Png));
    }
    let damaged = |e: ::image::ImageError| PictureError::damaged(Format::Png, &e);
    let mut limits = Limits::default();
    limits.max_alloc = None; // the size is checked above
    let decoder = PngDecoder::with_limits(Cursor::new(file), limits).map_err(damaged)?;
    let color = decoder.color_type();
    let length = usize::try_from(decoder.total_bytes()).map_err(|_| too_large(dims))?;
    if decoder.dimensions() != (dims.0 as u32, dims.1 as u32) {
        return Err(PictureError::Damaged { format: Format::Png, reason: "it has two headers".into() });
    }
    let mut samples = Vec::new();
    samples.try_reserve_exact(length).map_err(|_| too_large(dims))?;
    samples.resize(length, 0);
    decoder.read_image(&mut samples).map_err(damaged)?;
    let (channels, deep) = match color {
        ColorType::L8 => (1, false),
        ColorType::La8 => (2, false),
        ColorType::Rgb8 => (3, false),
        ColorType::Rgba8 => (4, false),
        ColorType::L16 => (1, true),
        ColorType::La16 => (2, true),
        ColorType::Rgb16 => (3, true),
        ColorType::Rgba16 => (4, true),
        _ => return Err(PictureError::Damaged { format: Format::Png, reason: format!("colour type {color:?}") }),
    };
    if deep {
        samples = narrow(&samples)?;
    }
    Ok(raw::Samples { width: dims.0, height: dims.1, channels, samples, exif: container.exif.map(Into::into) })
}

fn too_large((width, height): (usize, usize)) -> PictureError {
    PictureError::TooLarge { width, height }
}

/// 16-bit samples as bytes, where every sample is `257·b`: both of its bytes are then `b`.
fn narrow(samples: &[u8]) -> Result<Vec<u8>, PictureError> {
    let (pairs, _) = samples.as_chunks::<2>();
    if pairs.iter().any(|[a, b]| a != b) {
        return Err(PictureError::Deep);
    }
    Ok(pairs.iter().map(|[a, _]| *a).collect())
}
