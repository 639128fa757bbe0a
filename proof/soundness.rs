//! The soundness error, term by term; the verifier refuses a statement that would leave too few bits.
//!
//! Each term is the probability that one random choice lets a false statement through, in the random-oracle
//! model. A prover that asks the oracle `Q` times has `Q` tries at each, so the sum counts `Q` times
//! ([`QUERY_BITS`]); the book's page on soundness says why no more, and what is assumed.

use crate::relation::Relation;

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

/// One term: a numerator over the field's size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// What could go wrong.
    pub name: &'static str,
    /// The theorem that bounds it.
    pub source: &'static str,
    /// The bound is `numerator/|F|`.
    pub numerator: u128,
}

/// All terms of one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The statistical terms.
    pub terms: Vec<Term>,
}

/// Bits of the computational assumptions: discrete logarithms on Vesta and P-256, collisions of the 32-byte digests.
pub const ASSUMPTION_BITS: [(&str, u32); 3] =
    [("discrete logarithm on Vesta", 126), ("ECDSA over P-256 with SHA-256", 128), ("collisions of Blake2b-256", 128)];

impl Account {
    /// The account of a relation.
    pub fn of(relation: &Relation) -> Account {
        let schedule = relation.schedule();
        let (n, flat) = (schedule.leaf_bits as u128, schedule.flat_bits as u128);
        let leaves = 1u128 << schedule.leaf_bits;
        let rounds = n * n.saturating_sub(1) / 2;
        let circuit = 1u128 << crate::generators::CIRCUIT_BITS;
        let folded = (crate::fold::EQUATIONS * crate::fold::MAX_FOLDED) as u128;
        let term = |name, source, numerator| Term { name, source, numerator };
        let terms = vec![
            term("LogUp: α misses a fraction not in its table", "Haböck 2022, lemma 5", leaves),
            term("LogUp: β folds two different tuples alike", "Schwartz–Zippel, degree 2", 2 * leaves),
            term("lookup tree: rounds of degree 2 and an eq factor", "Lund et al. 1992; Thaler 2013", 3 * rounds),
            term("lookup tree: μ and λ of each layer", "Schwartz–Zippel, degree 1", 2 * n),
            term("equalities at a random point", "Schwartz–Zippel", relation.equal.bits as u128),
            term("γ batches three claims", "Schwartz–Zippel, degree 2", 2),
            term("linear sum-check: rounds of degree 2", "Lund et al. 1992", 2 * flat),
            term("τ batches the equations", "Schwartz–Zippel", n + 2),
            term("δ batches the openings", "Schwartz–Zippel", schedule.tensors as u128),
            term("link at halo2's x", "Schwartz–Zippel, degree 2^k", circuit),
            term("coefficients at halo2's x", "Schwartz–Zippel, degree 2^k", circuit),
            term("opening: c and u", "special soundness of Schnorr's protocol", 4),
            term("opening: folding, x and 1/x", "Bünz et al. 2018, theorem 1", 4 * relation.m as u128),
            term("one sum for the other group equations", "Schwartz–Zippel, degree 3 a proof", folded),
            term("short weights of the opening, where they are hashed", "small exponents, 2^-192", SHORT_WEIGHTS),
            term("halo2: θ, β, γ, y, x and its multi-opening", "Schwartz–Zippel, degree 8·2^k; halo2 book", 32 * circuit),
        ];
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
    use crate::tensor::Dims;

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
