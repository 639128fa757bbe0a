//! Poseidon by its library's permutation, and what a chain hashes with it, from its description.

use ff::{Field, PrimeField};
use halo2_poseidon::{P128Pow5T3, Spec, test_only_permute};
use pasta_curves::{Fp, Fq};
use zkimg_group::cycle::{Curve, PastaField};
use zkimg_group::field::hash_to_field;

/// Two words are absorbed, and two squeezed, at a time; the third begins as the domain.
pub(crate) struct Duplex<P> {
    words: [P; 3],
    waiting: Vec<P>,
    squeezed: Vec<P>,
}

impl<P: PastaField> Duplex<P>
where
    P128Pow5T3: Spec<P, 3, 2>,
{
    pub(crate) fn new(domain: P) -> Duplex<P> {
        Duplex { words: [P::ZERO, P::ZERO, domain], waiting: Vec::new(), squeezed: Vec::new() }
    }

    fn turn(&mut self) {
        for (word, number) in self.words.iter_mut().zip(self.waiting.drain(..)) {
            *word += number;
        }
        let (rounds, matrix, _) = <P128Pow5T3 as Spec<P, 3, 2>>::constants();
        test_only_permute::<P, P128Pow5T3, 3, 2>(&mut self.words, &matrix, &rounds);
        self.squeezed = vec![self.words[1], self.words[0]];
    }

    pub(crate) fn absorb(&mut self, number: P) {
        self.squeezed.clear();
        self.waiting.push(number);
        if self.waiting.len() == 2 {
            self.turn();
        }
    }

    pub(crate) fn squeeze(&mut self) -> P {
        if !self.waiting.is_empty() || self.squeezed.is_empty() {
            self.turn();
        }
        self.squeezed.pop().expect("two words")
    }
}

pub(crate) fn hashed<P: PastaField>(domain: P, numbers: &[P]) -> P
where
    P128Pow5T3: Spec<P, 3, 2>,
{
    let mut duplex = Duplex::new(domain);
    numbers.iter().for_each(|number| duplex.absorb(*number));
    duplex.squeeze()
}

/// The domains of a step.
pub(crate) fn domain(name: &str) -> Fp {
    hash_to_field("zkimg-step-v1", name.as_bytes())
}

/// Both coordinates of each.
pub(crate) fn coordinates<C: Curve>(points: &[C]) -> Vec<C::Base> {
    let both = |point: &C| {
        let at = Option::<pasta_curves::arithmetic::Coordinates<C>>::from(pasta_curves::arithmetic::CurveAffine::coordinates(point));
        at.map_or([C::Base::ZERO; 2], |at| [*at.x(), *at.y()])
    };
    points.iter().flat_map(both).collect()
}

/// A digest of points of Vesta. `1`: running commitments, `2`: a fresh witness, `3`: a cross term, `4`: a mask, `5`: its cross term.
pub(crate) fn digest(which: u128, points: &[zkimg_group::cycle::Vesta]) -> Fq {
    hashed(Fq::from_u128((which << 64) + points.len() as u128), &coordinates(points))
}

/// An element of `Fq` in three limbs of 85 bits.
pub(crate) fn limbs(element: Fq) -> [Fp; 3] {
    let bytes = element.to_repr();
    let bit = |i: usize| bytes.get(i / 8).is_some_and(|byte| byte >> (i % 8) & 1 == 1);
    [0, 1, 2].map(|limb| (0..85).rev().fold(Fp::ZERO, |sum, i| sum.double() + Fp::from(u64::from(bit(85 * limb + i)))))
}

/// What a challenge of 192 bits multiplies by: its bits in pairs, the lower of which is a sign, and the upper says whether the
/// endomorphism's eigenvalue is meant, `Σ_i ±2^i·(ζ or 1)`, and `2^97·(ζ + 1)` so that it is never small.
pub(crate) fn short(drawn: Fp) -> Fp {
    let bytes = drawn.to_repr();
    let bit = |i: usize| bytes[i / 8] >> (i % 8) & 1 == 1;
    let zeta = <Fp as ff::WithSmallOrderMulGroup<3>>::ZETA;
    let mut power = Fp::ONE;
    let mut sum = Fp::ZERO;
    for i in 0..96 {
        let term = if bit(2 * i + 1) { power * zeta } else { power };
        sum += if bit(2 * i) { term } else { -term };
        power = power.double();
    }
    sum + power.double() * (zeta + Fp::ONE)
}

/// A digest of the generators of rows.
pub(crate) fn generators<C: Curve>(blinder: &C, row: &[C]) -> [u8; 32] {
    let mut state = blake2b_simd::Params::new().hash_length(32).personal(b"zkimg-bases-v1").to_state();
    for point in [&[*blinder], row].concat().chunks(1) {
        assert!(!bool::from(point[0].is_identity()));
        for number in coordinates(point) {
            state.update(&number.to_repr());
        }
    }
    state.finalize().as_bytes().try_into().expect("32 bytes")
}
