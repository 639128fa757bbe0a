//! A reader of FlatBuffers, as far as TFLite files need it.
//!
//! The format: <https://flatbuffers.dev/internals>. Everything is an offset into one file; every read is checked against its end, and
//! nothing is allocated that the file does not hold. A hostile file may let many offsets lead to one place: callers bound what they make
//! of it.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

/// A file that is not what it should be: where, and what is wrong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("damaged at byte {at}: {what}")]
pub struct Damage {
    /// Where.
    pub at: usize,
    /// What.
    pub what: &'static str,
}

/// A number as the file has it, little-endian.
pub(super) trait Number: Sized {
    /// Its bytes.
    const SIZE: usize;
    /// From so many bytes.
    fn read(bytes: &[u8]) -> Option<Self>;
}

macro_rules! number {
    ($($number:ty)*) => {
        $(impl Number for $number {
            const SIZE: usize = size_of::<$number>();
            fn read(bytes: &[u8]) -> Option<$number> {
                Some(<$number>::from_le_bytes(bytes.try_into().ok()?))
            }
        })*
    };
}
number!(u8 i8 u16 i32 u32 i64 f32);

/// A whole file.
#[derive(Clone, Copy, Debug)]
pub(super) struct File<'a>(&'a [u8]);

impl<'a> File<'a> {
    /// A file with this identifier, and its root table.
    pub(super) fn root(bytes: &'a [u8], identifier: &[u8; 4]) -> Result<Table<'a>, Damage> {
        let file = File(bytes);
        if bytes.get(4..8) != Some(identifier) {
            return Err(Damage { at: 4, what: "the identifier is another one" });
        }
        file.table(file.follow(0)?)
    }

    fn get<N: Number>(&self, at: usize) -> Result<N, Damage> {
        let bytes = at.checked_add(N::SIZE).and_then(|end| self.0.get(at..end));
        bytes.and_then(N::read).ok_or(Damage { at, what: "the file ends here" })
    }

    /// Where the offset that stands at a place leads.
    fn follow(&self, at: usize) -> Result<usize, Damage> {
        let target = at.checked_add(self.get::<u32>(at)? as usize);
        target.filter(|target| *target < self.0.len()).ok_or(Damage { at, what: "an offset leads out of the file" })
    }

    fn table(&self, at: usize) -> Result<Table<'a>, Damage> {
        let outside = Damage { at, what: "a table's list of fields lies outside the file" };
        let back = i64::from(self.get::<i32>(at)?);
        let fields = i64::try_from(at).ok().and_then(|at| usize::try_from(at - back).ok()).ok_or(outside)?;
        let size = usize::from(self.get::<u16>(fields)?);
        let end = fields.checked_add(size).filter(|end| size >= 4 && *end <= self.0.len()).ok_or(outside)?;
        Ok(Table { file: *self, at, fields: fields + 4..end })
    }

    fn vector(&self, at: usize, size: usize) -> Result<(usize, usize), Damage> {
        let start = self.follow(at)?;
        let count = self.get::<u32>(start)? as usize;
        let first = start + 4;
        let end = count.checked_mul(size).and_then(|bytes| first.checked_add(bytes));
        end.filter(|end| *end <= self.0.len()).map(|_| (first, count)).ok_or(Damage { at: start, what: "a list ends beyond the file" })
    }
}

/// A table: fields by their number, any of which may be missing.
#[derive(Clone, Debug)]
pub(super) struct Table<'a> {
    file: File<'a>,
    at: usize,
    fields: std::ops::Range<usize>,
}

impl<'a> Table<'a> {
    /// Where it stands in the file.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn field(&self, number: usize) -> Result<Option<usize>, Damage> {
        let slot = self.fields.start + 2 * number;
        if slot + 2 > self.fields.end {
            return Ok(None);
        }
        Ok(match self.file.get::<u16>(slot)? {
            0 => None,
            offset => Some(self.at + usize::from(offset)),
        })
    }

    /// A number, or what it is when it is missing.
    pub(super) fn number<N: Number>(&self, field: usize, default: N) -> Result<N, Damage> {
        self.field(field)?.map_or(Ok(default), |at| self.file.get(at))
    }

    /// A table.
    pub(super) fn table(&self, field: usize) -> Result<Option<Table<'a>>, Damage> {
        self.field(field)?.map(|at| self.file.table(self.file.follow(at)?)).transpose()
    }

    /// A list of numbers, none if it is missing; at most `most`.
    pub(super) fn numbers<N: Number>(&self, field: usize, most: usize) -> Result<Vec<N>, Damage> {
        let Some(at) = self.field(field)? else { return Ok(Vec::new()) };
        let (first, count) = self.file.vector(at, N::SIZE)?;
        if count > most {
            return Err(Damage { at: first, what: "a list is too long" });
        }
        (0..count).map(|i| self.file.get(first + i * N::SIZE)).collect()
    }

    /// A list of bytes, none if it is missing.
    pub(super) fn bytes(&self, field: usize) -> Result<&'a [u8], Damage> {
        let Some(at) = self.field(field)? else { return Ok(&[]) };
        let (first, count) = self.file.vector(at, 1)?;
        self.file.0.get(first..).and_then(|rest| rest.get(..count)).ok_or(Damage { at: first, what: "a list goes on beyond the file" })
    }

    /// A list of tables, none if it is missing; at most `most`.
    pub(super) fn tables(&self, field: usize, most: usize) -> Result<Vec<Table<'a>>, Damage> {
        let Some(at) = self.field(field)? else { return Ok(Vec::new()) };
        let (first, count) = self.file.vector(at, 4)?;
        if count > most {
            return Err(Damage { at: first, what: "a list is too long" });
        }
        (0..count).map(|i| self.file.table(self.file.follow(first + 4 * i)?)).collect()
    }
}
