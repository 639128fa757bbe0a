//! Why a graph has no proof.

use super::MAX_LEAF_BITS;
use crate::circuit::MAX_MESSAGES;
use zkimg_graph::graph::BadNode;
use zkimg_graph::step::BadStep;
use zkimg_graph::tensor::BadDims;
use zkimg_group::generators::{MAX_ROW_BITS, MIN_ROW_BITS};

/// A graph that cannot be proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadRelation {
    /// A step that is wrong in itself.
    #[error(transparent)]
    Step(#[from] BadStep),
    /// A node that is.
    #[error(transparent)]
    Node(#[from] BadNode),
    /// A shape beyond the limits.
    #[error(transparent)]
    Dims(#[from] BadDims),
    /// Rows longer or shorter than the generators allow.
    #[error("rows of 2^{0} cells are not supported (2^{MIN_ROW_BITS} to 2^{MAX_ROW_BITS})")]
    Rows(usize),
    /// A step that does not start where the one before it ends.
    #[error("step {0} does not start from the picture before it")]
    Chain(usize),
    /// A graph that makes nothing, or of nothing.
    #[error("a graph needs an input and a node")]
    Empty,
    /// More to commit than one proof holds.
    #[error("the edits need more hidden pictures than one proof can hold ({0})")]
    Tensors(usize),
    /// More commitments than one proof holds.
    #[error(
        "the pictures between the edits are too large for a proof that begins and ends with these ({0} rows of commitments, at most {1})"
    )]
    TooManyRows(usize, usize),
    /// More to look up than one proof holds.
    #[error("the edits need 2^{0} lookups, more than one proof can hold (2^{MAX_LEAF_BITS})")]
    Lookups(usize),
    /// More messages than the largest circuit has rows.
    #[error("the proof needs {0} messages, more than one proof can hold ({MAX_MESSAGES})")]
    Messages(usize),
    /// More work than a verifier does.
    #[error("checking takes {0} products, more than a verifier does ({1})")]
    Work(usize, usize),
}
