//! What the prover commits to and looks up, written down while a relation is compiled.

use zkimg_graph::graph::ValueId;

/// A quantity that a part has for each of its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// `y`.
    Result,
    /// `r`.
    Remainder,
    /// `q`; without a divisor the sum itself.
    Quotient,
    /// `q − y`.
    Excess,
}

/// An integer made of a quantity: `(quantity − minus)`, or what that lacks of a greatest value, without its lowest bits, or those alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) quantity: Quantity,
    minus: i64,
    greatest: Option<i64>,
    shift: u32,
    lowest: Option<u32>,
    /// It lies in `0..count`.
    pub(crate) count: u64,
}

#[cfg_attr(not(feature = "prover"), allow(dead_code, reason = "the prover reads it"))]
impl Item {
    /// `quantity − minus`, in `0..count`.
    pub(crate) fn of(quantity: Quantity, minus: i64, count: u64) -> Item {
        Item { quantity, minus, greatest: None, shift: 0, lowest: None, count }
    }

    /// All but the lowest bits.
    pub(crate) fn above(self, bits: u32) -> Item {
        Item { shift: self.shift + bits, count: self.count.div_ceil(1 << bits), ..self }
    }

    /// The lowest bits.
    pub(crate) fn lowest(self, bits: u32) -> Item {
        Item { lowest: Some(bits), count: 1 << bits, ..self }
    }

    /// The same, said to lie in a longer range.
    pub(crate) fn within(self, count: u64) -> Item {
        Item { count, ..self }
    }

    /// What it lacks of a greatest value; of a whole value, not of a part of its bits.
    pub(crate) fn lacking(self, greatest: i64) -> Item {
        assert!(self.shift == 0 && self.lowest.is_none() && self.greatest.is_none(), "a part of a value");
        Item { greatest: Some(greatest), ..self }
    }

    /// How far the quantity is moved, if nothing else is done to it.
    pub(crate) fn moved(&self) -> Option<i64> {
        let plain = self.greatest.is_none() && self.shift == 0 && self.lowest.is_none();
        plain.then_some(self.minus)
    }

    /// The integer for a value of the quantity.
    pub(crate) fn value(&self, quantity: i64) -> i64 {
        let value = quantity - self.minus;
        let value = self.greatest.map_or(value, |greatest| greatest - value) >> self.shift;
        self.lowest.map_or(value, |bits| value & ((1 << bits) - 1))
    }
}

/// What has quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// An input, of which only the cells themselves are known.
    Input(ValueId),
    /// A part of a node.
    Part {
        /// The node.
        node: usize,
        /// Its part.
        part: usize,
    },
}

/// What is committed and looked up for the cells of one operation.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "prover"), allow(dead_code, reason = "the prover reads it"))]
pub(crate) struct Task {
    pub(crate) operation: Operation,
    /// Committed tensors and what stands in them.
    pub(crate) tensors: Vec<(usize, Item)>,
    /// Lookups and the entries they hit.
    pub(crate) lookups: Vec<(usize, Item)>,
}

impl Task {
    /// Nothing yet.
    pub(crate) fn new(operation: Operation) -> Task {
        Task { operation, tensors: Vec::new(), lookups: Vec::new() }
    }
}
