//! `rotate`: quarter turns, clockwise. 90°: `y[j][i] = x[H − 1 − i][j]`.

use crate::integers::one;
use crate::language::{Choice, Edit, EditError, Entry, Kind, Parameter};
use crate::placement::Frame;
use zkimg_graph::linear::{AxisMap, LinearMap};
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::Dims;

static DEGREES: Parameter<Choice<u16>> = Parameter::required("degrees", "clockwise", Choice(&[("90", 90), ("180", 180), ("270", 270)]));

/// The kind.
pub static KIND: Kind = Kind {
    name: "rotate",
    summary: "turns clockwise by quarter turns",
    parameters: &[&DEGREES],
    example_word: "rotate=90",
    from_json: |fields| Ok(Box::new(Rotate { degrees: fields.read(&DEGREES)? })),
    from_word: Kind::positional,
    samples: |_| [90, 180, 270].map(|degrees| Box::new(Rotate { degrees }) as Box<dyn Edit>).into(),
};

/// 90, 180 or 270 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotate {
    degrees: u16,
}

impl Edit for Rotate {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        vec![DEGREES.entry(&self.degrees)]
    }

    fn words(&self) -> String {
        format!("turned clockwise by {}°", self.degrees)
    }

    fn frame(&self, input: Dims) -> Frame {
        match self.degrees {
            90 => Frame::STILL.exchanged().upside_down(input.height),
            180 => Frame::STILL.mirrored(input.width).upside_down(input.height),
            _ => Frame::STILL.exchanged().mirrored(input.width),
        }
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        // Axes are exchanged first, so that the new rows are the old columns.
        let (exchanged, vertical, horizontal) = match self.degrees {
            90 => (true, AxisMap::identity(input.width), AxisMap::reversed(input.height)),
            180 => (false, AxisMap::reversed(input.height), AxisMap::reversed(input.width)),
            _ => (true, AxisMap::reversed(input.width), AxisMap::identity(input.height)),
        };
        one(Piece::linear(LinearMap::spatial(input, exchanged, vertical, horizontal)))
    }
}
