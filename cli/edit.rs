//! `zkimg edit`: the same edits without a proof.

use crate::describe::size;
use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::progress::Progress;
use crate::recipe::RecipeArgs;
use crate::session::Session;
use crate::target::{JpegArgs, Target};
use serde_json::json;
use std::path::{Path, PathBuf};
use zkimg_files::{Access, Outputs, input};
use zkimg_pipeline::{Dims, JpegShape, preview, preview_jpeg, write_jpeg};

const EXAMPLES: &str = "\
Examples:
  zkimg edit photo.jpg --edit crop=640x480+320+120 --edit contrast=1.15 --out try.png
  zkimg edit photo.jpg --recipe web.json --out try.png --force

The pixels, or a JPEG's coefficients, are exactly those that `zkimg prove` would publish; there is just no proof.";

/// Try out edits on a picture, without a proof
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The picture: JPEG, PNG, TIFF or WebP
    #[arg(value_name = "PICTURE")]
    pub picture: PathBuf,
    #[command(flatten)]
    pub recipe: RecipeArgs,
    /// Where to write the edited picture (.png, .webp or .jpg)
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub jpeg: JpegArgs,
    /// Replace an existing file
    #[arg(long)]
    pub force: bool,
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let (target, recipe) = Target::of(&args.out, args.recipe.load()?, &args.jpeg)?;
    let picture = input::picture(&args.picture)?;
    target.check(&args.out, &recipe, *picture.dims())?;
    let inputs: Vec<&Path> = std::iter::once(args.picture.as_path()).chain(args.recipe.files(&recipe)).collect();
    let outputs = Outputs::stage(&session.writer, args.force, &inputs, &[(&args.out, Access::Public)])?;
    let progress = Progress::start(session, "Editing");
    let (file, dims) = match target {
        Target::Pixels(lossless) => {
            let edited = preview(&picture, &recipe).map_err(|error| args.recipe.explain(&error))?;
            (lossless.encode(&args.out, &edited)?, *edited.dims())
        }
        Target::Jpeg => {
            let (coefficients, profile) = preview_jpeg(&picture, &recipe).map_err(|error| args.recipe.explain(&error))?;
            let JpegShape { width, height, .. } = coefficients.shape;
            (write_jpeg(&coefficients, &profile), Dims { channels: coefficients.shape.components(), height, width })
        }
    };
    drop(progress);
    outputs.finish(&[&file])?;
    let text = format!("Wrote {} ({}), without a proof.", shown(&args.out), size(&dims));
    let fields = json!({"picture": lossy(&args.out), "width": dims.width, "height": dims.height, "channels": dims.channels});
    Ok(Outcome::new(Code::Ok, text, fields))
}
