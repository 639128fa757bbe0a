//! Sums `Σ sᵢ·Pᵢ` of many terms, on either curve of the cycle.

mod buckets;
#[cfg(feature = "prover")]
mod combine;
mod fixed_base;
mod glv;
mod points;
mod small_scalars;
#[cfg(test)]
pub(crate) mod tests;

#[cfg(feature = "prover")]
pub use combine::combine;
pub use fixed_base::FixedBase;
pub use small_scalars::{SmallSums, msm_small};

use crate::cycle::Curve;
use crate::parallel;
use crate::simd::{Lanes, with_lanes};
use buckets::{Buckets, Term, cheapest_width};
use glv::{Signed, decompose, endo};
use group::Group;
use halo2_proofs::arithmetic::best_multiexp;
use pasta_curves::arithmetic::CurveExt;
use points::Table;
use std::borrow::Cow;

/// Below this many terms halo2's sum is as fast.
const FEW: usize = 128;
/// Scalars of more bits are taken in halves of 128, unless there are so many that windows hardly count.
const LONG: usize = 192;
const MANY: usize = 1 << 12;

/// `Σ scalars[i]·points[i]`; the slices have one length.
///
/// Time depends on the scalars: zeros are free, short ones cheap. The points may be any, repeated, opposite or the identity.
pub fn msm<C: Curve>(scalars: &[C::ScalarExt], points: &[C]) -> C::CurveExt {
    assert_eq!(scalars.len(), points.len(), "a sum needs one point a scalar");
    match scalars.len() {
        0 => C::CurveExt::identity(),
        n if n < FEW => best_multiexp(scalars, points),
        _ => with_lanes!(lanes: C::Base => by_windows(lanes, scalars, points)),
    }
}

/// Pippenger's method with signed digits.
fn by_windows<C: Curve<Base = L::Field>, L: Lanes>(lanes: L, scalars: &[C::ScalarExt], points: &[C]) -> C::CurveExt {
    let (integers, points) = shortened(scalars, points);
    let points = Table::of(&points);
    let bits = integers.iter().map(Signed::bits).max().unwrap_or(0);
    let width = cheapest_width(integers.len(), |width| (bits / width + 1, 1 << (width - 1)));
    let windows = each_window(lanes, bits / width + 1, |buckets: &mut Buckets<C, L>, window| {
        let digits: Vec<i32> = integers.iter().map(|integer| signed_digit(integer, width, window)).collect();
        let term = |(point, digit): (usize, &i32)| Term { weight: digit.unsigned_abs() as usize, point, negative: *digit < 0 };
        let terms = digits.iter().enumerate().map(term);
        buckets.sum(&points, 1 << (width - 1), terms)
    });
    windows.iter().rev().fold(C::CurveExt::identity(), |sum, window| (0..width).fold(sum, |s, _| s.double()) + window)
}

/// The same sum with long scalars in halves: as many digits, in half the windows.
fn shortened<'a, C: Curve>(scalars: &[C::ScalarExt], points: &'a [C]) -> (Vec<Signed>, Cow<'a, [C]>) {
    let mut integers = parallel::map(scalars, Signed::canonical);
    let long: Vec<usize> = (0..scalars.len()).filter(|i| integers[*i].bits() > LONG).collect();
    if long.is_empty() || long.len() > MANY {
        return (integers, Cow::Borrowed(points));
    }
    let split = parallel::map(&long, |i| decompose::<C>(&scalars[*i]));
    for (i, [low, _]) in long.iter().zip(&split) {
        integers[*i] = *low;
    }
    integers.extend(split.iter().map(|[_, high]| *high));
    let mut points = points.to_vec();
    let high = parallel::map(&long, |i| endo(&points[*i]));
    points.extend(high);
    (integers, Cow::Owned(points))
}

#[cfg(feature = "multicore")]
fn each_window<C: Curve<Base = L::Field>, L: Lanes>(
    lanes: L,
    count: usize,
    sum: impl Fn(&mut Buckets<C, L>, usize) -> C::CurveExt + Sync + Send,
) -> Vec<C::CurveExt> {
    use rayon::prelude::*;
    (0..count).into_par_iter().map_init(|| Buckets::new(lanes), sum).collect()
}

#[cfg(not(feature = "multicore"))]
fn each_window<C: Curve<Base = L::Field>, L: Lanes>(
    lanes: L,
    count: usize,
    sum: impl Fn(&mut Buckets<C, L>, usize) -> C::CurveExt,
) -> Vec<C::CurveExt> {
    let mut buckets = Buckets::new(lanes);
    (0..count).map(|window| sum(&mut buckets, window)).collect()
}

/// Booth's digit `d_w` with `|d_w| ≤ 2^(width−1)`: the integer is `Σ d_w·2^(width·w)` over `w` from 0 to `bits/width`.
fn signed_digit(integer: &Signed, width: usize, window: usize) -> i32 {
    let limb = |i: usize| integer.limbs.get(i).copied().unwrap_or(0);
    // The window's bits, and below them the bit that the window before carries over.
    let bits = match (width * window).checked_sub(1) {
        None => limb(0) << 1,
        Some(at) if at % 64 == 0 => limb(at / 64),
        Some(at) => limb(at / 64) >> (at % 64) | limb(at / 64 + 1) << (64 - at % 64),
    } as i32
        & ((2 << width) - 1);
    let carry = bits >> width << width;
    let digit = (bits + 1) / 2 - carry;
    if integer.negative { -digit } else { digit }
}

/// Normalizes many points with one inversion.
pub fn to_affine<P: CurveExt>(points: &[P]) -> Vec<P::AffineExt> {
    let mut affine = vec![P::AffineExt::default(); points.len()];
    P::batch_normalize_vartime(points, &mut affine);
    affine
}
