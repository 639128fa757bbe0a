//! `zkimg infer`: what a network makes of photos, proved, with photos and weights hidden.

use crate::answer;
use crate::describe::made_by;
use crate::keygen::ending_in_zkimg;
use crate::model;
use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::progress::Progress;
use crate::recipe::EditArgs;
use crate::session::Session;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use zkimg_files::{Access, Outputs, hex, input, words};
use zkimg_pipeline::answer::{Answer, BadQuestion, InferError, Inference, MAX_PHOTOS};

const EXAMPLES: &str = "\
Examples:
  zkimg infer photo.negative --model person.model --edit resize=96x96 --edit grayscale --show class --out answer
      writes answer.zkimg, which says which class the network gives the photo, and nothing else of the scores
  zkimg infer photo.negative --model person.model --edit crop=1:1 --edit resize=96x96 --edit grayscale --show scores --out answer
  zkimg infer a.negative b.negative c.negative --model person.model --edit crop=1:1 --edit resize=96x96 --edit grayscale --show class --out answer
      about several photos at once, with one proof, much smaller than one for each; each photo is edited by its own size
  zkimg infer --input picture.png --model dogs.model --edit resize=160x160 --show top5 --out answer
      about a picture that everybody has; no camera answers for it
  zkimg verify answer.zkimg --trust camera.pub --model person.card
      whoever checks it needs the camera's key and the model's card

Everyone will see the answer, the edits with their numbers, and the sizes of photo and picture. Photos and weights stay
secret; so do the edited pictures. Two answers about one photo can be seen to be about the same capture.
An answer about several photos is about all of them, in the order in which they were given; none can be left out of it.
Scores tell more than they seem to: enough of them give away the last layer of a network, and what a network makes of a face
(an embedding) is as good as the face. Show a class where that is enough.";

/// Ask a network about signed photos, and prove its answer
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The photo's negative, from `zkimg attest`; or several, at most 16, about which one answer is given
    #[arg(value_name = "NEGATIVE", required_unless_present = "input", conflicts_with = "input")]
    pub negatives: Vec<PathBuf>,
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
    if args.negatives.len() > MAX_PHOTOS {
        return Err(Failure::new(Code::Usage, BadQuestion::Photos(args.negatives.len()).to_string()));
    }
    let negatives = args.negatives.iter().map(|path| input::negative(path)).collect::<Result<Vec<_>, _>>()?;
    let picture = args.input.as_deref().map(answer::public).transpose()?;
    let secret = model::read(&args.model)?;
    let out = ending_in_zkimg(&args.out);
    let mut from: Vec<&Path> = vec![&args.model];
    from.extend(args.negatives.iter().chain(&args.input).map(PathBuf::as_path));
    from.extend(given.files(&recipe));
    let outputs = Outputs::stage(&session.writer, args.force, &from, &[(&out, Access::Public)])?;
    let show = match args.show {
        Show::Class => zkimg_pipeline::answer::Show::Class,
        Show::Top5 => zkimg_pipeline::answer::Show::Top5,
        Show::Scores => zkimg_pipeline::answer::Show::Scores,
    };
    let progress = Progress::start(session, "Computing and proving");
    let inference = match &picture {
        Some(picture) => Inference::of_picture(picture, &recipe, &secret, show),
        None => Inference::new(&negatives, &recipe, &secret, show),
    };
    let made = inference.watched(&progress).answer().map_err(|error| match error {
        InferError::OfPhoto { number, error } => failure(*error, number.checked_sub(1).and_then(|at| args.negatives.get(at))),
        InferError::HandedOn => failure(error, args.negatives.first()),
        error => failure(error, None),
    })?;
    drop(progress);
    let bytes = made.to_bytes();
    outputs.finish(&[&bytes])?;
    let wrote = format!("Wrote {} ({} bytes)", shown(&out), bytes.len());
    let files = args.negatives.iter().chain(&args.input);
    let text = match made.answers() {
        [one] => {
            let keep = if negatives.is_empty() { "" } else { "the negative and " };
            format!("{wrote}: {}.\nPublish it, and keep {keep}the model.{}", one.shown(), made_by(one.edits()))
        }
        many => {
            let each = many.iter().zip(files.clone());
            let each = each.map(|(answer, file)| format!("\n{}: {}.{}", shown(file), answer.shown(), made_by(answer.edits())));
            format!("{wrote}.\nPublish it, and keep the negatives and the model.{}", each.collect::<String>())
        }
    };
    let photo =
        |(answer, file): (&Answer, &PathBuf)| json!({"file": lossy(file), "edits": answer.edits().values(), "answer": answer.shown()});
    let photos: Vec<Value> = made.answers().iter().zip(files).map(photo).collect();
    let fields = json!({"out": lossy(&out), "bytes": bytes.len(), "photos": photos, "model": hex(made.card())});
    Ok(Outcome::new(Code::Ok, text, fields))
}

/// Why there is no answer, in a sentence that names the negative, if it is for that.
fn failure(error: InferError, negative: Option<&PathBuf>) -> Failure {
    let (code, sentence) = match &error {
        InferError::Recipe(error) => (Code::Usage, words::recipe(error)),
        InferError::Question(_) | InferError::HandedOn => (Code::Usage, error.to_string()),
        _ => (Code::Operational, error.to_string()),
    };
    match negative {
        Some(negative) => Failure::at(code, negative, sentence),
        None => Failure::new(code, sentence),
    }
}
