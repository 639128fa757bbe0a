//! `zkimg face match`: a photo shows an enrolled face.

use super::refused;
use crate::describe::made_by;
use crate::keygen::ending_in_zkimg;
use crate::model;
use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::progress::Progress;
use crate::recipe::EditArgs;
use crate::session::Session;
use serde_json::json;
use std::path::{Path, PathBuf};
use zkimg_files::{Access, Outputs, hex, input};
use zkimg_pipeline::face::{Comparison, Template};

const EXAMPLE: &str = "\
Example:
  zkimg face match photo.negative --model face.model --template anna.template --edit crop=300x300+10+20 --edit resize=224x224 --threshold 0.58 --out match

Everyone will see the edits with their numbers, the sizes, which enrolled face it is, and that the cosine is at least the threshold. Photo,
crop, embeddings and weights stay secret, and so does the cosine: the model's card lists the thresholds that there are, as whoever chooses
one freely finds the exact cosine by halving.";

/// Prove that a signed photo shows an enrolled face
#[derive(clap::Args)]
#[command(after_help = EXAMPLE, mut_arg("edits", |arg| arg.help(super::EDITS)))]
pub(super) struct Args {
    /// The photo's negative, from `zkimg attest`
    #[arg(value_name = "PHOTO.negative")]
    negative: PathBuf,
    /// The secret model that the face was enrolled with
    #[arg(long, value_name = "FILE.model")]
    model: PathBuf,
    /// The secret template, from `zkimg face enrol`
    #[arg(long, value_name = "FILE.template")]
    template: PathBuf,
    /// The public half of the template, to make sure that it is this one
    #[arg(long, value_name = "FILE.enrolled")]
    enrolled: Option<PathBuf>,
    #[command(flatten)]
    edits: EditArgs,
    /// What the cosine of the embeddings is at least: one of those that the model's card lists, such as 0.58
    #[arg(long, value_name = "COSINE")]
    threshold: String,
    /// Where to write the match; the name gets .zkimg appended if it does not end so
    #[arg(long, value_name = "NAME")]
    out: PathBuf,
    /// Replace an existing file
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let threshold = model::threshold(&args.threshold)?;
    let given = args.edits.given();
    let recipe = given.load()?;
    let negative = input::negative(&args.negative)?;
    let secret = model::read(&args.model)?;
    let template = read(&args.template)?;
    if let Some(path) = &args.enrolled
        && super::report::read_enrolled(path)?.digest() != template.enrolled().digest()
    {
        let what = "the template is not that of this enrolled face; give the two files that were written together";
        return Err(Failure::at(Code::Usage, path, what));
    }
    let out = ending_in_zkimg(&args.out);
    let mut from: Vec<&Path> = vec![&args.negative, &args.model, &args.template];
    from.extend(args.enrolled.as_deref());
    from.extend(given.files(&recipe));
    let outputs = Outputs::stage(&session.writer, args.force, &from, &[(&out, Access::Public)])?;
    let progress = Progress::start(session, "Computing and proving");
    let comparison = Comparison::new(&negative, &recipe, &secret, &template, threshold).watched(&progress);
    let made = comparison.prove().map_err(|error| refused(&args.negative, &error))?;
    drop(progress);
    let bytes = made.to_bytes();
    outputs.finish(&[&bytes])?;
    let edits = made.edits();
    let mut text = format!(
        "Wrote {} ({} bytes): the cosine with the enrolled face is at least {threshold}.\nPublish it, and keep the negative, the model and the template.",
        shown(&out),
        bytes.len(),
    );
    text.push_str(&made_by(edits));
    let fields = json!({
        "out": lossy(&out), "bytes": bytes.len(), "edits": edits.values(), "words": edits.words(), "at_least": threshold.to_string(),
        "enrolled": hex(made.enrolled()), "model": hex(made.card()),
    });
    Ok(Outcome::new(Code::Ok, text, fields))
}

/// A template, as whoever enrolled keeps it.
fn read(path: &Path) -> Result<Template, Failure> {
    const LIMIT: u64 = 512 << 20;
    if input::begins_with(path, b"zkimgenr") {
        let what = "this is the public half of a template, without the embedding; give the secret .template file";
        return Err(Failure::at(Code::Unsupported, path, what));
    }
    Template::from_bytes(&input::read(path, LIMIT)?).map_err(|error| Failure::at(Code::Unsupported, path, error))
}
