//! What prover and verifier must agree on, and the argument between them.
//!
//! Begin with [`argument::run`], the protocol over a [`channel::Channel`]; its parts are [`lookup`] and [`sumcheck`]. What is proved is a
//! [`relation::Relation`], compiled from steps or from a [`graph::Graph`]. [`prove`](prove::prove) and [`verify`](verify::verify) run it;
//! [`soundness::Account`] says what may go wrong. `docs/tour.md` walks through the files.

// What of it is claimed.
pub mod relation;

// The protocol.
pub mod argument;
pub mod channel;
pub mod lookup;
pub mod multilinear;
pub mod sumcheck;
pub mod transcript;

// What hides it and ties it together.
pub mod circuit;
pub mod commitment;
pub mod digits;
pub mod equations;
pub mod opening;

// Both sides, and many proofs at once.
pub mod fold;
pub mod observer;
#[cfg(feature = "prover")]
pub mod prove;
pub mod reject;
pub mod soundness;
pub mod verify;
