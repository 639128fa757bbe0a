//! `zkimg embed`: a proof from a file of its own into its picture.

use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::session::Session;
use crate::words;
use serde_json::json;
use std::path::PathBuf;
use zkimg_files::{Access, Outputs, input};
use zkimg_pipeline::{Trust, Verdict, embed, verify_file};

const EXAMPLES: &str = "\
Examples:
  zkimg embed edited.png edited.zkimg --out published.png
      published.png is edited.png with the proof inside; every other byte of it is the same

The picture must be the proof's. It may be any PNG, WebP or JPEG file that `zkimg verify` takes, with its texts and its profile.";

/// Put a proof into its picture's file
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The published picture
    #[arg(value_name = "PICTURE")]
    pub picture: PathBuf,
    /// Its proof
    #[arg(value_name = "PROOF")]
    pub proof: PathBuf,
    /// Where to write the picture with the proof inside
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Replace an existing file
    #[arg(long)]
    pub force: bool,
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let unreadable = |error: &dyn std::fmt::Display| Failure::at(Code::Unsupported, &args.picture, error);
    let picture = input::photo(&args.picture)?;
    let proof = input::proof(&args.proof)?;
    let outputs = Outputs::stage(&session.writer, args.force, &[&args.picture, &args.proof], &[(&args.out, Access::Public)])?;
    let carrying = embed(&picture, &proof.to_bytes()).map_err(|error| unreadable(&error))?;
    // Whom a reader trusts is theirs to say; that the two belong together is found out here.
    let report = verify_file(&carrying, &proof, &Trust::default()).map_err(|error| unreadable(&error))?;
    if report.verdict == Verdict::Invalid {
        let why = report.findings.last().map(words::finding).unwrap_or_default();
        return Err(Failure::new(Code::Invalid, format!("{} is not the picture of {}: {why}", shown(&args.picture), shown(&args.proof))));
    }
    outputs.finish(&[&carrying])?;
    let text = format!("Wrote {}: {} with the proof inside; publish that one file.", shown(&args.out), shown(&args.picture));
    Ok(Outcome::new(Code::Ok, text, json!({"picture": lossy(&args.out)})))
}
