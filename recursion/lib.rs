//! One proof for a chain of links: the verifier of a link as constraints, and a proof that they hold.
//!
//! | module | what |
//! |---|---|
//! | [`gadgets`] | bits and points in constraints; rows hashed and combined |
//! | [`link`] | a link by itself, proved and checked in this form |
//! | [`poseidon`] | the hash, over both fields of the cycle, for elements and in constraints |
//! | [`r1cs`] | constraints, stated by computing with numbers |
//! | [`step`] | a step of a chain |
//! | [`account`] | its soundness error, term by term |
//! | [`verifier`] | a link's argument over messages in the clear |
//! | [`chain`] | what is handed on, and a step on it |
//! | [`fold`] | folding of instances |
//! | [`compact`] | the proof of a whole chain |
//! | [`constraints`] | its verifier as constraints |
//! | [`decider`] | a proof that a hidden witness satisfies constraints |
//! | [`digest`] | what stands for rows of points |
//!
//! What stands and what is open is in `docs/recursion.md`.

#![warn(missing_debug_implementations)]

#[cfg(test)]
extern crate self as zkimg_recursion;

pub mod account;
pub mod chain;
pub mod class;
pub mod compact;
pub mod constraints;
pub mod decider;
pub mod digest;
pub mod fold;
pub mod gadgets;
pub mod link;
pub mod poseidon;
pub mod r1cs;
pub mod step;
pub mod verifier;

#[cfg(test)]
#[path = "tests/support/mod.rs"]
mod support;
