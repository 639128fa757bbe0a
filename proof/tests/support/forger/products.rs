//! The products' sum-check, over the whole space of shared indices.

use super::Forger;
use super::dense::{fold, indices, operand, shared};
use ff::{Field, PrimeField};
use zkimg_group::field::{F, eq_at};
use zkimg_proof::channel::Challenges;
use zkimg_proof::channel::Message;
use zkimg_proof::relation::Instance;

impl Forger {
    /// The operands of all products over the whole space of shared indices, index by index.
    pub(super) fn product_sum(&mut self, challenges: &Challenges) -> Message {
        let bits = self.relation.product_bits();
        let instances = self.relation.instances(challenges);
        self.factors = instances.iter().map(|instance| (instance.scale, [0, 1].map(|side| self.factor(instance, side, bits)))).collect();
        self.own_bits = instances.iter().map(|instance| shared(&instance.term.contraction).1).collect();
        let sum = self.factors.iter().map(|(scale, [a, b])| *scale * a.iter().zip(b).map(|(a, b)| *a * b).sum::<F>()).sum();
        [sum, F::ZERO, F::ZERO, F::ZERO]
    }

    fn factor(&self, instance: &Instance<'_>, side: usize, bits: usize) -> Vec<F> {
        let contraction = &instance.term.contraction;
        let (shifts, _) = shared(contraction);
        let (x, rest) = instance.point.split_at(instance.dims.x_bits());
        let (y, c) = rest.split_at(instance.dims.y_bits());
        let mut result = vec![F::ZERO; 1 << bits];
        let carried: Vec<usize> = contraction.operands()[side].routes.iter().flat_map(|route| route.labels.clone()).collect();
        for index in indices(contraction.labels(), &carried) {
            let at = carried.iter().filter_map(|l| shifts[*l].map(|shift| index[*l] << shift)).sum::<usize>();
            let mut weight = F::ONE;
            for label in &carried {
                if let Some(axis) = contraction.output().iter().position(|l| l == &Some(*label))
                    && (side == 0 || shifts[*label].is_none())
                {
                    weight *= eq_at([c, y, x][axis], index[*label]);
                }
            }
            result[at] += weight
                * operand(contraction, side, &index, |c, y, x| {
                    self.read(&instance.term.operands[side], contraction.operands()[side].dims, c, y, x)
                });
        }
        result
    }

    pub(super) fn bind_products(&mut self, s: F) {
        for (_, factors) in &mut self.factors {
            factors.iter_mut().for_each(|v| fold(v, s));
        }
        let [c1, c2, ..] = self.round;
        let half = F::TWO_INV;
        self.product_claim = self.product_claim * half + c1 * (s - half) + c2 * (s.square() - half);
        self.product_point.push(s);
    }

    /// `1/Π(1 − r)` over the bits above a product's own.
    pub(super) fn above(&self, i: usize) -> F {
        let above: F = self.product_point[self.own_bits[i]..].iter().map(|r| F::ONE - r).product();
        above.invert().expect("no challenge is one")
    }
}
