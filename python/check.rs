//! Verify.

use crate::errors::raise;
use crate::keys::{Known, told};
use crate::picture::Picture;
use crate::public::Proof;
use crate::work;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use std::path::PathBuf;
use zkimg_files::keys::{self, Lists};
use zkimg_files::{Access, Code, Failure, Judged, Outputs, PictureAt, ProofAt, Subject, Writer};
use zkimg_pipeline::{TrustedDevices, TrustedNotaries};
use zkimg_report::{STYLE, document, fragment};

/// How many are put to the verifier at once. More are hardly faster, and all of them are in memory together.
const TOGETHER: usize = 16;

/// What is given for a picture.
#[derive(FromPyObject)]
pub(crate) enum Shown<'py> {
    Decoded(Bound<'py, Picture>),
    Bytes(PyBackedBytes),
    Path(PathBuf),
}

/// What is given for a proof.
#[derive(FromPyObject)]
pub(crate) enum Proves<'py> {
    Proof(Bound<'py, Proof>),
    Bytes(PyBackedBytes),
    Path(PathBuf),
}

/// A pair without the interpreter.
struct Pair<'a> {
    picture: Option<PictureAt<'a>>,
    proof: Option<ProofAt<'a>>,
}

impl<'a> Pair<'a> {
    fn of((picture, proof): &'a (Option<Shown<'_>>, Option<Proves<'_>>)) -> Pair<'a> {
        let picture = picture.as_ref().map(|shown| match shown {
            Shown::Decoded(picture) => PictureAt::Decoded(picture.get().0.clone()),
            Shown::Bytes(bytes) => PictureAt::Memory(PICTURE, bytes.to_vec()),
            Shown::Path(path) => PictureAt::Disk(path),
        });
        let proof = proof.as_ref().map(|proof| match proof {
            Proves::Proof(proof) => ProofAt::Memory(PROOF, proof.get().0.to_bytes()),
            Proves::Bytes(bytes) => ProofAt::Memory(PROOF, bytes.to_vec()),
            Proves::Path(path) => ProofAt::Disk(path),
        });
        Pair { picture, proof }
    }

    fn subject(self) -> Result<Subject, Failure> {
        let missing = |what: &str| Err(Failure::new(Code::Usage, what));
        match (self.picture, self.proof) {
            (Some(PictureAt::Disk(path)), None) => Subject::on_disk(path, None, true),
            (Some(PictureAt::Disk(path)), Some(ProofAt::Disk(proof))) => Subject::on_disk(path, Some(proof), true),
            (Some(PictureAt::Memory(name, bytes)), None) => Subject::alone(name, bytes),
            (Some(picture), Some(proof)) => Subject::together(picture, proof),
            (None, Some(ProofAt::Disk(path))) => Subject::on_disk(path, None, true),
            (None, Some(proof)) => Subject::together(PictureAt::Nowhere, proof),
            (Some(_), None) => missing("pixels have no proof inside; give proof, too"),
            (None, None) => missing("there is nothing to verify; give a picture, or the proof of one that is hidden"),
        }
    }
}

/// The names that bytes have in sentences.
const PICTURE: &str = "the picture";
const PROOF: &str = "the proof";

/// A report: JSON as the tool has it, the same as a piece of a page with its style, and as a page.
type Answer = (String, String, String);

fn answer(judged: &Judged, lists: &Lists) -> Result<Answer, Failure> {
    let about = judged.about(lists)?;
    let mut fields = serde_json::to_value(&judged.report).map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
    fields["picture"] = judged.picture.as_deref().map(told).into();
    fields["proof"] = told(&judged.proof).into();
    let piece = format!("<style>{STYLE}</style>\n{}", fragment(&judged.report, &about));
    Ok((fields.to_string(), piece, document(&judged.report, &about)))
}

/// Whom the reader trusts: lists of cameras and of notaries, and keys of people.
fn lists(trust: Vec<Known<'_>>, notaries: Vec<Known<'_>>, people: Vec<Known<'_>>) -> Result<Lists, Failure> {
    let mut lists = Lists::default();
    for known in trust {
        match known {
            Known::Key(key) => {
                let mut list = TrustedDevices::default();
                list.insert(key.get().key.clone());
                lists.cameras.push((key.get().name.clone(), list));
            }
            Known::Path(path) => lists.cameras.extend(keys::cameras(&[path])?),
        }
    }
    for known in notaries {
        match known {
            Known::Key(key) => {
                let mut list = TrustedNotaries::default();
                list.insert(key.get().key.clone());
                lists.notaries.push((key.get().name.clone(), list));
            }
            Known::Path(path) => lists.notaries.extend(keys::notaries(&[path])?),
        }
    }
    for known in people {
        match known {
            Known::Key(key) => lists.people.push((key.get().name.clone(), key.get().key.clone())),
            Known::Path(path) => lists.people.extend(keys::people(&[path])?),
        }
    }
    Ok(lists)
}

/// Verifies pictures, each with its proof or with one inside: a report for each, or the exception that says why there is none.
#[pyfunction]
pub(crate) fn verify(
    py: Python<'_>,
    subjects: Vec<(Option<Shown<'_>>, Option<Proves<'_>>)>,
    trust: Vec<Known<'_>>,
    notaries: Vec<Known<'_>>,
    people: Vec<Known<'_>>,
) -> PyResult<Vec<Py<PyAny>>> {
    let lists = lists(trust, notaries, people).map_err(|failure| raise(py, &failure))?;
    let trust = lists.trust().map_err(|failure| raise(py, &failure))?;
    let mut answers = Vec::with_capacity(subjects.len());
    for together in subjects.chunks(TOGETHER) {
        let together: Vec<_> = together.iter().map(Pair::of).collect();
        let judged = work::run(py, None, None, |_| {
            let subjects = together.into_iter().map(Pair::subject).collect();
            let judged = Subject::judge_many(subjects, &trust)?;
            Ok(judged.into_iter().map(|judged| answer(&judged?, &lists)).collect::<Vec<_>>())
        })?;
        for answer in judged {
            answers.push(match answer {
                Ok(answer) => answer.into_pyobject(py)?.into_any().unbind(),
                Err(failure) => raise(py, &failure).into_value(py).into_any(),
            });
        }
    }
    Ok(answers)
}

/// Writes a page.
#[pyfunction]
pub(crate) fn save_page(py: Python<'_>, path: PathBuf, page: &str, force: bool) -> PyResult<()> {
    let writer = Writer::default();
    let write = || Outputs::stage(&writer, force, &[], &[(&path, Access::Public)])?.finish(&[page.as_bytes()]);
    write().map_err(|failure: Failure| raise(py, &failure))
}
