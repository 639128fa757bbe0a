//! A chain of two links of a small class, damaged where it matters: its proof, and what is handed on. No damage is ever accepted.
//!
//! Pieces come from other honest ones: of the same chain after more or fewer links, and of the same state with other randomness.

use super::change::{ELEMENT, Element, Kind, Reached, are_elements, follow};
use super::support::chain::{Picture, appended, beginning, begun, generators, original, parameters, random};
use super::support::value;
use ff::Field;
use pasta_curves::Fq;
use std::iter::repeat_n;
use std::sync::LazyLock;
use zkimg_proof::opening;
use zkimg_recursion::chain::{Handed, limbs};
use zkimg_recursion::compact::{Known, publish, verify};
use zkimg_recursion::decider::{Refused, row_bits};
use zkimg_recursion::step::points::crossing_digest;
use zkimg_recursion::step::transcript::history;
use zkimg_recursion::verifier::weighing;

/// A chain after some links.
pub struct After {
    pub known: Known,
    pub handed: Handed,
}

/// The chain after one link, two and three.
pub static CHAIN: LazyLock<Vec<After>> = LazyLock::new(|| {
    let start = parameters().start(&beginning().beginning);
    let mut known = Known { links: 0, start, history: value("history", 0), picture: Fq::ZERO };
    let (mut handed, mut picture): (Handed, Picture) = (begun(), original());
    let mut all = Vec::new();
    for seed in 2..5u8 {
        let (appended, next) = appended(&handed, &picture, seed).expect("a step");
        let rows = crossing_digest(11, &appended.rows);
        let told = weighing(&appended.challenges, &appended.point);
        known.links += 1;
        known.history = history(&known.history, &value("statement", seed.into()), &limbs(rows), &told, &appended.claims);
        known.picture = rows;
        all.push(After { known, handed: appended.handed.clone() });
        (handed, picture) = (appended.handed, next);
    }
    all
});

/// Its proof.
pub fn proof(after: &After, seed: u8) -> Vec<u8> {
    publish(parameters(), &after.handed, generators(), &mut random(seed)).expect("a proof")
}

/// Something honest, its elements, and others like it.
struct Honest {
    bytes: Vec<u8>,
    kinds: Vec<Kind>,
    /// Those that are changed.
    elements: Vec<Element>,
    others: Vec<Vec<u8>>,
    /// Another that says the same.
    again: Option<Vec<u8>>,
}

impl Honest {
    /// Damaged, and whether it is then another one than those that are true.
    fn damaged(&self, instructions: &[u8]) -> (Vec<u8>, bool) {
        let mut bytes = self.bytes.clone();
        follow(&mut bytes, &self.elements, &self.others, instructions);
        let other = bytes != self.bytes && self.again.as_ref() != Some(&bytes);
        (bytes, other)
    }
}

/// The kinds of a proof of the decider.
fn of_decider(bits: usize, claims: usize, [point, scalar]: [Kind; 2]) -> Vec<Kind> {
    let m = row_bits(bits);
    let sums = 2 * bits + 3 + 2 * (bits + 1) + 1 + 2 * bits + 2 + claims;
    let folds = 2 * (m - zkimg_proof::digits::FINAL_BITS);
    let rest = opening::size(m).0 - 2 - folds;
    let runs = [(sums, scalar), (2, point), (3, scalar), (folds, point), (zkimg_proof::digits::LAST, scalar), (rest, point)];
    runs.into_iter().flat_map(|(count, kind)| repeat_n(kind, count)).collect()
}

/// The kinds of a compact proof.
pub fn of_proof() -> Vec<Kind> {
    let (parameters, class) = (parameters(), parameters().class());
    let before = [
        (class.pinned.row_bits + 1 + 2 + 2, Kind::Scalar),
        (7 * class.slots.instance + 1, Kind::Point),
        (2 * class.second, Kind::OtherPoint),
        (1 + parameters.points().public(), Kind::OtherScalar),
    ];
    let mut kinds: Vec<Kind> = before.into_iter().flat_map(|(count, kind)| repeat_n(kind, count)).collect();
    kinds.extend(of_decider(parameters.numbers().bits(), 1, [Kind::Point, Kind::Scalar]));
    kinds.extend(of_decider(parameters.points().bits(), 0, [Kind::OtherPoint, Kind::OtherScalar]));
    kinds
}

fn placed(kinds: &[Kind]) -> impl Iterator<Item = Element> {
    kinds.iter().enumerate().map(|(i, kind)| Element { kind: *kind, at: ELEMENT * i })
}

/// The proof after two links.
static PROOF: LazyLock<Honest> = LazyLock::new(|| {
    let [first, second, ..] = &CHAIN[..] else { unreachable!("three links") };
    let kinds = of_proof();
    let elements = placed(&kinds).collect();
    let again = proof(second, 10);
    Honest { bytes: proof(second, 9), kinds, elements, others: vec![proof(first, 9), again.clone()], again: Some(again) }
});

/// What is handed on after two links. Its vectors have a hundred thousand elements, the rest some dozens: these are half of what is changed.
static HANDED: LazyLock<Honest> = LazyLock::new(|| {
    let [first, second, third] = &CHAIN[..] else { unreachable!("three links") };
    let (parameters, class) = (parameters(), parameters().class());
    let vectors = [parameters.numbers().witness(), 1 << class.pinned.row_bits, parameters.points().witness()];
    let (instance, rows) = (class.slots.instance, class.second);
    let runs = [
        (class.pinned.row_bits + 1 + 2 + 2, Kind::Scalar),
        (7 * instance + 1, Kind::Point),
        (vectors[0], Kind::Scalar),
        (2 * instance, Kind::Scalar),
        (vectors[1], Kind::Scalar),
        (1, Kind::Scalar),
        (1 + parameters.points().public(), Kind::OtherScalar),
        (vectors[2], Kind::OtherScalar),
        (2 * rows, Kind::OtherScalar),
    ];
    let kinds: Vec<Kind> = runs.into_iter().flat_map(|(count, kind)| repeat_n(kind, count)).collect();
    let mut at = 0;
    let (mut few, mut many) = (Vec::new(), Vec::new());
    for (count, kind) in runs {
        let list = if vectors.contains(&count) { &mut many } else { &mut few };
        list.extend((at..at + count).map(|i| Element { kind, at: ELEMENT * i }));
        at += count;
    }
    // A place is two bytes.
    const PLACES: usize = 1 << 16;
    let step = many.len().div_ceil(PLACES / 2);
    let elements = many.into_iter().step_by(step).chain(few.into_iter().cycle()).take(PLACES).collect();
    let [bytes, before, after] = [second, first, third].map(|after| after.handed.to_bytes().to_vec());
    Honest { bytes, kinds, elements, others: vec![before, after], again: None }
});

/// Follows instructions of eight bytes and judges what they leave of a compact proof.
///
/// # Panics
/// If a proof other than the honest ones is accepted.
pub fn compact(instructions: &[u8]) {
    damage_proof(instructions);
}

/// The same, and says how far the proof came.
///
/// # Panics
/// If a proof other than the honest ones is accepted.
pub fn damage_proof(instructions: &[u8]) -> Reached {
    let (bytes, damaged) = PROOF.damaged(instructions);
    let verdict = verify(parameters(), &CHAIN[1].known, generators(), &bytes);
    assert_eq!(verdict.is_err(), damaged, "a damaged proof is accepted, or the true one is not");
    let Err(refused) = verdict else { return Reached::Nothing };
    if !are_elements(&bytes, PROOF.kinds.iter().copied()) {
        return Reached::Elements;
    }
    Reached::Argument(match refused {
        Refused::Matrices => "matrices",
        Refused::Vectors => "vectors",
        Refused::Value => "opened value",
        Refused::Opening => "opening",
        other => panic!("a whole argument is refused for another reason: {other}"),
    })
}

/// Follows instructions of eight bytes and judges what they leave of what is handed on.
///
/// # Panics
/// If something other than what was handed on passes the check.
pub fn handed(instructions: &[u8]) {
    damage_handed(instructions);
}

/// The same, and says how far it came.
///
/// # Panics
/// If something other than what was handed on passes the check.
pub fn damage_handed(instructions: &[u8]) -> Reached {
    let (bytes, damaged) = HANDED.damaged(instructions);
    let After { known, .. } = &CHAIN[1];
    let read = parameters().read(known, &bytes);
    assert_eq!(read.is_some(), are_elements(&bytes, HANDED.kinds.iter().copied()), "what is read are elements in their one form");
    let Some(read) = read else { return Reached::Elements };
    let checked = parameters().check(&read);
    assert_eq!(checked.is_err(), damaged, "something damaged is gone on from, or the true one is not");
    match checked {
        Ok(()) => Reached::Nothing,
        Err(name) => Reached::Argument(name),
    }
}
