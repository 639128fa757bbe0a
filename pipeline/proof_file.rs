//! The proof file `edited.zkimg`: framed, versioned, bounded before it is decoded.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `zkimgprf` |
//! | 2 | version, 1 |
//! | 2 | number of links, 1 |
//! | 4 + … | the signed capture, as in `photo.capture` |
//! | 4 + … | the edits, canonical JSON |
//! | 32 | digest of the published picture's shape and pixels |
//! | 32 each | the original's row commitments; their number follows from the capture |
//! | 4 + … | the proof |
//!
//! Numbers are little-endian. Nothing may follow.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::recipe::{Chain, Recipe, RecipeError};
use zkimg_attest::reader::{CutShort, Reader};
use zkimg_attest::{CaptureError, SignedCapture};
use zkimg_proof::field::{Affine, point_from_bytes, point_to_bytes};

const MAGIC: &[u8; 8] = b"zkimgprf";
const VERSION: u16 = 1;
/// The longest signed capture, edits and proof, in bytes.
const MAX_BLOCKS: [usize; 3] = [4096, 64 << 20, 16 << 20];

/// A file that is not a proof this version reads.
#[derive(Debug, thiserror::Error)]
pub enum BadProofFile {
    /// Another kind of file.
    #[error("this is not a zkimg proof file; give the .zkimg file that was published with the picture")]
    NotAProof,
    /// A later version.
    #[error("the proof file has version {0}, this program reads version {VERSION}; use a newer zkimg")]
    Version(u16),
    /// Several links, which a later version may read.
    #[error("the proof file is a chain of {0} links, this program reads single proofs; use a newer zkimg")]
    Links(u16),
    /// Bytes missing at the end.
    #[error("the proof file is cut short; download it again")]
    CutShort,
    /// Bytes left over at the end.
    #[error("the proof file has bytes after its end; download it again")]
    TooLong,
    /// A part longer than any honest one, or not in its one form.
    #[error("the proof file's {0} is not valid; download it again")]
    Invalid(&'static str),
    /// The capture inside.
    #[error("the proof file's capture cannot be read: {0}")]
    Capture(#[from] CaptureError),
    /// Edits that this version does not know or that do not fit the capture.
    #[error("the proof file's edits cannot be read: {0}")]
    Recipe(#[from] RecipeError),
}

impl From<CutShort> for BadProofFile {
    fn from(_: CutShort) -> BadProofFile {
        BadProofFile::CutShort
    }
}

/// A proof with all that is public about it. Parsed, not yet verified.
#[derive(Debug)]
pub struct ProofFile {
    pub(crate) capture: SignedCapture,
    pub(crate) chain: Chain,
    pub(crate) picture_digest: [u8; 32],
    pub(crate) rows: Vec<Affine>,
    pub(crate) proof: Vec<u8>,
}

impl ProofFile {
    /// What the camera signed.
    pub fn capture(&self) -> &SignedCapture {
        &self.capture
    }

    /// The edits, resolved for the capture's picture.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Digest of the published picture's shape and pixels.
    pub fn picture_digest(&self) -> &[u8; 32] {
        &self.picture_digest
    }

    /// Length of the row commitments and of the argument, in bytes.
    pub fn sizes(&self) -> (usize, usize) {
        (32 * self.rows.len(), self.proof.len())
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(1u16.to_le_bytes());
        let block = |bytes: &mut Vec<u8>, part: &[u8]| {
            bytes.extend((part.len() as u32).to_le_bytes());
            bytes.extend(part);
        };
        block(&mut bytes, &self.capture.to_bytes());
        block(&mut bytes, self.chain.canonical().as_bytes());
        bytes.extend(self.picture_digest);
        self.rows.iter().for_each(|row| bytes.extend(point_to_bytes(row)));
        block(&mut bytes, &self.proof);
        bytes
    }

    /// Reads a file; every byte must belong to it and have its one form.
    pub fn from_bytes(bytes: &[u8]) -> Result<ProofFile, BadProofFile> {
        let mut r = Reader::new(bytes);
        if r.array::<8>().ok().as_ref() != Some(MAGIC) {
            return Err(BadProofFile::NotAProof);
        }
        match r.u16()? {
            VERSION => {}
            version => return Err(BadProofFile::Version(version)),
        }
        match r.u16()? {
            1 => {}
            links => return Err(BadProofFile::Links(links)),
        }
        let [capture, edits, proof] = ["capture", "list of edits", "proof"];
        let capture = SignedCapture::from_bytes(block(&mut r, MAX_BLOCKS[0], capture)?)?;
        let text = block(&mut r, MAX_BLOCKS[1], edits)?;
        let text = std::str::from_utf8(text).map_err(|_| BadProofFile::Invalid(edits))?;
        let chain = Recipe::from_json(text)?.resolve(*capture.statement.dims())?;
        if chain.canonical() != text {
            return Err(BadProofFile::Invalid(edits));
        }
        let picture_digest = r.array()?;
        let count = capture.statement.layout().rows.len();
        if r.rest().len() / 32 < count {
            return Err(BadProofFile::CutShort);
        }
        let rows = (0..count)
            .map(|_| point_from_bytes(&r.array()?).map_err(|_| BadProofFile::Invalid("row commitments")))
            .collect::<Result<_, _>>()?;
        let proof = block(&mut r, MAX_BLOCKS[2], proof)?.to_vec();
        if !r.is_empty() {
            return Err(BadProofFile::TooLong);
        }
        Ok(ProofFile { capture, chain, picture_digest, rows, proof })
    }
}

fn block<'a>(r: &mut Reader<'a>, limit: usize, name: &'static str) -> Result<&'a [u8], BadProofFile> {
    let block = r.block()?;
    if block.len() > limit { Err(BadProofFile::Invalid(name)) } else { Ok(block) }
}
