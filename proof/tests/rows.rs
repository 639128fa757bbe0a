//! Inputs in rows of different lengths: a model's stand in its own, a photo's in the camera's.

use crate::support::CONTEXT;
use crate::support::forger::Forger;
use crate::support::graphs::{End, Numbers, bounds, judge, matrices};
use ff::Field;
use zkimg_graph::graph::Output;
use zkimg_graph::tensor::Cells;
use zkimg_group::field::{Affine, F};
use zkimg_group::generators::Generators;
use zkimg_group::randomness::hedged;
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::prove::{Input, ProveError, Proved, prove};
use zkimg_proof::relation::Relation;
use zkimg_proof::soundness::Account;
use zkimg_proof::verify::Reject;

/// A matrix of several short rows, and one that is shorter than a row, times each other.
fn numbers() -> Numbers {
    matrices(70, 40, 3, End::Clamped(1 << 12), true)
}

fn relation(numbers: &Numbers, rows: [usize; 2]) -> Relation {
    Relation::of_graph_in_rows(numbers.graph.clone(), &rows, Output::Revealed).expect("a relation")
}

struct Committed {
    rows: Vec<Vec<Affine>>,
    blinders: Vec<Vec<F>>,
}

fn commit(numbers: &Numbers, relation: &Relation) -> Committed {
    let mut random = hedged("test", &[]).expect("randomness");
    let generators = Generators::load().expect("generators");
    let layouts = &relation.tensors[..relation.inputs];
    let blinders: Vec<Vec<F>> = layouts.iter().map(|l| l.rows.iter().map(|_| F::random(&mut random)).collect()).collect();
    let each = layouts.iter().zip(&numbers.inputs).zip(&blinders);
    let rows = each.map(|((layout, cells), blinders)| commit_rows(generators, layout, cells, blinders)).collect();
    Committed { rows, blinders }
}

fn proved(numbers: &Numbers, relation: &Relation, committed: &Committed) -> Result<Proved, ProveError> {
    let each = numbers.inputs.iter().zip(&committed.rows).zip(&committed.blinders);
    let inputs: Vec<Input<'_>> = each.map(|((cells, rows), blinders)| Input { cells: cells.view(), blinders, rows }).collect();
    prove(relation, CONTEXT, &inputs)
}

#[test]
fn rows_of_different_lengths_stand_in_one_proof() {
    let numbers = numbers();
    for lengths in [[10, 12], [12, 10], [10, 16], [11, 11]] {
        let relation = relation(&numbers, lengths);
        assert_eq!(relation.m, lengths[0].max(lengths[1]));
        let committed = commit(&numbers, &relation);
        let proof = proved(&numbers, &relation, &committed).expect("a proof");
        judge(&relation, &committed.rows, &proof.output, &proof.proof).expect("accepted");
        let mut other = proof.output.view().widened();
        other[7] ^= 1;
        let other = Cells::narrowest(&other, bounds(0, 255));
        assert!(judge(&relation, &committed.rows, &other, &proof.proof).is_err(), "another output");
        // What is divided by may vanish at one point a bit.
        let charged = Account::of(&relation).terms.iter().find(|term| term.name.starts_with("shorter rows")).map(|term| term.numerator);
        assert_eq!(charged, Some(lengths[0].abs_diff(lengths[1]) as u128).filter(|bits| *bits > 0));
    }
}

#[test]
fn the_same_rows_in_another_length_are_another_statement() {
    let numbers = numbers();
    let all = [[10, 12], [12, 10], [12, 12], [10, 11], [10, 10]].map(|lengths| relation(&numbers, lengths).digest());
    assert!((0..all.len()).all(|i| !all[..i].contains(&all[i])));
    // The second matrix has one row in any of these lengths.
    let (short, long) = (relation(&numbers, [12, 10]), relation(&numbers, [12, 11]));
    let committed = commit(&numbers, &short);
    let proof = proved(&numbers, &short, &committed).expect("a proof");
    judge(&short, &committed.rows, &proof.output, &proof.proof).expect("accepted");
    assert!(judge(&long, &committed.rows, &proof.output, &proof.proof).is_err());
}

/// The rule of mixed lengths: a proof over rows of their own length, as a model's card has one, shows that there is nothing beyond.
#[test]
fn a_row_that_goes_on_beyond_its_length_has_no_proof_of_its_own() {
    let numbers = numbers();
    let beyond = Generators::load().expect("generators").rows(11)[1500];
    for matrix in [0, 1] {
        let own = relation(&numbers, [10, 10]);
        let mut committed = commit(&numbers, &own);
        committed.rows[matrix][0] = (beyond * F::from(4711) + committed.rows[matrix][0]).into();
        let Err(ProveError::SelfCheck(Reject::Group(what))) = proved(&numbers, &own, &committed) else { panic!("accepted") };
        assert!(what.contains("pixels"), "{what}");
    }
}

/// Why that rule is needed, and how far a proof over mixed lengths goes without it: what stands beyond a row counts for the cells of a
/// later row, the one whose number has the same bits and those of the place.
#[test]
fn an_inference_alone_takes_what_lies_beyond_a_row_for_the_next_rows() {
    let numbers = matrices(70, 40, 3, End::Clamped(1 << 12), false);
    let (mixed, own) = (relation(&numbers, [10, 12]), relation(&numbers, [10, 10]));
    let z = F::from(4711);
    // Of five rows: a place of 2^10 more is one row further on, of 2^11 two, of both three.
    let moved = |row: usize, by: usize| vec![(0, row, (by << 10) + 37, z), (0, row + by, 37, -z)];
    for (row, by) in [(0, 1), (2, 1), (0, 2), (1, 2), (0, 3)] {
        let mut forger = Forger::of(mixed.clone(), numbers.inputs.clone());
        forger.beyond = moved(row, by);
        forger.judge().unwrap_or_else(|refused| panic!("row {row}, {by} further: {refused}"));
        // A model's card has rows of their own length.
        let mut forger = Forger::of(own.clone(), numbers.inputs.clone());
        forger.beyond = moved(row, by);
        assert_eq!(forger.judge().err(), Some(Reject::Group("opening of the pixels")), "row {row}, {by} further");
    }
    // Into a row that the bits do not lead to, and with nothing that makes up for it.
    for junk in [vec![(0, 1, (1 << 10) + 37, z), (0, 2, 37, -z)], vec![(0, 0, (1 << 10) + 37, z)], vec![(1, 0, (1 << 11) + 37, z)]] {
        let mut forger = Forger::of(mixed.clone(), numbers.inputs.clone());
        forger.beyond = junk.clone();
        assert_eq!(forger.judge().err(), Some(Reject::Group("opening of the pixels")), "{junk:?}");
    }
}

#[test]
fn an_input_without_a_length_is_refused() {
    let numbers = numbers();
    for lengths in [&[][..], &[10], &[10, 10, 10], &[9, 10], &[10, 17]] {
        assert!(Relation::of_graph_in_rows(numbers.graph.clone(), lengths, Output::Revealed).is_err(), "{lengths:?}");
    }
}
