//! A published JPEG: its coefficients are proved, so that it may be coded anew without loss, and not compressed again.

use crate::{Desk, photo};
use std::process::{Command, Stdio};
use zkimg_pipeline::{Coefficients, JpegFile, Picture, Profile, embed, embedded, write_jpeg};

const EDITS: [&str; 6] = ["prove", "photo.negative", "--edit", "crop=40x24+4+2", "--edit", "contrast=1.15"];
const VERIFY: [&str; 4] = ["verify", "edited.jpg", "--trust", "camera.pub"];

/// With a published JPEG.
fn ready(options: &[&str]) -> Desk {
    let desk = Desk::ready();
    for name in ["edited.png", "edited.zkimg"] {
        std::fs::remove_file(desk.at(name)).expect("gone");
    }
    desk.zkimg(&[&EDITS[..], &["--out", "edited.jpg"], options].concat()).ends(0);
    desk
}

/// A JPEG with the proof inside taken out.
fn taken_apart(file: &[u8]) -> (Coefficients, Vec<u8>) {
    let read = JpegFile::read(file).expect("a JPEG");
    (read.coefficients, read.proof.expect("a proof"))
}

#[test]
fn a_jpeg_is_published_and_checked_in_every_sampling() {
    for options in [
        &[][..],
        &["--quality", "60", "--sampling", "422"],
        &["--quality", "100", "--sampling", "444"],
        &["--quality", "1"],
        &["--quality", "1", "--sampling", "422"],
        &["--quality", "1", "--sampling", "444"],
    ] {
        let desk = ready(options);
        let run = desk.zkimg(&VERIFY).ends(0);
        assert!(
            run.out.starts_with("VERIFIED: edited.jpg is") && run.out.contains("all coefficients of the published JPEG, 40×24 colour"),
            "{}",
            run.out
        );
        assert!(run.out.contains("3. saved as a JPEG, colours 4:"), "{}", run.out);
        // The preview has the same integers.
        let mut words = vec!["edit", "photo.png"];
        words.extend([&EDITS[2..], &["--out", "try.jpg"], options].concat());
        desk.zkimg(&words).ends(0);
        let (file, preview) = (desk.read("edited.jpg"), desk.read("try.jpg"));
        assert_eq!(taken_apart(&file).0, JpegFile::read(&preview).expect("a JPEG").coefficients);
        assert_eq!(Picture::decode(&file), Picture::decode(&preview));
        assert_eq!(file.len(), preview.len() + taken_apart(&file).1.len() + 2 + 2 + 12 + 2);
    }
}

#[test]
fn a_grey_jpeg_and_a_jpeg_at_the_end_of_a_chain() {
    let desk = Desk::ready();
    desk.zkimg(&["prove", "photo.negative", "--edit", "grayscale", "--out", "grey.jpg"]).ends(0);
    assert!(desk.zkimg(&["verify", "grey.jpg", "--trust", "camera.pub"]).ends(0).out.contains("48×32 grey"));
    desk.zkimg(&["prove", "photo.negative", "--edit", "redact=9x7+4+2", "--hidden", "--out", "desk"]).ends(0);
    desk.zkimg(&["prove", "desk.negative", "--after", "desk.zkimg", "--edit", "flip=vertical", "--out", "end.jpg", "--sidecar"]).ends(0);
    desk.zkimg(&["verify", "end.jpg", "--trust", "camera.pub"]).ends(0);
    let json = desk.zkimg(&["verify", "end.zkimg", "--trust", "camera.pub", "--json"]).ends(0).json();
    assert_eq!((&json["picture"], &json["links"][1]["edits"][1]["op"]), (&"end.jpg".into(), &"jpeg".into()));
}

/// Whatever a tool changes of the coding alone.
#[test]
fn a_copy_that_is_coded_anew_without_loss_is_the_same_picture() {
    let desk = ready(&["--quality", "85"]);
    let file = desk.read("edited.jpg");
    // Without the tool: another order of bytes for the same coefficients, and no JFIF.
    let (coefficients, proof) = taken_apart(&file);
    let plain = write_jpeg(&coefficients, &Profile::None);
    desk.write("edited.jpg", embed(&[&plain[..2], &plain[20..]].concat(), &proof).expect("it fits"));
    assert_ne!(desk.read("edited.jpg"), file);
    desk.zkimg(&VERIFY).ends(0);
    for options in [&["-optimize"][..], &["-progressive"], &["-restart", "1"]] {
        desk.write("edited.jpg", &file);
        let mut command = Command::new("jpegtran");
        command.args(options).args(["-copy", "all", "edited.jpg"]).current_dir(desk.path()).stderr(Stdio::null());
        let Some(copy) = command.output().ok().filter(|output| output.status.success()) else {
            eprintln!("skipped: there is no jpegtran that can be run here");
            return;
        };
        assert_ne!(copy.stdout, file);
        desk.write("edited.jpg", &copy.stdout);
        assert!(desk.zkimg(&VERIFY).ends(0).out.starts_with("VERIFIED"), "{options:?}");
    }
}

/// A metadata editor writes EXIF, and keeps what it does not know.
#[test]
fn exiftool_leaves_it_the_same_picture() {
    let desk = ready(&[]);
    let write = ["-q", "-overwrite_original", "-Artist=Anna Roth", "edited.jpg"];
    let written = Command::new("exiftool").args(write).current_dir(desk.path()).stderr(Stdio::null()).stdout(Stdio::null()).status();
    if !written.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no exiftool that can be run here");
        return;
    }
    assert!(desk.read("edited.jpg").windows(9).any(|window| window == b"Anna Roth"));
    desk.zkimg(&VERIFY).ends(0);
}

#[test]
fn a_jpeg_that_is_another_picture_is_refused() {
    let desk = ready(&[]);
    let file = desk.read("edited.jpg");
    let (coefficients, proof) = taken_apart(&file);
    let refused = |file: Vec<u8>, part: &str| {
        desk.write("edited.jpg", file);
        let out = desk.zkimg(&VERIFY).ends(1).out;
        assert!(out.starts_with("NOT VALID") && out.contains("✗ picture") && out.contains(part), "{out}");
    };
    let written = |coefficients: &Coefficients| embed(&write_jpeg(coefficients, &Profile::None), &proof).expect("it fits");
    refused([&file[..2], b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0", &file[2..]].concat(), "APP14");
    assert_eq!(written(&coefficients), file);
    // One coefficient, a table, the sampling, the size, the colours left out.
    for (component, k) in [(0, 0), (0, 63), (1, 5), (2, 0)] {
        let mut changed = coefficients.clone();
        changed.components[component].blocks[0][k] ^= 1;
        refused(written(&changed), "other coefficients");
    }
    let mut changed = coefficients.clone();
    changed.components[0].table[5] += 1;
    refused(written(&changed), "other coefficients");
    let mut grey = coefficients.clone();
    (grey.shape.shared, grey.components) = (None, coefficients.components[..1].to_vec());
    refused(written(&grey), "other coefficients");
    let mut smaller = coefficients.clone();
    smaller.shape.width = 39;
    refused(written(&smaller), "is 39×24 and the proof speaks of one of 40×24");
    // 40 × 24 in 4:2:0 has as many blocks as in 4:4:4 it has of luma; a table that fits is not enough.
    let other = ready(&["--sampling", "444"]);
    refused(embed(&write_jpeg(&taken_apart(&other.read("edited.jpg")).0, &Profile::None), &proof).expect("it fits"), "other coefficients");
    // Compressed again from its pixels.
    let pixels = Picture::decode(&file).expect("a picture");
    desk.write("pixels.png", zkimg_pipeline::encode_png(&pixels));
    desk.zkimg(&["edit", "pixels.png", "--edit", "brightness=0", "--out", "again.jpg", "--quality", "90"]).ends(0);
    refused(embed(&desk.read("again.jpg"), &proof).expect("it fits"), "other coefficients");
    // The same pixels as a PNG, and the same proof beside it.
    desk.write("edited.zkimg", &proof);
    let out = desk.zkimg(&["verify", "pixels.png", "edited.zkimg", "--trust", "camera.pub"]).ends(1).out;
    assert!(out.contains("the proof speaks of a JPEG, and this is none"), "{out}");
    std::fs::remove_file(desk.at("edited.zkimg")).expect("gone");
    // What cannot be read in one way only.
    desk.write("edited.jpg", [&file[..], b"more"].concat());
    desk.refuses(&VERIFY, 3, "does not end where its picture does");
    desk.write("edited.jpg", &file);
    desk.zkimg(&VERIFY).ends(0);
}

/// With the digest of other coefficients in the proof file the picture is the one meant, and the argument does not hold.
#[test]
fn other_coefficients_with_their_own_digest_are_refused_by_the_argument() {
    let desk = ready(&[]);
    desk.zkimg(&["prove", "photo.negative", "--edit", "crop=40x24+4+2", "--edit", "contrast=1.2", "--out", "other.jpg"]).ends(0);
    let digest = |name: &str| {
        let text = desk.zkimg(&["inspect", name, "--json"]).ends(0).json()["picture_digest"].as_str().expect("a digest").to_owned();
        (0..32).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).expect("a byte")).collect::<Vec<u8>>()
    };
    let ((_, mut proof), (other, _)) = (taken_apart(&desk.read("edited.jpg")), taken_apart(&desk.read("other.jpg")));
    let at = proof.windows(32).position(|window| window == digest("edited.jpg")).expect("the digest");
    proof[at..at + 32].copy_from_slice(&digest("other.jpg"));
    desk.write("edited.jpg", embed(&write_jpeg(&other, &Profile::None), &proof).expect("it fits"));
    let out = desk.zkimg(&VERIFY).ends(1).out;
    assert!(out.contains("✓ picture") && out.contains("✗ edits"), "{out}");
}

/// A profile that was lost or exchanged shows the same coefficients in other colours.
#[test]
fn a_jpeg_carries_the_photos_profile() {
    let desk = Desk::ready();
    let profile = |name: &str| {
        let text = [b"desc\0\0\0\0", &(name.len() as u32 + 1).to_be_bytes()[..], name.as_bytes(), b"\0"].concat();
        let tag = [b"desc", &144u32.to_be_bytes()[..], &(text.len() as u32).to_be_bytes()].concat();
        let mut profile = [vec![0; 128], 1u32.to_be_bytes().to_vec(), tag, text].concat();
        let length = profile.len() as u32;
        profile[..4].copy_from_slice(&length.to_be_bytes());
        for (at, word) in [(12, b"mntr"), (16, b"RGB "), (20, b"XYZ "), (36, b"acsp")] {
            profile[at..at + 4].copy_from_slice(word);
        }
        profile
    };
    let with = |file: &[u8], profile: &[u8]| {
        let body = [b"ICC_PROFILE\0\x01\x01", profile].concat();
        [&file[..2], b"\xff\xe2", &(body.len() as u16 + 2).to_be_bytes()[..], &body, &file[2..]].concat()
    };
    desk.zkimg(&["edit", "photo.png", "--edit", "brightness=0", "--out", "p3.jpg", "--sampling", "444"]).ends(0);
    desk.write("p3.jpg", with(&desk.read("p3.jpg"), &profile("Display P3")));
    desk.zkimg(&["attest", "p3.jpg", "--key", "camera.key"]).ends(0);
    desk.zkimg(&["prove", "p3.negative", "--edit", "flip=horizontal", "--out", "new.jpg"]).ends(0);
    let verify = ["verify", "new.jpg", "--trust", "camera.pub"];
    let out = desk.zkimg(&verify).ends(0).out;
    assert!(out.contains("✓ colours") && out.contains("calls itself \"Display P3\""), "{out}");
    let (coefficients, proof) = taken_apart(&desk.read("new.jpg"));
    let plain = write_jpeg(&coefficients, &Profile::None);
    for (file, part) in [(plain.clone(), "lost the photo's colour profile"), (with(&plain, &profile("sRGB")), "calls itself \"sRGB\"")] {
        desk.write("new.jpg", embed(&file, &proof).expect("it fits"));
        let out = desk.zkimg(&verify).ends(1).out;
        assert!(out.contains("✗ colours") && out.contains(part), "{out}");
    }
}

/// A proof of pixels is none of a JPEG, and the reverse.
#[test]
fn a_proof_is_of_pixels_or_of_coefficients() {
    let desk = ready(&[]);
    desk.zkimg(&[&EDITS[..], &["--out", "edited.png"]].concat()).ends(0);
    let png = embedded(&desk.read("edited.png")).expect("a picture").expect("a proof");
    let (coefficients, _) = taken_apart(&desk.read("edited.jpg"));
    desk.write("edited.jpg", embed(&write_jpeg(&coefficients, &Profile::None), &png).expect("it fits"));
    assert!(desk.zkimg(&VERIFY).ends(1).out.contains("is a JPEG copy"));
}

#[test]
fn what_makes_no_jpeg_is_refused_in_one_sentence() {
    let desk = Desk::ready();
    let refused = |out: &str, more: &[&str], part: &str| {
        desk.refuses(&[&["prove", "photo.negative", "--edit", "crop=40x24+4+2", "--out", out][..], more].concat(), 2, part);
        if !more.contains(&"--hidden") {
            desk.refuses(&[&["edit", "photo.png", "--edit", "crop=40x24+4+2", "--out", out][..], more].concat(), 2, part);
        }
    };
    refused("new.png", &["--quality", "90"], "are of a JPEG");
    refused("new.gif", &[], "ends in .png, .webp or .jpg");
    refused("new", &[], "ends in .png, .webp or .jpg");
    refused("new.jpg", &["--quality", "0"], "1..=100");
    refused("new.jpg", &["--sampling", "411"], "420");
    refused("new", &["--hidden", "--quality", "90"], "no picture is written");
    let narrow = ["prove", "photo.negative", "--edit", "crop=4x9+0+0", "--out", "new.jpg"];
    desk.refuses(&narrow, 2, "sample them 4:4:4");
    desk.zkimg(&[&narrow[..], &["--sampling", "444"]].concat()).ends(0);
    // In a recipe it is the last, or none.
    let table = vec!["9"; 64].join(",");
    let jpeg = format!(r#"{{"op": "jpeg", "luma": [{table}], "colour": [{table}], "sampling": "4:2:2"}}"#);
    let recipe = |edits: &str| desk.write("r.json", format!(r#"{{"zkimg": 1, "edits": [{edits}]}}"#));
    let with = |out, more: &[&'static str]| [&["prove", "photo.negative", "--recipe", "r.json", "--out", out], more].concat();
    recipe(&format!(r#"{jpeg}, {{"op": "grayscale"}}"#));
    desk.refuses(&with("r.jpg", &[]), 2, "edit 1: jpeg is how the picture at the end is published");
    recipe(&jpeg);
    desk.refuses(&with("r.png", &[]), 2, "these edits end with a JPEG");
    desk.refuses(&with("r", &["--hidden"]), 2, "these edits end with a JPEG");
    desk.refuses(&with("r.jpg", &["--quality", "90"]), 2, "the recipe says how");
    desk.zkimg(&with("r.jpg", &[])).ends(0);
    desk.zkimg(&["verify", "r.jpg", "--trust", "camera.pub"]).ends(0);
    recipe(&format!(r#"{{"op": "grayscale"}}, {jpeg}"#));
    desk.refuses(&with("s.jpg", &[]), 2, "edit 2: jpeg has tables for a picture of 3 channels");
    desk.write("photo.png", photo(0));
}
