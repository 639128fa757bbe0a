//! What a link costs in the form of a compact chain: `cargo bench -p zkimg-recursion --bench link`.

use ff::Field;
use std::time::Instant;
use zkimg_graph::graph::{Kind, Output};
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::{Cells, CellsRef, Dims};
use zkimg_group::field::F;
use zkimg_group::generators::Generators;
use zkimg_group::randomness::hedged;
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::{Layout, commit_rows};
use zkimg_proof::prove::Input;
use zkimg_proof::relation::Relation;
use zkimg_recursion::constraints::Class;
use zkimg_recursion::link::{prove, verify};

fn main() {
    let d = Dims::new(3, 720, 1280).expect("dims");
    let table = std::array::from_fn(|x| ((x as f64 - 128.0) * 1.15 + 128.5).clamp(0.0, 255.0) as u8);
    let cells: Vec<u8> = (0..d.cells()).map(|i| ((i * i) >> 7) as u8 ^ (i >> 3) as u8).collect();
    println!("| m | n | N | tensors | constraints | shape s | prove s | verify ms | proof bytes | list: prove s | verify ms | bytes |");
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for m in [14, 16] {
        let step = Step::single(Piece::pointwise(d, table)).expect("a step");
        let relation = Relation::compile(d, m, &[step], Output::Hidden(Kind::Picture)).expect("a relation");
        let layout = Layout::new(d, m);
        let mut random = hedged("bench", &[]).expect("randomness");
        let blinders: Vec<F> = layout.rows.iter().map(|_| F::random(&mut random)).collect();
        let generators = Generators::load_for(m).expect("generators");
        let rows = commit_rows(generators, &layout, &Cells::U8(cells.clone()), &blinders);
        let input = || Input { cells: CellsRef::U8(&cells), blinders: &blinders, rows: &rows };
        let start = Instant::now();
        let class = Class::of(&relation).expect("a class");
        let of_shape = start.elapsed();
        let median = |mut times: Vec<f64>| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        };
        let timed = |f: &mut dyn FnMut()| {
            let times = (0..5).map(|_| {
                let start = Instant::now();
                f();
                start.elapsed().as_secs_f64()
            });
            median(times.collect())
        };
        let mut proof = Vec::new();
        let proving = timed(&mut || proof = prove(&relation, &class, b"bench", &[input()]).expect("a proof").proof);
        let verifying = timed(&mut || {
            verify(&relation, &class, b"bench", &[&rows], Pixels::none(), &proof).expect("a valid proof");
        });
        let mut listed = Vec::new();
        let list = timed(&mut || listed = zkimg_proof::prove::prove(&relation, b"bench", &[input()]).expect("a proof").proof);
        let list_verifying = timed(&mut || {
            zkimg_proof::verify::verify(&relation, b"bench", &[&rows], Pixels::none(), &listed).expect("a valid proof");
        });
        println!(
            "| {m} | {} | {} | {} | {} | {:.2} | {proving:.2} | {:.0} | {} | {list:.2} | {:.0} | {} |",
            relation.leaf_bits(),
            relation.flat_bits(),
            relation.tensors.len(),
            class.shape().constraints(),
            of_shape.as_secs_f64(),
            1e3 * verifying,
            proof.len(),
            1e3 * list_verifying,
            listed.len(),
        );
    }
}
