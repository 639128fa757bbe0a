//! Real photos and test files of the C2PA organisation, which `tests/fetch` brings and nobody may pass on; without them these tests say so.

use crate::Desk;
use crate::authority::Authority;
use sha2::{Digest, Sha256};
use std::path::Path;
use zkimg_pipeline::{Facts, State};

const MORE_OUTSIDE: &str = "assertion.dataHash.additionalExclusionsPresent";
const EXPIRED: &str = "signingCredential.expired";
const UNTRUSTED: &str = "signingCredential.untrusted";

/// A file that was fetched, if it was: its name and SHA-256 are those in the list that `tests/fetch` goes by.
fn fetched(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(bytes) = std::fs::read(folder.join("target/public-testfiles").join(name)) else {
        eprintln!("skipped: {name} was not fetched; run c2pa/tests/fetch");
        return None;
    };
    let list = include_str!("../public-testfiles.sha256");
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(list.contains(&format!("{digest}  {name}\n")), "{name} is another file than the one that the test is about: {digest}");
    Some(bytes)
}

/// Attests one, accepting these failures: what the capture says, and whether the hash covers the EXIF data.
fn attested(name: &str, accept: &[&str]) -> Option<(Facts, bool)> {
    let (bytes, desk) = (fetched(name)?, Desk::trusting(&Authority::new().anchor));
    desk.write(name, &bytes);
    let run = desk.attest(name, accept).ends(0);
    let (capture, _) = desk.attested();
    let facts = capture.statement.source().credentials().expect("credentials").facts().clone();
    Some((facts, run.json["exif_covered"] == true))
}

fn refused(name: &str, accept: &[&str], why: &str) {
    let Some(bytes) = fetched(name) else { return };
    let desk = Desk::trusting(&Authority::new().anchor);
    desk.write(name, &bytes);
    let run = desk.attest(name, accept).ends(1);
    assert!(run.sentence().contains(why), "{name}: {}", run.sentence());
}

#[test]
fn a_camera_s_photo_is_accepted_but_for_its_certificate() {
    refused("nikon-20221019-building.jpeg", &[UNTRUSTED], EXPIRED);
    let Some((facts, covered)) = attested("nikon-20221019-building.jpeg", &[EXPIRED, UNTRUSTED]) else { return };
    assert_eq!((facts.state, facts.algorithm.name(), facts.only_manifest, covered), (State::Invalid, "PS256", true, true));
    assert_eq!((facts.signer, facts.accepted), (None, vec![EXPIRED.to_owned(), UNTRUSTED.to_owned()]));
}

#[test]
fn phones_whose_hash_leaves_out_the_exif_data_are_told_so() {
    for name in ["truepic-20230212-camera.jpg", "truepic-20230212-landscape.jpg", "truepic-20230212-library.jpg"] {
        refused(name, &[UNTRUSTED], MORE_OUTSIDE);
        let Some((facts, covered)) = attested(name, &[MORE_OUTSIDE, UNTRUSTED]) else { return };
        assert_eq!((facts.state, facts.algorithm.name(), facts.only_manifest, covered), (State::Valid, "ES256", false, false), "{name}");
    }
}

#[test]
fn an_edited_picture_is_no_capture() {
    for name in ["adobe-20220124-CA.jpg", "adobe-20220124-CACA.jpg"] {
        let Some((facts, covered)) = attested(name, &[UNTRUSTED]) else { return };
        assert!(covered && facts.only_manifest && facts.ingredients && facts.more_actions && !facts.is_capture(), "{facts:?}");
    }
}

#[test]
fn what_was_changed_is_accepted_by_nobody() {
    let all = [UNTRUSTED, EXPIRED, MORE_OUTSIDE, "assertion.dataHash.mismatch", "claimSignature.mismatch", "assertion.hashedURI.mismatch"];
    refused("adobe-20220124-XCA.jpg", &all, "assertion.dataHash.mismatch; nobody can vouch");
    refused("adobe-20220124-E-dat-CA.jpg", &all, "assertion.dataHash.mismatch; nobody can vouch");
    refused("adobe-20220124-E-sig-CA.jpg", &all, "claimSignature.mismatch; nobody can vouch");
    refused("adobe-20220124-E-uri-CA.jpg", &all, "assertion.hashedURI.mismatch; nobody can vouch");
    refused("adobe-20220124-E-clm-CAICAI.jpg", &all, "nobody can vouch");
}
