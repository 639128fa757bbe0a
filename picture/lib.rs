//! Pictures: what their files hold, as exact bytes, and what in them changes how they are seen.
//!
//! A photo is read once, before it is signed ([`image::decode`]): its upright pixels, their colour profile and the listed
//! EXIF fields. A published picture is read more strictly ([`PublishedFile`]), as nothing around its pixels is proved.
//!
//! From below: a [`Format`], a [`PictureError`] and the largest [`size`]; [`profile`], [`exif`]; the formats `png`, `jpeg`,
//! `webp` and `tiff`, and the integers in a JPEG (`coefficients`); a file of any before its pixels are decoded (`container`); the two ways to read one, and the proof that it may carry. [`reader`] and [`text`]
//! are for everybody who reads what strangers write.
#![warn(missing_debug_implementations)]

mod carried;
mod coefficients;
mod container;
mod credentials;
mod deep;
mod directory;
mod embedded;
mod error;
pub mod exif;
mod format;
pub mod image;
mod jpeg;
mod look;
mod orientation;
mod picture;
mod png;
pub mod profile;
mod published;
pub mod reader;
mod samples;
pub mod size;
pub mod text;
mod tiff;
mod webp;
mod xmp;

pub use coefficients::{Block, COEFFICIENTS, Coefficients, Component, JpegFile, JpegShape, ZIGZAG, write_jpeg};
pub use embedded::{embed, embedded};
pub use error::PictureError;
pub use exif::{ExifField, ExifValues};
pub use format::{Format, MAX_EMBEDDED};
pub use image::Photo;
pub use look::Look;
pub use picture::Picture;
pub use png::encode_png;
pub use profile::{IccProfile, Profile, ProfileId};
pub use published::PublishedFile;
pub use webp::{MAX_WEBP_SIDE, encode_webp};
pub use zkimg_graph::tensor::Dims;
