//! A valid proof file, damaged where it matters: no damage is ever accepted.
//!
//! Nearly all damage is done to the argument, and leaves every element of it a point or a scalar in its one form, so that the
//! verifier's equations have to refuse it. A small share spoils the framing or the encoding, as any stranger could.

mod elements;

use elements::{ELEMENT, Element, is_argument};
use std::sync::LazyLock;
use zkimg_pipeline::{EditsFault, Finding, LinkFault, Picture, ProofFile, Report, Trust, Verdict, verify};
use zkimg_proof::verify::Reject;

const FILE: &[u8] = include_bytes!("../../tests/pinned/edited.zkimg");
const PICTURE: &[u8] = include_bytes!("../../tests/pinned/edited.png");

static PUBLISHED: LazyLock<Picture> = LazyLock::new(|| Picture::decode(PICTURE).expect("the pinned picture"));

/// Bytes of one instruction: what to do, where, and with what.
pub const INSTRUCTION: usize = 8;
/// More instructions than this add nothing.
const MOST: usize = 8;

/// How far a damaged file comes before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// Not damaged: what was done cancelled out. Accepted.
    Nothing,
    /// Refused as a file: no [`ProofFile`].
    Framing,
    /// Refused by a check before the argument: signature, original, picture, edits that no proof can hold.
    Statement,
    /// Refused as an argument with too few elements or too many, or one that is no point or scalar.
    Elements,
    /// Read to its end, every element of it well formed, and refused by the named check: one of the verifier's equations.
    Argument(&'static str),
}

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
    bytes.as_chunks::<INSTRUCTION>().0.iter().take(MOST).for_each(|instruction| follow(&mut file, instruction));
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

/// Of 256 instructions, this many damage the file anywhere and in any way.
const ANYWHERE: u8 = 5;
/// And this many put bytes into the argument that are no element.
const MALFORMED: u8 = 3;

fn follow(file: &mut Vec<u8>, instruction: &[u8; INSTRUCTION]) {
    let [what, a, b, c, d, e, value, bit] = *instruction;
    let place = |low: u8, high: u8| usize::from(u16::from_le_bytes([low, high]));
    if what < ANYWHERE {
        return anywhere(file, what, place(a, b), e, value, bit);
    }
    let all = elements::PINNED.as_slice();
    let pick = |n: usize| all[n % all.len()];
    let (one, other) = (pick(place(a, b)), pick(place(c, d)));
    if what < ANYWHERE + MALFORMED {
        return one.write(file, elements::MALFORMED[usize::from(value) % elements::MALFORMED.len()]);
    }
    // The next of the same kind, as points and scalars do not change places.
    let at = all.iter().position(|element| *element == other).unwrap_or(0);
    let two = all.iter().cycle().skip(at).find(|element| element.kind == one.kind).copied().unwrap_or(one);
    within(file, what - ANYWHERE - MALFORMED, [one, two], [e, value, bit]);
}

/// Damage that leaves elements what they are: points and scalars, in their one form.
fn within(file: &mut [u8], what: u8, [one, two]: [Element; 2], [e, value, bit]: [u8; 3]) {
    let (Some(first), Some(second)) = (one.read(file), two.read(file)) else { return };
    match what % 10 {
        // The first bit from here whose change leaves an element.
        0 => {
            let start = usize::from(u16::from_le_bytes([value, bit]));
            let flipped = (start..start + 8 * ELEMENT).map(|at| at % (8 * ELEMENT)).map(|at| {
                let mut bytes = one.bytes(file).unwrap_or_default();
                bytes[at / 8] ^= 1 << (at % 8);
                bytes
            });
            if let Some(bytes) = flipped.into_iter().find(|bytes| one.kind.decodes(bytes)) {
                one.write(file, bytes);
            }
        }
        1 => one.put(file, second),
        2 => {
            one.put(file, second);
            two.put(file, first);
        }
        3 => one.put(file, first.times(-1)),
        4 => one.put(file, first.plus(first.unit(e))),
        5 => one.put(file, first.plus(first.unit(e).times(-1))),
        6 => one.put(file, first.unit(e).times(i64::from(i8::from_le_bytes([value])))),
        7 => one.put(file, first.times(2 + i64::from(value))),
        8 => one.put(file, first.plus(second)),
        // What one is given, another is relieved of: in a plain sum that would cancel.
        _ => {
            let step = first.unit(e).times(1 + i64::from(value));
            one.put(file, first.plus(step));
            two.put(file, second.plus(step.times(-1)));
        }
    }
}

/// Damage to the file as bytes, anywhere in it.
fn anywhere(file: &mut Vec<u8>, what: u8, place: usize, e: u8, value: u8, bit: u8) {
    let at = place % file.len().max(1);
    match what {
        0 => file.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (bit % 8)),
        1 => file.iter_mut().skip(at).take(1).for_each(|byte| *byte = value),
        2 => file.truncate(at),
        3 => file.insert(at, e),
        _ => drop(file.drain(at..file.len().min(at + 1 + usize::from(value)))),
    }
}
