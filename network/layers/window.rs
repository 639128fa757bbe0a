//! Which cells a window reads, along each axis.

use super::{BadLayer, spread};
use zkimg_graph::linear::{AxisMap, Tap};

/// The longest window, and the longest stride.
pub const MAX_WINDOW: usize = 1 << 8;
/// The longest side of a plane that a window moves over.
pub const MAX_SIDE: usize = 1 << 12;

/// A window moving along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Cells of the input.
    pub input: usize,
    /// Cells of the window.
    pub kernel: usize,
    /// Cells from one window to the next, and from one of its cells to the next.
    pub stride: usize,
    /// How far the first window stands out before the input's first cell.
    pub before: usize,
    /// How many windows.
    pub output: usize,
}

impl Axis {
    /// No border: windows inside the input alone. TFLite's `VALID`.
    pub fn valid(input: usize, kernel: usize, stride: usize) -> Axis {
        let output = input.saturating_sub(kernel.saturating_sub(1)).div_ceil(stride.max(1));
        Axis { input, kernel, stride, before: 0, output }
    }

    /// As many windows as steps of the stride, the border shared out, the end having the odd cell. TFLite's `SAME`.
    pub fn same(input: usize, kernel: usize, stride: usize) -> Axis {
        let output = input.div_ceil(stride.max(1));
        let border = (output.saturating_sub(1) * stride + kernel).saturating_sub(input);
        Axis { input, kernel, stride, before: border / 2, output }
    }

    /// The input's cell that window `j` reads with its cell `k`; `None` in the border.
    fn reads(&self, k: usize, j: usize) -> Option<usize> {
        (self.stride * j + k).checked_sub(self.before).filter(|i| *i < self.input)
    }

    /// Refuses windows that are none, or lie wholly in the border.
    pub(super) fn check(&self) -> Result<(), BadLayer> {
        let Axis { input, kernel, stride, before, output } = *self;
        let small =
            [kernel, stride].iter().all(|n| (1..=MAX_WINDOW).contains(n)) && [input, output].iter().all(|n| (1..=MAX_SIDE).contains(n));
        let fits = small && before < kernel && stride * (output - 1) < input + before;
        if fits { Ok(()) } else { Err(BadLayer::Window { kernel, stride, input, output }) }
    }

    /// From so many inputs, one behind the other, to `[k][j]`, `j` over all of their windows; borders read nothing.
    pub(super) fn map(&self, inputs: usize) -> AxisMap {
        let tap = |i: usize| Tap { input: i as u32, weight: 1 };
        AxisMap::new(inputs * self.input, self.places(inputs).map(|i| i.map(tap).into_iter().collect()))
    }

    /// From one cell to the same, borders read nothing.
    pub(super) fn inside(&self, inputs: usize, weight: i32) -> AxisMap {
        spread(self.places(inputs).map(|i| i.is_some()), weight)
    }

    /// Whether any window, of which there must be one, stands out.
    pub(super) fn has_border(&self) -> bool {
        self.before > 0 || self.stride * (self.output - 1) + self.kernel > self.input
    }

    /// The sum of each window, which has no border, of so many inputs, one behind the other.
    pub(super) fn sums(&self, inputs: usize) -> AxisMap {
        let first = |j: usize| j / self.output * self.input + self.stride * (j % self.output);
        let taps = |first: usize| (0..self.kernel).map(|k| Tap { input: (first + k) as u32, weight: 1 }).collect();
        AxisMap::new(inputs * self.input, (0..inputs * self.output).map(first).map(taps))
    }

    /// What every window reads with every cell, of so many inputs, one behind the other: windows stay in their own.
    fn places(&self, inputs: usize) -> impl Iterator<Item = Option<usize>> + use<> {
        let axis = *self;
        let read = move |k: usize, j: usize| axis.reads(k, j % axis.output).map(|i| j / axis.output * axis.input + i);
        (0..axis.kernel).flat_map(move |k| (0..inputs * axis.output).map(move |j| read(k, j)))
    }
}

/// A window moving over a plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Down.
    pub y: Axis,
    /// Across.
    pub x: Axis,
}

impl Window {
    /// Refuses windows that are none.
    pub(crate) fn check(&self) -> Result<(), BadLayer> {
        self.y.check().and_then(|()| self.x.check())
    }

    /// Cells of the window.
    pub fn cells(&self) -> usize {
        self.y.kernel * self.x.kernel
    }

    /// Whether any window stands out of the input.
    pub(crate) fn has_border(&self) -> bool {
        self.y.has_border() || self.x.has_border()
    }
}
