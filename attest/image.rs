//! Pictures: decoding PNG and JPEG into exact bytes, and writing PNG.
//!
//! What a camera signs are decoded pixels, so decoding must not drift: PNG is lossless, and the JPEG decoder
//! (`zune-jpeg`) is pinned to one version in `Cargo.toml` and runs without vector instructions. Colour profiles
//! are carried and not applied: samples are taken as they stand in the file.

use crate::container::Container;
use crate::exif::{ExifField, ExifValues};
use crate::orientation;
use crate::profile::Profile;
use zkimg_proof::tensor::Dims;

pub use crate::container::{announced, check_container};
pub use crate::png::encode_png;

/// The largest width and height, in pixels.
pub const MAX_SIDE: usize = 1 << 15;
/// The largest number of pixels.
pub const MAX_PIXELS: usize = 1 << 28;

/// A file format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PNG (ISO/IEC 15948).
    Png,
    /// JPEG (ITU-T T.81), baseline and progressive.
    Jpeg,
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Format::Png => "PNG",
            Format::Jpeg => "JPEG",
        })
    }
}

/// A picture file that is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No bytes at all.
    #[error("the picture file is empty; check that it was copied completely")]
    Empty,
    /// Not a picture, whatever its name says.
    #[error("the file is not a picture that can be read, whatever its name says; use a PNG or JPEG file")]
    NotAPicture,
    /// Another picture format.
    #[error("the picture is a {0} file; save it as PNG or JPEG first")]
    OtherFormat(&'static str),
    /// More than [`MAX_SIDE`] on a side or [`MAX_PIXELS`] in all.
    #[error("the picture is {width} × {height} pixels; at most 32768 on a side and 2^28 in all are supported")]
    TooLarge {
        /// Pixels in a line.
        width: usize,
        /// Lines.
        height: usize,
    },
    /// The end of the file is missing.
    #[error("the {0} file is cut short; get the complete file")]
    CutShort(Format),
    /// The decoder refuses the file.
    #[error("the {format} file is damaged or uses an unsupported feature ({reason}); save it again as a plain {format}")]
    Damaged {
        /// What the file says it is.
        format: Format,
        /// What the decoder says.
        reason: String,
    },
    /// Alpha below 255 somewhere.
    #[error("the PNG has transparent pixels; flatten it onto a background first")]
    Transparent,
    /// 16-bit samples that are not `257·b`.
    #[error("the PNG has 16-bit samples that 8 bits cannot hold exactly; convert it to 8 bits first")]
    Deep,
    /// A colour profile that cannot be carried.
    #[error("the picture's colour profile cannot be used ({0}); convert the picture to sRGB, or save it again with an RGB profile")]
    Profile(&'static str),
    /// A colour profile for colour pictures on a grey one.
    #[error(
        "the picture's colour profile cannot be used (it is for colour pictures, and this one is grey); save it as RGB, or remove the profile"
    )]
    ProfileOnGrey,
    /// A colour profile for grey pictures on one in colour.
    #[error(
        "the picture's colour profile cannot be used (it is for grey pictures, and this one is in colour); save it with an RGB profile, or remove the profile"
    )]
    GreyProfile,
    /// Two descriptions of colours where there may be one.
    #[error(
        "the PNG describes its colours twice, by two of the chunks cICP, iCCP and sRGB, and programs differ in which they follow; remove the {0} chunk"
    )]
    ColoursTwice(&'static str),
    /// A grey picture in Adobe RGB by EXIF alone.
    #[error(
        "the {0} is grey and in Adobe RGB by its EXIF; save it as RGB with the profile Adobe RGB (1998), or remove the colour space from its EXIF"
    )]
    GreyAdobeRgb(Format),
    /// Colours described in a way that no published picture can repeat.
    #[error("the {0} cannot be shown in its right colours later ({1}); convert it to sRGB, or embed an ICC profile instead")]
    Colours(Format, &'static str),
    /// Adobe RGB by EXIF alone.
    #[error("the {0} is in Adobe RGB by its EXIF and has no colour profile; embed the profile Adobe RGB (1998), or convert it to sRGB")]
    AdobeRgb(Format),
    /// A photo without an orientation in EXIF, and with text that turns it in some programs.
    #[error(
        "the {0} has text that turns it in some programs and not in others ({1}); open it, see that it is upright, and save it without that text"
    )]
    TurnedByText(Format, &'static str),
    /// A kind of JPEG that hardly any program reads.
    #[error("the JPEG is {0}, which is not supported; save it again as an ordinary (baseline) JPEG, or as PNG")]
    JpegKind(&'static str),
    /// A JPEG of which decoders make different pixels.
    #[error("the JPEG is at most 4 pixels wide and has its colours at half that width, which programs show differently; save it as PNG")]
    NarrowJpeg,
    /// Four-colour JPEG.
    #[error("the JPEG is in CMYK (print) colours; convert it to RGB first")]
    Cmyk,
    /// More than one frame.
    #[error("the PNG is animated; save one frame of it as a plain PNG")]
    Animated,
    /// Cells and shape do not fit together, or the shape is no picture's.
    #[error("{cells} cells do not make a picture of {channels} × {height} × {width}; a picture has 1 or 3 channels")]
    Shape {
        /// Channels asked for.
        channels: usize,
        /// Lines asked for.
        height: usize,
        /// Pixels in a line asked for.
        width: usize,
        /// Cells given.
        cells: usize,
    },
}

impl PictureError {
    /// What is wrong, without the advice, which is for whoever can make the file again.
    pub fn fault(&self) -> String {
        let sentence = self.to_string();
        match self {
            PictureError::TooLarge { .. } | PictureError::Shape { .. } => sentence,
            _ => sentence.rsplit_once("; ").map_or(sentence.clone(), |(fault, _)| fault.to_owned()),
        }
    }

    pub(crate) fn damaged(format: Format, reason: &dyn std::fmt::Display) -> PictureError {
        PictureError::Damaged { format, reason: reason.to_string() }
    }
}

/// Refuses a size before anything is allocated for it.
pub(crate) fn check_size(width: usize, height: usize) -> Result<(), PictureError> {
    let side = 1..=MAX_SIDE;
    let pixels = width.checked_mul(height).filter(|n| *n <= MAX_PIXELS);
    if !side.contains(&width) || !side.contains(&height) || pixels.is_none() {
        return Err(PictureError::TooLarge { width, height });
    }
    Ok(())
}

/// A picture: bytes `[c][y][x]` without gaps, one channel (grey) or three (R, G, B), and their colour profile.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    dims: Dims,
    cells: Vec<u8>,
    profile: Profile,
}

/// A decoded photo: its upright pixels and the listed EXIF fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    /// The pixels, with the EXIF orientation applied.
    pub picture: Picture,
    /// The listed EXIF fields, as the file gives them.
    pub exif: ExifValues,
}

impl Picture {
    /// A picture of `dims` (1 or 3 channels, within the size limits) from `dims.cells()` cells, without a profile.
    pub fn new(dims: Dims, cells: Vec<u8>) -> Result<Picture, PictureError> {
        let Dims { channels, height, width } = dims;
        check_size(width, height)?;
        if !matches!(channels, 1 | 3) || cells.len() != dims.cells() {
            return Err(PictureError::Shape { channels, height, width, cells: cells.len() });
        }
        Ok(Picture { dims, cells, profile: Profile::None })
    }

    /// The same picture with a profile, or with none if the profile is for another number of channels.
    pub fn with_profile(self, profile: Profile) -> Picture {
        Picture { profile: profile.on(self.dims.channels), ..self }
    }

    /// Decodes a PNG or JPEG file; see [`decode`].
    pub fn decode(file: &[u8]) -> Result<Picture, PictureError> {
        decode(file).map(|photo| photo.picture)
    }

    /// The shape.
    pub fn dims(&self) -> &Dims {
        &self.dims
    }

    /// The bytes, `[c][y][x]`.
    pub fn cells(&self) -> &[u8] {
        &self.cells
    }

    /// What the bytes mean as colours.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The bytes, given away.
    pub fn into_cells(self) -> Vec<u8> {
        self.cells
    }
}

/// A picture may be secret: only its shape is printed.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("dims", &self.dims).finish_non_exhaustive()
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
    let Picture { dims, cells, .. } = container.picture()?;
    let (dims, cells) = orientation::apply(exif.orientation(), dims, cells);
    Ok(Photo { picture: Picture::new(dims, cells)?.with_profile(profile), exif })
}
