//! The circuit's public coefficients: columns that both sides know.

use super::USABLE;
use crate::equations::{Batch, SLOTS};
use crate::field::F;
use ff::Field;

/// Columns of coefficients: one of each slot, then `(d0, d1)` of the products.
pub const COEFFICIENTS: usize = SLOTS + 2;

/// The row that holds the public constant, in its first column. It only ends the accumulator and has no message.
const LAST: usize = USABLE - 1;

/// A batch of equations, a row a message.
pub struct Coefficients {
    rows: Vec<[F; COEFFICIENTS]>,
    constant: F,
}

impl Coefficients {
    /// Lays a batch out by rows; `None` if it has more messages than the circuit has room for.
    pub fn new(batch: &Batch) -> Option<Coefficients> {
        let products = batch.products.iter().copied().chain(std::iter::repeat([F::ZERO; 2]));
        let row = |([c0, c1, c2, c3], [d0, d1]): (&[F; SLOTS], [F; 2])| [*c0, *c1, *c2, *c3, d0, d1];
        let rows: Vec<_> = batch.linear.iter().zip(products).map(row).collect();
        (rows.len() <= LAST).then_some(Coefficients { rows, constant: batch.constant })
    }

    /// The columns' cells in a row.
    pub(super) fn row(&self, row: usize) -> [F; COEFFICIENTS] {
        let mut cells = self.rows.get(row).copied().unwrap_or_default();
        if row == LAST {
            cells[0] = self.constant;
        }
        cells
    }

    /// The columns' polynomials at a point, given by the Lagrange basis there.
    pub(super) fn evaluate(&self, basis: &[F]) -> [F; COEFFICIENTS] {
        let mut sums = [F::ZERO; COEFFICIENTS];
        for (row, weight) in basis.iter().enumerate().take(USABLE) {
            sums.iter_mut().zip(self.row(row)).for_each(|(sum, cell)| *sum += *weight * cell);
        }
        sums
    }
}
