//! `zkimg prove`: an edited picture and its proof.

use crate::describe::{numbered, size};
use crate::outcome::{Code, Failure, Outcome, shown};
use crate::output::{Access, Outputs};
use crate::progress::Progress;
use crate::recipe::RecipeArgs;
use crate::session::Session;
use crate::input;
use serde_json::json;
use std::path::{Path, PathBuf};
use zkimg_pipeline::encode_png;

const EXAMPLES: &str = "\
Examples:
  zkimg prove photo.negative --edit crop=640x480+320+120 --edit contrast=1.15 --out edited.png
      writes edited.png and its proof edited.zkimg; publish both
  zkimg prove photo.negative --recipe web.json --out web.png

A recipe file holds the edits in order:
  {\"zkimg\": 1, \"edits\": [
    {\"op\": \"crop\", \"x\": 320, \"y\": 120, \"width\": 640, \"height\": 480},
    {\"op\": \"contrast\", \"factor\": \"1.15\"}]}

Everyone will see the edited picture, the edits with their numbers, and the original's size. The rest of the
original stays secret. `zkimg edits` lists the edits, `zkimg edit` tries them out without a proof.";

/// Edit a signed photo and prove it: an edited picture and its proof
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The photo's negative, from `zkimg attest`
    #[arg(value_name = "NEGATIVE")]
    pub negative: PathBuf,
    #[command(flatten)]
    pub recipe: RecipeArgs,
    /// Where to write the edited picture (PNG); the proof is written beside it, ending in .zkimg
    #[arg(long, value_name = "FILE.png")]
    pub out: PathBuf,
    /// Replace existing files
    #[arg(long)]
    pub force: bool,
}

pub fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let recipe = args.recipe.load()?;
    check_png(&args.out)?;
    let proof_path = args.out.with_extension("zkimg");
    let negative = input::negative(&args.negative)?;
    let outputs = Outputs::stage(session, args.force, &[(&args.out, Access::Public), (&proof_path, Access::Public)])?;
    let progress = Progress::start(session, "Editing and proving");
    let published = zkimg_pipeline::prove(&negative, &recipe).map_err(|error| args.recipe.explain(&error))?;
    drop(progress);
    let proof = published.proof.to_bytes();
    outputs.finish(&[&encode_png(&published.picture), &proof])?;

    let edits = published.proof.chain().values();
    let dims = published.picture.dims();
    let text = format!(
        "Wrote {} ({}) and its proof {} ({} bytes); publish both, and keep the negative.\nEdits:\n{}",
        shown(&args.out),
        size(dims),
        shown(&proof_path),
        proof.len(),
        numbered(&edits)
    );
    let fields = json!({
        "picture": shown(&args.out), "proof": shown(&proof_path), "proof_bytes": proof.len(),
        "width": dims.width, "height": dims.height, "channels": dims.channels, "edits": edits,
    });
    Ok(Outcome::new(Code::Ok, text, fields))
}

/// Pictures are written as PNG alone, as nothing may be lost.
pub fn check_png(out: &Path) -> Result<(), Failure> {
    let png = out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png"));
    let what = "pictures are written as PNG, which keeps every pixel; give --out a name that ends in .png";
    if png { Ok(()) } else { Err(Failure::at(Code::Usage, out, what)) }
}
