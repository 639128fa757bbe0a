//! What kind of picture is written: by the name that it gets.

use crate::outcome::{Code, Failure};
use clap::builder::PossibleValuesParser;
use std::path::Path;
use zkimg_pipeline::Recipe;
use zkimg_pipeline::edits::jpeg::{Quality, Sampling};

/// As what a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Png,
    Jpeg,
}

/// How a JPEG is written.
#[derive(Default, clap::Args)]
pub(crate) struct JpegArgs {
    /// Of a JPEG: from 1, small, to 100, faithful; 90 if left out
    #[arg(long, value_name = "1-100", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub quality: Option<u8>,
    /// Of a JPEG: colours for each pixel (444), for two of a line (422), or for two by two (420, if left out)
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(["420", "422", "444"]))]
    pub sampling: Option<String>,
}

impl Target {
    /// What a file of this name is, and the recipe that makes it.
    pub(crate) fn of(out: &Path, recipe: Recipe, args: &JpegArgs) -> Result<(Target, Recipe), Failure> {
        let refused = |what: &str| Err(Failure::at(Code::Usage, out, what));
        let ends_with = |ending: &str| out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(ending));
        let asked = args.quality.is_some() || args.sampling.is_some();
        if ends_with("png") {
            return if asked {
                refused("--quality and --sampling are of a JPEG; give --out a name that ends in .jpg")
            } else {
                Ok((Target::Png, recipe))
            };
        }
        if !ends_with("jpg") && !ends_with("jpeg") {
            return refused(
                "pictures are written as PNG, which keeps every pixel, or as JPEG; give --out a name that ends in .png or .jpg",
            );
        }
        if recipe.ends_with_jpeg() {
            return if asked {
                refused("the recipe says how the JPEG is made; leave --quality and --sampling out")
            } else {
                Ok((Target::Jpeg, recipe))
            };
        }
        let quality = args.quality.map_or(Quality::new(90), Quality::new);
        let sampling = args.sampling.as_deref().map_or(Some(Sampling::S420), Sampling::named);
        match (quality, sampling) {
            (Some(quality), Some(sampling)) => Ok((Target::Jpeg, recipe.as_jpeg(quality, sampling))),
            _ => refused("this quality or sampling does not exist; see `zkimg prove --help`"),
        }
    }
}
