//! What verification found out, check by check.

use serde::Serialize;

/// The outcome in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Everything holds, and the camera is one of the trusted devices.
    Trusted,
    /// Everything holds, but nobody said that this camera is to be trusted.
    Untrusted,
    /// Something does not hold.
    Invalid,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// What was checked, or why it failed.
    pub detail: String,
    /// Whether it holds.
    pub passed: bool,
}

/// A picture's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Pixels in a line.
    pub width: usize,
    /// Lines.
    pub height: usize,
    /// 1 for grey, 3 for colour.
    pub channels: usize,
}

/// The result of verifying a published picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The outcome.
    pub verdict: Verdict,
    /// Every check that was made, in order; the last one failed if the verdict is invalid.
    pub checks: Vec<Check>,
    /// Fingerprint of the signing device's key, hexadecimal.
    pub device: String,
    /// Capture time in Unix seconds, if the capture shows it.
    pub captured: Option<u64>,
    /// Size of the hidden original.
    pub original: Size,
    /// Size of the published picture.
    pub published: Size,
    /// The edits, in order, as in a recipe.
    pub edits: Vec<serde_json::Value>,
    /// Bits of security of the proof's soundness.
    pub security_bits: u32,
}
