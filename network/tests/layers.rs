//! Each layer against its definition, in plain loops over small tensors.

use zkimg_graph::tensor::Dims;
use zkimg_network::layers::{Add, AveragePool, Axis, Conv, Dense, Depthwise, Layer, Mean, Prelu, Range, Rescale, Window};
use zkimg_network::model::{Architecture, BadNetwork, Model, Placed, Weights};
use zkimg_network::quantise::Precision;

const BITS: u32 = 20;
const RANGE: Range = Range { zero: 77, low: 20, high: 231 };

fn numbers(n: usize, seed: u64, bits: u32) -> Vec<i64> {
    let next = |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    std::iter::successors(Some(seed), next).skip(1).take(n).map(|state| state.cast_signed() >> (63 - bits)).collect()
}

fn bytes(n: usize, seed: u64) -> Vec<u8> {
    numbers(n, seed, 7).into_iter().map(|v| (v + 128) as u8).collect()
}

/// `clamp(z + round(sum/2^24))`.
fn ended(sum: i64) -> u8 {
    let quotient = (sum + (1 << 23)).div_euclid(1 << 24) + i64::from(RANGE.zero);
    quotient.clamp(RANGE.low.into(), RANGE.high.into()) as u8
}

fn dims(c: usize, h: usize, w: usize) -> Dims {
    Dims::new(c, h, w).expect("dims")
}

fn run(input: Dims, layers: Vec<(Layer, Vec<usize>)>, biases: Vec<i64>, weights: Vec<Vec<i64>>, picture: &[u8]) -> Vec<u8> {
    let layers = layers.into_iter().map(|(layer, reads)| Placed { layer, reads }).collect();
    let architecture = Architecture::new(input, layers, Precision::Bits24, 34).expect("an architecture");
    let model = Model::new(architecture, Weights::new(biases, weights)).expect("a model");
    model.run(picture).expect("a run").pop().expect("a layer").to_vec()
}

/// Every window of several kinds, with and without a border.
fn windows(height: usize, width: usize) -> Vec<Window> {
    let kinds: [fn(usize, usize, usize) -> Axis; 2] = [Axis::same, Axis::valid];
    let sizes = [(1, 1, 1), (3, 3, 1), (3, 3, 2), (5, 1, 1), (4, 3, 3)];
    let window =
        |kind: fn(usize, usize, usize) -> Axis, (ky, kx, stride)| Window { y: kind(height, ky, stride), x: kind(width, kx, stride) };
    kinds.into_iter().flat_map(|kind| sizes.map(|size| window(kind, size))).collect()
}

fn stands_out(axis: &Axis) -> bool {
    axis.before > 0 || axis.stride * (axis.output - 1) + axis.kernel > axis.input
}

/// `Σ w[place]·(x − z)` over the window at `(oy, ox)` of one channel, what lies outside counting nothing.
fn windowed(window: &Window, zero: u8, plane: &[u8], (oy, ox): (usize, usize), weight: impl Fn(usize, usize) -> i64) -> i64 {
    let mut sum = 0;
    for ky in 0..window.y.kernel {
        for kx in 0..window.x.kernel {
            let y = (oy * window.y.stride + ky).checked_sub(window.y.before).filter(|y| *y < window.y.input);
            let x = (ox * window.x.stride + kx).checked_sub(window.x.before).filter(|x| *x < window.x.input);
            if let (Some(y), Some(x)) = (y, x) {
                sum += weight(ky, kx) * (i64::from(plane[y * window.x.input + x]) - i64::from(zero));
            }
        }
    }
    sum
}

/// What the zero point takes from every output is in the biases, unless there is a border.
fn hidden_bias(bias: i64, zero: u8, window: &Window, weights: &[i64]) -> i64 {
    let border = stands_out(&window.y) || stands_out(&window.x);
    if border { bias } else { bias - i64::from(zero) * weights.iter().sum::<i64>() }
}

#[test]
fn convolutions() {
    let (inputs, outputs, height, width) = (3, 4, 7, 6);
    let picture = bytes(inputs * height * width, 5);
    for window in windows(height, width) {
        for zero in [0, 13] {
            let taps = window.cells() * inputs;
            let (weights, biases) = (numbers(outputs * taps, 7, BITS), numbers(outputs, 9, 30));
            let hidden = (0..outputs).map(|o| hidden_bias(biases[o], zero, &window, &weights[o * taps..(o + 1) * taps])).collect();
            let layer = Conv { inputs, outputs, window, zero, weight_bits: BITS, range: RANGE };
            let result = run(dims(inputs, height, width), vec![(Layer::Conv(layer), vec![0])], hidden, vec![weights.clone()], &picture);
            for (i, cell) in result.iter().enumerate() {
                let (o, at) = (i / (window.y.output * window.x.output), (i / window.x.output % window.y.output, i % window.x.output));
                let channel = |c: usize| {
                    let weight = |ky, kx| weights[o * taps + (ky * window.x.kernel + kx) * inputs + c];
                    windowed(&window, zero, &picture[c * height * width..(c + 1) * height * width], at, weight)
                };
                assert_eq!(*cell, ended(biases[o] + (0..inputs).map(channel).sum::<i64>()), "{window:?}, zero {zero}, cell {i}");
            }
        }
    }
}

#[test]
fn depthwise_convolutions() {
    let (channels, height, width) = (5, 7, 6);
    let picture = bytes(channels * height * width, 3);
    for window in windows(height, width) {
        for zero in [0, 200] {
            let taps = window.cells();
            let (weights, biases) = (numbers(channels * taps, 17, BITS), numbers(channels, 19, 30));
            let hidden = (0..channels).map(|c| hidden_bias(biases[c], zero, &window, &weights[c * taps..(c + 1) * taps])).collect();
            let layer = Depthwise { channels, window, zero, weight_bits: BITS, range: RANGE };
            let result =
                run(dims(channels, height, width), vec![(Layer::Depthwise(layer), vec![0])], hidden, vec![weights.clone()], &picture);
            for (i, cell) in result.iter().enumerate() {
                let (c, at) = (i / (window.y.output * window.x.output), (i / window.x.output % window.y.output, i % window.x.output));
                let weight = |ky, kx| weights[c * taps + ky * window.x.kernel + kx];
                let sum = windowed(&window, zero, &picture[c * height * width..(c + 1) * height * width], at, weight);
                assert_eq!(*cell, ended(biases[c] + sum), "{window:?}, zero {zero}, cell {i}");
            }
        }
    }
}

#[test]
fn dense_layers() {
    let (inputs, outputs) = (50, 7);
    let (picture, weights, biases) = (bytes(inputs, 1), numbers(inputs * outputs, 2, BITS), numbers(outputs, 3, 30));
    let layer = Dense { inputs, outputs, weight_bits: BITS, range: RANGE };
    let result = run(dims(inputs, 1, 1), vec![(Layer::Dense(layer), vec![0])], biases.clone(), vec![weights.clone()], &picture);
    for (o, cell) in result.iter().enumerate() {
        let sum: i64 = (0..inputs).map(|i| weights[o * inputs + i] * i64::from(picture[i])).sum();
        assert_eq!(*cell, ended(biases[o] + sum));
    }
}

#[test]
fn sums_changes_of_scale_and_means() {
    let d = dims(3, 5, 4);
    let picture = bytes(60, 11);
    let (multipliers, biases) = (vec![9_000_000, -5_000_000, 12_345_678], vec![1 << 26, -(1 << 28), 1 << 30]);
    let scale = Layer::Rescale(Rescale { dims: d, weight_bits: 24, range: RANGE });
    let sum = Layer::Add(Add { dims: d, weight_bits: 24, range: RANGE });
    let mean = Layer::Mean(Mean { dims: d, weight_bits: 24, range: RANGE });
    let layers = vec![(scale, vec![0]), (sum, vec![0, 1]), (mean, vec![2])];
    let weights = vec![vec![multipliers[2]], multipliers[..2].to_vec(), vec![multipliers[2]]];
    let result = run(d, layers, biases.clone(), weights, &picture);
    let scaled: Vec<u8> = picture.iter().map(|x| ended(multipliers[2] * i64::from(*x) + biases[0])).collect();
    let added = |(a, b): (&u8, &u8)| ended(multipliers[0] * i64::from(*a) + multipliers[1] * i64::from(*b) + biases[1]);
    let added: Vec<u8> = picture.iter().zip(&scaled).map(added).collect();
    for (c, cell) in result.iter().enumerate() {
        let sum: i64 = added[20 * c..20 * (c + 1)].iter().map(|x| i64::from(*x)).sum();
        let divisor = 20 << 24;
        let quotient = (multipliers[2] * sum + biases[2] + divisor / 2).div_euclid(divisor) + i64::from(RANGE.zero);
        assert_eq!(i64::from(*cell), quotient.clamp(RANGE.low.into(), RANGE.high.into()));
    }
}

#[test]
fn slopes_below_zero() {
    let d = dims(4, 3, 5);
    let (mut picture, slopes, above, zero) = (bytes(60, 21), numbers(4, 23, 23), 1 << 23, 120u8);
    picture[7] = zero;
    // What is more above zero, and what is there anyway.
    let (more, biases) = (numbers(4, 25, 23), numbers(4, 27, 23));
    let weights = (0..4).flat_map(|c| [above - slopes[c], slopes[c], more[c]]).collect();
    let hidden = (0..4).map(|c| biases[c] - slopes[c] * i64::from(zero)).collect();
    let layer = Prelu { dims: d, zero, weight_bits: 24, range: RANGE };
    let result = run(d, vec![(Layer::Prelu(layer), vec![0])], hidden, vec![weights], &picture);
    for (i, cell) in result.iter().enumerate() {
        let (x, c) = (i64::from(picture[i]) - i64::from(zero), i / 15);
        let more = if x > 0 { more[c] } else { 0 };
        assert_eq!(*cell, ended(above * x.max(0) + slopes[c] * x.min(0) + more + biases[c]));
    }
}

#[test]
fn average_pools() {
    let (channels, height, width) = (2, 6, 7);
    let picture = bytes(channels * height * width, 31);
    for (kernel, stride) in [(2, 2), (3, 1), (6, 1)] {
        let window = Window { y: Axis::valid(height, kernel, stride), x: Axis::valid(width, kernel, stride) };
        let layer = AveragePool { channels, window };
        let result = run(dims(channels, height, width), vec![(Layer::AveragePool(layer), vec![0])], vec![], vec![], &picture);
        for (i, cell) in result.iter().enumerate() {
            let (c, oy, ox) = (i / (window.y.output * window.x.output), i / window.x.output % window.y.output, i % window.x.output);
            let cells = (0..kernel * kernel).map(|k| picture[(c * height + oy * stride + k / kernel) * width + ox * stride + k % kernel]);
            let n = kernel * kernel;
            assert_eq!(usize::from(*cell), (cells.map(usize::from).sum::<usize>() * 2 + n) / (2 * n));
        }
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let new = |layers: Vec<(Layer, Vec<usize>)>, bits| {
        let layers = layers.into_iter().map(|(layer, reads)| Placed { layer, reads }).collect();
        Architecture::new(dims(50, 1, 1), layers, Precision::Bits24, bits)
    };
    let dense = |weight_bits| Layer::Dense(Dense { inputs: 50, outputs: 7, weight_bits, range: RANGE });
    assert!(new(vec![(dense(20), vec![0])], 34).is_ok());
    assert_eq!(new(vec![], 34), Err(BadNetwork::Layers(0)));
    assert_eq!(new(vec![(dense(20), vec![1])], 34), Err(BadNetwork::Order(1)), "reads itself");
    assert_eq!(new(vec![(dense(20), vec![0]), (dense(20), vec![1])], 34), Err(BadNetwork::Order(2)), "reads seven cells");
    assert!(matches!(new(vec![(dense(63), vec![0])], 34), Err(BadNetwork::Bits { .. })));
    assert!(matches!(new(vec![(dense(40), vec![0])], 34), Err(BadNetwork::Table(_))));
    let architecture = new(vec![(dense(20), vec![0])], 34).expect("an architecture");
    let model = |biases: Vec<i64>, weights: Vec<i64>| Model::new(architecture.clone(), Weights::new(biases, vec![weights]));
    assert!(model(vec![0; 7], vec![0; 350]).is_ok());
    assert!(model(vec![0; 6], vec![0; 350]).is_err() && model(vec![0; 7], vec![0; 349]).is_err());
    assert!(model(vec![0; 7], vec![1 << 20; 350]).is_err() && model(vec![1 << 34; 7], vec![0; 350]).is_err());
    let secret = model(vec![4711; 7], vec![4711; 350]).expect("a model");
    assert!(!format!("{secret:?}").contains("4711"), "a model shows no weight");
    let axis = |kernel, stride| Axis { kernel, stride, ..Axis::valid(50, 3, 1) };
    for window in [axis(0, 1), axis(3, 0), axis(usize::MAX, 1), axis(3, usize::MAX), Axis { output: 99, ..axis(3, 1) }] {
        let window = Window { y: window, x: Axis::valid(1, 1, 1) };
        let layer = Layer::Depthwise(Depthwise { channels: 1, window, zero: 0, weight_bits: 4, range: RANGE });
        let network = Architecture::new(dims(1, 50, 1), vec![Placed { layer, reads: vec![0] }], Precision::Bits24, 30);
        assert!(matches!(network, Err(BadNetwork::Layer { number: 1, .. })), "{network:?}");
    }
}
