//! What stands for rows of points in a link's transcript.

use crate::gadgets::coordinates;
use crate::poseidon::hash;
use ff::{Field, PrimeField};
use pasta_curves::Fq;
use zkimg_group::field::{Affine, F};

/// Bits of a digest: every one is an element of both fields.
const BITS: usize = 250;
/// Domain of digests of rows, above their number.
const DOMAIN: u128 = 1 << 64;

/// Hashes the coordinates of points over their field, and keeps the lowest 250 bits.
///
/// The identity, which has no coordinates, counts as `(0, 0)`: no other point has.
pub fn rows_digest(points: &[Affine]) -> F {
    let digest: Fq = hash(Fq::from_u128(DOMAIN + points.len() as u128), points.iter().map(coordinates).flat_map(|(x, y)| [x, y]));
    let mut bytes = digest.to_repr();
    bytes[31] &= (1 << (BITS % 8)) - 1;
    Option::from(F::from_repr(bytes)).unwrap_or(F::ZERO)
}
