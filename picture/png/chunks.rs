//! The chunks of a PNG, one after the other.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::error::PictureError;
use crate::format::Format;
use crate::reader::{CutShort, Reader};

/// The eight bytes every PNG begins with.
pub(crate) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A chunk; its checksum is not checked yet.
pub(super) struct Chunk<'a> {
    pub(super) name: [u8; 4],
    pub(super) body: &'a [u8],
    checksum: [u8; 4],
}

impl<'a> Chunk<'a> {
    /// The body, if the checksum is its own: of a chunk with a wrong one, programs differ in what they make.
    pub(super) fn checked(&self) -> Result<&'a [u8], PictureError> {
        if checksum(&self.name, self.body) != self.checksum {
            return Err(PictureError::damaged(Format::Png, &format_args!("the checksum of its {} chunk is wrong", self.title())));
        }
        Ok(self.body)
    }

    /// That there is another of its kind already.
    pub(super) fn twice(&self) -> PictureError {
        PictureError::damaged(Format::Png, &format_args!("it has two {} chunks", self.title()))
    }

    /// Of all of it, with what frames its body.
    pub(super) fn length(&self) -> usize {
        4 + 4 + self.body.len() + 4
    }

    /// The name, if it is one that can be printed.
    pub(super) fn title(&self) -> String {
        title(self.name)
    }
}

fn checksum(name: &[u8; 4], body: &[u8]) -> [u8; 4] {
    let mut crc = flate2::Crc::new();
    crc.update(name);
    crc.update(body);
    crc.sum().to_be_bytes()
}

/// A chunk's bytes.
pub(super) fn write(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32).to_be_bytes()[..], name, body, &checksum(name, body)].concat()
}

/// A chunk's name in a sentence: four letters, or else their numbers.
pub(super) fn title(name: [u8; 4]) -> String {
    match std::str::from_utf8(&name) {
        Ok(text) if name.iter().all(u8::is_ascii_alphabetic) => text.into(),
        _ => format!("{name:02x?}"),
    }
}

/// Walks the chunks up to and with the end chunk.
pub(super) struct Chunks<'a> {
    reader: Reader<'a>,
    done: bool,
}

impl<'a> Chunks<'a> {
    /// The chunks of a file that begins with the signature.
    pub(super) fn new(file: &'a [u8]) -> Chunks<'a> {
        let mut reader = Reader::new(file);
        let done = reader.take(SIGNATURE.len()).is_err();
        Chunks { reader, done }
    }

    /// Whether nothing is left of the file.
    pub(super) fn is_at_end(&self) -> bool {
        self.reader.rest().is_empty()
    }

    /// The name of the next chunk, whose body need not be there.
    pub(super) fn name(&self) -> Result<&'a [u8; 4], CutShort> {
        let mut ahead = self.reader;
        ahead.take(4)?;
        ahead.rest().first_chunk().ok_or(CutShort)
    }

    fn chunk(&mut self) -> Result<Chunk<'a>, CutShort> {
        let length = usize::try_from(u32::from_be_bytes(self.reader.array()?)).map_err(|_| CutShort)?;
        Ok(Chunk { name: self.reader.array()?, body: self.reader.take(length)?, checksum: self.reader.array()? })
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<Chunk<'a>, CutShort>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let chunk = self.chunk();
        self.done = chunk.as_ref().map_or(true, |chunk| chunk.name == *b"IEND");
        Some(chunk)
    }
}
