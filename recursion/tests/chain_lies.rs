//! Lies in what a chain hands on: each is refused by name.

use crate::support::chain::{Picture, ROW_BITS, SECOND, SLOTS, appended, begun, original, parameters, parameters_of, random};
use ff::{Field, PrimeField};
use group::CurveAffine as _;
use pasta_curves::Fq;
use std::sync::OnceLock;
use zeroize::Zeroizing;
use zkimg_group::cycle::Vesta;
use zkimg_group::field::F;
use zkimg_group::generators::Generators;
use zkimg_recursion::chain::{Handed, limbs};
use zkimg_recursion::fold::{Bases, Committed, Relaxed};
use zkimg_recursion::gadgets::Challenge;
use zkimg_recursion::step::points::{crossing_digest, running_digest};
use zkimg_recursion::step::transcript::{State, fold_challenges, history};
use zkimg_recursion::verifier::weighing;

/// After two links, the picture of the second.
fn honest() -> &'static (Handed, Picture) {
    static HONEST: OnceLock<(Handed, Picture)> = OnceLock::new();
    HONEST.get_or_init(|| {
        let (first, picture) = appended(&begun(), &original(), 2).expect("a step");
        let (second, picture) = appended(&first.handed, &picture, 3).expect("a step");
        (second.handed, picture)
    })
}

/// What a change of something honest is refused for.
fn refused(change: impl FnOnce(&mut Handed)) -> &'static str {
    let mut handed = honest().0.clone();
    change(&mut handed);
    parameters().check(&handed).expect_err("refused")
}

fn other() -> Vesta {
    Vesta::generator()
}

#[test]
fn every_number_of_the_state_is_bound() {
    assert_eq!(parameters().check(&honest().0), Ok(()));
    // Those that only the hash knows, which is the public input of the last step.
    let hashed: [fn(&mut State<F>); 6] = [
        |state| state.links += F::ONE,
        |state| state.start += F::ONE,
        |state| state.history += F::ONE,
        |state| state.picture[1] += F::ONE,
        |state| state.running[0] += F::ONE,
        |state| state.running[1] += F::ONE,
    ];
    for (i, change) in hashed.iter().enumerate() {
        assert_eq!(refused(|handed| change(&mut handed.state)), "numbers of the folded instance", "{i}");
    }
    assert_eq!(refused(|handed| handed.state.class += F::ONE), "class");
    assert_eq!(refused(|handed| handed.state.points[0] += F::ONE), "running commitments");
    assert_eq!(refused(|handed| handed.state.value += F::ONE), "value of the pictures");
    assert_eq!(refused(|handed| handed.state.point[5] += F::ONE), "value of the pictures");
    assert_eq!(refused(|handed| handed.state.second[0] += F::ONE), "numbers of the folded instance");
}

#[test]
fn every_commitment_is_bound() {
    for i in 0..SLOTS.instance {
        assert_eq!(refused(|handed| handed.commitments.running.witness[i] = other()), "running commitments");
        assert_eq!(refused(|handed| handed.commitments.running.error[i] = other()), "running commitments");
        assert_eq!(refused(|handed| handed.commitments.fresh[i] = other()), "folded commitments");
        assert_eq!(refused(|handed| handed.commitments.cross[i] = other()), "folded commitments");
        assert_eq!(refused(|handed| handed.commitments.mask[0][i] = other()), "folded commitments");
        assert_eq!(refused(|handed| handed.commitments.mask[1][i] = other()), "folded commitments");
        assert_eq!(refused(|handed| handed.commitments.mask_cross[i] = other()), "folded commitments");
    }
    assert_eq!(refused(|handed| handed.commitments.running.pictures = other()), "running commitments");
}

/// Points whose digests are told with them: the challenges are then others.
#[test]
fn what_is_folded_cannot_be_replaced_after_the_challenges() {
    let numbers = "numbers of the folded instance";
    let fresh = |handed: &mut Handed| {
        handed.commitments.fresh[1] = other();
        handed.folding.fresh = limbs(crossing_digest(6, &handed.commitments.fresh));
    };
    assert_eq!(refused(fresh), numbers);
    let cross = |handed: &mut Handed| {
        handed.commitments.cross[1] = other();
        handed.folding.cross = limbs(crossing_digest(7, &handed.commitments.cross));
    };
    assert_eq!(refused(cross), numbers);
    let mask = |handed: &mut Handed| {
        handed.commitments.mask[1][1] = other();
        handed.folding.mask = limbs(crossing_digest(8, handed.commitments.mask.iter().flatten()));
    };
    assert_eq!(refused(mask), numbers);
    let mask_cross = |handed: &mut Handed| {
        handed.commitments.mask_cross[1] = other();
        handed.folding.mask_cross = limbs(crossing_digest(9, &handed.commitments.mask_cross));
    };
    assert_eq!(refused(mask_cross), numbers);
    assert_eq!(refused(|handed| handed.folding.mask_numbers[0] += F::ONE), numbers);
    assert_eq!(refused(|handed| handed.folding.mask_numbers[1] += F::ONE), numbers);
    let running = |handed: &mut Handed| {
        handed.commitments.running.witness[0] = other();
        handed.state.points = limbs(running_digest(&handed.commitments.running));
    };
    assert_eq!(refused(running), numbers);
}

#[test]
fn what_is_behind_the_commitments_is_bound() {
    assert_eq!(refused(|handed| handed.folded.witness.values[7] += F::ONE), "witness of the folded instance");
    assert_eq!(refused(|handed| handed.folded.witness.blinders[1] += F::ONE), "witness of the folded instance");
    assert_eq!(refused(|handed| handed.folded.error.values[7] += F::ONE), "error of the folded instance");
    assert_eq!(refused(|handed| handed.folded.error.blinders[0] += F::ONE), "error of the folded instance");
    assert_eq!(refused(|handed| handed.folded.unit += F::ONE), "numbers of the folded instance");
    assert_eq!(refused(|handed| handed.folded.public[0] += F::ONE), "numbers of the folded instance");
    assert_eq!(refused(|handed| handed.pictures.values[7] += F::ONE), "pictures");
    assert_eq!(refused(|handed| handed.pictures.blinders[0] += F::ONE), "pictures");
    let second = "instance of the circuit on points";
    assert_eq!(refused(|handed| handed.second.witness.values[7] += Fq::ONE), second);
    assert_eq!(refused(|handed| handed.second.witness.blinders[0] += Fq::ONE), second);
    assert_eq!(refused(|handed| handed.second.error.values[7] += Fq::ONE), second);
    assert_eq!(refused(|handed| handed.second.error.blinders[0] += Fq::ONE), second);
    assert_eq!(refused(|handed| handed.second.unit += Fq::ONE), second);
    assert_eq!(refused(|handed| handed.second.public[0] += Fq::ONE), second);
    assert_eq!(refused(|handed| handed.second.public[1] += Fq::ONE), second);
}

/// A chain that has not begun, of any state, folded as it should be.
fn begun_with(state: State<F>) -> Handed {
    let (shape, vesta) = (parameters().numbers(), Generators::load().expect("generators"));
    let bases = Bases { row: vesta.rows(ROW_BITS), blinder: vesta.h };
    let mut random = random(7);
    let known = |from: u64| Committed::known(Zeroizing::default(), SLOTS.instance, from);
    let own = Relaxed { witness: known(1), error: known(1 + SLOTS.instance as u64), unit: F::ZERO, public: vec![F::ZERO] };
    let mask = Relaxed::uniform(shape, SLOTS.instance, &mut random);
    let mask_cross = Committed::blinded(own.cross(&mask, shape), SLOTS.instance, &mut random);
    let Handed { mut folding, mut commitments, pictures, second, .. } = begun();
    commitments.mask = [mask.witness.rows(&bases), mask.error.rows(&bases)];
    commitments.mask_cross = mask_cross.rows(&bases);
    folding.mask = limbs(crossing_digest(8, commitments.mask.iter().flatten()));
    folding.mask_numbers = [mask.unit, mask.public[0]];
    folding.mask_cross = limbs(crossing_digest(9, &commitments.mask_cross));
    let [_, by] = fold_challenges(&state.hash(), &folding, |drawn| {
        let repr = drawn.to_repr();
        let (words, _) = repr.as_chunks::<8>();
        Challenge::<Vesta>::scalar([0, 1, 2].map(|i| u64::from_le_bytes(words[i])))
    });
    Handed { state, folding, commitments, folded: own.plus(by, &mask, &mask_cross), pictures, second }
}

/// A history is what a reader makes of what it is told, and of nothing else: no evaluation of a picture is in it. Another statement,
/// other weights or other challenges are another history.
#[test]
fn a_history_stands_for_what_readers_are_told_and_no_more() {
    let (step, _) = appended(&begun(), &original(), 2).expect("a step");
    let rows = limbs(crossing_digest(11, &step.rows));
    let told = weighing(&step.challenges, &step.point);
    let read = |statement: F, told: &[F], claims: &[F]| history(&begun().state.history, &statement, &rows, told, claims);
    let statement = crate::support::value("statement", 2);
    let own = step.handed.state.history;
    assert_eq!(read(statement, &told, &step.claims), own);
    assert_ne!(read(statement + F::ONE, &told, &step.claims), own);
    let changed = |list: &[F], i: usize| -> Vec<F> {
        let mut list = list.to_vec();
        list[i] += F::ONE;
        list
    };
    (0..told.len()).for_each(|i| assert_ne!(read(statement, &changed(&told, i), &step.claims), own, "challenge {i}"));
    (0..step.claims.len()).for_each(|i| assert_ne!(read(statement, &told, &changed(&step.claims, i)), own, "weight {i}"));
}

/// Of a chain without links nothing is proved, so its state must be one that follows from where it begins.
#[test]
fn a_state_without_links_is_the_first_one() {
    let name = "state before the first link";
    let honest = begun().state;
    assert_eq!(parameters().check(&begun_with(honest.clone())), Ok(()));
    let changes: [fn(&mut State<F>); 3] =
        [|state| state.start += F::ONE, |state| state.history += F::ONE, |state| state.picture[0] += F::ONE];
    for change in changes {
        let mut state = honest.clone();
        change(&mut state);
        assert_eq!(parameters().check(&begun_with(state)), Err(name));
    }
    let mut state = honest;
    state.point[0] = F::from(3);
    state.value = F::ONE - state.point[0];
    assert_eq!(parameters().check(&begun_with(state)), Err(name));
}

/// Begun again in mid-chain: a history of links that nobody proved, and the true chain's start.
#[test]
fn a_chain_does_not_begin_again() {
    let (second, _) = honest();
    let state = State { start: second.state.start, history: second.state.history, picture: second.state.picture, ..begun().state };
    assert_eq!(parameters().check(&begun_with(state)), Err("state before the first link"));
}

/// A stranger says how long everything is.
#[test]
fn lengths_are_those_of_the_class() {
    let rows = "lengths";
    for length in [0, 15, 17, 63, 64] {
        assert_eq!(refused(|handed| handed.state.point.resize(length, F::ZERO)), rows);
    }
    assert_eq!(refused(|handed| handed.state.second.push(F::ZERO)), rows);
    // A row of the witness that counts as one of the error: as many points, and what it held is bound by nothing.
    let moved = |handed: &mut Handed| {
        let blinder = handed.second.witness.blinders.pop().expect("a row");
        handed.second.error.blinders.insert(0, blinder);
    };
    assert_eq!(refused(moved), rows);
    assert_eq!(refused(|handed| handed.commitments.fresh.truncate(1)), rows);
    assert_eq!(refused(|handed| handed.commitments.running.error.truncate(1)), rows);
    assert_eq!(refused(|handed| handed.commitments.mask[1].push(other())), rows);
    assert_eq!(refused(|handed| handed.pictures.values.push(F::ONE)), rows);
    assert_eq!(refused(|handed| handed.pictures.blinders.push(F::ONE)), rows);
    assert_eq!(refused(|handed| handed.folded.public.clear()), rows);
    assert_eq!(refused(|handed| handed.folded.witness.blinders.push(F::ONE)), rows);
    assert_eq!(refused(|handed| handed.second.public.push(Fq::ONE)), rows);
    assert_eq!(refused(|handed| handed.second.witness.values.resize(1 << 16, Fq::ONE)), rows);
}

/// Values beyond the rows would be bound by nothing.
#[test]
#[should_panic(expected = "rows for the circuit on points")]
fn circuits_fit_their_rows() {
    parameters_of(SECOND - 1);
}

/// Another picture than the one that was handed on last, with rows and cells that fit each other.
#[test]
fn rows_of_another_picture_are_refused() {
    let (first, _) = appended(&begun(), &original(), 2).expect("a step");
    // The link itself is true of the original, which is not what the first step handed on.
    let (lie, _) = appended(&first.handed, &original(), 3).expect("a step");
    assert_eq!(parameters().check(&lie.handed), Err("instance of the circuit on points"));
}

/// A step on what another chain handed on, and two steps in the other order.
#[test]
fn parts_of_two_steps_do_not_fit() {
    let (handed, _) = honest();
    let (first, _) = appended(&begun(), &original(), 2).expect("a step");
    let first = &first.handed;
    let change: [fn(&mut Handed, Handed); 6] = [
        |handed, other| handed.state = other.state,
        |handed, other| handed.folding = other.folding,
        |handed, other| handed.commitments = other.commitments,
        |handed, other| handed.folded = other.folded,
        |handed, other| handed.pictures = other.pictures,
        |handed, other| handed.second = other.second,
    ];
    for (i, change) in change.iter().enumerate() {
        let mut lie = handed.clone();
        change(&mut lie, first.clone());
        assert!(parameters().check(&lie).is_err(), "{i}");
    }
    // Steps on different states of one chain have different histories, however their statements are ordered.
    let (again, _) = appended(&begun(), &original(), 3).expect("a step");
    assert_ne!(again.handed.state.history, first.state.history);
    assert_ne!(again.handed.state.history, handed.state.history);
}

/// Who is handed a beginning that is none has no step on it: the circuit knows the state before the first link.
#[test]
fn no_step_follows_a_false_beginning() {
    let changes: [fn(&mut State<F>); 2] = [|state| state.start += F::ONE, |state| state.history += F::ONE];
    for change in changes {
        let mut state = begun().state;
        change(&mut state);
        let (lie, _) = appended(&begun_with(state), &original(), 2).expect("a step");
        assert_eq!(parameters().check(&lie.handed), Err("constraints on numbers"));
    }
}
