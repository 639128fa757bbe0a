//! The photographer's secret: the file `photo.negative`.
//!
//! Numbers are little-endian. Nothing is optional, nothing may follow.
//!
//! | file | bytes |
//! |---|---|
//! | magic `zkimgneg` | 8 |
//! | version, 1 | 2 |
//! | length of the capture file, then that file | 4 + … |
//! | each hidden label in the statement's order: salt, 1 or 0 for present or absent, length, value | 32 + 1 + 2 + … |
//! | number of rows | 4 |
//! | each row's blinder | 32 each |
//! | each row's point, affine x and y (public; kept so that proving need not commit again) | 64 each |
//! | the pixels, `[c][y][x]` | C·H·W |
//! | BLAKE2bp-256 of all the above, against damage and not against malice | 32 |
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::capture::{CaptureError, SignedCapture};
use crate::disclosure::{Label, Opening};
use crate::exif::MAX_VALUE;
use crate::reader::{CutShort, Reader};
use blake2b_simd::blake2bp::Params;
use ff::PrimeField;
use pasta_curves::Fq;
use pasta_curves::arithmetic::CurveAffine;
use zeroize::{Zeroize, Zeroizing};
use zkimg_proof::commitment;
use zkimg_proof::field::{Affine, F, scalar_from_bytes, scalar_to_bytes};
use zkimg_proof::tensor::{Cells, Layout};

/// The version of the file.
pub const VERSION: u16 = 1;
const MAGIC: &[u8; 8] = b"zkimgneg";
const HEAD: usize = 10;
const CHECKSUM: usize = 32;

/// A negative that is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NegativeError {
    /// No bytes at all.
    #[error("the negative is an empty file; use a backup of it")]
    Empty,
    /// Another kind of file.
    #[error("this is not a negative (photo.negative); give the secret file that was made when the photo was attested")]
    NotANegative,
    /// A later version.
    #[error("the negative has version {0}, this program reads version 1; use a newer zkimg")]
    Version(u16),
    /// Bytes changed or missing.
    #[error("the negative is damaged or cut short (its checksum is wrong); use a backup of it")]
    Damaged,
    /// A value that a negative never holds.
    #[error("the negative's {0} is not valid; use a backup of it")]
    Invalid(&'static str),
    /// The capture inside.
    #[error("the capture inside the negative is refused: {0}")]
    Capture(#[from] CaptureError),
    /// The rows are not those that were signed.
    #[error("the negative's row commitments are not the ones the camera signed; it belongs to another photo")]
    WrongRoot,
}

impl From<CutShort> for NegativeError {
    fn from(_: CutShort) -> NegativeError {
        NegativeError::Damaged
    }
}

/// Everything the photographer keeps secret about one photo, wiped from memory when dropped.
pub struct Negative {
    capture: SignedCapture,
    layout: Layout,
    cells: Cells,
    blinders: Vec<F>,
    rows: Vec<Affine>,
    openings: Vec<Opening>,
}

impl Negative {
    pub(crate) fn new(
        capture: SignedCapture,
        cells: Cells,
        blinders: Vec<F>,
        rows: Vec<Affine>,
        openings: Vec<Opening>,
    ) -> Result<Negative, NegativeError> {
        // Built first, so that the secrets are wiped also where a check fails.
        let negative = Negative { layout: capture.statement.layout(), capture, cells, blinders, rows, openings };
        negative.check()?;
        Ok(negative)
    }

    /// The cheap checks: shapes, openings, and that the cached rows have the signed root.
    fn check(&self) -> Result<(), NegativeError> {
        let statement = &self.capture.statement;
        let rows = self.layout.rows.len();
        if self.rows.len() != rows || self.blinders.len() != rows {
            return Err(NegativeError::Invalid("number of rows"));
        }
        if self.cells.len() != self.layout.dims.cells() {
            return Err(NegativeError::Invalid("number of pixels"));
        }
        if !statement.hidden_labels().eq(self.openings.iter().map(Opening::label)) {
            return Err(NegativeError::Invalid("list of hidden values"));
        }
        self.openings.iter().try_for_each(|opening| statement.check(opening))?;
        if commitment::root(&self.layout, &self.rows) != *statement.root() {
            return Err(NegativeError::WrongRoot);
        }
        Ok(())
    }

    /// The signed capture it belongs to.
    pub fn capture(&self) -> &SignedCapture {
        &self.capture
    }

    /// The picture's shape and rows.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The pixels, `[c][y][x]`.
    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    /// The pixels as bytes, `[c][y][x]`.
    pub fn pixels(&self) -> &[u8] {
        match &self.cells {
            Cells::U8(pixels) => pixels,
            _ => &[],
        }
    }

    /// The blinder of each row.
    pub fn blinders(&self) -> &[F] {
        &self.blinders
    }

    /// The commitment of each row (public).
    pub fn rows(&self) -> &[Affine] {
        &self.rows
    }

    /// The opening of a hidden label, to show it to somebody; `None` where the statement shows the value itself.
    pub fn opening(&self, label: Label) -> Option<&Opening> {
        self.openings.iter().find(|opening| opening.label() == label)
    }

    /// The bytes of `photo.negative`. Secret: write them where only the photographer can read.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let capture = self.capture.to_bytes();
        let labels: usize = self.openings.iter().map(|o| 35 + o.value().map_or(0, <[u8]>::len)).sum();
        // Reserved at once: a Vec that grows leaves copies of the secret behind.
        let length = HEAD + 4 + capture.len() + labels + 4 + 96 * self.rows.len() + self.cells.len() + CHECKSUM;
        let mut out = Zeroizing::new(Vec::with_capacity(length));
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&(capture.len() as u32).to_le_bytes());
        out.extend_from_slice(&capture);
        for opening in &self.openings {
            let value = opening.value().unwrap_or(&[]);
            out.extend_from_slice(opening.salt());
            out.push(opening.value().is_some().into());
            out.extend_from_slice(&(value.len() as u16).to_le_bytes());
            out.extend_from_slice(value);
        }
        out.extend_from_slice(&(self.rows.len() as u32).to_le_bytes());
        for blinder in &self.blinders {
            out.extend_from_slice(&scalar_to_bytes(blinder));
        }
        for row in &self.rows {
            let at = row.coordinates().expect("a hiding commitment is not the identity");
            out.extend_from_slice(at.x().to_repr().as_ref());
            out.extend_from_slice(at.y().to_repr().as_ref());
        }
        out.extend_from_slice(self.pixels());
        let checksum = checksum(&out);
        out.extend_from_slice(&checksum);
        out
    }

    /// Reads `photo.negative`: the checksum first, then every value, then that it fits the signed capture.
    pub fn from_bytes(file: &[u8]) -> Result<Negative, NegativeError> {
        if file.is_empty() {
            return Err(NegativeError::Empty);
        }
        let mut head = Reader::new(file);
        if head.array::<8>().as_ref() != Ok(MAGIC) {
            return Err(NegativeError::NotANegative);
        }
        match head.u16()? {
            VERSION => {}
            other => return Err(NegativeError::Version(other)),
        }
        let (body, sum) = file.split_last_chunk::<CHECKSUM>().ok_or(NegativeError::Damaged)?;
        if checksum(body) != *sum {
            return Err(NegativeError::Damaged);
        }
        let mut r = Reader::new(body);
        r.take(HEAD)?;
        let capture = SignedCapture::from_bytes(r.block()?)?;
        capture.verify_signature()?;
        let openings = capture.statement.hidden_labels().map(|label| read_opening(&mut r, label)).collect::<Result<_, _>>()?;
        let count = capture.statement.layout().rows.len();
        if usize::try_from(r.u32()?) != Ok(count) {
            return Err(NegativeError::Invalid("number of rows"));
        }
        let mut blinders = Vec::with_capacity(count);
        for _ in 0..count {
            blinders.push(scalar_from_bytes(&r.array()?).map_err(|_| NegativeError::Invalid("blinder"))?);
        }
        let mut rows = Vec::with_capacity(count);
        for _ in 0..count {
            rows.push(read_row(r.array()?, r.array()?).ok_or(NegativeError::Invalid("row commitment"))?);
        }
        if r.rest().len() != capture.statement.dims().cells() {
            return Err(NegativeError::Invalid("number of pixels"));
        }
        Negative::new(capture, Cells::U8(r.rest().to_vec()), blinders, rows, openings)
    }
}

/// BLAKE2bp: four lanes, so that 100 MB take a tenth of a second.
fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(Params::new().hash_length(CHECKSUM).hash(body).as_bytes());
    sum
}

fn read_opening(r: &mut Reader<'_>, label: Label) -> Result<Opening, NegativeError> {
    let salt = r.array()?;
    let present = r.u8()?;
    let length = usize::from(r.u16()?);
    let value = r.take(length)?;
    match present {
        0 if length == 0 => Ok(Opening::new(label, None, salt)),
        1 if length <= MAX_VALUE => Ok(Opening::new(label, Some(value.to_vec()), salt)),
        _ => Err(NegativeError::Invalid("hidden value")),
    }
}

/// A finite point from canonical affine coordinates.
fn read_row(x: [u8; 32], y: [u8; 32]) -> Option<Affine> {
    let coordinate = |bytes: [u8; 32]| -> Option<Fq> { Option::from(Fq::from_repr(bytes)) };
    let point: Affine = Option::from(Affine::from_xy(coordinate(x)?, coordinate(y)?))?;
    // (0, 0) stands for the identity in this curve library.
    Option::<pasta_curves::arithmetic::Coordinates<Affine>>::from(point.coordinates())?;
    Some(point)
}

impl Drop for Negative {
    fn drop(&mut self) {
        if let Cells::U8(pixels) = &mut self.cells {
            pixels.zeroize();
        }
        self.blinders.zeroize();
        self.openings.iter_mut().for_each(Opening::wipe);
    }
}

/// Secret: only what the capture shows anyway is printed.
impl std::fmt::Debug for Negative {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Negative").field("dims", &self.layout.dims).finish_non_exhaustive()
    }
}
