//! A network that makes embeddings, photos of faces that are none, and files about them taken apart.
#![allow(dead_code, reason = "each test file uses its part")]

use crate::models::{CAMERA, recipe, trust};
use zkimg_network::layers::{Axis, Conv, Layer, Mean, Range, Window};
use zkimg_network::model::{Architecture, Model as Network, Placed, Weights};
use zkimg_network::quantise::Precision;
use zkimg_pipeline::answer::{Card, Model, NewModel, OutputKind, Threshold};
use zkimg_pipeline::face::{Comparison, Enrolled, Enrolment, FaceError, MatchFile, MatchReport, Template, verify_match};
use zkimg_pipeline::*;

pub(crate) const EDITS: [&str; 2] = ["crop=5x4+1+2", "grayscale"];

pub(crate) fn threshold(hundredths: u8) -> Threshold {
    Threshold::new(hundredths).expect("a threshold")
}

/// A convolution with a ReLU and the mean of eight channels, for grey pictures of 5 × 4. Of black it makes zeros.
pub(crate) fn network(zero: u8, seed: u64) -> Network {
    let window = Window { y: Axis::same(4, 3, 1), x: Axis::same(5, 3, 1) };
    let layers = [
        Layer::Conv(Conv { inputs: 1, outputs: 8, window, zero: 0, weight_bits: 21, range: Range { zero: 0, low: 0, high: 255 } }),
        Layer::Mean(Mean { dims: Dims { channels: 8, height: 4, width: 5 }, weight_bits: 25, range: Range::all(zero) }),
    ];
    let layers = layers.into_iter().enumerate().map(|(i, layer)| Placed { layer, reads: vec![i] }).collect();
    let input = Dims { channels: 1, height: 4, width: 5 };
    let architecture = Architecture::new(input, layers, Precision::Bits24, 30).expect("an architecture");
    let next = |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    let states = std::iter::successors(Some(seed), next).skip(1).take(8 * 9);
    let numbers = states.map(|state| ((state >> 33) % (1 << 22)).cast_signed() - (1 << 21)).collect();
    Network::new(architecture, Weights::new(vec![0; 9], vec![numbers, vec![1 << 24]])).expect("a network")
}

pub(crate) fn model(zero: u8, seed: u64) -> Model {
    let output = OutputKind::embedding(vec![threshold(50), threshold(97)]).expect("thresholds");
    NewModel::new(network(zero, seed)).makes(output).commit().expect("a model")
}

/// A photo whose cells are these.
pub(crate) fn photo_of(cell: impl Fn(usize, usize) -> u8) -> Negative {
    let dims = Dims::new(3, 9, 8).expect("dims");
    let cells = (0..dims.cells()).map(|i| cell(i % 8, i / 8 % 9)).collect();
    let png = encode_png(&Picture::new(dims, cells).expect("a picture"));
    attest(&png, &CAMERA, &Policy::default(), 1_790_000_000).expect("attested").1
}

/// Somebody, on a day that changes little.
pub(crate) fn anna(day: u8) -> Negative {
    photo_of(|x, y| (x * 23 + y * 11 + usize::from(day) * (x ^ y)) as u8)
}

/// Somebody else.
pub(crate) fn berta() -> Negative {
    photo_of(|x, y| if (x + y).is_multiple_of(2) { 250 } else { 3 })
}

pub(crate) fn enrol(negative: &Negative, model: &Model) -> Template {
    Enrolment::new(negative, &recipe(&EDITS), model).enrol().expect("enrolled")
}

pub(crate) fn compare(negative: &Negative, model: &Model, template: &Template, hundredths: u8) -> Result<MatchFile, FaceError> {
    Comparison::new(negative, &recipe(&EDITS), model, template, threshold(hundredths)).prove()
}

pub(crate) fn check(matched: &MatchFile, enrolled: &Enrolled, card: &Card) -> MatchReport {
    verify_match(matched, enrolled, card, &trust()).expect("parameters")
}

/// The check that refuses.
#[track_caller]
pub(crate) fn refusal(verdict: Verdict, findings: &[Finding]) -> &'static str {
    assert_eq!(verdict, Verdict::Invalid, "{findings:?}");
    let last = findings.last().expect("a check");
    assert!(!last.holds());
    last.checked().name()
}

#[track_caller]
pub(crate) fn refused(report: &MatchReport) -> &'static str {
    assert_eq!(
        (report.at_least, &report.enrolled.signer, &report.model_signer),
        (None, &None, &None),
        "nothing is shown that does not hold"
    );
    refusal(report.verdict, &report.findings)
}

/// Where the parts of a match's file begin: rows, card digest, edits, digest of the enrolled face, threshold, argument.
pub(crate) fn parts(matched: &MatchFile) -> [usize; 6] {
    let rows = 14 + matched.capture().to_bytes().len();
    let card = rows + matched.commitment_bytes();
    let edits = card + 32;
    let enrolled = edits + 4 + matched.edits().canonical().len();
    [rows, card, edits, enrolled, enrolled + 32, enrolled + 33]
}

/// The same of an enrolled face: rows, card digest, edits, root of the template, argument, who enrolled.
pub(crate) fn enrolled_parts(enrolled: &Enrolled) -> [usize; 6] {
    let rows = 14 + enrolled.capture().to_bytes().len();
    let card = rows + enrolled.commitment_bytes();
    let edits = card + 32;
    let template = edits + 4 + enrolled.edits().canonical().len();
    let argument = template + 32;
    [rows, card, edits, template, argument, argument + 4 + enrolled.proof_bytes()]
}
