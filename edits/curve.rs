//! `curve`: `values[x]`.

use crate::integers::{bytes, one};
use crate::language::{Bytes, Draft, Edit, EditError, Entry, Kind, Parameter};
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::Dims;

static VALUES: Parameter<Bytes<256>> = Parameter::required("values", "the result for 0, 1, … 255", Bytes);

/// The kind.
pub static KIND: Kind = Kind {
    name: "curve",
    summary: "a tone curve: any function of one byte",
    parameters: &[&VALUES],
    example_word: "curve=255,254,…,1,0 (256 values)",
    from_json: |fields| Ok(Box::new(Curve { values: fields.read(&VALUES)? })),
    from_word,
    samples: |_| {
        let curve = |f: fn(u8) -> u8| Box::new(Curve { values: values(f) }) as Box<dyn Edit>;
        vec![curve(|x| 255 - x), curve(|x| x.wrapping_mul(167).wrapping_add(13)), curve(|_| 7)]
    },
};

/// A table of 256 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Curve {
    values: [u8; 256],
}

fn values(f: fn(u8) -> u8) -> [u8; 256] {
    bytes(|x| f(x as u8).into())
}

fn from_word(kind: &'static Kind, word: &str) -> Result<Draft, EditError> {
    kind.draft([(VALUES.name, word.split(',').collect::<Vec<_>>().into())])
}

impl Edit for Curve {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        vec![VALUES.entry(&self.values)]
    }

    fn words(&self) -> String {
        "every tone replaced by another, by a curve".into()
    }

    fn value(&self) -> Option<String> {
        Some(self.values.map(|value| value.to_string()).join(","))
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        one(Piece::pointwise(input, self.values))
    }
}
