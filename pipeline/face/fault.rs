//! Why an enrolled face or a match does not hold.

use super::statement::BadFace;
use zkimg_attest::{CaptureError, MakerError};
use zkimg_proof::transcript::BadProofBytes;
use zkimg_proof::verify::Reject;

/// Why an enrolled face is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnrolledFault {
    /// The match names another file, by this digest.
    Other([u8; 32]),
    /// It was enrolled with the model of another card, of this digest.
    Model([u8; 32]),
    /// It was enrolled from the very photo that is compared.
    SameCapture,
    /// Nobody signed its photo.
    Capture(CaptureError),
    /// Whoever signed its photo is not one of those that are trusted.
    Stranger {
        /// Whether a notary signed it and no device.
        notary: bool,
    },
    /// Its rows are not those of the photo that was signed.
    Original,
    /// Whoever should vouch for it did not sign it.
    Signature(MakerError),
    /// It says what cannot be said of a face.
    Face(BadFace),
    /// A proof that does not begin with the points it should.
    Bytes(BadProofBytes),
    /// The commitment in the proof is not the one that the file names.
    Template,
    /// The proof is refused.
    Refused(Reject),
    /// The verifier did not come to it.
    Unfinished,
}

/// Why a match does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MatchFault {
    /// It says what cannot be said of a face.
    Face(BadFace),
    /// A proof that does not begin with the points it should.
    Bytes(BadProofBytes),
    /// The proof is refused.
    Refused(Reject),
    /// The verifier did not come to it.
    Unfinished,
}
