//! Which rows of a link stand in which slots of a step, and what they count.

use crate::chain::Parameters;
use crate::constraints;
use crate::step::points::Slots;
use ff::Field;
use std::sync::Arc;
use zeroize::Zeroizing;
use zkimg_graph::tensor::{Cells, CellsRef};
use zkimg_group::cycle::Vesta;
use zkimg_group::field::F;
use zkimg_proof::argument::Pixels;
use zkimg_proof::channel::{Challenges, Sizes};
use zkimg_proof::commitment::{Layout, commit_rows_over};
use zkimg_proof::relation::Relation;

/// The rows in a step's slots, each by its tensor and its number: the input's, the hidden output's, the others'. Where nothing hidden comes out,
/// others stand in the output's slots too.
pub(super) struct Placed {
    pub(super) groups: [Vec<Option<(usize, usize)>>; 3],
}

impl Placed {
    /// `None` if there are more than slots.
    pub(super) fn new(slots: &Slots, relation: &Relation) -> Option<Placed> {
        let counts = [slots.picture, slots.picture, slots.others];
        let mut groups: [Vec<Option<(usize, usize)>>; 3] = Default::default();
        for (t, layout) in relation.tensors.iter().enumerate() {
            let group = if t < relation.inputs { 0 } else { 1 + usize::from(relation.hidden_output != Some(t)) };
            groups[group].extend((0..layout.rows.len()).map(|row| Some((t, row))));
        }
        if relation.hidden_output.is_none() && groups[2].len() > slots.others {
            groups[1] = groups[2].split_off(slots.others);
        }
        let fit = groups.iter().zip(counts).all(|(group, count)| group.len() <= count);
        groups.iter_mut().zip(counts).for_each(|(group, count)| group.resize(count, None));
        fit.then_some(Placed { groups })
    }

    /// All of them, in order.
    pub(super) fn all(&self) -> Vec<Option<(usize, usize)>> {
        self.groups.concat()
    }
}

/// The reader's weights of the rows in a step's slots, and the constant.
pub(super) fn row_claims(
    relation: &Relation,
    sizes: &Sizes,
    slots: &[Option<(usize, usize)>],
    challenges: &Challenges,
    point: &[F],
    output: CellsRef<'_>,
) -> Vec<F> {
    let mut claims = relation.claims(sizes, challenges, point, output);
    let constant = claims.pop();
    let weights: Vec<Vec<F>> =
        relation.tensors.iter().zip(&claims).map(|(layout, weight)| layout.row_weights(point, relation.m, *weight)).collect();
    slots.iter().map(|slot| slot.map_or(F::ZERO, |(t, row)| weights[t][row])).chain(constant).collect()
}

impl Parameters<'_> {
    /// A relation's own sizes in this class.
    pub(super) fn sizes_of(&self, relation: &Relation) -> Sizes {
        Sizes { tensors: relation.tensors.len(), ..self.class().sizes }
    }

    /// Whether a link is one of this class.
    pub fn holds(&self, relation: &Relation) -> bool {
        holds(&self.class().sizes, &self.class().slots, self.class().pinned.row_bits, relation)
    }

    /// What a reader computes of a link from what it is told and what is published: what each row counts, and the constant. `None` for a
    /// link of another class, or for something that is no output of it.
    pub fn claims(&self, relation: &Relation, challenges: &Challenges, point: &[F], output: Pixels<'_>) -> Option<Vec<F>> {
        let placed = (output.are_of(relation) && self.holds(relation)).then(|| Placed::new(&self.class().slots, relation))??;
        Some(row_claims(relation, &self.sizes_of(relation), &placed.all(), challenges, point, output.cells()))
    }

    /// The rows in a step's slots: those of the input are given, the others are committed with these blinders.
    pub(super) fn rows(
        &self,
        placed: &Placed,
        (relation, tensors): (&Relation, &[Arc<Cells>]),
        input: &[Vesta],
        blinders: &[Vec<F>; 3],
    ) -> [Vec<Vesta>; 3] {
        let of_tensor = |layout: &Layout| Zeroizing::new(vec![F::ZERO; layout.rows.len()]);
        let mut own: Vec<Zeroizing<Vec<F>>> = relation.tensors.iter().map(of_tensor).collect();
        for (slot, blinder) in placed.groups.iter().flatten().zip(blinders.iter().flatten()) {
            slot.iter().for_each(|(t, row)| own[*t][*row] = *blinder);
        }
        let bases = (self.vesta.row, self.vesta.blinder);
        let commit = |t: usize| commit_rows_over(bases, &relation.tensors[t], &tensors[t], &own[t]);
        let committed: Vec<Vec<Vesta>> = (0..tensors.len()).map(|t| if t < relation.inputs { Vec::new() } else { commit(t) }).collect();
        let row =
            |(slot, blinder): (&Option<(usize, usize)>, &F)| slot.map_or_else(|| self.filler_row(*blinder), |(t, row)| committed[t][row]);
        let group = |group: usize| placed.groups[group].iter().zip(&blinders[group]).map(row).collect();
        [input.to_vec(), group(1), group(2)]
    }

    /// A picture's rows and their blinders in all slots: after its own, rows that commit to zeros, with blinders that everybody knows.
    pub fn filled(&self, rows: &[Vesta], blinders: &[F]) -> (Vec<Vesta>, Vec<F>) {
        let more = rows.len()..self.class().slots.picture.max(rows.len());
        let known = more.clone().map(filler);
        let points = more.map(|slot| self.filler_row(filler(slot)));
        (rows.iter().copied().chain(points).collect(), blinders.iter().copied().chain(known).collect())
    }
}

/// The blinder of a slot without a row.
pub(super) fn filler(slot: usize) -> F {
    F::from(slot as u64 + 1)
}

/// Whether what a relation says is a step with these slots, of rows of `2^m` cells.
pub fn holds(sizes: &Sizes, slots: &Slots, m: usize, relation: &Relation) -> bool {
    let own = match constraints::sizes(relation) {
        Ok(own) => own,
        // Padding alone: a crop looks nothing up.
        Err(constraints::Unsuitable::NoLookups) => relation.sizes(),
        Err(_) => return false,
    };
    let fits = own.leaves <= sizes.leaves && own.flat <= sizes.flat && own.equal <= sizes.equal && own.products == sizes.products;
    fits && relation.m == m && relation.inputs == 1 && Placed::new(slots, relation).is_some()
}
