//! Keys. Of a private one nothing can be read but its public half and the file that it is saved in.

use crate::errors::raise;
use pyo3::prelude::*;
use std::path::PathBuf;
use zkimg_files::{Access, Code, Failure, Outputs, Writer, hex, input, key_pair, keys, lossy};

/// A private key: a camera's, or a person's.
#[pyclass(frozen, module = "zkimg")]
pub(crate) struct SigningKey {
    pub(crate) key: zkimg_pipeline::SigningKey,
    /// The file that it was read from.
    pub(crate) path: Option<PathBuf>,
}

/// A public key, and what the reader calls its holder.
#[pyclass(frozen, module = "zkimg")]
pub(crate) struct PublicKey {
    pub(crate) key: zkimg_pipeline::PublicKey,
    pub(crate) name: String,
}

#[pymethods]
impl SigningKey {
    /// A new key, of random bytes of the operating system.
    #[staticmethod]
    fn generate(py: Python<'_>) -> PyResult<SigningKey> {
        let key = zkimg_pipeline::SigningKey::generate().map_err(|error| raise(py, &Failure::new(Code::Operational, error.to_string())))?;
        Ok(SigningKey { key, path: None })
    }

    /// Reads a private key's file.
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<SigningKey> {
        SigningKey::read(path).map_err(|failure| raise(py, &failure))
    }

    /// The public half.
    #[getter]
    fn public(&self) -> PublicKey {
        let key = self.key.public();
        let name = hex(&key.id());
        PublicKey { key, name }
    }

    /// Writes both halves, as `zkimg keygen` does: the private one for its owner alone.
    #[pyo3(signature = (path, *, force = false))]
    fn save(&self, py: Python<'_>, path: PathBuf, force: bool) -> PyResult<(String, String)> {
        let write = || {
            let (private, public) = key_pair(&path)?;
            let writer = Writer::default();
            let outputs = Outputs::stage(&writer, force, &[], &[(&private, Access::Secret), (&public, Access::Public)])?;
            outputs.finish(&[self.key.to_pem().as_bytes(), self.key.public().to_pem().as_bytes()])?;
            Ok((told(&private), told(&public)))
        };
        write().map_err(|failure| raise(py, &failure))
    }

    fn __repr__(&self) -> String {
        format!("<zkimg.SigningKey {}>", hex(&self.key.public().id()))
    }
}

impl SigningKey {
    pub(crate) fn read(path: PathBuf) -> Result<SigningKey, Failure> {
        Ok(SigningKey { key: input::key(&path)?, path: Some(path) })
    }
}

#[pymethods]
impl PublicKey {
    /// Reads a public key's file; `name` is what reports call its holder, the file's name if left out.
    #[staticmethod]
    #[pyo3(signature = (path, *, name = None))]
    fn open(py: Python<'_>, path: PathBuf, name: Option<String>) -> PyResult<PublicKey> {
        let key = keys::public_key(&path).map_err(|failure| raise(py, &failure))?;
        Ok(PublicKey { key, name: name.unwrap_or_else(|| input::name(&path)) })
    }

    /// Reads a public key in PEM.
    #[staticmethod]
    fn from_pem(py: Python<'_>, pem: &str, name: &str) -> PyResult<PublicKey> {
        let key =
            zkimg_pipeline::PublicKey::from_pem(pem).map_err(|error| raise(py, &Failure::new(Code::Unsupported, error.to_string())))?;
        Ok(PublicKey { key, name: name.into() })
    }

    /// The key in PEM.
    fn pem(&self) -> String {
        self.key.to_pem()
    }

    /// Its fingerprint, hexadecimal.
    #[getter]
    fn fingerprint(&self) -> String {
        hex(&self.key.id())
    }

    /// What reports call its holder.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<PublicKey>().is_ok_and(|other| other.get().key == self.key)
    }

    fn __hash__(&self) -> u64 {
        self.key.id().iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
    }

    fn __repr__(&self) -> String {
        format!("<zkimg.PublicKey {}>", self.fingerprint())
    }
}

/// A public key, or a file of one or more.
#[derive(FromPyObject)]
pub(crate) enum Known<'py> {
    Key(Bound<'py, PublicKey>),
    Path(PathBuf),
}

/// A private key, or its file.
#[derive(FromPyObject)]
pub(crate) enum Signs<'py> {
    Key(Bound<'py, SigningKey>),
    Path(PathBuf),
}

impl<'py> Signs<'py> {
    /// The key, read if it is a file.
    pub(crate) fn key(self, py: Python<'py>) -> PyResult<Bound<'py, SigningKey>> {
        match self {
            Signs::Key(key) => Ok(key),
            Signs::Path(path) => Bound::new(py, SigningKey::read(path).map_err(|failure| raise(py, &failure))?),
        }
    }
}

/// A path as Python's strings hold it.
pub(crate) fn told(path: &std::path::Path) -> String {
    lossy(path)
}
