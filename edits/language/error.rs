//! What can be wrong with an edit, each in one sentence.

use std::io::ErrorKind;
use std::path::PathBuf;
use zkimg_graph::step::BadStep;
use zkimg_graph::tensor::BadDims;

/// An edit that cannot be read, or does not fit its picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// Not a JSON text, or one with a key twice.
    #[error("the recipe cannot be read: {0}")]
    Json(String),
    /// Not an object with a text `op`.
    #[error("an edit is an object with the name of the edit in \"op\"")]
    NotAnEdit,
    /// A name nobody registered.
    #[error("there is no edit named \"{name}\"{}", did_you_mean(suggestion))]
    Unknown {
        /// What was written.
        name: String,
        /// The nearest name.
        suggestion: Option<&'static str>,
    },
    /// A key that is not a parameter of the edit.
    #[error("{edit} has no parameter \"{name}\"{}", did_you_mean(suggestion))]
    UnknownParameter {
        /// The edit.
        edit: &'static str,
        /// What was written.
        name: String,
        /// The nearest parameter.
        suggestion: Option<&'static str>,
    },
    /// A parameter that was left out.
    #[error("{edit} needs the parameter \"{parameter}\" ({allowed})")]
    Missing {
        /// The edit.
        edit: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// What is allowed.
        allowed: String,
    },
    /// A value that is not allowed.
    #[error("{edit}: {parameter} is {value}, but must be {allowed}")]
    Parameter {
        /// The edit.
        edit: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// What was written.
        value: String,
        /// What is allowed.
        allowed: String,
    },
    /// A word that does not have the edit's form.
    #[error("{edit} is written {example}, not \"{word}\"")]
    Word {
        /// The edit.
        edit: &'static str,
        /// What was written after the `=`.
        word: String,
        /// How to write it.
        example: &'static str,
    },
    /// A grey picture where three channels are needed, or the other way round.
    #[error("{edit} works on colour pictures of 3 channels, but this picture has {found}")]
    Channels {
        /// The edit.
        edit: &'static str,
        /// The picture's channels.
        found: usize,
    },
    /// Tables of a JPEG in colour for a grey picture, or the other way round.
    #[error("jpeg has tables for a picture of {expected} channels, but this picture has {found}")]
    Jpeg {
        /// The picture's channels.
        found: usize,
        /// The tables'.
        expected: usize,
    },
    /// A picture of which programs would spread the colours differently.
    #[error(
        "a JPEG at most 4 pixels wide with its colours at half that width is shown differently by programs, and this one is {width}; sample them 4:4:4"
    )]
    Narrow {
        /// Pixels in a line.
        width: usize,
    },
    /// An encoding that is not the last of the edits.
    #[error("jpeg is how the picture at the end is published, so it can only be the last edit")]
    NotLast,
    /// A word names an overlay's file, and nobody was given the task to read it.
    #[error("overlay: the file {} has not been read", shown(&path.display().to_string()))]
    NotRead {
        /// The file.
        path: PathBuf,
    },
    /// An overlay's file that the system does not give.
    #[error("overlay: cannot read {}: {reason}", shown(&path.display().to_string()))]
    File {
        /// The file.
        path: PathBuf,
        /// What kind of fault it is.
        kind: ErrorKind,
        /// What the system says.
        reason: String,
    },
    /// An overlay that is no usable PNG.
    #[error("overlay: the image {path} cannot be used: {reason}")]
    Image {
        /// Where it was looked for.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// A step that the argument cannot express.
    #[error("this edit cannot be proved: {0}")]
    Step(#[from] BadStep),
    /// A picture beyond the limits.
    #[error(transparent)]
    Dims(#[from] BadDims),
}

fn did_you_mean(suggestion: &Option<&'static str>) -> String {
    suggestion.map_or_else(String::new, |name| format!("; did you mean \"{name}\"?"))
}

/// User input as an error shows it: not longer than a line, no control characters.
pub(crate) fn shown(text: &str) -> String {
    let mut short = String::new();
    for c in text.chars().take(60) {
        if c.is_control() { short.extend(c.escape_debug()) } else { short.push(c) }
    }
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}

/// The candidate with the least edit distance, unless all are far away.
pub(crate) fn nearest(name: &str, candidates: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let name: String = name.to_lowercase().chars().take(40).collect();
    let scored = candidates.map(|candidate| (distance(&name, candidate), candidate));
    let (score, best) = scored.min_by_key(|(score, _)| *score)?;
    (score <= 2.max(best.len() / 3) && score < best.len()).then_some(best)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested_and_a_far_one_is_not() {
        let names = || ["crop", "contrast", "grayscale"].into_iter();
        assert_eq!(nearest("contrats", names()), Some("contrast"));
        assert_eq!(nearest("greyscale", names()), Some("grayscale"));
        assert_eq!(nearest("Crop", names()), Some("crop"));
        assert_eq!(nearest("zzzzzz", names()), None);
    }
}
