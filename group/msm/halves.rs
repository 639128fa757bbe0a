//! Scalars of half the length, by the curve's endomorphism `(x, y) ↦ (ζ·x, y)` (Gallant, Lambert, Vanstone 2001).

use crate::field::{Affine, F};
use ff::{PrimeField, WithSmallOrderMulGroup};
use pasta_curves::arithmetic::{Coordinates, CurveAffine};
use pasta_curves::glv::GlvParams;
use pasta_curves::{Fq, vesta};

/// An integer: whether it is negative, and its size in little-endian limbs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signed {
    pub(super) negative: bool,
    pub(super) limbs: [u64; 4],
}

impl Signed {
    /// The canonical integer of a field element.
    pub(super) fn canonical(k: &F) -> Signed {
        let repr = k.to_repr();
        let (words, _) = repr.as_chunks::<8>();
        Signed { negative: false, limbs: std::array::from_fn(|i| u64::from_le_bytes(words[i])) }
    }

    /// The length of its size.
    pub(super) fn bits(&self) -> usize {
        let top = self.limbs.iter().rposition(|limb| *limb != 0);
        top.map_or(0, |i| 64 * i + self.limbs[i].ilog2() as usize + 1)
    }

    /// The field element.
    #[cfg(test)]
    pub(super) fn value(&self) -> F {
        let size = F::from_raw(self.limbs);
        if self.negative { -size } else { size }
    }
}

/// `k = k₁ + λ·k₂` with halves of at most 128 bits, by Babai's rounding; exact whatever the rounding does.
pub(super) fn halves(k: &F) -> [Signed; 2] {
    let bits = Signed::canonical(k).limbs;
    let field = |n: u128| F::from_u128(n);
    let c1 = field(times_shifted(&vesta::Point::G1, &bits));
    let c2 = field(times_shifted(&vesta::Point::G2, &bits));
    let k2 = c1 * field(vesta::Point::V1B_NEG) - c2 * field(vesta::Point::V2B);
    let k1 = *k - k2 * F::ZETA;
    [k1, k2].map(|half| {
        let [plus, minus] = [half, -half].map(|half| Signed::canonical(&half));
        if plus.limbs[3] <= minus.limbs[3] { plus } else { Signed { negative: true, ..minus } }
    })
}

/// `λ·P`: what the second half of a scalar multiplies.
pub(super) fn turned(point: &Affine) -> Affine {
    let finite: Option<Coordinates<Affine>> = point.coordinates().into();
    finite.map_or_else(Affine::default, |at| Affine::from_xy_unchecked(*at.x() * Fq::ZETA, *at.y()))
}

/// `⌊g·k / 2^384⌋`.
fn times_shifted(g: &[u64; 5], k: &[u64; 4]) -> u128 {
    let mut product = [0u64; 9];
    for (i, a) in g.iter().enumerate() {
        let mut carry = 0;
        for (j, b) in k.iter().enumerate() {
            let sum = u128::from(product[i + j]) + u128::from(*a) * u128::from(*b) + carry;
            product[i + j] = sum as u64;
            carry = sum >> 64;
        }
        product[i + 4] = carry as u64;
    }
    u128::from(product[6]) | u128::from(product[7]) << 64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Point, hash_to_field};
    use crate::generators::Generators;
    use ff::Field;
    use group::CurveAffine as _;

    #[test]
    fn halves_are_short_and_make_up_the_scalar() {
        let mut all: Vec<F> = (0..200u32).map(|i| hash_to_field("k", &i.to_le_bytes())).collect();
        all.extend([F::ZERO, F::ONE, -F::ONE, F::ZETA, -F::ZETA]);
        for k in all {
            let [k1, k2] = halves(&k);
            assert!(k1.bits() <= 128 && k2.bits() <= 128, "as short as promised");
            assert_eq!(k1.value() + k2.value() * F::ZETA, k);
        }
    }

    #[test]
    fn a_turned_point_is_a_multiple() {
        let points = &Generators::load().expect("generators").rows(4)[..4];
        for point in points {
            assert_eq!(Point::from(turned(point)), Point::from(*point) * F::ZETA);
        }
        assert_eq!(turned(&Affine::identity()), Affine::identity());
    }
}
