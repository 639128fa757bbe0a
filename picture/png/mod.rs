//! PNG: the container is walked first, so that nothing large is allocated for a file that cannot be read, and no chunk
//! beside the pixels is ever decompressed by the decoder.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod chunks;
mod colour;
mod credentials;
mod header;
mod look;
mod palette;
mod proof;
mod write;

use crate::deep::Deep;
use crate::error::PictureError;
use crate::format::Format;
use crate::profile::Profile;
use crate::reader::CutShort;
use crate::samples::Samples;
use crate::size::check_size;
use ::png::{BitDepth, ColorType, DecodeOptions, Decoder, Transformations};
use chunks::{Chunk, Chunks};
use header::Header;
use std::io::Cursor;

pub(crate) use chunks::SIGNATURE;
pub(crate) use credentials::{claimed, claimed_ahead};
pub(crate) use proof::{proof_ahead, proof_chunk, proof_place};
pub use write::encode_png;

/// Deflate never makes more than this many bytes of one.
const MAX_EXPANSION: u64 = 1032;
/// Compressed data looks back no further than so many bytes.
const MAX_WINDOW: u64 = 1 << 15;
/// What a JPEG can hold of EXIF is a quarter of it; its labels may share text, which is read for each.
const MAX_EXIF: usize = 1 << 18;
/// What the decoder may keep of chunks and lines, the picture itself not counted.
const DECODER_MEMORY: usize = 64 << 20;

/// What the chunks of a file announce.
pub(crate) struct Container<'a> {
    pub(crate) file: &'a [u8],
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// 1 for grey, 3 for colour; alpha does not count.
    pub(crate) channels: usize,
    /// A TIFF-framed block, without the `Exif\0\0` that some programs put before it.
    pub(crate) exif: Option<&'a [u8]>,
    /// Whether that stood there, which the standard does not allow.
    prefixed: bool,
    /// The proof that it carries.
    pub(crate) proof: Option<&'a [u8]>,
    /// Whether its pixels are numbers of colours in a palette.
    indexed: bool,
    /// Whether its samples have 16 bits.
    deep: bool,
    /// Whether anything stands in the end chunk, or behind it.
    trailing: bool,
    /// Whether programs can look back in its compressed data as far as they ask for: to all of it, or as far as any data may.
    window: bool,
    colour: colour::Chunks<'a>,
}

impl<'a> Container<'a> {
    /// Walks the chunks up to the end chunk and checks the size: a file that cannot be read is refused here.
    pub(crate) fn read(file: &'a [u8]) -> Result<Container<'a>, PictureError> {
        let colour = colour::Chunks::default();
        let mut found = Container {
            file,
            width: 0,
            height: 0,
            channels: 3,
            exif: None,
            prefixed: false,
            proof: None,
            indexed: false,
            deep: false,
            trailing: false,
            window: false,
            colour,
        };
        // Compressed bytes in all data chunks, and the bytes that they make.
        let (mut data, mut uncompressed, mut ended) = (0u64, 0, false);
        let mut chunks = Chunks::new(file);
        for chunk in chunks.by_ref() {
            let chunk = chunk.map_err(|CutShort| PictureError::CutShort(Format::Png))?;
            match &chunk.name {
                b"IHDR" => uncompressed = found.header(&chunk)?,
                b"IDAT" => {
                    // The first byte of all says how far back the others look (RFC 1950, 2.2).
                    if let (0, Some(first)) = (data, chunk.body.first()) {
                        found.window =
                            1u64.checked_shl(u32::from(first >> 4) + 8).is_some_and(|window| window >= uncompressed.min(MAX_WINDOW));
                    }
                    data = data.saturating_add(chunk.body.len() as u64);
                }
                b"eXIf" if found.exif.is_some() => return Err(chunk.twice()),
                b"eXIf" if chunk.body.len() > MAX_EXIF => return Err(damaged("its EXIF block is longer than any camera writes")),
                b"eXIf" => {
                    let block = chunk.checked()?;
                    let stripped = block.strip_prefix(b"Exif\0\0");
                    (found.exif, found.prefixed) = (Some(stripped.unwrap_or(block)), stripped.is_some());
                }
                proof::NAME => proof::note(&mut found.proof, &chunk, data > 0)?,
                b"acTL" => return Err(PictureError::Animated(Format::Png)),
                b"IEND" => (ended, found.trailing) = (true, !chunk.body.is_empty()),
                _ => found.colour.note(&chunk, data > 0)?,
            }
        }
        if !ended {
            return Err(PictureError::CutShort(Format::Png));
        }
        found.trailing |= !chunks.is_at_end();
        let (width, height) = (found.width, found.height);
        check_size(width, height)?;
        // At least one bit a pixel: a file this small cannot hold the picture it announces.
        if (width as u64 * height as u64) / 8 > data.saturating_mul(MAX_EXPANSION) {
            return Err(PictureError::CutShort(Format::Png));
        }
        Ok(found)
    }

    /// Reads the header; gives how many bytes the data make.
    fn header(&mut self, chunk: &Chunk<'_>) -> Result<u64, PictureError> {
        if self.width != 0 {
            return Err(damaged("it has two headers"));
        }
        let header = Header::read(chunk)?;
        (self.width, self.height, self.channels) = (header.width, header.height, header.channels());
        (self.indexed, self.deep) = (header.indexed(), header.depth == 16);
        Ok(header.uncompressed())
    }

    /// The profile that the colours are meant in; `None` where no chunk speaks of it.
    pub(crate) fn profile(&self) -> Result<Option<Profile>, PictureError> {
        self.colour.profile()
    }

    /// Decodes the pixels into interleaved 8-bit samples.
    ///
    /// Memory is bounded by the size that was checked: the decoder passes over every chunk that it would have to
    /// decompress, and data beyond the last line is left where it is.
    pub(crate) fn samples(&self, deep: Deep) -> Result<Samples, PictureError> {
        let damaged = |error: ::png::DecodingError| PictureError::damaged(Format::Png, &error);
        let too_large = || PictureError::TooLarge { width: self.width, height: self.height };
        let mut options = DecodeOptions::default();
        options.set_ignore_text_chunk(true);
        options.set_ignore_iccp_chunk(true);
        options.set_ignore_adler32(false);
        let mut decoder = Decoder::new_with_options(Cursor::new(self.file), options);
        decoder.set_limits(::png::Limits { bytes: DECODER_MEMORY });
        // Indices are looked up here, as decoders differ in what they make of one beyond the palette.
        decoder.set_transformations(if self.indexed { Transformations::IDENTITY } else { Transformations::EXPAND });
        let mut reader = decoder.read_info().map_err(damaged)?;
        let length = reader.output_buffer_size().ok_or_else(too_large)?;
        let mut samples = Vec::new();
        samples.try_reserve_exact(length).map_err(|_| too_large())?;
        samples.resize(length, 0);
        reader.next_frame(&mut samples).map_err(damaged)?;
        let (colour, depth) = reader.output_color_type();
        let channels = match colour {
            ColorType::Grayscale => 1,
            ColorType::GrayscaleAlpha => 2,
            ColorType::Rgb => 3,
            ColorType::Rgba => 4,
            ColorType::Indexed => {
                let (channels, samples) = palette::colours(&samples, depth as usize, self.width, &self.colour)?;
                return Ok(Samples { width: self.width, height: self.height, channels, samples, deep: false });
            }
        };
        let is_deep = depth == BitDepth::Sixteen;
        match depth {
            BitDepth::Eight => {}
            BitDepth::Sixteen => {
                let (pairs, _) = samples.as_chunks::<2>();
                samples = deep.narrow(Format::Png, channels, pairs.iter().map(|pair| u16::from_be_bytes(*pair)))?;
            }
            _ => return Err(self::damaged("its samples cannot be read")),
        }
        Ok(Samples { width: self.width, height: self.height, channels, samples, deep: is_deep })
    }
}

/// The size that a file's header announces.
pub(crate) fn size(file: &[u8]) -> Result<(usize, usize), PictureError> {
    for chunk in Chunks::new(file) {
        let chunk = chunk.map_err(|CutShort| PictureError::CutShort(Format::Png))?;
        if chunk.name == *b"IHDR" {
            let Header { width, height, .. } = Header::read(&chunk)?;
            return Ok((width, height));
        }
    }
    Err(PictureError::CutShort(Format::Png))
}

fn damaged(reason: &str) -> PictureError {
    PictureError::damaged(Format::Png, &reason)
}
