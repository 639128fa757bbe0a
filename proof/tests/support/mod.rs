//! A committed random picture and a few steps, for the tests of whole proofs.
#![allow(dead_code, reason = "each test file uses its part")]

use ff::Field;
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::field::{Affine, F};
use zkimg_proof::generators::{Generators, MIN_ROW_BITS};
use zkimg_proof::linear::{AxisMap, LinearMap};
use zkimg_proof::prove::{Input, Proved, prove};
use zkimg_proof::randomness::hedged;
use zkimg_proof::relation::{Output, Relation};
use zkimg_proof::step::{Function, Piece, Step};
use zkimg_proof::tensor::{Cells, Dims, Layout};
use zkimg_proof::verify::{Reject, Verified, verify};

pub const CONTEXT: &[u8] = b"a statement";

pub struct Case {
    pub dims: Dims,
    pub cells: Vec<u8>,
    pub blinders: Vec<F>,
    pub rows: Vec<Affine>,
    pub steps: Vec<Step>,
}

pub fn single(piece: Piece) -> Step {
    Step::single(piece).expect("a step")
}

pub fn crop(d: Dims, x: usize, y: usize, width: usize, height: usize) -> Step {
    let (vertical, horizontal) = (AxisMap::select(d.height, y..y + height), AxisMap::select(d.width, x..x + width));
    single(Piece::linear(LinearMap::spatial(d, false, vertical, horizontal)))
}

pub fn flip(d: Dims) -> Step {
    let horizontal = AxisMap::select(d.width, (0..d.width).rev());
    single(Piece::linear(LinearMap::spatial(d, false, AxisMap::identity(d.height), horizontal)))
}

pub fn contrast(d: Dims, factor: f64) -> Step {
    let table = std::array::from_fn(|x| ((x as f64 - 128.0) * factor + 128.5).clamp(0.0, 255.0) as u8);
    single(Piece::pointwise(d, table))
}

pub fn grayscale(d: Dims) -> Step {
    let map = LinearMap::mix(d, vec![vec![19595, 38470, 7471]]);
    single(Piece { bias: 32768, divisor: 65536, function: Function::Identity, ..Piece::linear(map) })
}

impl Case {
    pub fn new(dims: Dims, steps: impl Fn(Dims) -> Vec<Step>) -> Case {
        let layout = Layout::new(dims, MIN_ROW_BITS);
        let mut random = hedged("test", &[]).expect("randomness");
        let blinders: Vec<F> = layout.rows.iter().map(|_| F::random(&mut random)).collect();
        let cells: Vec<u8> = (0..dims.cells()).map(|i| (i * i * 31 + i * 7 + 3) as u8).collect();
        let rows = commit_rows(Generators::load().expect("generators"), &layout, &Cells::U8(cells.clone()), &blinders);
        Case { dims, cells, blinders, rows, steps: steps(dims) }
    }

    pub fn relation(&self, output: Output) -> Relation {
        Relation::compile(self.dims, MIN_ROW_BITS, &self.steps, output).expect("a relation")
    }

    pub fn input(&self) -> Input<'_> {
        Input { cells: &self.cells, blinders: &self.blinders, rows: &self.rows }
    }

    pub fn prove(&self, output: Output) -> Proved {
        prove(&self.relation(output), CONTEXT, &self.input()).expect("a proof")
    }

    pub fn verify(&self, output: Output, picture: &[u8], proof: &[u8]) -> Result<Verified, Reject> {
        let picture = if output == Output::Hidden { &[] } else { picture };
        verify(&self.relation(output), CONTEXT, &self.rows, picture, proof)
    }

    /// Proves, verifies, and compares the output with the steps applied one by one.
    pub fn accept(&self, output: Output) {
        let proved = self.prove(output);
        let expected = self.steps.iter().fold(self.cells.clone(), |cells, step| step.apply(&cells));
        assert_eq!(proved.output, expected);
        self.verify(output, &proved.output, &proved.proof).expect("an honest proof is accepted");
    }
}
