//! What each turn asks for, and how it is changed so that the equations hold.

use super::Forger;
use super::dense::{flat_values, fold, pairs};
use ff::{Field, PrimeField};
use zkimg_group::field::{F, eq_table, from_i64, from_i128};
use zkimg_proof::channel::Challenges;
use zkimg_proof::channel::{Message, Turn};

impl Forger {
    /// Dense layers, leaves first.
    pub(super) fn build(&mut self, alpha: F, beta: F) {
        let relation = &self.relation;
        let n = relation.leaf_bits();
        let denominators = relation.denominators(alpha, beta);
        let (mut p, mut q) = (vec![F::ZERO; 1 << n], vec![F::ONE; 1 << n]);
        for (i, lookup) in relation.lookups.iter().enumerate() {
            // α − tag, as the table's own entries have it.
            let (table, start) = (&relation.tables[lookup.table], relation.multiplicities_of(lookup.table).start);
            let base = denominators[start] + beta * from_i128(table.first.into()) + beta.square() * from_i64(table.value(0));
            for (cell, (key, value)) in self.pairs(i).into_iter().enumerate() {
                let at = relation.leaves.offsets[i] + lookup.dims.line_start(cell / lookup.dims.width) + cell % lookup.dims.width;
                (p[at], q[at]) = (F::ONE, base - beta * key - beta.square() * value);
            }
        }
        let counts = self.tensors.last().expect("multiplicities");
        for table in 0..relation.tables.len() {
            let start = relation.leaves.offsets[relation.lookups.len() + table];
            for (i, j) in relation.multiplicities_of(table).enumerate() {
                (p[start + i], q[start + i]) = (-counts[j], denominators[j]);
            }
        }
        self.layers = vec![[p, q]];
        for height in 1..n {
            let [p, q] = &self.layers[height - 1];
            let half = 0..p.len() / 2;
            let sums = half.clone().map(|i| p[2 * i] * q[2 * i + 1] + p[2 * i + 1] * q[2 * i]).collect();
            self.layers.push([sums, half.map(|i| q[2 * i] * q[2 * i + 1]).collect()]);
        }
    }

    fn layer_round(&mut self, k: usize, point: &[F], lambda: F, previous: Option<F>) -> Message {
        match previous {
            None => {
                let n = self.relation.leaf_bits();
                let every = |v: &[F], odd: usize| v.iter().skip(odd).step_by(2).copied().collect::<Vec<F>>();
                let [p, q] = &self.layers[n - 1 - k];
                self.children = [every(p, 0), every(p, 1), every(q, 0), every(q, 1)];
                let [p0, p1, q0, q1] = self.end;
                let at = |a: F, b: F| a + point[0] * (b - a);
                self.claim = at(p0, p1) + lambda * at(q0, q1);
                self.layer = (point.to_vec(), lambda, 0);
            }
            Some(s) => self.bind_layer(s),
        }
        let j = self.layer.2;
        let half = self.children[0].len() / 2;
        let eq = eq_table(&point[j + 1..], half);
        let [p0, p1, q0, q1] = &self.children;
        let f = |p0: F, p1: F, q0: F, q1: F| p0 * q1 + p1 * q0 + lambda * q0 * q1;
        let (mut t0, mut t1, mut c2) = (F::ZERO, F::ZERO, F::ZERO);
        for (i, eq) in eq.iter().enumerate() {
            let (a, b) = (2 * i, 2 * i + 1);
            t0 += *eq * f(p0[a], p1[a], q0[a], q1[a]);
            t1 += *eq * f(p0[b], p1[b], q0[b], q1[b]);
            c2 += *eq * f(p0[b] - p0[a], p1[b] - p1[a], q0[b] - q0[a], q1[b] - q1[a]);
        }
        [t1 - t0 - c2, c2, F::ZERO, F::ZERO]
    }

    fn bind_layer(&mut self, s: F) {
        self.children.iter_mut().for_each(|v| fold(v, s));
        let [c1, c2, ..] = self.round;
        let r = self.layer.0[self.layer.2];
        self.claim += c1 * (s - r) + c2 * (s.square() - r);
        self.layer.2 += 1;
    }

    fn bind_linear(&mut self, s: F) {
        self.weights.iter_mut().chain(&mut self.values).for_each(|v| fold(v, s));
        let [c1, c2, ..] = self.round;
        let half = F::TWO_INV;
        self.claim = self.claim * half + c1 * (s - half) + c2 * (s.square() - half);
    }

    fn linear_round(&mut self, challenges: &Challenges, previous: Option<F>) -> Message {
        match previous {
            None => {
                let functionals = self.relation.functionals(challenges);
                let bits = self.relation.flat_bits();
                let mut claim = F::ZERO;
                if self.relation.leaf_bits() > 0 {
                    let [p0, p1, q0, q1] = self.end;
                    let at = |a: F, b: F| a + challenges.leaf[0] * (b - a);
                    claim = at(p0, p1) + challenges.gamma * at(q0, q1);
                }
                // Products are taken out, and their operands join.
                let ends = self.operands.iter().flatten();
                let (joined, _) = ends.fold((F::ZERO, F::ONE), |(sum, power), e| {
                    let power = power * challenges.join;
                    (sum + power * e, power)
                });
                self.claim = claim - self.product_sum + joined - self.relation.constant(challenges, self.shown().view());
                let layouts = self.relation.tensors.iter();
                self.weights = layouts
                    .zip(&functionals)
                    .map(|(layout, terms)| {
                        let (w, h) = (layout.dims.width, layout.dims.height);
                        flat_values(layout.dims, bits, |i| terms.iter().map(|t| t.c[i / w / h] * t.y[i / w % h] * t.x[i % w]).sum())
                    })
                    .collect();
                self.values = self.tensors.clone();
                self.values.iter_mut().for_each(|v| v.resize(1 << bits, F::ZERO));
            }
            Some(s) => self.bind_linear(s),
        }
        let (mut c1, mut c2) = (F::ZERO, F::ZERO);
        for (w, x) in self.weights.iter().zip(&self.values) {
            for (w, x) in w.chunks_exact(2).zip(x.chunks_exact(2)) {
                let (dw, dx) = (w[1] - w[0], x[1] - x[0]);
                c1 += w[0] * dx + dw * x[0];
                c2 += dw * dx;
            }
        }
        [c1, c2, F::ZERO, F::ZERO]
    }

    /// What the turn asks for, and how it is changed so that the equations hold.
    pub(super) fn compute(&mut self, turn: Turn<'_>) -> (Message, fn(&mut Forger, &mut Message)) {
        match turn {
            Turn::Root => {
                let [p, q] = self.layers.last().expect("layers");
                let root = [p[0], p[1], q[0], q[1]];
                (root, |_, [p0, p1, q0, q1]| *p0 = fitted(F::ZERO, *p1 * *q0, *q1))
            }
            Turn::RootInverse => {
                let [_, _, q0, q1] = self.end;
                ([F::ZERO, F::ZERO, q0 * q1, (q0 * q1).invert().unwrap_or(F::ZERO)], |_, _| ())
            }
            Turn::LayerRound { k, point, lambda, previous } => (self.layer_round(k, point, lambda, previous), |_, _| ()),
            Turn::LayerEnd { previous } => {
                self.bind_layer(previous);
                (self.children.each_ref().map(|v| v[0]), |forger, [p0, p1, q0, q1]| {
                    *p0 = fitted(forger.claim, *p1 * *q0 + forger.layer.1 * *q0 * *q1, *q1);
                })
            }
            Turn::ProductSum { challenges } => (self.product_sum(challenges), |_, _| ()),
            Turn::ProductRound { previous } => {
                if let Some(s) = previous {
                    self.bind_products(s);
                }
                let mut round = Message::default();
                for (scale, [a, b]) in &self.factors {
                    pairs(a, b).into_iter().zip(&mut round).for_each(|(c, sum)| *sum += *scale * c);
                }
                (round, |_, _| ())
            }
            Turn::Operands { i, previous } => {
                if let (0, Some(s)) = (i, previous) {
                    self.bind_products(s);
                }
                let (_, [a, b]) = &self.factors[i];
                let ends = [a[0], b[0]].map(|end| end * self.above(i));
                // The first left operand is the one that lies.
                let fit: fn(&mut Forger, &mut Message) = |forger, message| {
                    if forger.operands.is_empty() {
                        let rest = forger.factors.iter().skip(1).map(|(scale, [a, b])| *scale * a[0] * b[0]).sum();
                        let (scale, [_, b]) = &forger.factors[0];
                        message[2] = fitted(forger.product_claim, rest, *scale * b[0]) * forger.above(0);
                    }
                };
                ([F::ZERO, F::ZERO, ends[0], ends[1]], fit)
            }
            Turn::LinearRound { challenges, previous } => (self.linear_round(challenges, previous), |_, _| ()),
            Turn::Evaluation { t, previous } => {
                if t == 0 {
                    self.bind_linear(previous);
                }
                let evaluation = [self.values[t][0], F::ZERO, F::ZERO, F::ZERO];
                // The first input's evaluation is the one that lies: the others follow as they are.
                let fit: fn(&mut Forger, &mut Message) = |forger, message| {
                    let rest = forger.weights.iter().zip(&forger.values).skip(1).map(|(w, x)| w[0] * x[0]).sum();
                    message[0] = fitted(forger.claim, rest, forger.weights[0][0]);
                };
                (evaluation, if t == 0 { fit } else { |_, _| () })
            }
        }
    }
}

/// `(claim − rest)/factor`, if the factor is not zero.
fn fitted(claim: F, rest: F, factor: F) -> F {
    (claim - rest) * factor.invert().unwrap_or(F::ZERO)
}
