//! The first directory of a TIFF (TIFF 6.0, section 2).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::directory::{Tiff, Values};
use crate::reader::CutShort;

/// More entries than any picture has.
const MAX_ENTRIES: usize = 1 << 10;

/// A directory: what it says of its picture.
#[derive(Clone, Copy)]
pub(super) struct Directory<'a> {
    tiff: Tiff<'a>,
    entries: &'a [[u8; 12]],
    /// Where the next directory is; 0 if there is none.
    pub(super) next: u32,
}

impl<'a> Directory<'a> {
    /// Reads the first directory of a file that begins as a TIFF does.
    pub(super) fn first(file: &'a [u8]) -> Result<Directory<'a>, CutShort> {
        let tiff = Tiff::read(file)?;
        let directory = tiff.directory(tiff.first)?;
        let next = directory.next.filter(|_| directory.entries.len() <= MAX_ENTRIES).ok_or(CutShort)?;
        Ok(Directory { tiff, entries: directory.entries, next })
    }

    /// Whether each entry has a greater number than the one before it, as the standard has it. Of two with one number, readers differ in which
    /// they take.
    pub(super) fn is_ascending(&self) -> bool {
        self.entries.is_sorted_by(|a, b| self.tiff.tag(a) < self.tiff.tag(b))
    }

    /// What an entry has; `None` if it is not there.
    pub(super) fn values(&self, tag: u16) -> Result<Option<Values<'a>>, CutShort> {
        self.entries.iter().find(|entry| self.tiff.tag(entry) == tag).map(|entry| self.tiff.values(entry)).transpose()
    }

    /// Whether there is such an entry.
    pub(super) fn has(&self, tag: u16) -> bool {
        self.entries.iter().any(|entry| self.tiff.tag(entry) == tag)
    }

    /// The numbers that an entry has.
    pub(super) fn numbers(&self, tag: u16) -> Result<Option<impl Iterator<Item = u32> + use<'a>>, CutShort> {
        match self.values(tag)? {
            Some(values) if !values.are_numbers() => Err(CutShort),
            values => Ok(values.map(Values::numbers)),
        }
    }

    /// The one number that an entry has.
    pub(super) fn one(&self, tag: u16) -> Result<Option<u32>, CutShort> {
        let Some(mut numbers) = self.numbers(tag)? else { return Ok(None) };
        match (numbers.next(), numbers.next()) {
            (Some(number), None) => Ok(Some(number)),
            _ => Err(CutShort),
        }
    }
}
