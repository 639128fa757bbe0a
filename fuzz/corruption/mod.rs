//! A valid proof file, damaged where it matters: no damage is ever accepted.

mod elements;

use super::change::{Reached, follow};
use elements::{PINNED, is_argument};
use std::sync::LazyLock;
use zkimg_pipeline::{EditsFault, Finding, LinkFault, Picture, ProofFile, Report, Trust, Verdict, verify};
use zkimg_proof::verify::Reject;

const FILE: &[u8] = include_bytes!("../../tests/pinned/edited.zkimg");
const PICTURE: &[u8] = include_bytes!("../../tests/pinned/edited.png");

static PUBLISHED: LazyLock<Picture> = LazyLock::new(|| Picture::decode(PICTURE).expect("the pinned picture"));

/// Follows instructions of eight bytes and judges what they leave of the file.
///
/// # Panics
/// If a file other than the one that was published is accepted.
pub fn corruption(bytes: &[u8]) {
    damage(bytes);
}

/// The same, and says how far the file came.
///
/// # Panics
/// If a file other than the one that was published is accepted.
pub fn damage(bytes: &[u8]) -> Reached {
    let mut file = FILE.to_vec();
    follow(&mut file, &PINNED, &[], bytes);
    let parsed = ProofFile::from_bytes(&file).ok();
    let report = parsed.as_ref().map(|parsed| verify(&PUBLISHED, parsed, &Trust::default()).expect("parameters are whole"));
    let accepted = report.as_ref().is_some_and(|report| report.verdict != Verdict::Invalid);
    assert_eq!(accepted, file == FILE, "a damaged proof is accepted, or the true one is not");
    match (&parsed, &report) {
        _ if accepted => Reached::Nothing,
        (Some(parsed), Some(report)) => reached(parsed, report),
        _ => Reached::Framing,
    }
}

/// Where a report stops. An argument counts as reached only if the elements are looked at here, too: halo2 says of an element
/// that is none what it says of an equation that does not hold.
fn reached(file: &ProofFile, report: &Report) -> Reached {
    let Some(Finding::Edits(Err(fault))) = report.findings.last() else { return Reached::Statement };
    if elements::of(file).is_none() {
        return Reached::Statement;
    }
    if !is_argument(file) {
        return Reached::Elements;
    }
    let groups = ["link to the circuit", "opened value", "opening of the pixels"];
    match fault {
        EditsFault::Refused(LinkFault { fault: Reject::Equations, .. }) => Reached::Argument("equations"),
        EditsFault::Refused(LinkFault { fault: Reject::Group(name), .. }) if groups.contains(name) => Reached::Argument(name),
        other => panic!("a whole argument is refused for another reason: {other}"),
    }
}
