//! Every edit there is, by name.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::language::{Described, Draft, Edit, EditError, Kind, nearest, shown};
use serde_json::{Value, json};

/// Declares the module of every edit and lists their kinds.
macro_rules! edits {
    ($($name:ident),* $(,)?) => {
        $(pub mod $name;)*

        /// Every kind of edit, in the order of the documentation.
        pub static KINDS: &[&Kind] = &[$(&$name::KIND),*];
    };
}

/// The kind with this name; a hyphen counts as an underscore.
pub fn find(name: &str) -> Result<&'static Kind, EditError> {
    let wanted = name.replace('-', "_");
    crate::KINDS
        .iter()
        .copied()
        .find(|kind| kind.name == wanted)
        .ok_or_else(|| EditError::Unknown { name: shown(name), suggestion: nearest(&wanted, crate::KINDS.iter().map(|kind| kind.name)) })
}

/// Reads one edit of a recipe: an object with `op` and the edit's parameters.
///
/// # Errors
/// If `op` is not the name of an edit, or a parameter is missing, unknown, malformed or out of range.
pub fn parse(json: &Value) -> Result<Box<dyn Edit>, EditError> {
    let map = json.as_object().ok_or(EditError::NotAnEdit)?;
    let kind = find(map.get("op").and_then(Value::as_str).ok_or(EditError::NotAnEdit)?)?;
    kind.read(map)
}

/// Reads one edit of a recipe from its JSON text; unlike [`parse`] it sees and refuses a parameter given twice.
///
/// # Errors
/// As [`parse`], and if the text is not JSON.
pub fn parse_text(text: &str) -> Result<Box<dyn Edit>, EditError> {
    parse(&crate::language::json::strict(text)?)
}

/// Reads an edit in words, such as `crop=640x480+320+120` or `grayscale`.
///
/// # Errors
/// As [`parse`]; what depends on the picture's size is only checked by [`Draft::resolve`], and a file that the word names is only
/// read by [`Draft::read`].
pub fn parse_word(word: &str) -> Result<Draft, EditError> {
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
    let kind = find(name)?;
    (kind.from_word)(kind, value)
}

/// A kind of edit for programs: its name, an example in words, and its parameters.
pub fn described(kind: &Kind) -> Value {
    let parameter = |p: &&dyn Described| json!({"name": p.name(), "meaning": p.meaning(), "range": p.range(), "optional": p.optional(), "choices": p.choices()});
    let parameters: Vec<Value> = kind.parameters.iter().map(parameter).collect();
    json!({"name": kind.name, "summary": kind.summary, "example": kind.example_word, "parameters": parameters})
}

/// The table of all edits for the documentation, in Markdown.
pub fn table() -> String {
    let mut table = String::from("| edit | what it does | parameters | in words |\n|---|---|---|---|\n");
    for kind in crate::KINDS {
        let parameter = |p: &&dyn Described| {
            let optional = if p.optional() { ", optional" } else { "" };
            format!("`{}`: {} ({}{optional})", p.name(), p.meaning(), p.range())
        };
        let parameters = if kind.parameters.is_empty() {
            String::from("–")
        } else {
            kind.parameters.iter().map(parameter).collect::<Vec<_>>().join("; ")
        };
        table += &format!("| `{}` | {} | {parameters} | `{}` |\n", kind.name, kind.summary, kind.example_word);
    }
    table
}
