//! Files whose digest is taken while they are read, so that it is of the very bytes that were checked.

use crate::describe::hex;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::fs::File;
use std::io::{Error, Read, copy, sink};
use std::rc::Rc;

/// A file that is being read. Clones read on where another stopped.
#[derive(Clone)]
pub(crate) struct Source(Rc<RefCell<Reading>>);

struct Reading {
    file: File,
    /// `None` if nobody will ask.
    digest: Option<Sha256>,
}

impl Source {
    /// A file at its beginning, and whether its digest is wanted.
    pub(crate) fn new(file: File, wanted: bool) -> Source {
        Source(Rc::new(RefCell::new(Reading { file, digest: wanted.then(Sha256::new) })))
    }

    /// Reads what is left of the file, if anything, and gives the SHA-256 of all of it; `None` if it was not wanted.
    pub(crate) fn sha256(mut self) -> Result<Option<String>, Error> {
        let wanted = self.0.borrow().digest.is_some();
        if wanted {
            copy(&mut self, &mut sink())?;
        }
        Ok(self.0.borrow_mut().digest.take().map(|digest| hex(&digest.finalize())))
    }
}

impl Read for Source {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, Error> {
        let Reading { file, digest } = &mut *self.0.borrow_mut();
        let read = file.read(bytes)?;
        if let (Some(digest), Some(bytes)) = (digest, bytes.get(..read)) {
            digest.update(bytes);
        }
        Ok(read)
    }
}
