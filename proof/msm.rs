//! Sums `Σ sᵢ·Pᵢ` of many terms.

mod buckets;
#[cfg(feature = "prover")]
mod combine;
mod fixed;
mod pairs;
mod small;
#[cfg(test)]
mod tests;

pub use buckets::Buckets;
#[cfg(feature = "prover")]
pub use combine::combine;
pub use fixed::FixedBase;
pub use small::{SmallSums, msm_small};

use crate::field::{Affine, F, Point};
use buckets::{Term, cheapest_width};
use ff::PrimeField;
use group::Group;
use halo2_proofs::arithmetic::best_multiexp;
use pairs::Xy;
use pasta_curves::arithmetic::CurveExt;

/// Below this many terms halo2's sum is as fast.
const FEW: usize = 128;

/// `Σ scalars[i]·points[i]`; the slices have one length.
///
/// Time depends on the scalars: zeros are free, short ones cheap. The points may be any, repeated, opposite or the identity.
pub fn msm(scalars: &[F], points: &[Affine]) -> Point {
    assert_eq!(scalars.len(), points.len(), "a sum needs one point a scalar");
    match scalars.len() {
        0 => Point::identity(),
        n if n < FEW => best_multiexp(scalars, points),
        _ => by_windows(scalars, points),
    }
}

/// Pippenger's method with signed digits.
fn by_windows(scalars: &[F], points: &[Affine]) -> Point {
    let scalars: Vec<[u64; 4]> = scalars.iter().map(limbs).collect();
    let points: Vec<Xy> = points.iter().map(Xy::from).collect();
    let bits = scalars.iter().map(bit_length).max().unwrap_or(0);
    let width = cheapest_width(scalars.len(), |width| (bits / width + 1, 1 << (width - 1)));
    let windows = each_window(bits / width + 1, |buckets, window| {
        let digits: Vec<(usize, bool)> = scalars.iter().map(|scalar| signed_digit(scalar, width, window)).collect();
        let terms = digits.iter().enumerate().map(|(point, (weight, negative))| Term { weight: *weight, point, negative: *negative });
        buckets.sum(&points, 1 << (width - 1), terms)
    });
    windows.iter().rev().fold(Point::identity(), |sum, window| (0..width).fold(sum, |s, _| s.double()) + window)
}

#[cfg(feature = "prover")]
fn each_window(count: usize, sum: impl Fn(&mut Buckets, usize) -> Point + Sync + Send) -> Vec<Point> {
    use rayon::prelude::*;
    (0..count).into_par_iter().map_init(Buckets::default, sum).collect()
}

#[cfg(not(feature = "prover"))]
fn each_window(count: usize, sum: impl Fn(&mut Buckets, usize) -> Point) -> Vec<Point> {
    let mut buckets = Buckets::default();
    (0..count).map(|window| sum(&mut buckets, window)).collect()
}

/// Little-endian limbs of the canonical integer.
fn limbs(scalar: &F) -> [u64; 4] {
    let repr = scalar.to_repr();
    let (words, _) = repr.as_chunks::<8>();
    std::array::from_fn(|i| u64::from_le_bytes(words[i]))
}

fn bit_length(limbs: &[u64; 4]) -> usize {
    let top = limbs.iter().rposition(|limb| *limb != 0);
    top.map_or(0, |i| 64 * i + limbs[i].ilog2() as usize + 1)
}

/// Booth's digit `d_w` as `|d_w| ≤ 2^(width−1)` and whether it is negative: the integer is `Σ d_w·2^(width·w)` over
/// `w` from 0 to `bits/width`.
fn signed_digit(limbs: &[u64; 4], width: usize, window: usize) -> (usize, bool) {
    let limb = |i: usize| limbs.get(i).copied().unwrap_or(0);
    // The window's bits, and below them the bit that the window before carries over.
    let bits = match (width * window).checked_sub(1) {
        None => limbs[0] << 1,
        Some(at) if at % 64 == 0 => limb(at / 64),
        Some(at) => limb(at / 64) >> (at % 64) | limb(at / 64 + 1) << (64 - at % 64),
    } as usize & ((2 << width) - 1);
    let negative = bits >> width == 1;
    (if negative { (1 << width) - bits.div_ceil(2) } else { bits.div_ceil(2) }, negative)
}

/// Normalizes many points with one inversion.
pub fn to_affine(points: &[Point]) -> Vec<Affine> {
    let mut affine = vec![Affine::default(); points.len()];
    Point::batch_normalize_vartime(points, &mut affine);
    affine
}
