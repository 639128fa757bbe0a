//! What a published JPEG may hold beside its pixels: nothing that changes how they are seen. Segments are allowed by name.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::segments::{Segment, Segments};
use super::{APP_1, APP_2, Container, EXIF, ICC, proof};
use crate::exif::Display;
use crate::look::Look;
use crate::xmp;

const MPF: &[u8] = b"MPF\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

impl Container<'_> {
    /// Whether nothing in the file changes the look of its pixels, the profile apart, which [`Container::profile`] tells.
    pub(crate) fn look(&self) -> Result<(), Look> {
        let mut exif = 0;
        for segment in Segments::new(self.file).flatten() {
            look(&segment)?;
            exif += usize::from(segment.marker == APP_1 && segment.body.starts_with(EXIF));
        }
        if exif > 1 { Err(Look::Segment("second EXIF".into())) } else { Ok(()) }
    }
}

impl Container<'_> {
    /// Whether XMP says that the photo is turned.
    pub(crate) fn turned_by_text(&self) -> Option<&'static str> {
        let mut segments = Segments::new(self.file).flatten();
        segments.any(|segment| segment.marker == APP_1 && segment.body.starts_with(XMP) && xmp::turns(segment.body)).then_some("XMP")
    }
}

impl Container<'_> {
    /// What stands beside the picture that is read, in files of phones and cameras: further pictures behind it, of which it is the base.
    pub(crate) fn beside(&self) -> Option<&'static str> {
        let mut beside = None;
        for segment in Segments::new(self.file).flatten() {
            match (segment.marker, segment.body) {
                (APP_1, body) if body.starts_with(XMP) && !xmp::is_without_gain_map(body) => return Some("a gain map for HDR screens"),
                (APP_2, body) if body.starts_with(MPF) => beside = Some("further pictures (MPF)"),
                _ => {}
            }
        }
        beside
    }
}

fn look(segment: &Segment<'_>) -> Result<(), Look> {
    match (segment.marker, segment.body) {
        // Frame, tables, scans, restarts, comments.
        (0xc0..=0xc2 | 0xc4 | 0xd0..=0xd7 | 0xda | 0xdb | 0xdd | 0xfe, _) => Ok(()),
        // JFIF: version, unit, then the density across and down.
        (0xe0, [b'J', b'F', b'I', b'F', 0, _, _, _, a, b, c, d, ..]) => {
            if [a, b] == [c, d] {
                Ok(())
            } else {
                Err(Look::Aspect)
            }
        }
        (0xe0, [b'J', b'F', b'X', b'X', 0, ..]) => Ok(()),
        (APP_1, body) if body.starts_with(EXIF) => Display::read(body.get(EXIF.len()..).unwrap_or_default()).look(),
        (APP_1, body) if body.starts_with(XMP) => {
            if xmp::is_plain(body) {
                Ok(())
            } else {
                Err(Look::Xmp)
            }
        }
        // The profile, which is compared.
        (APP_2, body) if body.starts_with(ICC) => Ok(()),
        (marker, body) if proof::is_part(marker, body) => Ok(()),
        // How the colours are coded, which decoders follow.
        (0xee, body) if body.starts_with(b"Adobe") => Ok(()),
        (marker @ 0xe0..=0xef, _) => Err(Look::Segment(format!("APP{}", marker & 15))),
        (marker, _) => Err(Look::Segment(format!("{marker:02X}"))),
    }
}
