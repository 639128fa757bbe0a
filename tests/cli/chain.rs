//! Handing a picture on: the files, who is told what, and what does not fit together.

use crate::{Desk, PROVE};
use std::fs;
use zkimg_pipeline::Picture;

const COVER: [&str; 8] = ["prove", "photo.negative", "--edit", "redact=9x7+4+2", "--hidden", "--out", "desk", "--force"];
const PUBLISH: [&str; 10] =
    ["prove", "desk.negative", "--after", "desk.zkimg", "--edit", "crop=30x20+2+1", "--out", "published.png", "--force", "--sidecar"];

/// With a picture handed on to the photo desk.
fn handed_on() -> Desk {
    let desk = Desk::ready();
    desk.zkimg(&[&COVER[..], &["--name", "Anna Roth", "--note", "a face is covered"]].concat()).ends(0);
    desk.zkimg(&["keygen", "--out", "desk.key"]).ends(0);
    desk
}

#[test]
fn three_people_and_a_reader() {
    let desk = handed_on();
    let run = desk.zkimg(&["verify", "desk.zkimg", "--trust", "camera.pub"]).ends(0);
    assert!(
        run.out.starts_with("VERIFIED: desk.zkimg hands on a hidden picture") && run.out.contains("no picture is shown yet"),
        "{}",
        run.out
    );
    let second = [
        "prove",
        "desk.negative",
        "--after",
        "desk.zkimg",
        "--edit",
        "brightness=10",
        "--hidden",
        "--out",
        "last",
        "--name",
        "Desk",
        "--sign",
        "desk.key",
    ];
    desk.zkimg(&second).ends(0);
    let third = ["prove", "last.negative", "--after", "last.zkimg", "--edit", "contrast=1.2", "--out", "published.png"];
    let json = desk.zkimg(&[&third[..], &["--json"]].concat()).ends(0).json();
    assert_eq!((json["links"].as_array().map(Vec::len), &json["edits"][0]["op"]), (Some(3), &"contrast".into()));
    // The same pixels as one person's edits.
    let all = ["edit", "photo.png", "--edit", "redact=9x7+4+2", "--edit", "brightness=10", "--edit", "contrast=1.2", "--out", "try.png"];
    desk.zkimg(&all).ends(0);
    let pixels = |name: &str| Picture::decode(&desk.read(name)).expect("a picture");
    assert_eq!(pixels("try.png"), pixels("published.png"));

    let run = desk.zkimg(&["verify", "published.png", "--trust", "camera.pub", "--people", "desk.pub"]).ends(0);
    for part in [
        "1. only claimed, not signed: \"Anna Roth\"\n     note: \"a face is covered\"",
        "2. confirmed by the key \"desk.pub\": \"Desk\"",
        "3. not signed, no name",
    ] {
        assert!(run.out.contains(part), "{part:?} is not in {}", run.out);
    }
    let run = desk.zkimg(&["verify", "published.png", "--trust", "camera.pub"]).ends(0);
    assert!(run.out.contains("2. only claimed, signed with a key"), "{}", run.out);
    // A person's key makes no camera.
    desk.zkimg(&["verify", "published.png", "--trust", "desk.pub"]).ends(5);
    let json = desk.zkimg(&["verify", "published.png", "--trust", "camera.pub", "--people", "desk.pub", "--json"]).ends(0).json();
    let confirmed: Vec<_> = json["links"].as_array().expect("links").iter().map(|link| link["confirmed"].clone()).collect();
    assert_eq!(confirmed, [false, true, false]);
    assert_eq!((&json["links"][1]["signer"]["known_as"], &json["links"][1]["hidden"]), (&"desk.pub".into(), &true.into()));

    let run = desk.zkimg(&["inspect", "published.png"]).ends(0);
    assert!(run.out.contains("for 3 links") && run.out.contains("2. only claimed"), "{}", run.out);
    let json = desk.zkimg(&["inspect", "last.zkimg", "--json"]).ends(0).json();
    assert_eq!((&json["hidden"], json["links"].as_array().map(Vec::len), json["picture_digest"].is_null()), (&true.into(), Some(2), true));
    assert!(desk.zkimg(&["inspect", "last.negative"]).ends(0).out.contains("handed on"));
}

#[cfg(unix)]
#[test]
fn what_is_handed_on_is_two_files_of_which_one_is_secret() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::ready();
    let before = desk.files().len();
    desk.zkimg(&COVER).ends(0);
    assert_eq!(desk.files().len(), before + 2);
    let mode = |name: &str| fs::metadata(desk.at(name)).expect("a file").permissions().mode() & 0o777;
    desk.write("plain", "");
    assert_eq!((mode("desk.negative"), mode("desk.zkimg")), (0o600, mode("plain")));
    // Together or not at all.
    fs::remove_file(desk.at("desk.zkimg")).expect("gone");
    fs::remove_file(desk.at("desk.negative")).expect("gone");
    fs::create_dir(desk.at("desk.negative")).expect("a folder");
    desk.refuses(&COVER, 4, "desk.negative: this is a folder");
}

#[test]
fn what_does_not_fit_together_is_refused_in_one_sentence() {
    let desk = handed_on();
    let publish = |negative, after: &[&str], code, part: &str| {
        desk.refuses(&[&["prove", negative][..], after, &["--edit", "contrast=1.2", "--out", "new.png"]].concat(), code, part);
    };
    publish("desk.negative", &[], 2, "give the proof file that came with it too (--after)");
    publish("photo.negative", &["--after", "desk.zkimg"], 2, "leave --after out");
    publish("desk.negative", &["--after", "edited.zkimg"], 2, "is of a published picture");
    publish("desk.negative", &["--after", "photo.png"], 3, "not a zkimg proof");
    publish("desk.negative", &["--after", "gone.zkimg"], 4, "there is no file gone.zkimg");
    desk.zkimg(&["prove", "photo.negative", "--edit", "redact=9x7+4+2", "--hidden", "--out", "other"]).ends(0);
    publish("desk.negative", &["--after", "other.zkimg"], 2, "does not end with the negative's picture");
    publish("other.negative", &["--after", "desk.zkimg"], 2, "does not end with the negative's picture");

    desk.zkimg(&["verify", "edited.png", "desk.zkimg", "--trust", "camera.pub"]).ends(1);
    let mut hidden = COVER;
    hidden[6] = "desk.png";
    desk.refuses(&hidden, 2, "no picture is written");
    desk.refuses(&[&PROVE[..], &["--force", "--name", "two\nlines"]].concat(), 2, "control character");
    desk.refuses(&[&PROVE[..], &["--force", "--note", ""]].concat(), 2, "note is empty");
    desk.refuses(&[&PROVE[..], &["--force", "--sign", "desk.pub"]].concat(), 3, "cannot sign");
}

#[test]
fn a_changed_chain_is_refused_and_the_check_is_named() {
    let desk = handed_on();
    desk.zkimg(&[&PUBLISH[..], &["--name", "Desk", "--sign", "desk.key"]].concat()).ends(0);
    let published = desk.read("published.zkimg");
    let verdict = |old: &[u8], new: &[u8], check: &str| {
        let at = published.windows(old.len()).position(|window| window == old).expect("in the file");
        desk.write("published.zkimg", [&published[..at], new, &published[at + old.len()..]].concat());
        let run = desk.zkimg(&["verify", "published.png", "--trust", "camera.pub", "--people", "desk.pub"]).ends(1);
        assert!(run.out.starts_with("NOT VALID") && run.out.contains(&format!("✗ {check}")), "{}", run.out);
        assert!(!run.out.contains("confirmed"), "{}", run.out);
    };
    verdict(b"Anna Roth", b"Anne Roth", "makers");
    verdict(b"Desk", b"Dusk", "makers");
    verdict(b"\"x\":4", b"\"x\":5", "makers");
    // The chain before it, with the picture published after it.
    desk.write("published.zkimg", desk.read("desk.zkimg"));
    desk.zkimg(&["verify", "published.png", "--trust", "camera.pub"]).ends(1);
}

/// Who signs knows the key; who reads may not.
#[test]
fn the_signer_is_told_which_key_signed() {
    let desk = Desk::ready();
    let key = desk.zkimg(&["keygen", "--out", "desk.key", "--json"]).ends(0).json();
    let fingerprint = key["device"].as_str().expect("a fingerprint");
    let words = ["prove", "photo.negative", "--edit", "flip=horizontal", "--out", "new.png", "--name", "Desk", "--sign", "desk.key"];
    let text = desk.zkimg(&words).ends(0).out;
    assert!(text.contains(&format!("1. signed with the key {fingerprint}: \"Desk\"")) && !text.contains("only claimed"), "{text}");
    let text = desk.zkimg(&["verify", "new.png", "--trust", "camera.pub"]).ends(0).out;
    assert!(text.contains("1. only claimed, signed with a key nobody vouches for here"), "{text}");
    // A list of keys is told from one key.
    desk.write("both.pub", [desk.read("camera.pub"), desk.read("desk.pub")].concat());
    let text = desk.zkimg(&["inspect", "both.pub"]).ends(0).out;
    assert!(text.starts_with("a list of 2 public keys") && text.contains(fingerprint), "{text}");
    assert_eq!(desk.zkimg(&["inspect", "both.pub", "--json"]).ends(0).json()["devices"][1], fingerprint);
}

/// The first asks for one proof; the others go on as the chain began.
#[test]
fn one_proof_for_three_people() {
    let desk = Desk::ready();
    let first = ["prove", "photo.negative", "--edit", "redact=9x7+4+2", "--hidden", "--compact", "--out", "desk", "--name", "Anna Roth"];
    desk.zkimg(&first).ends(0);
    let run = desk.zkimg(&["verify", "desk.zkimg", "--trust", "camera.pub"]).ends(0);
    assert!(run.out.starts_with("VERIFIED: desk.zkimg hands on a hidden picture") && run.out.contains("by one proof"), "{}", run.out);
    let second = ["prove", "desk.negative", "--after", "desk.zkimg", "--edit", "brightness=10", "--hidden", "--out", "last"];
    desk.zkimg(&second).ends(0);
    let third = ["prove", "last.negative", "--after", "last.zkimg", "--edit", "contrast=1.2", "--out", "published.png"];
    desk.zkimg(&third).ends(0);
    let run = desk.zkimg(&["inspect", "published.png"]).ends(0);
    assert!(run.out.contains("one proof for the whole chain") && run.out.contains("for 3 links"), "{}", run.out);
    let report = ["verify", "published.png", "--trust", "camera.pub", "--report", "published.html", "--json"];
    let json = desk.zkimg(&report).ends(0).json();
    assert_eq!((&json["form"], json["links"].as_array().map(Vec::len)), (&"compact".into(), Some(3)));
    assert!(String::from_utf8(desk.read("published.html")).expect("a page").contains("by one proof for the whole chain"));

    // A chain does not change its form, and what was touched is not gone on from.
    desk.zkimg(&["prove", "photo.negative", "--edit", "redact=9x7+4+2", "--hidden", "--out", "listed"]).ends(0);
    let changed = ["prove", "listed.negative", "--after", "listed.zkimg", "--compact", "--edit", "contrast=1.2", "--out", "new.png"];
    desk.refuses(&changed, 2, "each link of this chain has a proof of its own");
    let mut bytes = desk.read("desk.zkimg");
    let at = bytes.len() - 40_000;
    bytes[at] ^= 1;
    desk.write("desk.zkimg", bytes);
    let run = desk.zkimg(&["verify", "desk.zkimg", "--trust", "camera.pub"]).ends(1);
    assert!(run.out.contains("nobody can go on from it"), "{}", run.out);
    let gone_on = ["prove", "desk.negative", "--after", "desk.zkimg", "--edit", "contrast=1.2", "--out", "new.png"];
    desk.refuses(&gone_on, 1, "does not hold");
    let jpeg = ["prove", "photo.negative", "--compact", "--edit", "contrast=1.2", "--out", "new.jpg"];
    desk.refuses(&jpeg, 2, "write a .png");
}
