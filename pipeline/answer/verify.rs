//! From an answer and a model's card to a report.

use super::card::{BadCard, Card, bounds, context as card_context, nothing};
use super::file::AnswerFile;
use super::statement::{BadQuestion, Shown, context, relation};
use crate::finding::Finding;
use crate::picture::{Size, hexadecimal};
use crate::report::{Report, Verdict};
use crate::trust::Trust;
use serde_json::Value;
use zkimg_group::generators::BadParameters;
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::root;
use zkimg_proof::relation::Relation;
use zkimg_proof::soundness::Account;
use zkimg_proof::transcript::BadProofBytes;
use zkimg_proof::verify::{Claim, Decoded, Refused, Reject, verify_all};

/// Why a card is not that of the answer, or says what does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelFault {
    /// The answer names another card, by this digest.
    Other([u8; 32]),
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

/// The result of verifying an answer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AnswerReport {
    /// The outcome.
    pub verdict: Verdict,
    /// What every check found, in order; the last one failed if the verdict is invalid.
    #[serde(rename = "checks")]
    pub findings: Vec<Finding>,
    /// Fingerprint of the signing device's key, hexadecimal.
    pub device: String,
    /// Capture time in Unix seconds, if the capture shows it.
    pub captured: Option<u64>,
    /// Size of the hidden photo.
    pub original: Size,
    /// What was done to the photo before the network read it, as in a recipe.
    pub edits: Vec<Value>,
    /// The same in plain words.
    pub words: Vec<String>,
    /// Size of the hidden picture that the network read.
    pub read: Size,
    /// Digest of the model's card, hexadecimal.
    pub model: String,
    /// What the network made of it; `None` unless everything but the trust in the camera holds.
    pub answer: Option<Shown>,
    /// What a reader might think is shown, and is not.
    pub not_shown: Vec<&'static str>,
    /// Bits of security of the weaker of both proofs; 0 if none was checked.
    pub security_bits: u32,
}

/// Both proofs, ready for the verifier.
struct Opened<'a> {
    card: Relation,
    card_context: Vec<u8>,
    card_proof: Decoded<'a>,
    answer: Relation,
    answer_context: Vec<u8>,
    answer_proof: Decoded<'a>,
    cells: Vec<u8>,
}

/// Checks an answer against a model's card: signature, device, commitments, the card's own proof, the answer's.
///
/// # Errors
/// If this installation is damaged. An answer that fails is a report with [`Verdict::Invalid`].
pub fn verify_answer(answer: &AnswerFile, card: &Card, trust: &Trust) -> Result<AnswerReport, BadParameters> {
    let mut report = Report::of_capture(&answer.capture);
    let mut bits = 0;
    if report.camera(&answer.capture, trust) {
        let holds = match open(&mut report, answer, card) {
            Some(opened) => {
                bits = [&opened.card, &opened.answer].map(|relation| Account::of(relation).bits()).into_iter().min().unwrap_or(0);
                judge(&mut report, answer, card, &opened)?
            }
            None => false,
        };
        report.close(holds);
    }
    let holds = matches!(report.verdict, Verdict::Trusted | Verdict::Untrusted);
    Ok(AnswerReport {
        verdict: report.verdict,
        findings: report.findings,
        device: report.device,
        captured: report.captured,
        original: report.original,
        edits: answer.edits.values(),
        words: answer.edits.words(),
        read: answer.picture().into(),
        model: hexadecimal(&answer.card),
        answer: holds.then(|| answer.shown.clone()),
        not_shown: not_shown(&answer.shown),
        security_bits: bits,
    })
}

fn not_shown(shown: &Shown) -> Vec<&'static str> {
    let mut all = vec![
        "the photo and the edited picture",
        "the model's weights",
        "that the model is right, or which model the card's maker says it is",
        "that the scene was real",
    ];
    if matches!(shown, Shown::Class(_)) {
        all.insert(2, "any score, or by how much the class is ahead");
    }
    all
}

/// Makes the checks before the proofs, up to the first that fails.
fn open<'a>(report: &mut Report, answer: &'a AnswerFile, card: &'a Card) -> Option<Opened<'a>> {
    let statement = &answer.capture.statement;
    let same = root(&statement.layout(), &answer.rows) == *statement.root();
    if !report.note(Finding::Original(same)) {
        return None;
    }
    if answer.card != *card.digest() {
        report.note(Finding::Model(Err(ModelFault::Other(answer.card))));
        return None;
    }
    let of_card = bounds(card.architecture()).map_err(ModelFault::Card);
    let of_card = of_card.and_then(|relation| Ok((Decoded::new(&relation, card.proof()).map_err(ModelFault::Bytes)?, relation)));
    let (card_proof, card_relation) = match of_card {
        Ok(both) => both,
        Err(fault) => {
            report.note(Finding::Model(Err(fault)));
            return None;
        }
    };
    let of_answer = relation(statement.m(), &answer.edits, card, &answer.shown).map_err(AnswerFault::Question);
    let of_answer = of_answer.and_then(|relation| Ok((Decoded::new(&relation, &answer.proof).map_err(AnswerFault::Bytes)?, relation)));
    match of_answer {
        Ok((answer_proof, relation)) => Some(Opened {
            card: card_relation,
            card_context: card_context(&card.head()),
            card_proof,
            answer: relation,
            answer_context: context(&answer.capture, &answer.card, &answer.edits, &answer.shown),
            answer_proof,
            cells: answer.shown.cells(card.architecture()),
        }),
        Err(fault) => {
            report.note(Finding::Answer(Err(fault)));
            None
        }
    }
}

/// Puts both proofs to the verifier, each for itself: the answer's rests on the card's, so that it is worth nothing alone.
fn judge(report: &mut Report, answer: &AnswerFile, card: &Card, opened: &Opened<'_>) -> Result<bool, BadParameters> {
    let model = card.rows().iter().map(Vec::as_slice);
    let bounds = Claim {
        relation: &opened.card,
        context: &opened.card_context,
        rows: model.clone().collect(),
        output: nothing(&opened.card),
        proof: &opened.card_proof,
    };
    let inference = Claim {
        relation: &opened.answer,
        context: &opened.answer_context,
        rows: std::iter::once(&answer.rows[..]).chain(model).collect(),
        output: Pixels::new(opened.answer.output, &opened.cells),
        proof: &opened.answer_proof,
    };
    let mut outcomes = verify_all(&[vec![bounds], vec![inference]]).into_iter().map(|outcome| match outcome {
        Ok(()) => Ok(Ok(())),
        Err(Refused { reject: Reject::Parameters(error), .. }) => Err(error),
        Err(Refused { reject, .. }) => Ok(Err(reject)),
    });
    let [of_card, of_answer] = [outcomes.next().transpose()?, outcomes.next().transpose()?];
    let of_card = of_card.ok_or(ModelFault::Unfinished).and_then(|outcome| outcome.map_err(ModelFault::Refused));
    if !report.note(Finding::Model(of_card)) {
        return Ok(false);
    }
    let of_answer = of_answer.ok_or(AnswerFault::Unfinished).and_then(|outcome| outcome.map_err(AnswerFault::Refused));
    Ok(report.note(Finding::Answer(of_answer.map(|()| answer.shown.clone()))))
}
