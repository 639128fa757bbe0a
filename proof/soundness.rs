//! The soundness error, term by term; the verifier refuses a statement that would leave too few bits.
//!
//! Each term is the probability that one random choice lets a false statement through, in the random-oracle
//! model. A prover that asks the oracle `Q` times has `Q` tries at each, so the sum counts `Q` times
//! ([`QUERY_BITS`]); the book's page on soundness says why no more, and what is assumed.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used))]

use crate::argument;
use crate::channel::{Channel, ErrorTerm, Hidden, Public, Quadratic, Sizes, Turn};
use crate::circuit::Class;
use crate::relation::Relation;
use ff::Field;
use std::convert::Infallible;
use zkimg_group::field::F;

/// The least bits of security the verifier accepts.
pub const REQUIRED_BITS: u32 = 120;
/// `log2 Q`: how often a cheating prover may ask the random oracle before the statistical terms are counted.
///
/// Beyond it the discrete logarithm gives way first: the terms of the largest statement leave 127 bits after it.
pub const QUERY_BITS: u32 = 64;
/// `log2 |F|`, rounded down.
pub const FIELD_BITS: u32 = 254;

/// `2^-192`, as a numerator over the field's size. Where the system has randomness, verifying a false proof errs with `2^-127`
/// instead (two draws of `2^-128`), and asking the oracle does not help.
const SHORT_WEIGHTS: u128 = 1 << (FIELD_BITS - 192);

/// All terms of one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The statistical terms.
    pub terms: Vec<ErrorTerm>,
}

/// What a run of the argument comes to, whatever is said in it.
#[derive(Clone, Debug)]
pub struct Shape {
    sizes: Sizes,
    /// Hidden messages.
    pub messages: usize,
    /// Equations between them.
    pub equations: usize,
    terms: Vec<ErrorTerm>,
}

impl Shape {
    /// What a run of these sizes comes to.
    pub fn of(sizes: Sizes) -> Shape {
        let mut shape = Shape { sizes, messages: 0, equations: 0, terms: Vec::new() };
        let Ok(_) = argument::run(&sizes, &mut shape);
        shape
    }

    /// What may go wrong at the argument's own challenges.
    pub fn terms(&self) -> &[ErrorTerm] {
        &self.terms
    }
}

impl Channel for Shape {
    type Error = Infallible;
    type Scalar = F;

    fn rows(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn hidden<const N: usize>(&mut self, _: Turn<'_>) -> Result<[Hidden; N], Infallible> {
        self.messages += 1;
        Ok(Hidden::of(self.messages - 1))
    }

    fn challenge(&mut self, term: ErrorTerm) -> F {
        // Draws of one kind are one term.
        match self.terms.iter_mut().find(|known| known.name == term.name) {
            Some(known) => known.numerator = known.numerator.saturating_add(term.numerator),
            None => self.terms.push(term),
        }
        F::ZERO
    }

    fn public(&mut self, numbers: Public<'_>) -> Vec<F> {
        vec![F::ZERO; numbers.count(&self.sizes)]
    }

    fn require(&mut self, _: impl FnOnce(&mut Shape) -> Quadratic) {
        self.equations += 1;
    }

    fn required(&self) -> usize {
        self.equations
    }

    fn tail(&mut self, _: usize) -> Result<(), Infallible> {
        Ok(())
    }
}

impl Relation {
    /// The size of the circuit that holds all messages: a function of the statement, never of the proof.
    pub fn class(&self) -> Option<Class> {
        Class::of(self.shape().messages)
    }

    /// How many messages and equations a proof has.
    pub fn shape(&self) -> Shape {
        Shape::of(self.sizes())
    }
}

/// Bits of the computational assumptions: discrete logarithms on Vesta and P-256, collisions of the 32-byte digests.
pub const ASSUMPTION_BITS: [(&str, u32); 3] =
    [("discrete logarithm on Vesta", 126), ("ECDSA over P-256 with SHA-256", 128), ("collisions of Blake2b-256", 128)];

impl Account {
    /// The account of a relation: what its run draws, then the circuit, the opening and the sums that check them.
    pub fn of(relation: &Relation) -> Account {
        let Shape { messages, mut terms, .. } = relation.shape();
        let circuit = Class::of(messages).unwrap_or(Class::LARGEST).rows() as u128;
        let batched = (crate::batch::EQUATIONS * crate::batch::MAX_BATCHED) as u128;
        terms.extend([
            ErrorTerm::new("link at halo2's x", "Schwartz–Zippel, degree 2^k", circuit),
            ErrorTerm::new("coefficients at halo2's x", "Schwartz–Zippel, degree 2^k", circuit),
            ErrorTerm::new("opening: c and u", "special soundness of Schnorr's protocol", 4),
            ErrorTerm::new("opening: folding, x and 1/x", "Bünz et al. 2018, theorem 1", 4 * relation.m as u128),
            ErrorTerm::new("one sum for the other group equations", "Schwartz–Zippel, degree 3 a proof", batched),
            ErrorTerm::new("short weights of the opening, where they are hashed", "small exponents, 2^-192", SHORT_WEIGHTS),
            ErrorTerm::new("halo2: θ, β, γ, y, x and its multi-opening", "Schwartz–Zippel, degree 8·2^k; halo2 book", 32 * circuit),
        ]);
        let lacking = (relation.m - relation.shortest()) as u128;
        if lacking > 0 {
            terms.push(ErrorTerm::new("shorter rows: no 1 − f_i that is divided by vanishes", "one point a bit", lacking));
        }
        Account { terms }
    }

    /// Bits of the statistical error, rounded down, or of the weakest assumption if that is less.
    pub fn bits(&self) -> u32 {
        let assumed = ASSUMPTION_BITS.iter().map(|(_, bits)| *bits);
        assumed.chain([self.statistical_bits()]).min().unwrap_or(0)
    }

    /// Bits that the statistical terms leave after `2^QUERY_BITS` tries, rounded down.
    pub fn statistical_bits(&self) -> u32 {
        let sum = self.terms.iter().fold(0u128, |sum, t| sum.saturating_add(t.numerator));
        FIELD_BITS.saturating_sub(QUERY_BITS + (128 - sum.leading_zeros()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relation::{MAX_LEAF_BITS, Output};
    use zkimg_graph::tensor::Dims;

    fn account() -> Account {
        let dims = Dims::new(3, 4, 5).expect("dims");
        Account::of(&Relation::compile(dims, 10, &[], Output::Revealed).expect("a relation"))
    }

    #[test]
    fn the_largest_statement_is_within_what_is_required() {
        let mut largest = account();
        // All terms with the leaf space are at most three times as large as it.
        largest.terms[0].numerator = 1 << MAX_LEAF_BITS;
        largest.terms[1].numerator = 2 << MAX_LEAF_BITS;
        assert_eq!(largest.statistical_bits(), 127);
        assert!(largest.bits() >= REQUIRED_BITS);
    }

    #[test]
    fn a_term_too_large_leaves_less_than_is_required() {
        let mut account = account();
        assert_eq!(account.bits(), 126, "the assumptions are the least");
        account.terms[0].numerator = 1 << 70;
        assert_eq!(account.bits(), FIELD_BITS - QUERY_BITS - 71);
        assert!(account.bits() < REQUIRED_BITS);
        account.terms[0].numerator = u128::MAX;
        assert_eq!(account.bits(), 62);
    }
}
