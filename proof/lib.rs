//! What prover and verifier of an edit must agree on, and the argument between them.

pub mod argument;
pub mod channel;
pub mod check;
pub mod circuit;
pub mod commitment;
pub mod contraction;
pub mod digits;
pub mod dot;
pub mod equations;
#[cfg(feature = "prover")]
mod evaluate;
pub mod field;
pub mod fold;
pub mod fuse;
pub mod generators;
pub mod graph;
pub mod linear;
pub mod lookup;
pub mod msm;
pub mod opening;
pub mod parallel;
#[cfg(feature = "prover")]
pub mod prove;
#[cfg(feature = "prover")]
pub mod randomness;
pub mod reject;
pub mod relation;
pub mod soundness;
pub mod step;
pub mod sumcheck;
pub mod tensor;
pub mod transcript;
pub mod verify;
