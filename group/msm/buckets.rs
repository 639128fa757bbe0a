//! `Σ wᵢ·Pᵢ` for small weights: points of one weight meet in a bucket, and each bucket is summed once.
//!
//! Pippenger's method. Buckets of about one size lie side by side, one in each lane; level by level the upper half of their
//! points is folded onto the lower half, all buckets of a block with one inversion.

use super::points::{Pair, Points, Steps, Table, Xy};
use crate::cycle::Curve;
use crate::simd::{Lanes, WIDEST};
use group::Group;
use std::cmp::Reverse;
use std::marker::PhantomData;

/// Rows of points in a block, about: what stays in the second-level cache with its pairs.
const BLOCK: usize = 1024;
/// The most points that are summed in one lane; larger buckets are summed in several.
const STRAND: usize = 256;
/// Up to this weight the buckets are weighed by running sums; above it by two digits of the weight.
const DIRECT: usize = 32;
/// Marks a point to be subtracted.
const NEGATIVE: u32 = 1 << 31;

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
    /// Position of the point, below `2^31`.
    pub(super) point: usize,
    /// Whether `w < 0`.
    pub(super) negative: bool,
}

impl Term {
    fn key(&self) -> usize {
        2 * self.weight + usize::from(self.negative)
    }
}

/// A term for each point, in order.
fn once_each(weights: &[usize]) -> impl Iterator<Item = Term> + Clone {
    weights.iter().enumerate().map(|(point, weight)| Term { weight: *weight, point, negative: false })
}

/// Points of one bucket: where they are in the sorted order.
#[derive(Clone, Copy)]
struct Strand {
    weight: usize,
    start: usize,
    len: usize,
}

/// Strands side by side in the block, the longest first.
struct Bundle {
    start: usize,
    len: usize,
    strands: [Option<Strand>; WIDEST],
}

/// Weights and what is summed under each, by ascending weight.
type Sums<L> = Vec<(usize, Xy<L>)>;

/// The memory of a sum, for use again and again.
pub(super) struct Buckets<C, L: Lanes> {
    curve: PhantomData<C>,
    lanes: L,
    /// Where in `order` the next term of each weight and sign goes.
    ends: Vec<usize>,
    /// The terms' points, sorted by weight, and of one weight those to be subtracted last.
    order: Vec<u32>,
    strands: Vec<Strand>,
    fetched: Vec<Xy<L>>,
    block: Vec<Points<L>>,
    bundles: Vec<Bundle>,
    pairs: Vec<Pair>,
    steps: Steps<L>,
}

impl<C: Curve<Base = L::Field>, L: Lanes> Buckets<C, L> {
    /// No memory yet.
    pub(super) fn new(lanes: L) -> Buckets<C, L> {
        Buckets {
            curve: PhantomData,
            lanes,
            ends: Vec::new(),
            order: Vec::new(),
            strands: Vec::new(),
            fetched: Vec::new(),
            block: Vec::new(),
            bundles: Vec::new(),
            pairs: Vec::new(),
            steps: Steps::default(),
        }
    }

    /// `Σ ±weight·points[point]`, all weights at most `max_weight`.
    pub(super) fn sum(&mut self, points: &Table<L>, max_weight: usize, terms: impl Iterator<Item = Term> + Clone) -> C::CurveExt {
        let buckets = self.bucket_sums(points, max_weight, terms);
        if max_weight <= DIRECT {
            return running_sums::<C, L>(&buckets);
        }
        // The same again for the weights: their high and low digits are few.
        let low_bits = max_weight.ilog2().div_ceil(2);
        let low_mask = (1 << low_bits) - 1;
        let (weights, points): (Vec<usize>, _) = buckets.into_iter().unzip();
        let points = Table::new(points);
        let high = once_each(&weights).map(|term| Term { weight: term.weight >> low_bits, ..term });
        let high = self.bucket_sums(&points, max_weight >> low_bits, high);
        let low = once_each(&weights).map(|term| Term { weight: term.weight & low_mask, ..term });
        let low = self.bucket_sums(&points, low_mask, low);
        let high = (0..low_bits).fold(running_sums::<C, L>(&high), |sum, _| sum.double());
        high + running_sums::<C, L>(&low)
    }

    /// The sum of each bucket that is not empty, by ascending weight; a sum may be the identity.
    fn bucket_sums(&mut self, points: &Table<L>, max_weight: usize, terms: impl Iterator<Item = Term> + Clone) -> Sums<L> {
        let mut sums = self.strand_sums(points, max_weight, terms);
        while sums.windows(2).any(|two| two[0].0 == two[1].0) {
            let (weights, points): (Vec<usize>, _) = sums.into_iter().unzip();
            sums = self.strand_sums(&Table::new(points), max_weight, once_each(&weights));
        }
        sums
    }

    /// The sum of each strand, by ascending weight.
    fn strand_sums(&mut self, points: &Table<L>, max_weight: usize, terms: impl Iterator<Item = Term> + Clone) -> Sums<L> {
        self.sort(max_weight, terms.filter(|term| term.weight != 0 && !points.is_identity(term.point)));
        let mut sums = Vec::with_capacity(self.strands.len());
        let strands = std::mem::take(&mut self.strands);
        let mut rows = 0;
        for side_by_side in strands.chunks(L::WIDTH) {
            let len = side_by_side[0].len;
            let strands = std::array::from_fn(|lane| side_by_side.get(lane).copied());
            self.bundles.push(Bundle { start: rows, len, strands });
            rows += len;
            if rows >= BLOCK {
                self.fold_block(points, &mut sums);
                rows = 0;
            }
        }
        self.fold_block(points, &mut sums);
        self.strands = strands;
        sums.sort_unstable_by_key(|(weight, _)| *weight);
        sums
    }

    /// Counting sort of the terms by weight into `order`; then their strands, the longest first.
    fn sort(&mut self, max_weight: usize, terms: impl Iterator<Item = Term> + Clone) {
        self.ends.clear();
        self.ends.resize(2 * max_weight + 2, 0);
        terms.clone().for_each(|term| self.ends[term.key()] += 1);
        self.strands.clear();
        let mut total = 0;
        for (weight, ends) in self.ends.chunks_exact_mut(2).enumerate() {
            let start = total;
            for end in ends {
                total += std::mem::replace(end, total);
            }
            let strand = |start| Strand { weight, start, len: STRAND.min(total - start) };
            self.strands.extend((start..total).step_by(STRAND).map(strand));
        }
        self.strands.sort_unstable_by_key(|strand| Reverse(strand.len));
        self.order.resize(total, 0);
        terms.for_each(|term| {
            let at = &mut self.ends[term.key()];
            self.order[*at] = term.point as u32 | if term.negative { NEGATIVE } else { 0 };
            *at += 1;
        });
    }

    /// Brings the points of the bundles into the block.
    fn fill_block(&mut self, points: &Table<L>) {
        let order = |strand: &Strand| &self.order[strand.start..strand.start + strand.len];
        // First all are fetched from wherever they are, so that the cache's delays overlap.
        self.fetched.clear();
        for (_, _, strand) in strands(&self.bundles) {
            self.fetched.extend(order(strand).iter().map(|term| *points.get((term & !NEGATIVE) as usize)));
        }
        let rows = self.bundles.last().map_or(0, |bundle| bundle.start + bundle.len);
        self.block.resize(rows, Points::default());
        let mut fetched = self.fetched.iter();
        for (start, lane, strand) in strands(&self.bundles) {
            for ((row, term), point) in self.block[start..].iter_mut().zip(order(strand)).zip(&mut fetched) {
                if term & NEGATIVE == 0 { row.set(lane, point) } else { row.set(lane, &point.negated()) }
            }
        }
    }

    /// Sums every strand of the bundles and forgets them.
    fn fold_block(&mut self, points: &Table<L>, sums: &mut Sums<L>) {
        self.fill_block(points);
        loop {
            self.pairs.clear();
            self.bundles.iter().for_each(|bundle| self.pairs.extend(bundle.pairs()));
            if self.pairs.is_empty() {
                let first = |(start, lane, strand): (usize, usize, &Strand)| (strand.weight, self.block[start].get(lane));
                sums.extend(strands(&self.bundles).map(first));
                break;
            }
            if self.steps.add_pairs(self.lanes, &mut self.block, &self.pairs).is_err() {
                self.add_one_by_one(sums);
                break;
            }
            self.bundles.iter_mut().for_each(Bundle::halve);
        }
        self.bundles.clear();
    }

    /// The way that holds for all points, where two of a bucket turned out to be equal or opposite.
    fn add_one_by_one(&self, sums: &mut Sums<L>) {
        let total = |(start, lane, strand): (usize, usize, &Strand)| {
            let rows = &self.block[start..start + strand.len];
            rows.iter().fold(C::CurveExt::identity(), |sum, row| sum + row.get(lane).point::<C>())
        };
        let totals = super::to_affine(&strands(&self.bundles).map(total).collect::<Vec<_>>());
        sums.extend(strands(&self.bundles).zip(&totals).map(|((_, _, strand), total)| (strand.weight, Xy::of(total))));
    }
}

/// The strands of a block, with the row each begins in and its lane.
fn strands(bundles: &[Bundle]) -> impl Iterator<Item = (usize, usize, &Strand)> {
    bundles.iter().flat_map(|bundle| bundle.strands().map(|(lane, strand)| (bundle.start, lane, strand)))
}

impl Bundle {
    fn strands(&self) -> impl Iterator<Item = (usize, &Strand)> {
        self.strands.iter().enumerate().filter_map(|(lane, strand)| Some((lane, strand.as_ref()?)))
    }

    /// The upper half, mirrored, onto the lower; shorter strands have no part in the topmost.
    fn pairs(&self) -> impl Iterator<Item = Pair> {
        let last = self.start + self.len - 1;
        (0..self.len / 2).map(move |i| {
            let reaches = |strand: &Strand| strand.len >= self.len - i;
            let lanes = self.strands().map(|(lane, strand)| u8::from(reaches(strand)) << lane).sum();
            Pair { left: (self.start + i) as u32, right: (last - i) as u32, lanes }
        })
    }

    fn halve(&mut self) {
        self.len -= self.len / 2;
        self.strands.iter_mut().flatten().for_each(|strand| strand.len = strand.len.min(self.len));
    }
}

/// `Σ w·S_w` over buckets of ascending weight, by summation by parts.
fn running_sums<C: Curve<Base = L::Field>, L: Lanes>(buckets: &[(usize, Xy<L>)]) -> C::CurveExt {
    let (mut running, mut sum) = (C::CurveExt::identity(), C::CurveExt::identity());
    let mut buckets = buckets.iter().rev().peekable();
    let heaviest = buckets.peek().map_or(0, |(weight, _)| *weight);
    for weight in (1..=heaviest).rev() {
        if let Some((_, point)) = buckets.next_if(|(w, _)| *w == weight) {
            running += point.point::<C>();
        }
        sum += running;
    }
    sum
}
