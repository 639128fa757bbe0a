//! The linear maps of the coefficients.

use super::{Jpeg, Layout};
use zkimg_graph::ending::{Ending, EndingPiece};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap, Term};
use zkimg_graph::step::Region;
use zkimg_graph::tensor::{Bounds, Dims};

/// `M_u[x] = round(64·√8·½·c_u·cos((2x+1)uπ/16))`, the cosine transform of eight samples; so scaled that the first row is exact.
const M: [[i32; 8]; 8] = [
    [64, 64, 64, 64, 64, 64, 64, 64],
    [89, 75, 50, 18, -18, -50, -75, -89],
    [84, 35, -35, -84, -84, -35, 35, 84],
    [75, -18, -89, -50, 50, 89, 18, -75],
    [64, -64, -64, 64, 64, -64, -64, 64],
    [50, -89, 18, 75, -75, -18, 89, -50],
    [35, -84, 84, -35, -35, 84, -84, 35],
    [18, -50, 75, -89, 89, -75, 50, -18],
];
/// Luma and the two colours of red, green and blue, in parts of 2^8 (ITU-T T.871).
const WEIGHTS: [[i32; 3]; 3] = [[77, 150, 29], [-43, -85, 128], [128, -107, -21]];
/// `M` squared over the transform itself, and the weights.
const SCALE: u64 = 1 << (15 + 8);
/// What coefficients lie between.
const BOUNDS: Bounds = Bounds { low: -1024, high: 1023 };
/// Middle grey, which the luma is counted from, in the first coefficient before the division: 64 samples.
const GREY: i64 = (128 * 64 * 64 * 64) << 8;

/// Row `frequency` of the transform over `blocks` blocks of `8·share` of `n` cells; cells beyond the last are the last.
fn axis(n: usize, blocks: usize, share: usize, frequency: &[i32; 8]) -> AxisMap {
    let mut map = AxisMap::empty(n);
    for block in 0..blocks {
        let mut taps: Vec<Tap> = Vec::with_capacity(8 * share);
        for i in 0..8 * share {
            let (input, weight) = ((8 * share * block + i).min(n - 1) as u32, frequency[i / share]);
            match taps.last_mut() {
                Some(last) if last.input == input => last.weight += weight,
                _ => taps.push(Tap { input, weight }),
            }
        }
        map.push(&taps);
    }
    map
}

/// A map's outputs before or behind as many that read nothing.
fn half(map: &AxisMap, second: bool) -> AxisMap {
    let nothing = || std::iter::repeat_n(Vec::new(), map.outputs());
    let outputs = map.runs().flat_map(|run| {
        let moved = |k: usize| run.taps.iter().map(|tap| Tap { input: run.input(tap, k) as u32, ..*tap }).collect();
        (0..run.outputs.len()).map(moved).collect::<Vec<_>>()
    });
    match second {
        false => AxisMap::new(map.inputs(), outputs.chain(nothing())),
        true => AxisMap::new(map.inputs(), nothing().chain(outputs)),
    }
}

/// What a coefficient is rounded from.
fn piece(region: Region, map: LinearMap, divisor: u64, less: i64) -> EndingPiece {
    EndingPiece { region, map, bias: (divisor / 2).cast_signed() - less, divisor }
}

pub(super) fn ending(jpeg: &Jpeg, picture: Dims, layout: &Layout) -> Ending {
    let axes = |component: usize, share: (usize, usize)| -> [Vec<AxisMap>; 2] {
        let (rows, columns) = layout.blocks(component);
        [(picture.height, rows, share.0), (picture.width, columns, share.1)]
            .map(|(n, blocks, share)| M.iter().map(|frequency| axis(n, blocks, share, frequency)).collect())
    };
    let mix = |weights: &[i32]| AxisMap::matrix(picture.channels, [weights.to_vec()]);
    let plane = |k: usize, (rows, columns)| Region { channels: k..k + 1, rows, columns };
    let grey = [1 << 8];
    let luma_mix = mix(if picture.channels == 1 { &grey } else { &WEIGHTS[0] });
    let [vertical, horizontal] = axes(0, (1, 1));
    let mut pieces = Vec::new();
    for (k, quotient) in jpeg.luma().iter().enumerate() {
        let term = Term { mix: luma_mix.clone(), vertical: vertical[k / 8].clone(), horizontal: horizontal[k % 8].clone() };
        let map = LinearMap::new(picture, false, vec![term]);
        pieces.push(piece(plane(k, layout.place(0)), map, SCALE * u64::from(*quotient), if k == 0 { GREY } else { 0 }));
    }
    if let (Some(colour), Some((rows, columns, beside))) = (jpeg.colour(), layout.colours()) {
        let share = colour.sampling.shared();
        let [vertical, horizontal] = axes(1, share);
        let halves = |maps: &[AxisMap], wanted: bool| -> [Vec<AxisMap>; 2] {
            [false, true].map(|second| maps.iter().map(|map| if wanted { half(map, second) } else { map.clone() }).collect())
        };
        let (vertical, horizontal) = (halves(&vertical, !beside), halves(&horizontal, beside));
        for (k, quotient) in colour.table.iter().enumerate() {
            let term = |i: usize| Term {
                mix: mix(&WEIGHTS[i + 1]),
                vertical: vertical[i][k / 8].clone(),
                horizontal: horizontal[i][k % 8].clone(),
            };
            let map = LinearMap::new(picture, false, vec![term(0), term(1)]);
            let divisor = SCALE * (share.0 * share.1) as u64 * u64::from(*quotient);
            pieces.push(piece(plane(k, (rows.clone(), columns.clone())), map, divisor, 0));
        }
    }
    for region in layout.rest() {
        let dims = Dims { channels: 64, height: region.rows.len(), width: region.columns.len() };
        pieces.push(EndingPiece { region, map: LinearMap::zero(picture, dims), bias: 0, divisor: 1 });
    }
    Ending { dims: layout.dims(), bounds: BOUNDS, pieces }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transform_is_the_rounded_cosines() {
        for (u, row) in M.iter().enumerate() {
            for (x, weight) in row.iter().enumerate() {
                let scale = if u == 0 { std::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
                let cosine = ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0).cos();
                assert_eq!(f64::from(*weight), (64.0 * 8f64.sqrt() / 2.0 * scale * cosine).round());
            }
        }
        for (i, weights) in WEIGHTS.iter().enumerate() {
            assert_eq!(weights.iter().sum::<i32>(), if i == 0 { 256 } else { 0 });
        }
    }
}
