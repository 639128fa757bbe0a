//! A compact proof and what is handed on, damaged many times: none is accepted, none ends the program.

use crate::chains::{damage_handed, damage_proof};
use crate::change::Reached;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::thread::{available_parallelism, scope};

/// Damages something `trials` times, by one to three instructions each; `seed` chooses which. Prints how far the damaged ones came;
/// nine of ten must reach the equations, and each of these must refuse some.
fn corrupt(damage: fn(&[u8]) -> Reached, trials: u64, seed: u64, checks: &[&'static str]) {
    assert_eq!(damage(&[]), Reached::Nothing, "as it is, which is accepted");
    let workers = available_parallelism().map_or(1, usize::from) as u64;
    let counts: Mutex<BTreeMap<Reached, u64>> = Mutex::default();
    let work = |worker| {
        for trial in (worker..trials).step_by(workers as usize) {
            let mut state = seed.wrapping_add(trial << 8);
            let length = 1 + next(&mut state) % 3;
            let bytes: Vec<u8> = (0..length).flat_map(|_| next(&mut state).to_le_bytes()).collect();
            let reached = damage(&bytes);
            *counts.lock().expect("no panic").entry(reached).or_insert(0) += 1;
            if trial % 1_000 == 0 && trial > 0 {
                println!("{trial} of {trials}");
            }
        }
    };
    scope(|scope| (0..workers).for_each(|worker| drop(scope.spawn(move || work(worker)))));
    let counts = counts.into_inner().expect("no panic");
    counts.iter().for_each(|(reached, count)| println!("{count:7} of {trials}: {reached:?}"));
    assert_eq!(counts.values().sum::<u64>(), trials);
    let argued: u64 = counts.iter().filter(|(reached, _)| matches!(reached, Reached::Argument(_))).map(|(_, count)| count).sum();
    println!("{:.1} % reach the argument", 100.0 * argued as f64 / trials as f64);
    assert!(10 * argued >= 9 * trials, "only {argued} of {trials} reach the argument");
    for check in checks {
        assert!(counts.contains_key(&Reached::Argument(check)), "none is refused by: {check}");
    }
}

/// SplitMix64: reproducible, and nothing more is asked of it.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ *state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

const OF_PROOF: [&str; 4] = ["matrices", "vectors", "opened value", "opening"];
/// All that bytes can be refused for: what is recomputed when they are read fits.
const OF_HANDED: [&str; 4] = ["pictures", "value of the pictures", "witness of the folded instance", "error of the folded instance"];

#[test]
fn no_damage_to_a_compact_proof_is_accepted() {
    corrupt(damage_proof, 300, 1, &OF_PROOF);
}

#[test]
fn no_damage_to_what_is_handed_on_is_accepted() {
    corrupt(damage_handed, 16, 1, &OF_HANDED[..3]);
}

#[test]
#[ignore = "takes hours; `cargo test -p zkimg-recursion --release --test tests -- --ignored --nocapture compact`"]
fn no_damage_of_a_hundred_thousand_to_a_compact_proof_is_accepted() {
    corrupt(damage_proof, 100_000, 1 << 40, &OF_PROOF);
}

#[test]
#[ignore = "takes hours; `cargo test -p zkimg-recursion --release --test tests -- --ignored --nocapture handed`"]
fn no_damage_of_a_hundred_thousand_to_what_is_handed_on_is_accepted() {
    corrupt(damage_handed, 100_000, 1 << 40, &OF_HANDED);
}

/// Every file of both corpora through its target.
#[test]
fn the_corpus_of_chains_is_replayed() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (name, target) in [("compact", crate::chains::compact as fn(&[u8])), ("handed", crate::chains::handed)] {
        let files = std::fs::read_dir(corpus.join(name)).expect("a folder for every target");
        let count = files.map(|file| target(&std::fs::read(file.expect("an entry").path()).expect("a file"))).count();
        assert!(count > 0, "{name} has no corpus");
    }
}
