//! What must hold before anything is measured: the gates accept products and refuse everything else.

use crate::multiply::{Multiplication, Multiplications};
use crate::scalars::{meaning, plain, turned};
use ff::{Field, PrimeField};
use halo2_proofs::dev::MockProver;
use pasta_curves::Fq;
use pasta_curves::arithmetic::{CurveAffine, CurveExt};
use zkimg_proof::field::{Affine, F, Point, hash_to_field};
use zkimg_proof::generators::Generators;
use zkimg_proof::msm::to_affine;

/// Rows for two multiplications of either kind.
const K: u32 = 10;

/// Panics unless the gadget does what it says.
pub fn check() {
    let base = Generators::load().expect("generators").h;
    let scalar = hash_to_field("recursion", b"scalar");
    // The neighbours of the three scalars that have no proof come along.
    for s in [scalar, F::from(2), -F::from(3), F::TWO_INV] {
        kind::<false>(Multiplication::new(base, plain(s).expect("digits"), false), base, s);
    }
    lies::<false>(&Multiplication::new(base, plain(scalar).expect("digits"), false));
    let challenge = u128::from_le_bytes(*scalar.to_repr().first_chunk().expect("16 bytes"));
    for c in [challenge, 0, u128::MAX, 1 << 127, u128::MAX / 3] {
        kind::<true>(Multiplication::new(base, turned(c), true), base, meaning(c));
    }
    lies::<true>(&Multiplication::new(base, turned(challenge), true));
}

/// One honest multiplication, and its public cells changed one by one.
fn kind<const TURNED: bool>(honest: Multiplication, base: Affine, scalar: F) {
    let public = honest.public();
    let expected = to_affine(&[base * scalar])[0].coordinates().expect("a product");
    assert_eq!(public[3..], [*expected.x(), *expected.y()], "the gadget computes another product than the curve");
    assert!(accepts::<TURNED>(&honest, &public), "an honest product is refused");
    for i in 0..public.len() {
        let mut wrong = public;
        wrong[i] += Fq::ONE;
        assert!(!accepts::<TURNED>(&honest, &wrong), "public cell {i} is not bound");
    }
}

/// Lies of every kind; each is consistent but for the one equation it is there for.
fn lies<const TURNED: bool>(honest: &Multiplication) {
    let last = Multiplications::<TURNED>::DIGITS;
    let refuse = |lie: &str, tell: &dyn Fn(&mut Multiplication)| {
        let mut forged = honest.clone();
        tell(&mut forged);
        assert!(!accepts::<TURNED>(&forged, &forged.public()), "{lie} is accepted");
    };
    let other = Generators::load().expect("generators").u;
    for from in [1, 2, last] {
        refuse("a base that changes", &|one| {
            one.bases[from..].fill(other);
            one.walk(0);
        });
    }
    for step in [0, 1, last / 2, last] {
        let change = |one: &mut Multiplication, to: &dyn Fn(Point) -> Point| {
            one.accumulators[step] = to(one.accumulators[step]);
            one.walk(step);
        };
        refuse("an accumulator's other ordinate", &|one| change(one, &|a| -a));
        refuse("an accumulator's other abscissa", &|one| change(one, &|a| a.endo()));
        refuse("a number that is not its digits'", &|one| one.sums[step..].iter_mut().for_each(|sum| *sum += Fq::ONE));
    }
    for step in [0, last / 2, last - 1] {
        refuse("a digit that is not added", &|one| {
            one.taken[step].add ^= true;
            one.walk(step);
        });
    }
    refuse("a turn that is not written", &|one| {
        one.taken[1].turn ^= true;
        one.walk(1);
    });
}

fn accepts<const TURNED: bool>(one: &Multiplication, public: &[Fq]) -> bool {
    let circuit = Multiplications::<TURNED>::new(vec![one.clone()]);
    MockProver::run(K, &circuit, vec![public.to_vec()]).expect("rows enough").verify().is_ok()
}
