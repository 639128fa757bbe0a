//! What an EXIF block says about how its picture is shown: orientation, colour space, shape of the pixels.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::block;
use crate::error::PictureError;
use crate::format::Format;
use crate::look::Look;
use crate::profile::Profile;
use ::exif::{Exif, In, Tag, Value};

/// What a block says about how its picture is shown.
pub(crate) struct Display {
    /// As much of it as can be read.
    exif: Option<Exif>,
    /// Whether that is all.
    complete: bool,
}

impl Display {
    /// Reads a TIFF-framed block.
    pub(crate) fn read(block: &[u8]) -> Display {
        match block::strictly(block) {
            Some(exif) => Display { exif: Some(exif), complete: true },
            None => Display { exif: block::leniently(block), complete: false },
        }
    }

    /// Whether the picture is shown as its pixels are.
    pub(crate) fn look(&self) -> Result<(), Look> {
        let exif = self.exif.as_ref().filter(|_| self.complete).ok_or(Look::Exif)?;
        let all = |tag| exif.fields().filter(move |field| field.tag == tag && field.ifd_num == In::PRIMARY).map(|field| &field.value);
        if all(Tag::Orientation).any(|value| value.get_uint(0) != Some(1)) {
            return Err(Look::Orientation);
        }
        let [across, down] = [Tag::XResolution, Tag::YResolution].map(|tag| all(tag).map(ratio).collect::<Vec<_>>());
        if across != down { Err(Look::Aspect) } else { Ok(()) }
    }

    /// Whether it has a smaller picture, which may show anything.
    pub(crate) fn has_thumbnail(&self) -> bool {
        self.exif.as_ref().is_some_and(|exif| exif.fields().any(|field| field.ifd_num != In::PRIMARY))
    }

    /// The colours of a picture that has no other word on them (DCF 2.0, 4.5): sRGB, or Adobe RGB, which has no profile here
    /// that could be carried.
    pub(crate) fn profile(&self, format: Format) -> Result<Profile, PictureError> {
        let Some(exif) = &self.exif else { return Ok(Profile::None) };
        let value = |tag| exif.get_field(tag, In::PRIMARY).map(|field| &field.value);
        let adobe = match value(Tag::InteroperabilityIndex) {
            Some(Value::Ascii(parts)) => parts.first().is_some_and(|text| text.starts_with(b"R03")),
            _ => false,
        };
        match value(Tag::ColorSpace).and_then(|space| space.get_uint(0)) {
            Some(1) => Ok(Profile::Srgb),
            // 2 is no value of the standard, but what some cameras write for Adobe RGB.
            Some(2) => Err(PictureError::AdobeRgb(format)),
            _ if adobe => Err(PictureError::AdobeRgb(format)),
            _ => Ok(Profile::None),
        }
    }
}

/// A resolution as a reduced fraction, so that equal ones are found equal.
fn ratio(value: &Value) -> Option<(u64, u64)> {
    let Value::Rational(parts) = value else { return None };
    let (a, b) = parts.first().map(|ratio| (u64::from(ratio.num), u64::from(ratio.denom)))?;
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x.checked_rem(y)?);
    }
    Some((a.checked_div(x)?, b.checked_div(x)?))
}
