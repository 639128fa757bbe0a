//! What constraints are made of: bits, elements of the other field, and points of the curve whose coordinates are their field.

mod bits;
mod foreign;
mod points;

pub use bits::{bits, canonical_bits};
pub use foreign::{Foreign, LIMBS};
pub(crate) use points::coordinates;
pub use points::{Challenge, DIGITS, Point, challenge_scalar};
