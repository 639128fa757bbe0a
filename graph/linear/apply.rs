//! A map applied to a picture, line after line.
//!
//! A term first sums the input's lines, then the columns; along a run of outputs that read moved inputs, a tap
//! is one pass over the line. Sums are of 32 bits where the map's weights keep them there.

use super::{AxisMap, LinearMap, Run, Tap, Term};
use crate::tensor::Dims;
use fearless_simd::{Level, dispatch};
use rayon::prelude::*;
use std::borrow::Cow;
use zeroize::{Zeroize, Zeroizing};

/// A map about to be applied to one picture.
pub struct Applied<'a> {
    map: &'a LinearMap,
    cells: Cow<'a, [u8]>,
    height: usize,
    width: usize,
    narrow: bool,
}

crate::opaque!(Applied<'_>);

/// What is exchanged is the picture once more.
impl Drop for Applied<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(cells) = &mut self.cells {
            cells.zeroize();
        }
    }
}

/// The memory of one line, for use again and again.
#[derive(Default)]
pub struct Line {
    values: Vec<i64>,
    narrow: Buffers<i32>,
    wide: Buffers<i64>,
    /// The channel and row whose values these are.
    at: Option<(usize, usize)>,
}

crate::opaque!(Line);

impl Drop for Line {
    fn drop(&mut self) {
        self.values.zeroize();
        self.narrow.line.zeroize();
        self.narrow.sums.zeroize();
        self.wide.line.zeroize();
        self.wide.sums.zeroize();
    }
}

#[derive(Default)]
struct Buffers<N> {
    line: Vec<N>,
    sums: Vec<N>,
}

/// What a line is summed in. Nothing wraps: the map's weights were summed before the type was chosen.
trait Number: Copy + Default + From<u8> + From<i16> + From<i32> + Into<i64> {
    fn plus_product(self, a: Self, b: Self) -> Self;
}

impl Number for i32 {
    #[inline(always)]
    fn plus_product(self, a: i32, b: i32) -> i32 {
        self.wrapping_add(a.wrapping_mul(b))
    }
}

impl Number for i64 {
    #[inline(always)]
    fn plus_product(self, a: i64, b: i64) -> i64 {
        self.wrapping_add(a.wrapping_mul(b))
    }
}

/// What a term's columns read.
#[derive(Clone, Copy)]
enum Source<'a, N> {
    /// One line of the picture, times a weight.
    Bytes(&'a [u8], N),
    /// A sum of several.
    Sums(&'a [N]),
}

impl LinearMap {
    /// Prepares to apply the map to a picture of bytes (its shape is [`LinearMap::input`]).
    pub fn applied<'a>(&'a self, cells: &'a [u8]) -> Applied<'a> {
        assert_eq!(cells.len(), self.input.cells(), "a picture of another shape");
        let (cells, height, width) = if self.exchanged {
            (Cow::Owned(exchange(self.input, cells)), self.input.width, self.input.height)
        } else {
            (Cow::Borrowed(cells), self.input.height, self.input.width)
        };
        let narrow = self.terms.iter().map(Term::magnitude).fold(0, i128::saturating_add).saturating_mul(255) <= i32::MAX.into();
        Applied { map: self, cells, height, width, narrow }
    }
}

impl Term {
    /// No output of the term, nor any part of its sum, is more than this times the greatest input.
    fn magnitude(&self) -> i128 {
        let mix = self.mix.reach();
        mix.saturating_mul(self.vertical.reach()).saturating_mul(self.horizontal.reach())
    }
}

impl Applied<'_> {
    /// Output line `(c, y)`, one value a column. Cheapest when lines are asked for in order.
    pub fn line<'l>(&self, c: usize, y: usize, line: &'l mut Line) -> &'l [i64] {
        let again = y > 0 && line.at == Some((c, y - 1)) && self.map.terms.iter().all(|term| term.vertical.repeats(y));
        line.at = Some((c, y));
        if again {
            return &line.values;
        }
        line.values.clear();
        if self.narrow {
            line.values.extend(self.sum(c, y, &mut line.narrow).iter().map(|v| i64::from(*v)));
        } else {
            line.values.extend(self.sum(c, y, &mut line.wide));
        }
        &line.values
    }

    fn sum<'b, N: Number>(&self, c: usize, y: usize, buffers: &'b mut Buffers<N>) -> &'b [N] {
        let Buffers { line, sums } = buffers;
        line.clear();
        line.resize(self.map.output.width, N::default());
        for term in self.map.terms.iter() {
            let lines = term.mix.taps(c).flat_map(|mix| {
                term.vertical.taps(y).map(move |tap| {
                    let start = (mix.input as usize * self.height + tap.input as usize) * self.width;
                    (times(N::from(mix.weight), tap.weight), &self.cells[start..start + self.width])
                })
            });
            let lines: Vec<(N, &[u8])> = lines.collect();
            let source = match lines[..] {
                [] => continue,
                [(weight, cells)] => Source::Bytes(cells, weight),
                _ => {
                    sums.clear();
                    sums.resize(self.width, N::default());
                    add_bytes(sums, &lines);
                    Source::Sums(sums)
                }
            };
            term.horizontal.runs().for_each(|run| add_run(&mut line[run.outputs.clone()], &run, source));
        }
        line
    }
}

fn times<N: Number>(a: N, b: i32) -> N {
    N::default().plus_product(a, b.into())
}

fn add_run<N: Number>(line: &mut [N], run: &Run<'_>, source: Source<'_, N>) {
    /// From here on a pass a tap is faster than a sum a column.
    const LONG: usize = 16;
    let value = |k: usize| {
        let product = |sum: N, tap| {
            let input = run.input(tap, k);
            match source {
                Source::Bytes(cells, weight) => sum.plus_product(times(weight, tap.weight), cells[input].into()),
                Source::Sums(sums) => sum.plus_product(tap.weight.into(), sums[input]),
            }
        };
        run.taps.iter().fold(N::default(), product)
    };
    let one: N = 1i32.into();
    match run.shift {
        0 => {
            let value = value(0);
            line.iter_mut().for_each(|v| *v = v.plus_product(one, value));
        }
        1 if line.len() >= LONG => {
            let length = line.len();
            let inputs = |tap: &Tap| tap.input as usize..tap.input as usize + length;
            match source {
                Source::Bytes(cells, weight) => {
                    let moved = run.taps.iter().map(|tap| (times(weight, tap.weight), &cells[inputs(tap)]));
                    add_bytes(line, &moved.collect::<Vec<_>>());
                }
                Source::Sums(sums) => {
                    for tap in run.taps {
                        let weight = tap.weight.into();
                        line.iter_mut().zip(&sums[inputs(tap)]).for_each(|(v, sum)| *v = v.plus_product(weight, *sum));
                    }
                }
            }
        }
        _ => line.iter_mut().enumerate().for_each(|(k, v)| *v = v.plus_product(one, value(k))),
    }
}

/// `sums[i] += Σ weight·cells[i]`, for lines of cells that are no shorter than the sums.
fn add_bytes<N: Number>(sums: &mut [N], lines: &[(N, &[u8])]) {
    let level = Level::new();
    for some in lines.chunks(4) {
        let none: (i16, &[u8]) = (0, some[0].1);
        let small = |i: usize| some.get(i).map_or(Ok(none), |(weight, cells)| Ok((i16::try_from((*weight).into())?, *cells)));
        let four: Result<[_; 4], std::num::TryFromIntError> = small(0).and_then(|a| Ok([a, small(1)?, small(2)?, small(3)?]));
        match four {
            Ok(four) => dispatch!(level, _simd => add_four(sums, four)),
            Err(_) => {
                for (weight, cells) in some {
                    dispatch!(level, _simd => add_one(sums, *weight, cells));
                }
            }
        }
    }
}

/// Processors have products of 16 bits for many cells at once.
#[inline(always)]
fn add_four<N: Number>(sums: &mut [N], lines: [(i16, &[u8]); 4]) {
    let n = sums.len();
    let [(a, a_cells), (b, b_cells), (c, c_cells), (d, d_cells)] = lines.map(|(weight, cells)| (N::from(weight), &cells[..n]));
    for i in 0..n {
        let sum = sums[i].plus_product(a, a_cells[i].into()).plus_product(b, b_cells[i].into());
        sums[i] = sum.plus_product(c, c_cells[i].into()).plus_product(d, d_cells[i].into());
    }
}

#[inline(always)]
fn add_one<N: Number>(sums: &mut [N], weight: N, cells: &[u8]) {
    sums.iter_mut().zip(cells).for_each(|(v, cell)| *v = v.plus_product(weight, (*cell).into()));
}

fn exchange<T: Copy>(dims: Dims, cells: &[T]) -> Vec<T> {
    let mut result = Vec::with_capacity(cells.len());
    for plane in cells.chunks_exact(dims.height * dims.width) {
        for x in 0..dims.width {
            result.extend(plane.iter().skip(x).step_by(dims.width));
        }
    }
    result
}

impl LinearMap {
    /// The map's integers for bytes, line by line on every core.
    pub fn apply_to_bytes(&self, cells: &[u8]) -> Vec<i64> {
        let applied = self.applied(cells);
        let mut result = vec![0; self.output.cells()];
        let lines = result.par_chunks_mut(self.output.width).enumerate().with_min_len(8);
        lines.for_each_init(Line::default, |line, (i, result)| {
            result.copy_from_slice(applied.line(i / self.output.height, i % self.output.height, line));
        });
        result
    }

    /// The map's integers for any integers, cell by cell; plain and slow.
    pub fn apply(&self, cells: &[i64]) -> Vec<i64> {
        assert_eq!(cells.len(), self.input.cells(), "a tensor of another shape");
        let Dims { channels, mut height, mut width } = self.input;
        let exchanged = self.exchanged.then(|| Zeroizing::new(exchange(self.input, cells)));
        if self.exchanged {
            std::mem::swap(&mut height, &mut width);
        }
        let cells = exchanged.as_ref().map_or(cells, |cells| cells);
        let mut result = vec![0; self.output.cells()];
        for term in self.terms.iter() {
            let mut sides = [channels, height, width];
            let mut axes = [(0, &term.mix), (1, &term.vertical), (2, &term.horizontal)];
            // What makes most of little comes last: a bias of a whole network's is picked before it is spread out.
            axes.sort_by(|(_, a), (_, b)| (a.outputs() * b.inputs()).cmp(&(b.outputs() * a.inputs())));
            let mut some: Option<Zeroizing<Vec<i64>>> = None;
            for (axis, map) in axes {
                let (outer, inner) = (sides[..axis].iter().product(), sides[axis + 1..].iter().product());
                some = Some(Zeroizing::new(along(some.as_ref().map_or(cells, |some| some), outer, sides[axis], inner, map)));
                sides[axis] = map.outputs();
            }
            result.iter_mut().zip(some.iter().flat_map(|some| some.iter())).for_each(|(sum, cell)| *sum += cell);
        }
        result
    }
}

/// A map along the middle axis of `outer × n × inner` cells.
pub(crate) fn along(cells: &[i64], outer: usize, n: usize, inner: usize, map: &AxisMap) -> Vec<i64> {
    let mut result = vec![0; outer * map.outputs() * inner];
    for (block, result) in cells.chunks_exact(n * inner).zip(result.chunks_exact_mut(map.outputs() * inner)) {
        for run in map.runs() {
            for (k, j) in run.outputs.clone().enumerate() {
                let into = &mut result[j * inner..(j + 1) * inner];
                for tap in run.taps {
                    let from = &block[run.input(tap, k) * inner..][..inner];
                    into.iter_mut().zip(from).for_each(|(sum, cell)| *sum += i64::from(tap.weight) * cell);
                }
            }
        }
    }
    result
}
