//! Scalars as digits, and what the digits mean.

use crate::multiply::{PLAIN_DIGITS, TURNED_DIGITS};
use crate::steps::{Digit, Xy};
use ff::{Field, PrimeField, WithSmallOrderMulGroup};
use pasta_curves::Fq;
use pasta_curves::arithmetic::CurveAffine;
use zkimg_group::field::{Affine, F};

/// A point's coordinates.
pub(crate) fn coordinates(point: &Affine) -> Xy {
    let at = point.coordinates().expect("not the identity");
    [*at.x(), *at.y()]
}

fn digit(add: bool, turn: bool) -> Digit {
    Digit { add: Fq::from(u64::from(add)), turn: Fq::from(u64::from(turn)) }
}

/// `B = (s − 1 − 2^254)/2`, most significant bit first; `None` if it has 255 bits (one scalar in 2^128).
pub(crate) fn plain(scalar: F) -> Option<Vec<Digit>> {
    let recoded = (scalar - F::ONE - F::from(2).pow_vartime([PLAIN_DIGITS as u64])) * F::TWO_INV;
    let bytes = recoded.to_repr();
    let bit = |i: usize| bytes[i / 8] >> (i % 8) & 1 == 1;
    let digits = (0..PLAIN_DIGITS).rev().map(|i| digit(bit(i), false)).collect();
    (!bit(PLAIN_DIGITS)).then_some(digits)
}

/// Two bits of a challenge a digit.
pub(crate) fn turned(challenge: u128) -> Vec<Digit> {
    let bit = |i: usize| challenge >> i & 1 == 1;
    (0..TURNED_DIGITS).rev().map(|i| digit(bit(2 * i), bit(2 * i + 1))).collect()
}

/// The scalar that a challenge stands for.
pub(crate) fn meaning(challenge: u128) -> F {
    turned(challenge).iter().fold((F::ONE + F::ZETA).double(), |sum, digit| {
        let one = if digit.turn == Fq::ONE { F::ZETA } else { F::ONE };
        sum.double() + if digit.add == Fq::ONE { one } else { -one }
    })
}
