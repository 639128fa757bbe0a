//! A linear map along one axis: each output is an integer combination of a few inputs.

use crate::dot::{CAPACITY, Limbs, Sum};
use crate::field::{F, from_i128};
use ff::Field;
use std::ops::Range;

/// One input of an output sample and its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tap {
    /// Input index.
    pub input: u32,
    /// Integer weight.
    pub weight: i32,
}

/// `out[j] = Σ taps(j) weight·in[input]`, integer weights.
///
/// Kept as runs of outputs whose taps differ by a move alone: a crop is one run, a filter one between its borders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AxisMap {
    inputs: usize,
    outputs: usize,
    runs: Vec<Stored>,
    taps: Vec<Tap>,
    /// The most taps on one input.
    most_reads: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Stored {
    start: u32,
    shift: i64,
    taps: Range<u32>,
}

/// Outputs of which each has the taps of the one before, `shift` inputs further on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    /// The outputs.
    pub outputs: Range<usize>,
    /// The taps of the first.
    pub taps: &'a [Tap],
    /// Inputs from one output's taps to the next one's.
    pub shift: i64,
}

impl Run<'_> {
    /// Where the tap of the run's output `k` lies that is `tap` for the first.
    pub fn input(&self, tap: &Tap, k: usize) -> usize {
        // Modulo the machine's word, so that a shift may be negative; the result is an input, as was checked when the map was built.
        (tap.input as usize).wrapping_add((self.shift as usize).wrapping_mul(k))
    }

    /// Whether `taps` are those of the output after the run's last.
    fn goes_on(&self, taps: &[Tap]) -> bool {
        let same = |(a, b): (&Tap, &Tap)| a.weight == b.weight && self.input(a, self.outputs.len()) == b.input as usize;
        self.taps.len() == taps.len() && self.taps.iter().zip(taps).all(same)
    }
}

impl AxisMap {
    /// Builds a map from the taps of each output.
    ///
    /// # Panics
    /// If a tap reads outside `0..inputs`: maps are made by this project's code, never read from a file.
    pub fn new(inputs: usize, outputs: impl IntoIterator<Item = Vec<Tap>>) -> AxisMap {
        let mut map = AxisMap { inputs, outputs: 0, runs: Vec::new(), taps: Vec::new(), most_reads: 0 };
        let mut reads = vec![0; inputs];
        for taps in outputs {
            taps.iter().for_each(|tap| reads[tap.input as usize] += 1);
            map.push(&taps);
        }
        map.most_reads = reads.into_iter().max().unwrap_or(0);
        map
    }

    /// The next output; runs are made as long as they go, so that a map has one form.
    fn push(&mut self, taps: &[Tap]) {
        let index = self.outputs;
        self.outputs += 1;
        let last = self.runs.len().checked_sub(1).map(|i| (i, self.run(i, index)));
        if let Some((i, mut run)) = last {
            // A run of one goes wherever the second output is.
            if let (1, Some(first), Some(next)) = (run.outputs.len(), run.taps.first(), taps.first()) {
                run.shift = i64::from(next.input) - i64::from(first.input);
            }
            if run.goes_on(taps) {
                self.runs[i].shift = run.shift;
                return;
            }
        }
        let start = self.taps.len() as u32;
        self.taps.extend(taps);
        self.runs.push(Stored { start: index as u32, shift: 0, taps: start..self.taps.len() as u32 });
    }

    fn run(&self, i: usize, end: usize) -> Run<'_> {
        let run = &self.runs[i];
        let taps = &self.taps[run.taps.start as usize..run.taps.end as usize];
        Run { outputs: run.start as usize..end, taps, shift: run.shift }
    }

    /// Output `j` is input `indices[j]`.
    pub fn select(inputs: usize, indices: impl IntoIterator<Item = usize>) -> AxisMap {
        AxisMap::new(inputs, indices.into_iter().map(|i| vec![Tap { input: i as u32, weight: 1 }]))
    }

    /// The identity on `n` samples.
    pub fn identity(n: usize) -> AxisMap {
        AxisMap::select(n, 0..n)
    }

    /// No output reads anything.
    pub fn zero(inputs: usize, outputs: usize) -> AxisMap {
        AxisMap::new(inputs, (0..outputs).map(|_| Vec::new()))
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The number of outputs.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// The runs, in order.
    pub fn runs(&self) -> impl Iterator<Item = Run<'_>> {
        let ends = self.runs.iter().skip(1).map(|next| next.start as usize).chain([self.outputs]);
        (0..self.runs.len()).zip(ends).map(|(i, end)| self.run(i, end))
    }

    fn run_of(&self, j: usize) -> Run<'_> {
        let i = self.runs.partition_point(|run| run.start as usize <= j) - 1;
        self.run(i, self.runs.get(i + 1).map_or(self.outputs, |next| next.start as usize))
    }

    /// The number of taps of all outputs.
    pub fn tap_count(&self) -> usize {
        self.runs().map(|run| run.taps.len() * run.outputs.len()).sum()
    }

    /// Whether this is the identity.
    pub fn is_identity(&self) -> bool {
        self.inputs == self.outputs() && self.selection().is_some_and(|all| all.enumerate().all(|(j, i)| i == j))
    }

    /// Whether no output reads anything.
    pub fn is_zero(&self) -> bool {
        self.taps.is_empty()
    }

    /// The taps of output `j`.
    pub fn taps(&self, j: usize) -> impl Iterator<Item = Tap> + '_ {
        let run = self.run_of(j);
        let k = j - run.outputs.start;
        run.taps.iter().map(move |tap| Tap { input: run.input(tap, k) as u32, ..*tap })
    }

    /// Whether output `j > 0` is the same as output `j − 1`, whatever the input.
    pub fn repeats(&self, j: usize) -> bool {
        let run = self.run_of(j);
        run.shift == 0 && run.outputs.start < j
    }

    /// The input index of each output, if every output is one input unchanged.
    pub fn selection(&self) -> Option<impl Iterator<Item = usize> + '_> {
        let single = self.runs().all(|run| matches!(run.taps, [tap] if tap.weight == 1));
        single.then(|| self.runs().flat_map(|run| (0..run.outputs.len()).map(move |k| run.input(&run.taps[0], k))))
    }

    /// `self ∘ inner`.
    pub fn after(&self, inner: &AxisMap) -> AxisMap {
        assert_eq!(self.inputs, inner.outputs(), "axis maps that do not meet");
        if inner.is_identity() {
            return self.clone();
        }
        let outputs = (0..self.outputs()).map(|j| {
            let mut taps: Vec<Tap> = Vec::new();
            for outer in self.taps(j) {
                for tap in inner.taps(outer.input as usize) {
                    let weight = outer.weight.checked_mul(tap.weight).expect("weights stay far below 2^31");
                    match taps.iter_mut().find(|t| t.input == tap.input) {
                        Some(t) => t.weight += weight,
                        None => taps.push(Tap { input: tap.input, weight }),
                    }
                }
            }
            taps
        });
        AxisMap::new(inner.inputs, outputs)
    }

    /// `Aᵀ·weights`: what each input counts when output `j` counts `weights[j]`.
    pub fn transpose(&self, weights: &[F]) -> Vec<F> {
        assert_eq!(weights.len(), self.outputs(), "one weight an output");
        let ones = self.taps.iter().all(|tap| tap.weight == 1);
        let small = self.taps.iter().all(|tap| tap.weight.unsigned_abs() <= u16::MAX.into());
        if small && !ones && self.most_reads <= CAPACITY {
            return self.transpose_small(weights);
        }
        let mut result = vec![F::ZERO; self.inputs];
        for run in self.runs() {
            for tap in run.taps {
                let scale = from_i128(tap.weight.into());
                for (k, w) in weights[run.outputs.clone()].iter().enumerate() {
                    result[run.input(tap, k)] += if tap.weight == 1 { *w } else { scale * w };
                }
            }
        }
        result
    }

    /// As above for weights below 2^16: each input's sum is reduced but once.
    fn transpose_small(&self, weights: &[F]) -> Vec<F> {
        let mut sums = vec![Sum::default(); self.inputs];
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
                        sums[run.input(tap, k)].add(&limbs, tap.weight.unsigned_abs() as u16);
                    }
                }
            }
        }
        sums.iter().map(Sum::reduce).collect()
    }

    /// The sum of negative, and of positive, weights of output `j`.
    pub fn gains_of(&self, j: usize) -> (i128, i128) {
        gains(self.run_of(j).taps)
    }

    /// The least and the greatest sum of negative, and of positive, weights over all outputs.
    pub fn gains(&self) -> (i128, i128) {
        self.runs().fold((0, 0), |(low, high), run| {
            let gains = gains(run.taps);
            (low.min(gains.0), high.max(gains.1))
        })
    }
}

fn gains(taps: &[Tap]) -> (i128, i128) {
    taps.iter().fold((0, 0), |(low, high), tap| {
        let weight = i128::from(tap.weight);
        (low + weight.min(0), high + weight.max(0))
    })
}
