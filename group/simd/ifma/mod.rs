//! Eight elements in vectors of eight 64-bit integers, a limb of 52 bits in each: Montgomery's form with `R = 2^260`.
//!
//! The instructions (AVX-512 IFMA) add the lower or the upper 52 bits of a product of two limbs to a column of 64 bits (Gueron–Krasnov
//! 2016, Drucker–Gueron 2019). Of `p = 2^254 + t` the limbs are three of `t`, zero, and `2^46`.
//!
//! What holds of the types, and why nothing overflows:
//!
//! - *in memory*: a value of at most `2p`, in four words, a lane beside the next;
//! - *reduced*: a value below `2p` in limbs below `2^52`;
//! - *loose*: a value below `8p` in limbs below `2^52`; a difference is taken from a multiple of `p` written with large limbs, and carried;
//! - a column of a product sums ten halves, of two products twenty, and as many of the reduction: below `2^52·2^6`;
//! - a product's value is at most `8p·2p/R + p < 1.3p`, that of two `1.6p`, as `R > 63p`;
//! - a [`Sum`] takes 256 products of loose and reduced values: its columns stay below `2^63.5`, and its value divided by `R` below `68p`.

mod limbs;

use super::Lanes;
use super::radix::{places, split};
use crate::cycle::PastaField;
use fearless_simd::{Avx512, Level, mask64x8, prelude::*};
use limbs::{BITS, LIMBS, Modulus, Sum, Vector, carried, limbs, limbs_of, multiply, product, reduced, sum_of_products, total, transposed};
use std::array::from_fn;
use std::marker::PhantomData;
use zeroize::Zeroize;

/// How many products a [`Sum`] takes before its columns are brought down.
const FULL: u32 = 256;

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
        Reduced(limbs_of(self.avx512, places!(I => several.0[I].simd_into(self.avx512); 0 1 2 3)))
    }

    #[inline(always)]
    fn store(self, reduced: &Reduced) -> Several {
        let [a, b, c, d, e] = reduced.0;
        let words = [a | b << 52, b >> 12 | c << 40, c >> 24 | d << 28, d >> 36 | e << 16];
        Several(places!(I => words[I].into(); 0 1 2 3))
    }

    #[inline(always)]
    fn gather(self, ones: &[[u64; 4]], at: impl Fn(usize) -> usize) -> Reduced {
        let rows = places!(I => ones[at(I)].simd_into(self.avx512); 0 1 2 3 4 5 6 7);
        Reduced(limbs_of(self.avx512, transposed(self.avx512, &rows)))
    }

    #[inline(always)]
    fn integers(self, at: impl Fn(usize) -> u32) -> Reduced {
        let zero = Vector::splat(self.avx512, 0);
        let integers = places!(I => u64::from(at(I)); 0 1 2 3 4 5 6 7).simd_into(self.avx512);
        let square = Reduced(limbs!(I => Vector::splat(self.avx512, Self::MODULUS.square[I])));
        self.product(&Loose([integers, zero, zero, zero, zero]), &square)
    }

    #[inline(always)]
    fn unzip(self, low: &Reduced, high: &Reduced) -> (Reduced, Reduced) {
        (Reduced(limbs!(I => low.0[I].unzip_low(high.0[I]))), Reduced(limbs!(I => low.0[I].unzip_high(high.0[I]))))
    }

    #[inline(always)]
    fn splat(self, element: &F) -> Reduced {
        let one: [u64; LIMBS] = split(&Self::pack(element), BITS);
        Reduced(limbs!(I => Vector::splat(self.avx512, one[I])))
    }

    #[inline(always)]
    fn select(self, bits: u8, a: &Loose, b: &Loose) -> Loose {
        let mask = mask64x8::from_bitmask(self.avx512, bits.into());
        Loose(limbs!(I => mask.select(a.0[I], b.0[I])))
    }

    #[inline(always)]
    fn sum_where(self, bits_a: u8, a: &Reduced, bits_b: u8, b: &Reduced) -> Loose {
        let [of_a, of_b] = [mask64x8::from_bitmask(self.avx512, bits_a.into()), mask64x8::from_bitmask(self.avx512, bits_b.into())];
        let zero = Vector::splat(self.avx512, 0);
        Loose(carried(limbs!(I => of_a.select(a.0[I], zero) + of_b.select(b.0[I], zero))))
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
