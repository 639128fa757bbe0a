//! The Python module `zkimg._native`: what `zkimg` is made of that is not Python.
//!
//! | where | what |
//! |---|---|
//! | `work.rs` | work with the interpreter released: its threads, forks, Ctrl-C, progress |
//! | `errors.rs` | failures as Python's exceptions |
//! | `picture.rs`, `keys.rs`, `secret.rs`, `public.rs` | pictures, keys, negatives, captures and proofs |
//! | `make.rs` | attest and prove |
//! | `check.rs` | verify |
//!
//! The folder `zkimg/` has the rest: recipes, reports, and what may be given for a picture.
#![cfg(feature = "module")]

mod check;
mod errors;
mod keys;
mod make;
mod picture;
mod public;
mod secret;
mod work;

use pyo3::prelude::*;

/// The part of zkimg that is written in Rust.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::check::{save_page, verify};
    #[pymodule_export]
    use super::keys::{PublicKey, SigningKey};
    #[pymodule_export]
    use super::make::{HandedOn, Published, attest, check_recipe, exact_edits, preview, prove, read_recipe};
    #[pymodule_export]
    use super::picture::{Picture, decode, from_pixels};
    #[pymodule_export]
    use super::public::{Capture, Proof};
    #[pymodule_export]
    use super::secret::Negative;

    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::work::silence_faults();
        module.add("__version__", zkimg_report::VERSION)
    }
}
