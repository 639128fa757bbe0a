//! The proof file `edited.zkimg`: framed, versioned, bounded before it is decoded.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `zkimgprf` |
//! | 2 | version, 6 |
//! | 2 | number of links, 1 to 64 |
//! | 4 + … | the signed capture, as in `photo.capture` |
//! | 32 each | the original's row commitments; their number follows from the capture |
//! | … | each link |
//!
//! | a link: bytes | what |
//! |---|---|
//! | 4 + … | the edits, canonical JSON |
//! | 4 to 613 | the maker: name, note, key ([`zkimg_attest::maker`]) |
//! | 0 or 64 | the maker's signature, if there is a key |
//! | 1, or 1 + 32 | output: 1 hidden, or 0 and the digest of the published picture's shape and pixels; only the last link may have 0 |
//! | 4 + … | the argument; it begins with the row commitments of a hidden output |
//!
//! A chain with one proof has version 7, up to 1000 links, and instead of an argument a link the following:
//!
//! | bytes | what |
//! |---|---|
//! | 32 each | after the original's row commitments: the same picture in rows of 2^16, if its own are shorter |
//! | 1 | *a link:* into how many steps its edits are cut, which follows from them |
//! | 32 + 32 each | *a step:* the digest of its hidden output's rows, and the challenges on which its weights depend; their number follows from the capture |
//! | 1, then 4 + … | after the last link: 0, and the proof |
//! | 1, then … | or 1, and what is handed on ([`zkimg_recursion::chain`]); its length follows from the capture |
//!
//! A file that shows fields of the photo's EXIF data has version 8 in place of 6, or 9 in place of 7, and behind the capture those fields
//! ([`crate::fields`]).
//!
//! Numbers are little-endian. Nothing may follow.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::begun::Begun;
#[cfg(feature = "prover")]
use crate::compact::Compact;
use crate::fields::{ShownField, ShownFields};
use crate::recipe::{Edits, RecipeError};
use crate::report::ProofForm;
use crate::statement::Shown;
use std::io::Read;
use zkimg_attest::{CaptureError, Maker, MakerError, MakerSignature, SignedCapture};
use zkimg_edits::jpeg::Jpeg;
use zkimg_graph::tensor::Dims;
use zkimg_group::field::{Affine, point_to_bytes};
use zkimg_picture::ProfileId;
use zkimg_picture::reader::CutShort;

/// The most links of a chain with a proof for each.
pub const MAX_LINKS: usize = 64;
/// The most links of a chain with one proof.
pub const MAX_COMPACT_LINKS: usize = 1000;

pub(crate) const MAGIC: &[u8; 8] = b"zkimgprf";
/// Of a chain with a proof for each link.
pub(crate) const VERSION: u16 = 6;
/// Of a chain with one proof.
pub(crate) const COMPACT: u16 = 7;
/// What is added where fields of the photo are shown.
pub(crate) const SHOWING: u16 = 2;
const NEWEST: u16 = COMPACT + SHOWING;

/// A file that is not a proof this version reads.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadProofFile {
    /// Another kind of file.
    #[error("this is not a zkimg proof file; give the .zkimg file that was published with the picture")]
    NotAProof,
    /// Another version.
    #[error("the proof file has version {0}, this program reads versions {VERSION} to {NEWEST}; use the zkimg that reads it")]
    Version(u16),
    /// One proof for a whole chain, where none can be checked.
    #[error("the proof file is one proof for a whole chain, which is not checked here; check it with the command `zkimg verify`")]
    Compact,
    /// No link, or too many.
    #[error("the proof file says it is a chain of {0} links, and a chain has 1 to {1}; get the original file")]
    Links(u16, usize),
    /// Bytes missing at the end.
    #[error("the proof file is cut short; download it again")]
    CutShort,
    /// The file cannot be read to its end.
    #[error("the proof file cannot be read: the system says \"{0}\"; copy it to another disk and try again")]
    Unreadable(std::io::Error),
    /// Bytes left over at the end.
    #[error("the proof file has bytes after its end; download it again")]
    TooLong,
    /// A part longer than any honest one, or not in its one form.
    #[error("the proof file's {0} is not valid; download it again")]
    Invalid(&'static str),
    /// Links that are allowed each, but not all together.
    #[error(
        "the boxes, filters and tables in the edits of all links together are more than this program checks; get the links as files of their own"
    )]
    TooMuch,
    /// A revealed picture before the end.
    #[error("link {0} of the proof file shows its picture although another link follows; get the original file")]
    RevealedInside(usize),
    /// The capture inside.
    #[error("the proof file's capture cannot be read: {0}")]
    Capture(#[from] CaptureError),
    /// Edits that this version does not know or that do not fit the picture before them.
    #[error("the proof file's edits cannot be read: {0}")]
    Recipe(#[from] RecipeError),
    /// A name, note, key or signature.
    #[error("the maker of a link of the proof file cannot be read: {0}")]
    Maker(#[from] MakerError),
}

impl From<CutShort> for BadProofFile {
    fn from(_: CutShort) -> BadProofFile {
        BadProofFile::CutShort
    }
}

/// One person's edits, who made them, and their proof.
#[derive(Clone, Debug)]
pub struct Link {
    pub(crate) edits: Edits,
    pub(crate) maker: Maker,
    pub(crate) signature: Option<MakerSignature>,
    pub(crate) shown: Shown,
    /// Empty where one proof is for the whole chain.
    pub(crate) proof: Vec<u8>,
}

impl Link {
    /// The edits, resolved for the picture before them.
    pub fn edits(&self) -> &Edits {
        &self.edits
    }

    /// Who made it, as far as they say.
    pub fn maker(&self) -> &Maker {
        &self.maker
    }

    /// Digest of the published picture's shape and pixels; `None` if the picture stays hidden.
    pub fn picture_digest(&self) -> Option<&[u8; 32]> {
        match &self.shown {
            Shown::Picture(digest) => Some(digest),
            Shown::Hidden => None,
        }
    }

    /// Length of its own proof, in bytes; it has none where one is for the whole chain.
    pub fn proof_bytes(&self) -> usize {
        self.proof.len()
    }
}

/// A chain of proofs with all that is public about it. Parsed, not yet verified.
#[derive(Clone, Debug)]
pub struct ProofFile {
    pub(crate) capture: SignedCapture,
    /// What is shown of the photo's EXIF data.
    pub(crate) fields: ShownFields,
    pub(crate) rows: Vec<Affine>,
    /// At least one; all but the last hidden.
    pub(crate) links: Vec<Link>,
    /// What proves them all, if they have no proofs of their own.
    #[cfg(feature = "prover")]
    pub(crate) compact: Option<Box<Compact>>,
}

impl ProofFile {
    /// What was signed of the photo.
    pub fn capture(&self) -> &SignedCapture {
        &self.capture
    }

    /// What the file says that the photo's EXIF data has, in the order of the fields' numbers; [`ProofFile::check_shown`] tells whether it was
    /// signed.
    pub fn shown(&self) -> Vec<ShownField> {
        self.fields.report(&self.capture.statement)
    }

    /// Whether each field that is shown is the one that was signed.
    pub fn check_shown(&self) -> Result<(), CaptureError> {
        self.fields.check(&self.capture.statement)
    }

    /// The links, in order.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The shape of the picture at the end.
    pub fn output(&self) -> Dims {
        self.links.last().map_or(*self.capture.statement.dims(), |link| link.edits.output())
    }

    /// The colour profile of the picture at the end: the photo's, unless the number of channels changed on the way.
    pub fn profile(&self) -> ProfileId {
        let mut before = self.capture.statement.dims().channels;
        self.links.iter().fold(*self.capture.statement.profile(), |profile, link| {
            let after = link.edits.output().channels;
            profile.on(std::mem::replace(&mut before, after), after)
        })
    }

    /// How the picture at the end is published as a JPEG, if it is.
    pub fn jpeg(&self) -> Option<&Jpeg> {
        self.links.last().and_then(|link| link.edits.jpeg())
    }

    /// Whether the picture at the end stays hidden.
    pub fn is_hidden(&self) -> bool {
        self.links.last().is_some_and(|link| link.shown == Shown::Hidden)
    }

    #[cfg(feature = "prover")]
    pub(crate) fn rows(&self) -> &[Affine] {
        &self.rows
    }

    /// Length of the original's row commitments, in bytes.
    pub fn commitment_bytes(&self) -> usize {
        32 * self.rows.len()
    }

    /// Length of what proves the edits, in bytes: of a chain with one proof also of what is told of each link.
    pub fn proof_bytes(&self) -> usize {
        #[cfg(feature = "prover")]
        if let Some(compact) = &self.compact {
            return compact.bytes();
        }
        self.links.iter().map(|link| link.proof.len()).sum()
    }

    /// How the links are proved.
    pub fn form(&self) -> ProofForm {
        #[cfg(feature = "prover")]
        if self.compact.is_some() {
            return ProofForm::Compact;
        }
        ProofForm::List
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let version = match self.form() {
            ProofForm::List => VERSION,
            ProofForm::Compact => COMPACT,
        };
        let showing = if self.fields.is_empty() { 0 } else { SHOWING };
        bytes.extend((version + showing).to_le_bytes());
        bytes.extend((self.links.len() as u16).to_le_bytes());
        let block = |bytes: &mut Vec<u8>, part: &[u8]| {
            bytes.extend((part.len() as u32).to_le_bytes());
            bytes.extend(part);
        };
        block(&mut bytes, &self.capture.to_bytes());
        self.fields.write(&mut bytes);
        self.rows.iter().for_each(|row| bytes.extend(point_to_bytes(row)));
        #[cfg(feature = "prover")]
        self.compact.iter().for_each(|compact| compact.write_longer(&mut bytes));
        for (number, link) in self.links.iter().enumerate() {
            block(&mut bytes, link.edits.canonical().as_bytes());
            bytes.extend(link.maker.to_bytes());
            link.signature.iter().for_each(|signature| bytes.extend(signature.to_bytes()));
            match &link.shown {
                Shown::Hidden => bytes.push(1),
                Shown::Picture(digest) => {
                    bytes.push(0);
                    bytes.extend(digest);
                }
            }
            #[cfg(feature = "prover")]
            if let Some(compact) = &self.compact {
                compact.write_told(number, &mut bytes);
                continue;
            }
            let _ = number;
            block(&mut bytes, &link.proof);
        }
        #[cfg(feature = "prover")]
        self.compact.iter().for_each(|compact| compact.write_body(&mut bytes));
        bytes
    }

    /// Reads a file's bytes; every byte must belong to it and have its one form.
    pub fn from_bytes(bytes: &[u8]) -> Result<ProofFile, BadProofFile> {
        ProofFile::begin(bytes)?.finish()
    }

    /// Reads a file up to the signed capture. Whether anything else of it is read may depend on that.
    pub fn begin<R: Read>(source: R) -> Result<Begun<R>, BadProofFile> {
        Begun::read(source)
    }
}
