//! What is found in a photo's Content Credentials, and whether that is accepted.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::LIBRARY;
use crate::outside::Outside;
use crate::store::{Assertions, History};
use c2pa::{Context, Error, Manifest, Reader, SigningAlg, ValidationResults, ValidationState};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::Cursor;
use zkimg_pipeline::image::exif_span;
use zkimg_pipeline::{Algorithm, Facts, Format, MAX_ACCEPTED, PictureError, Seen, State, Traces, text};

/// That a hash leaves out more of the file than the manifest's own bytes, by C2PA's code. Readers of different versions make different
/// things of it, so here it is always a failure, which a notary may accept.
pub(crate) const MORE_OUTSIDE: &str = "assertion.dataHash.additionalExclusionsPresent";
const HASH_HOLDS: &str = "assertion.dataHash.match";
const SIGNATURE_HOLDS: &str = "claimSignature.validated";
/// The longest text of a manifest that is kept, in bytes.
const TRACE: usize = 512;
const ANCHORED: &str = "signingCredential.trusted";

/// Why Content Credentials are not accepted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// There are none.
    #[error("this photo has no Content Credentials inside; attest it with `zkimg attest --notary`, which says so")]
    None,
    /// They cannot be read.
    #[error("the Content Credentials cannot be read ({0}); get the photo as the camera made it")]
    Unreadable(Error),
    /// They cannot be read far enough.
    #[error("the Content Credentials have no {0} that could be checked; get the photo as the camera made it")]
    Missing(&'static str),
    /// They do not bind the bytes that they came with in the one way that is read here.
    #[error("the Content Credentials do not bind this photo by one hash over its bytes, which is the only way that is read here")]
    Unbound,
    /// They fail.
    #[error("the Content Credentials do not hold: {}; to attest the photo all the same, and to say so for ever, add {}", .0.join(", "), options(.0))]
    Failed(Vec<String>),
    /// They fail by what nobody may accept.
    #[error("the Content Credentials do not hold: {}; nobody can vouch for this photo", .0.join(", "))]
    Broken(Vec<String>),
    /// More failures than a statement holds.
    #[error("the Content Credentials have {0} failures, and a notary states at most {MAX_ACCEPTED}")]
    TooMany(usize),
    /// A signer's name that cannot be shown.
    #[error("the certificate's name has characters that hide or turn text, or is too long; do not trust it")]
    Name,
    /// The picture's own file.
    #[error(transparent)]
    Picture(#[from] PictureError),
}

fn options(codes: &[String]) -> String {
    codes.iter().map(|code| format!("--accept {code}")).collect::<Vec<_>>().join(" ")
}

/// Checks the Content Credentials of a photo's file against a list of anchors (PEM), at a time in Unix seconds. What fails is accepted if
/// its code is in `accept`; that the file or the claim was changed is accepted from nobody.
pub(crate) fn check(file: &[u8], format: Format, anchors: &str, accept: &[String], checked: u64) -> Result<Seen, Refused> {
    let mime = match format {
        Format::Png => "image/png",
        _ => "image/jpeg",
    };
    let context = Context::new().with_settings(settings(anchors)).map_err(Refused::Unreadable)?;
    let reader = Reader::from_context(context).with_stream(mime, Cursor::new(file)).map_err(|error| match error {
        Error::JumbfNotFound => Refused::None,
        other => Refused::Unreadable(other),
    })?;
    let label = reader.active_label().ok_or(Refused::Missing("active manifest"))?;
    let manifest = reader.active_manifest().ok_or(Refused::Missing("active manifest"))?;
    let results = reader.validation_results().ok_or(Refused::Missing("result"))?;
    let report: Value = serde_json::from_str(&reader.detailed_json()).map_err(|_| Refused::Missing("report"))?;
    let assertions = Assertions::of(&report, label).ok_or(Refused::Missing("assertions"))?;

    let outside = Outside::of(file, format, &assertions.excluded().ok_or(Refused::Unbound)?);
    let accepted = accepted(results, &outside, accept)?;
    let succeeded = |code: &str| results.active_manifest().is_some_and(|codes| codes.success().iter().any(|found| found.code() == code));
    if !succeeded(SIGNATURE_HOLDS) || !succeeded(HASH_HOLDS) {
        return Err(Refused::Unbound);
    }
    let signature = manifest.signature_info().ok_or(Refused::Missing("signature"))?;
    let signer = match succeeded(ANCHORED) {
        true => Some(name(manifest)?),
        false => None,
    };
    let History { action, source_type, more } = assertions.history();
    let facts = Facts {
        library: LIBRARY.into(),
        state: match reader.validation_state() {
            ValidationState::Trusted => State::Trusted,
            ValidationState::Valid => State::Valid,
            ValidationState::Invalid => State::Invalid,
        },
        accepted,
        anchors: Sha256::digest(anchors).into(),
        checked,
        signer,
        algorithm: signature.alg.and_then(algorithm).ok_or(Refused::Missing("algorithm"))?,
        source_type,
        action,
        more_actions: more,
        ingredients: !manifest.ingredients().is_empty(),
        only_manifest: outside.only_manifest,
    };
    let traces = Traces {
        file: Sha256::digest(file).into(),
        certificate: Sha256::digest(certificate(signature.cert_chain()).ok_or(Refused::Missing("certificate"))?).into(),
        claim_signature: Sha256::digest(manifest.signature().ok_or(Refused::Missing("signature"))?).into(),
        label: beginning(label, TRACE),
        generator: generator(manifest),
    };
    Ok(Seen { facts, traces, exif_covered: outside.covers(exif_span(file)?.as_ref()) })
}

/// Nothing is fetched, and nobody is trusted but whom the notary names.
fn settings(anchors: &str) -> Value {
    json!({
        "trust": {"trust_anchors": anchors},
        "core": {"decode_identity_assertions": false},
        "verify": {"verify_trust": true, "verify_after_reading": true, "ocsp_fetch": false, "remote_manifest_fetch": false},
    })
}

/// The failures that were found, if each may be accepted and is.
fn accepted(results: &ValidationResults, outside: &Outside, accept: &[String]) -> Result<Vec<String>, Refused> {
    let active = results.active_manifest().into_iter().flat_map(|codes| codes.failure());
    let of_ingredients = results.ingredient_deltas().into_iter().flatten().flat_map(|delta| delta.validation_deltas().failure());
    let mut found: BTreeSet<String> = active.chain(of_ingredients).map(|status| status.code().to_owned()).collect();
    if !outside.only_manifest {
        found.insert(MORE_OUTSIDE.into());
    }
    let broken: Vec<String> = found.iter().filter(|code| !may_be_accepted(code)).cloned().collect();
    if !broken.is_empty() {
        return Err(Refused::Broken(broken));
    }
    if found.len() > MAX_ACCEPTED {
        return Err(Refused::TooMany(found.len()));
    }
    let refused: Vec<String> = found.iter().filter(|code| !accept.contains(code)).cloned().collect();
    if refused.is_empty() { Ok(found.into_iter().collect()) } else { Err(Refused::Failed(refused)) }
}

/// Whether a failure is about whom to trust, and when, or about what is left out; and not that something was changed.
fn may_be_accepted(code: &str) -> bool {
    const OF_TRUST: [&str; 9] = [
        "signingCredential.untrusted",
        "signingCredential.expired",
        "signingCredential.ocsp.unknown",
        "signingCredential.ocsp.inaccessible",
        "claimSignature.outsideValidity",
        "timeStamp.untrusted",
        "timeStamp.outsideValidity",
        "timeStamp.mismatch",
        "timeStamp.malformed",
    ];
    code == MORE_OUTSIDE || OF_TRUST.contains(&code)
}

/// Whom the certificate is for, if that can be shown.
fn name(manifest: &Manifest) -> Result<String, Refused> {
    let name = manifest.issuer().or_else(|| manifest.common_name()).ok_or(Refused::Missing("name of the signer"))?;
    let name = name.trim().to_owned();
    if name.len() <= 128 && text::is_clean(&name) && text::odd_space(&name).is_none() { Ok(name) } else { Err(Refused::Name) }
}

fn algorithm(found: SigningAlg) -> Option<Algorithm> {
    Algorithm::ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(&found.to_string()))
}

/// The first certificate of a chain in PEM, as bytes.
fn certificate(chain: &str) -> Option<Vec<u8>> {
    let body = chain.split("-----BEGIN CERTIFICATE-----").nth(1)?.split("-----END CERTIFICATE-----").next()?;
    let body: String = body.split_whitespace().collect();
    <base64ct::Base64 as base64ct::Encoding>::decode_vec(&body).ok()
}

/// The program that made the claim: the name and version that it gives itself.
fn generator(manifest: &Manifest) -> Option<String> {
    let informed = manifest.claim_generator_info.as_ref().and_then(|all| all.first()).map(|info| match &info.version {
        Some(version) => format!("{} {version}", info.name),
        None => info.name.clone(),
    });
    informed.or_else(|| manifest.claim_generator().map(str::to_owned)).map(|name| beginning(&name, TRACE))
}

/// As much of a text as has at most so many bytes.
fn beginning(text: &str, most: usize) -> String {
    let mut length = 0;
    text.chars()
        .take_while(|c| {
            length += c.len_utf8();
            length <= most
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_of_strangers_are_cut_by_their_bytes() {
        assert_eq!(beginning("äöü", 5), "äö");
        assert_eq!(beginning("äöü", 6), "äöü");
        let long = "ß".repeat(2000);
        assert!(beginning(&long, TRACE).len() <= zkimg_pipeline::exif::MAX_VALUE, "negatives hold no longer values");
    }

    #[test]
    fn what_says_that_something_was_changed_is_accepted_from_nobody() {
        let changed = [
            "assertion.dataHash.mismatch",
            "assertion.hashedURI.mismatch",
            "assertion.missing",
            "assertion.multipleHardBindings",
            "claimSignature.mismatch",
            "claimSignature.missing",
            "claim.malformed",
            "ingredient.claimSignature.mismatch",
            "signingCredential.invalid",
            "signingCredential.ocsp.revoked",
            "general.error",
        ];
        assert_eq!(changed.into_iter().find(|code| may_be_accepted(code)), None);
        assert!(["signingCredential.untrusted", "signingCredential.expired", MORE_OUTSIDE].into_iter().all(may_be_accepted));
    }
}
