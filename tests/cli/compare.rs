//! `zkimg compare`: a copy that looks like a published picture, or does not; never more.

use crate::pictures::{chunk, profile, with_chunk};
use crate::{Desk, Run};
use serde_json::Value;
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
    assert!(!run.out.to_lowercase().contains("verified"), "{}", run.out);
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
            run.out.contains("Nothing is proved of it")
                && run.out.contains("  the published picture: its proof holds, and you trust its camera\n"),
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

/// The samples are the same, and what is seen is not.
#[test]
fn a_copy_in_other_colours_is_different() {
    let desk = Desk::copy_of(&READY);
    let with = |name: &str, chunks: &[Vec<u8>]| desk.write(name, with_chunk(&desk.read("bare.png"), &chunks.concat()));
    // A profile may call itself anything.
    with("profile.png", &[profile("VERIFIED")]);
    let run = compared(&desk, "profile.png", 1);
    assert!(run.out.starts_with("DIFFERENT: profile.png has samples like those of published.png, but is shown in other colours.\n"));
    assert!(run.out.contains("  the copy has other colours: an ICC profile with the SHA-256 "), "{}", run.out);
    let json = |name: &str, code| desk.zkimg(&["compare", name, "published.png", "--trust", "camera.pub", "--json"]).ends(code).json();
    let found = json("profile.png", 1);
    assert_eq!(
        (&found["same_colours"], &found["profiles"]["copy"]["kind"], &found["same_pixels"]),
        (&false.into(), &"icc".into(), &true.into())
    );
    // For programs that know no profiles.
    let srgb = || chunk(b"sRGB", &[0]);
    with("gamma.png", &[srgb(), chunk(b"gAMA", &200_000u32.to_be_bytes())]);
    assert!(compared(&desk, "gamma.png", 1).out.contains("  programs may show the copy otherwise than it was compared: its gAMA chunk"));
    assert_eq!(json("gamma.png", 1)["same_colours"], false);
    // What has no profile is shown as sRGB.
    with("srgb.png", &[srgb()]);
    assert!(compared(&desk, "srgb.png", 0).out.contains("its colours said in another way: sRGB; the published picture: no colour profile"));
    assert_eq!((&json("srgb.png", 0)["same_colours"], &json("srgb.png", 0)["shown_otherwise"]), (&true.into(), &Value::Null));
}

#[test]
fn what_turns_a_copy_is_said() {
    let desk = Desk::copy_of(&READY);
    let said = "  programs may show the copy otherwise than it was compared: ";
    let turned = [&b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..], &[3, 0, 0, 0], &[0; 4]].concat();
    desk.write("turned.png", with_chunk(&desk.read("bare.png"), &chunk(b"eXIf", &turned)));
    assert!(compared(&desk, "turned.png", 1).out.contains(&format!("{said}its EXIF orientation turns or mirrors it")));
    copy(&desk, "90.jpg", &["--edit", "crop=480x320+0+0", "--quality", "90"]);
    assert!(!compared(&desk, "90.jpg", 0).out.contains(said));
    let jpeg = desk.read("90.jpg");
    let body = [b"Exif\0\0", &turned[..]].concat();
    let segment = [&[0xff, 0xe1][..], &(body.len() as u16 + 2).to_be_bytes(), &body].concat();
    desk.write("turned.jpg", [&jpeg[..2], &segment, &jpeg[2..]].concat());
    let json = desk.zkimg(&["compare", "turned.jpg", "published.png", "--trust", "camera.pub", "--json"]).ends(1).json();
    assert!(json["shown_otherwise"].as_str().expect("a sentence").contains("EXIF orientation"), "{json}");
    // Wider than they are: the samples are alike, and it is said all the same.
    let wide = [&2u32.to_be_bytes()[..], &1u32.to_be_bytes(), &[0]].concat();
    desk.write("wide.png", with_chunk(&desk.read("bare.png"), &chunk(b"pHYs", &wide)));
    assert!(compared(&desk, "wide.png", 0).out.contains(&format!("{said}its pixels are to be shown wider")));
}

#[test]
fn a_copy_is_measured_by_what_is_verified_alone() {
    let desk = Desk::copy_of(&READY);
    copy(&desk, "copy.jpg", &["--edit", "crop=480x320+0+0"]);
    let run = desk.zkimg(&["compare", "copy.jpg", "published.png"]).ends(5);
    assert!(
        run.out.starts_with("SIMILAR, NOT PROVED") && run.out.contains("the published picture: its proof holds, but you named nobody"),
        "{}",
        run.out
    );
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
