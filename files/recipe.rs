//! Edits in words or in a file, with the pictures that they lay over.

use crate::failure::{Code, Failure, shown};
use crate::input::{read, unreadable, utf8};
use crate::words;
use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};
use zkimg_pipeline::edits::{EditError, overlay::MAX_FILE};
use zkimg_pipeline::{BadChain, NotCompact, PublishError, Recipe, RecipeError};

const LIMIT: u64 = 64 << 20;

/// Edits in words, of which overlays name files.
pub fn of_words(words: &[impl AsRef<str>]) -> Result<Recipe, Failure> {
    Recipe::from_words_with(words, &overlay).map_err(|error| refused("", &error))
}

/// The text of a recipe's file.
pub fn text(path: &Path) -> Result<String, Failure> {
    let bytes = read(path, LIMIT)?;
    utf8(path, &bytes, "this is not a recipe, which is a text file in JSON; see `zkimg prove --help` for an example").map(str::to_owned)
}

/// A recipe's file; overlays name files beside it.
pub fn of_file(path: &Path) -> Result<Recipe, Failure> {
    let folder = path.parent().unwrap_or(Path::new(""));
    Recipe::from_file(&text(path)?, folder, &overlay).map_err(|error| refused(&place(Some(path)), &error))
}

/// A part of a recipe that is put together.
#[derive(Clone, Debug)]
pub enum Part {
    /// One edit in words.
    Word(String),
    /// A recipe in JSON, and the folder that its overlays' names are relative to.
    Json(String, PathBuf),
}

/// All parts of a recipe, in order; an edit that is wrong is counted through all of them.
pub fn of_parts(parts: &[Part]) -> Result<Recipe, Failure> {
    let mut all = Recipe::default();
    for part in parts {
        let before = all.count();
        let counted = |error| match error {
            RecipeError::Edit { number, error } => refused("", &RecipeError::Edit { number: before + number, error }),
            other => refused("", &other),
        };
        let next = match part {
            Part::Word(word) => Recipe::from_words_with(&[word], &overlay),
            Part::Json(text, folder) => Recipe::from_file(text, folder, &overlay),
        };
        all = all.then(next.map_err(counted)?).map_err(|error| refused("", &error))?;
    }
    Ok(all)
}

fn place(file: Option<&Path>) -> String {
    file.map_or_else(String::new, |path| format!("{}: ", shown(path)))
}

/// Why edits could not be applied; `file` is the recipe's, if there is one.
pub fn explain(file: Option<&Path>, error: &PublishError) -> Failure {
    let place = place(file);
    match error {
        PublishError::Recipe(error) => Failure::new(Code::Usage, format!("{place}{}", words::recipe(error))),
        PublishError::Relation(_) | PublishError::Picture(_) => Failure::new(Code::Usage, format!("{place}{error}")),
        PublishError::Maker(_) | PublishError::Show(_) => Failure::new(Code::Usage, words::published(error)),
        PublishError::NotCompact(NotCompact::Size | NotCompact::Edits | NotCompact::Jpeg) => {
            Failure::new(Code::Usage, format!("{place}{error}"))
        }
        PublishError::Chain(BadChain::Link(..) | BadChain::Signature(..) | BadChain::Compact(_) | BadChain::Shown(_)) => {
            Failure::new(Code::Invalid, error.to_string())
        }
        PublishError::Chain(error) => Failure::new(Code::Usage, words::chain(error)),
        _ => Failure::new(Code::Operational, error.to_string()),
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
