//! From an enrolled face or a match, and a model's card, to a report.

use super::enrolled::Enrolled;
use super::fault::{EnrolledFault, MatchFault};
use super::matched::MatchFile;
use super::report::{EnrolledReport, Enrolment, MatchReport, Portrait, not_shown, not_shown_of_match};
use super::statement::{HOLDS, enrolment_statement};
use crate::answer::Card;
use crate::answer::photo::Asked;
use crate::answer::proofs::{Proof, card as check_card, judge, of_model, security_bits};
use crate::answer::seal::ENROLMENT;
use crate::finding::Finding;
use crate::picture::hexadecimal;
use crate::report::{key_trust, note, signer, verdict};
use crate::trust::Trust;
use zkimg_group::generators::BadParameters;
use zkimg_proof::verify::Reject;

/// Checks an enrolled face against a model's card: signature and device of its photo, commitments, who vouches for it, the card's own
/// proof, its own.
///
/// # Errors
/// If this installation is damaged. One that fails is a report with [`crate::Verdict::Invalid`].
pub fn verify_enrolled(enrolled: &Enrolled, card: &Card, trust: &Trust) -> Result<EnrolledReport, BadParameters> {
    let mut findings = Vec::new();
    let mut bits = 0;
    let of_card = asked(&mut findings, &enrolled.asked, card, trust);
    let holds = match of_card.and_then(|of_card| Some((of_card, noted(&mut findings, open(enrolled, card))?))) {
        Some((of_card, face)) => {
            let proofs = [&of_card, &face];
            bits = security_bits(&proofs);
            let mut outcomes = judge(&proofs)?.into_iter();
            note(&mut findings, of_model(outcomes.next())) && note(&mut findings, of_face(outcomes.next()))
        }
        None => false,
    };
    let enrolment = Enrolment::of(enrolled, trust, holds);
    Ok(EnrolledReport {
        verdict: verdict(&findings, holds),
        findings,
        model: hexadecimal(enrolled.card()),
        model_signer: card.signer(trust).filter(|_| holds),
        not_shown: not_shown(enrolment.signer.as_ref(), &[enrolled.capture()]),
        enrolment,
        security_bits: bits,
    })
}

/// Checks a match against a model's card and the enrolled face that it names: signature, device and commitments of the photo; the card and
/// its proof; all that is checked of the enrolled face, that it is of the same model and another capture, and that who signed it is trusted,
/// too; the match's own proof.
///
/// # Errors
/// If this installation is damaged. A match that fails is a report with [`crate::Verdict::Invalid`].
pub fn verify_match(matched: &MatchFile, enrolled: &Enrolled, card: &Card, trust: &Trust) -> Result<MatchReport, BadParameters> {
    let mut findings = Vec::new();
    let mut bits = 0;
    let of_card = asked(&mut findings, &matched.asked, card, trust);
    let face = of_card.and_then(|of_card| {
        let face = meant(matched, enrolled, trust).and_then(|()| open(enrolled, card));
        Some((of_card, noted(&mut findings, face)?))
    });
    let holds = match &face {
        Some((of_card, face)) => match compared(matched, card, face) {
            Ok(proof) => {
                let proofs = [of_card, face, &proof];
                bits = security_bits(&proofs);
                let mut outcomes = judge(&proofs)?.into_iter();
                note(&mut findings, of_model(outcomes.next()))
                    && note(&mut findings, of_face(outcomes.next()))
                    && note(&mut findings, of_match(outcomes.next(), matched))
            }
            Err(fault) => note(&mut findings, Finding::Match(Err(fault))),
        },
        None => false,
    };
    let enrolment = Enrolment::of(enrolled, trust, holds);
    Ok(MatchReport {
        verdict: verdict(&findings, holds),
        findings,
        photo: Portrait::of(matched.capture(), matched.edits()),
        model: hexadecimal(matched.card()),
        model_signer: card.signer(trust).filter(|_| holds),
        at_least: holds.then_some(matched.threshold),
        not_shown: not_shown_of_match(enrolment.signer.as_ref(), [matched.capture(), enrolled.capture()]),
        enrolled: enrolment,
        security_bits: bits,
    })
}

/// Checks that a camera or a notary signed the photo, and which, and that its rows are those; then that the card is the model's. The card's own proof
/// is put to the verifier later.
fn asked<'a>(findings: &mut Vec<Finding>, asked: &Asked, card: &'a Card, trust: &Trust) -> Option<Proof<'a>> {
    let signed = signer(findings, &asked.photo.capture, trust) && note(findings, Finding::Original(asked.photo.is_signed()));
    if signed { check_card(findings, card, &asked.card) } else { None }
}

/// That the enrolled face is the one that a match names, of the same model, of another capture, and of a camera or a notary that is trusted.
fn meant(matched: &MatchFile, enrolled: &Enrolled, trust: &Trust) -> Result<(), EnrolledFault> {
    if enrolled.digest() != &matched.enrolled {
        return Err(EnrolledFault::Other(matched.enrolled));
    }
    if enrolled.capture().statement.root() == matched.capture().statement.root() {
        return Err(EnrolledFault::SameCapture);
    }
    enrolled.capture().verify_signature().map_err(EnrolledFault::Capture)?;
    if key_trust(enrolled.capture(), trust).is_a_stranger() {
        return Err(EnrolledFault::Stranger { notary: enrolled.capture().statement.source().is_notary() });
    }
    Ok(())
}

/// Makes the checks of an enrolled face before its proof, whatever is known of who signed it.
fn open<'a>(enrolled: &'a Enrolled, card: &'a Card) -> Result<Proof<'a>, EnrolledFault> {
    if enrolled.card() != card.digest() {
        return Err(EnrolledFault::Model(*enrolled.card()));
    }
    if !enrolled.asked.photo.is_signed() {
        return Err(EnrolledFault::Original);
    }
    ENROLMENT.verify(&enrolled.seal).map_err(EnrolledFault::Signature)?;
    let (relation, context) = enrolment_statement(&enrolled.asked, card).map_err(EnrolledFault::Face)?;
    let rows = Proof::rows_of(std::slice::from_ref(&enrolled.asked.photo), card);
    let proof = Proof::new(relation, context, rows, None, &enrolled.proof).map_err(EnrolledFault::Bytes)?;
    let same = proof.relation().output_root(proof.output_rows()) == Some(enrolled.template);
    if same { Ok(proof) } else { Err(EnrolledFault::Template) }
}

/// The match's proof, about the rows that the enrolled face's proof puts out.
fn compared<'a>(matched: &'a MatchFile, card: &'a Card, face: &'a Proof<'_>) -> Result<Proof<'a>, MatchFault> {
    let (relation, context) = matched.statement(card, face.relation().m).map_err(MatchFault::Face)?;
    let mut rows = Proof::rows_of(std::slice::from_ref(&matched.asked.photo), card);
    rows.push(face.output_rows());
    Proof::new(relation, context, rows, Some(HOLDS.to_vec()), &matched.proof).map_err(MatchFault::Bytes)
}

/// Notes a fault of an enrolled face.
fn noted<'a>(findings: &mut Vec<Finding>, face: Result<Proof<'a>, EnrolledFault>) -> Option<Proof<'a>> {
    face.map_err(|fault| findings.push(Finding::Enrolled(Err(fault)))).ok()
}

fn of_face(outcome: Option<Result<(), Reject>>) -> Finding {
    Finding::Enrolled(outcome.ok_or(EnrolledFault::Unfinished).and_then(|outcome| outcome.map_err(EnrolledFault::Refused)))
}

fn of_match(outcome: Option<Result<(), Reject>>, matched: &MatchFile) -> Finding {
    let outcome = outcome.ok_or(MatchFault::Unfinished).and_then(|outcome| outcome.map_err(MatchFault::Refused));
    Finding::Match(outcome.map(|()| matched.threshold))
}
