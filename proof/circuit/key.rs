//! The circuit's one key pair.

use super::Equations;
use crate::field::Affine;
use crate::generators::{BadParameters, circuit_params, digest};
use halo2_proofs::plonk::{ProvingKey, VerifyingKey, keygen_pk, keygen_vk};
use halo2_proofs::poly::commitment::Params;
use std::sync::OnceLock;

/// The digest of the verifying key's description: one circuit, one key, for good.
pub const VERIFYING_KEY_DIGEST: &str = "c131eb8c450c5bbb7833dc9a95ccb4c17211b402533001dbff92f10be067815a";

/// Parameters and keys, made once in a process.
pub struct Keys {
    /// halo2's parameters.
    pub params: &'static Params<Affine>,
    /// Their generators.
    pub generators: Vec<Affine>,
    /// The verifying key.
    pub verifying: VerifyingKey<Affine>,
}

impl Keys {
    /// Makes the verifying key (milliseconds) and compares it with the pinned digest.
    pub fn load() -> Result<&'static Keys, BadParameters> {
        static LOADED: OnceLock<Result<Keys, BadParameters>> = OnceLock::new();
        LOADED.get_or_init(Keys::make).as_ref().map_err(|e| *e)
    }

    fn make() -> Result<Keys, BadParameters> {
        let params = circuit_params()?;
        let empty = Equations { messages: Vec::new(), coefficients: None };
        let verifying = keygen_vk(params, &empty).map_err(|_| BadParameters::KEY)?;
        let found = digest(format!("{:?}", verifying.pinned()).as_bytes());
        if found != VERIFYING_KEY_DIGEST {
            return Err(BadParameters::KEY);
        }
        Ok(Keys { params, generators: params.get_g(), verifying })
    }

    /// The proving key (milliseconds).
    pub fn proving(&self) -> Result<ProvingKey<Affine>, BadParameters> {
        let empty = Equations { messages: Vec::new(), coefficients: None };
        keygen_pk(self.params, self.verifying.clone(), &empty).map_err(|_| BadParameters::KEY)
    }
}
