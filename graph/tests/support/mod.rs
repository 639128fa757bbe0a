//! Random linear maps, for the tests of what maps compute in integers and over the field.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

use zkimg_graph::linear::{AxisMap, LinearMap, Tap, Term};
use zkimg_graph::tensor::Dims;

pub(crate) fn dims(c: usize, h: usize, w: usize) -> Dims {
    Dims::new(c, h, w).expect("dims")
}

/// A stream of numbers below 2^31, the same every time.
pub(crate) struct Stream(pub u64);

impl Stream {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    pub(crate) fn below(&mut self, n: u64) -> usize {
        (self.next() % n) as usize
    }
}

/// What maps are drawn.
pub(crate) struct Maps {
    /// Runs of so many outputs at most.
    pub longest: u64,
    /// Their taps move by so many inputs at most, to either side.
    pub steepest: i64,
    pub weight: fn(&mut Stream) -> i32,
}

impl Maps {
    /// Runs and single outputs, with taps that may meet in one input.
    pub(crate) fn axis(&self, r: &mut Stream, inputs: usize, outputs: usize) -> AxisMap {
        let mut axis = AxisMap::empty(inputs);
        while axis.outputs() < outputs {
            let runs = r.below(2) == 0;
            let taps = r.below(5);
            let (count, shift) = match runs {
                true => (
                    (1 + r.below(self.longest)).min(outputs - axis.outputs()),
                    r.below(2 * self.steepest as u64 + 1) as i64 - self.steepest,
                ),
                false => (1, 0),
            };
            let inside = |tap: &Tap| (0..inputs as i64).contains(&(i64::from(tap.input) + shift * (count as i64 - 1)));
            let taps = (0..taps).map(|_| Tap { input: r.below(inputs as u64) as u32, weight: (self.weight)(r) });
            let taps: Vec<Tap> = taps.filter(inside).collect();
            if runs { axis.push_run(&taps, count, shift) } else { axis.push(&taps) }
        }
        axis
    }

    /// Of one to three terms.
    pub(crate) fn map(&self, r: &mut Stream, input: Dims, exchanged: bool, output: Dims) -> LinearMap {
        let (height, width) = if exchanged { (input.width, input.height) } else { (input.height, input.width) };
        let count = 1 + r.below(3);
        let term = |_| Term {
            mix: self.axis(r, input.channels, output.channels),
            vertical: self.axis(r, height, output.height),
            horizontal: self.axis(r, width, output.width),
        };
        let terms = (0..count).map(term).collect();
        LinearMap::new(input, exchanged, terms)
    }
}
