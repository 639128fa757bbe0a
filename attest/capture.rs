//! The capture statement and its signature: the public file `photo.capture`.
//!
//! Numbers are little-endian, the order is fixed, and every value has one encoding.
//!
//! | statement | bytes |
//! |---|---|
//! | magic `zkimgcap` | 8 |
//! | version, 2 | 2 |
//! | width, height | 4 + 4 |
//! | channels (1 or 3), m | 1 + 1 |
//! | colour profile: 0 none, 1 sRGB, 2 and the SHA-256 of an ICC profile | 1 or 1 + 32 |
//! | root of the rows | 32 |
//! | number of EXIF fields, 16 | 2 |
//! | a salted digest for each, in the order of their numbers | 32 each |
//! | capture time: 0 and Unix seconds, or 1 and a salted digest | 1 + 8 or 1 + 32 |
//! | device: 0 and its fingerprint, or 1 and a salted digest | 1 + 32 |
//!
//! | file | bytes |
//! |---|---|
//! | magic `zkimgsig` | 8 |
//! | version, 2 | 2 |
//! | length of the statement, then the statement | 4 + … |
//! | key, a compressed P-256 point (SEC 1) | 33 |
//! | signature, r and s big-endian, s in the lower half | 64 |
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::device::{DeviceId, DevicePublicKey};
use crate::device_list::TrustedDevices;
use crate::disclosure::{Digest, Label, Opening};
use crate::exif::ExifField;
use crate::image::check_size;
use crate::profile::ProfileId;
use crate::reader::{CutShort, Reader};
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Verifier;
use zkimg_proof::tensor::{Dims, Layout, row_bits};

/// The version of the statement and of the file.
pub const VERSION: u16 = 2;
/// What the signature's message begins with.
pub(crate) const DOMAIN: &[u8] = b"zkimg-capture-signature-v1\0";
/// No statement is longer, in bytes.
pub const MAX_STATEMENT: usize = 1024;

const STATEMENT_MAGIC: &[u8; 8] = b"zkimgcap";
const FILE_MAGIC: &[u8; 8] = b"zkimgsig";
const EXIF_FIELDS: usize = ExifField::ALL.len();

/// A capture that is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
    device: Disclosed<DeviceId>,
}

/// A statement with the key and the signature of the device. The signature may still be wrong:
/// [`SignedCapture::verify_signature`] checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCapture {
    /// What was signed.
    pub statement: CaptureStatement,
    /// The device's key.
    pub key: DevicePublicKey,
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
        device: Disclosed<DeviceId>,
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
    pub fn device(&self) -> &Disclosed<DeviceId> {
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

    /// The canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let side = |n: usize| u32::try_from(n).expect("sides are bounded").to_le_bytes();
        let mut out = Vec::with_capacity(MAX_STATEMENT);
        out.extend_from_slice(STATEMENT_MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&side(self.dims.width));
        out.extend_from_slice(&side(self.dims.height));
        out.extend_from_slice(&[self.dims.channels as u8, self.m() as u8]);
        self.profile.write(&mut out);
        out.extend_from_slice(&self.root);
        out.extend_from_slice(&(EXIF_FIELDS as u16).to_le_bytes());
        out.extend_from_slice(self.exif.as_flattened());
        write_disclosed(&mut out, &self.time, |t| t.to_le_bytes());
        write_disclosed(&mut out, &self.device, |id| *id);
        out
    }

    /// Reads the canonical bytes; anything else is refused, also bytes left over.
    pub fn from_bytes(bytes: &[u8]) -> Result<CaptureStatement, CaptureError> {
        let mut r = Reader::new(bytes);
        read_head(&mut r, STATEMENT_MAGIC)?;
        let mut side = || -> Result<usize, CaptureError> { usize::try_from(r.u32()?).map_err(|_| CaptureError::Invalid("size")) };
        let (width, height) = (side()?, side()?);
        let [channels, m] = r.array()?;
        let profile = ProfileId::read(&mut r)?.ok_or(CaptureError::Invalid("colour profile"))?;
        let root = r.array()?;
        if usize::from(r.u16()?) != EXIF_FIELDS {
            return Err(CaptureError::Invalid("number of EXIF fields"));
        }
        let mut exif = [[0; 32]; EXIF_FIELDS];
        for digest in &mut exif {
            *digest = r.array()?;
        }
        let time = read_disclosed(&mut r, "capture time", |r| r.u64())?;
        let device = read_disclosed(&mut r, "device", |r| r.array())?;
        if !r.is_empty() {
            return Err(CaptureError::TooLong);
        }
        let dims = Dims { channels: channels.into(), height, width };
        let statement = CaptureStatement::new(dims, profile, root, exif, time, device)?;
        if usize::from(m) != statement.m() {
            return Err(CaptureError::Invalid("row length"));
        }
        Ok(statement)
    }

    /// The message that is signed.
    pub(crate) fn message(&self) -> Vec<u8> {
        [DOMAIN, &self.to_bytes()].concat()
    }
}

fn read_head(r: &mut Reader<'_>, magic: &[u8; 8]) -> Result<(), CaptureError> {
    if r.array::<8>().as_ref() != Ok(magic) {
        return Err(CaptureError::NotACapture);
    }
    match r.u16()? {
        VERSION => Ok(()),
        other => Err(CaptureError::Version(other)),
    }
}

fn write_disclosed<T, const N: usize>(out: &mut Vec<u8>, value: &Disclosed<T>, bytes: impl Fn(&T) -> [u8; N]) {
    match value {
        Disclosed::Shown(value) => {
            out.push(0);
            out.extend_from_slice(&bytes(value));
        }
        Disclosed::Hidden(digest) => {
            out.push(1);
            out.extend_from_slice(digest);
        }
    }
}

fn read_disclosed<'a, T>(
    r: &mut Reader<'a>,
    name: &'static str,
    read: impl Fn(&mut Reader<'a>) -> Result<T, CutShort>,
) -> Result<Disclosed<T>, CaptureError> {
    match r.u8()? {
        0 => Ok(Disclosed::Shown(read(r)?)),
        1 => Ok(Disclosed::Hidden(r.array()?)),
        _ => Err(CaptureError::Invalid(name)),
    }
}

impl SignedCapture {
    /// The bytes of `photo.capture`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let statement = self.statement.to_bytes();
        let length = u32::try_from(statement.len()).expect("statements are short");
        [FILE_MAGIC.as_slice(), &VERSION.to_le_bytes(), &length.to_le_bytes(), &statement, &self.key.to_bytes(), &self.signature.to_bytes()]
            .concat()
    }

    /// Reads `photo.capture`; every byte must belong to it. Does not check the signature.
    pub fn from_bytes(bytes: &[u8]) -> Result<SignedCapture, CaptureError> {
        let mut r = Reader::new(bytes);
        read_head(&mut r, FILE_MAGIC)?;
        let statement = r.block()?;
        if statement.len() > MAX_STATEMENT {
            return Err(CaptureError::Invalid("statement length"));
        }
        let statement = CaptureStatement::from_bytes(statement)?;
        let key = DevicePublicKey::from_bytes(&r.array()?).map_err(|_| CaptureError::Invalid("device key"))?;
        let signature = Signature::from_slice(r.take(64)?).map_err(|_| CaptureError::Signature)?;
        if !r.is_empty() {
            return Err(CaptureError::TooLong);
        }
        Ok(SignedCapture { statement, key, signature })
    }

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
            Disclosed::Shown(id) if id != self.key.device_id() => Err(CaptureError::WrongDevice),
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
