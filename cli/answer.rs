//! Answers of models: `zkimg verify` and `zkimg inspect` of them.

use crate::describe::{UNCHECKED, about, after, edited, finish, lengths, read_by, refused, size, vouched};
use crate::model;
use crate::outcome::{Code, Failure, Outcome, shown};
use crate::progress::Progress;
use crate::session::Session;
use crate::trusted::{Reader, Vouched};
use crate::verdict::{Args, Seen, add, code, fields, lines, outcome, said, signed_at, signed_by};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use zkimg_files::{hex, input};
use zkimg_pipeline::answer::{AnswerFile, AnswerReport, PhotoReport, PublicPicture, screen_photos, verify_answer};
use zkimg_pipeline::{SourceReport, Verdict};

/// Answers hold the rows of a photo, edits with overlays, and a proof.
pub(crate) const LIMIT: u64 = 256 << 20;

/// Whether a file begins as an answer does.
pub(crate) fn is_one(path: &Path) -> bool {
    input::begins_with(path, b"zkimgans")
}

/// A picture that everybody has.
pub(crate) fn public(path: &Path) -> Result<PublicPicture, Failure> {
    PublicPicture::read(&input::photo(path)?).map_err(|error| Failure::at(Code::Unsupported, path, error))
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
    let captures = AnswerFile::captures_of(&bytes).map_err(|error| refused(path, error))?;
    match (captures.is_empty(), picture) {
        (false, Some(_)) => return usage("this answer is about photos that are hidden; give it alone, without a picture"),
        (true, None) => {
            return usage("this answer is about a picture that everybody has; give that before it: zkimg verify PICTURE ANSWER");
        }
        _ => {}
    }
    if let Some((at, report)) = screen_photos(&captures, &reader.trust)
        && let Some(capture) = captures.get(at)
    {
        return outcome(&report, &Seen { capture, picture: None, proof: path }, reader);
    }
    let card = model::read_card(card)?;
    let answer = AnswerFile::from_bytes(&bytes).map_err(|error| refused(path, error))?;
    let picture = picture.map(public).transpose()?;
    let progress = Progress::start(session, "Verifying");
    let report = verify_answer(&answer, picture.as_ref(), &card, &reader.trust)
        .map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
    drop(progress);
    let by: Vec<Vouched<'_>> = (0..report.photos.len()).map(|at| reader.vouches(report.verdict, captures.get(at))).collect();
    let text = text(&report, path, &by, reader.trust.trusts_nobody());
    let mut fields = fields(serde_json::to_value(&report), &report.findings, path)?;
    let photos = fields.get_mut("photos").and_then(Value::as_array_mut).into_iter().flatten();
    for (photo, by) in photos.filter_map(Value::as_object_mut).zip(&by) {
        photo.insert("trusted_by".into(), by.named());
    }
    fields.insert("trust_store".into(), by.first().map_or(Value::Null, Vouched::kept));
    Ok(Outcome::new(code(report.verdict), text, fields.into()).with_verdict())
}

/// The first line: the verdict, and of whose photos.
fn title(report: &AnswerReport, name: &str) -> String {
    let notaries = report.photos.iter().filter(|photo| photo.source.as_ref().is_some_and(SourceReport::is_notary)).count();
    let after = after(report.photos.iter().flat_map(|photo| &photo.edits));
    let [one] = &report.photos[..] else {
        let many = report.photos.len();
        let captures = report.photos.iter().filter_map(|photo| photo.capture.as_ref()).collect::<BTreeSet<_>>().len();
        let photos = match captures {
            1 => format!("{many} photos of one capture"),
            some if some < many => format!("{many} photos of {some} captures"),
            _ => format!("{many} photos"),
        };
        return match report.verdict {
            Verdict::Trusted => {
                let whom = match notaries {
                    0 => "each from a camera you trust",
                    all if all == many => "each seen by a notary you trust",
                    _ => "each from a camera or seen by a notary you trust",
                };
                format!("VERIFIED: {name} is what the model makes of {photos}, {whom}{after}.\n")
            }
            Verdict::Untrusted => {
                format!("VALID, BUT NOT TRUSTED: the proof of {name} holds, but who signed its {many} photos is nobody you trust.\n")
            }
            _ => format!("NOT VALID: do not take {name} for what a model makes of photos.\n"),
        };
    };
    let signer = one.source.as_ref().map_or("camera", |source| source.role().name);
    match report.verdict {
        Verdict::Trusted if notaries > 0 => {
            format!("VERIFIED: {name} is what the model makes of a photo that a notary you trust has seen{after}.\n")
        }
        Verdict::Trusted => format!("VERIFIED: {name} is what the model makes of a photo from a camera you trust{after}.\n"),
        Verdict::Proved => format!("VERIFIED: {name} is what the model makes of this picture{after}. No camera answers for it.\n"),
        Verdict::Untrusted => format!("VALID, BUT NOT TRUSTED: the proof of {name} holds, but its {signer} is not one you trust.\n"),
        _ => format!("NOT VALID: do not take {name} for what a model makes of a photo.\n"),
    }
}

fn text(report: &AnswerReport, path: &Path, by: &[Vouched<'_>], nobody_trusted: bool) -> String {
    let mut text = title(report, &shown(path));
    text.push_str(&lines(&report.findings));
    let many = report.photos.len();
    for (at, (photo, by)) in report.photos.iter().zip(by).enumerate() {
        let wide = if many > 1 { "    " } else { "  " };
        if many > 1 {
            let said = photo.answer.as_ref().map_or_else(String::new, |answer| format!(": {answer}"));
            let _ = writeln!(text, "  photo {} of {many}{said}", at + 1);
        }
        text.push_str(&paragraph(wide, photo, by));
    }
    let holds = report.photos.iter().all(|photo| photo.answer.is_some());
    if !holds {
        return text;
    }
    let _ = writeln!(text, "  model {}, {}", report.model, vouched(report.model_signer.as_ref()));
    let _ = writeln!(text, "Not shown: {}.", report.not_shown.join("; "));
    if report.verdict == Verdict::Untrusted && nobody_trusted {
        let roles: BTreeSet<String> =
            report.photos.iter().filter_map(|photo| photo.source.as_ref()).map(|source| add(source.role())).collect();
        text.extend(roles);
    }
    text
}

/// Who signed a photo, and, if what is said of it holds, when, and what the model read of it.
fn paragraph(indent: &str, photo: &PhotoReport, by: &Vouched<'_>) -> String {
    let mut text = String::new();
    if let (Some(source), Some(capture)) = (&photo.source, &photo.capture) {
        text.push_str(&signed_by(indent, 0, source, capture));
        text.push_str(&by.line(indent, 0, source.role().option));
    }
    if photo.answer.is_none() {
        return text;
    }
    if let Some(source) = &photo.source {
        text.push_str(&signed_at(indent, 0, source, photo.captured));
        text.push_str(&said(indent, source));
    }
    text + &read_by(indent, photo.original, photo.read, &photo.words)
}

/// `zkimg inspect answer.zkimg`.
pub(crate) fn inspect(path: &Path, bytes: &[u8]) -> Result<Outcome, Failure> {
    let file = AnswerFile::from_bytes(bytes).map_err(|error| refused(path, error))?;
    let (mut text, mut all) = (String::new(), Map::new());
    let many = file.answers().len();
    let mut photos = Vec::with_capacity(many);
    for (at, (answer, capture)) in file.answers().iter().zip(file.captures().map(Some).chain(std::iter::repeat(None))).enumerate() {
        let (about, mut fields) = capture.map_or_else(Default::default, about);
        if many > 1 {
            let _ = writeln!(text, "photo {} of {many}", at + 1);
        }
        let _ = writeln!(text, "{about}  read       {}", size(&answer.picture()));
        let _ = writeln!(text, "  answer     {}", answer.shown());
        edited(&mut text, &mut fields, answer.edits());
        fields.insert("answer".into(), json!(answer.shown()));
        photos.push(Value::Object(fields));
    }
    let _ = writeln!(text, "  model      {}", hex(file.card()));
    lengths(&mut text, &mut all, [bytes.len(), file.commitment_bytes(), file.proof_bytes()]);
    text.push_str(UNCHECKED);
    all.insert("photos".into(), photos.into());
    all.insert("model".into(), json!(hex(file.card())));
    finish("answer", "what is said that a network made of what is hidden", text, all)
}
