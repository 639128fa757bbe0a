//! Enrolled faces and matches: `zkimg verify` and `zkimg inspect` of them.

use crate::describe::{about, after, finish, read_by, refused, rest, size, vouched};
use crate::model;
use crate::outcome::{Code, Failure, Outcome, shown};
use crate::progress::Progress;
use crate::session::Session;
use crate::trusted::{Reader, Vouched};
use crate::verdict::{Args, Seen, code, fields, lines, outcome, said, signed_at, signed_by};
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::path::Path;
use zeroize::Zeroizing;
use zkimg_files::{hex, input};
use zkimg_pipeline::face::{
    Enrolled, EnrolledReport, EnrolmentReport, MatchFile, MatchReport, Portrait, Template, verify_enrolled, verify_match,
};
use zkimg_pipeline::{Finding, Trust, Verdict, screen};

/// Both hold the rows of a photo and a proof.
const LIMIT: u64 = 256 << 20;

/// A file about a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Enrolled,
    Match,
}

/// Which file about a face it begins as, if it does.
pub(crate) fn kind(path: &Path) -> Option<Kind> {
    let begins = |magic| input::begins_with(path, magic);
    match (begins(b"zkimgenr"), begins(b"zkimgmat")) {
        (true, _) => Some(Kind::Enrolled),
        (_, true) => Some(Kind::Match),
        _ => None,
    }
}

/// An enrolled face.
pub(super) fn read_enrolled(path: &Path) -> Result<Enrolled, Failure> {
    Enrolled::from_bytes(&enrolled_bytes(path)?).map_err(|error| refused(path, error))
}

fn enrolled_bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    if input::begins_with(path, b"zkimgtpl") {
        let what = "this is a secret template, which belongs to whoever enrolled alone; give the public .enrolled file";
        return Err(Failure::at(Code::Unsupported, path, what));
    }
    input::read(path, LIMIT)
}

/// The signed capture first, then everything else.
pub(crate) fn run(kind: Kind, args: &Args, reader: &Reader, session: &Session) -> Result<Outcome, Failure> {
    let path = args.picture();
    let usage = |what: &str| Err(Failure::at(Code::Usage, path, what));
    let Some(card) = &args.model else {
        return usage("this is about a face, and the model's card is needed to check it; add --model with the .card file");
    };
    if args.proof().is_some() {
        return usage("this is about a face, and one file; give it alone, with --trust or --notaries, and --model");
    }
    let bytes = input::read(path, LIMIT)?;
    let capture = match kind {
        Kind::Enrolled => Enrolled::capture_of(&bytes),
        Kind::Match => MatchFile::capture_of(&bytes),
    };
    let capture = capture.map_err(|error| refused(path, error))?;
    let trust = &reader.trust;
    if let Some(report) = screen(&capture, trust) {
        return outcome(&report, &Seen { capture: &capture, picture: None, proof: path }, reader);
    }
    let damaged = |error: &dyn std::fmt::Display| Failure::new(Code::Operational, error.to_string());
    match (kind, &args.enrolled) {
        (Kind::Enrolled, Some(_)) => usage("this is an enrolled face itself; give it alone, or the match, and --enrolled with this file"),
        (Kind::Enrolled, None) => {
            let card = model::read_card(card)?;
            let enrolled = Enrolled::from_bytes(&bytes).map_err(|error| refused(path, error))?;
            let progress = Progress::start(session, "Verifying");
            let report = verify_enrolled(&enrolled, &card, trust).map_err(|error| damaged(&error))?;
            drop(progress);
            let by = reader.vouches(report.verdict, Some(&capture));
            let text = enrolled_text(&report, path, &by);
            let mut fields = fields(serde_json::to_value(&report), &report.findings, path)?;
            by.put(&mut fields, "trusted_by");
            Ok(Outcome::new(code(report.verdict), text, fields.into()).with_verdict())
        }
        (Kind::Match, None) => {
            usage("this is a match, and the enrolled face is needed to check it; add --enrolled with the .enrolled file")
        }
        (Kind::Match, Some(enrolled)) => {
            let bytes_enrolled = enrolled_bytes(enrolled)?;
            let portrait = Enrolled::capture_of(&bytes_enrolled).map_err(|error| refused(enrolled, error))?;
            if let Some(report) = screen(&portrait, trust) {
                return outcome(&report, &Seen { capture: &portrait, picture: None, proof: enrolled }, reader);
            }
            let card = model::read_card(card)?;
            let enrolled = Enrolled::from_bytes(&bytes_enrolled).map_err(|error| refused(enrolled, error))?;
            let matched = MatchFile::from_bytes(&bytes).map_err(|error| refused(path, error))?;
            let progress = Progress::start(session, "Verifying");
            let report = verify_match(&matched, &enrolled, &card, trust).map_err(|error| damaged(&error))?;
            drop(progress);
            let [by, enrolled_by] = [&capture, enrolled.capture()].map(|capture| reader.vouches(report.verdict, Some(capture)));
            let text = match_text(&report, path, &by, &enrolled_by);
            let mut fields = fields(serde_json::to_value(&report), &report.findings, path)?;
            by.put(&mut fields, "trusted_by");
            enrolled_by.put(&mut fields, "enrolment_trusted_by");
            Ok(Outcome::new(code(report.verdict), text, fields.into()).with_verdict())
        }
    }
}

/// The first line, and what every check found; whether there is more to say.
fn begun(verdict: Verdict, findings: &[Finding], path: &Path, holds: &str, photos: &[&Portrait]) -> (String, bool) {
    let name = shown(path);
    let from = match photos {
        [one] if one.source.is_notary() => "seen by a notary you trust",
        [_] => "from a camera you trust",
        all if all.iter().all(|photo| photo.source.is_notary()) => "both seen by notaries you trust",
        all if all.iter().any(|photo| photo.source.is_notary()) => "one photo from a camera and one seen by a notary, whom you trust",
        _ => "both from cameras you trust",
    };
    let signer = match photos {
        all if all.iter().all(|photo| photo.source.is_notary()) => "notary",
        all if all.iter().any(|photo| photo.source.is_notary()) => "camera or notary",
        _ => "camera",
    };
    let after = after(photos.iter().flat_map(|photo| &photo.edits));
    let mut text = match verdict {
        Verdict::Trusted => format!("VERIFIED: {name} {holds}, {from}{after}.\n"),
        Verdict::Untrusted => format!("VALID, BUT NOT TRUSTED: the proof of {name} holds, but no {signer} is one you trust.\n"),
        Verdict::Unchecked => format!("NOT TRUSTED: a {signer} of {name} is not one you trust, so its proof was not checked.\n"),
        _ => format!("NOT VALID: do not take {name} for what it says about a face.\n"),
    };
    text.push_str(&lines(findings));
    (text, matches!(verdict, Verdict::Trusted | Verdict::Untrusted))
}

fn match_text(report: &MatchReport, path: &Path, by: &Vouched<'_>, enrolled_by: &Vouched<'_>) -> String {
    let holds = "shows the enrolled face as far as the model can tell";
    let (mut text, more) = begun(report.verdict, &report.findings, path, holds, &[&report.photo, &report.enrolled.portrait]);
    if !more {
        return text;
    }
    if let Some(threshold) = report.at_least {
        let _ = writeln!(text, "  cosine   at least {threshold}");
    }
    text.push_str(&portrait("photo", &report.photo, by));
    text.push_str(&enrolment(&report.enrolled, enrolled_by));
    let _ = writeln!(text, "  model    {}, {}", report.model, vouched(report.model_signer.as_ref()));
    let _ = writeln!(text, "Not shown: {}.", report.not_shown.join("; "));
    text
}

fn enrolled_text(report: &EnrolledReport, path: &Path, by: &Vouched<'_>) -> String {
    let holds = "is what the model makes of a signed photo";
    let (mut text, more) = begun(report.verdict, &report.findings, path, holds, &[&report.enrolment.portrait]);
    if !more {
        return text;
    }
    text.push_str(&enrolment(&report.enrolment, by));
    let _ = writeln!(text, "  model    {}, {}", report.model, vouched(report.model_signer.as_ref()));
    let _ = writeln!(text, "Not shown: {}.", report.not_shown.join("; "));
    text
}

fn enrolment(enrolment: &EnrolmentReport, by: &Vouched<'_>) -> String {
    let mut text = portrait("enrolled", &enrolment.portrait, by);
    let _ = writeln!(text, "    digest   {}", enrolment.digest);
    let _ = match &enrolment.signer {
        None => writeln!(text, "    who enrolled is not known"),
        some => writeln!(text, "    enrolment {}", vouched(some.as_ref())),
    };
    text
}

/// A photo of a face: who signed it, capture, edits.
fn portrait(name: &str, portrait: &Portrait, by: &Vouched<'_>) -> String {
    let mut text = format!("  {name}\n{}", signed_by("    ", 8, &portrait.source, &portrait.capture));
    text.push_str(&by.line("    ", 8, portrait.source.role().option));
    text.push_str(&signed_at("    ", 8, &portrait.source, portrait.captured));
    text.push_str(&said("    ", &portrait.source));
    text + &read_by("    ", portrait.original, portrait.read, &portrait.words)
}

/// `zkimg inspect anna.enrolled`.
pub(crate) fn inspect_enrolled(path: &Path, bytes: &[u8]) -> Result<Outcome, Failure> {
    let (text, fields) = described(&Enrolled::from_bytes(bytes).map_err(|error| refused(path, error))?, bytes.len());
    finish("enrolled face", "what is said that a network made of a hidden portrait; what it made is hidden, too", text, fields)
}

/// `zkimg inspect anna.template`: the public half in it alone.
pub(crate) fn inspect_template(path: &Path, bytes: &[u8]) -> Result<Outcome, Failure> {
    let template = Template::from_bytes(bytes).map_err(|error| refused(path, error))?;
    let (text, fields) = described(template.enrolled(), template.enrolled().to_bytes().len());
    finish("template", "a template (secret: it is as good as the face; share it with nobody); its public half is", text, fields)
}

fn described(file: &Enrolled, length: usize) -> (String, Map<String, Value>) {
    let (mut text, mut fields) = about(file.capture());
    let signer = file.signer(&Trust::default());
    let _ = writeln!(text, "  digest     {}", hex(file.digest()));
    let _ = writeln!(text, "  template   {}", hex(file.template()));
    let _ = writeln!(text, "  model      {}", hex(file.card()));
    let _ = writeln!(text, "  read       {}", size(&file.picture()));
    let _ = match &signer {
        None => writeln!(text, "  who enrolled is not known"),
        some => writeln!(text, "  enrolment  {}", vouched(some.as_ref())),
    };
    rest(&mut text, &mut fields, file.edits(), [length, file.commitment_bytes(), file.proof_bytes()]);
    for (name, value) in [
        ("digest", json!(hex(file.digest()))),
        ("template", json!(hex(file.template()))),
        ("model", json!(hex(file.card()))),
        ("signer", json!(signer)),
    ] {
        fields.insert(name.into(), value);
    }
    (text, fields)
}

/// `zkimg inspect match.zkimg`.
pub(crate) fn inspect_match(path: &Path, bytes: &[u8]) -> Result<Outcome, Failure> {
    let file = MatchFile::from_bytes(bytes).map_err(|error| refused(path, error))?;
    let (mut text, mut fields) = about(file.capture());
    let _ = writeln!(text, "  enrolled   {}", hex(file.enrolled()));
    let _ = writeln!(text, "  cosine     at least {}", file.threshold());
    let _ = writeln!(text, "  model      {}", hex(file.card()));
    let _ = writeln!(text, "  read       {}", size(&file.picture()));
    rest(&mut text, &mut fields, file.edits(), [bytes.len(), file.commitment_bytes(), file.proof_bytes()]);
    for (name, value) in
        [("enrolled", json!(hex(file.enrolled()))), ("at_least", json!(file.threshold().to_string())), ("model", json!(hex(file.card())))]
    {
        fields.insert(name.into(), value);
    }
    finish("match", "what is said that a hidden photo has in common with an enrolled face", text, fields)
}
