//! Several pictures, one below the other in one value: the network makes of each what it makes of it alone.

use zkimg_graph::graph::{Graph, Kind};
use zkimg_graph::tensor::{Bounds, Cells, CellsRef, Dims};
use zkimg_network::layers::{Add, AveragePool, Axis, Conv, Dense, Depthwise, Layer, Mean, Prelu, Range, Rescale, Window};
use zkimg_network::model::{Architecture, BadNetwork, Model, Placed, Weights};
use zkimg_network::quantise::Precision;

const INPUT: Dims = Dims { channels: 2, height: 7, width: 6 };
const RANGE: Range = Range { zero: 77, low: 20, high: 231 };

/// How many layers there are.
const LAYERS: usize = 8;

/// The first of as many layers as there are kinds: with borders, without, with strides; the last one with quotients that one table does not hold.
fn network(first: usize) -> Model {
    let dims = |channels, height, width| Dims { channels, height, width };
    let (down, across) = (Axis::same(7, 3, 2), Axis::same(6, 3, 1));
    let pooled = Window { y: Axis::valid(4, 3, 1), x: Axis::valid(6, 2, 2) };
    let layers = [
        Layer::Conv(Conv { inputs: 2, outputs: 3, window: Window { y: down, x: across }, zero: 13, weight_bits: 22, range: RANGE }),
        Layer::Depthwise(Depthwise {
            channels: 3,
            window: Window { y: Axis::same(4, 3, 1), x: across },
            zero: 77,
            weight_bits: 22,
            range: RANGE,
        }),
        Layer::Prelu(Prelu { dims: dims(3, 4, 6), zero: 77, weight_bits: 24, range: RANGE }),
        Layer::Rescale(Rescale { dims: dims(3, 4, 6), weight_bits: 24, range: RANGE }),
        Layer::Add(Add { dims: dims(3, 4, 6), weight_bits: 24, range: RANGE }),
        Layer::AveragePool(AveragePool { channels: 3, window: pooled }),
        Layer::Mean(Mean { dims: dims(3, 2, 3), weight_bits: 24, range: RANGE }),
        Layer::Dense(Dense { inputs: 3, outputs: 5, weight_bits: 36, range: RANGE }),
    ];
    let reads = [vec![0], vec![1], vec![2], vec![3], vec![4, 2], vec![5], vec![6], vec![7]];
    let layers = layers.into_iter().zip(reads).take(first).map(|(layer, reads)| Placed { layer, reads }).collect();
    let architecture = Architecture::new(INPUT, layers, Precision::Bits24, 34).expect("an architecture");
    let numbers = |n: usize, bits: u32| -> Vec<i64> {
        let next = |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
        std::iter::successors(Some(n as u64), next).skip(1).take(n).map(|state| state.cast_signed() >> (63 - bits)).collect()
    };
    let weights = |(cells, bits): (usize, u32)| if cells < 3 { vec![8_000_000; cells] } else { numbers(cells, bits.min(24)) };
    let weights = architecture.weights().iter().map(|shape| weights((shape.dims.cells(), shape.bits))).collect();
    let biases = numbers(architecture.biases(), 29);
    Model::new(architecture, Weights::new(biases, weights)).expect("a model")
}

fn pictures(n: usize) -> Vec<Vec<u8>> {
    let cell = |picture: usize, i: usize| (i * i * 7 / (picture + 1) + i * (picture + 3) * 29) as u8 / (picture + 1) as u8;
    (0..n).map(|picture| (0..INPUT.cells()).map(|i| cell(picture, i)).collect()).collect()
}

/// The value whose cells are those of values of this shape, one below the other.
fn stacked(dims: Dims, each: &[Vec<u8>]) -> Vec<u8> {
    let plane = dims.height * dims.width;
    (0..dims.channels).flat_map(|c| each.iter().flat_map(move |cells| cells[c * plane..(c + 1) * plane].to_vec())).collect()
}

#[test]
fn each_picture_is_read_as_if_it_were_alone() {
    for (layers, n) in (1..=LAYERS).flat_map(|layers| [1, 2, 5].map(|n| (layers, n))) {
        let (network, pictures) = (network(layers), pictures(n));
        let architecture = network.architecture();
        let mut graph = Graph::new();
        let input = graph.input(Kind::Picture, Dims { height: n * INPUT.height, ..INPUT }, Bounds::BYTE, false).expect("an input");
        let last = architecture.read(&mut graph, (n, input), false).expect("read");
        assert_eq!(graph.get(last).dims, Dims { height: n * architecture.output().height, ..architecture.output() });
        assert_eq!(graph.inputs().count(), 1 + architecture.secrets().count(), "the model's inputs stand there once");
        let (all, secrets) = (stacked(INPUT, &pictures), network.secrets());
        let inputs: Vec<CellsRef<'_>> = std::iter::once(CellsRef::U8(&all)).chain(secrets.iter().map(Cells::view)).collect();
        let made = graph.evaluate(&inputs).pop().expect("a value").view().widened();
        let alone: Vec<Vec<u8>> =
            pictures.iter().map(|picture| network.run(picture).expect("a run").pop().expect("a layer").to_vec()).collect();
        assert!(n < 5 || alone.iter().any(|made| *made != alone[0]), "{layers} layers");
        let expected: Vec<i64> = stacked(architecture.output(), &alone).into_iter().map(i64::from).collect();
        assert_eq!(made, expected, "{layers} layers, {n} pictures");
    }
}

#[test]
fn one_picture_makes_the_graph_of_the_network() {
    let mut graph = Graph::new();
    let input = graph.input(Kind::Picture, INPUT, Bounds::BYTE, false).expect("an input");
    let network = network(LAYERS);
    network.architecture().read(&mut graph, (1, input), true).expect("read");
    assert_eq!(graph, network.architecture().graph(true).expect("a graph"));
}

#[test]
fn pictures_of_another_shape_or_number_are_refused() {
    for (n, height) in [(2, 7), (2, 15), (1, 14), (0, 7)] {
        let mut graph = Graph::new();
        let input = graph.input(Kind::Picture, Dims { height, ..INPUT }, Bounds::BYTE, false).expect("an input");
        let read = network(1).architecture().read(&mut graph, (n, input), false);
        assert!(matches!(read, Err(BadNetwork::Input(..))), "{n} of {height} lines");
    }
}

/// What is bounded is what all pictures take together.
#[test]
fn more_pictures_than_a_network_is_bounded_for_are_refused_in_a_sentence() {
    let window = Window { y: Axis::same(4096, 255, 1), x: Axis::same(1, 1, 1) };
    let dims = Dims { channels: 1, height: 4096, width: 1 };
    let layer = Layer::Conv(Conv { inputs: 1, outputs: 1, window, zero: 0, weight_bits: 8, range: RANGE });
    let large = Architecture::new(dims, vec![Placed { layer, reads: vec![0] }], Precision::Bits24, 20).expect("an architecture");
    large.bounded(1).expect("one");
    let refused = large.bounded(9).expect_err("nine");
    assert_eq!(refused, BadNetwork::Pictures { found: 9, most: 1 });
    assert_eq!(refused.to_string(), "the network is too large to read 9 pictures at once; give it no more than 1");
    let mut graph = Graph::new();
    let input = graph.input(Kind::Picture, Dims { height: 2 * 4096, ..dims }, Bounds::BYTE, false).expect("an input");
    assert_eq!(large.read(&mut graph, (2, input), false), Err(BadNetwork::Pictures { found: 2, most: 1 }));
}
