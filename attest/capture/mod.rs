//! The capture statement and its signature: what a camera, or a notary, says about a photo.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod file;
mod source;

use crate::device_list::{TrustedDevices, TrustedNotaries};
use crate::disclosure::{Backing, Digest, Label, Opening};
use crate::key::{KeyId, PublicKey};
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Verifier;
use zkimg_graph::tensor::Dims;
use zkimg_picture::reader::CutShort;
use zkimg_picture::size::check_size;
use zkimg_picture::{ExifField, ProfileId};
use zkimg_proof::commitment::{Layout, row_bits};

pub use file::{MAX_STATEMENT, OLDEST, VERSION};
pub(crate) use source::TRACES;
pub use source::{Algorithm, Credentials, Facts, MAX_ACCEPTED, Source, State, Traces};

/// What the message of a device's signature begins with.
const DEVICE: &[u8] = b"zkimg-capture-signature-v1\0";
/// What that of a notary's begins with.
const NOTARY: &[u8] = b"zkimg-notary-signature-v1\0";
const EXIF_FIELDS: usize = ExifField::ALL.len();

/// A capture that is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// Another kind of file.
    #[error("this is not a capture file (photo.capture); give the file that was made when the photo was attested")]
    NotACapture,
    /// Another version.
    #[error(
        "the capture file has version {0}, this program reads versions {OLDEST} and {VERSION}; attest the photo again with this one, or use the zkimg that made it"
    )]
    Version(u16),
    /// Bytes missing at the end.
    #[error("the capture file is cut short; get the complete file")]
    CutShort,
    /// Bytes left over at the end.
    #[error("the capture file has bytes after its end; get the original file")]
    TooLong,
    /// A value that a capture never holds.
    #[error("the capture file's {0} is not valid; get the original file")]
    Invalid(&'static str),
    /// The signature is not the key's, or not in its one accepted form.
    #[error("the capture's signature is not valid; the capture was changed or not signed with this key")]
    Signature,
    /// The statement names another key than the one that signed it.
    #[error("the capture names another key than the one that signed it; do not trust it")]
    WrongDevice,
    /// A device or a notary nobody trusts as what it is.
    #[error("the capture was signed with a key that is not in the list for its kind")]
    Untrusted,
    /// An opening that does not fit the signed digest.
    #[error("the value shown for {0} is not the one that was signed")]
    Opening(&'static str),
}

impl From<CutShort> for CaptureError {
    fn from(_: CutShort) -> CaptureError {
        CaptureError::CutShort
    }
}

/// A value in the clear, or a salted digest of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disclosed<T> {
    /// The value.
    Shown(T),
    /// Its salted digest; see [`Opening`].
    Hidden(Digest),
}

/// What a statement says besides since version 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The program that made pixels of the file, and its version.
    pub decoder: String,
    /// Who signs, and on what occasion.
    pub source: Source,
}

/// What a camera signs about a photo, or a notary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureStatement {
    dims: Dims,
    profile: ProfileId,
    root: Digest,
    exif: [Digest; EXIF_FIELDS],
    time: Disclosed<u64>,
    device: Disclosed<KeyId>,
    provenance: Option<Provenance>,
}

/// A statement with the key and the signature of the device or the notary. The signature may still be wrong:
/// [`SignedCapture::verify_signature`] checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCapture {
    /// What was signed.
    pub statement: CaptureStatement,
    /// The key of the device or the notary.
    pub key: PublicKey,
    /// ECDSA over P-256 and SHA-256.
    pub signature: Signature,
}

impl CaptureStatement {
    /// A statement about a picture of `dims` in the colours of `profile` whose rows have `root`; of version 2, a device's, without a
    /// provenance.
    pub fn new(
        dims: Dims,
        profile: ProfileId,
        root: Digest,
        exif: [Digest; EXIF_FIELDS],
        time: Disclosed<u64>,
        device: Disclosed<KeyId>,
        provenance: Option<Provenance>,
    ) -> Result<CaptureStatement, CaptureError> {
        check_size(dims.width, dims.height).map_err(|_| CaptureError::Invalid("size"))?;
        if !matches!(dims.channels, 1 | 3) || Dims::new(dims.channels, dims.height, dims.width).is_err() {
            return Err(CaptureError::Invalid("number of channels"));
        }
        provenance.iter().try_for_each(|provenance| source::decoder(&provenance.decoder))?;
        Ok(CaptureStatement { dims, profile, root, exif, time, device, provenance })
    }

    /// Its version.
    pub fn version(&self) -> u16 {
        if self.provenance.is_some() { VERSION } else { OLDEST }
    }

    /// Who signs, and on what occasion.
    pub fn source(&self) -> &Source {
        self.provenance.as_ref().map_or(&Source::Device, |provenance| &provenance.source)
    }

    /// The program that made pixels of the file, if the statement says so.
    pub fn decoder(&self) -> Option<&str> {
        self.provenance.as_ref().map(|provenance| provenance.decoder.as_str())
    }

    /// The picture's shape.
    pub fn dims(&self) -> &Dims {
        &self.dims
    }

    /// What the channels mean as colours.
    pub fn profile(&self) -> &ProfileId {
        &self.profile
    }

    /// `log2` of the row length: a function of the shape.
    pub fn m(&self) -> usize {
        row_bits(&self.dims)
    }

    /// How the picture is cut into rows.
    pub fn layout(&self) -> Layout {
        Layout::new(self.dims, self.m())
    }

    /// The root of the row commitments ([`zkimg_proof::commitment::root`]).
    pub fn root(&self) -> &Digest {
        &self.root
    }

    /// When the device signed, Unix seconds.
    pub fn time(&self) -> &Disclosed<u64> {
        &self.time
    }

    /// The device's fingerprint.
    pub fn device(&self) -> &Disclosed<KeyId> {
        &self.device
    }

    /// The salted digest of a label; `None` where the value itself is shown.
    pub fn digest(&self, label: Label) -> Option<&Digest> {
        match (label, &self.time, &self.device) {
            (Label::Exif(field), ..) => ExifField::ALL.iter().zip(&self.exif).find(|(f, _)| **f == field).map(|(_, d)| d),
            (Label::Time, Disclosed::Hidden(d), _) | (Label::Device, _, Disclosed::Hidden(d)) => Some(d),
            (Label::Time | Label::Device, ..) => None,
            _ => self.source().credentials().and_then(|credentials| credentials.digest(label)),
        }
    }

    /// Every label that is hidden, in a fixed order: the EXIF fields, then time and device, then what is hidden of Content Credentials.
    pub fn hidden_labels(&self) -> impl Iterator<Item = Label> {
        let all = ExifField::ALL.into_iter().map(Label::Exif).chain([Label::Time, Label::Device]).chain(TRACES);
        all.filter(|label| self.digest(*label).is_some())
    }

    /// Whether a value may have this backing: only EXIF fields of a file with Content Credentials are covered or not, and there
    /// each is.
    fn allows(&self, label: Label, backing: Backing) -> bool {
        match (label, self.version(), self.source()) {
            (_, OLDEST, _) => backing == Backing::Unsaid,
            (Label::Exif(_), _, Source::NotaryOfCredentials(_)) => matches!(backing, Backing::Covered | Backing::NotCovered),
            _ => backing == Backing::Alone,
        }
    }

    /// Checks that an opening shows what was signed.
    pub fn check(&self, opening: &Opening) -> Result<(), CaptureError> {
        let label = opening.label();
        if !self.allows(label, opening.backing()) || self.digest(label) != Some(&opening.digest()) {
            return Err(CaptureError::Opening(label.name()));
        }
        Ok(())
    }

    /// The message that is signed. Which prefix it has, and so which keys may sign it, is decided by the source in it alone.
    pub(crate) fn message(&self) -> Vec<u8> {
        [if self.source().is_notary() { NOTARY } else { DEVICE }, &self.to_bytes()].concat()
    }
}

impl SignedCapture {
    /// Checks that the key made the signature (with `s` in the lower half of the group's order, so that a
    /// capture has one signature form) and that a fingerprint shown in the statement is the key's.
    ///
    /// Whether the key is a trusted camera's or notary's is another question: [`SignedCapture::verify`].
    pub fn verify_signature(&self) -> Result<(), CaptureError> {
        if self.signature.normalize_s() != self.signature {
            return Err(CaptureError::Signature);
        }
        self.key.0.verify(&self.statement.message(), &self.signature).map_err(|_| CaptureError::Signature)?;
        match self.statement.device {
            Disclosed::Shown(id) if id != self.key.id() => Err(CaptureError::WrongDevice),
            _ => Ok(()),
        }
    }

    /// Whether the key is one of those that may sign this: a device's among the devices, a notary's among the notaries. The source that is
    /// signed decides which; neither list counts for the other.
    pub fn is_trusted(&self, devices: &TrustedDevices, notaries: &TrustedNotaries) -> bool {
        if self.statement.source().is_notary() { notaries.contains(&self.key) } else { devices.contains(&self.key) }
    }

    /// Checks the signature and that the key is one of those that may make it.
    pub fn verify(&self, devices: &TrustedDevices, notaries: &TrustedNotaries) -> Result<(), CaptureError> {
        self.verify_signature()?;
        if self.is_trusted(devices, notaries) { Ok(()) } else { Err(CaptureError::Untrusted) }
    }
}
