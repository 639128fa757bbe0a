//! Writing files: all together or not at all.
//!
//! Each output is written to a temporary file in its own folder, flushed to the disk, and renamed. The temporary files
//! are made before the work begins, so that a folder that cannot be written to is found out before a long proof.

use crate::failure::{Code, Failure, shown};
use crate::names::is_standard;
use crate::system::reason;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Error, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tempfile::{NamedTempFile, TempPath};

/// How the name of a temporary file ends.
const PART: &str = ".part";

/// Who may read an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// As the user's settings (umask) say.
    Public,
    /// The same, but nobody else may write: whom the user trusts.
    Own,
    /// The owner alone.
    Secret,
}

/// Is told what is about to appear, before it does.
pub trait Journal: std::fmt::Debug + Send + Sync {
    /// Notes the files and what they will hold; if that cannot be done, none appears.
    fn placing(&self, files: &[(&Path, &[u8])]) -> Result<(), Failure>;
}

/// Who writes in one run of a program, and the temporary files meanwhile. Clones have the same list.
#[derive(Clone, Debug)]
pub struct Writer {
    temporaries: Arc<Mutex<BTreeSet<PathBuf>>>,
    /// How the names of temporary files begin.
    prefix: Arc<str>,
    journal: Option<Arc<dyn Journal>>,
    standard: Standard,
    /// Whether standard output was written to.
    printed: Arc<AtomicBool>,
}

/// What `-` means where something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standard {
    /// A file like others, as for a library's user, whose names may come from elsewhere.
    File,
    /// Standard output.
    Output,
    /// Standard output, which has something else to say.
    Taken,
}

impl Default for Writer {
    fn default() -> Writer {
        Writer { temporaries: Arc::default(), prefix: ".zkimg-".into(), journal: None, standard: Standard::File, printed: Arc::default() }
    }
}

impl Writer {
    /// The same, whose temporary files have a tag in their names, by which [`sweep`] finds them.
    pub fn tagged(&self, tag: &str) -> Writer {
        Writer { prefix: format!(".zkimg-{tag}-").into(), ..self.clone() }
    }

    /// The same, for which `-` is standard output, unless that is needed for something else.
    pub fn with_standard_output(&self, free: bool) -> Writer {
        Writer { standard: if free { Standard::Output } else { Standard::Taken }, ..self.clone() }
    }

    /// Whether a file went to standard output, so that nothing else may go there.
    pub fn has_printed(&self) -> bool {
        self.printed.load(Ordering::Relaxed)
    }

    /// The same with a journal.
    pub fn noting(&self, journal: Arc<dyn Journal>) -> Writer {
        Writer { journal: Some(journal), ..self.clone() }
    }

    /// The temporary files that exist now. They are made, placed and removed only under this lock, so that an interruption sees
    /// either none of them or the finished outputs.
    fn temporaries(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.temporaries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a file to standard output.
    fn print(&self, content: &[u8]) -> Result<(), Failure> {
        self.printed.store(true, Ordering::Relaxed);
        let mut out = std::io::stdout().lock();
        out.write_all(content).and_then(|()| out.flush()).map_err(|error| unwritable(Path::new("-"), &error))
    }

    /// Removes them all, as whoever interrupts the program does. None is made while the guard lives.
    pub fn remove_all(&self) -> impl Drop {
        let files = self.temporaries();
        for file in files.iter() {
            let _ = fs::remove_file(file);
        }
        files
    }
}

/// Removes the temporary files that a writer with this tag left in a folder when its program was killed.
pub fn sweep(folder: &Path, tag: &str) {
    let prefix = format!(".zkimg-{tag}-");
    let left = |name: &str| name.starts_with(&prefix) && name.ends_with(PART);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(left) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Outputs that are being made.
#[derive(Debug)]
pub struct Outputs<'a> {
    writer: &'a Writer,
    force: bool,
    files: Vec<Staged>,
}

#[derive(Debug)]
struct Staged {
    target: PathBuf,
    /// None for standard output.
    temporary: Option<NamedTempFile>,
}

impl<'a> Outputs<'a> {
    /// Makes room for outputs. Refuses existing files unless `force`, and in any case one of `inputs`, the files that the work is made
    /// from, and anything that is not a plain file.
    pub fn stage(writer: &'a Writer, force: bool, inputs: &[&Path], targets: &[(&Path, Access)]) -> Result<Outputs<'a>, Failure> {
        targets.iter().try_for_each(|(target, _)| not_an_input(target, inputs))?;
        let to_standard = |target: &Path| writer.standard != Standard::File && is_standard(target);
        for (target, access) in targets {
            if to_standard(target) { check_standard(writer, *access, targets)? } else { check_target(target, force)? }
        }
        let mut outputs = Outputs { writer, force, files: Vec::new() };
        for (target, access) in targets {
            if to_standard(target) {
                outputs.files.push(Staged { target: target.to_path_buf(), temporary: None });
                continue;
            }
            let mut all = writer.temporaries();
            let temporary = temporary(target, *access, &writer.prefix).map_err(|error| unwritable(target, &error))?;
            all.insert(temporary.path().to_path_buf());
            outputs.files.push(Staged { target: target.to_path_buf(), temporary: Some(temporary) });
        }
        Ok(outputs)
    }

    /// Fills the outputs, in the order in which they were staged, and puts all of them in place.
    pub fn finish(mut self, contents: &[&[u8]]) -> Result<(), Failure> {
        debug_assert_eq!(self.files.len(), contents.len());
        let mut standard = None;
        for (file, content) in self.files.iter_mut().zip(contents) {
            let Some(temporary) = &mut file.temporary else {
                standard = Some(*content);
                continue;
            };
            let temporary = temporary.as_file_mut();
            temporary.write_all(content).and_then(|()| temporary.sync_all()).map_err(|error| unwritable(&file.target, &error))?;
        }
        if let Some(journal) = &self.writer.journal {
            let files: Vec<(&Path, &[u8])> = self.files.iter().map(|file| file.target.as_path()).zip(contents.iter().copied()).collect();
            journal.placing(&files)?;
        }
        let mut temporaries = self.writer.temporaries();
        let mut placed: Vec<(PathBuf, Option<TempPath>)> = Vec::new();
        let mut result = Ok(());
        for Staged { target, temporary } in std::mem::take(&mut self.files) {
            let Some(temporary) = temporary else { continue };
            temporaries.remove(temporary.path());
            match place(&target, temporary, self.force) {
                Ok(previous) => placed.push((target, previous)),
                Err(failure) => {
                    result = Err(failure);
                    break;
                }
            }
        }
        // Last, as it cannot be taken back.
        if let Err(failure) = result.and_then(|()| standard.map_or(Ok(()), |content| self.writer.print(content))) {
            placed.into_iter().rev().for_each(|(target, previous)| take_back(&target, previous));
            return Err(failure);
        }
        // The names are safe only when the folder is, too. Not every file system can flush one.
        placed.iter().filter_map(|(target, _)| File::open(folder(target)).ok()).for_each(|folder| drop(folder.sync_all()));
        Ok(())
    }
}

impl Drop for Outputs<'_> {
    fn drop(&mut self) {
        let mut temporaries = self.writer.temporaries();
        for temporary in self.files.drain(..).filter_map(|file| file.temporary) {
            temporaries.remove(temporary.path());
        }
    }
}

/// The folder that a file is in.
pub fn folder(target: &Path) -> &Path {
    target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// That a file may go to standard output: it is public, no other one does, and somebody reads it who is no terminal.
fn check_standard(writer: &Writer, access: Access, targets: &[(&Path, Access)]) -> Result<(), Failure> {
    let refused = |what: &str| Err(Failure::at(Code::Usage, Path::new("-"), what));
    match () {
        () if access == Access::Secret => refused("what is secret is never written to standard output; give a name"),
        () if writer.standard == Standard::Taken => refused("standard output has the answer and nothing else here; give a name"),
        () if targets.iter().filter(|(target, _)| is_standard(target)).count() > 1 => refused("one file alone can go to standard output"),
        () if std::io::stdout().is_terminal() => refused("this file is no text, and standard output is a terminal; give a name, or a pipe"),
        () => Ok(()),
    }
}

fn check_target(target: &Path, force: bool) -> Result<(), Failure> {
    if target.file_name().is_none() {
        return Err(Failure::at(Code::Usage, target, "this is not a file's name; say which file to write"));
    }
    match fs::symlink_metadata(target) {
        Ok(meta) if meta.is_dir() => Err(Failure::at(Code::Operational, target, "this is a folder; say which file to write")),
        Ok(_) if !force => Err(exists(target)),
        Ok(meta) if !meta.is_file() && !meta.is_symlink() => {
            Err(Failure::at(Code::Operational, target, "this is not a plain file and is not replaced; choose another name"))
        }
        Err(error) if error.kind() != ErrorKind::NotFound => Err(unwritable(target, &error)),
        _ => Ok(()),
    }
}

/// Refuses an output that is one of the inputs, by whatever path or link: it may be the only copy of a secret.
fn not_an_input(target: &Path, inputs: &[&Path]) -> Result<(), Failure> {
    let Ok(real) = target.canonicalize() else { return Ok(()) };
    match inputs.iter().find(|input| input.canonicalize().is_ok_and(|input| input == real)) {
        None => Ok(()),
        Some(input) => {
            let what = format!("this would be written over {}, which the work is made from; give --out another name", shown(input));
            Err(Failure::at(Code::Usage, target, what))
        }
    }
}

fn exists(target: &Path) -> Failure {
    Failure::at(Code::Exists, target, "the file exists already and was not touched; choose another name, or add --force to replace it")
}

fn unwritable(target: &Path, error: &Error) -> Failure {
    Failure::new(Code::Operational, format!("cannot write {}: {}", shown(target), reason(error)))
}

fn temporary(target: &Path, access: Access, prefix: &str) -> Result<NamedTempFile, Error> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(PART);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = match access {
            Access::Public => 0o666,
            Access::Own => 0o644,
            Access::Secret => 0o600,
        };
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = access;
    builder.tempfile_in(folder(target))
}

/// Renames a finished file to its target; gives what stood there before, which disappears when dropped.
fn place(target: &Path, temporary: NamedTempFile, force: bool) -> Result<Option<TempPath>, Failure> {
    if !force {
        return match temporary.persist_noclobber(target) {
            Ok(_) => Ok(None),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Err(exists(target)),
            Err(error) => Err(unwritable(target, &error.error)),
        };
    }
    check_target(target, true)?;
    let previous =
        if target.symlink_metadata().is_ok() { Some(set_aside(target).map_err(|error| unwritable(target, &error))?) } else { None };
    match temporary.persist(target) {
        Ok(_) => Ok(previous),
        Err(error) => {
            let failure = unwritable(target, &error.error);
            previous.into_iter().for_each(|previous| take_back(target, Some(previous)));
            Err(failure)
        }
    }
}

/// A second name for the file; where the disk has no such thing, another name.
fn set_aside(target: &Path) -> Result<TempPath, Error> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".zkimg-").suffix(".old");
    let make = |rename: fn(&Path, &Path) -> Result<(), Error>| builder.make_in(folder(target), |name| rename(target, name));
    let aside = make(|from, to| fs::hard_link(from, to)).or_else(|_| make(|from, to| fs::rename(from, to)))?;
    Ok(aside.into_temp_path())
}

/// Undoes [`place`], as far as the disk lets us.
fn take_back(target: &Path, previous: Option<TempPath>) {
    match previous {
        Some(previous) => drop(previous.persist(target)),
        None => drop(fs::remove_file(target)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stages `a` and `b`, puts something in the way of `b`, and finishes; gives what the folder holds then.
    fn second_fails(force: bool, before: Option<&str>) -> Vec<(String, String)> {
        let dir = tempfile::tempdir().expect("a folder");
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        if let Some(text) = before {
            fs::write(&a, text).expect("a file");
        }
        let writer = Writer::default();
        let outputs = Outputs::stage(&writer, force, &[], &[(&a, Access::Public), (&b, Access::Secret)]).expect("both can be written");
        assert_eq!(writer.temporaries().len(), 2);
        fs::create_dir(&b).expect("a folder in the way");
        outputs.finish(&[b"new", b"new"]).expect_err("a folder is in the way");
        assert!(writer.temporaries().iter().all(|file| !file.exists()));
        fs::remove_dir(&b).expect("still the folder");
        let entry =
            |entry: fs::DirEntry| (entry.file_name().to_string_lossy().into_owned(), fs::read_to_string(entry.path()).expect("text"));
        fs::read_dir(dir.path()).expect("the folder").map(|e| entry(e.expect("an entry"))).collect()
    }

    #[test]
    fn the_first_output_goes_away_when_the_second_fails() {
        assert_eq!(second_fails(false, None), []);
        assert_eq!(second_fails(true, None), []);
    }

    #[test]
    fn what_the_first_output_replaced_comes_back_when_the_second_fails() {
        assert_eq!(second_fails(true, Some("old")), [("a".into(), "old".into())]);
    }

    #[test]
    fn a_file_that_exists_is_refused_before_the_work() {
        let dir = tempfile::tempdir().expect("a folder");
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        fs::write(&b, "somebody else's").expect("a file");
        let writer = Writer::default();
        let refused = |force| Outputs::stage(&writer, force, &[], &[(&a, Access::Public), (&b, Access::Public)]).is_err();
        assert!(refused(false));
        assert!(!refused(true));
        assert_eq!(fs::read(&b).expect("a file"), b"somebody else's");
        assert!(!a.exists());
    }

    #[test]
    fn no_secret_goes_to_standard_output() {
        let stage = |writer: &Writer, targets: &[(&Path, Access)]| Outputs::stage(writer, true, &[], targets).map(drop);
        let (dash, open) = (Path::new("-"), Writer::default().with_standard_output(true));
        for access in [Access::Secret, Access::Public, Access::Own] {
            let refused = stage(&open, &[(dash, access)]).err().map(|failure| failure.sentence);
            let secret = refused.as_ref().is_some_and(|sentence| sentence.contains("what is secret is never"));
            // The tests may have a terminal.
            assert_eq!(
                (secret, refused.is_none() || std::io::stdout().is_terminal()),
                (access == Access::Secret, access != Access::Secret)
            );
        }
        let refused = |writer: &Writer, targets: &[(&Path, Access)]| stage(writer, targets).expect_err("it is refused").sentence;
        assert!(refused(&open, &[(dash, Access::Public), (dash, Access::Public)]).contains("one file alone"));
        let taken = Writer::default().with_standard_output(false);
        assert!(refused(&taken, &[(dash, Access::Public)]).contains("standard output has the answer"));
    }

    #[test]
    fn a_file_that_appears_meanwhile_is_not_replaced() {
        let dir = tempfile::tempdir().expect("a folder");
        let a = dir.path().join("a");
        let writer = Writer::default();
        let outputs = Outputs::stage(&writer, false, &[], &[(&a, Access::Public)]).expect("it can be written");
        fs::write(&a, "somebody else's").expect("a file");
        outputs.finish(&[b"new"]).expect_err("it exists");
        assert_eq!(fs::read(&a).expect("a file"), b"somebody else's");
        assert_eq!(fs::read_dir(dir.path()).expect("the folder").count(), 1);
    }
}
