//! A link's argument over messages in the clear, under a salted Poseidon transcript.
//!
//! A run here is one more [`Channel`]: what it hears is hidden because nobody else hears it. With field elements it is the prover's side,
//! with numbers of a constraint system the verifier's, as constraints; what differs is a [`Side`].

use crate::poseidon::{Cell, Sponge};
use ff::Field;
use std::sync::Arc;
use zeroize::{Zeroize, Zeroizing};
use zkimg_graph::tensor::Cells;
use zkimg_group::field::{F, eq_table, hash_to_field};
use zkimg_proof::argument::{self, Run};
use zkimg_proof::channel::{Challenges, Channel, EQUALITIES, ErrorTerm, Hidden, Message, Public, Quadratic, SLOTS, Sizes, Turn};
use zkimg_proof::circuit::BLINDED_ROWS;
use zkimg_proof::prove::Turns;

/// Domain label of a link's transcript.
const LABEL: &str = "zkimg-compact-link-v1";

/// Where messages come from, and what becomes of equations.
pub trait Side<S> {
    /// Takes note of the lookup challenges.
    fn lookups(&mut self, alpha: &S, beta: &S);

    /// The message of a turn; `used` of its slots count, the first ones.
    fn message(&mut self, turn: Turn<'_, S>, used: usize) -> [S; SLOTS];

    /// Takes note of the point at which everything is evaluated, before the first evaluation.
    fn evaluations_at(&mut self, _point: &[S]) {}

    /// The evaluation of a mask at a point, where the claim on the opening has one.
    fn mask(&mut self, point: &[S]) -> Option<S>;

    /// What batches the openings, of what was drawn for it.
    fn batching(&mut self, drawn: S) -> S {
        drawn
    }

    /// What statement and challenges come to.
    fn public(&mut self, numbers: Public<'_, S>) -> Vec<S>;

    /// States that a number is zero.
    fn zero(&mut self, number: S);
}

/// What is absorbed first: the salt, in a block of its own, then what the statement says.
#[derive(Clone, Debug)]
pub struct Absorbed<S> {
    /// Uniform, and known to nobody else: it hides all that the transcript depends on.
    pub salt: S,
    /// A digest of the statement: relation, context, roots, published output.
    pub statement: S,
    /// Digests of each tensor's rows, then of the mask's.
    pub rows: Vec<S>,
}

/// What a run leaves for the reader.
pub struct Left<S> {
    /// What each tensor, or each row of a step, is at the point. Secret.
    pub evaluations: Vec<S>,
    /// The challenges on which the reader's weights depend, those that batch the openings, and the claim on the opening.
    pub drawn: Drawn<S>,
    /// All messages, and the mask's evaluation. Secret.
    pub messages: Vec<[S; SLOTS]>,
    /// The mask's evaluation. Secret.
    pub mask: Option<S>,
    /// The weights and the constant that the last equation was made with.
    pub claims: Vec<S>,
}

zkimg_graph::opaque!(Proving<'_>);

impl<S> std::fmt::Debug for Left<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Left").finish_non_exhaustive()
    }
}

/// The challenges that a reader is told, and what is claimed of the opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn<S> {
    /// What defined the claims.
    pub challenges: Challenges<S>,
    /// Where all tensors are evaluated.
    pub point: Vec<S>,
    /// Batches the openings.
    pub delta: S,
    /// `Σ_t δ^t·e_t`, the mask's evaluation last.
    pub value: S,
}

impl<S: Clone> Drawn<S> {
    /// All of them, in order; none of a relation without products is left out.
    pub fn list(&self) -> Vec<S> {
        let last = [&self.delta, &self.value];
        weighing(&self.challenges, &self.point).into_iter().chain(last.into_iter().cloned()).collect()
    }
}

/// The challenges on which a reader's weights depend, in order. What is claimed of the opening is not among them: with no mask's evaluation
/// in it, it is a function of the pictures, and who guesses these could tell by it.
///
/// Of the point of equalities there is the first coordinate: each of the others is the square of the one before ([`squares`]).
pub fn weighing<S: Clone>(challenges: &Challenges<S>, point: &[S]) -> Vec<S> {
    let first = [&challenges.alpha, &challenges.beta, &challenges.gamma];
    first.into_iter().chain(challenges.equal.first()).chain(&challenges.leaf).chain(point).cloned().collect()
}

/// What [`weighing`] gave, read again; `None` if there are not as many as a run of these sizes draws.
pub fn weighed(sizes: &Sizes, list: &[F]) -> Option<(Challenges<F>, Vec<F>)> {
    let (first, rest) = list.split_at_checked(3)?;
    let (equal, rest) = rest.split_at_checked(sizes.equal.min(1))?;
    let (leaf, point) = rest.split_at_checked(sizes.leaves)?;
    let [alpha, beta, gamma] = first else { return None };
    let equal = equal.first().map(|first| squares(*first, sizes.equal)).unwrap_or_default();
    let challenges = Challenges { alpha: *alpha, beta: *beta, gamma: *gamma, equal, leaf: leaf.to_vec(), ..Default::default() };
    (point.len() == sizes.flat).then(|| (challenges, point.to_vec()))
}

/// How many [`weighing`] gives.
pub fn weighing_count(sizes: &Sizes) -> usize {
    3 + sizes.equal.min(1) + sizes.leaves + sizes.flat
}

/// `c, c², c⁴, …`: the point of equalities, so that a reader is told one number. A multilinear polynomial that is not zero is one of degree
/// below `2^bits` in `c`, and not zero either.
pub fn squares<S: Clone + std::ops::Mul<Output = S>>(first: S, bits: usize) -> Vec<S> {
    std::iter::successors(Some(first), |last| Some(last.clone() * last.clone())).take(bits).collect()
}

impl Drawn<F> {
    /// As [`Drawn::list`] gives them; `None` if there are not as many as a run of these sizes draws.
    pub fn of_list(sizes: &Sizes, list: &[F]) -> Option<Drawn<F>> {
        let (weighing, last) = list.split_at_checked(weighing_count(sizes))?;
        let (challenges, point) = weighed(sizes, weighing)?;
        let [delta, value] = last else { return None };
        Some(Drawn { challenges, point, delta: *delta, value: *value })
    }

    /// How many a run of these sizes draws.
    pub fn count(sizes: &Sizes) -> usize {
        weighing_count(sizes) + 2
    }
}

/// Runs the argument of a link by itself.
pub fn run<S: Cell<F>, D: Side<S>>(sizes: &Sizes, absorbed: Absorbed<S>, side: &mut D) -> Left<S> {
    // The sizes on which the schedule depends; what they mean stands in the statement.
    let all = [sizes.leaves, sizes.flat, sizes.equal, sizes.tensors, absorbed.rows.len()];
    let all: Vec<u8> = all.iter().flat_map(|size| (*size as u64).to_le_bytes()).collect();
    let mut sponge = Sponge::salted(S::constant(hash_to_field(LABEL, &all)), absorbed.salt);
    sponge.absorb(absorbed.statement);
    absorbed.rows.into_iter().for_each(|digest| sponge.absorb(digest));
    run_after(sizes, sponge, side).0
}

/// Runs the argument on a sponge that has absorbed everything that is said, and gives it back.
pub fn run_after<S: Cell<F>, D: Side<S>>(sizes: &Sizes, sponge: Sponge<F, S>, side: &mut D) -> (Left<S>, Sponge<F, S>) {
    let mut channel =
        Clear { side, sponge, messages: Vec::new(), mask: None, point: None, batching: false, claims: Vec::new(), required: 0 };
    let Ok(run) = argument::run(sizes, &mut channel);
    let Run { challenges, point, evaluations, delta, .. } = run;
    let mask = channel.mask.take();
    let evaluations: Vec<S> = evaluations.iter().map(|hidden| channel.messages[hidden.message][hidden.slot].clone()).collect();
    let last_first: Vec<&S> = evaluations.iter().chain(&mask).collect();
    let value = last_first.into_iter().rev().cloned().reduce(|sum, value| sum * delta.clone() + value);
    let value = value.unwrap_or_else(|| S::constant(F::ZERO));
    let left =
        Left { evaluations, drawn: Drawn { challenges, point, delta, value }, messages: channel.messages, mask, claims: channel.claims };
    (left, channel.sponge)
}

/// The channel.
struct Clear<'a, S, D> {
    side: &'a mut D,
    sponge: Sponge<F, S>,
    messages: Vec<[S; SLOTS]>,
    mask: Option<S>,
    /// Drawn since the linear sum-check began.
    point: Option<Vec<S>>,
    /// Whether what is drawn next batches the openings.
    batching: bool,
    claims: Vec<S>,
    required: usize,
}

impl<S: Cell<F>, D: Side<S>> Channel for Clear<'_, S, D> {
    type Error = std::convert::Infallible;
    type Scalar = S;

    /// They are among what was absorbed.
    fn rows(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    fn lookups(&mut self, alpha: &S, beta: &S) {
        self.side.lookups(alpha, beta);
    }

    fn hidden<const N: usize>(&mut self, turn: Turn<'_, S>) -> Result<[Hidden; N], Self::Error> {
        if let Turn::LinearRound { previous: None, .. } = turn {
            self.point = Some(Vec::new());
        }
        if let (Turn::Evaluation { t: 0, .. }, Some(point)) = (&turn, &self.point) {
            self.side.evaluations_at(point);
        }
        let message = self.side.message(turn, N);
        message[..N].iter().for_each(|number| self.sponge.absorb(number.clone()));
        self.messages.push(message);
        Ok(Hidden::of(self.messages.len() - 1))
    }

    fn challenge(&mut self, _: ErrorTerm) -> S {
        let mut challenge = self.sponge.squeeze();
        if std::mem::take(&mut self.batching) {
            challenge = self.side.batching(challenge);
        }
        if let Some(point) = &mut self.point {
            point.push(challenge.clone());
        }
        challenge
    }

    fn equal(&mut self, bits: usize) -> Vec<S> {
        if bits == 0 {
            return Vec::new();
        }
        squares(self.challenge(ErrorTerm::new(EQUALITIES, "Schwartz–Zippel", 1 << bits)), bits)
    }

    fn public(&mut self, numbers: Public<'_, S>) -> Vec<S> {
        self.claims = self.side.public(numbers);
        self.claims.clone()
    }

    fn require(&mut self, equation: impl FnOnce(&mut Self) -> Quadratic<S>) {
        let equation = equation(self);
        let messages = &self.messages;
        let left = equation.evaluate(|hidden| messages[hidden.message][hidden.slot].clone());
        self.side.zero(left);
        self.required += 1;
    }

    fn required(&self) -> usize {
        self.required
    }

    /// After the evaluations and before what batches them stands the mask's.
    fn tail(&mut self, row: usize) -> Result<(), Self::Error> {
        if row == 0 {
            self.mask = self.side.mask(self.point.as_deref().unwrap_or_default());
            self.mask.iter().for_each(|mask| self.sponge.absorb(mask.clone()));
        }
        self.batching = row + 1 == BLINDED_ROWS;
        Ok(())
    }
}

/// The prover's side: computes every message.
pub struct Proving<'a> {
    turns: Turns<'a>,
    tensors: &'a [Arc<Cells>],
    mask: &'a [F],
    memory: Option<usize>,
    fails: bool,
}

impl<'a> Proving<'a> {
    /// For these tensors and a mask of one row.
    pub fn new(turns: Turns<'a>, tensors: &'a [Arc<Cells>], mask: &'a [F], memory: Option<usize>) -> Proving<'a> {
        Proving { turns, tensors, mask, memory, fails: false }
    }

    /// Whether an equation did not hold: what is claimed is false.
    pub fn fails(&self) -> bool {
        self.fails
    }
}

impl Side<F> for Proving<'_> {
    fn lookups(&mut self, alpha: &F, beta: &F) {
        self.turns.lookups(self.tensors, *alpha, *beta, self.memory);
    }

    fn message(&mut self, turn: Turn<'_>, _: usize) -> Message {
        self.turns.compute(self.tensors, turn)
    }

    fn mask(&mut self, point: &[F]) -> Option<F> {
        let bits = self.mask.len().trailing_zeros() as usize;
        let eq = eq_table(&point[..bits.min(point.len())], self.mask.len());
        Some(eq.iter().zip(self.mask).map(|(weight, value)| *weight * value).sum())
    }

    fn public(&mut self, numbers: Public<'_>) -> Vec<F> {
        self.turns.public(numbers)
    }

    fn zero(&mut self, number: F) {
        self.fails |= !number.is_zero_vartime();
    }
}

/// What a prover keeps of its run to make a witness of. Secret.
#[derive(Default)]
pub struct Record {
    /// The messages.
    pub messages: Zeroizing<Vec<Message>>,
    /// The mask's evaluation.
    pub mask: F,
    /// The reader's weights and constant.
    pub claims: Vec<F>,
}

zkimg_graph::opaque!(Record);

impl Drop for Record {
    fn drop(&mut self) {
        self.mask.zeroize();
    }
}
