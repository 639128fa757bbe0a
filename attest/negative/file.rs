//! The bytes of a negative.
//!
//! Numbers are little-endian. Nothing is optional, nothing may follow.
//!
//! | file | bytes |
//! |---|---|
//! | magic `zkimgneg` | 8 |
//! | version, 3 | 2 |
//! | origin: 0 for a camera's photo, 1 for a picture that was handed on | 1 |
//! | *a photo:* length of the capture file, then that file | 4 + … |
//! | *a photo:* each hidden label in the statement's order: salt, 1 or 0 for present or absent, length, value | 32 + 1 + 2 + … |
//! | *of a capture of version 3,* behind each salt: what stands behind the value, 0 nothing else, 1 covered, 2 not covered | 1 |
//! | *handed on:* digest of the statement of the link that left it hidden | 32 |
//! | *handed on:* width, height, channels (1 or 3), m | 4 + 4 + 1 + 1 |
//! | colour profile: 0 none, 1 sRGB, 2 and the length of an ICC profile, then the profile | 1 or 1 + 4 + … |
//! | number of rows | 4 |
//! | each row's blinder | 32 each |
//! | each row's point, affine x and y (public; kept so that proving need not commit again) | 64 each |
//! | the pixels, `[c][y][x]` | C·H·W |
//! | BLAKE2bp-256 of all the above, against damage and not against malice | 32 |
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::{Negative, NegativeError, Origin};
use crate::capture::{CaptureStatement, OLDEST, SignedCapture};
use crate::disclosure::{Backing, Label, Opening};
use crate::secret::Frame;
use ff::PrimeField;
use pasta_curves::Fq;
use pasta_curves::arithmetic::CurveAffine;
use zeroize::Zeroizing;
use zkimg_graph::tensor::{Cells, Dims};
use zkimg_group::field::{Affine, F, scalar_from_bytes, scalar_to_bytes};
use zkimg_group::generators::{MAX_ROW_BITS, MIN_ROW_BITS};
use zkimg_picture::exif::MAX_VALUE;
use zkimg_picture::reader::Reader;
use zkimg_picture::size::check_size;
use zkimg_picture::{IccProfile, Profile};
use zkimg_proof::commitment::Layout;

/// The version of the file.
pub const VERSION: u16 = 3;
const FRAME: Frame = Frame { magic: b"zkimgneg", version: VERSION };

impl Negative {
    /// The bytes of the negative's file. Secret: write them where only its holder can read.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let origin = origin_bytes(&self.origin, &self.layout);
        let profile = profile_bytes(&self.profile);
        let mut out = FRAME.begin(origin.len() + profile.len() + 4 + 96 * self.rows.len() + self.cells.len());
        out.extend_from_slice(&origin);
        out.extend_from_slice(&profile);
        out.extend_from_slice(&(self.rows.len() as u32).to_le_bytes());
        for blinder in &self.blinders {
            out.extend_from_slice(&scalar_to_bytes(blinder));
        }
        for row in &self.rows {
            let at = row.coordinates().expect("a hiding commitment is not the identity");
            out.extend_from_slice(at.x().to_repr().as_ref());
            out.extend_from_slice(at.y().to_repr().as_ref());
        }
        out.extend_from_slice(self.pixels());
        Frame::finish(out)
    }

    /// Reads a negative's file: the checksum first, then every value, then that a photo fits its signed capture.
    pub fn from_bytes(file: &[u8]) -> Result<Negative, NegativeError> {
        if file.is_empty() {
            return Err(NegativeError::Empty);
        }
        let mut r = FRAME.open(file)?;
        let (origin, layout) = read_origin(&mut r)?;
        let profile = read_profile(&mut r)?;
        let (blinders, rows) = read_rows(&mut r, layout.rows.len())?;
        if r.rest().len() != layout.dims.cells() {
            return Err(NegativeError::Invalid("number of pixels"));
        }
        let negative = Negative { origin, layout, profile, cells: Cells::U8(r.rest().to_vec()), blinders, rows };
        negative.check()?;
        Ok(negative)
    }
}

fn origin_bytes(origin: &Origin, layout: &Layout) -> Zeroizing<Vec<u8>> {
    match origin {
        Origin::Capture { capture, openings } => {
            let capture = capture.to_bytes();
            let labels: usize = openings.iter().map(|o| 36 + o.value().map_or(0, <[u8]>::len)).sum();
            let mut out = Zeroizing::new(Vec::with_capacity(5 + capture.len() + labels));
            out.push(0);
            out.extend_from_slice(&(capture.len() as u32).to_le_bytes());
            out.extend_from_slice(&capture);
            for opening in openings {
                let value = opening.value().unwrap_or(&[]);
                out.extend_from_slice(opening.salt());
                out.extend(opening.backing().number());
                out.push(opening.value().is_some().into());
                out.extend_from_slice(&(value.len() as u16).to_le_bytes());
                out.extend_from_slice(value);
            }
            out
        }
        Origin::Link { statement } => {
            let (dims, mut out) = (layout.dims, Zeroizing::new(vec![1]));
            out.extend_from_slice(statement);
            out.extend_from_slice(&(dims.width as u32).to_le_bytes());
            out.extend_from_slice(&(dims.height as u32).to_le_bytes());
            out.extend_from_slice(&[dims.channels as u8, layout.m as u8]);
            out
        }
    }
}

fn read_origin(r: &mut Reader<'_>) -> Result<(Origin, Layout), NegativeError> {
    match r.u8()? {
        0 => {
            let capture = SignedCapture::from_bytes(r.block()?)?;
            capture.verify_signature()?;
            let openings =
                capture.statement.hidden_labels().map(|label| read_opening(r, &capture.statement, label)).collect::<Result<_, _>>()?;
            let layout = capture.statement.layout();
            Ok((Origin::Capture { capture: Box::new(capture), openings }, layout))
        }
        1 => {
            let statement = r.array()?;
            let mut side = || usize::try_from(r.u32()?).map_err(|_| NegativeError::Invalid("size"));
            let (width, height) = (side()?, side()?);
            let [channels, m] = r.array()?.map(usize::from);
            check_size(width, height).map_err(|_| NegativeError::Invalid("size"))?;
            let dims = Dims::new(channels, height, width).map_err(|_| NegativeError::Invalid("size"))?;
            if !matches!(channels, 1 | 3) || !(MIN_ROW_BITS..=MAX_ROW_BITS).contains(&m) {
                return Err(NegativeError::Invalid("number of channels or length of rows"));
            }
            // Before anything as large as the picture is laid out.
            if r.rest().len() < dims.cells() {
                return Err(NegativeError::Invalid("number of pixels"));
            }
            Ok((Origin::Link { statement }, Layout::new(dims, m)))
        }
        _ => Err(NegativeError::Invalid("origin")),
    }
}

fn profile_bytes(profile: &Profile) -> Vec<u8> {
    match profile {
        Profile::None => vec![0],
        Profile::Srgb => vec![1],
        Profile::Icc(icc) => [&[2][..], &(icc.bytes().len() as u32).to_le_bytes(), icc.bytes()].concat(),
    }
}

fn read_profile(r: &mut Reader<'_>) -> Result<Profile, NegativeError> {
    match r.u8()? {
        0 => Ok(Profile::None),
        1 => Ok(Profile::Srgb),
        2 => IccProfile::read(r.block()?).map(Profile::Icc).map_err(|_| NegativeError::Invalid("colour profile")),
        _ => Err(NegativeError::Invalid("colour profile")),
    }
}

fn read_rows(r: &mut Reader<'_>, count: usize) -> Result<(Vec<F>, Vec<Affine>), NegativeError> {
    if usize::try_from(r.u32()?) != Ok(count) {
        return Err(NegativeError::Invalid("number of rows"));
    }
    let mut blinders = Vec::with_capacity(count);
    for _ in 0..count {
        blinders.push(scalar_from_bytes(&r.array()?).map_err(|_| NegativeError::Invalid("blinder"))?);
    }
    let mut rows = Vec::with_capacity(count);
    for _ in 0..count {
        rows.push(read_row(r.array()?, r.array()?).ok_or(NegativeError::Invalid("row commitment"))?);
    }
    Ok((blinders, rows))
}

fn read_opening(r: &mut Reader<'_>, statement: &CaptureStatement, label: Label) -> Result<Opening, NegativeError> {
    let salt = r.array()?;
    let backing = match statement.version() {
        OLDEST => Backing::Unsaid,
        _ => Backing::from_number(r.u8()?).ok_or(NegativeError::Invalid("hidden value"))?,
    };
    let present = r.u8()?;
    let length = usize::from(r.u16()?);
    let value = r.take(length)?;
    match present {
        0 if length == 0 => Ok(Opening::new(label, backing, None, salt)),
        1 if length <= MAX_VALUE => Ok(Opening::new(label, backing, Some(value.to_vec()), salt)),
        _ => Err(NegativeError::Invalid("hidden value")),
    }
}

/// A finite point from canonical affine coordinates.
fn read_row(x: [u8; 32], y: [u8; 32]) -> Option<Affine> {
    let coordinate = |bytes: [u8; 32]| -> Option<Fq> { Option::from(Fq::from_repr(bytes)) };
    let point: Affine = Option::from(Affine::from_xy(coordinate(x)?, coordinate(y)?))?;
    // (0, 0) stands for the identity in this curve library.
    Option::<pasta_curves::arithmetic::Coordinates<Affine>>::from(point.coordinates())?;
    Some(point)
}
