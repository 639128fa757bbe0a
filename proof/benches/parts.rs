//! The parts of a proof that are not sums or lookups: field, linear maps, sum-check, opening, circuit.

use criterion::{Criterion, criterion_group, criterion_main};
use ff::Field;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use std::hint::black_box;
use std::sync::Arc;
use zkimg_graph::linear::{AxisMap, Line, LinearMap, Tap};
use zkimg_graph::tensor::{Cells, Dims};
use zkimg_group::field::F;
use zkimg_group::generators::Generators;
use zkimg_proof::channel::SLOTS;
use zkimg_proof::circuit::{Coefficients, Draws, Keys, read_circuit_proof, write_circuit_proof};
use zkimg_proof::equations::Batch;
use zkimg_proof::multilinear::{Separable, transpose};
use zkimg_proof::opening::{self, Mask, Secret};
use zkimg_proof::sumcheck::LinearProver;
use zkimg_proof::transcript::{Decoded, Reader, Writer};

fn random(n: usize) -> Vec<F> {
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    (0..n).map(|_| F::random(&mut rng)).collect()
}

fn hd() -> Dims {
    Dims::new(3, 720, 1280).expect("dims")
}

fn cells(dims: Dims) -> Vec<u8> {
    (0..dims.cells()).map(|i| (i * i % 251) as u8).collect()
}

fn field(c: &mut Criterion) {
    let mut group = c.benchmark_group("field");
    let values = random(1000);
    group.bench_function("1000 products", |b| b.iter(|| black_box(&values).iter().fold(F::ONE, |p, v| p * v)));
    group.bench_function("1000 sums", |b| b.iter(|| black_box(&values).iter().fold(F::ONE, |p, v| p + v)));
    group.bench_function("an inverse", |b| b.iter(|| black_box(values[0]).invert()));
    group.finish();
}

/// A filter of `side` taps along both axes of an HD picture.
fn filter(side: usize) -> LinearMap {
    let axis = |n: usize| {
        AxisMap::new(
            n,
            (0..n).map(|j| {
                let inputs = (j..j + side).zip(1..).filter(|(i, _)| *i < n);
                inputs.map(|(i, weight)| Tap { input: i as u32, weight }).collect()
            }),
        )
    };
    LinearMap::spatial(hd(), false, axis(720), axis(1280))
}

fn linear(c: &mut Criterion) {
    let mut group = c.benchmark_group("linear maps, HD");
    group.sample_size(10);
    let (dims, cells) = (hd(), cells(hd()));
    for side in [3, 31] {
        let map = filter(side);
        group.bench_function(format!("apply, {side} taps"), |b| {
            b.iter(|| {
                let (applied, mut line) = (map.applied(&cells), Line::default());
                (0..dims.lines()).map(|i| applied.line(i / dims.height, i % dims.height, &mut line)[0]).sum::<i64>()
            })
        });
        let weights = Separable::eq(dims, &random(dims.index_bits()), F::ONE);
        group.bench_function(format!("transpose, {side} taps"), |b| b.iter(|| transpose(&map, black_box(&weights))));
    }
    group.finish();
}

fn sumcheck(c: &mut Criterion) {
    let mut group = c.benchmark_group("linear sum-check, HD");
    group.sample_size(10);
    let (dims, cells) = (hd(), Arc::new(Cells::U8(cells(hd()))));
    let challenges = random(dims.index_bits());
    for terms in [1, 4] {
        let weights: Vec<Separable> = (0..terms).map(|_| Separable::eq(dims, &challenges, F::ONE)).collect();
        group.bench_function(format!("all rounds, {terms} weights"), |b| {
            b.iter(|| {
                let mut prover = LinearProver::new([(dims, cells.clone(), weights.clone())]);
                for r in &challenges {
                    black_box(prover.round());
                    prover.bind(*r);
                }
                prover.evaluation(0)
            })
        });
    }
    group.finish();
}

fn openings(c: &mut Criterion) {
    let mut group = c.benchmark_group("opening");
    group.sample_size(10);
    let generators = Generators::load().expect("generators");
    for m in [12, 14] {
        let (point, a) = (random(m), random(1 << m));
        let mut rng = ChaCha20Rng::seed_from_u64(6);
        group.bench_function(format!("prove, 2^{m}"), |b| {
            b.iter(|| {
                let secret = Secret { a: a.clone(), v: F::ZERO, blinder_v: F::ONE, blinder_c: F::ONE };
                let mut writer = Writer::new("bench");
                opening::prove(&mut writer, generators, &point, &secret, Mask::new(m, &mut rng)).expect("an opening");
                writer.finish()
            })
        });
    }
    group.finish();
}

fn circuit(c: &mut Criterion) {
    let mut group = c.benchmark_group("circuit");
    group.sample_size(10);
    // As many messages as an HD tone edit has.
    const MESSAGES: usize = 300;
    let coefficients = Coefficients::new(&Batch::empty(MESSAGES)).expect("few messages");
    let keys = Keys::load(coefficients.class()).expect("keys");
    let proving = keys.proving().expect("a key");
    let prove = || {
        let (messages, draws) = (vec![[F::ZERO; SLOTS]; MESSAGES], Draws::new(ChaCha20Rng::seed_from_u64(7)));
        let mut writer = Writer::new("bench");
        write_circuit_proof(keys, &proving, messages, &coefficients, draws, &mut writer).expect("a proof");
        writer.finish()
    };
    group.bench_function("proving key", |b| b.iter(|| keys.proving().is_ok()));
    group.bench_function("prove", |b| b.iter(prove));
    let proof = prove();
    group.bench_function("verify", |b| {
        b.iter(|| {
            let decoded = Decoded::new(&proof, 0).expect("elements");
            read_circuit_proof(keys, keys, &mut Reader::new("bench", &decoded)).is_ok_and(|sum| sum.holds(keys))
        })
    });
    group.finish();
}

criterion_group!(benches, field, linear, sumcheck, openings, circuit);
criterion_main!(benches);
