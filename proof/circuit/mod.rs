//! The one small circuit: every equation at once, over messages it hides.
//!
//! One shape in a few sizes ([`Class`]), whatever the picture and the edits; no lookups, no copy constraints. Message `j` is row `j` of
//! the first four columns, its public coefficients are row `j` of the last: one of each value, one of each product of two that
//! the protocol has ([`PAIRS`]). The prover commits to those too, and the verifier, who knows them, computes what they are at halo2's
//! evaluation point: that costs it a few thousand multiplications, where halo2's instance columns would cost it a sum of points each.

mod class;
mod coefficients;
mod deferred;
#[cfg(feature = "prover")]
mod draws;
mod key;
mod link;
mod parameters;
#[cfg(feature = "prover")]
mod prove;
#[cfg(test)]
mod tests;

pub use class::{BLINDED_ROWS, CLASSES, Class, MAX_MESSAGES};
pub use coefficients::{COEFFICIENTS, Coefficients};
pub use deferred::{Deferred, read_circuit_proof};
#[cfg(feature = "prover")]
pub use draws::{Draws, Tail};
pub use key::{Keys, VERIFYING_KEY_DIGESTS};
pub use link::{LinkTerms, Published, lagrange};
#[cfg(feature = "built-in")]
pub use parameters::circuit_parts;
pub use parameters::{circuit_params, generate_circuit_params, give_circuit_params, parse_circuit_params};
#[cfg(feature = "prover")]
pub use prove::write_circuit_proof;

use crate::channel::{Message, SLOTS};
use crate::equations::PAIRS;
use ff::Field;
use halo2_proofs::circuit::{Layouter, SimpleFloorPlanner, Value};
use halo2_proofs::plonk::{Advice, Circuit, Column, ConstraintSystem, Error, Expression, Fixed};
use halo2_proofs::poly::Rotation;
use zkimg_group::field::F;

/// Columns that hide something: the messages' slots, the accumulator.
const HIDDEN_COLUMNS: usize = SLOTS + 1;

/// The columns.
#[derive(Clone, Debug)]
pub struct Columns {
    slots: [Column<Advice>; SLOTS],
    accumulator: Column<Advice>,
    coefficients: [Column<Advice>; COEFFICIENTS],
    step: Column<Fixed>,
    first: Column<Fixed>,
    last: Column<Fixed>,
}

/// The witness.
pub struct Equations<'a> {
    /// The size.
    pub class: Class,
    /// Messages, by row.
    pub messages: Vec<Message>,
    /// Their coefficients; none where only the circuit's shape is asked for.
    pub coefficients: Option<&'a Coefficients>,
}

crate::opaque!(Equations<'_>);

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
        Equations { class: self.class, messages: Vec::new(), coefficients: None }
    }

    fn configure(meta: &mut ConstraintSystem<F>) -> Columns {
        // The order is that of the scalars halo2 publishes, and of its draws: see `link.rs` and `draws.rs`.
        let slots = [(); SLOTS].map(|()| meta.advice_column());
        let accumulator = meta.advice_column();
        let coefficients = [(); COEFFICIENTS].map(|()| meta.advice_column());
        let (step, first, last) = (meta.fixed_column(), meta.fixed_column(), meta.fixed_column());
        meta.create_gate("equations", |cells| {
            let a = slots.map(|column| cells.query_advice(column, Rotation::cur()));
            let [acc, next] = [Rotation::cur(), Rotation::next()].map(|at| cells.query_advice(accumulator, at));
            let c = coefficients.map(|column| cells.query_advice(column, Rotation::cur()));
            let [step, first, last] = [step, first, last].map(|column| cells.query_fixed(column));
            let (linear, products) = c.split_at(SLOTS);
            let zero = Expression::Constant(F::ZERO);
            let linear = linear.iter().zip(&a).fold(zero, |sum, (c, a)| sum + c.clone() * a.clone());
            let all = products.iter().zip(PAIRS).fold(linear, |sum, (d, (i, j))| sum + d.clone() * a[i].clone() * a[j].clone());
            vec![
                ("acc starts at 0", first * acc.clone()),
                ("acc' = acc + Σ c·a + Σ d·a·a", step * (next - acc.clone() - all)),
                ("acc ends at minus the public constant", last * (acc + c[0].clone())),
            ]
        });
        Columns { slots, accumulator, coefficients, step, first, last }
    }

    fn synthesize(&self, columns: Columns, layouter: impl Layouter<F>) -> Result<(), Error> {
        columns.assign(layouter, self.class, || self.rows(), self.coefficients.is_some())
    }
}

/// A row of the circuit.
#[derive(Clone)]
struct Row {
    message: Message,
    coefficients: [F; COEFFICIENTS],
    accumulator: F,
}

impl Equations<'_> {
    fn rows(&self) -> impl Iterator<Item = Row> {
        let mut sum = F::ZERO;
        (0..self.class.usable()).map(move |row| {
            let message = self.messages.get(row).copied().unwrap_or_default();
            let coefficients = self.coefficients.map(|all| all.row(row)).unwrap_or_default();
            let row = Row { message, coefficients, accumulator: sum };
            sum = row.next();
            row
        })
    }
}

impl Row {
    /// The next row's accumulator.
    fn next(&self) -> F {
        let (c, d) = self.coefficients.split_at(SLOTS);
        let a = &self.message;
        let linear: F = c.iter().zip(a).map(|(c, a)| *c * a).sum();
        self.accumulator + linear + d.iter().zip(PAIRS).map(|(d, (i, j))| *d * a[i] * a[j]).sum::<F>()
    }
}

impl Columns {
    fn assign<R: Iterator<Item = Row>>(
        &self,
        mut layouter: impl Layouter<F>,
        class: Class,
        rows: impl Fn() -> R,
        known: bool,
    ) -> Result<(), Error> {
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
                    let flags = [(self.step, i + 1 < class.usable()), (self.first, i == 0), (self.last, i + 1 == class.usable())];
                    for (column, on) in flags {
                        region.assign_fixed(|| "flag", column, i, || Value::known(if on { F::ONE } else { F::ZERO }))?;
                    }
                }
                Ok(())
            },
        )
    }
}
