//! Eight elements in vectors of eight 64-bit integers, a limb of 52 bits in each: Montgomery's form with `R = 2^260`.
//!
//! The instructions (AVX-512 IFMA) add the lower or the upper 52 bits of a product of two limbs to a column of 64 bits (Gueron–Krasnov
//! 2016, Drucker–Gueron 2019). Of `p = 2^254 + t` the limbs are three of `t`, zero, and `2^46`.
//!
//! What holds of the types, and why nothing overflows:
//!
//! - *in memory*: a value below `2p`, in four words, a lane beside the next;
//! - *reduced*: a value below `2p` in limbs below `2^52`;
//! - *loose*: a value below `8p` in limbs below `2^52`; a difference is taken from a multiple of `p` written with large limbs, and carried;
//! - a column of a product sums ten halves, of two products twenty, and as many of the reduction: below `2^52·2^6`;
//! - a product's value is at most `8p·2p/R + p < 1.3p`, that of two `1.6p`, as `R > 63p`;
//! - a [`Sum`] takes [`FULL`] products of loose and reduced values: its columns stay below `2^63.5`, and its value divided by `R` below `68p`.

use super::Lanes;
use crate::cycle::{PastaField, doubled};
use fearless_simd::{Avx512, Level, kernel, mask64x8, prelude::*, u64x4, u64x8};
use std::arch::x86_64::{
    _mm512_castsi256_si512, _mm512_inserti64x4, _mm512_madd52hi_epu64, _mm512_madd52lo_epu64, _mm512_permutex2var_epi64, _mm512_setr_epi64,
    _mm512_shrdi_epi64, _mm512_unpackhi_epi64, _mm512_unpacklo_epi64,
};
use std::array::from_fn;
use std::marker::PhantomData;
use zeroize::Zeroize;

const LIMBS: usize = 5;
const BITS: u32 = 52;
const MASK: u64 = (1 << BITS) - 1;
/// Bits of the highest limb below `2^254`.
const TOP: u32 = 46;
/// How many products a [`Sum`] takes before its columns are brought down.
const FULL: u32 = 256;

type Vector = u64x8<Avx512>;

/// A modulus `p`, and multiples of it whose lower limbs are raised by `2^53`, so that no limb of what is subtracted exceeds them.
#[derive(Debug)]
struct Modulus {
    p: [u64; LIMBS],
    /// `−1/p` modulo `2^52`.
    factor: u64,
    /// `R²`, whose product with an integer is the integer in Montgomery's form.
    square: [u64; LIMBS],
    one: [u64; LIMBS],
    two: [u64; LIMBS],
    four: [u64; LIMBS],
}

impl Modulus {
    const fn new(words: &[u64; 4]) -> Modulus {
        let p = split(words);
        assert!(p[3] == 0 && p[4] == 1 << TOP, "2^254 + t with t below 2^156");
        // Newton's iteration: each step doubles the bits that are right.
        let mut inverse = 1u64;
        let mut bits = 1;
        while bits < BITS {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(p[0].wrapping_mul(inverse)));
            bits *= 2;
        }
        let (factor, square) = (inverse.wrapping_neg() & MASK, split(&doubled(2 * BITS as usize * LIMBS, words)));
        Modulus { p, factor, square, one: raised(&p, 1), two: raised(&p, 2), four: raised(&p, 4) }
    }
}

/// Limbs of 52 bits.
const fn split(words: &[u64; 4]) -> [u64; LIMBS] {
    [
        words[0] & MASK,
        (words[0] >> 52 | words[1] << 12) & MASK,
        (words[1] >> 40 | words[2] << 24) & MASK,
        (words[2] >> 28 | words[3] << 36) & MASK,
        words[3] >> 16,
    ]
}

/// `factor·p` with every limb but the highest raised by `2^53`, which the limb above gives.
const fn raised(p: &[u64; LIMBS], factor: u64) -> [u64; LIMBS] {
    let mut limbs = *p;
    let mut carry = 0;
    let mut i = 0;
    while i < LIMBS {
        let limb = factor * p[i] + carry;
        let last = i == LIMBS - 1;
        carry = if last { 0 } else { limb >> BITS };
        let lent = if i == 0 { 0 } else { 2 };
        limbs[i] = if last { limb } else { (limb & MASK) + (2 << BITS) } - lent;
        i += 1;
    }
    limbs
}

/// Runs a block once for each number, as a constant: loops of this length are not unrolled otherwise.
macro_rules! each {
    ($i:ident in [$($n:literal)*] $body:block) => { $({ const $i: usize = $n; $body })* };
}

/// The limbs that an expression gives, one for each place. (The array's own methods would not be compiled for the vectors.)
macro_rules! limbs {
    ($i:ident => $limb:expr) => {
        limbs!($i => $limb; 0 1 2 3 4)
    };
    ($i:ident => $limb:expr; $($n:literal)*) => {
        [$({ const $i: usize = $n; $limb }),*]
    };
}

/// Vectors of AVX-512, with its products of 52 bits.
#[derive(Clone, Copy, Debug)]
pub struct IfmaLanes<F> {
    avx512: Avx512,
    field: PhantomData<F>,
}

impl<F: PastaField> IfmaLanes<F> {
    const MODULUS: &'static Modulus = &Modulus::new(&F::MODULUS_WORDS);

    /// `None` if the processor has no such vectors.
    pub fn detect() -> Option<IfmaLanes<F>> {
        Level::new().as_avx512().map(|avx512| IfmaLanes { avx512, field: PhantomData })
    }
}

/// Eight elements in memory: word by word, a lane beside the next.
#[derive(Clone, Copy, Debug, Default)]
pub struct Several([[u64; 8]; 4]);

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

impl<F: PastaField> Lanes for IfmaLanes<F> {
    const WIDTH: usize = 8;
    type Field = F;
    type One = [u64; 4];
    type Several = Several;
    type Reduced = Reduced;
    type Loose = Loose;
    type Sum = Sum;

    #[inline(always)]
    fn run<T>(self, f: impl FnOnce() -> T) -> T {
        self.avx512.vectorize(f)
    }

    fn pack(element: &F) -> [u64; 4] {
        words(&(*element * F::RADIX_52))
    }

    fn unpack(one: &[u64; 4]) -> F {
        F::from_words(*one) * F::RADIX_52_INVERSE
    }

    /// `2p − a`, word by word with a borrow.
    fn negated(one: &[u64; 4]) -> [u64; 4] {
        let p = &F::MODULUS_WORDS;
        let mut under = false;
        from_fn(|i| {
            let twice = p[i] << 1 | if i == 0 { 0 } else { p[i - 1] >> 63 };
            let (difference, first) = twice.overflowing_sub(one[i]);
            let (difference, second) = difference.overflowing_sub(u64::from(under));
            under = first | second;
            difference
        })
    }

    fn is_zero(one: &[u64; 4]) -> bool {
        *one == [0; 4]
    }

    #[inline(always)]
    fn set(several: &mut Several, lane: usize, one: &[u64; 4]) {
        several.0.iter_mut().zip(one).for_each(|(words, word)| words[lane] = *word);
    }

    #[inline(always)]
    fn get(several: &Several, lane: usize) -> [u64; 4] {
        several.0.map(|words| words[lane])
    }

    #[inline(always)]
    fn load(self, several: &Several) -> Reduced {
        Reduced(limbs_of(self.avx512, limbs!(I => several.0[I].simd_into(self.avx512); 0 1 2 3)))
    }

    #[inline(always)]
    fn store(self, reduced: &Reduced) -> Several {
        let [a, b, c, d, e] = reduced.0;
        let words = [a | b << 52, b >> 12 | c << 40, c >> 24 | d << 28, d >> 36 | e << 16];
        Several(limbs!(I => words[I].into(); 0 1 2 3))
    }

    #[inline(always)]
    fn gather(self, ones: &[[u64; 4]], at: impl Fn(usize) -> usize) -> Reduced {
        let rows = limbs!(I => ones[at(I)].simd_into(self.avx512); 0 1 2 3 4 5 6 7);
        Reduced(limbs_of(self.avx512, transposed(self.avx512, &rows)))
    }

    #[inline(always)]
    fn integers(self, at: impl Fn(usize) -> u32) -> Reduced {
        let zero = Vector::splat(self.avx512, 0);
        let integers = limbs!(I => u64::from(at(I)); 0 1 2 3 4 5 6 7).simd_into(self.avx512);
        let square = Reduced(limbs!(I => Vector::splat(self.avx512, Self::MODULUS.square[I])));
        self.product(&Loose([integers, zero, zero, zero, zero]), &square)
    }

    #[inline(always)]
    fn unzip(self, low: &Reduced, high: &Reduced) -> (Reduced, Reduced) {
        (Reduced(limbs!(I => low.0[I].unzip_low(high.0[I]))), Reduced(limbs!(I => low.0[I].unzip_high(high.0[I]))))
    }

    #[inline(always)]
    fn splat(self, element: &F) -> Reduced {
        let one = split(&Self::pack(element));
        Reduced(limbs!(I => Vector::splat(self.avx512, one[I])))
    }

    #[inline(always)]
    fn select(self, bits: u8, a: &Loose, b: &Loose) -> Loose {
        let mask = mask64x8::from_bitmask(self.avx512, bits.into());
        Loose(limbs!(I => mask.select(a.0[I], b.0[I])))
    }

    #[inline(always)]
    fn product(self, a: &Loose, b: &Reduced) -> Reduced {
        Reduced(product(self.avx512, &a.0, &b.0, Self::MODULUS))
    }

    #[inline(always)]
    fn square(self, a: &Reduced) -> Reduced {
        Reduced(product(self.avx512, &a.0, &a.0, Self::MODULUS))
    }

    #[inline(always)]
    fn sum_of_products(self, a: &Loose, b: &Reduced, c: &Loose, d: &Reduced) -> Reduced {
        Reduced(sum_of_products(self.avx512, &a.0, &b.0, &c.0, &d.0, Self::MODULUS))
    }

    #[inline(always)]
    fn nothing(self) -> Sum {
        let zero = Vector::splat(self.avx512, 0);
        Sum { columns: [zero; 2 * LIMBS], held: 0, before: [zero; LIMBS] }
    }

    #[inline(always)]
    fn add_product(self, sum: &mut Sum, a: &Loose, b: &Reduced) {
        if sum.held == FULL {
            *sum = Sum { before: total(self.avx512, sum, Self::MODULUS), ..self.nothing() };
        }
        multiply(self.avx512, &mut sum.columns, &a.0, &b.0);
        sum.held += 1;
    }

    #[inline(always)]
    fn total(self, sum: &Sum) -> Reduced {
        Reduced(total(self.avx512, sum, Self::MODULUS))
    }

    #[inline(always)]
    fn loose(self, a: &Reduced) -> Loose {
        Loose(a.0)
    }

    #[inline(always)]
    fn double(self, a: &Reduced) -> Loose {
        Loose(carried(limbs!(I => a.0[I] + a.0[I])))
    }

    #[inline(always)]
    fn triple(self, a: &Reduced) -> Loose {
        Loose(carried(limbs!(I => a.0[I] + a.0[I] + a.0[I])))
    }

    #[inline(always)]
    fn sum(self, a: &Reduced, b: &Reduced) -> Loose {
        Loose(carried(limbs!(I => a.0[I] + b.0[I])))
    }

    #[inline(always)]
    fn difference(self, a: &Reduced, b: &Reduced) -> Loose {
        Loose(carried(limbs!(I => a.0[I] + Self::MODULUS.two[I] - b.0[I])))
    }

    #[inline(always)]
    fn difference_of_both(self, a: &Reduced, b: &Reduced, c: &Reduced) -> Loose {
        Loose(carried(limbs!(I => a.0[I] + Self::MODULUS.four[I] - b.0[I] - c.0[I])))
    }

    #[inline(always)]
    fn reduced(self, a: &Loose) -> Reduced {
        Reduced(reduced(self.avx512, &a.0, Self::MODULUS))
    }
}

fn words<F: PastaField>(element: &F) -> [u64; 4] {
    let repr = element.to_repr();
    let (words, _) = repr.as_chunks::<8>();
    from_fn(|i| u64::from_le_bytes(words[i]))
}

kernel!(
    /// The limbs of what is in memory.
    #[inline(always)]
    fn limbs_of(avx512: Avx512, words: [u64x8<Avx512>; 4]) -> [u64x8<Avx512>; LIMBS] {
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
    fn transposed(avx512: Avx512, rows: &[u64x4<Avx512>; 8]) -> [u64x8<Avx512>; 4] {
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
    fn low(avx512: Avx512, sum: u64x8<Avx512>, a: u64x8<Avx512>, b: u64x8<Avx512>) -> u64x8<Avx512> {
        _mm512_madd52lo_epu64(sum.into(), a.into(), b.into()).simd_into(avx512)
    }
);

kernel!(
    /// `sum` plus the upper 52 bits of `a·b`.
    #[inline(always)]
    fn high(avx512: Avx512, sum: u64x8<Avx512>, a: u64x8<Avx512>, b: u64x8<Avx512>) -> u64x8<Avx512> {
        _mm512_madd52hi_epu64(sum.into(), a.into(), b.into()).simd_into(avx512)
    }
);

/// `a·b/R`.
#[inline(always)]
fn product(avx512: Avx512, a: &[Vector; LIMBS], b: &[Vector; LIMBS], modulus: &Modulus) -> [Vector; LIMBS] {
    let mut columns = [Vector::splat(avx512, 0); 2 * LIMBS];
    multiply(avx512, &mut columns, a, b);
    montgomery(avx512, columns, modulus)
}

/// `(a·b + c·d)/R`.
#[inline(always)]
fn sum_of_products(
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
fn multiply(avx512: Avx512, columns: &mut [Vector; 2 * LIMBS], a: &[Vector; LIMBS], b: &[Vector; LIMBS]) {
    each!(I in [0 1 2 3 4] {
        each!(J in [0 1 2 3 4] {
            columns[I + J] = low(avx512, columns[I + J], a[I], b[J]);
            columns[I + J + 1] = high(avx512, columns[I + J + 1], a[I], b[J]);
        });
    });
}

/// The columns' value divided by `R`.
#[inline(always)]
fn montgomery(avx512: Avx512, mut columns: [Vector; 2 * LIMBS], modulus: &Modulus) -> [Vector; LIMBS] {
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
fn carried(mut limbs: [Vector; LIMBS]) -> [Vector; LIMBS] {
    each!(I in [0 1 2 3] {
        limbs[I + 1] += limbs[I] >> BITS;
        limbs[I] &= MASK;
    });
    limbs
}

/// What is above `2^254` goes back as `−t` for each; `p` keeps the value positive. Takes values below `2^10·p`.
#[inline(always)]
fn reduced(avx512: Avx512, limbs: &[Vector; LIMBS], modulus: &Modulus) -> [Vector; LIMBS] {
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
fn total(avx512: Avx512, sum: &Sum, modulus: &Modulus) -> [Vector; LIMBS] {
    let mut limbs = montgomery(avx512, sum.columns, modulus);
    each!(I in [0 1 2 3 4] {
        limbs[I] += sum.before[I];
    });
    let limbs = carried(limbs);
    reduced(avx512, &limbs, modulus)
}
