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

use crate::channel::{Challenges, Channel, ErrorTerm, Hidden, Linear, Public, Quadratic, Scalar, Sizes, Turn};
use ff::{Field, PrimeField};
use zkimg_group::field::F;

/// Takes all products of tensors out of the batched claim: what is left of it is linear in the tensors.
///
/// Their sum is committed, one sum-check over the indices that the operands share reduces it to both operands at a point, and these
/// join the linear claim by powers of a challenge that is drawn after they are committed: drawn before, a prover would choose
/// `e_W` and `e_X` with the right product and the right sum.
pub fn products<C: Channel>(
    sizes: &Sizes,
    challenges: &mut Challenges<C::Scalar>,
    claim: &mut Linear<C::Scalar>,
    channel: &mut C,
) -> Result<(), C::Error> {
    let count = sizes.products;
    if count == 0 {
        return Ok(());
    }
    let one = C::Scalar::constant(F::ONE);
    let [sum]: [Hidden; 1] = channel.hidden(Turn::ProductSum { challenges })?;
    claim.add_value(-one.clone(), sum);
    let mut product = Linear(vec![(sum, one.clone())]);
    for j in 0..sizes.product_bits {
        let previous = j.checked_sub(1).map(|i| challenges.product[i].clone());
        let s = round(channel, Turn::ProductRound { previous }, "product sum-check: rounds of degree 2", &mut product)?;
        challenges.product.push(s);
    }
    let previous = challenges.product.last().cloned();
    let mut operands = Vec::with_capacity(count);
    for i in 0..count {
        // A row of the circuit multiplies its last two values.
        let [_, _, left, right]: [Hidden; 4] = channel.hidden(Turn::Operands { i, previous: previous.clone() })?;
        operands.push([left, right]);
    }
    channel.require(|channel| {
        let coefficients = channel.public(Public::Products { challenges });
        let ends = operands.iter().zip(coefficients).map(|([left, right], c)| (*left, *right, -c));
        Quadratic { linear: product, products: ends.collect(), ..Quadratic::default() }
    });
    let name = "products: both operands of each join the linear claim";
    challenges.join = channel.challenge(ErrorTerm::new(name, "Schwartz–Zippel", 2 * count as u128));
    let mut power = one;
    for operand in operands.into_iter().flatten() {
        power = power * challenges.join.clone();
        claim.add_value(power.clone(), operand);
    }
    Ok(())
}

/// Where all tensors are evaluated, and each one's evaluation there.
pub type Evaluated<S> = (Vec<S>, Vec<Hidden>);

/// Shows that the claim is what the statement's functionals are worth; gives the point and each tensor's evaluation there.
pub fn linear<C: Channel>(
    sizes: &Sizes,
    challenges: &Challenges<C::Scalar>,
    mut claim: Linear<C::Scalar>,
    channel: &mut C,
) -> Result<Evaluated<C::Scalar>, C::Error> {
    let mut point: Vec<C::Scalar> = Vec::with_capacity(sizes.flat);
    for _ in 0..sizes.flat {
        let turn = Turn::LinearRound { challenges, previous: point.last().cloned() };
        point.push(round(channel, turn, "linear sum-check: rounds of degree 2", &mut claim)?);
    }
    let previous = point.last().cloned().unwrap_or_else(|| C::Scalar::constant(F::ZERO));
    let mut evaluations: Vec<Hidden> = Vec::with_capacity(sizes.tensors);
    for t in 0..sizes.tensors {
        let [evaluation] = channel.hidden(Turn::Evaluation { t, previous: previous.clone() })?;
        evaluations.push(evaluation);
    }
    channel.require(|channel| {
        let mut weights = channel.public(Public::Claims { challenges, point: &point });
        let constant = weights.pop().unwrap_or_else(|| C::Scalar::constant(F::ZERO));
        for (weight, evaluation) in weights.into_iter().zip(&evaluations) {
            claim.add_value(-weight, *evaluation);
        }
        // The public part counts as much as what is left of the claim it was made of.
        let half = C::Scalar::constant(F::TWO_INV);
        let constant = point.iter().fold(-constant, |constant, _| constant * half.clone());
        Quadratic { constant, linear: claim, products: Vec::new() }
    });
    Ok((point, evaluations))
}

/// A round of degree two: `(c1, c2)` of `g(X) = c0 + c1·X + c2·X²`, where `claim = g(0) + g(1)`. The claim becomes `g(s)`.
fn round<C: Channel>(
    channel: &mut C,
    turn: Turn<'_, C::Scalar>,
    name: &'static str,
    claim: &mut Linear<C::Scalar>,
) -> Result<C::Scalar, C::Error> {
    let coefficients: [Hidden; 2] = channel.hidden(turn)?;
    // As many coefficients as the degree.
    let s = channel.challenge(ErrorTerm::new(name, "Lund et al. 1992", coefficients.len() as u128));
    // c0 = (claim − c1 − c2)/2, so g(s) = claim/2 + c1·(s − ½) + c2·(s² − ½).
    let half = C::Scalar::constant(F::TWO_INV);
    claim.scale(&half);
    let [c1, c2] = coefficients;
    claim.add_value(s.clone() - half.clone(), c1);
    claim.add_value(s.clone() * s.clone() - half, c2);
    Ok(s)
}
