//! The secret of whoever holds a picture that others must not see: `photo.negative`, `desk.negative`.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod file;

use crate::capture::{CaptureError, SignedCapture};
use crate::disclosure::{Label, Opening};
use crate::secret::BadFrame;
use zeroize::Zeroize;
use zkimg_graph::tensor::Cells;
use zkimg_group::field::{Affine, F};
use zkimg_picture::Profile;
use zkimg_picture::reader::CutShort;
use zkimg_proof::commitment;
use zkimg_proof::commitment::Layout;
use zkimg_proof::prove::Input;

pub use file::VERSION;

/// A negative that is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NegativeError {
    /// No bytes at all.
    #[error("the negative is an empty file; use a backup of it")]
    Empty,
    /// Another kind of file.
    #[error(
        "this is not a negative (photo.negative); give the secret file that was made when the photo was attested, or that was handed on to you"
    )]
    NotANegative,
    /// Another version.
    #[error(
        "the negative has version {0}, this program reads version {VERSION}; attest or hand on the picture again with this one, or use the zkimg that made it"
    )]
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
    #[error("the negative's row commitments are not the ones that were signed; it belongs to another photo")]
    WrongRoot,
    /// The profile is not the one that was signed.
    #[error("the negative's colour profile is not the one that was signed; use a backup of it")]
    WrongProfile,
}

impl From<BadFrame> for NegativeError {
    fn from(error: BadFrame) -> NegativeError {
        match error {
            BadFrame::Kind => NegativeError::NotANegative,
            BadFrame::Version(version) => NegativeError::Version(version),
            BadFrame::Damaged => NegativeError::Damaged,
        }
    }
}

impl From<CutShort> for NegativeError {
    fn from(_: CutShort) -> NegativeError {
        NegativeError::Damaged
    }
}

/// Where a hidden picture comes from.
#[derive(Debug)]
pub enum Origin {
    /// A camera or a notary signed its root.
    Capture {
        /// What was signed.
        capture: Box<SignedCapture>,
        /// What opens each hidden label, in the statement's order. Secret.
        openings: Vec<Opening>,
    },
    /// It is the hidden output of a link of a chain.
    Link {
        /// Digest of that link's statement, which holds the picture's root.
        statement: [u8; 32],
    },
}

/// Everything that is secret about one hidden picture, wiped from memory when dropped.
///
/// A negative that was handed on holds the picture, its rows and their blinders, and nothing of any picture before it.
pub struct Negative {
    origin: Origin,
    layout: Layout,
    profile: Profile,
    cells: Cells,
    blinders: Vec<F>,
    rows: Vec<Affine>,
}

impl Negative {
    /// A photo that was signed.
    pub(crate) fn new(
        capture: SignedCapture,
        profile: Profile,
        cells: Cells,
        blinders: Vec<F>,
        rows: Vec<Affine>,
        openings: Vec<Opening>,
    ) -> Result<Negative, NegativeError> {
        let layout = capture.statement.layout();
        // Built first, so that the secrets are wiped also where a check fails.
        let negative =
            Negative { layout, origin: Origin::Capture { capture: Box::new(capture), openings }, profile, cells, blinders, rows };
        negative.check()?;
        Ok(negative)
    }

    /// A picture that a link of a chain leaves hidden; `statement` is the digest of that link's statement.
    pub fn handed_on(
        statement: [u8; 32],
        layout: Layout,
        profile: Profile,
        pixels: Vec<u8>,
        blinders: Vec<F>,
        rows: Vec<Affine>,
    ) -> Result<Negative, NegativeError> {
        let negative = Negative { origin: Origin::Link { statement }, layout, profile, cells: Cells::U8(pixels), blinders, rows };
        negative.check()?;
        Ok(negative)
    }

    /// The cheap checks: shapes, and for a photo the openings, the profile and that the cached rows have the signed root.
    ///
    /// Whether the rows and the profile of a picture that was handed on are those of the link shows when it is proved.
    fn check(&self) -> Result<(), NegativeError> {
        let rows = self.layout.rows.len();
        if self.rows.len() != rows || self.blinders.len() != rows {
            return Err(NegativeError::Invalid("number of rows"));
        }
        if self.cells.len() != self.layout.dims.cells() {
            return Err(NegativeError::Invalid("number of pixels"));
        }
        if self.profile.icc().is_some_and(|icc| icc.channels() != self.layout.dims.channels) {
            return Err(NegativeError::Invalid("colour profile"));
        }
        let Origin::Capture { capture, openings } = &self.origin else { return Ok(()) };
        let statement = &capture.statement;
        if self.profile.id() != *statement.profile() {
            return Err(NegativeError::WrongProfile);
        }
        if !statement.hidden_labels().eq(openings.iter().map(Opening::label)) {
            return Err(NegativeError::Invalid("list of hidden values"));
        }
        openings.iter().try_for_each(|opening| statement.check(opening))?;
        if self.root() != *statement.root() {
            return Err(NegativeError::WrongRoot);
        }
        Ok(())
    }

    /// Where the picture comes from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The root of the row commitments.
    pub fn root(&self) -> [u8; 32] {
        commitment::root(&self.layout, &self.rows)
    }

    /// The signed capture it belongs to; `None` for a picture that was handed on.
    pub fn capture(&self) -> Option<&SignedCapture> {
        match &self.origin {
            Origin::Capture { capture, .. } => Some(capture),
            Origin::Link { .. } => None,
        }
    }

    /// The picture's shape and rows.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// What the pixels mean as colours.
    pub fn profile(&self) -> &Profile {
        &self.profile
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

    /// The pixels and their commitment, as the prover takes them.
    pub fn input(&self) -> Input<'_> {
        Input { cells: self.cells.view(), blinders: &self.blinders, rows: &self.rows }
    }

    /// The opening of a hidden label, to show it to somebody; `None` where the statement shows the value itself.
    pub fn opening(&self, label: Label) -> Option<&Opening> {
        match &self.origin {
            Origin::Capture { openings, .. } => openings.iter().find(|opening| opening.label() == label),
            Origin::Link { .. } => None,
        }
    }
}

impl Drop for Negative {
    fn drop(&mut self) {
        if let Cells::U8(pixels) = &mut self.cells {
            pixels.zeroize();
        }
        self.blinders.zeroize();
        if let Origin::Capture { openings, .. } = &mut self.origin {
            openings.iter_mut().for_each(Opening::wipe);
        }
    }
}

/// Secret: only what the capture shows anyway is printed.
impl std::fmt::Debug for Negative {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Negative").field("dims", &self.layout.dims).finish_non_exhaustive()
    }
}
