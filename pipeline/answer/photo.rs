//! What all files about a hidden photo and a model have: the photo, the edits, and how they are read.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::recipe::{Edits, Recipe, RecipeError, most_bytes};
use zkimg_attest::{CaptureError, SignedCapture};
use zkimg_graph::step::BadStep;
use zkimg_graph::tensor::Dims;
use zkimg_group::field::{Affine, point_from_bytes, point_to_bytes};
use zkimg_group::generators::Generators;
use zkimg_picture::reader::{CutShort, Reader};
use zkimg_proof::commitment::{Layout, root};

/// A kind of file about what a model makes of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sort {
    /// `answer.zkimg`.
    Answer,
    /// `anna.enrolled`.
    Enrolled,
    /// `match.zkimg`.
    Match,
}

impl Sort {
    /// What the file begins with.
    pub(crate) fn magic(self) -> &'static [u8; 8] {
        match self {
            Sort::Answer => b"zkimgans",
            Sort::Enrolled => b"zkimgenr",
            Sort::Match => b"zkimgmat",
        }
    }

    fn version(self) -> u16 {
        match self {
            Sort::Answer => 3,
            Sort::Enrolled | Sort::Match => 1,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Sort::Answer => "answer",
            Sort::Enrolled => "enrolled face",
            Sort::Match => "match",
        }
    }

    /// The first bytes of a file.
    pub(crate) fn begin(self) -> Vec<u8> {
        [&self.magic()[..], &self.version().to_le_bytes()].concat()
    }

    /// Reads them.
    pub(crate) fn begun(self, r: &mut Reader<'_>) -> Result<(), Fault> {
        if r.array::<8>().as_ref() != Ok(self.magic()) {
            return Err(Fault::Kind);
        }
        let version = r.u16()?;
        if version == self.version() { Ok(()) } else { Err(Fault::Version(version)) }
    }

    /// Reads the signed capture at the beginning of a file of which nothing stands before it.
    pub(crate) fn capture_of(self, bytes: &[u8]) -> Result<SignedCapture, BadFile> {
        let mut r = Reader::new(bytes);
        let mut read = || {
            self.begun(&mut r)?;
            Ok(SignedCapture::from_bytes(r.block()?)?)
        };
        read().map_err(|fault| self.refuse(fault))
    }

    /// Names the kind of file that has a fault.
    pub(crate) fn refuse(self, fault: Fault) -> BadFile {
        BadFile { sort: self, fault }
    }
}

/// A file that is not one of its kind that this version reads.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct BadFile {
    /// What it should be.
    pub sort: Sort,
    /// Why it is none.
    pub fault: Fault,
}

/// What is wrong with a file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fault {
    /// Another kind of file.
    Kind,
    /// Another version.
    Version(u16),
    /// Bytes missing at the end.
    CutShort,
    /// Bytes left over at the end.
    TooLong,
    /// A part longer than any honest one, or not in its one form.
    Invalid(&'static str),
    /// The capture inside.
    Capture(CaptureError),
    /// Edits that this version does not know or that do not fit the photo.
    Recipe(RecipeError),
    /// More edits of all photos together than anybody checks.
    TooMuch(BadStep),
}

impl BadFile {
    fn sentence(&self) -> String {
        let name = self.sort.name();
        match &self.fault {
            Fault::Kind => match self.sort {
                Sort::Answer => "this is not the answer of a model; give the .zkimg file that `zkimg infer` wrote".into(),
                Sort::Enrolled => "this is not an enrolled face; give the .enrolled file that `zkimg face enrol` wrote".into(),
                Sort::Match => "this is not the match of a face; give the .zkimg file that `zkimg face match` wrote".into(),
            },
            Fault::Version(found) => {
                let read = self.sort.version();
                format!("the {name} has version {found}, this program reads version {read}; use the zkimg that reads it")
            }
            Fault::CutShort => format!("the {name} is cut short; download it again"),
            Fault::TooLong => format!("the {name} has bytes after its end; download it again"),
            Fault::Invalid(what) => format!("the {name}'s {what} is not valid; download it again"),
            Fault::Capture(error) => format!("the {name}'s capture cannot be read: {error}"),
            Fault::Recipe(error) => format!("the {name}'s edits cannot be read: {error}"),
            Fault::TooMuch(error) => format!("the {name}'s edits of all photos together are too much: {error}"),
        }
    }
}

impl From<CutShort> for Fault {
    fn from(_: CutShort) -> Fault {
        Fault::CutShort
    }
}

impl From<CaptureError> for Fault {
    fn from(error: CaptureError) -> Fault {
        Fault::Capture(error)
    }
}

impl From<BadStep> for Fault {
    fn from(error: BadStep) -> Fault {
        Fault::TooMuch(error)
    }
}

impl From<RecipeError> for Fault {
    fn from(error: RecipeError) -> Fault {
        Fault::Recipe(error)
    }
}

/// A photo as everybody may know it: what a camera signed, and the commitments to its rows.
#[derive(Clone, Debug)]
pub(crate) struct Photo {
    pub capture: SignedCapture,
    pub rows: Vec<Affine>,
}

impl Photo {
    /// Reads the length of a capture, the capture, and the rows, whose number follows from it.
    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Photo, Fault> {
        let (capture, count) = Photo::begin(r)?;
        let row = |_| point_from_bytes(&r.array()?).map_err(|_| Fault::Invalid("list of row commitments"));
        let rows = (0..count).map(row).collect::<Result<_, _>>()?;
        Ok(Photo { capture, rows })
    }

    /// Reads the capture alone, and passes over the rows.
    pub(crate) fn capture(r: &mut Reader<'_>) -> Result<SignedCapture, Fault> {
        let (capture, count) = Photo::begin(r)?;
        r.take(32 * count)?;
        Ok(capture)
    }

    /// Reads the capture, and finds how many rows follow: no more than there are bytes for.
    fn begin(r: &mut Reader<'_>) -> Result<(SignedCapture, usize), Fault> {
        let capture = SignedCapture::from_bytes(r.block()?)?;
        let count = Layout::count(*capture.statement.dims(), capture.statement.m());
        if count > r.rest().len() / 32 { Err(Fault::CutShort) } else { Ok((capture, count)) }
    }

    /// That of a negative, unless it was handed on.
    #[cfg(feature = "prover")]
    pub(crate) fn of(negative: &zkimg_attest::Negative) -> Option<Photo> {
        Some(Photo { capture: negative.capture()?.clone(), rows: negative.rows().to_vec() })
    }

    /// Writes the same.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        block(out, &self.capture.to_bytes());
        self.rows.iter().for_each(|row| out.extend(point_to_bytes(row)));
    }

    /// What a statement says of the photo: the signed capture; root, shape, `m` of its rows; the generators.
    pub(crate) fn state(capture: &SignedCapture, out: &mut Vec<u8>) {
        let (bytes, statement) = (capture.to_bytes(), &capture.statement);
        long_block(out, &bytes);
        out.extend(statement.root());
        state_shape(out, statement.dims(), statement.m());
        out.extend(Generators::id());
    }

    /// Whether the rows are those that the camera signed.
    pub(crate) fn is_signed(&self) -> bool {
        let statement = &self.capture.statement;
        root(&statement.layout(), &self.rows) == *statement.root()
    }

    pub(crate) fn dims(&self) -> Dims {
        *self.capture.statement.dims()
    }

    /// Length of the row commitments, in bytes.
    pub(crate) fn commitment_bytes(&self) -> usize {
        32 * self.rows.len()
    }
}

/// What a model is asked: about a photo, after edits; and which model.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub photo: Photo,
    /// Digest of the model's card.
    pub card: [u8; 32],
    pub edits: Edits,
}

impl Asked {
    /// Reads the photo, the digest and the edits, which must fit the photo.
    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Asked, Fault> {
        let photo = Photo::read(r)?;
        let card = r.array()?;
        let edits = edits(r, photo.dims())?;
        Ok(Asked { photo, card, edits })
    }

    /// Writes the same.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        self.photo.write(out);
        out.extend(self.card);
        block(out, self.edits.canonical().as_bytes());
    }

    /// `m` of the photo's rows.
    pub(crate) fn m(&self) -> usize {
        self.photo.capture.statement.m()
    }
}

fn state_shape(out: &mut Vec<u8>, dims: &Dims, m: usize) {
    for n in [dims.channels, dims.height, dims.width, m] {
        out.extend((n as u64).to_le_bytes());
    }
}

/// A length of four bytes, and bytes.
pub(crate) fn block(out: &mut Vec<u8>, part: &[u8]) {
    out.extend((part.len() as u32).to_le_bytes());
    out.extend(part);
}

/// A length of eight bytes, and bytes: as statements have it.
pub(crate) fn long_block(out: &mut Vec<u8>, part: &[u8]) {
    out.extend((part.len() as u64).to_le_bytes());
    out.extend(part);
}

/// Reads edits of a picture of this shape: their length, and canonical JSON.
pub(crate) fn edits(r: &mut Reader<'_>, input: Dims) -> Result<Edits, Fault> {
    const EDITS: Fault = Fault::Invalid("list of edits");
    let text = std::str::from_utf8(r.block()?).map_err(|_| EDITS)?;
    if text.len() > most_bytes(input) {
        return Err(EDITS);
    }
    let edits = Recipe::from_json(text)?.fix(input)?;
    if edits.canonical() == text { Ok(edits) } else { Err(EDITS) }
}
