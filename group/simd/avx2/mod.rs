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
//!   brought down before, below `2^254·32`, which reducing takes.

mod limbs;

use super::Lanes;
use super::radix::{places, split};
use crate::cycle::PastaField;
use fearless_simd::{Avx2, Level, mask64x4, prelude::*};
use limbs::{
    BITS, LIMBS, MASK, Modulus, Sum, Vector, add_product, four_limbs, limbs, narrowed, product, reduced, square, sum_of_products, total,
    transposed, widened,
};
use std::array::from_fn;
use std::marker::PhantomData;
use zeroize::Zeroize;

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
