//! Reading a file of a stranger piece by piece: no piece is read before the ones it depends on were found right.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::io::{Error, ErrorKind, Read};
use zkimg_picture::reader::CutShort;

/// What a file's bytes come from.
pub(crate) struct Stream<R> {
    source: R,
    /// Why reading stopped, if the file did not simply end.
    fault: Option<Error>,
}

impl<R: Read> Stream<R> {
    pub(crate) fn new(source: R) -> Stream<R> {
        Stream { source, fault: None }
    }

    /// The next `n` bytes. Memory is taken as they come, whatever `n` promises.
    pub(crate) fn take(&mut self, n: usize) -> Result<Vec<u8>, CutShort> {
        let mut bytes = Vec::with_capacity(n.min(1 << 16));
        match self.source.by_ref().take(n as u64).read_to_end(&mut bytes) {
            Ok(read) if read == n => Ok(bytes),
            Ok(_) => Err(CutShort),
            Err(fault) => {
                self.fault = Some(fault);
                Err(CutShort)
            }
        }
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], CutShort> {
        let mut bytes = [0; N];
        self.source.read_exact(&mut bytes).map_err(|fault| {
            if fault.kind() != ErrorKind::UnexpectedEof {
                self.fault = Some(fault);
            }
            CutShort
        })?;
        Ok(bytes)
    }

    /// The next two bytes, little-endian.
    pub(crate) fn u16(&mut self) -> Result<u16, CutShort> {
        self.array().map(u16::from_le_bytes)
    }

    /// A length of four bytes, and then so many; `None` if there would be more than `limit`.
    pub(crate) fn block(&mut self, limit: usize) -> Result<Option<Vec<u8>>, CutShort> {
        let length = usize::try_from(u32::from_le_bytes(self.array()?)).map_err(|_| CutShort)?;
        if length > limit { Ok(None) } else { self.take(length).map(Some) }
    }

    /// Whether nothing is left.
    pub(crate) fn ends(&mut self) -> bool {
        self.take(1).is_err() && self.fault.is_none()
    }

    /// Why reading stopped, if the file did not simply end.
    pub(crate) fn fault(&mut self) -> Option<Error> {
        self.fault.take()
    }
}
