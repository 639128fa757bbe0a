//! Architectures as bytes: the same again, and nothing else; hostile ones cost little.

use proptest::prelude::*;
use std::time::{Duration, Instant};
use zkimg_graph::tensor::Dims;
use zkimg_network::import::tflite;
use zkimg_network::layers::{Add, AveragePool, Axis, Conv, Dense, Depthwise, Layer, Mean, Prelu, Range, Rescale, Window};
use zkimg_network::model::{Architecture, BadNetwork, Placed};
use zkimg_network::quantise::Precision;

const RANGE: Range = Range { zero: 13, low: 0, high: 250 };

/// One layer of each kind.
fn every_layer() -> Architecture {
    let dims = |channels, height, width| Dims { channels, height, width };
    let window = |stride| Window { y: Axis::same(6, 3, stride), x: Axis::same(8, 3, stride) };
    let pool = Window { y: Axis::valid(6, 2, 2), x: Axis::valid(8, 2, 2) };
    let layers = [
        (Layer::Conv(Conv { inputs: 3, outputs: 5, window: window(1), zero: 9, weight_bits: 16, range: RANGE }), vec![0]),
        (Layer::Depthwise(Depthwise { channels: 5, window: window(1), zero: 3, weight_bits: 17, range: RANGE }), vec![1]),
        (Layer::Add(Add { dims: dims(5, 6, 8), weight_bits: 21, range: RANGE }), vec![1, 2]),
        (Layer::Rescale(Rescale { dims: dims(5, 6, 8), weight_bits: 22, range: Range::all(4) }), vec![3]),
        (Layer::Prelu(Prelu { dims: dims(5, 6, 8), zero: 4, weight_bits: 20, range: RANGE }), vec![4]),
        (Layer::AveragePool(AveragePool { channels: 5, window: pool }), vec![5]),
        (Layer::Mean(Mean { dims: dims(5, 3, 4), weight_bits: 23, range: RANGE }), vec![6]),
        (Layer::Dense(Dense { inputs: 5, outputs: 4, weight_bits: 15, range: RANGE }), vec![7]),
    ];
    let layers = layers.into_iter().map(|(layer, reads)| Placed { layer, reads }).collect();
    Architecture::new(dims(3, 6, 8), layers, Precision::Bits32, 40).expect("an architecture")
}

fn person_detect() -> Architecture {
    let file = include_bytes!("../../samples/person_detect/person_detect.tflite");
    tflite(file, Precision::Bits24).expect("a model").architecture().clone()
}

#[test]
fn every_layer_is_read_as_it_was_written() {
    for architecture in [every_layer(), person_detect()] {
        let bytes = architecture.to_bytes();
        let read = Architecture::from_bytes(&bytes).expect("read");
        assert_eq!(read, architecture);
        for n in 0..bytes.len() {
            assert!(Architecture::from_bytes(&bytes[..n]).is_err(), "cut to {n}");
        }
        assert!(Architecture::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
    }
}

#[test]
fn every_byte_means_something() {
    let bytes = every_layer().to_bytes();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut other = bytes.clone();
            other[at] ^= 1 << bit;
            if let Ok(read) = Architecture::from_bytes(&other) {
                assert_eq!(read.to_bytes(), other, "one encoding");
                let graphs = read.graph(true).map(|graph| (graph.work(), read != every_layer()));
                assert!(graphs.is_err() || graphs.is_ok_and(|(_, differs)| differs), "byte {at}, bit {bit}");
            }
        }
    }
}

#[test]
fn a_short_description_of_long_windows_is_refused_before_it_is_laid_out() {
    let start = Instant::now();
    let side = 4096;
    let window = Window { y: Axis { input: side, kernel: 256, stride: 1, before: 255, output: side }, x: Axis::valid(1, 1, 1) };
    let layer = Layer::Depthwise(Depthwise { channels: 1, window, zero: 0, weight_bits: 1, range: RANGE });
    let layers = (0..500).map(|i| Placed { layer: layer.clone(), reads: vec![i] }).collect();
    let dims = Dims { channels: 1, height: side, width: 1 };
    assert!(matches!(Architecture::new(dims, layers, Precision::Bits24, 20), Err(BadNetwork::Places(_))));
    // So many tables of the greatest length.
    let layer = |i: u8| Layer::Rescale(Rescale { dims, weight_bits: 32, range: Range { zero: 0, low: i, high: 255 } });
    let layers = (0..200u8).map(|i| Placed { layer: layer(i), reads: vec![i.into()] }).collect();
    assert!(matches!(Architecture::new(dims, layers, Precision::Bits24, 20), Err(BadNetwork::Tables(_))));
    assert!(start.elapsed() < Duration::from_secs(2));
}

proptest! {
    #[test]
    fn changed_bytes_are_read_or_refused(changes in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..8)) {
        let mut bytes = every_layer().to_bytes();
        for (at, to) in changes {
            let at = usize::from(at) % bytes.len();
            bytes[at] = to;
        }
        if let Ok(read) = Architecture::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
            let _ = read.graph(true);
        }
    }
}
