//! The memory that a proof takes.

use super::Relation;
use crate::lookup::Kept;

/// What the lookup tree may take if nobody says anything: what one of 12 megapixels takes in the time that memory costs.
const TREE: usize = 420 << 20;
/// Generators, tables, the circuit, the program.
const REST: usize = 32 << 20;

impl Relation {
    /// Bytes that proving takes about, if it may take `limit`; more than that if it cannot be done in so few.
    pub fn memory(&self, limit: Option<usize>) -> usize {
        let leaves = self.looked_up();
        self.beside_tree().saturating_add(Kept::within(self.room_for_tree(limit), leaves).bytes(leaves))
    }

    /// What the lookup tree may take.
    pub(crate) fn room_for_tree(&self, limit: Option<usize>) -> usize {
        limit.map_or(TREE, |limit| limit.saturating_sub(self.beside_tree()))
    }

    /// What grows with the committed cells and with the lookups, as whole processes on pictures of 1 to 33 megapixels took it, and what
    /// does not grow.
    fn beside_tree(&self) -> usize {
        let cells: u64 = self.tensors.iter().map(|t| t.dims.cells() as u64).sum();
        // More than a computer of 32 bits can count is more than it has.
        usize::try_from(5 * cells / 2 + 3 * self.looked_up() as u64 + REST as u64).unwrap_or(usize::MAX)
    }

    /// How many values are looked up.
    pub fn looked_up(&self) -> usize {
        self.lookups.iter().fold(0, |sum, l| sum.saturating_add(l.dims.cells()))
    }
}
