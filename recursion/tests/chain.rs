//! Chains: steps one after the other, and what is handed on between them.

use crate::support::chain::{appended, beginning, begun, generators, original, parameters, random};
use crate::support::value;
use ff::Field;
use pasta_curves::Fq;
use zkimg_group::field::F;
use zkimg_recursion::chain::limbs;
use zkimg_recursion::compact::{Known, publish, verify};
use zkimg_recursion::step::points::crossing_digest;
use zkimg_recursion::step::transcript::history;
use zkimg_recursion::verifier::weighing;

#[test]
fn steps_follow_each_other_and_what_is_handed_on_holds() {
    let (mut handed, mut picture) = (begun(), original());
    assert_eq!(parameters().check(&handed), Ok(()));
    for seed in 2..5 {
        let (appended, next) = appended(&handed, &picture, seed).expect("a step");
        assert_eq!(parameters().check(&appended.handed), Ok(()), "link {seed}");
        assert_eq!(appended.handed.state.links, F::from(u64::from(seed) - 1));
        (handed, picture) = (appended.handed, next);
    }
}

#[test]
fn a_chain_of_any_length_has_one_proof_of_one_size() {
    let (mut handed, mut picture) = (begun(), original());
    let mut known = Known { links: 0, start: parameters().start(&beginning().beginning), history: value("history", 0), picture: Fq::ZERO };
    let mut sizes = Vec::new();
    for seed in 2..5u8 {
        let (appended, next) = appended(&handed, &picture, seed).expect("a step");
        known.picture = crossing_digest(11, &appended.rows);
        known.links += 1;
        known.history = history(
            &known.history,
            &value("statement", seed.into()),
            &limbs(known.picture),
            &weighing(&appended.challenges, &appended.point),
            &appended.claims,
        );
        (handed, picture) = (appended.handed, next);
        let proof = publish(parameters(), &handed, generators(), &mut random(9)).expect("a proof");
        assert_eq!(verify(parameters(), &known, generators(), &proof), Ok(()), "{} links", known.links);
        sizes.push(proof.len());
        // Said otherwise, it is another chain.
        let lies = [
            Known { links: known.links + 1, ..known },
            Known { links: known.links - 1, ..known },
            Known { start: known.start + F::ONE, ..known },
            Known { history: known.history + F::ONE, ..known },
            Known { picture: known.picture + Fq::ONE, ..known },
        ];
        lies.iter().for_each(|lie| assert!(verify(parameters(), lie, generators(), &proof).is_err()));
        if seed == 4 {
            for element in 0..proof.len() / 32 {
                let mut changed = proof.clone();
                changed[32 * element] ^= 1;
                assert!(verify(parameters(), &known, generators(), &changed).is_err(), "element {element}");
            }
            assert!(verify(parameters(), &known, generators(), &proof[..proof.len() - 32]).is_err());
            assert!(verify(parameters(), &known, generators(), &[&proof[..], &[0; 32]].concat()).is_err());
        }
    }
    assert!(sizes.windows(2).all(|pair| pair[0] == pair[1]), "{sizes:?}");
}
