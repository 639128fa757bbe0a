//! What a step of a compact chain costs: `cargo bench -p zkimg-recursion --bench chain`.
//!
//! HD pictures, a hidden contrast a link, rows of 2^16 cells. Pallas's generators are derived first, which is not in the times.

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use std::time::Instant;
use zkimg_graph::graph::{Kind, Output};
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::{Cells, CellsRef, Dims};
use zkimg_group::cycle::Pallas;
use zkimg_group::field::{F, hash_to_field};
use zkimg_group::generators::Generators;
use zkimg_proof::channel::Sizes;
use zkimg_proof::commitment::{Layout, commit_rows};
use zkimg_proof::relation::{Relation, Witness};
use zkimg_recursion::chain::{Given, Parameters, limbs};
use zkimg_recursion::compact::{Known, publish, verify};
use zkimg_recursion::fold::Bases;
use zkimg_recursion::step::points::{Slots, crossing_digest};
use zkimg_recursion::step::transcript::history;
use zkimg_recursion::verifier::weighing;

const ROW_BITS: usize = 16;
const LINKS: u64 = 5;

fn main() {
    let d = Dims::new(3, 720, 1280).expect("dims");
    let table = std::array::from_fn(|x| ((x as f64 - 128.0) * 1.05 + 128.5).clamp(0.0, 255.0) as u8);
    let step = Step::single(Piece::pointwise(d, table)).expect("a step");
    let relation = Relation::compile(d, ROW_BITS, &[step], Output::Hidden(Kind::Picture)).expect("a relation");
    let layout = Layout::new(d, ROW_BITS);
    let slots = Slots { instance: 4, picture: layout.rows.len(), others: 2 };
    let sizes = Sizes { leaves: 24, flat: 23, equal: 24, tensors: 2 * slots.picture + slots.others, products: 0, product_bits: 0 };
    let vesta = Generators::load().expect("generators");
    let pallas = Generators::<Pallas>::derive(1 << ROW_BITS);
    let start = Instant::now();
    let bases = (Bases { row: vesta.rows(ROW_BITS), blinder: vesta.h }, Bases { row: pallas.first(1 << ROW_BITS), blinder: pallas.h });
    let parameters = Parameters::new(sizes, slots, 3, bases.0, bases.1);
    println!("both circuits: {:.2} s", start.elapsed().as_secs_f64());
    let most = slots.instance << ROW_BITS;
    println!("| circuit | constraints | values | of |\n|---|---|---|---|");
    println!("| numbers | {} | {} | {most} |", parameters.numbers().constraints(), parameters.numbers().witness());
    println!("| points | {} | {} | {most} |", parameters.points().constraints(), parameters.points().witness());

    let mut cells = Cells::U8((0..d.cells()).map(|i| ((i * i) >> 7) as u8 ^ (i >> 3) as u8).collect());
    let mut blinders: Vec<F> = (0..layout.rows.len()).map(|i| hash_to_field("blinder", &i.to_le_bytes())).collect();
    let mut rows = commit_rows(vesta, &layout, &cells, &blinders);
    let mut random = ChaCha20Rng::from_seed([1; 32]);
    let mut handed = parameters.begin(hash_to_field("history", &[]), &rows, &mut random);
    let mut known =
        Known { links: 0, start: parameters.start(hash_to_field("history", &[]), &rows), history: hash_to_field("history", &[]) };
    println!("| link | append s | check s | publish s | verify s | bytes |\n|---|---|---|---|---|---|");
    for link in 1..=LINKS {
        let statement = hash_to_field("statement", &link.to_le_bytes());
        let given =
            Given { relation: &relation, statement, input: cells.clone(), rows: &rows, blinders: &blinders, output: CellsRef::U8(&[]) };
        let start = Instant::now();
        let appended = parameters.append(&handed, &given, &mut random).expect("a step");
        let append = start.elapsed();
        let start = Instant::now();
        parameters.check(&appended.handed).expect("what is handed on holds");
        let check = start.elapsed();
        known.links = link;
        let digest = limbs(crossing_digest(11, &appended.rows));
        known.history = history(&known.history, &statement, &digest, &weighing(&appended.challenges, &appended.point), &appended.claims);
        let start = Instant::now();
        let proof = publish(&parameters, &appended.handed, (vesta, &pallas), &mut random).expect("a proof");
        let publishing = start.elapsed();
        let start = Instant::now();
        verify(&parameters, &known, (vesta, &pallas), &proof).expect("a valid proof");
        let [append, check, publishing, verifying] = [append, check, publishing, start.elapsed()].map(|time| time.as_secs_f64());
        println!("| {link} | {append:.2} | {check:.2} | {publishing:.2} | {verifying:.2} | {} |", proof.len());
        let mut witness = Witness::new(&relation, vec![cells]);
        cells = std::mem::replace(&mut witness.output, Cells::U8(Vec::new()));
        (rows, blinders, handed) = (appended.rows, appended.blinders.to_vec(), appended.handed);
    }
}
