//! Pictures of several shapes, each after its own steps, one below the other in one value.

use zkimg_graph::graph::{BadNode, Graph, Kind, ValueId};
use zkimg_graph::linear::{AxisMap, LinearMap};
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::{Bounds, CellsRef, Dims};

fn dims(channels: usize, height: usize, width: usize) -> Dims {
    Dims::new(channels, height, width).expect("dims")
}

fn crop(input: Dims, rows: std::ops::Range<usize>, columns: std::ops::Range<usize>) -> Step {
    let map = LinearMap::spatial(input, false, AxisMap::interval(input.height, rows), AxisMap::interval(input.width, columns));
    Step::single(Piece::linear(map)).expect("a step")
}

fn darker(input: Dims, by: u8) -> Step {
    Step::single(Piece::pointwise(input, std::array::from_fn(|x| (x as u8).saturating_sub(by)))).expect("a step")
}

fn cells(dims: Dims, seed: usize) -> Vec<u8> {
    (0..dims.cells()).map(|i| (i * i * seed + i * 37) as u8).collect()
}

fn inputs(graph: &mut Graph, shapes: &[Dims]) -> Vec<ValueId> {
    shapes.iter().map(|dims| graph.input(Kind::Picture, *dims, Bounds::BYTE, false).expect("an input")).collect()
}

#[test]
fn each_picture_stands_below_the_one_before_it() {
    let shapes = [dims(2, 6, 7), dims(2, 3, 4), dims(2, 5, 4)];
    let small = dims(2, 3, 4);
    let chains = [vec![crop(shapes[0], 1..4, 2..6), darker(small, 9)], Vec::new(), vec![darker(shapes[2], 3), crop(shapes[2], 2..5, 0..4)]];
    let pictures: Vec<Vec<u8>> = shapes.iter().zip(2..).map(|(dims, seed)| cells(*dims, seed)).collect();
    let mut graph = Graph::new();
    let values = inputs(&mut graph, &shapes);
    let each: Vec<(ValueId, &[Step])> = values.into_iter().zip(chains.iter().map(Vec::as_slice)).collect();
    let all = graph.stacked(&each).expect("stacked");
    assert_eq!(graph.get(all).dims, dims(2, 9, 4));
    assert_eq!(graph.nodes().len(), 3, "what the last steps make is one node");
    let views: Vec<CellsRef<'_>> = pictures.iter().map(|cells| CellsRef::U8(cells)).collect();
    let made = graph.evaluate(&views).pop().expect("a value").view().widened();
    for (i, (cells, steps)) in pictures.into_iter().zip(&chains).enumerate() {
        let alone = steps.iter().fold(cells, |cells, step| step.apply(&cells));
        for c in 0..2 {
            let found: Vec<i64> = alone[12 * c..12 * (c + 1)].iter().map(|cell| i64::from(*cell)).collect();
            assert_eq!(made[36 * c + 12 * i..][..12], found, "picture {i}, channel {c}");
        }
    }
}

#[test]
fn one_picture_is_edited_as_ever() {
    let shape = dims(3, 6, 7);
    for steps in [Vec::new(), vec![crop(shape, 1..4, 2..6)], vec![darker(shape, 9), crop(shape, 1..4, 2..6)]] {
        let [mut one, mut other] = [Graph::new(), Graph::new()];
        let (x, y) = (inputs(&mut one, &[shape])[0], inputs(&mut other, &[shape])[0]);
        assert_eq!(one.stacked(&[(x, &steps)]), other.edited(y, &steps));
        assert_eq!(one, other);
    }
}

#[test]
fn pictures_of_other_widths_or_none_do_not_stand_below_each_other() {
    let mut graph = Graph::new();
    let values = inputs(&mut graph, &[dims(1, 3, 4), dims(1, 3, 5), dims(3, 3, 4)]);
    for other in [1, 2] {
        assert_eq!(graph.stacked(&[(values[0], &[]), (values[other], &[])]), Err(BadNode::Shape));
    }
    assert_eq!(graph.stacked(&[]), Err(BadNode::Shape));
}
