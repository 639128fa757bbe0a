//! The last claims of the lookups, and the equalities, as linear functionals of the committed tensors.

use super::{Form, Operand, Relation};
use crate::field::{F, eq_table, from_i128};
use crate::linear::Separable;
use ff::Field;

/// What the verifier drew for the lookups and equalities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenges {
    /// LogUp: where the fractions are evaluated.
    pub alpha: F,
    /// LogUp: folds key and value.
    pub beta: F,
    /// Point of the equality space.
    pub equal: Vec<F>,
    /// Point of the leaf space at which numerator and denominator are claimed.
    pub leaf: Vec<F>,
    /// Batches numerator (1), denominator (γ) and equalities (γ²).
    pub gamma: F,
}

/// `Σ_t Σ_k ⟨weights[t][k], X_t⟩ + constant`: the batched claims, of which the whole must be
/// `p(leaf) + γ·q(leaf)`.
pub struct Functionals {
    /// The part that is public.
    pub constant: F,
    /// Weights on each tensor, in the order of [`Relation::tensors`].
    pub weights: Vec<Vec<Separable>>,
}

impl Functionals {
    /// Adds `⟨weights, form⟩`; what it says of the output is collected in `on_output`.
    fn add(&mut self, form: &Form, weights: &Separable, on_output: &mut Vec<Separable>) {
        self.constant += form.constant * weights.total();
        for term in &form.terms {
            for back in term.map.transpose(weights) {
                let back = back.scaled(term.scale);
                match &term.operand {
                    Operand::Tensor(t) => back.add_to(&mut self.weights[*t]),
                    Operand::Public(cells) => self.constant += back.dot(cells),
                    Operand::Output => back.add_to(on_output),
                }
            }
        }
    }

    /// Weights of every tensor at the sum-check's last point, each summed over its terms.
    pub fn evaluate(&self, point: &[F]) -> Vec<F> {
        let sum = |terms: &Vec<Separable>| crate::parallel::map(terms, |w| w.evaluate(point)).iter().sum();
        self.weights.iter().map(sum).collect()
    }
}

impl Relation {
    /// The denominator `α − tag − β·key − β²·value` of every table entry, table after table.
    pub fn denominators(&self, alpha: F, beta: F) -> Vec<F> {
        let mut all = Vec::new();
        for (i, table) in self.tables.iter().enumerate() {
            let (base, square) = (alpha - tag(i), beta.square());
            let mut key = from_i128(table.first.into()) * beta;
            for j in 0..table.len() {
                all.push(base - key - square * F::from(table.value(j)));
                key += beta;
            }
        }
        all
    }

    /// The batched claims of `challenges` as functionals; `output` is the revealed picture, empty if hidden.
    pub fn functionals(&self, challenges: &Challenges, output: &[u8]) -> Functionals {
        let Challenges { alpha, beta, gamma, leaf, equal } = challenges;
        let mut result = Functionals { constant: F::ZERO, weights: vec![Vec::new(); self.tensors.len()] };
        let mut on_output = Vec::new();
        if !self.lookups.is_empty() {
            // The padding fraction is 0/1.
            result.constant += gamma;
        }
        for (i, lookup) in self.lookups.iter().enumerate() {
            let (scale, point) = self.leaves.select(i, lookup.dims.index_bits(), leaf);
            let weights = Separable::eq(lookup.dims, point, scale);
            let total = weights.total();
            // Numerator 1; denominator minus one, as padding has denominator one.
            result.constant += total + *gamma * (*alpha - tag(lookup.table) - F::ONE) * total;
            result.add(&lookup.key, &weights.clone().scaled(-*gamma * beta), &mut on_output);
            result.add(&lookup.value, &weights.scaled(-*gamma * beta.square()), &mut on_output);
        }
        self.table_claims(challenges, &mut result);
        for (i, equality) in self.equalities.iter().enumerate() {
            let (scale, point) = self.equal.select(i, equality.dims.index_bits(), equal);
            let weights = Separable::eq(equality.dims, point, scale * gamma.square());
            result.add(&equality.form, &weights, &mut on_output);
        }
        result.constant += on_output.iter().map(|weights| weights.dot(output)).sum::<F>();
        result
    }

    fn table_claims(&self, challenges: &Challenges, result: &mut Functionals) {
        let Some(tensor) = self.multiplicity_tensor() else { return };
        let denominators = self.denominators(challenges.alpha, challenges.beta);
        let mut multiplicities = vec![F::ZERO; denominators.len()];
        for table in 0..self.tables.len() {
            let block = self.lookups.len() + table;
            let (scale, point) = self.leaves.select(block, self.table_bits(table), &challenges.leaf);
            let range = self.multiplicities_of(table);
            let mut denominator = F::ZERO;
            for (j, e) in range.clone().zip(eq_table(point, range.len())) {
                denominator += e * (denominators[j] - F::ONE);
                multiplicities[j] = -(e * scale);
            }
            result.constant += challenges.gamma * scale * denominator;
        }
        result.weights[tensor].push(Separable { c: vec![F::ONE], y: vec![F::ONE], x: multiplicities });
    }
}

/// The tag of table `i`: its own number, never zero, so that no tuple is one of padding.
fn tag(table: usize) -> F {
    F::from(table as u64 + 1)
}
