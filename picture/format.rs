//! The file formats that can be read, and what they carry.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

/// A file format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PNG (ISO/IEC 15948).
    Png,
    /// JPEG (ITU-T T.81), baseline and progressive.
    Jpeg,
    /// WebP (RFC 9649), lossless and lossy.
    WebP,
    /// TIFF 6.0, of photos alone.
    Tiff,
}

/// The longest proof that a picture carries, in bytes: as many as a JPEG's numbered segments hold.
pub const MAX_EMBEDDED: usize = 255 * (65_533 - 14);

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Format::Png => "PNG",
            Format::Jpeg => "JPEG",
            Format::WebP => "WebP",
            Format::Tiff => "TIFF",
        })
    }
}
