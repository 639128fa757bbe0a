//! Hidden messages, their circuit and their link: what is committed late, stands in no equation or in the wrong slot.

use super::{LINK, VALUE, false_output, refused, whole};
use crate::support::forger::{Forger, Lie};
use crate::support::replay::{Class as Element, replay};
use crate::support::{self, CONTEXT, Case, contrast, crop, dims, flip};
use ff::Field;
use group::Group;
use zkimg_graph::graph::Kind;
use zkimg_graph::tensor::CellsRef;
use zkimg_group::field::{Affine, F, point_from_bytes, point_to_bytes, scalar_from_bytes};
use zkimg_group::generators::Generators;
use zkimg_group::msm::{msm, to_affine};
use zkimg_proof::channel::{SLOTS, Turn};
use zkimg_proof::circuit::{BLINDED_ROWS, COEFFICIENTS, Class, Coefficients, MAX_MESSAGES, lagrange};
use zkimg_proof::equations::Batch;
use zkimg_proof::relation::Output;
use zkimg_proof::verify::Reject;

/// A false proof whose circuit has a witness that nobody committed to, then one commitment chosen after `x` so that
/// the link holds. Only absorbing it before `x` prevents this.
fn adapted(class: Element, which: usize) -> Option<Reject> {
    let mut forger = false_output(Lie::Circuit);
    let mut proof = forger.prove();
    let first = replay(&forger.relation, CONTEXT, &[forger.input_rows()], forger.shown().view(), &proof);
    assert!(!first.link_holds && first.opened_value_holds && first.opening_holds);
    // Messages in the order in which they are sent, the unusable rows last.
    let kinds = [Element::LayerEnd, Element::LayerRound, Element::LinearRound, Element::Evaluation, Element::Tail, Element::RootInverse];
    let messages: Vec<_> = first.elements.iter().filter(|e| kinds.contains(&e.class)).collect();
    let place = messages.iter().position(|e| e.offset == first.offsets(class)[which]).expect("a message");
    let scalars = halo2_scalars(&first.elements, &proof);
    let g = Generators::load().expect("generators");
    let point = |at: usize| point_from_bytes(proof[at..at + 32].try_into().expect("32 bytes")).expect("a point");
    // What is missing on the left side of the link.
    let committed: Vec<Affine> = messages.iter().map(|e| point(e.offset)).collect();
    let mut points = committed.clone();
    let mut weights = first.link.clone();
    points.extend((0..4).map(|i| g.rows(4)[i]));
    weights.extend((0..4).map(|i| -scalars[i]));
    let blinder = first.offsets(Element::LinkBlinder)[0];
    points.push(g.h);
    weights.push(-scalar_at(&proof, blinder));
    let missing = msm(&weights, &points);
    assert!(!bool::from(missing.is_identity()));
    let scale = first.link[place].invert().expect("not zero");
    let better = to_affine(&[zkimg_group::field::Point::from(committed[place]) - missing * scale])[0];
    proof[first.offsets(class)[which]..][..32].copy_from_slice(&point_to_bytes(&better));
    forger.judge_bytes(&proof).err()
}

fn scalar_at(proof: &[u8], at: usize) -> F {
    scalar_from_bytes(proof[at..at + 32].try_into().expect("32 bytes")).expect("a scalar")
}

fn halo2_scalars(elements: &[support::replay::Element], proof: &[u8]) -> Vec<F> {
    let scalars = elements.iter().filter(|e| e.class == Element::Circuit && !e.point);
    scalars.map(|e| scalar_at(proof, e.offset)).collect()
}

#[test]
fn a_commitment_chosen_after_x_is_refused() {
    for (class, which) in
        [(Element::Tail, 0), (Element::Tail, BLINDED_ROWS - 1), (Element::LayerEnd, 0), (Element::LayerRound, 0), (Element::LinearRound, 2)]
    {
        assert_eq!(adapted(class, which), Some(Reject::Equations), "{class:?}");
    }
}

#[test]
fn every_challenge_is_drawn_in_the_documented_order() {
    for output in [Output::Revealed, Output::Hidden(Kind::Picture)] {
        for case in [whole(), Case::new(dims(3, 4, 5), |d| vec![flip(d)])] {
            let proved = case.prove(output);
            let picture = if output == Output::Hidden(Kind::Picture) { &[][..] } else { proved.pixels() };
            let again = replay(&case.relation(output), CONTEXT, &[&case.rows], CellsRef::U8(picture), &proved.proof);
            assert!(again.link_holds && again.opened_value_holds && again.opening_holds);
        }
    }
}

#[test]
fn junk_in_an_unused_row_is_refused() {
    let mut forger = Forger::new(&whole(), Output::Revealed);
    forger.junk_row = F::ONE;
    refused(&mut forger, LINK);
}

#[test]
fn blinders_that_were_not_foretold_are_refused() {
    let mut forger = Forger::new(&whole(), Output::Revealed);
    forger.wrong_tail = F::ONE;
    refused(&mut forger, LINK);
}

#[test]
fn a_circuit_without_equations_is_refused() {
    let mut forger = false_output(Lie::None);
    forger.batched = Box::new(|batch| {
        batch.constant = F::ZERO;
        batch.linear.fill(Default::default());
        batch.products.fill(Default::default());
    });
    refused(&mut forger, Reject::Equations);
}

#[test]
fn every_column_of_coefficients_is_the_verifiers() {
    // In a row whose message is zero they change no equation.
    for column in 0..COEFFICIENTS {
        let mut forger = Forger::new(&whole(), Output::Revealed);
        let unused = forger.unused();
        forger.batched = Box::new(move |batch| {
            batch.linear.resize(unused + 1, Default::default());
            batch.products.resize(unused + 1, Default::default());
            match column.checked_sub(SLOTS) {
                None => batch.linear[unused][column] = F::ONE,
                Some(d) => batch.products[unused][d] = F::ONE,
            }
        });
        refused(&mut forger, Reject::Equations);
    }
}

#[test]
fn blinded_coefficients_are_refused() {
    let mut forger = Forger::new(&whole(), Output::Revealed);
    forger.blind_coefficients = true;
    refused(&mut forger, Reject::Equations);
}

#[test]
fn a_zero_denominator_is_refused() {
    // (0, p1, 0, q1) satisfies p0·q1 + p1·q0 = 0 for any p1; every later equation is fitted to it, but for t = q0·q1 and t·(1/t) = 1:
    // a lie about either breaks it.
    for product in [F::ZERO, F::ONE] {
        let mut forger = Forger::new(&whole(), Output::Revealed);
        forger.lie = Lie::Messages;
        forger.patch = Box::new(move |turn, message| match turn {
            Turn::Root => message[2] = F::ZERO,
            Turn::RootInverse => (message[2], message[3]) = (product, F::ONE),
            _ => {}
        });
        refused(&mut forger, Reject::Equations);
    }
}

#[test]
fn an_evaluation_stands_in_slot_zero_alone() {
    // In circuits of several sizes.
    let small = Case::new(dims(3, 4, 5), |d| vec![crop(d, 1, 1, 3, 2)]);
    let tone = Case::new(dims(1, 4, 5), |d| vec![contrast(d, 1.5)]);
    for (case, slot) in [(whole(), 1), (whole(), 2), (whole(), 3), (small, 3), (tone, 1)] {
        let mut forger = Forger::new(&case, Output::Revealed);
        let last = forger.tensors.len() - 1;
        forger.patch = Box::new(move |turn, message| {
            if matches!(turn, Turn::Evaluation { t, .. } if t == last.min(1)) {
                message[slot] = F::ONE;
            }
        });
        refused(&mut forger, VALUE);
    }
}

#[test]
fn an_equation_that_fails_alone_is_refused() {
    // The root's, a layer's and the linear one's turn in the batch.
    let turns: [fn(&Turn<'_>) -> bool; 4] = [
        |turn| matches!(turn, Turn::Root),
        |turn| matches!(turn, Turn::LayerEnd { .. }),
        |turn| matches!(turn, Turn::LinearRound { previous: None, .. }),
        |turn| matches!(turn, Turn::Evaluation { t: 2, .. }),
    ];
    for (message, turn_is) in turns.into_iter().enumerate() {
        let mut forger = Forger::new(&whole(), Output::Revealed);
        forger.patch = Box::new(move |turn, m| {
            if turn_is(&turn) {
                m[0] += F::ONE;
            }
        });
        let refusal = forger.judge().err();
        assert!(matches!(refusal, Some(Reject::Equations)), "{message}: {refusal:?}");
    }
}

#[test]
fn more_messages_than_rows_are_refused() {
    assert!(Coefficients::new(&Batch::empty(MAX_MESSAGES)).is_some());
    assert!(Coefficients::new(&Batch::empty(MAX_MESSAGES + 1)).is_none(), "the last row holds the constant");
}

#[test]
fn an_evaluation_point_among_the_rows_is_refused() {
    for class in Class::all() {
        assert!(lagrange(class, F::ONE).is_none());
        assert!(lagrange(class, -F::ONE).is_none());
        let basis = lagrange(class, F::from(3)).expect("no root of unity");
        assert_eq!(basis.len(), class.rows());
        assert_eq!(basis.iter().sum::<F>(), F::ONE);
    }
}
