//! A linear map along one axis: each output is an integer combination of a few inputs.

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

/// An index, where it may be moved below zero; sides are far below 2^63.
pub fn signed(index: usize) -> i64 {
    i64::try_from(index).expect("an index of a picture")
}

impl AxisMap {
    /// No outputs yet.
    pub fn empty(inputs: usize) -> AxisMap {
        AxisMap { inputs, outputs: 0, runs: Vec::new(), taps: Vec::new() }
    }

    /// Builds a map from the taps of each output.
    ///
    /// # Panics
    /// If a tap reads outside `0..inputs`: maps are made by this project's code, never read from a file.
    pub fn new(inputs: usize, outputs: impl IntoIterator<Item = Vec<Tap>>) -> AxisMap {
        let mut map = AxisMap::empty(inputs);
        outputs.into_iter().for_each(|taps| map.push(&taps));
        map
    }

    /// Adds the next output; runs are made as long as they go, so that a map has one form.
    ///
    /// # Panics
    /// If a tap reads outside `0..inputs`.
    pub fn push(&mut self, taps: &[Tap]) {
        assert!(taps.iter().all(|tap| (tap.input as usize) < self.inputs), "a tap outside the input");
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

    /// Adds `count` outputs of which the first has these taps and each other those of the one before, `shift` inputs further on.
    ///
    /// # Panics
    /// If a tap reads outside `0..inputs`.
    pub fn push_run(&mut self, taps: &[Tap], count: usize, shift: i64) {
        let moved = |k: usize| {
            let input = move |tap: &Tap| i64::from(tap.input) + shift * signed(k);
            taps.iter().map(move |tap| Tap { input: u32::try_from(input(tap)).expect("a tap inside the input"), ..*tap })
        };
        // Whatever stands before, after three of them the last run is of these outputs alone, or goes on as they do.
        let mut next: Vec<Tap> = Vec::with_capacity(taps.len());
        for k in 0..count.min(3) {
            next.clear();
            next.extend(moved(k));
            self.push(&next);
        }
        if count > 3 {
            assert!(moved(count - 1).all(|tap| (tap.input as usize) < self.inputs), "a tap outside the input");
            self.outputs += count - 3;
        }
    }

    fn run(&self, i: usize, end: usize) -> Run<'_> {
        let run = &self.runs[i];
        let taps = &self.taps[run.taps.start as usize..run.taps.end as usize];
        Run { outputs: run.start as usize..end, taps, shift: run.shift }
    }

    /// Output `j` is `Σ rows[j][i]·in[i]`.
    ///
    /// # Panics
    /// If a row is no longer or shorter than the inputs.
    pub fn matrix(inputs: usize, rows: impl IntoIterator<Item = Vec<i32>>) -> AxisMap {
        let taps = |row: Vec<i32>| {
            assert_eq!(row.len(), inputs, "a row of other inputs");
            let weights = row.into_iter().enumerate().filter(|(_, weight)| *weight != 0);
            weights.map(|(i, weight)| Tap { input: i as u32, weight }).collect()
        };
        AxisMap::new(inputs, rows.into_iter().map(taps))
    }

    /// The same without taps that weigh nothing.
    pub(super) fn without_zeros(self) -> AxisMap {
        if self.taps.iter().all(|tap| tap.weight != 0) {
            return self;
        }
        AxisMap::new(self.inputs, (0..self.outputs).map(|j| self.taps(j).filter(|tap| tap.weight != 0).collect()))
    }

    /// Output `j` is input `indices[j]`.
    pub fn select(inputs: usize, indices: impl IntoIterator<Item = usize>) -> AxisMap {
        let mut map = AxisMap::empty(inputs);
        indices.into_iter().for_each(|i| map.push(&[Tap { input: i as u32, weight: 1 }]));
        map
    }

    /// The outputs are the inputs of an interval.
    pub fn interval(inputs: usize, interval: Range<usize>) -> AxisMap {
        let mut map = AxisMap::empty(inputs);
        map.push_run(&[Tap { input: interval.start as u32, weight: 1 }], interval.len(), 1);
        map
    }

    /// Every output is one and the same input.
    pub fn repeated(inputs: usize, input: usize, outputs: usize) -> AxisMap {
        let mut map = AxisMap::empty(inputs);
        map.push_run(&[Tap { input: input as u32, weight: 1 }], outputs, 0);
        map
    }

    /// The identity on `n` samples.
    pub fn identity(n: usize) -> AxisMap {
        AxisMap::interval(n, 0..n)
    }

    /// The outputs are the `n` inputs, the last first.
    pub fn reversed(n: usize) -> AxisMap {
        let mut map = AxisMap::empty(n);
        map.push_run(&[Tap { input: n.saturating_sub(1) as u32, weight: 1 }], n, -1);
        map
    }

    /// No output reads anything.
    pub fn zero(inputs: usize, outputs: usize) -> AxisMap {
        let mut map = AxisMap::empty(inputs);
        map.push_run(&[], outputs, 0);
        map
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

    /// The run that output `j` belongs to.
    pub(super) fn run_of(&self, j: usize) -> Run<'_> {
        let i = self.runs.partition_point(|run| run.start as usize <= j) - 1;
        self.run(i, self.runs.get(i + 1).map_or(self.outputs, |next| next.start as usize))
    }

    /// The number of taps of all outputs.
    pub fn tap_count(&self) -> usize {
        self.runs().map(|run| run.taps.len().saturating_mul(run.outputs.len())).fold(0, usize::saturating_add)
    }

    /// The number of taps that are kept, those of each run's first output.
    pub fn stored_taps(&self) -> usize {
        self.taps.len()
    }

    /// Whether this is the identity.
    pub fn is_identity(&self) -> bool {
        self.inputs == self.outputs && *self == AxisMap::identity(self.inputs)
    }

    /// Whether no output reads anything.
    pub fn is_zero(&self) -> bool {
        self.taps.is_empty()
    }

    /// Whether every output is one input unchanged.
    pub fn is_selection(&self) -> bool {
        self.runs().all(|run| matches!(run.taps, [tap] if tap.weight == 1))
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

    /// The least and the greatest sum of negative, and of positive, weights over all outputs.
    pub fn gains(&self) -> (i128, i128) {
        self.runs().fold((0, 0), |(low, high), run| {
            let gains = run.gains();
            (low.min(gains.0), high.max(gains.1))
        })
    }

    /// No output, nor any part of its sum, is more than this times the greatest magnitude of the inputs.
    pub fn reach(&self) -> i128 {
        let (low, high) = self.gains();
        high - low
    }
}

impl Run<'_> {
    /// The sum of negative, and of positive, weights of each output.
    pub(super) fn gains(&self) -> (i128, i128) {
        self.taps.iter().fold((0, 0), |(low, high), tap| {
            let weight = i128::from(tap.weight);
            (low + weight.min(0), high + weight.max(0))
        })
    }
}

/// Where a run is longer, evaluating it between two points goes bit by bit.
pub const LONG_RUN: usize = 64;

impl AxisMap {
    /// What evaluating takes, in products of the field or so.
    pub fn work(&self) -> usize {
        let run = |run: Run<'_>| {
            match run.shift {
                _ if run.taps.is_empty() => 0,
                0 => run.taps.len(),
                // Two sums bit by bit; what other terms ask for again is known then.
                1 | -1 if run.outputs.len() > LONG_RUN => 128 + 8 * run.taps.len(),
                _ => run.taps.len() * run.outputs.len(),
            }
        };
        self.runs().map(run).sum()
    }
}
