//! The chunks of a WebP, one after the other (RFC 9649, 2.3).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::error::PictureError;
use crate::format::Format;
use crate::reader::{CutShort, Reader};

/// What stands before the chunks: RIFF, length of the rest, WEBP.
pub(super) const HEAD: usize = 12;
/// What stands before the body of a chunk: name, length.
pub(super) const CHUNK_HEAD: usize = 8;

/// A chunk.
pub(super) struct Chunk<'a> {
    pub(super) name: [u8; 4],
    pub(super) body: &'a [u8],
}

impl Chunk<'_> {
    /// Whether the pixels, or their transparency, are in it.
    pub(super) fn is_picture(&self) -> bool {
        is_picture(&self.name)
    }
}

/// The name of a chunk, and what there is of the file from its body on.
pub(super) type Ahead<'a> = ([u8; 4], &'a [u8]);

/// Whether a chunk of this name holds pixels, or their transparency.
pub(super) fn is_picture(name: &[u8; 4]) -> bool {
    matches!(name, b"VP8 " | b"VP8L" | b"ALPH")
}

/// Whether a file begins as a WebP does.
pub(crate) fn begins(file: &[u8]) -> bool {
    file.starts_with(b"RIFF") && file.get(8..HEAD) == Some(b"WEBP")
}

/// Walks the chunks of a file, of which the beginning will do, to the end that it announces.
pub(super) struct Chunks<'a> {
    reader: Reader<'a>,
    /// What is left by the file's own word.
    left: usize,
    length: usize,
    done: bool,
}

impl<'a> Chunks<'a> {
    /// The chunks of a file that [`begins`] so.
    pub(super) fn new(file: &'a [u8]) -> Chunks<'a> {
        let mut reader = Reader::new(file);
        let mut head = || {
            reader.take(4)?;
            let length = reader.u32()?;
            reader.take(4)?;
            Ok(usize::try_from(length).map_err(|_| CutShort)?.saturating_sub(4))
        };
        let left: Result<usize, CutShort> = head();
        Chunks { reader, left: left.unwrap_or(0), length: file.len(), done: left.is_err() }
    }

    /// Where the next one begins.
    pub(super) fn at(&self) -> usize {
        self.length - self.reader.rest().len()
    }

    /// Name and body of the next chunk, of which only the beginning need be there; `None` at the end.
    pub(super) fn ahead(&self) -> Result<Option<Ahead<'a>>, CutShort> {
        if self.done || self.left == 0 {
            return Ok(None);
        }
        let mut ahead = self.reader;
        let name = ahead.array()?;
        ahead.take(4)?;
        Ok(Some((name, ahead.rest())))
    }

    fn chunk(&mut self) -> Result<Chunk<'a>, CutShort> {
        let name = self.reader.array()?;
        let length = usize::try_from(self.reader.u32()?).map_err(|_| CutShort)?;
        // Chunks are of even length.
        let padded = length.checked_next_multiple_of(2).ok_or(CutShort)?;
        self.left = padded.checked_add(CHUNK_HEAD).and_then(|whole| self.left.checked_sub(whole)).ok_or(CutShort)?;
        let body = self.reader.take(length)?;
        self.reader.take(padded - length)?;
        Ok(Chunk { name, body })
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<Chunk<'a>, CutShort>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done || self.left == 0 {
            return None;
        }
        let chunk = self.chunk();
        self.done = chunk.is_err();
        Some(chunk)
    }
}

/// A chunk's bytes.
pub(super) fn write(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let padding: &[u8] = if body.len().is_multiple_of(2) { &[] } else { &[0] };
    [&name[..], &(body.len() as u32).to_le_bytes(), body, padding].concat()
}

/// A file of chunks.
pub(super) fn file(chunks: &[u8]) -> Vec<u8> {
    [&b"RIFF"[..], &(chunks.len() as u32 + 4).to_le_bytes(), b"WEBP", chunks].concat()
}

pub(super) fn cut_short(_: CutShort) -> PictureError {
    PictureError::CutShort(Format::WebP)
}
