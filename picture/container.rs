//! A picture's file before its pixels are decoded: what it announces, and what stands around the pixels.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::credentials::one;
use crate::deep::Deep;
use crate::error::PictureError;
use crate::exif::Display;
use crate::format::Format;
use crate::profile::Profile;
use crate::samples::Samples;
use crate::{jpeg, png, tiff, webp};

/// A picture's file whose size is checked and whose pixels are not decoded yet.
pub(crate) enum Container<'a> {
    Png(png::Container<'a>),
    Jpeg(jpeg::Container<'a>),
    WebP(webp::Container<'a>),
    Tiff(tiff::Container<'a>),
}

impl<'a> Container<'a> {
    /// A photo's file.
    pub(crate) fn read(file: &'a [u8]) -> Result<Container<'a>, PictureError> {
        match file {
            [] => Err(PictureError::Empty),
            f if f.starts_with(png::SIGNATURE) => png::Container::read(f).map(Container::Png),
            f if f.starts_with(jpeg::SIGNATURE) => jpeg::Container::read(f).map(Container::Jpeg),
            f if webp::begins(f) => webp::Container::read(f).map(Container::WebP),
            f if tiff::begins(f) => tiff::Container::read(f).map(Container::Tiff),
            f => Err(other_format(f)),
        }
    }

    /// A published picture's file, which is no TIFF: of too much in one it is not known how programs show it.
    pub(crate) fn published(file: &'a [u8]) -> Result<Container<'a>, PictureError> {
        if tiff::begins(file) { Err(PictureError::PublishedTiff) } else { Container::read(file) }
    }

    pub(crate) fn format(&self) -> Format {
        match self {
            Container::Png(_) => Format::Png,
            Container::Jpeg(_) => Format::Jpeg,
            Container::WebP(_) => Format::WebP,
            Container::Tiff(_) => Format::Tiff,
        }
    }

    pub(crate) fn exif(&self) -> Option<&'a [u8]> {
        match self {
            Container::Png(png) => png.exif,
            Container::Jpeg(jpeg) => jpeg.exif,
            Container::WebP(webp) => webp.exif,
            Container::Tiff(tiff) => Some(tiff.exif()),
        }
    }

    /// The colours that the file says its pixels are in.
    pub(crate) fn profile(&self) -> Result<Profile, PictureError> {
        let (profile, channels) = match self {
            Container::Png(png) => (png.profile()?, png.channels),
            Container::Jpeg(jpeg) => (jpeg.profile()?, jpeg.channels),
            Container::WebP(webp) => (webp.profile()?, 3),
            Container::Tiff(tiff) => (tiff.profile()?, tiff.channels),
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
            Container::WebP(webp) => Ok(webp.proof.map(<[u8]>::to_vec)),
            Container::Tiff(_) => Ok(None),
        }
    }

    /// Which text says that the photo is turned, or may say so.
    pub(crate) fn turned_by_text(&self) -> Option<&'static str> {
        match self {
            Container::Png(png) => png.turned_by_text(),
            Container::Jpeg(jpeg) => jpeg.turned_by_text(),
            Container::WebP(webp) => webp.turned_by_text(),
            Container::Tiff(tiff) => tiff.turned_by_text(),
        }
    }

    /// The pixels as they stand in the file.
    pub(crate) fn samples(&self, deep: Deep) -> Result<Samples, PictureError> {
        match self {
            Container::Png(png) => png.samples(deep),
            Container::Jpeg(jpeg) => jpeg.samples(),
            Container::WebP(webp) => webp.samples(),
            Container::Tiff(tiff) => tiff.samples(deep),
        }
    }
}

/// Format, width and height of a published picture's file, as its header announces them. Nothing behind the header is looked at, so that
/// the beginning of a file will do.
pub fn announced(file: &[u8]) -> Result<(Format, usize, usize), PictureError> {
    let (format, (width, height)) = match file {
        [] => return Err(PictureError::Empty),
        f if f.starts_with(png::SIGNATURE) => (Format::Png, png::size(f)?),
        f if f.starts_with(jpeg::SIGNATURE) => (Format::Jpeg, jpeg::size(f)?),
        f if webp::begins(f) => (Format::WebP, webp::size(f)?),
        f if tiff::begins(f) => return Err(PictureError::PublishedTiff),
        f => return Err(other_format(f)),
    };
    Ok((format, width, height))
}

/// That a published picture's file can be read from its header to its end, but for its pixels.
pub fn check_container(file: &[u8]) -> Result<(), PictureError> {
    Container::published(file).map(drop)
}

/// A format that is not read: where it has which bytes, what is said of it, its name.
type Other = (usize, &'static [u8], fn(&'static str) -> PictureError, &'static str);

/// Names a format that is not read, from the first bytes.
fn other_format(file: &[u8]) -> PictureError {
    const KNOWN: [Other; 18] = [
        (0, b"GIF8", PictureError::OtherFormat, "GIF"),
        (0, b"BM", PictureError::OtherFormat, "BMP"),
        (0, b"II+\0", PictureError::OtherFormat, "BigTIFF"),
        (0, b"MM\0+", PictureError::OtherFormat, "BigTIFF"),
        (4, b"ftypavif", PictureError::Modern, "AVIF"),
        (4, b"ftyphei", PictureError::Modern, "HEIC"),
        (4, b"ftyphev", PictureError::Modern, "HEIC"),
        (4, b"ftypmif1", PictureError::Modern, "HEIC"),
        (4, b"ftypcrx ", PictureError::Raw, "CR3"),
        (0, b"FUJIFILMCCD-RAW", PictureError::Raw, "RAF"),
        (0, b"IIU\0", PictureError::Raw, "RW2"),
        (0, b"IIRO", PictureError::Raw, "ORF"),
        (0, b"IIRS", PictureError::Raw, "ORF"),
        (0, b"MMOR", PictureError::Raw, "ORF"),
        (0, b"\0\0\0\x0cJXL ", PictureError::OtherFormat, "JPEG XL"),
        (0, b"\xff\x0a", PictureError::OtherFormat, "JPEG XL"),
        (0, b"\0\0\0\x0cjP  ", PictureError::OtherFormat, "JPEG 2000"),
        (0, b"%PDF", PictureError::OtherFormat, "PDF"),
    ];
    let known = KNOWN.iter().find(|(at, magic, ..)| file.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
    known.map_or(PictureError::NotAPicture, |(_, _, error, name)| error(name))
}
