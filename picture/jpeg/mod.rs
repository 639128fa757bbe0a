//! Reading JPEG, strictly: what a lenient viewer would paint grey is refused here.
//!
//! The decoder is pinned and its vector instructions are off, so that a file has the same pixels on every machine. The
//! standard leaves to the decoder how colours that are sampled more coarsely are spread: against libjpeg the pixels differ
//! by a few levels, and by more in the last column and line of some sizes, where this one blends in what the file holds
//! beyond the picture. Where they would differ everywhere, in the narrowest pictures, the file is refused.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod credentials;
mod frame;
mod look;
mod parts;
mod proof;
mod scans;
mod segments;

use crate::error::PictureError;
use crate::format::Format;
use crate::profile::{IccProfile, Profile};
use crate::reader::CutShort;
use crate::samples::Samples;
use crate::size::check_size;
use frame::Frame;
use parts::Parts;
use segments::Segments;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

pub(crate) use credentials::claimed_ahead;
pub(crate) use parts::spread;
pub(crate) use proof::{is_part as is_proof, proof_ahead, proof_place, proof_segments};
pub(crate) use segments::write as segment;

/// Start of image, and the first byte of the marker that follows.
pub(crate) const SIGNATURE: &[u8] = b"\xff\xd8\xff";

/// No byte of a JPEG stands for more pixels.
const PIXELS_A_BYTE: usize = 1024;
/// A progressive picture has some tables for each of its scans, at most a hundred; a decoder builds each of them, and the least has
/// 17 bytes.
const MAX_TABLES: usize = 1 << 18;
pub(crate) const APP_1: u8 = 0xe1;
pub(crate) const APP_2: u8 = 0xe2;
pub(crate) const DEFINE_CODES: u8 = 0xc4;
pub(crate) const DEFINE_QUANTISATION: u8 = 0xdb;
pub(crate) const EXIF: &[u8] = b"Exif\0\0";
pub(crate) const ICC: &[u8] = b"ICC_PROFILE\0";

/// What the segments of a file announce.
pub(crate) struct Container<'a> {
    pub(crate) file: &'a [u8],
    /// 1 for grey, 3 for colour.
    pub(crate) channels: usize,
    pub(crate) exif: Option<&'a [u8]>,
    profile: Parts<'a>,
    proof: Parts<'a>,
}

impl<'a> Container<'a> {
    /// Walks the segments up to the end marker and checks the size; a file without an end is cut short.
    pub(crate) fn read(file: &'a [u8]) -> Result<Container<'a>, PictureError> {
        let (mut frame, mut exif): (Option<Frame>, _) = (None, None);
        let (mut profile, mut proof) = (Parts::default(), Parts::default());
        let mut tables = 0;
        for segment in Segments::new(file) {
            let segment = segment.map_err(|CutShort| PictureError::CutShort(Format::Jpeg))?;
            if matches!(segment.marker, DEFINE_CODES | DEFINE_QUANTISATION) {
                tables += segment.body.len();
            }
            if tables > MAX_TABLES {
                return Err(refused("it has more tables than any picture needs"));
            }
            match (segment.marker, segment.body) {
                (APP_1, body) if exif.is_none() && body.starts_with(EXIF) => exif = body.get(EXIF.len()..),
                (APP_2, body) if body.starts_with(ICC) => {
                    let part = body.get(ICC.len()..).unwrap_or_default();
                    profile.note(part).ok_or(PictureError::Profile("one of its parts is malformed"))?;
                }
                (marker, body) if proof::is_part(marker, body) => proof::note(&mut proof, body, frame.is_some())?,
                (marker, body) => frame = frame.or(Frame::read(marker, body)?),
            }
        }
        let frame = frame.ok_or_else(no_header)?;
        frame.check_sides()?;
        check_size(frame.width, frame.height)?;
        // However the components are sampled, together they have a block for every 128 pixels, and a block takes a bit
        // at least: a file this small cannot hold the picture it announces.
        if frame.width * frame.height / PIXELS_A_BYTE > file.len() {
            return Err(PictureError::CutShort(Format::Jpeg));
        }
        frame.check_sampling()?;
        let channels = if frame.ids.len() == 1 { 1 } else { 3 };
        Ok(Container { file, channels, exif, profile, proof })
    }

    /// The ICC profile, put together from its parts (ICC.1:2022, B.4); `None` if there is none.
    pub(crate) fn profile(&self) -> Result<Option<Profile>, PictureError> {
        let Some(parts) = self.profile.in_order().map_err(|_| PictureError::Profile("some of its parts are missing or there twice"))?
        else {
            return Ok(None);
        };
        // At most 255 parts of 64 KB, of which the profile's own bound leaves 1 MiB.
        Ok(Some(Profile::Icc(IccProfile::read(&parts.concat())?)))
    }

    /// The proof that it carries.
    pub(crate) fn proof(&self) -> Result<Option<Vec<u8>>, PictureError> {
        proof::join(&self.proof)
    }

    /// Decodes the pixels into interleaved 8-bit samples of 1 or 3 channels.
    ///
    /// Decodes them again with other bits behind the data, so that missing data shows.
    pub(crate) fn samples(&self) -> Result<Samples, PictureError> {
        scans::check(self.file)?;
        let raw = decode(self.file)?;
        let ends: Vec<usize> = Segments::new(self.file).flatten().filter_map(|segment| segment.data_end).collect();
        // In a progressive file the decoder wants the first scan's end within the four bytes it reads ahead; which of
        // the short paddings leaves it there depends on the last bits. A padding that is not to its liking is an error.
        let mut again = [24, 1, 2].iter().filter_map(|length| decode(&padded(self.file, &ends, *length)).ok());
        if again.next().is_none_or(|again| again.samples != raw.samples) {
            return Err(refused("some of its picture data is missing"));
        }
        Ok(raw)
    }
}

/// The size that a file's first frame header announces.
pub(crate) fn size(file: &[u8]) -> Result<(usize, usize), PictureError> {
    for segment in Segments::new(file) {
        let segment = segment.map_err(|CutShort| PictureError::CutShort(Format::Jpeg))?;
        if let Some(frame) = Frame::read(segment.marker, segment.body)? {
            frame.check_sides()?;
            return Ok((frame.width, frame.height));
        }
    }
    Err(no_header())
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

fn decode(file: &[u8]) -> Result<Samples, PictureError> {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_use_unsafe(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().ok_or_else(no_header)?;
    let (colour, channels) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (ColorSpace::Luma, 1),
        Some(ColorSpace::YCbCr | ColorSpace::RGB) => (ColorSpace::RGB, 3),
        Some(ColorSpace::CMYK | ColorSpace::YCCK) => return Err(PictureError::Cmyk(Format::Jpeg)),
        _ => return Err(refused("its colours are neither grey nor RGB")),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(colour));
    let samples = decoder.decode().map_err(damaged)?;
    Ok(Samples { width, height, channels, samples, deep: false })
}

fn no_header() -> PictureError {
    refused("it has no picture header")
}

fn refused(reason: &str) -> PictureError {
    PictureError::damaged(Format::Jpeg, &reason)
}

fn damaged(error: DecodeErrors) -> PictureError {
    PictureError::damaged(Format::Jpeg, &error)
}
