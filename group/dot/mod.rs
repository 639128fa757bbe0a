//! Weighted sums of small integers with field weights: the passes over the pixels.
//!
//! Many sums at once, a cell to each, are [`Sum`]s: a weight is split into eight 32-bit limbs, a cell has at most 16 bits, and each
//! limb's sum is kept in 64 bits, so that 2^16 products fit. One sum over a line is [`LineWeights::dot`].

mod line;

pub use line::LineWeights;

use crate::cycle::{PastaField, doubled};
use crate::field::{F, from_i64};
use fearless_simd::{Level, dispatch};
use ff::PrimeField;

/// The most products one [`Sum`] takes before it must be reduced.
pub const CAPACITY: usize = 1 << 16;

/// A field element as eight 32-bit limbs of its canonical value.
#[derive(Clone, Copy, Debug)]
pub struct Limbs([u32; 8]);

impl From<&F> for Limbs {
    fn from(value: &F) -> Limbs {
        let bytes: [u8; 32] = value.to_repr();
        let mut limbs = [0; 8];
        for (limb, b) in limbs.iter_mut().zip(bytes.as_chunks::<4>().0) {
            *limb = u32::from_le_bytes(*b);
        }
        Limbs(limbs)
    }
}

/// `Σ weight·cell`, unreduced, limb by limb.
#[derive(Clone, Copy, Default)]
pub struct Sum([u64; 8]);

/// What is summed up may be pixels.
impl std::fmt::Debug for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sum").finish_non_exhaustive()
    }
}

impl Sum {
    /// Adds `weight·cell`.
    #[inline(always)]
    pub fn add(&mut self, weight: &Limbs, cell: u16) {
        for (sum, limb) in self.0.iter_mut().zip(weight.0) {
            // Cannot wrap within CAPACITY; a check here would keep the loop from being vectorized.
            *sum = sum.wrapping_add(u64::from(limb).wrapping_mul(u64::from(cell)));
        }
    }

    /// The field element.
    pub fn reduce(&self) -> F {
        let mut low = [0u64; 4];
        let mut carry = 0u128;
        for (i, limb) in low.iter_mut().enumerate() {
            let even = u128::from(self.0[2 * i]) + carry;
            let odd = u128::from(self.0[2 * i + 1]) + (even >> 32);
            *limb = (even as u32 as u64) | (odd as u32 as u64) << 32;
            carry = odd >> 32;
        }
        // Of an odd sum, which has 65 bits, all but 32.
        with_carry(low, carry as i64)
    }
}

/// `low + 2^256·carry`.
fn with_carry(low: [u64; 4], carry: i64) -> F {
    const ABOVE: F = F::from_raw(doubled(256, &F::MODULUS_WORDS));
    F::from_raw(low) + from_i64(carry) * ABOVE
}

/// A cell type whose lines are summed up byte by byte.
pub trait Short: Copy + Send + Sync {
    /// [`LineWeights::dot`].
    fn dot(weights: &LineWeights, cells: &[Self]) -> F;
}

/// A cell type narrow enough for [`Sum`].
pub trait Narrow: Short + Into<u16> + Into<u64> {}

impl Narrow for u8 {}
impl Narrow for u16 {}

impl Short for u8 {
    fn dot(weights: &LineWeights, cells: &[u8]) -> F {
        weights.of_bytes(cells)
    }
}

impl Short for u16 {
    fn dot(weights: &LineWeights, cells: &[u16]) -> F {
        weights.of_words(cells.iter().copied())
    }
}

impl Short for i16 {
    /// Counted from `−2^15`, cells have no sign.
    fn dot(weights: &LineWeights, cells: &[i16]) -> F {
        const FIRST: u16 = 1 << 15;
        weights.of_words(cells.iter().map(|cell| cell.cast_unsigned() ^ FIRST)) - F::from(u64::from(FIRST)) * weights.total()
    }
}

/// `sums[i] += weight·cells[i]`.
pub fn add_scaled<T: Narrow>(sums: &mut [Sum], weight: &Limbs, cells: &[T]) {
    dispatch!(Level::new(), _simd => add_products(sums, weight, cells));
}

#[inline(always)]
fn add_products<T: Narrow>(sums: &mut [Sum], weight: &Limbs, cells: &[T]) {
    for (sum, cell) in sums.iter_mut().zip(cells) {
        sum.add(weight, (*cell).into());
    }
}

/// A vector of weights, split once.
pub fn limbs(weights: &[F]) -> Vec<Limbs> {
    weights.iter().map(Limbs::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ff::Field;

    #[test]
    fn sums_of_the_largest_values_do_not_overflow() {
        let weight = -F::ONE;
        let mut sum = Sum::default();
        for _ in 0..CAPACITY {
            sum.add(&Limbs::from(&weight), u16::MAX);
        }
        assert_eq!(sum.reduce(), weight * F::from(CAPACITY as u64) * F::from(u64::from(u16::MAX)));
    }
}
