//! From an answer and a model's card to a report.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::card::Card;
use super::fault::AnswerFault;
use super::file::{Answer, AnswerFile, Source};
use super::proofs::{Proof, card as check_card, judge, of_model, security_bits};
use super::public::PublicPicture;
use super::shown::Shown;
use super::statement::{About, cells, context, relation};
use crate::finding::{Finding, OfPhoto, PictureFault, PictureShown};
use crate::picture::{Size, hexadecimal};
use crate::report::{Report, Verdict, captured, note, signer, verdict};
use crate::source::{SourceReport, device};
use crate::statement::picture_digest;
use crate::trust::{Signer, Trust};
use serde_json::Value;
use std::sync::Arc;
use zkimg_attest::SignedCapture;
use zkimg_graph::tensor::Cells;
use zkimg_group::generators::BadParameters;
use zkimg_proof::argument::Pixels;

/// A photo, and what the network made of it; or a picture that everybody has.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PhotoReport {
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
    /// What the network made of it; `None` unless everything but the trust in who signed the photo holds.
    pub answer: Option<Shown>,
}

impl PhotoReport {
    fn of(capture: Option<&SignedCapture>, answer: &Answer, holds: bool) -> PhotoReport {
        PhotoReport {
            device: capture.and_then(device),
            source: capture.map(SourceReport::of),
            capture: capture.map(|capture| hexadecimal(capture.statement.root())),
            captured: capture.and_then(captured),
            original: answer.edits.input().into(),
            edits: answer.edits.values(),
            words: answer.edits.words(),
            read: answer.picture().into(),
            answer: holds.then(|| answer.shown.clone()),
        }
    }
}

/// The result of verifying an answer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AnswerReport {
    /// The outcome.
    pub verdict: Verdict,
    /// What every check found, in order; the last one failed if the verdict is invalid.
    #[serde(rename = "checks")]
    pub findings: Vec<Finding>,
    /// Each photo, in order, or the one picture that everybody has.
    pub photos: Vec<PhotoReport>,
    /// Digest of the model's card, hexadecimal.
    pub model: String,
    /// Whose key vouches for the model, if one does; `None` unless everything but the trust in who signed the photo holds.
    pub model_signer: Option<Signer>,
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
pub fn verify_answer(
    answer: &AnswerFile,
    picture: Option<&PublicPicture>,
    card: &Card,
    trust: &Trust,
) -> Result<AnswerReport, BadParameters> {
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
                note(&mut findings, Finding::Answer(outcome.map(|()| answer.answers.iter().map(|answer| answer.shown.clone()).collect())))
            }
        }
        None => false,
    };
    let captures = answer.captures().map(Some).chain(std::iter::repeat(None));
    Ok(AnswerReport {
        verdict: verdict(&findings, holds),
        findings,
        photos: answer.answers.iter().zip(captures).map(|(answer, capture)| PhotoReport::of(capture, answer, holds)).collect(),
        model: hexadecimal(&answer.card),
        model_signer: card.signer(trust).filter(|_| holds),
        not_shown: not_shown(answer),
        security_bits: bits,
    })
}

fn not_shown(answer: &AnswerFile) -> Vec<&'static str> {
    let mut all = match &answer.source {
        Source::Photos(photos) => {
            let mut all = vec![if photos.len() == 1 { "the photo and the edited picture" } else { "the photos and the edited pictures" }];
            for more in photos.iter().filter_map(|photo| crate::source::not_shown(&photo.capture)) {
                if !all.contains(&more) {
                    all.push(more);
                }
            }
            all
        }
        Source::Picture { .. } => vec!["where the picture comes from"],
    };
    all.push("the model's weights");
    if !answer.answers.iter().any(|answer| matches!(answer.shown, Shown::Scores(_))) {
        all.push("any score, or by how much one class is ahead of another");
    }
    if answer.answers.len() > 1 {
        all.push("that no other photos were asked about and left out");
    }
    all.extend([
        "that the model is right, or on what it was trained",
        if answer.answers.len() == 1 { "that the scene was real" } else { "that the scenes were real, or different ones" },
    ]);
    all
}

/// What was found of one photo, and which it is if there are several.
fn of_photo(at: usize, photos: usize, found: Finding) -> Finding {
    if photos == 1 { found } else { Finding::OfPhoto(OfPhoto { number: at + 1, photos, found: Box::new(found) }) }
}

/// That a device or a notary signed each capture, and, if the reader trusts anybody, one of those; if not, which capture is the first.
fn signers<'a>(
    findings: &mut Vec<Finding>,
    captures: impl ExactSizeIterator<Item = &'a SignedCapture>,
    trust: &Trust,
) -> Result<(), usize> {
    let photos = captures.len();
    for (i, capture) in captures.enumerate() {
        let mut found = Vec::new();
        let known = signer(&mut found, capture, trust);
        findings.extend(found.into_iter().map(|found| of_photo(i, photos, found)));
        if !known {
            return Err(i);
        }
    }
    Ok(())
}

/// Looks at the signed captures before anything else of an answer is read, as [`screen`](crate::screen) does of a proof file:
/// [`AnswerFile::captures_of`] gives them. The place and the report of the first that is refused.
pub fn screen_photos(captures: &[SignedCapture], trust: &Trust) -> Option<(usize, Report)> {
    let mut findings = Vec::new();
    let refused = signers(&mut findings, captures.iter(), trust).err()?;
    let mut report = Report { findings, ..Report::of_capture(captures.get(refused)?) };
    report.close(false);
    Some((refused, report))
}

/// Checks the pictures: that a camera or a notary signed each photo, and which; or that it is the one that was given.
fn about(findings: &mut Vec<Finding>, answer: &AnswerFile, picture: Option<&PublicPicture>, trust: &Trust) -> Option<About> {
    match &answer.source {
        Source::Photos(photos) => {
            signers(findings, answer.captures(), trust).ok()?;
            for (i, photo) in photos.iter().enumerate() {
                if !note(findings, of_photo(i, photos.len(), Finding::Original(photo.is_signed()))) {
                    return None;
                }
            }
            Some(About::Hidden(photos.iter().map(|photo| photo.capture.statement.m()).collect()))
        }
        Source::Picture { dims, digest } => {
            let given = picture.map(PublicPicture::picture).ok_or(PictureFault::Missing).and_then(|picture| {
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
    let put = || {
        let relation = relation(about, &answer.answers, card).map_err(AnswerFault::Question)?;
        let cells = cells(&answer.answers, card.architecture()).map_err(AnswerFault::Question)?;
        let context = context(&answer.source, &answer.card, &answer.answers);
        let rows = Proof::rows_of(answer.source.photos(), card);
        Proof::new(relation, context, rows, Some(cells), &answer.proof).map_err(AnswerFault::Bytes)
    };
    match put() {
        Ok(proof) => Some([of_card, proof]),
        Err(fault) => {
            note(findings, Finding::Answer(Err(fault)));
            None
        }
    }
}
