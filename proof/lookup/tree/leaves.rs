//! The leaves: where each block lies, what its fractions are, and which of them a part of the tree holds.

use super::sparse::room;
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
    pub(super) start: usize,
    pub(super) len: usize,
    pub(super) block: Block,
    /// The cell or the entry that stands there.
    pub(super) first: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Lookup(usize),
    Table(usize),
}

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
}

impl Lookup {
    /// The entries that the cells from `first` on look up.
    pub(super) fn entries(&self, first: usize, entries: &mut [u32]) {
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

/// Room for one value of `many` leaves, appended with `align`.
pub(super) fn span_room(spans: &[Span], many: usize, align: usize) -> usize {
    room(spans.iter().map(|span| (span.start, span.len)), many, align)
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
