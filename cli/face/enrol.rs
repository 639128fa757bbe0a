//! `zkimg face enrol`: a portrait becomes a secret template and its public half.

use super::refused;
use crate::describe::made_by;
use crate::model;
use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::progress::Progress;
use crate::recipe::EditArgs;
use crate::session::Session;
use serde_json::json;
use std::path::{Path, PathBuf};
use zkimg_files::{Access, Outputs, append, hex, input, stem};
use zkimg_pipeline::face::Enrolment;

const EXAMPLE: &str = "\
Example:
  zkimg face enrol portrait.negative --model face.model --edit crop=400x400+200+80 --edit resize=224x224 --out anna --sign registrar.key

The template is secret: what a network makes of a face is as good as the face. Whoever has it and the model can prove matches.
The enrolled face is public: which camera signed the portrait, the edits, a commitment to the embedding, and a proof that this model makes
it of that photo. It does not say whose face it is: sign it with the key of whoever checked that, or nobody knows who enrolled.
A portrait that is public, cropped like this, gives the embedding away to everybody who has the model; take another one.";

/// Make a secret template of a face, and a public file that others can match photos against
#[derive(clap::Args)]
#[command(after_help = EXAMPLE, mut_arg("edits", |arg| arg.help(super::EDITS)))]
pub(super) struct Args {
    /// The portrait's negative, from `zkimg attest`
    #[arg(value_name = "PORTRAIT.negative")]
    negative: PathBuf,
    /// The secret model, imported with --embedding
    #[arg(long, value_name = "FILE.model")]
    model: PathBuf,
    #[command(flatten)]
    edits: EditArgs,
    /// Beginning of the names to write, before .template and .enrolled
    #[arg(long, value_name = "NAME")]
    out: PathBuf,
    /// Private key of whoever checked whose face it is
    #[arg(long, value_name = "FILE.key")]
    sign: Option<PathBuf>,
    /// Replace existing files
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let known = ["template", "enrolled"];
    if args.out.extension().is_some_and(|extension| known.iter().any(|known| extension.eq_ignore_ascii_case(known))) {
        let what = "two files are written, a .template and an .enrolled; give --out the beginning of their names, such as anna";
        return Err(Failure::at(Code::Usage, &args.out, what));
    }
    let given = args.edits.given();
    let recipe = given.load()?;
    let negative = input::negative(&args.negative)?;
    let secret = model::read(&args.model)?;
    let key = args.sign.as_deref().map(input::key).transpose()?;
    let (public, template) = (append(stem(&args.out)?, ".enrolled"), append(&args.out, ".template"));
    let mut from: Vec<&Path> = vec![&args.negative, &args.model];
    from.extend(args.sign.as_deref());
    from.extend(given.files(&recipe));
    let outputs = Outputs::stage(&session.writer, args.force, &from, &[(&public, Access::Public), (&template, Access::Secret)])?;
    let progress = Progress::start(session, "Computing and proving");
    let mut enrolment = Enrolment::new(&negative, &recipe, &secret).watched(&progress);
    if let Some(key) = &key {
        enrolment = enrolment.signed(key);
    }
    let made = enrolment.enrol().map_err(|error| refused(&args.negative, &error))?;
    drop(progress);
    let enrolled = made.enrolled();
    let bytes = enrolled.to_bytes();
    outputs.finish(&[&bytes, &made.to_bytes()])?;
    let edits = enrolled.edits();
    let mut text = format!(
        "Wrote {} (public, {} bytes) and {} (secret: it is as good as the face; keep it safe, matches are proved from it).\nIts digest is {}.",
        shown(&public),
        bytes.len(),
        shown(&template),
        hex(enrolled.digest()),
    );
    if key.is_none() {
        text.push_str("\nNobody signed it: readers will see that who enrolled is not known.");
    }
    text.push_str(
        "\nIf the portrait, edited like this, is or becomes public, everybody who has the model can compute the template: then enrol from another photo.",
    );
    text.push_str(&made_by(edits));
    let fields = json!({
        "enrolled": lossy(&public), "template": lossy(&template), "bytes": bytes.len(), "digest": hex(enrolled.digest()),
        "edits": edits.values(), "words": edits.words(), "model": hex(enrolled.card()), "signed": key.is_some(),
    });
    Ok(Outcome::new(Code::Ok, text, fields))
}
