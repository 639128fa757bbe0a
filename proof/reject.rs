//! Why a proof is refused.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::transcript::BadProofBytes;
use zkimg_group::generators::BadParameters;

/// Which check a proof failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    /// The statement's shapes do not fit: rows, output or message count.
    #[error("the proof's shape does not fit its statement ({0})")]
    Shape(&'static str),
    /// Malformed bytes.
    #[error(transparent)]
    Bytes(#[from] BadProofBytes),
    /// The equations between the messages do not hold.
    #[error("the proof's equations do not hold")]
    Equations,
    /// The circuit's witness, the messages or the opened pixels do not belong together.
    #[error("the proof's {0} does not hold")]
    Group(&'static str),
    /// Too few bits of security for this statement.
    #[error("the statement is too large for the security required ({0} bits)")]
    Security(u32),
    /// A damaged installation.
    #[error(transparent)]
    Parameters(#[from] BadParameters),
}

/// Which claim of a chain does not hold, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("claim {claim}: {reject}")]
pub struct Refused {
    /// Its place in the chain, from 0.
    pub claim: usize,
    /// The check that failed.
    pub reject: Reject,
}
