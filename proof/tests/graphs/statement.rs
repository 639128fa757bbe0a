//! What a proof of a graph is about: every value, in its place.

use crate::support::graphs::{
    End, Numbers, WEIGHT, bounds, cells, depthwise, dims, elementwise, judge, matrices, product, public_matrix, whole,
};
use std::sync::Arc;
use zkimg_graph::contraction::{Access, Contraction, Route};
use zkimg_graph::graph::{Function, Graph, Kind, Output, Part, Results};
use zkimg_graph::linear::LinearMap;
use zkimg_graph::tensor::{Bounds, Cells};
use zkimg_group::generators::MIN_ROW_BITS;
use zkimg_proof::relation::Relation;
use zkimg_proof::verify::Reject;

#[test]
fn inputs_of_one_shape_do_not_change_places() {
    let d = dims(1, 2, 3);
    let mut graph = Graph::new();
    let (a, b) = (
        graph.input(Kind::Picture, d, Bounds::BYTE, false).expect("an input"),
        graph.input(Kind::Picture, d, Bounds::BYTE, false).expect("an input"),
    );
    let terms = vec![(a, LinearMap::identity(d)), (b, LinearMap::identity(d))];
    graph.single(bounds(0, 510), Part { terms, ..whole(d) }).expect("a node");
    let numbers = Numbers { graph, inputs: vec![cells(d, Bounds::BYTE, 3), cells(d, Bounds::BYTE, 5)] };
    let (relation, mut rows, proved) = numbers.prove(Output::Revealed);
    judge(&relation, &rows, &proved.output, &proved.proof).expect("accepted");
    // A sum is the same either way; the statement is not.
    rows.swap(0, 1);
    assert_eq!(judge(&relation, &rows, &proved.output, &proved.proof).err(), Some(Reject::Equations));
}

#[test]
fn every_public_value_is_in_the_statement() {
    let of = |numbers: &Numbers, output| numbers.relation(output).digest();
    let base = matrices(3, 2, 4, End::Divided(300), false);
    let mut all = vec![of(&base, Output::Revealed), of(&base, Output::Hidden(Kind::Picture))];
    for other in [
        matrices(3, 2, 4, End::Divided(301), false),
        matrices(3, 2, 4, End::Divided(300), true),
        matrices(3, 2, 4, End::Clamped(300), false),
        matrices(3, 4, 4, End::Divided(300), false),
        public_matrix(3, 2, 4, End::Divided(300)),
        depthwise(3, 3, 6, 2, End::Plain),
        depthwise(3, 3, 6, 3, End::Plain),
        elementwise(dims(1, 3, 5), End::Plain),
    ] {
        all.push(of(&other, Output::Revealed));
    }
    // A public weight, its bounds, the owner of a value, a transposed operand, a word of a table.
    let d = dims(1, 2, 2);
    let table = |weight: i64, public: bool, exchanged: bool, word: i16| {
        let mut graph = Graph::new();
        let x = graph.input(Kind::Picture, d, Bounds::BYTE, false).expect("an input");
        let cells = Arc::new(Cells::narrowest(&[weight, 2, 3, 4], bounds(0, 7)));
        let w = if public {
            graph.public(d, bounds(0, 7), cells).expect("a value")
        } else {
            graph.input(Kind::Picture, d, bounds(0, 7), false).expect("an input")
        };
        let (left, right) = if exchanged { (x, w) } else { (w, x) };
        let products = vec![product(Contraction::matrix(2, 2, 2).expect("a product"), left, right)];
        let most = 2 * 255 * 7;
        let values: Vec<i16> = (-most..=most).map(|q| if q == 9 { word } else { (q % 99) as i16 }).collect();
        let function = Function::Table { first: -most, values: Results::Words(values.into()) };
        graph.single(bounds(i16::MIN.into(), i16::MAX.into()), Part { products, function, ..whole(d) }).expect("a node");
        Relation::of_graph(graph, MIN_ROW_BITS, Output::Revealed).expect("a relation").digest()
    };
    all.extend([
        table(1, true, false, 5),
        table(2, true, false, 5),
        table(1, false, false, 5),
        table(1, true, true, 5),
        table(1, true, false, 6),
    ]);
    // Of the same shapes and the same tables: how an operand's indices meet, which divisor stands where, what an input lies between.
    let digest = |graph: Graph| Relation::of_graph(graph, MIN_ROW_BITS, Output::Revealed).expect("a relation").digest();
    let meeting = |[y, x]: [usize; 2]| {
        let mut graph = Graph::new();
        let access = |y, x| Access { dims: d, routes: [Route::single(), Route::plain(y, 2), Route::plain(x, 2)] };
        let contraction = Contraction::new(vec![2, 2, 2], [None, Some(0), Some(2)], [access(y, x), access(1, 2)]).expect("a product");
        let (w, x) = (graph.input(Kind::Model, d, WEIGHT, false).expect("an input"), graph.input(Kind::Picture, d, Bounds::BYTE, false));
        let products = vec![product(contraction, w, x.expect("an input"))];
        graph.single(bounds(-(1 << 16), 1 << 16), Part { products, ..whole(d) }).expect("a node");
        digest(graph)
    };
    let divided = |divisors: [u64; 4], most: i64| {
        let mut graph = Graph::new();
        let mut x = graph.input(Kind::Picture, d, bounds(0, most), false).expect("an input");
        for divisor in divisors {
            x = graph.single(Bounds::BYTE, Part { terms: vec![(x, LinearMap::identity(d))], divisor, ..whole(d) }).expect("a node");
        }
        digest(graph)
    };
    all.extend([meeting([0, 1]), meeting([1, 0])]);
    all.extend([divided([2, 3, 2, 3], 255), divided([2, 3, 3, 2], 255), divided([2, 3, 2, 3], 254)]);
    for (i, one) in all.iter().enumerate() {
        assert!(all[..i].iter().all(|other| other != one), "{i}");
    }
}
