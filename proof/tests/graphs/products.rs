//! Products of two hidden tensors: joining challenges, junk beyond the real indices, bounds.

use super::{OUTPUTS, by, change};
use crate::support::forger::dense::padding;
use crate::support::forger::{Forger, Lie};
use crate::support::graphs::{
    End, Numbers, bounds, depthwise, dims, elementwise, judge, matrices, product, public_matrix, residual, whole,
};
use ff::Field;
use zkimg_graph::contraction::{Access, Contraction, Route};
use zkimg_graph::graph::{BadNode, Graph, Kind, Output, Part};
use zkimg_graph::linear::{AxisMap, Tap};
use zkimg_graph::tensor::{Bounds, Cells};
use zkimg_group::field::F;
use zkimg_proof::channel::Turn;
use zkimg_proof::verify::Reject;

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
