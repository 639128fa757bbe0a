//! What a photo's scans say, for programs to take it in one way: each bit of a coefficient once, by the tables that stand before all of them. Of
//! published pictures [`crate::JpegFile`] wants more.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::frame::Frame;
use super::segments::{START_OF_SCAN, Segments};
use super::{DEFINE_QUANTISATION, no_header, refused};
use crate::error::PictureError;
use crate::reader::{CutShort, Reader};

/// Walks the segments of a file.
pub(super) fn check(file: &[u8]) -> Result<(), PictureError> {
    let (mut frame, mut scans): (Option<Frame>, Option<Scans>) = (None, None);
    for segment in Segments::new(file).flatten() {
        match segment.marker {
            // Programs differ in whether it is for the components whose scans came before it.
            DEFINE_QUANTISATION if scans.is_some() => return Err(refused("it has a quantisation table between its scans")),
            START_OF_SCAN => {
                let begun = frame.as_ref().ok_or_else(no_header)?;
                scans.get_or_insert_with(|| Scans::new(begun)).note(segment.body)?;
            }
            marker => match Frame::read(marker, segment.body)? {
                Some(_) if frame.is_some() => return Err(refused("it has two picture headers")),
                read => frame = frame.or(read),
            },
        }
    }
    Ok(())
}

/// What was said of the components of a frame.
struct Scans {
    progressive: bool,
    /// Number of a component, and how many of each coefficient's lowest bits are still to come; nothing is known before its first scan.
    left: Vec<(u8, [Option<u8>; 64])>,
}

impl Scans {
    /// Nothing yet.
    fn new(frame: &Frame) -> Scans {
        Scans { progressive: frame.progressive, left: frame.ids.iter().map(|id| (*id, [None; 64])).collect() }
    }

    /// Notes a scan by its header.
    fn note(&mut self, header: &[u8]) -> Result<(), PictureError> {
        let mut r = Reader::new(header);
        let mut read = || -> Result<(Vec<u8>, [u8; 3]), CutShort> {
            let count = r.u8()?;
            let ids = (0..count).map(|_| r.array().map(|[id, _]| id)).collect::<Result<_, _>>()?;
            Ok((ids, r.array()?))
        };
        let (ids, [from, to, approximation]) = read().map_err(|CutShort| refused("the header of one of its scans is too short"))?;
        // Of sequential pictures a scan says all that there is of its components, whatever else its header says.
        let (band, high, low) = match self.progressive {
            true => (usize::from(from)..=usize::from(to), approximation >> 4, approximation & 15),
            false => (0..=63, 0, 0),
        };
        for id in ids {
            let of = self.left.iter_mut().find(|(of, _)| *of == id).ok_or_else(|| refused("one of its scans is of no component"))?;
            for (_, left) in of.1.iter_mut().enumerate().filter(|(k, _)| band.contains(k)) {
                if *left != (high > 0).then_some(high) {
                    return Err(refused("its scans say some of its picture twice or in the wrong order, which programs show differently"));
                }
                *left = Some(low);
            }
        }
        Ok(())
    }
}
