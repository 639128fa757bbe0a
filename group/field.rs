//! The field, the group and the few functions of them that both sides use.
//!
//! Everything lives in the scalar field of Vesta; points are Vesta points (the Pasta cycle).

use crate::cycle::Curve;
use blake2b_simd::Params as Blake2b;
use ff::{Field, FromUniformBytes, PrimeField};
use group::GroupEncoding;

/// A Vesta point in affine coordinates.
pub use pasta_curves::EqAffine as Affine;
/// The scalar field of Vesta: pixels, weights, challenges.
pub use pasta_curves::Fp as F;
/// A Vesta point in projective coordinates.
pub use pasta_curves::vesta::Point;

/// Bytes that are not the canonical encoding of what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not a canonical, finite point of the curve.
    #[error("not the canonical encoding of a finite curve point")]
    Point,
    /// Not a canonical field element.
    #[error("not the canonical encoding of a field element")]
    Scalar,
}

/// Reads a point. Non-canonical, off-curve and identity encodings are refused.
pub fn point_from_bytes(bytes: &[u8; 32]) -> Result<Affine, Malformed> {
    point_of_bytes(bytes)
}

/// As [`point_from_bytes`], a point of either curve.
pub fn point_of_bytes<C: Curve>(bytes: &[u8; 32]) -> Result<C, Malformed> {
    let point: C = Option::from(C::from_bytes(bytes)).ok_or(Malformed::Point)?;
    if bool::from(point.is_identity()) {
        return Err(Malformed::Point);
    }
    if point.to_bytes() != *bytes {
        return Err(Malformed::Point);
    }
    Ok(point)
}

/// The canonical 32 bytes of a point.
pub fn point_to_bytes(point: &Affine) -> [u8; 32] {
    point.to_bytes()
}

/// Reads a field element; a value not below the modulus is refused.
pub fn scalar_from_bytes(bytes: &[u8; 32]) -> Result<F, Malformed> {
    Option::from(F::from_repr(*bytes)).ok_or(Malformed::Scalar)
}

/// The canonical 32 little-endian bytes of a field element.
pub fn scalar_to_bytes(scalar: &F) -> [u8; 32] {
    scalar.to_repr()
}

/// A field element made from a label and data by wide reduction; tests and benches take their values from it.
pub fn hash_to_field(label: &str, data: &[u8]) -> F {
    let mut state = Blake2b::new().hash_length(64).personal(b"zkimg-field-v1").to_state();
    state.update(&(label.len() as u64).to_le_bytes()).update(label.as_bytes()).update(data);
    F::from_uniform_bytes(state.finalize().as_array())
}

/// A signed integer as a field element.
pub fn from_i128(value: i128) -> F {
    let magnitude = F::from_u128(value.unsigned_abs());
    if value < 0 { -magnitude } else { magnitude }
}

/// As [`from_i128`].
pub fn from_i64(value: i64) -> F {
    let magnitude = F::from(value.unsigned_abs());
    if value < 0 { -magnitude } else { magnitude }
}

/// `eq(point, i)` for `i` in `0..len`, bit 0 of `i` against `point[0]`; `len ≤ 2^|point|`.
///
/// Indices from `len` on are cut off, which is how weights stay zero on padding.
pub fn eq_table<P: Field>(point: &[P], len: usize) -> Vec<P> {
    let len = len.max(1);
    let mut table = Vec::with_capacity(len);
    table.push(P::ONE);
    for r in point {
        let half = table.len();
        let kept = (2 * half).min(len) - half;
        for i in 0..half {
            let high = table[i] * r;
            table[i] -= high;
            if i < kept {
                table.push(high);
            }
        }
    }
    table
}

/// `eq(point, index)` for one index.
pub fn eq_at(point: &[F], index: usize) -> F {
    point.iter().enumerate().map(|(bit, r)| if index >> bit & 1 == 1 { *r } else { F::ONE - r }).product()
}

/// `Π (1 − point_i)`: the weight of "all these bits are zero".
pub fn zero_weight<P: Field>(point: &[P]) -> P {
    point.iter().map(|r| P::ONE - r).product()
}
