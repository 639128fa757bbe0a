//! What must hold before anything is measured: the gates accept products and refuse everything else.

use crate::multiply::Multiplications;
use crate::scalars::{coordinates, meaning, plain, turned};
use crate::steps::{Digit, Multiplication};
use ff::{Field, PrimeField, WithSmallOrderMulGroup};
use halo2_proofs::dev::MockProver;
use pasta_curves::Fq;
use zkimg_group::field::{Affine, F, hash_to_field};
use zkimg_group::generators::Generators;
use zkimg_group::msm::to_affine;

/// Rows for two multiplications of either kind.
const K: u32 = 10;

/// Panics unless the gadget does what it says.
pub(crate) fn check() {
    let base = Generators::load().expect("generators").h;
    let scalar = hash_to_field("recursion", b"scalar");
    // The neighbours of the three scalars that have no proof come along.
    for s in [scalar, F::from(2), -F::from(3), F::TWO_INV] {
        truth::<false>(base, s, Multiplication::new(coordinates(&base), plain(s).expect("digits"), false));
    }
    let challenge = u128::from_le_bytes(*scalar.to_repr().first_chunk().expect("16 bytes"));
    for c in [challenge, 0, u128::MAX, 1 << 127, u128::MAX / 3] {
        truth::<true>(base, meaning(c), Multiplication::new(coordinates(&base), turned(c), true));
    }
    lies::<false>(&Multiplication::new(coordinates(&base), plain(scalar).expect("digits"), false));
    lies::<true>(&Multiplication::new(coordinates(&base), turned(challenge), true));
}

/// One honest multiplication, and its public cells changed one by one.
fn truth<const TURNED: bool>(base: Affine, scalar: F, honest: Multiplication) {
    let public = honest.public();
    assert_eq!(public[3..], coordinates(&to_affine(&[base * scalar])[0]), "the gadget computes another product than the curve");
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
    let [x, y] = honest.bases[0];
    refuse("a base off the curve", &|one| {
        let other = [x + Fq::ONE, y];
        *one = Multiplication::new(other, one.digits.clone(), TURNED);
    });
    refuse("a tangent that is none", &|one| {
        one.tangent += Fq::ONE;
        one.start();
    });
    for from in [1, 2, last] {
        for other in [[x, -y], [x * Fq::ZETA, y]] {
            refuse("a base that changes", &|one| {
                one.bases[from..].fill(other);
                one.start();
            });
        }
    }
    for step in [0, 1, last / 2, last] {
        let [x, y] = honest.accumulators[step];
        refuse("an accumulator's other ordinate", &|one| one.walk([x, -y], step));
        refuse("an accumulator's other abscissa", &|one| one.walk([x * Fq::ZETA, y], step));
        refuse("a number that is not its digits'", &|one| one.count(one.sums[step] + Fq::ONE, step));
    }
    // Not in the first steps: small multiples meet by accident.
    for step in [5, last / 2, last - 1] {
        let [x, y] = honest.middles[step];
        refuse("the line's other end", &|one| one.walk([x, -y], step + 1));
        refuse("a digit that is not added", &|one| {
            one.taken[step].add = Fq::ONE - one.taken[step].add;
            one.walk(one.accumulators[step], step);
        });
        refuse("a sign that is no bit", &|one| both(one, step, |digit| digit.add = Fq::from(2)));
        refuse("a turn that is no bit", &|one| both(one, step, |digit| digit.turn = Fq::from(2)));
    }
}

/// Writes and takes another digit.
fn both(one: &mut Multiplication, step: usize, change: impl Fn(&mut Digit)) {
    change(&mut one.digits[step]);
    change(&mut one.taken[step]);
    one.walk(one.accumulators[step], step);
    one.count(one.sums[step], step);
}

fn accepts<const TURNED: bool>(one: &Multiplication, public: &[Fq]) -> bool {
    let circuit = Multiplications::<TURNED>::new(vec![one.clone()]);
    MockProver::run(K, &circuit, vec![public.to_vec()]).expect("rows enough").verify().is_ok()
}
