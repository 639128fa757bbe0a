//! The mean of each channel, in another scale: `m·(Σ x − n·z)/n`, rounded once.

use super::{BadLayer, Emitter, Range, WeightShape};
use zkimg_graph::contraction::{Access, Contraction, Route};
use zkimg_graph::graph::ValueId;
use zkimg_graph::linear::{AxisMap, Tap};
use zkimg_graph::tensor::Dims;

/// See the module. The zero point is in the bias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mean {
    /// The shape read; what is written has one cell a channel.
    pub dims: Dims,
    /// Bits of the multiplier, without its sign.
    pub weight_bits: u32,
    /// What the result is clamped to.
    pub range: Range,
}

impl Mean {
    pub(super) fn input(&self) -> Dims {
        self.dims
    }

    pub(super) fn output(&self) -> Result<Dims, BadLayer> {
        Ok(Dims::new(self.dims.channels, 1, 1)?)
    }

    /// `m`.
    pub(super) fn weights(&self) -> Result<Option<WeightShape>, BadLayer> {
        Ok(Some(WeightShape { dims: Dims::vector(1)?, bits: self.weight_bits }))
    }

    pub(super) fn biases(&self) -> usize {
        1
    }

    fn cells(&self) -> usize {
        self.dims.height * self.dims.width
    }

    pub(super) fn reach(&self) -> (i128, u64) {
        (self.cells() as i128 * (255 << self.weight_bits), self.cells() as u64)
    }

    pub(super) fn multiplications(&self) -> usize {
        self.dims.cells()
    }

    pub(super) fn emit(&self, emitter: &mut Emitter<'_>, inputs: &[ValueId]) -> Result<ValueId, BadLayer> {
        let sums = |inputs: usize, n: usize| {
            let taps = |picture: usize| (0..n).map(|i| Tap { input: (picture * n + i) as u32, weight: 1 }).collect();
            AxisMap::new(inputs * n, (0..inputs).map(taps))
        };
        let left = Access { dims: Dims::vector(1)?, routes: [Route::single(), Route::single(), Route::single()] };
        let mut labels = vec![self.dims.channels];
        let (picture, lines) = emitter.each_picture(&mut labels, sums(emitter.pictures, self.dims.height));
        let columns = Route { labels: Vec::new(), map: sums(1, self.dims.width) };
        let right = Access { dims: emitter.stacked(self.dims)?, routes: [Route::plain(0, self.dims.channels), lines, columns] };
        let contraction = Contraction::new(labels, [Some(0), picture, None], [left, right])?;
        let products = vec![emitter.product(contraction, inputs[0])?];
        emitter.requantised(emitter.stacked(self.output()?)?, products, 1, self.cells() as u64, self.range)
    }
}
