//! Points in constraints: they are the curve's sums and products, and nothing else satisfies them.

use ff::{Field, PrimeField, PrimeFieldBits, WithSmallOrderMulGroup};
use pasta_curves::Fq;
use pasta_curves::arithmetic::CurveAffine as _;
use zkimg_group::cycle::{Curve, Pallas, Vesta};
use zkimg_group::field::{F, hash_to_field};
use zkimg_group::generators::Generators;
use zkimg_group::msm::to_affine;
use zkimg_proof::channel::Scalar;
use zkimg_recursion::gadgets::{Challenge, Point, bits, challenge_scalar};
use zkimg_recursion::poseidon::Hashed;
use zkimg_recursion::r1cs::{Number, Shape, System};

fn words(i: u64) -> [u64; 3] {
    let hash = hash_to_field("points", &i.to_le_bytes()).to_repr();
    let (words, _) = hash.as_chunks::<8>();
    [0, 1, 2].map(|at| u64::from_le_bytes(words[at]))
}

fn below_192<P: zkimg_group::cycle::PastaField>([a, b, c]: [u64; 3]) -> P {
    P::from_words([a, b, c, 0])
}

/// `low + f·(high − low)`.
fn interpolated<C: Curve<Base: PrimeFieldBits>>(
    system: &System<C::Base>,
    low: &Point<C>,
    high: &Point<C>,
    challenge: &Challenge<C>,
) -> Point<C> {
    let negative = Point { x: low.x.clone(), y: -low.y.clone() };
    low.plus(system, &high.plus(system, &negative).times(system, challenge))
}

fn points<C: Curve>(count: u32) -> Vec<C> {
    Generators::<C>::derive(count).first(count as usize).to_vec()
}

/// States it once for the shape, once for values.
fn both<P: zkimg_group::cycle::PastaField>(state: impl Fn(&System<P>)) -> (Shape<P>, Vec<P>, Vec<P>) {
    let (of_shape, of_values) = (System::of_shape(), System::of_values());
    state(&of_shape);
    state(&of_values);
    let (witness, public) = of_values.values();
    (of_shape.shape(), witness.to_vec(), public)
}

fn told<P: zkimg_group::cycle::PastaField>(system: &System<P>, number: &Number<P>) {
    (number.clone() - system.public(number.value())).require_zero();
}

fn products_are_the_curves<C: Curve<Base: Hashed + PrimeFieldBits>>() {
    let all = points::<C>(2);
    for words in [words(1), words(2), [0; 3], [u64::MAX; 3], [1, 0, 0], [0, 0, 1 << 63], [u64::MAX, 0, u64::MAX]] {
        let state = |system: &System<C::Base>| {
            let challenge = Challenge::<C>::of(system, &system.public(below_192(words)));
            let [low, high] = [0, 1].map(|i| Point::hidden(system, all[i]));
            let product = low.times(system, &challenge);
            let between = interpolated(system, &low, &high, &challenge);
            for point in [&product, &between] {
                told(system, &point.x);
                told(system, &point.y);
            }
        };
        let (shape, witness, public) = both(state);
        assert!(shape.is_satisfied(&witness, &public));
        let scalar = Challenge::<C>::scalar(words);
        let product: C = to_affine(&[all[0] * scalar])[0];
        let between: C = to_affine(&[all[0] * (C::ScalarExt::ONE - scalar) + all[1] * scalar])[0];
        let coordinates = |point: C| {
            let at = point.coordinates().expect("not the identity");
            [*at.x(), *at.y()]
        };
        assert_eq!(public[1..], [coordinates(product), coordinates(between)].concat());
    }
}

/// Products with odd integers, and challenges as numbers of the curve's scalar field.
fn other_products_are_the_curves<C: Curve<Base: Hashed + PrimeFieldBits, ScalarExt: PrimeFieldBits>>() {
    let base = points::<C>(1)[0];
    for words in [words(1), [0; 3], [u64::MAX; 3], [1, 0, 1 << 63]] {
        let (shape, witness, public) = both(|system: &System<C::Base>| {
            let bits = bits(system, &system.public(below_192(words)), 192);
            let product = Point::<C>::hidden(system, base).times_odd(system, &bits);
            told(system, &product.x);
            told(system, &product.y);
        });
        assert!(shape.is_satisfied(&witness, &public));
        let product: C = to_affine(&[base * Point::<C>::odd_scalar(words)])[0];
        let at = product.coordinates().expect("not the identity");
        assert_eq!(public[1..], [*at.x(), *at.y()]);
        let (shape, witness, public) = both(|system: &System<C::ScalarExt>| {
            told(system, &challenge_scalar(&bits(system, &system.public(below_192(words)), 192)));
        });
        assert!(shape.is_satisfied(&witness, &public));
        assert_eq!(public[1], Challenge::<C>::scalar(words));
    }
}

#[test]
fn other_products_are_those_of_both_curves() {
    other_products_are_the_curves::<Vesta>();
    other_products_are_the_curves::<Pallas>();
}

#[test]
fn products_are_those_of_both_curves() {
    products_are_the_curves::<Vesta>();
    products_are_the_curves::<Pallas>();
}

#[test]
fn every_value_of_a_product_is_bound() {
    let all = points::<Vesta>(2);
    let (shape, mut witness, public) = both(|system: &System<Fq>| {
        let challenge = Challenge::<Vesta>::of(system, &system.public(below_192(words(3))));
        let [low, high] = [0, 1].map(|i| Point::hidden(system, all[i]));
        interpolated(system, &low, &high, &challenge);
    });
    assert!(shape.is_satisfied(&witness, &public));
    for i in 0..witness.len() {
        witness[i] += Fq::ONE;
        assert!(!shape.is_satisfied(&witness, &public), "column {i}");
        witness[i] -= Fq::ONE;
    }
}

#[test]
fn points_off_the_curve_are_refused() {
    for (x, y) in [(Fq::ZERO, Fq::ZERO), (Fq::ONE, Fq::ONE), (Fq::from(2), Fq::from(7))] {
        let (shape, witness, public) = both(|system: &System<Fq>| {
            Point::hidden(system, Vesta::from_xy_unchecked(x, y));
        });
        assert!(!shape.is_satisfied(&witness, &public));
    }
    let on = points::<Vesta>(1)[0];
    let at = on.coordinates().expect("not the identity");
    for (x, y, fits) in
        [(*at.x(), *at.y(), true), (*at.x(), -*at.y(), true), (*at.x() + Fq::ONE, *at.y(), false), (*at.x() * Fq::ZETA, *at.y(), true)]
    {
        let (shape, witness, public) = both(|system: &System<Fq>| {
            Point::hidden(system, Vesta::from_xy_unchecked(x, y));
        });
        assert_eq!(shape.is_satisfied(&witness, &public), fits);
    }
}

/// Of two points with one abscissa any slope fits the chord, and a prover could choose the sum: the denominator's inverse refuses it.
#[test]
fn a_sum_of_opposite_points_cannot_be_chosen() {
    let point = points::<Vesta>(1)[0];
    let negative: Vesta = to_affine(&[point * -F::ONE])[0];
    for other in [negative, point] {
        let state = |system: &System<Fq>| {
            let [a, b] = [point, other].map(|point| Point::hidden(system, point));
            a.plus(system, &b);
        };
        let (shape, mut witness, public) = both(state);
        assert!(!shape.is_satisfied(&witness, &public));
        // Columns of a sum: the denominator's inverse, the slope, both coordinates.
        let at = *point.coordinates().expect("finite").x();
        let y = *point.coordinates().expect("finite").y();
        let n = witness.len();
        for chosen in [Fq::from(3), Fq::ZERO, -Fq::ONE] {
            for inverse in [Fq::ZERO, Fq::ONE] {
                let x = chosen.square() - at - at;
                witness[n - 4..].copy_from_slice(&[inverse, chosen, x, chosen * (at - x) - y]);
                // If the ordinates differ the chord's equation refuses too; if they agree nothing else does.
                assert!(!shape.is_satisfied(&witness, &public), "{chosen:?}");
            }
        }
    }
}

#[test]
fn constants_multiply_without_constraints() {
    let (shape, witness, public) = both(|system: &System<Fq>| {
        let number = system.hidden(Fq::from(3)) * Scalar::constant(Fq::from(5));
        told(system, &number);
    });
    assert_eq!((shape.constraints(), witness.len(), public[0]), (1, 1, Fq::from(15)));
}
