//! The answer file `answer.zkimg`: framed, versioned, bounded before it is decoded.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `zkimgans` |
//! | 2 | version, 3 |
//! | 1 | source: 0 signed photos that are hidden, 1 a picture that everybody has |
//! | 1 | *photos:* how many, 1 to 16 |
//! | 4 + … | *each photo:* the signed capture, as in `photo.capture` |
//! | 32 each | *each photo:* its row commitments; their number follows from the capture |
//! | 4 + 4 + 1 + 32 | *a picture:* width, height, channels, digest of its pixels |
//! | 32 | card digest of the model |
//! | 4 + … | *each photo, or the picture:* the edits, canonical JSON |
//! | 1 + … | *each photo, or the picture:* shown: 0, a length (4) and the scores, one byte each; 1 and the class (4); or 2, a number (1) and so many classes (4 each) |
//! | 4 + … | the argument |
//!
//! Numbers are little-endian. Nothing may follow.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::photo::{BadFile, Fault, Photo, Sort, block, edits};
use super::shown::Shown;
use crate::recipe::Edits;
use zkimg_attest::SignedCapture;
use zkimg_graph::step::Budget;
use zkimg_graph::tensor::Dims;
use zkimg_picture::reader::Reader;
use zkimg_picture::size::check_size;

/// The most photos that one answer is about.
pub const MAX_PHOTOS: usize = 16;

/// An answer with all that is public about it. Parsed, not yet verified.
#[derive(Clone, Debug)]
pub struct AnswerFile {
    pub(super) source: Source,
    pub(super) card: [u8; 32],
    /// About each photo, or about the picture.
    pub(super) answers: Vec<Answer>,
    pub(super) proof: Vec<u8>,
}

/// What is said of one picture.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) edits: Edits,
    pub(super) shown: Shown,
}

impl Answer {
    /// What was done to the picture before the network read it.
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
}

/// What an answer is about.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// Photos that stay hidden.
    Photos(Vec<Photo>),
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
            0 => Ok(Source::Photos((0..count(r)?).map(|_| Photo::read(r)).collect::<Result<_, _>>()?)),
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
            Source::Photos(photos) => {
                out.extend([0, photos.len() as u8]);
                photos.iter().for_each(|photo| photo.write(out));
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

    /// The photos, of which a picture that everybody has is none.
    pub(super) fn photos(&self) -> &[Photo] {
        match self {
            Source::Photos(photos) => photos,
            Source::Picture { .. } => &[],
        }
    }

    /// The shape of each photo, or of the picture.
    fn dims(&self) -> Vec<Dims> {
        match self {
            Source::Photos(photos) => photos.iter().map(Photo::dims).collect(),
            Source::Picture { dims, .. } => vec![*dims],
        }
    }
}

/// Reads how many photos there are.
fn count(r: &mut Reader<'_>) -> Result<usize, Fault> {
    let count = usize::from(r.u8()?);
    if (1..=MAX_PHOTOS).contains(&count) { Ok(count) } else { Err(Fault::Invalid("number of photos")) }
}

impl AnswerFile {
    /// What was signed of each photo, in order; nothing if the answer is about a picture that everybody has.
    pub fn captures(&self) -> impl ExactSizeIterator<Item = &SignedCapture> {
        self.source.photos().iter().map(|photo| &photo.capture)
    }

    /// Digest of the model's card.
    pub fn card(&self) -> &[u8; 32] {
        &self.card
    }

    /// What is said of each photo, in order, or of the picture.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Length of the argument, in bytes.
    pub fn proof_bytes(&self) -> usize {
        self.proof.len()
    }

    /// Length of all photos' row commitments, in bytes.
    pub fn commitment_bytes(&self) -> usize {
        self.source.photos().iter().map(Photo::commitment_bytes).sum()
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Sort::Answer.begin();
        self.source.write(&mut bytes);
        bytes.extend(self.card);
        for Answer { edits, shown } in &self.answers {
            block(&mut bytes, edits.canonical().as_bytes());
            shown.write(&mut bytes);
        }
        block(&mut bytes, &self.proof);
        bytes
    }

    /// Reads the signed captures at the beginning of a file, if it has any, and nothing else of it: whether more is looked at may depend
    /// on them.
    ///
    /// # Errors
    /// If it is no answer, or a capture cannot be read.
    pub fn captures_of(bytes: &[u8]) -> Result<Vec<SignedCapture>, BadFile> {
        let mut r = Reader::new(bytes);
        let mut read = || match Sort::Answer.begun(&mut r).and_then(|()| Ok(r.u8()?))? {
            0 => (0..count(&mut r)?).map(|_| Photo::capture(&mut r)).collect(),
            1 => Ok(Vec::new()),
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
            let (mut answers, mut together) = (Vec::new(), Budget::together());
            for dims in source.dims() {
                let edits = edits(&mut r, dims)?;
                together.take_chain(edits.budget())?;
                answers.push(Answer { edits, shown: Shown::read(&mut r)? });
            }
            let proof = r.block()?.to_vec();
            if r.is_empty() { Ok(AnswerFile { source, card, answers, proof }) } else { Err(Fault::TooLong) }
        };
        read().map_err(|fault| Sort::Answer.refuse(fault))
    }
}
