//! Attest and prove.

use crate::errors::raise;
use crate::keys::{Signs, told};
use crate::picture::{Picture, Source};
use crate::public::{Capture, Proof};
use crate::secret::Negative;
use crate::work;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use zkimg_files::recipe::{Part, explain, of_file, of_parts, text};
use zkimg_files::{Access, Code, Failure, Outputs, Writer, append, exif_fields, input, nothing_beside, now};
use zkimg_pipeline::edits::jpeg::{Quality, Sampling};
use zkimg_pipeline::{AttestError, Dims, Policy, ProofFile, Recipe, Witness, Work, attest_as, embed, encode_png, encode_webp, write_jpeg};

/// A part of a recipe: words, or JSON and the folder of its overlays.
#[derive(FromPyObject)]
pub(crate) enum Given {
    Json((String, PathBuf)),
    Word(String),
}

/// A recipe: its parts, and the quality and sampling of the JPEG that it ends with.
#[derive(FromPyObject)]
pub(crate) struct Edits(Vec<Given>, Option<(u8, String)>);

impl Edits {
    fn read(self) -> Result<Recipe, Failure> {
        let part = |given| match given {
            Given::Word(word) => Part::Word(word),
            Given::Json((text, folder)) => Part::Json(text, folder),
        };
        let recipe = of_parts(&self.0.into_iter().map(part).collect::<Vec<_>>())?;
        let Some((quality, sampling)) = self.1 else { return Ok(recipe) };
        let wrong =
            || Failure::new(Code::Usage, "a JPEG has a quality from 1 to 100 and a sampling of \"420\", \"422\" or \"444\"; give others");
        let (quality, sampling) = Quality::new(quality).zip(Sampling::named(&sampling)).ok_or_else(wrong)?;
        if recipe.ends_with_jpeg() {
            return Err(Failure::new(Code::Usage, "the recipe says how the JPEG is made already; leave jpeg() out"));
        }
        Ok(recipe.as_jpeg(quality, sampling))
    }
}

/// Raises if a recipe cannot be read.
#[pyfunction]
pub(crate) fn check_recipe(py: Python<'_>, edits: Edits) -> PyResult<()> {
    edits.read().map(drop).map_err(|failure| raise(py, &failure))
}

/// The text of a recipe's file, which is one.
#[pyfunction]
pub(crate) fn read_recipe(py: Python<'_>, path: PathBuf) -> PyResult<String> {
    of_file(&path).and_then(|_| text(&path)).map_err(|failure| raise(py, &failure))
}

/// The edits as a proof holds them, for a picture of this size: JSON.
#[pyfunction]
pub(crate) fn exact_edits(py: Python<'_>, edits: Edits, width: usize, height: usize, channels: usize) -> PyResult<String> {
    let exact = || {
        let dims = Dims::new(channels, height, width).map_err(|error| Failure::new(Code::Usage, error.to_string()))?;
        let edits = edits.read()?.resolve(dims).map_err(|error| explain(None, &error.into()))?;
        Ok(edits.canonical())
    };
    exact().map_err(|failure: Failure| raise(py, &failure))
}

/// The picture that a recipe makes of another, without a proof.
#[pyfunction]
pub(crate) fn preview(py: Python<'_>, picture: &Bound<'_, Picture>, edits: Edits) -> PyResult<Picture> {
    let recipe = edits.read().map_err(|failure| raise(py, &failure))?;
    let picture = picture.get();
    let edited = work::run(py, None, None, |_| zkimg_pipeline::preview(&picture.0, &recipe).map_err(|error| explain(None, &error)))?;
    Ok(Picture(edited))
}

/// Signs a photo as a camera does, or as a notary.
#[pyfunction]
#[pyo3(signature = (photo, key, *, notary = false, show_time = false, hide_device = false))]
pub(crate) fn attest(
    py: Python<'_>,
    photo: Source,
    key: Signs<'_>,
    notary: bool,
    show_time: bool,
    hide_device: bool,
) -> PyResult<(Capture, Negative)> {
    let witness = if notary { Witness::Notary } else { Witness::Device };
    let key = key.key(py)?;
    let key = &key.get().key;
    let policy = Policy { show_time, show_device: !hide_device };
    let (capture, negative) = work::run(py, None, None, |_| {
        let time = now()?;
        let refused = |path: Option<&Path>, error: AttestError| match (error, path) {
            (AttestError::Picture(error), Some(path)) => Failure::at(Code::Unsupported, path, error),
            (AttestError::Picture(error), None) => Failure::new(Code::Unsupported, format!("the photo: {error}")),
            (error, _) => Failure::new(Code::Operational, error.to_string()),
        };
        match photo {
            Source::Path(path) => {
                attest_as(witness, &input::photo(&path)?, key, &policy, time).map_err(|error| refused(Some(&path), error))
            }
            Source::Bytes(bytes) => attest_as(witness, &bytes, key, &policy, time).map_err(|error| refused(None, error)),
        }
    })?;
    Ok((Capture(capture), Negative::new(negative)))
}

/// What was made of a picture by edits.
enum Made {
    /// A file without a proof inside, and its pixels.
    Shown {
        file: Vec<u8>,
        jpeg: bool,
        proof: ProofFile,
    },
    Hidden {
        negative: zkimg_pipeline::Negative,
        proof: ProofFile,
    },
}

/// Edits a hidden picture and proves it: a published picture, or a negative that is handed on.
#[pyfunction]
#[pyo3(signature = (negative, edits, *, hidden = false, compact = false, show = None, after = None, name = None, note = None, sign = None, memory = None, progress = None))]
#[allow(clippy::too_many_arguments, reason = "keywords of Python")]
pub(crate) fn prove(
    py: Python<'_>,
    negative: &Bound<'_, Negative>,
    edits: Edits,
    hidden: bool,
    compact: bool,
    show: Option<Vec<String>>,
    after: Option<&Bound<'_, Proof>>,
    name: Option<String>,
    note: Option<String>,
    sign: Option<Signs<'_>>,
    memory: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Py<PyAny>> {
    let recipe = edits.read().map_err(|failure| raise(py, &failure))?;
    let show = exif_fields(&show.unwrap_or_default()).map_err(|failure| raise(py, &failure))?;
    let sign = sign.map(|sign| sign.key(py)).transpose()?;
    let (negative, after, key) = (negative.get(), after.map(|after| after.get()), sign.as_ref().map(|sign| sign.get()));
    let made = work::run(py, memory, progress.as_ref(), |watch| {
        let mut work = Work::new(&negative.negative, &recipe).watched(watch);
        if let Some(after) = after {
            work = work.after(&after.0);
        }
        if compact {
            work = work.compact();
        }
        for field in show {
            work = work.showing(field);
        }
        if let Some(name) = name {
            work = work.named(name);
        }
        if let Some(note) = note {
            work = work.noted(note);
        }
        if let Some(key) = key {
            work = work.signed(&key.key);
        }
        match (hidden, recipe.ends_with_jpeg()) {
            (true, _) => work.hand_on().map(|made| Made::Hidden { negative: made.negative, proof: made.proof }),
            (false, false) => work.publish().map(|made| Made::Shown { file: encode_png(&made.picture), jpeg: false, proof: made.proof }),
            (false, true) => work.publish_jpeg().map(|made| {
                let file = write_jpeg(&made.coefficients, &made.profile);
                Made::Shown { file, jpeg: true, proof: made.proof }
            }),
        }
        .map_err(|error| explain(None, &error))
    })?;
    let key = key.and_then(|key| key.path.clone());
    let inputs: Vec<PathBuf> = negative.path.iter().cloned().chain(key).chain(recipe.files().map(Path::to_owned)).collect();
    Ok(match made {
        Made::Shown { file, jpeg, proof } => Py::new(py, Published { file, jpeg, proof, inputs })?.into_any(),
        Made::Hidden { negative, proof } => {
            Py::new(py, HandedOn { negative: Py::new(py, Negative::new(negative))?, proof, inputs })?.into_any()
        }
    })
}

/// A published picture and its proof.
#[pyclass(frozen, module = "zkimg")]
pub(crate) struct Published {
    file: Vec<u8>,
    jpeg: bool,
    proof: ProofFile,
    /// Files that it is made from, over which it is never written.
    inputs: Vec<PathBuf>,
}

impl Published {
    fn whole(&self) -> Result<Vec<u8>, Failure> {
        self.embedded(&self.file)
    }

    fn embedded(&self, file: &[u8]) -> Result<Vec<u8>, Failure> {
        embed(file, &self.proof.to_bytes()).map_err(|error| Failure::new(Code::Usage, format!("{error} (sidecar=True)")))
    }

    /// The picture's file under a name, without the proof: what is a PNG may be a WebP as well.
    fn file(&self, path: &Path) -> Result<Cow<'_, [u8]>, Failure> {
        if self.jpeg || !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("webp")) {
            return Ok(Cow::Borrowed(&self.file));
        }
        let what = "WebP has no grey pictures and none of more than 16383 pixels on a side; give it a name that ends in .png";
        let picture = zkimg_pipeline::Picture::decode(&self.file).map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
        encode_webp(&picture).map(Cow::Owned).ok_or_else(|| Failure::at(Code::Usage, path, what))
    }

    fn write(&self, path: &Path, sidecar: bool, force: bool) -> Result<(), Failure> {
        let (endings, kind): (&[&str], _) = if self.jpeg { (&["jpg", "jpeg"], "JPEG") } else { (&["png", "webp"], "PNG") };
        if !endings.iter().any(|ending| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(ending))) {
            return Err(Failure::at(
                Code::Usage,
                path,
                format_args!("this picture is a {kind}; give it a name that ends in .{}", endings[0]),
            ));
        }
        let beside = path.with_extension("zkimg");
        let writer = Writer::default();
        let inputs: Vec<&Path> = self.inputs.iter().map(PathBuf::as_path).collect();
        let targets = [(path, Access::Public), (beside.as_path(), Access::Public)];
        if sidecar {
            let outputs = Outputs::stage(&writer, force, &inputs, &targets)?;
            return outputs.finish(&[&self.file(path)?, &self.proof.to_bytes()]);
        }
        nothing_beside(&beside)?;
        let outputs = Outputs::stage(&writer, force, &inputs, &targets[..1])?;
        outputs.finish(&[&self.embedded(&self.file(path)?)?])
    }
}

#[pymethods]
impl Published {
    /// One file for everyone: the picture with its proof inside.
    fn tobytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.whole().map(|file| PyBytes::new(py, &file)).map_err(|failure| raise(py, &failure))
    }

    /// Writes that file, or the picture and a `.zkimg` file beside it.
    #[pyo3(signature = (path, *, sidecar = false, force = false))]
    fn save(&self, py: Python<'_>, path: PathBuf, sidecar: bool, force: bool) -> PyResult<()> {
        py.detach(|| self.write(&path, sidecar, force)).map_err(|failure| raise(py, &failure))
    }

    /// The picture.
    #[getter]
    fn picture(&self, py: Python<'_>) -> PyResult<Picture> {
        let decoded = py.detach(|| zkimg_pipeline::Picture::decode(&self.file));
        decoded.map(Picture).map_err(|error| raise(py, &Failure::new(Code::Operational, error.to_string())))
    }

    /// The proof.
    #[getter]
    fn proof(&self) -> Proof {
        Proof(self.proof.clone())
    }

    fn _repr_png_<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        (!self.jpeg).then(|| PyBytes::new(py, &self.file))
    }

    fn _repr_jpeg_<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.jpeg.then(|| PyBytes::new(py, &self.file))
    }

    fn __repr__(&self) -> String {
        let dims = self.proof.output();
        format!("<zkimg.Published {} × {}, {}>", dims.width, dims.height, if self.jpeg { "JPEG" } else { "PNG" })
    }
}

/// A hidden picture for the next person, and its proof.
#[pyclass(frozen, module = "zkimg")]
pub(crate) struct HandedOn {
    negative: Py<Negative>,
    proof: ProofFile,
    inputs: Vec<PathBuf>,
}

#[pymethods]
impl HandedOn {
    /// The hidden picture's negative, for the next person alone.
    #[getter]
    fn negative(&self, py: Python<'_>) -> Py<Negative> {
        self.negative.clone_ref(py)
    }

    /// The proof.
    #[getter]
    fn proof(&self) -> Proof {
        Proof(self.proof.clone())
    }

    /// Writes `STEM.zkimg` (public) and `STEM.negative` (secret): both or none.
    #[pyo3(signature = (stem, *, force = false))]
    fn save(&self, py: Python<'_>, stem: PathBuf, force: bool) -> PyResult<(String, String)> {
        let (public, secret) = (append(&stem, ".zkimg"), append(&stem, ".negative"));
        let inputs: Vec<&Path> = self.inputs.iter().map(PathBuf::as_path).collect();
        let negative = self.negative.get();
        let written = py.detach(|| negative.save_with(&secret, (&public, &self.proof.to_bytes()), force, &inputs));
        written.map_err(|failure| raise(py, &failure))?;
        Ok((told(&public), told(&secret)))
    }

    fn __repr__(&self) -> String {
        let dims = self.proof.output();
        format!("<zkimg.HandedOn {} × {}, secret>", dims.width, dims.height)
    }
}
