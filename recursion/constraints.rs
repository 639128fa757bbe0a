//! A link's verifier as constraints.
//!
//! Public inputs, in order: the statement's digest, the digests of all rows, the weights and the constant that the reader
//! computes, and what the reader is told of the transcript ([`Drawn::list`]).

use crate::r1cs::{Number, Shape, System};
use crate::verifier::{Absorbed, Drawn, Record, Side, run};
use ff::Field;
use zeroize::Zeroizing;
use zkimg_group::field::F;
use zkimg_group::generators::MAX_ROW_BITS;
use zkimg_proof::channel::{Message, Public, SLOTS, Sizes, Turn};
use zkimg_proof::relation::{MAX_TENSORS, Relation};

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
    /// Inputs in rows of several lengths: what stands beyond a shorter row would count.
    #[error("the pictures of a chain stand in rows of one length")]
    Rows,
    /// Constraints of other sizes.
    #[error("the constraints are those of another class of statements")]
    Class,
    /// More tensors, and so more lookups of what was looked up, than edits need: these could compute a transcript too.
    #[error("a chain's proof commits no more than {MOST_TENSORS} tensors")]
    Tensors,
}

/// Twice as many as a proof between two pictures: a JPEG at its end has two for each of 64 coefficients, of which none reads another.
pub const MOST_TENSORS: usize = 2 * MAX_TENSORS;

/// Whether runs of these sizes can be links of a compact chain.
pub fn suits(sizes: &Sizes) -> Result<(), Unsuitable> {
    if sizes.products > 0 {
        return Err(Unsuitable::Products);
    }
    if sizes.tensors > MOST_TENSORS {
        return Err(Unsuitable::Tensors);
    }
    if sizes.leaves == 0 { Err(Unsuitable::NoLookups) } else { Ok(()) }
}

/// The sizes of a relation that can be a link of a compact chain.
pub fn sizes(relation: &Relation) -> Result<Sizes, Unsuitable> {
    if relation.tensors.iter().any(|layout| layout.m != relation.m) {
        return Err(Unsuitable::Rows);
    }
    let sizes = relation.sizes();
    suits(&sizes).map(|()| sizes)
}

/// The constraints of a verifier. There are as many rows as the longest rows of tensors have cells at least, because the pictures are opened with
/// the witness.
pub fn shape(sizes: &Sizes) -> Result<Shape<F>, Unsuitable> {
    suits(sizes)?;
    let absorbed = Absorbed { salt: F::ZERO, statement: F::ZERO, rows: vec![F::ZERO; sizes.tensors + 1] };
    let system = System::of_shape();
    state(&system, sizes, &absorbed, &Record::default());
    Ok(system.shape_of(sizes.flat.min(MAX_ROW_BITS)))
}

/// Sizes and the constraints of their verifier, which belong together.
#[derive(Clone, Debug)]
pub struct Class {
    sizes: Sizes,
    shape: Shape<F>,
}

impl Class {
    /// The class of a relation by itself.
    ///
    /// # Errors
    /// If it cannot be a link of a compact chain.
    pub fn of(relation: &Relation) -> Result<Class, Unsuitable> {
        let sizes = sizes(relation)?;
        Ok(Class { sizes, shape: shape(&sizes)? })
    }

    /// The sizes.
    pub fn sizes(&self) -> &Sizes {
        &self.sizes
    }

    /// The constraints.
    pub fn shape(&self) -> &Shape<F> {
        &self.shape
    }
}

/// The witness and the public inputs of a run.
pub fn witness(sizes: &Sizes, absorbed: &Absorbed<F>, record: &Record) -> (Zeroizing<Vec<F>>, Vec<F>) {
    let system = System::of_values();
    state(&system, sizes, absorbed, record);
    system.values()
}

/// The public inputs, by who only reads.
pub fn public(statement: F, rows: &[F], claims: &[F], drawn: &Drawn<F>) -> Vec<F> {
    [statement].iter().chain(rows).chain(claims).copied().chain(drawn.list()).collect()
}

fn state(system: &System<F>, sizes: &Sizes, absorbed: &Absorbed<F>, record: &Record) {
    let absorbed = Absorbed {
        salt: system.hidden(absorbed.salt),
        statement: system.public(absorbed.statement),
        rows: absorbed.rows.iter().map(|digest| system.public(*digest)).collect(),
    };
    let mut side = Constrained { system, sizes, messages: record.messages.iter(), mask: record.mask, claims: &record.claims };
    let left = run(sizes, absorbed, &mut side);
    for number in left.drawn.list() {
        let told = system.public(number.value());
        (number - told).require_zero();
    }
}

/// The verifier's side as constraints.
struct Constrained<'a> {
    system: &'a System<F>,
    sizes: &'a Sizes,
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

    fn mask(&mut self, _: &[Number<F>]) -> Option<Number<F>> {
        Some(self.system.hidden(self.mask))
    }

    fn public(&mut self, numbers: Public<'_, Number<F>>) -> Vec<Number<F>> {
        let count = numbers.count(self.sizes);
        (0..count).map(|i| self.system.public(self.claims.get(i).copied().unwrap_or(F::ZERO))).collect()
    }

    fn zero(&mut self, number: Number<F>) {
        number.require_zero();
    }
}
