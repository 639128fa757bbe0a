//! The proof in a JPEG: numbered APP8 segments before the frame header.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::frame::Frame;
use super::parts::{Parts, room, spread};
use super::segments::Segments;
use crate::error::PictureError;
use crate::format::{Format, MAX_EMBEDDED};
use crate::reader::CutShort;

const APP_8: u8 = 0xe8;
const IDENTIFIER: &[u8] = b"zkimg-proof\0";
const _: () = assert!(MAX_EMBEDDED == 255 * room(IDENTIFIER), "255 parts, as numbers have one byte");

/// Whether a segment is a part of a proof.
pub(crate) fn is_part(marker: u8, body: &[u8]) -> bool {
    marker == APP_8 && body.starts_with(IDENTIFIER)
}

/// Keeps a part, which may not stand behind the frame header (`late`).
pub(super) fn note<'a>(parts: &mut Parts<'a>, body: &'a [u8], late: bool) -> Result<(), PictureError> {
    if late {
        return Err(PictureError::Proof("it stands behind the frame header"));
    }
    parts.note(body.get(IDENTIFIER.len()..).unwrap_or_default()).ok_or(PictureError::Proof("one of its parts is malformed"))
}

/// The whole proof; its parts have numbers of one byte, which bounds its length.
pub(super) fn join(parts: &Parts<'_>) -> Result<Option<Vec<u8>>, PictureError> {
    let parts = parts.in_order().map_err(|_| PictureError::Proof("some of its parts are missing or there twice"))?;
    Ok(parts.map(|parts| parts.concat()))
}

/// The proof before the frame header of a file, of which the beginning will do.
pub(crate) fn proof_ahead(file: &[u8]) -> Result<Option<Vec<u8>>, PictureError> {
    let mut parts = Parts::default();
    for segment in Segments::new(file) {
        let segment = segment.map_err(|CutShort| PictureError::CutShort(Format::Jpeg))?;
        if is_part(segment.marker, segment.body) {
            note(&mut parts, segment.body, false)?;
        }
        if Frame::read(segment.marker, segment.body)?.is_some() {
            return join(&parts);
        }
    }
    Err(super::no_header())
}

/// Where a proof is put: behind what applications say, as JFIF and EXIF want to be first.
pub(crate) fn proof_place(file: &[u8]) -> usize {
    let mut segments = Segments::new(file);
    let mut at = segments.at();
    while let Some(Ok(segment)) = segments.next()
        && matches!(segment.marker, 0xe0..=0xef)
    {
        at = segments.at();
    }
    at
}

/// The segments of a proof.
pub(crate) fn proof_segments(proof: &[u8]) -> Vec<u8> {
    spread(APP_8, IDENTIFIER, proof)
}
