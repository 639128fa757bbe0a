//! Attest, prove and verify edited photos.
//!
//! ```
//! use zkimg_pipeline::{DeviceKey, Dims, Picture, Policy, Recipe, TrustedDevices, Verdict, attest, encode_png, prove, verify};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A camera attests a photo: a public capture and the photographer's secret negative.
//! let photo = encode_png(&Picture::new(Dims::new(1, 2, 3)?, vec![10, 20, 30, 40, 50, 60])?);
//! let camera = DeviceKey::generate()?;
//! let (_capture, negative) = attest(&photo, &camera, &Policy::default(), 1_790_000_000)?;
//!
//! // The photographer publishes an edited picture and a proof.
//! let recipe = Recipe::from_words(&["flip=horizontal", "contrast=1.5"])?;
//! let published = prove(&negative, &recipe)?;
//!
//! // Anyone checks it, without the photo.
//! let mut trusted = TrustedDevices::default();
//! trusted.insert(camera.public());
//! let report = verify(&published.picture, &published.proof, &trusted)?;
//! assert_eq!(report.verdict, Verdict::Trusted);
//! # Ok(())
//! # }
//! ```

mod proof_file;
#[cfg(feature = "prover")]
mod publish;
mod recipe;
mod report;
mod statement;
mod verify;

pub use proof_file::{BadProofFile, ProofFile};
#[cfg(feature = "prover")]
pub use publish::{Published, PublishError, preview, prove};
pub use recipe::{Chain, MAX_EDITS, Recipe, RecipeError};
pub use report::{Check, Report, Size, Verdict};
pub use verify::verify;
pub use zkimg_attest::*;
pub use zkimg_edits as edits;
pub use zkimg_proof::tensor::Dims;
