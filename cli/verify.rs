//! `zkimg verify`: is this picture what it claims to be?

use crate::describe::{links, utc};
use crate::outcome::{Code, Failure, Outcome, shown};
use crate::progress::Progress;
use crate::session::Session;
use crate::input;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use zkimg_pipeline::image::announced;
use zkimg_pipeline::{PictureError, ProofFile, Report, Trust, Unverified, Verdict, verify_file, verify_hidden};

const EXAMPLES: &str = "\
Examples:
  zkimg verify edited.png --trust camera.pub
      looks for the proof in edited.zkimg
  zkimg verify download.png proof.zkimg --trust canon.pub --trust press-cameras.pub
  zkimg verify published.png --trust camera.pub --people anna.pub --people desk.pub
      also says which names of a chain are confirmed by the keys of people you know; the others are only claimed
  zkimg verify desk.zkimg --trust camera.pub
      a chain whose picture is still hidden, before you go on from it
  zkimg verify edited.png --trust camera.pub --json

Exit codes: 0 valid and from a trusted camera, 1 not valid, 3 no proof or a file that cannot be read,
5 valid, but the camera is not among those given with --trust.";

/// Check a picture against its proof
#[derive(Default, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The published picture, or the proof of one that is still hidden
    #[arg(value_name = "PICTURE")]
    pub picture: PathBuf,
    /// Its proof; the picture's name ending in .zkimg if left out
    #[arg(value_name = "PROOF")]
    pub proof: Option<PathBuf>,
    /// Public key of a camera you trust, or a list of them; may be repeated
    #[arg(long, value_name = "FILE")]
    pub trust: Vec<PathBuf>,
    /// Public key of a person you know, who may have signed a link; may be repeated
    #[arg(long, value_name = "FILE")]
    pub people: Vec<PathBuf>,
}

pub fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let trust = input::trust(&args.trust, &args.people)?;
    let alone = args.proof.is_none() && input::begins_with(&args.picture, b"zkimgprf");
    let (report, proof) = if alone { hidden(args, &trust, session)? } else { shown_picture(args, &trust, session)? };
    let code = match report.verdict {
        Verdict::Trusted => Code::Ok,
        Verdict::Untrusted => Code::Untrusted,
        Verdict::Invalid => Code::Invalid,
    };
    let text = text(&report, &args.picture, args.trust.is_empty());
    let mut fields = serde_json::to_value(&report).map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
    if let Value::Object(fields) = &mut fields {
        fields.insert("picture".into(), if alone { Value::Null } else { json!(shown(&args.picture)) });
        fields.insert("proof".into(), json!(shown(&proof)));
    }
    Ok(Outcome::new(code, text, fields))
}

/// A picture with its proof.
fn shown_picture(args: &Args, trust: &Trust, session: &Session) -> Result<(Report, PathBuf), Failure> {
    let picture = input::photo(&args.picture)?;
    // Of a file that is no picture, nothing else is worth saying.
    announced(&picture).map_err(|error| unreadable(args, &error))?;
    let path = args.proof.clone().unwrap_or_else(|| args.picture.with_extension("zkimg"));
    let proof = load_proof(&path, &args.picture)?;
    let _progress = Progress::start(session, "Verifying");
    let report = verify_file(&picture, &proof, trust).map_err(|error| match error {
        Unverified::Picture(error) => unreadable(args, &error),
        Unverified::Parameters(error) => Failure::new(Code::Operational, error.to_string()),
    })?;
    Ok((report, path))
}

fn unreadable(args: &Args, error: &PictureError) -> Failure {
    Failure::at(Code::Unsupported, &args.picture, error)
}

/// A chain whose picture is still hidden.
fn hidden(args: &Args, trust: &Trust, session: &Session) -> Result<(Report, PathBuf), Failure> {
    let proof = input::proof(&args.picture)?;
    if !proof.is_hidden() {
        let what = "this is the proof of a published picture; give the picture, too: zkimg verify PICTURE PROOF";
        return Err(Failure::at(Code::Usage, &args.picture, what));
    }
    let _progress = Progress::start(session, "Verifying");
    let report = verify_hidden(&proof, trust).map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
    Ok((report, args.picture.clone()))
}

fn load_proof(path: &Path, picture: &Path) -> Result<ProofFile, Failure> {
    if !path.exists() {
        let sentence = format!("there is no proof for {}: {} does not exist; get the .zkimg file that was published with the picture", shown(picture), shown(path));
        return Err(Failure::new(Code::Unsupported, sentence));
    }
    input::proof(path)
}

fn text(report: &Report, file: &Path, nobody_trusted: bool) -> String {
    let name = shown(file);
    let what = if report.hidden { "hands on a hidden picture" } else { "is an edited picture" };
    let mut text = match report.verdict {
        Verdict::Trusted => format!("VERIFIED: {name} {what} from a camera you trust.\n"),
        Verdict::Untrusted => format!("VALID, BUT NOT TRUSTED: the proof of {name} holds, but its camera is not one you trust.\n"),
        Verdict::Invalid => format!("NOT VALID: do not take {name} for what it claims to be.\n"),
    };
    for check in &report.checks {
        let _ = writeln!(text, "  {} {:9} {}", if check.passed { "✓" } else { "✗" }, check.name, check.detail);
    }
    let _ = writeln!(text, "  camera {}", report.device);
    if report.verdict == Verdict::Invalid {
        return text;
    }
    if let Some(time) = report.captured {
        let _ = writeln!(text, "  signed {} by the camera's clock", utc(time));
    }
    let (from, to) = (report.original, report.published);
    let _ = writeln!(text, "  {} × {} pixels became {} × {} by", from.width, from.height, to.width, to.height);
    let _ = writeln!(text, "{}", links(&report.links));
    if report.verdict == Verdict::Untrusted && nobody_trusted {
        text.push_str("If you know whose camera this is, add --trust with its public key.\n");
    }
    text
}
