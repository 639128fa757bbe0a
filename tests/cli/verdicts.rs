//! What verification says: trusted 0, not valid 1, no proof 3, nobody's camera 5.

use crate::{Desk, PROVE, photo};
use zkimg_pipeline::{Picture, encode_png};

const VERIFY: [&str; 4] = ["verify", "edited.png", "--trust", "camera.pub"];

#[test]
fn one_changed_pixel_is_refused() {
    let desk = Desk::ready();
    desk.zkimg(&VERIFY).ends(0);
    let edited = Picture::decode(&desk.read("edited.png")).expect("a picture");
    let dims = *edited.dims();
    let mut cells = edited.into_cells();
    cells[100] ^= 1;
    desk.write("edited.png", encode_png(&Picture::new(dims, cells).expect("a picture")));
    let run = desk.zkimg(&VERIFY).ends(1);
    assert!(run.out.starts_with("NOT VALID") && run.out.contains("✗ picture"), "{}", run.out);
    let json = desk.zkimg(&[&VERIFY[..], &["--json"]].concat()).ends(1).json();
    assert_eq!(json["verdict"], "invalid");
}

#[test]
fn an_unknown_camera_is_not_trusted() {
    let desk = Desk::ready();
    let run = desk.zkimg(&["verify", "edited.png"]).ends(5);
    assert!(run.out.starts_with("VALID, BUT NOT TRUSTED") && run.out.contains("add --trust"), "{}", run.out);
    let sentence = "no trusted camera was named (--trust); trust the key that signed only if you know whose it is";
    assert!(run.out.contains(&format!("  ✗ device    {sentence}\n")), "{}", run.out);
    let json = desk.zkimg(&["verify", "edited.png", "--json"]).ends(5).json();
    let checks = serde_json::json!([
        {"name": "signature", "passed": true, "detail": "a device signed the capture of a 48×32 colour picture"},
        {"name": "device", "passed": false, "detail": sentence},
        {"name": "original", "passed": true, "detail": "the proof starts from the picture that was signed"},
        {"name": "picture", "passed": true, "detail": "all 40×24 colour pixels of the published picture are the ones the proof speaks of"},
        {"name": "colours", "passed": true, "detail": "the picture is shown as sRGB, as the photo is"},
        {"name": "edits", "passed": true, "detail": "the 2 stated edits and nothing else turned the original into this picture"},
    ]);
    assert_eq!(json["checks"], checks);
    desk.zkimg(&["keygen", "--out", "other.key"]).ends(0);
    let json = desk.zkimg(&["verify", "edited.png", "--trust", "other.pub", "--json"]).ends(5).json();
    assert_eq!((&json["verdict"], &json["ok"]), (&"unchecked".into(), &false.into()));
}

/// Behind the capture stands whatever an unknown camera's owner likes; a reader who trusts others does not look at it.
#[test]
fn of_an_unknown_cameras_file_nothing_is_read_but_the_capture() {
    let desk = Desk::ready();
    desk.zkimg(&["keygen", "--out", "other.key"]).ends(0);
    let mut file = desk.read("edited.zkimg");
    let capture = 12 + 4 + u32::from_le_bytes(file[12..16].try_into().expect("four bytes")) as usize;
    file.truncate(capture);
    file.extend([0xff; 5000]);
    desk.write("edited.zkimg", &file);
    let run = desk.zkimg(&["verify", "edited.png", "--trust", "other.pub"]).ends(5);
    assert!(run.out.starts_with("NOT TRUSTED") && run.out.contains("nothing else was checked"), "{}", run.out);
    desk.zkimg(&VERIFY).ends(3);
    // Without a signature that holds nobody is known at all.
    file[capture - 1] ^= 1;
    desk.write("edited.zkimg", &file);
    desk.zkimg(&["verify", "edited.png", "--trust", "other.pub"]).ends(1);
}

#[test]
fn the_proof_of_another_photo_or_other_edits_is_refused() {
    let desk = Desk::ready();
    desk.write("other.png", photo(9));
    desk.zkimg(&["attest", "other.png", "--key", "camera.key"]).ends(0);
    let mut words = PROVE;
    words[1] = "other.negative";
    words[7] = "stranger.png";
    desk.zkimg(&words).ends(0);
    desk.zkimg(&["verify", "edited.png", "stranger.zkimg", "--trust", "camera.pub"]).ends(1);
    desk.zkimg(&["verify", "photo.png", "edited.zkimg", "--trust", "camera.pub"]).ends(1);
}

#[test]
fn no_proof_and_no_readable_proof() {
    let desk = Desk::ready();
    desk.refuses(&["verify", "photo.png", "--trust", "camera.pub"], 3, "there is no proof for photo.png");
    desk.refuses(&["verify", "edited.png", "gone.zkimg", "--trust", "camera.pub"], 3, "gone.zkimg does not exist");
    let random: Vec<u8> = (0..5000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let proof = desk.read("edited.zkimg");
    let newer = [&proof[..8], &[99, 0], &proof[10..]].concat();
    let rows = 16 + desk.read("photo.capture").len();
    let no_point = [&proof[..rows], &[0xff; 32], &proof[rows + 32..]].concat();
    let cases: [(&[u8], &str); 6] = [
        (&no_point, "the proof file's list of row commitments is not valid"),
        (&random, "not a zkimg proof"),
        (b"", "not a zkimg proof"),
        (&proof[..proof.len() - 1], "cut short"),
        (&newer, "version 99"),
        (&photo(0), "not a zkimg proof"),
    ];
    for (bytes, part) in cases {
        desk.write("edited.zkimg", bytes);
        desk.refuses(&VERIFY, 3, part);
    }
}

#[test]
fn a_proof_alone_finds_its_picture_beside_it() {
    let desk = Desk::ready();
    let words = ["verify", "edited.zkimg", "--trust", "camera.pub"];
    let json = desk.zkimg(&[&words[..], &["--json"]].concat()).ends(0).json();
    assert_eq!((&json["picture"], &json["proof"]), (&"edited.png".into(), &"edited.zkimg".into()));
    assert!(desk.zkimg(&words).ends(0).out.starts_with("VERIFIED: edited.png is"));
    // It is that picture that is checked.
    std::fs::copy(desk.at("photo.png"), desk.at("edited.png")).expect("a copy");
    assert!(desk.zkimg(&words).ends(1).out.contains("✗ picture"));
    std::fs::remove_file(desk.at("edited.png")).expect("gone");
    desk.refuses(
        &words,
        2,
        "edited.zkimg: this is the proof of a published picture, and there is no edited.png beside it; give the picture, too",
    );
    std::fs::create_dir(desk.at("edited.png")).expect("a folder");
    desk.refuses(&words, 2, "give the picture, too");
    desk.zkimg(&[&PROVE[..7], &["again.PNG", "--sidecar"]].concat()).ends(0);
    assert!(desk.zkimg(&["verify", "again.zkimg", "--trust", "camera.pub"]).ends(0).out.starts_with("VERIFIED: again.PNG is"));
}

#[test]
fn a_second_key_behind_one_trust_is_no_picture_and_no_proof() {
    let desk = Desk::ready();
    desk.zkimg(&["keygen", "--out", "b.key"]).ends(0);
    for words in [
        &["verify", "edited.png", "--trust", "camera.pub", "b.pub"][..],
        &["verify", "--trust", "camera.pub", "b.pub", "edited.png"],
        &["verify", "--trust", "camera.pub", "b.pub"],
        &["verify", "edited.png", "--people", "camera.pub", "b.pub"],
    ] {
        desk.refuses(words, 2, "b.pub: this is a public key, and neither a picture nor a proof; repeat --trust");
    }
    desk.zkimg(&["verify", "edited.png", "--trust", "b.pub", "--trust", "camera.pub"]).ends(0);
}

#[cfg(unix)]
#[test]
fn a_picture_may_come_through_a_pipe() {
    let desk = Desk::ready();
    let run = std::process::Command::new("sh")
        .args(["-c", "cat edited.png | \"$0\" verify /dev/stdin edited.zkimg --trust camera.pub", env!("CARGO_BIN_EXE_zkimg")])
        .current_dir(desk.path())
        .output()
        .expect("a shell");
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
}

/// The rule is that of lists ([`zkimg_pipeline::key_list`]); here, that the tool keeps to it.
#[test]
fn a_key_that_is_commented_out_by_half_is_refused() {
    let desk = Desk::ready();
    desk.zkimg(&["keygen", "--out", "b.key"]).ends(0);
    let [camera, other] = ["camera.pub", "b.pub"].map(|name| String::from_utf8(desk.read(name)).expect("text"));
    desk.write("list.pub", format!("# revoked: {camera}{other}"));
    desk.refuses(&["verify", "edited.png", "--trust", "list.pub"], 3, "list.pub: line 2 is no comment");
    let commented: String = camera.lines().map(|line| format!("# {line}\r\n")).collect();
    desk.write("list.pub", format!("{commented}{other}"));
    desk.zkimg(&["verify", "edited.png", "--trust", "list.pub"]).ends(5);
    // A list that ends within a comment does not reach into the next one.
    desk.write("list.pub", format!("{other}# -----BEGIN PUBLIC KEY-----\n"));
    desk.write("camera.pub", format!("my camera\n{camera}"));
    desk.zkimg(&["verify", "edited.png", "--trust", "list.pub", "--trust", "camera.pub"]).ends(0);
}

#[test]
fn no_changed_byte_of_a_proof_passes() {
    let desk = Desk::ready();
    let proof = desk.read("edited.zkimg");
    for at in (0..12).map(|i| 5 + i * (proof.len() - 6) / 11) {
        let mut changed = proof.clone();
        changed[at] ^= 0x10;
        desk.write("edited.zkimg", changed);
        let run = desk.zkimg(&VERIFY);
        assert!(matches!(run.code, 1 | 3) && !run.err.contains("panicked"), "byte {at}: {} {}{}", run.code, run.out, run.err);
    }
}
