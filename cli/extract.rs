//! `zkimg extract`: the proof inside a picture, as a file of its own.

use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::session::Session;
use serde_json::json;
use std::path::PathBuf;
use zkimg_files::input::{self, PictureBegun};
use zkimg_files::{Access, Outputs, stem};

const EXAMPLES: &str = "\
Examples:
  zkimg extract edited.png
      writes edited.zkimg; the picture stays as it is
  zkimg extract edited.png --out proof.zkimg

For sites that take out of a picture what they do not know: publish the .zkimg file as well, and readers check
the picture with it, `zkimg verify edited.png edited.zkimg`.";

/// Write the proof inside a picture to a file of its own
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The published picture
    #[arg(value_name = "PICTURE")]
    pub picture: PathBuf,
    /// Where to write the proof; the picture's name ending in .zkimg if left out
    #[arg(long, value_name = "FILE.zkimg")]
    pub out: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long)]
    pub force: bool,
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let Some(proof) = PictureBegun::open(&args.picture, false)?.proof_begun()? else {
        return Err(Failure::at(
            Code::Unsupported,
            &args.picture,
            "there is no proof inside this picture; get the file as it was published",
        ));
    };
    let proof = input::finish(proof, &args.picture)?.to_bytes();
    let out = args.out.clone().map_or_else(|| stem(&args.picture).map(|picture| picture.with_extension("zkimg")), Ok)?;
    Outputs::stage(&session.writer, args.force, &[&args.picture], &[(&out, Access::Public)])?.finish(&[&proof])?;
    let text = format!("Wrote {} ({} bytes), the proof inside {}.", shown(&out), proof.len(), shown(&args.picture));
    Ok(Outcome::new(Code::Ok, text, json!({"picture": lossy(&args.picture), "proof": lossy(&out), "proof_bytes": proof.len()})))
}
