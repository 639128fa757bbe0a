//! Faces: one is enrolled, found again on another photo, and whoever reads it checks that. The network is no network of faces, but its
//! output is an embedding because its card says so.

use crate::{Desk, Run};
use std::fs;
use std::sync::LazyLock;
use zkimg_pipeline::{Dims, Picture, encode_png};

const NET: &[u8] = include_bytes!("../../samples/person_detect/person_detect.tflite");
const EDITS: [&str; 4] = ["--edit", "grayscale", "--edit", "crop=96x96+4+2"];
const ENROL: [&str; 6] = ["face", "enrol", "portrait.negative", "--model", "face.model", "--sign"];
const MATCH: [&str; 7] = ["face", "match", "photo.negative", "--model", "face.model", "--template", "anna.template"];
const CHECK: [&str; 8] = ["verify", "match.zkimg", "--trust", "camera.pub", "--model", "face.card", "--enrolled", "anna.enrolled"];

/// A match at a threshold, written under a name.
fn compare(desk: &Desk, threshold: &str, out: &str) -> Run {
    desk.zkimg(&[&MATCH[..], &EDITS, &["--threshold", threshold, "--out", out]].concat())
}

/// A camera, two signed photos of 110 × 100, a model, an enrolled face and a match.
static READY: LazyLock<Desk> = LazyLock::new(|| {
    let desk = Desk::empty();
    let picture = |more: usize| {
        let cell = |i: usize| (i / 110 % 100 * 2 + i % 110 + if i % 110 > 60 + more { 70 } else { 0 }) as u8;
        encode_png(&Picture::new(Dims { channels: 3, height: 100, width: 110 }, (0..33_000).map(cell).collect()).expect("a picture"))
    };
    desk.write("portrait.png", picture(0));
    desk.write("photo.png", picture(1));
    desk.write("face.tflite", NET);
    desk.zkimg(&["keygen"]).ends(0);
    desk.zkimg(&["keygen", "--out", "desk.key"]).ends(0);
    desk.zkimg(&["attest", "portrait.png", "--key", "camera.key"]).ends(0);
    desk.zkimg(&["attest", "photo.png", "--key", "camera.key"]).ends(0);
    desk.zkimg(&["model", "import", "face.tflite", "--out", "face", "--embedding", "--threshold", "0.5", "--sign", "desk.key"]).ends(0);
    desk.zkimg(&[&ENROL[..], &["desk.key", "--out", "anna"], &EDITS].concat()).ends(0);
    compare(&desk, "0.50", "match").ends(0);
    desk
});

#[test]
fn a_match_is_shown_with_what_it_does_not_show() {
    let desk = Desk::copy_of(&READY);
    let text = desk.zkimg(&[&CHECK[..], &["--people", "desk.pub"]].concat()).ends(0).out;
    for part in [
        "VERIFIED: match.zkimg",
        "✓ enrolled",
        "✓ match",
        "at least 0.50",
        "made grey",
        "cropped to",
        "capture",
        "signed with the key \"desk.pub\"",
        "somebody alive",
        "Not shown: ",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    let found = desk.zkimg(&[&CHECK[..], &["--json"]].concat()).ends(0).json();
    assert_eq!((&found["at_least"], &found["verdict"]), (&"0.50".into(), &"trusted".into()));
    let inspected = |name: &str| desk.zkimg(&["inspect", name, "--json"]).ends(0).json();
    assert_eq!(inspected("match.zkimg")["enrolled"], inspected("anna.enrolled")["digest"]);
    assert_eq!(inspected("match.zkimg")["root"], found["capture"]);
    assert_eq!(inspected("anna.template")["digest"], inspected("anna.enrolled")["digest"]);
    assert_eq!(inspected("face.card")["thresholds"], serde_json::json!(["0.50"]));
    assert!(desk.zkimg(&["inspect", "anna.template"]).ends(0).out.contains("secret"));
    let enrolled = ["verify", "anna.enrolled", "--trust", "camera.pub", "--model", "face.card"];
    let text = desk.zkimg(&enrolled).ends(0).out;
    assert!(text.starts_with("VERIFIED: anna.enrolled") && text.contains("a key nobody vouches for here"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_template_is_for_whoever_enrolled_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |name: &str| fs::metadata(READY.at(name)).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode("anna.template"), 0o600);
    assert_ne!(mode("anna.enrolled") & 0o044, 0);
}

#[test]
fn what_does_not_belong_together_is_refused_in_a_sentence() {
    let desk = Desk::copy_of(&READY);
    let with = |extra: &[&'static str]| [&MATCH[..], &EDITS, extra].concat();
    desk.refuses(&with(&["--threshold", "0.58", "--out", "x"]), 2, "does not list the threshold 0.58, but 0.50");
    desk.refuses(&with(&["--threshold", "1", "--out", "x"]), 2, "is no threshold");
    desk.refuses(&with(&["--threshold", "0.5", "--out", "match"]), 6, "exists already");
    desk.refuses(&with(&["--edit", "contrast=1.5", "--threshold", "0.5", "--out", "x"]), 2, "could make one face of another");
    desk.refuses(&[&MATCH[..], &["--threshold", "0.5", "--out", "x"]].concat(), 2, "reads pictures of 96 × 96 pixels, grey");
    let own = ["face", "match", "portrait.negative", "--model", "face.model", "--template", "anna.template"];
    desk.refuses(&[&own[..], &EDITS, &["--threshold", "0.5", "--out", "x"]].concat(), 2, "this very photo");
    let template = ["face", "match", "photo.negative", "--model", "face.model", "--template", "anna.enrolled"];
    desk.refuses(&[&template[..], &["--threshold", "0.5", "--out", "x"]].concat(), 3, "public half");
    desk.refuses(&[&ENROL[..5], &["--out", "anna.template"], &EDITS].concat(), 2, "beginning of their names");
    desk.refuses(&["verify", "match.zkimg", "--trust", "camera.pub"], 2, "add --model");
    desk.refuses(&["verify", "match.zkimg", "--trust", "camera.pub", "--model", "face.card"], 2, "add --enrolled");
    desk.refuses(&["verify", "anna.template", "--trust", "camera.pub"], 3, "which is secret");
    desk.refuses(&["verify", "photo.png", "--enrolled", "anna.enrolled"], 2, "this is no match");
    desk.refuses(&[&CHECK[..7], &["anna.template"]].concat(), 3, "secret template");
    let scores = ["infer", "photo.negative", "--model", "face.model", "--show", "scores", "--out", "x"];
    desk.refuses(&[&scores[..], &EDITS].concat(), 2, "never shown");
    desk.refuses(&["model", "import", "face.tflite", "--out", "x", "--embedding"], 2, "--threshold");
    let mut damaged = desk.read("anna.template");
    let last = damaged.len() - 40;
    damaged[last] ^= 1;
    desk.write("damaged.template", damaged);
    let template = ["face", "match", "photo.negative", "--model", "face.model", "--template", "damaged.template"];
    desk.refuses(&[&template[..], &["--threshold", "0.5", "--out", "x"]].concat(), 3, "damaged");
}

#[test]
fn verdicts_have_their_exit_codes() {
    let desk = Desk::copy_of(&READY);
    desk.zkimg(&["keygen", "--out", "other.key"]).ends(0);
    let with =
        |trust: &[&str]| desk.zkimg(&[&["verify", "match.zkimg", "--model", "face.card", "--enrolled", "anna.enrolled"], trust].concat());
    assert!(with(&["--trust", "other.pub"]).ends(5).out.starts_with("NOT TRUSTED"));
    assert!(with(&[]).ends(5).out.contains("VALID, BUT NOT TRUSTED"));
    let mut forged = desk.read("match.zkimg");
    let at = forged.len() - 200;
    forged[at] ^= 1;
    desk.write("match.zkimg", forged);
    let run = with(&["--trust", "camera.pub"]).ends(1);
    assert!(run.out.contains("✓ enrolled") && run.out.contains("✗ match"), "{}", run.out);
    assert!(!run.out.contains("0.50"), "what does not hold is not shown: {}", run.out);
}
