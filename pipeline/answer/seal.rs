//! Who vouches for a file: nobody, or the holder of a key, by a signature over the file's digest.
//!
//! | at the end of a file | bytes |
//! |---|---|
//! | 0, or 1 and the key, a compressed P-256 point (SEC 1) | 1 or 1 + 33 |
//! | with a key: signature over SHA-256 of the purpose's prefix and the digest: r and s big-endian, s in the lower half | 64 |
//!
//! The **digest**, by which others name the file, is Blake2b-256, with the purpose's personalisation, of everything before the signature: it
//! covers the key, so that a signature that is stripped or exchanged leaves another file.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::trust::{Signer, Trust};
use blake2b_simd::Params as Blake2b;
use zkimg_attest::{MakerError, MakerSignature, PublicKey, Purpose};
use zkimg_picture::reader::{CutShort, Reader};

/// What is sealed, and how its digest is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    /// What a signature is for.
    pub purpose: Purpose,
    /// Of the digest.
    pub personal: &'static [u8],
}

/// Of a model's card.
pub(crate) const CARD: Sealed = Sealed { purpose: Purpose::Card, personal: b"zkimg-card-v2" };
/// Of an enrolled face.
pub(crate) const ENROLMENT: Sealed = Sealed { purpose: Purpose::Enrolment, personal: b"zkimg-enrol-v1" };

/// Why the end of a file is no seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadSeal;

impl From<CutShort> for BadSeal {
    fn from(_: CutShort) -> BadSeal {
        BadSeal
    }
}

/// Key and signature, if there is a key; and the digest that is signed. Parsed, not checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seal {
    signed: Option<(PublicKey, MakerSignature)>,
    pub digest: [u8; 32],
}

impl Sealed {
    fn digest(self, body: &[u8]) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.copy_from_slice(Blake2b::new().hash_length(32).personal(self.personal).hash(body).as_bytes());
        digest
    }

    /// Reads what is left of a file as its seal.
    pub(crate) fn read(self, file: &[u8], r: &mut Reader<'_>) -> Result<Seal, BadSeal> {
        let key = match r.u8()? {
            0 => None,
            1 => Some(PublicKey::from_bytes(&r.array()?).map_err(|_| BadSeal)?),
            _ => return Err(BadSeal),
        };
        let body = file.get(..file.len() - r.rest().len()).ok_or(BadSeal)?;
        let digest = self.digest(body);
        let signed = match key {
            None => None,
            Some(key) => Some((key, MakerSignature::from_bytes(&r.array()?).map_err(|_| BadSeal)?)),
        };
        Ok(Seal { signed, digest })
    }

    /// Seals a file that is complete but for that.
    #[cfg(feature = "prover")]
    pub(crate) fn seal(self, mut body: Vec<u8>, key: Option<&zkimg_attest::SigningKey>) -> Result<Vec<u8>, zkimg_attest::SignError> {
        let Some(key) = key else {
            body.push(0);
            return Ok(body);
        };
        body.push(1);
        body.extend(key.public().to_bytes());
        let signature = MakerSignature::sign(key, self.purpose, &self.digest(&body))?;
        body.extend(signature.to_bytes());
        Ok(body)
    }

    /// That the holder of the key signed, if there is one.
    pub(crate) fn verify(self, seal: &Seal) -> Result<(), MakerError> {
        seal.signed.iter().try_for_each(|(key, signature)| signature.verify(key, self.purpose, &seal.digest))
    }
}

impl Seal {
    /// The bytes at the end of a file.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let Some((key, signature)) = &self.signed else { return out.push(0) };
        out.push(1);
        out.extend(key.to_bytes());
        out.extend(signature.to_bytes());
    }

    /// Whose key it is, if there is one.
    pub(crate) fn key(&self) -> Option<&PublicKey> {
        self.signed.as_ref().map(|(key, _)| key)
    }

    /// The same for a report. It counts only if the signature holds.
    pub(crate) fn signer(&self, trust: &Trust) -> Option<Signer> {
        self.key().map(|key| Signer::of(key, trust))
    }
}
