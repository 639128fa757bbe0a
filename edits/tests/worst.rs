//! The pictures and parameters most likely to go wrong: extremes of value, of shape, of weight.

mod support;

use support::naive::{Picture, naive};
use support::{Committed, check, dims, native, picture, relation};
use zkimg_edits::{Edit, KINDS, parse, parse_word};
use zkimg_graph::tensor::Dims;
use zkimg_proof::relation::Output;

fn flat(d: Dims, value: i64) -> Picture {
    Picture::build(d.channels, d.height, d.width, |_, _, _| value)
}

/// Black, white, noise, and columns of black and white.
fn pictures(d: Dims) -> [Picture; 4] {
    let stripes = Picture::build(d.channels, d.height, d.width, |_, _, x| if x % 2 == 0 { 0 } else { 255 });
    [flat(d, 0), flat(d, 255), picture(d, 3), stripes]
}

/// Gains that clip everything, filters wider than the picture, results of one cell.
fn extreme(d: Dims) -> Vec<Box<dyn Edit>> {
    let words = [
        "contrast=16",
        "contrast=0",
        "brightness=255",
        "brightness=-255",
        "gamma=10",
        "gamma=1/65536",
        "blur=10",
        "sharpen=4",
        "resize=1x1,nearest",
        "resize=1x1,bilinear",
        "resize=1x1,lanczos3",
        "resize=37x1,lanczos3",
        "resize=1x41,bilinear",
        "rotate=90",
    ];
    let mut edits: Vec<_> = words.map(|word| parse_word(word).and_then(|w| w.resolve(d)).expect(word)).into();
    let kernel = |side: usize, weight: &dyn Fn(usize) -> i64| -> Vec<Vec<i64>> {
        (0..side).map(|y| (0..side).map(|x| weight(y * side + x)).collect()).collect()
    };
    for (kernel, divisor, border) in [
        (kernel(63, &|_| 1), 3969, "replicate"),
        (kernel(63, &|i| [-3, 2, 0, 3, -1, 1, -2][i * i % 7]), 1000, "zero"),
        (kernel(1, &|_| 1 << 20), 65536, "zero"),
        (kernel(3, &|i| if i == 4 { -(1 << 20) } else { 1 << 20 }), 65536, "replicate"),
        (kernel(3, &|i| if i == 4 { 1 << 20 } else { -(1 << 20) }), 65537, "zero"),
        (kernel(63, &|_| 1 << 20), 1 << 32, "replicate"),
        (kernel(63, &|i| [-(1 << 20), 1 << 20, 1 << 19][i * i % 3]), (1u64 << 32) - 1, "zero"),
        (kernel(63, &|_| 1 << 20), 1 << 40, "replicate"),
    ] {
        let json = serde_json::json!({"op": "convolve", "kernel": kernel, "divisor": divisor, "offset": 1, "border": border});
        edits.push(parse(&json).expect("a convolution"));
    }
    if d.channels == 3 {
        for word in ["white-balance=8,0,8", "white-balance=0,0,0"] {
            edits.push(parse_word(word).and_then(|w| w.resolve(d)).expect(word));
        }
    }
    edits
}

#[test]
fn extremes_are_what_the_definition_says() {
    for (height, width) in [(1, 1), (1, 300), (300, 1), (2, 2)] {
        for d in [dims(1, height, width), dims(3, height, width)] {
            let samples = KINDS.iter().flat_map(|kind| (kind.samples)(d));
            for edit in samples.chain(extreme(d)) {
                for p in pictures(d) {
                    assert_eq!(native(&*edit, &p), naive(&edit.canonical(), &p), "{} on {d:?}", edit.canonical());
                }
            }
        }
    }
}

#[test]
fn extremes_are_proved() {
    let long = dims(3, 1, 5000);
    let tall = dims(1, 5000, 1);
    let one = dims(3, 1, 1);
    for (word, d, value) in [
        ("white-balance=8,8,8", long, 255),
        ("blur=10", tall, 255),
        ("resize=1x1,lanczos3", long, 0),
        ("resize=90x70,lanczos3", one, 255),
        ("contrast=16", one, 0),
        ("sharpen=4", one, 255),
        ("convolve=1048576:65537:-15", tall, 255),
        ("convolve=-1048576,1048576,0/1048576,1048576,1048576/0,1048576,-5:4294967297:254", one, 255),
        ("convolve=1048576:1099511627776:7:zero", one, 255),
    ] {
        let edit = parse_word(word).and_then(|w| w.resolve(d)).expect(word);
        let p = if d == one { flat(d, value) } else { pictures(d)[2].clone() };
        let (committed, statement) = (Committed::new(&p), relation(&*edit, d, Output::Revealed));
        let proved = committed.prove(&statement);
        assert_eq!(proved.pixels(), native(&*edit, &p).cells, "{word}");
        assert!(check(&statement, &committed.rows, proved.pixels(), &proved.proof).is_ok(), "{word}");
    }
}
