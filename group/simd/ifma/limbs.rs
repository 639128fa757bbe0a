//! Limbs of 52 bits in vectors: products, Montgomery's reduction, carries. The bounds are the parent module's.

use crate::cycle::doubled;
use crate::simd::radix::{each, places, raised, split};
use fearless_simd::{Avx512, kernel, prelude::*, u64x4, u64x8};
use std::arch::x86_64::{
    _mm512_castsi256_si512, _mm512_inserti64x4, _mm512_madd52hi_epu64, _mm512_madd52lo_epu64, _mm512_permutex2var_epi64, _mm512_setr_epi64,
    _mm512_shrdi_epi64, _mm512_unpackhi_epi64, _mm512_unpacklo_epi64,
};

pub(super) const LIMBS: usize = 5;
pub(super) const BITS: u32 = 52;
pub(super) const MASK: u64 = (1 << BITS) - 1;
/// Bits of the highest limb below `2^254`.
pub(super) const TOP: u32 = 46;

pub(super) type Vector = u64x8<Avx512>;

/// A modulus `p`, and multiples of it whose lower limbs are raised by `2^53`, so that no limb of what is subtracted exceeds them.
#[derive(Debug)]
pub(super) struct Modulus {
    pub(super) p: [u64; LIMBS],
    /// `−1/p` modulo `2^52`.
    pub(super) factor: u64,
    /// `R²`, whose product with an integer is the integer in Montgomery's form.
    pub(super) square: [u64; LIMBS],
    pub(super) one: [u64; LIMBS],
    pub(super) two: [u64; LIMBS],
    pub(super) four: [u64; LIMBS],
}

impl Modulus {
    pub(super) const fn new(words: &[u64; 4]) -> Modulus {
        let p = split(words, BITS);
        assert!(p[3] == 0 && p[4] == 1 << TOP, "2^254 + t with t below 2^156");
        // Newton's iteration: each step doubles the bits that are right.
        let mut inverse = 1u64;
        let mut bits = 1;
        while bits < BITS {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(p[0].wrapping_mul(inverse)));
            bits *= 2;
        }
        let (factor, square) = (inverse.wrapping_neg() & MASK, split(&doubled(2 * BITS as usize * LIMBS, words), BITS));
        Modulus {
            p,
            factor,
            square,
            one: raised(&p, BITS, 1, 2 << BITS),
            two: raised(&p, BITS, 2, 2 << BITS),
            four: raised(&p, BITS, 4, 2 << BITS),
        }
    }
}

/// The limbs that an expression gives, one for each place.
macro_rules! limbs {
    ($i:ident => $limb:expr) => {
        places!($i => $limb; 0 1 2 3 4)
    };
}

pub(super) use limbs;

/// Products that are reduced together.
#[derive(Clone, Copy, Debug)]
pub struct Sum {
    pub(super) columns: [Vector; 2 * LIMBS],
    /// How many products the columns hold.
    pub(super) held: u32,
    /// What was brought down before.
    pub(super) before: [Vector; LIMBS],
}

kernel!(
    /// The limbs of what is in memory.
    #[inline(always)]
    pub(super) fn limbs_of(avx512: Avx512, words: [u64x8<Avx512>; 4]) -> [u64x8<Avx512>; LIMBS] {
        let [a, b, c, d] = words;
        let second: Vector = _mm512_shrdi_epi64::<52>(a.into(), b.into()).simd_into(avx512);
        let third: Vector = _mm512_shrdi_epi64::<40>(b.into(), c.into()).simd_into(avx512);
        let fourth: Vector = _mm512_shrdi_epi64::<28>(c.into(), d.into()).simd_into(avx512);
        [a & MASK, second & MASK, third & MASK, fourth & MASK, d >> 16]
    }
);

kernel!(
    /// Eight rows of four words as four rows of eight.
    #[inline(always)]
    pub(super) fn transposed(avx512: Avx512, rows: &[u64x4<Avx512>; 8]) -> [u64x8<Avx512>; 4] {
        let pair = |i: usize| _mm512_inserti64x4::<1>(_mm512_castsi256_si512(rows[i].into()), rows[i + 4].into());
        let (a, b, c, d) = (pair(0), pair(1), pair(2), pair(3));
        // Words 0 and 2, then 1 and 3, of lanes 0, 1, 4, 5 and of 2, 3, 6, 7.
        let [even, odd] = [_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b)];
        let [even_above, odd_above] = [_mm512_unpacklo_epi64(c, d), _mm512_unpackhi_epi64(c, d)];
        let low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
        let high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
        [
            _mm512_permutex2var_epi64(even, low, even_above).simd_into(avx512),
            _mm512_permutex2var_epi64(odd, low, odd_above).simd_into(avx512),
            _mm512_permutex2var_epi64(even, high, even_above).simd_into(avx512),
            _mm512_permutex2var_epi64(odd, high, odd_above).simd_into(avx512),
        ]
    }
);

kernel!(
    /// `sum` plus the lower 52 bits of `a·b`.
    #[inline(always)]
    pub(super) fn low(avx512: Avx512, sum: u64x8<Avx512>, a: u64x8<Avx512>, b: u64x8<Avx512>) -> u64x8<Avx512> {
        _mm512_madd52lo_epu64(sum.into(), a.into(), b.into()).simd_into(avx512)
    }
);

kernel!(
    /// `sum` plus the upper 52 bits of `a·b`.
    #[inline(always)]
    pub(super) fn high(avx512: Avx512, sum: u64x8<Avx512>, a: u64x8<Avx512>, b: u64x8<Avx512>) -> u64x8<Avx512> {
        _mm512_madd52hi_epu64(sum.into(), a.into(), b.into()).simd_into(avx512)
    }
);

/// `a·b/R`.
#[inline(always)]
pub(super) fn product(avx512: Avx512, a: &[Vector; LIMBS], b: &[Vector; LIMBS], modulus: &Modulus) -> [Vector; LIMBS] {
    let mut columns = [Vector::splat(avx512, 0); 2 * LIMBS];
    multiply(avx512, &mut columns, a, b);
    montgomery(avx512, columns, modulus)
}

/// `(a·b + c·d)/R`.
#[inline(always)]
pub(super) fn sum_of_products(
    avx512: Avx512,
    a: &[Vector; LIMBS],
    b: &[Vector; LIMBS],
    c: &[Vector; LIMBS],
    d: &[Vector; LIMBS],
    modulus: &Modulus,
) -> [Vector; LIMBS] {
    let mut columns = [Vector::splat(avx512, 0); 2 * LIMBS];
    multiply(avx512, &mut columns, a, b);
    multiply(avx512, &mut columns, c, d);
    montgomery(avx512, columns, modulus)
}

/// `columns + a·b`.
#[inline(always)]
pub(super) fn multiply(avx512: Avx512, columns: &mut [Vector; 2 * LIMBS], a: &[Vector; LIMBS], b: &[Vector; LIMBS]) {
    each!(I in [0 1 2 3 4] {
        each!(J in [0 1 2 3 4] {
            columns[I + J] = low(avx512, columns[I + J], a[I], b[J]);
            columns[I + J + 1] = high(avx512, columns[I + J + 1], a[I], b[J]);
        });
    });
}

/// The columns' value divided by `R`.
#[inline(always)]
pub(super) fn montgomery(avx512: Avx512, mut columns: [Vector; 2 * LIMBS], modulus: &Modulus) -> [Vector; LIMBS] {
    let (zero, inverse) = (Vector::splat(avx512, 0), Vector::splat(avx512, modulus.factor));
    each!(I in [0 1 2 3 4] {
        let factor = low(avx512, zero, columns[I], inverse);
        each!(J in [0 1 2] {
            let limb = Vector::splat(avx512, modulus.p[J]);
            columns[I + J] = low(avx512, columns[I + J], factor, limb);
            columns[I + J + 1] = high(avx512, columns[I + J + 1], factor, limb);
        });
        let highest = Vector::splat(avx512, 1 << TOP);
        columns[I + 4] = low(avx512, columns[I + 4], factor, highest);
        columns[I + 5] = high(avx512, columns[I + 5], factor, highest);
        columns[I + 1] += columns[I] >> BITS;
    });
    carried(limbs!(I => columns[LIMBS + I]))
}

/// The same value with all limbs but the highest below `2^52`.
#[inline(always)]
pub(super) fn carried(mut limbs: [Vector; LIMBS]) -> [Vector; LIMBS] {
    each!(I in [0 1 2 3] {
        limbs[I + 1] += limbs[I] >> BITS;
        limbs[I] &= MASK;
    });
    limbs
}

/// What is above `2^254` goes back as `−t` for each; `p` keeps the value positive. Takes values below `2^10·p`.
#[inline(always)]
pub(super) fn reduced(avx512: Avx512, limbs: &[Vector; LIMBS], modulus: &Modulus) -> [Vector; LIMBS] {
    let mut limbs = *limbs;
    let above = limbs[4] >> TOP;
    limbs[4] &= (1 << TOP) - 1;
    let mut back = [Vector::splat(avx512, 0); 4];
    each!(I in [0 1 2] {
        let limb = Vector::splat(avx512, modulus.p[I]);
        back[I] = low(avx512, back[I], above, limb);
        back[I + 1] = high(avx512, back[I + 1], above, limb);
    });
    each!(I in [0 1 2 3] {
        limbs[I] += Vector::splat(avx512, modulus.one[I]) - back[I];
    });
    limbs[4] += modulus.one[4];
    carried(limbs)
}

/// The sum's value divided by `R`.
#[inline(always)]
pub(super) fn total(avx512: Avx512, sum: &Sum, modulus: &Modulus) -> [Vector; LIMBS] {
    let mut limbs = montgomery(avx512, sum.columns, modulus);
    each!(I in [0 1 2 3 4] {
        limbs[I] += sum.before[I];
    });
    let limbs = carried(limbs);
    reduced(avx512, &limbs, modulus)
}
