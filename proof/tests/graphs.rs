//! Graphs beyond chains: products of hidden tensors, divisors beyond one lookup, signed values. Each proved, and each forged.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

mod support;

use ff::Field;
use std::sync::Arc;
use support::CONTEXT;
use support::forger::{Forger, Lie, padding};
use support::graphs::{
    End, Numbers, WEIGHT, bounds, cells, depthwise, dims, divided, elementwise, judge, matrices, product, public_matrix, residual, whole,
};
use support::replay::replay;
use zkimg_graph::contraction::{Access, Contraction, Route};
use zkimg_graph::graph::{BadNode, Function, Graph, Kind, Output, Part, Results};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap};
use zkimg_graph::tensor::{Bounds, Cells};
use zkimg_group::field::{F, from_i64};
use zkimg_group::generators::MIN_ROW_BITS;
use zkimg_proof::channel::Turn;
use zkimg_proof::relation::{Operand, Relation, Values};
use zkimg_proof::verify::Reject;

const VALUE: Reject = Reject::Group("opened value");
const OUTPUTS: [Output; 2] = [Output::Revealed, Output::Hidden(Kind::Picture)];

/// Every kind of node, and for products every kind of form they occur in.
fn every() -> Vec<(&'static str, Numbers)> {
    let mut all = Vec::new();
    for end in [End::Plain, End::Divided(300), End::Clamped(256), End::Looked] {
        all.push(("matrices", matrices(3, 2, 4, end, false)));
        all.push(("depthwise", depthwise(3, 3, 6, 2, end)));
        all.push(("elementwise", elementwise(dims(2, 3, 5), end)));
        all.push(("public matrix", public_matrix(3, 2, 4, end)));
    }
    all.push(("residual", residual(3, 4, 64)));
    all
}

/// The same where remainders take several limbs; their tables make these slower.
fn large() -> Vec<(&'static str, Numbers)> {
    vec![
        ("2^24, clamped", matrices(3, 40, 2, End::Clamped(1 << 24), false)),
        ("2^24, divided", depthwise(2, 3, 5, 1, End::Divided(1 << 24))),
        ("65537", elementwise(dims(1, 2, 3), End::Divided(65_537))),
        ("checked inputs", matrices(2, 3, 2, End::Divided(7), true)),
    ]
}

#[test]
fn every_graph_is_proved_revealed_and_hidden() {
    for (name, numbers) in every().into_iter().chain(large()) {
        for output in OUTPUTS {
            let (relation, rows, proved) = numbers.prove(output);
            judge(&relation, &rows, &proved.output, &proved.proof).unwrap_or_else(|reject| panic!("{name}, {output:?}: {reject}"));
            let input: Vec<&[_]> = rows.iter().map(|rows| &rows[..]).collect();
            let none = Cells::U8(Vec::new());
            let shown = if output == Output::Hidden(Kind::Picture) { &none } else { &proved.output };
            let again = replay(&relation, CONTEXT, &input, shown.view(), &proved.proof);
            assert!(again.link_holds && again.opened_value_holds && again.opening_holds, "{name}");
        }
    }
}

#[test]
fn the_outputs_are_what_the_nodes_say() {
    let sums = |numbers: &Numbers, rows: usize, inner: usize, columns: usize| -> Vec<i64> {
        let [w, x] = &numbers.inputs[..] else { panic!("two inputs") };
        let cell = |i: usize| (0..inner).map(|k| w.get(i / columns * inner + k) * x.get(k * columns + i % columns)).sum();
        (0..rows * columns).map(cell).collect()
    };
    let check = |numbers: &Numbers, of: &dyn Fn(i64) -> i64| {
        let (_, _, proved) = numbers.prove(Output::Revealed);
        let expected: Vec<i64> = sums(numbers, 3, 2, 4).into_iter().map(of).collect();
        assert_eq!(proved.output.view().widened(), expected);
    };
    check(&matrices(3, 2, 4, End::Plain, false), &|v| v);
    check(&matrices(3, 2, 4, End::Divided(300), false), &|v| (v + 150).div_euclid(300));
    check(&matrices(3, 2, 4, End::Clamped(256), false), &|v| (v + 128).div_euclid(256).clamp(0, 255));
    check(&matrices(3, 2, 4, End::Looked, false), &|v| v * 37 % 30_011);
}

#[test]
fn the_reference_prover_is_accepted() {
    for (name, numbers) in every() {
        for output in OUTPUTS {
            for lie in [Lie::None, Lie::Messages] {
                let mut forger = numbers.forger(output);
                assert_eq!(forger.count(), 0, "{name}");
                forger.lie = lie;
                forger.judge().unwrap_or_else(|reject| panic!("{name}, {output:?}, {lie:?}: {reject}"));
            }
        }
    }
}

/// Another value of one output cell, revealed or hidden.
fn change(forger: &mut Forger, cell: usize, by: i64) {
    match forger.relation.hidden_output {
        None => forger.output[cell] += by,
        Some(t) => {
            let at = forger.at(t, cell);
            forger.tensors[t][at] += from_i64(by);
        }
    }
}

/// Where a cell may be changed by one within the bounds that the verifier looks at.
fn by(forger: &Forger, cell: usize) -> i64 {
    let at = |cell: usize| forger.output.get(cell).copied().unwrap_or(0);
    if at(cell) >= forger.relation.output_bounds.high { -1 } else { 1 }
}

#[test]
fn a_value_off_by_one_is_refused() {
    for (name, numbers) in every().into_iter().chain(large()) {
        for output in OUTPUTS {
            for cell in [0, 3] {
                let mut forger = numbers.forger(output);
                let by = by(&forger, cell);
                change(&mut forger, cell, by);
                forger.count();
                assert_eq!(forger.judge().err(), Some(Reject::Equations), "{name}, {output:?}, {cell}");
            }
        }
    }
}

#[test]
fn a_false_product_is_refused_wherever_the_lie_is_told() {
    for numbers in [matrices(3, 2, 4, End::Plain, false), depthwise(3, 3, 6, 2, End::Clamped(256))] {
        let judged = |lie| {
            let mut forger = numbers.forger(Output::Revealed);
            let by = by(&forger, 2);
            change(&mut forger, 2, by);
            forger.count();
            forger.lie = lie;
            forger.judge().err()
        };
        assert_eq!(judged(Lie::None), Some(Reject::Equations));
        assert_eq!(judged(Lie::Messages), Some(VALUE));
        assert_eq!(judged(Lie::Opening), Some(Reject::Group("opening of the pixels")));
        assert_eq!(judged(Lie::Circuit), Some(Reject::Group("link to the circuit")));
    }
}

/// With an old challenge to join the operands, a prover picks two whose product and whose sum are right, whatever the output is.
#[test]
fn operands_that_fit_an_old_challenge_are_refused() {
    let mut tried = 0;
    for cell in 0..12 {
        let mut forger = matrices(3, 2, 4, End::Plain, false).forger(Output::Revealed);
        let by = by(&forger, cell);
        change(&mut forger, cell, by);
        let (relation, shown) = (forger.relation.clone(), forger.shown());
        let gamma = std::rc::Rc::new(std::cell::Cell::new(F::ZERO));
        let (claim, found) = (std::rc::Rc::new(std::cell::RefCell::new(None)), std::rc::Rc::new(std::cell::Cell::new(false)));
        let (inner_gamma, inner_found, inner_claim) = (gamma.clone(), found.clone(), claim.clone());
        forger.patch = Box::new(move |turn, message| match turn {
            Turn::ProductSum { challenges } => {
                inner_gamma.set(challenges.gamma);
                // What makes the linear part right.
                message[0] = -relation.constant(challenges, shown.view());
                let scale = relation.instances(challenges)[0].scale;
                *inner_claim.borrow_mut() = Some((message[0], scale, [F::ZERO; 2]));
            }
            Turn::ProductRound { previous } => {
                if let (Some(s), Some((claim, _, round))) = (previous, inner_claim.borrow_mut().as_mut()) {
                    advance(claim, *round, s);
                }
                if let Some((.., round)) = inner_claim.borrow_mut().as_mut() {
                    *round = [message[0], message[1]];
                }
            }
            Turn::Operands { previous, .. } => {
                let mut state = inner_claim.borrow_mut();
                let Some((claim, scale, round)) = state.as_mut() else { return };
                if let Some(s) = previous {
                    advance(claim, *round, s);
                }
                // l·r = P and γ·l + γ²·r = Q.
                let gamma = inner_gamma.get();
                let product = *claim * scale.invert().expect("not zero");
                let sum = gamma * message[2] + gamma.square() * message[3];
                let root = (sum.square() - gamma.square() * gamma * product * F::from(4)).sqrt();
                if let Some(root) = Option::<F>::from(root) {
                    let left = (sum + root) * (gamma.double()).invert().expect("not zero");
                    let right = (sum - gamma * left) * gamma.square().invert().expect("not zero");
                    assert_eq!(left * right, product);
                    (message[2], message[3]) = (left, right);
                    inner_found.set(true);
                }
            }
            _ => {}
        });
        let refusal = forger.judge().err();
        assert_eq!(refusal, Some(Reject::Equations));
        tried += usize::from(found.get());
    }
    assert!(tried > 2, "such operands exist for every other output");
}

/// A round's claim with the challenge that answers it.
fn advance(claim: &mut F, [c1, c2]: [F; 2], s: F) {
    let half = F::from(2).invert().expect("not zero");
    *claim = *claim * half + c1 * (s - half) + c2 * (s.square() - half);
}

#[test]
fn junk_in_both_operands_changes_nothing_and_carries_no_lie() {
    let junk = |forger: &mut Forger| {
        let mut value = F::from(12_345);
        for t in 0..forger.tensors.len() {
            for at in padding(&forger.relation.tensors[t]) {
                value = value.square() + F::ONE;
                forger.tensors[t][at] = value;
            }
        }
    };
    let graphs = [
        matrices(2, 9, 3, End::Plain, false),
        matrices(1, 100, 1, End::Clamped(256), false),
        depthwise(3, 7, 5, 1, End::Plain),
        depthwise(3, 3, 7, 2, End::Divided(300)),
        depthwise(1, 5, 1, 1, End::Plain),
        elementwise(dims(3, 3, 5), End::Plain),
        public_matrix(3, 9, 1, End::Plain),
        residual(3, 5, 64),
    ];
    for (i, numbers) in graphs.into_iter().enumerate() {
        for output in OUTPUTS {
            let mut forger = numbers.forger(output);
            junk(&mut forger);
            assert_eq!(forger.count(), 0);
            // The junk of multiplicities was counted away.
            junk(&mut forger);
            forger.judge().unwrap_or_else(|reject| panic!("graph {i}, {output:?}: {reject}"));
        }
        for lie in [Lie::None, Lie::Messages, Lie::Opening] {
            let mut forger = numbers.forger(Output::Revealed);
            let by = by(&forger, 0);
            change(&mut forger, 0, by);
            forger.count();
            junk(&mut forger);
            forger.lie = lie;
            assert!(forger.judge().is_err(), "graph {i}, {lie:?}");
        }
    }
}

/// Junk beyond `k` whose product is just what an output lacks: it would count if operands were opened as they are.
#[test]
fn junk_that_makes_up_for_a_false_output_is_refused() {
    let numbers = matrices(1, 9, 1, End::Plain, false);
    for lie in [Lie::None, Lie::Messages] {
        let mut forger = numbers.forger(Output::Revealed);
        change(&mut forger, 0, -5);
        // The row of W and the column of X continue with zeros to 16.
        forger.tensors[0][9] = F::ONE;
        forger.tensors[1][9] = -F::from(5);
        forger.lie = lie;
        assert!(forger.judge().is_err());
    }
}

const DIVISORS: [u64; 9] = [
    (1 << 16) - 1,
    1 << 16,
    (1 << 16) + 1,
    (3 << 20) + 7,
    1 << 24,
    (1 << 32) + 1,
    // Whole limbs, but what is above the first is none.
    65_537 << 16,
    ((1 << 24) - 1) << 16,
    1 << 40,
];

fn some_values(divisor: u64) -> Vec<i64> {
    let d = divisor as i64;
    vec![0, d - 1, d, d + 1, 2 * d - 1, d / 2, d + d / 3, 65_535.min(d), d + 65_536.min(d - 1)]
}

/// What the limbs of a value are, one committed tensor after another: as compiling has it.
fn limbs(count: u64, value: i128, all: &mut Vec<i128>) {
    fn exact(count: u64) -> bool {
        count <= 1 << 16 || count.is_multiple_of(1 << 16) && exact(count >> 16)
    }
    if count <= 1 << 16 {
    } else if exact(count) {
        all.push(value >> 16);
        limbs(count >> 16, value >> 16, all);
    } else {
        limbs(count.next_power_of_two(), value, all);
        limbs(count.next_power_of_two(), i128::from(count) - 1 - value, all);
    }
}

#[test]
fn remainders_of_every_divisor_are_proved() {
    for divisor in DIVISORS {
        let values = some_values(divisor);
        let numbers = divided(divisor, &values);
        let mut forger = numbers.forger(Output::Revealed);
        let expected: Vec<i64> = values.iter().map(|v| v / divisor as i64).collect();
        assert_eq!(forger.output, expected, "{divisor}");
        assert_eq!(forger.count(), 0, "{divisor}");
        forger.judge().unwrap_or_else(|reject| panic!("{divisor}: {reject}"));
        for (t, tensor) in forger.tensors.iter().enumerate().skip(1).rev().skip(1).rev() {
            for (cell, value) in values.iter().enumerate() {
                let mut all = Vec::new();
                limbs(divisor, i128::from(value % divisor as i64), &mut all);
                assert_eq!(tensor[cell], from_i64(all[t - 1] as i64), "{divisor}");
            }
        }
    }
}

#[test]
fn a_remainder_out_of_its_range_has_no_limbs() {
    for divisor in DIVISORS {
        let values = some_values(divisor);
        for by in [-1, 1] {
            for cell in 0..values.len() {
                let mut forger = divided(divisor, &values).forger(Output::Revealed);
                forger.output[cell] += by;
                // r ± D, in the best limbs there are.
                let remainder = i128::from(values[cell] % divisor as i64) - i128::from(by) * i128::from(divisor);
                let mut all = Vec::new();
                limbs(divisor, remainder, &mut all);
                for (t, limb) in all.iter().enumerate() {
                    forger.tensors[t + 1][cell] = zkimg_group::field::from_i128(*limb);
                }
                assert!(forger.count() > 0, "{divisor}: {} by {by}", values[cell]);
                if cell == 2 {
                    let bounds = forger.relation.output_bounds;
                    if bounds.contain(forger.output[cell].into()) {
                        assert_eq!(forger.judge().err(), Some(Reject::Equations), "{divisor}");
                    }
                }
            }
        }
    }
}

#[test]
fn limbs_that_are_none_are_refused() {
    // Swapped, one too many, one below zero.
    for divisor in [(1 << 16) + 1, 1 << 24, (1 << 32) + 1] {
        let values = some_values(divisor);
        for limb in [65_536, -1, 40_000] {
            let mut forger = divided(divisor, &values).forger(Output::Revealed);
            forger.tensors[1][6] = from_i64(limb);
            assert!(forger.count() > 0, "{divisor}, {limb}");
            assert_eq!(forger.judge().err(), Some(Reject::Equations), "{divisor}, {limb}");
        }
    }
}

#[test]
fn limbs_have_lookups_of_their_own() {
    // All but the lowest 16 bits are committed; every committed limb is looked up by itself or as what it leaves.
    for (divisor, tensors, lookups) in
        [(1 << 16, 0, 1), ((1 << 16) + 1, 2, 4), (65_537 << 16, 4, 6), (1 << 24, 1, 2), ((1 << 32) + 1, 4, 6), (1 << 40, 2, 3)]
    {
        let relation = divided(divisor, &[0, 1]).relation(Output::Revealed);
        let longest = relation.tables.iter().map(|table| table.len()).max();
        assert!(longest <= Some(1 << 16), "tables stay at 2^16");
        assert_eq!((relation.tensors.len() - 2, relation.lookups.len()), (tensors, lookups), "{divisor}");
        for t in 1..relation.tensors.len() - 1 {
            let reads = |form: &zkimg_proof::relation::Form| form.terms.iter().any(|term| term.operand == Operand::Tensor(t));
            assert!(relation.lookups.iter().filter(|lookup| reads(&lookup.key)).count() >= 2, "limb {t} of {divisor}");
        }
    }
}

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
fn a_product_of_differences_stays_within_its_bounds() {
    // Σ ±x over two axes: 510 of bytes, though each axis alone takes no more than 255 of one sign.
    let difference = || {
        let map = AxisMap::new(2, [vec![Tap { input: 0, weight: 1 }, Tap { input: 1, weight: -1 }]]);
        Route { labels: Vec::new(), map }
    };
    let node = |most: i64| {
        let left = Access { dims: dims(1, 2, 2), routes: [Route::single(), difference(), difference()] };
        let right = Access { dims: dims(1, 1, 1), routes: [Route::single(), Route::single(), Route::single()] };
        let contraction = Contraction::new(Vec::new(), [None; 3], [left, right]).expect("a contraction");
        let mut graph = Graph::new();
        let x = graph.input(Kind::Picture, dims(1, 2, 2), Bounds::BYTE, false).expect("an input");
        let one = graph.input(Kind::Picture, dims(1, 1, 1), bounds(0, 1), false).expect("an input");
        let part = Part { products: vec![product(contraction, x, one)], ..whole(dims(1, 1, 1)) };
        graph.single(bounds(-most, most), part).map(|_| graph)
    };
    assert_eq!(node(255).err(), Some(BadNode::Table { low: -1020, high: 1020 }));
    let numbers = Numbers { graph: node(1020).expect("a node"), inputs: vec![Cells::U8(vec![255, 0, 0, 255]), Cells::U8(vec![1])] };
    let (relation, rows, proved) = numbers.prove(Output::Hidden(Kind::Picture));
    assert_eq!(proved.output.get(0), 510);
    judge(&relation, &rows, &proved.output, &proved.proof).expect("accepted");
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
