//! `flip`: a mirror image. `horizontal` reverses the columns (left becomes right), `vertical` the rows.

use crate::integers::one;
use crate::language::{Choice, Edit, EditError, Entry, Kind, Parameter};
use crate::placement::Frame;
use zkimg_graph::linear::{AxisMap, LinearMap};
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::Dims;

static AXIS: Parameter<Choice<Flip>> =
    Parameter::required("axis", "direction", Choice(&[("horizontal", Flip::Horizontal), ("vertical", Flip::Vertical)]));

/// The kind.
pub static KIND: Kind = Kind {
    name: "flip",
    summary: "mirrors: `horizontal` exchanges left and right, `vertical` up and down",
    parameters: &[&AXIS],
    example_word: "flip=horizontal",
    from_json: |fields| Ok(Box::new(fields.read(&AXIS)?)),
    from_word: Kind::positional,
    samples: |_| vec![Box::new(Flip::Horizontal), Box::new(Flip::Vertical)],
};

/// The direction of a mirror image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

    fn parameters(&self) -> Vec<Entry> {
        vec![AXIS.entry(self)]
    }

    fn words(&self) -> String {
        match self {
            Flip::Horizontal => "mirrored: left and right exchanged".into(),
            Flip::Vertical => "mirrored: top and bottom exchanged".into(),
        }
    }

    fn frame(&self, input: Dims) -> Frame {
        match self {
            Flip::Horizontal => Frame::STILL.mirrored(input.width),
            Flip::Vertical => Frame::STILL.upside_down(input.height),
        }
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        let (vertical, horizontal) = match self {
            Flip::Horizontal => (AxisMap::identity(input.height), AxisMap::reversed(input.width)),
            Flip::Vertical => (AxisMap::reversed(input.height), AxisMap::identity(input.width)),
        };
        one(Piece::linear(LinearMap::spatial(input, false, vertical, horizontal)))
    }
}
