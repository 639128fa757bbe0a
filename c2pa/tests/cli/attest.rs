//! `zkimg-c2pa attest`: what is accepted, what is refused and why, and what the capture says.

use crate::Desk;
use crate::authority::Authority;
use crate::photos::{actions, capture, created, photo, signed, signed_without_exif, with_another_picture, with_another_year};
use serde_json::json;
use std::time::Duration;
use zkimg_pipeline::{Backing, ExifField, Facts, Label, Policy, SigningKey, State, attest};

const MORE_OUTSIDE: &str = "assertion.dataHash.additionalExclusionsPresent";
const UNTRUSTED: &str = "signingCredential.untrusted";

/// The facts of what was attested.
fn facts(desk: &Desk) -> Facts {
    desk.attested().0.statement.source().credentials().expect("a notary's").facts().clone()
}

/// What is hidden of a field, and what stands behind it.
fn field(desk: &Desk, field: ExifField) -> (Option<String>, Backing) {
    let (capture, negative) = desk.attested();
    let opening = negative.opening(Label::Exif(field)).expect("hidden");
    assert_eq!(capture.statement.check(opening), Ok(()));
    (opening.value().map(|value| String::from_utf8(value.to_vec()).expect("text")), opening.backing())
}

#[test]
fn a_capture_of_a_maker_whom_an_anchor_stands_behind_is_attested() {
    let authority = Authority::new();
    let desk = Desk::trusting(&authority.anchor);
    let file = signed(&photo(), capture(), &*authority.signer("Test camera works"));
    desk.write("photo.jpg", &file);
    let run = desk.attest("photo.jpg", &[]).ends(0);
    let facts = facts(&desk);
    assert_eq!((facts.state, &facts.accepted, facts.only_manifest), (State::Trusted, &Vec::new(), true));
    assert_eq!((facts.signer.as_deref(), facts.algorithm.name()), (Some("Test camera works"), "ES256"));
    assert!(facts.is_capture(), "{facts:?}");
    assert_eq!(run.json["source"]["kind"], "notary");
    let (date, backing) = field(&desk, ExifField::DateTimeOriginal);
    assert!(date.is_some_and(|date| date.starts_with("2024")) && backing == Backing::Covered);
    // What is hidden is what an auditor needs: the very file.
    let (capture, negative) = desk.attested();
    let opening = negative.opening(Label::File).expect("hidden");
    use sha2::Digest;
    assert_eq!(opening.value(), Some(sha2::Sha256::digest(&file).as_slice()));
    for label in [Label::Certificate, Label::ClaimSignature, Label::ManifestLabel, Label::Generator] {
        assert_eq!(capture.statement.check(negative.opening(label).expect("hidden")), Ok(()));
    }
    assert_eq!(negative.opening(Label::Generator).and_then(|opening| opening.value()), Some(b"Test camera 1.0".as_slice()));
    // The pixels are those of a camera's own capture of the file.
    let (_, other) = attest(&file, &SigningKey::generate().expect("a key"), &Policy::default(), 1).expect("attested");
    assert_eq!(negative.pixels(), other.pixels());
}

#[test]
fn whoever_no_anchor_stands_behind_has_no_name() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let desk = Desk::trusting(&authority.anchor);
    desk.write("photo.jpg", &signed(&photo(), capture(), &*stranger.signer("NIKON CORPORATION")));
    let run = desk.attest("photo.jpg", &[]).ends(1);
    assert!(run.sentence().contains(&format!("--accept {UNTRUSTED}")), "{}", run.sentence());
    assert!(!desk.at("out.capture").exists() && !desk.at("out.negative").exists());
    let run = desk.attest("photo.jpg", &[UNTRUSTED]).ends(0);
    let facts = facts(&desk);
    assert_eq!((facts.state, facts.signer.as_deref(), facts.is_capture()), (State::Valid, None, false));
    assert_eq!(facts.accepted, [UNTRUSTED]);
    assert!(!run.json.to_string().contains("NIKON"), "{}", run.json);
}

#[test]
fn a_changed_picture_is_accepted_by_nobody() {
    let authority = Authority::new();
    let desk = Desk::trusting(&authority.anchor);
    let file = signed(&photo(), capture(), &*authority.signer("Maker"));
    for (changed, why) in [(with_another_picture(&file), "picture"), (with_another_year(&file), "EXIF data under the hash")] {
        desk.write("photo.jpg", &changed);
        let run = desk.attest("photo.jpg", &["assertion.dataHash.mismatch"]).ends(1);
        assert!(run.sentence().contains("assertion.dataHash.mismatch; nobody can vouch for this photo"), "{why}: {}", run.sentence());
        assert!(!desk.at("out.capture").exists());
    }
}

#[test]
fn a_forged_date_where_the_hash_does_not_reach_is_not_covered() {
    let authority = Authority::new();
    let desk = Desk::trusting(&authority.anchor);
    let file = signed_without_exif(&photo(), capture(), &*authority.signer("Maker"));
    for (file, year) in [(file.clone(), "2024"), (with_another_year(&file), "1999")] {
        desk.write("photo.jpg", &file);
        let run = desk.attest("photo.jpg", &[]).ends(1);
        assert!(run.sentence().contains(MORE_OUTSIDE), "{}", run.sentence());
        let run = desk.attest("photo.jpg", &[MORE_OUTSIDE]).ends(0);
        assert_eq!(run.json["exif_covered"], false);
        let facts = facts(&desk);
        assert!(!facts.only_manifest && facts.accepted == [MORE_OUTSIDE], "{facts:?}");
        let (date, backing) = field(&desk, ExifField::DateTimeOriginal);
        assert!(date.is_some_and(|date| date.starts_with(year)));
        assert_eq!(backing, Backing::NotCovered);
    }
}

#[test]
fn a_certificate_that_has_run_out_is_accepted_only_where_that_is_said() {
    let authority = Authority::new();
    let desk = Desk::trusting(&authority.anchor);
    let credential = authority.credential("Maker", Duration::from_secs(2));
    desk.write("photo.jpg", &signed(&photo(), capture(), &*credential.signer()));
    std::thread::sleep(Duration::from_secs(4));
    let run = desk.attest("photo.jpg", &[]).ends(1);
    assert!(run.sentence().contains("--accept signingCredential.expired"), "{}", run.sentence());
    let codes: Vec<&str> = ["signingCredential.expired", UNTRUSTED].into_iter().filter(|code| run.sentence().contains(code)).collect();
    desk.attest("photo.jpg", &codes).ends(0);
    let facts = facts(&desk);
    assert_eq!((facts.state, facts.accepted), (State::Invalid, codes.iter().map(|code| code.to_string()).collect()));
}

#[test]
fn what_is_no_capture_is_not_called_one() {
    let authority = Authority::new();
    let desk = Desk::trusting(&authority.anchor);
    let signer = authority.signer("Maker of pictures");
    let camera = json!({"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"});
    let others = [
        (created("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"), Some("trainedAlgorithmicMedia")),
        (created("http://elsewhere.example/digitalCapture"), Some("other")),
        (actions(json!([camera, {"action": "c2pa.cropped"}])), Some("digitalCapture")),
        (actions(json!([{"action": "c2pa.opened"}])), None),
    ];
    for (manifest, source_type) in others {
        let shown = manifest.to_string();
        desk.write("photo.jpg", &signed(&photo(), manifest, &*signer));
        let run = desk.attest("photo.jpg", &[]);
        if run.code != 0 {
            // The library may refuse what makes no sense to it, such as an opened file that is not named.
            assert!(source_type.is_none(), "{shown}: {}", run.json);
            continue;
        }
        let facts = facts(&desk);
        assert!(!facts.is_capture(), "{shown}");
        assert_eq!(facts.source_type.as_deref(), source_type, "{shown}");
    }
}

#[test]
fn what_cannot_be_attested_is_a_sentence() {
    let authority = Authority::new();
    let desk = Desk::trusting(&authority.anchor);
    desk.write("photo.jpg", &photo());
    assert!(desk.attest("photo.jpg", &[]).ends(3).sentence().contains("no Content Credentials inside"));
    desk.write("text.jpg", b"This is a text.");
    desk.attest("text.jpg", &[]).ends(3);
    let mut cut = signed(&photo(), capture(), &*authority.signer("Maker"));
    cut.truncate(2000);
    desk.write("cut.jpg", &cut);
    desk.attest("cut.jpg", &[]).ends(3);
    desk.write("photo.jpg", &signed(&photo(), capture(), &*authority.signer("Maker")));
    desk.write("anchors.pem", b"no certificate");
    assert!(desk.attest("photo.jpg", &[]).ends(3).sentence().contains("no certificate"));
    assert!(!desk.at("out.capture").exists());
}
