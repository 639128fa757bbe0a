//! What a step of a compact chain costs: `cargo bench -p zkimg-recursion --bench chain`, for pictures of HD; with `-- 12` of 12 megapixels.
//!
//! A hidden contrast a link, from a camera whose rows are shorter where the picture's are. Both circuits are made first, which is not in the times.

use ff::Field;
use pasta_curves::Fq;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use std::time::Instant;
use zkimg_graph::graph::{Kind, Output};
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::{Cells, CellsRef, Dims};
use zkimg_group::field::{F, hash_to_field};
use zkimg_group::generators::{Generators, MAX_ROW_BITS};
use zkimg_proof::commitment::{Layout, commit_rows, row_bits};
use zkimg_proof::relation::{Relation, Witness};
use zkimg_recursion::chain::{Begun, Given, Known as Picture, limbs};
use zkimg_recursion::class::{Class, generators};
use zkimg_recursion::compact::{Known, publish, verify};
use zkimg_recursion::step::points::crossing_digest;
use zkimg_recursion::step::transcript::history;
use zkimg_recursion::verifier::weighing;

fn main() {
    let large = std::env::args().any(|word| word == "12");
    let (d, links) = if large { (Dims::new(3, 3000, 4000), 2) } else { (Dims::new(3, 720, 1280), 5) };
    let d = d.expect("dims");
    let table = std::array::from_fn(|x| ((x as f64 - 128.0) * 1.05 + 128.5).clamp(0.0, 255.0) as u8);
    let step = Step::single(Piece::pointwise(d, table)).expect("a step");
    let relation = Relation::compile(d, MAX_ROW_BITS, &[step], Output::Hidden(Kind::Picture)).expect("a relation");
    let class = Class::of(d).expect("a class");
    let start = Instant::now();
    let both = generators().expect("generators");
    println!("generators: {:.2} s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let parameters = class.parameters().expect("both circuits");
    println!("both circuits: {:.2} s", start.elapsed().as_secs_f64());
    println!("| circuit | constraints | values |\n|---|---|---|");
    println!("| numbers | {} | {} |", parameters.numbers().constraints(), parameters.numbers().witness());
    println!("| points | {} | {} |", parameters.points().constraints(), parameters.points().witness());
    println!("handed on: {} bytes; told of a link: {} bytes", class.handed_bytes(), 32 * (1 + class.told()));

    let mut cells = Cells::U8((0..d.cells()).map(|i| ((i * i) >> 7) as u8 ^ (i >> 3) as u8).collect());
    let layout = Layout::new(d, row_bits(&d));
    let own: Vec<F> = (0..layout.rows.len()).map(|i| hash_to_field("blinder", &i.to_le_bytes())).collect();
    let camera = commit_rows(Generators::load().expect("generators"), &layout, &cells, &own);
    let mut random = ChaCha20Rng::from_seed([1; 32]);
    let origin = hash_to_field("origin", &[]);
    let begin = Instant::now();
    let known = Picture { layout: &layout, cells: &cells, rows: &camera, blinders: &own };
    let Begun { beginning, pictures, longer, mut blinders } =
        parameters.begun(origin, &known, &mut random).expect("a picture of this class");
    let mut rows = beginning.rows().to_vec();
    let mut handed = parameters.begin(&beginning, pictures);
    println!("begun: {:.2} s, {} longer rows", begin.elapsed().as_secs_f64(), longer.as_ref().map_or(0, Vec::len));
    let mut known = Known { links: 0, start: parameters.start(&beginning), history: origin, picture: Fq::ZERO };
    println!("| link | append s | check s | publish s | verify s | bytes |\n|---|---|---|---|---|---|");
    for link in 1..=links {
        let statement = hash_to_field("statement", &u64::to_le_bytes(link));
        let start = Instant::now();
        let mut witness = Witness::new(&relation, vec![cells]);
        cells = std::mem::replace(&mut witness.output, Cells::U8(Vec::new()));
        let given = Given { relation: &relation, statement, witness, rows: &rows, blinders: &blinders, output: CellsRef::U8(&[]) };
        let appended = parameters.append(&handed, given, &mut random).expect("a step");
        let append = start.elapsed();
        let start = Instant::now();
        parameters.check(&appended.handed).expect("what is handed on holds");
        let check = start.elapsed();
        known.links = link;
        known.picture = crossing_digest(11, &appended.rows);
        let digest = limbs(known.picture);
        known.history = history(&known.history, &statement, &digest, &weighing(&appended.challenges, &appended.point), &appended.claims);
        let start = Instant::now();
        let proof = publish(parameters, &appended.handed, both, &mut random).expect("a proof");
        let publishing = start.elapsed();
        let start = Instant::now();
        verify(parameters, &known, both, &proof).expect("a valid proof");
        let [append, check, publishing, verifying] = [append, check, publishing, start.elapsed()].map(|time| time.as_secs_f64());
        println!("| {link} | {append:.2} | {check:.2} | {publishing:.2} | {verifying:.2} | {} |", proof.len());
        (rows, blinders, handed) = (appended.rows, appended.blinders, appended.handed);
    }
}
