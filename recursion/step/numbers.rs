//! The circuit over `Fp`: a step but for what it does with points of Vesta.
//!
//! It has one public input, the hash of the state after the step. The instance of the step before is folded as one whose public input is
//! the hash of the state before, so that is what it must have been made for.

use super::points::{CROSSING, Slots};
use super::transcript::{Folding, Limbs, Link, Pinned, Short, State, StepSide, fold_challenges, folded_numbers, step};
use crate::gadgets::{Foreign, Point, canonical_bits, challenge_scalar};
use crate::poseidon::Cell as _;
use crate::r1cs::{Number, Shape, System};
use crate::verifier::{Record, Side};
use ff::Field;
use pasta_curves::Fq;
use zkimg_group::cycle::Pallas;
use zkimg_group::field::F;
use zkimg_proof::channel::{Public, SLOTS, Scalar, Sizes, Turn};

/// Bits of a challenge that multiplies points.
const SHORT: usize = 192;

/// What both sides know of a class of chains.
#[derive(Clone, Debug)]
pub struct Class {
    /// Sizes of a link's argument; its tensors are the rows that a step opens, one by one.
    pub sizes: Sizes,
    /// Rows of a step.
    pub slots: Slots,
    /// Rows of an instance of the circuit on points.
    pub second: usize,
    /// What a state is before the first link.
    pub pinned: Pinned,
}

/// The values of a step's witness.
#[derive(Clone)]
pub struct Values {
    /// The state before.
    pub state: State<F>,
    /// The fold.
    pub folding: Folding<F>,
    /// The link.
    pub link: Link<F>,
    /// Coefficients of the merging's rounds.
    pub rounds: Vec<[F; 2]>,
    /// The merging's ends.
    pub ends: [F; 3],
    /// The digest of the running commitments after the step.
    pub points: Limbs<F>,
    /// The points of the second instance: its witness, then its cross term.
    pub second: Vec<Pallas>,
}

zkimg_graph::opaque!(Values);

/// States a step. The public input is the hash of the state after it, which is given too.
pub fn state(system: &System<F>, class: &Class, values: &Values, record: &Record) -> State<F> {
    let hidden = |value: &F| system.hidden(*value);
    let limbs = |limbs: &Limbs<F>| Limb::of(system, limbs);
    let before = &values.state;
    let (picture, points) = (limbs(&before.picture), limbs(&before.points));
    let numbers = State {
        class: hidden(&before.class),
        links: hidden(&before.links),
        start: hidden(&before.start),
        history: hidden(&before.history),
        picture: picture.0.clone(),
        point: before.point.iter().map(hidden).collect(),
        value: hidden(&before.value),
        points: points.0.clone(),
        running: [0, 1].map(|i| hidden(&before.running[i])),
        second: before.second.iter().map(hidden).collect(),
    };
    let state_hash = numbers.hash();
    // Whether this is the first link: then the state is the pinned one.
    let one = || Number::<F>::constant(F::ONE);
    let inverse = before.links.invert().unwrap_or(F::ZERO);
    #[cfg(test)]
    let inverse = lie::inverse(inverse);
    let inverse = hidden(&inverse);
    let first = one() - numbers.links.clone() * inverse;
    system.require(&numbers.links, &first, &Number::constant(F::ZERO));
    let initial = State::initial(numbers.class.clone(), numbers.begins(), &class.pinned);
    system.require(&first, &(initial.hash() - state_hash.clone()), &Number::constant(F::ZERO));

    let given = &values.folding;
    let (fresh, cross, mask, mask_cross) = (limbs(&given.fresh), limbs(&given.cross), limbs(&given.mask), limbs(&given.mask_cross));
    let folding = Folding {
        fresh: fresh.0.clone(),
        cross: cross.0.clone(),
        mask: mask.0.clone(),
        mask_numbers: [0, 1].map(|i| hidden(&given.mask_numbers[i])),
        mask_cross: mask_cross.0.clone(),
    };
    let rows: Vec<Limb> = values.link.rows.iter().map(limbs).collect();
    let link =
        Link { salt: hidden(&values.link.salt), statement: hidden(&values.link.statement), rows: [0, 1, 2].map(|i| rows[i].0.clone()) };
    let mut shorts: Vec<Vec<Number<F>>> = Vec::new();
    let folds = fold_challenges(&state_hash, &folding, |drawn| shortened(system, &drawn, &mut shorts));

    let mut side = Constrained {
        system,
        class,
        values,
        messages: record.messages.iter(),
        claims: &record.claims,
        rounds: values.rounds.iter(),
        shorts,
        points: None,
        second: Vec::new(),
    };
    let stepped = step(&class.sizes, (&numbers, &state_hash), (&folding, &folds), &link, &mut side);
    let [fold, mask_fold] = folds;
    let Constrained { shorts, points: after, second, .. } = side;
    let after = after.expect("the transcript asks for it");
    // In the order in which they were drawn.
    let [fold_bits, mask_bits, rows_bits, groups_bits, pictures_bits, second_bits]: [Vec<Number<F>>; 6] =
        shorts.try_into().unwrap_or_else(|_| unreachable!("six challenges of a step are short"));

    // The last step's instance counts unless this is the first link.
    let counted = (one() - first.clone()) * fold.scalar.clone();
    let running = folded_numbers(&numbers.running, &state_hash, [&counted, &mask_fold.scalar], &folding.mask_numbers);

    // What the circuit on points was given and made: its public inputs.
    let element = |bits: &[Number<F>]| Foreign::<F, Fq>::of_bits(bits);
    let crossing: Vec<Foreign<F, Fq>> =
        [element(&[first]), element(&fold_bits), element(&mask_bits), element(&rows_bits), element(&pictures_bits)]
            .into_iter()
            .chain([&points, &fresh, &cross, &mask, &mask_cross, &picture, &rows[0], &rows[1], &rows[2], &after].map(Limb::element))
            .chain([element(&groups_bits)])
            .collect();
    assert_eq!(crossing.len(), CROSSING, "one list on both sides");
    let second = folded_second(system, class, &numbers.second, &second, &crossing, &second_bits);
    let next = State {
        class: numbers.class,
        links: numbers.links + one(),
        start: numbers.start,
        history: stepped.history.clone(),
        picture: link.rows[0].clone(),
        point: stepped.point.clone(),
        value: stepped.value.clone(),
        points: stepped.points.clone(),
        running,
        second,
    };
    let after = next.hash();
    (after.clone() - system.public(after.value())).require_zero();
    value_of(&next)
}

/// What a lying prover says in a step's constraints, on one thread.
#[cfg(test)]
pub(crate) mod lie {
    use super::{F, Field};
    use std::cell::Cell;

    thread_local! {
        static BEGINS_AGAIN: Cell<bool> = const { Cell::new(false) };
    }

    /// Whether the next step says that it is the first.
    pub(crate) fn begin_again(lie: bool) {
        BEGINS_AGAIN.set(lie);
    }

    /// Of the number of links.
    pub(super) fn inverse(own: F) -> F {
        if BEGINS_AGAIN.get() { F::ZERO } else { own }
    }
}

/// The constraints of every step of a class.
pub fn shape(class: &Class) -> Shape<F> {
    let zeros = [F::ZERO; 3];
    let bits = class.pinned.row_bits;
    let state_of = State {
        class: F::ZERO,
        links: F::ZERO,
        start: F::ZERO,
        history: F::ZERO,
        picture: zeros,
        point: vec![F::ZERO; bits],
        value: F::ZERO,
        points: zeros,
        running: [F::ZERO; 2],
        second: vec![F::ZERO; class.pinned.second.len()],
    };
    let values = Values {
        state: state_of,
        folding: Folding { fresh: zeros, cross: zeros, mask: zeros, mask_numbers: [F::ZERO; 2], mask_cross: zeros },
        link: Link { salt: F::ZERO, statement: F::ZERO, rows: [zeros; 3] },
        rounds: vec![[F::ZERO; 2]; bits],
        ends: zeros,
        points: zeros,
        second: vec![group::CurveAffine::generator(); 2 * class.second],
    };
    let system = System::of_shape();
    state(&system, class, &values, &Record::default());
    system.shape()
}

/// The coordinates of a running second instance's points, then its `u` and public inputs in limbs.
fn folded_second(
    system: &System<F>,
    class: &Class,
    before: &[Number<F>],
    fresh: &[Point<Pallas>],
    public: &[Foreign<F, Fq>],
    bits: &[Number<F>],
) -> Vec<Number<F>> {
    let (coordinates, limbs) = before.split_at(4 * class.second);
    let (pairs, _) = coordinates.as_chunks::<2>();
    let own = pairs.iter().map(|[x, y]| Point::<Pallas> { x: x.clone(), y: y.clone() });
    let points = own.zip(fresh).flat_map(|(own, fresh)| {
        let sum = own.plus(system, &fresh.times_odd(system, bits));
        [sum.x, sum.y]
    });
    let mut after: Vec<Number<F>> = points.collect();
    // 2·c + 2^192 + 1, by its bits: a doubled number and a constant.
    let odd = Foreign::<F, Fq>::of_bits(bits);
    let two = Foreign::constant(Fq::from(2));
    let more = Foreign::constant(Fq::from_raw([1, 0, 0, 1]));
    let factor = odd.times_plus(system, &two, &more);
    let (elements, _) = limbs.as_chunks::<3>();
    let elements: Vec<Foreign<F, Fq>> = elements.iter().map(|limbs| Foreign::of_limbs(limbs.clone())).collect();
    let unit = Foreign::constant(Fq::ONE);
    for (own, unit) in elements.iter().zip([&unit].into_iter().chain(public)) {
        after.extend(factor.times_plus(system, unit, own).limbs().iter().cloned());
    }
    after
}

/// An element of `Fq` that stands for points: its limbs in their ranges.
#[derive(Clone)]
struct Limb(Limbs<Number<F>>, Foreign<F, Fq>);

impl Limb {
    fn of(system: &System<F>, limbs: &Limbs<F>) -> Limb {
        let element = Foreign::hidden_limbs(system, *limbs);
        Limb(element.limbs().clone(), element)
    }

    fn element(&self) -> Foreign<F, Fq> {
        self.1.clone()
    }
}

fn shortened(system: &System<F>, drawn: &Number<F>, shorts: &mut Vec<Vec<Number<F>>>) -> Short<Number<F>> {
    let mut all = canonical_bits(system, drawn);
    all.truncate(SHORT);
    let number = all.iter().rev().fold(Number::constant(F::ZERO), |sum: Number<F>, bit| sum.clone() + sum + bit.clone());
    let short = Short { number: number.settled(), scalar: challenge_scalar(&all).settled() };
    shorts.push(all);
    short
}

/// The verifier's side, as constraints.
struct Constrained<'a> {
    system: &'a System<F>,
    class: &'a Class,
    values: &'a Values,
    messages: std::slice::Iter<'a, zkimg_proof::channel::Message>,
    claims: &'a [F],
    rounds: std::slice::Iter<'a, [F; 2]>,
    /// Bits of the challenges of 192 bits, in order.
    shorts: Vec<Vec<Number<F>>>,
    points: Option<Limb>,
    second: Vec<Point<Pallas>>,
}

impl Side<Number<F>> for Constrained<'_> {
    fn lookups(&mut self, _: &Number<F>, _: &Number<F>) {}

    fn message(&mut self, _: Turn<'_, Number<F>>, used: usize) -> [Number<F>; SLOTS] {
        let values = self.messages.next().copied().unwrap_or_default();
        std::array::from_fn(|slot| if slot < used { self.system.hidden(values[slot]) } else { Number::constant(F::ZERO) })
    }

    fn mask(&mut self, _: &[Number<F>]) -> Option<Number<F>> {
        None
    }

    fn batching(&mut self, drawn: Number<F>) -> Number<F> {
        shortened(self.system, &drawn, &mut self.shorts).scalar
    }

    fn public(&mut self, numbers: Public<'_, Number<F>>) -> Vec<Number<F>> {
        let count = numbers.count(&self.class.sizes);
        (0..count).map(|i| self.system.hidden(self.claims.get(i).copied().unwrap_or(F::ZERO))).collect()
    }

    fn zero(&mut self, number: Number<F>) {
        number.require_zero();
    }
}

impl StepSide<Number<F>> for Constrained<'_> {
    fn short(&mut self, drawn: Number<F>) -> Short<Number<F>> {
        shortened(self.system, &drawn, &mut self.shorts)
    }

    fn merge_round(&mut self, _: &Number<F>, _: &[Number<F>], _: Option<&Number<F>>) -> [Number<F>; 2] {
        let values = self.rounds.next().copied().unwrap_or_default();
        values.map(|value| self.system.hidden(value))
    }

    fn merged(&mut self, _: &[Number<F>]) -> [Number<F>; 3] {
        self.values.ends.map(|value| self.system.hidden(value))
    }

    fn points(&mut self, _: &Short<Number<F>>) -> Limbs<Number<F>> {
        let after = Limb::of(self.system, &self.values.points);
        self.points = Some(after.clone());
        after.0
    }

    fn second(&mut self) -> Vec<Number<F>> {
        self.second = self.values.second.iter().map(|point| Point::hidden(self.system, *point)).collect();
        self.second.iter().flat_map(|point| [point.x.clone(), point.y.clone()]).collect()
    }
}

fn value_of(state: &State<Number<F>>) -> State<F> {
    let all = |numbers: &[Number<F>]| numbers.iter().map(Number::value).collect();
    let three = |limbs: &Limbs<Number<F>>| [0, 1, 2].map(|i| limbs[i].value());
    State {
        class: state.class.value(),
        links: state.links.value(),
        start: state.start.value(),
        history: state.history.value(),
        picture: three(&state.picture),
        point: all(&state.point),
        value: state.value.value(),
        points: three(&state.points),
        running: [0, 1].map(|i| state.running[i].value()),
        second: all(&state.second),
    }
}
