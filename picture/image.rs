//! Reading a photo: PNG, JPEG, TIFF and WebP into exact bytes.
//!
//! What a camera signs are decoded pixels, so decoding must not drift: PNG and TIFF are lossless, and the decoders of JPEG
//! (`zune-jpeg`, which runs without vector instructions) and WebP are pinned to one version in `Cargo.toml`. Colour profiles
//! are carried and not applied: samples are taken as they stand in the file.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::container::Container;
use crate::deep::Deep;
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
    /// Decodes a PNG, JPEG, TIFF or WebP file; see [`decode`].
    pub fn decode(file: &[u8]) -> Result<Picture, PictureError> {
        decode(file).map(|photo| photo.picture)
    }
}

/// Decodes a PNG, JPEG, TIFF or WebP file into upright pixels, their colour profile and the listed EXIF fields.
///
/// Exact or refused: grey and RGB of 8 bits (fewer bits and palettes expand exactly); alpha only where every pixel
/// is opaque; samples of 16 bits as the nearest byte, `⌊(255·v + 32767) / 65535⌋`; colours only in a profile that can be carried. Sizes are checked
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
    let samples = container.samples(Deep::Rounded)?;
    let decoder = decoder(container.format(), samples.deep);
    let picture = samples.picture(container.format())?;
    let (dims, cells) = orientation::apply(exif.orientation(), *picture.dims(), picture.into_cells());
    Ok(Photo { picture: Picture::new(dims, cells)?.with_profile(profile), exif, decoder })
}

/// What makes pixels of a file of this format. Statements name it, so that nobody need guess which pixels were signed.
/// `deep` samples, of 16 bits, were rounded.
fn decoder(format: Format, deep: bool) -> &'static str {
    match (format, deep) {
        (Format::Png, false) => "png 0.18.1",
        (Format::Png, true) => "png 0.18.1 16 to 8 bits",
        (Format::Jpeg, _) => "zune-jpeg 0.5.15",
        (Format::WebP, _) => "image-webp 0.2.4",
        (Format::Tiff, false) => "tiff 0.11.3",
        (Format::Tiff, true) => "tiff 0.11.3 16 to 8 bits",
    }
}

/// What a photo's file has beside the picture that [`decode`] reads, which is the base of it: a gain map, further pictures.
pub fn beside(file: &[u8]) -> Result<Option<&'static str>, PictureError> {
    Ok(match Container::read(file)? {
        Container::Jpeg(jpeg) => jpeg.beside(),
        Container::Png(_) | Container::WebP(_) | Container::Tiff(_) => None,
    })
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
        assert!(manifest.contains("png = \"=0.18.1\"\n") && decoder(Format::Png, false) == "png 0.18.1");
        assert!(manifest.contains("zune-jpeg = { version = \"=0.5.15\"") && decoder(Format::Jpeg, false) == "zune-jpeg 0.5.15");
        assert!(manifest.contains("image-webp = \"=0.2.4\"\n") && decoder(Format::WebP, false) == "image-webp 0.2.4");
        assert!(manifest.contains("tiff = { version = \"=0.11.3\"") && decoder(Format::Tiff, false) == "tiff 0.11.3");
        for format in [Format::Png, Format::Tiff] {
            assert_eq!(decoder(format, true), format!("{} 16 to 8 bits", decoder(format, false)));
        }
    }
}
