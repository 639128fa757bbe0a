//! The last claims of the lookups, and the equalities, as linear functionals of the committed tensors.
//!
//! Everybody needs what they are worth at one point, the prover the functionals themselves; both go through the same blocks.

use super::tables::TableSums;
use super::{Form, Operand, Relation};
use crate::channel::{Challenges, Public, Sizes};
use crate::multilinear::{self, Correlation, Separable, TensorPoint};
use ff::Field;
use zkimg_graph::linear::LinearMap;
use zkimg_graph::linear::signed;
use zkimg_graph::tensor::{CellsRef, Dims};
#[cfg(feature = "prover")]
use zkimg_group::field::eq_table;
use zkimg_group::field::{F, from_i64, from_i128, zero_weight};
use zkimg_group::parallel;

/// Forms over the cells of one block, each with a scale: cell `i` counts `scale·eq(point, i)` times.
pub(super) struct Block<'a> {
    pub(super) dims: Dims,
    pub(super) point: &'a [F],
    pub(super) forms: Vec<(F, &'a Form)>,
    /// The scale of what each cell says by being there.
    presence: F,
}

impl Relation {
    /// The denominator `α − tag − β·key − β²·value` of every table entry, table after table.
    pub fn denominators(&self, alpha: F, beta: F) -> Vec<F> {
        let mut all = Vec::new();
        for (i, table) in self.tables.iter().enumerate() {
            let (base, square) = (alpha - tag(i), beta.square());
            let mut key = from_i128(table.first.into()) * beta;
            for j in 0..table.len() {
                all.push(base - key - square * from_i64(table.value(j)));
                key += beta;
            }
        }
        all
    }

    pub(super) fn blocks<'a>(&'a self, challenges: &'a Challenges) -> Vec<Block<'a>> {
        let Challenges { alpha, beta, gamma, leaf, equal, .. } = challenges;
        let lookups = self.lookups.iter().enumerate().map(|(i, lookup)| {
            let (scale, point) = self.leaves.select(i, lookup.dims.index_bits(), leaf);
            let key = -(scale * gamma * beta);
            // Numerator 1; denominator minus one, as padding has denominator one.
            let presence = scale * (F::ONE + *gamma * (*alpha - tag(lookup.table) - F::ONE));
            Block { dims: lookup.dims, point, forms: vec![(key, &lookup.key), (key * beta, &lookup.value)], presence }
        });
        let equalities = self.equalities.iter().enumerate().map(|(i, equality)| {
            let (scale, point) = self.equal.select(i, equality.dims.index_bits(), equal);
            Block { dims: equality.dims, point, forms: vec![(scale * gamma.square(), &equality.form)], presence: F::ZERO }
        });
        lookups.chain(equalities).collect()
    }

    /// What each tensor counts at the end of the linear sum-check, then the public part of the claims. In larger [`Sizes`] than the
    /// relation's own the tensors that it does not have count nothing, and leaves without lookups are padding.
    pub fn claims(&self, sizes: &Sizes, challenges: &Challenges, point: &[F], output: CellsRef<'_>) -> Vec<F> {
        let mut claims = self.weights(challenges, point);
        claims.resize(sizes.tensors, F::ZERO);
        let only_padding = self.lookups.is_empty() && sizes.leaves > 0;
        let padding = if only_padding { challenges.gamma } else { F::ZERO };
        claims.push(self.constant(challenges, output) + padding);
        claims
    }

    /// The public part of the batched claims; `output` is the revealed picture, empty if hidden.
    pub fn constant(&self, challenges: &Challenges, output: CellsRef<'_>) -> F {
        // The padding fraction is 0/1.
        let padding = if self.lookups.is_empty() { F::ZERO } else { challenges.gamma };
        let tables = parallel::map(&(0..self.tables.len()).collect::<Vec<_>>(), |i| self.table_claim(*i, challenges));
        let blocks = parallel::map(&self.blocks(challenges), |block| block.constant(output));
        padding + tables.iter().chain(&blocks).sum::<F>() + self.public_operands(challenges, output)
    }

    /// What the denominators of a table's entries count, each minus the padding's one.
    fn table_claim(&self, i: usize, challenges: &Challenges) -> F {
        let Challenges { alpha, beta, gamma, leaf, .. } = challenges;
        let table = &self.tables[i];
        let (scale, point) = self.leaves.select(self.lookups.len() + i, self.table_bits(i), leaf);
        let TableSums { ones, indices, values } = table.sums(point);
        let first = *alpha - tag(i) - F::ONE - from_i128(table.first.into()) * beta;
        *gamma * scale * (first * ones - *beta * indices - beta.square() * values)
    }

    /// What each tensor counts in the batched claims at a point of all its bits, in the order of [`Relation::tensors`]: the
    /// functionals' multilinear extensions, cut at the real cells.
    ///
    /// A box costs the same whatever its sides (`multilinear::evaluate`), and nothing of a picture's size is made.
    pub fn weights(&self, challenges: &Challenges, point: &[F]) -> Vec<F> {
        let points: Vec<TensorPoint<'_>> = self.tensors.iter().map(|t| TensorPoint::new(t.dims, &point[..t.dims.index_bits()])).collect();
        let parts = parallel::map(&self.blocks(challenges), |block| block.weights(&points));
        let mut weights = vec![F::ZERO; self.tensors.len()];
        parts.iter().flatten().for_each(|(t, weight)| weights[*t] += weight);
        for (t, operand) in self.operand_weights(challenges) {
            let dims = self.tensors[t].dims;
            weights[t] += operand.evaluate(dims, &point[..dims.index_bits()]);
        }
        if let Some(t) = self.multiplicity_tensor() {
            weights[t] += self.multiplicity_weight(challenges, &point[..self.tensors[t].dims.index_bits()]);
        }
        // Without the last factor a small tensor's weights would repeat in the bits above its own.
        let above = self.tensors.iter().map(|t| zero_weight(&point[t.dims.index_bits()..]));
        weights.iter().zip(above).map(|(weight, above)| *weight * above).collect()
    }

    fn multiplicity_weight(&self, challenges: &Challenges, point: &[F]) -> F {
        let table = |i: usize| {
            let (scale, own) = self.leaves.select(self.lookups.len() + i, self.table_bits(i), &challenges.leaf);
            let range = self.multiplicities_of(i);
            -scale * Correlation::new(own, point).moved(&(0..range.len()), signed(range.start))
        };
        (0..self.tables.len()).map(table).sum()
    }

    /// The batched claims of `challenges` as functionals: weights on each tensor, in the order of [`Relation::tensors`].
    #[cfg(feature = "prover")]
    pub fn functionals(&self, challenges: &Challenges) -> Vec<Vec<Separable>> {
        let mut weights = vec![Vec::new(); self.tensors.len()];
        for block in self.blocks(challenges) {
            let eq = Separable::eq(block.dims, block.point, F::ONE);
            for (scale, form) in &block.forms {
                for (t, factor, map) in tensors_of(form) {
                    multilinear::transpose(map, &eq).into_iter().for_each(|back| back.add_to(*scale * factor, &mut weights[t]));
                }
            }
        }
        for (t, operand) in self.operand_weights(challenges) {
            operand.add_to(F::ONE, &mut weights[t]);
        }
        let mut weights: Vec<Vec<Separable>> =
            weights.into_iter().map(|all| all.into_iter().map(|(scale, weights)| weights.scaled(scale)).collect()).collect();
        if let Some(tensor) = self.multiplicity_tensor() {
            let mut x = Vec::new();
            for table in 0..self.tables.len() {
                let (scale, point) = self.leaves.select(self.lookups.len() + table, self.table_bits(table), &challenges.leaf);
                x.extend(eq_table(point, self.tables[table].len()).into_iter().map(|e| -(e * scale)));
            }
            weights[tensor].push(Separable { c: vec![F::ONE], y: vec![F::ONE], x });
        }
        weights
    }
}

impl Public<'_> {
    /// The numbers of a relation; `output` is what it reveals, nothing if that is hidden.
    pub fn evaluate(&self, relation: &Relation, sizes: &Sizes, output: CellsRef<'_>) -> Vec<F> {
        match *self {
            Public::Products { challenges } => relation.product_coefficients(challenges),
            Public::Claims { challenges, point } => relation.claims(sizes, challenges, point, output),
        }
    }
}

/// The terms of a form that read committed tensors.
fn tensors_of(form: &Form) -> impl Iterator<Item = (usize, F, &LinearMap)> {
    form.terms.iter().filter_map(|term| match term.operand {
        Operand::Tensor(t) => Some((t, term.scale, &term.map)),
        Operand::Output | Operand::Public(_) => None,
    })
}

impl Block<'_> {
    /// What the block says by itself and of public cells.
    fn constant(&self, output: CellsRef<'_>) -> F {
        let of_each = self.presence + self.forms.iter().map(|(scale, form)| *scale * form.constant).sum::<F>();
        let mut sum = F::ZERO;
        if !of_each.is_zero_vartime() {
            sum += of_each * TensorPoint::new(self.dims, self.point).total(self.dims);
        }
        let mut weights = None;
        for (scale, form) in &self.forms {
            for term in form.terms.iter().filter(|term| !term.map.is_zero()) {
                let cells = match &term.operand {
                    Operand::Tensor(_) => continue,
                    Operand::Output => output,
                    Operand::Public(cells) => cells.view(),
                };
                let weights = weights.get_or_insert_with(|| Separable::eq(self.dims, self.point, F::ONE));
                sum += *scale * term.scale * multilinear::dot(&term.map, weights, cells);
            }
        }
        sum
    }

    /// What the forms say of tensors at their points.
    fn weights(&self, points: &[TensorPoint<'_>]) -> Vec<(usize, F)> {
        let own = TensorPoint::new(self.dims, self.point);
        let of = |(scale, form): &(F, &Form)| -> Vec<(usize, F)> {
            tensors_of(form).map(|(t, factor, map)| (t, *scale * factor * multilinear::evaluate(map, &own, &points[t]))).collect()
        };
        self.forms.iter().flat_map(of).collect()
    }
}

/// The tag of table `i`: its own number, never zero, so that no tuple is one of padding.
fn tag(table: usize) -> F {
    F::from(table as u64 + 1)
}
