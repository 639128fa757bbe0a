//! The first rounds of the lowest layer, straight from the ids.
//!
//! All numerators of lookups are 1, so `f = q0 + q1 + λ·q0·q1`. After `b` bound variables a denominator is
//! `Σ eq(s, j)·entries[id_j]` over `2^b` ids, and with a table for each `eq(s, j)·entries` that takes no multiplication.

use super::fraction::{Fraction, Pair, Round, inlined};
use super::leaves::Span;
use super::source::{Numerators, Padded, Source};
use ff::Field;
use rayon::prelude::*;
use zkimg_group::field::{F, eq_table};
use zkimg_group::simd::Lanes;

/// All entries times `eq(s, j)`, for each `j`; and the sum of `eq(s, j)` over each set of `j`, which is what numerators come to.
pub(super) struct Entries<L: Lanes> {
    entries: Vec<Vec<L::One>>,
    numerators: Vec<L::One>,
}

impl<L: Lanes<Field = F>> Entries<L> {
    pub(super) fn new(lanes: L, entries: &[L::One], bound: &[F]) -> Self {
        let eq = eq_table(bound, 1 << bound.len());
        let scaled = |several: &[L::One], factor: &F| {
            let product = lanes.run(
                #[inline(always)]
                || {
                    let entries = lanes.gather(
                        several,
                        #[inline(always)]
                        |lane| lane.min(several.len() - 1),
                    );
                    lanes.store(&lanes.product(&lanes.loose(&entries), &lanes.splat(factor)))
                },
            );
            (0..several.len()).map(move |lane| L::get(&product, lane)).collect::<Vec<_>>()
        };
        let table = |factor: &F| entries.par_chunks(L::WIDTH).flat_map_iter(|several| scaled(several, factor)).collect();
        // The sums over sets without the next `j`, and then over those with it.
        let numerators = eq.iter().fold(vec![F::ZERO], |mut sums, eq| {
            sums.extend_from_within(..);
            let half = sums.len() / 2;
            sums[half..].iter_mut().for_each(|sum| *sum += eq);
            sums
        });
        Entries { entries: eq.iter().map(table).collect(), numerators: numerators.iter().map(L::pack).collect() }
    }

    /// The same two children as a pair, where leaves may be padding.
    #[inline(always)]
    pub(super) fn pair<const B: usize>(&self, lanes: L, padded: &Padded<'_>, at: impl Fn(usize) -> usize, lambda: &L::Reduced) -> Pair<L> {
        let [left, right] = self.children::<B>(lanes, padded.ids, &at);
        let numerator = inlined(
            #[inline(always)]
            |first: usize| {
                lanes.gather(
                    &self.numerators,
                    #[inline(always)]
                    |lane| (0..1 << B).fold(0, |set, j| set | usize::from(padded.is_live(at(lane) + 2 * j + first)) << j),
                )
            },
        );
        Pair::new(lanes, &Fraction { p: numerator(0), q: left }, &Fraction { p: numerator(1), q: right }, lambda)
    }

    /// Both children of one node in each lane, by the ids of the `2^(B+1)` leaves that are bound to them, from `at` on.
    #[inline(always)]
    pub(super) fn children<const B: usize>(&self, lanes: L, ids: &[u32], at: impl Fn(usize) -> usize) -> [L::Reduced; 2] {
        let child = inlined(
            #[inline(always)]
            |first: usize| {
                let mut sum = self.term(lanes, ids, 0, |lane| at(lane) + first);
                for j in 1..1 << B {
                    sum = lanes.reduced(&lanes.sum(&sum, &self.term(lanes, ids, j, |lane| at(lane) + 2 * j + first)));
                }
                sum
            },
        );
        [child(0), child(1)]
    }

    #[inline(always)]
    fn term(&self, lanes: L, ids: &[u32], j: usize, at: impl Fn(usize) -> usize) -> L::Reduced {
        lanes.gather(
            &self.entries[j],
            #[inline(always)]
            |lane| ids[at(lane)] as usize,
        )
    }
}

impl<L: Lanes<Field = F>> Source<L> {
    /// The quadratic coefficient of the first round.
    pub(super) fn first(&self, lanes: L, spans: &[Span], round: Round<'_, L>) -> L::Several {
        let size = 4 * L::WIDTH;
        let (mut square, mut product) = (lanes.nothing(), lanes.nothing());
        self.visit(spans, size, |start, group| {
            lanes.run(
                #[inline(always)]
                || {
                    for i in 0..group.len() / size {
                        let eq = &round.eq[start / size + i];
                        let at = |lane: usize, j: usize| 4 * (i * L::WIDTH + lane) + j;
                        if let Some(Numerators::Ones) = group.numerators(i * size..(i + 1) * size) {
                            let q = inlined(
                                #[inline(always)]
                                |j: usize| {
                                    lanes.gather(
                                        &self.entries,
                                        #[inline(always)]
                                        |lane| group.ids()[at(lane, j)] as usize,
                                    )
                                },
                            );
                            let (low, high) = (lanes.difference(&q(2), &q(0)), lanes.difference(&q(3), &q(1)));
                            let value = lanes.product(&low, &lanes.reduced(&high));
                            lanes.add_product(&mut product, &lanes.loose(&value), &lanes.load(eq));
                        } else {
                            let leaf = group.neighbours(lanes, &self.entries, 0, |lane| at(lane, 0));
                            round.add_first(lanes, &mut square, eq, &[leaf(0), leaf(1), leaf(2), leaf(3)]);
                        }
                    }
                },
            );
        });
        lanes.run(
            #[inline(always)]
            || with_lambda(lanes, &lanes.total(&square), &lanes.total(&product), &round),
        )
    }
}

/// `sum + λ·product`.
#[inline(always)]
pub(super) fn with_lambda<L: Lanes<Field = F>>(lanes: L, sum: &L::Reduced, product: &L::Reduced, round: &Round<'_, L>) -> L::Several {
    let product = lanes.product(&lanes.loose(product), &lanes.load(&round.lambda));
    lanes.store(&lanes.reduced(&lanes.sum(sum, &product)))
}
