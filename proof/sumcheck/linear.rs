//! The prover of the one linear sum-check: `Σ_t ⟨W_t, X_t⟩` over flat bits, in two passes over the cells.
//!
//! The weights are products over the axes, so the rounds over `x` need only `Z_k[x] = Σ_{c,y} w_k[c][y]·X[c][y][x]`
//! (first pass), and the rounds over `y` and `c` only `X(x*)[c][y]` (second pass). No vector as long as the
//! tensor is ever made of field elements.

use crate::multilinear::Separable;
use ff::Field;
use rayon::prelude::*;
use std::sync::Arc;
use zeroize::{Zeroize, Zeroizing};
use zkimg_graph::tensor::{Cells, Dims};
use zkimg_group::dot::{LineWeights, Narrow, Short, Sum, add_scaled, limbs};
use zkimg_group::field::{F, eq_table, from_i64};

/// The sum-check over all tensors.
pub struct LinearProver {
    tensors: Vec<TensorProver>,
}

crate::opaque!(LinearProver);

/// `(c1, c2)` of one tensor's part of a round, from pairs `(w, x)` of linear functions.
#[derive(Clone, Copy, Default)]
pub(super) struct Round {
    c1: F,
    c2: F,
}

impl Round {
    /// Of `constant·(1 − X)²`.
    pub(super) fn of_constant(constant: F) -> Round {
        Round { c1: -constant.double(), c2: constant }
    }

    /// The same times `scale`.
    pub(super) fn scaled(self, scale: F) -> Round {
        Round { c1: self.c1 * scale, c2: self.c2 * scale }
    }

    /// `(c1, c2)`.
    pub(super) fn coefficients(self) -> [F; 2] {
        [self.c1, self.c2]
    }

    fn add_pair(&mut self, w: [F; 2], x: [F; 2]) {
        let (dw, dx) = (w[1] - w[0], x[1] - x[0]);
        self.c1 += w[0] * dx + dw * x[0];
        self.c2 += dw * dx;
    }

    pub(super) fn add(&mut self, other: Round) {
        self.c1 += other.c1;
        self.c2 += other.c2;
    }
}

impl LinearProver {
    /// Takes the weights and the cells of every tensor; makes the first pass.
    pub fn new(tensors: impl IntoIterator<Item = (Dims, Arc<Cells>, Vec<Separable>)>) -> LinearProver {
        let tensors: Vec<_> = tensors.into_iter().collect();
        LinearProver { tensors: tensors.into_par_iter().map(|(dims, cells, weights)| TensorProver::new(dims, cells, weights)).collect() }
    }

    /// The next round's `(c1, c2)`.
    pub fn round(&mut self) -> [F; 2] {
        let mut round = Round::default();
        let rounds: Vec<Round> = self.tensors.par_iter().map(TensorProver::round).collect();
        rounds.into_iter().for_each(|part| round.add(part));
        round.coefficients()
    }

    /// Binds the next flat bit.
    pub fn bind(&mut self, r: F) {
        self.tensors.par_iter_mut().for_each(|t| t.bind(r));
    }

    /// Tensor `t` at the point bound so far, after the last round.
    pub fn evaluation(&self, t: usize) -> F {
        match &self.tensors[t].stage {
            Stage::Lines { x, .. } => x[0],
            Stage::Columns { .. } => F::ZERO,
        }
    }
}

struct TensorProver {
    dims: Dims,
    cells: Arc<Cells>,
    weights: Vec<Separable>,
    bound: Vec<F>,
    stage: Stage,
}

enum Stage {
    /// Rounds over `x`: for each weight its column factors and the sums `Z_k`.
    Columns { parts: Vec<[Vec<F>; 2]> },
    /// Rounds over `y` and `c`, then over bits above the tensor's own: weights and values, one a line.
    Lines { w: Vec<F>, x: Vec<F> },
}

/// Sums over secret cells are secret.
impl Drop for Stage {
    fn drop(&mut self) {
        match self {
            Stage::Columns { parts } => parts.iter_mut().for_each(|[_, z]| z.zeroize()),
            Stage::Lines { x, .. } => x.zeroize(),
        }
    }
}

impl TensorProver {
    fn new(dims: Dims, cells: Arc<Cells>, weights: Vec<Separable>) -> TensorProver {
        let sums = column_sums(dims, &cells, &weights);
        let parts = weights.iter().zip(sums).map(|(w, z)| [w.x.clone(), z]).collect();
        let mut prover = TensorProver { dims, cells, weights, bound: Vec::new(), stage: Stage::Columns { parts } };
        prover.enter_lines();
        prover
    }

    /// After the last bit of `x`: the second pass.
    fn enter_lines(&mut self) {
        let Stage::Columns { parts } = &self.stage else { return };
        if self.bound.len() != self.dims.x_bits() {
            return;
        }
        let values = Zeroizing::new(line_values(self.dims, &self.cells, &eq_table(&self.bound, self.dims.width)));
        let length = 1 << (self.dims.y_bits() + self.dims.c_bits());
        let (mut w, mut x) = (vec![F::ZERO; length], vec![F::ZERO; length]);
        for (line, value) in values.iter().enumerate() {
            let (c, y) = (line / self.dims.height, line % self.dims.height);
            let at = (c << self.dims.y_bits()) + y;
            x[at] = *value;
            w[at] = self.weights.iter().zip(parts).map(|(s, part)| s.c[c] * s.y[y] * part[0][0]).sum();
        }
        self.stage = Stage::Lines { w, x };
    }

    fn round(&self) -> Round {
        let mut round = Round::default();
        match &self.stage {
            Stage::Columns { parts } => {
                zkimg_group::parallel::map(parts, |[w, z]| pairs(w, z)).into_iter().for_each(|part| round.add(part));
            }
            Stage::Lines { w, x } if w.len() > 1 => round = pairs(w, x),
            // Beyond its own bits a tensor and its weights live at zero only: W·X·(1 − X)².
            Stage::Lines { w, x } => round = Round::of_constant(w[0] * x[0]),
        }
        round
    }

    fn bind(&mut self, r: F) {
        self.bound.push(r);
        match &mut self.stage {
            Stage::Columns { parts } => parts.par_iter_mut().for_each(|part| part.iter_mut().for_each(|v| fold(v, r))),
            Stage::Lines { w, x } if w.len() > 1 => [w, x].into_iter().for_each(|v| fold(v, r)),
            Stage::Lines { w, x } => [w, x].into_iter().for_each(|v| v[0] *= F::ONE - r),
        }
        self.enter_lines();
    }
}

/// Pairs of neighbours; a missing last neighbour is zero.
pub(super) fn pairs(w: &[F], x: &[F]) -> Round {
    let at = |v: &[F]| [v[0], v.get(1).copied().unwrap_or(F::ZERO)];
    let mut round = Round::default();
    w.chunks(2).zip(x.chunks(2)).for_each(|(w, x)| round.add_pair(at(w), at(x)));
    round
}

pub(super) fn fold(v: &mut Vec<F>, r: F) {
    let half = v.len().div_ceil(2);
    for i in 0..half {
        let low = v[2 * i];
        let high = v.get(2 * i + 1).copied().unwrap_or(F::ZERO);
        v[i] = low + r * (high - low);
    }
    v.truncate(half);
}

/// First pass: `Z_k[x] = Σ_{c,y} c_k[c]·y_k[y]·X[c][y][x]` for every weight `k`.
fn column_sums(dims: Dims, cells: &Cells, weights: &[Separable]) -> Vec<Vec<F>> {
    match cells {
        Cells::U8(cells) => narrow_column_sums(dims, cells, weights),
        Cells::U16(cells) => narrow_column_sums(dims, cells, weights),
        Cells::U32(cells) => weights.iter().map(|w| wide_column_sums(dims, cells, w)).collect(),
        Cells::I16(cells) => weights.iter().map(|w| wide_column_sums(dims, cells, w)).collect(),
        Cells::I64(cells) => weights.iter().map(|w| wide_column_sums(dims, cells, w)).collect(),
    }
}

fn narrow_column_sums<T: Narrow>(dims: Dims, cells: &[T], weights: &[Separable]) -> Vec<Vec<F>> {
    // Blocks of columns, so that a block's sums stay in cache and both cores have work.
    const BLOCK: usize = 64;
    // Of 2^16 lines at most: channels are up to 4, rows up to 2^14 … 2^26; reduce in between.
    let reduce_every = zkimg_group::dot::CAPACITY;
    let sums = |w: &Separable| -> Vec<F> {
        let lines: Vec<F> = (0..dims.lines()).map(|i| w.c[i / dims.height] * w.y[i % dims.height]).collect();
        let live: Vec<usize> = (0..lines.len()).filter(|i| !lines[*i].is_zero_vartime()).collect();
        let lines = limbs(&lines);
        let blocks: Vec<usize> = (0..dims.width).step_by(BLOCK).collect();
        let block = |start: &usize| -> Vec<F> {
            let end = (start + BLOCK).min(dims.width);
            let mut total = vec![F::ZERO; end - start];
            for some in live.chunks(reduce_every) {
                let mut sums = vec![Sum::default(); end - start];
                for line in some {
                    add_scaled(&mut sums, &lines[*line], &cells[line * dims.width + start..line * dims.width + end]);
                }
                total.iter_mut().zip(&sums).for_each(|(t, s)| *t += s.reduce());
            }
            total
        };
        blocks.par_iter().flat_map_iter(block).collect()
    };
    weights.iter().map(sums).collect()
}

fn wide_column_sums<T: Copy + Into<i64>>(dims: Dims, cells: &[T], w: &Separable) -> Vec<F> {
    let mut sums = vec![F::ZERO; dims.width];
    for (i, line) in cells.chunks(dims.width).enumerate() {
        let weight = w.c[i / dims.height] * w.y[i % dims.height];
        sums.iter_mut().zip(line).for_each(|(s, cell)| *s += weight * from_i64((*cell).into()));
    }
    sums
}

/// Second pass: `Σ_x e[x]·X[c][y][x]` for every line.
fn line_values(dims: Dims, cells: &Cells, e: &[F]) -> Vec<F> {
    fn short<T: Short>(dims: Dims, cells: &[T], e: &[F]) -> Vec<F> {
        let e = LineWeights::new(e);
        cells.par_chunks(dims.width).map(|line| e.dot(line)).collect()
    }
    fn wide<T: Copy + Into<i64> + Sync>(dims: Dims, cells: &[T], e: &[F]) -> Vec<F> {
        let line = |line: &[T]| line.iter().zip(e).map(|(cell, e)| *e * from_i64((*cell).into())).sum();
        cells.par_chunks(dims.width).map(line).collect()
    }
    match cells {
        Cells::U8(cells) => short(dims, cells, e),
        Cells::U16(cells) => short(dims, cells, e),
        Cells::I16(cells) => short(dims, cells, e),
        Cells::U32(cells) => wide(dims, cells, e),
        Cells::I64(cells) => wide(dims, cells, e),
    }
}
