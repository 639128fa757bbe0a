//! The largest pictures.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::error::PictureError;

/// The largest width and height, in pixels.
pub const MAX_SIDE: usize = 1 << 15;
/// The largest number of pixels.
pub const MAX_PIXELS: usize = 1 << 28;

/// Refuses a size before anything is allocated for it.
pub fn check_size(width: usize, height: usize) -> Result<(), PictureError> {
    let side = 1..=MAX_SIDE;
    let pixels = width.checked_mul(height).filter(|n| *n <= MAX_PIXELS);
    if !side.contains(&width) || !side.contains(&height) || pixels.is_none() {
        return Err(PictureError::TooLarge { width, height });
    }
    Ok(())
}
