//! What everyone may see: captures and proofs.

use crate::errors::raise;
use crate::keys::{PublicKey, told};
use crate::picture::Source;
use crate::secret::Negative;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::path::{Path, PathBuf};
use zkimg_files::input::{self, PictureBegun};
use zkimg_files::{Access, Code, Failure, Outputs, Writer, append, hex, words};
use zkimg_pipeline::{ProofFile, SignedCapture, embedded};

/// What a camera or a notary signed about a photo, with nothing of the photo in it.
#[pyclass(frozen, module = "zkimg")]
pub(crate) struct Capture(pub(crate) SignedCapture);

/// A proof: the capture, and each link's edits and proof.
#[pyclass(frozen, module = "zkimg")]
pub(crate) struct Proof(pub(crate) ProofFile);

fn write(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    let writer = Writer::default();
    Outputs::stage(&writer, force, &[], &[(path, Access::Public)])?.finish(&[bytes])
}

#[pymethods]
impl Capture {
    /// The bytes of a capture's file.
    fn tobytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_bytes())
    }

    /// Writes its file.
    #[pyo3(signature = (path, *, force = false))]
    fn save(&self, py: Python<'_>, path: PathBuf, force: bool) -> PyResult<()> {
        write(&path, &self.0.to_bytes(), force).map_err(|failure| raise(py, &failure))
    }

    /// Writes it and its negative, as `zkimg attest` does: both or none.
    #[pyo3(signature = (negative, stem, *, force = false))]
    fn save_with(&self, py: Python<'_>, negative: &Negative, stem: PathBuf, force: bool) -> PyResult<(String, String)> {
        let (public, secret) = (append(&stem, ".capture"), append(&stem, ".negative"));
        let written = py.detach(|| negative.save_with(&secret, (&public, &self.0.to_bytes()), force, &[]));
        written.map_err(|failure| raise(py, &failure))?;
        Ok((told(&public), told(&secret)))
    }

    /// The public key of the camera or the notary.
    #[getter]
    fn key(&self) -> PublicKey {
        PublicKey { key: self.0.key.clone(), name: hex(&self.0.key.id()) }
    }

    /// Whether a notary signed it and no camera.
    #[getter]
    fn notary(&self) -> bool {
        self.0.statement.source().is_notary()
    }

    /// The root of the photo's commitment, hexadecimal.
    #[getter]
    fn root(&self) -> String {
        hex(self.0.statement.root())
    }

    /// Pixels in a line.
    #[getter]
    fn width(&self) -> usize {
        self.0.statement.dims().width
    }

    /// Lines.
    #[getter]
    fn height(&self) -> usize {
        self.0.statement.dims().height
    }

    fn __repr__(&self) -> String {
        format!("<zkimg.Capture {} × {}, {}>", self.width(), self.height(), self.root())
    }
}

#[pymethods]
impl Proof {
    /// Reads a proof's file, or the proof inside a picture's. Nothing is checked.
    #[staticmethod]
    fn open(py: Python<'_>, source: Source) -> PyResult<Proof> {
        let read = || match source {
            Source::Path(path) if input::is_proof(&path) => input::proof(&path),
            Source::Path(path) => {
                let begun = PictureBegun::open(&path, false)?.proof_begun()?.ok_or_else(|| none_inside(Some(&path)))?;
                input::finish(begun, &path)
            }
            Source::Bytes(bytes) => {
                let inside = if bytes.starts_with(b"zkimgprf") {
                    None
                } else {
                    Some(embedded(&bytes).map_err(|error| unsupported(&error))?.ok_or_else(|| none_inside(None))?)
                };
                ProofFile::from_bytes(inside.as_deref().unwrap_or(&bytes)).map_err(|error| unsupported(&words::proof_file(&error)))
            }
        };
        read().map(Proof).map_err(|failure| raise(py, &failure))
    }

    /// The bytes of its file.
    fn tobytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_bytes())
    }

    /// Writes its file.
    #[pyo3(signature = (path, *, force = false))]
    fn save(&self, py: Python<'_>, path: PathBuf, force: bool) -> PyResult<()> {
        write(&path, &self.0.to_bytes(), force).map_err(|failure| raise(py, &failure))
    }

    /// Whether the picture at its end stays hidden.
    #[getter]
    fn hidden(&self) -> bool {
        self.0.is_hidden()
    }

    /// How many links its chain has.
    #[getter]
    fn links(&self) -> usize {
        self.0.links().len()
    }

    /// Pixels in a line of the picture at its end.
    #[getter]
    fn width(&self) -> usize {
        self.0.output().width
    }

    /// Lines of the picture at its end.
    #[getter]
    fn height(&self) -> usize {
        self.0.output().height
    }

    fn __repr__(&self) -> String {
        format!("<zkimg.Proof of {} × {}, links: {}>", self.width(), self.height(), self.links())
    }
}

fn unsupported(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(Code::Unsupported, error.to_string())
}

fn none_inside(path: Option<&Path>) -> Failure {
    let what = "there is no proof inside this picture; get the file as it was published";
    path.map_or_else(|| Failure::new(Code::Unsupported, what), |path| Failure::at(Code::Unsupported, path, what))
}
