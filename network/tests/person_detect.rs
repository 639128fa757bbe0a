//! A real network, `samples/person_detect`, against the reference kernels of LiteRT.
//!
//! `reference.txt` holds, for eight pictures, both logits and a hash of what every layer made, as `ai-edge-litert` 2.3.0 computed them
//! with `BUILTIN_REF` (`samples/person_detect/reference.py`).

use zkimg_network::import::tflite;
use zkimg_network::model::Model;
use zkimg_network::quantise::Precision;

const FILE: &[u8] = include_bytes!("../../samples/person_detect/person_detect.tflite");
const REFERENCE: &str = include_str!("../../samples/person_detect/reference.txt");
const SIDE: usize = 96;

/// What the reference kernels made of a picture.
struct Expected {
    picture: Vec<u8>,
    /// As int8.
    logits: Vec<i64>,
    /// FNV-1a of each layer's bytes `[c][y][x]`.
    layers: Vec<u64>,
}

fn expected() -> Vec<Expected> {
    let line = |line: &str| {
        let mut words = line.split(' ');
        let kind = words.next().expect("a kind");
        let mut number = || words.next().expect("a number").parse::<i64>().expect("a number");
        let (seed, logits) = (number() as u64, vec![number(), number()]);
        let picture = if kind == "noise" { noise(seed) } else { shapes(seed as usize) };
        Expected { picture, logits, layers: words.map(|word| u64::from_str_radix(word, 16).expect("a hash")).collect() }
    };
    REFERENCE.lines().map(line).collect()
}

fn noise(seed: u64) -> Vec<u8> {
    let next = |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    std::iter::successors(Some(seed), next).skip(1).take(SIDE * SIDE).map(|state| (state >> 56) as u8).collect()
}

/// A slope with a bright box on it.
fn shapes(k: usize) -> Vec<u8> {
    let cell = |i: usize| {
        let (y, x) = (i / SIDE, i % SIDE);
        let inside = (20 + 3 * k..70).contains(&y) && (30..60 + k).contains(&x);
        (y * (k + 1) + x * (7 - k) + if inside { 90 } else { 0 }) as u8
    };
    (0..SIDE * SIDE).map(cell).collect()
}

fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

fn signed(bytes: &[u8]) -> Vec<i64> {
    bytes.iter().map(|byte| i64::from(*byte) - 128).collect()
}

fn model(precision: Precision) -> Model {
    tflite(FILE, precision).expect("a model")
}

#[test]
fn every_cell_of_every_layer_is_that_of_the_reference_kernels() {
    let model = model(Precision::Reference);
    for (i, Expected { picture, logits, layers }) in expected().iter().enumerate() {
        let values = model.run(picture).expect("a run");
        let hashes: Vec<u64> = values.iter().map(|bytes| fnv(bytes)).collect();
        let wrong: Vec<usize> = (0..layers.len()).filter(|l| hashes.get(*l) != layers.get(*l)).collect();
        assert!(wrong.is_empty() && hashes.len() == layers.len(), "picture {i}: layers {wrong:?} differ");
        assert_eq!(values.last().map(|bytes| signed(bytes)).as_ref(), Some(logits));
    }
}

/// How many of a million cells are equal, and how far the others are at most.
fn distance(precision: Precision) -> (usize, u8) {
    let (short, reference) = (model(precision), model(Precision::Reference));
    let (mut cells, mut equal, mut furthest) = (0, 0, 0);
    for Expected { picture, logits, .. } in expected() {
        let (a, b) = (short.run(&picture).expect("a run"), reference.run(&picture).expect("a run"));
        for (a, b) in a.iter().flat_map(|v| v.iter()).zip(b.iter().flat_map(|v| v.iter())) {
            cells += 1;
            equal += usize::from(a == b);
            furthest = furthest.max(a.abs_diff(*b));
        }
        let answer = signed(a.last().expect("an answer"));
        assert_eq!(answer[0] > answer[1], logits[0] > logits[1]);
        assert!(answer.iter().zip(&logits).all(|(a, b)| a.abs_diff(*b) <= 2), "{answer:?}, {logits:?}");
    }
    (equal * 1_000_000 / cells, furthest)
}

#[test]
fn shorter_multipliers_differ_little_from_the_reference_kernels() {
    // Half of the pictures are noise.
    let (equal, furthest) = distance(Precision::Bits24);
    assert!(equal >= 940_000 && furthest <= 10, "{equal}, {furthest}");
    let (equal, furthest) = distance(Precision::Bits32);
    assert!(equal >= 999_000 && furthest <= 3, "{equal}, {furthest}");
}
