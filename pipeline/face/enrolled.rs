//! What everybody may know of an enrolled face: `NAME.enrolled`.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `zkimgenr` |
//! | 2 | version, 1 |
//! | 4 + … | the signed capture, as in `photo.capture` |
//! | 32 each | the photo's row commitments; their number follows from the capture |
//! | 32 | card digest of the model |
//! | 4 + … | the edits, canonical JSON |
//! | 32 | root of the template's rows, which stand in the argument |
//! | 4 + … | the argument |
//! | 1 or 1 + 33 + 64 | who enrolled, if they say so (`pipeline/answer/seal.rs`) |
//!
//! Numbers are little-endian. Nothing may follow. The file's digest, Blake2b-256 (personal `zkimg-enrol-v1`) of everything but the
//! signature, is what a match names.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::answer::photo::{Asked, Fault, block};
use crate::answer::seal::{BadSeal, ENROLMENT, Seal};
use crate::answer::{BadFile, Sort};
use crate::recipe::Edits;
use crate::trust::{Signer, Trust};
use zkimg_attest::SignedCapture;
use zkimg_graph::tensor::Dims;
use zkimg_picture::reader::Reader;

/// An enrolled face with all that is public about it. Parsed, not yet verified.
#[derive(Clone, Debug)]
pub struct Enrolled {
    pub(super) asked: Asked,
    pub(super) template: [u8; 32],
    pub(super) proof: Vec<u8>,
    pub(super) seal: Seal,
}

impl From<BadSeal> for Fault {
    fn from(_: BadSeal) -> Fault {
        Fault::Invalid("signature at its end")
    }
}

impl Enrolled {
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

    /// Root of the commitment to the embedding.
    pub fn template(&self) -> &[u8; 32] {
        &self.template
    }

    /// Digest of the file but for the signature, by which matches name it.
    pub fn digest(&self) -> &[u8; 32] {
        &self.seal.digest
    }

    /// Whose key vouches for the enrolment, if one does: nothing but what the file says until it is verified.
    pub fn signer(&self, trust: &Trust) -> Option<Signer> {
        self.seal.signer(trust)
    }

    /// Length of the argument, in bytes.
    pub fn proof_bytes(&self) -> usize {
        self.proof.len()
    }

    /// Length of the photo's row commitments, in bytes.
    pub fn commitment_bytes(&self) -> usize {
        self.asked.photo.commitment_bytes()
    }

    /// The file up to who enrolled.
    pub(super) fn body(asked: &Asked, template: &[u8; 32], proof: &[u8]) -> Vec<u8> {
        let mut bytes = Sort::Enrolled.begin();
        asked.write(&mut bytes);
        bytes.extend(template);
        block(&mut bytes, proof);
        bytes
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Enrolled::body(&self.asked, &self.template, &self.proof);
        self.seal.write(&mut bytes);
        bytes
    }

    /// Reads the signed capture at the beginning of a file, of which nothing else is looked at: whether more is may depend on that.
    ///
    /// # Errors
    /// If it is no enrolled face, or the capture cannot be read.
    pub fn capture_of(bytes: &[u8]) -> Result<SignedCapture, BadFile> {
        Sort::Enrolled.capture_of(bytes)
    }

    /// Reads a file's bytes; every byte must belong to it and have its one form.
    ///
    /// # Errors
    /// If it is no enrolled face that this version reads. Nothing is laid out that is larger than the file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Enrolled, BadFile> {
        let mut r = Reader::new(bytes);
        let mut read = || {
            Sort::Enrolled.begun(&mut r)?;
            let asked = Asked::read(&mut r)?;
            let template = r.array()?;
            let proof = r.block()?.to_vec();
            let seal = ENROLMENT.read(bytes, &mut r)?;
            if r.is_empty() { Ok(Enrolled { asked, template, proof, seal }) } else { Err(Fault::TooLong) }
        };
        read().map_err(|fault| Sort::Enrolled.refuse(fault))
    }
}
