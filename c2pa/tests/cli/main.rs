//! The program `zkimg-c2pa` as a user meets it, on photos that the tests sign themselves and on real ones where those can be had.

#[path = "../../../picture/tests/files/mod.rs"]
mod files;

mod attest;
mod authority;
mod embed;
mod photos;
mod real;

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;
use zkimg_pipeline::{Negative, SignedCapture, SigningKey};

/// What a command did.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) json: Value,
}

impl Run {
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Run {
        assert_eq!(self.code, code, "{}", self.json);
        self
    }

    pub(crate) fn sentence(&self) -> &str {
        self.json["error"]["message"].as_str().expect("a sentence")
    }
}

/// A notary's folder: their key, a list of anchors, files.
pub(crate) struct Desk(TempDir);

impl Desk {
    /// With a notary, who trusts these certificates.
    pub(crate) fn trusting(anchors: &str) -> Desk {
        let desk = Desk(tempfile::tempdir().expect("a folder"));
        desk.write("desk.key", SigningKey::generate().expect("a key").to_pem().as_bytes());
        desk.write("anchors.pem", anchors.as_bytes());
        desk
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.at(name), bytes).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.at(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn run(&self, words: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zkimg-c2pa"));
        let output = command.args(words).arg("--json").current_dir(self.0.path()).stdin(Stdio::null()).output().expect("the program runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let json = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
        Run { code: output.status.code().expect("an exit code"), json }
    }

    /// Attests a photo, accepting these failures.
    pub(crate) fn attest(&self, photo: &str, accept: &[&str]) -> Run {
        let mut words = vec!["attest", photo, "--notary", "desk.key", "--anchors", "anchors.pem", "--out", "out", "--force"];
        accept.iter().for_each(|code| words.extend(["--accept", code]));
        self.run(&words)
    }

    /// What was attested.
    pub(crate) fn attested(&self) -> (SignedCapture, Negative) {
        let capture = SignedCapture::from_bytes(&self.read("out.capture")).expect("a capture");
        let negative = Negative::from_bytes(&self.read("out.negative")).expect("a negative");
        assert_eq!(negative.capture(), Some(&capture));
        (capture, negative)
    }
}
