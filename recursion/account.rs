//! The soundness error of a link in this form, term by term, as [`zkimg_proof::soundness`] has it for a listed one.

use crate::decider::row_bits;
use crate::r1cs::Shape;
use crate::step::points::{GROUP, Slots};
use zkimg_group::field::F;
use zkimg_group::generators::MAX_ROW_BITS;
use zkimg_proof::channel::{EQUALITIES, ErrorTerm, Sizes};
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
    let mut terms = argument(sizes);
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

/// The terms of a step and of the proof of its chain, with witnesses of so many values: one step's challenges may let a false step through, or the
/// proof's a false chain. Each try of a prover is at one challenge of one of them, so the number of links does not count.
pub fn step(sizes: &Sizes, slots: &Slots, values: [usize; 2]) -> Account {
    let rows = 2 * slots.picture + slots.others;
    let short = |name, source, degree: usize| ErrorTerm::new(name, source, degree as u128 * SHORT_WEIGHTS);
    let mut terms = argument(sizes);
    terms.retain(|term| !term.name.starts_with('δ'));
    terms.extend([
        short("ω and υ batch the rows", "Schwartz–Zippel, 192 bits", GROUP + rows.div_ceil(GROUP)),
        ErrorTerm::new("merging with the pictures before: its challenge", "Schwartz–Zippel", 1),
        ErrorTerm::new("merging with the pictures before: rounds of degree 2", "Lund et al. 1992", 2 * MAX_ROW_BITS as u128),
        short("σ adds what is opened", "Schwartz–Zippel, degree 2, 192 bits", 2),
        short("folding the last step's instance", "Nova, degree 2, 192 bits", 2),
        short("folding the uniform instance", "Nova, degree 2, 192 bits", 2),
        short("folding the instance on points", "Nova, degree 2, 192 bits", 2),
        ErrorTerm::new("longer rows at a random point", "Schwartz–Zippel, divided by the weight of what is short", 2 * sizes.flat as u128),
    ]);
    for (values, name) in values.into_iter().zip(["the circuit over Fp", "the circuit on points"]) {
        // Rows and columns of the matrices, at the most.
        let bits = 1 + values.next_power_of_two().trailing_zeros() as u128;
        let all = bits + 3 * bits + 2 + 2 * (bits + 1) + bits + 2 + 2 * bits + 2 + 4 + 4 * MAX_ROW_BITS as u128;
        terms.push(ErrorTerm::new(name, "the decider's terms, as for a link by itself", all));
    }
    terms.push(ErrorTerm::new("short weights of both openings", "small exponents, 2^-192", 2 * SHORT_WEIGHTS));
    Account { terms }
}

/// Bits of a chain's error after as many tries as the account allows, or of the weakest assumption.
pub fn step_bits(sizes: &Sizes, slots: &Slots, values: [usize; 2]) -> u32 {
    step(sizes, slots, values).bits().min(DIGEST_BITS)
}

/// The argument's own terms, but for the challenge that batches equations. The point of equalities is drawn as one number.
fn argument(sizes: &Sizes) -> Vec<ErrorTerm> {
    let own = |term: &ErrorTerm| match term.name {
        EQUALITIES if term.numerator > 0 => ErrorTerm { numerator: 1 << sizes.equal, ..term.clone() },
        _ => term.clone(),
    };
    soundness::Shape::of(*sizes).terms().iter().filter(|term| !term.name.starts_with('τ')).map(own).collect()
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
    fn chains_of_every_class_are_within_what_is_required() {
        for class in crate::class::Class::all() {
            assert!(class.security_bits() >= soundness::REQUIRED_BITS, "{class:?}: {}", class.security_bits());
        }
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
