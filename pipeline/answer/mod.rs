//! What a network makes of hidden photos: models with hidden weights, their public cards, and answers that are proved.

mod card;
mod fault;
mod file;
#[cfg(feature = "prover")]
mod infer;
#[cfg(feature = "prover")]
mod model;
mod output;
pub(crate) mod photo;
pub(crate) mod proofs;
mod public;
pub(crate) mod seal;
mod shown;
mod statement;
mod verify;
mod words;

pub use card::{BadCard, Card};
pub use fault::{AnswerFault, ModelFault};
pub use file::{Answer, AnswerFile, MAX_PHOTOS};
#[cfg(feature = "prover")]
pub use infer::{InferError, Inference, Show};
#[cfg(feature = "prover")]
pub use model::{BadModelFile, Model, ModelError, NewModel};
pub use output::{MAX_THRESHOLDS, OutputKind};
pub use photo::{BadFile, Fault, Sort};
pub use public::{NotPublic, PublicPicture};
pub use shown::{Shown, TOP};
pub use statement::BadQuestion;
pub use verify::{AnswerReport, PhotoReport, screen_photos, verify_answer};
pub use zkimg_network::cosine::Threshold;

#[cfg(feature = "prover")]
pub(crate) use model::inputs;
pub(crate) use output::zero_of;
pub(crate) use statement::{fits, read};
