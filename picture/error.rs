//! Picture files that are refused: what is wrong with each, and what to do about it.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::format::{Format, MAX_EMBEDDED};

/// A picture file that is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// No bytes at all.
    #[error("the picture file is empty; check that it was copied completely")]
    Empty,
    /// Not a picture, whatever its name says.
    #[error("the file is not a picture that can be read, whatever its name says; use a PNG, JPEG, TIFF or WebP file")]
    NotAPicture,
    /// Another picture format.
    #[error("the picture is a {0} file; save it as PNG or JPEG first")]
    OtherFormat(&'static str),
    /// A format of phones whose decoders are not pinned.
    #[error(
        "the picture is a {0} file, of which programs make different pixels; save it as PNG or TIFF first, or have the phone take photos as JPEG (Most Compatible)"
    )]
    Modern(&'static str),
    /// What a camera's sensor saw, which is no picture yet.
    #[error("the photo is a camera raw file ({0}), which is no picture yet; develop it, and save it as TIFF of 16 bits, or as JPEG")]
    Raw(&'static str),
    /// More than one picture in a TIFF.
    #[error("the TIFF has more than one page; save the one that is meant as a TIFF of its own")]
    Pages,
    /// A TIFF where a published picture is expected.
    #[error("a published picture is a PNG, JPEG or WebP file, and this one is a TIFF; save it as PNG")]
    PublishedTiff,
    /// A JPEG where published pixels are expected.
    #[error(
        "the picture is a JPEG, of which programs make different pixels; save the pixels as PNG or WebP, or have its coefficients proved"
    )]
    PublishedJpeg,
    /// More than [`MAX_SIDE`](crate::size::MAX_SIDE) on a side or [`MAX_PIXELS`](crate::size::MAX_PIXELS) in all.
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
    #[error("the {0} has transparent pixels; flatten it onto a background first")]
    Transparent(Format),
    /// 16-bit samples of a published picture that are not `257·b`.
    #[error("the {0} has 16-bit samples that 8 bits cannot hold exactly; convert it to 8 bits first")]
    Deep(Format),
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
    /// Four colours.
    #[error("the {0} is in CMYK (print) colours; convert it to RGB first")]
    Cmyk(Format),
    /// More than one frame.
    #[error("the {0} is animated; save one frame of it as a plain PNG")]
    Animated(Format),
    /// A proof in the file that is not there once and whole.
    #[error("the proof inside the picture's file cannot be used ({0}); publish the picture again")]
    Proof(&'static str),
    /// A proof is to be put where one is.
    #[error("the picture's file has a proof inside already, and may have only one; use a file without it")]
    ProofThere,
    /// A proof that no picture carries.
    #[error("the proof is {0} bytes long, and a picture's file holds one of at most {MAX_EMBEDDED}; keep it in a file of its own")]
    ProofLength(usize),
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
