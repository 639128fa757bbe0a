//! The proof in a PNG's Content Credentials: one `caBX` chunk before the pixels.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::chunks::{Chunk, Chunks};
use crate::credentials::proof;
use crate::error::PictureError;

/// That before the pixels of a file, of which the beginning will do.
pub(crate) fn claimed_ahead(file: &[u8]) -> Result<Option<Vec<u8>>, PictureError> {
    claimed_in(chunks(file).take_while(|chunk| chunk.name != *b"IDAT"))
}

/// The same of a whole file, which has none behind the pixels.
pub(crate) fn claimed(file: &[u8]) -> Result<Option<Vec<u8>>, PictureError> {
    match claimed_in(chunks(file).skip_while(|chunk| chunk.name != *b"IDAT"))? {
        Some(_) => Err(PictureError::Proof("the one in its Content Credentials stands behind the pixels")),
        None => claimed_ahead(file),
    }
}

fn chunks(file: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    Chunks::new(file).map_while(Result::ok)
}

fn claimed_in<'a>(chunks: impl Iterator<Item = Chunk<'a>>) -> Result<Option<Vec<u8>>, PictureError> {
    let mut found = None;
    for chunk in chunks.filter(|chunk| chunk.name == *b"caBX") {
        let Some(proof) = proof(chunk.body)? else { continue };
        chunk.checked()?;
        if found.replace(proof).is_some() {
            return Err(PictureError::Proof("there is a second one in its Content Credentials"));
        }
    }
    Ok(found)
}
