//! What a step draws, and in which order: written once, for its prover and as constraints.
//!
//! The challenges that fold the last step's instance are drawn from what is public, because whoever made that instance folds it, with a
//! mask, before it is handed on; all others are drawn under this step's salt.

use super::points::row_weights;
use crate::poseidon::{Cell, Sponge, hash};
use crate::verifier::{Left, Side, run_after, weighing};
use ff::{Field, PrimeField};
use zkimg_group::field::{F, hash_to_field};
use zkimg_proof::channel::{Scalar, Sizes};

/// The domains, unlike those of a link by itself.
fn domain<S: Cell<F>>(name: &str) -> S {
    S::constant(hash_to_field("zkimg-step-v1", name.as_bytes()))
}

/// A digest of points of Vesta: an element of `Fq` in limbs.
pub type Limbs<S> = [S; 3];

/// A challenge of 192 bits.
#[derive(Clone, Debug)]
pub struct Short<S> {
    /// As an integer.
    pub number: S,
    /// As what multiplies.
    pub scalar: S,
}

/// What a chain has come to after some links; its hash is the one public input of a step's instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State<S> {
    /// Stands for both circuits of a step.
    pub class: S,
    /// How many links there were.
    pub links: S,
    /// Stands for where the chain began.
    pub start: S,
    /// Stands for all statements, in order, and what their readers are told.
    pub history: S,
    /// The rows of the picture that was handed on last.
    pub picture: Limbs<S>,
    /// Where the pictures' vector is opened.
    pub point: Vec<S>,
    /// What it is there.
    pub value: S,
    /// The running instance's commitments and the pictures'.
    pub points: Limbs<S>,
    /// The running instance's `u` and public input.
    pub running: [S; 2],
    /// The running instance of the circuit on points, whole.
    pub second: Vec<S>,
}

impl<S: Cell<F>> State<S> {
    /// The hash.
    pub fn hash(&self) -> S {
        let first = [&self.class, &self.links, &self.start, &self.history];
        let numbers = first.into_iter().chain(&self.picture).chain(&self.point).chain([&self.value]).chain(&self.points);
        hash(domain("state"), numbers.chain(&self.running).chain(&self.second).cloned())
    }

    /// Before the first link of a class.
    pub fn initial(class: S, begins: Begins<S>, pinned: &Pinned) -> State<S> {
        let zero = || S::constant(F::ZERO);
        let start = begins.start(&class);
        let Begins { history, picture, point, value, points } = begins;
        State {
            class,
            links: zero(),
            start,
            history,
            picture,
            point,
            value,
            points,
            running: [zero(), zero()],
            second: pinned.second.iter().map(|number| S::constant(*number)).collect(),
        }
    }

    /// As what a chain would begin that begins in this state.
    pub fn begins(&self) -> Begins<S> {
        let State { history, picture, point, value, points, .. } = self.clone();
        Begins { history, picture, point, value, points }
    }
}

/// Where a chain begins: all of it is public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begins<S> {
    /// Stands for what the camera signed.
    pub history: S,
    /// The rows of its picture.
    pub picture: Limbs<S>,
    /// Where the pictures' vector is opened.
    pub point: Vec<S>,
    /// What it is there.
    pub value: S,
    /// The running instance's commitments, which are to zeros, and the pictures'.
    pub points: Limbs<S>,
}

impl<S: Cell<F>> Begins<S> {
    /// What stands for it.
    pub fn start(&self, class: &S) -> S {
        let Begins { history, picture, point, value, points } = self;
        hash(domain("start"), [class, history].into_iter().chain(picture).chain(point).chain([value]).chain(points).cloned())
    }
}

/// What a state is before the first link, wherever it begins.
#[derive(Clone, Debug)]
pub struct Pinned {
    /// `log2` of a row's length.
    pub row_bits: usize,
    /// The running instance of the circuit on points.
    pub second: Vec<F>,
}

/// The fold of the last step's instance and a uniform one, as far as it is numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folding<S> {
    /// The last step's witness.
    pub fresh: Limbs<S>,
    /// The cross term.
    pub cross: Limbs<S>,
    /// The uniform instance's commitments.
    pub mask: Limbs<S>,
    /// Its `u` and public input.
    pub mask_numbers: [S; 2],
    /// The cross term with it.
    pub mask_cross: Limbs<S>,
}

/// What folds: the instance of the last step, whose public input is `state`, and the mask. Nothing here is secret.
pub fn fold_challenges<S: Cell<F>, T>(state: &S, folding: &Folding<S>, mut short: impl FnMut(S) -> T) -> [T; 2] {
    let mut sponge = Sponge::new(domain("fold"));
    let given = [&folding.fresh, &folding.cross, &folding.mask].into_iter().flatten();
    [state].into_iter().chain(given).chain(&folding.mask_numbers).for_each(|number| sponge.absorb(number.clone()));
    let fold = short(sponge.squeeze());
    folding.mask_cross.iter().for_each(|number| sponge.absorb(number.clone()));
    [fold, short(sponge.squeeze())]
}

/// `u` and `x` of the folded instance: the running one's, the last step's, whose `u` is 1 and whose `x` is `state`, and the uniform one's.
pub fn folded_numbers<S: Cell<F>>(running: &[S; 2], state: &S, [fold, masking]: [&S; 2], mask: &[S; 2]) -> [S; 2] {
    let [unit, public] = running.clone();
    let [mask_unit, mask_public] = mask.clone();
    [unit + fold.clone() + masking.clone() * mask_unit, public + fold.clone() * state.clone() + masking.clone() * mask_public]
}

/// What a link brings.
#[derive(Clone)]
pub struct Link<S> {
    /// Uniform and secret.
    pub salt: S,
    /// The statement's digest.
    pub statement: S,
    /// The output's rows, those of other tensors, and the mask of the pictures' vector.
    pub rows: [Limbs<S>; 3],
}

impl<S> std::fmt::Debug for Link<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").finish_non_exhaustive()
    }
}

/// What a side of a step does beside the argument's turns.
pub trait StepSide<S>: Side<S> {
    /// The lowest 192 bits of what was drawn.
    fn short(&mut self, drawn: S) -> Short<S>;

    /// Takes note of what the rows count, which is drawn now.
    fn weighed(&mut self, _weights: &[S]) {}

    /// A round of the merging sum-check; `joined` weighs the new claim, `previous` answered the round before.
    fn merge_round(&mut self, joined: &S, point: &[S], previous: Option<&S>) -> [S; 2];

    /// The values of the vector so far, of what is added, and of the mask, at the merging's point.
    fn merged(&mut self, point: &[S]) -> [S; 3];

    /// The digest of the running commitments after this step.
    fn points(&mut self, pictures: &Short<S>) -> Limbs<S>;

    /// The coordinates of this step's instance of the circuit on points, and of its cross term.
    fn second(&mut self) -> Vec<S>;
}

/// What a step came to.
#[derive(Debug)]
pub struct Stepped<S> {
    /// What the argument left.
    pub left: Left<S>,
    /// Adds what is opened to what was opened before.
    pub pictures: Short<S>,
    /// The digest of the running commitments.
    pub points: Limbs<S>,
    /// What folds the instance of the circuit on points, as drawn.
    pub second_fold: Short<S>,
    /// Stands for all statements.
    pub history: S,
    /// Where the pictures' vector is opened.
    pub point: Vec<S>,
    /// What it is there.
    pub value: S,
}

/// What was folded before: what it was, and both challenges.
pub type Folded<'a, S> = (&'a Folding<S>, &'a [Short<S>; 2]);

/// A step: the link's argument, then the merging of its claim with that of the state.
///
/// Before the last challenge, which folds the instance of the circuit on points, the sponge has absorbed or given every one of its public
/// inputs, and its commitments.
pub fn step<S: Cell<F>, D: StepSide<S>>(
    sizes: &Sizes,
    (state, state_hash): (&State<S>, &S),
    (folding, folds): Folded<'_, S>,
    link: &Link<S>,
    side: &mut D,
) -> Stepped<S> {
    let mut sponge = Sponge::salted(domain("step"), link.salt.clone());
    let said = [state_hash, &link.statement].into_iter().chain(link.rows.iter().flatten());
    let given = [&folding.fresh, &folding.cross, &folding.mask, &folding.mask_cross].into_iter().flatten();
    let said = said.chain(given).chain(folds.iter().map(|fold| &fold.number));
    said.for_each(|number| sponge.absorb(number.clone()));
    let (left, mut sponge) = run_after(sizes, sponge, side);

    // What the link opens: its rows, each by its weight.
    let groups = {
        let drawn = sponge.squeeze();
        side.short(drawn)
    };
    let weights = row_weights(S::constant(F::ONE), &left.drawn.delta, &groups.scalar, left.evaluations.len());
    side.weighed(&weights);
    let terms = weights.into_iter().zip(&left.evaluations).map(|(weight, value)| weight * value.clone());
    let opened = terms.reduce(|sum, term| sum + term).unwrap_or_else(|| S::constant(F::ZERO));

    // g(X) of each round: c0 + c1·X + c2·X² with g(0) + g(1) the claim.
    let half = S::constant(F::TWO_INV);
    let joined = sponge.squeeze();
    let own = &left.drawn.point[..state.point.len()];
    let mut claim = state.value.clone() + joined.clone() * opened;
    let mut point: Vec<S> = Vec::with_capacity(own.len());
    for _ in own {
        let [c1, c2] = side.merge_round(&joined, own, point.last());
        [&c1, &c2].into_iter().for_each(|number| sponge.absorb(number.clone()));
        let s = sponge.squeeze();
        claim = (claim - c1.clone() - c2.clone()) * half.clone() + s.clone() * (c1 + s.clone() * c2);
        point.push(s);
    }
    let values = side.merged(&point);
    values.iter().for_each(|value| sponge.absorb(value.clone()));
    let [before, added, mask] = values;
    let weight = equality(&state.point, &point) * before.clone() + joined * equality(own, &point) * added.clone();
    side.zero(weight - claim);
    let pictures = {
        let drawn = sponge.squeeze();
        side.short(drawn)
    };
    let value = before + pictures.scalar.clone() * (added + pictures.scalar.clone() * mask);

    let history =
        history(&state.history, &link.statement, &link.rows[0], &weighing(&left.drawn.challenges, &left.drawn.point), &left.claims);

    let points = side.points(&pictures);
    points.iter().for_each(|limb| sponge.absorb(limb.clone()));
    side.second().into_iter().for_each(|number| sponge.absorb(number));
    let second_fold = {
        let drawn = sponge.squeeze();
        side.short(drawn)
    };
    Stepped { left, pictures, points, second_fold, history, point, value }
}

/// What stands for a link and all before it: its statement, the rows of its output, the challenges on which the reader's weights depend
/// ([`weighing`]), and the weights and the constant. All of it is what a reader knows.
pub fn history<S: Cell<F>>(before: &S, statement: &S, output: &Limbs<S>, weighing: &[S], claims: &[S]) -> S {
    let said = [before, statement].into_iter().chain(output);
    hash(domain("history"), said.chain(weighing).chain(claims).cloned())
}

/// `eq(a, b)`.
pub fn equality<P: Field, S: Scalar<P>>(a: &[S], b: &[S]) -> S {
    let one = || S::constant(P::ONE);
    a.iter().zip(b).fold(one(), |product, (a, b)| {
        // 1 − a − b + 2·a·b.
        let both = a.clone() * b.clone();
        product * (one() - a.clone() - b.clone() + both.clone() + both)
    })
}
