//! Salted digests: each label of a capture is hidden in one and may be shown later, alone.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use blake2b_simd::Params as Blake2b;
use zkimg_picture::ExifField;

/// A Blake2b-256 digest.
pub type Digest = [u8; 32];

const LABEL: &[u8] = b"zkimg-capture-label-v1";
const COVERED_LABEL: &[u8] = b"zkimg-capture-label-v3";

/// Something a capture says besides the pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// A listed EXIF field; its value is the canonical text.
    Exif(ExifField),
    /// When the device signed; 8 bytes little-endian, Unix seconds.
    Time,
    /// The signing key's fingerprint, 32 bytes.
    Device,
    /// SHA-256 of the file that a notary saw.
    File,
    /// SHA-256 of the certificate that signed its Content Credentials.
    Certificate,
    /// SHA-256 of their signature.
    ClaimSignature,
    /// The label of their manifest.
    ManifestLabel,
    /// The program that made them.
    Generator,
}

impl Label {
    /// The label's number: EXIF fields keep theirs, the others begin at 256.
    pub fn id(self) -> u16 {
        match self {
            Label::Exif(field) => field.id(),
            Label::Time => 256,
            Label::Device => 257,
            Label::File => 258,
            Label::Certificate => 259,
            Label::ClaimSignature => 260,
            Label::ManifestLabel => 261,
            Label::Generator => 262,
        }
    }

    /// The label's name, for people and programs; it does not change.
    pub fn name(self) -> &'static str {
        match self {
            Label::Exif(field) => field.name(),
            Label::Time => "capture_time",
            Label::Device => "device",
            Label::File => "file",
            Label::Certificate => "certificate",
            Label::ClaimSignature => "claim_signature",
            Label::ManifestLabel => "manifest_label",
            Label::Generator => "claim_generator",
        }
    }
}

/// Which statements an opening belongs to, and what stands behind its value but the key that signed the statement. It is hidden with the
/// value: shown, it would tell which fields a photo has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backing {
    /// A statement of version 2, which does not say.
    Unsaid,
    /// Nothing else.
    Alone,
    /// The signature of the file's Content Credentials: their hash covers the bytes that the value was read from.
    Covered,
    /// Nothing else, although the file has Content Credentials: their hash leaves these bytes out, and anybody may have written them.
    NotCovered,
}

impl Backing {
    /// Its number in a digest, a negative and a proof file; none for statements of version 2.
    pub fn number(self) -> Option<u8> {
        match self {
            Backing::Unsaid => None,
            Backing::Alone => Some(0),
            Backing::Covered => Some(1),
            Backing::NotCovered => Some(2),
        }
    }

    /// The one with this number.
    pub fn from_number(number: u8) -> Option<Backing> {
        [Backing::Alone, Backing::Covered, Backing::NotCovered].into_iter().find(|backing| backing.number() == Some(number))
    }
}

/// Opens one salted digest: whoever has it can check the value against the signed statement.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    label: Label,
    backing: Backing,
    salt: [u8; 32],
    value: Option<Vec<u8>>,
}

impl Opening {
    /// Hides a value, or its absence, under a salt that is spent here.
    #[cfg(feature = "prover")]
    pub fn seal(label: Label, backing: Backing, value: Option<Vec<u8>>, salt: crate::randomness::Salt) -> Opening {
        Opening { label, backing, salt: salt.spend(), value }
    }

    /// An opening that somebody hands over; the statement decides whether it is true.
    pub fn new(label: Label, backing: Backing, value: Option<Vec<u8>>, salt: [u8; 32]) -> Opening {
        Opening { label, backing, salt, value }
    }

    /// What it is about.
    pub fn label(&self) -> Label {
        self.label
    }

    /// What stands behind the value, or behind its absence.
    pub fn backing(&self) -> Backing {
        self.backing
    }

    /// The salt.
    pub fn salt(&self) -> &[u8; 32] {
        &self.salt
    }

    /// The value, or `None` where the photo had none.
    pub fn value(&self) -> Option<&[u8]> {
        self.value.as_deref()
    }

    /// `H(label, field id, salt, backing?, present?, length, value)`, with a label of its own where the backing is said. An absent value
    /// hashes its own mark, so that without the salt nobody can tell absent from present, nor from empty.
    pub fn digest(&self) -> Digest {
        let backing = self.backing.number();
        let (personal, label) = match backing {
            None => (b"zkimg-label-v1", LABEL),
            Some(_) => (b"zkimg-label-v3", COVERED_LABEL),
        };
        let mut state = Blake2b::new().hash_length(32).personal(personal).to_state();
        state.update(&(label.len() as u64).to_le_bytes()).update(label);
        state.update(&self.label.id().to_le_bytes()).update(&self.salt);
        state.update(backing.as_slice());
        match &self.value {
            Some(value) => state.update(&[1]).update(&(value.len() as u64).to_le_bytes()).update(value),
            None => state.update(&[0]).update(&0u64.to_le_bytes()),
        };
        digest(&state)
    }

    #[cfg(feature = "prover")]
    pub(crate) fn wipe(&mut self) {
        use zeroize::Zeroize;
        self.salt.zeroize();
        self.value.zeroize();
    }
}

/// An opening may be secret: only what it is about is printed.
impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening").field("label", &self.label).finish_non_exhaustive()
    }
}

/// The 32 bytes of a Blake2b-256 state.
pub(crate) fn digest(state: &blake2b_simd::State) -> Digest {
    let mut digest = [0; 32];
    digest.copy_from_slice(state.finalize().as_bytes());
    digest
}
