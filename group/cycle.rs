//! The Pasta cycle: two curves `y² = x³ + 5` of prime order, each over the other's scalar field.
//!
//! | curve | coordinates | scalars |
//! |---|---|---|
//! | [`Vesta`]: commitments, proofs | `Fq` | `Fp` |
//! | [`Pallas`] | `Fp` | `Fq` |
//!
//! What adds points is written once, over [`Curve`]; what computes with coordinates, over [`PastaField`]. Where nothing is said, the
//! curve is Vesta. The cycle is Zcash's (Hopwood 2020, <https://electriccoin.co/blog/the-pasta-curves-for-halo-2-and-beyond/>).

use ff::{FromUniformBytes, PrimeField, WithSmallOrderMulGroup};
use group::GroupEncoding;
use pasta_curves::arithmetic::{CurveAffine, VartimeField};
use pasta_curves::deferred::DeferredField;
use pasta_curves::glv::GlvParams;
use pasta_curves::{Fp, Fq};
use zeroize::Zeroize;

/// Pallas, by its affine points.
pub use pasta_curves::EpAffine as Pallas;
/// Vesta, by its affine points.
pub use pasta_curves::EqAffine as Vesta;

/// A curve of the cycle, by its affine points.
///
/// No point has `x = 0`, since 5 is a square in neither field: `(0, 0)` stands for the identity. The endomorphism
/// `(x, y) ↦ (ζ·x, y)` multiplies by the scalar field's `ζ`; [`GlvParams`] has the lattice that halves a scalar with it.
pub trait Curve: CurveAffine<Base: PastaField, ScalarExt: PastaField, CurveExt: GlvParams> + GroupEncoding<Repr = [u8; 32]> {
    /// The label under which generators are hashed to this curve.
    const GENERATORS: &'static str;

    /// The point with these coordinates, of which the caller knows that they are one's, or zeros.
    fn from_xy_unchecked(x: Self::Base, y: Self::Base) -> Self;
}

/// A field of the cycle: its modulus is `2^254 + t` with `t < 2^126` and `t ≡ 1 mod 2^32`.
pub trait PastaField:
    PrimeField<Repr = [u8; 32]> + WithSmallOrderMulGroup<3> + FromUniformBytes<64> + VartimeField + DeferredField + Zeroize + Ord
{
    /// The modulus in little-endian words.
    const MODULUS_WORDS: [u64; 4];
    /// `2^261`: the factor of Montgomery's form in nine limbs of 29 bits, which vectors compute with.
    const RADIX_29: Self;
    /// `2^-261`.
    const RADIX_29_INVERSE: Self;
    /// `2^260`: the same in five limbs of 52 bits.
    const RADIX_52: Self;
    /// `2^-260`.
    const RADIX_52_INVERSE: Self;

    /// The integer in these little-endian words, reduced.
    fn from_words(words: [u64; 4]) -> Self;
}

impl Curve for Vesta {
    const GENERATORS: &'static str = "zkimg-generators-v1";

    fn from_xy_unchecked(x: Fq, y: Fq) -> Vesta {
        Vesta::from_xy_unchecked(x, y)
    }
}

impl Curve for Pallas {
    const GENERATORS: &'static str = "zkimg-generators-pallas-v1";

    fn from_xy_unchecked(x: Fp, y: Fp) -> Pallas {
        Pallas::from_xy_unchecked(x, y)
    }
}

impl PastaField for Fp {
    const MODULUS_WORDS: [u64; 4] = [0x992d_30ed_0000_0001, 0x2246_98fc_094c_f91b, 0, 0x4000_0000_0000_0000];
    const RADIX_29: Fp = Fp::from_raw(doubled(261, &Self::MODULUS_WORDS));
    const RADIX_29_INVERSE: Fp = Fp::from_raw(halved(261, &Self::MODULUS_WORDS));
    const RADIX_52: Fp = Fp::from_raw(doubled(260, &Self::MODULUS_WORDS));
    const RADIX_52_INVERSE: Fp = Fp::from_raw(halved(260, &Self::MODULUS_WORDS));

    fn from_words(words: [u64; 4]) -> Fp {
        Fp::from_raw(words)
    }
}

impl PastaField for Fq {
    const MODULUS_WORDS: [u64; 4] = [0x8c46_eb21_0000_0001, 0x2246_98fc_0994_a8dd, 0, 0x4000_0000_0000_0000];
    const RADIX_29: Fq = Fq::from_raw(doubled(261, &Self::MODULUS_WORDS));
    const RADIX_29_INVERSE: Fq = Fq::from_raw(halved(261, &Self::MODULUS_WORDS));
    const RADIX_52: Fq = Fq::from_raw(doubled(260, &Self::MODULUS_WORDS));
    const RADIX_52_INVERSE: Fq = Fq::from_raw(halved(260, &Self::MODULUS_WORDS));

    fn from_words(words: [u64; 4]) -> Fq {
        Fq::from_raw(words)
    }
}

/// `2^times` modulo `p`.
pub(crate) const fn doubled(times: usize, p: &[u64; 4]) -> [u64; 4] {
    let mut value = [1, 0, 0, 0];
    let mut done = 0;
    while done < times {
        // Below 2p, and so below 2^256.
        let double = plus(&value, &value);
        value = match minus(&double, p) {
            Some(less) => less,
            None => double,
        };
        done += 1;
    }
    value
}

/// `2^-times` modulo `p`, which is odd.
const fn halved(times: usize, p: &[u64; 4]) -> [u64; 4] {
    let mut value = [1, 0, 0, 0];
    let mut done = 0;
    while done < times {
        let even = if value[0] & 1 == 0 { value } else { plus(&value, p) };
        let mut i = 0;
        while i < 4 {
            value[i] = even[i] >> 1 | if i < 3 { even[i + 1] << 63 } else { 0 };
            i += 1;
        }
        done += 1;
    }
    value
}

/// The sum of two integers whose sum is below `2^256`.
const fn plus(a: &[u64; 4], b: &[u64; 4]) -> [u64; 4] {
    let mut sum = [0; 4];
    let mut carry = false;
    let mut i = 0;
    while i < 4 {
        let (partial, over) = a[i].overflowing_add(b[i]);
        let (limb, more) = partial.overflowing_add(carry as u64);
        (sum[i], carry) = (limb, over | more);
        i += 1;
    }
    sum
}

/// The difference of two integers, if it is not negative.
const fn minus(a: &[u64; 4], b: &[u64; 4]) -> Option<[u64; 4]> {
    let mut difference = [0; 4];
    let mut borrow = false;
    let mut i = 0;
    while i < 4 {
        let (partial, under) = a[i].overflowing_sub(b[i]);
        let (limb, more) = partial.overflowing_sub(borrow as u64);
        (difference[i], borrow) = (limb, under | more);
        i += 1;
    }
    if borrow { None } else { Some(difference) }
}

/// Runs tests that are functions `fn name<C: Curve>()` on each curve of the cycle.
#[cfg(test)]
macro_rules! on_both_curves {
    ($($name:ident),* $(,)?) => {
        mod vesta {
            $(#[test]
            fn $name() {
                super::$name::<$crate::cycle::Vesta>();
            })*
        }

        mod pallas {
            $(#[test]
            fn $name() {
                super::$name::<$crate::cycle::Pallas>();
            })*
        }
    };
}

#[cfg(test)]
pub(crate) use on_both_curves;

#[cfg(test)]
mod tests {
    use super::*;
    use ff::Field;

    on_both_curves!(the_constants_are_what_they_say, zeros_stand_for_the_identity);

    fn the_constants_are_what_they_say<C: Curve>() {
        constants_of::<C::Base>();
        constants_of::<C::ScalarExt>();
    }

    fn constants_of<F: PastaField>() {
        let [a, b, c, d] = F::MODULUS_WORDS;
        assert_eq!(format!("0x{d:016x}{c:016x}{b:016x}{a:016x}"), F::MODULUS);
        assert_eq!(F::RADIX_29, F::from(2).pow([261]));
        assert_eq!(F::RADIX_29 * F::RADIX_29_INVERSE, F::ONE);
        assert_eq!(F::RADIX_52, F::from(2).pow([260]));
        assert_eq!(F::RADIX_52 * F::RADIX_52_INVERSE, F::ONE);
        assert_eq!(F::from_words([7, 0, 1, 0]), F::from(7) + F::from(2).pow([128]));
        assert_eq!(F::from_words(F::MODULUS_WORDS), F::ZERO);
    }

    fn zeros_stand_for_the_identity<C: Curve>() {
        assert_eq!(C::a(), C::Base::ZERO);
        assert!(bool::from(C::b().sqrt().is_none()), "x = 0 would be a point's");
        assert_eq!(C::from_xy_unchecked(C::Base::ZERO, C::Base::ZERO), C::identity());
    }
}
