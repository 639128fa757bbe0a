//! The bytes of a capture statement and of its file, the public `photo.capture`.
//!
//! Numbers are little-endian, the order is fixed, and every value has one encoding.
//!
//! | statement | bytes |
//! |---|---|
//! | magic `zkimgcap` | 8 |
//! | version, 2 or 3 | 2 |
//! | width, height | 4 + 4 |
//! | channels (1 or 3), m | 1 + 1 |
//! | colour profile: 0 none, 1 sRGB, 2 and the SHA-256 of an ICC profile | 1 or 1 + 32 |
//! | root of the rows | 32 |
//! | number of EXIF fields, 16 | 2 |
//! | a salted digest for each, in the order of their numbers | 32 each |
//! | capture time: 0 and Unix seconds, or 1 and a salted digest | 1 + 8 or 1 + 32 |
//! | key: 0 and its fingerprint, or 1 and a salted digest | 1 + 32 |
//! | *version 3:* decoder and source ([`super::source`]) | … |
//!
//! | file | bytes |
//! |---|---|
//! | magic `zkimgsig` | 8 |
//! | version, the statement's | 2 |
//! | length of the statement, then the statement | 4 + … |
//! | key, a compressed P-256 point (SEC 1) | 33 |
//! | signature, r and s big-endian, s in the lower half | 64 |
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::source::{Source, decoder, read_text, write_text};
use super::{CaptureError, CaptureStatement, Disclosed, EXIF_FIELDS, Provenance, SignedCapture};
use crate::key::PublicKey;
use p256::ecdsa::Signature;
use zkimg_graph::tensor::Dims;
use zkimg_picture::ProfileId;
use zkimg_picture::reader::{CutShort, Reader};

/// The version of the statement and of the file that is written.
pub const VERSION: u16 = 3;
/// The version before it, which is read: a device's, and without the decoder.
pub const OLDEST: u16 = 2;
/// No statement is longer, in bytes.
pub const MAX_STATEMENT: usize = 2048;
const STATEMENT_MAGIC: &[u8; 8] = b"zkimgcap";
const FILE_MAGIC: &[u8; 8] = b"zkimgsig";

impl CaptureStatement {
    /// The canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let side = |n: usize| u32::try_from(n).expect("sides are bounded").to_le_bytes();
        let mut out = Vec::with_capacity(MAX_STATEMENT);
        out.extend_from_slice(STATEMENT_MAGIC);
        out.extend_from_slice(&self.version().to_le_bytes());
        out.extend_from_slice(&side(self.dims.width));
        out.extend_from_slice(&side(self.dims.height));
        out.extend_from_slice(&[self.dims.channels as u8, self.m() as u8]);
        write_profile(&mut out, &self.profile);
        out.extend_from_slice(&self.root);
        out.extend_from_slice(&(EXIF_FIELDS as u16).to_le_bytes());
        out.extend_from_slice(self.exif.as_flattened());
        write_disclosed(&mut out, &self.time, |t| t.to_le_bytes());
        write_disclosed(&mut out, &self.device, |id| *id);
        if let Some(Provenance { decoder, source }) = &self.provenance {
            write_text(&mut out, decoder);
            source.write(&mut out);
        }
        out
    }

    /// Reads the canonical bytes; anything else is refused, also bytes left over.
    pub fn from_bytes(bytes: &[u8]) -> Result<CaptureStatement, CaptureError> {
        let mut r = Reader::new(bytes);
        let version = read_head(&mut r, STATEMENT_MAGIC)?;
        let mut side = || -> Result<usize, CaptureError> { usize::try_from(r.u32()?).map_err(|_| CaptureError::Invalid("size")) };
        let (width, height) = (side()?, side()?);
        let [channels, m] = r.array()?;
        let profile = read_profile(&mut r)?;
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
        let provenance = if version == OLDEST { None } else { Some(read_provenance(&mut r)?) };
        if !r.is_empty() {
            return Err(CaptureError::TooLong);
        }
        let dims = Dims { channels: channels.into(), height, width };
        let statement = CaptureStatement::new(dims, profile, root, exif, time, device, provenance)?;
        if usize::from(m) != statement.m() {
            return Err(CaptureError::Invalid("row length"));
        }
        Ok(statement)
    }
}

impl SignedCapture {
    /// The bytes of `photo.capture`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let statement = self.statement.to_bytes();
        let length = u32::try_from(statement.len()).expect("statements are short");
        let version = self.statement.version().to_le_bytes();
        [FILE_MAGIC.as_slice(), &version, &length.to_le_bytes(), &statement, &self.key.to_bytes(), &self.signature.to_bytes()].concat()
    }

    /// Reads `photo.capture`; every byte must belong to it. Does not check the signature.
    pub fn from_bytes(bytes: &[u8]) -> Result<SignedCapture, CaptureError> {
        let mut r = Reader::new(bytes);
        let version = read_head(&mut r, FILE_MAGIC)?;
        let statement = r.block()?;
        if statement.len() > MAX_STATEMENT {
            return Err(CaptureError::Invalid("statement length"));
        }
        let statement = CaptureStatement::from_bytes(statement)?;
        if statement.version() != version {
            return Err(CaptureError::Invalid("version"));
        }
        let key = PublicKey::from_bytes(&r.array()?).map_err(|_| CaptureError::Invalid("key"))?;
        let signature = Signature::from_slice(r.take(64)?).map_err(|_| CaptureError::Signature)?;
        if !r.is_empty() {
            return Err(CaptureError::TooLong);
        }
        Ok(SignedCapture { statement, key, signature })
    }
}

fn read_head(r: &mut Reader<'_>, magic: &[u8; 8]) -> Result<u16, CaptureError> {
    if r.array::<8>().as_ref() != Ok(magic) {
        return Err(CaptureError::NotACapture);
    }
    match r.u16()? {
        version @ OLDEST..=VERSION => Ok(version),
        other => Err(CaptureError::Version(other)),
    }
}

fn read_provenance(r: &mut Reader<'_>) -> Result<Provenance, CaptureError> {
    let name = read_text(r, "decoder")?;
    decoder(&name)?;
    Ok(Provenance { decoder: name, source: Source::read(r)? })
}

fn write_profile(out: &mut Vec<u8>, profile: &ProfileId) {
    match profile {
        ProfileId::None => out.push(0),
        ProfileId::Srgb => out.push(1),
        ProfileId::Icc(digest) => {
            out.push(2);
            out.extend_from_slice(digest);
        }
    }
}

fn read_profile(r: &mut Reader<'_>) -> Result<ProfileId, CaptureError> {
    match r.u8()? {
        0 => Ok(ProfileId::None),
        1 => Ok(ProfileId::Srgb),
        2 => Ok(ProfileId::Icc(r.array()?)),
        _ => Err(CaptureError::Invalid("colour profile")),
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
