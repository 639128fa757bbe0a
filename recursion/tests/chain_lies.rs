//! Lies in what a chain hands on: each is refused by name.

mod support;

use ff::Field;
use group::CurveAffine as _;
use pasta_curves::Fq;
use std::sync::OnceLock;
use support::chain::{Picture, appended, begun, original, parameters};
use zkimg_group::cycle::Vesta;
use zkimg_group::field::F;
use zkimg_recursion::chain::{Handed, limbs};
use zkimg_recursion::step::points::{crossing_digest, running_digest};
use zkimg_recursion::step::transcript::State;

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
    for i in 0..3 {
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
    assert_eq!(refused(|handed| handed.folded.witness.blinders[2] += F::ONE), "witness of the folded instance");
    assert_eq!(refused(|handed| handed.folded.error.values[7] += F::ONE), "error of the folded instance");
    assert_eq!(refused(|handed| handed.folded.error.blinders[2] += F::ONE), "error of the folded instance");
    assert_eq!(refused(|handed| handed.folded.unit += F::ONE), "numbers of the folded instance");
    assert_eq!(refused(|handed| handed.folded.public[0] += F::ONE), "numbers of the folded instance");
    assert_eq!(refused(|handed| handed.pictures.values[7] += F::ONE), "pictures");
    assert_eq!(refused(|handed| handed.pictures.blinders[0] += F::ONE), "pictures");
    let second = "instance of the circuit on points";
    assert_eq!(refused(|handed| handed.second.witness.values[7] += Fq::ONE), second);
    assert_eq!(refused(|handed| handed.second.witness.blinders[1] += Fq::ONE), second);
    assert_eq!(refused(|handed| handed.second.error.values[7] += Fq::ONE), second);
    assert_eq!(refused(|handed| handed.second.error.blinders[1] += Fq::ONE), second);
    assert_eq!(refused(|handed| handed.second.unit += Fq::ONE), second);
    assert_eq!(refused(|handed| handed.second.public[0] += Fq::ONE), second);
    assert_eq!(refused(|handed| handed.second.public[1] += Fq::ONE), second);
}
