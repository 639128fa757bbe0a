//! A second verifier of a chain's proof, from its description: its own hashes, its own order, its own equations.
//!
//! Nothing here runs the crate's transcript, sponge, decider, opening, or the check of a chain. All equations are looked at, also after
//! one that fails; what the crate's verifier names first must be among them.

mod compact;
mod decider;
mod hashes;
mod tape;

use crate::chains::{CHAIN, of_proof, proof};
use crate::change::{Element, follow};
use crate::support::chain::{generators, parameters};
use compact::replay;
use ff::Field;
use pasta_curves::Fq;
use zkimg_group::field::F;
use zkimg_recursion::compact::{Known, verify};
use zkimg_recursion::decider::Refused;

/// What the replay calls the check that a refusal names.
fn name(refused: Refused) -> &'static str {
    match refused {
        Refused::Matrices => "matrices",
        Refused::Vectors => "vectors",
        Refused::Value => "opened value",
        Refused::Opening => "opening",
        Refused::Public => "no link",
        Refused::Bytes(_) => "form",
        other => panic!("refused for another reason: {other}"),
    }
}

/// Both verifiers' verdicts, which must be one; whether it is accepted.
fn judged(known: &Known, bytes: &[u8], what: &str) -> bool {
    let wrong = replay(parameters(), known, generators(), bytes);
    match verify(parameters(), known, generators(), bytes) {
        Ok(()) => assert_eq!(wrong, [""; 0], "{what}: accepted, and not by the replay"),
        Err(refused) => {
            let name = name(refused);
            // Bytes that are no proof end the replay before any equation, and may end the verifier after one.
            let form = wrong == ["form"];
            assert!(form || wrong.contains(&name), "{what}: refused for {name}, and the replay finds {wrong:?}");
            return false;
        }
    }
    true
}

#[test]
fn proofs_of_one_to_three_links_are_accepted_by_both() {
    for (after, links) in CHAIN.iter().zip(1..) {
        let bytes = proof(after, 9);
        assert_eq!(after.known.links, links);
        assert!(judged(&after.known, &bytes, "honest"));
        let others = [
            Known { links: 0, ..after.known },
            Known { links: links + 1, ..after.known },
            Known { start: after.known.start + F::ONE, ..after.known },
            Known { history: after.known.history + F::ONE, ..after.known },
            Known { picture: after.known.picture + Fq::ONE, ..after.known },
        ];
        others.iter().for_each(|known| assert!(!judged(known, &bytes, "of another chain")));
    }
}

#[test]
fn both_refuse_changed_elements() {
    changed(ELEMENTS_APART);
}

#[test]
#[ignore = "takes minutes; `cargo test -p zkimg-recursion --release --test tests -- --ignored replay`"]
fn both_refuse_every_changed_element() {
    changed(1);
}

/// Elements moved by one or a generator, each or some.
fn changed(apart: usize) {
    let (known, honest) = (&CHAIN[1].known, proof(&CHAIN[1], 9));
    let elements: Vec<Element> = of_proof().into_iter().enumerate().map(|(i, kind)| Element { kind, at: 32 * i }).collect();
    assert_eq!(honest.len(), 32 * elements.len());
    for (i, element) in elements.iter().enumerate().step_by(apart) {
        let mut bytes = honest.clone();
        // The instruction that adds one, or a generator.
        follow(&mut bytes, std::slice::from_ref(element), &[], &[12, 0, 0, 0, 0, 2, 0, 0]);
        assert_ne!(bytes, honest, "element {i}");
        assert!(!judged(known, &bytes, &format!("element {i}")));
    }
    assert!(!judged(known, &honest[..honest.len() - 32], "cut"));
    assert!(!judged(known, &[&honest[..], &[0; 32]].concat(), "with more behind it"));
}

#[test]
fn both_judge_damaged_proofs_alike() {
    let (known, honest) = (&CHAIN[1].known, proof(&CHAIN[1], 9));
    let others = [proof(&CHAIN[0], 9), proof(&CHAIN[1], 10), proof(&CHAIN[2], 9)];
    let elements: Vec<Element> = of_proof().into_iter().enumerate().map(|(i, kind)| Element { kind, at: 32 * i }).collect();
    let mut state = 7u64;
    for trial in 0..TRIALS {
        let mut bytes = honest.clone();
        let instructions: Vec<u8> = (0..8 * (1 + trial % 2)).map(|_| next(&mut state)).collect();
        follow(&mut bytes, &elements, &others, &instructions);
        let accepted = judged(known, &bytes, &format!("trial {trial}"));
        assert_eq!(accepted, bytes == honest || bytes == others[1], "trial {trial}");
    }
}

/// Damaged proofs that both judge.
const TRIALS: usize = 40;
/// How far apart the elements are that are changed one by one, for time.
const ELEMENTS_APART: usize = 13;

/// Knuth's linear congruences: reproducible, and nothing more is asked of them.
fn next(state: &mut u64) -> u8 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 56) as u8
}
