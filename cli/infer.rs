//! `zkimg infer`: what a network makes of a photo, proved, with photo and weights hidden.

use crate::describe::made_by;
use crate::keygen::ending_in_zkimg;
use crate::model;
use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::progress::Progress;
use crate::recipe::EditArgs;
use crate::session::Session;
use serde_json::json;
use std::path::{Path, PathBuf};
use zkimg_files::{Access, Outputs, hex, input, words};
use zkimg_pipeline::answer::{InferError, Inference};

const EXAMPLES: &str = "\
Examples:
  zkimg infer photo.negative --model person.model --edit resize=96x96 --edit grayscale --show class --out answer
      writes answer.zkimg, which says which class the network gives the photo, and nothing else of the scores
  zkimg infer photo.negative --model person.model --edit crop=1:1 --edit resize=96x96 --edit grayscale --show scores --out answer
  zkimg infer --input picture.png --model dogs.model --edit resize=160x160 --show top5 --out answer
      about a picture that everybody has; no camera answers for it
  zkimg verify answer.zkimg --trust camera.pub --model person.card
      whoever checks it needs the camera's key and the model's card

Everyone will see the answer, the edits with their numbers, and the sizes of photo and picture. Photo and weights stay
secret; so does the edited picture. Two answers about one photo can be seen to be about the same capture.
Scores tell more than they seem to: enough of them give away the last layer of a network, and what a network makes of a face
(an embedding) is as good as the face. Show a class where that is enough.";

/// Ask a network about a signed photo, and prove its answer
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The photo's negative, from `zkimg attest`
    #[arg(value_name = "NEGATIVE", required_unless_present = "input", conflicts_with = "input")]
    pub negative: Option<PathBuf>,
    /// A picture that everybody has, in place of a signed photo
    #[arg(long, value_name = "PICTURE")]
    pub input: Option<PathBuf>,
    /// The secret model, from `zkimg model import`
    #[arg(long, value_name = "FILE.model")]
    pub model: PathBuf,
    #[command(flatten)]
    pub edits: EditArgs,
    /// What to show: the class with the greatest score, the five classes with the greatest scores in order, or all scores
    #[arg(long, value_enum)]
    pub show: Show,
    /// Where to write the answer; the name gets .zkimg appended if it does not end so
    #[arg(long, value_name = "NAME")]
    pub out: PathBuf,
    /// Replace an existing file
    #[arg(long)]
    pub force: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Show {
    Class,
    Top5,
    Scores,
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let given = args.edits.given();
    let recipe = given.load()?;
    let negative = args.negative.as_deref().map(input::negative).transpose()?;
    let picture = args.input.as_deref().map(input::picture).transpose()?;
    let secret = model::read(&args.model)?;
    let out = ending_in_zkimg(&args.out);
    let mut from: Vec<&Path> = vec![&args.model];
    from.extend([&args.negative, &args.input].into_iter().flatten().map(PathBuf::as_path));
    from.extend(given.files(&recipe));
    let outputs = Outputs::stage(&session.writer, args.force, &from, &[(&out, Access::Public)])?;
    let show = match args.show {
        Show::Class => zkimg_pipeline::answer::Show::Class,
        Show::Top5 => zkimg_pipeline::answer::Show::Top5,
        Show::Scores => zkimg_pipeline::answer::Show::Scores,
    };
    let progress = Progress::start(session, "Computing and proving");
    let inference = match (&negative, &picture) {
        (Some(negative), _) => Inference::new(negative, &recipe, &secret, show),
        (None, Some(picture)) => Inference::of_picture(picture, &recipe, &secret, show),
        (None, None) => return Err(Failure::new(Code::Usage, "say what the model is asked about: a negative, or --input with a picture")),
    };
    let made = inference.watched(&progress).answer().map_err(|error| match error {
        InferError::Recipe(error) => Failure::new(Code::Usage, words::recipe(&error)),
        InferError::Question(_) => Failure::new(Code::Usage, error.to_string()),
        InferError::HandedOn => Failure::at(Code::Usage, args.negative.as_deref().unwrap_or(Path::new("")), error),
        _ => Failure::new(Code::Operational, error.to_string()),
    })?;
    drop(progress);
    let bytes = made.to_bytes();
    outputs.finish(&[&bytes])?;
    let mut text = format!(
        "Wrote {} ({} bytes): {}.\nPublish it, and keep {}the model.",
        shown(&out),
        bytes.len(),
        made.shown(),
        if negative.is_some() { "the negative and " } else { "" }
    );
    text.push_str(&made_by(made.edits()));
    let fields = json!({"out": lossy(&out), "bytes": bytes.len(), "edits": made.edits().values(), "answer": made.shown(), "model": hex(made.card())});
    Ok(Outcome::new(Code::Ok, text, fields))
}
