//! `zkimg compare`: a copy that looks like a published picture, or does not; never more.

use crate::{Desk, Run};
use std::sync::LazyLock;
use zkimg_pipeline::{Dims, Picture, encode_png};

/// A published picture of a street, `published.png`, with its proof inside, and `bare.png`, the same without.
static READY: LazyLock<Desk> = LazyLock::new(|| {
    let desk = Desk::empty();
    desk.write("street.jpg", include_bytes!("../../samples/street.jpg"));
    desk.zkimg(&["keygen"]).ends(0);
    desk.zkimg(&["keygen", "--out", "other.key"]).ends(0);
    desk.zkimg(&["attest", "street.jpg", "--key", "camera.key"]).ends(0);
    desk.zkimg(&["prove", "street.negative", "--edit", "crop=480x320+320+200", "--out", "published.png"]).ends(0);
    let picture = Picture::decode(&desk.read("published.png")).expect("a picture");
    desk.write("bare.png", encode_png(&picture));
    desk
});

/// Makes a copy, as a site may, by the same tool: edits, and the format of the name.
fn copy(desk: &Desk, name: &str, words: &[&str]) {
    desk.zkimg(&[&["edit", "bare.png", "--out", name], words].concat()).ends(0);
}

#[track_caller]
fn compared(desk: &Desk, name: &str, code: i32) -> Run {
    let run = desk.zkimg(&["compare", name, "published.png", "--trust", "camera.pub"]).ends(code);
    let first = run.out.lines().next().unwrap_or_default();
    assert!(first.starts_with(if code == 0 { "SIMILAR, NOT PROVED: " } else { "DIFFERENT: " }), "{}", run.out);
    assert!(!first.to_lowercase().contains("verified"), "{first}");
    run
}

#[test]
fn what_sites_do_to_a_picture_leaves_it_similar() {
    let desk = Desk::copy_of(&READY);
    let nothing = ["--edit", "flip=horizontal", "--edit", "flip=horizontal"];
    for (name, words) in [
        ("90.jpg", &[&nothing[..], &["--quality", "90"]].concat()),
        ("40.jpg", &[&nothing[..], &["--quality", "40"]].concat()),
        ("half.jpg", &vec!["--edit", "resize=50%,bilinear", "--quality", "70"]),
        ("odd.jpg", &vec!["--edit", "resize=333x222", "--quality", "80"]),
        ("large.png", &vec!["--edit", "resize=720x480,bilinear"]),
    ] {
        copy(&desk, name, words);
        let run = compared(&desk, name, 0);
        assert!(
            run.out.contains("Nothing is proved of it") && run.out.contains("  the published picture: VERIFIED: published.png is"),
            "{}",
            run.out
        );
        let json = desk.zkimg(&["compare", name, "published.png", "--trust", "camera.pub", "--json"]).ends(0).json();
        assert_eq!(
            (&json["verdict"], &json["proved"], &json["published"]["verdict"]),
            (&"similar".into(), &false.into(), &"trusted".into())
        );
        let psnr = json["compared"]["psnr"].as_f64().expect("a number");
        assert!((26.0..60.0).contains(&psnr) && json["compared"]["largest_difference"].as_u64().expect("a number") > 1, "{name}: {psnr}");
    }
    let size = desk.zkimg(&["compare", "half.jpg", "published.png", "--json"]).ends(5).json()["compared"].clone();
    assert_eq!((&size["width"], &size["height"]), (&240.into(), &160.into()));
    let run = compared(&desk, "bare.png", 0);
    assert!(
        run.out.contains("has the pixels of published.png. To prove that") && run.out.contains("no difference, largest difference 0"),
        "{}",
        run.out
    );
}

#[test]
fn what_was_changed_is_different() {
    let desk = Desk::copy_of(&READY);
    for (name, words) in [
        ("covered.jpg", &["--edit", "redact=24x24+200+150", "--quality", "95"][..]),
        ("mirrored.png", &["--edit", "flip=horizontal"]),
        ("cropped.png", &["--edit", "crop=470x320+0+0"]),
        ("stretched.png", &["--edit", "resize=480x300"]),
        ("dark.png", &["--edit", "brightness=-60"]),
    ] {
        copy(&desk, name, words);
        compared(&desk, name, 1);
    }
    assert!(compared(&desk, "cropped.png", 1).out.contains("470 × 320 pixels, other proportions than the published 480 × 320"));
    // Where it differs is said.
    let json = desk.zkimg(&["compare", "covered.jpg", "published.png", "--trust", "camera.pub", "--json"]).ends(1).json();
    let [x, y] = ["x", "y"].map(|side| json["compared"]["worst"][side].as_u64().expect("a number"));
    assert!((192..224).contains(&x) && (144..176).contains(&y), "{json}");
}

#[test]
fn a_copy_is_measured_by_what_is_verified_alone() {
    let desk = Desk::copy_of(&READY);
    copy(&desk, "copy.jpg", &["--edit", "crop=480x320+0+0"]);
    let run = desk.zkimg(&["compare", "copy.jpg", "published.png"]).ends(5);
    assert!(run.out.starts_with("SIMILAR, NOT PROVED") && run.out.contains("the published picture: VALID, BUT NOT TRUSTED"), "{}", run.out);
    let run = desk.zkimg(&["compare", "copy.jpg", "published.png", "--trust", "other.pub"]).ends(5);
    assert!(run.out.starts_with("NOT COMPARED: published.png is no measure for a copy. NOT TRUSTED"), "{}", run.out);
    desk.zkimg(&["extract", "published.png"]).ends(0);
    copy(&desk, "changed.png", &["--edit", "contrast=1.01"]);
    let run = desk.zkimg(&["compare", "copy.jpg", "changed.png", "published.zkimg", "--trust", "camera.pub"]).ends(1);
    assert!(run.out.starts_with("NOT COMPARED: changed.png is no measure"), "{}", run.out);
    desk.refuses(&["compare", "copy.jpg", "bare.png", "--trust", "camera.pub"], 3, "there is no proof for bare.png");
    desk.zkimg(&["prove", "street.negative", "--edit", "crop=64x64+0+0", "--hidden", "--out", "hidden"]).ends(0);
    desk.refuses(&["compare", "copy.jpg", "hidden.zkimg", "--trust", "camera.pub"], 2, "still hidden");
}

#[test]
fn copies_are_bounded() {
    let desk = Desk::copy_of(&READY);
    let words = |name: &'static str| ["compare", name, "published.png", "--trust", "camera.pub"];
    let grey = |width, height| encode_png(&Picture::new(Dims { channels: 1, height, width }, vec![7; width * height]).expect("a picture"));
    desk.write("large.png", grey(961, 640));
    desk.refuses(&words("large.png"), 3, "more than 2 times the sides of the published picture");
    desk.write("small.png", grey(60, 40));
    desk.refuses(&words("small.png"), 3, "60 × 40 pixels, which are too few to compare");
    desk.write("grey.png", grey(480, 320));
    compared(&desk, "grey.png", 1);
    desk.write("text.png", "no picture");
    desk.refuses(&words("text.png"), 3, "not a picture");
    // A file that goes on for longer than any picture of its size.
    desk.write("long.png", [&desk.read("bare.png")[..], &vec![0; 12 << 20]].concat());
    desk.refuses(&words("long.png"), 3, "the file is longer than");
    desk.refuses(&words("gone.png"), 4, "there is no file gone.png");
}
