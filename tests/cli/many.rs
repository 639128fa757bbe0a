//! `zkimg verify` of many files.

use crate::{Desk, PROVE, Run, photo};
use serde_json::Value;
use std::fs;
use std::sync::LazyLock;
use zkimg_pipeline::{Picture, encode_png};

/// `edited.png` with its proof beside it, `inside.png` with its proof inside, `changed.png` with one pixel changed and a proof beside it,
/// and `stranger.png` of another camera.
static READY: LazyLock<Desk> = LazyLock::new(|| {
    let desk = Desk::ready();
    desk.zkimg(&[&PROVE[..7], &["inside.png"]].concat()).ends(0);
    let edited = Picture::decode(&desk.read("edited.png")).expect("a picture");
    let (dims, mut cells) = (*edited.dims(), edited.into_cells());
    cells[100] ^= 1;
    desk.write("changed.png", encode_png(&Picture::new(dims, cells).expect("a picture")));
    desk.write("changed.zkimg", desk.read("edited.zkimg"));
    desk.zkimg(&["keygen", "--out", "other.key"]).ends(0);
    desk.write("other.png", photo(3));
    desk.zkimg(&["attest", "other.png", "--key", "other.key"]).ends(0);
    desk.zkimg(&["prove", "other.negative", "--edit", "flip=vertical", "--out", "stranger.png"]).ends(0);
    desk.write("text.png", "no picture");
    desk
});

/// The objects of a run with `--json`: one a file, and that for all.
#[track_caller]
fn objects(run: &Run) -> (Vec<Value>, Value) {
    let mut all: Vec<Value> = run.out.lines().map(crate::schema::object).collect();
    let last = all.pop().expect("one for all");
    assert_eq!((&last["exit_code"], &last["ok"]), (&run.code.into(), &(run.code == 0).into()));
    assert_eq!(last["files"], all.len());
    (all, last)
}

#[test]
fn each_file_has_a_line_and_the_worst_decides() {
    let desk = Desk::copy_of(&READY);
    let files = ["edited.png", "inside.png", "changed.png", "stranger.png", "text.png", "gone.png"];
    let words = [&["verify"][..], &files, &["--trust", "camera.pub"]].concat();
    let run = desk.zkimg(&words).ends(1);
    assert_eq!(run.err, "");
    let lines: Vec<&str> = run.out.lines().collect();
    let expected = [
        "VERIFIED: edited.png is an edited picture from a camera you trust.",
        "VERIFIED: inside.png is an edited picture from a camera you trust.",
        "NOT VALID: do not take changed.png for what it claims to be: the picture has other pixels than the one this proof was made for",
        "NOT TRUSTED: the camera of stranger.png is not one you trust, so nothing else was checked.",
        "NOT CHECKED: text.png: the file is not a picture",
        "NOT CHECKED: there is no file gone.png",
        "6 files: 2 verified, 1 not trusted, 1 not valid, 2 not checked.",
    ];
    assert_eq!(lines.len(), expected.len(), "{}", run.out);
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line:?} is not {expected:?}");
    }
    let run = desk.zkimg(&[&words[..], &["--json"]].concat()).ends(1);
    let (each, all) = objects(&run);
    let of = |name: &str| each.iter().map(|object| object[name].clone()).collect::<Vec<Value>>();
    assert_eq!(of("file"), files.map(Value::from));
    assert_eq!(of("exit_code"), [0, 0, 1, 5, 3, 4].map(Value::from));
    assert_eq!(of("verdict")[..4], ["trusted", "trusted", "invalid", "unchecked"].map(Value::from));
    assert_eq!((&each[4]["error"]["kind"], &each[1]["links"][0]["edits"][0]["op"]), (&"unsupported".into(), &"crop".into()));
    let counts = ["verified", "not_trusted", "not_valid", "not_checked"].map(|name| all[name].as_u64().expect("a number"));
    assert_eq!(counts, [2, 1, 1, 2]);
    // Each object is what the file has by itself.
    let mut alone = desk.zkimg(&["verify", "inside.png", "--trust", "camera.pub", "--json"]).ends(0).json();
    alone["file"] = "inside.png".into();
    assert_eq!(each[1], alone);
    for (files, code) in [
        (&["edited.png", "inside.png"][..], 0),
        (&["edited.png", "stranger.png"], 5),
        (&["edited.png", "stranger.png", "text.png"], 3),
        (&["text.png", "gone.png", "stranger.png"], 4),
        (&["gone.png", "changed.png", "edited.png"], 1),
    ] {
        desk.zkimg(&[&["verify"], files, &["--trust", "camera.pub"]].concat()).ends(code);
    }
}

#[test]
fn which_files_belong_together() {
    let desk = Desk::copy_of(&READY);
    let verify = |files: &[&str]| desk.zkimg(&[&["verify"], files, &["--trust", "camera.pub", "--json"]].concat());
    let named = |files: &[&str]| objects(&verify(files)).0.iter().map(|object| object["file"].clone()).collect::<Vec<Value>>();
    // A picture and its proof, by whatever names.
    desk.write("p.zkimg", desk.read("edited.zkimg"));
    assert_eq!(verify(&["edited.png", "p.zkimg"]).ends(0).json()["proof"], "p.zkimg");
    assert_eq!(verify(&["changed.png", "p.zkimg"]).ends(1).json()["verdict"], "invalid");
    desk.write("p.bin", "no proof");
    assert_eq!(verify(&["edited.png", "p.bin"]).ends(3).json()["error"]["kind"], "unsupported");
    // Two pictures, and two proofs, are two files; a sidecar is looked at with its picture, in whatever order and by whatever path.
    assert_eq!(named(&["edited.png", "inside.png"]), ["edited.png", "inside.png"]);
    assert_eq!(named(&["edited.png", "changed.png", "changed.zkimg", "edited.zkimg"]), ["edited.png", "changed.png"]);
    assert_eq!(named(&["./edited.zkimg", "edited.png"]), ["edited.png"]);
    assert_eq!(named(&["edited.zkimg", "changed.zkimg"]), ["edited.zkimg", "changed.zkimg"]);
    // It does not pass for the proof of the picture before it.
    let run = verify(&["changed.png", "inside.png", "p.zkimg"]).ends(1);
    let each = objects(&run).0;
    assert_eq!((&each[1]["verdict"], &each[2]["error"]["kind"]), (&"trusted".into(), &"usage".into()));
    // Scripts may ask for that with fewer files, too.
    assert_eq!(named(&["inside.png", "--each"]), ["inside.png"]);
    assert_eq!(named(&["edited.png", "p.zkimg", "--each"]), ["edited.png", "p.zkimg"]);
    let page = ["verify", "edited.png", "inside.png", "--report", "out.html", "--trust", "camera.pub"];
    desk.refuses(&page, 2, "a --report is about one picture");
}

/// A name beside it does not keep a proof from being looked at.
#[test]
fn every_file_that_is_given_has_a_line_or_a_picture_that_has() {
    let desk = Desk::copy_of(&READY);
    let named = |files: &[&str], code| {
        let run = desk.zkimg(&[&["verify"], files, &["--each", "--trust", "camera.pub", "--json"]].concat()).ends(code);
        objects(&run).0.iter().map(|object| object["file"].clone()).collect::<Vec<Value>>()
    };
    for other in ["edited.txt", "edited.ans", "edited.capture"] {
        desk.write(other, "no picture");
        assert_eq!(named(&[other, "edited.zkimg"], 3), [other, "edited.zkimg"]);
    }
    desk.write("text.zkimg", desk.read("edited.zkimg"));
    assert_eq!(named(&["text.png", "text.zkimg", "edited.png", "edited.zkimg"], 3), ["text.png", "text.zkimg", "edited.png"]);
    desk.write("gone.zkimg", desk.read("edited.zkimg"));
    assert_eq!(named(&["gone.png", "gone.zkimg"], 4), ["gone.png", "gone.zkimg"]);
    // Of two pictures it is not known whose it is.
    desk.write("edited.webp", desk.read("changed.png"));
    assert_eq!(named(&["edited.png", "edited.webp", "edited.zkimg"], 1), ["edited.png", "edited.webp", "edited.zkimg"]);
    // The same picture twice is one.
    assert_eq!(named(&["edited.png", "./edited.png", "edited.zkimg"], 0), ["edited.png", "./edited.png"]);
}

#[test]
fn more_files_than_are_looked_at_together() {
    let desk = Desk::copy_of(&READY);
    let names: Vec<String> = (0..35).map(|i| format!("{i}.png")).collect();
    for (i, name) in names.iter().enumerate() {
        fs::copy(desk.at(if i == 17 { "stranger.png" } else { "inside.png" }), desk.at(name)).expect("a copy");
    }
    let files: Vec<&str> = names.iter().map(String::as_str).collect();
    let run = desk.zkimg(&[&["verify"], &files[..], &["--trust", "camera.pub", "--trust", "other.pub", "--json"]].concat()).ends(0);
    let (each, _) = objects(&run);
    assert!(each.iter().zip(&files).all(|(object, file)| object["file"] == *file && object["verdict"] == "trusted"));
    let devices: Vec<bool> = each.iter().map(|object| object["device"] == each[0]["device"]).collect();
    assert!(devices.iter().enumerate().all(|(i, same)| *same == (i != 17)));
}

/// A reader sees a line when it is known: also if the last file never ends.
#[cfg(unix)]
#[test]
fn a_file_that_blocks_keeps_no_line_of_others_back() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let desk = Desk::copy_of(&READY);
    assert!(std::process::Command::new("mkfifo").arg(desk.at("pipe")).status().expect("mkfifo runs").success());
    let names: Vec<String> = (0..16).map(|i| format!("{i}.png")).collect();
    for name in &names {
        fs::copy(desk.at("inside.png"), desk.at(name)).expect("a copy");
    }
    let files: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut command = desk.command(&[&["verify"], &files[..], &["pipe", "--trust", "camera.pub"]].concat());
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let first: Vec<String> = lines.by_ref().take(16).map(|line| line.expect("text")).collect();
    assert!(first.iter().all(|line| line.starts_with("VERIFIED")), "{first:?}");
    fs::write(desk.at("pipe"), desk.read("edited.png")).expect("the pipe is read");
    let rest: Vec<String> = lines.map(|line| line.expect("text")).collect();
    assert!(rest[0].starts_with("NOT CHECKED") && rest[1] == "17 files: 16 verified, 1 not checked.", "{rest:?}");
    assert_eq!(child.wait().expect("it ends").code(), Some(3));
}
