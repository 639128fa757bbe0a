//! What memory a file takes to be verified, told before anything of it is decoded.

use crate::input;
use crate::subject::BESIDE;
use std::path::Path;
use zkimg_pipeline::image::announced;
use zkimg_pipeline::{Format, PictureError};

/// Bytes of a picture and of the proof beside it, and of the picture's samples: as many as its header announces. Of a proof by itself, all the same
/// with the pictures beside it that it may be of. More than any other where nothing is known of it before it is read: of what comes through a pipe,
/// of a picture whose header is far behind its beginning.
pub fn cost(path: &Path) -> u64 {
    if input::is_standard_input(path) || path.exists() && !path.is_file() {
        return u64::MAX;
    }
    let beside: &[&str] = if input::is_proof(path) { &BESIDE } else { &["zkimg"] };
    let beside = beside.iter().map(|ending| alone(&path.with_extension(ending)));
    beside.fold(alone(path), u64::saturating_add)
}

/// The same of one file that is there; nothing of one that is not.
fn alone(path: &Path) -> u64 {
    let length = path.metadata().map_or(0, |meta| meta.len());
    let samples = match input::beginning(path, input::HEAD).as_deref().map(announced) {
        // Of a JPEG, coefficients of two bytes.
        Some(Ok((format, width, height))) => {
            let pixels = (width as u64).saturating_mul(height as u64);
            pixels.saturating_mul(if format == Format::Jpeg { 6 } else { 3 })
        }
        Some(Err(PictureError::CutShort(_))) if length > input::HEAD => u64::MAX,
        _ => 0,
    };
    length.saturating_add(samples)
}
