//! A point of a cube, for `eq(point, ·)` at single places and summed over intervals.

use ff::Field;
use std::ops::Range;
use zkimg_graph::linear::signed;
use zkimg_group::field::{F, eq_table};

/// `eq(point, i) = low[i mod 2^s]·high[⌊i/2^s⌋]`, from two short tables and their partial sums.
pub struct Point<'a> {
    coordinates: &'a [F],
    low: Table,
    high: Table,
}

crate::opaque!(Point<'_>);

/// Values and, up to each of them, their sum and the sum of `i·value_i`.
struct Table {
    bits: usize,
    values: Vec<F>,
    sums: Vec<[F; 2]>,
}

impl Table {
    fn new(point: &[F]) -> Table {
        let values = eq_table(point, 1 << point.len());
        let mut sums = Vec::with_capacity(values.len() + 1);
        let mut sum = [F::ZERO; 2];
        sums.push(sum);
        for (i, value) in values.iter().enumerate() {
            sum[0] += value;
            sum[1] += F::from(i as u64) * value;
            sums.push(sum);
        }
        Table { bits: point.len(), values, sums }
    }
}

impl<'a> Point<'a> {
    /// Bit 0 of an index stands against the first coordinate.
    pub fn new(coordinates: &'a [F]) -> Point<'a> {
        let (low, high) = coordinates.split_at(coordinates.len() / 2);
        Point { coordinates, low: Table::new(low), high: Table::new(high) }
    }

    /// The coordinates.
    pub fn coordinates(&self) -> &'a [F] {
        self.coordinates
    }

    fn split(&self, i: usize) -> (usize, usize) {
        (i & ((1 << self.low.bits) - 1), i >> self.low.bits)
    }

    /// `eq(point, i)`.
    pub fn at(&self, i: usize) -> F {
        let (low, high) = self.split(i);
        self.low.values[low] * self.high.values[high]
    }

    /// `Σ_{i<n} eq(point, i)`.
    pub fn below(&self, n: usize) -> F {
        let (low, high) = self.split(n);
        let whole = self.high.sums[high][0];
        if low == 0 { whole } else { whole + self.high.values[high] * self.low.sums[low][0] }
    }

    /// `Σ eq(point, i)` over an interval.
    pub fn sum(&self, interval: &Range<usize>) -> F {
        self.below(interval.end) - self.below(interval.start)
    }

    /// `Σ_{i<n} i·eq(point, i)`.
    pub fn indices_below(&self, n: usize) -> F {
        let (low, high) = self.split(n);
        let scale = F::from(1 << self.low.bits);
        // The low part's values sum to 1, and their indices to this.
        let mean = self.low.sums[1 << self.low.bits][1];
        let [whole, blocks] = self.high.sums[high];
        let full = scale * blocks + mean * whole;
        if low == 0 {
            return full;
        }
        let [rest, indices] = self.low.sums[low];
        full + self.high.values[high] * (scale * F::from(high as u64) * rest + indices)
    }
}

/// Sums of `eq(p, j)·eq(q, j + d)` over intervals of `j`, bit by bit with a carry: as many steps as there are bits.
pub struct Correlation {
    /// For each bit, the products of `p`'s and `q`'s factors.
    factors: Vec<[[F; 2]; 2]>,
    known: std::collections::HashMap<(usize, usize), F>,
}

crate::opaque!(Correlation);

impl Correlation {
    /// Of two points; the shorter one is zero in the bits above.
    pub fn new(p: &[F], q: &[F]) -> Correlation {
        Correlation::of(p, q.to_vec())
    }

    /// Of a point and the other one's mirror image, see [`Correlation::mirrored`].
    pub fn with_mirror(p: &[F], q: &[F]) -> Correlation {
        let mut mirror: Vec<F> = q.iter().map(|q| F::ONE - q).collect();
        mirror.resize(p.len().max(q.len()), F::ONE);
        Correlation::of(p, mirror)
    }

    fn of(p: &[F], q: Vec<F>) -> Correlation {
        let bits = p.len().max(q.len());
        let at = |v: &[F], i: usize| v.get(i).copied().unwrap_or(F::ZERO);
        let factors = |i| {
            let (p, q) = (at(p, i), at(&q, i));
            let both = p * q;
            [[F::ONE - p - q + both, q - both], [p - both, both]]
        };
        Correlation { factors: (0..bits).map(factors).collect(), known: Default::default() }
    }

    /// `Σ eq(p, j)·eq(q, j + offset)` over an interval of `j` in which all `j + offset` are indices of `q`.
    pub fn moved(&mut self, interval: &Range<usize>, offset: i64) -> F {
        let offset = self.wrapped(offset);
        self.below(interval.end, offset) - self.below(interval.start, offset)
    }

    /// `Σ eq(p, j)·eq(q, centre − j)` over an interval of `j` in which all `centre − j` are indices of `q`, of a correlation
    /// with `q`'s mirror image: `eq(q, i) = eq(1 − q, 2^b − 1 − i)`.
    pub fn mirrored(&mut self, interval: &Range<usize>, centre: usize) -> F {
        self.moved(interval, -1 - signed(centre))
    }

    fn wrapped(&self, offset: i64) -> usize {
        offset.rem_euclid(1 << self.factors.len()) as usize
    }

    /// `Σ_{j<end} eq(p, j)·eq(q, j + offset mod 2^b)`.
    fn below(&mut self, end: usize, offset: usize) -> F {
        if end == 0 {
            return F::ZERO;
        }
        if let Some(sum) = self.known.get(&(end, offset)) {
            return *sum;
        }
        // By carry, and by whether the bits so far are below those of the end.
        let mut sums = [[F::ZERO; 2]; 2];
        sums[0][0] = F::ONE;
        for (bit, factors) in self.factors.iter().enumerate() {
            let (limit, add) = (end >> bit & 1, offset >> bit & 1);
            let mut next = [[F::ZERO; 2]; 2];
            for (carry, [not_below, below]) in sums.into_iter().enumerate() {
                for (j, factors) in factors.iter().enumerate() {
                    let sum = j + add + carry;
                    let factor = factors[sum & 1];
                    let next = &mut next[sum >> 1];
                    if j == limit {
                        next[0] += factor * not_below;
                        next[1] += factor * below;
                    } else {
                        next[usize::from(j < limit)] += factor * (not_below + below);
                    }
                }
            }
            sums = next;
        }
        let [without, with] = sums;
        let below = without[1] + with[1];
        let sum = if end >> self.factors.len() > 0 { below + without[0] + with[0] } else { below };
        self.known.insert((end, offset), sum);
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use zkimg_group::field::{eq_at, hash_to_field};

    fn point(label: &str, bits: usize) -> Vec<F> {
        (0..bits as u32).map(|i| hash_to_field(label, &i.to_le_bytes())).collect()
    }

    proptest! {
        #[test]
        fn tables_and_sums_are_those_of_eq(bits in 0usize..8, a in 0usize..257, b in 0usize..257) {
            let coordinates = point("p", bits);
            let p = Point::new(&coordinates);
            let (a, b) = (a % ((1 << bits) + 1), b % ((1 << bits) + 1));
            let range = a.min(b)..a.max(b);
            let all: Vec<F> = (0..1 << bits).map(|i| eq_at(&coordinates, i)).collect();
            prop_assert!(all.iter().enumerate().all(|(i, e)| p.at(i) == *e));
            prop_assert_eq!(p.sum(&range), all[range.clone()].iter().sum::<F>());
            let indices: F = all[..b].iter().enumerate().map(|(i, e)| F::from(i as u64) * e).sum();
            prop_assert_eq!(p.indices_below(b), indices);
        }

        #[test]
        fn correlations_are_sums_of_products(p_bits in 0usize..7, q_bits in 0usize..7, start in 0usize..64, length in 0usize..65, offset in -64i64..64) {
            let (p, q) = (point("p", p_bits), point("q", q_bits));
            let inside = |j: usize, i: i64| j < 1 << p_bits && (0..1 << q_bits).contains(&i);
            let within = |at: &dyn Fn(usize) -> i64| (start..start + length).take_while(|j| inside(*j, at(*j))).count();
            let moved = |j: usize| signed(j) + offset;
            let range = start..start + within(&moved);
            let expected: F = range.clone().map(|j| eq_at(&p, j) * eq_at(&q, moved(j) as usize)).sum();
            prop_assert_eq!(Correlation::new(&p, &q).moved(&range, offset), expected);
            let centre = start + offset.unsigned_abs() as usize;
            let mirrored = |j: usize| signed(centre) - signed(j);
            let range = start..start + within(&mirrored);
            let expected: F = range.clone().map(|j| eq_at(&p, j) * eq_at(&q, mirrored(j) as usize)).sum();
            prop_assert_eq!(Correlation::with_mirror(&p, &q).mirrored(&range, centre), expected);
        }
    }
}
