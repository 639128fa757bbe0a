//! The one small circuit: every equation at once, over messages it hides.
//!
//! Fixed shape, whatever the picture and the edits: 2^10 rows, no lookups, no copy constraints. Message `j` is row
//! `j` of the first four columns, its public coefficients are row `j` of the last six. The prover commits to those
//! too, and the verifier, who knows them, computes what they are at halo2's evaluation point: that costs it a few
//! thousand multiplications, where halo2's instance columns would cost it a sum of points each.

mod coefficients;
mod deferred;
#[cfg(feature = "prover")]
mod draws;
mod key;
mod link;
#[cfg(feature = "prover")]
mod prove;
#[cfg(test)]
mod tests;

pub use coefficients::{COEFFICIENTS, Coefficients};
pub use deferred::{Deferred, read_circuit_proof};
#[cfg(feature = "prover")]
pub use draws::{Draws, Tail};
pub use key::{Keys, VERIFYING_KEY_DIGEST};
pub use link::{BLINDED_ROWS, LinkTerms, Published, lagrange};
#[cfg(feature = "prover")]
pub use prove::write_circuit_proof;

use crate::equations::{Message, SLOTS, product};
use crate::field::F;
use ff::Field;
use halo2_proofs::circuit::{Layouter, SimpleFloorPlanner, Value};
use halo2_proofs::plonk::{Advice, Circuit, Column, ConstraintSystem, Error, Expression, Fixed};
use halo2_proofs::poly::Rotation;

/// Rows of the circuit.
pub const ROWS: usize = 1 << crate::generators::CIRCUIT_BITS;
/// Rows halo2 lets a circuit use; it fills the rest with blinders.
pub const USABLE: usize = ROWS - BLINDED_ROWS;
/// Columns that hide something: the messages' slots, the accumulator, the inverses.
const HIDDEN_COLUMNS: usize = SLOTS + 2;

/// The columns.
#[derive(Clone, Debug)]
pub struct Columns {
    slots: [Column<Advice>; SLOTS],
    accumulator: Column<Advice>,
    inverse: Column<Advice>,
    coefficients: [Column<Advice>; COEFFICIENTS],
    step: Column<Fixed>,
    first: Column<Fixed>,
    last: Column<Fixed>,
}

/// The witness.
pub struct Equations<'a> {
    /// Messages, by row.
    pub messages: Vec<Message>,
    /// Their coefficients; none where only the circuit's shape is asked for.
    pub coefficients: Option<&'a Coefficients>,
}

/// halo2's own copies are beyond reach; these are not.
impl Drop for Equations<'_> {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.messages);
    }
}

impl Circuit<F> for Equations<'_> {
    type Config = Columns;
    type FloorPlanner = SimpleFloorPlanner;

    fn without_witnesses(&self) -> Self {
        Equations { messages: Vec::new(), coefficients: None }
    }

    fn configure(meta: &mut ConstraintSystem<F>) -> Columns {
        // The order is that of the scalars halo2 publishes, and of its draws: see `link.rs` and `draws.rs`.
        let slots = [(); SLOTS].map(|()| meta.advice_column());
        let (accumulator, inverse) = (meta.advice_column(), meta.advice_column());
        let coefficients = [(); COEFFICIENTS].map(|()| meta.advice_column());
        let (step, first, last) = (meta.fixed_column(), meta.fixed_column(), meta.fixed_column());
        meta.create_gate("equations", |cells| {
            let [a0, a1, a2, a3] = slots.map(|column| cells.query_advice(column, Rotation::cur()));
            let [acc, next] = [Rotation::cur(), Rotation::next()].map(|at| cells.query_advice(accumulator, at));
            let inv = cells.query_advice(inverse, Rotation::cur());
            let [c0, c1, c2, c3, d0, d1] = coefficients.map(|column| cells.query_advice(column, Rotation::cur()));
            let [step, first, last] = [step, first, last].map(|column| cells.query_fixed(column));
            let linear = c0.clone() * a0.clone() + c1 * a1.clone() + c2 * a2.clone() + c3 * a3.clone();
            let products = d0.clone() * (a0 * a3.clone() + a1 * a2.clone()) + d1 * a2.clone() * a3.clone();
            let one = Expression::Constant(F::ONE);
            vec![
                ("acc starts at 0", first * acc.clone()),
                ("acc' = acc + Σ c·a + products", step * (next - acc.clone() - linear - products)),
                ("acc ends at minus the public constant", last * (acc + c0)),
                // Of the root `d0` is 1, and of every other sum of fractions a power of a challenge.
                ("no denominator is zero: q0·q1·inv = 1", d0 * (a2 * a3 * inv - one)),
            ]
        });
        Columns { slots, accumulator, inverse, coefficients, step, first, last }
    }

    fn synthesize(&self, columns: Columns, layouter: impl Layouter<F>) -> Result<(), Error> {
        columns.assign(layouter, || self.rows(), self.coefficients.is_some())
    }
}

/// A row of the circuit.
#[derive(Clone)]
struct Row {
    message: Message,
    coefficients: [F; COEFFICIENTS],
    accumulator: F,
    inverse: F,
}

impl Equations<'_> {
    fn rows(&self) -> impl Iterator<Item = Row> {
        let mut sum = F::ZERO;
        (0..USABLE).map(move |row| {
            let message = self.messages.get(row).copied().unwrap_or_default();
            let coefficients = self.coefficients.map(|all| all.row(row)).unwrap_or_default();
            let [.., d0, _] = coefficients;
            let denominators = if d0.is_zero_vartime() { F::ZERO } else { message[2] * message[3] };
            let inverse = denominators.invert().unwrap_or(F::ZERO);
            let row = Row { message, coefficients, accumulator: sum, inverse };
            sum = row.next();
            row
        })
    }
}

impl Row {
    /// The next row's accumulator.
    fn next(&self) -> F {
        let [c @ .., d0, d1] = self.coefficients;
        let linear: F = c.iter().zip(self.message).map(|(c, a)| *c * a).sum();
        self.accumulator + linear + product(&self.message, d0, d1)
    }
}

impl Columns {
    fn assign<R: Iterator<Item = Row>>(&self, mut layouter: impl Layouter<F>, rows: impl Fn() -> R, known: bool) -> Result<(), Error> {
        layouter.assign_region(
            || "messages",
            |mut region| {
                let value = |v: F| if known { Value::known(v) } else { Value::unknown() };
                for (i, row) in rows().enumerate() {
                    for (column, cell) in self.slots.iter().zip(row.message) {
                        region.assign_advice(|| "slot", *column, i, || value(cell))?;
                    }
                    for (column, cell) in self.coefficients.iter().zip(row.coefficients) {
                        region.assign_advice(|| "coefficient", *column, i, || value(cell))?;
                    }
                    region.assign_advice(|| "acc", self.accumulator, i, || value(row.accumulator))?;
                    region.assign_advice(|| "inv", self.inverse, i, || value(row.inverse))?;
                    let flags = [(self.step, i + 1 < USABLE), (self.first, i == 0), (self.last, i + 1 == USABLE)];
                    for (column, on) in flags {
                        region.assign_fixed(|| "flag", column, i, || Value::known(if on { F::ONE } else { F::ZERO }))?;
                    }
                }
                Ok(())
            },
        )
    }
}
