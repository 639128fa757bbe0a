//! What a committed or a shown value is cannot be mistaken: its kind, its bounds, its cells; and checking it has a price.

use crate::support::graphs::{End, Numbers, bounds, cells, depthwise, dims, judge, matrices, whole};
use crate::support::{CONTEXT, Case, flip};
use std::sync::Arc;
use zkimg_graph::graph::{Graph, Kind, Output, Part};
use zkimg_graph::linear::LinearMap;
use zkimg_graph::tensor::{Bounds, Cells, CellsRef, Dims};
use zkimg_group::field::point_to_bytes;
use zkimg_group::generators::MIN_ROW_BITS;
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::{Layout, root, value_root};
use zkimg_proof::relation::{BadRelation, MAX_GRAPH_WORK, Relation};
use zkimg_proof::verify::{Reject, verify};

/// Twice an input of a kind, with its declared bounds.
fn doubled(kind: Kind, d: Dims, of: Bounds) -> Numbers {
    let mut graph = Graph::new();
    let x = graph.input(kind, d, of, false).expect("an input");
    let part = Part { terms: vec![(x, LinearMap::mix(d, vec![vec![2]]))], ..whole(d) };
    graph.single(bounds(2 * of.low, 2 * of.high), part).expect("a node");
    Numbers { graph, inputs: vec![cells(d, bounds(0, 100), 3)] }
}

#[test]
fn a_root_names_kind_and_bounds() {
    let d = dims(1, 2, 3);
    let layout = Layout::new(d, MIN_ROW_BITS);
    let numbers = doubled(Kind::Model, d, bounds(0, 100));
    let (_, rows, _) = numbers.prove(Output::Revealed);
    let encoded: Vec<[u8; 32]> = rows[0].iter().map(point_to_bytes).collect();
    let kinds = [Kind::Picture, Kind::Model, Kind::Template, Kind::DataSet];
    let of = [Bounds::BYTE, bounds(0, 100), bounds(-1, 100), bounds(0, 101)];
    let all: Vec<[u8; 32]> = kinds.iter().flat_map(|k| of.map(|b| value_root(*k, b, &layout, &encoded))).collect();
    for (i, one) in all.iter().enumerate() {
        assert!(!all[..i].contains(one), "{i}");
    }
    // What cameras sign.
    assert_eq!(value_root(Kind::Picture, Bounds::BYTE, &layout, &encoded), root(&layout, &rows[0]));
}

#[test]
fn rows_of_one_kind_are_not_taken_for_another() {
    let d = dims(1, 2, 3);
    let (relation, rows, proved) = doubled(Kind::Model, d, bounds(0, 100)).prove(Output::Revealed);
    judge(&relation, &rows, &proved.output, &proved.proof).expect("accepted");
    for (kind, of) in [(Kind::Template, bounds(0, 100)), (Kind::Picture, bounds(0, 100)), (Kind::Model, bounds(-1, 100))] {
        let other = doubled(kind, d, of).relation(Output::Revealed);
        assert!(judge(&other, &rows, &proved.output, &proved.proof).is_err(), "{kind:?} {of:?}");
    }
    // Neither is a hidden output, though its cells and rows are the same.
    let numbers = doubled(Kind::Picture, d, Bounds::BYTE);
    let (relation, rows, proved) = numbers.prove(Output::Hidden(Kind::Template));
    judge(&relation, &rows, &proved.output, &proved.proof).expect("accepted");
    let other = numbers.relation(Output::Hidden(Kind::Picture));
    assert!(judge(&other, &rows, &proved.output, &proved.proof).is_err());
    assert_ne!(relation.output_root(&proved.output_rows), other.output_root(&proved.output_rows));
}

#[test]
fn a_hidden_output_is_the_next_statements_input_by_one_root() {
    let d = dims(1, 2, 3);
    let first = doubled(Kind::Picture, d, Bounds::BYTE);
    let (relation, _, proved) = first.prove(Output::Hidden(Kind::Template));
    let root = relation.output_root(&proved.output_rows).expect("hidden");
    let next = |kind, of| doubled(kind, d, of).relation(Output::Revealed).input_roots(&[&proved.output_rows])[0];
    assert_eq!(next(Kind::Template, bounds(0, 510)), root);
    assert_ne!(next(Kind::Template, bounds(0, 255)), root, "fewer values than the output may have");
    assert_ne!(next(Kind::Picture, bounds(0, 510)), root);
    // A picture's is what a chain of edits knows it by.
    let case = Case::new(dims(3, 4, 5), |d| vec![flip(d)]);
    let proved = case.prove(Output::Hidden(Kind::Picture));
    let relation = case.relation(Output::Hidden(Kind::Picture));
    assert_eq!(relation.output_root(&proved.output_rows), Some(root_of(&relation, &proved.output_rows)));
}

fn root_of(relation: &Relation, rows: &[zkimg_group::field::Affine]) -> [u8; 32] {
    root(&Layout::new(relation.output, relation.m), rows)
}

#[test]
fn a_shown_value_has_one_digest_however_it_is_kept() {
    let d = dims(1, 2, 3);
    let values = [0, 1, 2, 253, 254, 255];
    let digest = |of: Bounds, cells: &Cells| *Pixels::of_cells(d, of, cells.view()).digest();
    let kept = [
        Cells::U8(values.map(|v| v as u8).to_vec()),
        Cells::U16(values.map(|v| v as u16).to_vec()),
        Cells::U32(values.map(|v| v as u32).to_vec()),
        Cells::I16(values.map(|v| v as i16).to_vec()),
        Cells::I64(values.to_vec()),
    ];
    for of in [Bounds::BYTE, bounds(0, 300), bounds(-1, 255)] {
        assert!(kept.iter().all(|cells| digest(of, cells) == digest(of, &kept[0])));
    }
    assert_ne!(digest(Bounds::BYTE, &kept[0]), digest(bounds(0, 300), &kept[0]));
    // So a proof is accepted with the pixels in any type, and with bytes alone.
    let case = Case::new(d, |d| vec![flip(d)]);
    let proved = case.prove(Output::Revealed);
    let relation = case.relation(Output::Revealed);
    let shown = |cells: CellsRef<'_>| {
        verify(&relation, CONTEXT, &[&case.rows], Pixels::of_cells(d, relation.output_bounds, cells), &proved.proof).map(|_| ())
    };
    let pixels = proved.pixels();
    assert_eq!(shown(CellsRef::U16(&pixels.iter().map(|p| u16::from(*p)).collect::<Vec<_>>())), Ok(()));
    let larger: Vec<u16> = pixels.iter().map(|p| u16::from(*p) + 256).collect();
    assert_eq!(shown(CellsRef::U16(&larger)), Err(Reject::Shape("size of the output")));
    let other = Pixels::of_cells(d, bounds(0, 256), CellsRef::U8(pixels));
    let outcome = verify(&relation, CONTEXT, &[&case.rows], other, &proved.proof).map(|_| ());
    assert_eq!(outcome, Err(Reject::Shape("size of the output")));
}

#[test]
fn everything_that_checking_reads_is_counted() {
    let work = |numbers: &Numbers| numbers.relation(Output::Hidden(Kind::Template)).work();
    // A map is evaluated for each form that limbs make of it.
    let divided = |divisor: u64| matrices(3, 200, 4, End::Divided(divisor), false);
    let one = divided(1 << 16).graph.work();
    let rows = |numbers: &Numbers| work(numbers) - 256 * tensor_rows(numbers);
    assert!(rows(&divided(1 << 32)) >= one && rows(&divided((1 << 32) + 1)) >= 2 * one);
    // Tables by their entries.
    let looked = matrices(3, 2, 4, End::Looked, false);
    assert!(rows(&looked) >= looked.graph.work() + 2 * 2 * 60);
    assert!(work(&depthwise(3, 3, 6, 2, End::Plain)) > 0);
    // Public cells, as often as they are read.
    let d = dims(1, 1 << 10, 1 << 10);
    let read = |times: usize| {
        let mut graph = Graph::new();
        let x = graph.input(Kind::Picture, dims(1, 1, 1), Bounds::BYTE, false).expect("an input");
        let public = graph.public(d, bounds(-1, 0), Arc::new(Cells::I64(vec![0; d.cells()]))).expect("a value");
        let one = |cells: Dims| {
            let axis = |n: usize| zkimg_graph::linear::AxisMap::interval(n, 0..1);
            LinearMap::spatial(cells, false, axis(cells.height), axis(cells.width))
        };
        let mut terms = vec![(x, one(dims(1, 1, 1)))];
        terms.extend((0..times).map(|_| (public, one(d))));
        graph.single(bounds(-(1 << 20), 1 << 20), Part { terms, ..whole(dims(1, 1, 1)) }).expect("a node");
        Relation::of_graph(graph, MIN_ROW_BITS, Output::Revealed).map(|relation| relation.work())
    };
    assert!(read(1).expect("a relation") >= 1 << 20);
    assert!(matches!(read(65), Err(BadRelation::Work(work, MAX_GRAPH_WORK)) if work > MAX_GRAPH_WORK));
}

fn tensor_rows(numbers: &Numbers) -> usize {
    numbers.relation(Output::Hidden(Kind::Template)).tensors.iter().map(|t| t.rows.len()).sum()
}
