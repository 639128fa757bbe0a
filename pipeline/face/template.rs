//! The secret of whoever enrolled a face: `NAME.template`.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `zkimgtpl` |
//! | 2 | version, 1 |
//! | 4 + … | the enrolled face's file |
//! | 4, then 32 each | number of the template's rows, then the blinder of each |
//! | 4, then 1 each | number of the embedding's cells, then these |
//! | 32 | BLAKE2bp-256 of all the above, against damage and not against malice |
//!
//! Numbers are little-endian. Nothing may follow.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::enrolled::Enrolled;
use crate::answer::BadFile;
use zeroize::Zeroizing;
use zkimg_attest::secret::{BadFrame, Frame};
use zkimg_group::field::{F, scalar_from_bytes, scalar_to_bytes};
use zkimg_picture::reader::CutShort;

const VERSION: u16 = 1;
const FRAME: Frame = Frame { magic: b"zkimgtpl", version: VERSION };

/// A file that is not a template this version reads.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadTemplate {
    /// Another kind of file.
    #[error("this is not a template; give the secret .template file that `zkimg face enrol` wrote")]
    NotATemplate,
    /// Another version.
    #[error("the template has version {0}, this program reads version {VERSION}; enrol the face again, or use the zkimg that made it")]
    Version(u16),
    /// Bytes changed or missing.
    #[error("the template is damaged or cut short (its checksum is wrong); use a backup of it")]
    Damaged,
    /// A value that a template never holds.
    #[error("the template's {0} is not valid; use a backup of it")]
    Invalid(&'static str),
    /// The enrolled face inside.
    #[error("the enrolled face inside the template is refused: {0}")]
    Enrolled(#[from] BadFile),
}

impl From<BadFrame> for BadTemplate {
    fn from(error: BadFrame) -> BadTemplate {
        match error {
            BadFrame::Kind => BadTemplate::NotATemplate,
            BadFrame::Version(version) => BadTemplate::Version(version),
            BadFrame::Damaged => BadTemplate::Damaged,
        }
    }
}

impl From<CutShort> for BadTemplate {
    fn from(_: CutShort) -> BadTemplate {
        BadTemplate::Damaged
    }
}

/// An embedding and the blinders of its commitment. Secret; wiped when dropped, never printed.
pub struct Template {
    enrolled: Enrolled,
    blinders: Zeroizing<Vec<F>>,
    cells: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Template").finish_non_exhaustive()
    }
}

impl Template {
    pub(super) fn new(enrolled: Enrolled, blinders: Zeroizing<Vec<F>>, cells: Zeroizing<Vec<u8>>) -> Template {
        Template { enrolled, blinders, cells }
    }

    /// The public half.
    pub fn enrolled(&self) -> &Enrolled {
        &self.enrolled
    }

    /// The blinder of each row of the embedding's commitment.
    pub fn blinders(&self) -> &[F] {
        &self.blinders
    }

    /// The embedding, a byte a cell.
    pub fn cells(&self) -> &[u8] {
        &self.cells
    }

    /// The bytes of the template's file. Secret: write them where only its holder can read.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let enrolled = self.enrolled.to_bytes();
        let mut out = FRAME.begin(12 + enrolled.len() + 32 * self.blinders.len() + self.cells.len());
        out.extend_from_slice(&(enrolled.len() as u32).to_le_bytes());
        out.extend_from_slice(&enrolled);
        out.extend_from_slice(&(self.blinders.len() as u32).to_le_bytes());
        self.blinders.iter().for_each(|blinder| out.extend_from_slice(&*Zeroizing::new(scalar_to_bytes(blinder))));
        out.extend_from_slice(&(self.cells.len() as u32).to_le_bytes());
        out.extend_from_slice(&self.cells);
        Frame::finish(out)
    }

    /// Reads a template's file: the checksum first, then every value. That the rows are those of the embedding shows when it is used.
    ///
    /// # Errors
    /// If it is no template that this version reads. Nothing is laid out that is larger than the file.
    pub fn from_bytes(file: &[u8]) -> Result<Template, BadTemplate> {
        let mut r = FRAME.open(file)?;
        let enrolled = Enrolled::from_bytes(r.block()?)?;
        let count = usize::try_from(r.u32()?).map_err(|_| CutShort)?;
        let bytes = r.take(count.checked_mul(32).ok_or(CutShort)?)?;
        let mut blinders = Zeroizing::new(Vec::with_capacity(count));
        for blinder in bytes.as_chunks::<32>().0 {
            blinders.push(scalar_from_bytes(blinder).map_err(|_| BadTemplate::Invalid("blinder"))?);
        }
        let cells = Zeroizing::new(r.block()?.to_vec());
        if r.is_empty() { Ok(Template { enrolled, blinders, cells }) } else { Err(BadTemplate::Invalid("end")) }
    }
}
