//! Who guesses the picture that a chain hides cannot tell whether it is right: nothing that a guess comes to is in what is handed on, in what
//! readers are told, or in the proof. That nothing else tells either is what `chain/equivocation.rs` shows.

use crate::support::chain::{Picture, appended, begun, generators, original, parameters, random, relation};
use ff::{Field, PrimeField};
use std::collections::HashSet;
use zkimg_graph::tensor::Cells;
use zkimg_group::field::{F, eq_table, point_to_bytes};
use zkimg_group::msm::to_affine;
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::prove::opened_vector;
use zkimg_proof::relation::Witness;
use zkimg_recursion::compact::publish;
use zkimg_recursion::digest::rows_digest;
use zkimg_recursion::step::transcript::State;
use zkimg_recursion::verifier::weighing;

/// All that anybody sees of a hidden link, in pieces of 32 bytes at every place.
struct Seen {
    pieces: HashSet<[u8; 32]>,
    points: Vec<Vec<F>>,
    /// The commitments to the fold of what was received.
    received: Vec<[u8; 32]>,
}

fn seen(seed: u8) -> Seen {
    let (step, _) = appended(&begun(), &original(), seed).expect("a step");
    let proof = publish(parameters(), &step.handed, generators(), &mut random(seed + 1)).expect("a proof");
    let mut bytes = step.handed.to_bytes().to_vec();
    step.rows.iter().for_each(|row| bytes.extend(point_to_bytes(row)));
    let told = weighing(&step.challenges, &step.point);
    told.iter().chain(&step.claims).for_each(|number| bytes.extend(number.to_repr()));
    let State { point, .. } = &step.handed.state;
    let pieces = bytes.as_chunks::<32>().0.iter().chain(proof.as_chunks::<32>().0).copied().collect();
    let running = &step.handed.commitments.running;
    let received = running.witness.iter().chain(&running.error).map(point_to_bytes).collect();
    Seen { pieces, points: vec![point.clone(), step.point.clone(), step.challenges.leaf], received }
}

/// A value at a point of which as many coordinates count as it has bits.
fn at(cells: &[F], point: &[F]) -> F {
    let bits = cells.len().next_power_of_two().trailing_zeros() as usize;
    eq_table(&point[..bits.min(point.len())], cells.len()).iter().zip(cells).map(|(eq, cell)| *eq * cell).sum()
}

/// What a guess comes to: commitments with blinders that are known or none, their digests, and evaluations wherever readers are told of a point.
fn guesses(cells: &Cells, points: &[Vec<F>]) -> Vec<[u8; 32]> {
    let relation = relation();
    let witness = Witness::new(&relation, vec![cells.clone()]);
    let mut all = Vec::new();
    for (layout, cells) in relation.tensors.iter().zip(&witness.tensors) {
        for blinder in 0..=8 {
            let rows = commit_rows(generators().0, layout, cells, &vec![F::from(blinder); layout.rows.len()]);
            all.extend(rows.iter().map(point_to_bytes));
            all.push(rows_digest(&rows).to_repr());
            all.extend(to_affine(&rows.iter().map(|row| -(*row + generators().0.h)).collect::<Vec<_>>()).iter().map(point_to_bytes));
        }
        let row = opened_vector(layout.m, &[(layout, cells, vec![F::ONE])]);
        all.extend(points.iter().map(|point| at(&row, point).to_repr()));
        all.extend(row.iter().filter(|cell| !bool::from(cell.is_zero())).map(PrimeField::to_repr));
    }
    all
}

#[test]
fn a_right_guess_is_not_in_what_is_seen() {
    let Seen { pieces, points, .. } = seen(2);
    let Picture { cells, .. } = original();
    let guesses = guesses(&cells, &points);
    assert!(guesses.len() > 100 && pieces.len() > 100_000, "{} {}", guesses.len(), pieces.len());
    let zero = [0; 32];
    assert!(guesses.iter().filter(|guess| **guess != zero).all(|guess| !pieces.contains(guess)));
}

/// One link made twice of one chain: nothing that is drawn in one is in the other, so that no two masks can be subtracted. What is alike is what
/// follows from what both received: where the chain began, and the fold of that.
#[test]
fn two_hand_overs_of_one_picture_have_nothing_in_common() {
    let [one, other] = [seen(2), seen(40)];
    let received = begun().to_bytes();
    let before: HashSet<[u8; 32]> = received.as_chunks::<32>().0.iter().copied().chain(one.received).collect();
    // Small numbers are no draws.
    let small = |piece: &[u8; 32]| piece[8..].iter().all(|byte| *byte == 0);
    let common = one.pieces.intersection(&other.pieces).filter(|piece| !before.contains(*piece) && !small(piece)).count();
    assert_eq!(common, 0);
}
