//! What kind of picture is written: by the name that it gets.

use crate::outcome::{Code, Failure};
use clap::builder::PossibleValuesParser;
use std::path::Path;
use zkimg_files::is_standard;
use zkimg_pipeline::edits::jpeg::{Quality, Sampling};
use zkimg_pipeline::{Dims, MAX_WEBP_SIDE, Picture, Recipe, encode_png, encode_webp};

/// As what a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Its pixels, in one of two formats.
    Pixels(Lossless),
    Jpeg,
}

/// A format that keeps every pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lossless {
    Png,
    WebP,
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

impl JpegArgs {
    pub(crate) fn given(&self) -> bool {
        self.quality.is_some() || self.sampling.is_some()
    }
}

/// Whether a name is that of a JPEG.
pub(crate) fn names_jpeg(out: &Path) -> bool {
    ends_with(out, "jpg") || ends_with(out, "jpeg")
}

fn ends_with(out: &Path, ending: &str) -> bool {
    out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(ending))
}

impl Target {
    /// What a file of this name is, and the recipe that makes it. What goes to standard output is a PNG.
    pub(crate) fn of(out: &Path, recipe: Recipe, args: &JpegArgs) -> Result<(Target, Recipe), Failure> {
        let refused = |what: &str| Err(Failure::at(Code::Usage, out, what));
        for (ending, lossless) in [("png", Lossless::Png), ("webp", Lossless::WebP)] {
            if ends_with(out, ending) || is_standard(out) {
                return if args.given() {
                    refused("--quality and --sampling are of a JPEG; give --out a name that ends in .jpg")
                } else {
                    Ok((Target::Pixels(lossless), recipe))
                };
            }
        }
        if !names_jpeg(out) {
            return refused(
                "pictures are written as PNG or WebP, which keep every pixel, or as JPEG; give --out a name that ends in .png, .webp or .jpg",
            );
        }
        if recipe.ends_with_jpeg() {
            return if args.given() {
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

    /// That it can hold what a recipe makes of a picture of this size, before the work begins. What is wrong with the recipe itself is
    /// said by whoever applies it.
    pub(crate) fn check(self, out: &Path, recipe: &Recipe, input: Dims) -> Result<(), Failure> {
        match recipe.resolve(input) {
            Ok(edits) if self == Target::Pixels(Lossless::WebP) => in_webp(out, &edits.output()),
            _ => Ok(()),
        }
    }
}

impl Lossless {
    /// The picture's file.
    pub(crate) fn encode(self, out: &Path, picture: &Picture) -> Result<Vec<u8>, Failure> {
        match self {
            Lossless::Png => Ok(encode_png(picture)),
            // What it cannot hold was refused before the work ([`Target::check`]).
            Lossless::WebP => encode_webp(picture)
                .ok_or_else(|| Failure::at(Code::Operational, out, "this picture cannot be written as WebP; write a PNG")),
        }
    }
}

/// That a WebP can hold a picture of this shape.
fn in_webp(out: &Path, dims: &Dims) -> Result<(), Failure> {
    let refused = |what: String| Err(Failure::at(Code::Usage, out, what));
    if dims.channels == 1 {
        return refused(
            "WebP has no grey pictures, and in colours this would be another picture; give a name that ends in .png or .jpg".into(),
        );
    }
    if dims.width.max(dims.height) > MAX_WEBP_SIDE {
        return refused(format!("a WebP has at most {MAX_WEBP_SIDE} pixels on a side; give a name that ends in .png or .jpg"));
    }
    Ok(())
}
