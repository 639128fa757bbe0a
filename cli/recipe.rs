//! The edits on the command line: words or a recipe file.

use crate::outcome::Failure;
use std::path::{Path, PathBuf};
use zkimg_files::recipe;
use zkimg_pipeline::{PublishError, Recipe};

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
    pub edits: Vec<String>,
    /// A file with the edits, in JSON
    #[arg(long, value_name = "FILE", conflicts_with = "edits")]
    pub recipe: Option<PathBuf>,
}

impl EditArgs {
    /// The same for whoever applies them.
    pub(crate) fn given(&self) -> RecipeArgs {
        RecipeArgs { edits: self.edits.clone(), recipe: self.recipe.clone() }
    }
}

impl RecipeArgs {
    pub(crate) fn load(&self) -> Result<Recipe, Failure> {
        self.recipe.as_ref().map_or_else(|| recipe::of_words(&self.edits), |path| recipe::of_file(path))
    }

    /// The files that the edits came from: the recipe's and its overlays'.
    pub(crate) fn files<'a>(&'a self, recipe: &'a Recipe) -> impl Iterator<Item = &'a Path> {
        self.recipe.iter().map(PathBuf::as_path).chain(recipe.files())
    }

    /// Says why the edits could not be applied.
    pub(crate) fn explain(&self, error: &PublishError) -> Failure {
        recipe::explain(self.recipe.as_deref(), error)
    }
}
