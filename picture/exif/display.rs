//! What an EXIF block says about how its picture is shown: orientation, colour space, shape of the pixels.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::block::Block;
use super::tag;
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
        let all = |tag| self.0.fields.iter().filter(move |field| field.tag == tag && field.directory == 0).map(|field| field.values);
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
        let [across, down] = [tag::X_RESOLUTION, tag::Y_RESOLUTION].map(|tag| all(tag).map(ratio).collect::<Vec<_>>());
        if across != down { Err(Look::Aspect) } else { Ok(()) }
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

/// A resolution as a reduced fraction, so that equal ones are found equal.
fn ratio(values: Values<'_>) -> Option<(u32, u32)> {
    let (a, b) = values.ratios()?.next()?;
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x.checked_rem(y)?);
    }
    Some((a.checked_div(x)?, b.checked_div(x)?))
}
