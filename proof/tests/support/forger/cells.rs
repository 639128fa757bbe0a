//! The committed cells: what forms read of them, what they look up.

use super::Forger;
use super::dense::{apply, contract, entry};
use ff::Field;
use zkimg_graph::tensor::Dims;
use zkimg_group::field::{F, from_i64};
use zkimg_proof::relation::{Form, Operand, Values};

impl Forger {
    /// The flat index of a real cell, given by its number among them.
    pub(crate) fn at(&self, tensor: usize, cell: usize) -> usize {
        let dims = self.relation.tensors[tensor].dims;
        dims.line_start(cell / dims.width) + cell % dims.width
    }

    fn form(&self, form: &Form, cells: usize) -> Vec<F> {
        let mut all = vec![form.constant; cells];
        for term in &form.terms {
            let dims = term.map.input();
            let values = apply(&term.map, |c, y, x| self.read(&term.operand, dims, c, y, x));
            all.iter_mut().zip(values).for_each(|(sum, v)| *sum += term.scale * v);
        }
        for term in &form.products {
            let read = |side: usize, c, y, x| self.read(&term.operands[side], term.contraction.operands()[side].dims, c, y, x);
            let values = contract(&term.contraction, read);
            all.iter_mut().zip(values).for_each(|(sum, v)| *sum += term.scale * v);
        }
        all
    }

    /// Keys and values of a lookup, a pair a cell.
    pub(super) fn pairs(&self, lookup: usize) -> Vec<(F, F)> {
        let lookup = &self.relation.lookups[lookup];
        let cells = lookup.dims.cells();
        self.form(&lookup.key, cells).into_iter().zip(self.form(&lookup.value, cells)).collect()
    }

    /// What a cell looks up in the range of `len` entries.
    pub(crate) fn in_range(&self, len: usize, cell: usize) -> F {
        let is = |i: &usize| {
            let table = &self.relation.tables[self.relation.lookups[*i].table];
            table.len() == len && matches!(table.values, Values::Range(_))
        };
        let lookup = (0..self.relation.lookups.len()).find(is).expect("such a range");
        self.pairs(lookup)[cell].0
    }

    /// The last table's value where a cell of the last lookup stands, `shift` entries further.
    pub(crate) fn looked_up(&self, cell: usize, shift: i64) -> i64 {
        let last = self.relation.lookups.len() - 1;
        let table = &self.relation.tables[self.relation.lookups[last].table];
        let (key, _) = self.pairs(last)[cell];
        let entry = entry(table, key).expect("an entry");
        table.value(entry.saturating_add_signed(shift as isize))
    }

    /// Counts the entries again after cells were changed; gives how many lookups have none.
    pub(crate) fn count(&mut self) -> usize {
        let Some(tensor) = self.relation.multiplicity_tensor() else { return 0 };
        let mut counts = vec![F::ZERO; self.tensors[tensor].len()];
        let mut missing = 0;
        for i in 0..self.relation.lookups.len() {
            let number = self.relation.lookups[i].table;
            let table = &self.relation.tables[number];
            let start = self.relation.multiplicities_of(number).start;
            for (key, value) in self.pairs(i) {
                match entry(table, key).filter(|j| from_i64(table.value(*j)) == value) {
                    Some(j) => counts[start + j] += F::ONE,
                    None => missing += 1,
                }
            }
        }
        self.tensors[tensor] = counts;
        missing
    }

    pub(super) fn read(&self, operand: &Operand, dims: Dims, c: usize, y: usize, x: usize) -> F {
        match operand {
            Operand::Tensor(t) => self.tensors[*t][dims.flat(c, y, x)],
            Operand::Output => from_i64(self.output[(c * dims.height + y) * dims.width + x]),
            Operand::Public(cells) => from_i64(cells.get((c * dims.height + y) * dims.width + x)),
        }
    }
}
