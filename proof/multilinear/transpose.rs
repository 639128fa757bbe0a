//! Weights on an axis map's outputs, carried back to its inputs.

use ff::Field;
use zkimg_graph::linear::{AxisMap, Tap};
use zkimg_group::dot::{CAPACITY, Limbs, Sum};
use zkimg_group::field::{F, from_i128};

/// Weights of consecutive inputs; every other input's weight is zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first of them.
    pub start: usize,
    /// One weight each.
    pub weights: Vec<F>,
}

impl Span {
    /// The weights of all `n` inputs.
    pub fn spread(mut self, n: usize) -> Vec<F> {
        if self.start > 0 {
            self.weights.splice(0..0, std::iter::repeat_n(F::ZERO, self.start));
        }
        self.weights.resize(n, F::ZERO);
        self.weights
    }
}

/// `Aᵀ·weights`: what each input counts when output `j` counts `weights[j]`. No longer than the inputs that are read.
pub fn transpose_axis(axis: &AxisMap, weights: &[F]) -> Span {
    assert_eq!(weights.len(), axis.outputs(), "one weight an output");
    let Some((start, end)) = reads(axis) else { return Span { start: 0, weights: Vec::new() } };
    let tap = |small: fn(&Tap) -> bool| axis.runs().all(|run| run.taps.iter().all(small));
    let (ones, small) = (tap(|tap| tap.weight == 1), tap(|tap| tap.weight.unsigned_abs() <= u16::MAX.into()));
    let weights = if small && !ones && most_reads(axis, start, end) <= CAPACITY {
        transpose_small(axis, weights, start, end)
    } else {
        transpose_any(axis, weights, start, end)
    };
    Span { start, weights }
}

fn transpose_any(axis: &AxisMap, weights: &[F], start: usize, end: usize) -> Vec<F> {
    let mut result = vec![F::ZERO; end - start];
    for run in axis.runs() {
        for tap in run.taps {
            let scale = from_i128(tap.weight.into());
            for (k, w) in weights[run.outputs.clone()].iter().enumerate() {
                result[run.input(tap, k) - start] += if tap.weight == 1 { *w } else { scale * w };
            }
        }
    }
    result
}

/// As above for weights below 2^16: each input's sum is reduced but once.
fn transpose_small(axis: &AxisMap, weights: &[F], start: usize, end: usize) -> Vec<F> {
    let mut sums = vec![Sum::default(); end - start];
    for run in axis.runs() {
        let weights = &weights[run.outputs.clone()];
        for negative in [false, true] {
            let taps: Vec<&Tap> = run.taps.iter().filter(|tap| (tap.weight < 0) == negative).collect();
            if taps.is_empty() {
                continue;
            }
            for (k, w) in weights.iter().enumerate() {
                let limbs = Limbs::from(&if negative { -w } else { *w });
                for tap in &taps {
                    sums[run.input(tap, k) - start].add(&limbs, tap.weight.unsigned_abs() as u16);
                }
            }
        }
    }
    sums.iter().map(Sum::reduce).collect()
}

/// The least interval that holds all inputs that are read; `None` if there are none.
fn reads(axis: &AxisMap) -> Option<(usize, usize)> {
    let ends = axis.runs().flat_map(|run| {
        let last = run.outputs.len() - 1;
        run.taps.iter().flat_map(move |tap| [0, last].map(|k| run.input(tap, k))).collect::<Vec<_>>()
    });
    ends.fold(None, |all, at| {
        let (start, end) = all.unwrap_or((at, at + 1));
        Some((start.min(at), end.max(at + 1)))
    })
}

/// The most taps on one input of an interval that holds all that are read.
fn most_reads(axis: &AxisMap, start: usize, end: usize) -> usize {
    let mut reads = vec![0; end - start];
    for run in axis.runs() {
        for tap in run.taps {
            (0..run.outputs.len()).for_each(|k| reads[run.input(tap, k) - start] += 1);
        }
    }
    reads.into_iter().max().unwrap_or(0)
}
