//! The soundness error of a link in this form, term by term, as [`zkimg_proof::soundness`] has it for a listed one.

use crate::decider::row_bits;
use crate::r1cs::Shape;
use zkimg_group::field::F;
use zkimg_proof::channel::{ErrorTerm, Sizes};
use zkimg_proof::soundness::{self, Account};

/// Bits of the assumption that is weakest here: collisions of digests of rows, of which 250 bits are kept. Those of Poseidon's capacity
/// word have 127, discrete logarithms 126.
pub const DIGEST_BITS: u32 = 125;

/// `2^-192` as a numerator: the weights of the opening's digit sums, where they are hashed.
const SHORT_WEIGHTS: u128 = 1 << (soundness::FIELD_BITS - 192);

/// The terms of a link whose rows have `2^m` cells: the argument's own, but for the challenge that batches equations, since none is
/// batched here; then the decider's.
pub fn account(sizes: &Sizes, m: usize, constraints: &Shape<F>) -> Account {
    let bits = constraints.bits() as u128;
    let (above, claims) = (bits - (m as u128).min(bits), 1);
    let mut terms: Vec<ErrorTerm> =
        soundness::Shape::of(*sizes).terms().iter().filter(|term| !term.name.starts_with('τ')).cloned().collect();
    terms.extend([
        ErrorTerm::new("δ batches the mask too", "Schwartz–Zippel", 1),
        ErrorTerm::new("folding with the mask", "Schwartz–Zippel, degree 2 (Nova)", 2),
        ErrorTerm::new("constraints at a random point", "Schwartz–Zippel", bits),
        ErrorTerm::new("outer sum-check: rounds of degree 2 and an eq factor", "Lund et al. 1992; Setty 2020", 3 * bits),
        ErrorTerm::new("ρ batches the products", "Schwartz–Zippel, degree 2", 2),
        ErrorTerm::new("inner sum-check: rounds of degree 2", "Lund et al. 1992", 2 * (bits + 1)),
        ErrorTerm::new("bits above a claim", "one point a bit", above),
        ErrorTerm::new("merging: γ", "Schwartz–Zippel", claims + 1),
        ErrorTerm::new("merging: rounds of degree 2", "Lund et al. 1992", 2 * bits),
        ErrorTerm::new("merging: σ", "Schwartz–Zippel", claims + 1),
        ErrorTerm::new("opening: c and u", "special soundness of Schnorr's protocol", 4),
        ErrorTerm::new("opening: folding, x and 1/x", "Bünz et al. 2018, theorem 1", 4 * row_bits(constraints.bits()) as u128),
        ErrorTerm::new("short weights of the opening, where they are hashed", "small exponents, 2^-192", SHORT_WEIGHTS),
    ]);
    Account { terms }
}

/// Bits of the error after as many tries as the account allows, or of the weakest assumption.
pub fn bits(sizes: &Sizes, m: usize, constraints: &Shape<F>) -> u32 {
    account(sizes, m, constraints).bits().min(DIGEST_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::shape;

    fn sizes(leaves: usize, flat: usize) -> Sizes {
        Sizes { leaves, flat, equal: 40, tensors: 128, products: 0, product_bits: 0 }
    }

    #[test]
    fn the_largest_statement_is_within_what_is_required() {
        let largest = sizes(38, 34);
        let constraints = shape(&largest).expect("a shape");
        let account = account(&largest, 16, &constraints);
        // The short weights alone are 2^-192, which 2^64 tries leave 128 bits of; all else is below that.
        assert_eq!(account.statistical_bits(), 127);
        assert_eq!(bits(&largest, 16, &constraints), DIGEST_BITS);
        assert!(bits(&largest, 16, &constraints) >= soundness::REQUIRED_BITS);
    }

    #[test]
    fn every_draw_of_the_argument_is_a_term_and_what_is_not_drawn_is_none() {
        let small = sizes(10, 12);
        let constraints = shape(&small).expect("a shape");
        let account = account(&small, 10, &constraints);
        let names: Vec<&str> = account.terms.iter().map(|term| term.name).collect();
        let all = soundness::Shape::of(small);
        let batching = all.terms().iter().filter(|term| term.name.starts_with('τ')).count();
        assert_eq!((batching, names.iter().filter(|name| name.starts_with('τ')).count()), (1, 0));
        assert!(all.terms().iter().filter(|term| !term.name.starts_with('τ')).all(|term| names.contains(&term.name)));
        let above = account.terms.iter().find(|term| term.name == "bits above a claim").expect("a term");
        assert_eq!(above.numerator, constraints.bits() as u128 - 10);
        // No term is there twice.
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), names.len());
    }
}
