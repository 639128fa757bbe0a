//! A compact chain: what one person hands to the next, and a step on it.
//!
//! Nobody hands on an unmasked witness. Who has made a step folds its instance at once, with a uniform one, and hands on the fold; that it
//! was done right is stated by the next step, from commitments.

#[cfg(test)]
mod lies;

use crate::fold::{Bases, Committed, Relaxed};
use crate::gadgets::{Challenge, Foreign, Point};
use crate::r1cs::{Number, Shape, System};
use crate::step::numbers::{self, Class, Values};
use crate::step::points::{self, Drawn as Short192, Points, Running, crossing_digest, running_digest};
use crate::step::transcript::{Folding, Limbs, Link, Pinned, Short, State, StepSide, fold_challenges, step};
use crate::verifier::{Record, Side};
use ff::{Field, PrimeField};
use pasta_curves::Fq;
use rand_core::Rng;
use std::sync::Arc;
use zeroize::Zeroizing;
use zkimg_graph::tensor::{Cells, CellsRef};
use zkimg_group::cycle::{Pallas, PastaField, Vesta};
use zkimg_group::field::{F, eq_table, from_i64};
use zkimg_group::msm::{msm, to_affine};
use zkimg_proof::channel::{Challenges, Message, Public, SLOTS, Sizes, Turn};
use zkimg_proof::commitment::Layout;
use zkimg_proof::prove::Turns;
use zkimg_proof::relation::{Relation, Witness};

/// Both circuits of a class, and what commits their witnesses.
#[derive(Debug)]
pub struct Parameters<'a> {
    class: Class,
    numbers: Shape<F>,
    points: Shape<Fq>,
    vesta: Bases<'a, Vesta>,
    pallas: Bases<'a, Pallas>,
    number: F,
    #[cfg(test)]
    lie: lies::Lie,
}

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

/// A link: what it says, and its witness.
pub struct Given<'a> {
    /// What is computed.
    pub relation: &'a Relation,
    /// The statement's digest.
    pub statement: F,
    /// The input's cells.
    pub input: Cells,
    /// Its rows, as many as a step has of a picture: after its own, rows that commit to zeros.
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
fn coordinates(points: &[Pallas]) -> Vec<F> {
    use pasta_curves::arithmetic::CurveAffine;
    let of = |point: &Pallas| {
        let at: Option<pasta_curves::arithmetic::Coordinates<Pallas>> = point.coordinates().into();
        at.map_or([F::ZERO; 2], |at| [*at.x(), *at.y()])
    };
    points.iter().flat_map(of).collect()
}

/// A running instance of the circuit on points, as the state has it.
pub(crate) fn second_coordinates(witness: &[Pallas], error: &[Pallas], unit: Fq, public: &[Fq]) -> Vec<F> {
    let points = [witness, error].concat();
    coordinates(&points).into_iter().chain([&unit].into_iter().chain(public).copied().flat_map(limbs)).collect()
}

fn second_numbers(second: &Relaxed<Fq>, bases: &Bases<'_, Pallas>) -> Vec<F> {
    second_coordinates(&second.witness.rows(bases), &second.error.rows(bases), second.unit, &second.public)
}

impl<'a> Parameters<'a> {
    /// Of a link's sizes, whose tensors are rows of `2^row_bits` cells, and a step's rows.
    ///
    /// # Panics
    /// If a circuit does not fit its rows.
    pub fn new(sizes: Sizes, slots: points::Slots, second: usize, vesta: Bases<'a, Vesta>, pallas: Bases<'a, Pallas>) -> Parameters<'a> {
        let row_bits = vesta.row.len().trailing_zeros() as usize;
        let points = points::shape::<Vesta>(&slots);
        let (running, _) = Self::first(&slots, &vesta);
        let begun = Self::first_second(second);
        let pinned = Pinned { row_bits, points: limbs(running_digest(&running)), second: second_numbers(&begun, &pallas) };
        let class = Class { sizes, slots, second, pinned };
        let numbers = numbers::shape(&class);
        // What does not fit its rows would be bound by no commitment.
        assert!(numbers.witness().max(numbers.rows_used()) <= class.slots.instance * vesta.row.len(), "rows for the circuit on numbers");
        assert!(points.witness().max(points.rows_used()) <= class.second * pallas.row.len(), "rows for the circuit on points");
        let both = [*numbers.digest(), *points.digest()].concat();
        let number = zkimg_group::field::hash_to_field("zkimg-chain-class-v1", &both);
        Parameters {
            class,
            numbers,
            points,
            vesta,
            pallas,
            number,
            #[cfg(test)]
            lie: lies::Lie::default(),
        }
    }

    /// What both sides know.
    pub fn class(&self) -> &Class {
        &self.class
    }

    /// What stands for both circuits.
    pub fn number(&self) -> F {
        self.number
    }

    /// What stands for where a chain begins: a history, and the rows of a picture, as many as a step has.
    pub fn start(&self, history: F, rows: &[Vesta]) -> F {
        State::start(&self.number, &history, &limbs(crossing_digest(10, rows)))
    }

    /// The commitments of an instance of the circuit on points.
    pub(crate) fn second_rows(&self, second: &Relaxed<Fq>) -> (Vec<Pallas>, Vec<Pallas>) {
        (second.witness.rows(&self.pallas), second.error.rows(&self.pallas))
    }

    /// The circuit over `Fp`.
    pub fn numbers(&self) -> &Shape<F> {
        &self.numbers
    }

    /// The circuit over `Fq`.
    pub fn points(&self) -> &Shape<Fq> {
        &self.points
    }

    /// The running instance before the first link: zeros, with blinders that everybody knows, so that no commitment is the identity.
    fn first(slots: &points::Slots, vesta: &Bases<'_, Vesta>) -> (Running<Vesta>, Relaxed<F>) {
        let known = |from: usize| Committed::known(Zeroizing::default(), slots.instance, from as u64);
        let (witness, error) = (known(1), known(1 + slots.instance));
        let running = Running { witness: witness.rows(vesta), error: error.rows(vesta), pictures: vesta.row[0] };
        (running, Relaxed { witness, error, unit: F::ZERO, public: vec![F::ZERO] })
    }

    /// The same of the circuit on points.
    fn first_second(rows: usize) -> Relaxed<Fq> {
        let known = |from: usize| Committed::known(Zeroizing::default(), rows, from as u64);
        Relaxed { witness: known(1), error: known(1 + rows), unit: Fq::ZERO, public: vec![Fq::ZERO; points::CROSSING] }
    }

    /// Before the first link, of a history and a picture's rows, as many as a step has.
    pub fn begin(&self, history: F, rows: &[Vesta], random: &mut impl Rng) -> Handed {
        let picture = limbs(crossing_digest(10, rows));
        let state = State::initial(self.number, history, picture, &self.class.pinned);
        let (running, first) = Self::first(&self.class.slots, &self.vesta);
        let mut vector = Zeroizing::new(vec![F::ZERO; self.vesta.row.len()]);
        vector[0] = F::ONE;
        let pictures = Committed::open(vector, 1);
        self.fold(state, running, first, None, pictures, Self::first_second(self.class.second), random)
    }

    /// Folds the last step's instance, if there is one, and a uniform one into the running one.
    #[allow(clippy::too_many_arguments, reason = "all that is handed on")]
    fn fold(
        &self,
        state: State<F>,
        running: Running<Vesta>,
        own: Relaxed<F>,
        last: Option<Relaxed<F>>,
        pictures: Committed<F>,
        second: Relaxed<Fq>,
        random: &mut impl Rng,
    ) -> Handed {
        let rows = self.class.slots.instance;
        let (fresh, cross) = match &last {
            Some(last) => (last.witness.clone(), Committed::blinded(own.cross(last, &self.numbers), rows, random)),
            // Nothing is folded; there are points all the same.
            None => (own.witness.clone(), own.witness.clone()),
        };
        let mask = Relaxed::uniform(&self.numbers, rows, random);
        let commitments = |cross: &Committed<F>, mask_cross: Vec<Vesta>| Commitments {
            running: running.clone(),
            fresh: fresh.rows(&self.vesta),
            cross: cross.rows(&self.vesta),
            mask: [mask.witness.rows(&self.vesta), mask.error.rows(&self.vesta)],
            mask_cross,
        };
        let mut commitments = commitments(&cross, Vec::new());
        let mut folding = Folding {
            fresh: limbs(crossing_digest(6, &commitments.fresh)),
            cross: limbs(crossing_digest(7, &commitments.cross)),
            mask: limbs(crossing_digest(8, commitments.mask.iter().flatten())),
            mask_numbers: [mask.unit, mask.public[0]],
            mask_cross: [F::ZERO; 3],
        };
        // The first challenge comes before the mask's cross term, which depends on it.
        let state_hash = state.hash();
        let [fold, _] = fold_challenges(&state_hash, &folding, short);
        let once = match &last {
            Some(last) => own.plus(fold.scalar, last, &cross),
            None => own,
        };
        let mask_cross = Committed::blinded(once.cross(&mask, &self.numbers), rows, random);
        commitments.mask_cross = mask_cross.rows(&self.vesta);
        folding.mask_cross = limbs(crossing_digest(9, &commitments.mask_cross));
        let [_, masking] = fold_challenges(&state_hash, &folding, short);
        let folded = once.plus(masking.scalar, &mask, &mask_cross);
        Handed { state, folding, commitments, folded, pictures, second }
    }

    /// Adds a link. What was received is not checked here ([`Parameters::check`]).
    ///
    /// `None` if what the link says is false.
    pub fn append(&self, received: &Handed, given: &Given<'_>, random: &mut impl Rng) -> Option<Appended> {
        let slots = &self.class.slots;
        let relation = given.relation;
        let mut witness = Witness::new(relation, vec![given.input.clone()]);
        let tensors: Vec<Arc<Cells>> = std::mem::take(&mut witness.tensors).into_iter().map(Arc::new).collect();
        // Which tensor's rows stand in which slots: the input, the hidden output, the rest.
        let counts = [slots.picture, slots.picture, slots.others];
        let mut groups: [Vec<(usize, usize)>; 3] = Default::default();
        let mut all_blinders: [Vec<F>; 3] = [given.blinders.to_vec(), Vec::new(), Vec::new()];
        let mut rows: [Vec<Vesta>; 3] = [given.rows.to_vec(), Vec::new(), Vec::new()];
        for (t, layout) in relation.tensors.iter().enumerate() {
            let group = if t < relation.inputs { 0 } else { 1 + usize::from(relation.hidden_output != Some(t)) };
            groups[group].extend((0..layout.rows.len()).map(|row| (t, row)));
        }
        for group in 1..3 {
            for slot in 0..counts[group] {
                let blinder = F::random(&mut *random);
                let own = groups[group].get(slot).map(|(t, row)| row_of(&relation.tensors[*t], &tensors[*t], *row, self.vesta.row.len()));
                let sum = own.map_or_else(<Vesta as group::CurveAffine>::Curve::default, |cells| msm(&cells, self.vesta.row));
                rows[group].push(to_affine(&[sum + self.vesta.blinder * blinder])[0]);
                all_blinders[group].push(blinder);
            }
        }
        if groups.iter().zip(counts).any(|(group, count)| group.len() > count) || given.rows.len() != slots.picture {
            return None;
        }
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
        let own_sizes = Sizes { tensors: relation.tensors.len(), ..self.class.sizes };
        let slots_of: Vec<Option<(usize, usize)>> =
            groups.iter().zip(counts).flat_map(|(group, count)| (0..count).map(|slot| group.get(slot).copied())).collect();
        let mut side = Working {
            parameters: self,
            received,
            turns: Turns::new(relation, own_sizes, std::mem::take(&mut witness.entries), given.output),
            relation,
            own_sizes,
            tensors: &tensors,
            slots_of: &slots_of,
            output: given.output,
            evaluations: Vec::new(),
            batched: Vec::new(),
            mask: &mask,
            merging: None,
            rounds: Vec::new(),
            ends: [F::ZERO; 3],
            shorts,
            rows: &rows,
            vector_mask,
            on_points: None,
            made: None,
            fails: false,
        };
        let stepped = step(&self.class.sizes, (&received.state, &state_hash), (&received.folding, &folds), &link, &mut side);
        #[cfg(test)]
        let _ = self.lie.even_if_false && std::mem::take(&mut side.fails);
        if side.fails {
            return None;
        }
        let Working { batched, rounds, ends, made, .. } = side;
        let Made { running, points_digest, second, second_cross, second_points } = made?;
        let values = Values {
            state: received.state.clone(),
            folding: received.folding.clone(),
            link,
            rounds,
            ends,
            points: points_digest,
            second: second_points,
        };
        let record = Record { messages: stepped.left.messages.clone().into(), mask: F::ZERO, claims: stepped.left.claims.clone() };
        let system = System::of_values();
        let state = numbers::state(&system, &self.class, &values, &record);
        let (witness, public) = system.values();
        let last = Relaxed::strict(Committed::blinded(witness, slots.instance, random), public);

        // C' = C + σ·(Σ_j ω^j·R_j + σ·D), and what is behind it.
        let (omega, sigma) = (stepped.left.drawn.delta, stepped.pictures.scalar);
        let powers = std::iter::successors(Some(F::ONE), |power| Some(*power * omega));
        let blinder: F = all_blinders.iter().flatten().zip(powers).map(|(blinder, power)| *blinder * power).sum();
        let opened = Committed { values: Zeroizing::new(batched), blinders: Zeroizing::new(vec![blinder]) };
        let pictures = received.pictures.plus(sigma, &opened.plus(sigma, &mask));
        let factor = Point::<Pallas>::odd_scalar(words(stepped.second_fold.number));
        let second = received.second.plus(factor, &second, &second_cross);
        let handed = self.fold(state, running, received.folded.clone(), Some(last), pictures, second, random);
        let [_, own_rows, _] = rows;
        let [_, own_blinders, _] = all_blinders;
        Some(Appended {
            handed,
            rows: own_rows,
            blinders: Zeroizing::new(own_blinders),
            challenges: stepped.left.drawn.challenges,
            point: stepped.left.drawn.point,
            claims: stepped.left.claims,
        })
    }

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
        let initial = || State::initial(state.class, state.history, state.picture, &self.class.pinned);
        demand(!first || *state == initial(), "state before the first link")?;
        demand(limbs(running_digest(&commitments.running)) == state.points, "running commitments")?;
        let given = [
            (folding.fresh, 6, commitments.fresh.clone()),
            (folding.cross, 7, commitments.cross.clone()),
            (folding.mask, 8, commitments.mask.concat()),
            (folding.mask_cross, 9, commitments.mask_cross.clone()),
        ];
        demand(given.iter().all(|(said, value, points)| *said == limbs(crossing_digest(*value, points))), "folded commitments")?;
        demand(pictures.rows(&self.vesta) == [commitments.running.pictures], "pictures")?;
        let eq = eq_table(&state.point, 1 << state.point.len());
        let value: F = eq.iter().zip(pictures.values.iter()).map(|(eq, value)| *eq * value).sum();
        demand(value == state.value, "value of the pictures")?;

        let hash = state.hash();
        let [fold, masking] = fold_challenges(&hash, folding, short);
        let r = if first { F::ZERO } else { fold.scalar };
        let s = masking.scalar;
        let unit = state.running[0] + r + s * folding.mask_numbers[0];
        let public = state.running[1] + r * hash + s * folding.mask_numbers[1];
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

/// A row of a tensor as field elements.
fn row_of(layout: &Layout, cells: &Cells, row: usize, length: usize) -> Zeroizing<Vec<F>> {
    let mut all = Zeroizing::new(vec![F::ZERO; length]);
    for segment in layout.segments().into_iter().filter(|segment| segment.row == row) {
        for (to, at) in all[segment.column..].iter_mut().zip(segment.cells) {
            *to = from_i64(cells.get(at));
        }
    }
    all
}

/// What a step made on points.
struct Made {
    running: Running<Vesta>,
    points_digest: Limbs<F>,
    second: Relaxed<Fq>,
    second_cross: Committed<Fq>,
    second_points: Vec<Pallas>,
}

/// The circuit on points between its work and its end.
type OnPoints = (System<Fq>, Vec<Number<Fq>>, Running<Vesta>);

/// The merging sum-check: weights and vectors of both claims.
type Merging = [[Vec<F>; 2]; 2];

/// The prover's side of a step.
struct Working<'a> {
    parameters: &'a Parameters<'a>,
    received: &'a Handed,
    turns: Turns<'a>,
    relation: &'a Relation,
    own_sizes: Sizes,
    tensors: &'a [Arc<Cells>],
    slots_of: &'a [Option<(usize, usize)>],
    output: CellsRef<'a>,
    /// Of each slot's row.
    evaluations: Vec<F>,
    /// `Σ_j ω^j·X_j`.
    batched: Vec<F>,
    mask: &'a Committed<F>,
    merging: Option<Merging>,
    rounds: Vec<[F; 2]>,
    ends: [F; 3],
    /// Challenges of 192 bits as drawn, in order.
    shorts: Vec<F>,
    rows: &'a [Vec<Vesta>; 3],
    vector_mask: Vesta,
    on_points: Option<OnPoints>,
    made: Option<Made>,
    fails: bool,
}

impl Working<'_> {
    fn evaluate_rows(&mut self, point: &[F]) {
        let eq = eq_table(point, self.parameters.vesta.row.len());
        self.evaluations = self
            .slots_of
            .iter()
            .map(|slot| {
                slot.map_or(F::ZERO, |(t, row)| {
                    let cells = row_of(&self.relation.tensors[t], &self.tensors[t], row, eq.len());
                    eq.iter().zip(cells.iter()).map(|(eq, cell)| *eq * cell).sum()
                })
            })
            .collect();
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
        let omega = short(drawn).scalar;
        let mut sum = vec![F::ZERO; self.parameters.vesta.row.len()];
        let mut power = F::ONE;
        for slot in self.slots_of {
            if let Some((t, row)) = slot {
                let cells = row_of(&self.relation.tensors[*t], &self.tensors[*t], *row, sum.len());
                sum.iter_mut().zip(cells.iter()).for_each(|(sum, cell)| *sum += power * cell);
            }
            power *= omega;
        }
        self.batched = sum;
        omega
    }

    fn public(&mut self, numbers: Public<'_>) -> Vec<F> {
        let Public::Claims { challenges, point } = numbers else { return Vec::new() };
        row_claims(self.relation, &self.own_sizes, self.slots_of, challenges, point, self.output)
    }

    fn zero(&mut self, number: F) {
        self.fails |= !number.is_zero_vartime();
    }
}

/// The reader's weights of the rows in a step's slots, and the constant.
fn row_claims(
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

impl StepSide<F> for Working<'_> {
    fn short(&mut self, drawn: F) -> Short<F> {
        self.shorts.push(drawn);
        short(drawn)
    }

    fn merge_round(&mut self, joined: &F, point: &[F], previous: Option<&F>) -> [F; 2] {
        let merging = self.merging.get_or_insert_with(|| {
            let length = 1usize << point.len();
            let own = eq_table(point, length).into_iter().map(|eq| eq * joined).collect();
            let mut before = self.received.pictures.values.to_vec();
            before.resize(length, F::ZERO);
            [[eq_table(&self.received.state.point, length), before], [own, self.batched.clone()]]
        });
        if let Some(s) = previous {
            merging.iter_mut().flatten().for_each(|values| bind(values, *s));
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

    fn points(&mut self, _: &F, _: &Short<F>) -> Limbs<F> {
        let [fold, mask, rows, pictures] = [0, 1, 2, 3].map(|i| words(self.shorts[i]));
        let Commitments { running, fresh, cross, mask: masks, mask_cross } = self.received.commitments.clone();
        let points = Points { running, fresh, cross, mask: masks, mask_cross, rows: self.rows.clone(), vector_mask: self.vector_mask };
        let system = System::of_values();
        let drawn = Short192 { fold, mask, rows, pictures };
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
        let points_digest = limbs(running_digest(&running));
        let (witness, public) = system.values();
        let rows = self.parameters.class.second;
        let second = Relaxed::strict(Committed::known(witness, rows, 1), public);
        let cross = self.received.second.cross(&second, &self.parameters.points);
        let second_cross = Committed::known(cross, rows, 1 + rows as u64);
        let second_points = [second.witness.rows(&self.parameters.pallas), second_cross.rows(&self.parameters.pallas)].concat();
        let all = coordinates(&second_points);
        self.made = Some(Made { running, points_digest, second, second_cross, second_points });
        all
    }
}

fn bind(values: &mut Vec<F>, s: F) {
    let (pairs, _) = values.as_chunks::<2>();
    *values = pairs.iter().map(|[low, high]| *low + s * (*high - low)).collect();
}

/// `(c1, c2)` of `Σ_x (left·right)(X, x)`.
fn product(left: &[F], right: &[F]) -> [F; 2] {
    let ((left, _), (right, _)) = (left.as_chunks::<2>(), right.as_chunks::<2>());
    left.iter().zip(right).fold([F::ZERO; 2], |[c1, c2], ([l0, l1], [r0, r1])| {
        let (dl, dr) = (*l1 - l0, *r1 - r0);
        [c1 + *l0 * dr + *r0 * dl, c2 + dl * dr]
    })
}
