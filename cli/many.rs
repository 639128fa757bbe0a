//! `zkimg verify` of many files: a line each, as soon as it is known, and how many there were of each kind.

use crate::outcome::{self, Code, Failure, Outcome, lossy};
use crate::progress::Progress;
use crate::session::Session;
use crate::trusted::Reader;
use crate::verdict::Args;
use crate::{answer, face, verify};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use zkimg_files::{Subject, cost, input};

/// How many are put to the verifier at once. More are hardly faster, and all of them are in memory together.
const TOGETHER: usize = 16;
/// Nor are files that take more than so many bytes, with all samples that they announce; but for one that takes more by itself.
const BYTES: u64 = 256 << 20;

/// Whether files that are given together stand each for itself. Two of which the second is no picture are a picture and its proof.
pub(crate) fn are_many(args: &Args) -> bool {
    match &args.files[..] {
        [_] => args.each,
        [first, second] => args.each || input::is_proof(first) || is_other(first) || input::holds_picture(second),
        _ => true,
    }
}

/// Whether a file is an answer, or about a face.
fn is_other(path: &Path) -> bool {
    face::kind(path).is_some() || answer::is_one(path)
}

pub(crate) fn run(args: &Args, reader: &Reader, session: &Session) -> Result<Outcome, Failure> {
    if args.report.is_some() {
        return Err(Failure::new(Code::Usage, "a --report is about one picture; leave it out, or give one picture at a time"));
    }
    let mut tally = Tally::default();
    let mut left = &without_sidecars(&args.files)[..];
    while !left.is_empty() {
        let (together, rest) = left.split_at(together(left));
        for (file, result) in together.iter().zip(judge(together, args, reader, session)?) {
            tally.count(&result);
            if session.json {
                outcome::print(&object(file, result))?;
            } else {
                session.say(&line(result))?;
            }
        }
        left = rest;
    }
    Ok(tally.answer())
}

/// The files without proofs of which one picture is given, too: they are looked at with it. With a file that is no picture nothing is looked at.
fn without_sidecars(files: &[PathBuf]) -> Vec<&Path> {
    let mut beside: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    for file in files.iter().filter(|file| input::holds_picture(file)) {
        if let (Ok(sidecar), Ok(picture)) = (file.with_extension("zkimg").canonicalize(), file.canonicalize()) {
            beside.entry(sidecar).or_default().insert(picture);
        }
    }
    let pictures = |file: &Path| file.canonicalize().ok().and_then(|file| beside.get(&file)).map_or(0, BTreeSet::len);
    files.iter().map(PathBuf::as_path).filter(|file| !input::is_proof(file) || pictures(file) != 1).collect()
}

/// How many of the next files are looked at together: at least one.
fn together(files: &[&Path]) -> usize {
    let mut bytes = 0u64;
    let fits = |file: &&&Path| {
        bytes = bytes.saturating_add(cost(file));
        bytes <= BYTES
    };
    files.iter().take(TOGETHER).take_while(fits).count().max(1)
}

/// What is found of each, in order.
fn judge(files: &[&Path], args: &Args, reader: &Reader, session: &Session) -> Result<Vec<Result<Outcome, Failure>>, Failure> {
    let mut subjects = Vec::new();
    let mut alone = |file: &&Path| {
        if is_other(file) {
            return Some(verify::one(&args.about(file), reader, session));
        }
        subjects.push(Subject::on_disk(file, None, false));
        None
    };
    let alone: Vec<_> = files.iter().map(&mut alone).collect();
    let progress = Progress::start(session, "Verifying");
    let mut judged = Subject::judge_many(subjects, &reader.trust)?.into_iter();
    drop(progress);
    let mut next = || {
        let judged = judged.next().ok_or_else(|| Failure::new(Code::Operational, "the verifier gave no answer; please report it"))??;
        verify::found(&judged, reader)
    };
    Ok(alone.into_iter().map(|outcome| outcome.unwrap_or_else(&mut next)).collect())
}

/// What was found, for people: the verdict, and of what does not hold, why.
fn line(result: Result<Outcome, Failure>) -> String {
    match result {
        Ok(outcome) => {
            let why = outcome.fields.get("checks").and_then(Value::as_array).and_then(|checks| checks.last()).map(|check| &check["detail"]);
            let why = why.filter(|_| outcome.code == Code::Invalid).and_then(Value::as_str);
            let line = outcome.first_line();
            why.map_or_else(|| line.clone(), |why| format!("{}: {why}", line.trim_end_matches('.')))
        }
        Err(failure) => format!("NOT CHECKED: {}", zkimg_pipeline::text::shown(&failure.sentence)),
    }
}

/// The same for programs.
fn object(file: &Path, result: Result<Outcome, Failure>) -> String {
    let (code, mut fields) = match result {
        Ok(Outcome { code, fields, .. }) => (code, fields),
        Err(failure) => (failure.code, outcome::error(&failure)),
    };
    fields.insert("file".into(), lossy(file).into());
    outcome::object("verify", code, fields)
}

/// How many there were of each kind.
#[derive(Default)]
struct Tally {
    files: usize,
    verified: usize,
    untrusted: usize,
    invalid: usize,
    unread: usize,
    codes: Vec<Code>,
}

impl Tally {
    fn count(&mut self, result: &Result<Outcome, Failure>) {
        self.files += 1;
        let (count, code) = match result {
            Ok(outcome) => match outcome.code {
                Code::Ok => (&mut self.verified, Code::Ok),
                Code::Untrusted => (&mut self.untrusted, Code::Untrusted),
                code => (&mut self.invalid, code),
            },
            Err(failure) => (&mut self.unread, failure.code),
        };
        *count += 1;
        self.codes.push(code);
    }

    /// The worst there was: something that does not hold, then what could not be looked at, then what nobody trusts. All of them must be good
    /// for the answer to be so.
    fn code(&self) -> Code {
        if self.codes.iter().all(|code| *code == Code::Ok) {
            return Code::Ok;
        }
        let order = [Code::Invalid, Code::Operational, Code::Unsupported, Code::Usage, Code::Untrusted];
        order.into_iter().find(|code| self.codes.contains(code)).unwrap_or(Code::Operational)
    }

    fn answer(self) -> Outcome {
        let code = self.code();
        let Tally { files, verified, untrusted, invalid, unread, .. } = self;
        let counts = [(verified, "verified"), (untrusted, "not trusted"), (invalid, "not valid"), (unread, "not checked")];
        let counted: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        let text = format!("{files} file{}: {}.\n", if files == 1 { "" } else { "s" }, counted.join(", "));
        let fields = json!({"files": files, "verified": verified, "not_trusted": untrusted, "not_valid": invalid, "not_checked": unread});
        Outcome::new(code, text, fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_code_that_nobody_thought_of_is_not_good() {
        let code = |codes: &[Code]| Tally { codes: codes.to_vec(), ..Tally::default() }.code();
        assert_eq!(code(&[Code::Ok, Code::Ok]), Code::Ok);
        assert_eq!(code(&[Code::Ok, Code::Exists]), Code::Operational);
        assert_eq!(code(&[Code::Untrusted, Code::Exists, Code::Invalid]), Code::Invalid);
    }

    #[test]
    fn what_is_looked_at_together_is_bounded_by_what_headers_announce() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: String, side: u32| {
            let size = side.to_be_bytes();
            let path = folder.path().join(name);
            let header = [b"IHDR", &size[..], &size[..], &[8, 2, 0, 0, 0]].concat();
            let mut crc = flate2::Crc::new();
            crc.update(&header);
            let header = [b"\x89PNG\r\n\x1a\n\0\0\0\x0d", &header[..], &crc.sum().to_be_bytes(), &[0; 4096]].concat();
            fs::write(&path, header).expect("a file");
            path
        };
        let many = |side| (0..20).map(|i| write(format!("{side}-{i}.png"), side)).collect::<Vec<PathBuf>>();
        let count = |files: &[PathBuf]| together(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>());
        // 48 MB and some bytes each, 12 MB, 768 MB.
        assert_eq!([4096, 2048, 1 << 14].map(|side| count(&many(side))), [5, TOGETHER, 1]);
        // A proof is as large as the picture beside it, and a picture has its proof with it.
        let proofs: Vec<PathBuf> = many(4096).iter().map(|picture| picture.with_extension("zkimg")).collect();
        proofs.iter().for_each(|proof| fs::write(proof, b"zkimgprf").expect("a file"));
        assert_eq!(count(&proofs), 5);
        let small = many(64);
        let sidecar = fs::File::create(small[0].with_extension("zkimg")).expect("a file");
        sidecar.set_len(BYTES).expect("a length");
        assert_eq!(count(&small), 1);
        assert_eq!(count(&small[1..]), TOGETHER);
        // Of a folder, or a device, nothing is known.
        assert_eq!(count(&[small[1].clone(), folder.path().to_owned(), small[2].clone()]), 1);
        assert_eq!(count(&[small[1].clone(), folder.path().join("gone.png"), small[2].clone()]), 3);
    }
}
