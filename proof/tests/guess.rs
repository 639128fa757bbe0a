//! Of two originals that an outsider can guess, nothing public tells which it was.
//!
//! Bits of what is published are counted for both candidates, place by place. Where bits are fair coins whatever the
//! original was, the differences of the counts are small; one element that depends on the original alone makes them large.

use crate::support::{Case, contrast, crop, dims};
use std::collections::HashSet;
use zkimg_graph::step::Step;
use zkimg_graph::tensor::Dims;
use zkimg_group::field::point_to_bytes;
use zkimg_proof::relation::Output;

/// How far the sum of squared differences is above what fair coins give, in standard deviations.
///
/// Bits that never change carry nothing and are left out.
fn separation(one: &[Vec<u8>], two: &[Vec<u8>]) -> f64 {
    assert_eq!(one.len(), two.len());
    let (n, bits) = (one.len() as f64, 8 * one[0].len());
    assert!(one.iter().chain(two).all(|sample| 8 * sample.len() == bits), "the length says nothing");
    let count = |samples: &[Vec<u8>], bit: usize| samples.iter().filter(|s| s[bit / 8] >> (bit % 8) & 1 == 1).count() as f64;
    let (mut sum, mut free) = (0.0, 0.0);
    for bit in 0..bits {
        let (a, b) = (count(one, bit), count(two, bit));
        let share = (a + b) / (2.0 * n);
        let variance = 2.0 * n * share * (1.0 - share);
        if variance > 0.0 {
            sum += (a - b) * (a - b) / variance;
            free += 1.0;
        }
    }
    assert!(free > 200.0, "there is something to count");
    (sum - free) / (2.0 * free).sqrt()
}

/// Beyond any chance: 9 standard deviations of thousands of bits.
const SEPARATE: f64 = 9.0;

/// Keeps one pixel.
fn kept(d: Dims) -> Vec<Step> {
    vec![crop(d, 0, 0, 1, 1)]
}

/// Keeps one pixel and looks it up.
fn toned(d: Dims) -> Vec<Step> {
    let kept = crop(d, 0, 0, 1, 1);
    let tone = contrast(kept.output(), 1.5);
    vec![kept, tone]
}

/// Everything but the cell that is shown is black, or white.
fn candidate(white: bool, steps: fn(Dims) -> Vec<Step>) -> Case {
    let mut case = Case::new(dims(1, 2, 3), steps);
    let hidden = if white { 255 } else { 0 };
    case.replace((0..6).map(|cell| if cell == 0 { 77 } else { hidden }).collect());
    case
}

#[test]
fn the_measure_sees_an_element_that_depends_on_the_original() {
    let noise = |seed: u64| -> Vec<u8> {
        (0..40u64)
            .flat_map(|i| {
                (seed * 977 + i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31).wrapping_mul(0xbf58_476d_1ce4_e5b9).to_le_bytes()
            })
            .collect()
    };
    let samples = |class: u64, leak: bool| -> Vec<Vec<u8>> {
        let known = noise(1_000_000 + class);
        let sample = |i: u64| {
            [noise(2 * i + class), if leak { known[..32].to_vec() } else { noise(50_000 + 2 * i + class)[..32].to_vec() }].concat()
        };
        (0..24).map(sample).collect()
    };
    assert!(separation(&samples(0, false), &samples(1, false)) < SEPARATE);
    assert!(separation(&samples(0, true), &samples(1, true)) > SEPARATE);
}

#[test]
fn commitments_do_not_tell_the_original() {
    let rows = |white| -> Vec<Vec<u8>> {
        let one = || candidate(white, kept).rows.iter().flat_map(point_to_bytes).collect();
        (0..150).map(|_| one()).collect()
    };
    let difference = separation(&rows(false), &rows(true));
    assert!(difference < SEPARATE, "{difference}");
}

/// Proofs from one commitment for each candidate, so that all that is fresh are the proof's own blinders.
fn compare(steps: fn(Dims) -> Vec<Step>) {
    let [black, white] = [false, true].map(|white| candidate(white, steps)).map(|case| -> Vec<Vec<u8>> {
        let proofs: Vec<_> = (0..12).map(|_| case.prove(Output::Revealed)).collect();
        assert!(proofs.iter().all(|proved| proved.output == proofs[0].output));
        proofs.into_iter().map(|proved| proved.proof).collect()
    });
    // No element of one proof is in another. Zero is public, the evaluation of a column that is zero; and within one proof
    // an element may come twice: the flag's column and the fixed one of the first row are the same.
    let mut seen = HashSet::new();
    for proof in black.iter().chain(&white) {
        let elements: HashSet<&[u8]> = proof.chunks(32).filter(|e| e.iter().any(|b| *b != 0)).collect();
        assert!(elements.into_iter().all(|element| seen.insert(element)), "an element of one proof in another");
    }
    let difference = separation(&black, &white);
    assert!(difference < SEPARATE, "{difference}");
}

/// Nothing is committed before the first message: without its blinder it would be the same in every proof.
#[test]
fn proofs_of_a_crop_do_not_tell_the_original() {
    compare(kept);
}

#[test]
fn proofs_with_lookups_do_not_tell_the_original() {
    compare(toned);
}
