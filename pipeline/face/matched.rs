//! A match, `match.zkimg`: framed, versioned, bounded before it is decoded.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `zkimgmat` |
//! | 2 | version, 1 |
//! | 4 + … | the signed capture, as in `photo.capture` |
//! | 32 each | the photo's row commitments; their number follows from the capture |
//! | 32 | card digest of the model |
//! | 4 + … | the edits, canonical JSON |
//! | 32 | digest of the enrolled face's file |
//! | 1 | threshold of the cosine in hundredths, 1 to 99 |
//! | 4 + … | the argument |
//!
//! Numbers are little-endian. Nothing may follow.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::answer::photo::{Asked, Fault, block};
use crate::answer::{BadFile, Sort, Threshold};
use crate::recipe::Edits;
use zkimg_attest::SignedCapture;
use zkimg_graph::tensor::Dims;
use zkimg_picture::reader::Reader;

/// A match with all that is public about it. Parsed, not yet verified.
#[derive(Clone, Debug)]
pub struct MatchFile {
    pub(super) asked: Asked,
    pub(super) enrolled: [u8; 32],
    pub(super) threshold: Threshold,
    pub(super) proof: Vec<u8>,
}

impl MatchFile {
    /// What was signed of the photo.
    pub fn capture(&self) -> &SignedCapture {
        &self.asked.photo.capture
    }

    /// Digest of the model's card.
    pub fn card(&self) -> &[u8; 32] {
        &self.asked.card
    }

    /// What was done to the photo before the network read it.
    pub fn edits(&self) -> &Edits {
        &self.asked.edits
    }

    /// The shape of the picture that the network read.
    pub fn picture(&self) -> Dims {
        self.asked.edits.output()
    }

    /// Digest of the enrolled face's file.
    pub fn enrolled(&self) -> &[u8; 32] {
        &self.enrolled
    }

    /// What the cosine is said to be at least.
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// Length of the argument, in bytes.
    pub fn proof_bytes(&self) -> usize {
        self.proof.len()
    }

    /// Length of the photo's row commitments, in bytes.
    pub fn commitment_bytes(&self) -> usize {
        self.asked.photo.commitment_bytes()
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Sort::Match.begin();
        self.asked.write(&mut bytes);
        bytes.extend(self.enrolled);
        bytes.push(self.threshold.hundredths());
        block(&mut bytes, &self.proof);
        bytes
    }

    /// Reads the signed capture at the beginning of a file, of which nothing else is looked at: whether more is may depend on that.
    ///
    /// # Errors
    /// If it is no match, or the capture cannot be read.
    pub fn capture_of(bytes: &[u8]) -> Result<SignedCapture, BadFile> {
        Sort::Match.capture_of(bytes)
    }

    /// Reads a file's bytes; every byte must belong to it and have its one form.
    ///
    /// # Errors
    /// If it is no match that this version reads. Nothing is laid out that is larger than the file.
    pub fn from_bytes(bytes: &[u8]) -> Result<MatchFile, BadFile> {
        let mut r = Reader::new(bytes);
        let mut read = || {
            Sort::Match.begun(&mut r)?;
            let asked = Asked::read(&mut r)?;
            let enrolled = r.array()?;
            let threshold = Threshold::new(r.u8()?).ok_or(Fault::Invalid("threshold"))?;
            let proof = r.block()?.to_vec();
            if r.is_empty() { Ok(MatchFile { asked, enrolled, threshold, proof }) } else { Err(Fault::TooLong) }
        };
        read().map_err(|fault| Sort::Match.refuse(fault))
    }
}
