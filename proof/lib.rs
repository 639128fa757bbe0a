//! What prover and verifier must agree on, and the argument between them.
//!
//! Begin with [`argument::run`], the protocol over a [`channel::Channel`]; its parts are [`lookup`] and [`sumcheck`]. What is proved is a
//! [`relation::Relation`], compiled from steps or from a [`graph::Graph`]. [`prove`](prove::prove) and [`verify`](verify::verify) run it;
//! [`soundness::Account`] says what may go wrong. `docs/tour.md` walks through the files.

#![warn(missing_debug_implementations)]

/// `Debug` that gives a type's name alone: what it holds is secret, or too much to be read.
macro_rules! opaque {
    ($($name:ident $(<$life:lifetime>)?),+) => {
        $(impl std::fmt::Debug for $name $(<$life>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        })+
    };
}
pub(crate) use opaque;

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
