//! Jobs: a line of JSON each, with the words of the verb that does it.

use super::Given;
use crate::also::Also;
use crate::memory::MemoryArgs;
use crate::outcome::{Code, Failure, Outcome};
use crate::recipe::RecipeArgs;
use crate::session::Session;
use crate::target::JpegArgs;
use crate::{attest, prove, verify};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use zkimg_files::{append, hex, input};

/// Some hundred thousand jobs with their edits.
const LIMIT: u64 = 1 << 30;

/// What is to be done with one file.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase", deny_unknown_fields)]
enum Work {
    Attest {
        photo: PathBuf,
        key: Option<PathBuf>,
        notary: Option<PathBuf>,
        out: Option<PathBuf>,
        #[serde(default)]
        show_time: bool,
        #[serde(default)]
        hide_device: bool,
    },
    Prove {
        negative: PathBuf,
        #[serde(default)]
        edits: Vec<String>,
        recipe: Option<PathBuf>,
        out: PathBuf,
        #[serde(default)]
        also: Vec<Also>,
        quality: Option<u8>,
        sampling: Option<String>,
        #[serde(default)]
        sidecar: bool,
        #[serde(default)]
        hidden: bool,
        #[serde(default)]
        compact: bool,
        #[serde(default)]
        show: Vec<String>,
        after: Option<PathBuf>,
        name: Option<String>,
        note: Option<String>,
        sign: Option<PathBuf>,
    },
    Verify {
        picture: PathBuf,
        proof: Option<PathBuf>,
        report: Option<PathBuf>,
    },
}

/// A job, and where it stands.
#[derive(Debug)]
pub(super) struct Job {
    /// Counted from 1.
    pub(super) line: usize,
    /// Digest of the line: what a ledger knows it by.
    pub(super) id: String,
    work: Work,
}

/// All jobs of a file.
pub(super) fn read(path: &Path) -> Result<Vec<Job>, Failure> {
    let bytes = input::read(path, LIMIT)?;
    let text = input::utf8(path, &bytes, "this is not a list of jobs, which is a text file of one JSON object a line")?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let jobs: Vec<Job> = lines.map(|(i, line)| Job::read(path, i + 1, line.trim())).collect::<Result<_, _>>()?;
    apart(path, &jobs)?;
    Ok(jobs)
}

/// That no two jobs are the same or write the same file.
fn apart(path: &Path, jobs: &[Job]) -> Result<(), Failure> {
    let (mut ids, mut outputs) = (HashMap::new(), HashMap::new());
    for job in jobs {
        if let Some(before) = ids.insert(&job.id, job.line) {
            return Err(Failure::at(Code::Usage, path, format_args!("lines {before} and {} are the same job; leave one out", job.line)));
        }
        for output in job.outputs() {
            if let Some(before) = outputs.insert(output, job.line) {
                let what = format_args!("lines {before} and {} write the same file; give one of them another \"out\"", job.line);
                return Err(Failure::at(Code::Usage, path, what));
            }
        }
    }
    Ok(())
}

impl Job {
    fn read(path: &Path, line: usize, text: &str) -> Result<Job, Failure> {
        let wrong =
            |what: &dyn std::fmt::Display| Failure::at(Code::Usage, path, format_args!("line {line}: {what}; see `zkimg batch --help`"));
        let work: Work = serde_json::from_str(text).map_err(|error| {
            // Where in the line is said; the line is always the first.
            let error = error.to_string();
            wrong(&error.split(" at line 1").next().unwrap_or(&error))
        })?;
        if let Work::Prove { edits, recipe, .. } = &work
            && edits.is_empty() == recipe.is_none()
        {
            return Err(wrong(&"give either \"edits\", a list of words, or \"recipe\", a file"));
        }
        Ok(Job { line, id: hex(&super::ledger::digest(text.as_bytes())[..16]), work })
    }

    /// Every file that it may write.
    pub(super) fn outputs(&self) -> Vec<PathBuf> {
        match &self.work {
            Work::Attest { photo, out, .. } => {
                let stem = out.clone().unwrap_or_else(|| photo.with_extension(""));
                vec![append(&stem, ".capture"), append(&stem, ".negative")]
            }
            Work::Prove { out, hidden: true, .. } => vec![append(out, ".zkimg"), append(out, ".negative")],
            Work::Prove { out, also, sidecar, .. } => {
                let pictures = std::iter::once(out).chain(also.iter().map(|also| &also.out));
                pictures.flat_map(|out| std::iter::once(out.clone()).chain(sidecar.then(|| out.with_extension("zkimg")))).collect()
            }
            Work::Verify { report, .. } => report.iter().cloned().collect(),
        }
    }

    /// Whether it asks whom the reader trusts.
    pub(super) fn verifies(&self) -> bool {
        matches!(self.work, Work::Verify { .. })
    }

    /// Does it, as the verb of the same name does.
    pub(super) fn run(&self, given: &Given, session: &Session) -> Result<Outcome, Failure> {
        let force = given.force;
        match &self.work {
            Work::Attest { photo, key, notary, out, show_time, hide_device } => {
                let key = key.clone().or_else(|| given.key.clone().filter(|_| notary.is_none()));
                if key.is_none() && notary.is_none() {
                    return Err(Failure::new(Code::Usage, "there is no key to sign with; give the job a \"key\", or --key for all jobs"));
                }
                let (photo, notary, out) = (photo.clone(), notary.clone(), out.clone());
                attest::run(&attest::Args { photo, key, notary, out, show_time: *show_time, hide_device: *hide_device, force }, session)
            }
            Work::Prove {
                negative,
                edits,
                recipe,
                out,
                also,
                quality,
                sampling,
                sidecar,
                hidden,
                compact,
                show,
                after,
                name,
                note,
                sign,
            } => {
                let args = prove::Args {
                    negative: negative.clone(),
                    recipe: RecipeArgs { edits: edits.clone(), recipe: recipe.clone() },
                    out: out.clone(),
                    also: also.clone(),
                    jpeg: JpegArgs { quality: *quality, sampling: sampling.clone() },
                    sidecar: *sidecar,
                    hidden: *hidden,
                    compact: *compact,
                    show: show.clone(),
                    after: after.clone(),
                    name: name.clone(),
                    note: note.clone(),
                    sign: sign.clone(),
                    force,
                    memory: MemoryArgs { memory: given.memory, estimate: false },
                };
                if *sidecar && *hidden {
                    return Err(Failure::new(Code::Usage, "a hidden picture has no sidecar; leave \"sidecar\" or \"hidden\" out"));
                }
                if !also.is_empty() && *hidden {
                    return Err(Failure::new(Code::Usage, "a hidden picture has no further sizes; leave \"also\" or \"hidden\" out"));
                }
                prove::run(&args, session)
            }
            Work::Verify { picture, proof, report } => {
                let args = verify::Args {
                    files: std::iter::once(picture).chain(proof).cloned().collect(),
                    report: report.clone(),
                    force,
                    ..verify::Args::default()
                };
                verify::one(&args, &given.reader, session)
            }
        }
    }
}
