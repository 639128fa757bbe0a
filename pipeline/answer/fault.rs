//! Why an answer, or the card of its model, does not hold.

use super::card::BadCard;
use super::statement::BadQuestion;
use zkimg_attest::MakerError;
use zkimg_proof::transcript::BadProofBytes;
use zkimg_proof::verify::Reject;

/// Why a card is not that of the model that was used, or says what does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelFault {
    /// The file names another card, by this digest.
    Other([u8; 32]),
    /// Whoever should vouch for the model did not sign the card.
    Signature(MakerError),
    /// Bounds that cannot be put to the verifier.
    Card(BadCard),
    /// A proof that does not begin with the points it should.
    Bytes(BadProofBytes),
    /// The proof of the bounds is refused.
    Refused(Reject),
    /// The verifier did not come to it.
    Unfinished,
}

/// Why an answer is not the model's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerFault {
    /// A question that cannot be put to the verifier.
    Question(BadQuestion),
    /// A proof that does not begin with the points it should.
    Bytes(BadProofBytes),
    /// The proof is refused.
    Refused(Reject),
    /// The verifier did not come to it.
    Unfinished,
}
