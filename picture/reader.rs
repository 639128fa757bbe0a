//! Reading hostile bytes: every step is bounded by what is left.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

/// The bytes ended before what they announce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutShort;

/// A cursor over bytes that never reads past them.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A cursor at the first byte.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    /// The next `n` bytes.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], CutShort> {
        let (head, rest) = self.rest.split_at_checked(n).ok_or(CutShort)?;
        self.rest = rest;
        Ok(head)
    }

    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], CutShort> {
        let (head, rest) = self.rest.split_first_chunk::<N>().ok_or(CutShort)?;
        self.rest = rest;
        Ok(*head)
    }

    /// The next byte.
    pub fn u8(&mut self) -> Result<u8, CutShort> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    /// The next two bytes, little-endian.
    pub fn u16(&mut self) -> Result<u16, CutShort> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    /// The next four bytes, little-endian.
    pub fn u32(&mut self) -> Result<u32, CutShort> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// The next eight bytes, little-endian.
    pub fn u64(&mut self) -> Result<u64, CutShort> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// A length of four bytes, then that many bytes.
    pub fn block(&mut self) -> Result<&'a [u8], CutShort> {
        let length = usize::try_from(self.u32()?).map_err(|_| CutShort)?;
        self.take(length)
    }

    /// The bytes not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Whether every byte is read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}
