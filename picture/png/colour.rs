//! What a PNG says about its colours (PNG, third edition, 4.3 and 11.3.2).
//!
//! cICP stands above iCCP, iCCP above sRGB, and sRGB above gAMA with cHRM, which are for programs that know no profiles.
//! The standard wants the first three alone; of a file that has two of them, programs differ in what they show.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::chunks::Chunk;
use crate::error::PictureError;
use crate::format::Format;
use crate::profile::{IccProfile, MAX_PROFILE, Profile};
use std::io::Read;

/// Rec. 709 primaries, the transfer function of IEC 61966-2-1, RGB, full range: sRGB.
const SRGB_POINTS: &[u8] = &[1, 13, 0, 1];
/// 1/2.2, which stands for sRGB's transfer function.
const SRGB_GAMMA: u32 = 45455;
/// The white point and primaries of sRGB, x and y each, in 1/100000.
const SRGB_POINTS_XY: [u32; 8] = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];

/// The chunks about colour, and those whose place decides about it.
#[derive(Default)]
pub(super) struct Chunks<'a> {
    coding_points: Option<&'a [u8]>,
    profile: Option<&'a [u8]>,
    srgb: Option<&'a [u8]>,
    gamma: Option<&'a [u8]>,
    chromaticities: Option<&'a [u8]>,
    pub(super) palette: Option<&'a [u8]>,
    pub(super) transparency: Option<&'a [u8]>,
}

impl<'a> Chunks<'a> {
    /// Keeps a chunk if it is about colour. Twice there must be none, nor behind the pixels (`late`) or the palette.
    pub(super) fn note(&mut self, chunk: &Chunk<'a>, late: bool) -> Result<(), PictureError> {
        let behind_palette = self.palette.is_some();
        let (slot, late) = match &chunk.name {
            b"cICP" => (&mut self.coding_points, late || behind_palette),
            b"iCCP" => (&mut self.profile, late || behind_palette),
            b"sRGB" => (&mut self.srgb, late || behind_palette),
            b"gAMA" => (&mut self.gamma, late || behind_palette),
            b"cHRM" => (&mut self.chromaticities, late || behind_palette),
            b"PLTE" => (&mut self.palette, late || self.transparency.is_some()),
            b"tRNS" => (&mut self.transparency, late),
            _ => return Ok(()),
        };
        if slot.replace(chunk.checked()?).is_some() {
            return Err(chunk.twice());
        }
        if late {
            return Err(PictureError::damaged(Format::Png, &format_args!("its {} chunk stands in the wrong place", chunk.title())));
        }
        Ok(())
    }

    /// The profile that the colours are meant in; `None` where no chunk speaks of it.
    pub(super) fn profile(&self) -> Result<Option<Profile>, PictureError> {
        let refuse = |what: &'static str| Err(PictureError::Colours(Format::Png, what));
        let strong = [self.coding_points, self.profile, self.srgb];
        if strong.iter().flatten().count() > 1 {
            return Err(PictureError::ColoursTwice(if self.coding_points.is_some() { "cICP" } else { "sRGB" }));
        }
        match strong {
            [Some(SRGB_POINTS), ..] | [_, _, Some([0..=3])] => Ok(Some(Profile::Srgb)),
            [Some(_), ..] => refuse("its cICP chunk describes other colours than sRGB's"),
            [_, Some(chunk), _] => Ok(Some(Profile::Icc(IccProfile::read(&inflate(chunk)?)?))),
            [_, _, Some(_)] => refuse("its sRGB chunk is malformed"),
            _ => match (self.gamma.map(is_srgb_gamma), self.chromaticities.map(is_srgb_chromaticities)) {
                (Some(false), _) => refuse("its gAMA chunk describes another brightness curve than sRGB's"),
                (_, Some(false)) => refuse("its cHRM chunk describes other primaries than sRGB's"),
                (None, None) => Ok(None),
                _ => Ok(Some(Profile::Srgb)),
            },
        }
    }
}

/// Whether a gAMA chunk stands for sRGB.
pub(super) fn is_srgb_gamma(body: &[u8]) -> bool {
    body == SRGB_GAMMA.to_be_bytes()
}

/// Whether a cHRM chunk has sRGB's white point and primaries.
pub(super) fn is_srgb_chromaticities(body: &[u8]) -> bool {
    body == SRGB_POINTS_XY.map(u32::to_be_bytes).as_flattened()
}

/// The profile in an iCCP chunk: a name of 1 to 79 bytes, 0, method 0, a zlib stream. Never more than a profile may have.
fn inflate(chunk: &[u8]) -> Result<Vec<u8>, PictureError> {
    let malformed = || PictureError::Profile("it is not compressed as a PNG's must be");
    let name = chunk.iter().take(80).position(|byte| *byte == 0).filter(|name| *name > 0).ok_or_else(malformed)?;
    let Some([0, 0, stream @ ..]) = chunk.get(name..) else { return Err(malformed()) };
    let mut profile = Vec::new();
    let mut reader = flate2::read::ZlibDecoder::new(stream).take(MAX_PROFILE as u64 + 1);
    reader.read_to_end(&mut profile).map_err(|_| malformed())?;
    Ok(profile)
}
