//! `zkimg prove --show`: fields of the photo's EXIF data, one by one.

#[path = "../../pipeline/tests/support/exif.rs"]
mod exif;

use crate::{Desk, photo};
use exif::{ARTIST, MAKE, MODEL, with_exif};
use std::sync::LazyLock;

const SECRET: &str = "Maker of secrets";
const LINE: &str = "  Model: \"Model \\\"1\\\"\" · Taken: \"2024-05-17T14:03:09\"  (signed by the camera)\n";

/// A photo with EXIF data, and what is published of it with two of its fields.
static READY: LazyLock<Desk> = LazyLock::new(|| {
    let desk = Desk::empty();
    let texts = [(MAKE, SECRET), (MODEL, "Model \"1\""), (ARTIST, "Zoë")];
    desk.write("photo.png", with_exif(&photo(0), &texts, Some("2024:05:17 14:03:09")));
    desk.zkimg(&["keygen"]).ends(0);
    desk.zkimg(&["attest", "photo.png", "--key", "camera.key"]).ends(0);
    desk.zkimg(&SHOW).ends(0);
    desk
});

const PROVE: [&str; 4] = ["prove", "photo.negative", "--edit", "crop=40x24+4+2"];
const SHOW: [&str; 10] =
    ["prove", "photo.negative", "--edit", "crop=40x24+4+2", "--show", "DateTimeOriginal", "--show", "model", "--out", "edited.png"];

#[test]
fn what_is_named_is_shown_as_signed_by_the_camera() {
    let desk = Desk::copy_of(&READY);
    let run = desk.zkimg(&["verify", "edited.png", "--trust", "camera.pub", "--report", "out.html"]).ends(0);
    assert!(run.out.contains("✓ shown     the 2 fields that are shown of the photo's EXIF data are as they were signed"), "{}", run.out);
    assert!(run.out.contains(LINE), "{}", run.out);
    let page = String::from_utf8(desk.read("out.html")).expect("text");
    for said in [
        "<dt>Taken</dt><dd><bdi>&quot;2024-05-17T14:03:09&quot;</bdi></dd>",
        "Signed by the camera:",
        "<li>The rest of the photo&#39;s EXIF data",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let json = desk.zkimg(&["verify", "edited.png", "--trust", "camera.pub", "--json"]).ends(0).json();
    assert_eq!((&json["shown"][1]["value"], &json["shown"][1]["standing"]), (&"2024-05-17T14:03:09".into(), &"camera".into()));
    let inspected = desk.zkimg(&["inspect", "edited.png"]).ends(0);
    assert!(inspected.out.contains(&LINE.replacen("  ", "  shown      ", 1)), "{}", inspected.out);
    // A JPEG and a proof beside the picture show the same; nothing shows what was not named.
    desk.zkimg(&[&SHOW[..9], &["other.jpg", "--sidecar"]].concat()).ends(0);
    assert!(desk.zkimg(&["verify", "other.jpg", "--trust", "camera.pub"]).ends(0).out.contains(LINE));
    desk.zkimg(&[&PROVE[..], &["--out", "silent.png"]].concat()).ends(0);
    let silent = desk.zkimg(&["verify", "silent.png", "--trust", "camera.pub"]).ends(0);
    assert!(!silent.out.contains("✓ shown") && !silent.out.contains("Model"), "{}", silent.out);
    let holds = |file: &[u8], part: &str| file.windows(part.len()).any(|window| window == part.as_bytes());
    for file in ["edited.png", "other.jpg", "other.zkimg", "silent.png", "out.html"] {
        assert!(!holds(&desk.read(file), SECRET), "{file}");
    }
    assert!(holds(&desk.read("photo.negative"), SECRET) && holds(&desk.read("edited.png"), "Model \"1\""));
    // Of a camera that is not trusted nothing is said of the photo.
    desk.zkimg(&["keygen", "--out", "other.key"]).ends(0);
    assert!(!desk.zkimg(&["verify", "edited.png", "--trust", "other.pub"]).ends(5).out.contains("Model"));
}

#[test]
fn a_negative_says_what_could_be_shown_and_that_this_is_secret() {
    let desk = Desk::copy_of(&READY);
    let run = desk.zkimg(&["inspect", "photo.negative"]).ends(0);
    assert!(run.out.contains("this list is as secret as the photo"), "{}", run.out);
    assert!(run.out.contains("  make                 \"Maker of secrets\"\n") && run.out.contains("  artist "), "{}", run.out);
    assert!(!run.out.contains("gps_latitude"), "{}", run.out);
    let json = desk.zkimg(&["inspect", "photo.negative", "--json"]).ends(0).json();
    assert_eq!(json["secret"]["showable"].as_array().map(Vec::len), Some(4));
}

#[test]
fn what_cannot_be_shown_is_refused_in_a_sentence() {
    let desk = Desk::copy_of(&READY);
    let show = |field| [&PROVE[..], &["--out", "x.png", "--show", field]].concat();
    desk.refuses(&show("GPSLatitude"), 2, "the photo has no gps_latitude that could be shown");
    desk.refuses(&show("all"), 2, "fields are make, model, lens_model");
    desk.zkimg(&[&PROVE[..], &["--show", "Model", "--hidden", "--out", "desk"]].concat()).ends(0);
    let next = ["prove", "desk.negative", "--after", "desk.zkimg", "--edit", "crop=8x8+0+0", "--out", "next.png"];
    desk.refuses(&[&next[..], &["--show", "Model"]].concat(), 2, "only whoever has the photo's own negative can show a field");
    let made = desk.zkimg(&next).ends(0);
    assert!(made.out.contains("Shown: Model: "), "{}", made.out);
    assert!(desk.zkimg(&["verify", "next.png", "--trust", "camera.pub"]).ends(0).out.contains("Model: \"Model \\\"1\\\"\""));
    // A batch has the same word.
    desk.write(
        "jobs.jsonl",
        r#"{"do": "prove", "negative": "photo.negative", "edits": ["grayscale"], "show": ["Artist"], "out": "grey.png"}"#,
    );
    desk.zkimg(&["batch", "jobs.jsonl"]).ends(0);
    assert!(desk.zkimg(&["verify", "grey.png", "--trust", "camera.pub"]).ends(0).out.contains("Artist: \"Zoë\"  (signed by the camera)"));
}

#[test]
fn a_changed_field_is_not_valid() {
    let desk = Desk::copy_of(&READY);
    desk.zkimg(&["extract", "edited.png"]).ends(0);
    let mut proof = desk.read("edited.zkimg");
    let at = proof.windows(4).position(|window| window == b"2024").expect("a date") + 3;
    proof[at] = b'5';
    desk.write("plain.png", zkimg_pipeline::encode_png(&zkimg_pipeline::Picture::decode(&desk.read("edited.png")).expect("a picture")));
    desk.write("plain.zkimg", proof);
    let run = desk.zkimg(&["verify", "plain.png", "--trust", "camera.pub"]).ends(1);
    let sentence = "✗ shown     the value shown for date_time_original is not the one that was signed";
    assert!(run.out.contains(sentence) && !run.out.contains("Taken"), "{}", run.out);
    let inspected = desk.zkimg(&["inspect", "plain.zkimg"]).ends(0);
    assert!(inspected.out.contains("BUT NOT AS IT WAS SIGNED"), "{}", inspected.out);
}
