//! What works: the whole way, JSON everywhere, help everywhere.

use crate::{Desk, PROVE, photo, picture};
use std::fs;
use zkimg_pipeline::encode_png;

#[test]
fn from_a_photo_to_a_checked_picture_in_a_folder_with_spaces_and_unicode() {
    let desk = Desk::empty();
    fs::create_dir(desk.at("mes été 写真")).expect("a folder");
    desk.write("mes été 写真/la plage.png", photo(3));
    let (key, public) = ("mes été 写真/ma caméra.key", "mes été 写真/ma caméra.pub");
    let (stem, out) = ("mes été 写真/la plage", "mes été 写真/publié n° 1.png");
    desk.zkimg(&["keygen", "--out", key]).ends(0);
    let run = desk.zkimg(&["attest", &format!("{stem}.png"), "--key", key, "--show-time", "--hide-device"]).ends(0);
    assert!(run.out.contains("la plage.negative (secret"), "{}", run.out);
    desk.zkimg(&["prove", &format!("{stem}.negative"), "--edit", "flip=horizontal", "--out", out]).ends(0);
    let run = desk.zkimg(&["verify", out, "--trust", public]).ends(0);
    assert!(run.out.starts_with("VERIFIED") && run.out.contains("1. mirrored: left and right exchanged"), "{}", run.out);
    assert!(run.out.contains("UTC"), "the time is shown: {}", run.out);
    let mut names: Vec<String> =
        fs::read_dir(desk.at("mes été 写真")).expect("it").map(|e| e.expect("it").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let expected = ["la plage.capture", "la plage.negative", "la plage.png", "ma caméra.key", "ma caméra.pub", "publié n° 1.png"];
    assert_eq!(names, expected);
}

#[test]
fn memory_is_said_before_it_is_taken_and_can_be_bounded() {
    let desk = Desk::ready();
    fn prove<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["prove", "photo.negative", "--edit", "contrast=1.15", "--out", "m.png"], more].concat()
    }
    let run = desk.zkimg(&prove(&["--estimate"])).ends(0);
    assert!(run.out.contains("4608 lookups") && run.out.contains("Nothing was written."), "{}", run.out);
    let said = desk.zkimg(&prove(&["--estimate", "--json"])).ends(0).json();
    assert!(!desk.at("m.png").exists());
    let least = said["least_memory_mb"].as_u64().expect("a number");
    assert_eq!((&said["fits"], said["memory_mb"].as_u64() >= Some(least)), (&true.into(), true));
    desk.refuses(&prove(&["--memory", "1MB"]), 4, "MB of memory at least");
    desk.refuses(&prove(&["--memory", "much"]), 2, "such as 800MB");
    let run = desk.zkimg(&prove(&["--memory", "1MB", "--estimate", "--json"])).ends(4).json();
    assert_eq!(run["fits"], false);
    desk.zkimg(&prove(&["--memory", &format!("{}MB", least + 1)])).ends(0);
    desk.zkimg(&["verify", "m.png", "--trust", "camera.pub"]).ends(0);
}

#[test]
fn a_recipe_file_gives_the_same_picture_and_edit_gives_it_without_a_proof() {
    let desk = Desk::ready();
    desk.write(
        "r.json",
        r#"{"zkimg": 1, "edits": [{"op": "crop", "x": 4, "y": 2, "width": 40, "height": 24}, {"op": "contrast", "factor": "1.15"}]}"#,
    );
    desk.zkimg(&["edit", "photo.png", "--recipe", "r.json", "--out", "try.png"]).ends(0);
    desk.zkimg(&["prove", "photo.negative", "--recipe", "r.json", "--out", "again.png", "--sidecar"]).ends(0);
    assert_eq!(desk.read("try.png"), desk.read("edited.png"));
    assert_eq!(desk.read("again.png"), desk.read("edited.png"));
    assert_ne!(desk.read("again.zkimg"), desk.read("edited.zkimg"), "fresh blinders");
    assert!(!desk.at("try.zkimg").exists());
}

#[test]
fn every_verb_answers_in_json() {
    let desk = Desk::ready();
    let answer = |words: &[&str]| {
        let run = desk.zkimg(&[words, &["--json"]].concat()).ends(0);
        assert_eq!(run.err, "", "{words:?}");
        let json = run.json();
        assert_eq!(json["command"], words[0]);
        json
    };
    let device = answer(&["keygen", "--out", "b.key"])["device"].clone();
    assert_eq!(answer(&["inspect", "b.pub"])["device"], device);
    assert_eq!(answer(&["attest", "photo.png", "--key", "b.key", "--out", "b"])["width"], 48);
    assert_eq!(answer(&["inspect", "b.capture"])["signature_holds"], true);
    assert_eq!(answer(&["inspect", "b.negative"])["original"]["height"], 32);
    let proved = answer(&["prove", "b.negative", "--edit", "grayscale", "--out", "b.png"]);
    assert_eq!((&proved["channels"], &proved["edits"][0]["op"]), (&1.into(), &"grayscale".into()));
    assert_eq!((&proved["picture"], &proved["proof"]), (&"b.png".into(), &"b.png".into()));
    let inspected = answer(&["inspect", "b.png"]);
    assert_eq!(answer(&["extract", "b.png", "--out", "c.zkimg"])["proof_bytes"], proved["proof_bytes"]);
    assert_eq!(answer(&["embed", "edited.png", "edited.zkimg", "--out", "d.png"])["picture"], "d.png");
    assert_eq!((&inspected["kind"], &inspected["published"]["channels"]), (&"proof".into(), &1.into()));
    let verified = answer(&["verify", "b.png", "--trust", "camera.pub", "--trust", "b.pub"]);
    assert_eq!((&verified["verdict"], &verified["device"]), (&"trusted".into(), &device));
    assert!(verified["checks"].as_array().is_some_and(|checks| checks.len() >= 4 && checks.iter().all(|c| c["passed"] == true)));
    assert_eq!(answer(&["edit", "photo.png", "--edit", "grayscale", "--out", "c.png"])["channels"], 1);
    assert!(answer(&["edits"])["edits"].as_array().is_some_and(|edits| edits.len() >= 4));
    assert_eq!(answer(&["edits", "contrast"])["edits"][0]["parameters"][0]["name"], "factor");
    assert!(answer(&["completions", "bash"])["script"].as_str().is_some_and(|s| s.contains("_zkimg")));
}

#[test]
fn the_demo_tells_the_whole_story() {
    let desk = Desk::empty();
    let run = desk.zkimg(&["demo"]).ends(0);
    assert!(run.out.contains("VERIFIED") && run.out.contains("NOT VALID"), "{}", run.out);
    assert!(!desk.at("zkimg-demo/edited.zkimg").exists(), "one file");
    desk.refuses(&["demo"], 6, "exists already");
    // What it prints can be repeated.
    desk.zkimg(&["verify", "zkimg-demo/edited.png", "--trust", "zkimg-demo/camera.pub"]).ends(0);
    desk.zkimg(&["verify", "zkimg-demo/tampered.png", "--trust", "zkimg-demo/camera.pub"]).ends(1);
    assert!(run.out.contains("2. confirmed by the key \"desk.pub\": \"Photo desk\""), "{}", run.out);
    desk.zkimg(&["verify", "zkimg-demo/published.png", "--trust", "zkimg-demo/camera.pub"]).ends(0);
    desk.zkimg(&["verify", "zkimg-demo/renamed.png", "--trust", "zkimg-demo/camera.pub"]).ends(1);
    let answer = |name: &str| ["verify", name, "--trust", "zkimg-demo/camera.pub", "--model", "zkimg-demo/person.card"].map(String::from);
    let verified = |name: &str, code| desk.zkimg(&answer(name).each_ref().map(String::as_str)).ends(code).out;
    let [class, other] = [verified("zkimg-demo/answer.zkimg", 0), verified("zkimg-demo/other.zkimg", 1)];
    assert!(class.contains("class 0") && other.contains("NOT VALID"), "{class}{other}");
    assert!(run.out.contains("class 0"), "{}", run.out);
}

#[test]
fn help_teaches_by_example_on_every_verb() {
    let desk = Desk::empty();
    let run = desk.zkimg(&["--help"]).ends(0);
    assert!(run.out.contains("Exit codes:"));
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
        assert!(run.out.contains(&format!("  {verb} ")), "{verb}");
        let help = desk.zkimg(&[verb, "--help"]).ends(0).out;
        assert!(help.contains(&format!("Examples:\n  zkimg {verb}")), "{help}");
    }
    assert!(desk.zkimg(&["--version"]).ends(0).out.starts_with("zkimg "));
}

#[test]
fn secrets_are_never_printed() {
    let desk = Desk::ready();
    let pem = String::from_utf8(desk.read("camera.key")).expect("text");
    let secret = pem.lines().nth(1).expect("the key").to_owned();
    let commands: [&[&str]; 8] = [
        &["inspect", "camera.key"],
        &["inspect", "photo.negative"],
        &["attest", "camera.key", "--key", "camera.key", "--out", "x"],
        &["attest", "photo.png", "--key", "camera.key", "--out", "y"],
        &["verify", "camera.key", "--trust", "camera.key"],
        &["verify", "edited.png", "camera.key"],
        &["edit", "photo.png", "--recipe", "camera.key", "--out", "z.png"],
        &["prove", "camera.key", "--edit", "grayscale", "--out", "z.png"],
    ];
    for words in commands {
        let run = desk.zkimg(words);
        assert!(!format!("{}{}", run.out, run.err).contains(&secret[..20]), "{words:?}");
    }
}

#[test]
fn a_reader_that_goes_away_or_a_full_one_is_no_crash() {
    let desk = Desk::empty();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let status = desk.command(&["edits"]).stdout(writer).status().expect("it runs");
    assert_eq!(status.code(), Some(0));
    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        let output = desk.command(&["edits"]).stdout(full).output().expect("it runs");
        assert_eq!(output.status.code(), Some(4));
        assert!(String::from_utf8_lossy(&output.stderr).contains("disk is full"));
    }
}

#[test]
fn how_much_is_said() {
    let desk = Desk::ready();
    let silent = |words: &[&str], code| {
        let run = desk.zkimg(words).ends(code);
        assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""), "{words:?}");
    };
    silent(&["-q", "verify", "edited.png", "--trust", "camera.pub"], 0);
    silent(&["verify", "edited.png", "--quiet"], 5);
    silent(&["verify", "photo.png", "edited.zkimg", "-q"], 1);
    silent(&["verify", "edited.png", "photo.png", "-q", "--trust", "camera.pub"], 3);
    silent(&[&PROVE[..], &["--force", "-q"]].concat(), 0);
    assert!(desk.zkimg(&["verify", "gone.png", "-q"]).ends(4).err.starts_with("zkimg: there is no file gone.png"));
    assert_eq!(desk.zkimg(&["verify", "edited.png", "-q", "--json"]).ends(5).json()["verdict"], "untrusted");
    let run = desk.zkimg(&[&PROVE[..], &["--force", "-v"]].concat()).ends(0);
    let times = run.err.trim_end().rsplit('\n').next().expect("a line");
    assert!(times.starts_with("Editing and proving: ") && times.contains(" s; edits ") && times.contains(", lookups "), "{}", run.err);
    assert!(run.out.starts_with("Wrote edited.png") && !run.out.contains("lookups"), "{}", run.out);
    assert!(desk.zkimg(&["verify", "edited.png", "-v"]).ends(5).err.contains("Verifying: 0."));
    desk.refuses(&["verify", "edited.png", "-q", "-v"], 2, "cannot be used with");
}

#[test]
fn a_slow_verb_says_one_line_while_it_works_and_none_in_json() {
    let desk = Desk::ready();
    desk.write("photo.png", encode_png(&picture(1500, 1500, 1)));
    desk.zkimg(&["attest", "photo.png", "--key", "camera.key", "--force"]).ends(0);
    let run = desk.zkimg(&[&PROVE[..], &["--force"]].concat()).ends(0);
    assert!(run.err.is_empty() || run.err == "Editing and proving …\n", "{:?}", run.err);
}
