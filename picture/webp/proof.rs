//! The proof in a WebP: one `zkPF` chunk before the pixels, which programs pass over as they do with any chunk they do not know.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::header;
use super::riff::{self, Chunk, Chunks, cut_short, is_picture};
pub(super) use crate::carried::NAME;
use crate::carried::keep;
use crate::error::PictureError;
use crate::format::Format;

/// Keeps a proof's chunk. There may be one, and not behind the pixels (`late`).
pub(super) fn note<'a>(found: &mut Option<&'a [u8]>, chunk: &Chunk<'a>, late: bool) -> Result<(), PictureError> {
    keep(found, chunk.body.len(), late, || Ok(chunk.body))
}

/// The proof before the pixels of a file, of which the beginning will do.
pub(crate) fn proof_ahead(file: &[u8]) -> Result<Option<Vec<u8>>, PictureError> {
    let mut found = None;
    let mut chunks = Chunks::new(file);
    while let Some((name, _)) = chunks.ahead().map_err(cut_short)? {
        if is_picture(&name) {
            return Ok(found.map(<[u8]>::to_vec));
        }
        let chunk = chunks.next().transpose().map_err(cut_short)?.ok_or(PictureError::CutShort(Format::WebP))?;
        if chunk.name == *NAME {
            note(&mut found, &chunk, false)?;
        }
    }
    Err(PictureError::CutShort(Format::WebP))
}

/// A file that can be read, with a proof before the pixels. A file of nothing but pixels gets the header that announces further
/// chunks; beside that and the length of all, every byte stays as it is.
pub(crate) fn with_proof(file: &[u8], proof: &[u8]) -> Vec<u8> {
    let mut before = Vec::new();
    let mut chunks = Chunks::new(file);
    let mut at = riff::HEAD;
    while let Ok(Some((name, body))) = chunks.ahead() {
        if is_picture(&name) {
            if before.is_empty()
                && let Ok(Some(sides)) = header::pixels(&name, body)
            {
                let flags = if sides.alpha { header::ALPHA } else { 0 };
                before = riff::write(b"VP8X", &header::write_extended(flags, sides));
            }
            break;
        }
        chunks.next();
        before.extend_from_slice(file.get(at..chunks.at()).unwrap_or_default());
        at = chunks.at();
    }
    while chunks.next().is_some_and(|chunk| chunk.is_ok()) {}
    let rest = file.get(at..chunks.at()).unwrap_or_default();
    riff::file(&[&before[..], &riff::write(NAME, proof), rest].concat())
}
