//! The library's sentences, with the words of the command line where those help.

use zkimg_pipeline::{BadChain, BadProofFile, RecipeError};

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
