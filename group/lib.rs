//! The curve and its scalar field: what commitments are made of.
//!
//! The curve is Vesta ([`mod@field`]) where nothing else is said; [`cycle`] has both curves of the Pasta cycle and the trait over which sums
//! are written. [`generators`] are fixed points between which nobody knows a relation; [`msm`] sums many points, [`dot`] many field
//! elements weighted with small integers, [`accumulator`] collects equations between points and checks them as one. [`simd`] computes
//! with several elements of either field at once.

#![warn(missing_debug_implementations)]

pub mod accumulator;
pub mod cycle;
pub mod dot;
pub mod field;
pub mod generators;
pub mod msm;
pub mod parallel;
#[cfg(feature = "prover")]
pub mod randomness;
pub mod simd;
