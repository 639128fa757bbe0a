//! The circuit's public coefficients: columns that both sides know.

use super::Class;
use crate::channel::SLOTS;
use crate::equations::{Batch, PAIRS};
use ff::Field;
use zkimg_group::field::F;

/// Columns of coefficients: one of each slot, then one of each product.
pub const COEFFICIENTS: usize = SLOTS + PAIRS.len();

/// A batch of equations: a row a message, then zeros, and the constant.
pub struct Coefficients {
    class: Class,
    rows: Vec<[F; COEFFICIENTS]>,
}

crate::opaque!(Coefficients);

impl Coefficients {
    /// Lays a batch out by rows of the smallest circuit that holds its messages; `None` if there is none.
    pub fn new(batch: &Batch) -> Option<Coefficients> {
        let class = Class::of(batch.linear.len())?;
        let row = |(linear, products): (&[F; SLOTS], &[F; PAIRS.len()])| {
            let mut row = [F::ZERO; COEFFICIENTS];
            row.iter_mut().zip(linear.iter().chain(products)).for_each(|(cell, c)| *cell = *c);
            row
        };
        let mut rows: Vec<_> = batch.linear.iter().zip(&batch.products).map(row).collect();
        rows.resize(class.messages(), [F::ZERO; COEFFICIENTS]);
        // The last row only ends the accumulator and has no message: it holds the constant, in its first column.
        let mut last = [F::ZERO; COEFFICIENTS];
        last[0] = batch.constant;
        rows.push(last);
        Some(Coefficients { class, rows })
    }

    /// The circuit's size.
    pub fn class(&self) -> Class {
        self.class
    }

    /// The columns' cells in a usable row.
    pub(super) fn row(&self, row: usize) -> [F; COEFFICIENTS] {
        self.rows[row]
    }

    /// The columns' polynomials at a point, given by the Lagrange basis there; in unusable rows they are zero.
    pub(super) fn evaluate(&self, basis: &[F]) -> [F; COEFFICIENTS] {
        let mut sums = [F::ZERO; COEFFICIENTS];
        for (row, weight) in self.rows.iter().zip(basis) {
            sums.iter_mut().zip(row).for_each(|(sum, cell)| *sum += *weight * cell);
        }
        sums
    }
}
