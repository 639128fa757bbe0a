//! What a shape repeats.

use super::system::{Column, Combination, Constraint};
use blake2b_simd::State;
use zkimg_group::cycle::PastaField;

/// Rows and columns of a block, the unused ones included.
pub const STRIDE: usize = 256;

/// A combination of a block's columns and one.
pub(super) type Local<P> = (P, Vec<(u8, P)>);

/// Constraints between a block's columns.
#[derive(Clone, PartialEq, Eq)]
pub struct Block<P>(Vec<[Local<P>; 3]>);

impl<P: PastaField> std::fmt::Debug for Block<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Block of {} constraints", self.0.len())
    }
}

impl<P: PastaField> Block<P> {
    pub(super) fn new(number: u32, rows: Vec<Constraint<P>>) -> Block<P> {
        assert!(rows.len() <= STRIDE, "a block has at most {STRIDE} rows");
        let local = |(constant, terms): Combination<P>| {
            let own = |(column, c)| match column {
                Column::Block(of, at) if of == number => (at as u8, c),
                _ => unreachable!("a block reads nothing from outside"),
            };
            (constant, terms.into_iter().map(own).collect())
        };
        Block(rows.into_iter().map(|row| row.map(local)).collect())
    }

    /// The constraints.
    pub fn rows(&self) -> usize {
        self.0.len()
    }

    /// `⟨a, z⟩`, `⟨b, z⟩` and `⟨c, z⟩` of each row, for the block's part of `z` and the value of one.
    pub(super) fn products<'a>(&'a self, z: &'a [P], one: P) -> impl Iterator<Item = [P; 3]> + 'a {
        let value = move |(constant, terms): &Local<P>| terms.iter().fold(*constant * one, |sum, (at, c)| sum + *c * z[*at as usize]);
        self.0.iter().map(move |[a, b, c]| [value(a), value(b), value(c)])
    }

    /// Adds `Σ_i weight_i·(row i of A, B, C combined by `scales`)` to the block's part of a vector over the columns; gives what one counts.
    pub(super) fn add_rows(&self, weights: &[P], scales: &[P; 3], to: &mut [P]) -> P {
        let mut ones = P::ZERO;
        for (row, weight) in self.0.iter().zip(weights) {
            for ((constant, terms), scale) in row.iter().zip(scales) {
                let weight = *weight * scale;
                ones += *constant * weight;
                terms.iter().for_each(|(at, c)| to[*at as usize] += *c * weight);
            }
        }
        ones
    }

    /// `Σ_i row_i·(Σ_j M_ij·column_j)` of each matrix, and the same of the constants.
    pub(super) fn evaluate(&self, rows: &[P], columns: &[P]) -> [[P; 2]; 3] {
        let mut sums = [[P::ZERO; 2]; 3];
        for (row, weight) in self.0.iter().zip(rows) {
            for ((constant, terms), [sum, ones]) in row.iter().zip(&mut sums) {
                *ones += *constant * weight;
                *sum += terms.iter().fold(P::ZERO, |sum, (at, c)| sum + *c * columns[*at as usize]) * weight;
            }
        }
        sums
    }

    pub(super) fn absorb(&self, state: &mut State) {
        state.update(&(self.0.len() as u64).to_le_bytes());
        for (constant, terms) in self.0.iter().flatten() {
            state.update(&constant.to_repr()).update(&(terms.len() as u64).to_le_bytes());
            terms.iter().for_each(|(at, c)| {
                state.update(&[*at]).update(&c.to_repr());
            });
        }
    }
}
