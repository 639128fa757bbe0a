//! `zkimg batch`: every job once, whatever happens to the process that does it.

use crate::{Desk, Run, photo};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

/// A desk with so many photos.
fn archive(photos: usize) -> Desk {
    let desk = Desk::empty();
    desk.zkimg(&["keygen"]).ends(0);
    (0..photos).for_each(|i| desk.write(&format!("{i}.png"), photo(i)));
    jobs(&desk, "attest.jsonl", (0..photos).map(|i| json!({"do": "attest", "photo": format!("{i}.png")})));
    desk
}

fn jobs(desk: &Desk, name: &str, jobs: impl Iterator<Item = Value>) {
    desk.write(name, jobs.map(|job| format!("{job}\n")).collect::<String>());
}

/// With negatives, and jobs that take a moment each.
fn attested(photos: usize) -> Desk {
    let desk = archive(photos);
    desk.zkimg(&["batch", "attest.jsonl", "--key", "camera.key"]).ends(0);
    let prove = |i| json!({"do": "prove", "negative": format!("{i}.negative"), "edits": ["contrast=1.15"], "out": format!("{i}.web.png")});
    jobs(&desk, "prove.jsonl", (0..photos).map(prove));
    desk
}

/// The lines of all ledgers of a list of jobs.
fn ledger(desk: &Desk, jobs: &str) -> Vec<Value> {
    let folder = desk.at(format!("{jobs}.ledger"));
    let files = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry").path());
    let lines = files.flat_map(|path| fs::read_to_string(path).expect("text").lines().map(str::to_owned).collect::<Vec<_>>());
    // The last line of a process that was killed may be a part of one.
    lines.filter_map(|line| serde_json::from_str(&line).ok()).collect()
}

/// How often each job is said to be done.
fn times_done(desk: &Desk, jobs: &str) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for line in ledger(desk, jobs).iter().filter(|line| line["state"] == "done") {
        *times.entry(line["job"].as_str().expect("a job").to_owned()).or_default() += 1;
    }
    times
}

/// When files were made, by their names.
fn made(desk: &Desk) -> BTreeMap<PathBuf, SystemTime> {
    let entries = fs::read_dir(desk.path()).expect("the folder").map(|entry| entry.expect("an entry"));
    let files = entries.filter(|entry| entry.path().is_file());
    files.map(|file| (file.path(), file.metadata().and_then(|meta| meta.modified()).expect("a time"))).collect()
}

fn left_behind(desk: &Desk) -> usize {
    made(desk).keys().filter(|path| path.to_string_lossy().ends_with(".part")).count()
}

fn counts(run: &Run) -> [u64; 4] {
    let answer = run.json();
    ["done", "done_before", "recovered", "failed"].map(|name| answer[name].as_u64().expect("a number"))
}

#[test]
fn a_batch_does_what_the_verbs_do() {
    let desk = attested(3);
    let run = desk.zkimg(&["batch", "prove.jsonl", "--json"]).ends(0);
    assert_eq!(counts(&run), [3, 0, 0, 0]);
    jobs(&desk, "verify.jsonl", (0..3).map(|i| json!({"do": "verify", "picture": format!("{i}.web.png"), "report": format!("{i}.html")})));
    desk.zkimg(&["batch", "verify.jsonl", "--trust", "camera.pub"]).ends(0);
    let answers: Vec<Value> = ledger(&desk, "verify.jsonl").into_iter().filter(|line| line["state"] == "done").collect();
    assert!(answers.len() == 3 && answers.iter().all(|line| line["answer"]["verdict"] == "trusted"));
    assert!(desk.at("2.html").is_file());
    // The same questions again are asked of the ledger alone, and the answer has the same exit code.
    jobs(&desk, "verify.jsonl", (0..3).map(|i| json!({"do": "verify", "picture": format!("{i}.web.png")})));
    desk.zkimg(&["batch", "verify.jsonl", "--resume"]).ends(5);
    let again = desk.zkimg(&["batch", "verify.jsonl", "--resume", "--json"]).ends(5);
    assert_eq!(counts(&again), [0, 3, 0, 0]);
}

#[test]
fn a_job_makes_several_sizes_of_a_picture() {
    let desk = attested(1);
    let job = |sidecar| {
        let also = ["0.small.jpg=resize=50%", "0.square.png=crop=1:1"];
        json!({"do": "prove", "negative": "0.negative", "edits": ["contrast=1.15"], "out": "0.png.png", "also": also, "quality": 80, "sidecar": sidecar})
    };
    jobs(&desk, "sizes.jsonl", std::iter::once(job(false)));
    assert_eq!(counts(&desk.zkimg(&["batch", "sizes.jsonl", "--json"]).ends(0)), [1, 0, 0, 0]);
    desk.zkimg(&["verify", "0.png.png", "0.small.jpg", "0.square.png", "--trust", "camera.pub"]).ends(0);
    // With files beside them, all six of which the ledger knows.
    ["0.png.png", "0.small.jpg", "0.square.png"].iter().for_each(|name| fs::remove_file(desk.at(name)).expect("removed"));
    jobs(&desk, "beside.jsonl", std::iter::once(job(true)));
    desk.zkimg(&["batch", "beside.jsonl"]).ends(0);
    let begun = ledger(&desk, "beside.jsonl").into_iter().find(|line| line["state"] == "placing").expect("a line");
    assert_eq!(begun["files"].as_object().map(serde_json::Map::len), Some(6), "{begun}");
    desk.zkimg(&["verify", "0.small.jpg", "0.small.zkimg", "--trust", "camera.pub"]).ends(0);
}

#[test]
fn what_fails_is_said_and_only_what_can_change_is_tried_again() {
    let desk = archive(2);
    fs::remove_file(desk.at("1.png")).expect("removed");
    desk.write("2.png", "no picture");
    jobs(&desk, "attest.jsonl", (0..3).map(|i| json!({"do": "attest", "photo": format!("{i}.png"), "key": "camera.key"})));
    let run = desk.zkimg(&["batch", "attest.jsonl"]).ends(4);
    assert!(run.out.contains("line 2: there is no file 1.png") && run.out.contains("line 3: 2.png: "), "{}", run.out);
    desk.write("1.png", photo(1));
    let run = desk.zkimg(&["batch", "attest.jsonl", "--resume", "--json"]).ends(1);
    assert_eq!(counts(&run), [1, 2, 0, 0], "the file that is no picture is not looked at again");
    desk.write("2.png", photo(2));
    let run = desk.zkimg(&["batch", "attest.jsonl", "--resume", "--retry", "--json"]).ends(0);
    assert_eq!(counts(&run), [1, 2, 0, 0]);
    assert!(times_done(&desk, "attest.jsonl").values().all(|times| *times == 1));
}

#[test]
fn a_batch_begins_with_jobs_that_can_be_told_apart() {
    let desk = archive(1);
    for (text, part) in [
        ("{\"do\": \"attest\", \"photo\": \"0.png\"}\n\n{\"do\": \"attest\", \"photo\": \"0.png\"}\n", "lines 1 and 3 are the same job"),
        ("{\"do\": \"attest\", \"photo\": \"0.png\"}\n{\"do\": \"attest\", \"photo\": \"0.jpg\"}\n", "lines 1 and 2 write the same file"),
        ("{\"do\": \"paint\"}\n", "line 1: unknown variant `paint`"),
        ("{\"do\": \"attest\", \"photo\": \"0.png\", \"colour\": 1}\n", "unknown field `colour`"),
        ("{\"do\": \"prove\", \"negative\": \"0.negative\", \"out\": \"a.png\"}\n", "give either \"edits\""),
        ("nonsense\n", "line 1: "),
        (
            "{\"do\": \"prove\", \"negative\": \"0.negative\", \"out\": \"a.png\", \"edits\": [\"crop=1:1\"], \"also\": [\"b.png\"]}\n",
            "line 1: say which file, and what is done to the picture after all edits",
        ),
        (
            "{\"do\": \"prove\", \"negative\": \"0.negative\", \"out\": \"a.png\", \"edits\": [\"crop=1:1\"], \"also\": [\"b.png=blur=1\"]}\n\
             {\"do\": \"prove\", \"negative\": \"0.negative\", \"out\": \"b.png\", \"edits\": [\"crop=1:1\"]}\n",
            "lines 1 and 2 write the same file",
        ),
    ] {
        desk.write("jobs.jsonl", text);
        desk.refuses(&["batch", "jobs.jsonl"], 2, part);
    }
    desk.refuses(&["batch", "attest.jsonl", "--shard", "9/8"], 2, "there is no part 9 of 8");
    desk.zkimg(&["batch", "attest.jsonl", "--key", "camera.key"]).ends(0);
    desk.refuses(&["batch", "attest.jsonl", "--key", "camera.key"], 6, "add --resume");
}

#[test]
fn files_that_appeared_without_a_word_are_found() {
    let desk = archive(2);
    desk.zkimg(&["batch", "attest.jsonl", "--key", "camera.key", "--parallel", "1"]).ends(0);
    let path = desk.at("attest.jsonl.ledger/0-of-1.jsonl");
    let whole = fs::read_to_string(&path).expect("a ledger");
    let before = made(&desk);
    let announced = whole.lines().take_while(|line| !line.contains("\"done\"")).count();
    // As if the machine had stopped after the first job's files appeared, in the middle of a line.
    let cut: String = whole.lines().take(announced).map(|line| format!("{line}\n")).collect();
    let first = ledger(&desk, "attest.jsonl").into_iter().find(|line| line["state"] == "done").expect("a job");
    fs::write(&path, format!("{cut}{{\"state\": \"do")).expect("written");
    let second = if first["line"] == 1 { "1" } else { "0" };
    for ending in ["capture", "negative"] {
        fs::remove_file(desk.at(format!("{second}.{ending}"))).expect("removed");
    }
    let run = desk.zkimg(&["batch", "attest.jsonl", "--key", "camera.key", "--resume", "--json"]).ends(0);
    assert_eq!(counts(&run), [1, 0, 1, 0]);
    let untouched = before.iter().filter(|(path, time)| made(&desk).get(*path) == Some(time)).count();
    assert_eq!(untouched, before.len() - 2, "the first job's files are those that were there");

    // As if it had stopped between the first job's two files.
    fs::write(&path, cut).expect("written");
    let lost = format!("{}.negative", first["line"].as_u64().expect("a line") - 1);
    fs::remove_file(desk.at(&lost)).expect("removed");
    for ending in ["capture", "negative"] {
        fs::remove_file(desk.at(format!("{second}.{ending}"))).expect("removed");
    }
    let run = desk.zkimg(&["batch", "attest.jsonl", "--key", "camera.key", "--resume", "--json"]).ends(0);
    assert_eq!(counts(&run), [2, 0, 0, 0]);
    // The pair belongs together: it can be proved from.
    desk.zkimg(&["prove", &lost, "--edit", "flip=vertical", "--out", "proved.png"]).ends(0);

    // A file that is there and is another is nobody's to take away.
    fs::write(&path, whole.lines().take(announced).map(|line| format!("{line}\n")).collect::<String>()).expect("written");
    let run = desk.zkimg(&["batch", "attest.jsonl", "--key", "camera.key", "--resume"]).ends(1);
    assert!(run.out.contains("the file exists already and was not touched"), "{}", run.out);
}

#[test]
fn workers_that_are_killed_lose_nothing_and_do_nothing_twice() {
    const JOBS: usize = 20;
    let desk = attested(JOBS);
    let shard = |shard: &str| {
        let mut command = desk.command(&["batch", "prove.jsonl", "--shard", shard, "--parallel", "1", "--resume"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a worker")
    };
    let done = || times_done(&desk, "prove.jsonl").len();
    let begin = Instant::now();
    // One of two workers is killed again and again, each time after another while.
    for kill in 1..=4 {
        let (mut killed, mut other) = (shard("1/2"), shard("2/2"));
        let before = done();
        while done() < before + 2 && done() < JOBS {
            assert!(begin.elapsed() < Duration::from_secs(120), "the workers work");
            std::thread::sleep(Duration::from_millis(3));
        }
        std::thread::sleep(Duration::from_millis(17 * kill));
        killed.kill().expect("killed");
        killed.wait().expect("ended");
        other.kill().expect("killed");
        other.wait().expect("ended");
    }
    assert!(done() < JOBS, "there is something left to do");
    let before = made(&desk);
    let finished: Vec<PathBuf> = before.keys().filter(|path| path.to_string_lossy().ends_with(".web.png")).cloned().collect();
    assert!(!finished.is_empty());
    for part in ["1/2", "0/2"] {
        desk.zkimg(&["batch", "prove.jsonl", "--shard", part, "--resume"]).ends(0);
    }
    let times = times_done(&desk, "prove.jsonl");
    assert!(times.len() == JOBS && times.values().all(|times| *times == 1), "{times:?}");
    let after = made(&desk);
    assert!(finished.iter().all(|path| after[path] == before[path]), "what was there was not made again");
    assert_eq!(left_behind(&desk), 0);
    for i in 0..JOBS {
        desk.zkimg(&["verify", &format!("{i}.web.png"), "--trust", "camera.pub"]).ends(0);
    }
}

#[test]
fn two_batches_do_not_share_a_ledger() {
    let desk = attested(12);
    let mut first = desk.command(&["batch", "prove.jsonl", "--parallel", "1"]);
    let mut first = first.stdout(Stdio::null()).spawn().expect("a batch");
    while ledger(&desk, "prove.jsonl").is_empty() {
        std::thread::sleep(Duration::from_millis(3));
    }
    for shard in ["0/1", "1/3"] {
        let run = desk.zkimg(&["batch", "prove.jsonl", "--resume", "--shard", shard]).ends(4);
        assert!(run.err.contains("another batch is at work with this ledger"), "{}", run.err);
    }
    assert!(first.wait().expect("ended").success());
}
