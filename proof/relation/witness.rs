//! The values a prover needs: hidden tensors and, for every lookup, which entry each cell hits.

use super::{Relation, Table};
use crate::evaluate::Values;
use crate::step::{Function, Piece, Step};
use crate::tensor::Cells;
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

impl Witness {
    /// Runs the relation's steps on the input picture, in the order of [`Relation::compile`].
    pub fn new(relation: &Relation, input: Vec<u8>) -> Witness {
        let mut witness = Witness { tensors: Vec::new(), entries: Vec::new(), output: Vec::new() };
        let mut input = input;
        let last = relation.steps.len() - 1;
        for (i, step) in relation.steps.iter().enumerate() {
            let hidden = i < last || relation.hidden_output.is_some();
            // A hidden picture stands before the excesses of its own step; the next step's input is that picture.
            let mut output = vec![0; step.output().cells()];
            let mut excesses = Vec::new();
            for piece in step.pieces() {
                excesses.extend(witness.piece(step, piece, &input, hidden, &mut output));
            }
            if i == 0 {
                witness.tensors.push(Cells::U8(input));
            }
            if hidden {
                witness.tensors.push(Cells::U8(output.clone()));
            }
            witness.tensors.extend(excesses);
            input = output;
        }
        witness.output = input;
        if let Some(multiplicities) = witness.multiplicities(relation) {
            witness.tensors.push(multiplicities);
        }
        witness
    }

    /// Puts a piece's cells into the output and notes its entries; gives back what else of them is committed.
    fn piece(&mut self, step: &Step, piece: &Piece, input: &[u8], hidden: bool, output: &mut [u8]) -> Option<Cells> {
        let Values { output: mut cells, remainders, quotients } = piece.evaluate(input, piece.divisor > 1, true);
        step.place(piece, &cells, output);
        let committed = match (&piece.function, piece.divisor) {
            (Function::Identity, 1) => None,
            (Function::Identity, _) => {
                self.entries.push(remainders);
                if hidden {
                    self.entries.push(Cells::U8(std::mem::take(&mut cells)));
                }
                None
            }
            (Function::Table { .. }, 1) => {
                self.entries.push(quotients);
                None
            }
            (Function::Table { first, .. }, _) => {
                let excess = excess(first - piece.function.least_excess(), &quotients, &cells);
                self.entries.extend([remainders, quotients]);
                Some(excess)
            }
        };
        cells.zeroize();
        committed
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

/// `q − y` less the least there is, for quotients counted from their table's first: `shift` is how far that is above the least.
fn excess(shift: i64, quotients: &Cells, output: &[u8]) -> Cells {
    fn all<T: Copy + Into<i64>>(shift: i64, quotients: &[T], output: &[u8]) -> Cells {
        let of = |(q, y): (&T, &u8)| (*q).into() + shift - i64::from(*y);
        let pairs = || quotients.iter().zip(output);
        match pairs().map(of).max().unwrap_or(0) {
            0..=0xff => Cells::U8(pairs().map(|pair| of(pair) as u8).collect()),
            0x100..=0xffff => Cells::U16(pairs().map(|pair| of(pair) as u16).collect()),
            _ => Cells::U32(pairs().map(|pair| of(pair) as u32).collect()),
        }
    }
    match quotients {
        Cells::U8(quotients) => all(shift, quotients, output),
        Cells::U16(quotients) => all(shift, quotients, output),
        Cells::U32(quotients) => all(shift, quotients, output),
    }
}
