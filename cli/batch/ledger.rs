//! What has been done, in a file to which lines are added: that a job's files are about to appear, and that it is done or failed.
//!
//! A job whose files were about to appear when the machine stopped is done if all of them are there as they were announced. If only some are,
//! they are taken away and it is done again. So no job is lost, and none is done twice.

use crate::outcome::{Code, Failure, Outcome, shown};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Error, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use zkimg_files::{Source, hex, reason};

/// A line of a ledger.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
enum Entry {
    /// A run begins; its temporary files have this tag.
    Begun { tag: String, version: String, at: u64 },
    /// These files are about to appear, with these digests (SHA-256).
    Placing { job: String, files: BTreeMap<PathBuf, String> },
    /// The job is done; `answer` is what its verb says in JSON.
    Done { job: String, line: usize, exit_code: u8, seconds: f64, answer: Map<String, Value> },
    /// It failed, and why.
    Failed { job: String, line: usize, exit_code: u8, seconds: f64, error: String },
}

/// Where a job stands.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// Its files were about to appear.
    Placing(BTreeMap<PathBuf, String>),
    /// It is done, with this exit code.
    Done(u8),
    /// It failed, with this exit code.
    Failed(u8),
}

/// A ledger that is written to, by this process alone.
#[derive(Debug)]
pub(super) struct Ledger {
    path: PathBuf,
    file: File,
    /// Where every job stands that any ledger of the folder knows.
    states: HashMap<String, State>,
    /// Tags of runs that are over.
    over: Vec<String>,
}

pub(super) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

impl Ledger {
    /// Opens a ledger of a folder, or begins it, and reads all others there. One that holds something is continued only to `resume`.
    pub(super) fn open(folder: &Path, name: &str, resume: bool) -> Result<Ledger, Failure> {
        let path = folder.join(name);
        let failed = |error: Error| unwritable(&path, &error);
        fs::create_dir_all(folder).map_err(failed)?;
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path).map_err(failed)?;
        lock(&file, &path)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        if !text.is_empty() && !resume {
            let what = "this ledger was begun already; add --resume to go on, or name another with --ledger";
            return Err(Failure::at(Code::Exists, &path, what));
        }
        let mut ledger = Ledger { path: path.clone(), file, states: HashMap::new(), over: Vec::new() };
        ledger.others(folder, name)?;
        // What was being written when the machine stopped says nothing.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        if whole < text.len() {
            ledger.file.set_len(whole as u64).map_err(failed)?;
            ledger.file.seek(SeekFrom::End(0)).map_err(failed)?;
        }
        ledger.learn(&text[..whole])?;
        Ok(ledger)
    }

    /// The ledgers of other shards. Of another division of the same jobs none may be at work.
    fn others(&mut self, folder: &Path, name: &str) -> Result<(), Failure> {
        let division = |name: &str| name.split_once("-of-").map(|(_, rest)| rest.to_owned());
        let entries = fs::read_dir(folder).map_err(|error| unwritable(folder, &error))?;
        for entry in entries.flatten() {
            let Ok(other) = entry.file_name().into_string() else { continue };
            if other == name || !other.ends_with(".jsonl") {
                continue;
            }
            let path = entry.path();
            let mut file = File::open(&path).map_err(|error| unwritable(&path, &error))?;
            if division(&other) != division(name) {
                lock(&file, &path)?;
            }
            let mut text = String::new();
            file.read_to_string(&mut text).map_err(|error| unwritable(&path, &error))?;
            let whole = text.rfind('\n').map_or(0, |end| end + 1);
            let own = std::mem::take(&mut self.over);
            self.learn(&text[..whole])?;
            // Whoever writes there sweeps up there.
            self.over = own;
        }
        Ok(())
    }

    fn learn(&mut self, text: &str) -> Result<(), Failure> {
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
            let entry: Entry = serde_json::from_str(line).map_err(|_| {
                let what = format_args!("line {} is no line of a ledger; restore the file, or begin another with --ledger", number + 1);
                Failure::at(Code::Unsupported, &self.path, what)
            })?;
            match entry {
                Entry::Begun { tag, .. } => self.over.push(tag),
                Entry::Placing { job, files } => drop(self.states.insert(job, State::Placing(files))),
                Entry::Done { job, exit_code, .. } => drop(self.states.insert(job, State::Done(exit_code))),
                Entry::Failed { job, exit_code, .. } => drop(self.states.insert(job, State::Failed(exit_code))),
            }
        }
        Ok(())
    }

    /// Where a job stands; none if no ledger knows it.
    pub(super) fn state(&self, job: &str) -> Option<&State> {
        self.states.get(job)
    }

    /// Tags of runs that are over.
    pub(super) fn over(&self) -> &[String] {
        &self.over
    }

    fn add(&mut self, entry: &Entry) -> Result<(), Failure> {
        let mut line = serde_json::to_vec(entry).map_err(|error| Failure::at(Code::Operational, &self.path, error))?;
        line.push(b'\n');
        // One write, so that a line is there or not, and on the disk before anything follows from it.
        self.file.write_all(&line).and_then(|()| self.file.sync_data()).map_err(|error| unwritable(&self.path, &error))
    }

    pub(super) fn begin(&mut self, tag: &str, at: u64) -> Result<(), Failure> {
        self.add(&Entry::Begun { tag: tag.into(), version: env!("CARGO_PKG_VERSION").into(), at })
    }

    pub(super) fn placing(&mut self, job: &str, files: &[(&Path, &[u8])]) -> Result<(), Failure> {
        let files = files.iter().map(|(path, content)| ((*path).to_owned(), hex(&digest(content)))).collect();
        self.add(&Entry::Placing { job: job.into(), files })
    }

    pub(super) fn done(&mut self, job: &super::Job, seconds: f64, outcome: Outcome) -> Result<(), Failure> {
        let Outcome { code, fields, .. } = outcome;
        self.add(&Entry::Done { job: job.id.clone(), line: job.line, exit_code: code as u8, seconds, answer: fields })
    }

    pub(super) fn failed(&mut self, job: &super::Job, seconds: f64, failure: &Failure) -> Result<(), Failure> {
        let (exit_code, error) = (failure.code as u8, zkimg_pipeline::text::shown(&failure.sentence));
        self.add(&Entry::Failed { job: job.id.clone(), line: job.line, exit_code, seconds, error })
    }
}

/// Whether files that were announced are all there. If only some are, they are taken away.
pub(super) fn placed(files: &BTreeMap<PathBuf, String>) -> Result<bool, Failure> {
    let is_there = |(path, expected): (&PathBuf, &String)| {
        let Ok(file) = File::open(path) else { return Ok(false) };
        let found = Source::new(Box::new(file), true).sha256().map_err(|error| zkimg_files::input::unreadable(path, &error))?;
        Ok(found.as_ref() == Some(expected))
    };
    let there: Vec<bool> = files.iter().map(is_there).collect::<Result<_, Failure>>()?;
    if there.iter().all(|there| *there) {
        return Ok(true);
    }
    for (path, _) in files.keys().zip(there).filter(|(_, there)| *there) {
        fs::remove_file(path).map_err(|error| unwritable(path, &error))?;
    }
    Ok(false)
}

fn lock(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            Err(Failure::at(Code::Operational, path, "another batch is at work with this ledger; wait until it ends"))
        }
        Err(TryLockError::Error(error)) => Err(unwritable(path, &error)),
    }
}

fn unwritable(path: &Path, error: &Error) -> Failure {
    Failure::new(Code::Operational, format!("cannot write the ledger {}: {}", shown(path), reason(error)))
}
