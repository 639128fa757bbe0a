//! Layers whose bounds allow more quotients than one table holds: the same integers, in more nodes.

use zkimg_graph::graph::{Function, Results};
use zkimg_graph::step::MAX_TABLE;
use zkimg_graph::tensor::Dims;
use zkimg_network::layers::{Dense, Layer, Prelu, Range};
use zkimg_network::model::{Architecture, BadNetwork, Model, Placed, Weights};
use zkimg_network::quantise::Precision;

const D: i64 = 1 << 24;

fn dims(channels: usize) -> Dims {
    Dims::new(channels, 1, 1).expect("dims")
}

/// One cell times a weight each, and a bias, of at most so many bits.
fn dense(outputs: usize, weight_bits: u32, bias_bits: u32, range: Range) -> Architecture {
    let layer = Layer::Dense(Dense { inputs: 1, outputs, weight_bits, range });
    Architecture::new(dims(1), vec![Placed { layer, reads: vec![0] }], Precision::Bits24, bias_bits).expect("an architecture")
}

/// Quotients at every edge: of a byte, of clamps, of a table, of what the bounds allow; and their neighbours.
fn quotients(widest: i64) -> Vec<i64> {
    let edges = [0, 20, 77, 231, 255, 256, 511, 512, 1 << 16, 1 << 19, (1 << 20) + 300, widest - 1];
    let mut all: Vec<i64> = edges.iter().flat_map(|q| [q - 1, *q, q + 1]).flat_map(|q| [q, -q]).collect();
    all.retain(|q| (-widest..widest).contains(q));
    all
}

/// `v` with this quotient, near the lower or the upper end of its remainders, less what the layer adds.
fn sums(zero: u8, widest: i64) -> impl Iterator<Item = (i64, i64)> {
    let sum = move |q: i64, r: i64| (q, (q - i64::from(zero)) * D + r - D / 2);
    quotients(widest).into_iter().flat_map(move |q| [0, 1, D - 1].map(|r| sum(q, r)))
}

#[test]
fn every_clamp_is_that_of_the_quotient() {
    for range in [Range::all(0), Range::all(255), Range { zero: 77, low: 20, high: 231 }, Range { zero: 20, low: 20, high: 20 }] {
        for byte in [1u8, 255] {
            // A bias reaches 2^22 quotients, a weight 2^16·255.
            let sums: Vec<(i64, i64)> = sums(range.zero, (1 << 22) + 255 * (1 << 16) - 300).collect();
            let architecture = dense(sums.len(), 40, 46, range);
            let split = |sum: i64| {
                let weight = (sum / i64::from(byte)).clamp(-(1 << 40), (1 << 40) - 1);
                (weight, sum - weight * i64::from(byte))
            };
            let fits = |bias: &i64| (-(1i64 << 46)..1 << 46).contains(bias);
            let (cells, (weights, biases)): (Vec<i64>, (Vec<i64>, Vec<i64>)) = sums
                .iter()
                .map(|(q, sum)| (*q, split(*sum)))
                .map(|(q, (w, b))| if fits(&b) { (q, (w, b)) } else { (0, (0, -D / 2 - i64::from(range.zero) * D)) })
                .unzip();
            assert!(cells.iter().filter(|q| **q == 0).count() < cells.len() / 2, "most of them are as they were asked for");
            let model = Model::new(architecture, Weights::new(biases, vec![weights])).expect("a model");
            let answer = model.run(&[byte]).expect("a run").pop().expect("a layer");
            for (q, y) in cells.iter().zip(answer.iter()) {
                assert_eq!(i64::from(*y), (*q).clamp(range.low.into(), range.high.into()), "{range:?}, quotient {q}");
            }
        }
    }
}

#[test]
fn bounds_change_nodes_and_no_integer() {
    let weights: Vec<i64> = (0..600).map(|i: i64| (i * i * 7919 + i * 31) % (1 << 21) - (1 << 20)).collect();
    let biases: Vec<i64> = (0..600).map(|i: i64| (i * i * 104_729 + 5) % (1 << 35) - (1 << 34)).collect();
    let range = Range { zero: 77, low: 20, high: 231 };
    let run = |bits| {
        let model = Model::new(dense(600, bits, 36, range), Weights::new(biases.clone(), vec![weights.clone()])).expect("a model");
        (
            model.architecture().graph(false).expect("a graph").nodes().len(),
            model.run(&[201]).expect("a run").pop().expect("a layer").to_vec(),
        )
    };
    let ((one, narrow), (four, wide)) = (run(21), run(40));
    assert_eq!((one, four), (1, 4));
    assert_eq!(narrow, wide);
}

/// A dense layer of one input and output, whose quotients reach `255·2^bits/2^24 + 2^bias_bits/2^24 + 257` either way.
fn reaching(weight_bits: u32, bias_bits: u32) -> Result<Architecture, BadNetwork> {
    let layer = Layer::Dense(Dense { inputs: 1, outputs: 1, weight_bits, range: Range::all(0) });
    Architecture::new(dims(1), vec![Placed { layer, reads: vec![0] }], Precision::Bits24, bias_bits)
}

#[test]
fn layers_that_one_table_holds_have_one_node() {
    let of = |weight_bits, bias_bits| {
        let graph = reaching(weight_bits, bias_bits).expect("an architecture").graph(false).expect("a graph");
        let tables = graph.nodes().iter().flat_map(|node| &node.parts).filter_map(|part| match &part.function {
            Function::Table { values: Results::Bytes(values), .. } => Some(values.len()),
            Function::Table { values: Results::Words(values), .. } => Some(values.len()),
            Function::Identity => None,
        });
        (graph.nodes().len(), tables.max().expect("a table"))
    };
    // 255·2^10 + 2^18 + 257 and 255·2^10 + 2^19 + 257 quotients above zero, of which a table holds 2^19 − 1.
    assert_eq!(of(34, 42), (1, 2 * (255 * 1024 + (1 << 18) + 257) + 1));
    assert_eq!(of(34, 43), (4, 1 << (20 - 7)));
    // 255·2^19 + 1 + 257 takes 27 bits, of which the table of signs holds all but the lowest eight and one sign.
    assert_eq!(of(43, 24), (4, MAX_TABLE));
    assert_eq!(reaching(44, 24).err(), Some(BadNetwork::Table(255 * (1 << 20) + 1 + 257)));
    assert_eq!(reaching(43, 43).err(), Some(BadNetwork::Table(255 * (1 << 19) + (1 << 19) + 257)), "2^27 + 257");
}

#[test]
fn narrow_layers_beside_wide_ones_keep_their_table() {
    let dense = |weight_bits, reads| {
        let layer = Layer::Dense(Dense { inputs: 1, outputs: 1, weight_bits, range: Range::all(9) });
        Placed { layer, reads: vec![reads] }
    };
    let prelu = Layer::Prelu(Prelu { dims: dims(1), zero: 9, weight_bits: 25, range: Range::all(9) });
    let layers = vec![dense(25, 0), dense(40, 1), Placed { layer: prelu, reads: vec![2] }, dense(39, 3)];
    let architecture = Architecture::new(dims(1), layers, Precision::Bits24, 30).expect("an architecture");
    let graph = architecture.graph(false).expect("a graph");
    assert_eq!(graph.nodes().len(), 1 + 4 + 3 + 4);
    let part = |node: usize| graph.nodes()[node].parts[0].function.clone();
    let Function::Table { first, .. } = part(0) else { panic!("a table") };
    assert_eq!(first, -(2 * (2 * 255 + 1) + 64 + 257), "as far as the narrow ones reach");
    assert!(part(3).is(&part(10)) && part(4).is(&part(11)), "wide ones share both tables");
    assert!(!part(0).is(&part(4)));
    let weights = Weights::new(vec![-9 * D, 5 * D, 0, 0], vec![vec![D], vec![40 * D], vec![0, D, 0], vec![3 * D]]);
    let made = Model::new(architecture, weights).expect("a model").run(&[11]).expect("a run");
    let bytes: Vec<u8> = made.iter().map(|layer| layer[0]).collect();
    // 11 − 9 + 9; 40·11 + 5 + 9 is clamped; as it is, and its zero on top; 3·255 + 9 is clamped.
    assert_eq!(bytes, [11, 255, 255, 255]);
}
