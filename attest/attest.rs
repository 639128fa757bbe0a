//! Attesting a photo: decode, commit, hide the labels, sign.

use crate::capture::{CaptureError, CaptureStatement, Disclosed, SignedCapture};
use crate::disclosure::{Label, Opening};
use crate::key::SigningKey;
use crate::negative::{Negative, NegativeError};
use crate::randomness::{NoRandomness, Randomness, Salt, blinders};
use blake2b_simd::Params as Blake2b;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::RandomizedSigner;
use rand_chacha::ChaCha20Rng;
use zeroize::Zeroizing;
use zkimg_graph::tensor::Cells;
use zkimg_group::generators::{BadParameters, Generators};
use zkimg_picture::{ExifField, Photo, PictureError, image};
use zkimg_proof::commitment::{Layout, row_bits};
use zkimg_proof::commitment::{commit_rows, root};

/// What a capture shows in the clear. What is hidden can be shown later; what is shown stays shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Show the capture time. Default: hidden.
    pub show_time: bool,
    /// Show the device's fingerprint. Default: shown, as the key stands beside it anyway.
    pub show_device: bool,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy { show_time: false, show_device: true }
    }
}

/// Why a photo was not attested.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AttestError {
    /// The photo cannot be read.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// This installation's parameters are damaged.
    #[error(transparent)]
    Parameters(#[from] BadParameters),
    /// No randomness, so nothing can be hidden.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The statement or signature that was made fails its own check.
    #[error("the capture that was made fails its own check ({0}); the computer may be faulty, try again")]
    Capture(#[from] CaptureError),
    /// The negative that was made fails its own check.
    #[error("the negative that was made fails its own check ({0}); the computer may be faulty, try again")]
    Negative(#[from] NegativeError),
}

/// Attests a photo (a PNG or JPEG file) with a device's key at `time` (Unix seconds).
///
/// The pixels are committed with fresh blinders and every EXIF field is hidden with a fresh salt, so two captures
/// of one photo have nothing in common that an outsider could see.
pub fn attest(photo: &[u8], key: &SigningKey, policy: &Policy, time: u64) -> Result<(SignedCapture, Negative), AttestError> {
    let Photo { picture, exif } = image::decode(photo)?;
    let dims = *picture.dims();
    let random = randomness(photo, key, policy, time);

    let profile = picture.profile().clone();
    let layout = Layout::new(dims, row_bits(&dims));
    let generators = Generators::load_for(layout.m)?;
    let cells = Cells::U8(picture.into_cells());
    let blinders = blinders(&mut random.stream("row blinders")?, layout.rows.len());
    let rows = commit_rows(generators, &layout, &cells, &blinders);

    let mut salts = random.stream("salts")?;
    let mut openings = Vec::new();
    let mut hide = |label, value: Option<&[u8]>| {
        let opening = Opening::seal(label, value.map(<[u8]>::to_vec), Salt::draw(&mut salts));
        let digest = opening.digest();
        openings.push(opening);
        digest
    };
    let digests = ExifField::ALL.map(|field| hide(Label::Exif(field), exif.get(field).map(str::as_bytes)));
    let time = if policy.show_time { Disclosed::Shown(time) } else { Disclosed::Hidden(hide(Label::Time, Some(&time.to_le_bytes()))) };
    let id = key.public().id();
    let device = if policy.show_device { Disclosed::Shown(id) } else { Disclosed::Hidden(hide(Label::Device, Some(&id))) };

    let statement = CaptureStatement::new(dims, profile.id(), root(&layout, &rows), digests, time, device)?;
    let capture = sign(key, statement, &mut random.stream("signature")?)?;
    let negative = Negative::new(capture.clone(), profile, cells, blinders, rows, openings)?;
    Ok((capture, negative))
}

/// Hedged by the photo and the device's secret, for this time and policy.
fn randomness(photo: &[u8], key: &SigningKey, policy: &Policy, time: u64) -> Randomness {
    let mut secret = Zeroizing::new(Vec::with_capacity(64));
    secret.extend_from_slice(Blake2b::new().hash_length(32).personal(b"zkimg-photo-v1").hash(photo).as_bytes());
    secret.extend_from_slice(&Zeroizing::new(<[u8; 32]>::from(key.0.to_bytes()))[..]);
    let statement = [time.to_le_bytes().as_slice(), &[policy.show_time.into(), policy.show_device.into()]].concat();
    Randomness::new(secret, statement)
}

/// Signs a statement (RFC 6979 with added randomness, low `s`) and checks the signature.
fn sign(key: &SigningKey, statement: CaptureStatement, rng: &mut ChaCha20Rng) -> Result<SignedCapture, CaptureError> {
    let signature: Signature = key.0.try_sign_with_rng(rng, &statement.message()).map_err(|_| CaptureError::Signature)?;
    let capture = SignedCapture { statement, key: key.public(), signature: signature.normalize_s() };
    capture.verify_signature()?;
    Ok(capture)
}
