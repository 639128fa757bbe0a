//! A picture in memory: its pixels as bytes, and what they mean as colours.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::Dims;
use crate::error::PictureError;
use crate::profile::Profile;
use crate::size::check_size;

/// A picture: bytes `[c][y][x]` without gaps, one channel (grey) or three (R, G, B), and their colour profile.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    dims: Dims,
    cells: Vec<u8>,
    profile: Profile,
}

impl Picture {
    /// A picture of `dims` (1 or 3 channels, within the size limits) from `dims.cells()` cells, without a profile.
    pub fn new(dims: Dims, cells: Vec<u8>) -> Result<Picture, PictureError> {
        let Dims { channels, height, width } = dims;
        check_size(width, height)?;
        if !matches!(channels, 1 | 3) || cells.len() != dims.cells() {
            return Err(PictureError::Shape { channels, height, width, cells: cells.len() });
        }
        Ok(Picture { dims, cells, profile: Profile::None })
    }

    /// The same picture with a profile, or with none if the profile is for another number of channels.
    pub fn with_profile(self, profile: Profile) -> Picture {
        Picture { profile: profile.on(self.dims.channels), ..self }
    }

    /// The shape.
    pub fn dims(&self) -> &Dims {
        &self.dims
    }

    /// The bytes, `[c][y][x]`.
    pub fn cells(&self) -> &[u8] {
        &self.cells
    }

    /// What the bytes mean as colours.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The bytes, given away.
    pub fn into_cells(self) -> Vec<u8> {
        self.cells
    }
}

/// A picture may be secret: only its shape is printed.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("dims", &self.dims).finish_non_exhaustive()
    }
}
