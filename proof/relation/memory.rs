//! The memory that a proof takes.

use super::Relation;
use crate::lookup::BUDGET;

/// Layers of the lookup tree above the leaves, for each leaf.
const LEAF: usize = 32;
/// Generators, tables, the circuit.
const REST: usize = 8 << 20;

impl Relation {
    /// Bytes that proving takes at the least: the cells, the lookups' ids and the tree's layers.
    pub fn memory(&self) -> usize {
        let cells: usize = self.tensors.iter().map(|t| t.dims.cells()).sum();
        let leaves: usize = self.lookups.iter().map(|l| l.dims.cells()).sum();
        cells + leaves + BUDGET.min(LEAF * leaves) + REST
    }
}
