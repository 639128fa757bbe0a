//! What is computed, in integers: no field element, no secret kept, no file.
//!
//! A [`graph::Graph`] has values, tensors of integers with bounds ([`tensor`]), and nodes `y = f(⌊(Σ A·x + C + b)/D⌋)`: public
//! linear maps ([`linear`]), products of two tensors ([`contraction`]), a division and a table. An edit is a [`step::Step`], a node
//! from bytes to bytes; steps that can be one are made one ([`fuse`]), and a chain may end with other integers ([`ending`]). [`evaluate`] is what preview and prover compute with.

#![warn(missing_debug_implementations)]

/// `Debug` that gives a type's name alone: what it holds is secret, or too much to be read.
#[doc(hidden)]
#[macro_export]
macro_rules! opaque {
    ($($name:ident $(<$life:lifetime>)?),+) => {
        $(impl std::fmt::Debug for $name $(<$life>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        })+
    };
}

pub mod contraction;
mod edited;
pub mod ending;
#[cfg(feature = "evaluate")]
pub mod evaluate;
pub mod fuse;
pub mod graph;
pub mod linear;
mod node;
pub mod step;
pub mod tensor;
