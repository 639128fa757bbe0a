//! What prover and verifier of an edit must agree on, and the argument between them.

pub mod commitment;
pub mod field;
pub mod generators;
#[cfg(feature = "prover")]
pub mod logup;
pub mod msm;
pub mod tensor;
