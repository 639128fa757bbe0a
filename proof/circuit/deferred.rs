//! halo2's verification, without the sum at its end.

use super::{Instances, Keys};
use crate::field::{Affine, F};
use crate::transcript::Reader;
use halo2_proofs::plonk::{Error, VerificationStrategy, verify_proof};
use halo2_proofs::poly::commitment::{Guard, MSM, Params};
use halo2_proofs::transcript::EncodedChallenge;

/// Keeps the sum that halo2's verifier would evaluate, so that those of many proofs can be evaluated as one.
struct Keep(&'static Params<Affine>);

impl VerificationStrategy<'static, Affine> for Keep {
    type Output = MSM<'static, Affine>;

    fn process<E: EncodedChallenge<Affine>>(
        self,
        read: impl FnOnce(MSM<'static, Affine>) -> Result<Guard<'static, Affine, E>, Error>,
    ) -> Result<MSM<'static, Affine>, Error> {
        Ok(read(MSM::new(self.0))?.use_challenges())
    }
}

/// Reads the circuit's proof. It holds only if the sum that is given back is the identity.
pub fn read_circuit_proof(keys: &Keys, instances: &Instances, reader: &mut Reader<'_>) -> Result<MSM<'static, Affine>, Error> {
    let columns: Vec<&[F]> = instances.0.iter().map(Vec::as_slice).collect();
    verify_proof(keys.params, &keys.verifying, Keep(keys.params), &[&columns], reader)
}
