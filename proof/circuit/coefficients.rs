//! The circuit's public coefficients: columns that both sides know.

use super::USABLE;
use crate::equations::{Batch, SLOTS};
use crate::field::F;
use ff::Field;

/// Columns of coefficients: one of each slot, then `(d0, d1)` of the products.
pub const COEFFICIENTS: usize = SLOTS + 2;

/// The row that holds the public constant, in its first column. It only ends the accumulator and has no message.
const LAST: usize = USABLE - 1;

/// A batch of equations: a row a message, then zeros, and the constant.
pub struct Coefficients(Vec<[F; COEFFICIENTS]>);

impl Coefficients {
    /// Lays a batch out by rows; `None` if it has more messages than the circuit has room for.
    pub fn new(batch: &Batch) -> Option<Coefficients> {
        let products = batch.products.iter().copied().chain(std::iter::repeat([F::ZERO; 2]));
        let row = |([c0, c1, c2, c3], [d0, d1]): (&[F; SLOTS], [F; 2])| [*c0, *c1, *c2, *c3, d0, d1];
        let mut rows: Vec<_> = batch.linear.iter().zip(products).map(row).collect();
        if rows.len() > LAST {
            return None;
        }
        rows.resize(LAST, [F::ZERO; COEFFICIENTS]);
        rows.push([batch.constant, F::ZERO, F::ZERO, F::ZERO, F::ZERO, F::ZERO]);
        Some(Coefficients(rows))
    }

    /// The columns' cells in a usable row.
    pub(super) fn row(&self, row: usize) -> [F; COEFFICIENTS] {
        self.0[row]
    }

    /// The columns' polynomials at a point, given by the Lagrange basis there; in unusable rows they are zero.
    pub(super) fn evaluate(&self, basis: &[F]) -> [F; COEFFICIENTS] {
        let mut sums = [F::ZERO; COEFFICIENTS];
        for (row, weight) in self.0.iter().zip(basis) {
            sums.iter_mut().zip(row).for_each(|(sum, cell)| *sum += *weight * cell);
        }
        sums
    }
}
