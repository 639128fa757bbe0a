//! Rounds of layers whose children are not kept: they are made anew from the leaves, and written out once a few variables are bound.

use super::fraction::{Fraction, Pair, Pairs, Round, Sums, bind_four, inlined, pair_alignment};
use super::leaves::{Span, span_room};
use super::source::Source;
use super::sparse::Sparse;
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

/// Four of something whose code is long, and compiled once.
#[inline(always)]
pub(super) fn four<T>(at: impl Fn(usize) -> T) -> [T; 4] {
    let mut all = [const { None }; 4];
    for (j, one) in all.iter_mut().enumerate() {
        *one = Some(at(j));
    }
    let [Some(a), Some(b), Some(c), Some(d)] = all else { unreachable!("all were made") };
    [a, b, c, d]
}

/// One pair in each lane: `2^(B+1)` neighbours of some height, with `B` variables bound to `s`.
#[inline(always)]
pub(super) fn pair<L: Lanes<Field = F>, const B: usize>(
    lanes: L,
    node: impl Fn(usize) -> Fraction<L>,
    (s, lambda): &([L::Reduced; B], L::Reduced),
) -> Pair<L> {
    let mut pairs = [const { None }; 4];
    let mut count = 1 << (B - 1);
    for (i, pair) in pairs.iter_mut().enumerate().take(count) {
        *pair = Some(bind_four(lanes, &four(|j| node(4 * i + j)), &s[0], lambda));
    }
    for s in &s[1..] {
        count /= 2;
        for i in 0..count {
            if let [Some(low), Some(high)] = [&pairs[2 * i], &pairs[2 * i + 1]] {
                pairs[i] = Some(Pair::bind(lanes, low, high, s));
            }
        }
    }
    let [Some(pair), ..] = pairs else { unreachable!("one variable is bound at least") };
    pair
}

impl<L: Lanes<Field = F>> Source<L> {
    /// A round after `B` variables were bound.
    pub(super) fn between<const B: usize>(&self, lanes: L, spans: &[Span], unkept: Unkept<'_, L>, round: Round<'_, L>) -> Sums<L> {
        let each = (4 << B) << unkept.height;
        let size = each * L::WIDTH;
        let mut sums = [lanes.nothing(); 2];
        self.visit(spans, size, |start, group| {
            lanes.run(
                #[inline(always)]
                || {
                    let bound = unkept.load::<B>(lanes);
                    for i in 0..group.len() / size {
                        let one = inlined(
                            #[inline(always)]
                            |second: usize| {
                                let node = inlined(
                                    #[inline(always)]
                                    |j: usize| {
                                        group.nodes(
                                            lanes,
                                            &self.entries,
                                            unkept.height,
                                            #[inline(always)]
                                            |lane| each * (i * L::WIDTH + lane) + second * each / 2 + (j << unkept.height),
                                        )
                                    },
                                );
                                pair(lanes, node, &bound)
                            },
                        );
                        let mut two = [const { None }; 2];
                        for (second, pair) in two.iter_mut().enumerate() {
                            *pair = Some(one(second));
                        }
                        if let [Some(low), Some(high)] = &two {
                            round.add(lanes, &mut sums, &round.eq[start / size + i], low, high);
                        }
                    }
                },
            );
        });
        lanes.run(
            #[inline(always)]
            || [lanes.store(&lanes.total(&sums[0])), lanes.store(&lanes.total(&sums[1]))],
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
                    let bound = unkept.load::<B>(lanes);
                    pairs.append(
                        start / size,
                        align,
                        padding,
                        group.len() / size,
                        #[inline(always)]
                        |i| {
                            let node = inlined(
                                #[inline(always)]
                                |j: usize| {
                                    group.nodes(
                                        lanes,
                                        &self.entries,
                                        unkept.height,
                                        #[inline(always)]
                                        |lane| each * (i * L::WIDTH + lane) + (j << unkept.height),
                                    )
                                },
                            );
                            pair(lanes, node, &bound).store(lanes)
                        },
                    );
                },
            );
        });
    }
}
