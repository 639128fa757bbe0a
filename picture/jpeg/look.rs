//! What a photo's JPEG says of itself in other words than EXIF: that it is turned, that further pictures stand behind it.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::segments::Segments;
use super::{APP_1, APP_2, Container};
use crate::xmp;

const MPF: &[u8] = b"MPF\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

impl Container<'_> {
    /// Whether XMP says that the photo is turned.
    pub(crate) fn turned_by_text(&self) -> Option<&'static str> {
        let mut segments = Segments::new(self.file).flatten();
        segments.any(|segment| segment.marker == APP_1 && segment.body.strip_prefix(XMP).is_some_and(xmp::turns)).then_some("XMP")
    }

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
