//! The first rounds of the lowest layer, straight from the ids.
//!
//! All numerators of lookups are 1, so `f = q0 + q1 + λ·q0·q1`. After `b` bound variables a denominator is
//! `Σ eq(s, j)·entries[id_j]` over `2^b` ids, and with a table for each `eq(s, j)·entries` that takes no multiplication.

use super::fraction::{Fraction, Pair, Round, Sum, Sums, bind_four, pair_alignment};
use super::leaves::{Group, Leaves, Span, count};
use super::sparse::Sparse;
use ff::Field;
use rayon::prelude::*;
use zkimg_group::field::{F, eq_table};

/// Variables that are bound before the children of the lowest layer are written out.
pub(super) const BOUND: usize = 2;
/// The leaves that are then bound to one pair.
const GROUP: usize = 2 << BOUND;
/// Parts of fewer variables have no whole group of leaves.
pub(super) const PART_BITS: usize = BOUND + 1;

/// All entries times `eq(s, j)`, for each `j`.
pub(super) struct Entries<const N: usize> {
    tables: [Vec<F>; N],
}

impl<const N: usize> Entries<N> {
    pub(super) fn new(entries: &[F], bound: &[F]) -> Self {
        let eq = eq_table(bound, N);
        Entries { tables: std::array::from_fn(|j| entries.par_iter().map(|entry| eq[j] * entry).collect()) }
    }

    /// Both children of one node, by the ids of the `2N` leaves that are bound to them.
    #[inline]
    fn children(&self, ids: &[u32]) -> (F, F) {
        let (mut q0, mut q1) = (self.tables[0][ids[0] as usize], self.tables[0][ids[1] as usize]);
        for (table, ids) in self.tables.iter().zip(ids.chunks_exact(2)).skip(1) {
            q0 += table[ids[0] as usize];
            q1 += table[ids[1] as usize];
        }
        (q0, q1)
    }
}

impl Leaves {
    /// The quadratic coefficient of the first round.
    pub(super) fn first(&self, spans: &[Span], round: Round<'_>) -> F {
        let (mut square, mut product) = (Sum::default(), Sum::default());
        self.visit(spans, 4, |start, group| match group {
            Group::Mixed(four) => square.add(&round.eq[start / 4], &round.first_square(four)),
            Group::Lookups(ids) => {
                for (eq, ids) in round.eq[start / 4..].iter().zip(ids.chunks_exact(4)) {
                    let q: [&F; 4] = std::array::from_fn(|i| &self.entries[ids[i] as usize]);
                    product.add(eq, &((q[2] - q[0]) * (q[3] - q[1])));
                }
            }
        });
        square.reduce() + round.lambda * product.reduce()
    }

    /// The second round, with the first variable bound to `s`.
    pub(super) fn second(&self, spans: &[Span], entries: &Entries<2>, s: F, round: Round<'_>) -> Sums {
        let lambda = round.lambda;
        let mut sums = [Sum::default(); 2];
        let (mut linear, mut product, mut square) = (Sum::default(), Sum::default(), Sum::default());
        self.visit(spans, GROUP, |start, group| match group {
            Group::Mixed(leaves) => {
                let [low, high] = [0, 4].map(|i| bind_four(&leaves[i..i + 4], s, lambda));
                round.add(&mut sums, &round.eq[start / GROUP], &low, &high);
            }
            Group::Lookups(ids) => {
                for (eq, ids) in round.eq[start / GROUP..].iter().zip(ids.chunks_exact(GROUP)) {
                    let (low, high) = (entries.children(&ids[..4]), entries.children(&ids[4..]));
                    let (q0, q1) = if round.at == 0 { low } else { high };
                    linear.add(eq, &(q0 + q1));
                    product.add(eq, &(q0 * q1 - F::ONE));
                    square.add(eq, &((high.0 - low.0) * (high.1 - low.1)));
                }
            }
        });
        let [value, mixed] = sums.map(Sum::reduce);
        [value + linear.reduce() + lambda * product.reduce(), mixed + lambda * square.reduce()]
    }

    /// Binds the first variable of a layer whose children, at `height`, are not kept; `bits` variables are left.
    pub(super) fn bind_first(&self, pairs: &mut Sparse<Pair>, spans: &[Span], height: usize, bits: usize, s: F, lambda: F) {
        pairs.restart((count(spans) >> (height + 2)) + 2);
        let (align, padding) = (pair_alignment(bits), Pair::padding(lambda));
        self.fours(spans, height, |i, four| {
            pairs.append(i, align, padding, std::iter::once(bind_four(&four, s, lambda)));
        });
    }

    /// Writes out the children, with the first two variables bound to `s`; `bits` variables are left.
    pub(super) fn bind(&self, pairs: &mut Sparse<Pair>, spans: &[Span], entries: &Entries<4>, bits: usize, s: [F; BOUND], lambda: F) {
        pairs.restart(count(spans) / GROUP + 2);
        let (align, padding) = (pair_alignment(bits), Pair::padding(lambda));
        self.visit(spans, GROUP, |start, group| match group {
            Group::Mixed(leaves) => {
                let [low, high] = [0, 4].map(|i| bind_four(&leaves[i..i + 4], s[0], lambda));
                pairs.append(start / GROUP, align, padding, std::iter::once(Pair::bind(&low, &high, s[1])));
            }
            Group::Lookups(ids) => {
                let bound = ids.chunks_exact(GROUP).map(|ids| {
                    let (q0, q1) = entries.children(ids);
                    let fraction = |q| Fraction { p: F::ONE, q };
                    Pair::new(fraction(q0), fraction(q1), lambda)
                });
                pairs.append(start / GROUP, align, padding, bound);
            }
        });
    }
}
