//! Pictures: decoding PNG and JPEG into exact bytes, and writing PNG.
//!
//! What a camera signs are decoded pixels, so decoding must not drift: PNG is lossless, and the JPEG decoder
//! (`zune-jpeg`) is pinned to one version in `Cargo.toml` and runs without vector instructions. Colour profiles
//! are not applied: samples are taken as they stand in the file.

use crate::exif::ExifValues;
use crate::{jpeg, orientation, png};
use ::image::codecs::png::{CompressionType, FilterType, PngEncoder};
use ::image::{ExtendedColorType, ImageEncoder};
use zkimg_proof::tensor::Dims;

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

/// What the decoders hand over.
pub(crate) mod raw {
    use std::borrow::Cow;

    /// Interleaved samples `[y][x][c]`, 1 to 4 channels (2 and 4 with alpha last).
    pub(crate) struct Samples<'a> {
        pub(crate) width: usize,
        pub(crate) height: usize,
        pub(crate) channels: usize,
        pub(crate) samples: Vec<u8>,
        pub(crate) exif: Option<Cow<'a, [u8]>>,
    }
}

/// A picture: bytes `[c][y][x]` without gaps, one channel (grey) or three (R, G, B).
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    dims: Dims,
    cells: Vec<u8>,
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
    /// A picture of `dims` (1 or 3 channels, within the size limits) from `dims.cells()` cells.
    pub fn new(dims: Dims, cells: Vec<u8>) -> Result<Picture, PictureError> {
        let Dims { channels, height, width } = dims;
        check_size(width, height)?;
        if !matches!(channels, 1 | 3) || cells.len() != dims.cells() {
            return Err(PictureError::Shape { channels, height, width, cells: cells.len() });
        }
        Ok(Picture { dims, cells })
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

/// Decodes a PNG or JPEG file into upright pixels and the listed EXIF fields.
///
/// Exact or refused: grey and RGB of 8 bits (fewer bits and palettes expand exactly); alpha only where every pixel
/// is opaque; 16 bits only where every sample is `257·b`. Sizes are checked before pixels are allocated. A
/// malformed EXIF block is treated as absent, field by field; the orientation is then 1.
pub fn decode(file: &[u8]) -> Result<Photo, PictureError> {
    let raw = match file {
        [] => return Err(PictureError::Empty),
        f if f.starts_with(png::SIGNATURE) => png::decode(f)?,
        f if f.starts_with(jpeg::SIGNATURE) => jpeg::decode(f)?,
        f => return Err(other_format(f)),
    };
    let exif = raw.exif.as_deref().map(ExifValues::read).unwrap_or_default();
    let (channels, cells) = match raw.channels {
        1 => (1, raw.samples),
        2 => (1, opaque::<2>(&raw.samples)?),
        4 => (3, opaque::<4>(&raw.samples)?),
        n => (n, planes::<3>(&raw.samples, 3)),
    };
    let (dims, cells) = orientation::apply(exif.orientation(), Dims { channels, height: raw.height, width: raw.width }, cells);
    Ok(Photo { picture: Picture::new(dims, cells)?, exif })
}

/// The first `keep` of `N` interleaved channels, one plane after the other.
fn planes<const N: usize>(samples: &[u8], keep: usize) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<N>();
    let mut cells = Vec::with_capacity(pixels.len() * keep);
    for c in 0..keep {
        cells.extend(pixels.iter().map(|pixel| pixel[c]));
    }
    cells
}

/// Drops an alpha channel, the last of `N`, that is 255 everywhere.
fn opaque<const N: usize>(samples: &[u8]) -> Result<Vec<u8>, PictureError> {
    let (pixels, _) = samples.as_chunks::<N>();
    if pixels.iter().any(|pixel| pixel[N - 1] != 255) {
        return Err(PictureError::Transparent);
    }
    Ok(planes::<N>(samples, N - 1))
}

/// Names a format that is not read, from the first bytes.
fn other_format(file: &[u8]) -> PictureError {
    const KNOWN: [(usize, &[u8], &str); 12] = [
        (0, b"GIF8", "GIF"),
        (0, b"BM", "BMP"),
        (0, b"II*\0", "TIFF or camera raw"),
        (0, b"MM\0*", "TIFF or camera raw"),
        (8, b"WEBP", "WebP"),
        (4, b"ftypavif", "AVIF"),
        (4, b"ftyphei", "HEIC"),
        (4, b"ftypmif1", "HEIC"),
        (0, b"\0\0\0\x0cJXL ", "JPEG XL"),
        (0, b"\xff\x0a", "JPEG XL"),
        (0, b"\0\0\0\x0cjP  ", "JPEG 2000"),
        (0, b"%PDF", "PDF"),
    ];
    let known = KNOWN.iter().find(|(at, magic, _)| file.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
    known.map_or(PictureError::NotAPicture, |(_, _, name)| PictureError::OtherFormat(name))
}

/// Writes a PNG: 8-bit grey or RGB, no metadata, fast compression; the same picture gives the same bytes.
pub fn encode_png(picture: &Picture) -> Vec<u8> {
    let dims = picture.dims();
    let plane = dims.width * dims.height;
    let (colour, interleaved) = if dims.channels == 1 {
        (ExtendedColorType::L8, None)
    } else {
        let (red, rest) = picture.cells().split_at(plane);
        let (green, blue) = rest.split_at(plane);
        let mut samples = Vec::with_capacity(3 * plane);
        for ((r, g), b) in red.iter().zip(green).zip(blue) {
            samples.extend_from_slice(&[*r, *g, *b]);
        }
        (ExtendedColorType::Rgb8, Some(samples))
    };
    let samples = interleaved.as_deref().unwrap_or(picture.cells());
    let mut file = Vec::new();
    PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Up)
        .write_image(samples, dims.width as u32, dims.height as u32, colour)
        .expect("a checked picture and a Vec take every write");
    file
}
