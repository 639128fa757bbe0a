//! What each layer computes: the node of a graph that it becomes.
//!
//! All but pooling end alike: `y = clamp(z + ⌊(Σ products + b + D/2)/D⌋)`, with hidden weights in the products and hidden biases `b`. The
//! weights are a channel's multiplier times its int8 weights, one integer each: so the products stay of two tensors. What an input's zero
//! point takes from every output of a channel is in `b`; where a border leaves taps out, it is a product of its own.

mod add;
mod clamp;
mod conv;
mod dense;
mod depthwise;
mod mean;
mod pool;
mod prelu;
mod rescale;
mod window;

pub use add::Add;
pub(crate) use clamp::{MAX_BITS, WIDE_TABLE, WIDE_VALUES, is_wide, signs};
pub use conv::Conv;
pub use dense::Dense;
pub use depthwise::Depthwise;
pub use mean::Mean;
pub use pool::AveragePool;
pub use prelu::Prelu;
pub use rescale::Rescale;
pub use window::{Axis, MAX_SIDE, MAX_WINDOW, Window};

use std::sync::Arc;
use zkimg_graph::contraction::{BadContraction, Contraction, Route};
use zkimg_graph::graph::{BadNode, Function, Graph, Part, Product, ValueId};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap, Term};
use zkimg_graph::step::{MAX_DIVISOR, Region};
use zkimg_graph::tensor::{BadDims, Bounds, Cells, Dims};

/// A layer that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadLayer {
    /// A tensor beyond the limits.
    #[error(transparent)]
    Dims(#[from] BadDims),
    /// Indices that do not meet.
    #[error(transparent)]
    Contraction(#[from] BadContraction),
    /// Values that could leave their bounds.
    #[error(transparent)]
    Node(#[from] BadNode),
    /// A window that does not fit its input.
    #[error("a window of {kernel} cells, {stride} apart, does not make {output} of {input}")]
    Window {
        /// Cells of the window.
        kernel: usize,
        /// Cells from one window to the next.
        stride: usize,
        /// Cells of the input.
        input: usize,
        /// Windows.
        output: usize,
    },
}

/// Between what the quotient is clamped, and where zero lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The byte that stands for zero.
    pub zero: u8,
    /// The least byte: with a ReLU, that of zero.
    pub low: u8,
    /// The greatest byte: with a ReLU6, that of six.
    pub high: u8,
}

impl Range {
    /// All bytes.
    pub fn all(zero: u8) -> Range {
        Range { zero, low: 0, high: 255 }
    }
}

/// One layer of a network; everything in it is public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layer {
    /// A convolution over all channels.
    Conv(Conv),
    /// A convolution of each channel by itself.
    Depthwise(Depthwise),
    /// A matrix times all cells of its input.
    Dense(Dense),
    /// The sum of two values of different scales.
    Add(Add),
    /// The same value in another scale, with a ReLU where the clamp says so.
    Rescale(Rescale),
    /// A ReLU with a slope a channel below zero.
    Prelu(Prelu),
    /// The mean of each window.
    AveragePool(AveragePool),
    /// The mean of each channel.
    Mean(Mean),
}

/// Hidden weights of a layer: how they lie and what they are between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightShape {
    /// Their tensor.
    pub dims: Dims,
    /// `−2^bits … 2^bits − 1`.
    pub bits: u32,
}

impl WeightShape {
    /// The bounds.
    pub fn bounds(&self) -> Bounds {
        signed_bounds(self.bits)
    }
}

/// `−2^bits … 2^bits − 1`.
pub fn signed_bounds(bits: u32) -> Bounds {
    Bounds { low: -(1 << bits), high: (1 << bits) - 1 }
}

macro_rules! each_layer {
    ($self:expr, $layer:ident => $result:expr) => {
        match $self {
            Layer::Conv($layer) => $result,
            Layer::Depthwise($layer) => $result,
            Layer::Dense($layer) => $result,
            Layer::Add($layer) => $result,
            Layer::Rescale($layer) => $result,
            Layer::Prelu($layer) => $result,
            Layer::AveragePool($layer) => $result,
            Layer::Mean($layer) => $result,
        }
    };
}

impl Layer {
    /// The name, for people.
    pub fn name(&self) -> &'static str {
        match self {
            Layer::Conv(_) => "convolution",
            Layer::Depthwise(_) => "depthwise convolution",
            Layer::Dense(_) => "dense layer",
            Layer::Add(_) => "sum",
            Layer::Rescale(_) => "change of scale",
            Layer::Prelu(_) => "PReLU",
            Layer::AveragePool(_) => "average pool",
            Layer::Mean(_) => "mean",
        }
    }

    /// The operator of TensorFlow Lite that it stands for; a change of scale stands for `RELU` and `RELU6`, too.
    pub fn operator(&self) -> &'static str {
        match self {
            Layer::Conv(_) => "CONV_2D",
            Layer::Depthwise(_) => "DEPTHWISE_CONV_2D",
            Layer::Dense(_) => "FULLY_CONNECTED",
            Layer::Add(_) => "ADD",
            Layer::Rescale(_) => "QUANTIZE",
            Layer::Prelu(_) => "PRELU",
            Layer::AveragePool(_) => "AVERAGE_POOL_2D",
            Layer::Mean(_) => "MEAN",
        }
    }

    /// The window that moves over its input, if there is one.
    pub fn window(&self) -> Option<Window> {
        match self {
            Layer::Conv(Conv { window, .. })
            | Layer::Depthwise(Depthwise { window, .. })
            | Layer::AveragePool(AveragePool { window, .. }) => Some(*window),
            _ => None,
        }
    }

    /// The shapes read.
    pub fn inputs(&self) -> Vec<Dims> {
        match self {
            Layer::Add(add) => vec![add.dims; 2],
            _ => vec![each_layer!(self, layer => layer.input())],
        }
    }

    /// The shape written.
    pub fn output(&self) -> Result<Dims, BadLayer> {
        each_layer!(self, layer => layer.output())
    }

    /// Its hidden weights, if it has any.
    pub fn weights(&self) -> Result<Option<WeightShape>, BadLayer> {
        each_layer!(self, layer => layer.weights())
    }

    /// How many hidden biases it has.
    pub fn biases(&self) -> usize {
        each_layer!(self, layer => layer.biases())
    }

    /// How far the sum of its products can reach, and by what more than `D` it is divided.
    pub fn reach(&self) -> (i128, u64) {
        each_layer!(self, layer => layer.reach())
    }

    /// What its result is clamped to, if it is.
    pub fn range(&self) -> Option<Range> {
        match self {
            Layer::Conv(Conv { range, .. })
            | Layer::Depthwise(Depthwise { range, .. })
            | Layer::Dense(Dense { range, .. })
            | Layer::Add(Add { range, .. })
            | Layer::Rescale(Rescale { range, .. })
            | Layer::Prelu(Prelu { range, .. })
            | Layer::Mean(Mean { range, .. }) => Some(*range),
            Layer::AveragePool(_) => None,
        }
    }

    /// The lines and columns that its windows read, each as often as it is read.
    pub(crate) fn places(&self) -> usize {
        match (self.window(), self) {
            (Some(Window { y, x }), _) => y.kernel * y.output + x.kernel * x.output,
            (None, Layer::Mean(Mean { dims, .. })) => dims.height + dims.width,
            (None, _) => 0,
        }
    }

    /// Products of two integers that evaluating it takes.
    pub fn multiplications(&self) -> usize {
        each_layer!(self, layer => layer.multiplications())
    }

    /// Adds the layer's nodes to a graph.
    pub(crate) fn emit(&self, emitter: &mut Emitter<'_>, inputs: &[ValueId]) -> Result<ValueId, BadLayer> {
        each_layer!(self, layer => layer.emit(emitter, inputs))
    }
}

/// What layers add their nodes to.
pub(crate) struct Emitter<'a> {
    pub(crate) graph: &'a mut Graph,
    /// How many pictures are read: every value holds them one below the other.
    pub(crate) pictures: usize,
    /// `D`.
    pub(crate) divisor: u64,
    /// No quotient of any layer reaches further, but where they are wide.
    pub(crate) reach: i64,
    /// The bits of the layer's quotients, without their sign, where they are wide ([`clamp`]).
    pub(crate) wide: Option<u32>,
    /// All hidden biases of the network.
    pub(crate) biases: Option<ValueId>,
    /// How many of them are taken.
    pub(crate) biases_taken: usize,
    /// The hidden weights of the layer at hand.
    pub(crate) weights: Option<ValueId>,
    /// One table a clamp: its first quotient, the least byte and the greatest.
    pub(crate) clamps: Vec<((i64, u8, u8), Function)>,
    /// The table of signs, where a layer's quotients are wide.
    pub(crate) signs: Option<Function>,
    /// A public one.
    pub(crate) one: Option<ValueId>,
}

impl Emitter<'_> {
    /// The shape of all pictures, one below the other.
    fn stacked(&self, dims: Dims) -> Result<Dims, BadLayer> {
        Ok(Dims::new(dims.channels, self.pictures.saturating_mul(dims.height), dims.width)?)
    }

    /// The label that tells several pictures apart, which is added to a product's labels, and the route to it of an axis that leads to a
    /// cell a picture; of one picture there is none.
    fn each_picture(&self, labels: &mut Vec<usize>, map: AxisMap) -> (Option<usize>, Route) {
        if self.pictures == 1 {
            return (None, Route { labels: Vec::new(), map });
        }
        labels.push(self.pictures);
        let label = labels.len() - 1;
        (Some(label), Route { labels: vec![label], map })
    }

    /// A product of the layer's weights and a value.
    fn product(&self, contraction: Contraction, value: ValueId) -> Result<Product, BadLayer> {
        let weights = self.weights.ok_or(BadNode::Shape)?;
        Ok(Product { contraction: Arc::new(contraction), operands: [weights, value] })
    }

    /// The public tensor that is a single one.
    fn one(&mut self) -> Result<ValueId, BadLayer> {
        if let Some(one) = self.one {
            return Ok(one);
        }
        let one = self.graph.public(Dims::vector(1)?, Bounds { low: 1, high: 1 }, Arc::new(Cells::U8(vec![1])))?;
        self.one = Some(one);
        Ok(one)
    }

    /// `clamp(z + ⌊(Σ products + b + D/2)/D⌋)`, `D` times `more`, with one bias a channel or one for all.
    fn requantised(&mut self, dims: Dims, products: Vec<Product>, biases: usize, more: u64, range: Range) -> Result<ValueId, BadLayer> {
        let divisor = self.divisor.checked_mul(more).filter(|d| *d <= MAX_DIVISOR).ok_or(BadNode::Divisor(u64::MAX))?;
        let mut terms = Vec::new();
        if let (Some(id), 1..) = (self.biases, biases) {
            let all = self.graph.get(id).dims;
            let same = |outputs: usize| AxisMap::repeated(1, 0, outputs);
            let mix = match biases {
                1 => AxisMap::repeated(all.channels, self.biases_taken, dims.channels),
                many => AxisMap::interval(all.channels, self.biases_taken..self.biases_taken + many),
            };
            self.biases_taken += biases;
            let term = Term { mix, vertical: same(dims.height), horizontal: same(dims.width) };
            terms.push((id, LinearMap::new(all, false, vec![term])));
        }
        let bias = i64::try_from(divisor / 2 + u64::from(range.zero) * divisor).map_err(|_| BadNode::Divisor(divisor))?;
        self.clamped(Part { region: Region::whole(dims), terms, products, bias, divisor, function: Function::Identity }, range)
    }
}

/// A map from an axis of one cell to several that each read it, or do not.
fn spread(reads: impl IntoIterator<Item = bool>, weight: i32) -> AxisMap {
    AxisMap::new(1, reads.into_iter().map(|reads| if reads { vec![Tap { input: 0, weight }] } else { Vec::new() }))
}
