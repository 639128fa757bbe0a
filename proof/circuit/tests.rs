//! Each constraint is there: rows that break it alone are refused by its name.

use super::*;
use crate::equations::Batch;
use crate::field::hash_to_field;
use crate::generators::CIRCUIT_BITS;
use halo2_proofs::dev::{MockProver, VerifyFailure};

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
        columns.assign(layouter, || self.0.iter().cloned(), true)
    }
}

/// Rows of a few messages, the first two of them sums of fractions, with a constant that makes the batch true.
fn rows() -> Vec<Row> {
    let number = |i: usize| hash_to_field("row", &i.to_le_bytes());
    let messages: Vec<Message> = (0..20).map(|j| std::array::from_fn(|slot| number(4 * j + slot))).collect();
    let linear = (100..120).map(|j| std::array::from_fn(|slot| number(4 * j + slot))).collect();
    let mut batch = Batch { constant: F::ZERO, linear, products: vec![[F::ONE, F::ZERO], [number(900), number(901)]] };
    let all = |batch: &Batch| {
        let coefficients = Coefficients::new(batch).expect("few messages");
        Equations { messages: messages.clone(), coefficients: Some(&coefficients) }.rows().collect::<Vec<_>>()
    };
    batch.constant = -all(&batch)[USABLE - 1].accumulator;
    all(&batch)
}

/// The constraints that refuse these rows.
fn refused_by(rows: Vec<Row>) -> Vec<String> {
    let failures = MockProver::run(CIRCUIT_BITS, &Rows(rows), Vec::new()).expect("a circuit").verify().err().unwrap_or_default();
    let name = |failure: &VerifyFailure| match failure {
        VerifyFailure::ConstraintNotSatisfied { constraint, .. } => Some(constraint.to_string()),
        // In unusable rows too, where coefficients are zero: that is the verifier's to see.
        VerifyFailure::ConstraintPoisoned { constraint } if constraint.to_string().contains("denominator") => None,
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
    rows[USABLE - 1].coefficients[0] -= F::ONE;
    one(&refused_by(rows), "starts at 0");
}

#[test]
fn the_sum_takes_every_step() {
    // Among the messages, where the products end, in the empty rows, at the end.
    for from in [1, 2, 10, 20, 21, 700, USABLE - 1] {
        let mut rows = rows();
        rows[from..].iter_mut().for_each(|row| row.accumulator += F::ONE);
        rows[USABLE - 1].coefficients[0] -= F::ONE;
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
    rows[USABLE - 1].coefficients[0] += F::ONE;
    one(&refused_by(rows), "ends at");
}

#[test]
fn no_denominator_is_zero() {
    for (row, slot) in [(0, 2), (0, 3), (1, 2), (1, 3)] {
        let mut rows = rows();
        rows[row].message[slot] = F::ZERO;
        let change = rows[row].next() - rows[row + 1].accumulator;
        rows[row + 1..].iter_mut().for_each(|row| row.accumulator += change);
        rows[USABLE - 1].coefficients[0] -= change;
        one(&refused_by(rows), "denominator");
    }
}
