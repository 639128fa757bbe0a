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
        self.beside_tree() + Kept::within(self.room_for_tree(limit), leaves).bytes(leaves)
    }

    /// What the lookup tree may take.
    pub(crate) fn room_for_tree(&self, limit: Option<usize>) -> usize {
        limit.map_or(TREE, |limit| limit.saturating_sub(self.beside_tree()))
    }

    /// What grows with the committed cells and with the lookups, as whole processes on pictures of 1 to 33 megapixels took it, and what
    /// does not grow.
    fn beside_tree(&self) -> usize {
        let cells: usize = self.tensors.iter().map(|t| t.dims.cells()).sum();
        5 * cells / 2 + 3 * self.looked_up() + REST
    }

    /// How many values are looked up.
    pub fn looked_up(&self) -> usize {
        self.lookups.iter().map(|l| l.dims.cells()).sum()
    }
}
