//! The link between halo2's witness and what the verifier knows of it: the message commitments, the coefficients.
//!
//! halo2 commits its advice after all our challenges, so nothing drawn before can tie it to the commitments
//! `P_j`. halo2's own evaluation point `x` is drawn after: it publishes `a_i(x)` for the four message columns, and
//!
//! `Σ_j ℓ_j(x)·P_j + Σ_r ℓ_r(x)·S_r = Σ_i a_i(x)·G_i + ρ*·H`
//!
//! holds only if the columns' values are the messages, the rows of blinders those committed in `S_r`, and every
//! other row zero; the error is `2^k/|F|`. In the same way the columns of coefficients are those whose polynomials have
//! the published values at `x`.

use super::{COEFFICIENTS, Class, Coefficients, HIDDEN_COLUMNS};
use crate::channel::SLOTS;
use ff::{Field, PrimeField};
use pasta_curves::arithmetic::VartimeBatchInvert;
use zkimg_group::field::F;

/// halo2's squeezes before `x`: θ, β, γ, y.
const X_SQUEEZE: usize = 4;
/// It publishes each column where it is asked for, in the order of the gates: the accumulator in two rows.
const FIRST_COEFFICIENT: usize = HIDDEN_COLUMNS + 1;

/// `ℓ_i(x)` for all rows: the Lagrange basis over the `2^k`-th roots of unity.
///
/// `None` if `x` is one of them (probability `2^k/|F|`).
pub fn lagrange(class: Class, x: F) -> Option<Vec<F>> {
    let mut omega = F::ROOT_OF_UNITY;
    for _ in class.bits()..F::S {
        omega = omega.square();
    }
    let rows = class.rows();
    let n = F::from(rows as u64);
    let vanishing = (x.pow_vartime([rows as u64]) - F::ONE) * n.invert().unwrap_or(F::ZERO);
    let mut powers = Vec::with_capacity(rows);
    let mut power = F::ONE;
    for _ in 0..rows {
        powers.push(power);
        power *= omega;
    }
    let mut inverses: Vec<F> = powers.iter().map(|p| x - p).collect();
    if inverses.iter().any(F::is_zero_vartime) {
        return None;
    }
    inverses.iter_mut().batch_invert_vartime();
    Some(powers.iter().zip(inverses).map(|(p, inverse)| vanishing * p * inverse).collect())
}

/// What halo2 published of the circuit's columns at its evaluation point.
pub struct Published {
    class: Class,
    basis: Vec<F>,
    slots: [F; SLOTS],
    coefficients: [F; COEFFICIENTS],
}

crate::opaque!(Published);

/// The link's scalars: of each `P_j`, of each `S_r`, and the four `a_i(x)`.
pub struct LinkTerms<'a> {
    /// Of the message commitments, in order.
    pub messages: &'a [F],
    /// Of the blinder rows' commitments.
    pub tail: &'a [F],
    /// `a_i(x)`.
    pub evaluations: [F; SLOTS],
}

crate::opaque!(LinkTerms<'_>);

impl Published {
    /// Of all that halo2 drew and published for a circuit of this size. `None` if `x` is a root of unity.
    pub fn read(class: Class, (challenges, scalars): (&[F], &[F])) -> Option<Published> {
        let coefficients = scalars.get(FIRST_COEFFICIENT..)?.first_chunk()?;
        let basis = lagrange(class, *challenges.get(X_SQUEEZE)?)?;
        Some(Published { class, basis, slots: *scalars.first_chunk()?, coefficients: *coefficients })
    }

    /// Whether the coefficients that the circuit was proved for are these; the error is `2^k/|F|`.
    pub fn agrees(&self, coefficients: &Coefficients) -> bool {
        coefficients.class() == self.class && coefficients.evaluate(&self.basis) == self.coefficients
    }

    /// The link of as many messages.
    pub fn link(&self, messages: usize) -> Option<LinkTerms<'_>> {
        Some(LinkTerms { messages: self.basis.get(..messages)?, tail: self.basis.get(self.class.usable()..)?, evaluations: self.slots })
    }
}
