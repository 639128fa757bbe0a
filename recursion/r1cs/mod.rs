//! Rank-one constraints `⟨a, z⟩·⟨b, z⟩ = ⟨c, z⟩`, stated by computing with numbers.
//!
//! The same computation is run twice: once for its [`Shape`], by a [`System`] that has no values, and once for every witness, by one
//! that has nothing else. `z` is the witness, then one, then the public inputs.
//!
//! A shape is mostly the same [block](Block) over and over, one hash permutation each, and the rest. Blocks stand at multiples of
//! [`STRIDE`] in rows and columns, so that they are evaluated as one.

mod block;
mod number;
mod shape;
mod system;

pub use block::{Block, STRIDE};
pub use number::Number;
pub use shape::Shape;
pub use system::System;
