//! Points of a curve over the constraint system's field, and their products with short challenges.
//!
//! Additions are incomplete, so each shows that its denominator is not zero: of two points with one abscissa a slope could be anything,
//! and so could the sum.

use super::bits::weighted;
use crate::r1cs::{Number, System};
use ff::{Field, PrimeFieldBits, WithSmallOrderMulGroup};
use pasta_curves::arithmetic::{Coordinates, CurveAffine};
use std::fmt;
use zkimg_group::cycle::{Curve, PastaField};
use zkimg_proof::channel::Scalar;

/// Digits of two bits in a challenge that multiplies points.
pub const DIGITS: usize = 96;

/// A challenge of 192 bits, in digits of two: as a scalar, `a·ζ + b` by Halo's recoding (Bowe, Grigg, Hopwood 2019, eprint 2019/1021,
/// algorithm 1), with `2^96 < a, b < 2^98`. Two challenges are two scalars: `a` and `b` are far below the lattice of `ζ`, whose shortest
/// vector has 127 bits.
pub struct Challenge<C: Curve> {
    bits: Vec<Number<C::Base>>,
}

impl<C: Curve> fmt::Debug for Challenge<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenge").finish_non_exhaustive()
    }
}

impl<C: Curve<Base: PrimeFieldBits>> Challenge<C> {
    /// Of bits, the lowest first, as many as there are in a challenge.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn of_bits(bits: &[Number<C::Base>]) -> Challenge<C> {
        assert_eq!(bits.len(), 2 * DIGITS, "bits of a challenge");
        Challenge { bits: bits.to_vec() }
    }

    /// Of a number below `2^192`.
    pub fn of(system: &System<C::Base>, number: &Number<C::Base>) -> Challenge<C> {
        Challenge { bits: super::bits(system, number, 2 * DIGITS) }
    }

    /// The number.
    pub fn number(&self) -> Number<C::Base> {
        weighted(&self.bits)
    }

    /// The scalar by which a number of these little-endian words multiplies.
    pub fn scalar(words: [u64; 3]) -> C::ScalarExt {
        let bit = |i: usize| words[i / 64] >> (i % 64) & 1 == 1;
        let (mut a, mut b) = (C::ScalarExt::from(2), C::ScalarExt::from(2));
        for digit in (0..DIGITS).rev() {
            (a, b) = (a.double(), b.double());
            let turned = if bit(2 * digit + 1) { &mut a } else { &mut b };
            *turned += if bit(2 * digit) { C::ScalarExt::ONE } else { -C::ScalarExt::ONE };
        }
        a * C::ScalarExt::ZETA + b
    }
}

/// A point of the curve that is not the identity.
pub struct Point<C: Curve> {
    /// Its coordinates.
    pub x: Number<C::Base>,
    /// Its coordinates.
    pub y: Number<C::Base>,
}

impl<C: Curve> Clone for Point<C> {
    fn clone(&self) -> Point<C> {
        Point { x: self.x.clone(), y: self.y.clone() }
    }
}

impl<C: Curve> fmt::Debug for Point<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Point").finish_non_exhaustive()
    }
}

fn number<C: Curve>(value: u64) -> Number<C::Base> {
    Number::constant(C::Base::from(value))
}

/// A quotient; nothing is said of it yet.
fn quotient<C: Curve>(system: &System<C::Base>, of: &Number<C::Base>, by: &Number<C::Base>) -> Number<C::Base> {
    system.hidden(of.value() * by.value().invert().unwrap_or(C::Base::ZERO))
}

/// The slope `of/by`, of which `by` is shown not to be zero.
fn slope<C: Curve>(system: &System<C::Base>, of: &Number<C::Base>, by: &Number<C::Base>) -> Number<C::Base> {
    let one = number::<C>(1);
    let inverse = quotient::<C>(system, &one, by);
    system.require(by, &inverse, &one);
    let slope = quotient::<C>(system, of, by);
    system.require(&slope, by, of);
    slope
}

/// The third abscissa on a line of this slope through two others: a number of its own, so that sums do not grow.
fn abscissa<C: Curve>(
    system: &System<C::Base>,
    slope: &Number<C::Base>,
    one: &Number<C::Base>,
    other: &Number<C::Base>,
) -> Number<C::Base> {
    let x = system.hidden(slope.value().square() - one.value() - other.value());
    system.require(slope, slope, &(x.clone() + one.clone() + other.clone()));
    x
}

impl<C: Curve> Point<C> {
    /// A hidden point: that it is on the curve. The identity has no coordinates here, since `(0, 0)` is not on it.
    pub fn hidden(system: &System<C::Base>, point: C) -> Point<C> {
        let (x, y) = coordinates(&point);
        let point = Point { x: system.hidden(x), y: system.hidden(y) };
        let square = point.x.clone() * point.x.clone();
        let cube = square * point.x.clone();
        system.require(&point.y, &point.y, &(cube + Number::constant(C::b())));
        point
    }

    /// The value, in a system of values.
    pub fn value(&self) -> C {
        C::from_xy_unchecked(self.x.value(), self.y.value())
    }

    /// The sum of two points with different abscissas.
    pub fn plus(&self, system: &System<C::Base>, other: &Point<C>) -> Point<C> {
        let slope = slope::<C>(system, &(other.y.clone() - self.y.clone()), &(other.x.clone() - self.x.clone()));
        self.third(system, &slope, &other.x)
    }

    /// On the line of this slope through this point and one with abscissa `other`: the third point, negated.
    fn third(&self, system: &System<C::Base>, slope: &Number<C::Base>, other: &Number<C::Base>) -> Point<C> {
        let x = abscissa::<C>(system, slope, &self.x, other);
        let across = self.x.clone() - x.clone();
        let y = system.hidden(slope.value() * across.value() - self.y.value());
        system.require(slope, &across, &(y.clone() + self.y.clone()));
        Point { x, y }
    }

    /// The product with a challenge.
    ///
    /// An accumulator starts as `2·(φT + T)`, and a digit makes it `(A + S) + A`, `S` one of `±T`, `±φT`. No denominator can be zero,
    /// so none is shown: the accumulator is `(a·ζ + b)·T` with `1 < a, b < 2^98`, and neither `A = ±S` nor `2·A = −S` holds for such
    /// `a` and `b`, because `ζ` has no such short relation and `T`, not the identity, has the curve's prime order.
    pub fn times(&self, system: &System<C::Base>, challenge: &Challenge<C>) -> Point<C> {
        let zeta = C::Base::ZETA;
        // φT + T = (ζ²·x, −y): the third point of the line y.
        let start = Point { x: self.x.clone() * Number::constant(zeta.square()), y: -self.y.clone() };
        let mut sum: Point<C> = start.doubled(system);
        let turning = zeta - C::Base::ONE;
        for digit in (0..DIGITS).rev() {
            let (sign, turn) = (&challenge.bits[2 * digit], &challenge.bits[2 * digit + 1]);
            let x = self.x.clone() * (number::<C>(1) + turn.clone() * Number::constant(turning));
            let y = self.y.clone() * (sign.clone() + sign.clone() - number::<C>(1));
            sum = sum.twice_plus(system, &x, &y);
        }
        sum
    }

    /// The product with `2·c + 2^192 + 1`, an odd integer, for `c` below `2^192` by its bits: a multiple that the other field can
    /// compute too, without `ζ`.
    ///
    /// The accumulator starts as `2·T` and a bit makes it `(A + S) + A`, `S = ±T`: it is a multiple of `T` by more than 1 and less than
    /// `2^194`, so no denominator is zero.
    pub fn times_odd(&self, system: &System<C::Base>, bits: &[Number<C::Base>]) -> Point<C> {
        let mut sum = self.doubled(system);
        for bit in bits.iter().rev() {
            let y = self.y.clone() * (bit.clone() + bit.clone() - number::<C>(1));
            sum = sum.twice_plus(system, &self.x, &y);
        }
        sum
    }

    /// The integer by which [`Point::times_odd`] multiplies, as a scalar.
    pub fn odd_scalar(words: [u64; 3]) -> C::ScalarExt {
        let [a, b, c] = words;
        let number = C::ScalarExt::from_words([a, b, c, 0]);
        number.double() + C::ScalarExt::from_words([1, 0, 0, 1])
    }

    /// `(A + S) + A`, for `S` by its coordinates. No denominator may be zero.
    fn twice_plus(&self, system: &System<C::Base>, x: &Number<C::Base>, y: &Number<C::Base>) -> Point<C> {
        let (across, up) = (self.x.clone() - x.clone(), self.y.clone() - y.clone());
        let first = quotient::<C>(system, &up, &across);
        system.require(&first, &across, &up);
        let middle = abscissa::<C>(system, &first, &self.x, x);
        let (across, up) = (self.x.clone() - middle.clone(), self.y.clone() + self.y.clone());
        let both = quotient::<C>(system, &up, &across);
        system.require(&both, &across, &up);
        self.third(system, &(both - first), &middle)
    }

    /// Twice the point: `y` is not zero, since no point has order two.
    fn doubled(&self, system: &System<C::Base>) -> Point<C> {
        let up = self.x.clone() * self.x.clone() * number::<C>(3);
        let across = self.y.clone() + self.y.clone();
        let slope = quotient::<C>(system, &up, &across);
        system.require(&slope, &across, &up);
        self.third(system, &slope, &self.x)
    }
}

/// The coordinates, zeros of the identity.
pub(crate) fn coordinates<C: Curve>(point: &C) -> (C::Base, C::Base) {
    if bool::from(point.is_identity()) {
        return (C::Base::ZERO, C::Base::ZERO);
    }
    let at: Option<Coordinates<C>> = CurveAffine::coordinates(point).into();
    at.map_or((C::Base::ZERO, C::Base::ZERO), |at| (*at.x(), *at.y()))
}

/// The scalar that a [`Challenge`] over the other curve multiplies by, from its bits: what points are multiplied by in one circuit is a
/// number in the other.
pub fn challenge_scalar<P: PastaField>(bits: &[Number<P>]) -> Number<P> {
    let constant = |value: P| Number::<P>::constant(value);
    let (pairs, _) = bits.as_chunks::<2>();
    pairs.iter().rev().fold(constant(P::ZETA.double() + P::from(2)), |sum, [sign, turn]| {
        let turned = constant(P::ONE) + turn.clone() * constant(P::ZETA - P::ONE);
        sum.clone() + sum + (sign.clone() + sign.clone() - constant(P::ONE)) * turned
    })
}
