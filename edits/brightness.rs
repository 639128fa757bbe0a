//! `brightness`: `clamp(x + offset)`.

use crate::edit::{Edit, Kind, Parameter, bytes, one};
use crate::error::EditError;
use crate::words;
use serde_json::Value;
use zkimg_proof::step::{Piece, Step};
use zkimg_proof::tensor::Dims;

/// The kind.
pub static KIND: Kind = Kind {
    name: "brightness",
    summary: "adds the same to every value",
    parameters: &[Parameter::required("offset", "what is added", "an integer from -255 to 255")],
    example_word: "brightness=-20",
    from_json: |fields| Ok(Box::new(Brightness { offset: fields.integer("offset", -255..=255)? })),
    from_word: words::positional,
    samples: |_| [37, -255, -20, 0, 255].map(|offset| Box::new(Brightness { offset }) as Box<dyn Edit>).into(),
};

/// An offset from −255 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brightness {
    offset: i64,
}

impl Edit for Brightness {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<(&'static str, Value)> {
        vec![("offset", self.offset.into())]
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        one(Piece::pointwise(input, bytes(|x| x + self.offset)))
    }
}
