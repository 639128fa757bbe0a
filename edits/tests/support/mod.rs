//! Pictures, committed pictures, and proofs of one edit.
#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod naive;

use ff::Field;
use naive::Picture;
use zkimg_edits::Edit;
use zkimg_graph::tensor::{Cells, CellsRef, Dims};
use zkimg_group::field::{Affine, F};
use zkimg_group::generators::{Generators, MIN_ROW_BITS};
use zkimg_group::randomness::hedged;
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::Layout;
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::prove::{Input, Proved, prove};
use zkimg_proof::relation::{Output, Relation};
use zkimg_proof::verify::{Reject, verify};

pub(crate) fn dims(channels: usize, height: usize, width: usize) -> Dims {
    Dims::new(channels, height, width).expect("dims")
}

/// Bytes that look random, the same every time, with 0 and 255 among them.
pub(crate) fn picture(d: Dims, seed: u64) -> Picture {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        match state >> 59 {
            0 | 1 => 0,
            2 | 3 => 255,
            _ => (state >> 40) as u8,
        }
    };
    let cells = (0..d.cells()).map(|_| next()).collect();
    Picture { channels: d.channels, height: d.height, width: d.width, cells }
}

/// What the edit's steps make of a picture.
pub(crate) fn native(edit: &dyn Edit, p: &Picture) -> Picture {
    let d = dims(p.channels, p.height, p.width);
    let steps = edit.steps(d).unwrap_or_else(|e| panic!("{} on {d:?}: {e}", edit.canonical()));
    let (mut cells, mut shape) = (p.cells.clone(), d);
    for step in &steps {
        assert_eq!(step.input(), shape);
        (cells, shape) = (step.apply(&cells), step.output());
    }
    Picture { channels: shape.channels, height: shape.height, width: shape.width, cells }
}

pub(crate) struct Committed {
    pub dims: Dims,
    cells: Vec<u8>,
    blinders: Vec<F>,
    pub rows: Vec<Affine>,
}

impl Committed {
    pub(crate) fn new(p: &Picture) -> Committed {
        let dims = dims(p.channels, p.height, p.width);
        let layout = Layout::new(dims, MIN_ROW_BITS);
        let mut random = hedged("test", &[]).expect("randomness");
        let blinders: Vec<F> = layout.rows.iter().map(|_| F::random(&mut random)).collect();
        let generators = Generators::load().expect("generators");
        let rows = commit_rows(generators, &layout, &Cells::U8(p.cells.clone()), &blinders);
        Committed { dims, cells: p.cells.clone(), blinders, rows }
    }

    pub(crate) fn prove(&self, relation: &Relation) -> Proved {
        let input = Input { cells: CellsRef::U8(&self.cells), blinders: &self.blinders, rows: &self.rows };
        prove(relation, b"suite", &[input]).expect("a proof")
    }
}

pub(crate) fn relation(edit: &dyn Edit, d: Dims, output: Output) -> Relation {
    Relation::compile(d, MIN_ROW_BITS, &edit.steps(d).expect("steps"), output).expect("a relation")
}

pub(crate) fn check(relation: &Relation, rows: &[Affine], output: &[u8], proof: &[u8]) -> Result<(), Reject> {
    let shown = if relation.hidden_output.is_some() { Pixels::none() } else { Pixels::new(relation.output, output) };
    verify(relation, b"suite", &[rows], shown, proof).map(|_| ())
}
