//! A ReLU with a hidden slope a channel below zero: `m·max(x − z, 0) + s_c·min(x − z, 0)`.
//!
//! With `p = max(x − z, 0)`, which a table gives, that is `(m − s_c)·p + s_c·(x − z)`: two products, and no hidden table.

use super::{BadLayer, Emitter, Range, WeightShape};
use std::sync::Arc;
use zkimg_graph::contraction::{Access, Contraction, Route};
use zkimg_graph::graph::{Function, Part, Results, ValueId};
use zkimg_graph::linear::{AxisMap, LinearMap};
use zkimg_graph::step::Region;
use zkimg_graph::tensor::{Bounds, Dims};

/// See the module. What the zero point takes is in the biases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prelu {
    /// The shape of both.
    pub dims: Dims,
    /// The byte that stands for zero in the input.
    pub zero: u8,
    /// Bits of a multiplier, without its sign.
    pub weight_bits: u32,
    /// What the result is clamped to.
    pub range: Range,
}

impl Prelu {
    pub(super) fn input(&self) -> Dims {
        self.dims
    }

    pub(super) fn output(&self) -> Result<Dims, BadLayer> {
        Ok(self.dims)
    }

    /// `m − s_c, s_c`: a row a channel.
    pub(super) fn weights(&self) -> Result<Option<WeightShape>, BadLayer> {
        Ok(Some(WeightShape { dims: Dims::new(1, self.dims.channels, 2)?, bits: self.weight_bits }))
    }

    pub(super) fn biases(&self) -> usize {
        self.dims.channels
    }

    pub(super) fn reach(&self) -> (i128, u64) {
        (2 * (255 << self.weight_bits), 1)
    }

    pub(super) fn multiplications(&self) -> usize {
        2 * self.dims.cells()
    }

    pub(super) fn emit(&self, emitter: &mut Emitter<'_>, inputs: &[ValueId]) -> Result<ValueId, BadLayer> {
        let above: Arc<[u8]> = (0..=255u8).map(|x| x.saturating_sub(self.zero)).collect();
        let part = Part {
            region: Region::whole(self.dims),
            terms: vec![(inputs[0], LinearMap::identity(self.dims))],
            products: Vec::new(),
            bias: 0,
            divisor: 1,
            function: Function::Table { first: 0, values: Results::Bytes(above) },
        };
        let above = emitter.graph.single(Bounds::BYTE, part)?;
        let products = vec![emitter.product(self.scaled(0)?, above)?, emitter.product(self.scaled(1)?, inputs[0])?];
        emitter.requantised(self.dims, products, self.dims.channels, 1, self.range)
    }

    /// Column `i` of the multipliers times every cell of its channel.
    fn scaled(&self, i: usize) -> Result<Contraction, BadLayer> {
        let Dims { channels, height, width } = self.dims;
        let column = Route { labels: Vec::new(), map: AxisMap::select(2, [i]) };
        let left = Access { dims: Dims::new(1, channels, 2)?, routes: [Route::single(), Route::plain(0, channels), column] };
        let right = Access { dims: self.dims, routes: [Route::plain(0, channels), Route::plain(1, height), Route::plain(2, width)] };
        Ok(Contraction::new(vec![channels, height, width], [Some(0), Some(1), Some(2)], [left, right])?)
    }
}
