//! `curve`: `values[x]`.

use crate::edit::{Draft, Edit, Kind, Parameter, one};
use crate::error::EditError;
use crate::fields::{Fields, integer};
use crate::words;
use serde_json::Value;
use zkimg_proof::step::{Piece, Step};
use zkimg_proof::tensor::Dims;

/// The kind.
pub static KIND: Kind = Kind {
    name: "curve",
    summary: "a tone curve: any function of one byte",
    parameters: &[Parameter::required("values", "the result for 0, 1, … 255", "a list of 256 integers from 0 to 255")],
    example_word: "curve=255,254,…,1,0 (256 values)",
    from_json,
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
    crate::edit::bytes(|x| f(x as u8).into())
}

fn from_json(fields: &Fields<'_>) -> Result<Box<dyn Edit>, EditError> {
    let given = fields.value("values")?;
    let list = given.as_array().map_or(&[][..], Vec::as_slice);
    if list.len() != 256 {
        return Err(EditError::Parameter {
            edit: KIND.name,
            parameter: "values",
            value: format!("a list of {}", list.len()),
            allowed: KIND.parameters[0].range.into(),
        });
    }
    let mut values = [0; 256];
    for (slot, item) in values.iter_mut().zip(list) {
        let byte = integer(item).and_then(|value| u8::try_from(value).ok());
        *slot = byte.ok_or_else(|| fields.refuse("values", item))?;
    }
    Ok(Box::new(Curve { values }))
}

fn from_word(kind: &'static Kind, word: &str) -> Result<Draft, EditError> {
    words::from_entries(kind, [("values", word.split(',').collect::<Vec<_>>().into())])
}

impl Edit for Curve {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<(&'static str, Value)> {
        vec![("values", self.values.to_vec().into())]
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        one(Piece::pointwise(input, self.values))
    }
}
