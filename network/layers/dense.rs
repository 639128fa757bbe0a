//! A matrix times a vector: `Σ_i w[o][i]·(x[i] − z)`.

use super::{BadLayer, Emitter, Range, WeightShape};
use zkimg_graph::contraction::{Access, Contraction, Route};
use zkimg_graph::graph::ValueId;
use zkimg_graph::linear::AxisMap;
use zkimg_graph::tensor::Dims;

/// See the module. Input and output have one cell a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dense {
    /// Cells read.
    pub inputs: usize,
    /// Cells written.
    pub outputs: usize,
    /// Bits of a weight, without its sign.
    pub weight_bits: u32,
    /// What the result is clamped to.
    pub range: Range,
}

// Labels: output, input; the picture, if there are several.
const O: usize = 0;
const I: usize = 1;

impl Dense {
    pub(super) fn input(&self) -> Dims {
        Dims { channels: self.inputs, height: 1, width: 1 }
    }

    pub(super) fn output(&self) -> Result<Dims, BadLayer> {
        Ok(Dims::new(self.outputs, 1, 1)?)
    }

    /// `w[o][i]`: a row an output.
    pub(super) fn weights(&self) -> Result<Option<WeightShape>, BadLayer> {
        Ok(Some(WeightShape { dims: Dims::new(1, self.outputs, self.inputs)?, bits: self.weight_bits }))
    }

    pub(super) fn biases(&self) -> usize {
        self.outputs
    }

    pub(super) fn reach(&self) -> (i128, u64) {
        (self.inputs as i128 * (255 << self.weight_bits), 1)
    }

    pub(super) fn multiplications(&self) -> usize {
        self.inputs.saturating_mul(self.outputs)
    }

    pub(super) fn emit(&self, emitter: &mut Emitter<'_>, inputs: &[ValueId]) -> Result<ValueId, BadLayer> {
        let weights = Access {
            dims: Dims::new(1, self.outputs, self.inputs)?,
            routes: [Route::single(), Route::plain(O, self.outputs), Route::plain(I, self.inputs)],
        };
        let mut labels = vec![self.outputs, self.inputs];
        let (picture, cell) = emitter.each_picture(&mut labels, AxisMap::identity(emitter.pictures));
        let cells = Access { dims: emitter.stacked(self.input())?, routes: [Route::plain(I, self.inputs), cell, Route::single()] };
        let contraction = Contraction::new(labels, [Some(O), picture, None], [weights, cells])?;
        let products = vec![emitter.product(contraction, inputs[0])?];
        emitter.requantised(emitter.stacked(self.output()?)?, products, self.outputs, 1, self.range)
    }
}
