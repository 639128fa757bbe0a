//! `zkimg face`: a face is enrolled, and found again on another photo, with both photos hidden.

mod compare;
mod enrol;
mod report;

use crate::outcome::{Code, Failure, Outcome};
use crate::session::Session;
use std::path::Path;
use zkimg_files::words;
use zkimg_pipeline::face::FaceError;

pub(crate) use report::{inspect_enrolled, inspect_match, inspect_template, kind, run as verify};

const EXAMPLES: &str = "\
Examples:
  zkimg model import face.tflite --out face --embedding --threshold 0.58
      a network that makes embeddings, and the only cosine at which two of them may be compared
  zkimg face enrol portrait.negative --model face.model --edit crop=400x400+200+80 --edit resize=224x224 --out anna
      writes anna.template (secret) and anna.enrolled (public)
  zkimg face match photo.negative --model face.model --template anna.template --edit crop=300x300+10+20 --edit resize=224x224 --threshold 0.58 --out match
      writes match.zkimg: the photo, cropped so, has an embedding whose cosine with Anna's is at least 0.58, and nothing else
  zkimg verify match.zkimg --trust camera.pub --model face.card --enrolled anna.enrolled";

/// Of `--edit`: not every edit may come before a face.
const EDITS: &str = "An edit in words: crop, resize, rotate, flip or grayscale; repeat it for more edits, in order";

/// Enrol a face, or prove that a signed photo shows an enrolled one; both photos stay secret
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    Enrol(enrol::Args),
    Match(compare::Args),
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    match &args.verb {
        Verb::Enrol(args) => enrol::run(args, session),
        Verb::Match(args) => compare::run(args, session),
    }
}

/// Why no face was enrolled or compared.
fn refused(negative: &Path, error: &FaceError) -> Failure {
    match error {
        FaceError::Recipe(error) => Failure::new(Code::Usage, words::recipe(error)),
        FaceError::Face(_) | FaceError::OtherModel | FaceError::Template => Failure::new(Code::Usage, error.to_string()),
        FaceError::HandedOn | FaceError::Zeros | FaceError::SameCapture => Failure::at(Code::Usage, negative, error),
        FaceError::Below(_) => Failure::at(Code::Invalid, negative, error),
        _ => Failure::new(Code::Operational, error.to_string()),
    }
}
