//! Sums with small integers: the row commitments.

use super::buckets::{Buckets, Term};
use super::pairs::Xy;
use crate::field::{Affine, Point};
use group::Group;

/// Points of which many sums with small integers are wanted.
pub struct SmallSums {
    points: Vec<Xy>,
}

impl SmallSums {
    /// Prepares the points.
    pub fn new(points: &[Affine]) -> SmallSums {
        SmallSums { points: points.iter().map(Xy::from).collect() }
    }

    /// The sum over the pieces `(start, values)` of `Σ values[i]·points[start + i]`; `buckets` is memory to work in.
    pub fn sum<T: Copy + Into<u64>>(&self, buckets: &mut Buckets, pieces: &[(usize, &[T])]) -> Point {
        let cells = pieces.iter().flat_map(|(start, values)| (*start..).zip(*values).map(|(i, v)| (i, (*v).into())));
        let largest = cells.clone().fold(0, |largest: u64, (_, value)| largest.max(value));
        let bits = largest.checked_ilog2().map_or(0, |log| log as usize + 1);
        let width = window_width(cells.clone().count(), bits);
        let mask = (1 << width) - 1;
        (0..bits.div_ceil(width)).rev().fold(Point::identity(), |sum, window| {
            let terms = cells.clone().map(|(point, value): (usize, u64)| {
                Term { weight: (value >> (width * window) & mask) as usize, point, negative: false }
            });
            let shifted = (0..width).fold(sum, |s, _| s.double());
            shifted + buckets.sum(&self.points, (largest >> (width * window)).min(mask) as usize, terms)
        })
    }
}

/// The width of window that makes the fewest products.
fn window_width(terms: usize, bits: usize) -> usize {
    (3..=14).min_by_key(|width| bits.div_ceil(*width) * (6 * terms + (12 << width) + 2000)).unwrap_or(3)
}

/// `Σ values[i]·points[i]` for small integers; the slices have one length.
pub fn msm_small<T: Copy + Into<u64>>(values: &[T], points: &[Affine]) -> Point {
    assert_eq!(values.len(), points.len(), "a sum needs one point a value");
    SmallSums::new(points).sum(&mut Buckets::default(), &[(0, values)])
}
