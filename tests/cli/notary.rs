//! `zkimg attest --notary` and `zkimg verify --notaries`: a notary is no camera.

use crate::{Desk, photo};
use std::sync::LazyLock;

/// What is published of a photo that a notary had, beside a camera's.
static READY: LazyLock<Desk> = LazyLock::new(|| {
    let desk = Desk::ready();
    desk.write("seen.jpg", photo(7));
    desk.zkimg(&["keygen", "--out", "notary.key"]).ends(0);
    desk.zkimg(&["attest", "seen.jpg", "--notary", "notary.key", "--show-time"]).ends(0);
    desk.zkimg(&["prove", "seen.negative", "--edit", "crop=8x8+0+0", "--out", "seen.png"]).ends(0);
    desk
});

const VERIFY: [&str; 2] = ["verify", "seen.png"];

#[test]
fn a_trusted_notary_s_picture_is_verified_and_no_camera_is_spoken_of() {
    let desk = Desk::copy_of(&READY);
    let run = desk.zkimg(&[&VERIFY[..], &["--notaries", "notary.pub", "--report", "seen.html"]].concat()).ends(0);
    assert!(run.out.starts_with("VERIFIED: seen.png is an edited picture, and a notary you trust has seen the original."), "{}", run.out);
    assert!(run.out.contains("✓ notary    the key that signed is one of the trusted notaries'"), "{}", run.out);
    assert!(run.out.contains("says nothing of where it comes from") && run.out.contains("not proved:"), "{}", run.out);
    let page = String::from_utf8(desk.read("seen.html")).expect("text");
    let json = desk.zkimg(&[&VERIFY[..], &["--notaries", "notary.pub", "--json"]].concat()).ends(0);
    let inspected = ["seen.png", "seen.capture", "seen.negative"].map(|file| desk.zkimg(&["inspect", file]).ends(0).out);
    let as_json = desk.zkimg(&["inspect", "seen.capture", "--json"]).ends(0);
    for said in [&run.out, &page, &json.out, &as_json.out].into_iter().chain(&inspected) {
        assert!(!said.to_lowercase().contains("camera"), "{said}");
    }
    assert!(inspected.iter().all(|said| said.contains("  notary     ")), "{inspected:?}");
    assert_eq!((&json.json()["source"]["kind"], &json.json()["device"]), (&"notary".into(), &serde_json::Value::Null));
}

#[test]
fn a_notary_who_is_not_trusted_ends_with_5() {
    let desk = Desk::copy_of(&READY);
    let run = desk.zkimg(&VERIFY).ends(5);
    assert!(run.out.contains("its notary is not one you trust") && run.out.contains("add --notaries"), "{}", run.out);
    assert!(run.out.contains("no trusted notary was named (--notaries)") && !run.out.contains("camera"), "{}", run.out);
    const OTHER_KIND: &str = "give their key as a notary's (--notaries, or in the trust store --as notary)";
    for (option, key, other_kind) in
        [("--trust", "notary.pub", true), ("--trust", "camera.pub", false), ("--notaries", "camera.pub", false)]
    {
        let run = desk.zkimg(&[&VERIFY[..], &[option, key]].concat()).ends(5);
        assert!(run.out.starts_with("NOT TRUSTED: the notary of seen.png is not one you trust"), "{option} {key}: {}", run.out);
        assert_eq!(run.out.contains(OTHER_KIND), other_kind, "{option} {key}: {}", run.out);
    }
    desk.zkimg(&[&VERIFY[..], &["--people", "notary.pub"]].concat()).ends(5);
    // Nor is a camera's picture a notary's.
    let run = desk.zkimg(&["verify", "edited.png", "--notaries", "camera.pub"]).ends(5);
    assert!(run.out.starts_with("NOT TRUSTED: the camera of edited.png is not one you trust"), "{}", run.out);
    assert!(run.out.contains("give its key as a camera's (--trust, or in the trust store --as camera)"), "{}", run.out);
    let run = desk.zkimg(&["verify", "edited.png", "--notaries", "notary.pub"]).ends(5);
    assert!(!run.out.contains("(--trust)"), "{}", run.out);
    desk.zkimg(&["verify", "edited.png", "--trust", "camera.pub", "--notaries", "notary.pub"]).ends(0);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let desk = Desk::copy_of(&READY);
    let both = [&VERIFY[..], &["--trust", "notary.pub", "--notaries", "notary.pub"]].concat();
    desk.refuses(&both, 2, "stands in a list of cameras and in a list of notaries");
    desk.refuses(&[&VERIFY[..], &["--notaries", "notary.key"]].concat(), 3, "belongs to the notary alone");
    desk.zkimg(&["attest", "seen.jpg", "--notary", "notary.key", "--key", "camera.key", "--out", "x"]).ends(2);
    desk.refuses(
        &["attest", "seen.jpg", "--out", "x"],
        2,
        "give a camera's with --key, or a notary's, who has the photo and is no camera, with --notary",
    );
}

#[test]
fn a_batch_attests_and_verifies_for_notaries() {
    let desk = Desk::copy_of(&READY);
    desk.write(
        "jobs.jsonl",
        "{\"do\": \"attest\", \"photo\": \"seen.jpg\", \"notary\": \"notary.key\", \"out\": \"again\"}\n{\"do\": \"verify\", \"picture\": \"seen.png\"}\n",
    );
    desk.zkimg(&["batch", "jobs.jsonl", "--key", "camera.key", "--notaries", "notary.pub"]).ends(0);
    assert!(desk.zkimg(&["inspect", "again.capture"]).ends(0).out.contains("  notary     "));
}
