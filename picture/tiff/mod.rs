//! TIFF, of photos alone: the first directory is read here, strictly, so that nothing large is allocated for a file that cannot be
//! read, and that no camera raw, whose first directory is a small preview, is taken for the photo.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[cfg(not(feature = "photos"))]
mod absent;
#[cfg(feature = "photos")]
mod container;
#[cfg(feature = "photos")]
mod directory;

#[cfg(not(feature = "photos"))]
pub(crate) use absent::Container;
#[cfg(feature = "photos")]
pub(crate) use container::Container;

/// Whether a file begins as a TIFF does.
pub(crate) fn begins(file: &[u8]) -> bool {
    file.starts_with(b"II*\0") || file.starts_with(b"MM\0*")
}
