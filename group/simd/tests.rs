//! Both arithmetics against the field's.

use super::{Lanes, ScalarLanes, WIDTH, with_lanes};
use crate::cycle::PastaField;
use ff::Field;
use pasta_curves::{Fp, Fq};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

/// The ends of the field, of limbs and of words, and some from between.
fn elements<F: PastaField>() -> Vec<F> {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let powers = (0..255).step_by(29).chain([31, 32, 63, 64, 126, 127, 128, 192, 253, 254]).map(|bits| F::from(2).pow([bits]));
    let ends: Vec<F> = powers.flat_map(|power| [power, power - F::ONE, -power, F::ONE - power]).collect();
    let random = (0..60).map(|_| {
        let mut bytes = [0; 64];
        rng.fill_bytes(&mut bytes);
        F::from_uniform_bytes(&bytes)
    });
    [F::ZERO, F::ONE, -F::ONE, F::ZETA, F::TWO_INV].into_iter().chain(ends).chain(random).collect()
}

fn several<L: Lanes>(elements: [L::Field; WIDTH]) -> L::Several {
    let mut several = L::Several::default();
    elements.iter().enumerate().for_each(|(lane, element)| L::set(&mut several, lane, &L::pack(element)));
    several
}

fn elements_of<L: Lanes>(lanes: L, reduced: &L::Reduced) -> [L::Field; WIDTH] {
    let several = lanes.store(reduced);
    std::array::from_fn(|lane| L::unpack(&L::get(&several, lane)))
}

fn check_all<L: Lanes>(lanes: L) {
    let all = elements::<L::Field>();
    for (i, a) in all.iter().enumerate() {
        assert_eq!(L::unpack(&L::pack(a)), *a);
        assert_eq!(L::unpack(&L::negated(&L::pack(a))), -*a);
        for (j, b) in all.iter().enumerate() {
            let a = [*a, *b, -*a, all[(i + 7 * j) % all.len()]];
            let b = [*b, *b, all[(3 * i + j) % all.len()], *b];
            lanes.run(|| check(lanes, a, b));
        }
    }
}

/// Every operation on what is loaded, then chains in which values are as large as they get.
fn check<L: Lanes>(lanes: L, a: [L::Field; WIDTH], b: [L::Field; WIDTH]) {
    let each = |f: &dyn Fn(L::Field, L::Field) -> L::Field| -> [L::Field; WIDTH] { std::array::from_fn(|i| f(a[i], b[i])) };
    let expect = |name: &str, found: &L::Reduced, f: &dyn Fn(L::Field, L::Field) -> L::Field| {
        assert_eq!(elements_of(lanes, found), each(f), "{name} of {a:?} and {b:?}");
    };
    let (x, y) = (lanes.load(&several::<L>(a)), lanes.load(&several::<L>(b)));
    expect("load", &x, &|a, _| a);
    expect("product", &lanes.product(&lanes.loose(&x), &y), &|a, b| a * b);
    expect("square", &lanes.square(&x), &|a, _| a.square());
    expect("double", &lanes.reduced(&lanes.double(&x)), &|a, _| a.double());
    expect("triple", &lanes.reduced(&lanes.triple(&x)), &|a, _| a.double() + a);
    expect("difference", &lanes.reduced(&lanes.difference(&x, &y)), &|a, b| a - b);
    expect("difference of both", &lanes.reduced(&lanes.difference_of_both(&x, &y, &x)), &|_, b| -b);
    let selected = elements_of(lanes, &lanes.reduced(&lanes.select(0b0110, &lanes.loose(&x), &lanes.loose(&y))));
    assert_eq!(selected, [b[0], a[1], a[2], b[3]]);
    // Reduced values need not be the least: large ones come from here.
    let large = lanes.reduced(&lanes.difference(&x, &lanes.reduced(&lanes.difference_of_both(&y, &x, &x))));
    expect("nested differences", &large, &|a, b| a.double() + a - b);
    let both = lanes.difference_of_both(&large, &large, &large);
    expect("product of large ones", &lanes.product(&both, &large), &|a, b| -(a.double() + a - b).square());
    let mut negated = lanes.store(&large);
    for lane in 0..WIDTH {
        let one = L::get(&negated, lane);
        L::set(&mut negated, lane, &L::negated(&one));
    }
    let negated = lanes.load(&negated);
    expect("a large one negated", &negated, &|a, b| b - a.double() - a);
    expect("square of it", &lanes.square(&negated), &|a, b| (b - a.double() - a).square());
    expect("triple times it", &lanes.product(&lanes.triple(&negated), &negated), &|a, b| {
        let square = (b - a.double() - a).square();
        square.double() + square
    });
}

#[test]
fn scalar_lanes_compute_in_the_field() {
    check_all(ScalarLanes::<Fp>::new());
    check_all(ScalarLanes::<Fq>::new());
}

#[test]
fn the_best_lanes_compute_in_the_field() {
    with_lanes!(lanes: Fp => check_all(lanes));
    with_lanes!(lanes: Fq => check_all(lanes));
}

fn check_splat<L: Lanes>(lanes: L) {
    let element = elements::<L::Field>()[3];
    assert_eq!(elements_of(lanes, &lanes.splat(&element)), [element; WIDTH]);
}

#[test]
fn one_element_goes_to_every_lane() {
    with_lanes!(lanes: Fp => check_splat(lanes));
    with_lanes!(lanes: Fq => check_splat(lanes));
}

/// The greatest values and limbs that the types allow, which no short computation reaches.
#[cfg(target_arch = "x86_64")]
#[test]
fn vectors_hold_their_largest_values() {
    check_largest::<Fp>([0x2, 0x12d30ed0, 0x67c8dcc, 0x1a63f025, 0x448, 0x0, 0x0, 0x0, 0x800000]);
    check_largest::<Fq>([0x2, 0x46eb210, 0xa546ec6, 0x1a63f026, 0x448, 0x0, 0x0, 0x0, 0x800000]);
}

#[cfg(target_arch = "x86_64")]
fn check_largest<F: PastaField>(twice_p: [u32; 9]) {
    use super::Avx2Lanes;
    assert_eq!(Avx2Lanes::<F>::unpack(&twice_p), F::ZERO);
    let Some(lanes) = Avx2Lanes::<F>::detect() else { return };
    let full = (1 << 29) - 1;
    let mut largest = vec![[full, full, full, full, full, full, full, full, (1 << 23) - 1]];
    largest.push([0, 0, 0, 0, 0, 0, 0, 0, 1 << 23]);
    largest.push([full, 0, full, 0, full, 0, full, 0, (1 << 23) - 1]);
    largest.push(twice_p);
    for a in &largest {
        for b in &largest {
            let [x, y] = [a, b].map(|one| {
                let mut several = Default::default();
                (0..WIDTH).for_each(|lane| Avx2Lanes::<F>::set(&mut several, lane, one));
                lanes.load(&several)
            });
            let [a, b] = [a, b].map(Avx2Lanes::<F>::unpack);
            lanes.run(|| {
                let expect = |found: &<Avx2Lanes<F> as Lanes>::Reduced, value: F| {
                    let several = lanes.store(found);
                    let one = Avx2Lanes::<F>::get(&several, 0);
                    assert!(one.iter().all(|limb| *limb <= full) && one[8] <= 1 << 23, "limbs {one:x?}");
                    assert_eq!(elements_of(lanes, found), [value; WIDTH]);
                };
                let zero = lanes.splat(&F::ZERO);
                let greatest = lanes.difference(&x, &zero);
                expect(&lanes.product(&greatest, &y), a * b);
                expect(&lanes.product(&lanes.triple(&x), &y), (a.double() + a) * b);
                expect(&lanes.square(&x), a.square());
                expect(&lanes.reduced(&greatest), a);
                expect(&lanes.reduced(&lanes.triple(&x)), a.double() + a);
                expect(&lanes.reduced(&lanes.difference(&x, &y)), a - b);
                expect(&lanes.reduced(&lanes.difference_of_both(&zero, &x, &y)), -a - b);
                expect(&lanes.product(&lanes.difference_of_both(&zero, &x, &y), &y), (-a - b) * b);
            });
        }
    }
}
