//! The library's sentences, with the words of the command line where those help.

use zkimg_pipeline::{BadChain, BadProofFile, BadShow, PublishError, RecipeError};

/// Why a recipe cannot be read or applied.
pub fn recipe(error: &RecipeError) -> String {
    match error {
        RecipeError::Json(_) => format!("{error}; {EXAMPLE}"),
        other => other.to_string(),
    }
}

/// Why a proof file cannot be read.
pub fn proof_file(error: &BadProofFile) -> String {
    match error {
        BadProofFile::Recipe(RecipeError::Json(_)) => format!("{error}; {EXAMPLE}"),
        other => other.to_string(),
    }
}

/// Why nothing was published.
pub fn published(error: &PublishError) -> String {
    match error {
        PublishError::Show(BadShow::HandedOn) => format!("{error} (--show)"),
        PublishError::Show(BadShow::Absent(_)) => format!("{error} (`zkimg inspect photo.negative`)"),
        other => other.to_string(),
    }
}

/// Why a negative and a chain do not belong together.
pub fn chain(error: &BadChain) -> String {
    match error {
        BadChain::Missing => format!("{error} (--after)"),
        BadChain::Unwanted => format!("{error}; leave --after out"),
        BadChain::Listed => format!("{error} (--compact)"),
        other => other.to_string(),
    }
}

const EXAMPLE: &str = "`zkimg prove --help` shows one";
