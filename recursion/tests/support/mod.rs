//! Runs of small relations, for the tests.
#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod chain;

use ff::Field;
use zkimg_graph::graph::{Kind, Output};
use zkimg_graph::linear::LinearMap;
use zkimg_graph::step::{Function, Piece, Step};
use zkimg_graph::tensor::{Cells, CellsRef, Dims};
use zkimg_group::field::{F, hash_to_field};
use zkimg_proof::channel::{Message, Public, Sizes, Turn};
use zkimg_proof::prove::Turns;
use zkimg_proof::relation::{Relation, Witness};
use zkimg_recursion::verifier::{Absorbed, Drawn, Proving, Record, Side, run};

pub(crate) fn dims(channels: usize, height: usize, width: usize) -> Dims {
    Dims::new(channels, height, width).expect("dims")
}

pub(crate) fn contrast(d: Dims) -> Step {
    let table = std::array::from_fn(|x| ((x as f64 - 128.0) * 1.15 + 128.5).clamp(0.0, 255.0) as u8);
    Step::single(Piece::pointwise(d, table)).expect("a step")
}

pub(crate) fn grayscale(d: Dims) -> Step {
    let map = LinearMap::mix(d, vec![vec![77, 150, 29]]);
    Step::single(Piece { bias: 128, divisor: 256, function: Function::Identity, ..Piece::linear(map) }).expect("a step")
}

pub(crate) fn value(name: &str, i: usize) -> F {
    hash_to_field(name, &i.to_le_bytes())
}

/// A hidden picture after these steps.
pub(crate) fn relation(d: Dims, m: usize, steps: &[Step]) -> Relation {
    Relation::compile(d, m, steps, Output::Hidden(Kind::Picture)).expect("a relation")
}

pub(crate) fn picture(d: Dims) -> Cells {
    Cells::U8((0..d.cells()).map(|i| (i * i * 31 + i * 7 + 3) as u8).collect())
}

/// What a prover has after its run.
pub(crate) struct Ran {
    pub absorbed: Absorbed<F>,
    pub record: Record,
    pub drawn: Drawn<F>,
    pub fails: bool,
}

/// A run with digests that stand for nothing.
pub(crate) fn ran(relation: &Relation, d: Dims) -> Ran {
    ran_in(relation, &relation.sizes(), d)
}

/// A run of these sizes, the relation's or larger.
pub(crate) fn ran_in(relation: &Relation, sizes: &Sizes, d: Dims) -> Ran {
    let mut witness = Witness::new(relation, vec![picture(d)]);
    let tensors = witness.take_tensors();
    let turns = Turns::new(relation, *sizes, std::mem::take(&mut witness.entries), CellsRef::U8(&[]));
    let mask: Vec<F> = (0..1 << relation.m).map(|i| value("mask", i)).collect();
    let mut side = Proving::new(turns, &tensors, &mask, None);
    let rows = (0..=sizes.tensors).map(|t| value("rows", t)).collect();
    let absorbed = Absorbed { salt: value("salt", 0), statement: value("statement", 0), rows };
    let left = run(sizes, absorbed.clone(), &mut side);
    let fails = side.fails();
    let messages: Vec<Message> = left.messages.clone();
    Ran {
        absorbed,
        record: Record { messages: messages.into(), mask: left.mask.unwrap_or_default(), claims: left.claims },
        drawn: left.drawn,
        fails,
    }
}

/// The verifier's side in the clear: reads messages that it is given.
pub(crate) struct Recorded<'a> {
    relation: &'a Relation,
    messages: std::vec::IntoIter<Message>,
    mask: F,
    pub fails: bool,
}

impl<'a> Recorded<'a> {
    pub(crate) fn new(relation: &'a Relation, messages: Vec<Message>, mask: F) -> Recorded<'a> {
        Recorded { relation, messages: messages.into_iter(), mask, fails: false }
    }
}

impl Side<F> for Recorded<'_> {
    fn lookups(&mut self, _: &F, _: &F) {}

    fn message(&mut self, _: Turn<'_>, _: usize) -> Message {
        self.messages.next().unwrap_or_default()
    }

    fn mask(&mut self, _: &[F]) -> Option<F> {
        Some(self.mask)
    }

    fn public(&mut self, numbers: Public<'_>) -> Vec<F> {
        numbers.evaluate(self.relation, &self.relation.sizes(), CellsRef::U8(&[]))
    }

    fn zero(&mut self, number: F) {
        self.fails |= number != F::ZERO;
    }
}
