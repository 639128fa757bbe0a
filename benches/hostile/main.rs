//! What hostile files cost the verifier, beside honest ones of the same sizes.
//!
//! `cargo bench --bench hostile` makes, shape by shape, a hostile file and an honest one of the same original, the same outputs and as
//! many links and edits, runs the program on each as a process of its own, and prints what both cost. Names of shapes after `--` run those
//! alone, `-- --list` prints the names, `-- --keep FOLDER` leaves the files there. A run has 120 s of processor time and 8 GB; one that wants more is ended, and its ratio is infinite.

mod edits;
mod files;
mod honest;
mod jpeg;
mod measure;
mod others;
mod pictures;
mod png;
mod recipes;
mod shapes;
#[allow(dead_code, reason = "tests write more")]
#[path = "../../picture/tests/webp_codes/write.rs"]
mod webp;

use files::Workshop;
use measure::{Cost, Measured};
use std::path::PathBuf;

/// What the ratio of a hostile file to its honest partner may be.
const ALLOWED: f64 = 4.0;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if words.first().is_some_and(|word| word == "--measure") {
        return measure::child(&words[1..]);
    }
    let (kept, words) = kept(words);
    let all = shapes::all();
    if words.iter().any(|word| word == "--list") {
        return all.iter().for_each(|shape| println!("{:22} {}", shape.name, shape.what));
    }
    if let Some(word) = words.iter().find(|word| all.iter().all(|shape| shape.name != **word)) {
        panic!("there is no shape {word}; --list prints all");
    }
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = kept.as_deref().unwrap_or(temporary.path());
    let mut workshop = Workshop::new(folder);
    println!(
        "| shape | bytes | cpu s hostile | honest | × | MB hostile | honest | × | the program says |\n|---|---|---|---|---|---|---|---|---|"
    );
    let (mut worst, mut over) = ([("none", 0.0), ("none", 0.0)], Vec::new());
    for shape in all.iter().filter(|shape| words.is_empty() || words.iter().any(|word| word == shape.name)) {
        let pair = (shape.make)(&mut workshop);
        let honest = workshop.honest_cost(&pair.honest);
        let hostile = measure::cost(folder, &pair.hostile);
        let ratios = [ratio(&hostile, &honest, |cost| cost.cpu), ratio(&hostile, &honest, |cost| cost.peak)];
        for (worst, ratio) in worst.iter_mut().zip(ratios) {
            if ratio > worst.1 {
                *worst = (shape.name, ratio);
            }
        }
        if ratios.iter().any(|ratio| *ratio > ALLOWED) {
            over.push(shape.name);
        }
        let (cost, partner) = (hostile.cost, honest.cost);
        println!(
            "| {} | {} | {:.2} | {:.2} | {:.1} | {:.0} | {:.0} | {:.1} | {} |",
            shape.name, pair.bytes, cost.cpu, partner.cpu, ratios[0], cost.peak, partner.peak, ratios[1], hostile.said
        );
        pair.put_away(folder, kept.is_some().then_some(shape.name));
    }
    let [(slowest, cpu), (largest, memory)] = worst;
    println!("\nworst: {cpu:.1} times the processor time ({slowest}), {memory:.1} times the memory ({largest})");
    println!("more than {ALLOWED} times ({}): {}", over.len(), over.join(", "));
}

/// The folder after `--keep`, and the other words.
fn kept(mut words: Vec<String>) -> (Option<PathBuf>, Vec<String>) {
    let Some(at) = words.iter().position(|word| word == "--keep") else { return (None, words) };
    let folder = words.drain(at..).nth(1).map(|folder| std::path::absolute(folder).expect("a folder"));
    (folder, words)
}

/// How many times the honest partner's cost; infinite if the run was ended.
fn ratio(hostile: &Measured, honest: &Measured, of: fn(&Cost) -> f64) -> f64 {
    if hostile.ended { f64::INFINITY } else { of(&hostile.cost) / of(&honest.cost) }
}
