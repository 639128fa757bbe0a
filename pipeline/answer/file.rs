//! The answer file `answer.zkimg`: framed, versioned, bounded before it is decoded.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `zkimgans` |
//! | 2 | version, 2 |
//! | 1 | source: 0 a signed photo that is hidden, 1 a picture that everybody has |
//! | 4 + … | *a photo:* the signed capture, as in `photo.capture` |
//! | 32 each | *a photo:* its row commitments; their number follows from the capture |
//! | 4 + 4 + 1 + 32 | *a picture:* width, height, channels, digest of its pixels |
//! | 32 | card digest of the model |
//! | 4 + … | the edits, canonical JSON |
//! | 1 + … | shown: 0, a length (4) and the scores, one byte each; 1 and the class (4); or 2, a number (1) and so many classes (4 each) |
//! | 4 + … | the argument |
//!
//! Numbers are little-endian. Nothing may follow.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::photo::{BadFile, Fault, Photo, Sort, block, edits};
use super::shown::Shown;
use crate::recipe::Edits;
use zkimg_attest::SignedCapture;
use zkimg_graph::tensor::Dims;
use zkimg_picture::reader::Reader;
use zkimg_picture::size::check_size;

/// An answer with all that is public about it. Parsed, not yet verified.
#[derive(Clone, Debug)]
pub struct AnswerFile {
    pub(super) source: Source,
    pub(super) card: [u8; 32],
    pub(super) edits: Edits,
    pub(super) shown: Shown,
    pub(super) proof: Vec<u8>,
}

/// What an answer is about.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A photo that stays hidden.
    Photo(Box<Photo>),
    /// A picture that everybody has.
    Picture {
        /// Its shape.
        dims: Dims,
        /// Of its shape and pixels.
        digest: [u8; 32],
    },
}

impl Source {
    fn read(r: &mut Reader<'_>) -> Result<Source, Fault> {
        match r.u8()? {
            0 => Ok(Source::Photo(Box::new(Photo::read(r)?))),
            1 => {
                const SHAPE: Fault = Fault::Invalid("size of the picture");
                let side = |r: &mut Reader<'_>| usize::try_from(r.u32()?).map_err(|_| SHAPE);
                let (width, height, channels) = (side(r)?, side(r)?, usize::from(r.u8()?));
                check_size(width, height).map_err(|_| SHAPE)?;
                let dims = Dims::new(channels, height, width).ok().filter(|dims| matches!(dims.channels, 1 | 3)).ok_or(SHAPE)?;
                Ok(Source::Picture { dims, digest: r.array()? })
            }
            _ => Err(Fault::Invalid("source")),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Source::Photo(photo) => {
                out.push(0);
                photo.write(out);
            }
            Source::Picture { dims, digest } => {
                out.push(1);
                out.extend((dims.width as u32).to_le_bytes());
                out.extend((dims.height as u32).to_le_bytes());
                out.push(dims.channels as u8);
                out.extend(digest);
            }
        }
    }

    fn dims(&self) -> Dims {
        match self {
            Source::Photo(photo) => photo.dims(),
            Source::Picture { dims, .. } => *dims,
        }
    }
}

impl AnswerFile {
    /// What was signed of the photo; none if the answer is about a picture that everybody has.
    pub fn capture(&self) -> Option<&SignedCapture> {
        match &self.source {
            Source::Photo(photo) => Some(&photo.capture),
            Source::Picture { .. } => None,
        }
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
        match &self.source {
            Source::Photo(photo) => photo.commitment_bytes(),
            Source::Picture { .. } => 0,
        }
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Sort::Answer.begin();
        self.source.write(&mut bytes);
        bytes.extend(self.card);
        block(&mut bytes, self.edits.canonical().as_bytes());
        self.shown.write(&mut bytes);
        block(&mut bytes, &self.proof);
        bytes
    }

    /// Reads the signed capture at the beginning of a file, if it has one, and nothing else of it: whether more is looked at may depend
    /// on that.
    ///
    /// # Errors
    /// If it is no answer, or the capture cannot be read.
    pub fn capture_of(bytes: &[u8]) -> Result<Option<SignedCapture>, BadFile> {
        let mut r = Reader::new(bytes);
        let mut read = || match Sort::Answer.begun(&mut r).and_then(|()| Ok(r.u8()?))? {
            0 => Ok(Some(SignedCapture::from_bytes(r.block()?)?)),
            1 => Ok(None),
            _ => Err(Fault::Invalid("source")),
        };
        read().map_err(|fault| Sort::Answer.refuse(fault))
    }

    /// Reads a file's bytes; every byte must belong to it and have its one form.
    ///
    /// # Errors
    /// If it is no answer that this version reads. Nothing is laid out that is larger than the file.
    pub fn from_bytes(bytes: &[u8]) -> Result<AnswerFile, BadFile> {
        let mut r = Reader::new(bytes);
        let mut read = || {
            Sort::Answer.begun(&mut r)?;
            let source = Source::read(&mut r)?;
            let card = r.array()?;
            let edits = edits(&mut r, source.dims())?;
            let shown = Shown::read(&mut r)?;
            let proof = r.block()?.to_vec();
            if r.is_empty() { Ok(AnswerFile { source, card, edits, shown, proof }) } else { Err(Fault::TooLong) }
        };
        read().map_err(|fault| Sort::Answer.refuse(fault))
    }
}
