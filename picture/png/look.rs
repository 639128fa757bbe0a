//! What a published PNG may hold beside its pixels: nothing that changes how they are seen.
//!
//! Chunks are allowed by name. An unknown one is refused: what it means to some program, today or later, cannot be known.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::Container;
use super::chunks::{Chunk, Chunks, title};
use super::colour::{is_srgb_chromaticities, is_srgb_gamma};
use super::proof;
use crate::exif::Display;
use crate::look::Look;
use crate::xmp;

const XMP: &[u8] = b"XML:com.adobe.xmp";
/// Profiles, EXIF and XMP in hexadecimal.
const RAW: &[u8] = b"Raw profile type";
/// Those of them that turn nothing: captions and colours.
const UNTURNED: [&str; 4] = ["Raw profile type iptc", "Raw profile type 8bim", "Raw profile type icc", "Raw profile type icm"];

impl Container<'_> {
    /// Whether nothing in the file changes the look of its pixels, the profile apart, which [`Container::profile`] tells.
    pub(crate) fn look(&self) -> Result<(), Look> {
        if self.prefixed {
            return Err(Look::Exif);
        }
        if self.deep {
            return Err(Look::Deep);
        }
        if self.trailing {
            return Err(Look::Trailing);
        }
        if !self.window {
            return Err(Look::Window);
        }
        self.exif.map_or(Ok(()), |block| Display::read(block).look())?;
        Chunks::new(self.file).flatten().try_for_each(|chunk| look(&chunk))
    }
}

/// Keywords of text that no program takes for a setting: those of the standard (11.3.3.2), and what exiftool and ImageMagick write of their own.
const HARMLESS: [&str; 19] = [
    "Title",
    "Author",
    "Description",
    "Copyright",
    "Creation Time",
    "Software",
    "Disclaimer",
    "Warning",
    "Source",
    "Comment",
    "Collection",
    "Artist",
    "date:create",
    "date:modify",
    "date:timestamp",
    "icc:copyright",
    "icc:description",
    "icc:manufacturer",
    "icc:model",
];
/// Those that ImageMagick takes for an orientation.
const TURNING: [&str; 3] = ["exif:Orientation", "orientation", "tiff:Orientation"];

impl Container<'_> {
    /// What a photo's text says of its orientation in a way that only some programs read: the text, if there is one.
    pub(crate) fn turned_by_text(&self) -> Option<&'static str> {
        Chunks::new(self.file).flatten().find_map(|chunk| {
            let keyword = chunk.body.split(|byte| *byte == 0).next().unwrap_or_default();
            match &chunk.name {
                b"tEXt" | b"zTXt" | b"iTXt" if is_raw(keyword) && !is_one_of(keyword, &UNTURNED) => Some("Raw profile type"),
                b"tEXt" | b"zTXt" | b"iTXt" if is_one_of(keyword, &TURNING) && !chunk.body.ends_with(b"\x001") => Some("exif:Orientation"),
                b"iTXt" if keyword == XMP && international(chunk.body).is_some_and(xmp::turns) => Some("XMP"),
                // ImageMagick takes it for XMP also as another kind of text.
                b"tEXt" if keyword.eq_ignore_ascii_case(XMP) && xmp::turns(chunk.body.get(XMP.len() + 1..).unwrap_or_default()) => {
                    Some("XMP")
                }
                b"zTXt" if keyword == XMP => Some("compressed XMP"),
                // Compressed: it is not known what it says.
                b"iTXt" if keyword == XMP && chunk.body.get(XMP.len() + 1) != Some(&0) => Some("compressed XMP"),
                _ => None,
            }
        })
    }
}

/// Whether a keyword begins so, in whatever case: programs differ in whether they mind it.
fn is_raw(keyword: &[u8]) -> bool {
    keyword.get(..RAW.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(RAW))
}

/// Whether a keyword is one of these, in whatever case.
fn is_one_of(keyword: &[u8], known: &[&str]) -> bool {
    known.iter().any(|known| keyword.eq_ignore_ascii_case(known.as_bytes()))
}

/// The text of an `iTXt` chunk that is not compressed.
fn international(body: &[u8]) -> Option<&[u8]> {
    // Keyword; whether it is compressed, and how; language; keyword in that language.
    let mut parts = body.splitn(2, |byte| *byte == 0).skip(1);
    let [0, 0, rest @ ..] = parts.next()? else { return None };
    rest.splitn(3, |byte| *byte == 0).nth(2)
}

fn look(chunk: &Chunk<'_>) -> Result<(), Look> {
    match &chunk.name {
        // The picture.
        b"IHDR" | b"PLTE" | b"IDAT" | b"IEND" => Ok(()),
        // Its colours, which are compared, and its EXIF, which was looked at.
        b"cICP" | b"iCCP" | b"sRGB" | b"eXIf" => Ok(()),
        // For programs that know no profiles.
        b"gAMA" if is_srgb_gamma(chunk.body) => Ok(()),
        b"cHRM" if is_srgb_chromaticities(chunk.body) => Ok(()),
        b"gAMA" => Err(Look::Gamma),
        b"cHRM" => Err(Look::Primaries),
        b"pHYs" => pixels(chunk.body),
        b"tEXt" | b"zTXt" | b"iTXt" => text(chunk.body),
        // The proof.
        proof::NAME => Ok(()),
        // Significant bits, beyond which some programs cut samples off: all of them.
        b"sBIT" if chunk.body.iter().all(|bits| *bits == 8) => Ok(()),
        // Time, background (of opaque pixels), histogram, palettes for poor screens, provenance.
        b"tIME" | b"bKGD" | b"hIST" | b"sPLT" | b"caBX" => Ok(()),
        name => Err(Look::Chunk(title(*name))),
    }
}

/// Pixels must be squares.
fn pixels(body: &[u8]) -> Result<(), Look> {
    match body {
        [a, b, c, d, e, f, g, h, _] if [a, b, c, d] == [e, f, g, h] => Ok(()),
        _ => Err(Look::Aspect),
    }
}

/// Text is harmless where its keyword is: ImageMagick takes many for settings, and reads and writes profiles and EXIF in hexadecimal.
fn text(body: &[u8]) -> Result<(), Look> {
    let keyword = body.split(|byte| *byte == 0).next().unwrap_or_default();
    if is_raw(keyword) {
        return Err(Look::RawProfile);
    }
    if is_one_of(keyword, &HARMLESS) {
        return Ok(());
    }
    Err(if keyword.eq_ignore_ascii_case(XMP) { Look::Xmp } else { Look::Text })
}
