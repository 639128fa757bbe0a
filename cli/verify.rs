//! `zkimg verify`: is this picture what it claims to be?

use crate::describe::{numbered, utc};
use crate::outcome::{Code, Failure, Outcome, shown};
use crate::progress::Progress;
use crate::session::Session;
use crate::input;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use zkimg_pipeline::{ProofFile, Report, Verdict};

/// Longer than any proof file.
pub const PROOF: u64 = 256 << 20;

const EXAMPLES: &str = "\
Examples:
  zkimg verify edited.png --trust camera.pub
      looks for the proof in edited.zkimg
  zkimg verify download.png proof.zkimg --trust canon.pub --trust press-cameras.pub
  zkimg verify edited.png --trust camera.pub --json

Exit codes: 0 valid and from a trusted camera, 1 not valid, 3 no proof or a file that cannot be read,
5 valid, but the camera is not among those given with --trust.";

/// Check a picture against its proof
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The published picture
    #[arg(value_name = "PICTURE")]
    pub picture: PathBuf,
    /// Its proof; the picture's name ending in .zkimg if left out
    #[arg(value_name = "PROOF")]
    pub proof: Option<PathBuf>,
    /// Public key of a camera you trust, or a list of them; may be repeated
    #[arg(long, value_name = "FILE")]
    pub trust: Vec<PathBuf>,
}

pub fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let trusted = input::trusted(&args.trust)?;
    let picture = input::picture(&args.picture)?;
    let beside = args.picture.with_extension("zkimg");
    let path = args.proof.as_ref().unwrap_or(&beside);
    let proof = load_proof(path, &args.picture)?;
    let progress = Progress::start(session, "Verifying");
    let report = zkimg_pipeline::verify(&picture, &proof, &trusted).map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
    drop(progress);
    let code = match report.verdict {
        Verdict::Trusted => Code::Ok,
        Verdict::Untrusted => Code::Untrusted,
        Verdict::Invalid => Code::Invalid,
    };
    let text = text(&report, &args.picture, args.trust.is_empty());
    let mut fields = serde_json::to_value(&report).map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
    if let Value::Object(fields) = &mut fields {
        fields.insert("picture".into(), json!(shown(&args.picture)));
        fields.insert("proof".into(), json!(shown(path)));
    }
    Ok(Outcome::new(code, text, fields))
}

fn load_proof(path: &Path, picture: &Path) -> Result<ProofFile, Failure> {
    if !path.exists() {
        let sentence = format!("there is no proof for {}: {} does not exist; get the .zkimg file that was published with the picture", shown(picture), shown(path));
        return Err(Failure::new(Code::Unsupported, sentence));
    }
    ProofFile::from_bytes(&input::read(path, PROOF)?).map_err(|error| Failure::at(Code::Unsupported, path, error))
}

fn text(report: &Report, picture: &Path, nobody_trusted: bool) -> String {
    let name = shown(picture);
    let mut text = match report.verdict {
        Verdict::Trusted => format!("VERIFIED: {name} is an edited picture from a camera you trust.\n"),
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
    let _ = writeln!(text, "{}", numbered(&report.edits));
    if report.verdict == Verdict::Untrusted && nobody_trusted {
        text.push_str("If you know whose camera this is, add --trust with its public key.\n");
    }
    text
}
