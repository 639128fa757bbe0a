//! Graphs beyond chains: products of hidden tensors, divisors beyond one lookup, signed values. Each proved, and each forged.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

mod bounds;
mod products;
mod remainders;
mod statement;

use crate::support::CONTEXT;
use crate::support::forger::{Forger, Lie};
use crate::support::graphs::{End, Numbers, depthwise, dims, elementwise, judge, matrices, public_matrix, residual};
use crate::support::replay::replay;
use zkimg_graph::graph::{Kind, Output};
use zkimg_graph::tensor::Cells;
use zkimg_group::field::from_i64;
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
