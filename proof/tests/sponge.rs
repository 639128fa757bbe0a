//! The argument asks nothing of its sponge but what the trait says: with another one, which notes down what it is given, proofs are made
//! and accepted all the same, and both sides give it the same items in the same order.

use crate::support::{CONTEXT, Case, contrast, crop, dims, shown};
use std::sync::Mutex;
use zkimg_graph::graph::{Kind, Output};
use zkimg_group::field::{F, hash_to_field, scalar_to_bytes};
use zkimg_proof::prove::{Proved, prove_over};
use zkimg_proof::transcript::{Blake2b, Sponge};
use zkimg_proof::verify::{Reject, verify_over};

#[derive(Clone, Debug, PartialEq)]
enum Item {
    Bytes(String, Vec<u8>),
    Point([u8; 32]),
    Scalar([u8; 32]),
    Squeezed,
    Digest,
}

/// What was done with each sponge that is no more, in the order in which they ended. One test alone makes them.
static ENDED: Mutex<Vec<Vec<Item>>> = Mutex::new(Vec::new());

/// Keeps every item; a challenge is a hash of all of them, written out anew.
struct Recording {
    label: String,
    items: Vec<Item>,
}

impl Recording {
    fn hash(&self, name: &str) -> F {
        hash_to_field(name, format!("{} {:?}", self.label, self.items).as_bytes())
    }

    fn bytes(&self, names: [&str; 2]) -> [u8; 64] {
        let halves = names.map(|name| scalar_to_bytes(&self.hash(name)));
        std::array::from_fn(|i| halves[i / 32][i % 32])
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        ENDED.lock().expect("no panic before").push(std::mem::take(&mut self.items));
    }
}

impl Sponge for Recording {
    const NAME: &'static str = "recording";

    fn new(label: &str) -> Recording {
        Recording { label: label.to_owned(), items: Vec::new() }
    }

    fn absorb_bytes(&mut self, label: &str, data: &[u8]) {
        self.items.push(Item::Bytes(label.to_owned(), data.to_vec()));
    }

    fn absorb_point(&mut self, point: &[u8; 32]) {
        self.items.push(Item::Point(*point));
    }

    fn absorb_scalar(&mut self, scalar: &[u8; 32]) {
        self.items.push(Item::Scalar(*scalar));
    }

    fn squeeze(&mut self) -> [u8; 64] {
        self.items.push(Item::Squeezed);
        self.bytes(["a challenge", "its other half"])
    }

    fn digest(&mut self) -> [u8; 64] {
        self.items.push(Item::Digest);
        self.bytes(["one half", "the other half"])
    }
}

fn case() -> Case {
    Case::new(dims(1, 6, 8), |d| vec![crop(d, 1, 1, 6, 4), contrast(dims(1, 4, 6), 1.3)])
}

fn prove<S: Sponge>(case: &Case, output: Output) -> Proved {
    prove_over::<S>(&case.relation(output), CONTEXT, &[case.input()], &()).expect("a proof")
}

fn verify<S: Sponge>(case: &Case, output: Output, proved: &Proved) -> Result<(), Reject> {
    let relation = case.relation(output);
    let picture = shown(&relation, proved.pixels());
    verify_over::<S>(&relation, CONTEXT, &[&case.rows], picture, &proved.proof).map(|_| ())
}

#[test]
fn a_proof_is_accepted_by_the_sponge_it_was_made_with_and_by_no_other() {
    let case = case();
    for output in [Output::Revealed, Output::Hidden(Kind::Picture)] {
        let recorded = prove::<Recording>(&case, output);
        agree(&recorded.proof, &std::mem::take(&mut *ENDED.lock().expect("no panic before")));
        let hashed = prove::<Blake2b>(&case, output);
        assert_eq!(recorded.pixels(), hashed.pixels());
        assert_eq!(recorded.proof.len(), hashed.proof.len());
        verify::<Recording>(&case, output, &recorded).expect("its own sponge");
        verify::<Blake2b>(&case, output, &hashed).expect("its own sponge");
        assert!(verify::<Blake2b>(&case, output, &recorded).is_err());
        assert!(verify::<Recording>(&case, output, &hashed).is_err());
        ENDED.lock().expect("no panic before").clear();
    }
}

/// The sponges of a prover, and of the check of its own proof: both were given the same, and everything that is in the proof.
fn agree(proof: &[u8], ended: &[Vec<Item>]) {
    let [prover, verifier] = ended else { panic!("{} sponges", ended.len()) };
    assert_eq!(verifier.split_last(), Some((&Item::Digest, &prover[..])));
    let mut absorbed = prover.iter().filter_map(|item| match item {
        Item::Point(bytes) | Item::Scalar(bytes) => Some(bytes),
        _ => None,
    });
    let (elements, rest) = proof.as_chunks::<32>();
    assert!(rest.is_empty());
    assert!(elements.iter().all(|element| absorbed.any(|one| one == element)), "an element that was not absorbed, or late");
}
