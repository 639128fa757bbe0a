//! Graphs of hidden tensors, each in a process of its own: `cargo bench -p zkimg-proof --bench graphs -- NAME [RUNS]`.
//!
//! `matrix`: a hidden 512×1024 matrix times a hidden 1024×64 one, divided by 2^16, clamped to a byte. `layer`: a 1×1 convolution of
//! 112×112 places from 32 to 64 channels with hidden weights and public multipliers, divided by 2^24, clamped. `lookup8`, `lookup16`: a
//! million cells divided by 2^8 and by 2^16, whose remainders are one lookup each.

use ff::Field;
use std::sync::Arc;
use std::time::Instant;
use zkimg_graph::contraction::{Access, Contraction, Route};
use zkimg_graph::graph::{Function, Graph, Kind, Output, Part, Product};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap};
use zkimg_graph::step::Region;
use zkimg_graph::tensor::{Bounds, Cells, Dims};
use zkimg_group::field::{Affine, F};
use zkimg_group::generators::Generators;
use zkimg_group::randomness::hedged;
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::prove::{Input, prove};
use zkimg_proof::relation::Relation;

const WEIGHT: Bounds = Bounds { low: -128, high: 127 };

fn dims(h: usize, w: usize) -> Dims {
    Dims::new(1, h, w).expect("dims")
}

/// `clamp(⌊(Σ m_i·w[i][k]·x[k][j] + D/2)/D⌋)`, and what the operands hold.
fn product(rows: usize, inner: usize, columns: usize, multiplier: i32, divisor: u64) -> (Graph, Vec<Cells>) {
    let (a, b) = (dims(rows, inner), dims(inner, columns));
    let scaled = AxisMap::new(rows, (0..rows).map(|i| vec![Tap { input: i as u32, weight: multiplier }]));
    let left = Access { dims: a, routes: [Route::single(), Route { labels: vec![0], map: scaled }, Route::plain(1, inner)] };
    let right = Access { dims: b, routes: [Route::single(), Route::plain(1, inner), Route::plain(2, columns)] };
    let contraction = Contraction::new(vec![rows, inner, columns], [None, Some(0), Some(2)], [left, right]).expect("a product");
    let most = inner as u64 * 128 * 255 * u64::from(multiplier.unsigned_abs()) / divisor + 1;
    let mut graph = Graph::new();
    let operands = [
        graph.input(Kind::Picture, a, WEIGHT, false).expect("an input"),
        graph.input(Kind::Picture, b, Bounds::BYTE, false).expect("an input"),
    ];
    let part = Part {
        region: Region::whole(dims(rows, columns)),
        terms: Vec::new(),
        products: vec![Product { contraction: Arc::new(contraction), operands }],
        bias: (divisor / 2).cast_signed(),
        divisor,
        function: Function::clamp(-most.cast_signed(), most.cast_signed()),
    };
    graph.single(Bounds::BYTE, part).expect("a node");
    let weights: Vec<i64> = (0..a.cells() as u64).map(|i| (i * i * 31 + i * 7) % 256).map(|w| w.cast_signed() - 128).collect();
    let cells: Vec<u8> = (0..b.cells()).map(|i| (i * i * 13 + i * 5) as u8).collect();
    (graph, vec![Cells::narrowest(&weights, WEIGHT), Cells::U8(cells)])
}

/// `⌊x·255/D⌋` for a million bytes: half of all lookups are into the table of remainders.
fn divided(divisor: u64) -> (Graph, Vec<Cells>) {
    let d = dims(1024, 1024);
    let mut graph = Graph::new();
    let x = graph.input(Kind::Picture, d, Bounds::BYTE, false).expect("an input");
    let map = LinearMap::mix(d, vec![vec![(255 * divisor / 256) as i32]]);
    let part =
        Part { region: Region::whole(d), terms: vec![(x, map)], products: Vec::new(), bias: 0, divisor, function: Function::Identity };
    graph.single(Bounds::BYTE, part).expect("a node");
    (graph, vec![Cells::U8((0..d.cells()).map(|i| (i * i * 13 + i * 5) as u8).collect())])
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let runs = words.get(1).and_then(|runs| runs.parse().ok()).unwrap_or(5);
    let (graph, inputs) = match words.first().map(String::as_str) {
        Some("matrix") => product(512, 1024, 64, 1, 1 << 16),
        Some("layer") => product(64, 32, 112 * 112, 8000, 1 << 24),
        Some("lookup8") => divided(1 << 8),
        Some("lookup16") => divided(1 << 16),
        _ => return println!("name one of: matrix, layer, lookup8, lookup16"),
    };
    let relation = Relation::of_graph(graph, 12, Output::Hidden(Kind::Picture)).expect("a relation");
    let generators = Generators::load().expect("generators");
    let mut random = hedged("bench", &[]).expect("randomness");
    let committed: Vec<(Vec<Affine>, Vec<F>)> = relation
        .tensors
        .iter()
        .zip(&inputs)
        .map(|(layout, cells)| {
            let blinders: Vec<F> = layout.rows.iter().map(|_| F::random(&mut random)).collect();
            (commit_rows(generators, layout, cells, &blinders), blinders)
        })
        .collect();
    let mut times = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        let input = |((rows, blinders), cells): (&(Vec<Affine>, Vec<F>), &Cells)| (rows.clone(), blinders.clone(), cells.clone());
        let owned: Vec<_> = committed.iter().zip(&inputs).map(input).collect();
        let inputs: Vec<Input<'_>> = owned.iter().map(|(rows, blinders, cells)| Input { cells: cells.view(), blinders, rows }).collect();
        let proved = prove(&relation, b"bench", &inputs).expect("a proof");
        times.push((start.elapsed().as_secs_f64(), proved.proof.len()));
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (median, bytes) = times[times.len() / 2];
    println!("{median:.2} s (median of {runs}, self-check included), {bytes} bytes, peak {} MB", peak());
}

/// The process's peak memory, where the system tells it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kilobytes.map_or("?".into(), |kb| (kb / 1024).to_string())
}
