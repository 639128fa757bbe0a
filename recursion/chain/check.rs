//! The check of what was received, before anything of one's own is put to it.

use super::{Commitments, Handed, Parameters, limbs, second_numbers, short};
use crate::fold::Relaxed;
use crate::r1cs::Shape;
use crate::step::points::running_digest;
use crate::step::transcript::{State, fold_challenges, folded_numbers};
use ff::Field;
use zkimg_group::cycle::{PastaField, Vesta};
use zkimg_group::field::{F, eq_table};
use zkimg_group::msm::{msm, to_affine};

impl Parameters<'_> {
    /// Whether everything is as long as the class says. What is longer than its rows would be bound by no commitment, and a row that
    /// moves from the witness to the error would leave as many points.
    fn has_lengths(&self, handed: &Handed) -> bool {
        let Handed { state, commitments, folded, pictures, second, .. } = handed;
        let Commitments { running, fresh, cross, mask, mask_cross } = commitments;
        let rows = [&running.witness, &running.error, fresh, cross, &mask[0], &mask[1], mask_cross].map(Vec::len);
        let pinned = &self.class.pinned;
        rows == [self.class.slots.instance; 7]
            && state.point.len() == pinned.row_bits
            && state.second.len() == pinned.second.len()
            && pictures.values.len() <= self.vesta.row.len()
            && pictures.blinders.len() == 1
            && is_instance(folded, &self.numbers, self.class.slots.instance)
            && is_instance(second, &self.points, self.class.second)
    }

    /// Checks what was handed on: that what is behind the commitments is what it says, and satisfies the constraints.
    ///
    /// # Errors
    /// What is wrong, by name.
    pub fn check(&self, handed: &Handed) -> Result<(), &'static str> {
        let Handed { state, folding, commitments, folded, pictures, second } = handed;
        let demand = |holds: bool, name: &'static str| if holds { Ok(()) } else { Err(name) };
        demand(self.has_lengths(handed), "lengths")?;
        demand(state.class == self.number, "class")?;
        let first = state.links == F::ZERO;
        // Nothing was folded yet, so no instance has bound it.
        let initial = || State::initial(state.class, state.begins(), &self.class.pinned);
        demand(!first || *state == initial(), "state before the first link")?;
        demand(limbs(running_digest(&commitments.running)) == state.points, "running commitments")?;
        demand(*folding == commitments.folding(folding.mask_numbers), "folded commitments")?;
        demand(pictures.rows(&self.vesta) == [commitments.running.pictures], "pictures")?;
        let eq = eq_table(&state.point, 1 << state.point.len());
        let value: F = eq.iter().zip(pictures.values.iter()).map(|(eq, value)| *eq * value).sum();
        demand(value == state.value, "value of the pictures")?;

        let hash = state.hash();
        let [fold, masking] = fold_challenges(&hash, folding, short);
        let r = if first { F::ZERO } else { fold.scalar };
        let s = masking.scalar;
        let [unit, public] = folded_numbers(&state.running, &hash, [&r, &s], &folding.mask_numbers);
        demand(folded.unit == unit && folded.public == [public], "numbers of the folded instance")?;
        let combined = |terms: Vec<(F, &Vec<Vesta>)>| -> Vec<Vesta> {
            let row = |i: usize| {
                let (scalars, points): (Vec<F>, Vec<Vesta>) = terms.iter().map(|(scalar, points)| (*scalar, points[i])).unzip();
                msm(&scalars, &points)
            };
            to_affine(&(0..self.class.slots.instance).map(row).collect::<Vec<_>>())
        };
        let Commitments { running, fresh, cross, mask, mask_cross } = commitments;
        let witness = combined(vec![(F::ONE, &running.witness), (r, fresh), (s, &mask[0])]);
        let error = combined(vec![(F::ONE, &running.error), (r, cross), (s, mask_cross), (s.square(), &mask[1])]);
        demand(folded.witness.rows(&self.vesta) == witness, "witness of the folded instance")?;
        demand(folded.error.rows(&self.vesta) == error, "error of the folded instance")?;
        demand(folded.is_satisfied(&self.numbers), "constraints on numbers")?;
        demand(second_numbers(second, &self.pallas) == state.second, "instance of the circuit on points")?;
        demand(second.is_satisfied(&self.points), "constraints on points")
    }
}

/// Whether an instance is as long as its shape says, in this many rows.
fn is_instance<S: PastaField>(instance: &Relaxed<S>, shape: &Shape<S>, rows: usize) -> bool {
    instance.witness.blinders.len() == rows
        && instance.error.blinders.len() == rows
        && instance.witness.values.len() <= shape.witness()
        && instance.error.values.len() <= shape.rows_used()
        && instance.public.len() == shape.public()
}
