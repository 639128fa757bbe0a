//! `blur`: a separable Gaussian of radius `r = ⌈3σ⌉`, `clamp(⌊(Σ + 32768) / 65536⌋)`, border cells repeated.
//!
//! Taps are `exp(−i²/2σ²)` in parts of 2^60, scaled to integers of sum 256 by largest remainder, ties to the
//! smaller `|i|`, then to the negative side. With `σ = S/2^16` the exponent is the exact rational `i²·2^31 / S²`.

use crate::integers::{Border, apportion, clamped, exp_minus, neighbours, one};
use crate::language::{Edit, EditError, Entry, Fixed, Kind, ONE, Parameter, Real};
use zkimg_graph::linear::LinearMap;
use zkimg_graph::step::Step;
use zkimg_graph::tensor::Dims;

static SIGMA: Parameter<Real> = Parameter::required("sigma", "standard deviation in cells", Real("0.3", "10"));

/// The kind.
pub static KIND: Kind = Kind {
    name: "blur",
    summary: "a Gaussian blur",
    parameters: &[&SIGMA],
    example_word: "blur=1.5",
    from_json: |fields| Ok(Box::new(Blur { sigma: fields.read(&SIGMA)? })),
    from_word: Kind::positional,
    samples: |_| {
        // The second is the least, 0.3 rounded.
        [ONE * 3 / 4, 19661, 2 * ONE + 7, 10 * ONE].map(|n| Box::new(Blur { sigma: Fixed::new(n) }) as Box<dyn Edit>).into()
    },
};

/// A standard deviation from 0.3 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blur {
    sigma: Fixed,
}

impl Blur {
    /// The taps at `−r … r`, which sum to 256.
    fn taps(&self) -> Vec<i32> {
        let sigma = self.sigma.numerator().unsigned_abs();
        let radius = (3 * sigma).div_ceil(ONE.unsigned_abs());
        let side: Vec<i128> = (0..=radius).map(|i| exp_minus((i * i) << 31, sigma * sigma)).collect();
        let weights: Vec<i128> = side.iter().skip(1).rev().chain(&side).copied().collect();
        let middle = side.len() - 1;
        let order: Vec<usize> = std::iter::once(middle).chain((1..=middle).flat_map(|i| [middle - i, middle + i])).collect();
        apportion(&weights, &order, 8)
    }
}

impl Edit for Blur {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        vec![SIGMA.entry(&self.sigma)]
    }

    fn words(&self) -> String {
        format!("blurred, with a standard deviation of {} pixels", self.sigma.words())
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        let taps = self.taps();
        let axis = |n| neighbours(n, &taps, Border::Replicate);
        one(clamped(LinearMap::spatial(input, false, axis(input.height), axis(input.width)), 1 << 15, 1 << 16)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taps_are_those_of_a_gaussian() {
        let taps = |sigma: &str| Blur { sigma: Fixed::parse(sigma).expect("a number") }.taps();
        // 256·0.3989…, 0.2419…, 0.0539…, 0.0044…, normalised: 102.2, 62.0, 13.8, 1.1.
        assert_eq!(taps("1"), [1, 14, 62, 102, 62, 14, 1]);
        for sigma in ["0.3", "0.7", "2.5", "9.99", "10"] {
            assert_eq!(taps(sigma).iter().sum::<i32>(), 256);
        }
        assert_eq!(taps("10").len(), 61);
    }
}
