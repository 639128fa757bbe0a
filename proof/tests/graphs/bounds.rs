//! What lies between which bounds, and who says so.

use crate::support::graphs::{End, Numbers, WEIGHT, bounds, cells, dims, judge, matrices, product, whole};
use ff::Field;
use std::sync::Arc;
use zkimg_graph::contraction::Contraction;
use zkimg_graph::graph::{BadNode, Function, Graph, Kind, Output, Part, Results};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap};
use zkimg_graph::tensor::{Bounds, Cells};
use zkimg_group::field::{F, from_i64};
use zkimg_proof::relation::Values;
use zkimg_proof::verify::Reject;

#[test]
fn an_input_outside_its_bounds_is_refused_if_it_is_checked() {
    for checked in [true, false] {
        let numbers = matrices(2, 2, 2, End::Plain, checked);
        let mut forger = numbers.forger(Output::Revealed);
        // One weight of 128, and the product it makes.
        let before = forger.tensors[0][3];
        forger.tensors[0][3] = F::from(128);
        let difference = 128 - numbers.inputs[0].get(3);
        assert_eq!(before, from_i64(numbers.inputs[0].get(3)));
        (0..2).for_each(|x| forger.output[2 + x] += difference * numbers.inputs[1].get(2 + x));
        assert_eq!(forger.count() > 0, checked);
        assert_eq!(forger.judge().err(), checked.then_some(Reject::Equations));
    }
}

#[test]
fn a_clamp_holds_at_both_ends() {
    // q one beyond each end, the value one off; and a cell far out that is honest.
    let d = dims(1, 1, 6);
    let values = [-1, 256, 0, 255, 1 << 17, -(1 << 17)];
    let build = || {
        let mut graph = Graph::new();
        let x = graph.input(Kind::Picture, d, bounds(-(1 << 18), 1 << 18), false).expect("an input");
        let function = Function::clamp(-(1 << 17), 1 << 17);
        let part = Part { terms: vec![(x, LinearMap::identity(d))], bias: 1, divisor: 2, function, ..whole(d) };
        graph.single(Bounds::BYTE, part).expect("a node");
        let inputs = vec![Cells::I64(values.iter().map(|v| 2 * v).map(|v: i64| v.clamp(-(1 << 18), (1 << 18) - 1)).collect())];
        Numbers { graph, inputs }
    };
    let forger = build().forger(Output::Revealed);
    assert_eq!(forger.output, [0, 255, 0, 255, 255, 0]);
    let (relation, rows, proved) = build().prove(Output::Hidden(Kind::Picture));
    judge(&relation, &rows, &proved.output, &proved.proof).expect("accepted");
    for (cell, by) in [(0, 1), (1, -1), (4, -1), (5, 1)] {
        let mut forger = build().forger(Output::Revealed);
        forger.output[cell] += by;
        // q stays what it is.
        forger.tensors[1][cell] -= from_i64(by);
        assert_eq!(forger.count(), 1);
        assert_eq!(forger.judge().err(), Some(Reject::Equations));
    }
}

#[test]
fn signed_values_are_words_of_their_table() {
    let numbers = matrices(2, 2, 2, End::Looked, false);
    let mut forger = numbers.forger(Output::Hidden(Kind::Picture));
    let t = forger.relation.hidden_output.expect("hidden");
    assert!((0..4).any(|cell| forger.tensors[t][cell] == from_i64(-1) || forger.tensors[t][cell] != F::ZERO));
    // The same number modulo 2^16.
    let at = forger.at(t, 1);
    forger.tensors[t][at] += F::from(1 << 16);
    assert_eq!(forger.count(), 1);
    assert_eq!(forger.judge().err(), Some(Reject::Equations));
}

#[test]
fn nodes_that_could_wrap_or_leave_their_bounds_are_refused() {
    let d = dims(1, 1, 4);
    let identity = |graph: &mut Graph, low, high, part: &dyn Fn(Part) -> Part, of: Bounds| {
        let x = graph.input(Kind::Picture, d, bounds(low, high), false).expect("an input");
        let plain = Part { terms: vec![(x, LinearMap::identity(d))], ..whole(d) };
        graph.single(of, part(plain)).map(|_| ())
    };
    let refused = |low, high, part: &dyn Fn(Part) -> Part, of| identity(&mut Graph::new(), low, high, part, of).err();
    assert_eq!(refused(0, 255, &|p| p, Bounds::BYTE), None);
    assert_eq!(refused(-1, 255, &|p| p, Bounds::BYTE), Some(BadNode::Table { low: -1, high: 255 }));
    assert_eq!(refused(0, 1 << 60, &|p| p, bounds(0, 1 << 60)), Some(BadNode::Magnitude((1 << 60) + 1)));
    assert_eq!(refused(0, 255, &|p| Part { divisor: 0, ..p }, Bounds::BYTE), Some(BadNode::Divisor(0)));
    assert_eq!(refused(0, 255, &|p| Part { divisor: (1 << 40) + 1, ..p }, Bounds::BYTE), Some(BadNode::Divisor((1 << 40) + 1)));
    assert_eq!(
        refused(0, 256, &|p| Part { function: Function::clamp(0, 255), ..p }, Bounds::BYTE),
        Some(BadNode::Table { low: 0, high: 256 })
    );
    let mut graph = Graph::new();
    let public = graph.public(d, WEIGHT, Arc::new(cells(d, WEIGHT, 1))).expect("a value");
    let products = vec![product(Contraction::elementwise(d), public, public)];
    assert_eq!(graph.single(bounds(-1 << 20, 1 << 20), Part { products, ..whole(d) }).err(), Some(BadNode::Public));
    assert_eq!(graph.public(d, Bounds::BYTE, Arc::new(Cells::I64(vec![0, 1, 2, -1]))).err(), Some(BadNode::Bounds));
    let doubled = vec![whole(d), whole(d)];
    assert_eq!(graph.node(d, Bounds::BYTE, doubled).err(), Some(BadNode::Cover));
}

#[test]
fn tables_of_a_relation_are_ranges_or_results() {
    let relation = matrices(3, 2, 4, End::Looked, false).relation(Output::Revealed);
    assert!(relation.tables.iter().any(|table| matches!(&table.values, Values::Results(Results::Words(_)))));
}

#[test]
fn bounds_that_are_none_or_reach_too_far_are_refused() {
    let d = dims(1, 1, 1);
    let input = |low, high| Graph::new().input(Kind::Picture, d, bounds(low, high), true).map(|_| ()).err();
    assert_eq!(input(0, -1), Some(BadNode::Bounds));
    assert_eq!(input(-1, (1 << 60) + 1), Some(BadNode::Magnitude((1 << 60) + 1)));
    assert_eq!(input(i64::MIN, i64::MAX), Some(BadNode::Magnitude(1 << 63)));
    // The greatest weights there are, on every axis: refused, however far beyond 128 bits they would reach.
    let mut graph = Graph::new();
    let x = graph.input(Kind::Picture, d, bounds(-(1 << 60), 1 << 60), false).expect("an input");
    let axis = || AxisMap::new(1, [vec![Tap { input: 0, weight: i32::MAX }]]);
    let term = zkimg_graph::linear::Term { mix: axis(), vertical: axis(), horizontal: axis() };
    let part = Part { terms: vec![(x, LinearMap::new(d, false, vec![term]))], ..whole(d) };
    assert!(matches!(graph.single(bounds(0, 1), part), Err(BadNode::Magnitude(_))));
}
