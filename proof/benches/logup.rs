//! The fractional-sum tree over one lookup of a picture's bytes: building it and all rounds of all layers.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ff::Field;
use zkimg_graph::tensor::index_bits;
use zkimg_graph::tensor::{Cells, Dims};
use zkimg_group::field::{F, hash_to_field};
use zkimg_proof::lookup::{Leaves, Lookup, Table, Tree};

/// What the tree may take, and so little that it keeps the least there is, as of a large picture.
const MEMORY: usize = 160 << 20;
const LEAST: usize = 0;

/// Every byte of a picture looked up in a table of 256.
fn leaves(channels: usize, height: usize, width: usize) -> Leaves {
    let dims = Dims::new(channels, height, width).expect("dims");
    let mut state = 1u64;
    let ids: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 56) as u8
    })
    .take(dims.cells())
    .collect();
    let mut multiplicities = vec![0; 256];
    ids.iter().for_each(|id| multiplicities[usize::from(*id)] += 1);
    let offset = 1 << dims.index_bits();
    Leaves {
        bits: index_bits(offset + 256),
        entries: (0..256u64).map(|i| hash_to_field("bench", &i.to_le_bytes())).collect(),
        lookups: vec![Lookup { offset: 0, dims, base: 0, ids: Cells::U8(ids) }],
        tables: vec![Table { offset, base: 0, multiplicities }],
    }
}

/// The tree and all its layers; a challenge is what squaring the last message gives, as no transcript is measured.
fn prove(leaves: Leaves, memory: usize) -> F {
    let bits = leaves.bits;
    let mut tree = Tree::build(leaves, memory);
    let mut seed = F::from(3);
    let mut bound: Vec<F> = Vec::new();
    for k in 1..bits {
        let mut point = vec![seed.square() + F::ONE];
        point.append(&mut bound);
        tree.begin(k, &point, seed);
        for _ in 0..k {
            let [c1, c2] = tree.round();
            let s = (seed + c1).square() + c2;
            tree.bind(s);
            bound.push(s);
            seed = s;
        }
        seed += tree.end()[0];
    }
    seed
}

fn logup(c: &mut Criterion) {
    let mut group = c.benchmark_group("logup");
    group.sample_size(10);
    let shapes = [
        ("0.3 MP", 3, 480, 640, MEMORY),
        ("HD", 3, 720, 1280, MEMORY),
        ("odd HD", 3, 719, 1279, MEMORY),
        ("HD in the least memory", 3, 720, 1280, LEAST),
        // What a network's layers look like: short lines, most of which are no power of two.
        ("28×28×1024", 1024, 28, 28, MEMORY),
        ("28×28×1024 in the least memory", 1024, 28, 28, LEAST),
    ];
    for (name, channels, height, width, memory) in shapes {
        let leaves = leaves(channels, height, width);
        group.bench_function(format!("{name}, build"), |b| {
            b.iter_batched(|| leaves.clone(), |leaves| Tree::build(leaves, memory), BatchSize::PerIteration);
        });
        group.bench_function(format!("{name}, build and prove"), |b| {
            b.iter_batched(|| leaves.clone(), |leaves| prove(leaves, memory), BatchSize::PerIteration);
        });
    }
    group.finish();
}

criterion_group!(benches, logup);
criterion_main!(benches);
