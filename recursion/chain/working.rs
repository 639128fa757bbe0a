//! The prover's side of a step.

use super::placed::row_claims;
use super::{Commitments, Handed, Parameters, all_coordinates, limbs, short, words};
use crate::decider::sums::{Values, product};
use crate::fold::{Committed, Relaxed};
use crate::r1cs::{Number, System};
use crate::step::points::{self, Drawn as Short192, Points, Running, running_digest};
use crate::step::transcript::{Limbs, Short, StepSide};
use crate::verifier::Side;
use ff::Field;
use pasta_curves::Fq;
use std::sync::Arc;
use zeroize::Zeroizing;
use zkimg_graph::tensor::{Cells, CellsRef};
use zkimg_group::cycle::{Pallas, Vesta};
use zkimg_group::field::{F, eq_table, from_i64};
use zkimg_proof::channel::{Message, Public, SLOTS, Sizes, Turn};
use zkimg_proof::commitment::Layout;
use zkimg_proof::prove::Turns;
use zkimg_proof::relation::Relation;

/// A row of a tensor as field elements.
pub(super) fn row_of(layout: &Layout, cells: &Cells, row: usize, length: usize) -> Zeroizing<Vec<F>> {
    let mut all = Zeroizing::new(vec![F::ZERO; length]);
    for segment in layout.segments().into_iter().filter(|segment| segment.row == row) {
        for (to, at) in all[segment.column..].iter_mut().zip(segment.cells) {
            *to = from_i64(cells.get(at));
        }
    }
    all
}

/// What a step made on points.
pub(super) struct Made {
    pub(super) running: Running<Vesta>,
    pub(super) second: Relaxed<Fq>,
    pub(super) second_cross: Committed<Fq>,
    pub(super) second_points: Vec<Pallas>,
}

/// The circuit on points between its work and its end.
type OnPoints = (System<Fq>, Vec<Number<Fq>>, Running<Vesta>);

/// The merging sum-check: weights and vectors of both claims.
type Merging = [[Values<F>; 2]; 2];

/// The prover's side of a step.
pub(super) struct Working<'a> {
    pub(super) parameters: &'a Parameters<'a>,
    pub(super) received: &'a Handed,
    pub(super) turns: Turns<'a>,
    pub(super) relation: &'a Relation,
    pub(super) own_sizes: Sizes,
    pub(super) tensors: &'a [Arc<Cells>],
    pub(super) slots_of: &'a [Option<(usize, usize)>],
    pub(super) output: CellsRef<'a>,
    /// Of each slot's row.
    pub(super) evaluations: Zeroizing<Vec<F>>,
    /// What each row counts.
    pub(super) weights: Vec<F>,
    /// `Σ_j w_j·X_j`.
    pub(super) batched: Zeroizing<Vec<F>>,
    pub(super) mask: &'a Committed<F>,
    pub(super) merging: Option<Merging>,
    pub(super) rounds: Zeroizing<Vec<[F; 2]>>,
    pub(super) ends: [F; 3],
    /// Challenges of 192 bits as drawn, in order.
    pub(super) shorts: Vec<F>,
    pub(super) rows: &'a [Vec<Vesta>; 3],
    pub(super) vector_mask: Vesta,
    pub(super) on_points: Option<OnPoints>,
    pub(super) made: Option<Made>,
    pub(super) fails: bool,
}

impl Working<'_> {
    fn evaluate_rows(&mut self, point: &[F]) {
        let eq = eq_table(point, self.parameters.vesta.row.len());
        let all = self
            .slots_of
            .iter()
            .map(|slot| {
                slot.map_or(F::ZERO, |(t, row)| {
                    let cells = row_of(&self.relation.tensors[t], &self.tensors[t], row, eq.len());
                    eq.iter().zip(cells.iter()).map(|(eq, cell)| *eq * cell).sum()
                })
            })
            .collect();
        self.evaluations = Zeroizing::new(all);
        #[cfg(test)]
        self.parameters.lie.evaluations(&mut self.evaluations);
    }
}

impl Side<F> for Working<'_> {
    fn lookups(&mut self, alpha: &F, beta: &F) {
        self.turns.lookups(self.tensors, *alpha, *beta, None);
    }

    fn message(&mut self, turn: Turn<'_>, _: usize) -> Message {
        match turn {
            Turn::Evaluation { t, .. } => {
                let mut message = [F::ZERO; SLOTS];
                message[0] = self.evaluations.get(t).copied().unwrap_or(F::ZERO);
                message
            }
            turn => self.turns.compute(self.tensors, turn),
        }
    }

    fn mask(&mut self, _: &[F]) -> Option<F> {
        None
    }

    fn evaluations_at(&mut self, point: &[F]) {
        let bits = self.parameters.class.pinned.row_bits;
        self.evaluate_rows(&point[..bits]);
    }

    fn batching(&mut self, drawn: F) -> F {
        self.shorts.push(drawn);
        short(drawn).scalar
    }

    fn public(&mut self, numbers: Public<'_>) -> Vec<F> {
        let Public::Claims { challenges, point } = numbers else { return Vec::new() };
        let claims = row_claims(self.relation, &self.own_sizes, self.slots_of, challenges, point, self.output);
        #[cfg(test)]
        let claims = self.parameters.lie.claims(claims);
        claims
    }

    fn zero(&mut self, number: F) {
        self.fails |= !number.is_zero_vartime();
    }
}

impl StepSide<F> for Working<'_> {
    fn short(&mut self, drawn: F) -> Short<F> {
        self.shorts.push(drawn);
        short(drawn)
    }

    fn weighed(&mut self, weights: &[F]) {
        let mut sum = Zeroizing::new(vec![F::ZERO; self.parameters.vesta.row.len()]);
        for (slot, weight) in self.slots_of.iter().zip(weights) {
            if let Some((t, row)) = slot {
                let cells = row_of(&self.relation.tensors[*t], &self.tensors[*t], *row, sum.len());
                sum.iter_mut().zip(cells.iter()).for_each(|(sum, cell)| *sum += *weight * cell);
            }
        }
        self.batched = sum;
        self.weights = weights.to_vec();
    }

    fn merge_round(&mut self, joined: &F, point: &[F], previous: Option<&F>) -> [F; 2] {
        let merging = self.merging.get_or_insert_with(|| {
            let length = 1usize << point.len();
            let own = eq_table(point, length).into_iter().map(|eq| eq * joined).collect();
            let mut before = self.received.pictures.values.to_vec();
            before.resize(length, F::ZERO);
            [[eq_table(&self.received.state.point, length), before], [own, self.batched.to_vec()]].map(|both| both.map(Values::new))
        });
        if let Some(s) = previous {
            merging.iter_mut().flatten().for_each(|values| values.bind(*s));
        }
        let coefficients = merging.iter().map(|[left, right]| product(left, right));
        let sum = coefficients.fold([F::ZERO; 2], |[a, b], [c, d]| [a + c, b + d]);
        self.rounds.push(sum);
        sum
    }

    fn merged(&mut self, point: &[F]) -> [F; 3] {
        let eq = eq_table(point, 1 << point.len());
        let at = |values: &[F]| eq.iter().zip(values).map(|(eq, value)| *eq * value).sum();
        self.ends = [at(&self.received.pictures.values), at(&self.batched), at(&self.mask.values)];
        self.ends
    }

    fn points(&mut self, _: &Short<F>) -> Limbs<F> {
        let [fold, mask, rows, groups, pictures] = [0, 1, 2, 3, 4].map(|i| words(self.shorts[i]));
        let Commitments { running, fresh, cross, mask: masks, mask_cross } = self.received.commitments.clone();
        let points = Points { running, fresh, cross, mask: masks, mask_cross, rows: self.rows.clone(), vector_mask: self.vector_mask };
        let system = System::of_values();
        let drawn = Short192 { fold, mask, rows, groups, pictures };
        let first = self.received.state.links == F::ZERO;
        #[cfg(test)]
        let (points, drawn, first) = self.parameters.lie.told(points, drawn, first);
        let (crossing, running) = points::state(&system, &self.parameters.class.slots, &points, &drawn, first);
        let digest = limbs(running_digest(&running));
        self.on_points = Some((system, crossing, running));
        digest
    }

    fn second(&mut self) -> Vec<F> {
        let Some((system, crossing, running)) = self.on_points.take() else { return Vec::new() };
        points::tell(&system, &crossing);
        drop(crossing);
        let (witness, public) = system.values();
        #[cfg(test)]
        let witness = {
            let mut witness = witness;
            self.parameters.lie.on_points(&mut witness);
            witness
        };
        let rows = self.parameters.class.second;
        let second = Relaxed::strict(Committed::known(witness, rows, 1), public);
        let cross = self.received.second.cross(&second, &self.parameters.points);
        let second_cross = Committed::known(cross, rows, 1 + rows as u64);
        let second_points = [second.witness.rows(&self.parameters.pallas), second_cross.rows(&self.parameters.pallas)].concat();
        let all = all_coordinates(&second_points);
        self.made = Some(Made { running, second, second_cross, second_points });
        all
    }
}
