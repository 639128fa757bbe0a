//! Provers who lie about a JPEG's coefficients, in the place of the honest one: which check refuses them.

/// The prover who lies in the tests of the proof, and what it needs of them.
mod support {
    #![allow(dead_code, reason = "a part of it is used here")]

    #[path = "../../../proof/tests/support/forger/mod.rs"]
    pub(crate) mod forger;

    use zkimg_graph::tensor::CellsRef;
    use zkimg_proof::argument::Pixels;
    use zkimg_proof::relation::{Output, Relation};

    pub(crate) const CONTEXT: &[u8] = b"a statement";

    /// No chain of steps is forged here.
    pub(crate) struct Case {
        pub cells: Vec<u8>,
        relation: Relation,
    }

    impl Case {
        pub(crate) fn relation(&self, _: Output) -> Relation {
            self.relation.clone()
        }
    }

    pub(crate) fn shown_cells<'a>(relation: &Relation, cells: CellsRef<'a>) -> Pixels<'a> {
        Pixels::of_cells(relation.output, relation.output_bounds, cells)
    }
}

use support::forger::{Forger, Lie};
use zkimg_edits::jpeg::{Jpeg, Quality, Sampling};
use zkimg_graph::tensor::{Cells, Dims};
use zkimg_group::field::from_i64;
use zkimg_proof::relation::Relation;
use zkimg_proof::verify::Reject;

/// Three blocks by two of luma, and of chroma two by one, of which the right is half beyond the picture.
fn picture() -> Dims {
    Dims::new(3, 9, 17).expect("dims")
}

fn quality(quality: u8) -> Quality {
    Quality::new(quality).expect("a quality")
}

fn relation(of: u8, sampling: Sampling) -> Relation {
    let jpeg = Jpeg::new(quality(of), sampling, picture());
    Relation::compile_to(picture(), 10, &[], &jpeg.ending(picture()).expect("an ending")).expect("a relation")
}

fn forger() -> Forger {
    let cells = (0..picture().cells() as u64).map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect();
    Forger::of(relation(90, Sampling::S420), vec![Cells::U8(cells)])
}

/// A component's coefficient in the cells of the file, in a block: luma's six lie in two lines, those of both chroma components below.
#[derive(Clone, Copy, Debug)]
struct Place {
    k: usize,
    /// Line and column among the cells.
    block: (usize, usize),
    /// Which of the limbs of this coefficient, over all blocks that have them together.
    limb: (usize, usize),
    /// By how much a remainder's limb grows with the divisor.
    step: i64,
}

fn places() -> [Place; 4] {
    let (luma, chroma) = (quality(90).luma(), quality(90).colour());
    // 2^15·2^8·q of luma, and of chroma times the four cells of a sample, over 2^16.
    let of_luma = |k: usize| 128 * i64::from(luma[k]);
    let of_chroma = |k: usize| 512 * i64::from(chroma[k]);
    [
        Place { k: 0, block: (0, 0), limb: (1, 0), step: of_luma(0) },
        Place { k: 63, block: (1, 2), limb: (64, 5), step: of_luma(63) },
        Place { k: 0, block: (2, 0), limb: (65, 0), step: of_chroma(0) },
        Place { k: 63, block: (2, 3), limb: (128, 3), step: of_chroma(63) },
    ]
}

fn index(relation: &Relation, place: Place) -> usize {
    let (Dims { height, width, .. }, (line, column)) = (relation.output, place.block);
    (place.k * height + line) * width + column
}

/// What is tried at each place: at the first also the best lies in the messages.
fn tried() -> Vec<(Place, Lie)> {
    let [first, second, third, fourth] = places();
    let rest = [second, third, fourth].map(|place| (place, Lie::None));
    [Lie::None, Lie::Messages, Lie::Opening].map(|lie| (first, lie)).into_iter().chain(rest).collect()
}

#[test]
fn true_coefficients_are_accepted() {
    let mut forger = forger();
    assert_eq!((forger.relation.tensors.len(), forger.relation.output), (130, Dims::new(64, 3, 4).expect("dims")));
    assert_eq!(forger.count(), 0);
    assert!(forger.judge().is_ok());
}

#[test]
fn another_coefficient_is_refused() {
    for (place, lie) in tried() {
        let mut forger = forger();
        let at = index(&forger.relation, place);
        forger.output[at] += 1;
        forger.lie = lie;
        let refused = forger.judge().err();
        assert!(refused.is_some(), "{place:?} {lie:?}");
        assert!(lie != Lie::None || refused == Some(Reject::Equations), "{refused:?}");
    }
}

/// The best lie about one that is one lower: its remainder, then larger by the divisor, has a limb that no range holds, and all else fits.
#[test]
fn a_remainder_beyond_its_divisor_is_refused() {
    for (place, lie) in tried() {
        let mut forger = forger();
        let (at, (tensor, block)) = (index(&forger.relation, place), place.limb);
        forger.output[at] -= 1;
        let limb = forger.at(tensor, block);
        forger.tensors[tensor][limb] += from_i64(place.step);
        assert_eq!(forger.count(), 1, "{place:?}");
        forger.lie = lie;
        assert!(forger.judge().is_err(), "{place:?} {lie:?}");
    }
}

/// Coefficients of one quality are none of another, also where they are the same integers.
#[test]
fn other_tables_are_another_statement() {
    let mut forger = forger();
    let proof = forger.prove();
    assert!(forger.judge_bytes(&proof).is_ok());
    forger.relation = relation(91, Sampling::S420);
    assert!(forger.judge_bytes(&proof).is_err());
    forger.relation = relation(90, Sampling::S420);
    assert!(forger.judge_bytes(&proof).is_ok());
}
