//! What is refused, each with one sentence, the right exit code, and no trace on the disk.

use crate::{Desk, photo};
use std::fs;

const JPEG: &[u8] = include_bytes!("../../samples/street.jpg");

/// The beginning of a PNG of some size: signature and header, with the header's CRC-32.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let header = [&b"IHDR"[..], &width.to_be_bytes(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let crc = !header
        .iter()
        .fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xEDB8_8320 } else { c >> 1 }));
    [&b"\x89PNG\r\n\x1a\n"[..], &13u32.to_be_bytes(), &header, &crc.to_be_bytes(), &photo(0)[33..]].concat()
}

#[test]
fn pictures_that_are_none() {
    let desk = Desk::ready();
    fs::create_dir(desk.at("folder")).expect("a folder");
    desk.write("cut.jpg", &JPEG[..JPEG.len() / 2]);
    desk.write("cut.png", &photo(0)[..60]);
    desk.write("text.png", "This is a text file.");
    desk.write("empty.jpg", "");
    desk.write("wide.png", png_header(70_000, 10));
    let cases = [
        ("cut.jpg", 3, "cut short"),
        ("cut.png", 3, "cut short"),
        ("text.png", 3, "not a picture"),
        ("empty.jpg", 3, "is empty"),
        ("wide.png", 3, "70000 × 10"),
        ("camera.key", 3, "not a picture"),
        ("photo.negative", 3, "not a picture"),
        ("folder", 4, "this is a folder"),
        ("gone.jpg", 4, "there is no file gone.jpg"),
        ("camera.key/x.jpg", 4, "cannot read camera.key/x.jpg"),
    ];
    for (name, code, part) in cases {
        desk.refuses(&["attest", name, "--key", "camera.key", "--out", "new"], code, part);
        desk.refuses(&["edit", name, "--edit", "flip=horizontal", "--out", "new.png"], code, part);
        desk.refuses(&["verify", name, "edited.zkimg", "--trust", "camera.pub"], code, part);
    }
    assert!(desk.zkimg(&["attest", "gone\n1.jpg", "--key", "camera.key"]).ends(4).err.contains("gone\\n1.jpg"), "a name stays on its line");
}

/// What strangers choose does not turn or hide the words around it: paths, words of the command line, edits.
#[test]
fn hidden_characters_are_written_out() {
    let desk = Desk::ready();
    desk.refuses(&["inspect", "gone\u{202e}gpj.exe"], 4, "gone\\u{202e}gpj.exe");
    desk.refuses(&["edit", "photo.png", "--edit", "crop\u{2066}=1", "--out", "new.png"], 2, "crop\\u{2066}");
    desk.refuses(&["edit", "photo.png", "--edit", "flip=\u{3164}", "--out", "new.png"], 2, "\\u{3164}");
    desk.refuses(&["verify", "--\u{202e}tsurt"], 2, "\\u{202e}");
    desk.write("\u{202e}gnp.png", photo(0));
    let run = desk.zkimg(&["edit", "\u{202e}gnp.png", "--edit", "flip=horizontal", "--out", "a\u{2067}b.png"]).ends(0);
    assert!(run.out.starts_with("Wrote a\\u{2067}b.png (48 × 32"), "{}", run.out);
    desk.refuses(
        &["prove", "photo.negative", "--edit", "flip=horizontal", "--out", "new.png", "--name", "Anna\u{a0}Roth"],
        2,
        "the white space U+00A0",
    );
    desk.refuses(
        &["prove", "photo.negative", "--edit", "flip=horizontal", "--out", "new.png", "--name", "\u{3164}"],
        2,
        "name has a control character or one that is invisible",
    );
}

#[cfg(unix)]
#[test]
fn words_that_are_no_text_are_refused_like_others() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::ready();
    let mut command = desk.command(&["--json"]);
    let run = crate::Run::of(command.arg(std::ffi::OsStr::from_bytes(b"verif\xff")).output().expect("it runs")).ends(2);
    assert_eq!(run.json()["error"]["kind"], "usage");
}

#[test]
fn keys_of_the_wrong_kind() {
    let desk = Desk::ready();
    desk.write("text.key", "not a key");
    desk.write("bytes.key", [0xFF, 0xFE, 0x00]);
    desk.write("empty.pub", "");
    desk.write("huge.pub", vec![b'x'; 33 << 20]);
    let attest = |key: &str, code, part: &str| desk.refuses(&["attest", "photo.png", "--key", key, "--out", "new"], code, part);
    attest("camera.pub", 3, "camera.pub: this is a public key");
    attest("text.key", 3, "text.key: ");
    attest("bytes.key", 3, "not a private key");
    attest("photo.png", 3, "not a private key");
    attest("gone.key", 4, "there is no file gone.key");
    let trust = |key: &str, code, part: &str| desk.refuses(&["verify", "edited.png", "--trust", "camera.pub", "--trust", key], code, part);
    trust("camera.key", 3, "belongs to the camera alone");
    trust("text.key", 3, "holds no public key");
    trust("empty.pub", 3, "holds no public key");
    trust("bytes.key", 3, "not a public key");
    trust("huge.pub", 3, "longer than");
    trust("gone.pub", 4, "there is no file gone.pub");
    let people = |key: &str, code, part: &str| desk.refuses(&["verify", "edited.png", "--people", key], code, part);
    people("camera.key", 3, "belongs to its owner alone");
    people("text.key", 3, "not one public key");
    people("gone.pub", 4, "there is no file gone.pub");
    desk.refuses(&["inspect", "camera.key"], 3, "private key");
    attest("camera.pub", 3, "give the private one (.key)");
    let public = String::from_utf8(desk.read("camera.pub")).expect("text");
    desk.write("open.pub", public.replace("-----END PUBLIC KEY-----", ""));
    trust("open.pub", 3, "the public key that begins on line 1 has no END PUBLIC KEY line of its own; add it");
    desk.refuses(&["inspect", "open.pub"], 3, "has no END PUBLIC KEY line of its own");
}

#[test]
fn negatives_that_are_none() {
    let desk = Desk::ready();
    let negative = desk.read("photo.negative");
    let mut changed = negative.clone();
    changed[700] ^= 1;
    let cases: [(&[u8], &str); 5] = [
        (b"", "empty"),
        (&negative[..negative.len() / 2], "cut short"),
        (&changed, "damaged"),
        (b"some text", "not a negative"),
        (&photo(0), "not a negative"),
    ];
    for (bytes, part) in cases {
        desk.write("bad.negative", bytes);
        desk.refuses(&["prove", "bad.negative", "--edit", "flip=horizontal", "--out", "new.png"], 3, part);
    }
    desk.write("unknown.bin", "some text");
    desk.refuses(&["inspect", "unknown.bin"], 3, "not a file of zkimg");
    desk.refuses(&["inspect", "bad.negative"], 3, "this picture has no proof inside");
    desk.refuses(&["inspect", "gone.zkimg"], 4, "there is no file");
}

/// Of an overlay's file the same is said as of a photo's.
#[test]
fn overlays_that_are_none() {
    let desk = Desk::ready();
    desk.write("street.jpg", JPEG);
    desk.write("text.png", "This is a text file.");
    desk.write("empty.png", "");
    fs::create_dir(desk.at("folder.png")).expect("a folder");
    let cases = [
        ("gone.png", 4, "zkimg: there is no file gone.png; check the name and the folder\n"),
        ("folder.png", 4, "folder.png: this is a folder; give a file"),
        ("street.jpg", 3, "it is a JPEG file, and overlays are PNG files; save it as PNG"),
        ("text.png", 3, "it is no PNG file, and overlays are PNG files; save it as PNG"),
        ("empty.png", 3, "it is empty; overlays are PNG files"),
    ];
    for (name, code, part) in cases {
        let word = format!("overlay={name}+0+0");
        desk.refuses(
            &["prove", "photo.negative", "--edit", &word, "--out", "new.png"],
            code,
            part.trim_start_matches("zkimg: ").trim_end(),
        );
        desk.write("r.json", format!(r#"{{"zkimg": 1, "edits": [{{"op": "overlay", "image": "{name}", "x": 0, "y": 0}}]}}"#));
        let run = desk.zkimg(&["edit", "photo.png", "--recipe", "r.json", "--out", "new.png"]).ends(code);
        assert!(run.err.contains(part), "{}", run.err);
    }
}

/// Not one byte more is read than any overlay has.
#[test]
fn overlays_that_are_too_long() {
    let desk = Desk::ready();
    fs::File::create(desk.at("long.png")).and_then(|file| file.set_len(1 << 30)).expect("a sparse file");
    let run = desk.zkimg(&["edit", "photo.png", "--edit", "overlay=long.png+0+0", "--out", "new.png"]).ends(3);
    let said = "zkimg: long.png: the file is longer than 159383552 bytes, which is more than any overlay's; give a smaller picture\n";
    assert_eq!(run.err, said);
}

#[test]
fn other_files_of_zkimg_are_no_picture() {
    let desk = Desk::ready();
    desk.refuses(&["verify", "photo.negative"], 3, "this is a negative, which is secret, and not a picture");
    desk.refuses(&["verify", "photo.capture", "edited.zkimg"], 3, "this is a capture, which was signed of a photo, and not a picture");
}

#[test]
fn edits_that_make_no_sense() {
    let desk = Desk::ready();
    let cases = [
        ("crop=40x24+20+20", "crop"),
        ("crop=0x0+0+0", "crop"),
        ("crop=99999999999999999999x1+0+0", "crop"),
        ("contrast=abc", "abc"),
        ("contrast=-1", "-1"),
        ("contrast=1e400", "1e400"),
        ("contrast=", "contrast"),
        ("contrats=1.15", "did you mean \"contrast\""),
        ("flip=sideways", "sideways"),
        ("", "no edit"),
    ];
    for (edit, part) in cases {
        desk.refuses(&["edit", "photo.png", "--edit", edit, "--out", "new.png"], 2, part);
        desk.refuses(&["prove", "photo.negative", "--edit", edit, "--out", "new.png"], 2, part);
    }
    desk.refuses(&["edit", "photo.png", "--edit", "flip=horizontal", "--edit", "contrast=abc", "--out", "new.png"], 2, "edit 2");
    let many = [&["edit", "photo.png", "--out", "new.png"][..], &["--edit", "flip=horizontal"].repeat(33)].concat();
    desk.refuses(&many, 2, "at most 32 edits");
}

#[test]
fn recipes_that_are_none() {
    let desk = Desk::ready();
    let cases = [
        ("{", "; `zkimg prove --help` shows one"),
        ("[]", "r.json"),
        (r#"{"zkimg": 2, "edits": []}"#, "r.json"),
        (r#"{"zkimg": 1, "edits": [{"op": "crop"}]}"#, "crop"),
        (r#"{"zkimg": 1, "edits": [{"op": "contrast", "factor": "1", "factor": "2"}]}"#, "r.json"),
        (r#"{"zkimg": 1, "edits": [{"op": "crop", "x": 40, "y": 0, "width": 40, "height": 1}]}"#, "r.json"),
    ];
    for (text, part) in cases {
        desk.write("r.json", text);
        desk.refuses(&["edit", "photo.png", "--recipe", "r.json", "--out", "new.png"], 2, part);
    }
    desk.refuses(&["edit", "photo.png", "--recipe", "photo.png", "--out", "new.png"], 3, "not a recipe");
    desk.write("r.json", "{");
    desk.refuses(&["edit", "photo.png", "--recipe", "r.json", "--out", "new.png"], 2, "; `zkimg prove --help` shows one");
    // The same is said of a text in a proof file.
    let mut file = desk.read("edited.zkimg");
    let at = file.windows(8).position(|window| window == b"{\"edits\"").expect("the edits");
    file[at] = b'[';
    desk.write("edited.zkimg", &file);
    for words in [&["verify", "edited.png", "--trust", "camera.pub"][..], &["inspect", "edited.zkimg"]] {
        desk.refuses(words, 3, "; `zkimg prove --help` shows one");
    }
}

#[test]
fn command_lines_that_are_wrong() {
    let desk = Desk::ready();
    desk.refuses(&["verfy", "edited.png"], 2, "verify");
    desk.refuses(&["verify"], 2, "zkimg verify --help");
    desk.refuses(&["attest", "photo.png"], 2, "--key");
    desk.refuses(&["prove", "photo.negative", "--out", "new.png"], 2, "--edit");
    desk.refuses(&["prove", "photo.negative", "--edit", "grayscale", "--recipe", "r.json", "--out", "new.png"], 2, "cannot be used with");
    desk.refuses(&["edits", "nothing"], 2, "zkimg edits");
    desk.refuses(&["completions", "dos"], 2, "dos");
    desk.refuses(&["keygen", "--colour"], 2, "--colour");
    // Whatever is wrong, the help is that of the verb.
    for verb in [
        "keygen",
        "attest",
        "prove",
        "verify",
        "embed",
        "extract",
        "model",
        "infer",
        "inspect",
        "edit",
        "edits",
        "demo",
        "completions",
        "batch",
        "man",
    ] {
        desk.refuses(&[verb, "--colour"], 2, &format!("see `zkimg {verb} --help`"));
    }
    let missing = [
        ["keygen", "--out"],
        ["attest", "--key"],
        ["prove", "--edit"],
        ["prove", "--out"],
        ["verify", "--trust"],
        ["verify", "--people"],
        ["edit", "--recipe"],
        ["demo", "--dir"],
    ];
    for [verb, option] in missing {
        desk.refuses(&[verb, option], 2, &format!("but none was supplied; see `zkimg {verb} --help`"));
    }
    desk.refuses(&["prove", "x", "--edit"], 2, "see `zkimg prove --help`");
    desk.refuses(&["completions", "dos"], 2, "see `zkimg completions --help`");
    desk.refuses(&["verfy", "edited.png"], 2, "see `zkimg --help`");
    let run = desk.zkimg(&["--json", "prove", "x", "--edit"]).ends(2).json();
    assert_eq!(run["command"], "prove");
    assert!(run["error"]["message"].as_str().is_some_and(|message| message.ends_with("see `zkimg prove --help`")), "{run}");
    assert!(desk.zkimg(&[]).ends(2).err.contains("Usage"), "the help");
    assert_eq!(desk.zkimg(&["--json"]).ends(2).json()["error"]["kind"], "usage");
}
