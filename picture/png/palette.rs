//! Pixels that are numbers of colours in a palette (PNG, third edition, 11.2.2 and 11.3.1.1).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::{colour, damaged};
use crate::error::PictureError;

/// Channels and samples of indices of `depth` bits, which stand line by line in whole bytes. An index without a colour is refused: some programs
/// show black there, others the last colour, so that one file would show two pictures.
pub(super) fn colours(indices: &[u8], depth: usize, width: usize, chunks: &colour::Chunks<'_>) -> Result<(usize, Vec<u8>), PictureError> {
    let (palette, []) = chunks.palette.unwrap_or_default().as_chunks::<3>() else {
        return Err(damaged("its palette cannot be read"));
    };
    let opacity = chunks.transparency;
    let channels = if opacity.is_some() { 4 } else { 3 };
    let line = (width * depth).div_ceil(8).max(1);
    let mut samples = Vec::with_capacity(indices.len() / line * width * channels);
    let mask = ((1u16 << depth) - 1) as u8;
    for line in indices.chunks(line) {
        let all = line.iter().flat_map(|byte| (0..8 / depth).rev().map(move |place| byte >> (place * depth) & mask));
        for index in all.take(width).map(usize::from) {
            let colour = palette.get(index).ok_or_else(|| damaged("it has pixels of colours that its palette does not have"))?;
            samples.extend_from_slice(colour);
            samples.extend(opacity.map(|opacity| opacity.get(index).copied().unwrap_or(255)));
        }
    }
    Ok((channels, samples))
}
