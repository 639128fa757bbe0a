//! halo2's verification, without the sum at its end.

use super::Keys;
use crate::transcript::{Reader, Sponge};
use ff::Field;
use halo2_proofs::plonk::{Error, VerificationStrategy, verify_proof};
use halo2_proofs::poly::commitment::{Guard, MSM, Params};
use halo2_proofs::transcript::EncodedChallenge;
use zkimg_group::field::{Affine, F};
use zkimg_group::msm::{msm, to_affine};
use zkimg_group::parallel;

/// The sum that halo2's verifier would evaluate; the circuit's proof holds only if it is the identity.
///
/// Those of many proofs can be merged into one. The scalars of halo2's generators are kept apart, as our sums take a
/// quarter of the time of halo2's.
pub struct Deferred {
    rest: MSM<'static, Affine>,
    generators: Vec<F>,
}

crate::opaque!(Deferred);

impl Deferred {
    /// Nothing yet; sums that are merged are over the generators of the same keys.
    pub fn new(keys: &Keys) -> Deferred {
        Deferred { rest: MSM::new(keys.params), generators: vec![F::ZERO; keys.class.rows()] }
    }

    /// Adds `scalar·G_j` over halo2's generators.
    pub fn g(&mut self, j: usize, scalar: F) {
        self.generators[j] += scalar;
    }

    /// Adds `weight` times another sum; weights are drawn after both are fixed.
    pub fn merge(&mut self, weight: F, other: &Deferred) {
        let mut rest = other.rest.clone();
        rest.scale(weight);
        self.rest.add_msm(&rest);
        self.generators.iter_mut().zip(&other.generators).for_each(|(s, other)| *s += weight * other);
    }

    /// Whether the sum is the identity.
    pub fn holds(&self, keys: &Keys) -> bool {
        let mut rest = self.rest.clone();
        for sum in to_affine(&[msm(&self.generators, &keys.generators)]) {
            rest.append_term(F::ONE, sum);
        }
        parallel::alone(|| rest.eval())
    }
}

/// Keeps halo2's sum, over the generators of these parameters, but for `−c·⟨s, G⟩`, of which it gives the challenges that make up `s`.
struct Keep(&'static Params<Affine>);

impl VerificationStrategy<'static, Affine> for Keep {
    type Output = (MSM<'static, Affine>, Vec<F>);

    fn process<E: EncodedChallenge<Affine>>(
        self,
        read: impl FnOnce(MSM<'static, Affine>) -> Result<Guard<'static, Affine, E>, Error>,
    ) -> Result<Self::Output, Error> {
        // halo2 leaves the term out for a claimed sum that is the identity; `read_circuit_proof` puts it back.
        let (rest, folded) = read(MSM::new(self.0))?.use_g(Affine::default());
        Ok((rest, folded.u_packed.iter().map(|u| *u.as_challenge_scalar::<()>()).collect()))
    }
}

/// Reads the circuit's proof; the sum it leaves is over the generators of `sum`, of this size or a larger one. Which coefficients it is for is not looked at ([`super::Published::agrees`]).
pub fn read_circuit_proof<S: Sponge>(keys: &Keys, sum: &Keys, reader: &mut Reader<'_, S>) -> Result<Deferred, Error> {
    let (rest, challenges) = verify_proof(keys.params, &keys.verifying, Keep(sum.params), &[&[]], &mut *reader)?;
    // The last two scalars it publishes are the folded polynomial's one coefficient and the blinder.
    let [.., c, _] = reader.halo2().1 else { return Err(Error::Opening) };
    let mut s = vec![-c];
    for u in challenges.iter().rev() {
        s.extend_from_within(..);
        let half = s.len() / 2;
        s[half..].iter_mut().for_each(|high| *high *= u);
    }
    let mut deferred = Deferred { rest, ..Deferred::new(sum) };
    s.iter().enumerate().for_each(|(j, scalar)| deferred.g(j, *scalar));
    Ok(deferred)
}
