//! A PNG's header (PNG, third edition, 11.2.1).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::chunks::Chunk;
use super::damaged;
use crate::error::PictureError;

const GREY: u8 = 0;
const RGB: u8 = 2;
const INDEXED: u8 = 3;
const GREY_ALPHA: u8 = 4;

/// Columns and lines before the first of each pass of an interlaced picture, and from one to the next (8.1).
const PASSES: [Pass; 7] = [[0, 8, 0, 8], [4, 8, 0, 8], [0, 4, 4, 8], [2, 4, 0, 4], [0, 2, 2, 4], [1, 2, 0, 2], [0, 1, 1, 2]];

type Pass = [usize; 4];

/// What a header says.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Bits of a sample.
    pub(super) depth: u8,
    kind: u8,
    interlaced: bool,
}

impl Header {
    pub(super) fn read(chunk: &Chunk<'_>) -> Result<Header, PictureError> {
        let [a, b, c, d, e, f, g, h, depth, kind, _, _, interlaced, ..] = *chunk.checked()? else {
            return Err(damaged("its header is too short"));
        };
        let side = |bytes| usize::try_from(u32::from_be_bytes(bytes)).unwrap_or(usize::MAX);
        Ok(Header { width: side([a, b, c, d]), height: side([e, f, g, h]), depth, kind, interlaced: interlaced != 0 })
    }

    /// 1 for grey, 3 for colour; alpha does not count.
    pub(super) fn channels(&self) -> usize {
        if matches!(self.kind, GREY | GREY_ALPHA) { 1 } else { 3 }
    }

    /// Whether the pixels are numbers of colours in a palette.
    pub(super) fn indexed(&self) -> bool {
        self.kind == INDEXED
    }

    /// How many bytes the data make: lines with a byte before each, of every pass.
    pub(super) fn uncompressed(&self) -> u64 {
        let samples = match self.kind {
            GREY | INDEXED => 1,
            GREY_ALPHA => 2,
            RGB => 3,
            _ => 4,
        };
        let bits = samples * u64::from(self.depth);
        let lines = |width: usize, height: usize| match width {
            0 => 0,
            width => (width as u64).saturating_mul(bits).div_ceil(8).saturating_add(1).saturating_mul(height as u64),
        };
        let pass = |[left, across, above, down]: Pass| {
            lines(self.width.saturating_sub(left).div_ceil(across), self.height.saturating_sub(above).div_ceil(down))
        };
        if self.interlaced { PASSES.into_iter().map(pass).fold(0, u64::saturating_add) } else { lines(self.width, self.height) }
    }
}
