//! A map between two points: `Σ_j Σ_i eq(out, j)·A[j][i]·eq(in, i)`, from its runs.
//!
//! A run that moves on by one costs as many products as there are bits, whatever its length: a box of any size costs the same.

use super::Point;
use super::point::Correlation;
use ff::Field;
use zkimg_graph::linear::{AxisMap, LONG_RUN, LinearMap, Run, Tap, signed};
use zkimg_graph::tensor::Dims;
use zkimg_group::field::{F, from_i128};

/// The coordinates of a point of a tensor's index space, axis by axis.
pub struct TensorPoint<'a> {
    /// Along `c`.
    pub c: Point<'a>,
    /// Along `y`.
    pub y: Point<'a>,
    /// Along `x`.
    pub x: Point<'a>,
}

crate::opaque!(TensorPoint<'_>);

impl<'a> TensorPoint<'a> {
    /// Cuts a point of [`Dims::index_bits`] coordinates, `x` first.
    pub fn new(dims: Dims, point: &'a [F]) -> TensorPoint<'a> {
        let (x, rest) = point.split_at(dims.x_bits());
        let (y, c) = rest.split_at(dims.y_bits());
        TensorPoint { c: Point::new(c), y: Point::new(y), x: Point::new(x) }
    }

    /// `Σ eq(point, ·)` over the real cells.
    pub fn total(&self, dims: Dims) -> F {
        self.c.below(dims.channels) * self.y.below(dims.height) * self.x.below(dims.width)
    }
}

/// A map's multilinear extension, cut at the real cells, at a point of its output and a point of its input.
pub fn evaluate(map: &LinearMap, output: &TensorPoint<'_>, input: &TensorPoint<'_>) -> F {
    let (rows, columns) = if map.exchanged() { (&input.x, &input.y) } else { (&input.y, &input.x) };
    let (mut vertical, mut horizontal) = (Axis::new(&output.y, rows), Axis::new(&output.x, columns));
    let mut channels = Axis::new(&output.c, &input.c);
    let mut sum = F::ZERO;
    for term in map.terms() {
        let mix = channels.evaluate(&term.mix);
        if !mix.is_zero_vartime() {
            sum += mix * vertical.evaluate(&term.vertical) * horizontal.evaluate(&term.horizontal);
        }
    }
    sum
}

/// Both points of one axis, with what its maps' evaluations share.
struct Axis<'a> {
    output: &'a Point<'a>,
    input: &'a Point<'a>,
    moved: Option<Correlation>,
    mirrored: Option<Correlation>,
}

impl<'a> Axis<'a> {
    fn new(output: &'a Point<'a>, input: &'a Point<'a>) -> Axis<'a> {
        Axis { output, input, moved: None, mirrored: None }
    }

    fn evaluate(&mut self, map: &AxisMap) -> F {
        map.runs().map(|run| self.run(&run)).sum()
    }

    fn run(&mut self, run: &Run<'_>) -> F {
        let (p, q) = (self.output.coordinates(), self.input.coordinates());
        match run.shift {
            _ if run.taps.is_empty() => F::ZERO,
            0 => self.output.sum(&run.outputs) * self.taps(run, 0),
            1 if run.outputs.len() > LONG_RUN => {
                let correlation = self.moved.get_or_insert_with(|| Correlation::new(p, q));
                let tap = |tap: &Tap| times(tap.weight, &correlation.moved(&run.outputs, i64::from(tap.input) - signed(run.outputs.start)));
                run.taps.iter().map(tap).sum()
            }
            -1 if run.outputs.len() > LONG_RUN => {
                let correlation = self.mirrored.get_or_insert_with(|| Correlation::with_mirror(p, q));
                let tap = |tap: &Tap| times(tap.weight, &correlation.mirrored(&run.outputs, tap.input as usize + run.outputs.start));
                run.taps.iter().map(tap).sum()
            }
            _ => run.outputs.clone().enumerate().map(|(k, j)| self.output.at(j) * self.taps(run, k)).sum(),
        }
    }

    /// `Σ weight·eq(in, ·)` over the taps of a run's output `k`.
    fn taps(&self, run: &Run<'_>, k: usize) -> F {
        run.taps.iter().map(|tap| times(tap.weight, &self.input.at(run.input(tap, k)))).sum()
    }
}

fn times(weight: i32, value: &F) -> F {
    match weight {
        0 => F::ZERO,
        1 => *value,
        -1 => -value,
        weight => from_i128(weight.into()) * value,
    }
}
