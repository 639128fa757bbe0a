//! Each constraint is there: rows that break it alone are refused by its name.

use super::*;
use crate::equations::Batch;
use halo2_proofs::dev::{MockProver, VerifyFailure};
use zkimg_group::field::hash_to_field;

/// A size with rows to spare.
fn class() -> Class {
    Class::of(20).and_then(|small| Class::of(small.messages() + 1)).expect("a size")
}

/// Rows as they are.
#[derive(Clone)]
struct Rows(Vec<Row>);

impl Circuit<F> for Rows {
    type Config = Columns;
    type FloorPlanner = SimpleFloorPlanner;

    fn without_witnesses(&self) -> Self {
        self.clone()
    }

    fn configure(meta: &mut ConstraintSystem<F>) -> Columns {
        Equations::configure(meta)
    }

    fn synthesize(&self, columns: Columns, layouter: impl Layouter<F>) -> Result<(), Error> {
        columns.assign(layouter, class(), || self.0.iter().cloned(), true)
    }
}

fn last() -> usize {
    class().usable() - 1
}

/// Rows of a few messages, the first two of them sums of fractions, with a constant that makes the batch true.
fn rows() -> Vec<Row> {
    let number = |i: usize| hash_to_field("row", &i.to_le_bytes());
    let messages: Vec<Message> = (0..20).map(|j| std::array::from_fn(|slot| number(4 * j + slot))).collect();
    let linear = (100..120).map(|j| std::array::from_fn(|slot| number(4 * j + slot))).collect();
    let products = |j: usize| if j < 2 { std::array::from_fn(|i| number(900 + 3 * j + i)) } else { [F::ZERO; PAIRS.len()] };
    let mut batch = Batch { constant: F::ZERO, linear, products: (0..20).map(products).collect() };
    // More messages than there are, so that the larger size is taken; they are zero.
    let more = class().messages();
    batch.linear.resize(more, [F::ZERO; SLOTS]);
    batch.products.resize(more, [F::ZERO; PAIRS.len()]);
    let all = |batch: &Batch| {
        let coefficients = Coefficients::new(batch).expect("few messages");
        Equations { class: class(), messages: messages.clone(), coefficients: Some(&coefficients) }.rows().collect::<Vec<_>>()
    };
    batch.constant = -all(&batch)[last()].accumulator;
    all(&batch)
}

/// The constraints that refuse these rows.
fn refused_by(rows: Vec<Row>) -> Vec<String> {
    let failures = MockProver::run(class().bits(), &Rows(rows), Vec::new()).expect("a circuit").verify().err().unwrap_or_default();
    let name = |failure: &VerifyFailure| match failure {
        VerifyFailure::ConstraintNotSatisfied { constraint, .. } => Some(constraint.to_string()),
        other => Some(other.to_string()),
    };
    failures.iter().filter_map(name).collect()
}

fn one(names: &[String], part: &str) {
    assert!(matches!(names, [name] if name.contains(part)), "{part}: {names:?}");
}

#[test]
fn true_rows_are_accepted() {
    assert_eq!(refused_by(rows()), Vec::<String>::new());
}

#[test]
fn the_sum_starts_at_zero() {
    let mut rows = rows();
    rows.iter_mut().for_each(|row| row.accumulator += F::ONE);
    rows[last()].coefficients[0] -= F::ONE;
    one(&refused_by(rows), "starts at 0");
}

#[test]
fn the_sum_takes_every_step() {
    // Among the messages, where the products end, in the empty rows, at the end.
    for from in [1, 2, 10, 20, 21, 40, last()] {
        let mut rows = rows();
        rows[from..].iter_mut().for_each(|row| row.accumulator += F::ONE);
        rows[last()].coefficients[0] -= F::ONE;
        one(&refused_by(rows), "acc + Σ");
    }
}

#[test]
fn every_coefficient_counts() {
    for column in 0..COEFFICIENTS {
        let mut rows = rows();
        rows[1].coefficients[column] += F::ONE;
        one(&refused_by(rows), "acc + Σ");
    }
}

#[test]
fn the_sum_ends_at_the_constant() {
    let mut rows = rows();
    rows[last()].coefficients[0] += F::ONE;
    one(&refused_by(rows), "ends at");
}
