//! The sum-checks over tensors: products of two of them first, then everything that is linear in them.
//!
//! Here is what both sides do; the provers' passes over the cells are in `linear` and `product`.

#[cfg(feature = "prover")]
mod linear;
#[cfg(feature = "prover")]
mod product;

#[cfg(feature = "prover")]
pub use linear::LinearProver;
#[cfg(feature = "prover")]
pub use product::ProductProver;

use crate::channel::{Channel, ErrorTerm, Hidden, Linear, Quadratic, Turn};
use crate::relation::{Challenges, Relation};
use ff::{Field, PrimeField};
use zkimg_graph::tensor::CellsRef;
use zkimg_group::field::F;

/// Takes all products of tensors out of the batched claim: what is left of it is linear in the tensors.
///
/// Their sum is committed, one sum-check over the indices that the operands share reduces it to both operands at a point, and these
/// join the linear claim by powers of a challenge that is drawn after they are committed: drawn before, a prover would choose
/// `e_W` and `e_X` with the right product and the right sum.
pub fn products<C: Channel>(relation: &Relation, challenges: &mut Challenges, claim: &mut Linear, channel: &mut C) -> Result<(), C::Error> {
    let count = relation.products();
    if count == 0 {
        return Ok(());
    }
    let [sum]: [Hidden; 1] = channel.hidden(Turn::ProductSum { challenges })?;
    claim.add_value(-F::ONE, sum);
    let mut product = Linear(vec![(sum, F::ONE)]);
    for j in 0..relation.product_bits() {
        let previous = j.checked_sub(1).map(|i| challenges.product[i]);
        let s = round(channel, Turn::ProductRound { previous }, "product sum-check: rounds of degree 2", &mut product)?;
        challenges.product.push(s);
    }
    let previous = challenges.product.last().copied();
    let mut operands = Vec::with_capacity(count);
    for i in 0..count {
        // A row of the circuit multiplies its last two values.
        let [_, _, left, right]: [Hidden; 4] = channel.hidden(Turn::Operands { i, previous })?;
        operands.push([left, right]);
    }
    channel.require(|| {
        let coefficients = relation.product_coefficients(challenges);
        let ends = operands.iter().zip(coefficients).map(|([left, right], c)| (*left, *right, -c));
        Quadratic { constant: F::ZERO, linear: product, products: ends.collect() }
    });
    let name = "products: both operands of each join the linear claim";
    challenges.join = channel.challenge(ErrorTerm::new(name, "Schwartz–Zippel", 2 * count as u128));
    let mut power = F::ONE;
    for operand in operands.into_iter().flatten() {
        power *= challenges.join;
        claim.add_value(power, operand);
    }
    Ok(())
}

/// Shows that the claim is what the relation's functionals are worth; gives the point and each tensor's evaluation there.
pub fn linear<C: Channel>(
    relation: &Relation,
    output: CellsRef<'_>,
    challenges: &Challenges,
    mut claim: Linear,
    channel: &mut C,
) -> Result<(Vec<F>, Vec<Hidden>), C::Error> {
    let mut point = Vec::with_capacity(relation.flat_bits());
    for _ in 0..relation.flat_bits() {
        let turn = Turn::LinearRound { challenges, previous: point.last().copied() };
        point.push(round(channel, turn, "linear sum-check: rounds of degree 2", &mut claim)?);
    }
    let previous = point.last().copied().unwrap_or_default();
    let mut evaluations: Vec<Hidden> = Vec::with_capacity(relation.tensors.len());
    for t in 0..relation.tensors.len() {
        let [evaluation] = channel.hidden(Turn::Evaluation { t, previous })?;
        evaluations.push(evaluation);
    }
    channel.require(|| {
        // The public part counts as much as what is left of the claim it was made of.
        let constant = point.iter().fold(-relation.constant(challenges, output), |constant, _| constant * F::TWO_INV);
        for (weight, evaluation) in relation.weights(challenges, &point).into_iter().zip(&evaluations) {
            claim.add_value(-weight, *evaluation);
        }
        Quadratic { constant, linear: claim, products: Vec::new() }
    });
    Ok((point, evaluations))
}

/// A round of degree two: `(c1, c2)` of `g(X) = c0 + c1·X + c2·X²`, where `claim = g(0) + g(1)`. The claim becomes `g(s)`.
fn round<C: Channel>(channel: &mut C, turn: Turn<'_>, name: &'static str, claim: &mut Linear) -> Result<F, C::Error> {
    let coefficients: [Hidden; 2] = channel.hidden(turn)?;
    // As many coefficients as the degree.
    let s = channel.challenge(ErrorTerm::new(name, "Lund et al. 1992", coefficients.len() as u128));
    // c0 = (claim − c1 − c2)/2, so g(s) = claim/2 + c1·(s − ½) + c2·(s² − ½).
    let half = F::TWO_INV;
    claim.scale(half);
    let [c1, c2] = coefficients;
    claim.add_value(s - half, c1);
    claim.add_value(s.square() - half, c2);
    Ok(s)
}
