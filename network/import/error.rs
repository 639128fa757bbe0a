//! Why a file is no model.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::flat::Damage;
use crate::model::BadNetwork;

/// A file that is not imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Not a TFLite file, or a damaged one.
    #[error("not a TFLite file, or {0}")]
    Damaged(#[from] Damage),
    /// A list that no network needs, or none where one is needed.
    #[error("the file has {count} {what}, which is not supported")]
    Count {
        /// What there are too many or too few of.
        what: &'static str,
        /// How many.
        count: usize,
    },
    /// An operator that is not imported.
    #[error("operator {number} ({name}, byte {at}): {fault}")]
    Operator {
        /// Counted from one.
        number: usize,
        /// As TFLite's schema names it.
        name: &'static str,
        /// Where it stands in the file.
        at: usize,
        /// Why not.
        fault: Fault,
    },
    /// A network that cannot be.
    #[error(transparent)]
    Network(#[from] BadNetwork),
}

/// Why an operator is not imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// No layer does that.
    #[error("not supported")]
    Unknown,
    /// Supported in other forms.
    #[error("{0} is not supported")]
    Form(&'static str),
    /// Other inputs, outputs or shapes than the operator has.
    #[error("its tensors do not fit it")]
    Shape,
    /// A tensor that no operator before it makes.
    #[error("it reads tensor {0}, which is neither constant nor made before")]
    Reads(usize),
    /// Not int8 with 32-bit biases, or not per channel, or a zero point or scale out of range.
    #[error("tensor {0} is not quantised as int8 with a scale and a zero point in range")]
    Quantisation(usize),
    /// Constant data of another length than the shape says.
    #[error("the data of tensor {0} are not as many as its shape says")]
    Data(usize),
    /// Integers too wide.
    #[error("its multipliers or biases are too large")]
    Large,
    /// A damaged table below it.
    #[error(transparent)]
    Damaged(#[from] Damage),
}
