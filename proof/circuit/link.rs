//! The link between halo2's witness and the message commitments.
//!
//! halo2 commits its advice after all our challenges, so nothing drawn before can tie it to the commitments
//! `P_j`. halo2's own evaluation point `x` is drawn after: it publishes `a_i(x)` for the four message columns, and
//!
//! `Σ_j ℓ_row(j)(x)·P_j + Σ_r ℓ_r(x)·S_r = Σ_i a_i(x)·G_i + ρ*·H`
//!
//! holds only if the columns' values are the messages, the rows of blinders those committed in `S_r`, and every
//! other row zero; the error is `2^k/|F|`.

use super::{INSTANCES, ROWS, USABLE, row};
use crate::equations::{SLOTS, Schedule};
use crate::field::F;
use ff::{Field, PrimeField};
use pasta_curves::arithmetic::VartimeBatchInvert;

/// Rows that halo2 fills with blinders.
pub const BLINDED_ROWS: usize = 6;
/// halo2's squeezes before ours: θ, β, γ, y, and then x.
const X_SQUEEZE: usize = 4;
/// One query of each instance column comes first among the scalars it publishes.
const FIRST_ADVICE_SCALAR: usize = INSTANCES;

/// The blinders halo2 will put in the message columns' unusable rows.
#[cfg(feature = "prover")]
pub struct Tail {
    /// By row, then column.
    pub rows: [[F; SLOTS]; BLINDED_ROWS],
}

#[cfg(feature = "prover")]
impl Tail {
    /// What halo2 will draw first from a generator in the given state: column by column, row by row.
    pub fn predict(mut generator: impl rand_core::Rng) -> Tail {
        let mut rows = [[F::ZERO; SLOTS]; BLINDED_ROWS];
        for slot in 0..SLOTS {
            for row in &mut rows {
                row[slot] = F::random(&mut generator);
            }
        }
        Tail { rows }
    }
}

/// `ℓ_i(x)` for all rows: the Lagrange basis over the `2^k`-th roots of unity.
///
/// `None` if `x` is one of them (probability `2^k/|F|`).
pub fn lagrange(x: F) -> Option<Vec<F>> {
    let mut omega = F::ROOT_OF_UNITY;
    for _ in crate::generators::CIRCUIT_BITS..F::S {
        omega = omega.square();
    }
    let n = F::from(ROWS as u64);
    let vanishing = (x.pow_vartime([ROWS as u64]) - F::ONE) * n.invert().unwrap_or(F::ZERO);
    let mut powers = Vec::with_capacity(ROWS);
    let mut power = F::ONE;
    for _ in 0..ROWS {
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

/// The link's scalars: of each `P_j`, of each `S_r`, and the four `a_i(x)`.
pub struct LinkTerms {
    /// Of the message commitments, in order.
    pub messages: Vec<F>,
    /// Of the blinder rows' commitments.
    pub tail: Vec<F>,
    /// `a_i(x)`.
    pub evaluations: Vec<F>,
}

/// Reads `x` and `a_i(x)` from what halo2 drew and published.
pub fn link_terms(schedule: &Schedule, challenges: &[F], scalars: &[F]) -> Option<LinkTerms> {
    let basis = lagrange(*challenges.get(X_SQUEEZE)?)?;
    let messages = (0..schedule.messages()).map(|j| basis.get(row(schedule, j)?).copied()).collect::<Option<_>>()?;
    let tail = basis.get(USABLE..)?.to_vec();
    let evaluations = scalars.get(FIRST_ADVICE_SCALAR..FIRST_ADVICE_SCALAR + SLOTS)?.to_vec();
    Some(LinkTerms { messages, tail, evaluations })
}
