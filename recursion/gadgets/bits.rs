//! Numbers as bits.

use crate::r1cs::{Number, System};
use ff::PrimeFieldBits;
use zkimg_group::cycle::PastaField;
use zkimg_proof::channel::Scalar;

/// Bits of a field's elements.
const FIELD_BITS: usize = 255;
/// The modulus is `2^254 + t` with `t` below `2^126`.
const LOW_BITS: usize = 126;

fn constant<P: PastaField>(value: P) -> Number<P> {
    Number::constant(value)
}

/// `Σ_i 2^i·bit_i`.
pub(super) fn weighted<P: PastaField>(bits: &[Number<P>]) -> Number<P> {
    bits.iter().rev().fold(constant(P::ZERO), |sum, bit| sum.clone() + sum + bit.clone())
}

/// The lowest bits of a value, each a number that is 0 or 1.
fn made<P: PastaField + PrimeFieldBits>(system: &System<P>, value: P, count: usize) -> Vec<Number<P>> {
    let bit = |set: bool| {
        let bit = system.hidden(if set { P::ONE } else { P::ZERO });
        system.require(&bit, &bit, &bit);
        bit
    };
    value.to_le_bits().iter().take(count).map(|set| bit(*set)).collect()
}

/// The bits of a number that is below `2^count`: that it is, and which they are. There is one way to write it, since `count` is below 254.
pub fn bits<P: PastaField + PrimeFieldBits>(system: &System<P>, number: &Number<P>, count: usize) -> Vec<Number<P>> {
    assert!(count < FIELD_BITS - 1, "more bits would stand for two numbers");
    let bits = made(system, number.value(), count);
    (weighted(&bits) - number.clone()).require_zero();
    bits
}

/// All 255 bits of a number, written as the integer below the modulus.
pub fn canonical_bits<P: PastaField + PrimeFieldBits>(system: &System<P>, number: &Number<P>) -> Vec<Number<P>> {
    let all = made(system, number.value(), FIELD_BITS);
    (weighted(&all) - number.clone()).require_zero();
    let top = &all[FIELD_BITS - 1];
    // With the top bit, the next 128 are zero: a sum of so many bits is zero only if all are.
    let middle = all[LOW_BITS..FIELD_BITS - 1].iter().fold(constant(P::ZERO), |sum, bit| sum + bit.clone());
    system.require(top, &middle, &constant(P::ZERO));
    // And the lowest are below t: t − 1 − low is not negative.
    let [low, high, ..] = P::MODULUS_WORDS;
    let t = P::from_words([low, high, 0, 0]);
    let room = top.clone() * (constant(t - P::ONE) - weighted(&all[..LOW_BITS]));
    bits(system, &room, LOW_BITS);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::r1cs::Shape;
    use pasta_curves::{Fp, Fq};

    fn power<P: PastaField>(i: usize) -> P {
        P::from(2).pow_vartime([i as u64])
    }

    fn stated<P: PastaField + PrimeFieldBits>(system: &System<P>, value: P) {
        let number = system.public(value);
        canonical_bits(system, &number);
        bits(system, &number, 200);
    }

    fn shape<P: PastaField + PrimeFieldBits>() -> Shape<P> {
        let system = System::of_shape();
        stated(&system, P::ZERO);
        system.shape()
    }

    fn check<P: PastaField + PrimeFieldBits>() {
        let shape = shape::<P>();
        for value in [P::ZERO, P::ONE, P::from_u128(u128::MAX), power::<P>(199), power::<P>(200) - P::ONE] {
            let system = System::of_values();
            stated(&system, value);
            let (mut witness, public) = system.values();
            assert!(shape.is_satisfied(&witness, &public));
            for i in 0..witness.len() {
                witness[i] += P::ONE;
                assert!(!shape.is_satisfied(&witness, &public), "column {i}");
                witness[i] -= P::ONE;
            }
        }
        // As many bits as do not fit.
        for value in [power::<P>(200), -P::ONE] {
            let system = System::of_values();
            stated(&system, value);
            let (witness, public) = system.values();
            assert!(!shape.is_satisfied(&witness, &public));
        }
    }

    #[test]
    fn bits_are_those_of_the_number_and_no_others() {
        check::<Fp>();
        check::<Fq>();
    }

    /// The number plus the modulus has bits too, of the same sum.
    #[test]
    fn bits_of_the_number_and_the_modulus_are_refused() {
        fn stated<P: PastaField + PrimeFieldBits>(system: &System<P>, value: P) {
            canonical_bits(system, &system.public(value));
        }
        fn check<P: PastaField + PrimeFieldBits>() {
            let system = System::of_shape();
            stated(&system, P::ZERO);
            let shape = system.shape();
            for small in [0u64, 5, 1 << 60] {
                let system = System::of_values();
                stated(&system, P::from(small));
                let (mut witness, public) = system.values();
                assert!(shape.is_satisfied(&witness, &public));
                let mut sum = P::MODULUS_WORDS;
                let (low, carry) = sum[0].overflowing_add(small);
                (sum[0], sum[1]) = (low, sum[1] + u64::from(carry));
                for (i, bit) in witness.iter_mut().take(FIELD_BITS).enumerate() {
                    *bit = P::from(sum[i / 64] >> (i % 64) & 1);
                }
                // The prover fills in what follows as well as it can.
                let (low, high) = (
                    u128::from(sum[0]) | u128::from(sum[1]) << 64,
                    u128::from(P::MODULUS_WORDS[0]) | u128::from(P::MODULUS_WORDS[1]) << 64,
                );
                let room = P::from_u128(high) - P::ONE - P::from_u128(low);
                witness[FIELD_BITS] = room;
                for (i, bit) in room.to_le_bits().iter().take(LOW_BITS).enumerate() {
                    witness[FIELD_BITS + 1 + i] = P::from(u64::from(*bit));
                }
                assert!(!shape.is_satisfied(&witness, &public), "{small}");
            }
        }
        check::<Fp>();
        check::<Fq>();
    }

    #[test]
    fn the_largest_numbers_have_bits() {
        fn check<P: PastaField + PrimeFieldBits>() {
            let stated = |system: &System<P>, value: P| {
                canonical_bits(system, &system.public(value));
            };
            let system = System::of_shape();
            stated(&system, P::ZERO);
            let shape = system.shape();
            for value in [-P::ONE, power::<P>(254), power::<P>(254) - P::ONE, P::TWO_INV] {
                let system = System::of_values();
                stated(&system, value);
                let (witness, public) = system.values();
                assert!(shape.is_satisfied(&witness, &public));
            }
            assert_eq!(P::from_repr((-P::ONE).to_repr()).expect("canonical"), -P::ONE);
        }
        check::<Fp>();
        check::<Fq>();
    }
}
