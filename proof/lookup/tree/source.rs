//! Leaves as several side by side read them, and the lowest layers straight from them.

use super::fraction::{Fraction, Nodes, apart, inlined, node_alignment, parents};
use super::leaves::{Block, Leaves, Span, span_room};
use super::sparse::Sparse;
use ff::Field;
use rayon::prelude::*;
use std::ops::Range;
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
    /// The last one is what stands in leaves that nothing lives in: 1.
    pub(super) entries: Vec<L::One>,
}

/// An aligned group of leaves, or several, by their entries.
pub(super) enum Group<'a> {
    /// Any number of whole groups of lookups.
    Lookups(&'a [u32]),
    /// One group of lookups and padding.
    Padded(&'a Padded<'a>),
    /// One group with tables in it.
    Mixed(&'a Mixed),
}

/// Lookups, and padding, whose entry is `none`.
pub(super) struct Padded<'a> {
    pub(super) ids: &'a [u32],
    none: u32,
}

impl Padded<'_> {
    /// Whether the leaf is a lookup.
    #[inline(always)]
    pub(super) fn is_live(&self, at: usize) -> bool {
        self.ids[at] != self.none
    }

    /// Which lanes' leaves are lookups.
    #[inline(always)]
    pub(super) fn live<L: Lanes>(&self, at: impl Fn(usize) -> usize) -> u8 {
        (0..L::WIDTH).fold(0, |bits, lane| bits | u8::from(self.is_live(at(lane))) << lane)
    }
}

/// What the numerators of a range of leaves are, where there are no tables.
pub(super) enum Numerators<'a> {
    /// All are 1.
    Ones,
    /// 1 in lookups, 0 in padding.
    Some(&'a Padded<'a>),
}

/// Fractions `(plus − minus)/q`.
pub(super) struct Mixed {
    plus: [u32; GROUP],
    minus: [u32; GROUP],
    ids: [u32; GROUP],
    len: usize,
}

/// A group that is being filled.
struct Open {
    start: Option<usize>,
    mixed: Mixed,
    none: u32,
    tables: bool,
}

impl Open {
    fn new(len: usize, none: u32) -> Open {
        let mixed = Mixed { plus: [0; GROUP], minus: [0; GROUP], ids: [none; GROUP], len };
        Open { start: None, mixed, none, tables: false }
    }

    /// Hands over the group, if there is one, and begins another with nothing but padding.
    fn close(&mut self, visit: &mut impl FnMut(usize, Group<'_>)) {
        let Some(start) = self.start.take() else { return };
        let len = self.mixed.len;
        if self.tables {
            visit(start, Group::Mixed(&self.mixed));
            self.mixed.minus[..len].fill(0);
            self.tables = false;
        } else {
            visit(start, Group::Padded(&Padded { ids: &self.mixed.ids[..len], none: self.none }));
        }
        self.mixed.plus[..len].fill(0);
        self.mixed.ids[..len].fill(self.none);
    }

    /// Puts `count` leaves of a block, from `cell` on, into the group.
    fn fill(&mut self, leaves: &Leaves, at: usize, block: Block, cell: usize, count: usize) {
        let places = at..at + count;
        match block {
            Block::Lookup(i) => {
                leaves.lookups[i].entries(cell, &mut self.mixed.ids[places.clone()]);
                self.mixed.plus[places].fill(1);
            }
            Block::Table(i) => {
                let table = &leaves.tables[i];
                self.mixed.minus[places.clone()].copy_from_slice(&table.multiplicities[cell..cell + count]);
                let first = table.base + cell;
                self.mixed.ids[places].iter_mut().zip(first..).for_each(|(id, entry)| *id = entry as u32);
                self.tables = true;
            }
        }
    }
}

impl Group<'_> {
    pub(super) fn len(&self) -> usize {
        self.ids().len()
    }

    /// The entries of the denominators.
    #[inline(always)]
    pub(super) fn ids(&self) -> &[u32] {
        match self {
            Group::Lookups(ids) => ids,
            Group::Padded(padded) => padded.ids,
            Group::Mixed(mixed) => &mixed.ids[..mixed.len],
        }
    }

    /// The numerators of a range; `None` if there may be tables in it.
    #[inline(always)]
    pub(super) fn numerators(&self, range: Range<usize>) -> Option<Numerators<'_>> {
        match self {
            Group::Lookups(_) => Some(Numerators::Ones),
            Group::Padded(padded) if padded.ids[range].iter().all(|id| *id != padded.none) => Some(Numerators::Ones),
            Group::Padded(padded) => Some(Numerators::Some(padded)),
            Group::Mixed(_) => None,
        }
    }

    /// The denominator of one leaf in each lane.
    #[inline(always)]
    fn denominators<L: Lanes<Field = F>>(&self, lanes: L, entries: &[L::One], at: impl Fn(usize) -> usize) -> L::Reduced {
        let ids = self.ids();
        lanes.gather(
            entries,
            #[inline(always)]
            |lane| ids[at(lane)] as usize,
        )
    }

    /// One leaf in each lane.
    #[inline(always)]
    pub(super) fn leaves<L: Lanes<Field = F>>(&self, lanes: L, entries: &[L::One], at: impl Fn(usize) -> usize) -> Fraction<L> {
        // The last entry.
        let one = lanes.gather(entries, |_| entries.len() - 1);
        let p = match self {
            Group::Lookups(_) => one,
            Group::Padded(padded) => lanes.reduced(&lanes.sum_where(padded.live::<L>(&at), &one, 0, &one)),
            Group::Mixed(mixed) => {
                let (plus, minus) = (lanes.integers(|lane| mixed.plus[at(lane)]), lanes.integers(|lane| mixed.minus[at(lane)]));
                lanes.reduced(&lanes.difference(&plus, &minus))
            }
        };
        Fraction { p, q: self.denominators(lanes, entries, at) }
    }

    /// One node of two leaves in each lane; `at` is the first.
    #[inline(always)]
    fn parents<L: Lanes<Field = F>>(&self, lanes: L, entries: &[L::One], at: impl Fn(usize) -> usize) -> Fraction<L> {
        let next = inlined(
            #[inline(always)]
            |lane: usize| at(lane) + 1,
        );
        if let Group::Mixed(_) = self {
            return Fraction::sum(lanes, &self.leaves(lanes, entries, &at), &self.leaves(lanes, entries, &next));
        }
        let (left, right) = (self.denominators(lanes, entries, &at), self.denominators(lanes, entries, &next));
        // The numerators are 1, or 0 where nothing lives: p0·q1 + p1·q0.
        let p = match self {
            Group::Padded(padded) => lanes.sum_where(padded.live::<L>(&at), &right, padded.live::<L>(next), &left),
            _ => lanes.sum(&left, &right),
        };
        Fraction { p: lanes.reduced(&p), q: lanes.product(&lanes.loose(&left), &right) }
    }

    /// One node in each lane, `height` above the leaves; `at` is its first leaf.
    #[inline(always)]
    fn nodes<L: Lanes<Field = F>>(&self, lanes: L, entries: &[L::One], height: usize, at: impl Fn(usize) -> usize) -> Fraction<L> {
        let two = apart(
            lanes,
            #[inline(always)]
            |i| {
                self.parents(
                    lanes,
                    entries,
                    #[inline(always)]
                    |lane| at(lane) + 2 * i,
                )
            },
        );
        let four = inlined(
            #[inline(always)]
            |i| Fraction::sum(lanes, &two(2 * i), &two(2 * i + 1)),
        );
        match height {
            0 => self.leaves(lanes, entries, &at),
            1 => two(0),
            2 => four(0),
            _ => Fraction::sum(lanes, &four(0), &four(1)),
        }
    }

    /// Neighbours at a height, one of each lane's: the first is above the leaf `at`.
    #[inline(always)]
    pub(super) fn neighbours<L: Lanes<Field = F>>(
        &self,
        lanes: L,
        entries: &[L::One],
        height: usize,
        at: impl Fn(usize) -> usize,
    ) -> impl Fn(usize) -> Fraction<L> {
        apart(
            lanes,
            #[inline(always)]
            move |j| {
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
        let mut entries: Vec<L::One> = std::mem::take(&mut leaves.entries).par_iter().map(L::pack).collect();
        entries.push(L::pack(&F::ONE));
        Source { leaves, entries }
    }

    /// `log2` of the number of leaves.
    pub(super) fn bits(&self) -> usize {
        self.leaves.bits
    }

    /// Visits a part's live leaves in order, in aligned groups of `size`: first leaf and group.
    pub(super) fn visit(&self, spans: &[Span], size: usize, mut visit: impl FnMut(usize, Group<'_>)) {
        debug_assert!(size <= GROUP);
        let mut ids = [0u32; BATCH];
        let mut open = Open::new(size, (self.entries.len() - 1) as u32);
        for span in spans {
            let mut at = span.start;
            let end = span.start + span.len;
            while at < end {
                let cell = span.first + (at - span.start);
                let start = at & !(size - 1);
                if open.start != Some(start) {
                    open.close(&mut visit);
                }
                match span.block {
                    Block::Lookup(block) if at == start && end - at >= size => {
                        let count = (end - at).min(BATCH) & !(size - 1);
                        self.leaves.lookups[block].entries(cell, &mut ids[..count]);
                        visit(at, Group::Lookups(&ids[..count]));
                        at += count;
                    }
                    block => {
                        open.start = Some(start);
                        let count = (end - at).min(start + size - at);
                        open.fill(&self.leaves, at - start, block, cell, count);
                        at += count;
                    }
                }
            }
        }
        open.close(&mut visit);
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
                            let at = |lane: usize| (i * L::WIDTH + lane) << height;
                            group.nodes(lanes, &self.entries, height, at).store(lanes)
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
                        let nodes = group.neighbours(lanes, &self.entries, height, at);
                        visit(start / size + i, [nodes(0), nodes(1), nodes(2), nodes(3)]);
                    }
                },
            );
        });
    }
}
