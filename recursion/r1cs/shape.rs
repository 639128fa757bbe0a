//! The three matrices.

use super::block::{Block, STRIDE};
use super::system::{Column, Combination, Constraint};
use blake2b_simd::Params;
use rayon::prelude::*;
use std::fmt;
use zeroize::Zeroizing;
use zkimg_group::cycle::PastaField;
use zkimg_group::field::eq_table;
use zkimg_group::generators::MIN_ROW_BITS;

/// A combination of columns, one among them.
type Sparse<P> = Vec<(usize, P)>;

/// The matrices `A`, `B`, `C` of `Az∘Bz = Cz` over `z = (witness, one, public inputs)`, with `2^bits` rows and `2^(bits + 1)` columns, of
/// which the witness has the first half.
#[derive(Clone)]
pub struct Shape<P: PastaField> {
    bits: usize,
    blocks: usize,
    block: Option<Block<P>>,
    rest: Vec<[Sparse<P>; 3]>,
    witness: usize,
    public: usize,
    digest: [u8; 32],
}

impl<P: PastaField> fmt::Debug for Shape<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shape of {} constraints", self.constraints())
    }
}

impl<P: PastaField> Shape<P> {
    pub(super) fn new(
        least: usize,
        (blocks, block): (usize, Option<Block<P>>),
        rest: Vec<Constraint<P>>,
        columns: usize,
        public: usize,
    ) -> Shape<P> {
        let witness = blocks * STRIDE + columns;
        let longest = (blocks * STRIDE + rest.len()).max(witness).max(1 + public);
        let bits = (longest.next_power_of_two().trailing_zeros() as usize).max(MIN_ROW_BITS).max(least);
        let one = 1usize << bits;
        let place = |column| match column {
            Column::Block(number, at) => number as usize * STRIDE + at as usize,
            Column::Rest(at) => blocks * STRIDE + at as usize,
            Column::Public(at) => one + 1 + at as usize,
        };
        let sparse = |(constant, terms): Combination<P>| -> Sparse<P> {
            let constant = (constant != P::ZERO).then_some((one, constant));
            terms.into_iter().map(|(column, c)| (place(column), c)).chain(constant).collect()
        };
        let rest = rest.into_iter().map(|row| row.map(sparse)).collect();
        let mut shape = Shape { bits, blocks, block, rest, witness, public, digest: [0; 32] };
        shape.digest = shape.hash();
        shape
    }

    /// `log2` of the rows.
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// Constraints, without the unused rows.
    pub fn constraints(&self) -> usize {
        self.blocks * self.block.as_ref().map_or(0, Block::rows) + self.rest.len()
    }

    /// Rows, the unused ones of blocks included: what follows is zero in every matrix.
    pub fn rows_used(&self) -> usize {
        self.blocks * STRIDE + self.rest.len()
    }

    /// Values of the witness, the unused ones of blocks included.
    pub fn witness(&self) -> usize {
        self.witness
    }

    /// Public inputs.
    pub fn public(&self) -> usize {
        self.public
    }

    /// What stands for the shape: a hash of all matrices.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    fn hash(&self) -> [u8; 32] {
        let mut state = Params::new().hash_length(32).personal(b"zkimg-shape-v1").to_state();
        state.update(P::MODULUS.as_bytes());
        for number in [self.bits, self.blocks, self.witness, self.public, self.rest.len()] {
            state.update(&(number as u64).to_le_bytes());
        }
        if let Some(block) = &self.block {
            block.absorb(&mut state);
        }
        for terms in self.rest.iter().flatten() {
            state.update(&(terms.len() as u64).to_le_bytes());
            terms.iter().for_each(|(column, c)| {
                state.update(&(*column as u64).to_le_bytes()).update(&c.to_repr());
            });
        }
        let mut digest = [0; 32];
        digest.copy_from_slice(state.finalize().as_bytes());
        digest
    }

    /// `Az`, `Bz` and `Cz`, each of `2^bits` values. As secret as the witness; wiped when dropped. `one` is the value of the column of ones: 0 for an instance that only masks.
    pub fn products(&self, witness: &[P], one: P, public: &[P]) -> [Zeroizing<Vec<P>>; 3] {
        let mut all = [(); 3].map(|()| Zeroizing::new(vec![P::ZERO; 1 << self.bits]));
        let [a, b, c] = &mut all;
        if let Some(block) = &self.block {
            let used = self.blocks * STRIDE;
            let chunks = a[..used].par_chunks_mut(STRIDE).zip(b[..used].par_chunks_mut(STRIDE)).zip(c[..used].par_chunks_mut(STRIDE));
            chunks.zip(witness.par_chunks(STRIDE)).for_each(|(((a, b), c), z)| {
                for (row, [x, y, z]) in block.products(z, one).enumerate() {
                    (a[row], b[row], c[row]) = (x, y, z);
                }
            });
        }
        let half = 1usize << self.bits;
        let at = |column: usize| match column.checked_sub(half) {
            None => witness[column],
            Some(0) => one,
            Some(next) => public[next - 1],
        };
        for (row, terms) in self.rest.iter().enumerate() {
            let row = self.blocks * STRIDE + row;
            let [x, y, z] = [0, 1, 2].map(|m| terms[m].iter().fold(P::ZERO, |sum: P, (column, k)| sum + *k * at(*column)));
            (a[row], b[row], c[row]) = (x, y, z);
        }
        all
    }

    /// `E = Az∘Bz − u·Cz`, as far as rows are used, of a witness that may be shorter than the shape's.
    pub fn error(&self, witness: &[P], unit: P, public: &[P]) -> Vec<P> {
        let [a, b, c] = if witness.len() == self.witness {
            self.products(witness, unit, public)
        } else {
            let mut whole = Zeroizing::new(witness.to_vec());
            whole.resize(self.witness, P::ZERO);
            self.products(&whole, unit, public)
        };
        (0..self.rows_used()).into_par_iter().map(|i| a[i] * b[i] - unit * c[i]).collect()
    }

    /// Whether an assignment satisfies the constraints.
    pub fn is_satisfied(&self, witness: &[P], public: &[P]) -> bool {
        if witness.len() != self.witness || public.len() != self.public {
            return false;
        }
        let [a, b, c] = self.products(witness, P::ONE, public);
        a.par_iter().zip(&*b).zip(&*c).all(|((a, b), c)| *a * b == *c)
    }

    /// `Σ_x weight_x·(A, B, C combined by `scales`)_xy` for every column `y`.
    pub fn combine_rows(&self, weights: &[P], scales: &[P; 3]) -> Vec<P> {
        let mut columns = vec![P::ZERO; 2 << self.bits];
        let half = 1usize << self.bits;
        if let Some(block) = &self.block {
            let used = self.blocks * STRIDE;
            let ones: P = columns[..used]
                .par_chunks_mut(STRIDE)
                .zip(weights[..used].par_chunks(STRIDE))
                .map(|(to, weights)| block.add_rows(weights, scales, to))
                .sum();
            columns[half] += ones;
        }
        for (row, weight) in self.rest.iter().zip(&weights[self.blocks * STRIDE..]) {
            for (terms, scale) in row.iter().zip(scales) {
                let weight = *weight * scale;
                terms.iter().for_each(|(column, c)| columns[*column] += *c * weight);
            }
        }
        columns
    }

    /// The multilinear extensions of the matrices at a point of their rows and columns. All blocks cost as much as one.
    pub fn evaluate(&self, row: &[P], column: &[P]) -> [P; 3] {
        let half = 1usize << self.bits;
        let (rows, columns) = (eq_table(row, 1 << row.len()), eq_table(column, half + 1 + self.public));
        let mut sums = [P::ZERO; 3];
        if let Some(block) = &self.block {
            let bits = STRIDE.trailing_zeros() as usize;
            let split = |point: &[P]| (eq_table(&point[..bits], STRIDE), eq_table(&point[bits..], self.blocks));
            let ((own_rows, of_rows), (own_columns, of_columns)) = (split(row), split(column));
            let both: P = of_rows.iter().zip(&of_columns).map(|(row, column)| *row * column).sum();
            let ones = of_rows.iter().sum::<P>() * columns[half];
            for (sum, [terms, constants]) in sums.iter_mut().zip(block.evaluate(&own_rows, &own_columns)) {
                *sum += both * terms + ones * constants;
            }
        }
        for (row, weight) in self.rest.iter().zip(&rows[self.blocks * STRIDE..]) {
            for (terms, sum) in row.iter().zip(&mut sums) {
                *sum += terms.iter().fold(P::ZERO, |sum, (column, c)| sum + *c * columns[*column]) * weight;
            }
        }
        sums
    }

    /// The same from every entry, as a check of [`Shape::evaluate`].
    #[cfg(test)]
    pub(crate) fn evaluate_entries(&self, row: &[P], column: &[P]) -> [P; 3] {
        let (rows, columns) = (eq_table(row, 1 << row.len()), eq_table(column, 1 << column.len()));
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map(|scales| {
            let all = self.combine_rows(&rows, &scales.map(P::from));
            all.iter().zip(&columns).map(|(sum, eq)| *sum * eq).sum()
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::poseidon::permute;
    use crate::r1cs::{Shape, System};
    use ff::Field;
    use zkimg_group::field::{F, hash_to_field};

    fn shape(times: usize) -> Shape<F> {
        let system = System::of_shape();
        let mut state = [(); 3].map(|()| system.hidden(F::ZERO));
        for _ in 0..times {
            state = permute(state);
        }
        let [a, b, c] = state;
        (a * b - c - system.public(F::ZERO)).require_zero();
        system.shape()
    }

    #[test]
    fn blocks_are_evaluated_as_their_entries() {
        for times in [1, 2, 5, 8] {
            let shape = shape(times);
            for seed in 0..3usize {
                let point = |n: usize, label: &str| -> Vec<F> {
                    (0..n).map(|i| hash_to_field(label, &[seed.to_le_bytes(), i.to_le_bytes()].concat())).collect()
                };
                let (row, column) = (point(shape.bits(), "row"), point(shape.bits() + 1, "column"));
                assert_eq!(shape.evaluate(&row, &column), shape.evaluate_entries(&row, &column));
            }
            // At corners too: each entry by itself.
            let corner = |n: usize, at: usize| -> Vec<F> { (0..n).map(|i| F::from((at >> i & 1) as u64)).collect() };
            for at in [0, 1, 255, 256, 300, shape.rows_used() - 1] {
                let row = corner(shape.bits(), at);
                for column in [0, 3, 257, shape.witness() - 1, 1 << shape.bits(), (1 << shape.bits()) + 1] {
                    let column = corner(shape.bits() + 1, column);
                    assert_eq!(shape.evaluate(&row, &column), shape.evaluate_entries(&row, &column));
                }
            }
        }
    }

    #[test]
    fn a_digest_names_every_entry() {
        let [one, two] = [shape(1), shape(2)];
        assert_ne!(one.digest(), two.digest());
        let system = System::of_shape();
        let [a, b] = [system.hidden(F::ZERO), system.hidden(F::ZERO)];
        (a.clone() * b.clone() + a.clone()).require_zero();
        let other = System::of_shape();
        let [c, d] = [other.hidden(F::ZERO), other.hidden(F::ZERO)];
        (c.clone() * d.clone() + d.clone()).require_zero();
        assert_ne!(system.shape().digest(), other.shape().digest());
        drop((a, b, c, d));
        assert_eq!(shape(2).digest(), two.digest());
        assert!(F::ONE != F::ZERO);
    }
}
