//! What the fuzz targets run: those of files, which tests of the tool include too, and those of chains, which the tests of `recursion` do.

mod chains;
#[path = "../recursion/tests/support/mod.rs"]
mod support;
#[path = "targets.rs"]
mod targets;

pub use chains::{compact, handed};
pub use targets::*;
