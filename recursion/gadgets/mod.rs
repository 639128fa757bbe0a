//! What constraints are made of: bits, and points of the curve whose coordinates are their field.

mod bits;
mod points;
mod rows;

pub use bits::{bits, canonical_bits};
pub use points::{Challenge, DIGITS, Point};
pub use rows::{Rows, combined};
