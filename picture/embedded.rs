//! The proof inside a published picture's file: there once, whole, before the pixels.
//!
//! What it says is no business of this crate. A PNG has it in one `zkPF` chunk (ancillary, private, not to be copied by programs
//! that change the picture without knowing it), a JPEG in APP8 segments that are numbered as those of an ICC profile are, a WebP in one chunk of the same name. In a PNG
//! and a JPEG it may also stand in the file's Content Credentials; if it stands in both, it is the same.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::container::Container;
use crate::credentials::one;
use crate::error::PictureError;
use crate::format::MAX_EMBEDDED;
use crate::{jpeg, png, webp};

/// The proof in a picture's file, of which the beginning will do; `None` if the pixels begin and no proof was there.
///
/// # Errors
/// [`PictureError::CutShort`] if the file ends before that is known; or if the proof is incomplete or there twice. What stands behind
/// the pixels is left to [`crate::PublishedFile`].
pub fn embedded(file: &[u8]) -> Result<Option<Vec<u8>>, PictureError> {
    if file.starts_with(png::SIGNATURE) {
        one(png::proof_ahead(file)?, png::claimed_ahead(file)?)
    } else if file.starts_with(jpeg::SIGNATURE) {
        one(jpeg::proof_ahead(file)?, jpeg::claimed_ahead(file)?)
    } else if webp::begins(file) {
        webp::proof_ahead(file)
    } else {
        Container::published(file).map(|_| None)
    }
}

/// Puts a proof into a picture's file. Every other byte stays as it is, but for what a WebP says of its own length and chunks.
///
/// # Errors
/// If the file is no picture that can be read, has a proof already, or the proof is longer than [`MAX_EMBEDDED`].
pub fn embed(file: &[u8], proof: &[u8]) -> Result<Vec<u8>, PictureError> {
    let container = Container::published(file)?;
    if container.proof()?.is_some() {
        return Err(PictureError::ProofThere);
    }
    if proof.is_empty() || proof.len() > MAX_EMBEDDED {
        return Err(PictureError::ProofLength(proof.len()));
    }
    let (at, carrier) = match container {
        Container::Png(_) => (png::proof_place(file), png::proof_chunk(proof)),
        Container::Jpeg(_) => (jpeg::proof_place(file), jpeg::proof_segments(proof)),
        Container::WebP(_) => return Ok(webp::with_proof(file, proof)),
        Container::Tiff(_) => return Err(PictureError::PublishedTiff),
    };
    let (before, behind) = file.split_at_checked(at).unwrap_or((file, &[]));
    Ok([before, &carrier, behind].concat())
}
