//! Reading a TIFF-framed EXIF block.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use ::exif::{Exif, Reader};

/// The whole block, or nothing.
pub(super) fn strictly(block: &[u8]) -> Option<Exif> {
    Reader::new().read_raw(block.to_vec()).ok()
}

/// As much of a block as can be read.
pub(super) fn leniently(block: &[u8]) -> Option<Exif> {
    let parsed = Reader::new().continue_on_error(true).read_raw(block.to_vec());
    parsed.or_else(|e| e.distill_partial_result(|_| {})).ok()
}
