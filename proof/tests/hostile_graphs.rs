//! Graphs that would cost a checker far more than their size: refused, or counted for what they cost.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

use std::sync::Arc;
use zkimg_graph::contraction::{Access, BadContraction, Contraction, MAX_GATHERED, MAX_LABELS, Route};
use zkimg_graph::graph::{BadNode, Function, Graph, Kind, Output, Part, Product, Results, ValueId};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap, Term};
use zkimg_graph::step::{MAX_PIECES, Region};
use zkimg_graph::tensor::{Bounds, Cells, Dims};
use zkimg_proof::relation::{BadRelation, MAX_MAPS_WORK, Relation};

const BIT: Bounds = Bounds { low: 0, high: 1 };
const WIDE: Bounds = Bounds { low: -(1 << 40), high: 1 << 40 };

fn d(c: usize, h: usize, w: usize) -> Dims {
    Dims::new(c, h, w).expect("dims")
}

fn part(dims: Dims) -> Part {
    Part { region: Region::whole(dims), terms: Vec::new(), products: Vec::new(), bias: 0, divisor: 1, function: Function::Identity }
}

/// A graph with one input of one cell.
fn one() -> (Graph, ValueId) {
    let mut graph = Graph::new();
    let x = graph.input(Kind::Picture, d(1, 1, 1), BIT, false).expect("an input");
    (graph, x)
}

fn work(graph: Graph) -> Result<usize, BadRelation> {
    Relation::of_graph(graph, 10, Output::Hidden(Kind::Template)).map(|relation| relation.work())
}

/// So many taps that move on, so many times.
fn dense(n: usize) -> AxisMap {
    let taps: Vec<Tap> = (0..n).map(|i| Tap { input: i as u32, weight: 1 }).collect();
    let mut map = AxisMap::empty(2 * n);
    map.push_run(&taps, n, 1);
    map
}

#[test]
fn rows_are_counted_before_they_are_laid_out() {
    let (mut graph, x) = one();
    // 2^34 lines, which nobody reads.
    graph.input(Kind::Model, d(1 << 16, 1 << 18, 1), Bounds::BYTE, false).expect("an input");
    graph.single(BIT, Part { terms: vec![(x, LinearMap::identity(d(1, 1, 1)))], ..part(d(1, 1, 1)) }).expect("a node");
    assert!(matches!(work(graph), Err(BadRelation::TooManyRows(..))));
}

#[test]
fn every_tap_of_a_route_is_counted() {
    let n = 1 << 14;
    let mut graph = Graph::new();
    let x = graph.input(Kind::Picture, d(1, 1, 2 * n), BIT, false).expect("an input");
    let y = graph.input(Kind::Picture, d(1, 1, 1), BIT, false).expect("an input");
    let left = Access { dims: d(1, 1, 2 * n), routes: [Route::single(), Route::single(), Route { labels: vec![0], map: dense(n) }] };
    let right = Access { dims: d(1, 1, 1), routes: [Route::single(), Route::single(), Route::single()] };
    let contraction = Arc::new(Contraction::new(vec![n], [None, None, Some(0)], [left, right]).expect("a contraction"));
    let products = vec![Product { contraction, operands: [x, y] }];
    graph.single(WIDE, Part { products, ..part(d(1, 1, n)) }).expect("a node");
    assert!(matches!(work(graph), Err(BadRelation::Work(work, MAX_MAPS_WORK)) if work >= n * n));
}

/// One window over a long line: a few bytes of a file ask for millions of weights.
#[test]
fn routes_too_long_to_lay_out_are_refused() {
    let long = |n: usize| {
        let mut graph = Graph::new();
        let [x, y] = [0; 2].map(|_| graph.input(Kind::Model, d(1, 1, n), BIT, false).expect("an input"));
        let access = || Access {
            dims: d(1, 1, n),
            routes: [Route::single(), Route::single(), Route { labels: vec![0], map: AxisMap::identity(n) }],
        };
        let contraction = Arc::new(Contraction::new(vec![n], [None; 3], [access(), access()]).expect("a contraction"));
        graph.single(WIDE, Part { products: vec![Product { contraction, operands: [x, y] }], ..part(d(1, 1, 1)) }).expect("a node");
        work(graph)
    };
    assert!(long(1 << 18).is_ok());
    assert!(matches!(long(1 << 20), Err(BadRelation::Work(_, MAX_MAPS_WORK))));
}

#[test]
fn every_tap_that_mixes_public_channels_is_counted() {
    let n = 1 << 13;
    let (mut graph, x) = one();
    let cells = Arc::new(Cells::U8(vec![1; 2 * n]));
    let public = graph.public(d(2 * n, 1, 1), BIT, cells).expect("a value");
    let mixed = |input: Dims, mix| {
        LinearMap::new(input, false, vec![Term { mix, vertical: AxisMap::identity(1), horizontal: AxisMap::identity(1) }])
    };
    let terms = vec![(x, mixed(d(1, 1, 1), AxisMap::repeated(1, 0, n))), (public, mixed(d(2 * n, 1, 1), dense(n)))];
    graph.single(WIDE, Part { terms, ..part(d(n, 1, 1)) }).expect("a node");
    assert!(matches!(work(graph), Err(BadRelation::Work(work, _)) if work >= n * n));
}

#[test]
fn the_sides_of_a_box_that_known_cells_fill_are_counted() {
    let wide = d(1, 1, 1 << 22);
    let (mut graph, x) = one();
    let public = graph.public(d(1, 1, 1), BIT, Arc::new(Cells::U8(vec![1]))).expect("a value");
    let repeated = LinearMap::spatial(d(1, 1, 1), false, AxisMap::identity(1), AxisMap::repeated(1, 0, 1 << 22));
    graph.single(BIT, Part { terms: vec![(x, repeated), (public, LinearMap::zero(d(1, 1, 1), wide))], ..part(wide) }).expect("a node");
    assert!(work(graph).expect("a relation") >= 1 << 22);
}

#[test]
fn shapes_and_bounds_that_do_not_exist_are_refused() {
    let all = Bounds { low: i64::MIN, high: i64::MAX };
    let (mut graph, x) = one();
    let half = || Part { terms: vec![(x, LinearMap::identity(d(1, 1, 1)))], divisor: 2, ..part(d(1, 1, 1)) };
    assert!(matches!(graph.single(all, half()), Err(BadNode::Magnitude(_))));
    assert!(matches!(graph.single(Bounds { low: -5, high: i64::MAX }, half()), Err(BadNode::Magnitude(_))));
    assert!(matches!(graph.single(Bounds { low: 1, high: 0 }, half()), Err(BadNode::Bounds)));
    assert!(matches!(graph.public(d(1, 1, 1), all, Arc::new(Cells::U8(vec![1]))), Err(BadNode::Magnitude(_))));
    for dims in [Dims { channels: 0, height: 1, width: 1 }, Dims { channels: 1 << 40, height: 1 << 40, width: 1 }] {
        assert_eq!(graph.input(Kind::Model, dims, BIT, true).err(), Some(BadNode::Shape));
    }
}

#[test]
fn boxes_and_tables_are_counted_and_limited() {
    let row = |n: usize| {
        let (mut graph, x) = one();
        let at = |i: usize| Part {
            region: Region { channels: 0..1, rows: 0..1, columns: i..i + 1 },
            terms: vec![(x, LinearMap::zero(d(1, 1, 1), d(1, 1, 1)))],
            bias: i as i64,
            function: Function::Table { first: i as i64, values: Results::Bytes(vec![1].into()) },
            ..part(d(1, 1, 1))
        };
        graph.node(d(1, 1, n), Bounds::BYTE, (0..n).map(at).collect()).map(|_| graph)
    };
    assert_eq!(row(MAX_PIECES + 1).err(), Some(BadNode::Parts(MAX_PIECES + 1)));
    assert!(work(row(64).expect("a node")).expect("a relation") >= 64 << 12);
}

#[test]
fn a_product_has_few_labels_and_operands_that_can_be_held() {
    let single = || Access { dims: d(1, 1, 1), routes: [Route::single(), Route::single(), Route::single()] };
    let labels = |n: usize| {
        let route = || Route { labels: (0..n).collect(), map: AxisMap::identity(1) };
        let access = || Access { routes: [Route::single(), Route::single(), route()], ..single() };
        Contraction::new(vec![1; n], [None; 3], [access(), access()]).err()
    };
    assert_eq!((labels(MAX_LABELS), labels(MAX_LABELS + 1)), (None, Some(BadContraction::Labels(MAX_LABELS + 1))));
    let repeated = |n: usize| {
        let map = || AxisMap::repeated(1, 0, n);
        let route = |label: usize| Route { labels: vec![label], map: map() };
        let left = Access { routes: [Route::single(), route(0), route(1)], ..single() };
        Contraction::new(vec![n, n], [None, Some(0), Some(1)], [left, single()]).err()
    };
    assert_eq!(repeated(1 << 13), None);
    assert_eq!(repeated((1 << 13) + 1), Some(BadContraction::Gathered(((1 << 13) + 1) * ((1 << 13) + 1))));
    assert_eq!(MAX_GATHERED, 1 << 26);
}
