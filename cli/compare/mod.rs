//! `zkimg compare`: whether a copy looks like a published picture that is verified. It never says more than that.

mod likeness;
mod shown;

use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::progress::Progress;
use crate::session::Session;
use crate::trusted::TrustArgs;
use crate::verify;
use likeness::Likeness;
use serde_json::json;
use std::borrow::Cow;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use zkimg_files::input::PictureBegun;
use zkimg_files::{Subject, recipe};
use zkimg_pipeline::{Dims, Look, Picture, Report, Verdict, preview};

/// Of all samples, in dB: a little less than what strong compression or another filter's resizing leaves (docs/testing.md has the figures).
const SIMILAR: f64 = 26.0;
/// Of each square by itself, in dB: between that and what remains where 16 × 16 pixels are others.
const SIMILAR_SQUARE: f64 = 17.0;
/// A copy has at least so many lines and columns, or as many as the picture: on fewer too little is seen.
const LEAST: usize = 64;
/// A copy has at most so many times the lines and columns of the picture.
const MOST: usize = 2;

const EXAMPLES: &str = "\
Examples:
  zkimg compare download.jpg edited.png --trust camera.pub
      edited.png is verified, as `zkimg verify` does; download.jpg, which a site compressed again or made smaller, is compared with it
  zkimg compare download.jpg edited.png edited.zkimg

The answer is \"similar, not proved\" or \"different\", with the peak signal-to-noise ratio of all samples, the largest difference, and the
16 × 16 pixels that differ most. Where the sizes differ, the larger picture is resized (lanczos3) to the smaller.
Similar means: 26 dB in all and 17 dB in every 16 × 16 pixels of the smaller. That is a measure of looks, and nothing is proved of the copy: what was
changed in it with care can stay below it. Show readers the published file.
Where the copy has another colour profile than the published picture, or something else in its file recolours it, they are different. What may
turn it is said.

Exit codes: 0 similar to a picture that is verified and trusted, 1 different, or the published picture is not valid, 3 no proof or a
file that cannot be read, 5 similar to a picture whose camera or notary is not trusted.";

/// Compare a copy that was compressed again or resized with the published picture: similar, not proved; or different
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The copy
    #[arg(value_name = "COPY")]
    copy: PathBuf,
    /// The published picture
    #[arg(value_name = "PUBLISHED")]
    published: PathBuf,
    /// The published picture's proof; if left out, the one inside it, or its name ending in .zkimg
    #[arg(value_name = "PROOF")]
    proof: Option<PathBuf>,
    #[command(flatten)]
    keys: TrustArgs,
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let reader = args.keys.reader()?;
    let subject = Subject::on_disk(&args.published, args.proof.as_deref(), false)?;
    let progress = Progress::start(session, "Verifying and comparing");
    let judged = subject.judge(&reader.trust)?;
    let published = verify::found(&judged, &reader)?;
    if !matches!(judged.report.verdict, Verdict::Trusted | Verdict::Untrusted) {
        let text = format!("NOT COMPARED: {} is no measure for a copy. {}", shown(&args.published), published.text);
        let fields = json!({"verdict": "not compared", "published": published.fields});
        return Ok(Outcome::new(published.code, text, fields).with_verdict());
    }
    let Some(bytes) = &judged.published else {
        return Err(Failure::at(Code::Usage, &args.published, "this picture is still hidden, so no copy can be compared with it"));
    };
    let picture = Picture::decode(bytes).map_err(|error| Failure::at(Code::Unsupported, &args.published, error))?;
    let (copy, look) = copy(&args.copy, picture.dims())?;
    let compared = Compared { at: compare(&copy, &picture)?, same_colours: shown::same_colours(&copy, &picture), look };
    drop(progress);
    let standing = standing(&judged.report, reader.trust.trusts_nobody());
    Ok(answer(args, &compared, [&copy, &picture], published, &standing))
}

/// What was found of the published picture, in words that nobody takes for a verdict on the copy.
fn standing(report: &Report, nobody_trusted: bool) -> String {
    let signer = report.source.role().name;
    match (report.verdict, nobody_trusted) {
        (Verdict::Trusted, _) => format!("its proof holds, and you trust its {signer}"),
        (_, true) => format!("its proof holds, but you named nobody whom you trust, so its {signer} may be anybody's"),
        (_, false) => format!("its proof holds, but its {signer} is not one you trust"),
    }
}

/// The copy, if it can be compared with a picture of this size. It is read within the bounds of a published picture's file.
fn copy(path: &Path, published: &Dims) -> Result<(Picture, Option<Look>), Failure> {
    let refused = |what: String| Failure::at(Code::Unsupported, path, what);
    let begun = PictureBegun::open(path, false)?;
    let (width, height) = begun.size()?;
    if width > MOST * published.width || height > MOST * published.height {
        return Err(refused(format!(
            "the copy has {width} × {height} pixels, more than {MOST} times the sides of the published picture, and is not compared; get it as it was found"
        )));
    }
    if width < LEAST.min(published.width) || height < LEAST.min(published.height) {
        return Err(refused(format!("the copy has {width} × {height} pixels, which are too few to compare; get a larger one")));
    }
    let (bytes, _) = begun.finish(Dims { channels: 3, height, width })?;
    let picture = Picture::decode(&bytes).map_err(|error| Failure::at(Code::Unsupported, path, error))?;
    Ok((picture, shown::otherwise(&bytes)))
}

/// What was found.
struct Compared {
    /// At which size; none if the proportions are others.
    at: Option<(usize, usize, Likeness)>,
    /// Whether their profiles are for the same colours.
    same_colours: bool,
    /// What in the copy's file changes how it is shown.
    look: Option<Look>,
}

impl Compared {
    fn is_shown_in_same_colours(&self) -> bool {
        self.same_colours && !self.look.as_ref().is_some_and(shown::recolours)
    }

    fn is_similar(&self) -> bool {
        self.is_shown_in_same_colours() && self.looks_similar()
    }

    /// By the samples alone.
    fn looks_similar(&self) -> bool {
        self.at.is_some_and(|(_, _, Likeness { psnr, worst, .. })| {
            psnr.is_none_or(|all| all >= SIMILAR) && worst.is_none_or(|(_, _, square)| square >= SIMILAR_SQUARE)
        })
    }
}

/// Whether one size is the other times a factor, but for what rounding does to one side.
fn same_proportions(one: &Dims, other: &Dims) -> bool {
    let [across, down] = [one.width * other.height, one.height * other.width];
    across.abs_diff(down) <= one.width.max(one.height).max(other.width).max(other.height)
}

fn compare(copy: &Picture, published: &Picture) -> Result<Option<(usize, usize, Likeness)>, Failure> {
    let (small, large) = (copy.dims(), published.dims());
    if !same_proportions(small, large) {
        return Ok(None);
    }
    let likeness = if small.width * small.height <= large.width * large.height {
        Likeness::of(copy, resized(published, small)?.as_ref())
    } else {
        Likeness::of(resized(copy, large)?.as_ref(), published)
    };
    let (width, height) = (small.width.min(large.width), small.height.min(large.height));
    Ok(Some((width, height, likeness)))
}

/// A picture at another size, by the edit of that name.
fn resized<'a>(picture: &'a Picture, to: &Dims) -> Result<Cow<'a, Picture>, Failure> {
    if (picture.dims().width, picture.dims().height) == (to.width, to.height) {
        return Ok(Cow::Borrowed(picture));
    }
    let recipe = recipe::of_words(&[format!("resize={}x{}", to.width, to.height)])?;
    preview(picture, &recipe).map(Cow::Owned).map_err(|error| Failure::new(Code::Unsupported, error.to_string()))
}

fn answer(args: &Args, compared: &Compared, [copy, picture]: [&Picture; 2], published: Outcome, standing: &str) -> Outcome {
    let (name, of) = (shown(&args.copy), shown(&args.published));
    let similar = compared.is_similar();
    let same = compared.at.is_some_and(|(_, _, likeness)| likeness.psnr.is_none()) && copy.dims() == picture.dims();
    let mut text = match (similar, same) {
        (true, true) => {
            format!("SIMILAR, NOT PROVED: {name} has the pixels of {of}. To prove that, check it: `zkimg verify` with the proof.\n")
        }
        (true, false) => {
            format!("SIMILAR, NOT PROVED: {name} looks like {of}. Nothing is proved of it; show readers the published file.\n")
        }
        (false, _) if compared.looks_similar() => {
            format!("DIFFERENT: {name} has samples like those of {of}, but is shown in other colours.\n")
        }
        (false, _) => format!("DIFFERENT: {name} does not look like {of}.\n"),
    };
    let [copied, original] = [copy.dims(), picture.dims()].map(|dims| format!("{} × {}", dims.width, dims.height));
    let _ = match compared.at {
        None => writeln!(text, "  the copy has {copied} pixels, other proportions than the published {original}"),
        Some((width, height, Likeness { psnr, largest, worst })) => {
            let decibels = |ratio: Option<f64>| ratio.map_or_else(|| "no difference".into(), |ratio| format!("{ratio:.1} dB"));
            let square = worst.map_or_else(String::new, |(x, y, ratio)| format!("; the 16 × 16 at {x}, {y} differ most: {ratio:.1} dB"));
            writeln!(text, "  compared at {width} × {height} pixels: {}, largest difference {largest} of 255{square}", decibels(psnr))
        }
    };
    let [copied, original] = [copy, picture].map(shown::colours);
    if copied != original {
        let said = if compared.same_colours { "its colours said in another way" } else { "other colours" };
        let _ = writeln!(text, "  the copy has {said}: {copied}; the published picture: {original}");
    }
    if let Some(look) = &compared.look {
        let _ = writeln!(text, "  programs may show the copy otherwise than it was compared: {look}");
    }
    let _ = writeln!(text, "  the published picture: {standing}");
    let code = if similar { published.code } else { Code::Invalid };
    let likeness = compared.at.map(|(width, height, Likeness { psnr, largest, worst })| {
        json!({
            "width": width, "height": height, "psnr": psnr, "largest_difference": largest,
            "worst": worst.map(|(x, y, psnr)| json!({"x": x, "y": y, "psnr": psnr})),
        })
    });
    let fields = json!({
        "verdict": if similar { "similar" } else { "different" }, "proved": false, "same_pixels": same, "same_colours": compared.is_shown_in_same_colours(),
        "profiles": {"copy": copied, "published": original}, "shown_otherwise": compared.look.as_ref().map(Look::to_string), "compared": likeness,
        "copy": lossy(&args.copy), "published": published.fields,
    });
    Outcome::new(code, text, fields).with_verdict()
}
