//! What in a picture's file changes the look of its pixels.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::error::PictureError;

/// What in a picture's file changes the look of its pixels.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Look {
    /// A gAMA chunk other than sRGB's.
    #[error("its gAMA chunk changes how bright its pixels are shown")]
    Gamma,
    /// A cHRM chunk other than sRGB's.
    #[error("its cHRM chunk changes the colours its pixels are shown in")]
    Primaries,
    /// A description of colours that is none of those a published picture may have, or a malformed one.
    #[error("what it says about its colours changes how its pixels are shown ({})", .0.fault())]
    Colours(PictureError),
    /// An EXIF orientation other than 1.
    #[error("its EXIF orientation turns or mirrors it when it is shown")]
    Orientation,
    /// EXIF of which programs may make different things.
    #[error("its EXIF block is malformed, and programs differ in what they make of it")]
    Exif,
    /// A field of EXIF that is not known to be harmless.
    #[error(
        "its EXIF field {0:#06x} is none that a published picture may have, or has no value that it may have, as programs may show the picture differently because of it"
    )]
    ExifField(u16),
    /// Samples of 16 bits.
    #[error("its samples have 16 bits, and programs make different bytes of them")]
    Deep,
    /// Compressed data that looks back further than it says.
    #[error("its compressed data announces that it looks back less far than it may, where some programs stop")]
    Window,
    /// Bytes behind the picture.
    #[error("it has bytes behind its end, where some programs find another picture")]
    Trailing,
    /// Pixels that are coded with loss.
    #[error("its pixels are coded with loss, and programs make different ones of them")]
    Lossy,
    /// Pixels that are not square.
    #[error("its pixels are to be shown wider or higher than they are")]
    Aspect,
    /// A smaller picture beside it.
    #[error("it has a thumbnail beside it, which is not proved and may show anything")]
    Thumbnail,
    /// Text that some programs read as a profile or as EXIF.
    #[error("it has text that some programs read as a colour profile or an orientation (Raw profile type)")]
    RawProfile,
    /// Text that some programs take for a setting.
    #[error("it has text with a keyword that a published picture may not have, as some programs take it for a setting")]
    Text,
    /// XMP, which can say anything of how a picture is shown.
    #[error("it has XMP text, by which programs may turn it, crop it or change its brightness when they show it")]
    Xmp,
    /// A chunk of a PNG that is not known to be harmless.
    #[error("its {0} chunk is none that a published picture may have, as programs may show the picture differently because of it")]
    Chunk(String),
    /// A segment of a JPEG that is not known to be harmless.
    #[error("its {0} segment is none that a published picture may have, as programs may show the picture differently because of it")]
    Segment(String),
}
