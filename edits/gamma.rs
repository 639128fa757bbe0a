//! `gamma`: `round-half-up(255·(x/255)^g)`, correctly rounded for every `g`.
//!
//! The result for `x > 0` is the greatest `y` with `(2y − 1)/510 ≤ (x/255)^g`; with `g = G/2^16`, that is
//! `2^16·(ln(2y − 1) − ln 510) ≤ G·(ln x − ln 255)`. Both sides are integers times logarithms of
//! integers up to 510, known here to 2^−80. They are never equal: `2y − 1` is odd and 510 even, so the left side's
//! argument has a negative power of two that no power of `x/255` has. And they are never near each other: `G` is near
//! `2^16·(ln(2y − 1) − ln 510)/(ln x − ln 255)` for finitely many pairs `(x, y)`, all of which a test walks. So the
//! comparison is exact.

use crate::integers::{bytes, logarithms, one};
use crate::language::{Edit, EditError, Entry, Fixed, Kind, ONE, Parameter, Real};
use std::cmp::Ordering;
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::Dims;

static GAMMA: Parameter<Real> = Parameter::required("gamma", "the exponent", Real("1/65536", "10"));

/// The kind.
pub static KIND: Kind = Kind {
    name: "gamma",
    summary: "raises values between 0 and 1 to a power; above 1 darkens",
    parameters: &[&GAMMA],
    example_word: "gamma=0.45",
    from_json: |fields| Ok(Box::new(Gamma { gamma: fields.read(&GAMMA)? })),
    from_word: Kind::positional,
    samples: |_| [29491, 1, ONE, 144_179, 10 * ONE].map(|n| Box::new(Gamma { gamma: Fixed::new(n) }) as Box<dyn Edit>).into(),
};

/// An exponent above 0, up to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gamma {
    gamma: Fixed,
}

impl Edit for Gamma {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        vec![GAMMA.entry(&self.gamma)]
    }

    fn words(&self) -> String {
        let what = match self.gamma.cmp(&Fixed::new(ONE)) {
            Ordering::Less => "brighter, gamma",
            Ordering::Equal => "brightness unchanged, gamma",
            Ordering::Greater => "darker, gamma",
        };
        format!("{what} {}", self.gamma.words())
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        let exponent = i128::from(self.gamma.numerator());
        let log = logarithms(510);
        let ln = |n: i64| log[n as usize - 1];
        let table = bytes(|x| {
            if x == 0 {
                return 0;
            }
            let power = exponent * (ln(x) - ln(255));
            let reached = |y: &i64| (ln(2 * y - 1) - ln(510)) * i128::from(ONE) <= power;
            (1..=255).rev().find(reached).unwrap_or(0)
        });
        one(Piece::pointwise(input, table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Logarithms are wrong by less than 2^16 units, so each side by less than 2^(16 + 20 + 2).
    #[test]
    fn no_comparison_is_closer_than_the_logarithms_errors() {
        let log = logarithms(510);
        let ln = |n: usize| log[n - 1];
        for x in 1..255 {
            for y in 1..=255 {
                let (left, step) = ((ln(510) - ln(2 * y - 1)) * i128::from(ONE), ln(255) - ln(x));
                let off = left.rem_euclid(step);
                assert!(left / step > 10 * i128::from(ONE) || off.min(step - off) > 1 << 50, "{x} {y}");
            }
        }
    }
}
