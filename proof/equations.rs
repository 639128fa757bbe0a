//! The verifier's equations over the hidden messages, written once.
//!
//! A message is four field elements that are only ever seen as a commitment. Every check between the root of the lookup
//! tree and the tensors' evaluations is an affine equation in them, plus products within the message that ends a
//! layer. The same list drives the prover's check of itself, the circuit's coefficients and the tests.

use crate::field::F;
use ff::{Field, PrimeField};

/// The slots of a message.
pub const SLOTS: usize = 4;
/// A hidden message.
pub type Message = [F; SLOTS];

/// Which message an index means: the number and order follow from the statement, nothing is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// `n`: bits of the leaf space, zero without lookups.
    pub leaf_bits: usize,
    /// `N`: bits of the largest tensor.
    pub flat_bits: usize,
    /// Committed tensors.
    pub tensors: usize,
}

impl Schedule {
    /// Index of the message that ends layer `k` (`k = 0` is the root): `(p0, p1, q0, q1)`.
    pub fn layer_end(&self, k: usize) -> usize {
        k
    }

    /// Index of round `j` of layer `k ≥ 1`: `(c1, c2)`.
    pub fn layer_round(&self, k: usize, j: usize) -> usize {
        self.leaf_bits + k * (k - 1) / 2 + j
    }

    /// Index of round `j` of the linear sum-check: `(c1, c2)`.
    pub fn linear_round(&self, j: usize) -> usize {
        self.leaf_bits + self.leaf_bits * self.leaf_bits.saturating_sub(1) / 2 + j
    }

    /// Index of tensor `t`'s evaluation, in slot 0.
    pub fn evaluation(&self, t: usize) -> usize {
        self.linear_round(self.flat_bits) + t
    }

    /// The number of messages.
    pub fn messages(&self) -> usize {
        self.evaluation(self.tensors)
    }
}

/// All challenges that the equations depend on.
#[derive(Clone, Debug, Default)]
pub struct Rounds {
    /// Of each layer `k ≥ 1`, from 1: the point claimed, `λ`, and the rounds' challenges.
    pub layers: Vec<Layer>,
    /// The last layer's split challenge `μ`, which is bit 0 of the leaf point.
    pub leaf_split: F,
    /// Batches numerator and denominator into the linear claim.
    pub gamma: F,
    /// The linear sum-check's point `f*`.
    pub point: Vec<F>,
}

/// One layer of the lookup tree.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Point at which numerator and denominator of this layer are claimed; `point[0]` splits the message before.
    pub point: Vec<F>,
    /// `λ`: the claim is `p + λ·q`.
    pub lambda: F,
    /// Challenges of the rounds.
    pub rounds: Vec<F>,
}

/// `constant + Σ coefficient·message + products = 0`.
#[derive(Clone, Debug, Default)]
pub struct Equation {
    /// The public part.
    pub constant: F,
    /// `(message, slot, coefficient)`.
    pub linear: Vec<(usize, usize, F)>,
    /// `(message, d0, d1)`: adds `d0·(a0·a3 + a1·a2) + d1·a2·a3`.
    pub products: Vec<(usize, F, F)>,
}

impl Equation {
    /// The left side on given messages; zero if the equation holds.
    pub fn evaluate(&self, messages: &[Message]) -> F {
        let linear: F = self.linear.iter().map(|(j, slot, c)| *c * messages[*j][*slot]).sum();
        let products: F = self.products.iter().map(|(j, d0, d1)| product(&messages[*j], *d0, *d1)).sum();
        self.constant + linear + products
    }

    /// Adds `scale·(p + λ·q)` where `p`, `q` interpolate a layer end at `μ`.
    fn add_split(&mut self, end: usize, mu: F, lambda: F) {
        let low = F::ONE - mu;
        self.linear.extend([(end, 0, low), (end, 1, mu), (end, 2, lambda * low), (end, 3, lambda * mu)]);
    }
}

/// `d0·(a0·a3 + a1·a2) + d1·a2·a3`: numerator and denominator of a sum of two fractions.
pub fn product(a: &Message, d0: F, d1: F) -> F {
    d0 * (a[0] * a[3] + a[1] * a[2]) + d1 * a[2] * a[3]
}

/// All equations: the root's numerator, each layer, the linear sum-check.
///
/// `constant` is [`crate::relation::Relation::constant`], `weights` are [`crate::relation::Relation::weights`] at `rounds.point`.
pub fn equations(schedule: &Schedule, rounds: &Rounds, constant: F, weights: &[F]) -> Vec<Equation> {
    let mut all = Vec::new();
    if schedule.leaf_bits > 0 {
        // Σ of all fractions is zero. (That no denominator is zero is a gate of the circuit.)
        all.push(Equation { products: vec![(schedule.layer_end(0), F::ONE, F::ZERO)], ..Equation::default() });
    }
    for (i, layer) in rounds.layers.iter().enumerate() {
        let k = i + 1;
        let mut equation = Equation::default();
        equation.add_split(schedule.layer_end(k - 1), layer.point[0], layer.lambda);
        // t(X) = c0 + c1·X + c2·X² with c0 = claim − r·(c1 + c2), so t(s) = claim + c1·(s − r) + c2·(s² − r).
        for (j, (r, s)) in layer.point.iter().zip(&layer.rounds).enumerate() {
            let round = schedule.layer_round(k, j);
            equation.linear.extend([(round, 0, *s - r), (round, 1, s.square() - r)]);
        }
        equation.products.push((schedule.layer_end(k), -F::ONE, -layer.lambda));
        all.push(equation);
    }
    all.push(linear_equation(schedule, rounds, constant, weights));
    all
}

fn linear_equation(schedule: &Schedule, rounds: &Rounds, constant: F, weights: &[F]) -> Equation {
    let mut equation = Equation { constant: -constant, ..Equation::default() };
    if schedule.leaf_bits > 0 {
        equation.add_split(schedule.layer_end(schedule.leaf_bits - 1), rounds.leaf_split, rounds.gamma);
    }
    // g(X) = c0 + c1·X + c2·X² with claim = g(0) + g(1), so g(s) = claim/2 + c1·(s − ½) + c2·(s² − ½).
    let half = F::TWO_INV;
    for (j, s) in rounds.point.iter().enumerate() {
        equation.constant *= half;
        equation.linear.iter_mut().for_each(|(_, _, c)| *c *= half);
        let round = schedule.linear_round(j);
        equation.linear.extend([(round, 0, *s - half), (round, 1, s.square() - half)]);
    }
    equation.linear.extend(weights.iter().enumerate().map(|(t, w)| (schedule.evaluation(t), 0, -*w)));
    equation
}

/// Coefficients of one equation for all messages: the batch `Σ_k τ^k·equation_k`.
pub struct Batch {
    /// The public part.
    pub constant: F,
    /// Coefficient of each slot of each message.
    pub linear: Vec<Message>,
    /// `(d0, d1)` of the messages that end layers.
    pub products: Vec<[F; 2]>,
}

impl Batch {
    /// Batches equations by powers of `τ`.
    pub fn new(schedule: &Schedule, equations: &[Equation], tau: F) -> Batch {
        let mut batch = Batch {
            constant: F::ZERO,
            linear: vec![[F::ZERO; SLOTS]; schedule.messages()],
            products: vec![[F::ZERO; 2]; schedule.leaf_bits],
        };
        let mut power = F::ONE;
        for equation in equations {
            batch.constant += power * equation.constant;
            for (j, slot, c) in &equation.linear {
                batch.linear[*j][*slot] += power * c;
            }
            for (j, d0, d1) in &equation.products {
                batch.products[*j][0] += power * d0;
                batch.products[*j][1] += power * d1;
            }
            power *= tau;
        }
        batch
    }
}
