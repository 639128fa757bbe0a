//! Whether a hidden photo shows an enrolled face: what a model makes of both, compared under commitments.
//!
//! Somebody enrols a portrait: an [`Enrolled`] file for everybody, which says that a commitment holds what this model makes of a photo that
//! a camera signed, and a secret [`Template`] with what it holds. Later a [`MatchFile`] says of another signed photo that the model makes
//! an embedding of it whose cosine with the enrolled one is at least a threshold, and nothing else.

#[cfg(feature = "prover")]
mod compare;
#[cfg(feature = "prover")]
mod enrol;
mod enrolled;
#[cfg(feature = "prover")]
mod error;
mod fault;
mod matched;
mod report;
mod statement;
#[cfg(feature = "prover")]
mod template;
mod verify;
mod words;

#[cfg(feature = "prover")]
pub use compare::Comparison;
#[cfg(feature = "prover")]
pub use enrol::Enrolment;
pub use enrolled::Enrolled;
#[cfg(feature = "prover")]
pub use error::FaceError;
pub use fault::{EnrolledFault, MatchFault};
pub use matched::MatchFile;
pub use report::{EnrolledReport, Enrolment as EnrolmentReport, MatchReport, Portrait};
pub use statement::{ALLOWED, BadFace};
#[cfg(feature = "prover")]
pub use template::{BadTemplate, Template};
pub use verify::{verify_enrolled, verify_match};
