//! `--also`: more pictures out of one run of `zkimg prove`, each with a proof of its own.

use crate::outcome::{Code, Failure, shown};
use crate::recipe::RecipeArgs;
use crate::target::{JpegArgs, Target, names_jpeg};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use zkimg_files::{folder, recipe as edits};
use zkimg_pipeline::Recipe;

/// One more picture: its file, and what is done to the picture after all other edits.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Also {
    pub(crate) out: PathBuf,
    edit: String,
}

impl FromStr for Also {
    type Err = &'static str;

    /// Reads `small.jpg=resize=50%`.
    fn from_str(text: &str) -> Result<Also, &'static str> {
        match text.split_once('=') {
            Some((out, edit)) if !out.is_empty() && !edit.is_empty() => Ok(Also { out: out.into(), edit: edit.into() }),
            _ => Err("say which file, and what is done to the picture after all edits: small.jpg=resize=50%"),
        }
    }
}

impl TryFrom<String> for Also {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Also, &'static str> {
        text.parse()
    }
}

/// One picture of a run.
pub(crate) struct Wanted {
    pub(crate) out: PathBuf,
    pub(crate) target: Target,
    pub(crate) recipe: Recipe,
}

impl Wanted {
    /// The proof's own file.
    pub(crate) fn beside(&self) -> PathBuf {
        self.out.with_extension("zkimg")
    }
}

/// All pictures of a run, the one of `--out` first, which the recipe makes. The others are of the picture after all its edits, and not of the original: what was
/// covered there is covered in all.
pub(crate) fn wanted(out: &Path, also: &[Also], recipe: Recipe, args: &RecipeArgs, jpeg: &JpegArgs) -> Result<Vec<Wanted>, Failure> {
    let any_jpeg = names_jpeg(out) || also.iter().any(|also| names_jpeg(&also.out));
    let of = |out: &Path, recipe: Recipe| {
        // How JPEGs are made is for those among them.
        let none = JpegArgs::default();
        let jpeg = if any_jpeg && !names_jpeg(out) { &none } else { jpeg };
        let (target, recipe) = Target::of(out, recipe, jpeg)?;
        Ok::<_, Failure>(Wanted { out: out.to_owned(), target, recipe })
    };
    if !also.is_empty() && recipe.ends_with_jpeg() {
        let what = "--also goes on from the picture after all edits, and this recipe ends with the edit jpeg; leave that out, as names that end in .jpg say it";
        return Err(Failure::new(Code::Usage, what));
    }
    let more = also.iter().map(|also| {
        let rest = edits::of_words(std::slice::from_ref(&also.edit))?;
        // Not read again, as the files may be others by now.
        let both = recipe.clone().then(rest).map_err(|error| args.explain(&error.into()))?;
        of(&also.out, both)
    });
    let more = more.collect::<Result<Vec<_>, Failure>>()?;
    Ok(std::iter::once(of(out, recipe)?).chain(more).collect())
}

/// That no two files of a run have one name, by whatever path.
pub(crate) fn distinct<'a>(targets: impl Iterator<Item = &'a Path>) -> Result<(), Failure> {
    let mut names = BTreeSet::new();
    for target in targets {
        let real = folder(target).canonicalize().unwrap_or_else(|_| folder(target).to_owned());
        if !names.insert(real.join(target.file_name().unwrap_or_default())) {
            let what = format!("{} would be written twice; give each picture of --out and --also a name of its own", shown(target));
            return Err(Failure::new(Code::Usage, what));
        }
    }
    Ok(())
}
