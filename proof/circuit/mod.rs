//! The one small circuit: every equation at once, over messages it hides.
//!
//! Fixed shape, whatever the picture and the edits: 2^10 rows, no lookups, no copy constraints. Message `j` is row
//! `row(j)` of the first four advice columns; its public coefficients are instance cells.

mod deferred;
mod key;
mod link;

pub use deferred::{Deferred, read_circuit_proof};
pub use key::{Keys, VERIFYING_KEY_DIGEST};
#[cfg(feature = "prover")]
pub use link::Tail;
pub use link::{BLINDED_ROWS, lagrange, link_terms};

use crate::equations::{Batch, Message, SLOTS, Schedule, product};
use crate::field::F;
use ff::Field;
use halo2_proofs::circuit::{Layouter, SimpleFloorPlanner, Value};
use halo2_proofs::plonk::{Advice, Circuit, Column, ConstraintSystem, Error, Fixed, Instance};
use halo2_proofs::poly::Rotation;

/// Rows of the circuit.
pub const ROWS: usize = 1 << crate::generators::CIRCUIT_BITS;
/// Rows halo2 lets a circuit use; it fills the rest with blinders.
pub const USABLE: usize = ROWS - BLINDED_ROWS;
/// Rows for messages that end a layer: the only ones with four slots and with products.
pub const LAYER_ROWS: usize = 48;
/// Instance columns: four linear coefficients, two of products, the public constant, the root flag.
pub const INSTANCES: usize = 8;
/// Their greatest lengths; the first two end with the last message.
pub const INSTANCE_LENGTHS: [usize; INSTANCES] = [USABLE, USABLE, LAYER_ROWS, LAYER_ROWS, LAYER_ROWS, LAYER_ROWS, 1, 1];

/// The row of message `j`; `None` if the circuit has no room for it.
pub fn row(schedule: &Schedule, j: usize) -> Option<usize> {
    if j < schedule.leaf_bits {
        (j < LAYER_ROWS).then_some(j)
    } else {
        // The last usable row only ends the accumulator.
        let row = LAYER_ROWS + j - schedule.leaf_bits;
        (row + 1 < USABLE).then_some(row)
    }
}

/// The public inputs: one typed value, one conversion.
pub struct Instances(pub [Vec<F>; INSTANCES]);

impl Instances {
    /// Lays a batch of equations out by rows; `None` if it does not fit.
    pub fn new(schedule: &Schedule, batch: &Batch) -> Option<Instances> {
        let mut columns = INSTANCE_LENGTHS.map(|length| vec![F::ZERO; length]);
        for (j, coefficients) in batch.linear.iter().enumerate() {
            let row = row(schedule, j)?;
            for (column, c) in columns.iter_mut().zip(coefficients) {
                match column.get_mut(row) {
                    Some(cell) => *cell = *c,
                    None if c.is_zero_vartime() => {}
                    None => return None,
                }
            }
        }
        for (j, [d0, d1]) in batch.products.iter().enumerate() {
            let row = row(schedule, j)?;
            columns[4][row] = *d0;
            columns[5][row] = *d1;
        }
        // What follows the last message is zero, and halo2 pads with zeros: the same columns, committed faster.
        let used = row(schedule, schedule.messages() - 1)? + 1;
        columns[..2].iter_mut().for_each(|column| column.truncate(used));
        columns[6] = vec![batch.constant];
        columns[7] = vec![F::from(u64::from(schedule.leaf_bits > 0))];
        Some(Instances(columns))
    }

    fn cell(&self, column: usize, row: usize) -> F {
        self.0[column].get(row).copied().unwrap_or(F::ZERO)
    }
}

/// The columns.
#[derive(Clone, Debug)]
pub struct Columns {
    slots: [Column<Advice>; SLOTS],
    accumulator: Column<Advice>,
    inverse: Column<Advice>,
    step: Column<Fixed>,
    first: Column<Fixed>,
    last: Column<Fixed>,
}

/// The witness: messages by row.
pub struct Equations<'a> {
    /// Messages, in row order.
    pub rows: Vec<Message>,
    /// The public coefficients, if there is a witness.
    pub instances: Option<&'a Instances>,
}

/// halo2's own copies are beyond reach; these are not.
impl Drop for Equations<'_> {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.rows);
    }
}

impl Circuit<F> for Equations<'_> {
    type Config = Columns;
    type FloorPlanner = SimpleFloorPlanner;

    fn without_witnesses(&self) -> Self {
        Equations { rows: Vec::new(), instances: None }
    }

    fn configure(meta: &mut ConstraintSystem<F>) -> Columns {
        // The message columns come first: the link knows them by their place.
        let slots = [(); SLOTS].map(|()| meta.advice_column());
        let (accumulator, inverse) = (meta.advice_column(), meta.advice_column());
        let instances: [Column<Instance>; INSTANCES] = [(); INSTANCES].map(|()| meta.instance_column());
        let (step, first, last) = (meta.fixed_column(), meta.fixed_column(), meta.fixed_column());
        meta.create_gate("equations", |cells| {
            let a = slots.map(|column| cells.query_advice(column, Rotation::cur()));
            let [acc, next] = [Rotation::cur(), Rotation::next()].map(|at| cells.query_advice(accumulator, at));
            let inv = cells.query_advice(inverse, Rotation::cur());
            let [c0, c1, c2, c3, d0, d1, public, root] = instances.map(|column| cells.query_instance(column, Rotation::cur()));
            let [step, first, last] = [step, first, last].map(|column| cells.query_fixed(column));
            let [a0, a1, a2, a3] = a;
            let linear = c0 * a0.clone() + c1 * a1.clone() + c2 * a2.clone() + c3 * a3.clone();
            let products = d0 * (a0 * a3.clone() + a1 * a2.clone()) + d1 * a2.clone() * a3.clone();
            let one = halo2_proofs::plonk::Expression::Constant(F::ONE);
            vec![
                ("acc' = acc + Σ c·a + products", step * (next - acc.clone() - linear - products)),
                ("acc starts at the public constant", first * (acc.clone() - public)),
                ("acc ends at 0", last * acc),
                // The flag's column has one cell, in row 0.
                ("q0·q1·inv = 1 at the root", root * (a2 * a3 * inv - one)),
            ]
        });
        Columns { slots, accumulator, inverse, step, first, last }
    }

    fn synthesize(&self, columns: Columns, mut layouter: impl Layouter<F>) -> Result<(), Error> {
        layouter.assign_region(
            || "messages",
            |mut region| {
                let known = |v: F| if self.instances.is_some() { Value::known(v) } else { Value::unknown() };
                let mut acc = self.instances.map_or(F::ZERO, |i| i.cell(6, 0));
                for row in 0..USABLE {
                    let message = self.rows.get(row).copied().unwrap_or([F::ZERO; SLOTS]);
                    for (column, value) in columns.slots.iter().zip(message) {
                        region.assign_advice(|| "slot", *column, row, || known(value))?;
                    }
                    region.assign_advice(|| "acc", columns.accumulator, row, || known(acc))?;
                    let root = message[2] * message[3];
                    let inverse = if row == 0 { root.invert().unwrap_or(F::ZERO) } else { F::ZERO };
                    region.assign_advice(|| "inv", columns.inverse, row, || known(inverse))?;
                    let flag = |on: bool| Value::known(if on { F::ONE } else { F::ZERO });
                    region.assign_fixed(|| "step", columns.step, row, || flag(row + 1 < USABLE))?;
                    region.assign_fixed(|| "first", columns.first, row, || flag(row == 0))?;
                    region.assign_fixed(|| "last", columns.last, row, || flag(row + 1 == USABLE))?;
                    if let Some(i) = self.instances {
                        let linear: F = message.iter().enumerate().map(|(slot, a)| i.cell(slot, row) * a).sum();
                        acc += linear + product(&message, i.cell(4, row), i.cell(5, row));
                    }
                }
                Ok(())
            },
        )
    }
}
