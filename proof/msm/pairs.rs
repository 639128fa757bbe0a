//! Affine additions of many pairs of points with one shared inversion.
//!
//! A pair costs 5 multiplications and a square, against 11 in projective coordinates: Montgomery's trick, in the
//! form that scales the slope's numerator on the way out so that one product gives the slope on the way back.

use crate::field::Affine;
use ff::Field;
use pasta_curves::Fq;
use pasta_curves::arithmetic::{Coordinates, CurveAffine, VartimeField};

/// The coordinates of a Vesta point, `(0, 0)` for the identity.
///
/// No point of the curve has `x = 0`: 5 is not a square in the base field.
#[derive(Clone, Copy, Default)]
pub(super) struct Xy {
    x: Fq,
    y: Fq,
}

impl Xy {
    pub(super) fn is_identity(&self) -> bool {
        self.x.is_zero_vartime()
    }

    pub(super) fn negate(&self) -> Xy {
        Xy { x: self.x, y: -self.y }
    }

    /// The curve's endomorphism, for a cube root of one.
    #[cfg(feature = "prover")]
    pub(super) fn turned(&self, root: Fq) -> Xy {
        Xy { x: self.x * root, y: self.y }
    }
}

impl From<&Affine> for Xy {
    fn from(point: &Affine) -> Xy {
        let finite: Option<Coordinates<Affine>> = point.coordinates().into();
        finite.map_or(Xy::default(), |at| Xy { x: *at.x(), y: *at.y() })
    }
}

impl From<Xy> for Affine {
    fn from(at: Xy) -> Affine {
        Affine::from_xy_unchecked(at.x, at.y)
    }
}

/// Some pair has equal `x`: its points are equal or opposite, and no slope runs through them.
#[derive(Debug)]
pub(super) struct EqualX;

/// A list of pairs to add, and the memory to do it in.
#[derive(Default)]
pub(super) struct Pairs {
    list: Vec<[u32; 2]>,
    scaled: Vec<Fq>,
}

impl Pairs {
    pub(super) fn clear(&mut self) {
        self.list.clear();
    }

    /// Adds the point at `right` to the one at `left`; a position stands in one pair only.
    pub(super) fn push(&mut self, left: usize, right: usize) {
        self.list.push([left as u32, right as u32]);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// `points[left] += points[right]` for every pair. None of the points may be the identity, and no sum is.
    ///
    /// Changes nothing if it fails.
    pub(super) fn add(&mut self, points: &mut [Xy]) -> Result<(), EqualX> {
        self.scaled.resize(self.list.len(), Fq::ZERO);
        let mut product = Fq::ONE;
        for (pair, scaled) in self.list.iter().zip(&mut self.scaled) {
            let [p, q] = pair.map(|at| &points[at as usize]);
            *scaled = (q.y - p.y) * product;
            product *= q.x - p.x;
        }
        let mut inverse = product.invert_vartime().ok_or(EqualX)?;
        for (pair, scaled) in self.list.iter().zip(&self.scaled).rev() {
            let [left, right] = pair.map(|at| at as usize);
            let (p, q) = (&points[left], &points[right]);
            let slope = inverse * scaled;
            inverse *= q.x - p.x;
            let x = Field::square(&slope) - (p.x + q.x);
            let y = slope * (p.x - x) - p.y;
            points[left] = Xy { x, y };
        }
        Ok(())
    }
}

/// Many points that each take the same step, and the memory to do it in.
#[cfg(feature = "prover")]
#[derive(Default)]
pub(super) struct Batch {
    products: Vec<Fq>,
}

#[cfg(feature = "prover")]
impl Batch {
    /// `points[i] ± others[i]`, in place; none may be the identity, and no sum is.
    pub(super) fn add(&mut self, points: &mut [Xy], others: &[Xy], minus: bool) -> Result<(), EqualX> {
        let sign = |y: Fq| if minus { -y } else { y };
        self.step(
            points,
            |i, p| sign(others[i].y) - p.y,
            |i, p| others[i].x - p.x,
            |i, p, square| square - (p.x + others[i].x),
        )
    }

    /// `2·points[i]`, in place; none may be the identity.
    pub(super) fn double(&mut self, points: &mut [Xy]) -> Result<(), EqualX> {
        self.step(
            points,
            |_, p| {
                let square = Field::square(&p.x);
                square.double() + square
            },
            |_, p| p.y.double(),
            |_, p, square| square - p.x.double(),
        )
    }

    /// A step along the slope `rise/run`; `x` gives the third point's from the slope's square.
    fn step(
        &mut self,
        points: &mut [Xy],
        rise: impl Fn(usize, &Xy) -> Fq,
        run: impl Fn(usize, &Xy) -> Fq,
        x: impl Fn(usize, &Xy, Fq) -> Fq,
    ) -> Result<(), EqualX> {
        self.products.resize(points.len(), Fq::ZERO);
        let mut product = Fq::ONE;
        for ((i, p), scaled) in points.iter().enumerate().zip(&mut self.products) {
            *scaled = rise(i, p) * product;
            product *= run(i, p);
        }
        let mut inverse = product.invert_vartime().ok_or(EqualX)?;
        for ((i, p), scaled) in points.iter_mut().enumerate().zip(&self.products).rev() {
            let slope = inverse * scaled;
            inverse *= run(i, p);
            let x = x(i, p, Field::square(&slope));
            *p = Xy { x, y: slope * (p.x - x) - p.y };
        }
        Ok(())
    }
}
