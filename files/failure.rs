//! Why something was not done: one sentence, and the exit code that the tool has for it.

use std::path::Path;
use zkimg_pipeline::text;

/// The exit codes; `zkimg --help` explains them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Done; or verified, and from a trusted camera.
    Ok = 0,
    /// Something does not hold.
    Invalid = 1,
    /// What was asked for is wrong: an option, an edit, a value.
    Usage = 2,
    /// No proof, or a file of a kind or version that cannot be read.
    Unsupported = 3,
    /// The computer said no.
    Operational = 4,
    /// The camera is not trusted.
    Untrusted = 5,
    /// An output exists already and was not touched.
    Exists = 6,
}

impl Code {
    /// Its name, which does not change.
    pub fn name(self) -> &'static str {
        match self {
            Code::Ok => "ok",
            Code::Invalid => "invalid",
            Code::Usage => "usage",
            Code::Unsupported => "unsupported",
            Code::Operational => "operational",
            Code::Untrusted => "untrusted",
            Code::Exists => "exists",
        }
    }
}

/// Why work was not done: one sentence that says what, where, and what to do.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What kind of failure it is.
    pub code: Code,
    /// The sentence.
    pub sentence: String,
}

impl Failure {
    /// A failure, in a sentence.
    pub fn new(code: Code, sentence: impl Into<String>) -> Failure {
        Failure { code, sentence: sentence.into() }
    }

    /// A failure about a file.
    pub fn at(code: Code, path: &Path, what: impl std::fmt::Display) -> Failure {
        Failure::new(code, format!("{}: {what}", shown(path)))
    }
}

/// A path as messages show it: hidden characters escaped, so that a sentence stays one line and reads as it is written.
pub fn shown(path: &Path) -> String {
    text::shown(&path.display().to_string())
}

/// A path as JSON holds it: itself, but for bytes that are no UTF-8. JSON has its own way of writing every character.
pub fn lossy(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
