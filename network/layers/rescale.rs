//! The same value in another scale: `m·(x − z)`; a ReLU or ReLU6 that stands alone is its clamp.

use super::{BadLayer, Emitter, Range, WeightShape};
use zkimg_graph::contraction::{Access, Contraction, Route};
use zkimg_graph::graph::ValueId;
use zkimg_graph::linear::AxisMap;
use zkimg_graph::tensor::Dims;

/// See the module. The zero point is in the bias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rescale {
    /// The shape of both.
    pub dims: Dims,
    /// Bits of the multiplier, without its sign.
    pub weight_bits: u32,
    /// What the result is clamped to.
    pub range: Range,
}

/// Multiplier `i` of `n` times every cell.
pub(super) fn scaled(dims: Dims, n: usize, i: usize) -> Result<Contraction, BadLayer> {
    let multiplier = Route { labels: Vec::new(), map: AxisMap::select(n, [i]) };
    let left = Access { dims: Dims::vector(n)?, routes: [Route::single(), Route::single(), multiplier] };
    let sides = [dims.channels, dims.height, dims.width];
    let right = Access { dims, routes: [0, 1, 2].map(|axis| Route::plain(axis, sides[axis])) };
    Ok(Contraction::new(sides.to_vec(), [Some(0), Some(1), Some(2)], [left, right])?)
}

impl Rescale {
    pub(super) fn input(&self) -> Dims {
        self.dims
    }

    pub(super) fn output(&self) -> Result<Dims, BadLayer> {
        Ok(self.dims)
    }

    /// `m`.
    pub(super) fn weights(&self) -> Result<Option<WeightShape>, BadLayer> {
        Ok(Some(WeightShape { dims: Dims::vector(1)?, bits: self.weight_bits }))
    }

    pub(super) fn biases(&self) -> usize {
        1
    }

    pub(super) fn reach(&self) -> (i128, u64) {
        (255 << self.weight_bits, 1)
    }

    pub(super) fn multiplications(&self) -> usize {
        self.dims.cells()
    }

    pub(super) fn emit(&self, emitter: &mut Emitter<'_>, inputs: &[ValueId]) -> Result<ValueId, BadLayer> {
        let dims = emitter.stacked(self.dims)?;
        let products = vec![emitter.product(scaled(dims, 1, 0)?, inputs[0])?];
        emitter.requantised(dims, products, 1, 1, self.range)
    }
}
