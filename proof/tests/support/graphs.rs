//! Small graphs of every kind of node, with numbers to run them on.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

use super::forger::Forger;
use super::{CONTEXT, shown_cells};
use ff::Field;
use std::sync::Arc;
use zkimg_graph::contraction::{Access, Contraction, Route};
use zkimg_graph::graph::{Function, Graph, Kind, Output, Part, Product, Results, ValueId};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap};
use zkimg_graph::step::Region;
use zkimg_graph::tensor::{Bounds, Cells, Dims};
use zkimg_group::field::{Affine, F};
use zkimg_group::generators::{Generators, MIN_ROW_BITS};
use zkimg_group::randomness::hedged;
use zkimg_proof::commitment::Layout;
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::observer::Observer;
use zkimg_proof::prove::{Input, Proved, prove_watched};
use zkimg_proof::relation::Relation;
use zkimg_proof::verify::{Reject, Verified, verify};

/// A graph and what its inputs hold.
pub(crate) struct Numbers {
    pub graph: Graph,
    pub inputs: Vec<Cells>,
}

pub(crate) fn bounds(low: i64, high: i64) -> Bounds {
    Bounds { low, high }
}

/// Integers that fill their bounds, both ends among them.
pub(crate) fn cells(dims: Dims, bounds: Bounds, seed: i64) -> Cells {
    let count = bounds.count() as i64;
    let cell = |i: i64| match i {
        0 => bounds.high,
        1 => bounds.low,
        i => bounds.low + (i * i * 7919 + i * seed * 104_729 + seed).rem_euclid(count),
    };
    Cells::narrowest(&(0..dims.cells() as i64).map(cell).collect::<Vec<_>>(), bounds)
}

/// A part that is everything its node makes.
pub(crate) fn whole(dims: Dims) -> Part {
    Part { region: Region::whole(dims), terms: Vec::new(), products: Vec::new(), bias: 0, divisor: 1, function: Function::Identity }
}

pub(crate) fn product(contraction: Contraction, left: ValueId, right: ValueId) -> Product {
    Product { contraction: Arc::new(contraction), operands: [left, right] }
}

pub(crate) const WEIGHT: Bounds = Bounds { low: -128, high: 127 };

/// What becomes of a product's sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// They are the result: an equality.
    Plain,
    /// Divided and rounded: a remainder.
    Divided(u64),
    /// Divided, then clamped to a byte: a remainder, and a key of which the excess is committed.
    Clamped(u64),
    /// Looked up as they are, in a table of signed words: a key.
    Looked,
}

impl End {
    /// What the operands lie between: few values where every sum is an entry of a table.
    pub(crate) fn operands(self) -> [Bounds; 2] {
        match self {
            End::Looked => [bounds(-4, 3), bounds(0, 15)],
            _ => [WEIGHT, Bounds::BYTE],
        }
    }

    /// The part and the bounds of its result, for sums of at most this magnitude.
    pub(crate) fn apply(self, part: Part, magnitude: i64) -> (Bounds, Part) {
        match self {
            End::Plain => (bounds(-magnitude, magnitude), part),
            End::Divided(divisor) => {
                let most = magnitude / divisor as i64 + 1;
                (bounds(-most, most), Part { divisor, bias: divisor as i64 / 2, ..part })
            }
            End::Clamped(divisor) => {
                let most = magnitude / divisor as i64 + 1;
                (Bounds::BYTE, Part { divisor, bias: divisor as i64 / 2, function: Function::clamp(-most, most), ..part })
            }
            End::Looked => {
                let values: Vec<i16> = (-magnitude..=magnitude).map(|q| (q * 37 % 30_011) as i16).collect();
                let function = Function::Table { first: -magnitude, values: Results::Words(values.into()) };
                (bounds(i16::MIN.into(), i16::MAX.into()), Part { function, ..part })
            }
        }
    }
}

pub(crate) fn dims(c: usize, h: usize, w: usize) -> Dims {
    Dims::new(c, h, w).expect("dims")
}

/// A hidden matrix times a hidden matrix.
pub(crate) fn matrices(rows: usize, inner: usize, columns: usize, end: End, checked: bool) -> Numbers {
    let (a, b) = (dims(1, rows, inner), dims(1, inner, columns));
    let [weight, byte] = end.operands();
    let most = (weight.magnitude() * byte.magnitude()) as i64;
    let mut graph = Graph::new();
    let (w, x) =
        (graph.input(Kind::Model, a, weight, checked).expect("an input"), graph.input(Kind::Picture, b, byte, checked).expect("an input"));
    let products = vec![product(Contraction::matrix(rows, inner, columns).expect("a product"), w, x)];
    let (bounds, part) = end.apply(Part { products, ..whole(dims(1, rows, columns)) }, inner as i64 * most);
    graph.single(bounds, part).expect("a node");
    Numbers { graph, inputs: vec![cells(a, weight, 3), cells(b, byte, 5)] }
}

/// `out[c][p] = Σ_k w[c][k]·x[c][stride·p + k − before]`, what lies outside counting zero.
pub(crate) fn depthwise(channels: usize, taps: usize, places: usize, stride: usize, end: End) -> Numbers {
    let results = places.div_ceil(stride);
    let before = taps / 2;
    let reads = (0..taps).flat_map(|k| (0..results).map(move |p| (stride * p + k).checked_sub(before).filter(|i| *i < places)));
    let map = AxisMap::new(places, reads.map(|i| i.map(|i| Tap { input: i as u32, weight: 1 }).into_iter().collect()));
    let (a, b) = (dims(1, channels, taps), dims(1, channels, places));
    let left = Access { dims: a, routes: [Route::single(), Route::plain(0, channels), Route::plain(1, taps)] };
    let right = Access { dims: b, routes: [Route::single(), Route::plain(0, channels), Route { labels: vec![1, 2], map }] };
    let contraction = Contraction::new(vec![channels, taps, results], [None, Some(0), Some(2)], [left, right]).expect("a contraction");
    let [weight, byte] = end.operands();
    let most = (weight.magnitude() * byte.magnitude()) as i64;
    let mut graph = Graph::new();
    let (w, x) =
        (graph.input(Kind::Model, a, weight, false).expect("an input"), graph.input(Kind::Picture, b, byte, false).expect("an input"));
    let products = vec![product(contraction, w, x)];
    let (bounds, part) = end.apply(Part { products, ..whole(dims(1, channels, results)) }, taps as i64 * most);
    graph.single(bounds, part).expect("a node");
    Numbers { graph, inputs: vec![cells(a, weight, 3), cells(b, byte, 5)] }
}

/// A hidden tensor times another, cell by cell.
pub(crate) fn elementwise(d: Dims, end: End) -> Numbers {
    let [weight, byte] = end.operands();
    let most = (weight.magnitude() * byte.magnitude()) as i64;
    let mut graph = Graph::new();
    let (w, x) =
        (graph.input(Kind::Model, d, weight, false).expect("an input"), graph.input(Kind::Picture, d, byte, false).expect("an input"));
    let products = vec![product(Contraction::elementwise(d), w, x)];
    let (bounds, part) = end.apply(Part { products, ..whole(d) }, most);
    graph.single(bounds, part).expect("a node");
    Numbers { graph, inputs: vec![cells(d, weight, 3), cells(d, byte, 5)] }
}

/// A public matrix times a hidden one: no less a product, of which one operand needs no opening.
pub(crate) fn public_matrix(rows: usize, inner: usize, columns: usize, end: End) -> Numbers {
    let (a, b) = (dims(1, rows, inner), dims(1, inner, columns));
    let [weight, byte] = end.operands();
    let most = (weight.magnitude() * byte.magnitude()) as i64;
    let mut graph = Graph::new();
    let w = graph.public(a, weight, Arc::new(cells(a, weight, 3))).expect("a value");
    let x = graph.input(Kind::Picture, b, byte, false).expect("an input");
    let products = vec![product(Contraction::matrix(rows, inner, columns).expect("a product"), w, x)];
    let (bounds, part) = end.apply(Part { products, ..whole(dims(1, rows, columns)) }, inner as i64 * most);
    graph.single(bounds, part).expect("a node");
    Numbers { graph, inputs: vec![cells(b, byte, 5)] }
}

/// Two layers and a sum around the second, as residual networks have them: `y = clamp(W·x)`, `out = clamp(V·y/D + y)`.
pub(crate) fn residual(size: usize, columns: usize, divisor: u64) -> Numbers {
    let (a, b) = (dims(1, size, size), dims(1, size, columns));
    let mut graph = Graph::new();
    let (w, v, x) = (
        graph.input(Kind::Model, a, WEIGHT, false).expect("an input"),
        graph.input(Kind::Model, a, WEIGHT, false).expect("an input"),
        graph.input(Kind::Picture, b, Bounds::BYTE, false).expect("an input"),
    );
    let matrix = || Contraction::matrix(size, size, columns).expect("a product");
    let most = size as i64 * 128 * 255;
    let (bounds, part) = End::Clamped(256).apply(Part { products: vec![product(matrix(), w, x)], ..whole(b) }, most);
    let y = graph.single(bounds, part).expect("a node");
    // (V·y + D·y)/D: the identity's weight is the divisor.
    let scaled = (0..size).map(|i| vec![Tap { input: i as u32, weight: divisor as i32 }]);
    let around = LinearMap::spatial(b, false, AxisMap::new(size, scaled), AxisMap::identity(columns));
    let part = Part { products: vec![product(matrix(), v, y)], terms: vec![(y, around)], ..whole(b) };
    let (bounds, part) = End::Clamped(divisor).apply(part, most + divisor as i64 * 255);
    graph.single(bounds, part).expect("a node");
    Numbers { graph, inputs: vec![cells(a, WEIGHT, 3), cells(a, WEIGHT, 7), cells(b, Bounds::BYTE, 5)] }
}

/// `⌊x/D⌋` of a hidden vector of any integers.
pub(crate) fn divided(divisor: u64, values: &[i64]) -> Numbers {
    let d = dims(1, 1, values.len());
    let most = values.iter().copied().max().unwrap_or(0).max(2 * divisor as i64);
    let mut graph = Graph::new();
    let x = graph.input(Kind::Picture, d, bounds(0, most), false).expect("an input");
    let part = Part { terms: vec![(x, LinearMap::identity(d))], divisor, ..whole(d) };
    graph.single(bounds(0, most / divisor as i64), part).expect("a node");
    Numbers { graph, inputs: vec![Cells::narrowest(values, bounds(0, most))] }
}

impl Numbers {
    pub(crate) fn relation(&self, output: Output) -> Relation {
        Relation::of_graph(self.graph.clone(), MIN_ROW_BITS, output).expect("a relation")
    }

    pub(crate) fn forger(&self, output: Output) -> Forger {
        Forger::of(self.relation(output), self.inputs.clone())
    }

    /// Commits to the inputs and proves the output.
    pub(crate) fn prove(&self, output: Output) -> (Relation, Vec<Vec<Affine>>, Proved) {
        self.prove_watched(output, &())
    }

    pub(crate) fn prove_watched(&self, output: Output, observer: &dyn Observer) -> (Relation, Vec<Vec<Affine>>, Proved) {
        let relation = self.relation(output);
        let mut random = hedged("test", &[]).expect("randomness");
        let generators = Generators::load().expect("generators");
        let commit = |(layout, cells): (&Layout, &Cells)| {
            let blinders: Vec<F> = layout.rows.iter().map(|_| F::random(&mut random)).collect();
            (commit_rows(generators, layout, cells, &blinders), blinders)
        };
        let committed: Vec<_> = relation.tensors.iter().zip(&self.inputs).map(commit).collect();
        let inputs = committed.iter().zip(&self.inputs);
        let inputs: Vec<Input<'_>> = inputs.map(|((rows, blinders), cells)| Input { cells: cells.view(), blinders, rows }).collect();
        let proved = prove_watched(&relation, CONTEXT, &inputs, observer).expect("a proof");
        (relation, committed.into_iter().map(|(rows, _)| rows).collect(), proved)
    }
}

/// What the verifier says to a proof of a graph.
pub(crate) fn judge(relation: &Relation, rows: &[Vec<Affine>], output: &Cells, proof: &[u8]) -> Result<Verified, Reject> {
    let rows: Vec<&[Affine]> = rows.iter().map(|rows| &rows[..]).collect();
    verify(relation, CONTEXT, &rows, shown_cells(relation, output.view()), proof)
}
