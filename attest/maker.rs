//! Who made a link of a chain: a name and a note that anyone may claim, and a key that only its holder can use.
//!
//! | maker | bytes |
//! |---|---|
//! | length of the name (at most 64; 0: none), then the name, UTF-8 | 1 + … |
//! | length of the note (at most 512; 0: none), then the note, UTF-8 | 2 + … |
//! | 0, or 1 and the key, a compressed P-256 point (SEC 1) | 1 or 1 + 33 |
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::key::PublicKey;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Verifier;
use zkimg_picture::reader::{CutShort, Reader};
use zkimg_picture::text;

/// The longest name, in bytes.
pub const MAX_NAME: usize = 64;
/// The longest note, in bytes.
pub const MAX_NOTE: usize = 512;

/// What somebody signs. Each has a prefix of its own, as a capture's signature has, so that none can stand for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// A link of a chain: the digest of its statement.
    Link,
    /// The card of a model: its digest.
    Card,
    /// A face that was enrolled: the file's digest.
    Enrolment,
}

impl Purpose {
    /// What the signature's message begins with.
    fn prefix(self) -> &'static [u8] {
        match self {
            Purpose::Link => b"zkimg-maker-signature-v1\0",
            Purpose::Card => b"zkimg-card-signature-v1\0",
            Purpose::Enrolment => b"zkimg-enrolment-signature-v1\0",
        }
    }
}

/// A maker that is refused, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MakerError {
    /// More bytes than allowed.
    #[error("the {0} is longer than {1} bytes; shorten it")]
    TooLong(&'static str, usize),
    /// Nothing, or white space at an end.
    #[error("the {0} is empty or begins or ends with a space; write it without, or leave it out")]
    Blank(&'static str),
    /// A character that shows nothing or turns the text around it, or nothing visible to begin with ([`zkimg_picture::text`]).
    #[error(
        "the {0} has a control character or one that is invisible or turns text around, or begins with a mark; write it in plain letters"
    )]
    Unclean(&'static str),
    /// White space that looks like one space and is something else ([`zkimg_picture::text::odd_space`]).
    #[error("the {0} has {space}; write one plain space (U+0020) between words", space = space(.1))]
    Space(&'static str, char),
    /// Bytes that are no maker's.
    #[error("the {0} is not valid")]
    Invalid(&'static str),
    /// The bytes end too early.
    #[error("the maker is cut short")]
    CutShort,
    /// A signature that is not the key's, or not in its one form.
    #[error("the maker's signature does not hold")]
    Signature,
}

impl From<CutShort> for MakerError {
    fn from(_: CutShort) -> MakerError {
        MakerError::CutShort
    }
}

/// Who made a link, as far as they say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maker {
    name: Option<String>,
    note: Option<String>,
    key: Option<PublicKey>,
}

fn clean(text: &str, what: &'static str, limit: usize) -> Result<(), MakerError> {
    if text.len() > limit {
        return Err(MakerError::TooLong(what, limit));
    }
    if text.trim().is_empty() || text.trim() != text {
        return Err(MakerError::Blank(what));
    }
    if !text::is_clean(text) {
        return Err(MakerError::Unclean(what));
    }
    text::odd_space(text).map_or(Ok(()), |space| Err(MakerError::Space(what, space)))
}

/// Odd white space in a sentence.
fn space(c: &char) -> String {
    match c {
        ' ' => "two spaces (U+0020) in a row".into(),
        c => format!("the white space U+{:04X}, which looks like a space", u32::from(*c)),
    }
}

impl Maker {
    /// Checks the texts: short, not blank, without hidden characters or odd white space ([`zkimg_picture::text`]).
    pub fn new(name: Option<String>, note: Option<String>, key: Option<PublicKey>) -> Result<Maker, MakerError> {
        name.iter().try_for_each(|name| clean(name, "name", MAX_NAME))?;
        note.iter().try_for_each(|note| clean(note, "note", MAX_NOTE))?;
        Ok(Maker { name, note, key })
    }

    /// What they call themselves. Anyone can claim a name.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What they say about their edits.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// The key that signs, if they sign.
    pub fn key(&self) -> Option<&PublicKey> {
        self.key.as_ref()
    }

    /// The canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let [name, note] = [&self.name, &self.note].map(|text| text.as_deref().unwrap_or("").as_bytes());
        let mut out = vec![u8::try_from(name.len()).expect("names are short")];
        out.extend_from_slice(name);
        out.extend_from_slice(&u16::try_from(note.len()).expect("notes are short").to_le_bytes());
        out.extend_from_slice(note);
        match &self.key {
            None => out.push(0),
            Some(key) => {
                out.push(1);
                out.extend_from_slice(&key.to_bytes());
            }
        }
        out
    }

    /// Reads the canonical bytes; what follows them is left to the caller.
    pub fn read(r: &mut Reader<'_>) -> Result<Maker, MakerError> {
        Maker::read_from(|n| r.take(n).map(<[u8]>::to_vec))
    }

    /// Reads the canonical bytes from what gives so many at a time as it is asked for.
    pub fn read_from(mut next: impl FnMut(usize) -> Result<Vec<u8>, CutShort>) -> Result<Maker, MakerError> {
        let mut length = |bytes: usize| -> Result<Vec<u8>, CutShort> {
            let length = next(bytes)?.iter().rev().fold(0, |length, byte| length << 8 | usize::from(*byte));
            next(length)
        };
        let name = utf8(&length(1)?, "name")?;
        let note = utf8(&length(2)?, "note")?;
        let key = match next(1)?[..] {
            [0] => None,
            [1] => {
                let point = next(33)?.try_into().map_err(|_| CutShort)?;
                Some(PublicKey::from_bytes(&point).map_err(|_| MakerError::Invalid("key"))?)
            }
            _ => return Err(MakerError::Invalid("key")),
        };
        Maker::new(name, note, key)
    }
}

fn utf8(bytes: &[u8], what: &'static str) -> Result<Option<String>, MakerError> {
    let text = std::str::from_utf8(bytes).map_err(|_| MakerError::Invalid(what))?;
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// A person's signature over a digest of what they made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MakerSignature(Signature);

impl MakerSignature {
    /// r and s, big-endian.
    pub fn to_bytes(&self) -> [u8; 64] {
        self.0.to_bytes().into()
    }

    /// Reads r and s; whether they sign anything is for [`MakerSignature::verify`].
    pub fn from_bytes(bytes: &[u8; 64]) -> Result<MakerSignature, MakerError> {
        Signature::from_slice(bytes).map(MakerSignature).map_err(|_| MakerError::Signature)
    }

    /// Checks that `key` signed `digest` for this purpose, with `s` in the lower half, so that there is one form.
    pub fn verify(&self, key: &PublicKey, purpose: Purpose, digest: &[u8; 32]) -> Result<(), MakerError> {
        if self.0.normalize_s() != self.0 {
            return Err(MakerError::Signature);
        }
        key.0.verify(&message(purpose, digest), &self.0).map_err(|_| MakerError::Signature)
    }

    /// Signs a digest (RFC 6979 with added randomness, low `s`) and checks the signature.
    #[cfg(feature = "prover")]
    pub fn sign(key: &crate::key::SigningKey, purpose: Purpose, digest: &[u8; 32]) -> Result<MakerSignature, SignError> {
        use crate::randomness::Randomness;
        use p256::ecdsa::signature::RandomizedSigner;
        use zeroize::Zeroizing;
        let mut secret = Zeroizing::new(Vec::with_capacity(32));
        secret.extend_from_slice(&Zeroizing::new(<[u8; 32]>::from(key.0.to_bytes()))[..]);
        let mut stream = Randomness::new(secret, message(purpose, digest)).stream("maker signature")?;
        let signature: Signature = key.0.try_sign_with_rng(&mut stream, &message(purpose, digest)).map_err(|_| MakerError::Signature)?;
        let signature = MakerSignature(signature.normalize_s());
        signature.verify(&key.public(), purpose, digest)?;
        Ok(signature)
    }
}

/// Why nothing was signed.
#[cfg(feature = "prover")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// No random bytes.
    #[error(transparent)]
    Randomness(#[from] crate::randomness::NoRandomness),
    /// The signature that was made fails its own check.
    #[error("the signature that was made fails its own check ({0}); the computer may be faulty, try again")]
    Signature(#[from] MakerError),
}

fn message(purpose: Purpose, digest: &[u8; 32]) -> Vec<u8> {
    [purpose.prefix(), digest].concat()
}
