//! A convolution over all channels: `Σ_{i,ky,kx} w[o][ky][kx][i]·(x[i][·][·] − z)`.

use super::{BadLayer, Emitter, Range, WeightShape, Window, spread};
use zkimg_graph::contraction::{Access, Contraction, Route};
use zkimg_graph::graph::ValueId;
use zkimg_graph::tensor::Dims;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conv {
    /// Channels read.
    pub inputs: usize,
    /// Channels written.
    pub outputs: usize,
    /// Which cells are read.
    pub window: Window,
    /// The byte that stands for zero in the input; what lies outside is zero.
    pub zero: u8,
    /// Bits of a weight, without its sign.
    pub weight_bits: u32,
    /// What the result is clamped to.
    pub range: Range,
}

// Labels: output channel, output row, output column; rows and columns of the window, input channel.
const O: usize = 0;
const OY: usize = 1;
const OX: usize = 2;
const KY: usize = 3;
const KX: usize = 4;
const I: usize = 5;

impl Conv {
    pub(super) fn input(&self) -> Dims {
        Dims { channels: self.inputs, height: self.window.y.input, width: self.window.x.input }
    }

    pub(super) fn output(&self) -> Result<Dims, BadLayer> {
        self.window.check()?;
        Ok(Dims::new(self.outputs, self.window.y.output, self.window.x.output)?)
    }

    /// `w[o][ky][kx][i]`: a row an output channel.
    pub(super) fn weights(&self) -> Result<Option<WeightShape>, BadLayer> {
        Ok(Some(WeightShape { dims: Dims::new(1, self.outputs, self.fan_in())?, bits: self.weight_bits }))
    }

    pub(super) fn biases(&self) -> usize {
        self.outputs
    }

    fn fan_in(&self) -> usize {
        self.window.cells().saturating_mul(self.inputs)
    }

    /// Whether the zero point counts otherwise at the border.
    fn corrects(&self) -> bool {
        self.zero > 0 && self.window.has_border()
    }

    pub(super) fn reach(&self) -> (i128, u64) {
        let most = 255 + if self.corrects() { i128::from(self.zero) } else { 0 };
        (self.fan_in() as i128 * (most << self.weight_bits), 1)
    }

    pub(super) fn multiplications(&self) -> usize {
        self.fan_in().saturating_mul(self.outputs).saturating_mul(self.window.y.output).saturating_mul(self.window.x.output)
    }

    pub(super) fn emit(&self, emitter: &mut Emitter<'_>, inputs: &[ValueId]) -> Result<ValueId, BadLayer> {
        let (Window { y, x }, pictures) = (self.window, emitter.pictures);
        let read = [
            Route::plain(I, self.inputs),
            Route { labels: vec![KY, OY], map: y.map(pictures) },
            Route { labels: vec![KX, OX], map: x.map(1) },
        ];
        let mut products = vec![emitter.product(self.contraction(pictures, emitter.stacked(self.input())?, read)?, inputs[0])?];
        if self.corrects() {
            let zero = i32::from(self.zero);
            let read = [
                Route { labels: vec![I], map: spread(std::iter::repeat_n(true, self.inputs), 1) },
                Route { labels: vec![KY, OY], map: y.inside(pictures, -zero) },
                Route { labels: vec![KX, OX], map: x.inside(1, 1) },
            ];
            let one = emitter.one()?;
            products.push(emitter.product(self.contraction(pictures, Dims::vector(1)?, read)?, one)?);
        }
        emitter.requantised(emitter.stacked(self.output()?)?, products, self.outputs, 1, self.range)
    }

    fn contraction(&self, pictures: usize, dims: Dims, routes: [Route; 3]) -> Result<Contraction, BadLayer> {
        let Window { y, x } = self.window;
        let sizes = vec![self.outputs, pictures * y.output, x.output, y.kernel, x.kernel, self.inputs];
        let row = Route { labels: vec![KY, KX, I], ..Route::plain(KY, self.fan_in()) };
        let weights =
            Access { dims: Dims::new(1, self.outputs, self.fan_in())?, routes: [Route::single(), Route::plain(O, self.outputs), row] };
        Ok(Contraction::new(sizes, [Some(O), Some(OY), Some(OX)], [weights, Access { dims, routes }])?)
    }

    /// Whether the biases take the zero point's share of every output, or a product takes it tap by tap.
    pub(crate) fn zero_in_biases(&self) -> bool {
        !self.corrects()
    }
}
