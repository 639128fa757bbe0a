//! `contrast`: `clamp(⌊((x − 128)·F + 128·2^16 + 2^15) / 2^16⌋)`, `F = round(f·2^16)`.

use crate::integers::{bytes, one};
use crate::language::{Edit, EditError, Entry, Fixed, Kind, ONE, Parameter, Real};
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::Dims;

static FACTOR: Parameter<Real> = Parameter::required("factor", "1 changes nothing", Real("0", "16"));

/// The kind.
pub static KIND: Kind = Kind {
    name: "contrast",
    summary: "stretches the values around middle grey",
    parameters: &[&FACTOR],
    example_word: "contrast=1.15",
    from_json: |fields| Ok(Box::new(Contrast { factor: fields.read(&FACTOR)? })),
    from_word: Kind::positional,
    samples: |_| {
        let contrast = |numerator| Box::new(Contrast { factor: Fixed::new(numerator) }) as Box<dyn Edit>;
        vec![contrast(75366), contrast(16 * ONE), contrast(0), contrast(40001)]
    },
};

/// A factor from 0 to 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contrast {
    factor: Fixed,
}

impl Edit for Contrast {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        vec![FACTOR.entry(&self.factor)]
    }

    fn words(&self) -> String {
        format!("contrast {}", self.factor.change())
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        let value = |x: i64| ((x - 128) * self.factor.numerator() + 128 * ONE + ONE / 2).div_euclid(ONE);
        one(Piece::pointwise(input, bytes(value)))
    }
}
