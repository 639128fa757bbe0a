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
    desk.zkimg(&["keygen", "--out", "other.key"]).ends(0);
    let json = desk.zkimg(&["verify", "edited.png", "--trust", "other.pub", "--json"]).ends(5).json();
    assert_eq!((&json["verdict"], &json["ok"]), (&"untrusted".into(), &false.into()));
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
    let newer = [&proof[..8], &[9, 0], &proof[10..]].concat();
    let cases: [(&[u8], &str); 5] =
        [(&random, "not a zkimg proof"), (b"", "not a zkimg proof"), (&proof[..proof.len() - 1], "cut short"), (&newer, "version 9"), (&photo(0), "not a zkimg proof")];
    for (bytes, part) in cases {
        desk.write("edited.zkimg", bytes);
        desk.refuses(&VERIFY, 3, part);
    }
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
