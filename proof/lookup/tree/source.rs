//! Leaves as several side by side read them, and the lowest layers straight from them.

use super::fraction::{Fraction, Nodes, four, inlined, node_alignment, parents};
use super::leaves::{Block, Leaves, Span, span_room};
use super::sparse::Sparse;
use ff::Field;
use rayon::prelude::*;
use zkimg_group::field::F;
use zkimg_group::simd::{Lanes, WIDEST};

/// The largest height above the leaves that is computed without the layers between.
pub(super) const HEIGHT: usize = 3;
/// The largest group: four vectors of nodes of that height.
const GROUP: usize = (4 * WIDEST) << HEIGHT;
/// How many lookups are handed over at once.
const BATCH: usize = 512;

/// The leaves, and their denominators as the arithmetic keeps them.
pub(super) struct Source<L: Lanes> {
    leaves: Leaves,
    pub(super) entries: Vec<L::One>,
}

/// An aligned group of leaves, or several.
pub(super) enum Group<'a, L: Lanes> {
    /// Any number of whole groups of lookups, by their entries.
    Lookups(&'a [u32]),
    /// One group with tables or padding in it.
    Mixed(&'a Mixed<L>),
}

/// Fractions `(plus − minus)/q`.
pub(super) struct Mixed<L: Lanes> {
    plus: [u32; GROUP],
    minus: [u32; GROUP],
    q: [L::One; GROUP],
    len: usize,
}

impl<L: Lanes<Field = F>> Mixed<L> {
    /// Nothing but padding.
    fn new(len: usize) -> Mixed<L> {
        Mixed { plus: [0; GROUP], minus: [0; GROUP], q: [L::pack(&F::ONE); GROUP], len }
    }

    /// Nothing but padding again.
    fn clear(&mut self, one: &L::One) {
        self.plus[..self.len].fill(0);
        self.minus[..self.len].fill(0);
        self.q[..self.len].fill(*one);
    }
}

impl<L: Lanes<Field = F>> Group<'_, L> {
    pub(super) fn len(&self) -> usize {
        match self {
            Group::Lookups(ids) => ids.len(),
            Group::Mixed(leaves) => leaves.len,
        }
    }

    /// One leaf in each lane.
    #[inline(always)]
    pub(super) fn leaves(&self, lanes: L, entries: &[L::One], at: impl Fn(usize) -> usize) -> Fraction<L> {
        match self {
            Group::Lookups(ids) => Fraction {
                p: lanes.splat(&F::ONE),
                q: lanes.gather(
                    entries,
                    #[inline(always)]
                    |lane| ids[at(lane)] as usize,
                ),
            },
            Group::Mixed(leaves) => {
                let (plus, minus) = (lanes.integers(|lane| leaves.plus[at(lane)]), lanes.integers(|lane| leaves.minus[at(lane)]));
                Fraction { p: lanes.reduced(&lanes.difference(&plus, &minus)), q: lanes.gather(&leaves.q, at) }
            }
        }
    }

    /// One node in each lane, `height` above the leaves; `at` is its first leaf.
    #[inline(always)]
    fn nodes(&self, lanes: L, entries: &[L::One], height: usize, at: impl Fn(usize) -> usize) -> Fraction<L> {
        if height == 0 {
            return self.leaves(lanes, entries, at);
        }
        let mut count = 1 << (height - 1);
        let mut nodes = [const { None }; 1 << (HEIGHT - 1)];
        for (i, node) in nodes.iter_mut().enumerate().take(count) {
            *node = Some(match self {
                // The numerators are 1.
                Group::Lookups(ids) => {
                    let left = lanes.gather(
                        entries,
                        #[inline(always)]
                        |lane| ids[at(lane) + 2 * i] as usize,
                    );
                    let right = lanes.gather(
                        entries,
                        #[inline(always)]
                        |lane| ids[at(lane) + 2 * i + 1] as usize,
                    );
                    Fraction { p: lanes.reduced(&lanes.sum(&left, &right)), q: lanes.product(&lanes.loose(&left), &right) }
                }
                Group::Mixed(_) => {
                    let left = self.leaves(
                        lanes,
                        entries,
                        #[inline(always)]
                        |lane| at(lane) + 2 * i,
                    );
                    Fraction::sum(
                        lanes,
                        &left,
                        &self.leaves(
                            lanes,
                            entries,
                            #[inline(always)]
                            |lane| at(lane) + 2 * i + 1,
                        ),
                    )
                }
            });
        }
        while count > 1 {
            count /= 2;
            for i in 0..count {
                if let [Some(left), Some(right)] = [nodes[2 * i], nodes[2 * i + 1]] {
                    nodes[i] = Some(Fraction::sum(lanes, &left, &right));
                }
            }
        }
        let [Some(node), ..] = nodes else { unreachable!("a node of two leaves or more") };
        node
    }

    /// Neighbours at a height, one of each lane's: the first is above the leaf `at`.
    #[inline(always)]
    pub(super) fn neighbours(
        &self,
        lanes: L,
        entries: &[L::One],
        height: usize,
        at: impl Fn(usize) -> usize,
    ) -> impl Fn(usize) -> Fraction<L> {
        inlined(
            #[inline(always)]
            move |j: usize| {
                self.nodes(
                    lanes,
                    entries,
                    height,
                    #[inline(always)]
                    |lane| at(lane) + (j << height),
                )
            },
        )
    }
}

impl<L: Lanes<Field = F>> Source<L> {
    /// Takes the leaves.
    pub(super) fn new(mut leaves: Leaves) -> Source<L> {
        let entries = std::mem::take(&mut leaves.entries).par_iter().map(L::pack).collect();
        Source { leaves, entries }
    }

    /// `log2` of the number of leaves.
    pub(super) fn bits(&self) -> usize {
        self.leaves.bits
    }

    /// Visits a part's live leaves in order, in aligned groups of `size`: first leaf and group.
    pub(super) fn visit(&self, spans: &[Span], size: usize, mut visit: impl FnMut(usize, Group<'_, L>)) {
        debug_assert!(size <= GROUP);
        let mut ids = [0u32; BATCH];
        let mut group = Mixed::new(size);
        let (mut open, one) = (None, L::pack(&F::ONE));
        for span in spans {
            let mut at = span.start;
            let end = span.start + span.len;
            while at < end {
                let cell = span.first + (at - span.start);
                let start = at & !(size - 1);
                if open.is_some_and(|open| open != start) {
                    visit(open.take().unwrap_or(start), Group::Mixed(&group));
                    group.clear(&one);
                }
                match span.block {
                    Block::Lookup(block) if at == start && end - at >= size => {
                        let count = (end - at).min(BATCH) & !(size - 1);
                        self.leaves.lookups[block].entries(cell, &mut ids[..count]);
                        visit(at, Group::Lookups(&ids[..count]));
                        at += count;
                    }
                    block => {
                        open = Some(start);
                        let count = (end - at).min(start + size - at);
                        self.fill(&mut group, at - start, block, cell, count);
                        at += count;
                    }
                }
            }
        }
        if let Some(start) = open {
            visit(start, Group::Mixed(&group));
        }
    }

    /// Puts `count` leaves of a block, from `cell` on, into a group.
    fn fill(&self, group: &mut Mixed<L>, at: usize, block: Block, cell: usize, count: usize) {
        let places = at..at + count;
        match block {
            Block::Lookup(i) => {
                let mut ids = [0; GROUP];
                self.leaves.lookups[i].entries(cell, &mut ids[..count]);
                group.plus[places.clone()].fill(1);
                group.q[places].iter_mut().zip(&ids).for_each(|(q, id)| *q = self.entries[*id as usize]);
            }
            Block::Table(i) => {
                let table = &self.leaves.tables[i];
                group.minus[places.clone()].copy_from_slice(&table.multiplicities[cell..cell + count]);
                group.q[places].copy_from_slice(&self.entries[table.base + cell..table.base + cell + count]);
            }
        }
    }

    /// The layer `height` above the leaves of a part of `2^part_bits` leaves.
    pub(super) fn level(&self, lanes: L, spans: &[Span], part_bits: usize, height: usize) -> Sparse<Nodes<L>> {
        let bits = part_bits - height;
        if height > HEIGHT {
            return parents(lanes, &self.level(lanes, spans, part_bits, height - 1), bits);
        }
        let align = node_alignment::<L>(bits);
        let padding = Nodes::padding(lanes);
        let most = span_room(spans, L::WIDTH << height, align);
        let mut level = Sparse::with_capacity(most);
        self.visit(spans, (align * L::WIDTH) << height, |start, group| {
            lanes.run(
                #[inline(always)]
                || {
                    level.append(
                        (start >> height) / L::WIDTH,
                        align,
                        padding,
                        (group.len() >> height) / L::WIDTH,
                        #[inline(always)]
                        |i| {
                            let node = group.nodes(
                                lanes,
                                &self.entries,
                                height,
                                #[inline(always)]
                                |lane| (i * L::WIDTH + lane) << height,
                            );
                            node.store(lanes)
                        },
                    );
                },
            );
        });
        level
    }

    /// Visits the layer `height` above a part's leaves four nodes at a time, without keeping it: index of the vector of fours, nodes.
    pub(super) fn fours(&self, lanes: L, spans: &[Span], height: usize, mut visit: impl FnMut(usize, [Fraction<L>; 4])) {
        debug_assert!(height <= HEIGHT);
        let size = (4 * L::WIDTH) << height;
        self.visit(spans, size, |start, group| {
            lanes.run(
                #[inline(always)]
                || {
                    for i in 0..group.len() / size {
                        let at = |lane: usize| (4 * (i * L::WIDTH + lane)) << height;
                        visit(start / size + i, four(group.neighbours(lanes, &self.entries, height, at)));
                    }
                },
            );
        });
    }
}
