//! A proof tells nothing but its statement: every blinder and mask is there, fresh, and used once.

use crate::support::forger::Forger;
use crate::support::replay::{Class, Replay, replay};
use crate::support::{CONTEXT, Case, crop, dims, luma, sharpen};
use ff::Field;
use std::collections::HashSet;
use zkimg_graph::graph::Kind;
use zkimg_graph::tensor::Dims;
use zkimg_graph::tensor::{Cells, CellsRef};
use zkimg_group::field::{Affine, F, eq_table};
use zkimg_group::generators::Generators;
use zkimg_group::msm::to_affine;
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::relation::{Output, Witness};

fn whole() -> Case {
    Case::new(dims(3, 3, 5), |d| {
        let grey = luma(d);
        let sharp = sharpen(grey.output());
        vec![grey, sharp]
    })
}

fn cropped(d: Dims) -> Vec<zkimg_graph::step::Step> {
    vec![crop(d, 1, 1, 3, 2)]
}

/// The 32-byte elements of a proof. Zero is public: the evaluation of a coefficient column that is zero.
fn elements(proof: &[u8]) -> HashSet<&[u8]> {
    proof.chunks(32).filter(|bytes| bytes.iter().any(|b| *b != 0)).collect()
}

fn shared(one: &[u8], two: &[u8]) -> usize {
    elements(one).intersection(&elements(two)).count()
}

#[test]
fn two_proofs_of_one_statement_share_no_element() {
    for output in [Output::Revealed, Output::Hidden(Kind::Picture)] {
        let case = whole();
        let (one, two) = (case.prove(output), case.prove(output));
        assert_eq!(one.output, two.output);
        assert_eq!(one.proof.len(), two.proof.len());
        assert_eq!(shared(&one.proof, &two.proof), 0);
    }
}

#[test]
fn two_commitments_of_one_original_differ_in_every_row() {
    let d = dims(3, 40, 50);
    let (one, two) = (Case::new(d, cropped), Case::new(d, cropped));
    assert_eq!(one.cells, two.cells);
    assert!(one.rows.len() > 1);
    assert!(one.rows.iter().all(|row| !two.rows.contains(row)));
}

#[test]
fn another_original_with_the_same_output_gives_a_proof_of_the_same_shape() {
    let d = dims(3, 4, 6);
    let one = Case::new(d, cropped);
    let mut two = Case::new(d, cropped);
    let kept = |cell: usize| (1..4).contains(&(cell % 6)) && (1..3).contains(&(cell / 6 % 4));
    let cells = (0..d.cells()).map(|i| if kept(i) { one.cells[i] } else { 255 - one.cells[i] });
    two.replace(cells.collect());
    let (first, second) = (one.prove(Output::Revealed), two.prove(Output::Revealed));
    assert_ne!(one.cells, two.cells);
    assert_eq!(first.output, second.output);
    assert_eq!(first.proof.len(), second.proof.len());
    assert_eq!(shared(&first.proof, &second.proof), 0);
    let classes = |case: &Case, proved: &zkimg_proof::prove::Proved| -> Vec<Class> {
        let relation = case.relation(Output::Revealed);
        replay(&relation, CONTEXT, &[&case.rows], CellsRef::U8(proved.pixels()), &proved.proof).elements.iter().map(|e| e.class).collect()
    };
    assert_eq!(classes(&one, &first), classes(&two, &second));
}

#[test]
fn the_length_follows_from_the_shape() {
    // Black, white and noise: zero rows and empty tables entries are committed like any other.
    let length = |fill: fn(usize) -> u8| {
        let mut case = whole();
        case.replace((0..case.dims.cells()).map(fill).collect());
        case.prove(Output::Hidden(Kind::Picture)).proof.len()
    };
    let lengths = [length(|_| 0), length(|_| 255), length(|i| (i * 89) as u8)];
    assert!(lengths.iter().all(|n| *n == lengths[0]));
}

/// A proof of known pixels, and what its secrets are at its own challenges.
struct Known {
    case: Case,
    replay: Replay,
    /// Each tensor at the last point.
    evaluations: Vec<F>,
    /// The opened vector, before the mask.
    a: Vec<F>,
    weights: Vec<Vec<F>>,
}

fn known(case: Case) -> Known {
    let relation = case.relation(Output::Revealed);
    let proved = case.prove(Output::Revealed);
    let replay = replay(&relation, CONTEXT, &[&case.rows], CellsRef::U8(proved.pixels()), &proved.proof);
    let dense = Forger::new(&case, Output::Revealed).tensors;
    let m = relation.m;
    let (mut a, mut evaluations, mut all) = (vec![F::ZERO; 1 << m], Vec::new(), Vec::new());
    let mut power = F::ONE;
    for (layout, cells) in relation.tensors.iter().zip(&dense) {
        let weights = layout.row_weights(&replay.point, layout.m, F::ONE);
        let eq = eq_table(&replay.point[..m], 1 << m);
        let mut evaluation = F::ZERO;
        for (row, weight) in layout.rows.iter().zip(&weights) {
            for (column, cell) in cells[row << m..(row + 1) << m].iter().enumerate() {
                a[column] += power * weight * cell;
                evaluation += *weight * eq[column] * cell;
            }
        }
        evaluations.push(evaluation);
        all.push(weights.iter().map(|w| *w * power).collect());
        power *= replay.delta;
    }
    Known { case, replay, evaluations, a, weights: all }
}

#[test]
fn messages_are_blinded() {
    let known = known(whole());
    let g = Generators::load().expect("generators").rows(10)[0];
    for (commitment, value) in known.replay.evaluations.iter().zip(&known.evaluations) {
        assert_ne!(*commitment, to_affine(&[g * *value])[0], "an evaluation without its blinder");
    }
}

#[test]
fn rows_are_blinded() {
    let known = known(whole());
    let relation = known.case.relation(Output::Revealed);
    let witness = Witness::new(&relation, vec![Cells::U8(known.case.cells.clone())]);
    let generators = Generators::load().expect("generators");
    for (t, layout) in relation.tensors.iter().enumerate() {
        let bare = commit_rows(generators, layout, &witness.tensors[t], &vec![F::ZERO; layout.rows.len()]);
        let sent: &[Affine] = &known.replay.rows[t];
        assert!(sent.iter().zip(&bare).all(|(sent, bare)| sent != bare), "tensor {t} has a bare row");
    }
}

#[test]
fn the_opening_is_masked() {
    let Known { case, replay, evaluations, a, weights } = known(Case::new(dims(3, 4, 6), cropped));
    let (c, y) = (replay.c, replay.y);
    let v: F = evaluations.iter().rev().fold(F::ZERO, |sum, e| sum * replay.delta + e);
    let masked = y - c * v;
    assert_ne!(masked, F::ZERO, "⟨d, b⟩ hides v");
    let g = Generators::load().expect("generators").rows(10)[0];
    assert_ne!(replay.mask_value, to_affine(&[g * masked])[0], "B has a blinder");
    // w = c·a + d, folded: without d the last scalars would be those of c·a.
    let mut bare: Vec<F> = a.iter().map(|a| c * a).collect();
    for x in &replay.folds {
        let inverse = x.invert().expect("not zero");
        let (low, high) = bare.split_at(bare.len() / 2);
        bare = low.iter().zip(high).map(|(low, high)| *low + inverse * high).collect();
    }
    assert!(replay.last.iter().zip(&bare).all(|(sent, bare)| sent != bare), "d hides a");
    // The input's blinders are the only ones under the vector.
    assert_eq!(weights.len(), 1);
    let blinder: F = weights[0].iter().zip(&case.blinders).map(|(w, b)| *w * b).sum();
    assert_ne!(replay.vector_blinder, c * blinder, "ρ_d hides the rows' blinders");
}
