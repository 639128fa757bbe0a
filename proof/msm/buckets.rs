//! `Σ wᵢ·Pᵢ` for small weights: points of one weight meet in a bucket, and each bucket is summed once.
//!
//! Pippenger's method. The points are sorted by bucket; level by level each bucket's upper half is folded onto its
//! lower half, all buckets of a block with one inversion.

use super::pairs::{Pairs, Xy};
use crate::field::{Affine, Point};
use group::Group;

/// Points in a block, about: what stays in the second-level cache with its pairs.
const BLOCK: usize = 4096;
/// Up to this weight the buckets are weighed by running sums; above it by two digits of the weight.
const DIRECT: usize = 32;

/// The width for which `windows(width) = (count, buckets)` cost least: about 6 products a term, 12 a bucket, and some a window.
pub(super) fn cheapest_width(terms: usize, windows: impl Fn(usize) -> (usize, usize)) -> usize {
    let cost = |width: &usize| {
        let (count, buckets) = windows(*width);
        count * (6 * terms + 12 * buckets + 2000)
    };
    (3..=14).min_by_key(cost).unwrap_or(3)
}

/// A term: its weight's size, and which point it takes. A weight of zero is skipped.
#[derive(Clone, Copy)]
pub(super) struct Term {
    /// `|w|`.
    pub(super) weight: usize,
    /// Position of the point.
    pub(super) point: usize,
    /// Whether `w < 0`.
    pub(super) negative: bool,
}

impl Term {
    fn key(&self) -> usize {
        2 * self.weight + usize::from(self.negative)
    }
}

/// The points of one bucket within a block.
struct Span {
    weight: usize,
    start: usize,
    len: usize,
}

/// The memory of a sum, for use again and again.
#[derive(Default)]
pub struct Buckets {
    /// Where in `order` the next term of each weight and sign goes; after sorting, where they end.
    ends: Vec<usize>,
    /// The terms' points, sorted.
    order: Vec<u32>,
    block: Vec<Xy>,
    spans: Vec<Span>,
    pairs: Pairs,
}

impl Buckets {
    /// `Σ ±weight·points[point]`, all weights at most `max_weight`.
    pub(super) fn sum(&mut self, points: &[Xy], max_weight: usize, terms: impl Iterator<Item = Term> + Clone) -> Point {
        let buckets = self.bucket_sums(points, max_weight, terms);
        if max_weight <= DIRECT {
            return running_sums(&buckets);
        }
        // The same again for the weights: their high and low digits are few.
        let low_bits = max_weight.ilog2().div_ceil(2);
        let low_mask = (1 << low_bits) - 1;
        let (weights, points): (Vec<usize>, Vec<Xy>) = buckets.into_iter().unzip();
        let terms = weights.iter().enumerate().map(|(point, weight)| Term { weight: *weight, point, negative: false });
        let high = terms.clone().map(|term| Term { weight: term.weight >> low_bits, ..term });
        let high = self.bucket_sums(&points, max_weight >> low_bits, high);
        let low = terms.map(|term| Term { weight: term.weight & low_mask, ..term });
        let low = self.bucket_sums(&points, low_mask, low);
        let high = (0..low_bits).fold(running_sums(&high), |sum, _| sum.double());
        high + running_sums(&low)
    }

    /// The sum of each bucket that is not empty, by ascending weight; a sum may be the identity.
    fn bucket_sums(&mut self, points: &[Xy], max_weight: usize, terms: impl Iterator<Item = Term> + Clone) -> Vec<(usize, Xy)> {
        self.sort(max_weight, terms);
        let mut sums = Vec::with_capacity(max_weight);
        let mut start = 0;
        for weight in 1..=max_weight {
            let first = self.block.len();
            for negative in [false, true] {
                let end = self.ends[2 * weight + usize::from(negative)];
                for term in &self.order[start..end] {
                    let point = &points[*term as usize];
                    if !point.is_identity() {
                        self.block.push(if negative { point.negate() } else { *point });
                    }
                }
                start = end;
            }
            if self.block.len() > first {
                self.spans.push(Span { weight, start: first, len: self.block.len() - first });
            }
            if self.block.len() >= BLOCK {
                self.fold_block(&mut sums);
            }
        }
        self.fold_block(&mut sums);
        sums
    }

    /// Counting sort of the terms by weight into `order`, within a weight the negative ones last.
    fn sort(&mut self, max_weight: usize, terms: impl Iterator<Item = Term> + Clone) {
        self.ends.clear();
        self.ends.resize(2 * max_weight + 2, 0);
        terms.clone().for_each(|term| self.ends[term.key()] += 1);
        self.ends[..2].fill(0);
        let mut total = 0;
        for end in &mut self.ends {
            total += std::mem::replace(end, total);
        }
        self.order.resize(total, 0);
        terms.filter(|term| term.weight != 0).for_each(|term| {
            let at = &mut self.ends[term.key()];
            self.order[*at] = term.point as u32;
            *at += 1;
        });
    }

    /// Sums every bucket of the block and empties it.
    fn fold_block(&mut self, sums: &mut Vec<(usize, Xy)>) {
        loop {
            self.pairs.clear();
            for span in &mut self.spans {
                let (half, last) = (span.len / 2, span.start + span.len - 1);
                for i in 0..half {
                    self.pairs.push(span.start + i, last - i);
                }
            }
            if self.pairs.is_empty() {
                sums.extend(self.spans.iter().map(|span| (span.weight, self.block[span.start])));
                break;
            }
            if self.pairs.add(&mut self.block).is_err() {
                self.add_one_by_one(sums);
                break;
            }
            self.spans.iter_mut().for_each(|span| span.len -= span.len / 2);
        }
        self.spans.clear();
        self.block.clear();
    }

    /// The way that holds for all points, where two of a bucket turned out to be equal or opposite.
    fn add_one_by_one(&self, sums: &mut Vec<(usize, Xy)>) {
        let totals: Vec<Point> = self.spans.iter().map(|span| {
            let points = &self.block[span.start..span.start + span.len];
            points.iter().fold(Point::identity(), |sum, point| sum + Affine::from(*point))
        }).collect();
        let totals = super::to_affine(&totals);
        sums.extend(self.spans.iter().zip(&totals).map(|(span, total)| (span.weight, Xy::from(total))));
    }
}

/// `Σ w·S_w` over buckets of ascending weight, by summation by parts.
fn running_sums(buckets: &[(usize, Xy)]) -> Point {
    let (mut running, mut sum) = (Point::identity(), Point::identity());
    let mut buckets = buckets.iter().rev().peekable();
    let heaviest = buckets.peek().map_or(0, |(weight, _)| *weight);
    for weight in (1..=heaviest).rev() {
        if let Some((_, point)) = buckets.next_if(|(w, _)| *w == weight) {
            running += Affine::from(*point);
        }
        sum += running;
    }
    sum
}
