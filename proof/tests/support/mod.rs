//! A committed random picture and a few steps, for the tests of whole proofs.
#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod forger;
pub(crate) mod graphs;
pub(crate) mod replay;

use ff::Field;
use zkimg_graph::linear::{AxisMap, LinearMap, Tap};
use zkimg_graph::step::{Function, Piece, Region, Step};
use zkimg_graph::tensor::{Cells, CellsRef, Dims};
use zkimg_group::field::{Affine, F};
use zkimg_group::generators::{Generators, MIN_ROW_BITS};
use zkimg_group::randomness::hedged;
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::Layout;
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::prove::{Input, Proved, prove};
use zkimg_proof::relation::{Output, Relation, Space};
use zkimg_proof::verify::{Reject, Verified, verify};

pub(crate) const CONTEXT: &[u8] = b"a statement";

pub(crate) struct Case {
    pub dims: Dims,
    pub cells: Vec<u8>,
    pub blinders: Vec<F>,
    pub rows: Vec<Affine>,
    pub steps: Vec<Step>,
}

pub(crate) fn dims(c: usize, h: usize, w: usize) -> Dims {
    Dims::new(c, h, w).expect("dims")
}

/// Whether no block overlaps another, leaves the space, or starts elsewhere than at a multiple of its size.
pub(crate) fn aligned(space: &Space, bits: &[usize]) {
    let mut blocks: Vec<(usize, usize)> = space.offsets.iter().copied().zip(bits.iter().map(|b| 1 << b)).collect();
    assert_eq!(space.offsets.len(), bits.len());
    blocks.sort_unstable();
    assert!(blocks.iter().all(|(offset, size)| offset % size == 0));
    assert!(blocks.windows(2).all(|pair| pair[0].0 + pair[0].1 <= pair[1].0));
    assert!(blocks.last().is_none_or(|(offset, size)| offset + size <= 1 << space.bits));
}

pub(crate) fn single(piece: Piece) -> Step {
    Step::single(piece).expect("a step")
}

pub(crate) fn crop(d: Dims, x: usize, y: usize, width: usize, height: usize) -> Step {
    let (vertical, horizontal) = (AxisMap::select(d.height, y..y + height), AxisMap::select(d.width, x..x + width));
    single(Piece::linear(LinearMap::spatial(d, false, vertical, horizontal)))
}

pub(crate) fn flip(d: Dims) -> Step {
    let horizontal = AxisMap::select(d.width, (0..d.width).rev());
    single(Piece::linear(LinearMap::spatial(d, false, AxisMap::identity(d.height), horizontal)))
}

pub(crate) fn contrast(d: Dims, factor: f64) -> Step {
    let table = std::array::from_fn(|x| ((x as f64 - 128.0) * factor + 128.5).clamp(0.0, 255.0) as u8);
    single(Piece::pointwise(d, table))
}

pub(crate) fn grayscale(d: Dims) -> Step {
    let map = LinearMap::mix(d, vec![vec![19595, 38470, 7471]]);
    single(Piece { bias: 32768, divisor: 65536, function: Function::Identity, ..Piece::linear(map) })
}

/// A sharpening of lines: taps −3, 14, −3 (and the edge as it is), rounded by 8 and clamped.
pub(crate) fn sharpen(d: Dims) -> Step {
    let tap = |input: usize, weight: i32| Tap { input: input as u32, weight };
    let taps = (0..d.width).map(|x| match x {
        0 => vec![tap(0, 8)],
        x if x + 1 == d.width => vec![tap(x, 8)],
        x => vec![tap(x - 1, -3), tap(x, 14), tap(x + 1, -3)],
    });
    let map = LinearMap::spatial(d, false, AxisMap::identity(d.height), AxisMap::new(d.width, taps));
    let (first, last) = (-192, 447);
    let values = (first..=last).map(|q: i64| q.clamp(0, 255) as u8).collect();
    single(Piece { bias: 4, divisor: 8, function: Function::Table { first, values }, ..Piece::linear(map) })
}

/// Three boxes side by side: as it is, inverted, black.
pub(crate) fn thirds(d: Dims) -> Step {
    let third = d.width / 3;
    let part = |columns: std::ops::Range<usize>| {
        let horizontal = AxisMap::select(d.width, columns.clone());
        let map = LinearMap::spatial(d, false, AxisMap::identity(d.height), horizontal);
        Piece { region: Region { columns, ..Region::whole(d) }, ..Piece::linear(map) }
    };
    let (plain, mut inverted, mut black) = (part(0..third), part(third..2 * third), part(2 * third..d.width));
    let values: Vec<u8> = (0..=255).rev().collect();
    inverted.function = Function::Table { first: 0, values: values.into() };
    black.map = LinearMap::zero(d, black.map.output());
    Step::new(d, d, vec![plain, inverted, black]).expect("a step")
}

/// A grey picture by eight-bit weights, so that tables stay short.
pub(crate) fn luma(d: Dims) -> Step {
    let map = LinearMap::mix(d, vec![vec![77, 150, 29]]);
    single(Piece { bias: 128, divisor: 256, ..Piece::linear(map) })
}

/// What a relation's statement shows: these pixels, or nothing.
pub(crate) fn shown<'a>(relation: &Relation, cells: &'a [u8]) -> Pixels<'a> {
    shown_cells(relation, CellsRef::U8(cells))
}

/// The same of any cells.
pub(crate) fn shown_cells<'a>(relation: &Relation, cells: CellsRef<'a>) -> Pixels<'a> {
    if relation.hidden_output.is_some() { Pixels::none() } else { Pixels::of_cells(relation.output, relation.output_bounds, cells) }
}

impl Case {
    pub(crate) fn new(dims: Dims, steps: impl Fn(Dims) -> Vec<Step>) -> Case {
        let layout = Layout::new(dims, MIN_ROW_BITS);
        let mut random = hedged("test", &[]).expect("randomness");
        let blinders: Vec<F> = layout.rows.iter().map(|_| F::random(&mut random)).collect();
        let cells: Vec<u8> = (0..dims.cells()).map(|i| (i * i * 31 + i * 7 + 3) as u8).collect();
        let rows = commit_rows(Generators::load().expect("generators"), &layout, &Cells::U8(cells.clone()), &blinders);
        Case { dims, cells, blinders, rows, steps: steps(dims) }
    }

    /// Other pixels under the same blinders.
    pub(crate) fn replace(&mut self, cells: Vec<u8>) {
        let layout = Layout::new(self.dims, MIN_ROW_BITS);
        let generators = Generators::load().expect("generators");
        self.rows = commit_rows(generators, &layout, &Cells::U8(cells.clone()), &self.blinders);
        self.cells = cells;
    }

    pub(crate) fn relation(&self, output: Output) -> Relation {
        Relation::compile(self.dims, MIN_ROW_BITS, &self.steps, output).expect("a relation")
    }

    pub(crate) fn input(&self) -> Input<'_> {
        Input { cells: CellsRef::U8(&self.cells), blinders: &self.blinders, rows: &self.rows }
    }

    pub(crate) fn prove(&self, output: Output) -> Proved {
        prove(&self.relation(output), CONTEXT, &[self.input()]).expect("a proof")
    }

    pub(crate) fn verify(&self, output: Output, picture: &[u8], proof: &[u8]) -> Result<Verified, Reject> {
        let relation = self.relation(output);
        verify(&relation, CONTEXT, &[&self.rows], shown(&relation, picture), proof)
    }

    /// Proves, verifies, and compares the output with the steps applied one by one.
    pub(crate) fn accept(&self, output: Output) {
        let proved = self.prove(output);
        let expected = self.steps.iter().fold(self.cells.clone(), |cells, step| step.apply(&cells));
        assert_eq!(proved.pixels(), expected);
        self.verify(output, proved.pixels(), &proved.proof).expect("an honest proof is accepted");
    }
}
