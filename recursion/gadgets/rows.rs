//! The rows of tensors, hashed and combined as an opening combines them.

use super::points::{Challenge, Point};
use crate::poseidon::{Hashed, hash};
use crate::r1cs::{Number, System};
use ff::{PrimeField, PrimeFieldBits};
use zkimg_group::cycle::Curve;
use zkimg_proof::channel::Scalar;

/// A tensor's rows: each with its index, in order.
#[derive(Debug)]
pub struct Rows<C: Curve>(Vec<(usize, Point<C>)>);

impl<C: Curve<Base: Hashed + PrimeFieldBits>> Rows<C> {
    /// Hidden rows at these indices.
    pub fn hidden(system: &System<C::Base>, indices: &[usize], rows: &[C]) -> Rows<C> {
        assert_eq!(indices.len(), rows.len(), "an index a row");
        Rows(indices.iter().zip(rows).map(|(index, row)| (*index, Point::hidden(system, *row))).collect())
    }

    /// The hash of their coordinates, whole, of which [`crate::digest::rows_digest`] keeps the lowest bits.
    pub fn hash(&self) -> Number<C::Base> {
        let domain = C::Base::from_u128(crate::digest::DOMAIN + self.0.len() as u128);
        hash(Number::constant(domain), self.0.iter().flat_map(|(_, row)| [row.x.clone(), row.y.clone()]))
    }

    /// `Σ_i eq(challenges, i)·R_i`, bit 0 of an index first; where there is no row it counts as the identity. `None` if there is none at all.
    ///
    /// # Panics
    /// If an index has more bits than there are challenges.
    pub fn folded(&self, system: &System<C::Base>, challenges: &[Challenge<C>]) -> Option<Point<C>> {
        let mut rows: Vec<(usize, Point<C>)> = self.0.clone();
        for challenge in challenges {
            let mut half: Vec<(usize, Point<C>)> = Vec::with_capacity(rows.len().div_ceil(2));
            let mut left = rows.into_iter().peekable();
            while let Some((index, row)) = left.next() {
                let folded = if index % 2 == 1 {
                    row.times(system, challenge)
                } else if let Some((_, high)) = left.next_if(|(next, _)| *next == index + 1) {
                    Point::interpolated(system, &row, &high, challenge)
                } else {
                    row.minus(system, &row.times(system, challenge))
                };
                half.push((index / 2, folded));
            }
            rows = half;
        }
        assert!(rows.iter().all(|(index, _)| *index == 0), "a challenge a bit");
        rows.into_iter().next().map(|(_, row)| row)
    }
}

/// `Σ_t δ^t·P_t`.
pub fn combined<C: Curve<Base: PrimeFieldBits>>(system: &System<C::Base>, points: &[Point<C>], delta: &Challenge<C>) -> Option<Point<C>> {
    let (last, others) = points.split_last()?;
    Some(others.iter().rev().fold(last.clone(), |sum, point| point.plus(system, &sum.times(system, delta))))
}

impl<C: Curve> Clone for Rows<C> {
    fn clone(&self) -> Rows<C> {
        Rows(self.0.clone())
    }
}
