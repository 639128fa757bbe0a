//! Linear maps over the field: at a point of their output and one of their input, and carried from outputs back to inputs.
//!
//! Weights that are a product over the axes stay one, so a multilinear extension costs `O(W + H)`, and what is read twice the same
//! way is not evaluated cell by cell.

mod evaluate;
mod point;
#[cfg(test)]
mod tests;
mod transpose;
mod weights;

pub use evaluate::{TensorPoint, evaluate};
pub use point::{Correlation, Point};
pub use transpose::{Span, transpose_axis};
pub use weights::{Separable, dot, transpose};
