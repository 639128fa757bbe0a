//! The proof in a PNG: one `zkPF` chunk before the pixels.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::SIGNATURE;
use super::chunks::{Chunk, Chunks, write};
pub(super) use crate::carried::NAME;
use crate::carried::keep;
use crate::error::PictureError;
use crate::format::Format;
use crate::reader::CutShort;

/// Keeps a proof's chunk. There may be one, and not behind the pixels (`late`).
pub(super) fn note<'a>(found: &mut Option<&'a [u8]>, chunk: &Chunk<'a>, late: bool) -> Result<(), PictureError> {
    keep(found, chunk.body.len(), late, || chunk.checked())
}

/// The proof before the pixels of a file, of which the beginning will do.
pub(crate) fn proof_ahead(file: &[u8]) -> Result<Option<Vec<u8>>, PictureError> {
    let mut found = None;
    let mut chunks = Chunks::new(file);
    while !matches!(chunks.name().map_err(cut_short)?, b"IDAT" | b"IEND") {
        let chunk = chunks.next().ok_or(CutShort).and_then(|chunk| chunk).map_err(cut_short)?;
        if chunk.name == *NAME {
            note(&mut found, &chunk, false)?;
        }
    }
    Ok(found.map(<[u8]>::to_vec))
}

/// Where a proof is put: before the pixels.
pub(crate) fn proof_place(file: &[u8]) -> usize {
    let mut at = SIGNATURE.len();
    for chunk in Chunks::new(file).flatten().take_while(|chunk| chunk.name != *b"IDAT") {
        at += chunk.length();
    }
    at
}

/// The chunk of a proof.
pub(crate) fn proof_chunk(proof: &[u8]) -> Vec<u8> {
    write(NAME, proof)
}

fn cut_short(_: CutShort) -> PictureError {
    PictureError::CutShort(Format::Png)
}
