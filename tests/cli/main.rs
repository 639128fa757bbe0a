//! The program `zkimg` as a user meets it: a folder, a command line, an exit code, a sentence.

#[cfg(unix)]
mod batch;
mod chain;
mod compare;
#[cfg(target_os = "linux")]
mod dumps;
mod faces;
#[cfg(unix)]
mod faults;
mod files;
mod formats;
mod jpeg;
mod many;
mod models;
mod notary;
mod one_file;
mod path;
mod pictures;
mod refused;
mod report;
mod schema;
mod secrets;
mod serve;
mod shown;
mod standard;
mod trust;
mod verdicts;

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;
use zkimg_pipeline::{Dims, Picture, encode_png};

/// What a command did.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn of(output: Output) -> Run {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let code = output.status.code().expect("an exit code, not a signal");
        Run { code, out: text(output.stdout), err: text(output.stderr) }
    }

    /// The one JSON object on standard output.
    fn json(&self) -> Value {
        assert_eq!(self.out.trim_end().lines().count(), 1, "one line: {:?}", self.out);
        let value = schema::object(&self.out);
        assert_eq!(value["exit_code"], self.code);
        assert_eq!(value["ok"], self.code == 0);
        value
    }

    #[track_caller]
    fn ends(self, code: i32) -> Run {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

/// A folder of a photographer, and the program run in it.
struct Desk(TempDir);

impl Desk {
    fn empty() -> Desk {
        Desk(tempfile::tempdir().expect("a folder"))
    }

    /// With a camera, a signed photo and an edited picture of it.
    fn ready() -> Desk {
        Desk::copy_of(&READY)
    }

    /// Another folder with the same files.
    fn copy_of(other: &Desk) -> Desk {
        let desk = Desk::empty();
        for entry in fs::read_dir(other.path()).expect("the folder") {
            let entry = entry.expect("an entry");
            fs::copy(entry.path(), desk.at(entry.file_name())).expect("a copy");
        }
        desk
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn at(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path().join(name)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zkimg"));
        command.args(words).current_dir(self.path()).stdin(Stdio::null());
        // Whom the user trusts who runs the tests is theirs to know.
        command.env_remove("ZKIMG_TRUST").env("XDG_CONFIG_HOME", self.at("config"));
        command
    }

    fn zkimg(&self, words: &[&str]) -> Run {
        Run::of(self.command(words).output().expect("the program runs"))
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.at(name), bytes).expect("a file");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.at(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Every file with its content; folders are empty.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let entry = |entry: std::io::Result<fs::DirEntry>| {
            let entry = entry.expect("an entry");
            (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap_or_default())
        };
        fs::read_dir(self.path()).expect("the folder").map(entry).collect()
    }

    /// Runs a command that must fail with one sentence and change nothing; then the same with `--json`.
    #[track_caller]
    fn refuses(&self, words: &[&str], code: i32, part: &str) {
        let before = self.files();
        let run = self.zkimg(words).ends(code);
        assert_eq!(run.out, "");
        // On a busy machine a line of progress may come first.
        let err = run.err.rsplit_once(" …\n").map_or(run.err.as_str(), |(_, rest)| rest);
        let sentence = err.strip_prefix("zkimg: ").unwrap_or_else(|| panic!("{}", run.err)).trim_end();
        assert_eq!(sentence.lines().count(), 1, "{sentence}");
        assert!(sentence.contains(part), "{part:?} is not in {sentence:?}");
        let run = self.zkimg(&[words, &["--json"]].concat()).ends(code);
        assert_eq!(run.json()["error"]["message"], sentence);
        assert_eq!(run.err, "");
        assert_eq!(self.files(), before, "nothing is changed or left behind");
    }
}

/// A small colour picture; another `seed`, another picture.
fn picture(width: usize, height: usize, seed: usize) -> Picture {
    let cell = |i| ((i * (7 + seed) + i / width * 13 + seed * 31) % 251) as u8;
    Picture::new(Dims { channels: 3, height, width }, (0..3 * width * height).map(cell).collect()).expect("a picture")
}

fn photo(seed: usize) -> Vec<u8> {
    encode_png(&picture(48, 32, seed))
}

/// With the proof in a file of its own, which tests change apart from the picture.
const PROVE: [&str; 9] =
    ["prove", "photo.negative", "--edit", "crop=40x24+4+2", "--edit", "contrast=1.15", "--out", "edited.png", "--sidecar"];

static READY: LazyLock<Desk> = LazyLock::new(|| {
    let desk = Desk::empty();
    desk.write("photo.png", photo(0));
    desk.zkimg(&["keygen"]).ends(0);
    desk.zkimg(&["attest", "photo.png", "--key", "camera.key"]).ends(0);
    desk.zkimg(&PROVE).ends(0);
    desk
});
