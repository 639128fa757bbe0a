//! What an EXIF block says about how its picture is shown: orientation, colour space, shape of the pixels.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::block::{Block, Part, Tag};
use super::{in_least_terms, tag};
use crate::directory::Values;
use crate::error::PictureError;
use crate::format::Format;
use crate::look::Look;
use crate::profile::Profile;

/// What a block says about how its picture is shown.
pub(crate) struct Display<'a>(Block<'a>);

impl<'a> Display<'a> {
    /// Reads a TIFF-framed block, or as much of it as can be read.
    pub(crate) fn read(block: &'a [u8]) -> Display<'a> {
        Display(Block::read(block))
    }

    /// Whether the picture is shown as its pixels are.
    pub(crate) fn look(&self) -> Result<(), Look> {
        if !self.0.complete {
            return Err(Look::Exif);
        }
        if self.has_thumbnail() {
            return Err(Look::Thumbnail);
        }
        // In whatever directory: programs look for it in more than one.
        let mut turned = self.0.fields.iter().filter(|field| field.tag.1 == tag::ORIENTATION.1);
        if turned.any(|field| field.values.one_short() != Some(1)) {
            return Err(Look::Orientation);
        }
        self.elsewhere()?;
        if !self.0.plain {
            return Err(Look::Exif);
        }
        self.listed()?;
        self.colours()?;
        self.shape()
    }

    /// That every field is one of which it is known that no program shows the picture differently because of it.
    fn listed(&self) -> Result<(), Look> {
        let listed = |tag: Tag| match tag.0 {
            Part::Image => tag::HARMLESS.contains(&tag.1),
            // Exposure, dates, notes, lens; not what a maker keeps to itself, which some programs read an orientation and pictures from, nor a gamma.
            Part::Exif => (0x829a..=0xa4ff).contains(&tag.1) && tag.1 != tag::MAKER_NOTE,
            Part::Gps => tag.1 <= 0x1f,
            Part::Interoperability => tag.1 <= 2,
        };
        match self.0.fields.iter().find(|field| !listed(field.tag)) {
            Some(field) => Err(Look::ExifField(field.tag.1)),
            None => Ok(()),
        }
    }

    /// That the colours are said to be sRGB, or nothing at all, whatever else speaks of them.
    fn colours(&self) -> Result<(), Look> {
        let fields = || self.0.fields.iter();
        let mut spaces = fields().filter(|field| field.tag == tag::COLOR_SPACE);
        let srgb = spaces.all(|field| matches!(field.values.one_short(), Some(1 | 0xffff)));
        let mut indices = fields().filter(|field| field.tag == tag::INTEROPERABILITY_INDEX);
        let other = indices.any(|field| field.values.bytes().starts_with(b"R03"));
        if srgb && !other { Ok(()) } else { Err(Look::ExifField(tag::COLOR_SPACE.1)) }
    }

    /// That pixels are squares, and as many as there are: browsers work out a size of their own from a resolution and a number of pixels (HTML, *density-corrected
    /// natural size*).
    fn shape(&self) -> Result<(), Look> {
        let one = |tag| {
            let mut fields = self.0.fields.iter().filter(move |field| field.tag == tag);
            fields.next().map(|field| ratio(field.values))
        };
        let sized = self.0.fields.iter().any(|field| [tag::PIXELS_ACROSS, tag::PIXELS_DOWN].contains(&field.tag));
        match (one(tag::X_RESOLUTION), one(tag::Y_RESOLUTION)) {
            (None, None) => Ok(()),
            (Some(Some(across)), Some(Some(down))) if across == down && (across == (72, 1) || !sized) => Ok(()),
            _ => Err(Look::Aspect),
        }
    }

    /// That nothing leads to what is not looked at here: pictures, XMP and profiles in EXIF, directories where they do not belong.
    fn elsewhere(&self) -> Result<(), Look> {
        self.0.fields.iter().try_for_each(|field| match field.tag.1 {
            tag::SUB_DIRECTORIES | tag::THUMBNAIL | tag::THUMBNAIL_LENGTH => Err(Look::Thumbnail),
            tag::XMP => Err(Look::Xmp),
            tag::ICC_PROFILE | tag::EXIF_DIRECTORY | tag::GPS_DIRECTORY | tag::INTEROPERABILITY_DIRECTORY => Err(Look::Exif),
            _ => Ok(()),
        })
    }

    /// Whether it has a smaller picture, which may show anything.
    fn has_thumbnail(&self) -> bool {
        self.0.fields.iter().any(|field| field.directory != 0)
    }

    /// The colours of a picture that has no other word on them (DCF 2.0, 4.5): sRGB, or Adobe RGB, which has no profile here
    /// that could be carried.
    pub(crate) fn profile(&self, format: Format) -> Result<Profile, PictureError> {
        let index = self.0.values(tag::INTEROPERABILITY_INDEX).and_then(Values::texts).and_then(|mut texts| texts.next());
        match self.0.values(tag::COLOR_SPACE).and_then(|space| space.numbers().next()) {
            Some(1) => Ok(Profile::Srgb),
            // 2 is no value of the standard, but what some cameras write for Adobe RGB.
            Some(2) => Err(PictureError::AdobeRgb(format)),
            _ if index.is_some_and(|index| index.starts_with(b"R03")) => Err(PictureError::AdobeRgb(format)),
            _ => Ok(Profile::None),
        }
    }
}

/// A resolution as a reduced fraction, so that equal ones are found equal; `None` if it is none.
fn ratio(values: Values<'_>) -> Option<(u32, u32)> {
    let mut ratios = values.ratios()?;
    let one = ratios.next().filter(|(above, below)| *above > 0 && *below > 0)?;
    if ratios.next().is_some() { None } else { in_least_terms(one) }
}
