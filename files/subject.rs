//! What is verified: a picture and its proof, in one file or two, or in memory.

use crate::digest::Source;
use crate::failure::{Code, Failure, shown};
use crate::input::{self, PictureBegun, ProofBegun, is_standard_input};
use crate::keys::Lists;
use crate::system::now;
use std::path::{Path, PathBuf};
use zkimg_pipeline::{BadParameters, Candidate, Picture, ProofFile, Report, SignedCapture, Trust, Unverified, screen, verify_batch};
use zkimg_report::{About, File};

/// What is verified: a proof, and the picture unless it is hidden. Nothing is known of either yet.
#[derive(Debug)]
pub struct Subject {
    picture: Seen,
    proof: ProofBegun,
    /// Where the proof is, or the picture that it is inside of.
    path: PathBuf,
    /// The proof's own bytes; none if it is inside the picture.
    source: Option<Source>,
    /// Whether the digests are wanted.
    digests: bool,
}

/// What is given of a picture.
#[derive(Debug)]
enum Seen {
    /// Nothing.
    Nothing,
    /// Nothing yet: it lies beside its proof, unless it is hidden.
    Beside,
    File(PictureBegun),
    Decoded(Picture),
}

/// Where a picture is. Bytes have the name that stands in sentences.
#[derive(Debug)]
pub enum PictureAt<'a> {
    /// It is hidden.
    Nowhere,
    /// A file.
    Disk(&'a Path),
    /// The bytes of a file.
    Memory(&'a str, Vec<u8>),
    /// Pixels.
    Decoded(Picture),
}

/// Where a proof is. Bytes have the name that stands in sentences.
#[derive(Debug)]
pub enum ProofAt<'a> {
    /// A file.
    Disk(&'a Path),
    /// The bytes of a file.
    Memory(&'a str, Vec<u8>),
}

/// What was found out about a subject.
pub struct Judged {
    /// What every check found.
    pub report: Report,
    /// What the camera, or a notary, signed.
    pub capture: SignedCapture,
    /// The picture's file, if there is one.
    pub picture: Option<PathBuf>,
    /// The proof's file, or the picture's that it is inside of.
    pub proof: PathBuf,
    /// The picture's file as it was checked; none if it was not read.
    pub published: Option<zeroize::Zeroizing<Vec<u8>>>,
    sources: (Option<Source>, Option<Source>),
}

/// Of a stranger's picture nothing is printed.
impl std::fmt::Debug for Judged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Judged")
            .field("report", &self.report)
            .field("picture", &self.picture)
            .field("proof", &self.proof)
            .finish_non_exhaustive()
    }
}

impl Judged {
    /// What a page says besides what was found; reads the files to their end, if they were not.
    pub fn about(&self, lists: &Lists) -> Result<About, Failure> {
        let file = |path: &Path, source: &Source| {
            let sha256 = source.clone().sha256().map_err(|error| input::unreadable(path, &error))?;
            Ok(File { name: input::name(path), sha256: sha256.unwrap_or_default() })
        };
        let (picture, proof) = &self.sources;
        Ok(About {
            picture: self.picture.as_ref().zip(picture.as_ref()).map(|(path, source)| file(path, source)).transpose()?,
            proof: proof.as_ref().map(|source| file(&self.proof, source)).transpose()?,
            vouchers: lists.vouchers(&self.capture),
            store: lists.store.is_some(),
            checked: now()?,
        })
    }
}

/// A subject that was read as far as whoever signed its capture deserves it.
#[derive(Debug)]
pub struct Ready {
    capture: SignedCapture,
    path: PathBuf,
    source: Option<Source>,
    picture: Option<(PathBuf, Source)>,
    /// What is put to the verifier; none if the capture alone decides.
    put: Result<Box<(Put, ProofFile)>, Box<Report>>,
}

/// What is put to the verifier with a proof.
enum Put {
    Nothing,
    Decoded(Picture),
    File(zeroize::Zeroizing<Vec<u8>>),
}

/// Of a stranger's picture nothing is printed.
impl std::fmt::Debug for Put {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Put").finish_non_exhaustive()
    }
}

impl Subject {
    /// Files on a disk. Either may be given alone: the other has the same name but for its ending.
    pub fn on_disk(given: &Path, proof: Option<&Path>, digests: bool) -> Result<Subject, Failure> {
        let source = input::source(given, digests)?;
        if proof.is_none() && source.begins_with(input::PROOF).map_err(|error| input::unreadable(given, &error))? {
            return Subject::of(Seen::Beside, given.to_owned(), source, digests);
        }
        no_file_of_ours(given)?;
        // Of a file that is no picture, nothing else is worth saying.
        let mut picture = PictureBegun::of(given, source)?;
        // Beside what comes through a pipe nothing lies.
        let beside = || if is_standard_input(given) { given.to_owned() } else { given.with_extension("zkimg") };
        let path = proof.map_or_else(beside, Path::to_owned);
        // What is inside the picture is compared with it.
        if path.exists() && !is_standard_input(&path) || proof.is_some_and(is_standard_input) {
            return Subject::beside(Seen::File(picture), path, digests);
        }
        let inside = picture.proof_begun()?;
        if inside.is_none() && is_standard_input(&path) {
            let what = "there is no proof inside this picture; give the file as it was published, or its .zkimg file: zkimg verify - PROOF";
            return Err(Failure::at(Code::Unsupported, given, what));
        }
        let none_inside = if inside.is_some() { "" } else { "it has none inside, and " };
        match inside {
            Some(begun) if proof.is_none() => {
                Ok(Subject { picture: Seen::File(picture), proof: begun, path: given.to_owned(), source: None, digests })
            }
            _ => {
                let sentence = format!(
                    "there is no proof for {}: {none_inside}{} does not exist; many sites take it out, so get the file as it was published, or its .zkimg file",
                    shown(given),
                    shown(&path)
                );
                Err(Failure::new(Code::Unsupported, sentence))
            }
        }
    }

    /// A picture's file in memory with the proof inside, under the name that it has in sentences.
    pub fn alone(name: &str, bytes: Vec<u8>) -> Result<Subject, Failure> {
        let mut picture = PictureBegun::of(Path::new(name), Source::of_bytes(bytes))?;
        let what = "there is no proof inside this picture; give the file as it was published, or its .zkimg file";
        let proof = picture.proof_begun()?.ok_or_else(|| Failure::at(Code::Unsupported, Path::new(name), what))?;
        Ok(Subject { picture: Seen::File(picture), proof, path: name.into(), source: None, digests: true })
    }

    /// A picture and its proof, each wherever it is.
    pub fn together(picture: PictureAt<'_>, proof: ProofAt<'_>) -> Result<Subject, Failure> {
        let picture = match picture {
            PictureAt::Nowhere => Seen::Nothing,
            PictureAt::Disk(path) => {
                no_file_of_ours(path)?;
                Seen::File(PictureBegun::open(path, true)?)
            }
            PictureAt::Memory(name, bytes) => Seen::File(PictureBegun::of(Path::new(name), Source::of_bytes(bytes))?),
            PictureAt::Decoded(picture) => Seen::Decoded(picture),
        };
        let (path, proof, source) = match proof {
            ProofAt::Disk(path) => return Subject::beside(picture, path.to_owned(), true),
            ProofAt::Memory(name, bytes) => {
                let source = Source::of_bytes(bytes);
                (PathBuf::from(name), input::begun(Path::new(name), Box::new(source.clone()))?, source)
            }
        };
        Ok(Subject { picture, proof, path, source: Some(source), digests: true })
    }

    /// A picture, and a proof in a file of its own.
    fn beside(picture: Seen, path: PathBuf, digests: bool) -> Result<Subject, Failure> {
        let source = input::source(&path, digests)?;
        Subject::of(picture, path, source, digests)
    }

    fn of(picture: Seen, path: PathBuf, source: Source, digests: bool) -> Result<Subject, Failure> {
        let (proof, source) = input::proof_begun(&path, source)?;
        Ok(Subject { picture, proof, path, source: Some(source), digests })
    }

    /// Where the proof is, or the picture that it is inside of.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The signed capture first, then everything else. Of a proof that was given alone the picture is looked for beside it.
    pub fn judge(self, trust: &Trust) -> Result<Judged, Failure> {
        self.read(trust)?.judge(trust)
    }

    /// Many at once, faster than one by one; in order, and each for itself.
    pub fn judge_many(subjects: Vec<Result<Subject, Failure>>, trust: &Trust) -> Result<Vec<Result<Judged, Failure>>, Failure> {
        let read: Vec<Result<Ready, Failure>> = subjects.into_iter().map(|subject| subject?.read(trust)).collect();
        let (mut ready, mut places) = (Vec::new(), Vec::new());
        for read in read {
            places.push(read.map(|one| ready.push(one)));
        }
        let mut judged = judged(ready, trust)?.into_iter();
        Ok(places.into_iter().map(|place| place.and_then(|()| judged.next().unwrap_or_else(|| Err(unfinished())))).collect())
    }

    /// Reads what is put to the verifier, if the capture lets anything be checked: the first half of [`Subject::judge`].
    pub fn read(self, trust: &Trust) -> Result<Ready, Failure> {
        let Subject { picture, proof, path, source, digests } = self;
        let capture = proof.capture().clone();
        if let Some(report) = screen(proof.capture(), trust) {
            let picture = match picture {
                Seen::File(picture) => Some((picture.path().to_owned(), picture.source())),
                Seen::Nothing | Seen::Beside | Seen::Decoded(_) => None,
            };
            return Ok(Ready { capture, path, source, picture, put: Err(Box::new(report)) });
        }
        let proof = input::finish(proof, &path)?;
        let picture = match picture {
            Seen::Beside if !proof.is_hidden() => Seen::File(picture_of(&path, proof.jpeg().is_some(), digests)?),
            other => other,
        };
        let (put, picture) = match picture {
            Seen::Nothing | Seen::Beside => (Put::Nothing, None),
            Seen::Decoded(picture) => (Put::Decoded(picture), None),
            Seen::File(picture) => {
                let from = picture.source();
                let (bytes, at) = picture.finish(proof.output())?;
                (Put::File(bytes), Some((at, from)))
            }
        };
        Ok(Ready { capture, path, source, picture, put: Ok(Box::new((put, proof))) })
    }
}

impl Ready {
    /// The second half.
    pub fn judge(self, trust: &Trust) -> Result<Judged, Failure> {
        judged(vec![self], trust)?.pop().unwrap_or_else(|| Err(unfinished()))
    }

    fn candidate(&self) -> Option<(Candidate<'_>, &ProofFile)> {
        let (put, proof) = self.put.as_deref().ok()?;
        let candidate = match put {
            Put::Nothing => Candidate::Nothing,
            Put::Decoded(picture) => Candidate::Picture(picture),
            Put::File(bytes) => Candidate::File(bytes),
        };
        Some((candidate, proof))
    }
}

/// Puts everything to the verifier at once.
fn judged(ready: Vec<Ready>, trust: &Trust) -> Result<Vec<Result<Judged, Failure>>, Failure> {
    let candidates: Vec<_> = ready.iter().filter_map(Ready::candidate).collect();
    let damaged = |error: BadParameters| Failure::new(Code::Operational, error.to_string());
    let mut reports = verify_batch(&candidates, trust).map_err(damaged)?.into_iter();
    let close = |Ready { capture, path: proof, source, picture, put }: Ready| {
        let (picture, from) = picture.unzip();
        let (report, put) = match put {
            Err(report) => (*report, Put::Nothing),
            Ok(put) => {
                let refused = |error| Failure::at(Code::Unsupported, picture.as_deref().unwrap_or(&proof), Unverified::Picture(error));
                (reports.next().ok_or_else(unfinished)?.map_err(refused)?, put.0)
            }
        };
        let published = if let Put::File(bytes) = put { Some(bytes) } else { None };
        Ok(Judged { report, capture, picture, proof, published, sources: (from, source) })
    };
    Ok(ready.into_iter().map(close).collect())
}

/// The verifier has an answer for everything that is put to it.
fn unfinished() -> Failure {
    Failure::new(Code::Operational, "the verifier gave no answer; this installation is faulty, please report it")
}

/// What the names of pictures end in that are looked for beside a proof: a JPEG first, then what has pixels.
pub(crate) const BESIDE: [&str; 8] = ["jpg", "jpeg", "JPG", "JPEG", "png", "webp", "PNG", "WEBP"];

/// The published picture beside its proof.
fn picture_of(proof: &Path, jpeg: bool, digest: bool) -> Result<PictureBegun, Failure> {
    let (jpegs, others) = BESIDE.split_at(4);
    let endings = if jpeg { jpegs } else { others };
    let beside: Vec<PathBuf> = endings.iter().map(|ending| proof.with_extension(ending)).collect();
    let Some(path) = beside.iter().find(|path| path.is_file()) else {
        let what = format!(
            "this is the proof of a published picture, and there is no {} beside it; give the picture, too: zkimg verify PICTURE PROOF",
            shown(&beside[0])
        );
        return Err(Failure::at(Code::Usage, proof, what));
    };
    PictureBegun::open(path, digest)
}

/// That what is given as a picture is none of the other files of zkimg.
fn no_file_of_ours(path: &Path) -> Result<(), Failure> {
    let known: [(&[u8], &str); 6] = [
        (input::PROOF, "this is a proof, and the picture comes before it: zkimg verify PICTURE PROOF"),
        (b"zkimgsig", "this is a capture, which was signed of a photo, and not a picture; give the published picture or its .zkimg file"),
        (b"zkimgneg", "this is a negative, which is secret, and not a picture; give the published picture or its .zkimg file"),
        (b"zkimgcrd", "this is the card of a model, and the answer comes before it: zkimg verify answer.zkimg --model person.card"),
        (b"zkimgmod", "this is a model, which is secret; give the model's answer, and with --model its card"),
        (b"zkimgtpl", "this is a template, which is secret; give the match, and with --enrolled the public half of the template"),
    ];
    match known.iter().find(|(magic, _)| input::begins_with(path, magic)) {
        Some((_, what)) => Err(Failure::at(Code::Unsupported, path, what)),
        None => Ok(()),
    }
}

/// That nothing lies where readers look for a proof beside the picture: of two that differ, neither counts.
pub fn nothing_beside(beside: &Path) -> Result<(), Failure> {
    let what =
        "readers would take this file for the proof of the picture beside it; choose another name, put it elsewhere, or add --sidecar";
    if beside.exists() { Err(Failure::at(Code::Exists, beside, what)) } else { Ok(()) }
}
