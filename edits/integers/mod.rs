//! What edits compute with: integer weights and functions, the same bits on every machine, and the steps made of them.

mod pieces;
mod transcendental;
mod weights;

pub(crate) use pieces::{bytes, channel, clamp, clamped, one};
pub(crate) use transcendental::{exp_minus, lanczos3, logarithms};
pub(crate) use weights::{Border, apportion, neighbours};
