//! A picture's file before its pixels are decoded: what it announces, and what stands around the pixels.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::Dims;
use crate::credentials::one;
use crate::error::PictureError;
use crate::exif::Display;
use crate::format::Format;
use crate::look::Look;
use crate::picture::Picture;
use crate::profile::Profile;
use crate::{jpeg, png};

/// A picture's file whose size is checked and whose pixels are not decoded yet.
pub(crate) enum Container<'a> {
    Png(png::Container<'a>),
    Jpeg(jpeg::Container<'a>),
}

impl<'a> Container<'a> {
    pub(crate) fn read(file: &'a [u8]) -> Result<Container<'a>, PictureError> {
        match file {
            [] => Err(PictureError::Empty),
            f if f.starts_with(png::SIGNATURE) => png::Container::read(f).map(Container::Png),
            f if f.starts_with(jpeg::SIGNATURE) => jpeg::Container::read(f).map(Container::Jpeg),
            f => Err(other_format(f)),
        }
    }

    pub(crate) fn format(&self) -> Format {
        match self {
            Container::Png(_) => Format::Png,
            Container::Jpeg(_) => Format::Jpeg,
        }
    }

    pub(crate) fn exif(&self) -> Option<&'a [u8]> {
        match self {
            Container::Png(png) => png.exif,
            Container::Jpeg(jpeg) => jpeg.exif,
        }
    }

    /// The colours that the file says its pixels are in.
    pub(crate) fn profile(&self) -> Result<Profile, PictureError> {
        let (profile, channels) = match self {
            Container::Png(png) => (png.profile()?, png.channels),
            Container::Jpeg(jpeg) => (jpeg.profile()?, jpeg.channels),
        };
        match profile {
            Some(Profile::Icc(icc)) if icc.channels() != channels => {
                Err(if channels == 1 { PictureError::ProfileOnGrey } else { PictureError::GreyProfile })
            }
            Some(profile) => Ok(profile),
            None => match self.exif().map_or(Ok(Profile::None), |block| Display::read(block).profile(self.format())) {
                Err(PictureError::AdobeRgb(format)) if channels == 1 => Err(PictureError::GreyAdobeRgb(format)),
                profile => profile,
            },
        }
    }

    /// The proof that the file carries, in its own place, in its Content Credentials or the same in both.
    pub(crate) fn proof(&self) -> Result<Option<Vec<u8>>, PictureError> {
        match self {
            Container::Png(png) => one(png.proof.map(<[u8]>::to_vec), png::claimed(png.file)?),
            Container::Jpeg(jpeg) => one(jpeg.proof()?, jpeg::claimed_ahead(jpeg.file)?),
        }
    }

    /// Which text says that the photo is turned, or may say so.
    pub(crate) fn turned_by_text(&self) -> Option<&'static str> {
        match self {
            Container::Png(png) => png.turned_by_text(),
            Container::Jpeg(jpeg) => jpeg.turned_by_text(),
        }
    }

    /// Whether nothing but the profile changes the look of the pixels.
    pub(crate) fn look(&self) -> Result<(), Look> {
        match self {
            Container::Png(png) => png.look(),
            Container::Jpeg(jpeg) => jpeg.look(),
        }
    }

    /// The pixels as they stand in the file, without a profile.
    pub(crate) fn picture(&self) -> Result<Picture, PictureError> {
        let raw = match self {
            Container::Png(png) => png.samples()?,
            Container::Jpeg(jpeg) => jpeg.samples()?,
        };
        let (channels, cells) = match raw.channels {
            1 => (1, raw.samples),
            2 => (1, opaque::<2>(&raw.samples)?),
            4 => (3, opaque::<4>(&raw.samples)?),
            n => (n, planes::<3>(&raw.samples, 3)),
        };
        Picture::new(Dims { channels, height: raw.height, width: raw.width }, cells)
    }
}

/// Format, width and height of a picture's file, as its header announces them. Nothing behind the header is looked at, so that
/// the beginning of a file will do.
pub fn announced(file: &[u8]) -> Result<(Format, usize, usize), PictureError> {
    let (format, (width, height)) = match file {
        [] => return Err(PictureError::Empty),
        f if f.starts_with(png::SIGNATURE) => (Format::Png, png::size(f)?),
        f if f.starts_with(jpeg::SIGNATURE) => (Format::Jpeg, jpeg::size(f)?),
        f => return Err(other_format(f)),
    };
    Ok((format, width, height))
}

/// That a file can be read from its header to its end, but for its pixels.
pub fn check_container(file: &[u8]) -> Result<(), PictureError> {
    Container::read(file).map(drop)
}

/// The first `keep` of `N` interleaved channels, one plane after the other.
fn planes<const N: usize>(samples: &[u8], keep: usize) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<N>();
    let mut cells = Vec::with_capacity(pixels.len() * keep);
    for c in 0..keep {
        cells.extend(pixels.iter().filter_map(|pixel| pixel.get(c)));
    }
    cells
}

/// Drops an alpha channel, the last of `N`, that is 255 everywhere.
fn opaque<const N: usize>(samples: &[u8]) -> Result<Vec<u8>, PictureError> {
    let (pixels, _) = samples.as_chunks::<N>();
    if pixels.iter().any(|pixel| pixel.last() != Some(&255)) {
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
