//! Whoever watches a proof hears of every phase in order, and can stop it.

use crate::support::graphs::{End, matrices};
use crate::support::{CONTEXT, Case, contrast, crop, dims};
use std::cell::{Cell, RefCell};
use zkimg_graph::graph::Output;
use zkimg_proof::observer::{Observer, Phase};
use zkimg_proof::prove::{ProveError, prove_watched};

/// Notes phases; stops when it is asked for the n-th time.
#[derive(Default)]
struct Watch {
    phases: RefCell<Vec<Phase>>,
    asked: Cell<usize>,
    stop_at: Option<usize>,
}

impl Observer for Watch {
    fn phase(&self, phase: Phase) {
        self.phases.borrow_mut().push(phase);
    }

    fn stops(&self) -> bool {
        self.asked.set(self.asked.get() + 1);
        self.stop_at.is_some_and(|n| self.asked.get() >= n)
    }
}

#[test]
fn every_phase_is_told_once_and_in_order() {
    let case = Case::new(dims(3, 4, 5), |d| vec![contrast(d, 1.5)]);
    let watch = Watch::default();
    prove_watched(&case.relation(Output::Revealed), CONTEXT, &[case.input()], &watch).expect("a proof");
    use Phase::{Checking, Circuit, Committing, Computing, Linear, Lookups, Opening};
    assert_eq!(*watch.phases.borrow(), [Computing, Committing, Lookups, Linear, Circuit, Opening, Checking]);
    let products = matrices(2, 3, 2, End::Plain, false).phases();
    assert_eq!(products, [Computing, Committing, Phase::Products, Linear, Circuit, Opening, Checking]);
}

#[test]
fn a_proof_stops_where_it_is_told_to() {
    let case = Case::new(dims(3, 4, 5), |d| vec![crop(d, 1, 1, 3, 2)]);
    let relation = case.relation(Output::Revealed);
    let prove = |stop_at| {
        let watch = Watch { stop_at, ..Watch::default() };
        (prove_watched(&relation, CONTEXT, &[case.input()], &watch).map(|proved| proved.proof.len()), watch.asked.get())
    };
    let (whole, asked) = prove(None);
    assert!(whole.is_ok() && asked > 10);
    for n in [1, 2, 5, asked - 1, asked] {
        let (stopped, asked) = prove(Some(n));
        assert!(matches!(stopped, Err(ProveError::Stopped)), "{n}");
        assert_eq!(asked, n, "and nothing is done after it");
    }
}

/// Allows so many bytes.
struct Allows(usize);

impl Observer for Allows {
    fn phase(&self, _: Phase) {}

    fn memory(&self) -> Option<usize> {
        Some(self.0)
    }
}

/// The form of a proof is the statement's alone: its length does not tell in how much memory it was made.
#[test]
fn less_memory_gives_the_same_form_of_proof_and_too_little_none() {
    let case = Case::new(dims(3, 70, 90), |d| vec![contrast(d, 1.5)]);
    let relation = case.relation(Output::Revealed);
    let prove = |bytes| prove_watched(&relation, CONTEXT, &[case.input()], &Allows(bytes));
    let least = relation.memory(Some(0));
    let most = relation.memory(Some(usize::MAX));
    assert!(least < most && relation.memory(Some(least)) == least && relation.memory(Some(least - 1)) > least - 1);
    let lengths: Vec<usize> =
        [least, (least + most) / 2, most, usize::MAX].map(|bytes| prove(bytes).expect("a proof").proof.len()).to_vec();
    assert!(lengths.iter().all(|length| *length == lengths[0]), "{lengths:?}");
    assert!(matches!(prove(least - 1), Err(ProveError::Memory(_))));
}

impl crate::support::graphs::Numbers {
    fn phases(&self) -> Vec<Phase> {
        let watch = Watch::default();
        self.prove_watched(Output::Revealed, &watch);
        watch.phases.into_inner()
    }
}
