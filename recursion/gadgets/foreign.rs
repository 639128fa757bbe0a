//! Elements of the other field of the cycle, as integers in limbs of 85 bits.
//!
//! An element may be written as any integer below 2^255 that leaves it: where it is hashed, a prover chooses among two ways, and that is
//! no more than a choice of blinder. What is equal modulo the other field's order is shown over the integers, limb by limb, with carries.

use super::bits;
use crate::r1cs::{Number, System};
use ff::{PrimeField, PrimeFieldBits};
use std::fmt;
use std::marker::PhantomData;
use zkimg_group::cycle::PastaField;
use zkimg_proof::channel::Scalar;

/// Bits of a limb.
const LIMB: usize = 85;
/// Limbs of an element.
pub const LIMBS: usize = 3;
/// Bits of a carry and its sign: a column of a product is a sum of at most six products, of 85 bits by up to 87.
const CARRY: usize = 93;
/// Words of 64 bits of a product.
const WORDS: usize = 9;

/// An element of `Q` in a constraint system over `P`.
pub struct Foreign<P: PastaField, Q> {
    limbs: [Number<P>; LIMBS],
    field: PhantomData<Q>,
}

impl<P: PastaField, Q> Clone for Foreign<P, Q> {
    fn clone(&self) -> Foreign<P, Q> {
        Foreign { limbs: self.limbs.clone(), field: PhantomData }
    }
}

impl<P: PastaField, Q> fmt::Debug for Foreign<P, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Foreign").finish_non_exhaustive()
    }
}

/// An integer, in little-endian words.
type Integer = [u64; WORDS];

fn integer<Q: PrimeField<Repr = [u8; 32]>>(value: &Q) -> Integer {
    let repr = value.to_repr();
    let (words, _) = repr.as_chunks::<8>();
    std::array::from_fn(|i| words.get(i).map_or(0, |word| u64::from_le_bytes(*word)))
}

/// `count` bits from bit `from` on, as an element; `count` is at most 128.
fn part<P: PastaField>(of: &Integer, from: usize, count: usize) -> P {
    let bit = |i: usize| of.get(i / 64).is_some_and(|word| word >> (i % 64) & 1 == 1);
    let sum = (0..count).rev().fold(0u128, |sum, i| sum << 1 | u128::from(bit(from + i)));
    P::from_u128(sum)
}

/// `sum + a·b`, shifted by words; what leaves the last word is cut off.
fn add_product(sum: &mut Integer, a: &[u64], b: &[u64]) {
    for (i, x) in a.iter().enumerate() {
        let mut carry = 0u128;
        for (j, place) in sum.iter_mut().skip(i).enumerate() {
            let y = b.get(j).copied().unwrap_or(0);
            let all = u128::from(*place) + u128::from(*x) * u128::from(y) + carry;
            (*place, carry) = (all as u64, all >> 64);
        }
    }
}

/// `(of − rest)/by`, which is an integer; `by` is odd.
fn exact_quotient(of: &Integer, rest: &Integer, by: &Integer) -> Integer {
    // Modulo 2^64 each word of the quotient is the lowest word of what is left, times the inverse of `by`.
    let inverse = (0..6).fold(1u64, |inverse, _| inverse.wrapping_mul(2u64.wrapping_sub(by[0].wrapping_mul(inverse))));
    let subtract = |from: &mut Integer, other: &Integer, shift: usize| {
        let mut borrow = false;
        for (place, word) in from.iter_mut().skip(shift).zip(other) {
            let (less, under) = place.overflowing_sub(*word);
            let (less, more) = less.overflowing_sub(u64::from(borrow));
            (*place, borrow) = (less, under | more);
        }
    };
    let mut left = *of;
    subtract(&mut left, rest, 0);
    let mut quotient = [0; WORDS];
    for i in 0..WORDS {
        quotient[i] = left[i].wrapping_mul(inverse);
        let mut product = [0; WORDS];
        add_product(&mut product, &quotient[i..=i], by);
        subtract(&mut left, &product, i);
    }
    quotient
}

impl<P: PastaField + PrimeFieldBits, Q: PastaField> Foreign<P, Q> {
    /// A hidden element, its limbs in their ranges.
    pub fn hidden(system: &System<P>, value: Q) -> Foreign<P, Q> {
        Foreign::hidden_limbs(system, Self::limbs_of(value))
    }

    /// A hidden element by its limbs, in their ranges.
    pub fn hidden_limbs(system: &System<P>, limbs: [P; LIMBS]) -> Foreign<P, Q> {
        let limb = |value: P| {
            let limb = system.hidden(value);
            bits(system, &limb, LIMB);
            limb
        };
        Foreign { limbs: limbs.map(limb), field: PhantomData }
    }

    /// Of limbs whose ranges were shown where they come from.
    pub fn of_limbs(limbs: [Number<P>; LIMBS]) -> Foreign<P, Q> {
        Foreign { limbs, field: PhantomData }
    }

    /// The limbs of a value.
    pub fn limbs_of(value: Q) -> [P; LIMBS] {
        let value = integer(&value);
        [0, 1, 2].map(|i| part(&value, LIMB * i, LIMB))
    }

    /// The value of limbs.
    pub fn value_of(limbs: &[P; LIMBS]) -> Q {
        Foreign::<P, Q>::of_limbs(limbs.map(Number::constant)).value()
    }

    /// Of an integer below `2^192` by its bits.
    ///
    /// # Panics
    /// If there are more.
    pub fn of_bits(bits: &[Number<P>]) -> Foreign<P, Q> {
        assert!(bits.len() <= 192, "a short integer");
        let limb = |i: usize| super::bits::weighted(bits.get(LIMB * i..bits.len().min(LIMB * (i + 1))).unwrap_or_default());
        Foreign { limbs: [0, 1, 2].map(limb), field: PhantomData }
    }

    /// An element that everybody knows.
    pub fn constant(value: Q) -> Foreign<P, Q> {
        Foreign { limbs: Self::limbs_of(value).map(Number::constant), field: PhantomData }
    }

    /// The limbs, for a transcript.
    pub fn limbs(&self) -> &[Number<P>; LIMBS] {
        &self.limbs
    }

    /// The value, in a system of values.
    pub fn value(&self) -> Q {
        let place = |i: usize| Q::from(2).pow_vartime([(LIMB * i) as u64]);
        let limb = |number: &Number<P>| {
            let words = integer(&number.value());
            Q::from_words([words[0], words[1], words[2], words[3]])
        };
        self.limbs.iter().enumerate().map(|(i, number)| limb(number) * place(i)).sum()
    }

    /// `self·by + more`, reduced.
    pub fn times_plus(&self, system: &System<P>, by: &Foreign<P, Q>, more: &Foreign<P, Q>) -> Foreign<P, Q> {
        let reduced = self.value() * by.value() + more.value();
        let result: Foreign<P, Q> = Foreign::hidden(system, reduced);
        // The quotient by the order: the integer that is left of self·by + more − result.
        let whole = |limbs: &[Number<P>; LIMBS]| {
            let mut sum = [0; WORDS];
            for (i, limb) in limbs.iter().enumerate() {
                let mut place = [0; WORDS];
                place[LIMB * i / 64] = 1 << (LIMB * i % 64);
                add_product(&mut sum, &integer(&limb.value()), &place);
            }
            sum
        };
        let order = [Q::MODULUS_WORDS[0], Q::MODULUS_WORDS[1], Q::MODULUS_WORDS[2], Q::MODULUS_WORDS[3], 0, 0, 0, 0, 0];
        let mut of = whole(&more.limbs);
        add_product(&mut of, &whole(&self.limbs), &whole(&by.limbs));
        let quotient = exact_quotient(&of, &whole(&result.limbs), &order);
        // Below (2^255·2^255 + 2^255)/2^254: its highest limb has two bits more.
        let quotient: [Number<P>; LIMBS] = std::array::from_fn(|i| {
            let count = if i + 1 == LIMBS { LIMB + 2 } else { LIMB };
            let limb = system.hidden(part(&quotient, LIMB * i, count));
            bits(system, &limb, count);
            limb
        });
        let order: [P; LIMBS] = std::array::from_fn(|i| part(&order, LIMB * i, LIMB));
        let mut carried: Number<P> = Number::constant(P::ZERO);
        let base = P::from(2).pow_vartime([LIMB as u64]);
        for column in 0..2 * LIMBS - 1 {
            let at = |limbs: &[Number<P>; LIMBS]| limbs.get(column).cloned().unwrap_or_else(|| Number::constant(P::ZERO));
            let mut sum = carried + at(&more.limbs) - at(&result.limbs);
            for (i, (limb, quotient)) in self.limbs.iter().zip(&quotient).enumerate() {
                let Some(j) = column.checked_sub(i).filter(|j| *j < LIMBS) else { continue };
                sum = sum + limb.clone() * by.limbs[j].clone() - quotient.clone() * Number::constant(order[j]);
            }
            if column + 1 == 2 * LIMBS - 1 {
                sum.require_zero();
                break;
            }
            // The column is a multiple of 2^85, and the multiple, which may be negative, is carried.
            let shift = Number::constant(P::from(2).pow_vartime([CARRY as u64 - 1]));
            let carry = system.hidden(sum.value() * base.invert().unwrap_or(P::ZERO));
            system.require(&carry, &Number::constant(base), &sum);
            bits(system, &(carry.clone() + shift), CARRY);
            carried = carry;
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::r1cs::Shape;
    use ff::Field;
    use pasta_curves::{Fp, Fq};
    use zkimg_group::field::hash_to_field;

    fn stated<P: PastaField + PrimeFieldBits, Q: PastaField>(system: &System<P>, [a, by, more]: [Q; 3]) -> Q {
        let [a, by, more] = [a, by, more].map(|value| Foreign::<P, Q>::hidden(system, value));
        a.times_plus(system, &by, &more).value()
    }

    fn shape<P: PastaField + PrimeFieldBits, Q: PastaField>() -> Shape<P> {
        let system = System::of_shape();
        stated::<P, Q>(&system, [Q::ZERO; 3]);
        system.shape()
    }

    fn check<P: PastaField + PrimeFieldBits, Q: PastaField>() {
        let shape = shape::<P, Q>();
        let some = |i: usize| {
            let words = integer(&hash_to_field("foreign", &i.to_le_bytes()));
            Q::from_words([words[0], words[1], words[2], words[3]])
        };
        let edges = [Q::ZERO, Q::ONE, -Q::ONE, Q::TWO_INV, some(0)];
        let mut cases: Vec<[Q; 3]> = (0..6).map(|i| [0, 1, 2].map(|j| some(3 * i + j + 1))).collect();
        cases.extend(edges.iter().flat_map(|x| edges.iter().map(|y| [*x, *y, -Q::ONE])));
        for values in cases {
            let system = System::of_values();
            let result = stated::<P, Q>(&system, values);
            let [a, by, more] = values;
            assert_eq!(result, a * by + more);
            let (witness, public) = system.values();
            assert!(shape.is_satisfied(&witness, &public));
        }
        // Every value is bound.
        let system = System::of_values();
        stated::<P, Q>(&system, [some(50), some(51), some(52)]);
        let (mut witness, public) = system.values();
        for i in 0..witness.len() {
            witness[i] += P::ONE;
            assert!(!shape.is_satisfied(&witness, &public), "column {i}");
            witness[i] -= P::ONE;
        }
    }

    #[test]
    fn products_of_the_other_field_are_its_products() {
        check::<Fp, Fq>();
        check::<Fq, Fp>();
    }

    #[test]
    fn short_integers_and_constants_are_elements() {
        let system = System::<Fp>::of_values();
        let number = Fp::from_raw([5, 6, 7, 0]);
        let bits = bits(&system, &system.hidden(number), 192);
        assert_eq!(Foreign::<Fp, Fq>::of_bits(&bits).value(), Fq::from_raw([5, 6, 7, 0]));
        assert_eq!(Foreign::<Fp, Fq>::constant(-Fq::ONE).value(), -Fq::ONE);
        let one = Foreign::<Fp, Fq>::constant(Fq::ONE);
        let product = Foreign::hidden(&system, Fq::from(9)).times_plus(&system, &one, &one);
        assert_eq!(product.value(), Fq::from(10));
    }

    /// Limbs that wrap around the constraint system's own field would show any product: nothing in a column comes near its order.
    #[test]
    fn columns_do_not_reach_the_field() {
        // Six products of a limb by a limb of the quotient, and three limbs or carries more.
        let column = LIMB + (LIMB + 2) + 3;
        assert!(column < 253 && CARRY + LIMB < 253);
        assert!(column - LIMB < CARRY, "a carry holds what a column can carry, and its sign");
    }
}
