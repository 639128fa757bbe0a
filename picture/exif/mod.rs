//! The EXIF fields a camera signs: a fixed list, each as one canonical text or absent.
//!
//! EXIF blocks in the wild are often malformed, and a damaged label must not keep a photo from being signed. So a
//! field that is missing, malformed, too long, not UTF-8 or has hidden characters ([`crate::text`]) is *absent*, and
//! the statement says nothing about it.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod block;
mod canonical;
mod display;
mod field;
mod tag;

use block::Block;
pub(crate) use display::Display;
pub use field::ExifField;

/// The longest value of a field, in bytes; longer ones are absent.
pub const MAX_VALUE: usize = 1024;

/// The listed fields of one photo, each a text or absent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ExifValues {
    values: [Option<String>; ExifField::ALL.len()],
}

impl ExifValues {
    /// Reads a TIFF-framed EXIF block, field by field. What cannot be read is absent.
    pub fn read(block: &[u8]) -> ExifValues {
        let exif = Block::read(block);
        ExifValues { values: ExifField::ALL.map(|field| canonical::text(field, &exif).filter(|v| v.len() <= MAX_VALUE)) }
    }

    /// A field's value.
    pub fn get(&self, field: ExifField) -> Option<&str> {
        self.iter().find(|(f, _)| *f == field)?.1
    }

    /// Every listed field with its value, in the order of the statement.
    pub fn iter(&self) -> impl Iterator<Item = (ExifField, Option<&str>)> {
        ExifField::ALL.into_iter().zip(self.values.iter().map(Option::as_deref))
    }

    /// The orientation, 1 (upright) where the file gives none.
    pub fn orientation(&self) -> u8 {
        self.get(ExifField::Orientation).and_then(|v| v.parse().ok()).unwrap_or(1)
    }
}

/// A fraction in its least terms; none of nothing in nothing.
fn in_least_terms((numerator, denominator): (u32, u32)) -> Option<(u32, u32)> {
    let (mut common, mut rest) = (numerator, denominator);
    while rest != 0 {
        (common, rest) = (rest, common.checked_rem(rest)?);
    }
    Some((numerator.checked_div(common)?, denominator.checked_div(common)?))
}

/// EXIF values may be secret: nothing of them is printed.
impl std::fmt::Debug for ExifValues {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExifValues").finish_non_exhaustive()
    }
}
