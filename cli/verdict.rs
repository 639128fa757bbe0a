//! What `zkimg verify` is asked, of whatever kind of file, and how it says what was found.

use crate::describe::links;
use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::trusted::{Reader, TrustArgs, Vouched};
use crate::words;
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use zkimg_pipeline::{Finding, Report, Role, SignedCapture, SourceReport, Verdict};
use zkimg_report::{Verdicts, exif, testimony, utc};

const EXAMPLES: &str = "\
Examples:
  zkimg verify edited.png --trust camera.pub
      the proof is inside the picture; if there is an edited.zkimg beside it, both must hold the same one
      of `zkimg verify edited.zkimg`, the picture is looked for in edited.png
  zkimg verify download.png proof.zkimg --trust canon.pub --trust press-cameras.pub
  zkimg verify published.png --trust camera.pub --people anna.pub --people desk.pub
      also says which names of a chain are confirmed by the keys of people you know; the others are only claimed
  zkimg verify edited.jpg --notaries desk.pub
      a photo that no zkimg camera signed, but somebody you trust has seen; what they say of it is shown
  zkimg verify desk.zkimg --trust camera.pub
      a chain whose picture is still hidden, before you go on from it
  zkimg verify answer.zkimg --trust camera.pub --model person.card
      what a network made of a hidden photo, from `zkimg infer`
  zkimg verify picture.png answer.zkimg --model person.card
      what a hidden network made of a picture that everybody has, from `zkimg infer --input`
  zkimg verify match.zkimg --trust camera.pub --model face.card --enrolled anna.enrolled
      that a hidden photo shows an enrolled face, from `zkimg face match`
  zkimg verify edited.png --trust camera.pub --report edited.html
      also writes the verdict as a page to read, print and keep, with a drawing of where the picture lay in the photo
  zkimg verify edited.png --trust camera.pub --json
  zkimg verify *.png --trust camera.pub
      a line for each, faster than one by one, and how many hold; with --json an object for each and one for all (JSON Lines)

Two files of which the second is no picture are a picture and its proof, whatever their names. In all other cases each file stands for
itself, with the proof inside or beside it; a proof that lies beside a picture that is given, too, is looked at with that picture.
- is standard input: a picture, or a proof that is still hidden; `zkimg verify - proof.zkimg` and `zkimg verify picture.png -` work, too.
With --each that is so for one and for two files as well: for scripts whose files come from a pattern.

Exit codes of many are the worst: the first of 1, 4, 3, 2, 5, 0 that a file has.
Exit codes: 0 valid and from a trusted camera or notary, 1 not valid, 3 no proof or a file that cannot be read,
5 the camera is not among those given with --trust, or the notary not among those given with --notaries, and nothing else was checked;
or valid, and none was given.";

/// Check a picture, or a model's answer about one, against its proof
#[derive(Clone, Default, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The published picture, or its proof if the picture lies beside it or is still hidden, or a model's answer; behind a picture its
    /// proof, if that is neither inside nor beside it under the picture's name; or many files, each for itself
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Take each file for itself, and answer with a line for each, whatever their number
    #[arg(long)]
    pub each: bool,
    #[command(flatten)]
    pub keys: TrustArgs,
    /// The card of the model whose answer, match or enrolled face is checked
    #[arg(long, value_name = "FILE.card")]
    pub model: Option<PathBuf>,
    /// The enrolled face that a match is about
    #[arg(long, value_name = "FILE.enrolled")]
    pub enrolled: Option<PathBuf>,
    /// Also write what was found as a page to read and print
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Replace an existing report
    #[arg(long, requires = "report")]
    pub force: bool,
}

impl Args {
    /// The picture, or the file that is looked at alone.
    pub(crate) fn picture(&self) -> &Path {
        self.files.first().map_or(Path::new(""), PathBuf::as_path)
    }

    /// Its proof, if that was given, too.
    pub(crate) fn proof(&self) -> Option<&Path> {
        self.files.get(1).map(PathBuf::as_path)
    }

    /// The same question about a file alone.
    pub(crate) fn about(&self, file: &Path) -> Args {
        Args { files: vec![file.to_owned()], each: false, ..self.clone() }
    }
}

/// The exit code that a verdict has.
pub(crate) fn code(verdict: Verdict) -> Code {
    match verdict {
        Verdict::Trusted | Verdict::Proved => Code::Ok,
        Verdict::Untrusted | Verdict::Unchecked => Code::Untrusted,
        _ => Code::Invalid,
    }
}

/// What every check found, for programs.
fn checks(findings: &[Finding]) -> Value {
    let check = |found: &Finding| json!({"name": found.checked().name(), "detail": words::finding(found), "passed": found.holds()});
    findings.iter().map(check).collect()
}

/// The same for people, a line each.
pub(crate) fn lines(findings: &[Finding]) -> String {
    let line = |found: &Finding| {
        let mark = if found.holds() { "✓" } else { "✗" };
        format!("  {mark} {:9} {}\n", found.checked().name(), words::finding(found))
    };
    findings.iter().map(line).collect()
}

/// A report as an object, with what every check found and the file that was checked.
pub(crate) fn fields(report: serde_json::Result<Value>, findings: &[Finding], proof: &Path) -> Result<Map<String, Value>, Failure> {
    let report = report.map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
    let mut fields = if let Value::Object(fields) = report { fields } else { Map::new() };
    fields.insert("checks".into(), checks(findings));
    fields.insert("proof".into(), json!(lossy(proof)));
    Ok(fields)
}

/// What is known of a report's files: the signed capture, and where picture and proof are.
pub(crate) struct Seen<'a> {
    pub capture: &'a SignedCapture,
    pub picture: Option<&'a Path>,
    pub proof: &'a Path,
}

/// A report in words and as an object.
pub(crate) fn outcome(report: &Report, seen: &Seen<'_>, reader: &Reader) -> Result<Outcome, Failure> {
    let vouched = reader.vouches(report.verdict, Some(seen.capture));
    let text = text(report, seen.picture.unwrap_or(seen.proof), &vouched, reader.trust.trusts_nobody());
    let mut fields = fields(serde_json::to_value(report), &report.findings, seen.proof)?;
    fields.insert("picture".into(), seen.picture.map_or(Value::Null, |path| json!(lossy(path))));
    vouched.put(&mut fields, "trusted_by");
    Ok(Outcome::new(code(report.verdict), text, fields.into()).with_verdict())
}

fn text(report: &Report, file: &Path, vouched: &Vouched<'_>, nobody_trusted: bool) -> String {
    let name = shown(file);
    let Verdicts { title, before, after } = Verdicts::of(report);
    let mut text = format!("{title}: {before}{name}{after}\n");
    text.push_str(&lines(&report.findings));
    text.push_str(&signed_by("  ", 0, &report.source, &report.capture));
    text.push_str(&vouched.line("  ", 0, report.source.role().option));
    let Some(to) = report.published.filter(|_| matches!(report.verdict, Verdict::Trusted | Verdict::Untrusted)) else { return text };
    text.push_str(&signed_at("  ", 0, &report.source, report.captured));
    exif(&report.shown).iter().for_each(|line| text.push_str(&format!("  {line}\n")));
    text.push_str(&said("  ", &report.source));
    let from = report.original;
    let _ = writeln!(text, "  {} × {} pixels became {} × {} by", from.width, from.height, to.width, to.height);
    let _ = writeln!(text, "{}", links(&report.links));
    if report.verdict == Verdict::Untrusted && nobody_trusted {
        text.push_str(&add(report.source.role()));
    }
    text
}

/// Whose key signed a capture, and which capture it is; names are as wide as is given, at the least.
pub(crate) fn signed_by(indent: &str, wide: usize, source: &SourceReport, capture: &str) -> String {
    format!("{indent}{:wide$} {}\n{indent}{:wide$} {capture}\n", source.role().name, source.key, "capture")
}

/// When it was signed, if that is shown.
pub(crate) fn signed_at(indent: &str, wide: usize, source: &SourceReport, time: Option<u64>) -> String {
    time.map_or_else(String::new, |time| format!("{indent}{:wide$} {} by the {}'s clock\n", "signed", utc(time), source.role().name))
}

/// What a notary says they saw, and what that does not prove; nothing of a camera's capture.
pub(crate) fn said(indent: &str, source: &SourceReport) -> String {
    let mut text: String = testimony(source).iter().map(|sentence| format!("{indent}{sentence}\n")).collect();
    if source.is_notary() {
        let all: String = source.not_proved().iter().map(|sentence| format!("{indent}  {sentence}\n")).collect();
        text.push_str(&format!("{indent}not proved:\n{all}"));
    }
    text
}

/// What a reader may do who named nobody.
pub(crate) fn add(Role { name, option }: Role) -> String {
    let whose = if name == "notary" { "who this notary is" } else { "whose camera this is" };
    format!("If you know {whose}, add {option} with the public key, or keep it: `zkimg trust add`.\n")
}
