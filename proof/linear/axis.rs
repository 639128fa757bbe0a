//! A linear map along one axis: each output is an integer combination of a few inputs.

use crate::field::{F, from_i128};

/// One input of an output sample and its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tap {
    /// Input index.
    pub input: u32,
    /// Integer weight.
    pub weight: i32,
}

/// `out[j] = Σ taps(j) weight·in[input]`, integer weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AxisMap {
    inputs: usize,
    ends: Vec<u32>,
    taps: Vec<Tap>,
}

impl AxisMap {
    /// Builds a map from the taps of each output.
    ///
    /// # Panics
    /// If a tap reads outside `0..inputs`: maps are made by this project's code, never read from a file.
    pub fn new(inputs: usize, outputs: impl IntoIterator<Item = Vec<Tap>>) -> AxisMap {
        let (mut ends, mut taps) = (Vec::new(), Vec::new());
        for output in outputs {
            assert!(output.iter().all(|t| (t.input as usize) < inputs), "a tap outside the axis");
            taps.extend(output);
            ends.push(taps.len() as u32);
        }
        AxisMap { inputs, ends, taps }
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
        AxisMap { inputs, ends: vec![0; outputs], taps: Vec::new() }
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The number of outputs.
    pub fn outputs(&self) -> usize {
        self.ends.len()
    }

    /// The number of taps of all outputs.
    pub fn tap_count(&self) -> usize {
        self.taps.len()
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
    pub fn taps(&self, j: usize) -> &[Tap] {
        let start = if j == 0 { 0 } else { self.ends[j - 1] };
        &self.taps[start as usize..self.ends[j] as usize]
    }

    /// The input index of each output, if every output is one input unchanged.
    pub fn selection(&self) -> Option<impl Iterator<Item = usize> + '_> {
        let single = self.ends.iter().enumerate().all(|(j, end)| *end as usize == j + 1);
        (single && self.taps.iter().all(|t| t.weight == 1)).then(|| self.taps.iter().map(|t| t.input as usize))
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

    /// The outputs from `range`, alone.
    pub fn restrict(&self, range: std::ops::Range<usize>) -> AxisMap {
        AxisMap::new(self.inputs, range.map(|j| self.taps(j).to_vec()))
    }

    /// `Aᵀ·weights`: what each input counts when output `j` counts `weights[j]`.
    pub fn transpose(&self, weights: &[F]) -> Vec<F> {
        assert_eq!(weights.len(), self.outputs(), "one weight an output");
        let mut result = vec![F::zero(); self.inputs];
        for (j, w) in weights.iter().enumerate() {
            for tap in self.taps(j) {
                result[tap.input as usize] += if tap.weight == 1 { *w } else { from_i128(tap.weight.into()) * w };
            }
        }
        result
    }

    /// The sum of negative, and of positive, weights of output `j`.
    pub fn gains_of(&self, j: usize) -> (i128, i128) {
        self.taps(j).iter().fold((0, 0), |(low, high), tap| {
            let weight = i128::from(tap.weight);
            (low + weight.min(0), high + weight.max(0))
        })
    }

    /// The least and the greatest sum of negative, and of positive, weights over all outputs.
    pub fn gains(&self) -> (i128, i128) {
        (0..self.outputs()).fold((0, 0), |(low, high), j| {
            let gains = self.gains_of(j);
            (low.min(gains.0), high.max(gains.1))
        })
    }
}
