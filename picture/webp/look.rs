//! What a published WebP may hold beside its pixels: nothing that changes how they are seen. Chunks are allowed by name.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::Container;
use super::proof;
use super::riff::Chunks;
use crate::exif::Display;
use crate::look::Look;
use crate::xmp;

impl Container<'_> {
    /// Whether nothing in the file changes the look of its pixels, the profile apart, which [`Container::profile`] tells.
    pub(crate) fn look(&self) -> Result<(), Look> {
        if self.prefixed {
            return Err(Look::Exif);
        }
        if self.trailing {
            return Err(Look::Trailing);
        }
        self.exif.map_or(Ok(()), |block| Display::read(block).look())?;
        for chunk in Chunks::new(self.file).flatten() {
            match &chunk.name {
                b"VP8X" | b"VP8L" | b"ICCP" | b"EXIF" | proof::NAME => {}
                b"VP8 " | b"ALPH" => return Err(Look::Lossy),
                // Content Credentials.
                b"C2PA" => {}
                b"XMP " => return Err(Look::Xmp),
                name => return Err(Look::Chunk(title(*name))),
            }
        }
        Ok(())
    }

    /// Whether XMP says that the photo is turned.
    pub(crate) fn turned_by_text(&self) -> Option<&'static str> {
        self.xmp.is_some_and(xmp::turns).then_some("XMP")
    }
}

/// A chunk's name in a sentence: what can be printed of it, or else its numbers.
pub(super) fn title(name: [u8; 4]) -> String {
    match std::str::from_utf8(&name) {
        Ok(text) if name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b' ') => text.trim_end().into(),
        _ => format!("{name:02x?}"),
    }
}
