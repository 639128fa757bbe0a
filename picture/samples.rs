//! What the decoders hand over.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::Dims;
use crate::error::PictureError;
use crate::format::Format;
use crate::picture::Picture;

/// Interleaved samples `[y][x][c]`, 1 to 4 channels (2 and 4 with alpha last).
pub(crate) struct Samples {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) channels: usize,
    pub(crate) samples: Vec<u8>,
    /// Whether they had 16 bits in the file.
    pub(crate) deep: bool,
}

impl Samples {
    /// The picture, if it is opaque.
    pub(crate) fn picture(self, format: Format) -> Result<Picture, PictureError> {
        let (channels, cells) = match self.channels {
            1 => (1, self.samples),
            2 => (1, opaque::<2>(&self.samples, format)?),
            4 => (3, opaque::<4>(&self.samples, format)?),
            n => (n, planes::<3>(&self.samples, 3)),
        };
        Picture::new(Dims { channels, height: self.height, width: self.width }, cells)
    }
}

/// The first `keep` of `N` interleaved channels, one plane after the other.
fn planes<const N: usize>(samples: &[u8], keep: usize) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<N>();
    let mut cells = Vec::with_capacity(pixels.len() * keep);
    for c in 0..keep {
        cells.extend(pixels.iter().filter_map(|pixel| pixel.get(c)));
    }
    cells
}

/// Drops an alpha channel, the last of `N`, that is 255 everywhere.
fn opaque<const N: usize>(samples: &[u8], format: Format) -> Result<Vec<u8>, PictureError> {
    let (pixels, _) = samples.as_chunks::<N>();
    if pixels.iter().any(|pixel| pixel.last() != Some(&255)) {
        return Err(PictureError::Transparent(format));
    }
    Ok(planes::<N>(samples, N - 1))
}
