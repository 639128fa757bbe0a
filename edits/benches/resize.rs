//! How far `resize` is from resampling with real weights, for weights of 8, 12 and 16 bits an axis and as the edit has them.
//!
//! `cargo bench -p zkimg-edits --bench resize` prints, for each filter and reduction, of a picture of waves and one of noise, the worst
//! difference in levels and the PSNR in dB, both against real numbers that are clamped and not rounded: rounding alone is half a level and 58.9 dB.
#![allow(clippy::cast_possible_wrap, reason = "the pictures are small")]

use zkimg_graph::tensor::Dims;

/// Sides of the result.
const SIDE: usize = 24;

/// A square picture of one channel.
struct Picture {
    side: usize,
    cells: Vec<u8>,
}

/// Waves of some ten cells of the result, and noise.
fn pictures(side: usize) -> [Picture; 2] {
    let mut state = 1u32;
    let mut random = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 24
    };
    let wave = |i: usize| (i as f64 * SIDE as f64 / side as f64 / 1.5).sin();
    let waves = (0..side * side).map(|i| (127.5 + 63.0 * (wave(i % side) + wave(i / side + 3))) as u8).collect();
    let noise = (0..side * side).map(|_| random() as u8).collect();
    [waves, noise].map(|cells| Picture { side, cells })
}

/// The real weights of all `n` inputs in output `j` of `m`, which sum to 1.
fn weights(filter: &str, n: usize, m: usize, j: usize) -> Vec<f64> {
    let centre = (j as f64 + 0.5) * n as f64 / m as f64 - 0.5;
    let scale = (n as f64 / m as f64).max(1.0);
    let sinc = |x: f64| if x == 0.0 { 1.0 } else { (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x) };
    let weight = |i: usize| match (filter, ((i as f64 - centre) / scale).abs()) {
        ("bilinear", x) => (1.0 - x).max(0.0),
        (_, x) if x < 3.0 => sinc(x) * sinc(x / 3.0),
        _ => 0.0,
    };
    let all: Vec<f64> = (0..n).map(weight).collect();
    let total: f64 = all.iter().sum();
    all.iter().map(|w| w / total).collect()
}

/// As multiples of `2^−bits` by largest remainder.
fn rounded(weights: &[f64], bits: u32) -> Vec<f64> {
    let sum = f64::from(1u32 << bits);
    let mut whole: Vec<f64> = weights.iter().map(|w| (w * sum).floor()).collect();
    let missing = (sum - whole.iter().sum::<f64>()).round() as usize;
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| (weights[*b] * sum - whole[*b]).total_cmp(&(weights[*a] * sum - whole[*a])));
    order.iter().take(missing).for_each(|i| whole[*i] += 1.0);
    whole.iter().map(|w| w / sum).collect()
}

/// The picture by these weights of each output, clamped.
fn resampled(p: &Picture, weights: &[Vec<f64>]) -> Vec<f64> {
    let across = |line: &[u8]| -> Vec<f64> { weights.iter().map(|w| w.iter().zip(line).map(|(w, x)| w * f64::from(*x)).sum()).collect() };
    let lines: Vec<Vec<f64>> = p.cells.chunks_exact(p.side).map(across).collect();
    let cell = |w: &Vec<f64>, x: usize| w.iter().zip(&lines).map(|(w, line)| w * line[x]).sum::<f64>().clamp(0.0, 255.0);
    weights.iter().flat_map(|w| (0..SIDE).map(move |x| (w, x))).map(|(w, x)| cell(w, x)).collect()
}

/// What the edit makes of the picture.
fn edited(p: &Picture, filter: &str) -> Vec<f64> {
    let dims = Dims::new(1, p.side, p.side).expect("dims");
    let draft = zkimg_edits::parse_word(&format!("resize={SIDE}x{SIDE},{filter}")).expect("a word");
    let steps = draft.resolve(dims).and_then(|edit| edit.steps(dims)).expect("steps");
    steps[0].apply(&p.cells).into_iter().map(f64::from).collect()
}

fn compared(cells: &[f64], real: &[f64]) -> String {
    let differences = || cells.iter().zip(real).map(|(a, b)| (a - b).abs());
    let mean: f64 = differences().map(|d| d * d).sum::<f64>() / real.len() as f64;
    format!("{:.1}, {:.1}", differences().fold(0.0, f64::max), 10.0 * (255.0 * 255.0 / mean).log10())
}

fn main() {
    let picture = |name| format!("{name}: 8 bits | 12 bits | 16 bits | the edit");
    println!("| filter | reduction | {} | {} |\n|---|---|---|---|---|---|---|---|---|---|", picture("waves"), picture("noise"));
    for filter in ["bilinear", "lanczos3"] {
        for reduction in [2, 4, 8, 12, 16, 40] {
            let side = SIDE * reduction;
            let exact: Vec<Vec<f64>> = (0..SIDE).map(|j| weights(filter, side, SIDE, j)).collect();
            let figures = pictures(side).map(|p| {
                let real = resampled(&p, &exact);
                let of = |bits| {
                    let weights: Vec<Vec<f64>> = exact.iter().map(|w| rounded(w, bits)).collect();
                    let cells: Vec<f64> = resampled(&p, &weights).iter().map(|v| (v + 0.5).floor()).collect();
                    compared(&cells, &real)
                };
                format!("{} | {} | {} | {}", of(8), of(12), of(16), compared(&edited(&p, filter), &real))
            });
            println!("| {filter} | {reduction} | {} |", figures.join(" | "));
        }
    }
}
