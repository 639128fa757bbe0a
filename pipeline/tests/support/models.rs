//! Photos, models and answers about them, and cards written from their description.
#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::LazyLock;
use zkimg_graph::fuse::fuse_all;
use zkimg_graph::graph::{Function, Graph, Kind, Output, Part};
use zkimg_graph::step::Region;
use zkimg_graph::tensor::{Bounds, Cells};
use zkimg_group::field::point_to_bytes;
use zkimg_network::layers::{Axis, Conv, Dense, Layer, Mean, Range, Window};
use zkimg_network::model::{Architecture, Model as Network, Placed, Weights};
use zkimg_network::quantise::Precision;
use zkimg_pipeline::answer::{AnswerFile, AnswerReport, Card, Inference, Model, Show, verify_answer};
use zkimg_pipeline::*;
use zkimg_proof::commitment::row_bits;
use zkimg_proof::prove::{Input, prove};
use zkimg_proof::relation::Relation;

pub(crate) const FILE: &[u8] = include_bytes!("../../../samples/person_detect/person_detect.tflite");
pub(crate) const EDITS: [&str; 3] = ["crop=96x96+8+2", "grayscale", "flip=horizontal"];

pub(crate) static CAMERA: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().expect("a key"));

/// A drawn photo: slopes, and a figure of a brighter colour.
pub(crate) fn photo(width: usize, height: usize, seed: usize) -> Negative {
    photo_by(&CAMERA, width, height, seed)
}

/// The same, signed by a camera.
pub(crate) fn photo_by(camera: &SigningKey, width: usize, height: usize, seed: usize) -> Negative {
    let dims = Dims::new(3, height, width).expect("dims");
    let cell = |i: usize| {
        let (c, y, x) = (i / (height * width), i / width % height, i % width);
        let inside = (height / 4..height - 3).contains(&y) && (width / 3..width / 3 + 9 + seed).contains(&x);
        (2 * x + y * (c + 1) + seed * 17 + if inside { 90 } else { 0 }) as u8
    };
    let png = encode_png(&Picture::new(dims, (0..dims.cells()).map(cell).collect()).expect("a picture"));
    attest(&png, camera, &Policy::default(), 1_790_000_000).expect("attested").1
}

pub(crate) fn recipe(words: &[&str]) -> Recipe {
    Recipe::from_words(words).expect("a recipe")
}

pub(crate) fn trust() -> Trust {
    let mut trust = Trust::default();
    trust.devices.insert(CAMERA.public());
    trust
}

pub(crate) fn ask(negative: &Negative, words: &[&str], model: &Model, show: Show) -> AnswerFile {
    Inference::new([negative], &recipe(words), model, show).answer().expect("an answer")
}

pub(crate) fn check(answer: &AnswerFile, card: &Card) -> AnswerReport {
    verify_answer(answer, None, card, &trust()).expect("parameters")
}

/// The check that refuses.
#[track_caller]
pub(crate) fn refusal(report: &AnswerReport) -> &'static str {
    assert_eq!(report.verdict, Verdict::Invalid, "{report:?}");
    assert!(report.photos.iter().all(|photo| photo.answer.is_none()), "nothing is shown that does not hold");
    let last = report.findings.last().expect("a check");
    assert!(!last.holds());
    last.checked().name()
}

pub(crate) fn range(high: u8) -> Range {
    Range { zero: 100, low: 0, high }
}

/// A convolution, the mean, and scores of three classes, for grey pictures of 5 × 4.
pub(crate) fn small(high: u8, seed: i64) -> Network {
    let window = Window { y: Axis::same(4, 3, 1), x: Axis::same(5, 3, 1) };
    let layers = [
        Layer::Conv(Conv { inputs: 1, outputs: 4, window, zero: 9, weight_bits: 20, range: range(250) }),
        Layer::Mean(Mean { dims: Dims { channels: 4, height: 4, width: 5 }, weight_bits: 24, range: range(250) }),
        Layer::Dense(Dense { inputs: 4, outputs: 3, weight_bits: 24, range: range(high) }),
    ];
    let layers = layers.into_iter().enumerate().map(|(i, layer)| Placed { layer, reads: vec![i] }).collect();
    let architecture =
        Architecture::new(Dims { channels: 1, height: 4, width: 5 }, layers, Precision::Bits24, 30).expect("an architecture");
    let numbers = |n: i64, most: i64| (0..n).map(|i| (i * i * 31 + i * seed + 5) * 7919 % (2 * most) - most).collect::<Vec<i64>>();
    let weights = vec![numbers(4 * 9, 1 << 20), vec![1 << 23], numbers(12, 1 << 22)];
    Network::new(architecture, Weights::new(numbers(4 + 1 + 3, 1 << 28), weights)).expect("a network")
}

pub(crate) fn tiny_edits() -> Vec<&'static str> {
    vec!["crop=5x4+1+2", "grayscale"]
}

/// Other edits than those that are said, each of which makes the same graph: only what they are called tells them apart.
pub(crate) fn called_otherwise(said: &Edits, others: &[&[&str]]) -> Vec<String> {
    let fused = |edits: &Edits| fuse_all(edits.input(), edits.steps()).expect("steps");
    let other = |words: &&[&str]| {
        let other = recipe(words).resolve(said.input()).expect("edits");
        assert_eq!(fused(&other), fused(said), "{words:?}");
        assert_ne!(other.canonical(), said.canonical());
        other.canonical()
    };
    others.iter().map(other).collect()
}

/// A file whose edits, which stand between two places, are others.
pub(crate) fn with_edits(file: &[u8], from: usize, to: usize, text: &str) -> Vec<u8> {
    [&file[..from], &(text.len() as u32).to_le_bytes(), text.as_bytes(), &file[to..]].concat()
}

/// A card's file from its description: `architecture` over the very rows of a model, with a proof of its own.
pub(crate) fn card_over(model: &Model, architecture: &Architecture) -> Vec<u8> {
    let (description, rows) = (architecture.to_bytes(), model.card().rows());
    let mut head = b"zkimgcrd\x02\0".to_vec();
    head.extend((description.len() as u32).to_le_bytes());
    head.extend(description);
    head.push(0); // It makes scores.
    rows.iter().flatten().for_each(|row| head.extend(point_to_bytes(row)));
    let mut graph = Graph::new();
    for (dims, bounds) in architecture.secrets() {
        graph.input(Kind::Model, dims, bounds, true).expect("an input");
    }
    let one = Dims { channels: 1, height: 1, width: 1 };
    let zero =
        Part { region: Region::whole(one), terms: Vec::new(), products: Vec::new(), bias: 0, divisor: 1, function: Function::Identity };
    graph.single(Bounds { low: 0, high: 0 }, zero).expect("a node");
    let cells = architecture.secrets().map(|(dims, _)| dims.cells()).sum();
    let relation = Relation::of_graph(graph, row_bits(&Dims::vector(cells).expect("dims")), Output::Revealed).expect("a relation");
    let secrets: Vec<Cells> = model.network().secrets();
    let each = secrets.iter().zip(model.blinders()).zip(rows);
    let inputs: Vec<Input<'_>> = each.map(|((cells, blinders), rows)| Input { cells: cells.view(), blinders, rows }).collect();
    let proof = prove(&relation, &[b"zkimg-card-statement", &head[..]].concat(), &inputs).expect("a proof").proof;
    // Nobody vouches for it.
    [&head[..], &(proof.len() as u32).to_le_bytes(), &proof, &[0]].concat()
}

/// The file of a model whose card is another.
pub(crate) fn with_card(model: &Model, card: &[u8]) -> Vec<u8> {
    with_public(&model.to_bytes(), model.card().to_bytes().len(), card)
}

/// The file of a secret whose public half, so many bytes long and its first part, is another.
pub(crate) fn with_public(file: &[u8], length: usize, public: &[u8]) -> Vec<u8> {
    let rest = &file[14 + length..file.len() - 32];
    sealed([&file[..10], &(public.len() as u32).to_le_bytes(), public, rest].concat())
}

/// With a right checksum, so that the parser itself is reached.
pub(crate) fn sealed(mut body: Vec<u8>) -> Vec<u8> {
    let sum = blake2b_simd::blake2bp::Params::new().hash_length(32).hash(&body);
    body.extend(sum.as_bytes());
    body
}

/// A file with some of its bytes overwritten.
pub(crate) fn overwritten(file: &[u8], changes: &[(u32, u8)], near: bool) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for (at, to) in changes {
        // Most of a file is points; what is decoded first stands at the beginning.
        let reach = if near { bytes.len().min(700) } else { bytes.len() };
        bytes[*at as usize % reach] = *to;
    }
    bytes
}

/// Where the parts of the file of an answer about one photo begin: rows, card digest, edits, what is shown, argument.
pub(crate) fn parts(answer: &AnswerFile) -> [usize; 5] {
    let rows = 16 + answer.captures().next().expect("a hidden photo").to_bytes().len();
    let card = rows + answer.commitment_bytes();
    let edits = card + 32;
    let shown = edits + 4 + answer.answers()[0].edits().canonical().len();
    [rows, card, edits, shown, answer.to_bytes().len() - 4 - answer.proof_bytes()]
}
