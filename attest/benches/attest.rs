//! How long attesting takes, phase by phase, for an HD photo, and what a 33-megapixel negative costs to load.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
use zkimg_attest::{Negative, Policy, SignedCapture, SigningKey, TrustedDevices, TrustedNotaries, attest};
use zkimg_graph::tensor::Cells;
use zkimg_group::generators::Generators;
use zkimg_picture::image::decode;
use zkimg_picture::{Picture, encode_png};
use zkimg_proof::commitment::{commit_rows, root};

const HD: &[u8] = include_bytes!("../../samples/street.jpg");

fn hd(c: &mut Criterion) {
    let key = SigningKey::generate().expect("randomness");
    let generators = Generators::load().expect("generators");
    let (capture, negative) = attest(HD, &key, &Policy::default(), 0).expect("an HD photo");
    let picture = decode(HD).expect("a photo").picture;
    let png = encode_png(&picture);
    let (capture_file, negative_file) = (capture.to_bytes(), negative.to_bytes());
    let trusted = TrustedDevices::from_pems([key.public().to_pem().as_str()]).expect("a key");
    println!("photo {} B, capture {} B, negative {} B, PNG {} B", HD.len(), capture_file.len(), negative_file.len(), png.len());

    let mut g = c.benchmark_group("hd");
    g.sample_size(10).measurement_time(Duration::from_secs(3));
    g.bench_function("attest, all phases", |b| b.iter(|| attest(black_box(HD), &key, &Policy::default(), 0)));
    g.bench_function("phase: decode JPEG", |b| b.iter(|| decode(black_box(HD))));
    g.bench_function("phase: blinders", |b| {
        let source = zkimg_attest::randomness::Randomness::new(vec![1].into(), vec![]);
        b.iter(|| zkimg_attest::randomness::blinders(&mut source.stream("bench").expect("randomness"), negative.rows().len()));
    });
    g.bench_function("phase: commit rows", |b| {
        b.iter(|| commit_rows(generators, negative.layout(), negative.cells(), negative.blinders()));
    });
    g.bench_function("phase: root", |b| b.iter(|| root(negative.layout(), negative.rows())));
    g.bench_function("verify capture", |b| {
        b.iter(|| SignedCapture::from_bytes(black_box(&capture_file)).and_then(|c| c.verify(&trusted, &TrustedNotaries::default())));
    });
    g.bench_function("negative: write", |b| b.iter(|| negative.to_bytes()));
    g.bench_function("negative: load", |b| b.iter_with_large_drop(|| Negative::from_bytes(black_box(&negative_file))));
    g.bench_function("PNG: encode", |b| b.iter(|| encode_png(black_box(&picture))));
    g.bench_function("PNG: decode", |b| b.iter(|| decode(black_box(&png))));
    g.finish();
}

/// 7680 × 4320: made from the HD photo by repeating it.
fn large(c: &mut Criterion) {
    let tile = decode(HD).expect("a photo").picture;
    let (w, h) = (tile.dims().width, tile.dims().height);
    let mut cells = Vec::with_capacity(36 * tile.cells().len());
    for plane in tile.cells().chunks(w * h) {
        for _ in 0..6 {
            plane.chunks(w).for_each(|line| (0..6).for_each(|_| cells.extend_from_slice(line)));
        }
    }
    let dims = zkimg_graph::tensor::Dims::new(3, 6 * h, 6 * w).expect("a size");
    let png = encode_png(&Picture::new(dims, cells).expect("a picture"));
    let key = SigningKey::generate().expect("randomness");
    let start = std::time::Instant::now();
    let (_, negative) = attest(&png, &key, &Policy::default(), 0).expect("a large photo");
    println!("attest of 7680 × 4320, once: {:.2?}", start.elapsed());
    let file = negative.to_bytes();
    let mut g = c.benchmark_group("33 megapixels");
    g.sample_size(10).measurement_time(Duration::from_secs(5));
    g.bench_function("negative: load", |b| b.iter_with_large_drop(|| Negative::from_bytes(black_box(&file))));
    g.bench_function("PNG: decode", |b| b.iter(|| decode(black_box(&png))));
    assert!(matches!(negative.cells(), Cells::U8(_)));
    g.finish();
}

criterion_group!(benches, hd, large);
criterion_main!(benches);
