//! Reading a photo: PNG and JPEG into exact bytes.
//!
//! What a camera signs are decoded pixels, so decoding must not drift: PNG is lossless, and the JPEG decoder
//! (`zune-jpeg`) is pinned to one version in `Cargo.toml` and runs without vector instructions. Colour profiles
//! are carried and not applied: samples are taken as they stand in the file.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::container::Container;
use crate::error::PictureError;
use crate::exif::{ExifField, ExifValues};
use crate::format::Format;
use crate::orientation;
use crate::picture::Picture;
use std::ops::Range;

pub use crate::container::{announced, check_container};

/// A decoded photo: its upright pixels and the listed EXIF fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    /// The pixels, with the EXIF orientation applied.
    pub picture: Picture,
    /// The listed EXIF fields, as the file gives them.
    pub exif: ExifValues,
    /// The program that made the pixels, with the version that is pinned.
    pub decoder: &'static str,
}

impl Picture {
    /// Decodes a PNG or JPEG file; see [`decode`].
    pub fn decode(file: &[u8]) -> Result<Picture, PictureError> {
        decode(file).map(|photo| photo.picture)
    }
}

/// Decodes a PNG or JPEG file into upright pixels, their colour profile and the listed EXIF fields.
///
/// Exact or refused: grey and RGB of 8 bits (fewer bits and palettes expand exactly); alpha only where every pixel
/// is opaque; 16 bits only where every sample is `257·b`; colours only in a profile that can be carried. Sizes are checked
/// before pixels are allocated. A malformed EXIF block is treated as absent, field by field; the orientation is then 1.
/// A photo whose orientation stands in other text alone, which not all programs read, is refused.
pub fn decode(file: &[u8]) -> Result<Photo, PictureError> {
    let container = Container::read(file)?;
    let profile = container.profile()?;
    let exif = container.exif().map(ExifValues::read).unwrap_or_default();
    // Where EXIF gives an orientation, programs go by that.
    if let (None, Some(text)) = (exif.get(ExifField::Orientation), container.turned_by_text()) {
        return Err(PictureError::TurnedByText(container.format(), text));
    }
    let picture = container.picture()?;
    let (dims, cells) = orientation::apply(exif.orientation(), *picture.dims(), picture.into_cells());
    let decoder = decoder(container.format());
    Ok(Photo { picture: Picture::new(dims, cells)?.with_profile(profile), exif, decoder })
}

/// What makes pixels of a file of this format. Statements name it, so that nobody need guess which pixels were signed.
fn decoder(format: Format) -> &'static str {
    match format {
        Format::Png => "png 0.18.1",
        Format::Jpeg => "zune-jpeg 0.5.15",
    }
}

/// Where in a file the block stands that [`decode`] reads EXIF fields from; `None` if there is none.
pub fn exif_span(file: &[u8]) -> Result<Option<Range<usize>>, PictureError> {
    let block = Container::read(file)?.exif();
    // The block is a part of the file.
    Ok(block.map(|block| block.as_ptr().addr() - file.as_ptr().addr()).zip(block).map(|(at, block)| at..at + block.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_name_the_decoders_that_are_pinned() {
        let manifest = include_str!("../Cargo.toml");
        assert!(manifest.contains("png = \"=0.18.1\"\n") && decoder(Format::Png) == "png 0.18.1");
        assert!(manifest.contains("zune-jpeg = { version = \"=0.5.15\"") && decoder(Format::Jpeg) == "zune-jpeg 0.5.15");
    }
}
