//! `sharpen`: `clamp(⌊(2304·x + a·(9·x − Σ of the 3×3 neighbourhood) + 1152) / 2304⌋)`, `a = round(256·amount)`, border
//! cells repeated.

use crate::integers::{Border, clamped, neighbours, one};
use crate::language::{Edit, EditError, Entry, Fixed, Kind, ONE, Parameter, Real};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap, Term};
use zkimg_graph::step::Step;
use zkimg_graph::tensor::Dims;

static AMOUNT: Parameter<Real> = Parameter::required("amount", "0 changes nothing", Real("0", "4"));

/// The kind.
pub static KIND: Kind = Kind {
    name: "sharpen",
    summary: "strengthens the difference from the 3×3 mean",
    parameters: &[&AMOUNT],
    example_word: "sharpen=0.8",
    from_json: |fields| Ok(Box::new(Sharpen { amount: fields.read(&AMOUNT)? })),
    from_word: Kind::positional,
    samples: |_| [52429, 4 * ONE, 0, 129, 383].map(|n| Box::new(Sharpen { amount: Fixed::new(n) }) as Box<dyn Edit>).into(),
};

/// An amount from 0 to 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sharpen {
    amount: Fixed,
}

impl Edit for Sharpen {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        vec![AMOUNT.entry(&self.amount)]
    }

    fn words(&self) -> String {
        format!("sharpened by {}", self.amount.words())
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        let amount = ((self.amount.numerator() + 128) >> 8) as i32;
        let term = |weight: i32, taps: &[i32]| Term {
            mix: AxisMap::new(input.channels, (0..input.channels).map(|c| vec![Tap { input: c as u32, weight }])),
            vertical: neighbours(input.height, taps, Border::Replicate),
            horizontal: neighbours(input.width, taps, Border::Replicate),
        };
        let map = LinearMap::new(input, false, vec![term(2304 + 9 * amount, &[1]), term(-amount, &[1, 1, 1])]);
        one(clamped(map, 1152, 2304)?)
    }
}
