//! The first rounds of the lowest layer, straight from the ids.
//!
//! All numerators of lookups are 1, so `f = q0 + q1 + λ·q0·q1`. After `b` bound variables a denominator is
//! `Σ eq(s, j)·entries[id_j]` over `2^b` ids, and with a table for each `eq(s, j)·entries` that takes no multiplication.

use super::fraction::{Fraction, Pair, Pairs, Round, Sums, inlined, pair_alignment};
use super::leaves::{Span, span_room};
use super::source::{Group, Source};
use super::sparse::Sparse;
use super::unkept::{Unkept, pair};
use ff::Field;
use rayon::prelude::*;
use zkimg_group::field::{F, eq_table};
use zkimg_group::simd::Lanes;

/// All entries times `eq(s, j)`, for each `j`.
pub(super) struct Entries<L: Lanes>(Vec<Vec<L::One>>);

impl<L: Lanes<Field = F>> Entries<L> {
    /// For layers that are not the lowest.
    pub(super) fn none() -> Self {
        Entries(Vec::new())
    }

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
        Entries(eq.iter().map(table).collect())
    }

    /// Both children of one node in each lane, by the ids of the `2^(B+1)` leaves that are bound to them, from `at` on.
    #[inline(always)]
    fn children<const B: usize>(&self, lanes: L, ids: &[u32], at: impl Fn(usize) -> usize) -> [L::Reduced; 2] {
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
            &self.0[j],
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
                        match group {
                            Group::Mixed(_) => {
                                let leaf = inlined(
                                    #[inline(always)]
                                    |j: usize| {
                                        group.leaves(
                                            lanes,
                                            &self.entries,
                                            #[inline(always)]
                                            |lane| at(lane, j),
                                        )
                                    },
                                );
                                round.add_first(lanes, &mut square, eq, &[leaf(0), leaf(1), leaf(2), leaf(3)]);
                            }
                            Group::Lookups(ids) => {
                                let q = inlined(
                                    #[inline(always)]
                                    |j: usize| {
                                        lanes.gather(
                                            &self.entries,
                                            #[inline(always)]
                                            |lane| ids[at(lane, j)] as usize,
                                        )
                                    },
                                );
                                let (low, high) = (lanes.difference(&q(2), &q(0)), lanes.difference(&q(3), &q(1)));
                                let value = lanes.product(&low, &lanes.reduced(&high));
                                lanes.add_product(&mut product, &lanes.loose(&value), &lanes.load(eq));
                            }
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

    /// A round of the lowest layer after `B` variables were bound.
    pub(super) fn between_ids<const B: usize>(
        &self,
        lanes: L,
        spans: &[Span],
        entries: &Entries<L>,
        unkept: Unkept<'_, L>,
        round: Round<'_, L>,
    ) -> Sums<L> {
        let each = 4 << B;
        let size = each * L::WIDTH;
        let one = lanes.splat(&F::ONE);
        let mut sums = [lanes.nothing(); 2];
        let (mut product, mut square) = (lanes.nothing(), lanes.nothing());
        self.visit(spans, size, |start, group| {
            lanes.run(
                #[inline(always)]
                || {
                    for i in 0..group.len() / size {
                        let eq = &round.eq[start / size + i];
                        let at = |lane: usize, second: usize| each * (i * L::WIDTH + lane) + second * each / 2;
                        match group {
                            Group::Mixed(_) => {
                                let bound = unkept.load::<B>(lanes);
                                let one = inlined(
                                    #[inline(always)]
                                    |second: usize| {
                                        let leaf = inlined(
                                            #[inline(always)]
                                            |j: usize| {
                                                group.leaves(
                                                    lanes,
                                                    &self.entries,
                                                    #[inline(always)]
                                                    |lane| at(lane, second) + j,
                                                )
                                            },
                                        );
                                        pair(lanes, leaf, &bound)
                                    },
                                );
                                round.add(lanes, &mut sums, eq, &one(0), &one(1));
                            }
                            Group::Lookups(ids) => {
                                let low = entries.children::<B>(
                                    lanes,
                                    ids,
                                    #[inline(always)]
                                    |lane| at(lane, 0),
                                );
                                let high = entries.children::<B>(
                                    lanes,
                                    ids,
                                    #[inline(always)]
                                    |lane| at(lane, 1),
                                );
                                let [q0, q1] = if round.at == 0 { &low } else { &high };
                                let eq = lanes.load(eq);
                                lanes.add_product(&mut sums[0], &lanes.sum(q0, q1), &eq);
                                let value = lanes.product(&lanes.loose(q0), q1);
                                lanes.add_product(&mut product, &lanes.difference(&value, &one), &eq);
                                let dq1 = lanes.reduced(&lanes.difference(&high[1], &low[1]));
                                let value = lanes.product(&lanes.difference(&high[0], &low[0]), &dq1);
                                lanes.add_product(&mut square, &lanes.loose(&value), &eq);
                            }
                        }
                    }
                },
            );
        });
        lanes.run(
            #[inline(always)]
            || {
                let [value, mixed] = [lanes.total(&sums[0]), lanes.total(&sums[1])];
                let (product, square) = (lanes.total(&product), lanes.total(&square));
                [with_lambda(lanes, &value, &product, &round), with_lambda(lanes, &mixed, &square, &round)]
            },
        )
    }

    /// Writes out the children of the lowest layer with the first `B` variables bound; `bits` variables are left.
    pub(super) fn write_out_ids<const B: usize>(
        &self,
        lanes: L,
        pairs: &mut Sparse<Pairs<L>>,
        spans: &[Span],
        entries: &Entries<L>,
        unkept: Unkept<'_, L>,
        bits: usize,
    ) {
        let each = 2 << B;
        let size = each * L::WIDTH;
        let (align, padding) = (pair_alignment::<L>(bits), Pairs::padding(lanes, unkept.lambda));
        pairs.restart(span_room(spans, size, align));
        self.visit(spans, size, |start, group| {
            lanes.run(
                #[inline(always)]
                || {
                    let (bound, one) = (unkept.load::<B>(lanes), lanes.splat(&F::ONE));
                    pairs.append(
                        start / size,
                        align,
                        padding,
                        group.len() / size,
                        #[inline(always)]
                        |i| {
                            let at = |lane: usize| each * (i * L::WIDTH + lane);
                            let pair = match group {
                                Group::Mixed(_) => {
                                    let leaf = inlined(
                                        #[inline(always)]
                                        |j: usize| {
                                            group.leaves(
                                                lanes,
                                                &self.entries,
                                                #[inline(always)]
                                                |lane| at(lane) + j,
                                            )
                                        },
                                    );
                                    pair(lanes, leaf, &bound)
                                }
                                Group::Lookups(ids) => {
                                    let [left, right] = entries.children::<B>(lanes, ids, at);
                                    Pair::new(lanes, &Fraction { p: one, q: left }, &Fraction { p: one, q: right }, &bound.1)
                                }
                            };
                            pair.store(lanes)
                        },
                    );
                },
            );
        });
    }
}

/// `sum + λ·product`.
#[inline(always)]
fn with_lambda<L: Lanes<Field = F>>(lanes: L, sum: &L::Reduced, product: &L::Reduced, round: &Round<'_, L>) -> L::Several {
    let product = lanes.product(&lanes.loose(product), &lanes.load(&round.lambda));
    lanes.store(&lanes.reduced(&lanes.sum(sum, &product)))
}
