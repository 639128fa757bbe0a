//! From an answer and a model's card to a report.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::card::Card;
use super::fault::AnswerFault;
use super::file::{AnswerFile, Source};
use super::proofs::{Proof, card as check_card, judge, of_model, security_bits};
use super::shown::Shown;
use super::statement::{About, context, relation};
use crate::finding::{Finding, PictureFault, PictureShown};
use crate::picture::{Size, hexadecimal};
use crate::report::{Verdict, captured, note, signer, verdict};
use crate::source::{SourceReport, device};
use crate::statement::picture_digest;
use crate::trust::{Signer, Trust};
use serde_json::Value;
use std::sync::Arc;
use zkimg_graph::tensor::Cells;
use zkimg_group::generators::BadParameters;
use zkimg_picture::Picture;
use zkimg_proof::argument::Pixels;

/// The result of verifying an answer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AnswerReport {
    /// The outcome.
    pub verdict: Verdict,
    /// What every check found, in order; the last one failed if the verdict is invalid.
    #[serde(rename = "checks")]
    pub findings: Vec<Finding>,
    /// Fingerprint of the camera's key, hexadecimal; `None` if no camera signed.
    pub device: Option<String>,
    /// Who signed the photo: a camera, or a notary; `None` if the picture is one that everybody has.
    pub source: Option<SourceReport>,
    /// Root of the signed photo's commitment, hexadecimal: what two files about the same capture have in common.
    pub capture: Option<String>,
    /// Capture time in Unix seconds, if the capture shows it.
    pub captured: Option<u64>,
    /// Size of the photo, or of the picture that everybody has.
    pub original: Size,
    /// What was done to it before the network read it, as in a recipe.
    pub edits: Vec<Value>,
    /// The same in plain words.
    pub words: Vec<String>,
    /// Size of the picture that the network read.
    pub read: Size,
    /// Digest of the model's card, hexadecimal.
    pub model: String,
    /// Whose key vouches for the model, if one does; `None` unless everything but the trust in who signed the photo holds.
    pub model_signer: Option<Signer>,
    /// What the network made of it; `None` unless everything but the trust in who signed the photo holds.
    pub answer: Option<Shown>,
    /// What a reader might think is shown, and is not.
    pub not_shown: Vec<&'static str>,
    /// Bits of security of the weaker of both proofs; 0 if none was checked.
    pub security_bits: u32,
}

/// Checks an answer against a model's card: signature, device, commitments, the card's own proof, the answer's. Of an answer about a
/// picture that everybody has, `picture` is that picture, and nothing is said of who signed it.
///
/// # Errors
/// If this installation is damaged. An answer that fails is a report with [`Verdict::Invalid`].
pub fn verify_answer(answer: &AnswerFile, picture: Option<&Picture>, card: &Card, trust: &Trust) -> Result<AnswerReport, BadParameters> {
    let mut findings = Vec::new();
    let mut bits = 0;
    let holds = match about(&mut findings, answer, picture, trust).and_then(|about| open(&mut findings, answer, card, &about)) {
        Some(proofs) => {
            let proofs = [&proofs[0], &proofs[1]];
            bits = security_bits(&proofs);
            let mut outcomes = judge(&proofs)?.into_iter();
            note(&mut findings, of_model(outcomes.next())) && {
                let outcome = outcomes.next().ok_or(AnswerFault::Unfinished);
                let outcome = outcome.and_then(|outcome| outcome.map_err(AnswerFault::Refused));
                note(&mut findings, Finding::Answer(outcome.map(|()| answer.shown.clone())))
            }
        }
        None => false,
    };
    let capture = answer.capture();
    Ok(AnswerReport {
        verdict: verdict(&findings, holds),
        findings,
        device: capture.and_then(device),
        source: capture.map(SourceReport::of),
        capture: capture.map(|capture| hexadecimal(capture.statement.root())),
        captured: capture.and_then(captured),
        original: answer.edits.input().into(),
        edits: answer.edits.values(),
        words: answer.edits.words(),
        read: answer.picture().into(),
        model: hexadecimal(&answer.card),
        model_signer: card.signer(trust).filter(|_| holds),
        answer: holds.then(|| answer.shown.clone()),
        not_shown: not_shown(answer),
        security_bits: bits,
    })
}

fn not_shown(answer: &AnswerFile) -> Vec<&'static str> {
    let mut all = match &answer.source {
        Source::Photo(photo) => {
            let mut all = vec!["the photo and the edited picture"];
            all.extend(crate::source::not_shown(&photo.capture));
            all
        }
        Source::Picture { .. } => vec!["where the picture comes from"],
    };
    all.push("the model's weights");
    if !matches!(answer.shown, Shown::Scores(_)) {
        all.push("any score, or by how much one class is ahead of another");
    }
    all.extend(["that the model is right, or on what it was trained", "that the scene was real"]);
    all
}

/// Checks the picture: that a camera or a notary signed it, and which; or that it is the one that was given.
fn about(findings: &mut Vec<Finding>, answer: &AnswerFile, picture: Option<&Picture>, trust: &Trust) -> Option<About> {
    match &answer.source {
        Source::Photo(photo) => {
            let signed = signer(findings, &photo.capture, trust) && note(findings, Finding::Original(photo.is_signed()));
            signed.then(|| About::Hidden(photo.capture.statement.m()))
        }
        Source::Picture { dims, digest } => {
            let given = picture.ok_or(PictureFault::Missing).and_then(|picture| {
                let found = picture.dims();
                if found != dims {
                    let [found, expected] = [found, dims].map(|dims| (dims.width, dims.height));
                    return Err(if found == expected { PictureFault::OtherPixels } else { PictureFault::OtherSize { found, expected } });
                }
                let same = picture_digest(&Pixels::new(*dims, picture.cells())) == *digest;
                if same { Ok(picture) } else { Err(PictureFault::OtherPixels) }
            });
            let shown = given.clone().map(|_| PictureShown::Published((*dims).into()));
            note(findings, Finding::Picture(shown));
            given.ok().map(|picture| About::Public(Arc::new(Cells::U8(picture.cells().to_vec()))))
        }
    }
}

/// Makes the checks before the proofs, up to the first that fails: the card's and the answer's.
fn open<'a>(findings: &mut Vec<Finding>, answer: &'a AnswerFile, card: &'a Card, about: &About) -> Option<[Proof<'a>; 2]> {
    let of_card = check_card(findings, card, &answer.card)?;
    let question = relation(about, &answer.edits, card, &answer.shown).map_err(AnswerFault::Question);
    let proof = question.and_then(|relation| {
        let context = context(&answer.source, &answer.card, &answer.edits, &answer.shown);
        let photo = match &answer.source {
            Source::Photo(photo) => Some(&**photo),
            Source::Picture { .. } => None,
        };
        let rows = Proof::rows_of(photo, card);
        let cells = answer.shown.cells(card.architecture());
        Proof::new(relation, context, rows, Some(cells), &answer.proof).map_err(AnswerFault::Bytes)
    });
    match proof {
        Ok(proof) => Some([of_card, proof]),
        Err(fault) => {
            note(findings, Finding::Answer(Err(fault)));
            None
        }
    }
}
