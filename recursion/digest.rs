//! What stands for rows of points in a link's transcript.

use crate::poseidon::hash;
use ff::{Field, PrimeField};
use group::CurveAffine as _;
use pasta_curves::Fq;
use pasta_curves::arithmetic::CurveAffine as _;
use zkimg_group::field::{Affine, F};

/// Bits of a digest: every one is an element of both fields.
const BITS: usize = 250;
/// Domain of digests of rows, above their number.
const DOMAIN: u128 = 1 << 64;

/// Hashes the coordinates of points over their field, and keeps the lowest 250 bits.
///
/// The identity, which has no coordinates, counts as `(0, 0)`: no other point has.
pub fn rows_digest(points: &[Affine]) -> F {
    let coordinates = |point: &Affine| -> [Fq; 2] {
        if bool::from(point.is_identity()) {
            return [Fq::ZERO; 2];
        }
        Option::from(point.coordinates()).map_or([Fq::ZERO; 2], |at: pasta_curves::arithmetic::Coordinates<Affine>| [*at.x(), *at.y()])
    };
    let digest: Fq = hash(Fq::from_u128(DOMAIN + points.len() as u128), points.iter().flat_map(coordinates));
    let mut bytes = digest.to_repr();
    bytes[31] &= (1 << (BITS % 8)) - 1;
    Option::from(F::from_repr(bytes)).unwrap_or(F::ZERO)
}
