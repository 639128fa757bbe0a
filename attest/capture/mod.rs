//! The capture statement and its signature: what a camera says about a photo.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod file;

use crate::device_list::TrustedDevices;
use crate::disclosure::{Digest, Label, Opening};
use crate::key::{KeyId, PublicKey};
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Verifier;
use zkimg_graph::tensor::Dims;
use zkimg_picture::reader::CutShort;
use zkimg_picture::size::check_size;
use zkimg_picture::{ExifField, ProfileId};
use zkimg_proof::commitment::{Layout, row_bits};

pub use file::{MAX_STATEMENT, VERSION};

/// What the signature's message begins with.
pub(crate) const DOMAIN: &[u8] = b"zkimg-capture-signature-v1\0";
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
        "the capture file has version {0}, this program reads version {VERSION}; attest the photo again with this one, or use the zkimg that made it"
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
    #[error("the capture's signature is not valid; the capture was changed or not signed by this device")]
    Signature,
    /// The statement names another device than the one whose key signed it.
    #[error("the capture names another device than the one that signed it; do not trust it")]
    WrongDevice,
    /// A device nobody trusts.
    #[error("the capture was signed by a device that is not in the list of trusted devices")]
    Untrusted,
    /// An opening that does not fit the signed digest.
    #[error("the value shown for {0} is not the one the camera signed")]
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

/// What a camera signs about a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureStatement {
    dims: Dims,
    profile: ProfileId,
    root: Digest,
    exif: [Digest; EXIF_FIELDS],
    time: Disclosed<u64>,
    device: Disclosed<KeyId>,
}

/// A statement with the key and the signature of the device. The signature may still be wrong:
/// [`SignedCapture::verify_signature`] checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCapture {
    /// What was signed.
    pub statement: CaptureStatement,
    /// The device's key.
    pub key: PublicKey,
    /// ECDSA over P-256 and SHA-256.
    pub signature: Signature,
}

impl CaptureStatement {
    /// A statement about a picture of `dims` in the colours of `profile` whose rows have `root`.
    pub fn new(
        dims: Dims,
        profile: ProfileId,
        root: Digest,
        exif: [Digest; EXIF_FIELDS],
        time: Disclosed<u64>,
        device: Disclosed<KeyId>,
    ) -> Result<CaptureStatement, CaptureError> {
        check_size(dims.width, dims.height).map_err(|_| CaptureError::Invalid("size"))?;
        if !matches!(dims.channels, 1 | 3) || Dims::new(dims.channels, dims.height, dims.width).is_err() {
            return Err(CaptureError::Invalid("number of channels"));
        }
        Ok(CaptureStatement { dims, profile, root, exif, time, device })
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
            _ => None,
        }
    }

    /// Every label that is hidden, in a fixed order: the EXIF fields, then time and device.
    pub fn hidden_labels(&self) -> impl Iterator<Item = Label> {
        let all = ExifField::ALL.into_iter().map(Label::Exif).chain([Label::Time, Label::Device]);
        all.filter(|label| self.digest(*label).is_some())
    }

    /// Checks that an opening shows what was signed.
    pub fn check(&self, opening: &Opening) -> Result<(), CaptureError> {
        if self.digest(opening.label()) != Some(&opening.digest()) {
            return Err(CaptureError::Opening(opening.label().name()));
        }
        Ok(())
    }

    /// The message that is signed.
    pub(crate) fn message(&self) -> Vec<u8> {
        [DOMAIN, &self.to_bytes()].concat()
    }
}

impl SignedCapture {
    /// Checks that the key made the signature (with `s` in the lower half of the group's order, so that a
    /// capture has one signature form) and that a device shown in the statement is the key's.
    ///
    /// Whether the key is a trusted camera's is another question: [`SignedCapture::verify`].
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

    /// Checks the signature and that the device is trusted.
    pub fn verify(&self, trusted: &TrustedDevices) -> Result<(), CaptureError> {
        self.verify_signature()?;
        if !trusted.contains(&self.key) {
            return Err(CaptureError::Untrusted);
        }
        Ok(())
    }
}
