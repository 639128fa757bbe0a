//! A step's work on points: what comes out is what the formulas say, and everything that crosses is bound.

use ff::Field;
use pasta_curves::Fq;
use pasta_curves::arithmetic::CurveAffine as _;
use zkimg_group::cycle::Vesta;
use zkimg_group::field::{F, hash_to_field};
use zkimg_group::generators::Generators;
use zkimg_group::msm::{msm, to_affine};
use zkimg_recursion::gadgets::Challenge;
use zkimg_recursion::r1cs::System;
use zkimg_recursion::step::points::{CROSSING, Drawn, GROUP, Points, Running, Slots, crossing_digest, running_digest, shape, state, tell};

/// More rows than a group has.
const SLOTS: Slots = Slots { instance: 2, picture: 3, others: 62 };

fn words(i: u64) -> [u64; 3] {
    use ff::PrimeField;
    let hash = hash_to_field("step", &i.to_le_bytes()).to_repr();
    let (words, _) = hash.as_chunks::<8>();
    [0, 1, 2].map(|at| u64::from_le_bytes(words[at]))
}

fn points() -> Points<Vesta> {
    let all = Generators::<Vesta>::derive(96);
    let mut left = all.first(96).iter().copied();
    let mut take = |count: usize| -> Vec<Vesta> { left.by_ref().take(count).collect() };
    Points {
        running: Running { witness: take(2), error: take(2), pictures: take(1)[0] },
        fresh: take(2),
        cross: take(2),
        mask: [take(2), take(2)],
        mask_cross: take(2),
        rows: [take(3), take(3), take(62)],
        vector_mask: take(1)[0],
    }
}

fn drawn() -> Drawn {
    Drawn { fold: words(1), mask: words(2), rows: words(3), groups: words(5), pictures: words(4) }
}

fn made(points: &Points<Vesta>, drawn: &Drawn, first: bool) -> (Vec<Fq>, Vec<Fq>, Vec<Fq>, Running<Vesta>) {
    let system = System::of_values();
    let (crossing, running) = state(&system, &SLOTS, points, drawn, first);
    tell(&system, &crossing);
    let crossing = crossing.iter().map(|number| number.value()).collect();
    let (witness, public) = system.values();
    (witness.to_vec(), public, crossing, running)
}

fn combined(terms: &[(F, Vesta)]) -> Vesta {
    let (scalars, points): (Vec<F>, Vec<Vesta>) = terms.iter().copied().unzip();
    to_affine(&[msm(&scalars, &points)])[0]
}

#[test]
fn what_comes_out_is_what_the_formulas_say() {
    let (points, drawn) = (points(), drawn());
    let [fold, mask, omega, upsilon, sigma] =
        [drawn.fold, drawn.mask, drawn.rows, drawn.groups, drawn.pictures].map(Challenge::<Vesta>::scalar);
    let shape = shape::<Vesta>(&SLOTS);
    for first in [false, true] {
        let (witness, public, crossing, out) = made(&points, &drawn, first);
        assert!(shape.is_satisfied(&witness, &public));
        assert_eq!(crossing.len(), CROSSING);
        let r = if first { F::ZERO } else { fold };
        for i in 0..SLOTS.instance {
            let parts = [(F::ONE, points.running.witness[i]), (r, points.fresh[i]), (mask, points.mask[0][i])];
            assert_eq!(out.witness[i], combined(&parts));
            let error =
                [(F::ONE, points.running.error[i]), (r, points.cross[i]), (mask, points.mask_cross[i]), (mask.square(), points.mask[1][i])];
            assert_eq!(out.error[i], combined(&error));
        }
        let mut parts = vec![(F::ONE, points.running.pictures), (sigma.square(), points.vector_mask)];
        for (i, row) in points.rows.iter().flatten().enumerate() {
            let weight = omega.pow_vartime([(i % GROUP) as u64]) * upsilon.pow_vartime([(i / GROUP) as u64]);
            parts.push((sigma * weight, *row));
        }
        assert_eq!(out.pictures, combined(&parts));
        // Digests in the clear are those of the constraints.
        assert_eq!([crossing[5], crossing[14]], [running_digest(&points.running), running_digest(&out)]);
        let groups: [(usize, Vec<Vesta>); 8] = [
            (6, points.fresh.clone()),
            (7, points.cross.clone()),
            (8, points.mask.concat()),
            (9, points.mask_cross.clone()),
            (10, points.rows[0].clone()),
            (11, points.rows[1].clone()),
            (12, points.rows[2].clone()),
            (13, vec![points.vector_mask]),
        ];
        groups.iter().for_each(|(place, points)| assert_eq!(crossing[*place], crossing_digest(*place, points)));
        assert_eq!(public, crossing);
    }
}

#[test]
fn each_digest_names_its_points_and_no_others() {
    let (honest, drawn) = (points(), drawn());
    let (_, _, of_honest, _) = made(&honest, &drawn, false);
    let other = Generators::<Vesta>::derive(97).first(97)[96];
    // Which value of the list each change is seen in, besides what comes out.
    type Change = fn(&mut Points<Vesta>, Vesta);
    let changes: [(usize, Change); 10] = [
        (5, |points, other| points.running.witness[1] = other),
        (5, |points, other| points.running.error[0] = other),
        (5, |points, other| points.running.pictures = other),
        (6, |points, other| points.fresh[0] = other),
        (7, |points, other| points.cross[1] = other),
        (8, |points, other| points.mask[0][0] = other),
        (8, |points, other| points.mask[1][1] = other),
        (9, |points, other| points.mask_cross[0] = other),
        (11, |points, other| points.rows[1][2] = other),
        (13, |points, other| points.vector_mask = other),
    ];
    for (place, change) in changes {
        let mut points = honest.clone();
        change(&mut points, other);
        let (_, _, crossing, _) = made(&points, &drawn, false);
        let differ: Vec<usize> = (0..CROSSING).filter(|i| crossing[*i] != of_honest[*i]).collect();
        assert_eq!(differ, [place, 14]);
    }
    // Rows exchanged are other rows, and of the same rows as input and as output the digest is one: a picture is handed on by it.
    let mut points = honest.clone();
    points.rows[0].swap(0, 1);
    assert_ne!(made(&points, &drawn, false).2[10], of_honest[10]);
    let mut points = honest.clone();
    points.rows[0] = honest.rows[1].clone();
    assert_eq!(made(&points, &drawn, false).2[10], of_honest[11]);
}

#[test]
fn every_value_of_a_step_is_bound() {
    let (mut witness, public, ..) = made(&points(), &drawn(), false);
    let shape = shape::<Vesta>(&SLOTS);
    let satisfied = |witness: &[Fq], public: &[Fq]| shape.is_satisfied(witness, public);
    assert!(satisfied(&witness, &public));
    let mut free = 0;
    for i in 0..witness.len() {
        // Some of them: the gadgets' own tests take all of theirs.
        if i % 307 != 3 {
            continue;
        }
        witness[i] += Fq::ONE;
        if satisfied(&witness, &public) {
            free += 1;
            assert_eq!(witness[i], Fq::ONE, "column {i} is an unused one of a block");
        }
        witness[i] -= Fq::ONE;
    }
    assert!(free < witness.len() / 100);
    for i in 0..public.len() {
        let mut other = public.clone();
        other[i] += Fq::ONE;
        assert!(!satisfied(&witness, &other));
    }
    // Whether it is the first is a bit.
    let (witness, public, ..) = made(&points(), &drawn(), true);
    assert!(satisfied(&witness, &public));
}

#[test]
fn points_off_the_curve_have_no_step() {
    let drawn = drawn();
    let shape = shape::<Vesta>(&SLOTS);
    let bad = {
        let at = points().fresh[0].coordinates().expect("finite");
        Vesta::from_xy_unchecked(*at.x(), *at.y() + Fq::ONE)
    };
    type Change = fn(&mut Points<Vesta>, Vesta);
    let changes: [Change; 8] = [
        |points, bad| points.running.witness[0] = bad,
        |points, bad| points.running.pictures = bad,
        |points, bad| points.fresh[1] = bad,
        |points, bad| points.cross[0] = bad,
        |points, bad| points.mask[1][0] = bad,
        |points, bad| points.mask_cross[1] = bad,
        |points, bad| points.rows[2][1] = bad,
        |points, bad| points.vector_mask = bad,
    ];
    for change in changes {
        let mut points = points();
        change(&mut points, bad);
        let (witness, public, ..) = made(&points, &drawn, false);
        assert!(!shape.is_satisfied(&witness, &public));
    }
}

#[test]
fn a_step_of_hd_pictures_has_so_many_constraints() {
    let shape = shape::<Vesta>(&Slots { instance: 3, picture: 69, others: 2 });
    println!("{} constraints, {} values, 2^{} rows", shape.constraints(), shape.witness(), shape.bits());
    assert!(shape.constraints() < 150_000, "{}", shape.constraints());
}
