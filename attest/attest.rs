//! Attesting a photo: decode, commit, hide the labels, sign.

use crate::capture::{CaptureError, CaptureStatement, Credentials, Disclosed, Facts, Provenance, SignedCapture, Source, TRACES, Traces};
use crate::disclosure::{Backing, Label, Opening};
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
    /// Show the signing key's fingerprint. Default: shown, as the key stands beside it anyway.
    pub show_device: bool,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy { show_time: false, show_device: true }
    }
}

/// As what somebody signs.
#[derive(Clone, Copy, Debug)]
pub enum Witness<'a> {
    /// As the device that took the photo.
    Device,
    /// As a notary who has a file, and says nothing of where it comes from.
    Notary,
    /// As a notary who has checked the file's Content Credentials.
    NotaryOfCredentials(&'a Seen),
}

/// What a notary found in the Content Credentials of the very bytes that are attested.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What is shown.
    pub facts: Facts,
    /// What is hidden.
    pub traces: Traces,
    /// Whether the signed hash covers what the EXIF fields were read from, or that there is nothing to read.
    pub exif_covered: bool,
}

impl Witness<'_> {
    /// What stands behind the EXIF fields.
    fn backing(self) -> Backing {
        match self {
            Witness::Device | Witness::Notary => Backing::Alone,
            Witness::NotaryOfCredentials(Seen { exif_covered: true, .. }) => Backing::Covered,
            Witness::NotaryOfCredentials(_) => Backing::NotCovered,
        }
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

/// Attests a photo (a PNG, JPEG, TIFF or WebP file) with a device's key at `time` (Unix seconds).
///
/// The pixels are committed with fresh blinders and every EXIF field is hidden with a fresh salt, so two captures
/// of one photo have nothing in common that an outsider could see.
pub fn attest(photo: &[u8], key: &SigningKey, policy: &Policy, time: u64) -> Result<(SignedCapture, Negative), AttestError> {
    attest_as(Witness::Device, photo, key, policy, time)
}

/// The same for whoever signs, as what they are.
pub fn attest_as(
    witness: Witness<'_>,
    photo: &[u8],
    key: &SigningKey,
    policy: &Policy,
    time: u64,
) -> Result<(SignedCapture, Negative), AttestError> {
    let Photo { picture, exif, decoder } = image::decode(photo)?;
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
    let mut hide = |label, backing, value: Option<&[u8]>| {
        let opening = Opening::seal(label, backing, value.map(<[u8]>::to_vec), Salt::draw(&mut salts));
        let digest = opening.digest();
        openings.push(opening);
        digest
    };
    let digests = ExifField::ALL.map(|field| hide(Label::Exif(field), witness.backing(), exif.get(field).map(str::as_bytes)));
    let mut hide = |label, value: Option<&[u8]>| hide(label, Backing::Alone, value);
    let time = if policy.show_time { Disclosed::Shown(time) } else { Disclosed::Hidden(hide(Label::Time, Some(&time.to_le_bytes()))) };
    let id = key.public().id();
    let device = if policy.show_device { Disclosed::Shown(id) } else { Disclosed::Hidden(hide(Label::Device, Some(&id))) };
    let source = match witness {
        Witness::Device => Source::Device,
        Witness::Notary => Source::Notary,
        Witness::NotaryOfCredentials(Seen { facts, traces, .. }) => {
            let mut values = TRACES.into_iter().zip(traces.values());
            let digests = [(); TRACES.len()].map(|()| values.next().map_or([0; 32], |(label, value)| hide(label, value)));
            Source::NotaryOfCredentials(Box::new(Credentials::new(facts.clone(), digests)?))
        }
    };

    let provenance = Provenance { decoder: decoder.into(), source };
    let statement = CaptureStatement::new(dims, profile.id(), root(&layout, &rows), digests, time, device, Some(provenance))?;
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
