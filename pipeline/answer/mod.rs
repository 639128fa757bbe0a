//! What a network makes of a hidden photo: models with hidden weights, their public cards, and answers that are proved.

mod card;
mod file;
#[cfg(feature = "prover")]
mod infer;
#[cfg(feature = "prover")]
mod model;
mod statement;
mod verify;
mod words;

pub use card::{BadCard, Card};
pub use file::{AnswerFile, BadAnswerFile};
#[cfg(feature = "prover")]
pub use infer::{InferError, Inference, Show};
#[cfg(feature = "prover")]
pub use model::{BadModelFile, Model, ModelError};
pub use statement::{BadQuestion, Shown};
pub use verify::{AnswerFault, AnswerReport, ModelFault, verify_answer};
