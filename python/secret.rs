//! Negatives: the secret of whoever holds a picture. None of it is printed, pickled or given as bytes; it goes into files alone.

use crate::errors::raise;
use crate::work;
use pyo3::prelude::*;
use std::path::{Path, PathBuf};
use zkimg_files::{Access, Failure, Outputs, Writer, input};

/// The secret of a hidden picture.
#[pyclass(frozen, module = "zkimg")]
pub(crate) struct Negative {
    pub(crate) negative: zkimg_pipeline::Negative,
    /// The file that it was read from.
    pub(crate) path: Option<PathBuf>,
}

impl Negative {
    pub(crate) fn new(negative: zkimg_pipeline::Negative) -> Negative {
        Negative { negative, path: None }
    }

    /// Writes it for its owner alone, with a public file that belongs to it.
    pub(crate) fn save_with(&self, secret: &Path, public: (&Path, &[u8]), force: bool, inputs: &[&Path]) -> Result<(), Failure> {
        let writer = Writer::default();
        let targets = [(public.0, Access::Public), (secret, Access::Secret)];
        Outputs::stage(&writer, force, inputs, &targets)?.finish(&[public.1, &self.negative.to_bytes()])
    }
}

#[pymethods]
impl Negative {
    /// Reads a negative's file.
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Negative> {
        let negative = work::run(py, None, None, |_| input::negative(&path))?;
        Ok(Negative { negative, path: Some(path) })
    }

    /// Writes it as `zkimg attest` does: for its owner alone, all of it or nothing.
    #[pyo3(signature = (path, *, force = false))]
    fn save(&self, py: Python<'_>, path: PathBuf, force: bool) -> PyResult<()> {
        let write = || {
            let writer = Writer::default();
            Outputs::stage(&writer, force, &[], &[(&path, Access::Secret)])?.finish(&[&self.negative.to_bytes()])
        };
        py.detach(write).map_err(|failure| raise(py, &failure))
    }

    /// Pixels in a line.
    #[getter]
    fn width(&self) -> usize {
        self.negative.layout().dims.width
    }

    /// Lines.
    #[getter]
    fn height(&self) -> usize {
        self.negative.layout().dims.height
    }

    /// 1 for grey, 3 for colour.
    #[getter]
    fn channels(&self) -> usize {
        self.negative.layout().dims.channels
    }

    /// Whether it was handed on, and is not of a photo that was signed itself.
    #[getter]
    fn handed_on(&self) -> bool {
        self.negative.capture().is_none()
    }

    fn __repr__(&self) -> String {
        format!("<zkimg.Negative {} × {}, secret>", self.width(), self.height())
    }
}
