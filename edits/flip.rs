//! `flip`: a mirror image. `horizontal` reverses the columns (left becomes right), `vertical` the rows.

use crate::edit::{Edit, Kind, Parameter, one};
use crate::error::EditError;
use crate::words;
use serde_json::Value;
use zkimg_proof::linear::{AxisMap, LinearMap};
use zkimg_proof::step::{Piece, Step};
use zkimg_proof::tensor::Dims;

/// The kind.
pub static KIND: Kind = Kind {
    name: "flip",
    summary: "mirrors: `horizontal` exchanges left and right, `vertical` up and down",
    parameters: &[Parameter::required("axis", "direction", "\"horizontal\" or \"vertical\"")],
    example_word: "flip=horizontal",
    from_json: |fields| {
        let axis = fields.choice("axis", &[("horizontal", Flip::Horizontal), ("vertical", Flip::Vertical)])?;
        Ok(Box::new(axis))
    },
    from_word: words::positional,
    samples: |_| vec![Box::new(Flip::Horizontal), Box::new(Flip::Vertical)],
};

/// The direction of a mirror image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flip {
    /// Left becomes right.
    Horizontal,
    /// Up becomes down.
    Vertical,
}

impl Edit for Flip {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<(&'static str, Value)> {
        vec![("axis", if *self == Flip::Horizontal { "horizontal" } else { "vertical" }.into())]
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        let (vertical, horizontal) = match self {
            Flip::Horizontal => (AxisMap::identity(input.height), AxisMap::reversed(input.width)),
            Flip::Vertical => (AxisMap::reversed(input.height), AxisMap::identity(input.width)),
        };
        one(Piece::linear(LinearMap::spatial(input, false, vertical, horizontal)))
    }
}
