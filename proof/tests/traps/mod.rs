//! What a cheat would try: each attempt is refused by the check that is there for it.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

mod cells;
mod messages;
mod statement;

use crate::support::forger::{Forger, Lie};
use crate::support::{CONTEXT, Case, crop, dims, luma, sharpen};
use zkimg_graph::graph::Kind;
use zkimg_graph::step::Step;
use zkimg_graph::tensor::{CellsRef, Dims};
use zkimg_proof::prove::{Input, ProveError, prove};
use zkimg_proof::relation::Output;
use zkimg_proof::verify::Reject;

const LINK: Reject = Reject::Group("link to the circuit");

const VALUE: Reject = Reject::Group("opened value");

const OPENING: Reject = Reject::Group("opening of the pixels");

fn two_steps(d: Dims) -> Vec<Step> {
    let grey = luma(d);
    let sharp = sharpen(grey.output());
    vec![grey, sharp]
}

/// Every kind of tensor: input, hidden picture, committed excesses, multiplicities.
fn whole() -> Case {
    Case::new(dims(3, 3, 5), two_steps)
}

fn refused(forger: &mut Forger, by: Reject) {
    assert_eq!(forger.judge().err(), Some(by));
}

/// A forger that claims another pixel in the published picture.
fn false_output(lie: Lie) -> Forger {
    let mut forger = Forger::new(&whole(), Output::Revealed);
    forger.output[4] ^= 8;
    forger.count();
    forger.lie = lie;
    forger
}

#[test]
fn the_reference_prover_is_accepted() {
    for output in [Output::Revealed, Output::Hidden(Kind::Picture)] {
        for lie in [Lie::None, Lie::Messages, Lie::Opening, Lie::Circuit] {
            let mut forger = Forger::new(&whole(), output);
            assert_eq!(forger.count(), 0);
            forger.lie = lie;
            forger.judge().expect("true cells need no lie");
        }
    }
    Forger::new(&Case::new(dims(3, 4, 5), |d| vec![crop(d, 1, 1, 3, 2)]), Output::Revealed).judge().expect("accepted");
}

#[test]
fn a_false_output_breaks_the_equations_the_opening_or_the_link() {
    refused(&mut false_output(Lie::None), Reject::Equations);
    refused(&mut false_output(Lie::Messages), VALUE);
    refused(&mut false_output(Lie::Opening), OPENING);
    refused(&mut false_output(Lie::Circuit), LINK);
}

#[test]
fn the_prover_checks_its_own_proof() {
    let case = whole();
    let other = Case::new(case.dims, two_steps);
    let input = Input { cells: CellsRef::U8(&case.cells), blinders: &case.blinders, rows: &other.rows };
    let refused = prove(&case.relation(Output::Revealed), CONTEXT, &[input]).err();
    assert!(matches!(refused, Some(ProveError::SelfCheck(Reject::Group("opening of the pixels")))), "{refused:?}");
}
