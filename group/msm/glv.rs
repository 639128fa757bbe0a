//! Scalars of half the length, by the curve's endomorphism `(x, y) ↦ (ζ·x, y)` (Gallant, Lambert, Vanstone 2001).

use crate::cycle::{Curve, PastaField};
use ff::{PrimeField, WithSmallOrderMulGroup};
use pasta_curves::arithmetic::Coordinates;
use pasta_curves::glv::GlvParams;

/// An integer: whether it is negative, and its size in little-endian limbs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signed {
    pub(super) negative: bool,
    pub(super) limbs: [u64; 4],
}

impl Signed {
    /// The canonical integer of a field element.
    pub(super) fn canonical<F: PastaField>(k: &F) -> Signed {
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
    pub(super) fn value<F: PastaField>(&self) -> F {
        let size = F::from_words(self.limbs);
        if self.negative { -size } else { size }
    }
}

/// `k = k₁ + ζ·k₂` with halves of at most 128 bits, by Babai's rounding; exact whatever the rounding does.
pub(super) fn decompose<C: Curve>(k: &C::ScalarExt) -> [Signed; 2] {
    let bits = Signed::canonical(k).limbs;
    let field = |n: u128| C::ScalarExt::from_u128(n);
    let c1 = field(times_shifted(&C::CurveExt::G1, &bits));
    let c2 = field(times_shifted(&C::CurveExt::G2, &bits));
    let k2 = c1 * field(C::CurveExt::V1B_NEG) - c2 * field(C::CurveExt::V2B);
    let k1 = *k - k2 * C::ScalarExt::ZETA;
    [k1, k2].map(|half| {
        let [plus, minus] = [half, -half].map(|half| Signed::canonical(&half));
        if plus.limbs[3] <= minus.limbs[3] { plus } else { Signed { negative: true, ..minus } }
    })
}

/// `ζ·P`: what the second half of a scalar multiplies.
pub(super) fn endo<C: Curve>(point: &C) -> C {
    let finite: Option<Coordinates<C>> = point.coordinates().into();
    finite.map_or_else(C::identity, |at| C::from_xy_unchecked(*at.x() * C::Base::ZETA, *at.y()))
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
    use crate::cycle::on_both_curves;
    use crate::generators::Generators;
    use crate::msm::tests::random;
    use ff::Field;

    on_both_curves!(halves_are_short_and_make_up_the_scalar, the_endomorphism_multiplies_by_zeta);

    fn halves_are_short_and_make_up_the_scalar<C: Curve>() {
        let zeta = C::ScalarExt::ZETA;
        let ends = [C::ScalarExt::ZERO, C::ScalarExt::ONE, -C::ScalarExt::ONE, zeta, -zeta];
        for k in random::<C>(200).into_iter().chain(ends) {
            let [k1, k2] = decompose::<C>(&k);
            assert!(k1.bits() <= 128 && k2.bits() <= 128, "as short as promised");
            assert_eq!(k1.value::<C::ScalarExt>() + k2.value::<C::ScalarExt>() * zeta, k);
        }
    }

    fn the_endomorphism_multiplies_by_zeta<C: Curve>() {
        for point in Generators::<C>::derive(4).first(4) {
            assert_eq!(endo(point).to_curve(), *point * C::ScalarExt::ZETA);
        }
        assert_eq!(endo(&C::identity()), C::identity());
    }
}
