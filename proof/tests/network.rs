//! A small network of more channels than a picture has: proved, and forged where its layers are unlike other graphs.

use crate::support::forger::Forger;
use crate::support::forger::dense::padding;
use crate::support::graphs::judge;
use crate::support::graphs::{Numbers, dims};
use std::cell::Cell;
use std::rc::Rc;
use zkimg_graph::graph::{Graph, Kind, Output};
use zkimg_graph::tensor::{Bounds, Cells};
use zkimg_group::field::{F, from_i64};
use zkimg_network::layers::{Axis, Conv, Depthwise, Layer, Mean, Range, Window};
use zkimg_network::model::{Architecture, Model, Placed, Weights};
use zkimg_network::quantise::Precision;
use zkimg_proof::channel::Turn;
use zkimg_proof::verify::Reject;

const RANGE: Range = Range { zero: 13, low: 0, high: 250 };

fn numbers(n: usize, seed: i64, most: i64) -> Vec<i64> {
    (0i64..).take(n).map(|i| (i * i * 31 + i * seed + 5) * 7919 % (2 * most) - most).collect()
}

/// A convolution from 2 to 6 channels whose border counts, with a zero that is none; one of each channel by itself, every second place;
/// the mean. And a picture.
fn network(checked: bool) -> (Model, Numbers) {
    let window = |stride| Window { y: Axis::same(4, 3, stride), x: Axis::same(5, 3, stride) };
    let conv = Conv { inputs: 2, outputs: 6, window: window(1), zero: 9, weight_bits: 18, range: RANGE };
    let depthwise = Depthwise { channels: 6, window: window(2), zero: RANGE.zero, weight_bits: 20, range: RANGE };
    let mean = Mean { dims: dims(6, 2, 3), weight_bits: 24, range: RANGE };
    let layers = [Layer::Conv(conv), Layer::Depthwise(depthwise), Layer::Mean(mean)];
    let layers = layers.into_iter().enumerate().map(|(i, layer)| Placed { layer, reads: vec![i] }).collect();
    let architecture = Architecture::new(dims(2, 4, 5), layers, Precision::Bits24, 30).expect("an architecture");
    let weights = vec![numbers(6 * 18, 3, 1 << 18), numbers(6 * 9, 5, 1 << 20), vec![1 << 23]];
    let model = Model::new(architecture, Weights::new(numbers(13, 7, 1 << 29), weights)).expect("a model");
    let graph = model.architecture().graph(checked).expect("a graph");
    let picture = Cells::U8((0..40u32).map(|i| (i * i * 13 + i * 5) as u8).collect());
    let inputs = std::iter::once(picture).chain(model.secrets()).collect();
    (model, Numbers { graph, inputs })
}

#[test]
fn what_the_interpreter_says_is_proved() {
    for checked in [false, true] {
        let (model, numbers) = network(checked);
        let (relation, rows, proved) = numbers.prove(Output::Revealed);
        judge(&relation, &rows, &proved.output, &proved.proof).expect("accepted");
        let Cells::U8(picture) = &numbers.inputs[0] else { panic!("bytes") };
        let answer = model.run(picture).expect("a run").pop().expect("an answer");
        assert_eq!(proved.output.view().widened(), answer.iter().map(|byte| i64::from(*byte)).collect::<Vec<_>>());
        let mut other = proved.output.view().widened();
        other[5] ^= 1;
        let other = Cells::U8(other.into_iter().map(|v| v as u8).collect());
        assert!(judge(&relation, &rows, &other, &proved.proof).is_err(), "another answer");
    }
}

/// Two pictures, one below the other, each read by the network of [`network`]; the second is drawn otherwise.
fn two() -> (Model, Numbers) {
    let (model, Numbers { mut inputs, .. }) = network(false);
    let mut graph = Graph::new();
    let pictures = [dims(2, 4, 5); 2].map(|dims| graph.input(Kind::Picture, dims, Bounds::BYTE, false).expect("an input"));
    let all = graph.stacked(&pictures.map(|picture| (picture, &[][..]))).expect("stacked");
    model.architecture().read(&mut graph, (2, all), false).expect("read");
    inputs.insert(1, Cells::U8((0..40u32).map(|i| (i * i * 7 + i * 91) as u8).collect()));
    (model, Numbers { graph, inputs })
}

#[test]
fn what_is_said_of_two_pictures_is_proved_at_once_and_a_lie_about_one_is_refused() {
    let (model, numbers) = two();
    let (relation, rows, proved) = numbers.prove(Output::Revealed);
    judge(&relation, &rows, &proved.output, &proved.proof).expect("accepted");
    let alone = |i: usize| {
        let Cells::U8(picture) = &numbers.inputs[i] else { panic!("bytes") };
        model.run(picture).expect("a run")
    };
    let [one, two] = [alone(0), alone(1)];
    let both = one[2].iter().zip(two[2].iter()).flat_map(|(a, b)| [*a, *b]).map(i64::from);
    let both: Vec<i64> = both.collect();
    assert_eq!(proved.output.view().widened(), both);
    // Of one picture alone: what is shown, what the layers make, and what they read.
    for at in 0..both.len() {
        let mut forger = self::two().1.forger(Output::Revealed);
        forger.output[at] ^= 1;
        forger.count();
        assert_eq!(forger.judge().err(), Some(Reject::Equations), "output {at}");
    }
    for (shape, cell) in
        [((2, 8, 5), 19), ((2, 8, 5), 20), ((6, 8, 5), 0), ((6, 8, 5), 19), ((6, 8, 5), 20), ((6, 4, 3), 5), ((6, 4, 3), 6)]
    {
        is_refused_off_by_one(self::two().1.forger(Output::Revealed), shape, cell);
    }
}

#[test]
fn junk_between_the_cells_of_two_pictures_changes_nothing() {
    let mut forger = two().1.forger(Output::Revealed);
    with_junk(&mut forger);
    assert_eq!(forger.count(), 0);
    forger.judge().expect("accepted");
}

/// That a proof is refused in which one cell of a layer is one more than it should be.
fn is_refused_off_by_one(mut forger: Forger, shape: (usize, usize, usize), cell: usize) {
    let tensor = tensor(&forger, shape.0, shape.1, shape.2);
    let at = forger.at(tensor, cell);
    forger.tensors[tensor][at] += from_i64(1);
    forger.count();
    assert_eq!(forger.judge().err(), Some(Reject::Equations), "{shape:?}, {cell}");
}

/// The tensor of the values that a layer makes, by its shape; excesses and limbs of the same shape come after it.
fn tensor(forger: &Forger, channels: usize, height: usize, width: usize) -> usize {
    let is = |t: &usize| forger.relation.tensors[*t].dims == dims(channels, height, width);
    (forger.relation.inputs..forger.relation.tensors.len()).find(is).expect("such a tensor")
}

/// Something else between the cells of every tensor, the operands of products among them.
fn with_junk(forger: &mut Forger) {
    for (layout, cells) in forger.relation.tensors.iter().zip(&mut forger.tensors) {
        padding(layout).into_iter().for_each(|at| cells[at] = F::from(4711 + at as u64));
    }
}

#[test]
fn junk_between_the_cells_of_layers_changes_nothing_and_carries_no_lie() {
    for (lie, refused) in [(0, None), (1, Some(Reject::Equations))] {
        let mut forger = network(false).1.forger(Output::Revealed);
        with_junk(&mut forger);
        assert_eq!(forger.count(), 0);
        forger.output[2] ^= lie;
        forger.count();
        assert_eq!(forger.judge().err(), refused);
    }
}

/// What makes junk harmless: no layer gives a weight to anything but real cells, whatever it reads, its border included.
#[test]
fn what_layers_read_has_weights_on_real_cells_alone() {
    let mut forger = network(true).1.forger(Output::Revealed);
    let (relation, looked) = (forger.relation.clone(), Rc::new(Cell::new(0)));
    let counted = looked.clone();
    forger.patch = Box::new(move |turn, _| {
        let Turn::LinearRound { challenges, previous: None } = turn else { return };
        for (layout, functional) in relation.tensors.iter().zip(relation.functionals(challenges)) {
            assert!(!functional.is_empty(), "something is read of every tensor");
            for weights in functional {
                let sides = dims(weights.c.len(), weights.y.len(), weights.x.len());
                assert_eq!(sides, layout.dims);
                counted.set(counted.get() + 1);
            }
        }
    });
    forger.judge().expect("accepted");
    assert!(looked.get() > forger.tensors.len());
}

#[test]
fn a_cell_of_a_layer_off_by_one_is_refused() {
    // Corners, where the border counts, and cells inside, in channels that a picture has and in others.
    for (shape, cell) in [((6, 4, 5), 0), ((6, 4, 5), 5 * 20 + 7), ((6, 2, 3), 4 * 6), ((6, 2, 3), 6 + 1)] {
        is_refused_off_by_one(network(false).1.forger(Output::Revealed), shape, cell);
    }
}

#[test]
fn a_weight_beyond_its_bounds_is_refused_where_they_are_checked() {
    for (input, excess) in [(1, 1 << 30), (2, 1 << 18), (3, 1 << 20)] {
        let mut forger = network(true).1.forger(Output::Revealed);
        // The limb that holds a large weight's upper bits is left as it is.
        let at = forger.at(input, 1);
        forger.tensors[input][at] = from_i64(excess);
        assert!(forger.count() > 0, "nothing says how large input {input} is");
        assert_eq!(forger.judge().err(), Some(Reject::Equations), "input {input}");
    }
}
