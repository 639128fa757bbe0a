//! Scalars as digits, and what the digits mean.

use crate::multiply::{Digit, PLAIN_DIGITS, TURNED_DIGITS};
use ff::{Field, PrimeField, WithSmallOrderMulGroup};
use zkimg_proof::field::F;

/// `B = (s − 1 − 2^254)/2`, most significant bit first; `None` if it has 255 bits (one scalar in 2^128).
pub fn plain(scalar: F) -> Option<Vec<Digit>> {
    let recoded = (scalar - F::ONE - F::from(2).pow_vartime([PLAIN_DIGITS as u64])) * F::TWO_INV;
    let bytes = recoded.to_repr();
    let bit = |i: usize| bytes[i / 8] >> (i % 8) & 1 == 1;
    let digits = (0..PLAIN_DIGITS).rev().map(|i| Digit { add: bit(i), turn: false }).collect();
    (!bit(PLAIN_DIGITS)).then_some(digits)
}

/// Two bits of a challenge a digit.
pub fn turned(challenge: u128) -> Vec<Digit> {
    let bit = |i: usize| challenge >> i & 1 == 1;
    (0..TURNED_DIGITS).rev().map(|i| Digit { add: bit(2 * i), turn: bit(2 * i + 1) }).collect()
}

/// The scalar that a challenge stands for.
pub fn meaning(challenge: u128) -> F {
    turned(challenge).iter().fold((F::ONE + F::ZETA).double(), |sum, digit| {
        let one = if digit.turn { F::ZETA } else { F::ONE };
        sum.double() + if digit.add { one } else { -one }
    })
}
