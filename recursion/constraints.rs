//! A link's verifier as constraints.
//!
//! Public inputs, in order: the statement's digest, the digests of all rows, the weights and the constant that the reader
//! computes, and what the reader is told of the transcript ([`Drawn::list`]).

use crate::r1cs::{Number, Shape, System};
use crate::verifier::{Absorbed, Drawn, Record, Side, run};
use ff::Field;
use zeroize::Zeroizing;
use zkimg_graph::tensor::CellsRef;
use zkimg_group::field::F;
use zkimg_proof::channel::{Message, Public, SLOTS, Turn};
use zkimg_proof::relation::Relation;

/// A relation that the constraints are not made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsuitable {
    /// Products of two tensors: a network's, whose circuit could compute a transcript.
    #[error("a chain has no products of tensors")]
    Products,
    /// Nothing is looked up.
    #[error("nothing is looked up")]
    NoLookups,
}

/// Whether a relation can be a link of a compact chain.
pub fn suits(relation: &Relation) -> Result<(), Unsuitable> {
    if relation.products() > 0 {
        return Err(Unsuitable::Products);
    }
    if relation.leaf_bits() == 0 { Err(Unsuitable::NoLookups) } else { Ok(()) }
}

/// The constraints of a relation's verifier: a function of its sizes alone.
pub fn shape(relation: &Relation) -> Result<Shape<F>, Unsuitable> {
    suits(relation)?;
    let absorbed = Absorbed { salt: F::ZERO, statement: F::ZERO, rows: vec![F::ZERO; relation.tensors.len() + 1] };
    let system = System::of_shape();
    state(&system, relation, &absorbed, &Record::default());
    Ok(system.shape())
}

/// The witness and the public inputs of a run.
pub fn witness(relation: &Relation, absorbed: &Absorbed<F>, record: &Record) -> (Zeroizing<Vec<F>>, Vec<F>) {
    let system = System::of_values();
    state(&system, relation, absorbed, record);
    system.values()
}

/// The public inputs, by who only reads.
pub fn public(statement: F, rows: &[F], claims: &[F], drawn: &Drawn<F>) -> Vec<F> {
    [statement].iter().chain(rows).chain(claims).copied().chain(drawn.list()).collect()
}

fn state(system: &System<F>, relation: &Relation, absorbed: &Absorbed<F>, record: &Record) {
    let absorbed = Absorbed {
        salt: system.hidden(absorbed.salt),
        statement: system.public(absorbed.statement),
        rows: absorbed.rows.iter().map(|digest| system.public(*digest)).collect(),
    };
    let mut side = Constrained { system, messages: record.messages.iter(), mask: record.mask, claims: &record.claims };
    // The revealed output is in the reader's constant alone.
    let left = run(relation, CellsRef::U8(&[]), absorbed, &mut side);
    for number in left.drawn.list() {
        let told = system.public(number.value());
        (number - told).require_zero();
    }
}

/// The verifier's side as constraints.
struct Constrained<'a> {
    system: &'a System<F>,
    messages: std::slice::Iter<'a, Message>,
    mask: F,
    claims: &'a [F],
}

impl Side<Number<F>> for Constrained<'_> {
    fn lookups(&mut self, _: &Number<F>, _: &Number<F>) {}

    fn message(&mut self, _: Turn<'_, Number<F>>, used: usize) -> [Number<F>; SLOTS] {
        let values = self.messages.next().copied().unwrap_or_default();
        std::array::from_fn(
            |slot| {
                if slot < used { self.system.hidden(values[slot]) } else { zkimg_proof::channel::Scalar::constant(F::ZERO) }
            },
        )
    }

    fn mask(&mut self, _: &[Number<F>]) -> Number<F> {
        self.system.hidden(self.mask)
    }

    fn public(&mut self, numbers: Public<'_, Number<F>>) -> Vec<Number<F>> {
        let count = Public::count(&numbers);
        (0..count).map(|i| self.system.public(self.claims.get(i).copied().unwrap_or(F::ZERO))).collect()
    }

    fn zero(&mut self, number: Number<F>) {
        number.require_zero();
    }
}
