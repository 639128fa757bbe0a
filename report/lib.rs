//! What verification found out, for people: the words of a verdict, of makers and of times, and a report as one HTML file.
//!
//! | where | what |
//! |---|---|
//! | `words.rs` | verdicts, who made a link, dates; the command line shows these, too |
//! | `limits.rs` | what was not checked, what stays hidden, what is not proved |
//! | `document.rs`, `sections.rs` | the page, part by part |
//! | `drawing.rs` | where the picture lay in the original |
//! | `markup.rs` | the only place that writes a stranger's text into markup |
#![warn(missing_debug_implementations)]

mod document;
mod drawing;
mod limits;
mod markup;
mod sections;
mod words;

pub use document::{STYLE, document, fragment};
pub use limits::not_proved;
pub use words::{Standing, VERSION, Verdicts, exif, quoted, testimony, utc};

/// A file that a report is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, as the reader has it.
    pub name: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// What a report says besides what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The picture's file, if one was given.
    pub picture: Option<File>,
    /// The proof's file; `None` if the proof lies in the picture's.
    pub proof: Option<File>,
    /// The reader's own lists that name the key of the camera or the notary.
    pub vouchers: Vec<String>,
    /// Whether these are kept in the reader's trust store.
    pub store: bool,
    /// When it was checked, in Unix seconds.
    pub checked: u64,
}
