//! What can befall a run from outside: no room on the disk or in memory, a sudden end, a second run beside it.

use crate::{Desk, PROVE, Run, picture};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use zkimg_pipeline::encode_png;

/// Runs a line of shell in a desk, with `$ZKIMG` for the program.
fn shell(desk: &Desk, script: &str) -> Run {
    let mut command = Command::new("sh");
    command.args(["-c", script]).env("ZKIMG", env!("CARGO_BIN_EXE_zkimg")).current_dir(desk.path()).stdin(Stdio::null());
    Run::of(command.output().expect("a shell"))
}

/// A photo of millions of cells, whose proof takes seconds and hundreds of megabytes.
fn with_large_photo() -> Desk {
    let desk = Desk::ready();
    desk.write("photo.png", encode_png(&picture(1500, 1000, 2)));
    desk.zkimg(&["attest", "photo.png", "--key", "camera.key", "--force"]).ends(0);
    desk
}

/// Where the system allows no file of such a length, as where the disk is full: no root is needed for this one.
#[test]
fn a_file_that_cannot_be_finished_is_not_begun() {
    let desk = Desk::ready();
    desk.write("photo.png", encode_png(&picture(300, 200, 5)));
    let before = desk.files();
    for verb in [
        "attest photo.png --key camera.key --out new",
        "attest photo.png --key camera.key --out photo --force",
        "edit photo.png --edit flip=horizontal --out new.png",
        "prove photo.negative --edit crop=40x24+0+0 --out new.png",
        "prove photo.negative --edit crop=40x24+0+0 --out edited.png --sidecar --force",
    ] {
        // Two blocks of 512 bytes; the signal is ignored, so that the write itself fails.
        let run = shell(&desk, &format!("trap '' XFSZ; ulimit -f 2; exec \"$ZKIMG\" {verb}")).ends(4);
        // On a busy machine a line of progress comes first.
        let sentence = run.err.trim_end().lines().last().unwrap_or_default();
        assert!(sentence.starts_with("zkimg: cannot write") && sentence.contains("too large"), "{}", run.err);
        assert_eq!(desk.files(), before, "{verb}");
    }
}

#[test]
fn an_answer_that_cannot_be_written_is_a_failure() {
    let desk = Desk::ready();
    if !std::path::Path::new("/dev/full").exists() {
        eprintln!("skipped: this system has no /dev/full");
        return;
    }
    let run = shell(&desk, "\"$ZKIMG\" verify edited.png --trust camera.pub >/dev/full").ends(4);
    assert!(run.err.contains("standard output"), "{}", run.err);
}

#[test]
fn too_little_memory_is_said_before_the_work() {
    let desk = with_large_photo();
    let before = desk.files();
    let run = shell(&desk, "ulimit -v 160000; exec \"$ZKIMG\" prove photo.negative --edit contrast=1.2 --out new.png");
    if run.err.contains("Resource") || run.code == 127 {
        eprintln!("skipped: the program cannot start within that limit here: {}", run.err);
        return;
    }
    let run = run.ends(4);
    assert!(run.err.contains("MB of memory at least"), "{}", run.err);
    assert_eq!(desk.files(), before);
}

/// Nothing can be tidied up then; but the outputs are not there, and what is left is in nobody's way.
#[test]
fn a_killed_proof_leaves_the_outputs_as_they_were() {
    let desk = with_large_photo();
    let before = desk.files();
    let words = [&PROVE[..], &["--force"]].concat();
    let mut child = desk.command(&words).stderr(Stdio::null()).stdout(Stdio::null()).spawn().expect("it runs");
    let begin = Instant::now();
    while desk.files().len() < before.len() + 2 {
        assert!(begin.elapsed() < Duration::from_secs(20), "temporary files appear early");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("killed");
    child.wait().expect("it ends");
    let after = desk.files();
    for (name, content) in &before {
        assert_eq!(after.get(name), Some(content), "{name}");
    }
    let left = after.iter().filter(|(name, _)| !before.contains_key(*name));
    for (name, content) in left {
        assert!(name.starts_with(".zkimg-") && name.ends_with(".part"), "{name}");
        assert!(content.is_empty(), "{name}: nothing is written before all is ready");
    }
    desk.zkimg(&words).ends(0);
    desk.zkimg(&["verify", "edited.png", "--trust", "camera.pub"]).ends(0);
}

#[test]
fn of_two_runs_on_one_output_one_wins_whole() {
    let desk = Desk::ready();
    let words = |factor: &'static str| ["prove", "photo.negative", "--edit", factor, "--out", "both.png"];
    let start = |factor| desk.command(&words(factor)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let runs = ["contrast=1.1", "contrast=1.2"].map(start).map(|child| Run::of(child.wait_with_output().expect("it ends")));
    let mut codes = runs.each_ref().map(|run| run.code);
    codes.sort_unstable();
    assert_eq!(codes, [0, 6], "{} {}", runs[0].err, runs[1].err);
    assert!(runs.iter().any(|run| run.err.contains("exists already")));
    // Picture and proof are of one run.
    desk.zkimg(&["verify", "both.png", "--trust", "camera.pub"]).ends(0);
    assert!(desk.files().keys().all(|name| !name.starts_with(".zkimg-")));
}
