//! The answer file `answer.zkimg`: framed, versioned, bounded before it is decoded.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `zkimgans` |
//! | 2 | version, 1 |
//! | 4 + … | the signed capture, as in `photo.capture` |
//! | 32 each | the photo's row commitments; their number follows from the capture |
//! | 32 | card digest of the model |
//! | 4 + … | the edits, canonical JSON |
//! | 1, then 4 + … or 4 | shown: 0 and the scores, one byte each, or 1 and the class |
//! | 4 + … | the argument |
//!
//! Numbers are little-endian. Nothing may follow.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::statement::Shown;
use crate::recipe::{Edits, Recipe, RecipeError, most_bytes};
use zkimg_attest::{CaptureError, SignedCapture};
use zkimg_graph::tensor::Dims;
use zkimg_group::field::{Affine, point_from_bytes, point_to_bytes};
use zkimg_picture::reader::{CutShort, Reader};
use zkimg_proof::commitment::Layout;

const MAGIC: &[u8; 8] = b"zkimgans";
const VERSION: u16 = 1;

/// A file that is not an answer this version reads.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadAnswerFile {
    /// Another kind of file.
    #[error("this is not the answer of a model; give the .zkimg file that `zkimg infer` wrote")]
    NotAnAnswer,
    /// Another version.
    #[error("the answer has version {0}, this program reads version {VERSION}; use the zkimg that reads it")]
    Version(u16),
    /// Bytes missing at the end.
    #[error("the answer is cut short; download it again")]
    CutShort,
    /// Bytes left over at the end.
    #[error("the answer has bytes after its end; download it again")]
    TooLong,
    /// A part longer than any honest one, or not in its one form.
    #[error("the answer's {0} is not valid; download it again")]
    Invalid(&'static str),
    /// The capture inside.
    #[error("the answer's capture cannot be read: {0}")]
    Capture(#[from] CaptureError),
    /// Edits that this version does not know or that do not fit the photo.
    #[error("the answer's edits cannot be read: {0}")]
    Recipe(#[from] RecipeError),
}

impl From<CutShort> for BadAnswerFile {
    fn from(_: CutShort) -> BadAnswerFile {
        BadAnswerFile::CutShort
    }
}

/// An answer with all that is public about it. Parsed, not yet verified.
#[derive(Clone, Debug)]
pub struct AnswerFile {
    pub(super) capture: SignedCapture,
    pub(super) rows: Vec<Affine>,
    pub(super) card: [u8; 32],
    pub(super) edits: Edits,
    pub(super) shown: Shown,
    pub(super) proof: Vec<u8>,
}

impl AnswerFile {
    /// What the camera signed.
    pub fn capture(&self) -> &SignedCapture {
        &self.capture
    }

    /// Digest of the model's card.
    pub fn card(&self) -> &[u8; 32] {
        &self.card
    }

    /// What was done to the photo before the network read it.
    pub fn edits(&self) -> &Edits {
        &self.edits
    }

    /// What is said that the network made of it.
    pub fn shown(&self) -> &Shown {
        &self.shown
    }

    /// The shape of the picture that the network read.
    pub fn picture(&self) -> Dims {
        self.edits.output()
    }

    /// Length of the argument, in bytes.
    pub fn proof_bytes(&self) -> usize {
        self.proof.len()
    }

    /// Length of the photo's row commitments, in bytes.
    pub fn commitment_bytes(&self) -> usize {
        32 * self.rows.len()
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        let block = |bytes: &mut Vec<u8>, part: &[u8]| {
            bytes.extend((part.len() as u32).to_le_bytes());
            bytes.extend(part);
        };
        block(&mut bytes, &self.capture.to_bytes());
        self.rows.iter().for_each(|row| bytes.extend(point_to_bytes(row)));
        bytes.extend(self.card);
        block(&mut bytes, self.edits.canonical().as_bytes());
        match &self.shown {
            Shown::Scores(scores) => {
                bytes.push(0);
                block(&mut bytes, scores);
            }
            Shown::Class(class) => {
                bytes.push(1);
                bytes.extend(class.to_le_bytes());
            }
        }
        block(&mut bytes, &self.proof);
        bytes
    }

    /// Reads the signed capture at the beginning of a file, of which nothing else is looked at: whether more is may depend on that.
    ///
    /// # Errors
    /// If it is no answer, or none with a capture.
    pub fn capture_of(bytes: &[u8]) -> Result<SignedCapture, BadAnswerFile> {
        head(&mut Reader::new(bytes))
    }

    /// Reads a file's bytes; every byte must belong to it and have its one form.
    ///
    /// # Errors
    /// If it is no answer that this version reads. Nothing is laid out that is larger than the file.
    pub fn from_bytes(bytes: &[u8]) -> Result<AnswerFile, BadAnswerFile> {
        let mut r = Reader::new(bytes);
        let capture = head(&mut r)?;
        let (dims, m) = (*capture.statement.dims(), capture.statement.m());
        let count = Layout::count(dims, m);
        if count > r.rest().len() / 32 {
            return Err(BadAnswerFile::CutShort);
        }
        let row = |_| point_from_bytes(&r.array()?).map_err(|_| BadAnswerFile::Invalid("list of row commitments"));
        let rows = (0..count).map(row).collect::<Result<_, _>>()?;
        let card = r.array()?;
        let edits = edits(r.block()?, dims)?;
        let shown = match r.u8()? {
            0 => Shown::Scores(r.block()?.to_vec()),
            1 => Shown::Class(r.u32()?),
            _ => return Err(BadAnswerFile::Invalid("kind of answer")),
        };
        let proof = r.block()?.to_vec();
        if r.is_empty() { Ok(AnswerFile { capture, rows, card, edits, shown, proof }) } else { Err(BadAnswerFile::TooLong) }
    }
}

fn head(r: &mut Reader<'_>) -> Result<SignedCapture, BadAnswerFile> {
    if r.array::<8>().as_ref() != Ok(MAGIC) {
        return Err(BadAnswerFile::NotAnAnswer);
    }
    match r.u16()? {
        VERSION => {}
        version => return Err(BadAnswerFile::Version(version)),
    }
    Ok(SignedCapture::from_bytes(r.block()?)?)
}

fn edits(text: &[u8], input: Dims) -> Result<Edits, BadAnswerFile> {
    const EDITS: BadAnswerFile = BadAnswerFile::Invalid("list of edits");
    let text = std::str::from_utf8(text).map_err(|_| EDITS)?;
    if text.len() > most_bytes(input) {
        return Err(EDITS);
    }
    let edits = Recipe::from_json(text)?.fix(input)?;
    if edits.canonical() == text { Ok(edits) } else { Err(EDITS) }
}
