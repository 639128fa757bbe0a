//! Files whose digest is taken while they are read, so that it is of the very bytes that were checked.

use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::fmt::{self, Debug, Formatter};
use std::io::{Cursor, Error, Read, copy, sink};
use std::rc::Rc;

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file that is being read. Clones read on where another stopped.
#[derive(Clone)]
pub struct Source(Rc<RefCell<Reading>>);

struct Reading {
    from: Box<dyn Read>,
    /// `None` if nobody will ask.
    digest: Option<Sha256>,
    /// What was read to see how it begins, and is still to be given.
    ahead: Vec<u8>,
}

impl Source {
    /// A file at its beginning, and whether its digest is wanted.
    pub fn new(file: Box<dyn Read>, wanted: bool) -> Source {
        Source(Rc::new(RefCell::new(Reading { from: file, digest: wanted.then(Sha256::new), ahead: Vec::new() })))
    }

    /// Whether it begins so. It is still to be read from there.
    pub fn begins_with(&self, magic: &[u8]) -> Result<bool, Error> {
        let Reading { from, ahead, .. } = &mut *self.0.borrow_mut();
        let missing = magic.len().saturating_sub(ahead.len());
        from.take(missing as u64).read_to_end(ahead)?;
        Ok(ahead.starts_with(magic))
    }

    /// Bytes in memory, whose digest is wanted.
    pub fn of_bytes(bytes: Vec<u8>) -> Source {
        Source::new(Box::new(Cursor::new(bytes)), true)
    }

    /// Reads what is left of the file, if anything, and gives the SHA-256 of all of it; `None` if it was not wanted.
    pub fn sha256(mut self) -> Result<Option<String>, Error> {
        let wanted = self.0.borrow().digest.is_some();
        if wanted {
            copy(&mut self, &mut sink())?;
        }
        Ok(self.0.borrow_mut().digest.take().map(|digest| hex(&digest.finalize())))
    }
}

/// Of strangers' bytes nothing is printed.
impl Debug for Source {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").finish_non_exhaustive()
    }
}

impl Read for Source {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, Error> {
        let Reading { from, digest, ahead } = &mut *self.0.borrow_mut();
        let read = if ahead.is_empty() { from.read(bytes)? } else { ahead.as_slice().read(bytes)? };
        ahead.drain(..read.min(ahead.len()));
        if let (Some(digest), Some(bytes)) = (digest, bytes.get(..read)) {
            digest.update(bytes);
        }
        Ok(read)
    }
}
