//! Points in affine coordinates, and steps that many of them take with one shared inversion.
//!
//! An addition costs 5 multiplications and a square, against 11 in projective coordinates: Montgomery's trick, in the
//! form that scales the slope's numerator on the way out so that one product gives the slope on the way back.

use crate::cycle::Curve;
use crate::parallel;
use crate::simd::{Lanes, WIDEST};
use ff::Field;
use pasta_curves::arithmetic::{Coordinates, VartimeField};

/// A point in memory, `(0, 0)` for the identity.
///
/// No point of either curve has `x = 0`.
#[derive(Clone, Copy)]
pub(super) struct Xy<L: Lanes> {
    x: L::One,
    y: L::One,
}

impl<L: Lanes> Xy<L> {
    pub(super) fn of<C: Curve<Base = L::Field>>(point: &C) -> Xy<L> {
        let finite: Option<Coordinates<C>> = point.coordinates().into();
        let [x, y] = finite.map_or([L::Field::ZERO; 2], |at| [*at.x(), *at.y()]);
        Xy { x: L::pack(&x), y: L::pack(&y) }
    }

    pub(super) fn point<C: Curve<Base = L::Field>>(&self) -> C {
        C::from_xy_unchecked(L::unpack(&self.x), L::unpack(&self.y))
    }

    pub(super) fn is_identity(&self) -> bool {
        L::is_zero(&self.x)
    }

    pub(super) fn negated(&self) -> Xy<L> {
        Xy { x: self.x, y: L::negated(&self.y) }
    }
}

/// Points to take terms from.
pub(super) struct Table<L: Lanes> {
    points: Vec<Xy<L>>,
    /// Whether one of them is the identity; it hardly ever is.
    identity: bool,
}

impl<L: Lanes> Table<L> {
    pub(super) fn new(points: Vec<Xy<L>>) -> Table<L> {
        let identity = points.iter().any(Xy::is_identity);
        Table { points, identity }
    }

    pub(super) fn of<C: Curve<Base = L::Field>>(points: &[C]) -> Table<L> {
        Table::new(parallel::map(points, Xy::of))
    }

    pub(super) fn get(&self, i: usize) -> &Xy<L> {
        &self.points[i]
    }

    /// Whether the point at `i` is the identity.
    pub(super) fn is_identity(&self, i: usize) -> bool {
        self.identity && self.points[i].is_identity()
    }
}

/// Points side by side, one in each lane.
#[derive(Clone, Copy)]
pub(super) struct Points<L: Lanes> {
    x: L::Several,
    y: L::Several,
}

impl<L: Lanes> Default for Points<L> {
    fn default() -> Points<L> {
        Points { x: L::Several::default(), y: L::Several::default() }
    }
}

impl<L: Lanes> Points<L> {
    /// All lanes, as bits.
    const ALL: u8 = u8::MAX >> (8 - L::WIDTH);

    pub(super) fn set(&mut self, lane: usize, point: &Xy<L>) {
        L::set(&mut self.x, lane, &point.x);
        L::set(&mut self.y, lane, &point.y);
    }

    pub(super) fn get(&self, lane: usize) -> Xy<L> {
        Xy { x: L::get(&self.x, lane), y: L::get(&self.y, lane) }
    }

    #[cfg(feature = "prover")]
    pub(super) fn negated(mut self) -> Points<L> {
        (0..L::WIDTH).for_each(|lane| self.set(lane, &self.get(lane).negated()));
        self
    }

    /// The curve's endomorphism, for the base field's cube root of one.
    #[cfg(feature = "prover")]
    pub(super) fn endo(&self, lanes: L, root: &L::Reduced) -> Points<L> {
        let x = lanes.run(
            #[inline(always)]
            || lanes.store(&lanes.product(&lanes.loose(&lanes.load(&self.x)), root)),
        );
        Points { x, y: self.y }
    }
}

/// Two points, to be added in the lanes whose bit is set.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) left: u32,
    pub(super) right: u32,
    pub(super) lanes: u8,
}

/// Some pair has equal `x`: its points are equal or opposite, and no slope runs through them.
#[derive(Debug)]
pub(super) struct EqualX;

/// A line through a point and another, or the same, point of the curve.
struct Line<L: Lanes> {
    x: L::Reduced,
    y: L::Reduced,
    other_x: L::Reduced,
    rise: L::Loose,
    run: L::Loose,
}

/// The memory of many steps, for use again and again.
pub(super) struct Steps<L: Lanes> {
    scaled: Vec<L::Several>,
}

impl<L: Lanes> Default for Steps<L> {
    fn default() -> Steps<L> {
        Steps { scaled: Vec::new() }
    }
}

impl<L: Lanes> Steps<L> {
    /// `points[left] += points[right]` for every pair; a position stands in one pair only. No point in a lane that counts may
    /// be the identity, and no sum is.
    ///
    /// Changes nothing if it fails.
    pub(super) fn add_pairs(&mut self, lanes: L, points: &mut [Points<L>], pairs: &[Pair]) -> Result<(), EqualX> {
        lanes.run(
            #[inline(always)]
            || {
                let one = lanes.loose(&lanes.splat(&L::Field::ONE));
                self.step(
                    lanes,
                    points,
                    pairs.len(),
                    #[inline(always)]
                    |points, i| {
                        let Pair { left, right, lanes: bits } = pairs[i];
                        let mut line = chord(lanes, &points[left as usize], &points[right as usize]);
                        if bits != Points::<L>::ALL {
                            // What lies in the other lanes must not look like equal points, and send all to the slow way.
                            line.run = lanes.select(bits, &line.run, &one);
                        }
                        (left as usize, bits, line)
                    },
                )
            },
        )
    }

    /// `points[i] ± others[i]`, in place; none may be the identity, and no sum is.
    #[cfg(feature = "prover")]
    pub(super) fn add(&mut self, lanes: L, points: &mut [Points<L>], others: &[Points<L>], minus: bool) -> Result<(), EqualX> {
        lanes.run(
            #[inline(always)]
            || {
                let zero = lanes.splat(&L::Field::ZERO);
                self.step(
                    lanes,
                    points,
                    others.len(),
                    #[inline(always)]
                    |points, i| {
                        let mut line = chord(lanes, &points[i], &others[i]);
                        if minus {
                            line.rise = lanes.difference_of_both(&zero, &lanes.load(&others[i].y), &line.y);
                        }
                        (i, Points::<L>::ALL, line)
                    },
                )
            },
        )
    }

    /// `2·points[i]`, in place; none may be the identity.
    #[cfg(feature = "prover")]
    pub(super) fn double(&mut self, lanes: L, points: &mut [Points<L>]) -> Result<(), EqualX> {
        lanes.run(
            #[inline(always)]
            || {
                self.step(
                    lanes,
                    points,
                    points.len(),
                    #[inline(always)]
                    |points, i| {
                        let [x, y] = [lanes.load(&points[i].x), lanes.load(&points[i].y)];
                        let (rise, run) = (lanes.triple(&lanes.square(&x)), lanes.double(&y));
                        (i, Points::<L>::ALL, Line { x, y, other_x: x, rise, run })
                    },
                )
            },
        )
    }

    /// Puts the third point of each of `count` lines, mirrored, where `line` says, in the lanes it says.
    #[inline(always)]
    fn step(
        &mut self,
        lanes: L,
        points: &mut [Points<L>],
        count: usize,
        line: impl Fn(&[Points<L>], usize) -> (usize, u8, Line<L>),
    ) -> Result<(), EqualX> {
        self.scaled.resize(count, L::Several::default());
        let mut product = lanes.splat(&L::Field::ONE);
        for (i, scaled) in self.scaled.iter_mut().enumerate() {
            let (_, _, Line { rise, run, .. }) = line(points, i);
            *scaled = lanes.store(&lanes.product(&rise, &product));
            product = lanes.product(&run, &product);
        }
        let mut inverse = lanes.load(&inverses::<L>(&lanes.store(&product))?);
        for (i, scaled) in self.scaled.iter().enumerate().rev() {
            let (at, bits, Line { x, y, other_x, run, .. }) = line(points, i);
            let slope = lanes.product(&lanes.loose(&lanes.load(scaled)), &inverse);
            inverse = lanes.product(&run, &inverse);
            let third = lanes.reduced(&lanes.difference_of_both(&lanes.square(&slope), &x, &other_x));
            let fall = lanes.product(&lanes.difference(&x, &third), &slope);
            let sum = Points { x: lanes.store(&third), y: lanes.store(&lanes.reduced(&lanes.difference(&fall, &y))) };
            let old = std::mem::replace(&mut points[at], sum);
            if bits != Points::<L>::ALL {
                (0..L::WIDTH).filter(|lane| bits >> lane & 1 == 0).for_each(|lane| points[at].set(lane, &old.get(lane)));
            }
        }
        Ok(())
    }
}

/// The line through two points that are not equal.
#[inline(always)]
fn chord<L: Lanes>(lanes: L, p: &Points<L>, q: &Points<L>) -> Line<L> {
    let [x, y] = [lanes.load(&p.x), lanes.load(&p.y)];
    let other_x = lanes.load(&q.x);
    let rise = lanes.difference(&lanes.load(&q.y), &y);
    Line { x, y, other_x, rise, run: lanes.difference(&other_x, &x) }
}

/// The inverse in each lane, by one inversion.
fn inverses<L: Lanes>(several: &L::Several) -> Result<L::Several, EqualX> {
    let mut elements = [L::Field::ONE; WIDEST];
    elements.iter_mut().enumerate().take(L::WIDTH).for_each(|(lane, element)| *element = L::unpack(&L::get(several, lane)));
    let product: L::Field = elements.iter().product();
    let mut above = product.invert_vartime().ok_or(EqualX)?;
    let mut inverses = L::Several::default();
    for lane in (0..L::WIDTH).rev() {
        let below: L::Field = elements[..lane].iter().product();
        L::set(&mut inverses, lane, &L::pack(&(above * below)));
        above *= elements[lane];
    }
    Ok(inverses)
}
