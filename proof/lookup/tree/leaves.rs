//! The leaves: where each block lies, what its fractions are, and which of them a part of the tree holds.

use super::fraction::{Fraction, node_alignment, parents};
use super::sparse::Sparse;
use ff::Field;
use std::ops::Range;
use zeroize::Zeroize;
use zkimg_graph::tensor::{Cells, Dims};
use zkimg_group::field::F;

/// Leaves `1/entries[base + id]`, one for each cell of a tensor, at the cell's flat index.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The first leaf, a multiple of `2^dims.index_bits()`.
    pub offset: usize,
    /// The shape; the leaves between its cells are padding.
    pub dims: Dims,
    /// The entry that id 0 names.
    pub base: usize,
    /// One entry of the table a cell, line after line without gaps.
    pub ids: Cells,
}

/// Leaves `−multiplicity_j / entries[base + j]`.
#[derive(Clone, Debug)]
pub struct Table {
    /// The first leaf, a multiple of the power of two at or above the table's length.
    pub offset: usize,
    /// The table's first entry.
    pub base: usize,
    /// How often each entry was looked up.
    pub multiplicities: Vec<u32>,
}

/// Ids tell the pixels they stand for.
impl Drop for Lookup {
    fn drop(&mut self) {
        self.ids.zeroize();
    }
}

/// Multiplicities are a histogram of the pixels.
impl Drop for Table {
    fn drop(&mut self) {
        self.multiplicities.zeroize();
    }
}

/// A leaf space of `2^bits` fractions; what no block covers is `0/1`.
#[derive(Clone, Debug)]
pub struct Leaves {
    /// `log2` of the number of leaves, at least 1.
    pub bits: usize,
    /// The denominators of all entries of all tables; none is zero.
    pub entries: Vec<F>,
    /// The lookups.
    pub lookups: Vec<Lookup>,
    /// The tables.
    pub tables: Vec<Table>,
}

/// Consecutive leaves of one block within a part of the tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// The first leaf, counted from the part's first.
    start: usize,
    len: usize,
    block: Block,
    /// The cell or the entry that stands there.
    first: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    Lookup(usize),
    Table(usize),
}

/// An aligned group of leaves, or several.
pub(super) enum Group<'a> {
    /// Any number of whole groups of lookups, by their entries.
    Lookups(&'a [u32]),
    /// One group with tables or padding in it.
    Mixed(&'a [Fraction]),
}

/// The largest height above the leaves that is computed without the layers between.
pub(super) const HEIGHT: usize = 3;
/// The largest group: four nodes of that height.
const GROUP: usize = 4 << HEIGHT;
/// How many lookups are handed over at once.
const BATCH: usize = 512;

impl Leaves {
    /// The live leaves in order, cut into the parts of `2^part_bits` leaves that have any: index and content.
    ///
    /// # Panics
    /// If a block is misaligned, outside the leaf space or overlaps another, or its ids do not fit its shape.
    pub(super) fn parts(&self, part_bits: usize) -> Vec<(usize, Vec<Span>)> {
        assert!(self.bits >= 1 && u32::try_from(self.entries.len()).is_ok(), "leaf space out of range");
        let mut parts: Vec<(usize, Vec<Span>)> = Vec::new();
        let mut end = 0;
        for (range, block) in self.blocks() {
            let size = range.len().next_power_of_two();
            assert!(range.start >= end && range.start % size == 0, "leaf blocks overlap or are misaligned");
            end = range.start + size;
            assert!(end <= 1 << self.bits, "a leaf block lies outside the leaf space");
            match block {
                Block::Table(_) => push(&mut parts, part_bits, range, block, 0),
                Block::Lookup(i) => {
                    let (dims, width) = (self.lookups[i].dims, self.lookups[i].dims.width);
                    for line in 0..dims.lines() {
                        let start = range.start + dims.line_start(line);
                        push(&mut parts, part_bits, start..start + width, block, line * width);
                    }
                }
            }
        }
        parts
    }

    /// The number of live leaves.
    pub(super) fn live(&self) -> usize {
        let lookups = self.lookups.iter().map(|lookup| lookup.ids.len());
        lookups.chain(self.tables.iter().map(|table| table.multiplicities.len())).sum()
    }

    /// The blocks in the order of the leaves; a lookup block's range is its whole padded box.
    fn blocks(&self) -> Vec<(Range<usize>, Block)> {
        let lookups = self.lookups.iter().enumerate().map(|(i, lookup)| {
            assert_eq!(lookup.ids.len(), lookup.dims.cells(), "one id a cell");
            (lookup.offset..lookup.offset + (1 << lookup.dims.index_bits()), Block::Lookup(i))
        });
        let tables = self.tables.iter().enumerate().map(|(i, table)| {
            assert!(!table.multiplicities.is_empty(), "a table without entries");
            (table.offset..table.offset + table.multiplicities.len(), Block::Table(i))
        });
        let mut blocks: Vec<_> = lookups.chain(tables).collect();
        blocks.sort_by_key(|(range, _)| range.start);
        blocks
    }

    /// Visits a part's live leaves in order, in aligned groups of `size`: first leaf and group.
    pub(super) fn visit(&self, spans: &[Span], size: usize, mut visit: impl FnMut(usize, Group<'_>)) {
        debug_assert!(size <= GROUP);
        let mut ids = [0u32; BATCH];
        let mut group = [Fraction::PADDING; GROUP];
        let mut open = None;
        for span in spans {
            let mut at = span.start;
            let end = span.start + span.len;
            while at < end {
                let cell = span.first + (at - span.start);
                let start = at & !(size - 1);
                if open.is_some_and(|open| open != start) {
                    visit(open.take().unwrap_or(start), Group::Mixed(&group[..size]));
                    group = [Fraction::PADDING; GROUP];
                }
                match span.block {
                    Block::Lookup(block) if at == start && end - at >= size => {
                        let count = (end - at).min(BATCH) & !(size - 1);
                        self.lookups[block].entries(cell, &mut ids[..count]);
                        visit(at, Group::Lookups(&ids[..count]));
                        at += count;
                    }
                    _ => {
                        open = Some(start);
                        group[at - start] = self.leaf(span.block, cell);
                        at += 1;
                    }
                }
            }
        }
        if let Some(start) = open {
            visit(start, Group::Mixed(&group[..size]));
        }
    }

    fn leaf(&self, block: Block, cell: usize) -> Fraction {
        match block {
            Block::Lookup(i) => {
                let mut id = [0];
                self.lookups[i].entries(cell, &mut id);
                self.lookup(id[0])
            }
            Block::Table(i) => {
                let table = &self.tables[i];
                let p = -F::from(u64::from(table.multiplicities[cell]));
                Fraction { p, q: self.entries[table.base + cell] }
            }
        }
    }

    fn lookup(&self, entry: u32) -> Fraction {
        Fraction { p: F::ONE, q: self.entries[entry as usize] }
    }

    /// The layer `height` above the leaves of a part of `2^part_bits` leaves.
    pub(super) fn level(&self, spans: &[Span], part_bits: usize, height: usize) -> Sparse<Fraction> {
        let bits = part_bits - height;
        if height > HEIGHT {
            return parents(&self.level(spans, part_bits, height - 1), bits);
        }
        let align = node_alignment(bits);
        let mut level = Sparse::with_capacity((count(spans) >> height) + align);
        self.visit(spans, align << height, |start, group| match group {
            Group::Lookups(ids) => {
                let nodes = ids.chunks_exact(1 << height).map(|ids| self.lookups_sum(ids));
                level.append(start >> height, align, Fraction::PADDING, nodes);
            }
            Group::Mixed(leaves) => {
                let nodes = leaves.chunks_exact(1 << height).map(sum);
                level.append(start >> height, align, Fraction::PADDING, nodes);
            }
        });
        level
    }

    /// Visits the layer `height` above a part's leaves four nodes at a time, without keeping it: index of the four, nodes.
    pub(super) fn fours(&self, spans: &[Span], height: usize, mut visit: impl FnMut(usize, [Fraction; 4])) {
        debug_assert!(height <= HEIGHT);
        self.visit(spans, 4 << height, |start, group| match group {
            Group::Lookups(ids) => {
                for (i, ids) in ids.chunks_exact(4 << height).enumerate() {
                    let node = |i: usize| self.lookups_sum(&ids[i << height..(i + 1) << height]);
                    visit((start >> (height + 2)) + i, std::array::from_fn(node));
                }
            }
            Group::Mixed(leaves) => {
                let node = |i: usize| sum(&leaves[i << height..(i + 1) << height]);
                visit(start >> (height + 2), std::array::from_fn(node));
            }
        });
    }

    fn lookups_sum(&self, ids: &[u32]) -> Fraction {
        match ids {
            [id] => self.lookup(*id),
            // The numerators are 1.
            [left, right] => {
                let (left, right) = (self.lookup(*left).q, self.lookup(*right).q);
                Fraction { p: left + right, q: left * right }
            }
            _ => {
                let (left, right) = ids.split_at(ids.len() / 2);
                Fraction::sum(self.lookups_sum(left), self.lookups_sum(right))
            }
        }
    }
}

/// The sum of a power of two of fractions.
fn sum(fractions: &[Fraction]) -> Fraction {
    match fractions {
        [fraction] => *fraction,
        _ => {
            let (left, right) = fractions.split_at(fractions.len() / 2);
            Fraction::sum(sum(left), sum(right))
        }
    }
}

impl Lookup {
    /// The entries that the cells from `first` on look up.
    fn entries(&self, first: usize, entries: &mut [u32]) {
        fn widen<T: Copy + Into<u32>>(ids: &[T], base: u32, entries: &mut [u32]) {
            for (entry, id) in entries.iter_mut().zip(ids) {
                *entry = base + (*id).into();
            }
        }
        let cells = first..first + entries.len();
        let base = u32::try_from(self.base).unwrap_or(u32::MAX);
        match &self.ids {
            Cells::U8(ids) => widen(&ids[cells], base, entries),
            Cells::U16(ids) => widen(&ids[cells], base, entries),
            Cells::U32(ids) => widen(&ids[cells], base, entries),
            Cells::I16(_) | Cells::I64(_) => unreachable!("entries are counted from zero"),
        }
    }
}

pub(super) fn count(spans: &[Span]) -> usize {
    spans.iter().map(|span| span.len).sum()
}

/// Appends leaves to the parts they fall into, and to the span before them where they continue it.
fn push(parts: &mut Vec<(usize, Vec<Span>)>, part_bits: usize, leaves: Range<usize>, block: Block, first: usize) {
    let mut at = leaves.start;
    while at < leaves.end {
        let part = at >> part_bits;
        let end = leaves.end.min((part + 1) << part_bits);
        let span = Span { start: at - (part << part_bits), len: end - at, block, first: first + (at - leaves.start) };
        if parts.last().is_none_or(|(last, _)| *last != part) {
            parts.push((part, Vec::new()));
        }
        if let Some((_, spans)) = parts.last_mut() {
            match spans.last_mut() {
                Some(last) if last.block == block && last.start + last.len == span.start && last.first + last.len == span.first => {
                    last.len += span.len;
                }
                _ => spans.push(span),
            }
        }
        at = end;
    }
}
