//! What is left of a value by its quotient lies below the divisor, whatever the bounds of both say.

use zkimg_graph::graph::{BadNode, Function, Graph, Kind, Part, Results, ValueId};
use zkimg_graph::linear::LinearMap;
use zkimg_graph::step::Region;
use zkimg_graph::tensor::{Bounds, Cells, Dims};

const DIMS: Dims = Dims { channels: 2, height: 1, width: 3 };
const REACH: i64 = 1 << 20;

fn part(terms: Vec<(ValueId, LinearMap)>) -> Part {
    Part { region: Region::whole(DIMS), terms, products: Vec::new(), bias: 0, divisor: 1, function: Function::Identity }
}

fn same(value: ValueId) -> (ValueId, LinearMap) {
    (value, LinearMap::identity(DIMS))
}

fn times(value: ValueId, weight: i32) -> (ValueId, LinearMap) {
    (value, LinearMap::scaled(DIMS, weight))
}

/// `x`, another such value, and a value that a change makes of `⌊x/2^8⌋`.
fn quotient(change: impl Fn(&mut Part, ValueId)) -> (Graph, [ValueId; 3]) {
    let mut graph = Graph::new();
    let bounds = Bounds { low: -REACH, high: REACH };
    let [x, other] = [(); 2].map(|()| graph.input(Kind::Picture, DIMS, bounds, false).expect("an input"));
    let mut divided = Part { divisor: 1 << 8, ..part(vec![same(x)]) };
    change(&mut divided, other);
    let q = graph.single(Bounds { low: -REACH, high: REACH }, divided).expect("a node");
    (graph, [x, other, q])
}

/// Whether a sum is known to be a byte.
fn is_byte(mut graph: Graph, terms: Vec<(ValueId, LinearMap)>) -> bool {
    match graph.single(Bounds::BYTE, part(terms)) {
        Ok(_) => true,
        Err(BadNode::Table { .. }) => false,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_remainder_is_less_than_the_divisor() {
    let (graph, [x, _, q]) = quotient(|_, _| ());
    assert!(is_byte(graph.clone(), vec![same(x), times(q, -256)]));
    let mut graph = graph;
    graph.single(Bounds::BYTE, part(vec![same(x), times(q, -256)])).expect("a node");
    let cells = [-REACH, -257, -1, 0, 255, REACH];
    let inputs = [Cells::I64(cells.to_vec()), Cells::I64(vec![0; 6])];
    let made = graph.evaluate(&inputs.iter().map(Cells::view).collect::<Vec<_>>()).pop().expect("a value");
    assert_eq!(made.view().widened(), cells.map(|v| v.rem_euclid(256)));
}

#[test]
fn what_is_added_to_a_remainder_counts() {
    let (graph, [x, other, q]) = quotient(|_, _| ());
    assert!(!is_byte(graph.clone(), vec![same(x), times(q, -256), same(other)]));
    assert!(!is_byte(graph.clone(), vec![same(other), same(x), times(q, -256)]));
    let mut graph = graph;
    let biased = |bias| Part { bias, ..part(vec![same(x), times(q, -256)]) };
    assert_eq!(graph.single(Bounds::BYTE, biased(1)).err(), Some(BadNode::Table { low: 1, high: 256 }));
    graph.single(Bounds { low: 1, high: 256 }, biased(1)).expect("a node");
    // Both reach as far as they do: their sum could wrap, if not this one.
    let far = Bounds { low: -(1 << 59), high: 1 << 59 };
    let mut graph = Graph::new();
    let x = graph.input(Kind::Picture, DIMS, far, false).expect("an input");
    let q = graph.single(far, Part { divisor: 1 << 8, ..part(vec![same(x)]) }).expect("a node");
    assert!(matches!(graph.single(Bounds::BYTE, part(vec![same(x), times(q, -256)])), Err(BadNode::Magnitude(_))));
}

#[test]
fn other_sums_than_a_remainder_have_the_bounds_of_their_terms() {
    let (graph, [x, other, q]) = quotient(|_, _| ());
    for terms in [
        vec![same(x), times(q, -255)],
        vec![same(x), times(q, 256)],
        vec![same(x), times(q, -257)],
        vec![times(x, 2), times(q, -256)],
        vec![same(other), times(q, -256)],
        vec![same(x), times(x, -256)],
        vec![times(q, -256), same(x)],
        vec![same(x)],
    ] {
        assert!(!is_byte(graph.clone(), terms));
    }
}

#[test]
fn other_values_than_a_quotient_are_none() {
    let sign =
        |first: i64, last: i64| Function::Table { first, values: Results::Words((first..=last).map(|v| v.signum() as i16).collect()) };
    type Change<'a> = &'a dyn Fn(&mut Part, ValueId);
    let changes: [Change<'_>; 6] = [
        &|part, _| part.bias = 1,
        &|part, _| part.divisor = 1 << 9,
        &|part, other| part.terms = vec![same(other)],
        &|part, other| part.terms.push(same(other)),
        &|part, _| part.terms = part.terms.iter().map(|(x, _)| times(*x, 2)).collect(),
        &|part, _| part.function = sign(-REACH / 256, REACH / 256),
    ];
    for (i, change) in changes.into_iter().enumerate() {
        let (graph, [x, _, q]) = quotient(change);
        assert!(!is_byte(graph, vec![same(x), times(q, -256)]), "change {i}");
    }
    // Half of it is a quotient.
    let (mut graph, [x, other, _]) = quotient(|_, _| ());
    let half = |channel: usize, value: ValueId| {
        let mix = zkimg_graph::linear::AxisMap::select(2, [channel]);
        let term = zkimg_graph::linear::Term {
            mix,
            vertical: zkimg_graph::linear::AxisMap::identity(1),
            horizontal: zkimg_graph::linear::AxisMap::identity(3),
        };
        let region = Region { channels: channel..channel + 1, ..Region::whole(DIMS) };
        Part { region, divisor: 1 << 8, ..part(vec![(value, LinearMap::new(DIMS, false, vec![term]))]) }
    };
    let q = graph.node(DIMS, Bounds { low: -REACH, high: REACH }, vec![half(0, x), half(1, other)]).expect("a node");
    assert!(!is_byte(graph, vec![same(x), times(q, -256)]));
}
