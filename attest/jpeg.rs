//! Reading JPEG, strictly: what a lenient viewer would paint grey is refused here.
//!
//! The decoder is pinned and its vector instructions are off, so that a file has the same pixels on every machine.

use crate::image::{Format, PictureError, check_size, raw};
use crate::reader::{CutShort, Reader};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

/// Start of image, and the first byte of the marker that follows.
pub(crate) const SIGNATURE: &[u8] = b"\xff\xd8\xff";

const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;

/// Walks the segments and scans of the first image up to its end marker; a file without one is cut short.
fn reach_end(file: &[u8]) -> Result<(), CutShort> {
    let mut reader = Reader::new(file);
    reader.take(2)?;
    loop {
        while reader.u8()? != 0xff {} // bytes between segments; the strict decoder judges them
        let mut marker = reader.u8()?;
        while marker == 0xff {
            marker = reader.u8()?; // fill bytes
        }
        match marker {
            END_OF_IMAGE => return Ok(()),
            0x00 | 0x01 | 0xd0..=0xd8 => continue,
            _ => {
                let length = u16::from_be_bytes(reader.array()?);
                reader.take(usize::from(length.checked_sub(2).ok_or(CutShort)?))?;
            }
        }
        if marker == START_OF_SCAN {
            skip_scan(&mut reader)?;
        }
    }
}

/// Skips entropy-coded data: up to the next marker that is neither a stuffed 0xff nor a restart.
fn skip_scan(reader: &mut Reader<'_>) -> Result<(), CutShort> {
    let no_marker = |pair: &[u8]| matches!(pair, [0..=0xfe, _] | [0xff, 0x00 | 0xff | 0xd0..=0xd7]);
    let at = reader.rest().windows(2).position(|pair| !no_marker(pair)).ok_or(CutShort)?;
    reader.take(at)?;
    Ok(())
}

/// Decodes a JPEG into interleaved 8-bit samples of 1 or 3 channels.
pub(crate) fn decode(file: &[u8]) -> Result<raw::Samples<'_>, PictureError> {
    reach_end(file).map_err(|CutShort| PictureError::CutShort(Format::Jpeg))?;
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_use_unsafe(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(damaged)?;
    let unreadable = || PictureError::Damaged { format: Format::Jpeg, reason: "it has no picture header".into() };
    let (width, height) = decoder.dimensions().ok_or_else(unreadable)?;
    check_size(width, height)?;
    let (colour, channels) = match decoder.input_colorspace().ok_or_else(unreadable)? {
        ColorSpace::Luma => (ColorSpace::Luma, 1),
        ColorSpace::YCbCr | ColorSpace::RGB => (ColorSpace::RGB, 3),
        ColorSpace::CMYK | ColorSpace::YCCK => return Err(PictureError::Cmyk),
        other => {
            return Err(PictureError::Damaged { format: Format::Jpeg, reason: format!("colour space {other:?}") });
        }
    };
    decoder.set_options(options.jpeg_set_out_colorspace(colour));
    let exif = decoder.exif().cloned().map(Into::into);
    let samples = decoder.decode().map_err(damaged)?;
    Ok(raw::Samples { width, height, channels, samples, exif })
}

fn damaged(error: DecodeErrors) -> PictureError {
    PictureError::damaged(Format::Jpeg, &error)
}
