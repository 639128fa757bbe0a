//! Weights on an axis map's outputs, carried back to its inputs.

use super::{AxisMap, Tap};
use crate::dot::{CAPACITY, Limbs, Sum};
use crate::field::{F, from_i128};
use ff::Field;

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

impl AxisMap {
    /// `Aᵀ·weights`: what each input counts when output `j` counts `weights[j]`. No longer than the inputs that are read.
    pub fn transpose(&self, weights: &[F]) -> Span {
        assert_eq!(weights.len(), self.outputs(), "one weight an output");
        let Some((start, end)) = self.reads() else { return Span { start: 0, weights: Vec::new() } };
        let tap = |small: fn(&Tap) -> bool| self.runs().all(|run| run.taps.iter().all(small));
        let (ones, small) = (tap(|tap| tap.weight == 1), tap(|tap| tap.weight.unsigned_abs() <= u16::MAX.into()));
        let weights = if small && !ones && self.most_reads(start, end) <= CAPACITY {
            self.transpose_small(weights, start, end)
        } else {
            self.transpose_any(weights, start, end)
        };
        Span { start, weights }
    }

    fn transpose_any(&self, weights: &[F], start: usize, end: usize) -> Vec<F> {
        let mut result = vec![F::ZERO; end - start];
        for run in self.runs() {
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
    fn transpose_small(&self, weights: &[F], start: usize, end: usize) -> Vec<F> {
        let mut sums = vec![Sum::default(); end - start];
        for run in self.runs() {
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
    fn reads(&self) -> Option<(usize, usize)> {
        let ends = self.runs().flat_map(|run| {
            let last = run.outputs.len() - 1;
            run.taps.iter().flat_map(move |tap| [0, last].map(|k| run.input(tap, k))).collect::<Vec<_>>()
        });
        ends.fold(None, |all, at| {
            let (start, end) = all.unwrap_or((at, at + 1));
            Some((start.min(at), end.max(at + 1)))
        })
    }

    /// The most taps on one input of an interval that holds all that are read.
    fn most_reads(&self, start: usize, end: usize) -> usize {
        let mut reads = vec![0; end - start];
        for run in self.runs() {
            for tap in run.taps {
                (0..run.outputs.len()).for_each(|k| reads[run.input(tap, k) - start] += 1);
            }
        }
        reads.into_iter().max().unwrap_or(0)
    }
}
