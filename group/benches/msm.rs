//! How long the sums of points take: `cargo bench -p zkimg-group --bench msm`.
//!
//! A row runs on one core, as in a commitment to many rows; a general sum uses every core.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ff::Field;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use std::hint::black_box;
use zkimg_group::field::F;
use zkimg_group::generators::Generators;
use zkimg_group::msm::{FixedBase, SmallSums, msm};

fn sums(c: &mut Criterion) {
    let rng = &mut ChaCha20Rng::seed_from_u64(1);
    let points = Generators::load().expect("generators").rows(16);
    let scalars: Vec<F> = points.iter().map(|_| F::random(&mut *rng)).collect();
    let mut bytes = vec![0u8; points.len()];
    rng.fill_bytes(&mut bytes);

    let row = SmallSums::new(points);
    for bits in [14, 16] {
        let n = 1 << bits;
        let mut group = c.benchmark_group(format!("2^{bits}"));
        group.throughput(Throughput::Elements(n as u64)).sample_size(20);
        group.bench_function("full scalars", |b| b.iter(|| msm(black_box(&scalars[..n]), &points[..n])));
        group.bench_function("row of bytes", |b| b.iter(|| row.sum(&[(0, black_box(&bytes[..n]))], 0)));
    }

    let mut group = c.benchmark_group("fixed base");
    let fixed = FixedBase::new(&points[..5]);
    group.bench_function("table for 5 points", |b| b.iter(|| FixedBase::new(black_box(&points[..5]))));
    group.bench_function("sum of 5 terms", |b| {
        let mut at = 0;
        b.iter_batched(
            || {
                at = (at + 5) % 5000;
                &scalars[at..at + 5]
            },
            |five| fixed.sum(five),
            BatchSize::SmallInput,
        )
    });
}

criterion_group!(benches, sums);
criterion_main!(benches);
