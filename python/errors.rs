//! Failures as exceptions. Their classes are Python's, in `zkimg/errors.py`, and each message is the one sentence that the tool says.

use pyo3::prelude::*;
use pyo3::types::PyType;
use std::sync::{Mutex, PoisonError};
use zkimg_files::{Code, Failure};
use zkimg_pipeline::text;

/// Where the last fault of the program was.
static FAULT: Mutex<Option<String>> = Mutex::new(None);

/// The exception of a failure.
pub(crate) fn raise(py: Python<'_>, failure: &Failure) -> PyErr {
    let name = match failure.code {
        Code::Invalid => "InvalidError",
        Code::Usage => "UsageError",
        Code::Unsupported => "UnsupportedError",
        Code::Exists => "ExistsError",
        Code::Ok | Code::Operational | Code::Untrusted => "OperationalError",
    };
    let class = py.import("zkimg.errors").and_then(|module| module.getattr(name)).and_then(|class| Ok(class.cast_into::<PyType>()?));
    match class {
        Ok(class) => PyErr::from_type(class, (text::shown(&failure.sentence),)),
        Err(error) => error,
    }
}

/// Notes where a fault of the program was.
pub(crate) fn note_fault(place: Option<String>) {
    *FAULT.lock().unwrap_or_else(PoisonError::into_inner) = place;
}

/// A fault of the program.
pub(crate) fn fault() -> Failure {
    let place = FAULT.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_else(|| "an unknown place".into());
    Failure::new(Code::Operational, format!("stopped by a fault of the program itself at {place}; please report what you did"))
}
