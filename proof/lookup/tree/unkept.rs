//! Rounds of layers whose children are not kept: they are made anew from the leaves, and written out once a few variables are bound.

use super::fraction::{Fraction, Pair, Pairs, Round, Sums, apart, bind_four, inlined, pair_alignment};
use super::ids::{Entries, with_lambda};
use super::leaves::{Span, span_room};
use super::source::{Numerators, Source};
use super::sparse::Sparse;
use ff::Field;
use zkimg_group::field::F;
use zkimg_group::simd::Lanes;

/// A layer's children that are not kept: where they are, and how their pairs are made.
#[derive(Clone, Copy)]
pub(super) struct Unkept<'a, L: Lanes> {
    /// Above the leaves.
    pub(super) height: usize,
    /// The variables that are bound, each in every lane.
    pub(super) bound: &'a [L::Several],
    /// `λ` in every lane.
    pub(super) lambda: L::Several,
    /// If they are leaves: what those of lookups become when these variables are bound.
    pub(super) entries: Option<&'a Entries<L>>,
}

impl<L: Lanes<Field = F>> Unkept<'_, L> {
    /// The challenges and `λ`, at work; `B` are the bound variables.
    #[inline(always)]
    pub(super) fn load<const B: usize>(&self, lanes: L) -> ([L::Reduced; B], L::Reduced) {
        let s = std::array::from_fn(
            #[inline(always)]
            |i| lanes.load(&self.bound[i]),
        );
        (s, lanes.load(&self.lambda))
    }
}

/// One pair in each lane: `2^(B+1)` neighbours of some height, with `B` variables bound to `s`.
#[inline(always)]
pub(super) fn pair<L: Lanes<Field = F>, const B: usize>(
    lanes: L,
    node: impl Fn(usize) -> Fraction<L>,
    (s, lambda): &([L::Reduced; B], L::Reduced),
) -> Pair<L> {
    let four = apart(
        lanes,
        #[inline(always)]
        |i| bind_four(lanes, &[node(4 * i), node(4 * i + 1), node(4 * i + 2), node(4 * i + 3)], &s[0], lambda),
    );
    let eight = inlined(
        #[inline(always)]
        |i| Pair::bind(lanes, &four(2 * i), &four(2 * i + 1), &s[1]),
    );
    let sixteen = inlined(
        #[inline(always)]
        |i| Pair::bind(lanes, &eight(2 * i), &eight(2 * i + 1), &s[2]),
    );
    match B {
        1 => four(0),
        2 => eight(0),
        3 => sixteen(0),
        _ => Pair::bind(lanes, &sixteen(0), &sixteen(1), &s[3]),
    }
}

impl<L: Lanes<Field = F>> Source<L> {
    /// A round after `B` variables were bound.
    pub(super) fn between<const B: usize>(&self, lanes: L, spans: &[Span], unkept: Unkept<'_, L>, round: Round<'_, L>) -> Sums<L> {
        let each = (4 << B) << unkept.height;
        let size = each * L::WIDTH;
        let one = lanes.splat(&F::ONE);
        let mut sums = [lanes.nothing(); 2];
        let (mut product, mut square) = (lanes.nothing(), lanes.nothing());
        self.visit(spans, size, |start, group| {
            lanes.run(
                #[inline(always)]
                || {
                    let bound = unkept.load::<B>(lanes);
                    for i in 0..group.len() / size {
                        let eq = &round.eq[start / size + i];
                        let at = |lane: usize, second: usize| each * (i * L::WIDTH + lane) + second * each / 2;
                        let made = unkept.entries.and_then(
                            #[inline(always)]
                            |entries| Some((entries, group.numerators(i * size..(i + 1) * size)?)),
                        );
                        match made {
                            Some((entries, Numerators::Ones)) => {
                                let children = inlined(
                                    #[inline(always)]
                                    |second| entries.children::<B>(lanes, group.ids(), |lane| at(lane, second)),
                                );
                                let (low, high) = (children(0), children(1));
                                let [q0, q1] = if round.at == 0 { &low } else { &high };
                                let eq = lanes.load(eq);
                                lanes.add_product(&mut sums[0], &lanes.sum(q0, q1), &eq);
                                let value = lanes.product(&lanes.loose(q0), q1);
                                lanes.add_product(&mut product, &lanes.difference(&value, &one), &eq);
                                let dq1 = lanes.reduced(&lanes.difference(&high[1], &low[1]));
                                let value = lanes.product(&lanes.difference(&high[0], &low[0]), &dq1);
                                lanes.add_product(&mut square, &lanes.loose(&value), &eq);
                            }
                            Some((entries, Numerators::Some(padded))) => {
                                let pair = inlined(
                                    #[inline(always)]
                                    |second| entries.pair::<B>(lanes, padded, |lane| at(lane, second), &bound.1),
                                );
                                round.add(lanes, &mut sums, eq, &pair(0), &pair(1));
                            }
                            None => {
                                let pair = inlined(
                                    #[inline(always)]
                                    |second| {
                                        let nodes = group.neighbours(lanes, &self.entries, unkept.height, |lane| at(lane, second));
                                        pair(lanes, nodes, &bound)
                                    },
                                );
                                round.add(lanes, &mut sums, eq, &pair(0), &pair(1));
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

    /// Writes out the pairs with the first `B` variables bound; `bits` variables are left.
    pub(super) fn write_out<const B: usize>(
        &self,
        lanes: L,
        pairs: &mut Sparse<Pairs<L>>,
        spans: &[Span],
        unkept: Unkept<'_, L>,
        bits: usize,
    ) {
        let each = (2 << B) << unkept.height;
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
                            let numerators =
                                unkept.entries.and_then(|entries| Some((entries, group.numerators(i * size..(i + 1) * size)?)));
                            let made = match numerators {
                                Some((entries, Numerators::Ones)) => {
                                    let [left, right] = entries.children::<B>(lanes, group.ids(), at);
                                    Pair::new(lanes, &Fraction { p: one, q: left }, &Fraction { p: one, q: right }, &bound.1)
                                }
                                Some((entries, Numerators::Some(padded))) => entries.pair::<B>(lanes, padded, at, &bound.1),
                                None => pair(lanes, group.neighbours(lanes, &self.entries, unkept.height, at), &bound),
                            };
                            made.store(lanes)
                        },
                    );
                },
            );
        });
    }
}
