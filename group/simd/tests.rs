//! All arithmetics against the field's.

use super::{Lanes, ScalarLanes, WIDEST, with_lanes};
use crate::cycle::PastaField;
use ff::Field;
use pasta_curves::{Fp, Fq};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

/// Runs a test that is a function `fn name<L: Lanes>(lanes: L)` with every arithmetic of this processor, over both fields.
macro_rules! with_all_lanes {
    ($name:ident) => {{
        of_field::<Fp>();
        of_field::<Fq>();
        fn of_field<F: PastaField>() {
            $name(ScalarLanes::<F>::new());
            #[cfg(target_arch = "x86_64")]
            super::Avx2Lanes::<F>::detect().into_iter().for_each($name);
            #[cfg(target_arch = "x86_64")]
            super::IfmaLanes::<F>::detect().into_iter().for_each($name);
        }
    }};
}

/// The ends of the field, of limbs and of words, and some from between.
fn elements<F: PastaField>() -> Vec<F> {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let limbs = (0..255).step_by(29).chain((0..255).step_by(52));
    let powers = limbs.chain([31, 32, 63, 64, 126, 127, 128, 192, 253, 254]).map(|bits| F::from(2).pow([bits]));
    let ends: Vec<F> = powers.flat_map(|power| [power, power - F::ONE, -power, F::ONE - power]).collect();
    let random = (0..60).map(|_| {
        let mut bytes = [0; 64];
        rng.fill_bytes(&mut bytes);
        F::from_uniform_bytes(&bytes)
    });
    [F::ZERO, F::ONE, -F::ONE, F::ZETA, F::TWO_INV].into_iter().chain(ends).chain(random).collect()
}

fn several<L: Lanes>(elements: &[L::Field]) -> L::Several {
    let mut several = L::Several::default();
    (0..L::WIDTH).for_each(|lane| L::set(&mut several, lane, &L::pack(&elements[lane])));
    several
}

fn elements_of<L: Lanes>(lanes: L, reduced: &L::Reduced) -> Vec<L::Field> {
    let several = lanes.store(reduced);
    (0..L::WIDTH).map(|lane| L::unpack(&L::get(&several, lane))).collect()
}

#[test]
fn lanes_compute_in_the_field() {
    with_all_lanes!(check_all);
}

fn check_all<L: Lanes>(lanes: L) {
    let all = elements::<L::Field>();
    for (i, a) in all.iter().enumerate() {
        assert_eq!(L::unpack(&L::pack(a)), *a);
        assert_eq!(L::unpack(&L::negated(&L::pack(a))), -*a);
        assert_eq!(L::is_zero(&L::pack(a)), *a == L::Field::ZERO);
        for (j, b) in all.iter().enumerate() {
            let other = |k: usize| all[(k * i + 3 * j + k) % all.len()];
            let a: [L::Field; WIDEST] = [*a, *b, -*a, other(7), *b, other(11), other(2), -*b];
            let b: [L::Field; WIDEST] = [*b, *b, other(5), *b, -*b, other(1), -a[0], other(13)];
            lanes.run(|| check(lanes, &a, &b));
        }
    }
}

/// Every operation on what is loaded, then chains in which values are as large as they get.
fn check<L: Lanes>(lanes: L, a: &[L::Field], b: &[L::Field]) {
    let expect = |name: &str, found: &L::Reduced, f: &dyn Fn(L::Field, L::Field) -> L::Field| {
        let expected: Vec<L::Field> = (0..L::WIDTH).map(|i| f(a[i], b[i])).collect();
        assert_eq!(elements_of(lanes, found), expected, "{name} of {a:?} and {b:?}");
    };
    let (x, y) = (lanes.load(&several::<L>(a)), lanes.load(&several::<L>(b)));
    expect("load", &x, &|a, _| a);
    expect("product", &lanes.product(&lanes.loose(&x), &y), &|a, b| a * b);
    expect("square", &lanes.square(&x), &|a, _| a.square());
    expect("double", &lanes.reduced(&lanes.double(&x)), &|a, _| a.double());
    expect("triple", &lanes.reduced(&lanes.triple(&x)), &|a, _| a.double() + a);
    expect("sum", &lanes.reduced(&lanes.sum(&x, &y)), &|a, b| a + b);
    expect("difference", &lanes.reduced(&lanes.difference(&x, &y)), &|a, b| a - b);
    expect("difference of both", &lanes.reduced(&lanes.difference_of_both(&x, &y, &x)), &|_, b| -b);
    expect("two products", &lanes.sum_of_products(&lanes.loose(&x), &y, &lanes.double(&y), &y), &|a, b| (a + b.double()) * b);
    let selected = elements_of(lanes, &lanes.reduced(&lanes.select(0b0101_0110, &lanes.loose(&x), &lanes.loose(&y))));
    assert_eq!(selected, [b[0], a[1], a[2], b[3], a[4], b[5], a[6], b[7]][..L::WIDTH]);
    let both = elements_of(lanes, &lanes.reduced(&lanes.sum_where(0b0101_0110, &x, 0b0011_0011, &y)));
    assert_eq!(both, [b[0], a[1] + b[1], a[2], L::Field::ZERO, a[4] + b[4], b[5], a[6], L::Field::ZERO][..L::WIDTH]);
    let mut sum = lanes.nothing();
    lanes.add_product(&mut sum, &lanes.loose(&x), &y);
    lanes.add_product(&mut sum, &lanes.loose(&x), &x);
    expect("sum of products", &lanes.total(&sum), &|a, b| a * (a + b));
    // Reduced values need not be the least: large ones come from here.
    let large = lanes.reduced(&lanes.difference(&x, &lanes.reduced(&lanes.difference_of_both(&y, &x, &x))));
    expect("nested differences", &large, &|a, b| a.double() + a - b);
    let both = lanes.difference_of_both(&large, &large, &large);
    expect("product of large ones", &lanes.product(&both, &large), &|a, b| -(a.double() + a - b).square());
    let mut negated = lanes.store(&large);
    for lane in 0..L::WIDTH {
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
fn elements_go_to_the_lanes_they_are_meant_for() {
    with_all_lanes!(check_places);
}

fn check_places<L: Lanes>(lanes: L) {
    let all = elements::<L::Field>();
    let (w, ones): (usize, Vec<L::One>) = (L::WIDTH, all.iter().map(L::pack).collect());
    assert_eq!(elements_of(lanes, &lanes.splat(&all[7])), vec![all[7]; w]);
    let places: Vec<usize> = (0..w).map(|lane| 11 * lane + 3).collect();
    let expected: Vec<L::Field> = places.iter().map(|place| all[*place]).collect();
    assert_eq!(elements_of(lanes, &lanes.gather(&ones, |lane| places[lane])), expected);
    let (even, odd) = lanes.unzip(&lanes.load(&several::<L>(&all[..w])), &lanes.load(&several::<L>(&all[w..])));
    let every_other = |first: usize| all[first..2 * w].iter().step_by(2).copied().collect::<Vec<_>>();
    assert_eq!((elements_of(lanes, &even), elements_of(lanes, &odd)), (every_other(0), every_other(1)));
    let integers = [0, 1, u32::MAX, 1 << 29, (1 << 29) - 1, 7, 1 << 31, 255];
    let expected: Vec<L::Field> = integers[..w].iter().map(|integer| L::Field::from(u64::from(*integer))).collect();
    assert_eq!(elements_of(lanes, &lanes.integers(|lane| integers[lane])), expected);
}

#[test]
fn the_best_lanes_are_chosen() {
    let best = with_lanes!(lanes: Fp => { lanes.run(|| ()); std::any::type_name_of_val(&lanes) });
    #[cfg(target_arch = "x86_64")]
    if super::IfmaLanes::<Fp>::detect().is_some() {
        assert!(best.contains("IfmaLanes"));
        return;
    }
    assert!(!best.contains("IfmaLanes"));
}

/// The greatest values and limbs that the types allow, which no short computation reaches.
#[cfg(target_arch = "x86_64")]
mod largest {
    use super::*;
    use crate::simd::{Avx2Lanes, IfmaLanes};

    #[test]
    fn vectors_hold_their_largest_values() {
        avx2::<Fp>([0x2, 0x12d30ed0, 0x67c8dcc, 0x1a63f025, 0x448, 0x0, 0x0, 0x0, 0x800000]);
        avx2::<Fq>([0x2, 0x46eb210, 0xa546ec6, 0x1a63f026, 0x448, 0x0, 0x0, 0x0, 0x800000]);
        ifma::<Fp>();
        ifma::<Fq>();
    }

    fn avx2<F: PastaField>(twice_p: [u32; 9]) {
        assert_eq!(Avx2Lanes::<F>::unpack(&twice_p), F::ZERO);
        let Some(lanes) = Avx2Lanes::<F>::detect() else { return };
        let full = (1 << 29) - 1;
        let mut largest = vec![[full, full, full, full, full, full, full, full, (1 << 23) - 1]];
        largest.push([0, 0, 0, 0, 0, 0, 0, 0, 1 << 23]);
        largest.push([full, 0, full, 0, full, 0, full, 0, (1 << 23) - 1]);
        largest.push(twice_p);
        check(lanes, &largest, &|one| assert!(one.iter().all(|limb| *limb <= full) && one[8] <= 1 << 23, "limbs {one:x?}"));
    }

    fn ifma<F: PastaField>() {
        let p = F::MODULUS_WORDS;
        let twice_p = [p[0] << 1, p[1] << 1 | p[0] >> 63, p[2] << 1 | p[1] >> 63, p[3] << 1];
        assert_eq!(IfmaLanes::<F>::unpack(&twice_p), F::ZERO);
        let Some(lanes) = IfmaLanes::<F>::detect() else { return };
        let full = u64::MAX;
        // `2^255 − 1`, all limbs of 52 bits full, is the last below `2p` of which all are; then the last of all.
        let mut largest = vec![[full, full, full, full >> 1], [twice_p[0] - 1, twice_p[1], twice_p[2], twice_p[3]]];
        largest.push([0, 0, 0, 1 << 63]);
        largest.push([(1 << 52) - 1, !((1 << 40) - 1), (1 << 28) - 1, (full >> 1) & !((1 << 16) - 1)]);
        largest.push(p);
        largest.push([p[0] - 1, p[1], p[2], p[3]]);
        check(lanes, &largest, &|one| {
            let below = one.iter().rev().lt(twice_p.iter().rev());
            assert!(below, "{one:x?} is not below 2p");
        });
    }

    fn check<L: Lanes>(lanes: L, largest: &[L::One], bounded: &dyn Fn(&L::One)) {
        for a in largest {
            for b in largest {
                let [x, y] = [a, b].map(|one| {
                    let mut several = L::Several::default();
                    (0..L::WIDTH).for_each(|lane| L::set(&mut several, lane, one));
                    lanes.load(&several)
                });
                let [a, b] = [a, b].map(L::unpack);
                lanes.run(|| {
                    let expect = |found: &L::Reduced, value: L::Field| {
                        bounded(&L::get(&lanes.store(found), 0));
                        assert_eq!(elements_of(lanes, found), vec![value; L::WIDTH]);
                    };
                    let zero = lanes.splat(&L::Field::ZERO);
                    let (greatest, triple) = (lanes.difference(&x, &zero), lanes.triple(&x));
                    let both = lanes.difference_of_both(&x, &zero, &zero);
                    expect(&lanes.product(&greatest, &y), a * b);
                    expect(&lanes.product(&triple, &y), (a.double() + a) * b);
                    expect(&lanes.product(&both, &y), a * b);
                    expect(&lanes.sum_of_products(&triple, &y, &both, &x), (a.double() + a) * b + a.square());
                    expect(&lanes.square(&x), a.square());
                    expect(&lanes.reduced(&greatest), a);
                    expect(&lanes.reduced(&both), a);
                    expect(&lanes.reduced(&triple), a.double() + a);
                    expect(&lanes.reduced(&lanes.sum(&x, &y)), a + b);
                    expect(&lanes.reduced(&lanes.difference(&x, &y)), a - b);
                    expect(&lanes.reduced(&lanes.difference_of_both(&zero, &x, &y)), -a - b);
                    expect(&lanes.product(&lanes.difference_of_both(&zero, &x, &y), &y), (-a - b) * b);
                    let sum = lanes.sum_where(u8::MAX, &x, u8::MAX, &y);
                    expect(&lanes.reduced(&sum), a + b);
                    expect(&lanes.product(&sum, &y), (a + b) * b);
                    // A difference has the largest limbs of all.
                    expect(&lanes.sum_of_products(&both, &x, &both, &y), a.square() + a * b);
                    let mut sum = lanes.nothing();
                    (0..192).for_each(|_| lanes.add_product(&mut sum, &both, &y));
                    expect(&lanes.total(&sum), L::Field::from(192) * a * b);
                    let mut sum = lanes.nothing();
                    for terms in 1..=1030 {
                        lanes.add_product(&mut sum, &triple, &y);
                        if terms % 64 < 2 || terms % 96 < 2 {
                            expect(&lanes.total(&sum), L::Field::from(3 * terms) * a * b);
                        }
                    }
                });
            }
        }
    }
}
