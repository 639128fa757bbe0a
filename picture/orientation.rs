//! The eight EXIF orientations, applied to planar cells.
//!
//! Every one of them is a transposition or not, then a mirror along x or not, then one along y or not.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::Dims;

/// The steps of an EXIF orientation: (transpose, then mirror along x, then mirror along y).
///
/// Values other than 1 to 8 mean nothing in the standard and leave the picture as it is.
fn steps(orientation: u8) -> (bool, bool, bool) {
    match orientation {
        2 => (false, true, false),
        3 => (false, true, true),
        4 => (false, false, true),
        5 => (true, false, false),
        6 => (true, true, false),
        7 => (true, true, true),
        8 => (true, false, true),
        _ => (false, false, false),
    }
}

/// Turns planar cells `[c][y][x]` of `dims` upright; gives the new shape and cells.
pub(crate) fn apply(orientation: u8, dims: Dims, cells: Vec<u8>) -> (Dims, Vec<u8>) {
    let (transposed, mirror_x, mirror_y) = steps(orientation);
    let (mut dims, mut cells) = (dims, cells);
    if transposed {
        cells = transpose(&dims, &cells);
        dims = Dims { channels: dims.channels, height: dims.width, width: dims.height };
    }
    if mirror_x {
        cells.chunks_exact_mut(dims.width).for_each(<[u8]>::reverse);
    }
    if mirror_y {
        for plane in cells.chunks_exact_mut(dims.width * dims.height) {
            let mut lines = plane.chunks_exact_mut(dims.width);
            while let (Some(upper), Some(lower)) = (lines.next(), lines.next_back()) {
                upper.swap_with_slice(lower);
            }
        }
    }
    (dims, cells)
}

/// Swaps x and y of every channel, some lines at a time so that large pictures stay in the cache.
fn transpose(dims: &Dims, cells: &[u8]) -> Vec<u8> {
    const LINES: usize = 64;
    let (width, height) = (dims.width, dims.height);
    let mut out = vec![0; cells.len()];
    for (from, to) in cells.chunks_exact(width * height).zip(out.chunks_exact_mut(width * height)) {
        for (block, lines) in from.chunks(LINES * width).enumerate() {
            for (x, column) in to.chunks_exact_mut(height).enumerate() {
                let targets = column.iter_mut().skip(block * LINES);
                for (target, line) in targets.zip(lines.chunks_exact(width)) {
                    *target = line.get(x).copied().unwrap_or(0);
                }
            }
        }
    }
    out
}
