//! What may stand around the coefficients of a published JPEG: a closed list, each in the one form that all programs take alike.
//!
//! Whoever changes nothing of the coefficients can still change what is seen: by other colours, an orientation, a second picture
//! for brighter screens, a thumbnail of something else.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::exif::Display;
use crate::format::Format;
use crate::jpeg::{APP_1, APP_2, EXIF, ICC, is_proof};
use crate::look::Look;

const APP_11: u8 = 0xeb;
const COMMENT: u8 = 0xfe;
/// What a box of Content Credentials says of itself (C2PA 2.1, 11.1.4).
const CREDENTIALS: &[u8] = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71";

/// What has been seen of segments of which there is one at the most.
#[derive(Default)]
pub(super) struct Around {
    jfif: bool,
    exif: bool,
    /// Parts of the colour profile.
    profile: usize,
}

impl Around {
    /// Looks at one segment before the frame header that is neither that nor a table.
    pub(super) fn look(&mut self, marker: u8, body: &[u8]) -> Result<(), Look> {
        let once = |seen: &mut bool, name: &str| {
            if std::mem::replace(seen, true) { Err(Look::Segment(format!("second {name}"))) } else { Ok(()) }
        };
        match (marker, body) {
            // Some programs turn a picture upside down, or stretch its contrast, by what they read in one.
            (COMMENT, _) => Err(Look::Segment("comment".into())),
            // JFIF: version, unit, density across and down, size of a thumbnail.
            (0xe0, [b'J', b'F', b'I', b'F', 0, _, _, _, a, b, c, d, width, height, rest @ ..]) => {
                once(&mut self.jfif, "JFIF")?;
                if [a, b] != [c, d] {
                    return Err(Look::Aspect);
                }
                if (*width, *height) == (0, 0) && rest.is_empty() { Ok(()) } else { Err(Look::Thumbnail) }
            }
            (APP_1, body) if body.starts_with(EXIF) => {
                once(&mut self.exif, "EXIF")?;
                let display = Display::read(body.get(EXIF.len()..).unwrap_or_default());
                display.profile(Format::Jpeg).map_err(Look::Colours)?;
                display.look()
            }
            // Compared with the one that the proof speaks of; its parts one after the other and none empty, as programs differ in what they make of others.
            (APP_2, body) if body.starts_with(ICC) => {
                self.profile += 1;
                match body.get(ICC.len()..) {
                    Some([number, _, _, ..]) if usize::from(*number) == self.profile => Ok(()),
                    _ => Err(Look::Segment("ICC profile".into())),
                }
            }
            (marker, body) if is_proof(marker, body) => Ok(()),
            (APP_11, body) if credentials(body) => Ok(()),
            (marker @ 0xe0..=0xef, _) => Err(Look::Segment(format!("APP{}", marker & 15))),
            (marker, _) => Err(Look::Segment(format!("{marker:02X}"))),
        }
    }
}

/// Whether an APP11 segment is a part of Content Credentials: other boxes there are second layers of the picture (JPEG XT).
fn credentials(body: &[u8]) -> bool {
    // Identifier, which box, which part of it from 1; then length and kind of the box, in each part again.
    let [b'J', b'P', _, _, a, b, c, d, _, _, _, _, b'j', b'u', b'm', b'b', content @ ..] = body else { return false };
    let first = u32::from_be_bytes([*a, *b, *c, *d]) == 1;
    // A description comes first: its length and kind, then what is in the box.
    let described = || content.get(4..8) == Some(b"jumd") && content.get(8..).is_some_and(|rest| rest.starts_with(CREDENTIALS));
    !first || described()
}
