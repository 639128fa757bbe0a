//! The frame of files that hold a secret: which kind and version they are, and a checksum against damage, not against malice.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | which kind |
//! | 2 | version, little-endian |
//! | … | what the file holds |
//! | 32 | BLAKE2bp-256 of all the above |
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use blake2b_simd::blake2bp::Params;
use zeroize::Zeroizing;
use zkimg_picture::reader::{CutShort, Reader};

const HEAD: usize = 10;
const CHECKSUM: usize = 32;

/// One kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it begins with.
    pub magic: &'static [u8; 8],
    /// The version that is written and read.
    pub version: u16,
}

/// Why a file is not framed so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadFrame {
    /// Another kind of file.
    Kind,
    /// Another version.
    Version(u16),
    /// Bytes changed or missing.
    Damaged,
}

impl From<CutShort> for BadFrame {
    fn from(_: CutShort) -> BadFrame {
        BadFrame::Damaged
    }
}

impl Frame {
    /// The beginning of a file that is to hold `length` bytes. Room for all is reserved at once: a Vec that grows leaves copies of the
    /// secret behind.
    pub fn begin(&self, length: usize) -> Zeroizing<Vec<u8>> {
        let mut file = Zeroizing::new(Vec::with_capacity(HEAD + length + CHECKSUM));
        file.extend_from_slice(self.magic);
        file.extend_from_slice(&self.version.to_le_bytes());
        file
    }

    /// The file, once all it holds stands behind its beginning.
    pub fn finish(mut file: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
        let sum = checksum(&file);
        file.extend_from_slice(&sum);
        file
    }

    /// What a file of this kind holds.
    ///
    /// # Errors
    /// If it is of another kind or version, or its checksum is wrong.
    pub fn open<'a>(&self, file: &'a [u8]) -> Result<Reader<'a>, BadFrame> {
        let mut head = Reader::new(file);
        if head.array::<8>().as_ref() != Ok(self.magic) {
            return Err(BadFrame::Kind);
        }
        let version = head.u16()?;
        if version != self.version {
            return Err(BadFrame::Version(version));
        }
        let (body, sum) = file.split_last_chunk::<CHECKSUM>().ok_or(BadFrame::Damaged)?;
        if checksum(body) != *sum {
            return Err(BadFrame::Damaged);
        }
        let mut held = Reader::new(body);
        held.take(HEAD)?;
        Ok(held)
    }
}

fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(Params::new().hash_length(CHECKSUM).hash(body).as_bytes());
    sum
}
