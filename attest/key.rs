//! Keys of P-256: a device signs its captures with one, a person the links they made.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use blake2b_simd::Params as Blake2b;
use p256::ecdsa::VerifyingKey;
use p256::pkcs8::{DecodePublicKey, EncodePublicKey, LineEnding};

/// The fingerprint of a key: Blake2b-256 of its 33 compressed bytes.
pub type KeyId = [u8; 32];

/// A key that cannot be read or made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not a PEM-framed P-256 public key.
    #[error("the public key is not a P-256 key in PEM form (BEGIN PUBLIC KEY); export it again")]
    Public,
    /// Not a PEM-framed P-256 private key.
    #[error("the private key is not an unencrypted P-256 key in PKCS#8 PEM form (BEGIN PRIVATE KEY); export it again")]
    Private,
    /// Not 33 canonical bytes of a point.
    #[error("the public key is not 33 bytes of a compressed P-256 point; the file is damaged")]
    Compressed,
    /// A key of a list that cannot be read, by the line it begins on.
    #[error("the public key that begins on line {0} is not a P-256 key in PEM form (BEGIN PUBLIC KEY); export it again, or remove it")]
    Listed(usize),
    /// A key of a list that does not end, by the line it begins on.
    #[error("the public key that begins on line {0} has no END PUBLIC KEY line of its own; add it, or export the key again")]
    NoEnd(usize),
    /// A line of a list with something in it that looks like a marker and is none.
    #[error(
        "line {0} has a BEGIN or END that belongs to no public key or does not stand alone on its line; give BEGIN PUBLIC KEY and END PUBLIC KEY lines of their own, or begin the line with #"
    )]
    Marker(usize),
    /// A line of a key whose first line is a comment.
    #[error(
        "line {0} is no comment, but the BEGIN line of the key before it is; put # before every line of a key that is not to be trusted, or remove it"
    )]
    HalfCommented(usize),
    /// Text without any key.
    #[error("the list of trusted keys holds no public key; add one in PEM form (BEGIN PUBLIC KEY)")]
    NoKey,
    /// Far too many keys.
    #[error("the list of trusted keys holds more than 65536 keys; split it")]
    TooMany,
}

/// The public half of a key: whoever has it can check what its holder signed.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(pub(crate) VerifyingKey);

impl PublicKey {
    /// Reads the 33 bytes of a compressed point (SEC 1); any other encoding is refused.
    pub fn from_bytes(bytes: &[u8; 33]) -> Result<PublicKey, KeyError> {
        let key = VerifyingKey::from_sec1_bytes(bytes).map(PublicKey).map_err(|_| KeyError::Compressed)?;
        // SEC 1 has a compact form of the same length, which has a sign of its own.
        if key.to_bytes() != *bytes {
            return Err(KeyError::Compressed);
        }
        Ok(key)
    }

    /// The 33 bytes of the compressed point (SEC 1).
    pub fn to_bytes(&self) -> [u8; 33] {
        let mut bytes = [0; 33];
        let point = self.0.to_sec1_point(true);
        bytes.copy_from_slice(point.as_bytes());
        bytes
    }

    /// Reads a block from its BEGIN to its END.
    pub(crate) fn from_block(block: &str) -> Option<PublicKey> {
        VerifyingKey::from_public_key_pem(block).ok().map(PublicKey)
    }

    /// Writes `BEGIN PUBLIC KEY`.
    pub fn to_pem(&self) -> String {
        self.0.to_public_key_pem(LineEnding::LF).expect("a P-256 key has a PEM form")
    }

    /// The key's fingerprint.
    pub fn id(&self) -> KeyId {
        let hash = Blake2b::new().hash_length(32).personal(b"zkimg-device-v1").hash(&self.to_bytes());
        let mut id = [0; 32];
        id.copy_from_slice(hash.as_bytes());
        id
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PublicKey(")?;
        self.id().iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// A key that signs, for its holder alone.
#[cfg(feature = "prover")]
pub struct SigningKey(pub(crate) p256::ecdsa::SigningKey);

#[cfg(feature = "prover")]
impl SigningKey {
    /// Makes a key from the operating system's randomness.
    pub fn generate() -> Result<SigningKey, crate::randomness::NoRandomness> {
        let source = crate::randomness::Randomness::new(Vec::new().into(), Vec::new());
        let mut stream = source.stream("signing key")?;
        Ok(SigningKey(p256::elliptic_curve::Generate::generate_from_rng(&mut stream)))
    }

    /// Reads `BEGIN PRIVATE KEY` (PKCS#8, RFC 5958), unencrypted.
    pub fn from_pem(pem: &str) -> Result<SigningKey, KeyError> {
        use p256::pkcs8::DecodePrivateKey;
        p256::ecdsa::SigningKey::from_pkcs8_pem(pem.trim()).map(SigningKey).map_err(|_| KeyError::Private)
    }

    /// Writes `BEGIN PRIVATE KEY`, unencrypted: whoever reads it can sign in its holder's name.
    pub fn to_pem(&self) -> zeroize::Zeroizing<String> {
        use p256::pkcs8::EncodePrivateKey;
        self.0.to_pkcs8_pem(LineEnding::LF).expect("a P-256 key has a PEM form")
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(*self.0.verifying_key())
    }
}

/// Secret: only the public fingerprint is printed.
#[cfg(feature = "prover")]
impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public()).finish_non_exhaustive()
    }
}
