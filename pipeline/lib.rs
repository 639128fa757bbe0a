//! Attest, prove and verify edited photos.
//!
//! ```
//! use zkimg_pipeline::{Dims, Picture, Policy, ProofFile, Recipe, SigningKey, Trust, Verdict, attest, embedded, encode_png, prove, verify_file};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A camera attests a photo: a public capture and the photographer's secret negative.
//! let photo = encode_png(&Picture::new(Dims::new(1, 2, 3)?, vec![10, 20, 30, 40, 50, 60])?);
//! let camera = SigningKey::generate()?;
//! let (_capture, negative) = attest(&photo, &camera, &Policy::default(), 1_790_000_000)?;
//!
//! // The photographer publishes an edited picture with its proof inside.
//! let recipe = Recipe::from_words(&["flip=horizontal", "contrast=1.5"])?;
//! let file = prove(&negative, &recipe)?.to_file()?;
//!
//! // Anyone checks it, without the photo.
//! let mut trust = Trust::default();
//! trust.devices.insert(camera.public());
//! let proof = embedded(&file)?.ok_or("there is no proof inside")?;
//! let report = verify_file(&file, &ProofFile::from_bytes(&proof)?, &trust)?;
//! assert_eq!(report.verdict, Verdict::Trusted);
//! # Ok(())
//! # }
//! ```
//!
//! A picture can also be handed on hidden, so that the next person edits it without ever seeing the original:
//!
//! ```
//! # use zkimg_pipeline::*;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let photo = encode_png(&Picture::new(Dims::new(1, 2, 3)?, vec![10, 20, 30, 40, 50, 60])?);
//! # let camera = SigningKey::generate()?;
//! # let (_, negative) = attest(&photo, &camera, &Policy::default(), 1_790_000_000)?;
//! let redact = Recipe::from_words(&["redact=1x1+0+0"])?;
//! let handed_on = Work::new(&negative, &redact).named("Anna").hand_on()?;
//!
//! // The desk has `handed_on.negative` and `handed_on.proof`, and publishes the whole chain.
//! let desk = SigningKey::generate()?;
//! let crop = Recipe::from_words(&["crop=2x2+0+0"])?;
//! let published = Work::new(&handed_on.negative, &crop).after(&handed_on.proof).named("Desk").signed(&desk).publish()?;
//!
//! let mut trust = Trust::default();
//! trust.devices.insert(camera.public());
//! trust.people.insert(desk.public(), "the desk");
//! let report = verify(&published.picture, &published.proof, &trust)?;
//! assert_eq!(report.verdict, Verdict::Trusted);
//! assert_eq!(report.links.iter().map(|link| link.confirmed).collect::<Vec<_>>(), [false, true]);
//! # Ok(())
//! # }
//! ```
#![warn(missing_debug_implementations)]

pub mod answer;
mod begun;
mod chain;
mod coefficients;
#[cfg(feature = "prover")]
mod compact;
pub mod face;
mod fields;
mod finding;
mod given;
mod parts;
mod picture;
mod placement;
mod proof_file;
#[cfg(feature = "prover")]
mod publish;
mod recipe;
mod report;
mod source;
mod statement;
mod stream;
mod trust;
#[cfg(feature = "prover")]
mod unpublished;
mod verify;
mod words;

pub use begun::Begun;
pub use chain::BadLink;
#[cfg(feature = "prover")]
pub use compact::{CompactFault, NotCompact};
#[cfg(feature = "prover")]
pub use fields::{BadShow, showable};
pub use fields::{FieldStanding, ShownField};
pub use finding::{
    Checked, ColoursFault, ColoursShown, EditsFault, EditsMade, Finding, KeyTrust, LinkFault, OfPhoto, PictureFault, PictureShown, Signed,
};
pub use parts::{Part, missing};
pub use picture::{ProfileReport, Size};
pub use placement::Placement;
pub use proof_file::{BadProofFile, Link, MAX_COMPACT_LINKS, MAX_LINKS, ProofFile};
#[cfg(feature = "prover")]
pub use publish::{Estimate, HandedOn, Published, PublishedJpeg, Work, preview, preview_jpeg, prove};
pub use recipe::{Edits, MAX_EDITS, Recipe, RecipeError};
pub use report::{LinkReport, ProofForm, Report, Verdict, describe_links};
pub use source::{Role, SourceKind, SourceReport};
pub use trust::{People, Signer, Trust, TwoKinds};
#[cfg(feature = "prover")]
pub use unpublished::{BadChain, PublishError};
pub use verify::{Candidate, Unverified, screen, verify, verify_batch, verify_file, verify_hidden};
pub use zkimg_attest::*;
pub use zkimg_edits as edits;
pub use zkimg_graph::tensor::Dims;
pub use zkimg_group::generators::BadParameters;
pub use zkimg_network as network;
pub use zkimg_picture::*;
pub use zkimg_proof::observer::{Observer, Phase};
