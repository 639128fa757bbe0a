//! Sums over a few points that never change: Pedersen commitments.

use super::glv::Signed;
use super::{signed_digit, to_affine};
use crate::cycle::{Curve, Vesta};
use group::Group;

/// Bits of a window: 32 multiples for each of 43 windows, 176 kB a point.
const WIDTH: usize = 6;
const WINDOWS: usize = 255 / WIDTH + 1;
const MULTIPLES: usize = 1 << (WIDTH - 1);

/// Multiples of a few points, so that a sum takes additions only.
#[derive(Debug)]
pub struct FixedBase<C = Vesta> {
    /// `(j + 1)·2^(WIDTH·w)·P` at `j + MULTIPLES·(w + WINDOWS·p)`.
    multiples: Vec<C>,
}

impl<C: Curve> FixedBase<C> {
    /// Makes the table: about half a millisecond a point.
    pub fn new(points: &[C]) -> FixedBase<C> {
        let mut multiples = Vec::with_capacity(points.len() * WINDOWS * MULTIPLES);
        for point in points {
            let mut base = point.to_curve();
            for _ in 0..WINDOWS {
                let mut multiple = base;
                for _ in 1..MULTIPLES {
                    multiples.push(multiple);
                    multiple += base;
                }
                multiples.push(multiple);
                base = multiple.double();
            }
        }
        FixedBase { multiples: to_affine(&multiples) }
    }

    /// `Σ scalars[i]·points[i]`, for as many scalars as there are points or fewer. Time depends on the scalars: zeros are free.
    pub fn sum(&self, scalars: &[C::ScalarExt]) -> C::CurveExt {
        let tables = self.multiples.chunks_exact(WINDOWS * MULTIPLES);
        assert!(scalars.len() <= tables.len(), "a sum needs one point a scalar");
        let mut sum = C::CurveExt::identity();
        for (scalar, table) in scalars.iter().zip(tables) {
            let scalar = Signed::canonical(scalar);
            for (window, multiples) in table.chunks_exact(MULTIPLES).enumerate() {
                match signed_digit(&scalar, WIDTH, window) {
                    0 => {}
                    digit if digit > 0 => sum += multiples[digit as usize - 1],
                    digit => sum -= multiples[digit.unsigned_abs() as usize - 1],
                }
            }
        }
        sum
    }
}
