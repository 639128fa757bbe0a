//! A photo's TIFF.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::directory::Directory;
use crate::deep::Deep;
use crate::error::PictureError;
use crate::format::Format;
use crate::profile::{IccProfile, MAX_PROFILE, Profile};
use crate::reader::CutShort;
use crate::samples::Samples;
use crate::size::{MAX_SIDE, check_size};
use crate::xmp;
use ::tiff::decoder::{Decoder, DecodingResult, Limits};
use std::io::Cursor;

mod tag {
    pub(super) const KIND_OF_IMAGE: u16 = 254;
    /// What stood in its place before.
    pub(super) const OLD_KIND_OF_IMAGE: u16 = 255;
    pub(super) const WIDTH: u16 = 256;
    pub(super) const HEIGHT: u16 = 257;
    pub(super) const BITS: u16 = 258;
    pub(super) const COMPRESSION: u16 = 259;
    pub(super) const COLOURS: u16 = 262;
    pub(super) const FILL_ORDER: u16 = 266;
    pub(super) const MAKE: u16 = 271;
    pub(super) const STRIPS: u16 = 273;
    pub(super) const ORIENTATION: u16 = 274;
    pub(super) const SAMPLES: u16 = 277;
    pub(super) const STRIP_LENGTHS: u16 = 279;
    pub(super) const PLANES: u16 = 284;
    pub(super) const TRANSFER_FUNCTION: u16 = 301;
    pub(super) const PREDICTOR: u16 = 317;
    pub(super) const TILE_WIDTH: u16 = 322;
    pub(super) const TILE_HEIGHT: u16 = 323;
    pub(super) const TILES: u16 = 324;
    pub(super) const TILE_LENGTHS: u16 = 325;
    pub(super) const DIRECTORIES_BELOW: u16 = 330;
    pub(super) const MORE_SAMPLES: u16 = 338;
    pub(super) const SAMPLE_FORMAT: u16 = 339;
    pub(super) const XMP: u16 = 700;
    pub(super) const PROFILE: u16 = 34675;
    pub(super) const DNG_VERSION: u16 = 50706;
}

/// Strips or tiles: of 16 × 16 pixels the largest picture has so many.
const MAX_PARTS: usize = 1 << 22;
/// A tile's bytes.
const MAX_TILE: usize = 64 << 20;

/// What the first directory of a file announces.
pub(crate) struct Container<'a> {
    file: &'a [u8],
    directory: Directory<'a>,
    width: usize,
    height: usize,
    /// 1 for grey, 3 for colour; alpha does not count.
    pub(crate) channels: usize,
    samples: usize,
    /// Bits of each sample, 8 or 16.
    bits: usize,
}

impl<'a> Container<'a> {
    /// Reads the first directory and checks the size: a file that cannot be read is refused here.
    pub(crate) fn read(file: &'a [u8]) -> Result<Container<'a>, PictureError> {
        let directory = Directory::first(file).map_err(cut_short)?;
        let one = |tag| directory.one(tag).map_err(cut_short);
        refuse_raw(file, &directory)?;
        if !directory.is_ascending() {
            return Err(damaged("its entries are not in ascending order, or one is there twice, and programs differ in which they take"));
        }
        if directory.next != 0 {
            return Err(PictureError::Pages);
        }
        let side = |side: Option<u32>| side.map_or(0, |side| usize::try_from(side).unwrap_or(usize::MAX));
        let (width, height) = (side(one(tag::WIDTH)?), side(one(tag::HEIGHT)?));
        check_size(width, height)?;
        let channels = match one(tag::COLOURS)? {
            Some(1) => 1,
            Some(2) => 3,
            Some(5) => return Err(PictureError::Cmyk(Format::Tiff)),
            Some(3) => return Err(damaged("its colours are in a palette")),
            _ => return Err(damaged("its colours are neither grey nor RGB")),
        };
        let samples = one(tag::SAMPLES)?.unwrap_or(1) as usize;
        let more = directory.numbers(tag::MORE_SAMPLES).map_err(cut_short)?.map_or(0, Iterator::count);
        if samples != channels + more || more > 1 {
            return Err(damaged("it has samples beside its colours and one for transparency"));
        }
        let bits: Vec<u32> = directory.numbers(tag::BITS).map_err(cut_short)?.into_iter().flatten().take(5).collect();
        let bits = match bits.first() {
            Some(first @ (8 | 16)) if bits.len() == samples && bits.iter().all(|bits| bits == first) => *first as usize,
            _ => return Err(damaged("its samples have neither 8 nor 16 bits")),
        };
        let formats = directory.numbers(tag::SAMPLE_FORMAT).map_err(cut_short)?;
        if formats.is_some_and(|mut formats| formats.any(|format| format != 1)) {
            return Err(damaged("its samples are no unsigned integers"));
        }
        if one(tag::PLANES)?.is_some_and(|planes| planes != 1) || one(tag::FILL_ORDER)?.is_some_and(|order| order != 1) {
            return Err(damaged("its samples do not stand pixel by pixel"));
        }
        if directory.values(tag::ORIENTATION).map_err(cut_short)?.is_some_and(|values| values.one_short().is_none()) {
            return Err(damaged("its orientation is malformed"));
        }
        let compression = one(tag::COMPRESSION)?.unwrap_or(1);
        // Elsewhere than in LZW and Deflate some programs apply it and others do not.
        if !matches!((one(tag::PREDICTOR)?, compression), (None | Some(1), _) | (Some(2), 5 | 8 | 32946)) {
            return Err(damaged("its samples are differences in a way that is not supported (Predictor)"));
        }
        let found = Container { file, directory, width, height, channels, samples, bits };
        found.check_data(compression)?;
        Ok(found)
    }

    /// Bytes of the decoded samples.
    fn decoded(&self) -> usize {
        self.width * self.height * self.samples * (self.bits / 8)
    }

    /// That the data is all in the file, no byte of it twice, and enough for the picture that is announced.
    fn check_data(&self, compression: u32) -> Result<(), PictureError> {
        // The most that one byte stands for: the longest string of LZW in 9 bits, deflate's longest match, 128 bytes in two.
        let expansion = match compression {
            1 => 1,
            5 => 4096,
            8 | 32946 => 1032,
            32773 => 64,
            6 | 7 => return Err(damaged("its pixels are a JPEG")),
            _ => return Err(damaged("its pixels are compressed in a way that is not supported")),
        };
        let tiled = self.directory.has(tag::TILE_WIDTH);
        let (offsets, lengths) = if tiled { (tag::TILES, tag::TILE_LENGTHS) } else { (tag::STRIPS, tag::STRIP_LENGTHS) };
        let numbers = |tag| self.directory.numbers(tag).map_err(cut_short)?.ok_or_else(|| damaged("it does not say where its pixels are"));
        let (mut offsets, mut lengths) = (numbers(offsets)?, numbers(lengths)?);
        let mut parts: Vec<(u32, u32)> = offsets.by_ref().zip(lengths.by_ref()).take(MAX_PARTS).collect();
        if offsets.next().is_some() || lengths.next().is_some() {
            return Err(damaged("it does not say of each part of its pixels where it is and how long"));
        }
        parts.sort_unstable();
        // Where the part before ends.
        let (mut end, mut total) = (0, 0usize);
        for (at, length) in parts {
            if u64::from(at) < end && length > 0 {
                return Err(damaged("parts of its pixels stand in the same place"));
            }
            end = end.max(u64::from(at) + u64::from(length));
            total = total.saturating_add(length as usize);
        }
        if end > self.file.len() as u64 {
            return Err(cut_short(CutShort));
        }
        if self.decoded() > total.saturating_mul(expansion) {
            return Err(cut_short(CutShort));
        }
        if tiled {
            let side = |tag| Ok::<_, PictureError>(self.directory.one(tag).map_err(cut_short)?.unwrap_or(0) as usize);
            let (width, height) = (side(tag::TILE_WIDTH)?, side(tag::TILE_HEIGHT)?);
            let sides = 1..=MAX_SIDE;
            if !sides.contains(&width) || !sides.contains(&height) || width * height * self.samples * 2 > MAX_TILE {
                return Err(damaged("its tiles are larger than any program writes"));
            }
        }
        Ok(())
    }

    /// EXIF has the form of a TIFF, and here it is the file.
    pub(crate) fn exif(&self) -> &'a [u8] {
        self.file
    }

    /// The ICC profile; `None` if there is none. Without one no curve of brightness may stand in its place, as only some programs follow it.
    pub(crate) fn profile(&self) -> Result<Option<Profile>, PictureError> {
        match self.directory.values(tag::PROFILE).map_err(cut_short)?.map(|values| values.bytes()) {
            Some(bytes) if bytes.len() > MAX_PROFILE => Err(PictureError::Profile("it is longer than 1 MiB")),
            Some(bytes) => Ok(Some(Profile::Icc(IccProfile::read(bytes)?))),
            None if self.directory.has(tag::TRANSFER_FUNCTION) => {
                Err(PictureError::Colours(Format::Tiff, "it has a brightness curve of its own (TransferFunction)"))
            }
            None => Ok(None),
        }
    }

    /// Whether XMP says that the photo is turned.
    pub(crate) fn turned_by_text(&self) -> Option<&'static str> {
        let text = self.directory.values(tag::XMP).ok().flatten()?;
        xmp::turns(text.bytes()).then_some("XMP")
    }

    /// Decodes the pixels into interleaved samples of 8 bits.
    pub(crate) fn samples(&self, deep: Deep) -> Result<Samples, PictureError> {
        let damaged = |error: ::tiff::TiffError| PictureError::damaged(Format::Tiff, &error);
        let mut limits = Limits::default();
        limits.decoding_buffer_size = self.decoded();
        limits.intermediate_buffer_size = self.file.len().max(MAX_TILE);
        let mut decoder = Decoder::new(Cursor::new(self.file)).map_err(damaged)?.with_limits(limits);
        let sides = decoder.dimensions().map_err(damaged)?;
        if sides != (self.width as u32, self.height as u32) {
            return Err(self::damaged("it gives two sizes"));
        }
        let samples = match decoder.read_image().map_err(damaged)? {
            DecodingResult::U8(samples) if self.bits == 8 => samples,
            DecodingResult::U16(samples) if self.bits == 16 => deep.narrow(Format::Tiff, self.samples, samples.into_iter())?,
            _ => return Err(self::damaged("its samples cannot be read")),
        };
        if samples.len() != self.width * self.height * self.samples {
            return Err(self::damaged("it has another number of samples than it announces"));
        }
        Ok(Samples { width: self.width, height: self.height, channels: self.samples, samples, deep: self.bits == 16 })
    }
}

/// Files of cameras' sensors are TIFFs whose first directory is a preview, or has samples that are no pixels yet.
fn refuse_raw(file: &[u8], directory: &Directory<'_>) -> Result<(), PictureError> {
    let one = |tag| directory.one(tag).map_err(|CutShort| damaged("what it says of its pixels is malformed"));
    let raw = |name| Err(PictureError::Raw(name));
    if directory.has(tag::DNG_VERSION) {
        return raw("DNG");
    }
    if file.get(8..10) == Some(b"CR") {
        return raw("CR2");
    }
    // A colour filter's samples, linear raw samples; Nikon's and Sony's compression.
    if matches!(one(tag::COLOURS)?, Some(32803 | 34892)) || matches!(one(tag::COMPRESSION)?, Some(34713 | 32767)) {
        return raw("a TIFF of a sensor's samples");
    }
    // NEF, ARW and others: a preview, and the photo in a directory below.
    let preview = one(tag::KIND_OF_IMAGE)?.is_some_and(|kind| kind & 1 == 1) || one(tag::OLD_KIND_OF_IMAGE)? == Some(2);
    if preview || directory.has(tag::DIRECTORIES_BELOW) && directory.has(tag::MAKE) {
        return raw("NEF, ARW or another TIFF with a preview first");
    }
    Ok(())
}

fn damaged(reason: &str) -> PictureError {
    PictureError::damaged(Format::Tiff, &reason)
}

fn cut_short(_: CutShort) -> PictureError {
    PictureError::CutShort(Format::Tiff)
}
