//! The circuit over `Fq`: rows hashed and combined, commitments folded.
//!
//! With `R_j` the rows that a link opens, input first, then output, then the rest, `w_j` what each counts ([`row_weights`]), `D` the mask of the pictures' vector, `(W, E)` the
//! commitments of the chain's running instance and `C` that of its pictures, `W_u` those of the last step's instance, `(W_r, E_r)` those of
//! a uniform one, and `T`, `T_r` the cross terms:
//!
//! ```text
//! C' = C + σ·(Σ_j w_j·R_j + σ·D)
//! W' = W + r·W_u + s·W_r          E' = E + r·T + s·(T_r + s·E_r)
//! ```
//!
//! In a chain's first step there is no last step's instance: then `r` counts as zero.

use crate::gadgets::{Challenge, Point, coordinates};
use crate::poseidon::{Hashed, hash};
use crate::r1cs::{Number, Shape, System};
use ff::{PrimeField, PrimeFieldBits};
use zkimg_group::cycle::Curve;
use zkimg_proof::channel::Scalar;

/// Domains of the digests, above the number of points.
const DOMAINS: u128 = 1 << 64;

/// How many points of each kind a step has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slots {
    /// Rows of an instance's witness, and of its error.
    pub instance: usize,
    /// Rows of a picture: of the input, and of the output.
    pub picture: usize,
    /// Rows of the other tensors.
    pub others: usize,
}

/// The points of a step.
#[derive(Clone, Debug)]
pub struct Points<C> {
    /// The running instance: witness, error, and the pictures' commitment.
    pub running: Running<C>,
    /// The last step's instance.
    pub fresh: Vec<C>,
    /// The cross term of both.
    pub cross: Vec<C>,
    /// A uniform instance's witness and error.
    pub mask: [Vec<C>; 2],
    /// The cross term with that.
    pub mask_cross: Vec<C>,
    /// Rows of the input, the output, and the other tensors.
    pub rows: [Vec<C>; 3],
    /// The commitment to the mask of the pictures' vector.
    pub vector_mask: C,
}

/// The commitments that a chain hands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running<C> {
    /// Rows of the witness.
    pub witness: Vec<C>,
    /// Rows of the error.
    pub error: Vec<C>,
    /// The pictures' vector.
    pub pictures: C,
}

/// Challenges that multiply points, as integers of 192 bits in little-endian words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Folds the last step's instance.
    pub fold: [u64; 3],
    /// Folds the uniform instance.
    pub mask: [u64; 3],
    /// Batches the rows of a group.
    pub rows: [u64; 3],
    /// Batches the groups.
    pub groups: [u64; 3],
    /// Adds what is opened to what was opened before.
    pub pictures: [u64; 3],
}

/// How many values both circuits of a step know, the public inputs of this one: in order, whether it is the first, the challenges but that of groups,
/// the digests of what was given, that of what came out, and the challenge that batches groups.
pub const CROSSING: usize = 1 + 4 + 9 + 1 + 1;

/// Rows of a group. Powers of one challenge of 192 bits err by their number, so that a step with thousands of rows would leave too few bits.
pub const GROUP: usize = 64;

/// What each of a step's rows counts: `ω^i·υ^k` for row `i` of group `k`.
pub fn row_weights<S: Clone + std::ops::Mul<Output = S>>(one: S, omega: &S, upsilon: &S, count: usize) -> Vec<S> {
    let powers = |by: &S, count: usize| -> Vec<S> {
        let by = by.clone();
        std::iter::successors(Some(one.clone()), move |power| Some(power.clone() * by.clone())).take(count).collect()
    };
    let (rows, groups) = (powers(omega, GROUP.min(count)), powers(upsilon, count.div_ceil(GROUP)));
    groups.iter().flat_map(|group| rows.iter().map(|row| row.clone() * group.clone())).take(count).collect()
}

/// A point, or another one.
fn chosen<C: Curve>(first: &Number<C::Base>, yes: &Point<C>, no: &Point<C>) -> Point<C> {
    let pick = |a: &Number<C::Base>, b: &Number<C::Base>| b.clone() + first.clone() * (a.clone() - b.clone());
    Point { x: pick(&yes.x, &no.x), y: pick(&yes.y, &no.y) }
}

/// The digest of a running instance's commitments, in the clear.
pub fn running_digest<C: Curve<Base: Hashed>>(running: &Running<C>) -> C::Base {
    digest_of(1, running.witness.iter().chain(&running.error).chain([&running.pictures]))
}

/// Of points that cross, by which value of the list they are: 6 a fresh witness, 7 a cross term, 8 a mask, 9 its cross term, 10 and 11 a
/// picture's rows, 12 the other rows, 13 the mask of the pictures' vector.
pub fn crossing_digest<'a, C: Curve<Base: Hashed>>(value: usize, points: impl IntoIterator<Item = &'a C>) -> C::Base {
    digest_of(DOMAIN_OF[value], points)
}

/// The domain of each digest, by its place among what crosses.
const DOMAIN_OF: [u128; CROSSING] = [0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 1, 0];

fn digest_of<'a, C: Curve<Base: Hashed>>(domain: u128, points: impl IntoIterator<Item = &'a C>) -> C::Base {
    let all: Vec<C::Base> = points.into_iter().map(coordinates).flat_map(|(x, y)| [x, y]).collect();
    hash(C::Base::from_u128(domain * DOMAINS + all.len() as u128 / 2), all)
}

fn digest<'a, C: Curve<Base: Hashed>>(domain: u128, points: impl IntoIterator<Item = &'a Point<C>>) -> Number<C::Base> {
    let coordinates: Vec<Number<C::Base>> = points.into_iter().flat_map(|point| [point.x.clone(), point.y.clone()]).collect();
    hash(Number::constant(C::Base::from_u128(domain * DOMAINS + coordinates.len() as u128 / 2)), coordinates)
}

/// States a step's work on points, and gives what crosses and what is handed on.
///
/// # Panics
/// If there are not as many points as slots.
pub fn state<C: Curve<Base: Hashed + PrimeFieldBits>>(
    system: &System<C::Base>,
    slots: &Slots,
    points: &Points<C>,
    drawn: &Drawn,
    first: bool,
) -> (Vec<Number<C::Base>>, Running<C>) {
    let hidden = |points: &[C], count: usize| -> Vec<Point<C>> {
        assert_eq!(points.len(), count, "a point a slot");
        points.iter().map(|point| Point::hidden(system, *point)).collect()
    };
    let first = system.hidden(C::Base::from(u64::from(first)));
    system.require(&first, &first, &first);
    let challenge = |[a, b, c]: [u64; 3]| {
        let number = system.hidden(from_words([a, b, c]));
        (Challenge::<C>::of(system, &number), number)
    };
    let [(fold, fold_number), (mask, mask_number), (omega, omega_number), (sigma, sigma_number), (upsilon, upsilon_number)] =
        [drawn.fold, drawn.mask, drawn.rows, drawn.pictures, drawn.groups].map(challenge);

    let witness = hidden(&points.running.witness, slots.instance);
    let error = hidden(&points.running.error, slots.instance);
    let pictures = Point::hidden(system, points.running.pictures);
    let fresh = hidden(&points.fresh, slots.instance);
    let cross = hidden(&points.cross, slots.instance);
    let [mask_witness, mask_error] = [0, 1].map(|i| hidden(&points.mask[i], slots.instance));
    let mask_cross = hidden(&points.mask_cross, slots.instance);
    let counts = [slots.picture, slots.picture, slots.others];
    let rows: Vec<Vec<Point<C>>> = points.rows.iter().zip(counts).map(|(rows, count)| hidden(rows, count)).collect();
    let vector_mask = Point::hidden(system, points.vector_mask);

    let running = |witness: &[Point<C>], error: &[Point<C>], pictures: &Point<C>| digest(1, witness.iter().chain(error).chain([pictures]));
    let mut crossing = vec![first.clone(), fold_number, mask_number, omega_number, sigma_number];
    crossing.push(running(&witness, &error, &pictures));
    crossing.push(digest(2, &fresh));
    crossing.push(digest(3, &cross));
    crossing.push(digest(4, mask_witness.iter().chain(&mask_error)));
    crossing.push(digest(5, &mask_cross));
    crossing.extend(rows.iter().zip([6, 6, 7]).map(|(rows, domain)| digest(domain, rows)));
    crossing.push(digest(8, [&vector_mask]));

    // Σ_j w_j·R_j: in each group from the last row, then from the last group.
    let all: Vec<&Point<C>> = rows.iter().flatten().collect();
    let horner = |points: Vec<Point<C>>, by: &Challenge<C>| -> Point<C> {
        points.into_iter().rev().reduce(|sum, point| point.plus(system, &sum.times(system, by))).expect("rows")
    };
    let groups = all.chunks(GROUP).map(|group| horner(group.iter().map(|row| (*row).clone()).collect(), &omega)).collect();
    let opened = horner(groups, &upsilon);
    let masked = opened.plus(system, &vector_mask.times(system, &sigma));
    let pictures = pictures.plus(system, &masked.times(system, &sigma));
    let folded = |own: &[Point<C>], other: &[Point<C>]| -> Vec<Point<C>> {
        let both = own.iter().zip(other);
        both.map(|(own, other)| chosen(&first, own, &own.plus(system, &other.times(system, &fold)))).collect()
    };
    let (witness, error) = (folded(&witness, &fresh), folded(&error, &cross));
    let add = |own: &[Point<C>], other: Vec<Point<C>>| -> Vec<Point<C>> {
        own.iter().zip(other).map(|(own, other)| own.plus(system, &other.times(system, &mask))).collect()
    };
    let witness = add(&witness, mask_witness);
    let inner = mask_cross.iter().zip(&mask_error).map(|(cross, error)| cross.plus(system, &error.times(system, &mask))).collect();
    let error = add(&error, inner);
    crossing.push(running(&witness, &error, &pictures));
    crossing.push(upsilon_number);

    let values = |points: &[Point<C>]| points.iter().map(Point::value).collect();
    let running = Running { witness: values(&witness), error: values(&error), pictures: pictures.value() };
    (crossing, running)
}

/// Makes what crosses the public inputs, in order.
pub fn tell<P: zkimg_group::cycle::PastaField>(system: &System<P>, crossing: &[Number<P>]) {
    for number in crossing {
        let told = system.public(number.value());
        (number.clone() - told).require_zero();
    }
}

fn from_words<P: zkimg_group::cycle::PastaField>([a, b, c]: [u64; 3]) -> P {
    P::from_words([a, b, c, 0])
}

/// The constraints of every step with these slots.
pub fn shape<C: Curve<Base: Hashed + PrimeFieldBits>>(slots: &Slots) -> Shape<C::Base> {
    let system = System::of_shape();
    let some = |count: usize| vec![C::generator(); count];
    let points = Points {
        running: Running { witness: some(slots.instance), error: some(slots.instance), pictures: C::generator() },
        fresh: some(slots.instance),
        cross: some(slots.instance),
        mask: [some(slots.instance), some(slots.instance)],
        mask_cross: some(slots.instance),
        rows: [some(slots.picture), some(slots.picture), some(slots.others)],
        vector_mask: C::generator(),
    };
    let drawn = Drawn { fold: [0; 3], mask: [0; 3], rows: [0; 3], groups: [0; 3], pictures: [0; 3] };
    let (crossing, _) = state(&system, slots, &points, &drawn, false);
    tell(&system, &crossing);
    system.shape()
}
