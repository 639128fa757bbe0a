//! What a verifier of a link would cost inside a circuit: `cargo bench -p zkimg-proof --bench recursion`.
//!
//! The dominant part, multiplication of Vesta points, is written out and measured; the rest is counted. The figures
//! are those of `docs/recursion.md`. Nothing is printed before the gadget has passed its checks.

mod check;
mod multiply;
mod scalars;
mod steps;

use ff::PrimeField;
use halo2_proofs::plonk::{SingleVerifier, create_proof, keygen_pk, keygen_vk, verify_proof};
use halo2_proofs::poly::commitment::Params;
use halo2_proofs::transcript::{Blake2bRead, Blake2bWrite, Challenge255};
use multiply::Multiplications;
use pasta_curves::EpAffine;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use std::time::Instant;
use steps::{Digit, Multiplication};
use zkimg_group::field::hash_to_field;
use zkimg_group::generators::Generators;

/// Rows at the end that halo2 fills with blinders.
const UNUSABLE: usize = 6;
const RUNS: usize = 3;

fn main() {
    check::check();
    println!("| digits | k | multiplications | rows each | prove s | cpu s | cpu ms each | verify ms | proof bytes | peak MB |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for k in [11, 12, 13] {
        measure::<true>(k, |i| scalars::turned(u128::from_le_bytes(*hash(i).first_chunk().expect("16 bytes"))));
        measure::<false>(k, |i| scalars::plain(hash_to_field("recursion", &i.to_le_bytes())).expect("254 bits"));
    }
}

fn hash(i: u64) -> [u8; 32] {
    hash_to_field("recursion", &i.to_le_bytes()).to_repr()
}

/// Fills `2^k` rows with multiplications; the median of a few proofs by processor time, the last one verified.
fn measure<const TURNED: bool>(k: u32, digits: impl Fn(u64) -> Vec<Digit>) {
    let count = ((1 << k) - UNUSABLE) / Multiplications::<TURNED>::ROWS;
    let points = Generators::load().expect("generators").rows(10);
    let all =
        points.iter().zip(0..).take(count).map(|(point, i)| Multiplication::new(scalars::coordinates(point), digits(i), TURNED)).collect();
    let circuit = Multiplications::<TURNED>::new(all);
    let public = circuit.public();
    let params = Params::<EpAffine>::new(k);
    let verifying = keygen_vk(&params, &circuit).expect("a key");
    let proving = keygen_pk(&params, verifying.clone(), &circuit).expect("a key");
    let mut proof = Vec::new();
    let mut times: Vec<(f64, f64)> = (0..RUNS)
        .map(|_| {
            let (start, spent) = (Instant::now(), processor());
            let mut transcript = Blake2bWrite::<Vec<u8>, EpAffine, Challenge255<EpAffine>>::init(Vec::new());
            let rng = ChaCha20Rng::seed_from_u64(8);
            create_proof(&params, &proving, std::slice::from_ref(&circuit), &[&[&public]], rng, &mut transcript).expect("a proof");
            proof = transcript.finalize();
            (processor() - spent, start.elapsed().as_secs_f64())
        })
        .collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (spent, prove) = times[RUNS / 2];
    let start = Instant::now();
    let mut transcript = Blake2bRead::<&[u8], EpAffine, Challenge255<EpAffine>>::init(&proof);
    verify_proof(&params, &verifying, SingleVerifier::new(&params), &[&[&public]], &mut transcript).expect("verified");
    let verify = 1000.0 * start.elapsed().as_secs_f64();
    println!(
        "| {} | {k} | {count} | {} | {prove:.2} | {spent:.2} | {:.1} | {verify:.0} | {} | {} |",
        if TURNED { "2 bits, endomorphism" } else { "1 bit" },
        Multiplications::<TURNED>::ROWS,
        1000.0 * spent / count as f64,
        proof.len(),
        peak().map_or(String::from("–"), |mb| mb.to_string()),
    );
}

/// Seconds this process has spent on all processors, in the system's ticks of 10 ms; zero where it does not say.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the program's name, which may hold spaces: fields 14 and 15 of proc(5).
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The process's peak memory so far in MB, where the system says.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}
