//! What a step's challenges depend on.

use ff::Field;
use zkimg_group::field::{F, hash_to_field};
use zkimg_proof::channel::{Message, Public, SLOTS, Sizes, Turn};
use zkimg_recursion::step::transcript::{Folding, Limbs, Link, Short, State, StepSide, fold_challenges, step};
use zkimg_recursion::verifier::Side;

const SIZES: Sizes = Sizes { leaves: 2, flat: 3, equal: 2, tensors: 4, products: 0, product_bits: 0 };
const ROW_BITS: usize = 2;

fn value(name: &str) -> F {
    hash_to_field("step transcript", name.as_bytes())
}

fn limbs(name: &str) -> Limbs<F> {
    [0, 1, 2].map(|i| value(&format!("{name} {i}")))
}

/// Everything that a step is told, as numbers that stand for nothing.
#[derive(Clone)]
struct Told {
    state_hash: F,
    folding: Folding<F>,
    folds: [F; 2],
    link: Link<F>,
    message: F,
    round: F,
    ends: [F; 3],
    points: Limbs<F>,
    others: Vec<F>,
}

fn folding() -> Folding<F> {
    Folding {
        fresh: limbs("fresh"),
        cross: limbs("cross"),
        mask: limbs("mask"),
        mask_numbers: [value("u"), value("x")],
        mask_cross: limbs("mask's cross"),
    }
}

fn told() -> Told {
    Told {
        state_hash: value("state"),
        folding: folding(),
        folds: [value("fold"), value("mask fold")],
        link: Link { salt: value("salt"), statement: value("statement"), rows: ["output", "others", "mask"].map(limbs) },
        message: value("message"),
        round: value("round"),
        ends: limbs("ends"),
        points: limbs("points"),
        others: limbs("other rows").to_vec(),
    }
}

impl Side<F> for Told {
    fn lookups(&mut self, _: &F, _: &F) {}

    fn message(&mut self, _: Turn<'_>, _: usize) -> Message {
        [self.message; SLOTS]
    }

    fn mask(&mut self, _: &[F]) -> Option<F> {
        None
    }

    fn public(&mut self, numbers: Public<'_>) -> Vec<F> {
        vec![F::ZERO; numbers.count(&SIZES)]
    }

    fn zero(&mut self, _: F) {}
}

impl StepSide<F> for Told {
    fn short(&mut self, drawn: F) -> Short<F> {
        Short { number: drawn, scalar: drawn }
    }

    fn merge_round(&mut self, _: &F, _: &[F], _: Option<&F>) -> [F; 2] {
        [self.round, F::ZERO]
    }

    fn merged(&mut self, _: &[F]) -> [F; 3] {
        self.ends
    }

    fn points(&mut self, _: &Short<F>) -> Limbs<F> {
        self.points
    }

    fn second(&mut self) -> Vec<F> {
        self.others.clone()
    }
}

/// What joins the claims (as far as it shows in the first point of the merging), `σ`, and what folds the instance of the circuit on points:
/// that depends on every public input of it.
fn drawn(told: &Told) -> [F; 3] {
    let state = State {
        class: F::ZERO,
        links: F::ZERO,
        start: F::ZERO,
        history: F::ZERO,
        picture: [F::ZERO; 3],
        point: vec![F::ZERO; ROW_BITS],
        value: F::ZERO,
        points: [F::ZERO; 3],
        running: [F::ZERO; 2],
        second: Vec::new(),
    };
    let folds = told.folds.map(|number| Short { number, scalar: number });
    let stepped = step(&SIZES, (&state, &told.state_hash), (&told.folding, &folds), &told.link, &mut told.clone());
    [stepped.point[0], stepped.pictures.number, stepped.second_fold.number]
}

/// Each challenge changes with all that comes before it, and with nothing after.
#[test]
fn a_challenge_depends_on_all_that_it_is_to_catch() {
    type Change = fn(&mut Told);
    // From which challenge on a change is seen.
    let changes: &[(usize, &str, Change)] = &[
        (0, "salt", |told| told.link.salt += F::ONE),
        (0, "state", |told| told.state_hash += F::ONE),
        (0, "fold of the last step", |told| told.folds[0] += F::ONE),
        (0, "fold of the mask", |told| told.folds[1] += F::ONE),
        (0, "last step's witness", |told| told.folding.fresh[0] += F::ONE),
        (0, "cross term", |told| told.folding.cross[1] += F::ONE),
        (0, "uniform instance", |told| told.folding.mask[2] += F::ONE),
        (0, "cross term with it", |told| told.folding.mask_cross[0] += F::ONE),
        (0, "statement", |told| told.link.statement += F::ONE),
        (0, "output's rows", |told| told.link.rows[0][2] += F::ONE),
        (0, "other rows", |told| told.link.rows[1][1] += F::ONE),
        (0, "mask of the pictures' vector", |told| told.link.rows[2][0] += F::ONE),
        (0, "messages", |told| told.message += F::ONE),
        (0, "rounds of the merging", |told| told.round += F::ONE),
        (1, "vector before", |told| told.ends[0] += F::ONE),
        (1, "vector added", |told| told.ends[1] += F::ONE),
        (1, "mask's value", |told| told.ends[2] += F::ONE),
        (2, "running commitments", |told| told.points[0] += F::ONE),
        (2, "last limb of the running commitments", |told| told.points[2] += F::ONE),
        (2, "rows on points", |told| told.others[0] += F::ONE),
        (2, "cross term on points", |told| told.others[2] += F::ONE),
    ];
    let honest = drawn(&told());
    for (first, name, change) in changes {
        let mut told = told();
        change(&mut told);
        for (i, (own, other)) in honest.iter().zip(drawn(&told)).enumerate() {
            assert_eq!(*own == other, i < *first, "{name}: challenge {i}");
        }
    }
}

/// The same of what folds the last step's instance.
#[test]
fn what_folds_depends_on_all_that_is_folded() {
    let drawn = |state: F, folding: &Folding<F>| fold_challenges(&state, folding, |drawn| drawn);
    let state = value("state");
    let honest = drawn(state, &folding());
    assert!(drawn(state + F::ONE, &folding()).iter().zip(&honest).all(|(own, other)| own != other));
    type Change = fn(&mut Folding<F>, usize);
    let changes: [(usize, Change); 4] = [
        (0, |folding, i| folding.fresh[i] += F::ONE),
        (0, |folding, i| folding.cross[i] += F::ONE),
        (0, |folding, i| folding.mask[i] += F::ONE),
        (1, |folding, i| folding.mask_cross[i] += F::ONE),
    ];
    let seen = |first: usize, folding: &Folding<F>| {
        honest.iter().zip(drawn(state, folding)).enumerate().all(|(i, (own, other))| (*own == other) == (i < first))
    };
    for (first, change) in changes {
        for limb in 0..3 {
            let mut folding = folding();
            change(&mut folding, limb);
            assert!(seen(first, &folding), "limb {limb}");
        }
    }
    for i in 0..2 {
        let mut folding = folding();
        folding.mask_numbers[i] += F::ONE;
        assert!(seen(0, &folding), "number {i}");
    }
}
