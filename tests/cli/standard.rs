//! `-`, for standard input and output.

use crate::{Desk, PROVE, Run, photo};
use std::io::Write;
use std::process::{Output, Stdio};
use zkimg_pipeline::{Dims, Picture, encode_png};

/// Runs the program with something on its standard input.
fn given(desk: &Desk, words: &[&str], input: &[u8]) -> Output {
    let mut command = desk.command(words);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut stdin = child.stdin.take().expect("its input");
    let input = input.to_vec();
    // It need not read all.
    let writing = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("it ends");
    writing.join().expect("a thread");
    output
}

fn run(desk: &Desk, words: &[&str], input: &[u8]) -> Run {
    Run::of(given(desk, words, input))
}

/// With a picture that has its proof inside, and a chain whose picture is hidden.
fn ready() -> Desk {
    let desk = Desk::ready();
    desk.zkimg(&[&PROVE[..7], &["inside.png"]].concat()).ends(0);
    desk.zkimg(&["prove", "photo.negative", "--edit", "flip=vertical", "--hidden", "--out", "desk"]).ends(0);
    desk
}

#[test]
fn files_are_read_from_standard_input() {
    let desk = ready();
    let trust = ["--trust", "camera.pub"];
    let verify = |words: &[&str], input: &str| run(&desk, &[&["verify"], words, &trust].concat(), &desk.read(input));
    assert!(verify(&["-"], "inside.png").ends(0).out.starts_with("VERIFIED: - is an edited picture"));
    assert!(verify(&["-"], "desk.zkimg").ends(0).out.starts_with("VERIFIED: - hands on a hidden picture"));
    verify(&["-", "edited.zkimg"], "edited.png").ends(0);
    verify(&["edited.png", "-"], "edited.zkimg").ends(0);
    verify(&["photo.png", "-"], "edited.zkimg").ends(1);
    assert!(verify(&["-"], "edited.png").ends(3).err.contains("zkimg: -: there is no proof inside this picture"));
    assert!(verify(&["-"], "edited.zkimg").ends(2).err.contains("give the picture, too"));
    assert!(verify(&["-"], "photo.negative").ends(3).err.contains("not a picture"));
    assert!(run(&desk, &["verify", "inside.png", "--trust", "-"], &desk.read("camera.pub")).ends(0).out.starts_with("VERIFIED"));
    assert!(
        run(&desk, &["verify", "-", "--trust", "-"], &desk.read("camera.pub")).ends(2).err.contains("standard input can be read only once")
    );
    // What lies beside a file of that name is not what is meant.
    desk.write("-", desk.read("photo.png"));
    desk.write("-.zkimg", "no proof");
    verify(&["-"], "inside.png").ends(0);
    assert!(verify(&["./-"], "inside.png").ends(3).err.contains("not a zkimg proof"));

    // A long one, which does not say how long it is.
    let mut state = 1u32;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    let cells = (0..3 * 300 * 200).map(|_| noise()).collect();
    let long = encode_png(&Picture::new(Dims { channels: 3, height: 200, width: 300 }, cells).expect("a picture"));
    assert!(long.len() > 2 << 16, "{}", long.len());
    run(&desk, &["attest", "-", "--key", "camera.key", "--out", "piped"], &long).ends(0);
    let negative = desk.read("piped.negative");
    run(&desk, &["prove", "-", "--edit", "crop=8x8+1+1", "--out", "piped.png"], &negative).ends(0);
    desk.zkimg(&["verify", "piped.png", "--trust", "camera.pub"]).ends(0);
    let recipe = br#"{"zkimg": 1, "edits": [{"op": "flip", "axis": "horizontal"}]}"#;
    run(&desk, &["edit", "photo.png", "--recipe", "-", "--out", "flipped.png"], recipe).ends(0);
    assert!(run(&desk, &["inspect", "-"], &negative).ends(0).out.contains("share it with nobody"));
    let refused = run(&desk, &["attest", "-", "--key", "camera.key"], &photo(0)).ends(2);
    assert!(refused.err.contains("give a name (--out)"), "{}", refused.err);
    assert!(run(&desk, &["extract", "-"], &desk.read("inside.png")).ends(2).err.contains("give a name (--out)"));
}

#[test]
fn one_public_file_goes_to_standard_output() {
    let desk = ready();
    let mut words = PROVE[..7].to_vec();
    words.push("-");
    let output = given(&desk, &words, b"");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    // Nothing but the file, and what there is to say beside it.
    assert!(output.stdout.starts_with(b"\x89PNG") && output.stdout.ends_with(b"IEND\xaeB`\x82"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Wrote - (40 × 24 pixels, colour) with its proof inside"));
    assert!(run(&desk, &["verify", "-", "--trust", "camera.pub"], &output.stdout).ends(0).out.starts_with("VERIFIED"));
    let proof = given(&desk, &["extract", "-", "--out", "-"], &output.stdout).stdout;
    assert!(proof.starts_with(b"zkimgprf"));
    let edited = given(&desk, &["edit", "photo.png", "--edit", "crop=40x24+4+2", "--edit", "contrast=1.15", "--out", "-"], b"").stdout;
    desk.write("-copy.png", edited);
    assert_eq!(run(&desk, &["verify", "./-copy.png", "-", "--trust", "camera.pub"], &proof).ends(0).code, 0);
    assert!(!desk.at("-").exists());
}

#[test]
fn what_is_secret_or_would_be_mixed_is_refused() {
    let desk = ready();
    desk.refuses(&["keygen", "--out", "-"], 2, "what is secret is never written to standard output");
    desk.refuses(&["attest", "photo.png", "--key", "camera.key", "--out", "-"], 2, "what is secret is never written to standard output");
    let mut words = PROVE[..7].to_vec();
    words.push("-");
    desk.refuses(&[&words[..], &["--hidden"]].concat(), 2, "what is secret is never written to standard output");
    desk.refuses(&[&words[..], &["--sidecar"]].concat(), 2, "give a name");
    assert!(
        desk.zkimg(&[&words[..], &["--json"]].concat()).ends(2).json()["error"]["message"]
            .as_str()
            .expect("a sentence")
            .contains("has the answer")
    );
    assert!(desk.zkimg(&[&words[..], &["--also", "-=resize=50%"]].concat()).ends(2).out.is_empty());
    desk.write("jobs.jsonl", "{\"do\": \"prove\", \"negative\": \"photo.negative\", \"edits\": [\"flip=vertical\"], \"out\": \"-\"}\n");
    assert!(desk.zkimg(&["batch", "jobs.jsonl"]).ends(1).out.contains("standard output has the answer"));
    assert!(!desk.at("-").exists() && !desk.at("-.negative").exists() && !desk.at("-.key").exists());
}
