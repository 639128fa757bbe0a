//! Reading JPEG, strictly: what a lenient viewer would paint grey is refused here.
//!
//! The decoder is pinned and its vector instructions are off, so that a file has the same pixels on every machine.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::image::{Format, PictureError, check_size, raw};
use crate::reader::{CutShort, Reader};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

/// Start of image, and the first byte of the marker that follows.
pub(crate) const SIGNATURE: &[u8] = b"\xff\xd8\xff";

/// No byte of a JPEG stands for more pixels.
const PIXELS_A_BYTE: usize = 1024;
const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;
const RESTART_0: u8 = 0xd0;
const RESTART_7: u8 = 0xd7;

/// Walks the segments and scans of the first image up to its end marker; a file without one is cut short.
///
/// Gives the places where entropy-coded data ends: before a restart marker or at the end of a scan.
fn walk(file: &[u8]) -> Result<Vec<usize>, CutShort> {
    let mut ends = Vec::new();
    let mut reader = Reader::new(file);
    reader.take(2)?;
    loop {
        while reader.u8()? != 0xff {} // bytes between segments; the strict decoder judges them
        let mut marker = reader.u8()?;
        while marker == 0xff {
            marker = reader.u8()?; // fill bytes
        }
        match marker {
            END_OF_IMAGE => return Ok(ends),
            0x00 | 0x01 | 0xd8 => continue,
            RESTART_0..=RESTART_7 => {}
            _ => {
                let length = u16::from_be_bytes(reader.array()?);
                reader.take(usize::from(length.checked_sub(2).ok_or(CutShort)?))?;
            }
        }
        if matches!(marker, START_OF_SCAN | RESTART_0..=RESTART_7) {
            let data = reader.take(entropy_coded(reader.rest())?)?;
            let fill = data.iter().rev().take_while(|byte| **byte == 0xff).count();
            ends.push(file.len() - reader.rest().len() - fill);
        }
    }
}

/// The length of entropy-coded data: up to the next marker, which is not a stuffed or filling 0xff.
fn entropy_coded(data: &[u8]) -> Result<usize, CutShort> {
    let marker = |pair: &[u8]| matches!(pair, [0xff, 0x01..=0xfe]);
    data.windows(2).position(marker).ok_or(CutShort)
}

/// The file with `length` arbitrary bytes behind all entropy-coded data.
///
/// Where data is missing, a decoder reads zeros in its place and paints grey, without a word. In this file it
/// reads other bits there, and the picture changes; behind complete data nothing is read.
fn padded(file: &[u8], ends: &[usize], length: usize) -> Vec<u8> {
    const PADDING: [u8; 24] = *b"\xd5\xb3\x6a\x9d\xc7\x2e\xe9\x58\xb6\x4d\x93\xea\x71\xcd\x3a\xa7\xd9\x65\xb8\x5e\x97\xd2\x6b\xac";
    let mut padded = Vec::with_capacity(file.len() + length * ends.len());
    let mut from = 0;
    for end in ends {
        padded.extend_from_slice(file.get(from..*end).unwrap_or(&[]));
        padded.extend(PADDING.iter().take(length));
        from = *end;
    }
    padded.extend_from_slice(file.get(from..).unwrap_or(&[]));
    padded
}

/// Decodes a JPEG into interleaved 8-bit samples of 1 or 3 channels.
///
/// Decodes it again with other bits behind its data, so that missing data shows.
pub(crate) fn decode(file: &[u8]) -> Result<raw::Samples<'_>, PictureError> {
    let ends = walk(file).map_err(|CutShort| PictureError::CutShort(Format::Jpeg))?;
    let raw = decode_once(file)?;
    // In a progressive file the decoder wants the first scan's end within the four bytes it reads ahead; which of
    // the short paddings leaves it there depends on the last bits. A padding that is not to its liking is an error.
    let mut again = [24, 1, 2].iter().filter_map(|length| decode_once(&padded(file, &ends, *length)).ok());
    if again.next().is_none_or(|again| again.samples != raw.samples) {
        return Err(refused("some of its picture data is missing"));
    }
    Ok(raw)
}

fn decode_once<'a>(file: &[u8]) -> Result<raw::Samples<'a>, PictureError> {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_use_unsafe(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().ok_or_else(|| refused("it has no picture header"))?;
    check_size(width, height)?;
    // However the components are sampled, together they have a block for every 128 pixels, and a block takes a bit
    // at least: a file this small cannot hold the picture it announces.
    if width * height / PIXELS_A_BYTE > file.len() {
        return Err(PictureError::CutShort(Format::Jpeg));
    }
    let (colour, channels) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (ColorSpace::Luma, 1),
        Some(ColorSpace::YCbCr | ColorSpace::RGB) => (ColorSpace::RGB, 3),
        Some(ColorSpace::CMYK | ColorSpace::YCCK) => return Err(PictureError::Cmyk),
        _ => return Err(refused("its colours are neither grey nor RGB")),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(colour));
    let exif = decoder.exif().cloned().map(Into::into);
    let samples = decoder.decode().map_err(damaged)?;
    Ok(raw::Samples { width, height, channels, samples, exif })
}

fn refused(reason: &str) -> PictureError {
    PictureError::damaged(Format::Jpeg, &reason)
}

fn damaged(error: DecodeErrors) -> PictureError {
    PictureError::damaged(Format::Jpeg, &error)
}
