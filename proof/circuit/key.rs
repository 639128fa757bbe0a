//! The circuit's key pair, one for each of its sizes.

use super::{CLASSES, Class, Equations};
use crate::circuit::circuit_params;
use halo2_proofs::plonk::{ProvingKey, VerifyingKey, keygen_pk, keygen_vk};
use halo2_proofs::poly::commitment::Params;
use std::sync::OnceLock;
use zkimg_group::field::Affine;
use zkimg_group::generators::{BadParameters, digest};
use zkimg_group::parallel;

const BAD_KEY: BadParameters = BadParameters("of the circuit's key");

/// The digests of the verifying keys' descriptions, the smallest circuit's first: one key a size, for good.
pub const VERIFYING_KEY_DIGESTS: [&str; CLASSES] = [
    "6a04b138f1411e3c9ab5b45e67a8412dc80b635d3a291358506ac8011e77cdce",
    "c919715d835f04a869b8c54f84d3d8c80f0699658f4e9172f2792ac4ba96d4fe",
    "623cb25f26f6715781b19def9f9b6491178290378294e78d427eed2f03063e4f",
    "bb598676303021b5ef19054a79e5a75717093845014f9a85f4262abff082c805",
    "7eb21d1beed7d2004d827a6fb5d6fef08b271ca9b2fa93efc1615534a51d2cf5",
    "188d39f8dc52a68cbbd83a1013ba4747736d171d4f8e502a6e0d6d078300d59c",
    "e0a2e20ee05dba39807674be371e7db3f280961d4dca0e35cf0342305246d976",
];

/// Parameters and keys of one size, made once in a process.
pub struct Keys {
    /// The size.
    pub class: Class,
    /// halo2's parameters.
    pub params: &'static Params<Affine>,
    /// Their generators, the first of those of every larger size.
    pub generators: Vec<Affine>,
    /// The verifying key.
    pub verifying: VerifyingKey<Affine>,
}

crate::opaque!(Keys);

impl Keys {
    /// Makes the verifying key (milliseconds) and compares it with the pinned digest.
    pub fn load(class: Class) -> Result<&'static Keys, BadParameters> {
        static LOADED: [OnceLock<Result<Keys, BadParameters>>; CLASSES] = [const { OnceLock::new() }; CLASSES];
        // halo2 makes keys on all threads: one that waited for it as rayon's could take up work that waits for this very key.
        LOADED[class.index()].get_or_init(|| parallel::alone(|| Keys::make(class))).as_ref().map_err(|e| *e)
    }

    fn make(class: Class) -> Result<Keys, BadParameters> {
        let keys = Keys::without_check(class)?;
        if keys.digest() == VERIFYING_KEY_DIGESTS[class.index()] { Ok(keys) } else { Err(BAD_KEY) }
    }

    fn without_check(class: Class) -> Result<Keys, BadParameters> {
        let params = circuit_params(class)?;
        let verifying = keygen_vk(params, &Keys::empty(class)).map_err(|_| BAD_KEY)?;
        Ok(Keys { class, params, generators: params.get_g(), verifying })
    }

    fn digest(&self) -> String {
        digest(format!("{:?}", self.verifying.pinned()).as_bytes())
    }

    fn empty(class: Class) -> Equations<'static> {
        Equations { class, messages: Vec::new(), coefficients: None }
    }

    /// The proving key (milliseconds).
    pub fn proving(&self) -> Result<ProvingKey<Affine>, BadParameters> {
        keygen_pk(self.params, self.verifying.clone(), &Keys::empty(self.class)).map_err(|_| BAD_KEY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_its_pinned_key_over_the_same_generators() {
        let keys: Vec<Keys> = Class::all().map(|class| Keys::without_check(class).expect("keys")).collect();
        let digests: Vec<String> = keys.iter().map(Keys::digest).collect();
        assert_eq!(digests, VERIFYING_KEY_DIGESTS);
        let largest = keys.last().expect("a size");
        for keys in &keys {
            assert_eq!(keys.generators, largest.generators[..keys.class.rows()], "2^{}", keys.class.bits());
        }
    }
}
