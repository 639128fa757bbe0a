//! `brightness`: `clamp(x + offset)`.

use crate::integers::{bytes, one};
use crate::language::{Edit, EditError, Entry, Integer, Kind, Parameter};
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::Dims;

static OFFSET: Parameter<Integer<i64>> = Parameter::required("offset", "what is added", Integer::between(-255, 255));

/// The kind.
pub static KIND: Kind = Kind {
    name: "brightness",
    summary: "adds the same to every value",
    parameters: &[&OFFSET],
    example_word: "brightness=-20",
    from_json: |fields| Ok(Box::new(Brightness { offset: fields.read(&OFFSET)? })),
    from_word: Kind::positional,
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

    fn parameters(&self) -> Vec<Entry> {
        vec![OFFSET.entry(&self.offset)]
    }

    fn words(&self) -> String {
        match self.offset {
            0 => "brightness unchanged".into(),
            more @ 1.. => format!("brighter by {more} of 255"),
            less => format!("darker by {} of 255", -less),
        }
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        one(Piece::pointwise(input, bytes(|x| x + self.offset)))
    }
}
