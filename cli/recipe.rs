//! The edits on the command line: words or a recipe file.

use crate::input::{read, unreadable, utf8};
use crate::outcome::{Code, Failure, shown};
use crate::words;
use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};
use zkimg_pipeline::edits::{EditError, overlay::MAX_FILE};
use zkimg_pipeline::{BadChain, PublishError, Recipe, RecipeError};

const LIMIT: u64 = 64 << 20;

/// Edits in words, or a file of them.
#[derive(Default, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct RecipeArgs {
    /// An edit in words, such as contrast=1.15; repeat it for more edits, in order; `zkimg edits` lists them all
    #[arg(long = "edit", value_name = "EDIT")]
    pub edits: Vec<String>,
    /// A file with the edits, in JSON
    #[arg(long, value_name = "FILE")]
    pub recipe: Option<PathBuf>,
}

/// The edits that make a picture what a network reads: none, if it can be read as it is.
#[derive(clap::Args)]
pub(crate) struct EditArgs {
    /// An edit in words that makes the photo what the network reads, such as resize=96x96; repeat it for more edits, in order
    #[arg(long = "edit", value_name = "EDIT")]
    edits: Vec<String>,
    /// A file with the edits, in JSON
    #[arg(long, value_name = "FILE", conflicts_with = "edits")]
    recipe: Option<PathBuf>,
}

impl EditArgs {
    /// The same for whoever applies them.
    pub(crate) fn given(&self) -> RecipeArgs {
        RecipeArgs { edits: self.edits.clone(), recipe: self.recipe.clone() }
    }
}

impl RecipeArgs {
    pub(crate) fn load(&self) -> Result<Recipe, Failure> {
        let Some(path) = &self.recipe else {
            return Recipe::from_words_with(&self.edits, &overlay).map_err(|error| refused("", &error));
        };
        let bytes = read(path, LIMIT)?;
        let text = utf8(path, &bytes, "this is not a recipe, which is a text file in JSON; see `zkimg prove --help` for an example")?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Recipe::from_file(text, folder, &overlay).map_err(|error| refused(&format!("{}: ", shown(path)), &error))
    }

    /// The files that the edits came from: the recipe's and its overlays'.
    pub(crate) fn files<'a>(&'a self, recipe: &'a Recipe) -> impl Iterator<Item = &'a Path> {
        self.recipe.iter().map(PathBuf::as_path).chain(recipe.files())
    }

    /// Says why the edits could not be applied.
    pub(crate) fn explain(&self, error: &PublishError) -> Failure {
        let place = self.recipe.as_ref().map_or_else(String::new, |path| format!("{}: ", shown(path)));
        match error {
            PublishError::Recipe(error) => Failure::new(Code::Usage, format!("{place}{}", words::recipe(error))),
            PublishError::Relation(_) | PublishError::Picture(_) => Failure::new(Code::Usage, format!("{place}{error}")),
            PublishError::Maker(_) => Failure::new(Code::Usage, error.to_string()),
            PublishError::Chain(BadChain::Link(..) | BadChain::Signature(..)) => Failure::new(Code::Invalid, error.to_string()),
            PublishError::Chain(error) => Failure::new(Code::Usage, words::chain(error)),
            _ => Failure::new(Code::Operational, error.to_string()),
        }
    }
}

/// The bytes of an overlay's file, if it is not longer than any overlay's.
fn overlay(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        let sentence = format!("the file is longer than {MAX_FILE} bytes, which is more than any overlay's; give a smaller picture");
        return Err(Error::new(ErrorKind::FileTooLarge, sentence));
    }
    Ok(bytes)
}

/// Edits that cannot be read. Of an overlay's file the same is said as of a photo's.
fn refused(place: &str, error: &RecipeError) -> Failure {
    match error {
        RecipeError::Edit { error: EditError::File { path, kind: ErrorKind::FileTooLarge, reason }, .. } => {
            Failure::at(Code::Unsupported, path, reason)
        }
        RecipeError::Edit { error: EditError::File { path, kind, reason }, .. } => unreadable(path, &Error::new(*kind, reason.clone())),
        RecipeError::Edit { error: EditError::Image { .. }, .. } => Failure::new(Code::Unsupported, format!("{place}{error}")),
        _ => Failure::new(Code::Usage, format!("{place}{}", words::recipe(error))),
    }
}
