//! What prover and verifier must agree on, and the argument between them.
//!
//! Begin with [`argument::run`], the protocol over a [`channel::Channel`]; its parts are [`lookup`] and [`sumcheck`]. What is proved is a
//! [`relation::Relation`], compiled from steps or from a [`graph::Graph`]. [`prove`](prove::prove) and [`verify`](verify::verify) run it;
//! [`soundness::Account`] says what may go wrong. `docs/tour.md` walks through the files.

// What is computed, in integers.
pub mod contraction;
#[cfg(feature = "prover")]
mod evaluate;
pub mod fuse;
pub mod graph;
pub mod linear;
pub mod step;
pub mod tensor;

// What of it is claimed.
pub mod relation;

// The protocol.
pub mod argument;
pub mod channel;
pub mod lookup;
pub mod sumcheck;
pub mod transcript;

// What hides it and ties it together.
pub mod circuit;
pub mod commitment;
pub mod digits;
pub mod equations;
pub mod opening;

// Both sides, and many proofs at once.
pub mod check;
pub mod fold;
pub mod observer;
#[cfg(feature = "prover")]
pub mod prove;
pub mod reject;
pub mod soundness;
pub mod verify;

// Arithmetic.
pub mod dot;
pub mod field;
pub mod generators;
pub mod msm;
pub mod parallel;
#[cfg(feature = "prover")]
pub mod randomness;
