//! A compact chain: what one person hands to the next, and a step on it.
//!
//! Nobody hands on an unmasked witness. Who has made a step folds its instance at once, with a uniform one, and hands on the fold; that it
//! was done right is stated by the next step, from commitments.

mod beginning;
mod check;
#[cfg(test)]
mod equivocation;
mod file;
#[cfg(test)]
mod lies;
mod parameters;
mod placed;
mod working;

use crate::fold::{Committed, Relaxed};
use crate::gadgets::{Challenge, Foreign, Point, coordinates};
use crate::r1cs::System;
use crate::step::numbers::{self, Values};
use crate::step::points::{Running, crossing_digest};
use crate::step::transcript::{Folding, Limbs, Link, Short, State, fold_challenges, step};
use crate::verifier::Record;
pub use beginning::{Beginning, Begun, Known};
use ff::{Field, PrimeField};
pub use file::handed_bytes;
pub use parameters::Parameters;
pub(crate) use parameters::second_coordinates;
use parameters::second_numbers;
use pasta_curves::Fq;
pub use placed::holds;
use placed::{Placed, filler};
use rand_core::Rng;
use working::{Made, Working};
use zeroize::{Zeroize, Zeroizing};
use zkimg_graph::tensor::CellsRef;
use zkimg_group::cycle::{Pallas, PastaField as _, Vesta};
use zkimg_group::field::F;
use zkimg_proof::channel::Challenges;
use zkimg_proof::prove::Turns;
use zkimg_proof::relation::{Relation, Witness};

/// What is handed on. Nothing in it is more secret than the next picture's negative: witness and vector are masked.
#[derive(Clone, Debug)]
pub struct Handed {
    /// The state after the last step.
    pub state: State<F>,
    /// The fold of the last step's instance, as numbers.
    pub folding: Folding<F>,
    /// Commitments: those of the running instance and the pictures' vector before the fold, and what the fold is of.
    pub commitments: Commitments,
    /// What is behind the folded instance.
    pub folded: Relaxed<F>,
    /// What is behind the pictures' commitment.
    pub pictures: Committed<F>,
    /// What is behind the running instance of the circuit on points. Not secret at all.
    pub second: Relaxed<Fq>,
}

/// The commitments that a step folds.
#[derive(Clone, Debug)]
pub struct Commitments {
    /// Before the fold.
    pub running: Running<Vesta>,
    /// The last step's witness.
    pub fresh: Vec<Vesta>,
    /// The cross term.
    pub cross: Vec<Vesta>,
    /// The uniform instance's witness and error.
    pub mask: [Vec<Vesta>; 2],
    /// The cross term with it.
    pub mask_cross: Vec<Vesta>,
}

impl Commitments {
    /// Their digests, with a uniform instance's numbers.
    pub(crate) fn folding(&self, mask_numbers: [F; 2]) -> Folding<F> {
        Folding {
            fresh: limbs(crossing_digest(6, &self.fresh)),
            cross: limbs(crossing_digest(7, &self.cross)),
            mask: limbs(crossing_digest(8, self.mask.iter().flatten())),
            mask_numbers,
            mask_cross: limbs(crossing_digest(9, &self.mask_cross)),
        }
    }

    /// All of them, in the order in which they are sent and written.
    pub(crate) fn points(&self) -> impl Iterator<Item = &Vesta> {
        let Commitments { running, fresh, cross, mask, mask_cross } = self;
        let own = running.witness.iter().chain(&running.error).chain([&running.pictures]);
        own.chain(fresh).chain(cross).chain(mask.iter().flatten()).chain(mask_cross)
    }

    /// In that order again, of instances with so many rows.
    pub(crate) fn of_points<E>(rows: usize, mut next: impl FnMut() -> Result<Vesta, E>) -> Result<Commitments, E> {
        fn some<E>(next: &mut impl FnMut() -> Result<Vesta, E>, rows: usize) -> Result<Vec<Vesta>, E> {
            (0..rows).map(|_| next()).collect()
        }
        Ok(Commitments {
            running: Running { witness: some(&mut next, rows)?, error: some(&mut next, rows)?, pictures: next()? },
            fresh: some(&mut next, rows)?,
            cross: some(&mut next, rows)?,
            mask: [some(&mut next, rows)?, some(&mut next, rows)?],
            mask_cross: some(&mut next, rows)?,
        })
    }
}

/// A link: what it says, and its witness.
pub struct Given<'a> {
    /// What is computed.
    pub relation: &'a Relation,
    /// The statement's digest.
    pub statement: F,
    /// The values of its tensors; the caller may take the output out of it.
    pub witness: Witness,
    /// The input's rows, as many as a step has of a picture: after its own, rows that commit to zeros.
    pub rows: &'a [Vesta],
    /// Their blinders.
    pub blinders: &'a [F],
    /// What is revealed; nothing if it is hidden.
    pub output: CellsRef<'a>,
}

/// What a step gives.
pub struct Appended {
    /// For the next person.
    pub handed: Handed,
    /// The output's rows, for all slots, and their blinders.
    pub rows: Vec<Vesta>,
    /// Secret.
    pub blinders: Zeroizing<Vec<F>>,
    /// What the reader is told of this link, the challenges on which its weights depend.
    pub challenges: Challenges<F>,
    /// And the point of the pictures.
    pub point: Vec<F>,
    /// The reader's weights and constant.
    pub claims: Vec<F>,
}

zkimg_graph::opaque!(Given<'_>, Appended);

/// A digest over `Fq` as limbs of numbers over `Fp`.
pub fn limbs(digest: Fq) -> Limbs<F> {
    Foreign::<F, Fq>::limbs_of(digest)
}

/// The lowest 192 bits.
fn words(drawn: F) -> [u64; 3] {
    let repr = drawn.to_repr();
    let (words, _) = repr.as_chunks::<8>();
    [0, 1, 2].map(|i| u64::from_le_bytes(words[i]))
}

pub(crate) fn short(drawn: F) -> Short<F> {
    let words = words(drawn);
    Short { number: F::from_words([words[0], words[1], words[2], 0]), scalar: Challenge::<Vesta>::scalar(words) }
}

/// Coordinates of points of Pallas.
fn all_coordinates(points: &[Pallas]) -> Vec<F> {
    points.iter().map(coordinates).flat_map(|(x, y)| [x, y]).collect()
}

impl Parameters<'_> {
    /// Before the first link; `pictures` is what is behind the beginning's commitment. Nothing else is secret yet and nobody is given this, so
    /// zeros are folded with zeros.
    pub fn begin(&self, beginning: &Beginning, pictures: Committed<F>) -> Handed {
        let state = State::initial(self.number, self.begins(beginning), &self.class.pinned);
        let (running, first) = Self::first(&self.class.slots, &self.vesta, beginning.pictures);
        let rows = self.class.slots.instance;
        let known = |i: usize| Committed::known(Zeroizing::default(), rows, (1 + i * rows) as u64);
        let mask = Relaxed { witness: known(2), error: known(3), unit: F::ZERO, public: vec![F::ZERO] };
        // Nothing is folded; there are points all the same.
        let cross = [first.witness.clone(), first.witness.clone()];
        let second = Self::first_second(self.class.second);
        self.fold((state, running), (first, None, cross), (mask, |_: &_, _: &_| known(4)), pictures, second)
    }

    /// Folds the last step's instance, if there is one, and another into the running one. Given are the rows of its witness and the cross term, and
    /// what gives the other's cross term with the first fold.
    fn fold(
        &self,
        (state, running): (State<F>, Running<Vesta>),
        (own, last, [fresh, cross]): (Relaxed<F>, Option<Relaxed<F>>, [Committed<F>; 2]),
        (mask, mask_cross): (Relaxed<F>, impl FnOnce(&Relaxed<F>, &Relaxed<F>) -> Committed<F>),
        pictures: Committed<F>,
        second: Relaxed<Fq>,
    ) -> Handed {
        let mut commitments = Commitments {
            running,
            fresh: fresh.rows(&self.vesta),
            cross: cross.rows(&self.vesta),
            mask: [mask.witness.rows(&self.vesta), mask.error.rows(&self.vesta)],
            mask_cross: Vec::new(),
        };
        let mask_numbers = [mask.unit, mask.public[0]];
        let folding = commitments.folding(mask_numbers);
        // The first challenge comes before the mask's cross term, which depends on it.
        let state_hash = state.hash();
        let [fold, _] = fold_challenges(&state_hash, &folding, short);
        #[cfg(test)]
        let last = last.filter(|_| !self.lie.forgets);
        let once = match &last {
            Some(last) => own.plus(fold.scalar, last, &cross),
            None => own,
        };
        let mask_cross = mask_cross(&once, &mask);
        commitments.mask_cross = mask_cross.rows(&self.vesta);
        let folding = commitments.folding(mask_numbers);
        let [_, masking] = fold_challenges(&state_hash, &folding, short);
        let folded = once.plus(masking.scalar, &mask, &mask_cross);
        Handed { state, folding, commitments, folded, pictures, second }
    }

    /// Adds a link. What was received is not checked here ([`Parameters::check`]).
    ///
    /// `None` if what the link says is false.
    pub fn append(&self, received: &Handed, given: Given<'_>, random: &mut impl Rng) -> Option<Appended> {
        let slots = &self.class.slots;
        let relation = given.relation;
        let mut witness = given.witness;
        let tensors = witness.take_tensors();
        let placed = Placed::new(slots, relation)?;
        if given.rows.len() != slots.picture || given.blinders.len() != slots.picture || !self.holds(relation) {
            return None;
        }
        let mut all_blinders = Zeroizing::new([given.blinders.to_vec(), Vec::new(), Vec::new()]);
        for (group, slots) in placed.groups.iter().enumerate().skip(1) {
            let drawn = slots.iter().enumerate().map(|(i, slot)| slot.map_or_else(|| filler(i), |_| F::random(&mut *random)));
            all_blinders[group] = drawn.collect();
        }
        let rows = self.rows(&placed, (relation, &tensors), given.rows, &all_blinders);
        let mask = Committed::blinded(Zeroizing::new(self.vesta.row.iter().map(|_| F::random(&mut *random)).collect()), 1, random);
        let vector_mask = mask.rows(&self.vesta)[0];
        let link = Link {
            salt: F::random(&mut *random),
            statement: given.statement,
            rows: [limbs(crossing_digest(11, &rows[1])), limbs(crossing_digest(12, &rows[2])), limbs(crossing_digest(13, [&vector_mask]))],
        };
        let state_hash = received.state.hash();
        let mut shorts: Vec<F> = Vec::new();
        let folds = fold_challenges(&state_hash, &received.folding, |drawn| {
            shorts.push(drawn);
            short(drawn)
        });
        let own_sizes = self.sizes_of(relation);
        let slots_of = placed.all();
        let mut side = Working {
            parameters: self,
            received,
            turns: Turns::new(relation, own_sizes, std::mem::take(&mut witness.entries), given.output),
            relation,
            own_sizes,
            tensors: &tensors,
            slots_of: &slots_of,
            output: given.output,
            evaluations: Zeroizing::default(),
            weights: Vec::new(),
            batched: Zeroizing::default(),
            mask: &mask,
            merging: None,
            rounds: Zeroizing::new(Vec::with_capacity(self.class.pinned.row_bits)),
            ends: [F::ZERO; 3],
            shorts,
            rows: &rows,
            vector_mask,
            on_points: None,
            made: None,
            fails: false,
        };
        let mut stepped = step(&self.class.sizes, (&received.state, &state_hash), (&received.folding, &folds), &link, &mut side);
        #[cfg(test)]
        let _ = self.lie.even_if_false && std::mem::take(&mut side.fails);
        if side.fails {
            return None;
        }
        let Working { batched, weights, rounds, ends, made, .. } = side;
        let Made { running, second, second_cross, second_points } = made?;
        let mut values = Values {
            state: received.state.clone(),
            folding: received.folding.clone(),
            link,
            rounds: rounds.to_vec(),
            ends,
            points: stepped.points,
            second: second_points,
        };
        stepped.left.evaluations.zeroize();
        let messages = std::mem::take(&mut stepped.left.messages).into();
        let record = Record { messages, mask: F::ZERO, claims: stepped.left.claims.clone() };
        let system = System::of_values();
        #[cfg(test)]
        self.lie.tell_constraints();
        let state = numbers::state(&system, &self.class, &values, &record);
        values.link.salt.zeroize();
        values.rounds.zeroize();
        values.ends.zeroize();
        let (witness, public) = system.values();
        let last = Relaxed::strict(Committed::blinded(witness, slots.instance, random), public);

        // C' = C + σ·(Σ_j w_j·R_j + σ·D), and what is behind it.
        let sigma = stepped.pictures.scalar;
        let blinder: F = all_blinders.iter().flatten().zip(&weights).map(|(blinder, weight)| *blinder * weight).sum();
        let opened = Committed { values: batched, blinders: Zeroizing::new(vec![blinder]) };
        let pictures = received.pictures.plus(sigma, &opened.plus(sigma, &mask));
        let factor = Point::<Pallas>::odd_scalar(words(stepped.second_fold.number));
        let second = received.second.plus(factor, &second, &second_cross);
        let own = received.folded.clone();
        let cross = Committed::blinded(own.cross(&last, &self.numbers), slots.instance, random);
        let mask = Relaxed::uniform(&self.numbers, slots.instance, random);
        let masked = |once: &Relaxed<F>, mask: &Relaxed<F>| Committed::blinded(once.cross(mask, &self.numbers), slots.instance, random);
        let fresh = [last.witness.clone(), cross];
        let handed = self.fold((state, running), (own, Some(last), fresh), (mask, masked), pictures, second);
        let [_, own_rows, _] = rows;
        let own_blinders = std::mem::take(&mut all_blinders[1]);
        Some(Appended {
            handed,
            rows: own_rows,
            blinders: Zeroizing::new(own_blinders),
            challenges: stepped.left.drawn.challenges,
            point: stepped.left.drawn.point,
            claims: stepped.left.claims,
        })
    }
}
