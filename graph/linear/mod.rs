//! Public linear maps between pictures, described and never stored as a matrix.
//!
//! A map is a sum of terms, each the product of a channel mix, a vertical and a horizontal axis map, after an optional
//! exchange of the axes. It can apply itself to a picture, and carry weights on its output back to its
//! input (its transpose); weights that are a product over the axes stay one, so a multilinear extension costs `O(W + H)`.

#[cfg(feature = "evaluate")]
mod apply;
mod axis;
mod compose;

#[cfg(feature = "evaluate")]
pub(crate) use apply::along;
#[cfg(feature = "evaluate")]
pub use apply::{Applied, Line};
pub use axis::{AxisMap, LONG_RUN, Run, Tap, signed};
pub use compose::Preimage;

use crate::tensor::{Bounds, Dims};
use std::sync::Arc;

/// One product of the sum: channel mix ⊗ vertical ⊗ horizontal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Along `c`.
    pub mix: AxisMap,
    /// Along `y`.
    pub vertical: AxisMap,
    /// Along `x`.
    pub horizontal: AxisMap,
}

/// `v = Σ_terms (mix ⊗ vertical ⊗ horizontal)·x`, of `x` or of `x` with its axes exchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinearMap {
    input: Dims,
    output: Dims,
    exchanged: bool,
    /// Shared: a statement's forms repeat a map, and a wide filter's terms take megabytes.
    terms: Arc<[Term]>,
}

/// What evaluating a term takes besides its axes.
const TERM_WORK: usize = 16;

impl LinearMap {
    /// Builds a map and checks that all shapes meet.
    ///
    /// # Panics
    /// If they do not: maps are made by this project's code, never read from a file.
    pub fn new(input: Dims, exchanged: bool, terms: Vec<Term>) -> LinearMap {
        let (height, width) = if exchanged { (input.width, input.height) } else { (input.height, input.width) };
        let first = terms.first().expect("a map has a term");
        let (h, w, c) = (first.vertical.outputs(), first.horizontal.outputs(), first.mix.outputs());
        for term in &terms {
            assert_eq!((term.vertical.inputs(), term.horizontal.inputs()), (height, width), "a term of another input");
            assert_eq!((term.vertical.outputs(), term.horizontal.outputs(), term.mix.outputs()), (h, w, c), "terms that differ");
            assert_eq!(term.mix.inputs(), input.channels, "a mix of other channels");
        }
        let output = Dims::new(c, h, w).expect("an output within the limits");
        LinearMap { input, output, exchanged, terms: terms.into() }
    }

    /// Axis maps applied to every channel alike.
    pub fn spatial(input: Dims, exchanged: bool, vertical: AxisMap, horizontal: AxisMap) -> LinearMap {
        LinearMap::new(input, exchanged, vec![Term { mix: AxisMap::identity(input.channels), vertical, horizontal }])
    }

    /// A channel mix applied to every pixel alike; `mix[c'][c]` is the weight of input channel `c` in output channel `c'`.
    pub fn mix(input: Dims, mix: Vec<Vec<i32>>) -> LinearMap {
        let mix = AxisMap::matrix(input.channels, mix);
        let (vertical, horizontal) = (AxisMap::identity(input.height), AxisMap::identity(input.width));
        LinearMap::new(input, false, vec![Term { mix, vertical, horizontal }])
    }

    /// The identity.
    pub fn identity(dims: Dims) -> LinearMap {
        LinearMap::spatial(dims, false, AxisMap::identity(dims.height), AxisMap::identity(dims.width))
    }

    /// Every cell times one and the same weight.
    pub fn scaled(dims: Dims, weight: i32) -> LinearMap {
        let mut horizontal = AxisMap::empty(dims.width);
        horizontal.push_run(&[Tap { input: 0, weight }], dims.width, 1);
        LinearMap::spatial(dims, false, AxisMap::identity(dims.height), horizontal)
    }

    /// The zero map.
    pub fn zero(input: Dims, output: Dims) -> LinearMap {
        let (vertical, horizontal) = (AxisMap::zero(input.height, output.height), AxisMap::zero(input.width, output.width));
        let mix = AxisMap::zero(input.channels, output.channels);
        LinearMap::new(input, false, vec![Term { mix, vertical, horizontal }])
    }

    /// The shape read.
    pub fn input(&self) -> Dims {
        self.input
    }

    /// The shape written.
    pub fn output(&self) -> Dims {
        self.output
    }

    /// Whether the input's axes are exchanged first.
    pub fn exchanged(&self) -> bool {
        self.exchanged
    }

    /// The terms.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// How many taps the terms' axis maps have: what the map takes of everybody's time.
    pub fn taps(&self) -> usize {
        self.terms.iter().map(|t| t.vertical.tap_count().saturating_add(t.horizontal.tap_count())).fold(0, usize::saturating_add)
    }

    /// How many taps are kept.
    pub fn stored_taps(&self) -> usize {
        self.terms.iter().map(|t| t.vertical.stored_taps() + t.horizontal.stored_taps()).sum()
    }

    /// Whether no output reads anything.
    pub fn is_zero(&self) -> bool {
        self.terms.iter().all(|t| t.vertical.is_zero() || t.horizontal.is_zero() || t.mix.is_zero())
    }

    /// What evaluating takes, in products of the field or so.
    pub fn work(&self) -> usize {
        self.terms.iter().map(|t| TERM_WORK.max(t.mix.work()) + t.vertical.work() + t.horizontal.work()).sum()
    }

    /// The single term, if every output is one input unchanged.
    pub fn as_selection(&self) -> Option<Selection<'_>> {
        let [term] = &self.terms[..] else { return None };
        let moves = [&term.mix, &term.vertical, &term.horizontal].into_iter().all(AxisMap::is_selection);
        moves.then_some(Selection { channels: &term.mix, rows: &term.vertical, columns: &term.horizontal })
    }

    /// `self ∘ inner`, unless more than `limit` taps would have to be kept.
    pub fn after(&self, inner: &LinearMap, limit: usize) -> Option<LinearMap> {
        assert_eq!(self.input, inner.output, "maps that do not meet");
        let mut terms = Vec::new();
        let mut left = limit;
        let mut axis = |outer: &AxisMap, inner: &AxisMap| {
            let map = outer.after(inner, left)?;
            left -= map.stored_taps();
            Some(map)
        };
        for outer in self.terms.iter() {
            for term in inner.terms.iter() {
                let (v, h) = if self.exchanged { (&term.horizontal, &term.vertical) } else { (&term.vertical, &term.horizontal) };
                terms.push(Term {
                    mix: outer.mix.after(&term.mix, usize::MAX)?.without_zeros(),
                    vertical: axis(&outer.vertical, v)?,
                    horizontal: axis(&outer.horizontal, h)?,
                });
            }
        }
        Some(LinearMap::new(inner.input, self.exchanged != inner.exchanged, terms))
    }

    /// The least and the greatest value over inputs between bounds (and zero). Of weights that reach 2^100, bounds that no value has.
    pub fn range(&self, inputs: Bounds) -> (i128, i128) {
        const FAR: i128 = 1 << 100;
        let (lowest, highest) = (i128::from(inputs.low.min(0)), i128::from(inputs.high.max(0)));
        let times = |a: i128, b: i128| a.saturating_mul(b);
        let product = |a: (i128, i128), b: (i128, i128)| {
            (times(a.0, b.1).saturating_add(times(a.1, b.0)), times(a.1, b.1).saturating_add(times(a.0, b.0)))
        };
        // Where a term's rows begin to read otherwise, and the term's gains from there on: terms may read for different rows only.
        let mut changes: Vec<(usize, usize, (i128, i128))> = Vec::new();
        for (i, term) in self.terms.iter().enumerate() {
            let across = product(term.mix.gains(), term.horizontal.gains());
            changes.extend(term.vertical.runs().map(|run| (run.outputs.start, i, product(across, run.gains()))));
        }
        if changes.iter().any(|(.., (low, high))| *low < -FAR || *high > FAR) {
            return (-FAR, FAR);
        }
        changes.sort_by_key(|(start, ..)| *start);
        let mut gains = vec![(0, 0); self.terms.len()];
        // Sums of as many terms as fit into memory, each below 2^100.
        let (mut low, mut high) = (0i128, 0i128);
        let (mut least, mut greatest) = (0, 0);
        for rows in changes.chunk_by(|a, b| a.0 == b.0) {
            for (_, i, (term_low, term_high)) in rows {
                low += term_low - gains[*i].0;
                high += term_high - gains[*i].1;
                gains[*i] = (*term_low, *term_high);
            }
            let sum = |a: i128, b: i128| times(highest, a).saturating_add(times(lowest, b));
            least = least.min(sum(low, high));
            greatest = greatest.max(sum(high, low));
        }
        (least, greatest)
    }
}

/// A map whose every output is one input: `out[c][y][x] = in[channels[c]][rows[y]][columns[x]]`.
#[derive(Clone, Debug)]
pub struct Selection<'a> {
    /// Input channel of each output channel.
    pub channels: &'a AxisMap,
    /// Input row of each output row, after the exchange of axes if there is one.
    pub rows: &'a AxisMap,
    /// Input column of each output column, after the exchange of axes if there is one.
    pub columns: &'a AxisMap,
}

#[cfg(test)]
mod strategies;
#[cfg(test)]
mod tests;
