//! Four elements in vectors of four 64-bit integers, a limb of 29 bits in each: Montgomery's form with `R = 2^261`.
//!
//! `p = 2^254 + t` with `t < 2^126` and `p ≡ 1 mod 2^32` is either modulus of the cycle. Of `p`'s nine limbs the lowest is one, the
//! next four make up `t`, and the highest is `2^22`: a step of the reduction (Montgomery 1985) takes four products and a shift, and the
//! factor that clears a limb is the limb's negative.
//!
//! What holds of the types, and why nothing overflows:
//!
//! - *reduced*: a value of at most `2p` in limbs below `2^29`, the highest at most `2^23`;
//! - *loose*: a value below `2^258` in limbs below `3·2^30`; a difference is taken from `8p` written with large limbs ([`Modulus::eight`]);
//! - a column of a product sums nine products below `3·2^59`, four below `2^57` and a carry: below `2^64`;
//! - a product's value is at most `2^258·2p/R + p < 2p`, that of two `2·2^258·2p/R + p < 2p`;
//! - where products are summed before they are reduced, the loose ones are carried first: a column takes nine products below `2^58` of
//!   each, so six times that, four of the reduction's below `2^58` and carries stay below `2^64`;
//! - a [`Sum`] is carried after six products and brought down after ninety-six, whose value divided by `R` is below `25p`: with what was
//!   brought down before, below `2^254·32`, which [`reduced`] takes.

use super::Lanes;
use super::radix::{each, places, raised, split};
use crate::cycle::{PastaField, doubled};
use fearless_simd::{Avx2, Level, kernel, mask64x4, prelude::*, u32x4, u64x4};
use std::arch::x86_64::{
    _mm256_castsi256_si128, _mm256_cvtepu32_epi64, _mm256_mul_epu32, _mm256_permute2x128_si256, _mm256_permutevar8x32_epi32,
    _mm256_setr_epi32, _mm256_unpackhi_epi64, _mm256_unpacklo_epi64,
};
use std::array::from_fn;
use std::marker::PhantomData;
use zeroize::Zeroize;

const LIMBS: usize = 9;
const BITS: u32 = 29;
const MASK: u64 = (1 << BITS) - 1;
/// Bits of a reduced value's highest limb below `2^254`.
const TOP: u32 = 22;
/// How many products the columns of a [`Sum`] take before they are carried, and before they are brought down.
const FULL: [u32; 2] = [6, 96];

/// A modulus `p` and multiples of it, in limbs.
#[derive(Debug)]
struct Modulus {
    p: [u64; LIMBS],
    /// `R²`, whose product with an integer is the integer in Montgomery's form.
    square: [u64; LIMBS],
    /// `8p`, its lower limbs raised by `2^31`: no limb is less than two reduced ones together.
    eight: [u64; LIMBS],
    /// `p`, its lower limbs raised by `2^34`, which 32 times a limb of `p` does not exceed.
    raised: [u64; LIMBS],
}

impl Modulus {
    const fn new(words: &[u64; 4]) -> Modulus {
        let p = split(words, BITS);
        assert!(matches!(p, [1, _, _, _, ..1024, 0, 0, 0, 0x40_0000]), "2^254 + t with t below 2^126 and 1 modulo 2^29");
        let square = split(&doubled(2 * BITS as usize * LIMBS, words), BITS);
        Modulus { p, square, eight: raised(&p, BITS, 8, 1 << 31), raised: raised(&p, BITS, 1, 1 << 34) }
    }
}

type Vector = u64x4<Avx2>;

/// The limbs that an expression gives, one for each place.
macro_rules! limbs {
    ($i:ident => $limb:expr) => {
        places!($i => $limb; 0 1 2 3 4 5 6 7 8)
    };
}

/// Vectors of AVX2.
#[derive(Clone, Copy, Debug)]
pub struct Avx2Lanes<F> {
    avx2: Avx2,
    field: PhantomData<F>,
}

impl<F: PastaField> Avx2Lanes<F> {
    const MODULUS: &'static Modulus = &Modulus::new(&F::MODULUS_WORDS);

    /// `None` if the processor has no such vectors.
    pub fn detect() -> Option<Avx2Lanes<F>> {
        Level::new().as_avx2().map(|avx2| Avx2Lanes { avx2, field: PhantomData })
    }
}

/// Four elements in memory: limb by limb, a lane beside the next.
#[derive(Clone, Copy, Debug, Default)]
pub struct Several([[u32; 4]; LIMBS]);

impl Zeroize for Several {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct Reduced([Vector; LIMBS]);

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct Loose([Vector; LIMBS]);

/// Products that are reduced together.
#[derive(Clone, Copy, Debug)]
pub struct Sum {
    columns: [Vector; 2 * LIMBS],
    /// How many products the columns hold.
    held: u32,
    /// What was brought down before.
    before: [Vector; LIMBS],
}

impl<F: PastaField> Lanes for Avx2Lanes<F> {
    const WIDTH: usize = 4;
    type Field = F;
    type One = [u32; LIMBS];
    type Several = Several;
    type Reduced = Reduced;
    type Loose = Loose;
    type Sum = Sum;

    #[inline(always)]
    fn run<T>(self, f: impl FnOnce() -> T) -> T {
        self.avx2.vectorize(f)
    }

    fn pack(element: &F) -> [u32; LIMBS] {
        let repr = (*element * F::RADIX_29).to_repr();
        let (words, _) = repr.as_chunks::<8>();
        split(&from_fn(|i| u64::from_le_bytes(words[i])), BITS).map(|limb| limb as u32)
    }

    fn unpack(one: &[u32; LIMBS]) -> F {
        let mut words = [0u64; 4];
        for (i, limb) in one.iter().enumerate() {
            let (word, bit) = (i * BITS as usize / 64, i * BITS as usize % 64);
            words[word] |= u64::from(*limb) << bit;
            if bit > 64 - BITS as usize && word < 3 {
                words[word + 1] |= u64::from(*limb) >> (64 - bit);
            }
        }
        F::from_words(words) * F::RADIX_29_INVERSE
    }

    /// `2p − a`, limb by limb with a borrow.
    fn negated(one: &[u32; LIMBS]) -> [u32; LIMBS] {
        let mut carry = 0;
        from_fn(|i| {
            let limb = (2 * Self::MODULUS.p[i]).cast_signed() - i64::from(one[i]) + carry;
            if i == LIMBS - 1 {
                return limb as u32;
            }
            carry = limb >> BITS;
            (limb & MASK.cast_signed()) as u32
        })
    }

    fn is_zero(one: &[u32; LIMBS]) -> bool {
        one.iter().fold(0, |any, limb| any | limb) == 0
    }

    #[inline(always)]
    fn set(several: &mut Several, lane: usize, one: &[u32; LIMBS]) {
        several.0.iter_mut().zip(one).for_each(|(limbs, limb)| limbs[lane] = *limb);
    }

    #[inline(always)]
    fn get(several: &Several, lane: usize) -> [u32; LIMBS] {
        several.0.map(|limbs| limbs[lane])
    }

    #[inline(always)]
    fn load(self, several: &Several) -> Reduced {
        Reduced(limbs!(I => widened(self.avx2, several.0[I].simd_into(self.avx2))))
    }

    #[inline(always)]
    fn store(self, reduced: &Reduced) -> Several {
        Several(limbs!(I => narrowed(self.avx2, reduced.0[I]).into()))
    }

    #[inline(always)]
    fn gather(self, ones: &[[u32; LIMBS]], at: impl Fn(usize) -> usize) -> Reduced {
        let rows = [&ones[at(0)], &ones[at(1)], &ones[at(2)], &ones[at(3)]];
        let [a, b, c, d] = transposed(
            self.avx2,
            [
                four_limbs(self.avx2, rows[0], 0),
                four_limbs(self.avx2, rows[1], 0),
                four_limbs(self.avx2, rows[2], 0),
                four_limbs(self.avx2, rows[3], 0),
            ],
        );
        let [e, f, g, h] = transposed(
            self.avx2,
            [
                four_limbs(self.avx2, rows[0], 4),
                four_limbs(self.avx2, rows[1], 4),
                four_limbs(self.avx2, rows[2], 4),
                four_limbs(self.avx2, rows[3], 4),
            ],
        );
        let last = widened(self.avx2, [rows[0][8], rows[1][8], rows[2][8], rows[3][8]].simd_into(self.avx2));
        Reduced([a, b, c, d, e, f, g, h, last])
    }

    #[inline(always)]
    fn integers(self, at: impl Fn(usize) -> u32) -> Reduced {
        let integers = [at(0), at(1), at(2), at(3)];
        let mut limbs = [Vector::splat(self.avx2, 0); LIMBS];
        limbs[0] = widened(self.avx2, integers.map(|integer| integer & MASK as u32).simd_into(self.avx2));
        limbs[1] = widened(self.avx2, integers.map(|integer| integer >> BITS).simd_into(self.avx2));
        let square = Reduced(limbs!(I => Vector::splat(self.avx2, Self::MODULUS.square[I])));
        self.product(&Loose(limbs), &square)
    }

    #[inline(always)]
    fn unzip(self, low: &Reduced, high: &Reduced) -> (Reduced, Reduced) {
        (Reduced(limbs!(I => low.0[I].unzip_low(high.0[I]))), Reduced(limbs!(I => low.0[I].unzip_high(high.0[I]))))
    }

    fn splat(self, element: &F) -> Reduced {
        let one = Self::pack(element);
        Reduced(limbs!(I => Vector::splat(self.avx2, one[I].into())))
    }

    #[inline(always)]
    fn select(self, bits: u8, a: &Loose, b: &Loose) -> Loose {
        let mask = mask64x4::from_bitmask(self.avx2, bits.into());
        Loose(limbs!(I => mask.select(a.0[I], b.0[I])))
    }

    #[inline(always)]
    fn sum_where(self, bits_a: u8, a: &Reduced, bits_b: u8, b: &Reduced) -> Loose {
        let [of_a, of_b] = [mask64x4::from_bitmask(self.avx2, bits_a.into()), mask64x4::from_bitmask(self.avx2, bits_b.into())];
        let zero = Vector::splat(self.avx2, 0);
        Loose(limbs!(I => of_a.select(a.0[I], zero) + of_b.select(b.0[I], zero)))
    }

    #[inline(always)]
    fn product(self, a: &Loose, b: &Reduced) -> Reduced {
        Reduced(product(self.avx2, &a.0, &b.0, &Self::MODULUS.p))
    }

    #[inline(always)]
    fn square(self, a: &Reduced) -> Reduced {
        Reduced(square(self.avx2, &a.0, &Self::MODULUS.p))
    }

    #[inline(always)]
    fn sum_of_products(self, a: &Loose, b: &Reduced, c: &Loose, d: &Reduced) -> Reduced {
        Reduced(sum_of_products(self.avx2, [&a.0, &c.0], [&b.0, &d.0], &Self::MODULUS.p))
    }

    #[inline(always)]
    fn nothing(self) -> Sum {
        let zero = Vector::splat(self.avx2, 0);
        Sum { columns: [zero; 2 * LIMBS], held: 0, before: [zero; LIMBS] }
    }

    #[inline(always)]
    fn add_product(self, sum: &mut Sum, a: &Loose, b: &Reduced) {
        add_product(self.avx2, sum, &a.0, &b.0, Self::MODULUS);
    }

    #[inline(always)]
    fn total(self, sum: &Sum) -> Reduced {
        Reduced(total(self.avx2, sum, Self::MODULUS))
    }

    #[inline(always)]
    fn loose(self, a: &Reduced) -> Loose {
        Loose(a.0)
    }

    #[inline(always)]
    fn double(self, a: &Reduced) -> Loose {
        Loose(limbs!(I => a.0[I] + a.0[I]))
    }

    #[inline(always)]
    fn triple(self, a: &Reduced) -> Loose {
        Loose(limbs!(I => a.0[I] + a.0[I] + a.0[I]))
    }

    #[inline(always)]
    fn sum(self, a: &Reduced, b: &Reduced) -> Loose {
        Loose(limbs!(I => a.0[I] + b.0[I]))
    }

    #[inline(always)]
    fn difference(self, a: &Reduced, b: &Reduced) -> Loose {
        Loose(limbs!(I => a.0[I] + Self::MODULUS.eight[I] - b.0[I]))
    }

    #[inline(always)]
    fn difference_of_both(self, a: &Reduced, b: &Reduced, c: &Reduced) -> Loose {
        Loose(limbs!(I => a.0[I] + Self::MODULUS.eight[I] - b.0[I] - c.0[I]))
    }

    #[inline(always)]
    fn reduced(self, a: &Loose) -> Reduced {
        Reduced(reduced(self.avx2, &a.0, Self::MODULUS))
    }
}

kernel!(
    #[inline(always)]
    fn widened(avx2: Avx2, limbs: u32x4<Avx2>) -> u64x4<Avx2> {
        _mm256_cvtepu32_epi64(limbs.into()).simd_into(avx2)
    }
);

kernel!(
    #[inline(always)]
    fn narrowed(avx2: Avx2, limbs: u64x4<Avx2>) -> u32x4<Avx2> {
        let low_halves = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
        _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(limbs.into(), low_halves)).simd_into(avx2)
    }
);

/// Limbs of one element, from the `i`th on.
#[inline(always)]
fn four_limbs(avx2: Avx2, row: &[u32; LIMBS], i: usize) -> Vector {
    widened(avx2, [row[i], row[i + 1], row[i + 2], row[i + 3]].simd_into(avx2))
}

kernel!(
    /// Four rows of four limbs as four limbs of four lanes.
    #[inline(always)]
    fn transposed(avx2: Avx2, rows: [u64x4<Avx2>; 4]) -> [u64x4<Avx2>; 4] {
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
    fn product(avx2: Avx2, a: &[u64x4<Avx2>; LIMBS], b: &[u64x4<Avx2>; LIMBS], p: &[u64; LIMBS]) -> [u64x4<Avx2>; LIMBS] {
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
    fn sum_of_products(
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
    fn add_product(avx2: Avx2, sum: &mut Sum, a: &[u64x4<Avx2>; LIMBS], b: &[u64x4<Avx2>; LIMBS], modulus: &Modulus) {
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
    fn total(avx2: Avx2, sum: &Sum, modulus: &Modulus) -> [u64x4<Avx2>; LIMBS] {
        let mut limbs = montgomery(avx2, sum.columns, &modulus.p);
        each!(I in [0 1 2 3 4 5 6 7 8] {
            limbs[I] += sum.before[I];
        });
        reduced(avx2, &limbs, modulus)
    }
);

kernel!(
    /// `a²/R`.
    fn square(avx2: Avx2, a: &[u64x4<Avx2>; LIMBS], p: &[u64; LIMBS]) -> [u64x4<Avx2>; LIMBS] {
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
    fn reduced(avx2: Avx2, limbs: &[u64x4<Avx2>; LIMBS], modulus: &Modulus) -> [u64x4<Avx2>; LIMBS] {
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
