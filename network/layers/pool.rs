//! The mean of each window, in the same scale: `⌊(Σ x + ⌊n/2⌋)/n⌋`, without a border.
//!
//! TFLite rounds halves away from its zero, so that of an even number of cells a negative half differs by one.

use super::{BadLayer, Emitter, WeightShape, Window};
use zkimg_graph::graph::{Function, Part, ValueId};
use zkimg_graph::linear::LinearMap;
use zkimg_graph::step::Region;
use zkimg_graph::tensor::{Bounds, Dims};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AveragePool {
    /// Channels.
    pub channels: usize,
    /// Which cells are read; none in a border.
    pub window: Window,
}

impl AveragePool {
    pub(super) fn input(&self) -> Dims {
        Dims { channels: self.channels, height: self.window.y.input, width: self.window.x.input }
    }

    pub(super) fn output(&self) -> Result<Dims, BadLayer> {
        let Window { y, x } = self.window;
        for axis in [y, x] {
            axis.check()?;
            if axis.has_border() {
                return Err(BadLayer::Window { kernel: axis.kernel, stride: axis.stride, input: axis.input, output: axis.output });
            }
        }
        Ok(Dims::new(self.channels, y.output, x.output)?)
    }

    pub(super) fn weights(&self) -> Result<Option<WeightShape>, BadLayer> {
        Ok(None)
    }

    pub(super) fn biases(&self) -> usize {
        0
    }

    pub(super) fn reach(&self) -> (i128, u64) {
        (0, 1)
    }

    pub(super) fn multiplications(&self) -> usize {
        self.window.cells().saturating_mul(self.channels).saturating_mul(self.window.y.output).saturating_mul(self.window.x.output)
    }

    pub(super) fn emit(&self, emitter: &mut Emitter<'_>, inputs: &[ValueId]) -> Result<ValueId, BadLayer> {
        let dims = emitter.stacked(self.output()?)?;
        let cells = self.window.cells() as u64;
        let map = LinearMap::spatial(emitter.stacked(self.input())?, false, self.window.y.sums(emitter.pictures), self.window.x.sums(1));
        let part = Part {
            region: Region::whole(dims),
            terms: vec![(inputs[0], map)],
            products: Vec::new(),
            bias: (cells / 2).cast_signed(),
            divisor: cells,
            function: Function::Identity,
        };
        Ok(emitter.graph.single(Bounds::BYTE, part)?)
    }
}
