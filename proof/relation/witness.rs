//! The values a prover needs: hidden tensors and, for every lookup, which entry each cell hits.

use super::{Relation, Table};
use crate::step::{Function, Piece};
use crate::tensor::Cells;
use rayon::prelude::*;
use zeroize::Zeroize;

/// Values of all committed tensors, and the entry of every lookup. Secret; wiped when dropped.
pub struct Witness {
    /// In the order of [`Relation::tensors`].
    pub tensors: Vec<Cells>,
    /// In the order of [`Relation::lookups`]: the entry's index within its table.
    pub entries: Vec<Cells>,
    /// The last step's picture.
    pub output: Vec<u8>,
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.tensors.iter_mut().chain(&mut self.entries).for_each(Zeroize::zeroize);
        self.output.zeroize();
    }
}

/// One index a cell of a piece, `index(r, q, y)`, in the narrowest type for indices below `len`.
fn indices(piece: &Piece, input: &[u8], len: usize, index: impl Fn(u32, i64, u8) -> u32 + Sync) -> Cells {
    fn fill<T: Default + Clone + Send>(piece: &Piece, input: &[u8], index: impl Fn(u32, i64, u8) -> T + Sync) -> Vec<T> {
        let dims = piece.map.output();
        let applied = piece.map.applied(input);
        let mut result = vec![T::default(); dims.cells()];
        let lines = result.par_chunks_mut(dims.width).enumerate().with_min_len(8);
        lines.for_each_init(
            || vec![0; dims.width],
            |values, (i, line)| {
                applied.line(i / dims.height, i % dims.height, values);
                for (x, (cell, v)) in line.iter_mut().zip(values).enumerate() {
                    let (r, q, y) = piece.evaluate(i * dims.width + x, *v);
                    *cell = index(r, q, y);
                }
            },
        );
        result
    }
    match len {
        0..=0x100 => Cells::U8(fill(piece, input, |r, q, y| index(r, q, y) as u8)),
        0x101..=0x1_0000 => Cells::U16(fill(piece, input, |r, q, y| index(r, q, y) as u16)),
        _ => Cells::U32(fill(piece, input, index)),
    }
}

impl Witness {
    /// Runs the relation's steps on the input picture, in the order of [`Relation::compile`].
    pub fn new(relation: &Relation, input: Vec<u8>) -> Witness {
        let mut witness = Witness { tensors: Vec::new(), entries: Vec::new(), output: Vec::new() };
        let mut input = input;
        let last = relation.steps.len() - 1;
        for (i, step) in relation.steps.iter().enumerate() {
            let hidden = i < last || relation.hidden_output.is_some();
            let output = step.apply(&input);
            // A hidden picture stands before the remainders of its own step; the next step's input is that picture.
            let pieces = step.pieces().iter();
            let remainders: Vec<Cells> = pieces.filter_map(|piece| witness.piece(piece, &input, hidden)).collect();
            if i == 0 {
                witness.tensors.push(Cells::U8(input));
            }
            if hidden {
                witness.tensors.push(Cells::U8(output.clone()));
            }
            witness.tensors.extend(remainders);
            input = output;
        }
        witness.output = input;
        if let Some(multiplicities) = witness.multiplicities(relation) {
            witness.tensors.push(multiplicities);
        }
        witness
    }

    /// Notes the entries of one piece; gives back its remainders where they are committed.
    fn piece(&mut self, piece: &Piece, input: &[u8], hidden: bool) -> Option<Cells> {
        let divisor = piece.divisor as usize;
        let remainders = || indices(piece, input, divisor, |r, _, _| r);
        match (&piece.function, divisor) {
            (Function::Identity, 1) => None,
            (Function::Identity, _) => {
                self.entries.push(remainders());
                if hidden {
                    self.entries.push(indices(piece, input, 256, |_, _, y| y.into()));
                }
                None
            }
            (Function::Table { first, values }, _) => {
                let committed = (divisor > 1).then(remainders);
                self.entries.extend(committed.clone());
                self.entries.push(indices(piece, input, values.len(), |_, q, _| (q - first) as u32));
                committed
            }
        }
    }

    fn multiplicities(&self, relation: &Relation) -> Option<Cells> {
        relation.multiplicity_tensor()?;
        let mut counts = vec![0u32; relation.tables.iter().map(Table::len).sum()];
        for (lookup, entries) in relation.lookups.iter().zip(&self.entries) {
            let counts = &mut counts[relation.multiplicities_of(lookup.table)];
            match entries {
                Cells::U8(v) => v.iter().for_each(|i| counts[usize::from(*i)] += 1),
                Cells::U16(v) => v.iter().for_each(|i| counts[usize::from(*i)] += 1),
                Cells::U32(v) => v.iter().for_each(|i| counts[*i as usize] += 1),
            }
        }
        Some(Cells::U32(counts))
    }
}
