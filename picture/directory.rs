//! The directories of a TIFF, which is also the form of an EXIF block (TIFF 6.0, section 2). Nothing is copied: what is read of a value is read
//! where it stands, when it is asked for.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::reader::{CutShort, Reader};

/// Kinds of values.
const BYTE: u16 = 1;
const TEXT: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIO: u16 = 5;

/// Bytes in this form.
#[derive(Clone, Copy)]
pub(crate) struct Tiff<'a> {
    bytes: &'a [u8],
    big_endian: bool,
    /// Where the first directory is.
    pub(crate) first: u32,
}

/// A directory.
#[derive(Clone, Copy)]
pub(crate) struct Directory<'a> {
    /// As many as are there.
    pub(crate) entries: &'a [[u8; 12]],
    /// Where the next directory is, 0 if there is none; `None` if the bytes end before they say it.
    pub(crate) next: Option<u32>,
}

/// What an entry has.
#[derive(Clone, Copy)]
pub(crate) struct Values<'a> {
    big_endian: bool,
    kind: u16,
    bytes: &'a [u8],
}

impl<'a> Tiff<'a> {
    /// Reads the head.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Tiff<'a>, CutShort> {
        let mut reader = Reader::new(bytes);
        let big_endian = match &reader.array()? {
            b"MM\0*" => true,
            b"II*\0" => false,
            _ => return Err(CutShort),
        };
        Ok(Tiff { bytes, big_endian, first: number(big_endian, &reader.array::<4>()?) })
    }

    /// The directory at this place.
    pub(crate) fn directory(&self, at: u32) -> Result<Directory<'a>, CutShort> {
        let at = usize::try_from(at).map_err(|_| CutShort)?;
        let mut reader = Reader::new(self.bytes.get(at..).ok_or(CutShort)?);
        let count = number(self.big_endian, &reader.array::<2>()?) as usize;
        let there = count.min(reader.rest().len() / 12);
        let (entries, _) = reader.take(12 * there)?.as_chunks::<12>();
        let next = if there == count { reader.array::<4>().ok() } else { None };
        Ok(Directory { entries, next: next.map(|next| number(self.big_endian, &next)) })
    }

    /// An entry's number.
    pub(crate) fn tag(&self, [a, b, ..]: &[u8; 12]) -> u16 {
        number(self.big_endian, &[*a, *b]) as u16
    }

    /// What an entry has. Of a kind that TIFF does not know nothing can be read.
    pub(crate) fn values(&self, entry: &'a [u8; 12]) -> Result<Values<'a>, CutShort> {
        let mut reader = Reader::new(entry);
        reader.take(2)?;
        let kind = number(self.big_endian, &reader.array::<2>()?) as u16;
        let width = match kind {
            BYTE | TEXT | 6 | 7 => 1,
            SHORT | 8 => 2,
            LONG | 9 | 11 => 4,
            RATIO | 10 | 12 => 8,
            _ => 0,
        };
        let count = usize::try_from(number(self.big_endian, &reader.array::<4>()?)).map_err(|_| CutShort)?;
        let length = count.checked_mul(width).ok_or(CutShort)?;
        // Up to four bytes stand in the entry itself.
        let bytes = if length <= 4 {
            reader.take(length)?
        } else {
            let at = usize::try_from(number(self.big_endian, &reader.array::<4>()?)).map_err(|_| CutShort)?;
            at.checked_add(length).and_then(|end| self.bytes.get(at..end)).ok_or(CutShort)?
        };
        Ok(Values { big_endian: self.big_endian, kind, bytes })
    }
}

impl<'a> Values<'a> {
    /// As they stand.
    pub(crate) fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Whether they are [numbers](Values::numbers).
    #[cfg(feature = "photos")]
    pub(crate) fn are_numbers(self) -> bool {
        matches!(self.kind, BYTE | SHORT | LONG)
    }

    /// Whole numbers of one, two or four bytes; none of another kind.
    pub(crate) fn numbers(self) -> impl Iterator<Item = u32> + 'a {
        let width = match self.kind {
            BYTE => Some(1),
            SHORT => Some(2),
            LONG => Some(4),
            _ => None,
        };
        width.into_iter().flat_map(move |width| self.bytes.chunks_exact(width)).map(move |bytes| number(self.big_endian, bytes))
    }

    /// The one number of two bytes that is there.
    pub(crate) fn one_short(self) -> Option<u16> {
        let [a, b] = self.bytes else { return None };
        (self.kind == SHORT).then(|| number(self.big_endian, &[*a, *b]) as u16)
    }

    /// Whether it is one number of four bytes.
    pub(crate) fn is_one_long(self) -> bool {
        self.kind == LONG && self.bytes.len() == 4
    }

    /// Texts, each of which ends with a 0.
    pub(crate) fn texts(self) -> Option<impl Iterator<Item = &'a [u8]>> {
        (self.kind == TEXT).then(|| self.bytes.strip_suffix(b"\0").unwrap_or(self.bytes).split(|byte| *byte == 0))
    }

    /// Numerators and denominators.
    pub(crate) fn ratios(self) -> Option<impl Iterator<Item = (u32, u32)> + 'a> {
        let (pairs, _) = self.bytes.as_chunks::<8>();
        let halves = move |[a, b, c, d, e, f, g, h]: &[u8; 8]| {
            (number(self.big_endian, &[*a, *b, *c, *d]), number(self.big_endian, &[*e, *f, *g, *h]))
        };
        (self.kind == RATIO).then(|| pairs.iter().map(halves))
    }
}

/// A number of up to four bytes.
fn number(big_endian: bool, bytes: &[u8]) -> u32 {
    let join = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
    if big_endian { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) }
}
