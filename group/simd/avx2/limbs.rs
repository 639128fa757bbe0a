//! Limbs of 29 bits in vectors: products, Montgomery's reduction, carries. The bounds are the parent module's.

use crate::cycle::doubled;
use crate::simd::radix::{each, places, raised, split};
use fearless_simd::{Avx2, kernel, prelude::*, u32x4, u64x4};
use std::arch::x86_64::{
    _mm256_castsi256_si128, _mm256_cvtepu32_epi64, _mm256_mul_epu32, _mm256_permute2x128_si256, _mm256_permutevar8x32_epi32,
    _mm256_setr_epi32, _mm256_unpackhi_epi64, _mm256_unpacklo_epi64,
};

pub(super) const LIMBS: usize = 9;
pub(super) const BITS: u32 = 29;
pub(super) const MASK: u64 = (1 << BITS) - 1;
/// Bits of a reduced value's highest limb below `2^254`.
const TOP: u32 = 22;
/// How many products the columns of a [`Sum`] take before they are carried, and before they are brought down.
const FULL: [u32; 2] = [6, 96];

/// A modulus `p` and multiples of it, in limbs.
#[derive(Debug)]
pub(super) struct Modulus {
    pub(super) p: [u64; LIMBS],
    /// `R²`, whose product with an integer is the integer in Montgomery's form.
    pub(super) square: [u64; LIMBS],
    /// `8p`, its lower limbs raised by `2^31`: no limb is less than two reduced ones together.
    pub(super) eight: [u64; LIMBS],
    /// `p`, its lower limbs raised by `2^34`, which 32 times a limb of `p` does not exceed.
    raised: [u64; LIMBS],
}

impl Modulus {
    pub(super) const fn new(words: &[u64; 4]) -> Modulus {
        let p = split(words, BITS);
        assert!(matches!(p, [1, _, _, _, ..1024, 0, 0, 0, 0x40_0000]), "2^254 + t with t below 2^126 and 1 modulo 2^29");
        let square = split(&doubled(2 * BITS as usize * LIMBS, words), BITS);
        Modulus { p, square, eight: raised(&p, BITS, 8, 1 << 31), raised: raised(&p, BITS, 1, 1 << 34) }
    }
}

pub(super) type Vector = u64x4<Avx2>;

/// The limbs that an expression gives, one for each place.
macro_rules! limbs {
    ($i:ident => $limb:expr) => {
        places!($i => $limb; 0 1 2 3 4 5 6 7 8)
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
    #[inline(always)]
    pub(super) fn widened(avx2: Avx2, limbs: u32x4<Avx2>) -> u64x4<Avx2> {
        _mm256_cvtepu32_epi64(limbs.into()).simd_into(avx2)
    }
);

kernel!(
    #[inline(always)]
    pub(super) fn narrowed(avx2: Avx2, limbs: u64x4<Avx2>) -> u32x4<Avx2> {
        let low_halves = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
        _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(limbs.into(), low_halves)).simd_into(avx2)
    }
);

/// Limbs of one element, from the `i`th on.
#[inline(always)]
pub(super) fn four_limbs(avx2: Avx2, row: &[u32; LIMBS], i: usize) -> Vector {
    widened(avx2, [row[i], row[i + 1], row[i + 2], row[i + 3]].simd_into(avx2))
}

kernel!(
    /// Four rows of four limbs as four limbs of four lanes.
    #[inline(always)]
    pub(super) fn transposed(avx2: Avx2, rows: [u64x4<Avx2>; 4]) -> [u64x4<Avx2>; 4] {
        let [a, b, c, d] = [rows[0].into(), rows[1].into(), rows[2].into(), rows[3].into()];
        // Limbs 0 and 2, then 1 and 3, of two rows.
        let [even, odd] = [_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b)];
        let [even_above, odd_above] = [_mm256_unpacklo_epi64(c, d), _mm256_unpackhi_epi64(c, d)];
        [
            _mm256_permute2x128_si256::<0x20>(even, even_above).simd_into(avx2),
            _mm256_permute2x128_si256::<0x20>(odd, odd_above).simd_into(avx2),
            _mm256_permute2x128_si256::<0x31>(even, even_above).simd_into(avx2),
            _mm256_permute2x128_si256::<0x31>(odd, odd_above).simd_into(avx2),
        ]
    }
);

kernel!(
    /// `a·b` of the low halves.
    #[inline(always)]
    fn times(avx2: Avx2, a: u64x4<Avx2>, b: u64x4<Avx2>) -> u64x4<Avx2> {
        _mm256_mul_epu32(a.into(), b.into()).simd_into(avx2)
    }
);

kernel!(
    /// `a·b/R`.
    pub(super) fn product(avx2: Avx2, a: &[u64x4<Avx2>; LIMBS], b: &[u64x4<Avx2>; LIMBS], p: &[u64; LIMBS]) -> [u64x4<Avx2>; LIMBS] {
        let mut columns = [Vector::splat(avx2, 0); 2 * LIMBS];
        each!(I in [0 1 2 3 4 5 6 7 8] {
            each!(J in [0 1 2 3 4 5 6 7 8] {
                columns[I + J] += times(avx2, a[I], b[J]);
            });
        });
        montgomery(avx2, columns, p)
    }
);

kernel!(
    /// `(a·b + c·d)/R`, for `[a, c]` and `[b, d]`.
    pub(super) fn sum_of_products(
        avx2: Avx2,
        left: [&[u64x4<Avx2>; LIMBS]; 2],
        right: [&[u64x4<Avx2>; LIMBS]; 2],
        p: &[u64; LIMBS],
    ) -> [u64x4<Avx2>; LIMBS] {
        let mut columns = [Vector::splat(avx2, 0); 2 * LIMBS];
        let [a, c] = [carried(*left[0]), carried(*left[1])];
        let [b, d] = right;
        each!(I in [0 1 2 3 4 5 6 7 8] {
            each!(J in [0 1 2 3 4 5 6 7 8] {
                columns[I + J] += times(avx2, a[I], b[J]) + times(avx2, c[I], d[J]);
            });
        });
        montgomery(avx2, columns, p)
    }
);

kernel!(
    /// `sum + a·b`.
    pub(super) fn add_product(avx2: Avx2, sum: &mut Sum, a: &[u64x4<Avx2>; LIMBS], b: &[u64x4<Avx2>; LIMBS], modulus: &Modulus) {
        if sum.held == FULL[1] {
            sum.before = total(avx2, sum, modulus);
            (sum.columns, sum.held) = ([Vector::splat(avx2, 0); 2 * LIMBS], 0);
        } else if sum.held > 0 && sum.held.is_multiple_of(FULL[0]) {
            each!(I in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16] {
                sum.columns[I + 1] += sum.columns[I] >> BITS;
                sum.columns[I] &= MASK;
            });
        }
        let a = carried(*a);
        each!(I in [0 1 2 3 4 5 6 7 8] {
            each!(J in [0 1 2 3 4 5 6 7 8] {
                sum.columns[I + J] += times(avx2, a[I], b[J]);
            });
        });
        sum.held += 1;
    }
);

kernel!(
    /// The sum's value divided by `R`.
    pub(super) fn total(avx2: Avx2, sum: &Sum, modulus: &Modulus) -> [u64x4<Avx2>; LIMBS] {
        let mut limbs = montgomery(avx2, sum.columns, &modulus.p);
        each!(I in [0 1 2 3 4 5 6 7 8] {
            limbs[I] += sum.before[I];
        });
        reduced(avx2, &limbs, modulus)
    }
);

kernel!(
    /// `a²/R`.
    pub(super) fn square(avx2: Avx2, a: &[u64x4<Avx2>; LIMBS], p: &[u64; LIMBS]) -> [u64x4<Avx2>; LIMBS] {
        let mut columns = [Vector::splat(avx2, 0); 2 * LIMBS];
        let doubled = limbs!(I => a[I] + a[I]);
        each!(I in [0 1 2 3 4 5 6 7 8] {
            columns[2 * I] += times(avx2, a[I], a[I]);
            each!(J in [1 2 3 4 5 6 7 8] {
                if I < J {
                    columns[I + J] += times(avx2, a[I], doubled[J]);
                }
            });
        });
        montgomery(avx2, columns, p)
    }
);

/// The columns' value divided by `R`.
#[inline(always)]
fn montgomery(avx2: Avx2, mut columns: [Vector; 2 * LIMBS], p: &[u64; LIMBS]) -> [Vector; LIMBS] {
    each!(I in [0 1 2 3 4 5 6 7 8] {
        // The limb plus its factor is the limb rounded up to a multiple of 2^29.
        let factor = (Vector::splat(avx2, 0) - columns[I]) & MASK;
        columns[I + 1] += (columns[I] + MASK) >> BITS;
        each!(J in [1 2 3 4] {
            columns[I + J] += times(avx2, factor, Vector::splat(avx2, p[J]));
        });
        columns[I + 8] += factor << TOP;
    });
    carried(limbs!(I => columns[LIMBS + I]))
}

/// The same value with all limbs but the highest below `2^29`.
#[inline(always)]
fn carried(mut limbs: [Vector; LIMBS]) -> [Vector; LIMBS] {
    each!(I in [0 1 2 3 4 5 6 7] {
        limbs[I + 1] += limbs[I] >> BITS;
        limbs[I] &= MASK;
    });
    limbs
}

kernel!(
    /// What is above `2^254` goes back as `−t` for each; `p` keeps the value positive. Lower limbs below `2^35` are worth less than
    /// `64·2^232`, so that without carrying them first at most `p` is left to which `p` is added.
    pub(super) fn reduced(avx2: Avx2, limbs: &[u64x4<Avx2>; LIMBS], modulus: &Modulus) -> [u64x4<Avx2>; LIMBS] {
        let mut limbs = *limbs;
        let above = (limbs[8] + 64) >> TOP;
        each!(I in [0 1 2 3 4 5 6 7 8] {
            limbs[I] += modulus.raised[I];
        });
        each!(I in [0 1 2 3 4] {
            limbs[I] -= times(avx2, above, Vector::splat(avx2, modulus.p[I]));
        });
        limbs[8] -= above << TOP;
        carried(limbs)
    }
);
