//! A line of weights against many lines of bytes.
//!
//! A weight is sixteen signed limbs of 16 bits, a cell a byte: a product has 23 bits, so that vectors multiply sixteen at once and
//! add them in twos. The sums of 128 cells fit 32 bits.

use super::{Short, with_carry};
use crate::field::F;
#[cfg(target_arch = "x86_64")]
use fearless_simd::{Level, i16x16, i32x8, kernel, prelude::*};
use ff::{Field, PrimeField};
#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{_mm256_madd_epi16, _mm256_set1_epi32};
use std::ops::Range;
use zeroize::Zeroizing;

const LIMBS: usize = 16;
/// Pairs of cells whose sums fit: `64·2·2^15·255 < 2^31`.
const PAIRS: usize = 64;

/// Two neighbours' limbs in turn, as one instruction wants them.
type Pair = [[i16; 2]; LIMBS];

/// The weights of a line, from the first to the last that is not zero.
#[derive(Debug)]
pub struct LineWeights {
    columns: Range<usize>,
    pairs: Vec<Pair>,
    total: F,
}

impl LineWeights {
    /// One weight a column.
    pub fn new(weights: &[F]) -> LineWeights {
        let live = |w: &F| !w.is_zero_vartime();
        let start = weights.iter().position(live).unwrap_or(0);
        let end = weights.iter().rposition(live).map_or(start, |last| last + 1);
        let pair = |two: &[F]| {
            let [low, high] = [limbs(&two[0]), two.get(1).map_or([0; LIMBS], limbs)];
            std::array::from_fn(|i| [low[i], high[i]])
        };
        let live = &weights[start..end];
        LineWeights { columns: start..end, pairs: live.chunks(2).map(pair).collect(), total: live.iter().sum() }
    }

    /// Whether all weights are zero.
    pub fn is_zero(&self) -> bool {
        self.pairs.is_empty()
    }

    /// `Σ_x weights[x]·cells[x]`.
    ///
    /// # Panics
    /// If there are fewer cells than columns with a weight.
    pub fn dot<T: Short>(&self, cells: &[T]) -> F {
        T::dot(self, cells)
    }

    /// `Σ_x weights[x]`.
    pub(super) fn total(&self) -> F {
        self.total
    }

    pub(super) fn of_words(&self, cells: impl Iterator<Item = u16>) -> F {
        let (low, high) = cells.map(|cell| (cell as u8, (cell >> 8) as u8)).unzip::<u8, u8, Vec<u8>, Vec<u8>>();
        let [low, high] = [low, high].map(|half| self.totals(&Zeroizing::new(half)));
        value(&std::array::from_fn(|i| low[i] + (high[i] << 8)))
    }

    pub(super) fn of_bytes(&self, cells: &[u8]) -> F {
        value(&self.totals(cells))
    }

    /// The sums limb by limb: of 2^32 cells they have 55 bits.
    fn totals(&self, cells: &[u8]) -> [i64; LIMBS] {
        let (pairs, odd) = cells[self.columns.clone()].as_chunks::<2>();
        let mut totals = [0; LIMBS];
        let mut add = |weights: &[Pair], cells: &[[u8; 2]]| {
            totals.iter_mut().zip(block(weights, cells)).for_each(|(total, sum)| *total += i64::from(sum));
        };
        self.pairs.chunks(PAIRS).zip(pairs.chunks(PAIRS)).for_each(|(weights, cells)| add(weights, cells));
        if let (Some(weights), [last]) = (self.pairs.last(), odd) {
            add(&[*weights], &[[*last, 0]]);
        }
        totals
    }
}

/// `Σ_i limbs[i]·2^(16·i)` of a canonical value, each limb from `−2^15` to `2^15 − 1`.
fn limbs(weight: &F) -> [i16; LIMBS] {
    let bytes: [u8; 32] = weight.to_repr();
    let (words, _) = bytes.as_chunks::<2>();
    let mut carry = 0;
    std::array::from_fn(|i| {
        let word = i32::from(u16::from_le_bytes(words[i])) + carry;
        carry = i32::from(word >= 1 << 15);
        (word - (carry << 16)) as i16
    })
}

/// The field element with these limbs.
fn value(totals: &[i64; LIMBS]) -> F {
    let mut words = [0u64; 4];
    let mut carry = 0;
    for (i, total) in totals.iter().enumerate() {
        let sum = total + carry;
        words[i / 4] |= (sum as u64 & 0xffff) << (16 * (i % 4));
        carry = sum >> 16;
    }
    with_carry(words, carry)
}

/// The sums of at most [`PAIRS`] pairs.
fn block(weights: &[Pair], cells: &[[u8; 2]]) -> [i32; LIMBS] {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = Level::new().as_avx2() {
        return wide(avx2, weights, cells);
    }
    plain(weights, cells)
}

fn plain(weights: &[Pair], cells: &[[u8; 2]]) -> [i32; LIMBS] {
    let mut sums = [0; LIMBS];
    for (weights, cells) in weights.iter().zip(cells) {
        let [a, b] = cells.map(i32::from);
        sums.iter_mut().zip(weights).for_each(|(sum, [x, y])| *sum += i32::from(*x) * a + i32::from(*y) * b);
    }
    sums
}

#[cfg(target_arch = "x86_64")]
kernel!(
    fn wide(avx2: Avx2, weights: &[Pair], cells: &[[u8; 2]]) -> [i32; LIMBS] {
        let (mut low, mut high) = (i32x8::splat(avx2, 0), i32x8::splat(avx2, 0));
        for (weights, [a, b]) in weights.iter().zip(cells) {
            let cells = _mm256_set1_epi32(i32::from(*a) | i32::from(*b) << 16);
            let (weights, _) = weights.as_flattened().as_chunks::<LIMBS>();
            let [x, y] = [weights[0], weights[1]].map(|half| i16x16::simd_from(avx2, half));
            let [x, y] = [x, y].map(|half| i32x8::simd_from(avx2, _mm256_madd_epi16(half.into(), cells)));
            low += x;
            high += y;
        }
        let mut sums = [0; LIMBS];
        sums[..LIMBS / 2].copy_from_slice(low.as_slice());
        sums[LIMBS / 2..].copy_from_slice(high.as_slice());
        sums
    }
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{from_i128, hash_to_field};
    use std::fmt::Debug;

    fn check<T: Short + Debug + Into<i128>>(weights: &[F], cells: &[T]) {
        let expected: F = weights.iter().zip(cells).map(|(w, c)| *w * from_i128((*c).into())).sum();
        assert_eq!(LineWeights::new(weights).dot(cells), expected, "{} cells", cells.len());
    }

    #[test]
    fn lines_of_every_length_equal_field_arithmetic() {
        let mut weights: Vec<F> = (0..300u32).map(|i| hash_to_field("w", &i.to_le_bytes())).collect();
        let cells: Vec<u16> = (0..300u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u16).collect();
        let bytes: Vec<u8> = cells.iter().map(|cell| *cell as u8).collect();
        let signed: Vec<i16> = cells.iter().map(|cell| cell.cast_signed()).collect();
        for n in (0..20).chain([127, 128, 129, 255, 256, 257, 300]) {
            check(&weights[..n], &bytes[..n]);
            check(&weights[..n], &cells[..n]);
            check(&weights[..n], &signed[..n]);
        }
        // Ends without weight, of even and odd length.
        for (start, end) in [(1, 300), (2, 299), (3, 3), (7, 8), (150, 151), (298, 300)] {
            weights[..start].fill(F::ZERO);
            let mut some = weights.clone();
            some[end..].fill(F::ZERO);
            check(&some, &bytes);
            check(&some, &cells);
            check(&some, &signed);
        }
    }

    #[test]
    fn the_largest_limbs_and_cells_do_not_overflow() {
        let limb = |n: i128| (0..15).fold(F::ZERO, |sum, _| sum * F::from(1 << 16) + from_i128(n));
        for weight in [limb(-(1 << 15)), limb((1 << 15) - 1), -F::ONE, F::ONE, F::ZERO] {
            let weights = vec![weight; 1000];
            check(&weights, &vec![u8::MAX; 1000]);
            check(&weights, &vec![u16::MAX; 1000]);
            check(&weights, &vec![i16::MIN; 1000]);
            check(&weights, &vec![i16::MAX; 1000]);
        }
    }

    #[test]
    fn without_vectors_the_sums_are_the_same() {
        let weights: Vec<F> = (0..2 * PAIRS as u32).map(|i| hash_to_field("w", &i.to_le_bytes())).collect();
        let weights = LineWeights::new(&weights).pairs;
        let cells: Vec<[u8; 2]> = (0..PAIRS).map(|i| [(i * 89) as u8, (255 - i) as u8]).collect();
        assert_eq!(plain(&weights, &cells), block(&weights, &cells));
    }
}
