//! The sum of two values of different scales: `m_0·(x_0 − z_0) + m_1·(x_1 − z_1)`, rounded once.
//!
//! TFLite rounds each operand to 2^-20 of a unit first, so its sums may differ where they lie half way between two integers.

use super::rescale::scaled;
use super::{BadLayer, Emitter, Range, WeightShape};
use zkimg_graph::graph::ValueId;
use zkimg_graph::tensor::Dims;

/// See the module. The zero points are in the one bias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Add {
    /// The shape of all three.
    pub dims: Dims,
    /// Bits of a multiplier, without its sign.
    pub weight_bits: u32,
    /// What the result is clamped to.
    pub range: Range,
}

impl Add {
    pub(super) fn input(&self) -> Dims {
        self.dims
    }

    pub(super) fn output(&self) -> Result<Dims, BadLayer> {
        Ok(self.dims)
    }

    /// `m_0, m_1`.
    pub(super) fn weights(&self) -> Result<Option<WeightShape>, BadLayer> {
        Ok(Some(WeightShape { dims: Dims::vector(2)?, bits: self.weight_bits }))
    }

    pub(super) fn biases(&self) -> usize {
        1
    }

    pub(super) fn reach(&self) -> (i128, u64) {
        (2 * (255 << self.weight_bits), 1)
    }

    pub(super) fn multiplications(&self) -> usize {
        2 * self.dims.cells()
    }

    pub(super) fn emit(&self, emitter: &mut Emitter<'_>, inputs: &[ValueId]) -> Result<ValueId, BadLayer> {
        let dims = emitter.stacked(self.dims)?;
        let product = |(i, value): (usize, &ValueId)| emitter.product(scaled(dims, 2, i)?, *value);
        let products = inputs.iter().enumerate().map(product).collect::<Result<_, _>>()?;
        emitter.requantised(dims, products, 1, 1, self.range)
    }
}
