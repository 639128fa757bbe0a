//! MobileNetV2 (Sandler et al., 2018) of any width and side, quantised as TensorFlow Lite's are, with weights drawn from a seed.
//!
//! No weights that were learnt: what a proof costs depends on shapes and on how activations lie, so each multiplier is derived from the
//! layer before it. Weights are uniform int8 with mean zero, so that `Σ w·x` has the variance `n·σ_w²·E[x²]`; the multiplier makes that
//! the square of the deviation wanted, and what follows has a known `E[x²]` again.

use zkimg_network::layers::{Add, Axis, Conv, Dense, Depthwise, Layer, Mean, Range, Window};
use zkimg_network::model::{Architecture, Model, Placed, Weights};
use zkimg_network::quantise::Precision;
use zkimg_pipeline::Dims;

/// Expansion, channels, blocks, stride of the first.
const BLOCKS: [(usize, usize, usize, usize); 7] =
    [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];
const CLASSES: usize = 1000;
/// Of int8 weights, uniform from −127 to 127.
const WEIGHT_DEVIATION: f64 = 73.6;
/// After a ReLU6 zero is 0; elsewhere it is 128.
const MIDDLE: u8 = 128;

/// What a layer's result is like: deviation before the clamp, where zero lies, `E[(x − zero)²]` after it.
#[derive(Clone, Copy)]
struct Kind {
    deviation: f64,
    zero: u8,
    square: f64,
}

/// Half of it is zero; 255 is six, at 3.2 deviations.
const RELU6: Kind = Kind { deviation: 80.0, zero: 0, square: 3200.0 };
/// The ends of a byte are at 3.2 deviations.
const LINEAR: Kind = Kind { deviation: 40.0, zero: MIDDLE, square: 1600.0 };

/// A network while it is made.
struct Net {
    state: u64,
    side: usize,
    channels: usize,
    /// Of the last value.
    zero: u8,
    square: f64,
    layers: Vec<Placed>,
    weights: Vec<Vec<i64>>,
    biases: Vec<i64>,
}

/// Whole numbers of eight channels, never less than nine tenths of what is asked for.
fn channels(width: f64, channels: usize) -> usize {
    let wanted = width * channels as f64;
    let rounded = ((wanted as usize + 4) / 8 * 8).max(8);
    if (rounded as f64) < 0.9 * wanted { rounded + 8 } else { rounded }
}

/// MobileNetV2 for pictures of 3 × `side` × `side`.
pub(crate) fn mobilenet_v2(width: f64, side: usize) -> Model {
    // A picture's bytes around their middle.
    let mut net =
        Net { state: 1, side, channels: 3, zero: MIDDLE, square: 60.0 * 60.0, layers: Vec::new(), weights: Vec::new(), biases: Vec::new() };
    net.conv(channels(width, 32), 3, 2, RELU6);
    for (expansion, outputs, blocks, stride) in BLOCKS {
        for i in 0..blocks {
            net.block(expansion, channels(width, outputs), if i == 0 { stride } else { 1 });
        }
    }
    net.conv(channels(width.max(1.0), 1280), 1, 1, RELU6);
    net.mean();
    net.dense(CLASSES, LINEAR);
    let bits = net.biases.iter().map(|bias| 64 - bias.unsigned_abs().leading_zeros()).max().unwrap_or(0);
    let input = Dims { channels: 3, height: side, width: side };
    let architecture = Architecture::new(input, net.layers, Precision::Bits24, bits).expect("an architecture");
    Model::new(architecture, Weights::new(net.biases, net.weights)).expect("a model")
}

impl Net {
    /// A step of a generator of Knuth's, and its upper bits.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.state >> 33
    }

    /// From −1 to 1.
    fn unit(&mut self) -> f64 {
        self.random() as f64 / f64::from(1u32 << 30) - 1.0
    }

    fn dims(&self) -> Dims {
        Dims { channels: self.channels, height: self.side, width: self.side }
    }

    /// Weights and biases of a layer with so many products an output; whether the biases take the input's zero. Gives the weights' bits.
    fn draw(&mut self, outputs: usize, taps: usize, zero_in_biases: bool, kind: Kind) -> u32 {
        let scale = kind.deviation / (WEIGHT_DEVIATION * (taps as f64 * self.square).sqrt());
        let mut weights = Vec::with_capacity(outputs * taps);
        for _ in 0..outputs {
            // Each channel has a scale of its own.
            let multiplier = Precision::Bits24.multiplier(scale * (1.0 + 0.4 * self.unit())).expect("a scale");
            let mut sum = 0;
            for _ in 0..taps {
                let weight = multiplier.factor * ((self.random() % 255).cast_signed() - 127);
                weights.push(weight);
                sum += weight;
            }
            let bias = (0.25 * kind.deviation * self.unit() * Precision::Bits24.divisor() as f64) as i64;
            self.biases.push(bias + multiplier.first_half - if zero_in_biases { i64::from(self.zero) * sum } else { 0 });
        }
        let bits = weights.iter().map(|weight| 64 - weight.unsigned_abs().leading_zeros()).max().unwrap_or(0);
        self.weights.push(weights);
        bits
    }

    fn place(&mut self, layer: Layer, reads: Vec<usize>, kind: Kind) {
        let output = layer.output().expect("a layer");
        self.layers.push(Placed { layer, reads });
        (self.channels, self.side, self.zero, self.square) = (output.channels, output.height, kind.zero, kind.square);
    }

    fn last(&self) -> Vec<usize> {
        vec![self.layers.len()]
    }

    fn window(&self, kernel: usize, stride: usize) -> Window {
        let axis = Axis::same(self.side, kernel, stride);
        Window { y: axis, x: axis }
    }

    fn conv(&mut self, outputs: usize, kernel: usize, stride: usize, kind: Kind) {
        let (window, zero, inputs) = (self.window(kernel, stride), self.zero, self.channels);
        let weight_bits = self.draw(outputs, kernel * kernel * inputs, kernel == 1, kind);
        let conv = Conv { inputs, outputs, window, zero, weight_bits, range: Range::all(kind.zero) };
        self.place(Layer::Conv(conv), self.last(), kind);
    }

    fn depthwise(&mut self, stride: usize) {
        let (window, zero, channels) = (self.window(3, stride), self.zero, self.channels);
        let weight_bits = self.draw(channels, 9, zero == 0, RELU6);
        let depthwise = Depthwise { channels, window, zero, weight_bits, range: Range::all(RELU6.zero) };
        self.place(Layer::Depthwise(depthwise), self.last(), RELU6);
    }

    /// An inverted residual: wider, each channel by itself, narrower, and around all of it what went in if it has that shape.
    fn block(&mut self, expansion: usize, outputs: usize, stride: usize) {
        let (before, dims) = (self.layers.len(), self.dims());
        if expansion > 1 {
            self.conv(self.channels * expansion, 1, 1, RELU6);
        }
        self.depthwise(stride);
        self.conv(outputs, 1, 1, LINEAR);
        if self.dims() == dims {
            // Two values of one variance that have nothing to do with each other have twice that.
            let factor = Precision::Bits24.multiplier(0.5f64.sqrt()).expect("a scale").factor;
            self.biases.push(-2 * factor * i64::from(MIDDLE));
            self.weights.push(vec![factor; 2]);
            let add = Add { dims, weight_bits: 24, range: Range::all(MIDDLE) };
            self.place(Layer::Add(add), vec![before, self.layers.len()], LINEAR);
        }
    }

    fn mean(&mut self) {
        let one = 1i64 << Precision::Bits24.bits();
        self.biases.push(0);
        self.weights.push(vec![one]);
        let mean = Mean { dims: self.dims(), weight_bits: Precision::Bits24.bits() + 1, range: Range::all(0) };
        // The mean of half a bell, squared, and little around it.
        let kind = Kind { square: RELU6.deviation.powi(2) / std::f64::consts::TAU, ..RELU6 };
        self.place(Layer::Mean(mean), self.last(), kind);
    }

    fn dense(&mut self, outputs: usize, kind: Kind) {
        let inputs = self.channels;
        let weight_bits = self.draw(outputs, inputs, true, kind);
        let dense = Dense { inputs, outputs, weight_bits, range: Range::all(kind.zero) };
        self.place(Layer::Dense(dense), self.last(), kind);
    }
}
