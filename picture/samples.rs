//! What the decoders hand over.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

/// Interleaved samples `[y][x][c]`, 1 to 4 channels (2 and 4 with alpha last).
pub(crate) struct Samples {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) channels: usize,
    pub(crate) samples: Vec<u8>,
}
