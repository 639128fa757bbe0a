//! The first directory of a TIFF (TIFF 6.0, section 2).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::reader::{CutShort, Reader};

/// More entries than any picture has.
const MAX_ENTRIES: usize = 1 << 10;

/// A directory: what it says of its picture.
#[derive(Clone, Copy)]
pub(super) struct Directory<'a> {
    file: &'a [u8],
    big_endian: bool,
    /// Twelve bytes each.
    entries: &'a [[u8; 12]],
    /// Where the next directory is; 0 if there is none.
    pub(super) next: u32,
}

/// What an entry has: numbers of one, two or four bytes, or bytes.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    big_endian: bool,
    /// Bytes of each.
    width: usize,
    bytes: &'a [u8],
}

impl<'a> Directory<'a> {
    /// Reads the first directory of a file that begins as a TIFF does.
    pub(super) fn first(file: &'a [u8]) -> Result<Directory<'a>, CutShort> {
        let mut directory = Directory { file, big_endian: file.starts_with(b"MM"), entries: &[], next: 0 };
        let mut reader = Reader::new(file);
        reader.take(4)?;
        let at = usize::try_from(directory.number(&reader.array::<4>()?)).map_err(|_| CutShort)?;
        let mut reader = Reader::new(file.get(at..).ok_or(CutShort)?);
        let count = directory.number(&reader.array::<2>()?) as usize;
        if count > MAX_ENTRIES {
            return Err(CutShort);
        }
        (directory.entries, _) = reader.take(12 * count)?.as_chunks::<12>();
        directory.next = directory.number(&reader.array::<4>()?);
        Ok(directory)
    }

    fn number(&self, bytes: &[u8]) -> u32 {
        number(self.big_endian, bytes)
    }

    /// What an entry has; `None` if it is not there. Of two with one number, readers differ in which they take.
    pub(super) fn values(&self, tag: u16) -> Result<Option<Values<'a>>, CutShort> {
        let mut entries = self.entries.iter().filter(|[a, b, ..]| self.number(&[*a, *b]) == u32::from(tag));
        let (Some(entry), None) = (entries.next(), entries.next()) else {
            return if self.has(tag) { Err(CutShort) } else { Ok(None) };
        };
        let mut reader = Reader::new(entry);
        reader.take(2)?;
        let width = match self.number(&reader.array::<2>()?) {
            // Bytes, text, anything.
            1 | 2 | 7 => 1,
            3 => 2,
            4 => 4,
            _ => return Err(CutShort),
        };
        let count = usize::try_from(self.number(&reader.array::<4>()?)).map_err(|_| CutShort)?;
        let length = count.checked_mul(width).ok_or(CutShort)?;
        // Up to four bytes stand in the entry itself.
        let bytes = if length <= 4 {
            reader.take(length)?
        } else {
            let at = usize::try_from(self.number(&reader.array::<4>()?)).map_err(|_| CutShort)?;
            at.checked_add(length).and_then(|end| self.file.get(at..end)).ok_or(CutShort)?
        };
        Ok(Some(Values { big_endian: self.big_endian, width, bytes }))
    }

    /// Whether there is such an entry.
    pub(super) fn has(&self, tag: u16) -> bool {
        self.entries.iter().any(|[a, b, ..]| self.number(&[*a, *b]) == u32::from(tag))
    }

    /// The one number that an entry has.
    pub(super) fn one(&self, tag: u16) -> Result<Option<u32>, CutShort> {
        let Some(values) = self.values(tag)? else { return Ok(None) };
        let mut numbers = values.numbers();
        match (numbers.next(), numbers.next()) {
            (Some(number), None) => Ok(Some(number)),
            _ => Err(CutShort),
        }
    }
}

impl<'a> Values<'a> {
    /// As numbers.
    pub(super) fn numbers(self) -> impl Iterator<Item = u32> + 'a {
        self.bytes.chunks_exact(self.width).map(move |bytes| number(self.big_endian, bytes))
    }

    /// As bytes.
    pub(super) fn bytes(self) -> &'a [u8] {
        self.bytes
    }
}

fn number(big_endian: bool, bytes: &[u8]) -> u32 {
    let join = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
    if big_endian { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) }
}
