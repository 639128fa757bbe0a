//! Weights on a tensor that are a product over its axes.

use super::transpose_axis;
use ff::Field;
use zkimg_graph::linear::{LinearMap, Term};
use zkimg_graph::tensor::{CellsRef, Dims};
use zkimg_group::dot::{LineWeights, Short};
use zkimg_group::field::{F, eq_table, from_i64};
use zkimg_group::parallel;

/// `w[c][y][x] = c[c]·y[y]·x[x]` on the real cells of a tensor, zero everywhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Separable {
    /// One weight a channel.
    pub c: Vec<F>,
    /// One weight a row.
    pub y: Vec<F>,
    /// One weight a column.
    pub x: Vec<F>,
}

impl Separable {
    /// `scale·eq(point, ·)` on the real cells of `dims`; `point` has [`Dims::index_bits`] coordinates, `x` first.
    pub fn eq(dims: Dims, point: &[F], scale: F) -> Separable {
        let (x, rest) = point.split_at(dims.x_bits());
        let (y, c) = rest.split_at(dims.y_bits());
        let mut channels = eq_table(c, dims.channels);
        channels.iter_mut().for_each(|w| *w *= scale);
        Separable { c: channels, y: eq_table(y, dims.height), x: eq_table(x, dims.width) }
    }

    /// The same weights times `scale`.
    pub fn scaled(mut self, scale: F) -> Separable {
        self.c.iter_mut().for_each(|w| *w *= scale);
        self
    }

    /// `Σ w·x` over all cells of a tensor.
    pub fn dot(&self, dims: Dims, cells: CellsRef<'_>) -> F {
        assert_eq!(cells.len(), dims.cells(), "cells of another shape");
        let line = |i: &usize| {
            let line: F = self.x.iter().enumerate().map(|(x, w)| *w * from_i64(cells.get(i * dims.width + x))).sum();
            self.c[i / dims.height] * self.y[i % dims.height] * line
        };
        parallel::map(&(0..dims.lines()).collect::<Vec<_>>(), line).iter().sum()
    }

    /// The multilinear extension at a point of as many coordinates as `dims` has index bits, cut at the real cells.
    pub fn evaluate(&self, dims: Dims, point: &[F]) -> F {
        let (x, rest) = point.split_at(dims.x_bits());
        let (y, c) = rest.split_at(dims.y_bits());
        let axis = |w: &[F], p: &[F]| w.iter().zip(eq_table(p, w.len())).map(|(w, e)| *w * e).sum::<F>();
        axis(&self.c, c) * axis(&self.y, y) * axis(&self.x, x)
    }

    /// Adds `scale` times the weights to a list of which the sum counts. Those along the same rows and columns become one, and so do
    /// those along the same channels and rows: what is left in the end is one pass over the cells each.
    pub fn add_to(self, scale: F, all: &mut Vec<(F, Separable)>) {
        fn add(into: (&mut F, &mut [F]), scale: F, weights: &[F]) {
            let (before, into) = into;
            let before = std::mem::replace(before, F::ONE);
            into.iter_mut().zip(weights).for_each(|(sum, w)| *sum = before * *sum + scale * w);
        }
        for (before, other) in all.iter_mut().filter(|(_, other)| other.y == self.y) {
            if other.x == self.x {
                return add((before, &mut other.c), scale, &self.c);
            }
            if other.c == self.c {
                return add((before, &mut other.x), scale, &self.x);
            }
        }
        all.push((scale, self));
    }
}

/// Carries weights on the output back to the input: `⟨w, A·x⟩ = Σ ⟨w', x⟩` over the result.
pub fn transpose(map: &LinearMap, weights: &Separable) -> Vec<Separable> {
    let of = |term: &Term| {
        let y = transpose_axis(&term.vertical, &weights.y).spread(term.vertical.inputs());
        let x = transpose_axis(&term.horizontal, &weights.x).spread(term.horizontal.inputs());
        let c = transpose_axis(&term.mix, &weights.c).spread(term.mix.inputs());
        if map.exchanged() { Separable { c, y: x, x: y } } else { Separable { c, y, x } }
    };
    if map.is_zero() { Vec::new() } else { parallel::map(map.terms(), of) }
}

/// `⟨w, A·x⟩` for known cells `x`; reads those alone that the map reads.
pub fn dot(map: &LinearMap, weights: &Separable, cells: CellsRef<'_>) -> F {
    match cells {
        CellsRef::U8(cells) => dot_lines(map, weights, cells, short),
        CellsRef::U16(cells) => dot_lines(map, weights, cells, short),
        CellsRef::I16(cells) => dot_lines(map, weights, cells, short),
        CellsRef::U32(cells) => dot_lines(map, weights, cells, wide),
        CellsRef::I64(cells) => dot_lines(map, weights, cells, wide),
    }
}

fn short<T: Short>(weights: Vec<F>) -> impl Fn(&[T]) -> F {
    let weights = LineWeights::new(&weights);
    move |line| weights.dot(line)
}

fn wide<T: Copy + Into<i64>>(weights: Vec<F>) -> impl Fn(&[T]) -> F {
    move |line| weights.iter().zip(line).map(|(w, cell)| *w * from_i64((*cell).into())).sum()
}

/// `along` makes of weights on a part of a line what sums up that part of any line.
fn dot_lines<T: Sync, D: Fn(&[T]) -> F + Sync + Send>(map: &LinearMap, weights: &Separable, cells: &[T], along: fn(Vec<F>) -> D) -> F {
    assert_eq!(cells.len(), map.input().cells(), "cells of another shape");
    let (width, height) = (map.input().width, map.input().height);
    let mut sum = F::ZERO;
    for term in map.terms() {
        let (y, x) = (transpose_axis(&term.vertical, &weights.y), transpose_axis(&term.horizontal, &weights.x));
        let (y, x) = if map.exchanged() { (x, y) } else { (y, x) };
        if x.weights.iter().all(Field::is_zero_vartime) {
            continue;
        }
        let columns = x.start..x.start + x.weights.len();
        let along = along(x.weights);
        let mix = transpose_axis(&term.mix, &weights.c).spread(term.mix.inputs());
        for (c, weight) in mix.iter().enumerate().filter(|(_, w)| !w.is_zero_vartime()) {
            let lines = &cells[(c * height + y.start) * width..][..y.weights.len() * width];
            sum += *weight * parallel::sum_chunks(lines, width, |(i, line): (usize, &[T])| y.weights[i] * along(&line[columns.clone()]));
        }
    }
    sum
}
