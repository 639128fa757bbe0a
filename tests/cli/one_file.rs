//! A published picture is one file: the proof is inside, once, and whatever else lies about must say the same.

use crate::{Desk, PROVE, photo};
use zkimg_pipeline::{Picture, ProofFile, embed, embedded, encode_png};

const VERIFY: [&str; 4] = ["verify", "one.png", "--trust", "camera.pub"];
const EDITS: [&str; 6] = ["prove", "photo.negative", "--edit", "crop=40x24+4+2", "--edit", "contrast=1.15"];

/// Words of `prove` that write one file.
fn prove(out: &'static str) -> Vec<&'static str> {
    [&EDITS[..], &["--out", out]].concat()
}

/// With one file, `one.png`, and nothing of it beside.
fn one() -> Desk {
    let desk = Desk::ready();
    desk.zkimg(&prove("one.png")).ends(0);
    for name in ["edited.png", "edited.zkimg"] {
        std::fs::remove_file(desk.at(name)).expect("gone");
    }
    desk
}

#[test]
fn one_file_is_published_and_checked_and_nothing_beside_it() {
    let desk = Desk::ready();
    let before = desk.files();
    let run = desk.zkimg(&prove("one.png")).ends(0);
    assert!(run.out.contains("with its proof inside") && run.out.contains("keep the negative"), "{}", run.out);
    assert_eq!(desk.files().len(), before.len() + 1);
    // Far from home, with nothing but the camera's key.
    let reader = Desk::empty();
    for name in ["one.png", "camera.pub"] {
        reader.write(name, desk.read(name));
    }
    let json = reader.zkimg(&[&VERIFY[..], &["--json"]].concat()).ends(0).json();
    assert_eq!((&json["picture"], &json["proof"]), (&"one.png".into(), &"one.png".into()));
    assert!(reader.zkimg(&VERIFY).ends(0).out.starts_with("VERIFIED: one.png is"));
    // It is the picture that has its proof beside it, and a proof inside.
    let inside = embedded(&desk.read("one.png")).expect("a picture").expect("a proof");
    assert!(ProofFile::from_bytes(&inside).is_ok());
    assert_eq!(desk.read("one.png").len(), desk.read("edited.png").len() + inside.len() + 12);
}

/// Two proofs of one picture that both hold, and differ in whose they are.
#[test]
fn of_two_proofs_that_differ_neither_counts() {
    let desk = one();
    desk.zkimg(&[&EDITS[..], &["--name", "Somebody else", "--out", "other.png", "--sidecar"]].concat()).ends(0);
    desk.zkimg(&["verify", "other.png", "--trust", "camera.pub"]).ends(0);
    let refused = |words: &[&str]| {
        let out = desk.zkimg(words).ends(1).out;
        assert!(out.starts_with("NOT VALID") && out.contains("✗ picture   the picture's file has another proof inside"), "{out}");
    };
    refused(&["verify", "one.png", "other.zkimg", "--trust", "camera.pub"]);
    // One that was not given, but lies where one would be.
    desk.write("one.zkimg", desk.read("other.zkimg"));
    refused(&VERIFY);
    refused(&["verify", "one.zkimg", "--trust", "camera.pub"]);
    // The same one is no contradiction.
    desk.zkimg(&["extract", "one.png", "--force"]).ends(0);
    desk.zkimg(&VERIFY).ends(0);
    desk.zkimg(&["verify", "one.zkimg", "--trust", "camera.pub"]).ends(0);
    std::fs::remove_file(desk.at("one.zkimg")).expect("gone");
    // Two inside: the second, and the same one twice.
    let plain = desk.read("other.png");
    let chunk = |proof: &[u8]| {
        let with = embed(&plain, proof).expect("it fits");
        let at = with.windows(4).position(|name| name == b"zkPF").expect("there") - 4;
        with[at..at + 12 + proof.len()].to_vec()
    };
    let (mine, other) = (embedded(&desk.read("one.png")).expect("a picture").expect("a proof"), desk.read("other.zkimg"));
    for (first, second) in [(&mine, &other), (&mine, &mine)] {
        desk.write("two.png", [&plain[..33], &chunk(first), &chunk(second), &plain[33..]].concat());
        desk.refuses(&["verify", "two.png", "--trust", "camera.pub"], 3, "there is a second one");
        let end = plain.len() - 12;
        desk.write("two.png", [&plain[..33], &chunk(first), &plain[33..end], &chunk(second), &plain[end..]].concat());
        desk.refuses(&["verify", "two.png", "--trust", "camera.pub"], 3, "it stands behind the pixels");
    }
}

#[test]
fn the_proof_of_another_picture_is_refused() {
    let desk = one();
    let inside = embedded(&desk.read("one.png")).expect("a picture").expect("a proof");
    let picture = Picture::decode(&desk.read("one.png")).expect("a picture");
    let mut cells = picture.cells().to_vec();
    cells[100] ^= 1;
    let other = encode_png(&Picture::new(*picture.dims(), cells).expect("a picture"));
    for file in [&other, &photo(0)] {
        desk.write("one.png", embed(file, &inside).expect("it fits"));
        assert!(desk.zkimg(&VERIFY).ends(1).out.contains("✗ picture"));
    }
    // What is no proof at all.
    desk.write("one.png", embed(&other, b"zkimgprf and no more").expect("it fits"));
    desk.refuses(&VERIFY, 3, "version");
    desk.write("one.png", embed(&other, &inside[..inside.len() - 1]).expect("it fits"));
    desk.refuses(&VERIFY, 3, "cut short");
    // And embedding looks first.
    desk.write("other.png", &other);
    desk.write("proof.zkimg", &inside);
    desk.refuses(
        &["embed", "other.png", "proof.zkimg", "--out", "new.png"],
        1,
        "other.png is not the picture of proof.zkimg: the picture has other pixels",
    );
}

/// The same as of a proof in a file of its own.
#[test]
fn of_an_unknown_cameras_picture_nothing_is_read_but_the_capture() {
    let desk = one();
    desk.zkimg(&["keygen", "--out", "other.key"]).ends(0);
    let picture = Picture::decode(&desk.read("one.png")).expect("a picture");
    let mut proof = embedded(&desk.read("one.png")).expect("a picture").expect("a proof");
    let capture = 12 + 4 + u32::from_le_bytes(proof[12..16].try_into().expect("four bytes")) as usize;
    proof.truncate(capture);
    proof.extend([0xff; 5000]);
    desk.write("one.png", embed(&encode_png(&picture), &proof).expect("it fits"));
    let run = desk.zkimg(&["verify", "one.png", "--trust", "other.pub"]).ends(5);
    assert!(run.out.starts_with("NOT TRUSTED") && run.out.contains("nothing else was checked"), "{}", run.out);
    desk.refuses(&VERIFY, 3, "not valid");
}

#[test]
fn a_proof_is_taken_out_and_put_in_again() {
    let desk = one();
    desk.zkimg(&["extract", "one.png"]).ends(0);
    let proof = desk.read("one.zkimg");
    assert_eq!(Some(&proof), embedded(&desk.read("one.png")).expect("a picture").as_ref());
    // A site has taken it out: the picture is checked with the file, or made whole again.
    let stripped = encode_png(&Picture::decode(&desk.read("one.png")).expect("a picture"));
    desk.write("stripped.png", &stripped);
    desk.refuses(&["verify", "stripped.png", "--trust", "camera.pub"], 3, "there is no proof for stripped.png: it has none inside");
    desk.refuses(&["extract", "stripped.png"], 3, "there is no proof inside this picture");
    desk.refuses(&["inspect", "stripped.png"], 3, "this picture has no proof inside");
    desk.zkimg(&["verify", "stripped.png", "one.zkimg", "--trust", "camera.pub"]).ends(0);
    desk.zkimg(&["embed", "stripped.png", "one.zkimg", "--out", "again.png"]).ends(0);
    assert_eq!(desk.read("again.png"), desk.read("one.png"));
    desk.refuses(&["embed", "one.png", "one.zkimg", "--out", "new.png"], 3, "has a proof inside already");
    desk.refuses(&["embed", "stripped.png", "photo.png", "--out", "new.png"], 3, "not a zkimg proof");
    desk.refuses(&["extract", "one.png"], 6, "one.zkimg: the file exists already");
    desk.refuses(&["extract", "gone.png"], 4, "there is no file");
}

/// Else readers would be told of two proofs that differ.
#[test]
fn a_file_where_a_proof_would_be_is_in_the_way() {
    let desk = Desk::ready();
    let words = [&prove("edited.png")[..], &["--force"]].concat();
    desk.refuses(&words, 6, "edited.zkimg: readers would take this file for the proof of the picture beside it");
    std::fs::remove_file(desk.at("edited.zkimg")).expect("gone");
    desk.zkimg(&words).ends(0);
    desk.zkimg(&["verify", "edited.png", "--trust", "camera.pub"]).ends(0);
    desk.refuses(&["prove", "photo.negative", "--edit", "grayscale", "--hidden", "--sidecar", "--out", "x"], 2, "cannot be used with");
    assert_eq!(desk.zkimg(&[&PROVE[..], &["--force", "--json"]].concat()).ends(0).json()["proof"], "edited.zkimg");
}

/// A picture may have much around it before the proof, and the proof may be long.
#[test]
fn a_proof_behind_megabytes_of_text_is_found_and_behind_more_it_is_not() {
    let desk = one();
    let file = desk.read("one.png");
    let text = |megabytes: usize| {
        let body = [b"tEXt".to_vec(), b"Comment\0".to_vec(), vec![b'x'; megabytes << 20]].concat();
        let mut crc = flate2::Crc::new();
        crc.update(&body);
        [&(body.len() as u32 - 4).to_be_bytes()[..], &body, &crc.sum().to_be_bytes()].concat()
    };
    desk.write("one.png", [&file[..33], &text(7), &file[33..]].concat());
    desk.zkimg(&VERIFY).ends(0);
    desk.write("one.png", [&file[..33], &text(60), &file[33..]].concat());
    desk.refuses(&VERIFY, 3, "there is no proof for one.png");
}
