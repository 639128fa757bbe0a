//! Bytes from strangers: what the fuzz targets found worth keeping, and a valid proof damaged many times.

// The fuzz targets reach what no test does.
#[allow(unreachable_pub)]
#[path = "../../fuzz/targets.rs"]
mod targets;

use std::collections::BTreeMap;
use std::path::Path;
use std::thread::{available_parallelism, scope};
use targets::{Reached, damage};

/// Every file of the corpus through the target it belongs to.
#[test]
fn the_corpus_is_replayed() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in targets::TARGETS {
        let files = std::fs::read_dir(corpus.join(name)).expect("a folder for every target");
        let mut count = 0;
        for file in files {
            target(&std::fs::read(file.expect("an entry").path()).expect("a file"));
            count += 1;
        }
        assert!(count > 0, "{name} has no corpus");
    }
}

/// Damages the pinned proof `trials` times, by one to three instructions each; `seed` chooses which. Prints how far the damaged
/// files came; nine of ten must reach the verifier's equations.
fn corrupt(trials: u64, seed: u64) {
    assert_eq!(damage(&[]), Reached::Nothing, "the proof as it is, which is accepted");
    let workers = available_parallelism().map_or(1, usize::from) as u64;
    let work = |worker| {
        let mut counts = BTreeMap::new();
        for trial in (worker..trials).step_by(workers as usize) {
            let mut state = seed.wrapping_add(trial << 8);
            let length = 1 + next(&mut state) % 3;
            let bytes: Vec<u8> = (0..length).flat_map(|_| next(&mut state).to_le_bytes()).collect();
            *counts.entry(damage(&bytes)).or_insert(0) += 1;
        }
        counts
    };
    let mut counts: BTreeMap<Reached, u64> = BTreeMap::new();
    scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|worker| scope.spawn(move || work(worker))).collect();
        for worker in workers {
            let one = worker.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault));
            one.into_iter().for_each(|(reached, count)| *counts.entry(reached).or_insert(0) += count);
        }
    });
    counts.iter().for_each(|(reached, count)| println!("{count:7} of {trials}: {reached:?}"));
    assert_eq!(counts.values().sum::<u64>(), trials);
    let argued: u64 = counts.iter().filter(|(reached, _)| matches!(reached, Reached::Argument(_))).map(|(_, count)| count).sum();
    println!("{:.1} % reach the argument", 100.0 * argued as f64 / trials as f64);
    assert!(10 * argued >= 9 * trials, "only {argued} of {trials} reach the argument");
    for check in ["equations", "link to the circuit", "opened value", "opening of the pixels"] {
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

#[test]
fn no_damage_to_a_proof_is_accepted() {
    corrupt(2_000, 1);
}

#[test]
#[ignore = "takes minutes; `cargo test --release --test hostile -- --ignored`"]
fn no_damage_of_a_hundred_thousand_is_accepted() {
    corrupt(100_000, 1 << 40);
}
