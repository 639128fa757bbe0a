//! Why no face was enrolled or compared.

use super::statement::BadFace;
use crate::answer::{BadFile, BadQuestion, Threshold};
use crate::recipe::RecipeError;
use zkimg_attest::SignError;
use zkimg_proof::prove::ProveError;
use zkimg_proof::transcript::BadProofBytes;

/// Why no face was enrolled or compared. None says anything of an embedding but on which side of a threshold two are.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FaceError {
    /// The recipe does not fit the photo.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// What cannot be said of a face.
    #[error(transparent)]
    Face(#[from] BadFace),
    /// A picture that somebody handed on.
    #[error("this negative was handed on by somebody, and faces are read from a photo that was signed itself; give the photo's negative")]
    HandedOn,
    /// An embedding of zeros, which would be compared with nothing.
    #[error("the model sees nothing here: its embedding is all zeros; give another crop of the face")]
    Zeros,
    /// Faces that are not alike.
    #[error("the embeddings are less alike than {0}, so there is nothing to prove")]
    Below(Threshold),
    /// A template of another model.
    #[error("the face was enrolled with another model; give the one that it was enrolled with, or enrol it again")]
    OtherModel,
    /// A photo compared with itself.
    #[error("the face was enrolled from this very photo; give another one")]
    SameCapture,
    /// A template that is not the enrolled face's.
    #[error("the template does not belong to the enrolled face; use a backup of it, or enrol the face again")]
    Template,
    /// An enrolled face that cannot be read.
    #[error("the enrolled face cannot be read: {0}")]
    Enrolled(#[from] BadFile),
    /// The proof in an enrolled face.
    #[error("the enrolled face's proof cannot be read: {0}")]
    Bytes(#[from] BadProofBytes),
    /// The prover gave up.
    #[error("no proof could be made: {0}")]
    Prove(#[from] ProveError),
    /// Nothing was signed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl From<BadQuestion> for FaceError {
    fn from(error: BadQuestion) -> FaceError {
        FaceError::Face(error.into())
    }
}
