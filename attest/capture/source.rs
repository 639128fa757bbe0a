//! Who signs a capture, and what a notary says of the file that it saw.
//!
//! | behind a statement of version 3 | bytes |
//! |---|---|
//! | which program decoded the file: length (1 to 48), then letters, digits, spaces and `.-_+` | 1 + … |
//! | source: 0 a device, 1 a notary over a file with Content Credentials, 2 a notary over any other file | 1 |
//! | *1:* the credentials | … |
//!
//! | credentials | bytes |
//! |---|---|
//! | which library checked them: length (1 to 48), then text as above | 1 + … |
//! | what it found: 0 invalid, 1 valid, 2 trusted | 1 |
//! | number of failures that were accepted (at most 8), each with its length (1 to 48), as text, in ascending order | 1 + … |
//! | SHA-256 of the list of anchors | 32 |
//! | when it checked, Unix seconds | 8 |
//! | 0, or 1 if the signer's chain ends at an anchor, and the signer's name: length (1 to 128), then UTF-8 | 1 or 1 + 1 + … |
//! | algorithm of the claim's signature, 0 to 6 | 1 |
//! | digital source type, 0 none; length (at most 96), then text | 1 + … |
//! | first action, 0 none; length (at most 48), then text | 1 + … |
//! | bits: 1 more actions, 2 ingredients, 4 nothing but the manifest is outside the signed hash | 1 |
//! | salted digests of the file's SHA-256, the certificate's, the claim signature's; of the manifest's label, the claim's generator | 32 each |
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::CaptureError;
use crate::disclosure::{Digest, Label};
use zkimg_picture::reader::Reader;
use zkimg_picture::text;

/// The most failures that a notary may accept.
pub const MAX_ACCEPTED: usize = 8;
const MAX_WORD: usize = 48;
const MAX_SOURCE_TYPE: usize = 96;
const MAX_ISSUER: usize = 128;

/// The labels whose digests stand in credentials, in this order.
pub(crate) const TRACES: [Label; 5] = [Label::File, Label::Certificate, Label::ClaimSignature, Label::ManifestLabel, Label::Generator];

/// Who signs, and on what occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The device that took the photo.
    Device,
    /// Somebody who had a file whose Content Credentials they checked.
    NotaryOfCredentials(Box<Credentials>),
    /// Somebody who had a file, and says nothing of where it came from.
    Notary,
}

impl Source {
    /// Whether it is a notary and no device.
    pub fn is_notary(&self) -> bool {
        !matches!(self, Source::Device)
    }

    /// What is said of Content Credentials, if anything is.
    pub fn credentials(&self) -> Option<&Credentials> {
        match self {
            Source::NotaryOfCredentials(credentials) => Some(credentials),
            Source::Device | Source::Notary => None,
        }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Source::Device => out.push(0),
            Source::NotaryOfCredentials(credentials) => {
                out.push(1);
                credentials.write(out);
            }
            Source::Notary => out.push(2),
        }
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<Source, CaptureError> {
        match r.u8()? {
            0 => Ok(Source::Device),
            1 => Ok(Source::NotaryOfCredentials(Box::new(Credentials::read(r)?))),
            2 => Ok(Source::Notary),
            _ => Err(CaptureError::Invalid("source")),
        }
    }
}

/// What a library found Content Credentials to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum State {
    /// They fail.
    Invalid = 0,
    /// They hold, but for whose key signed them.
    Valid = 1,
    /// They hold, and their signer's chain ends at an anchor.
    Trusted = 2,
}

impl State {
    /// Its name, which does not change.
    pub fn name(self) -> &'static str {
        match self {
            State::Invalid => "invalid",
            State::Valid => "valid",
            State::Trusted => "trusted",
        }
    }
}

/// How a claim was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Algorithm {
    Es256 = 0,
    Es384 = 1,
    Es512 = 2,
    Ps256 = 3,
    Ps384 = 4,
    Ps512 = 5,
    Ed25519 = 6,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Algorithm; 7] = {
        use Algorithm as A;
        [A::Es256, A::Es384, A::Es512, A::Ps256, A::Ps384, A::Ps512, A::Ed25519]
    };

    /// Its name, as C2PA has it.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Es256 => "ES256",
            Algorithm::Es384 => "ES384",
            Algorithm::Es512 => "ES512",
            Algorithm::Ps256 => "PS256",
            Algorithm::Ps384 => "PS384",
            Algorithm::Ps512 => "PS512",
            Algorithm::Ed25519 => "Ed25519",
        }
    }
}

/// What a notary shows of the Content Credentials that it checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The library that checked them, and its version.
    pub library: String,
    /// What it found.
    pub state: State,
    /// The failures that it found and that the notary accepts, by C2PA's codes, in ascending order.
    pub accepted: Vec<String>,
    /// SHA-256 of the list of anchors.
    pub anchors: [u8; 32],
    /// When it checked, in Unix seconds.
    pub checked: u64,
    /// Who signed the claim, by a certificate whose chain ends at an anchor; `None` if it does not, as anybody may then call themselves so.
    pub signer: Option<String>,
    /// How the claim was signed.
    pub algorithm: Algorithm,
    /// What the claim says the picture is: the end of IPTC's name, such as `digitalCapture`.
    pub source_type: Option<String>,
    /// The first action that the claim says was done, such as `c2pa.created`.
    pub action: Option<String>,
    /// Whether it says that more was done.
    pub more_actions: bool,
    /// Whether it says that the picture was made of others.
    pub ingredients: bool,
    /// Whether nothing but the manifest's own bytes lies outside the hash that was signed.
    pub only_manifest: bool,
}

impl Facts {
    /// Whether the claim says that this is a digital capture and nothing else, and an anchor stands behind who says so.
    pub fn is_capture(&self) -> bool {
        let said = |value: &Option<String>, expected: &str| value.as_deref() == Some(expected);
        self.signer.is_some()
            && said(&self.source_type, "digitalCapture")
            && said(&self.action, "c2pa.created")
            && !self.more_actions
            && !self.ingredients
    }

    fn check(&self) -> Result<(), CaptureError> {
        let optional = |text: &Option<String>, limit, name| text.as_ref().map_or(Ok(()), |text| word(text, limit, name));
        word(&self.library, MAX_WORD, "library")?;
        self.accepted.iter().try_for_each(|code| word(code, MAX_WORD, ACCEPTED))?;
        if self.accepted.len() > MAX_ACCEPTED || !self.accepted.is_sorted_by(|a, b| a < b) {
            return Err(CaptureError::Invalid(ACCEPTED));
        }
        // What is not trusted has a failure that the notary accepts, and what is trusted has a signer with an anchor.
        let consistent = if self.state == State::Trusted { self.signer.is_some() } else { !self.accepted.is_empty() };
        if !consistent || (!self.only_manifest && self.accepted.is_empty()) {
            return Err(CaptureError::Invalid("state of the credentials"));
        }
        if self.signer.as_ref().is_some_and(|name| name.len() > MAX_ISSUER || !text::is_clean(name) || text::odd_space(name).is_some()) {
            return Err(CaptureError::Invalid(SIGNER));
        }
        optional(&self.source_type, MAX_SOURCE_TYPE, SOURCE_TYPE)?;
        optional(&self.action, MAX_WORD, ACTION)
    }
}

const ACCEPTED: &str = "list of accepted failures";
const SIGNER: &str = "signer of the claim";
const SOURCE_TYPE: &str = "source type";
const ACTION: &str = "first action";

/// What a statement says of Content Credentials: what is shown, and the digests of what is hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    facts: Facts,
    traces: [Digest; TRACES.len()],
}

impl Credentials {
    /// Facts, and the digests in the order of [`TRACES`].
    pub(crate) fn new(facts: Facts, traces: [Digest; TRACES.len()]) -> Result<Credentials, CaptureError> {
        facts.check()?;
        Ok(Credentials { facts, traces })
    }

    /// What is shown.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The salted digest of what is hidden.
    pub(super) fn digest(&self, label: Label) -> Option<&Digest> {
        TRACES.iter().zip(&self.traces).find(|(trace, _)| **trace == label).map(|(_, digest)| digest)
    }

    fn write(&self, out: &mut Vec<u8>) {
        let facts = &self.facts;
        write_text(out, &facts.library);
        out.push(facts.state as u8);
        out.push(facts.accepted.len() as u8);
        facts.accepted.iter().for_each(|code| write_text(out, code));
        out.extend_from_slice(&facts.anchors);
        out.extend_from_slice(&facts.checked.to_le_bytes());
        match &facts.signer {
            None => out.push(0),
            Some(signer) => {
                out.push(1);
                write_text(out, signer);
            }
        }
        out.push(facts.algorithm as u8);
        [&facts.source_type, &facts.action].into_iter().for_each(|text| write_text(out, text.as_deref().unwrap_or("")));
        out.push(u8::from(facts.more_actions) | u8::from(facts.ingredients) << 1 | u8::from(facts.only_manifest) << 2);
        out.extend_from_slice(self.traces.as_flattened());
    }

    fn read(r: &mut Reader<'_>) -> Result<Credentials, CaptureError> {
        let library = read_text(r, "library")?;
        let state = match r.u8()? {
            0 => State::Invalid,
            1 => State::Valid,
            2 => State::Trusted,
            _ => return Err(CaptureError::Invalid("state of the credentials")),
        };
        let count = usize::from(r.u8()?);
        if count > MAX_ACCEPTED {
            return Err(CaptureError::Invalid(ACCEPTED));
        }
        let accepted = (0..count).map(|_| read_text(r, ACCEPTED)).collect::<Result<_, _>>()?;
        let (anchors, checked) = (r.array()?, r.u64()?);
        let signer = match r.u8()? {
            0 => None,
            1 => Some(read_text(r, SIGNER)?),
            _ => return Err(CaptureError::Invalid(SIGNER)),
        };
        let algorithm = usize::from(r.u8()?);
        let algorithm = *Algorithm::ALL.get(algorithm).ok_or(CaptureError::Invalid("algorithm"))?;
        let mut optional = |name| read_text(r, name).map(|text| Some(text).filter(|text| !text.is_empty()));
        let (source_type, action) = (optional(SOURCE_TYPE)?, optional(ACTION)?);
        let bits = r.u8()?;
        if bits > 7 {
            return Err(CaptureError::Invalid("bits of the credentials"));
        }
        let [more_actions, ingredients, only_manifest] = [1, 2, 4].map(|bit| bits & bit != 0);
        let mut traces = [[0; 32]; TRACES.len()];
        for digest in &mut traces {
            *digest = r.array()?;
        }
        let facts = Facts {
            library,
            state,
            accepted,
            anchors,
            checked,
            signer,
            algorithm,
            source_type,
            action,
            more_actions,
            ingredients,
            only_manifest,
        };
        Credentials::new(facts, traces)
    }
}

/// What an auditor needs to do a notary's check again, and what links photos: each hidden under a salt of its own.
#[derive(Clone, PartialEq, Eq)]
pub struct Traces {
    /// SHA-256 of the file.
    pub file: [u8; 32],
    /// SHA-256 of the certificate that signed the claim.
    pub certificate: [u8; 32],
    /// SHA-256 of the claim's signature.
    pub claim_signature: [u8; 32],
    /// The manifest's label.
    pub label: String,
    /// The program that made the claim, if it says so.
    pub generator: Option<String>,
}

impl Traces {
    /// The values in the order of [`TRACES`].
    #[cfg(feature = "prover")]
    pub(crate) fn values(&self) -> [Option<&[u8]>; TRACES.len()] {
        [
            Some(&self.file),
            Some(&self.certificate),
            Some(&self.claim_signature),
            Some(self.label.as_bytes()),
            self.generator.as_deref().map(str::as_bytes),
        ]
    }
}

/// Secret: nothing is printed.
impl std::fmt::Debug for Traces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Traces").finish_non_exhaustive()
    }
}

/// A short word of letters, digits, spaces and a few signs, which needs no quotation marks.
pub(super) fn word(text: &str, limit: usize, name: &'static str) -> Result<(), CaptureError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b" .-_+".contains(&byte);
    let short = (1..=limit).contains(&text.len()) && text.trim() == text;
    if short && text.bytes().all(allowed) { Ok(()) } else { Err(CaptureError::Invalid(name)) }
}

/// As [`word`], for the program that decoded a file.
pub(super) fn decoder(text: &str) -> Result<(), CaptureError> {
    word(text, MAX_WORD, "decoder")
}

/// A length of one byte, and a text that was checked before.
pub(super) fn write_text(out: &mut Vec<u8>, text: &str) {
    out.push(u8::try_from(text.len()).expect("texts are short"));
    out.extend_from_slice(text.as_bytes());
}

/// Reads the same; whether it is allowed is checked where it is put to use.
pub(super) fn read_text(r: &mut Reader<'_>, name: &'static str) -> Result<String, CaptureError> {
    let length = usize::from(r.u8()?);
    std::str::from_utf8(r.take(length)?).map(str::to_owned).map_err(|_| CaptureError::Invalid(name))
}
