//! Files on a disk, for the programs that people run: the tool and the Python module. What goes wrong is one sentence with the exit code
//! that the tool has for it.
//!
//! | where | what |
//! |---|---|
//! | `failure.rs`, `system.rs`, `words.rs` | what went wrong, in one sentence |
//! | `input.rs`, `digest.rs` | reading, within bounds |
//! | `keys.rs` | public keys and lists of them |
//! | `fields.rs` | names of EXIF fields |
//! | `recipe.rs` | edits in words or in a file, with the pictures that they lay over |
//! | `subject.rs` | a published picture and its proof, in one file or two, and what was found about them |
//! | `store.rs` | whom a reader trusts, in a folder |
//! | `guard.rs` | that nobody but the user can change that folder |
//! | `cost.rs` | what memory they take |
//! | `names.rs`, `output.rs` | writing, all files of one piece of work together or none |
#![warn(missing_debug_implementations)]

mod cost;
mod digest;
mod failure;
mod fields;
mod guard;
pub mod input;
pub mod keys;
mod names;
mod output;
pub mod recipe;
pub mod store;
mod subject;
mod system;
pub mod words;

pub use cost::cost;
pub use digest::{Source, hex};
pub use failure::{Code, Failure, lossy, shown};
pub use fields::exif_fields;
pub use names::{append, is_standard, key_pair, stem};
pub use output::{Access, Journal, Outputs, Writer, folder, sweep};
pub use subject::{Judged, PictureAt, ProofAt, Ready, Subject, nothing_beside};
pub use system::{now, reason};
