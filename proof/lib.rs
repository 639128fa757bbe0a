//! That what a graph computes was computed: the argument between prover and verifier.
//!
//! Who proves or checks needs [`relation`], what is claimed of a [graph](zkimg_graph::graph::Graph) or of steps; [`commitment`], how inputs
//! stand there; `prove` and [`verify`]; [`soundness`], what may go wrong and how unlikely it is; [`observer`], to follow a proof
//! that takes long.
//!
//! Who reads the protocol begins with [`argument::run`], which is all of it, over a [`channel::Channel`] that prover, verifier and account
//! implement; its parts are `lookup` and `sumcheck`, and what they leave is shown by `circuit` and `opening`. Those are public for tests
//! and benches alone, and hidden in these pages. `docs/tour.md` walks through the files.

#![warn(missing_debug_implementations)]

use zkimg_graph::opaque;

// What of a graph is claimed, and over which commitments.
pub mod commitment;
pub mod relation;

// The protocol.
pub mod argument;
pub mod channel;
#[doc(hidden)]
pub mod lookup;
#[doc(hidden)]
pub mod multilinear;
#[doc(hidden)]
pub mod sumcheck;
pub mod transcript;

// What hides it and ties it together.
#[doc(hidden)]
pub mod circuit;
#[doc(hidden)]
pub mod digits;
#[doc(hidden)]
pub mod equations;
#[doc(hidden)]
pub mod opening;

// Both sides, and many proofs at once.
#[doc(hidden)]
pub mod batch;
pub mod observer;
#[cfg(feature = "prover")]
pub mod prove;
pub mod reject;
pub mod soundness;
pub mod verify;
