//! Answers of models: `zkimg verify` and `zkimg inspect` of them.

use crate::describe::{about, finish, read_by, refused, rest, size, vouched};
use crate::model;
use crate::outcome::{Code, Failure, Outcome, shown};
use crate::progress::Progress;
use crate::session::Session;
use crate::trusted::{Reader, Vouched};
use crate::verdict::{Args, Seen, add, code, fields, lines, outcome, said, signed_at, signed_by};
use serde_json::json;
use std::fmt::Write;
use std::path::Path;
use zkimg_files::{hex, input};
use zkimg_pipeline::answer::{AnswerFile, AnswerReport, verify_answer};
use zkimg_pipeline::{SourceReport, Verdict, screen};

/// Answers hold the rows of a photo, edits with overlays, and a proof.
pub(crate) const LIMIT: u64 = 256 << 20;

/// Whether a file begins as an answer does.
pub(crate) fn is_one(path: &Path) -> bool {
    input::begins_with(path, b"zkimgans")
}

/// The signed capture first, then everything else; `picture` is what the answer is about, if everybody has that.
pub(crate) fn run(args: &Args, path: &Path, picture: Option<&Path>, reader: &Reader, session: &Session) -> Result<Outcome, Failure> {
    let Some(card) = &args.model else {
        let what = "this is a model's answer, and its card is needed to check it; add --model with the .card file";
        return Err(Failure::at(Code::Usage, path, what));
    };
    let usage = |what: &str| Err(Failure::at(Code::Usage, path, what));
    if picture.is_none() && args.proof().is_some() {
        return usage("this is a model's answer, which is one file; give it alone, or behind the picture that it is about");
    }
    if let Some(page) = &args.report {
        let what =
            format!("this is a model's answer, and --report is for pictures alone, so {} was not written; leave it out", shown(page));
        return Err(Failure::at(Code::Usage, path, what));
    }
    let bytes = input::read(path, LIMIT)?;
    let capture = AnswerFile::capture_of(&bytes).map_err(|error| refused(path, error))?;
    match (&capture, picture) {
        (Some(_), Some(_)) => return usage("this answer is about a photo that is hidden; give it alone, without a picture"),
        (None, None) => {
            return usage("this answer is about a picture that everybody has; give that before it: zkimg verify PICTURE ANSWER");
        }
        (Some(capture), None) => {
            if let Some(report) = screen(capture, &reader.trust) {
                return outcome(&report, &Seen { capture, picture: None, proof: path }, reader);
            }
        }
        (None, Some(_)) => {}
    }
    let card = model::read_card(card)?;
    let answer = AnswerFile::from_bytes(&bytes).map_err(|error| refused(path, error))?;
    let picture = picture.map(input::picture).transpose()?;
    let progress = Progress::start(session, "Verifying");
    let report = verify_answer(&answer, picture.as_ref(), &card, &reader.trust)
        .map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
    drop(progress);
    let by = reader.vouches(report.verdict, capture.as_ref());
    let text = text(&report, path, &by, reader.trust.trusts_nobody());
    let mut fields = fields(serde_json::to_value(&report), &report.findings, path)?;
    by.put(&mut fields, "trusted_by");
    Ok(Outcome::new(code(report.verdict), text, fields.into()).with_verdict())
}

fn text(report: &AnswerReport, path: &Path, by: &Vouched<'_>, nobody_trusted: bool) -> String {
    let name = shown(path);
    let notary = report.source.as_ref().is_some_and(SourceReport::is_notary);
    let signer = report.source.as_ref().map_or("camera", |source| source.role().name);
    let mut text = match report.verdict {
        Verdict::Trusted if notary => {
            format!("VERIFIED: {name} is what the model makes of a photo, and a notary you trust has seen it.\n")
        }
        Verdict::Trusted => format!("VERIFIED: {name} is what the model makes of a photo from a camera you trust.\n"),
        Verdict::Proved => format!("VERIFIED: {name} is what the model makes of this picture. No camera answers for it.\n"),
        Verdict::Untrusted => format!("VALID, BUT NOT TRUSTED: the proof of {name} holds, but its {signer} is not one you trust.\n"),
        Verdict::Unchecked => format!("NOT TRUSTED: the {signer} of {name} is not one you trust, so nothing else was checked.\n"),
        _ => format!("NOT VALID: do not take {name} for what a model makes of a photo.\n"),
    };
    text.push_str(&lines(&report.findings));
    if let (Some(source), Some(capture)) = (&report.source, &report.capture) {
        text.push_str(&signed_by("  ", 0, source, capture));
        text.push_str(&by.line("  ", 0, source.role().option));
    }
    if report.answer.is_none() {
        return text;
    }
    let _ = writeln!(text, "  model {}, {}", report.model, vouched(report.model_signer.as_ref()));
    if let Some(source) = &report.source {
        text.push_str(&signed_at("  ", 0, source, report.captured));
        text.push_str(&said("  ", source));
    }
    text.push_str(&read_by("  ", report.original, report.read, &report.words));
    let _ = writeln!(text, "Not shown: {}.", report.not_shown.join("; "));
    if report.verdict == Verdict::Untrusted && nobody_trusted {
        text.push_str(&report.source.as_ref().map_or_else(String::new, |source| add(source.role())));
    }
    text
}

/// `zkimg inspect answer.zkimg`.
pub(crate) fn inspect(path: &Path, bytes: &[u8]) -> Result<Outcome, Failure> {
    let file = AnswerFile::from_bytes(bytes).map_err(|error| refused(path, error))?;
    let (mut text, mut fields) = file.capture().map_or_else(Default::default, about);
    let _ = writeln!(text, "  model      {}", hex(file.card()));
    let _ = writeln!(text, "  read       {}", size(&file.picture()));
    let _ = writeln!(text, "  answer     {}", file.shown());
    rest(&mut text, &mut fields, file.edits(), [bytes.len(), file.commitment_bytes(), file.proof_bytes()]);
    fields.insert("model".into(), json!(hex(file.card())));
    fields.insert("answer".into(), json!(file.shown()));
    finish("answer", "what is said that a network made of a hidden photo", text, fields)
}
