//! A ReLU with a hidden slope a channel below zero: `m·max(x − z, 0) + s_c·min(x − z, 0)`, and above zero `h_c` more.
//!
//! With `p = max(x − z, 0)` and `t = [x > z]`, which tables give, that is `(m − s_c)·p + s_c·(x − z) + h_c·t`: three products, and no
//! hidden table. TFLite's reference kernel rounds twice, away from zero; the first of these adds as much on one side as it takes on the
//! other, which no bias does, and of an `x − z` that is a byte it is no little.

use super::{BadLayer, Emitter, Range, WeightShape};
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

/// Of multipliers.
const COLUMNS: usize = 3;

impl Prelu {
    pub(super) fn input(&self) -> Dims {
        self.dims
    }

    pub(super) fn output(&self) -> Result<Dims, BadLayer> {
        Ok(self.dims)
    }

    /// `m − s_c, s_c, h_c`: a row a channel.
    pub(super) fn weights(&self) -> Result<Option<WeightShape>, BadLayer> {
        Ok(Some(WeightShape { dims: Dims::new(1, self.dims.channels, COLUMNS)?, bits: self.weight_bits }))
    }

    pub(super) fn biases(&self) -> usize {
        self.dims.channels
    }

    pub(super) fn reach(&self) -> (i128, u64) {
        ((2 * 255 + 1) << self.weight_bits, 1)
    }

    pub(super) fn multiplications(&self) -> usize {
        COLUMNS * self.dims.cells()
    }

    pub(super) fn emit(&self, emitter: &mut Emitter<'_>, inputs: &[ValueId]) -> Result<ValueId, BadLayer> {
        let dims = emitter.stacked(self.dims)?;
        let above = (0..=255u8).map(|x| x.saturating_sub(self.zero)).collect();
        let above = looked_up(emitter, inputs[0], Bounds::BYTE, Results::Bytes(above))?;
        // Words have the bounds of what they hold, bytes those of all bytes.
        let positive = (0..=255u8).map(|x| i16::from(x > self.zero)).collect();
        let positive = looked_up(emitter, inputs[0], Bounds { low: 0, high: 1 }, Results::Words(positive))?;
        let operands = [above, inputs[0], positive];
        let products =
            operands.into_iter().enumerate().map(|(i, value)| emitter.product(scaled(dims, i)?, value)).collect::<Result<_, _>>()?;
        emitter.requantised(dims, products, self.dims.channels, 1, self.range)
    }
}

/// A public function of every byte of the input.
fn looked_up(emitter: &mut Emitter<'_>, input: ValueId, bounds: Bounds, values: Results) -> Result<ValueId, BadLayer> {
    let dims = emitter.graph.get(input).dims;
    let part = Part {
        region: Region::whole(dims),
        terms: vec![(input, LinearMap::identity(dims))],
        products: Vec::new(),
        bias: 0,
        divisor: 1,
        function: Function::Table { first: 0, values },
    };
    Ok(emitter.graph.single(bounds, part)?)
}

/// Column `i` of the multipliers times every cell of its channel.
fn scaled(dims: Dims, i: usize) -> Result<Contraction, BadLayer> {
    let Dims { channels, height, width } = dims;
    let column = Route { labels: Vec::new(), map: AxisMap::select(COLUMNS, [i]) };
    let left = Access { dims: Dims::new(1, channels, COLUMNS)?, routes: [Route::single(), Route::plain(0, channels), column] };
    let right = Access { dims, routes: [Route::plain(0, channels), Route::plain(1, height), Route::plain(2, width)] };
    Ok(Contraction::new(vec![channels, height, width], [Some(0), Some(1), Some(2)], [left, right])?)
}
