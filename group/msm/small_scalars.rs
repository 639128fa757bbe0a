//! Sums with small integers: the row commitments.

use super::buckets::{Buckets, Term, cheapest_width};
use super::points::Table;
use crate::cycle::{Curve, Vesta};
#[cfg(target_arch = "x86_64")]
use crate::simd::{Avx2Lanes, IfmaLanes};
use crate::simd::{Lanes, ScalarLanes};
use group::Group;

/// Points, ready for any number of sums with small integers: the generators of a commitment's rows.
///
/// A byte costs one addition of affine points; every value is a byte in a photo's rows.
pub struct SmallSums<C: Curve = Vesta>(Packed<C>);

impl<C: Curve> std::fmt::Debug for SmallSums<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmallSums").finish_non_exhaustive()
    }
}

/// The points as the arithmetic of this processor keeps them.
enum Packed<C: Curve> {
    Scalar(Table<ScalarLanes<C::Base>>),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2Lanes<C::Base>, Table<Avx2Lanes<C::Base>>),
    #[cfg(target_arch = "x86_64")]
    Ifma(IfmaLanes<C::Base>, Table<IfmaLanes<C::Base>>),
}

impl<C: Curve> SmallSums<C> {
    /// Prepares the points.
    pub fn new(points: &[C]) -> SmallSums<C> {
        #[cfg(target_arch = "x86_64")]
        if let Some(lanes) = IfmaLanes::detect() {
            return SmallSums(Packed::Ifma(lanes, Table::of(points)));
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(lanes) = Avx2Lanes::detect() {
            return SmallSums(Packed::Avx2(lanes, Table::of(points)));
        }
        SmallSums(Packed::Scalar(Table::of(points)))
    }

    /// The sum over the pieces `(start, values)` of `Σ (values[i] − base)·points[start + i]`.
    ///
    /// One core does it. Time depends on the values: those equal to `base` are skipped, and wide ones take several passes.
    /// Panics if a value that is not skipped stands beyond the last point.
    pub fn sum<T: Copy + Into<u64>>(&self, pieces: &[(usize, &[T])], base: u64) -> C::CurveExt {
        match &self.0 {
            Packed::Scalar(points) => sum::<C, _, T>(ScalarLanes::new(), points, pieces, base),
            #[cfg(target_arch = "x86_64")]
            Packed::Avx2(lanes, points) => sum::<C, _, T>(*lanes, points, pieces, base),
            #[cfg(target_arch = "x86_64")]
            Packed::Ifma(lanes, points) => sum::<C, _, T>(*lanes, points, pieces, base),
        }
    }
}

fn sum<C, L, T>(lanes: L, points: &Table<L>, pieces: &[(usize, &[T])], base: u64) -> C::CurveExt
where
    C: Curve<Base = L::Field>,
    L: Lanes,
    T: Copy + Into<u64>,
{
    let cells = pieces.iter().flat_map(|(start, values)| (*start..).zip(*values).map(move |(i, v)| (i, (*v).into())));
    let largest = cells.clone().fold(0, |largest: u64, (_, value)| largest.max(value.abs_diff(base)));
    let bits = largest.checked_ilog2().map_or(0, |log| log as usize + 1);
    let width = cheapest_width(cells.clone().filter(|(_, value)| *value != base).count(), |width| (bits.div_ceil(width), 1 << width));
    let mask = (1 << width) - 1;
    let mut buckets = Buckets::<C, L>::new(lanes);
    (0..bits.div_ceil(width)).rev().fold(C::CurveExt::identity(), |sum, window| {
        let terms = cells.clone().map(|(point, value): (usize, u64)| {
            let weight = value.abs_diff(base) >> (width * window) & mask;
            Term { weight: weight as usize, point, negative: value < base }
        });
        let shifted = (0..width).fold(sum, |s, _| s.double());
        shifted + buckets.sum(points, (largest >> (width * window)).min(mask) as usize, terms)
    })
}

/// `Σ values[i]·points[i]` for small integers; the slices have one length.
pub fn msm_small<T: Copy + Into<u64>, C: Curve>(values: &[T], points: &[C]) -> C::CurveExt {
    assert_eq!(values.len(), points.len(), "a sum needs one point a value");
    SmallSums::new(points).sum(&[(0, values)], 0)
}
