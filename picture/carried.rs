//! The chunk that carries a proof: of one name in a PNG and in a WebP, once and before the pixels.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::error::PictureError;
use crate::format::MAX_EMBEDDED;

/// Its name: in a PNG ancillary, private, and not safe to copy for who changes the picture.
pub(crate) const NAME: &[u8; 4] = b"zkPF";

/// Keeps a proof's chunk of this length, whose content is looked at if it may be one. There may be one, and not behind the pixels (`late`).
pub(crate) fn keep<'a>(
    found: &mut Option<&'a [u8]>,
    length: usize,
    late: bool,
    content: impl FnOnce() -> Result<&'a [u8], PictureError>,
) -> Result<(), PictureError> {
    if late {
        return Err(PictureError::Proof("it stands behind the pixels"));
    }
    if length > MAX_EMBEDDED {
        return Err(PictureError::Proof("it is longer than any"));
    }
    match found.replace(content()?) {
        Some(_) => Err(PictureError::Proof("there is a second one")),
        None => Ok(()),
    }
}
