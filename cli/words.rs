//! What only this tool says: the library's sentences, with the words of the command line where those help.

use zkimg_pipeline::{BadChain, BadProofFile, DeviceTrust, Finding, RecipeError};

/// What a check found.
pub(crate) fn finding(finding: &Finding) -> String {
    match finding {
        Finding::Device(DeviceTrust::Unjudged) => {
            "no trusted camera was named (--trust); trust the key that signed only if you know whose it is".into()
        }
        other => other.to_string(),
    }
}

/// Why a recipe cannot be read or applied.
pub(crate) fn recipe(error: &RecipeError) -> String {
    match error {
        RecipeError::Json(_) => format!("{error}; {EXAMPLE}"),
        other => other.to_string(),
    }
}

/// Why a proof file cannot be read.
pub(crate) fn proof_file(error: &BadProofFile) -> String {
    match error {
        BadProofFile::Recipe(RecipeError::Json(_)) => format!("{error}; {EXAMPLE}"),
        other => other.to_string(),
    }
}

/// Why a negative and a chain do not belong together.
pub(crate) fn chain(error: &BadChain) -> String {
    match error {
        BadChain::Missing => format!("{error} (--after)"),
        BadChain::Unwanted => format!("{error}; leave --after out"),
        other => other.to_string(),
    }
}

const EXAMPLE: &str = "`zkimg prove --help` shows one";
