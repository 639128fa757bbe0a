//! A network's answer proved and verified: `cargo bench -p zkimg-proof --bench network -- [RUNS] [BITS] [checked]`.
//!
//! `person_detect` (MobileNetV1 0.25, 96×96, grey) on a hidden picture with hidden weights, multipliers of 24, 32 or 40 bits. With `checked` the proof also
//! shows that weights and biases lie in their bounds, which is otherwise shown once for a model.

use ff::Field;
use std::time::Instant;
use zkimg_graph::graph::Output;
use zkimg_graph::tensor::{Cells, CellsRef};
use zkimg_group::field::{Affine, F};
use zkimg_group::generators::Generators;
use zkimg_group::randomness::hedged;
use zkimg_network::import::tflite;
use zkimg_network::quantise::Precision;
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::prove::{Input, prove};
use zkimg_proof::relation::Relation;
use zkimg_proof::verify::verify;

const FILE: &[u8] = include_bytes!("../../samples/person_detect/person_detect.tflite");
const CONTEXT: &[u8] = b"bench";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let runs = words.first().and_then(|runs| runs.parse().ok()).unwrap_or(5);
    let precision = match words.get(1).map(String::as_str) {
        Some("32") => Precision::Bits32,
        Some("40") => Precision::Reference,
        _ => Precision::Bits24,
    };
    let start = Instant::now();
    let model = tflite(FILE, precision).expect("a model");
    let graph = model.architecture().graph(words.iter().any(|word| word == "checked")).expect("a graph");
    let relation = Relation::of_graph(graph, 12, Output::Revealed).expect("a relation");
    let built = start.elapsed().as_secs_f64();
    let picture: Vec<u8> = (0..model.architecture().input().cells()).map(|i| (i * i * 13 + i * 5) as u8).collect();
    let cells: Vec<Cells> = std::iter::once(Cells::U8(picture.clone())).chain(model.secrets()).collect();
    let generators = Generators::load().expect("generators");
    let mut random = hedged("bench", &[]).expect("randomness");
    let start = Instant::now();
    let commit = |(layout, cells): (_, &Cells)| {
        let layout: &zkimg_proof::commitment::Layout = layout;
        let blinders: Vec<F> = layout.rows.iter().map(|_| F::random(&mut random)).collect();
        (commit_rows(generators, layout, cells, &blinders), blinders)
    };
    let committed: Vec<(Vec<Affine>, Vec<F>)> = relation.tensors.iter().zip(&cells).map(commit).collect();
    let lookups: usize = relation.lookups.iter().map(|lookup| lookup.dims.cells()).sum();
    let rows: usize = relation.tensors.iter().skip(relation.inputs).map(|tensor| tensor.rows.len()).sum();
    println!(
        "built in {built:.2} s, inputs committed in {:.2} s; {lookups} lookups, {} tensors, {rows} rows, 2^{} leaves, {} work",
        start.elapsed().as_secs_f64(),
        relation.tensors.len(),
        relation.leaf_bits(),
        relation.work()
    );
    let inputs = cells.iter().zip(&committed);
    let inputs: Vec<Input<'_>> = inputs.map(|(cells, (rows, blinders))| Input { cells: cells.view(), blinders, rows }).collect();
    let rows: Vec<&[Affine]> = committed.iter().map(|(rows, _)| &rows[..]).collect();
    let (mut proving, mut verifying, mut bytes) = (Vec::new(), Vec::new(), 0);
    for _ in 0..runs {
        let start = Instant::now();
        let proved = prove(&relation, CONTEXT, &inputs).expect("a proof");
        proving.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        let output = Pixels::of_cells(relation.output, relation.output_bounds, proved.output.view());
        verify(&relation, CONTEXT, &rows, output, &proved.proof).expect("accepted");
        verifying.push(start.elapsed().as_secs_f64());
        bytes = proved.proof.len();
        let answer = model.run(&picture).expect("a run").pop().expect("an answer");
        assert_eq!(proved.output.view(), CellsRef::U8(&answer));
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied().unwrap_or_default()
    };
    let (proving, verifying) = (median(&mut proving), median(&mut verifying));
    println!(
        "proved in {proving:.2} s (self-check included), verified in {verifying:.3} s (median of {runs}), {bytes} bytes, peak {} MB",
        peak()
    );
}

/// The process's peak memory, where the system tells it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kilobytes.map_or("?".into(), |kb| (kb / 1024).to_string())
}
