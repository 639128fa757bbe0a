//! `zkimg verify`: is this picture what it claims to be?

use crate::answer;
use crate::digest::Source;
use crate::face;
use crate::input::{self, CameraList, PictureBegun, ProofBegun};
use crate::outcome::{Code, Failure, Outcome, shown};
use crate::output::{Access, Outputs};
use crate::progress::Progress;
use crate::session::{Session, now};
use crate::verdict::outcome;
use std::path::{Path, PathBuf};
use zkimg_pipeline::{PublicKey, Report, Trust, Unverified, screen, verify_file, verify_hidden};
use zkimg_report::{About, File, document};

pub(crate) use crate::verdict::Args;

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    [Some(&args.picture), args.proof.as_ref()].into_iter().flatten().try_for_each(|path| no_key(path))?;
    let cameras = input::cameras(&args.trust)?;
    let trust = input::trust(&cameras, &args.people)?;
    if let Some(kind) = face::kind(&args.picture) {
        return face::verify(kind, args, &trust, session);
    }
    if args.enrolled.is_some() {
        let what =
            "this is no match, and --enrolled is for these alone; leave it out, or give the .zkimg file that `zkimg face match` wrote";
        return Err(Failure::at(Code::Usage, &args.picture, what));
    }
    if answer::is_one(&args.picture) {
        return answer::run(args, &args.picture, None, &trust, session);
    }
    if let Some(proof) = args.proof.as_deref().filter(|proof| answer::is_one(proof)) {
        return answer::run(args, proof, Some(&args.picture), &trust, session);
    }
    if args.model.is_some() {
        let what =
            "this is not a model's answer, and --model is for these alone; leave it out, or give the .zkimg file that `zkimg infer` wrote";
        return Err(Failure::at(Code::Usage, &args.picture, what));
    }
    let subject = Subject::of(args)?;
    let page = page(args, &subject, session)?;
    let judged = subject.judge(&trust, session)?;
    let outcome = outcome(&judged.report, judged.picture.as_deref(), &judged.proof, args.trust.is_empty())?;
    let (Some(outputs), Some(path)) = (page, &args.report) else { return Ok(outcome) };
    outputs.finish(&[document(&judged.report, &judged.about(&cameras)?).as_bytes()])?;
    Ok(outcome.with_report(path))
}

/// Room for the page, if one is wanted. It is never written over a file that is read.
fn page<'a>(args: &Args, subject: &Subject, session: &'a Session) -> Result<Option<Outputs<'a>>, Failure> {
    let Some(path) = &args.report else { return Ok(None) };
    if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("html")) {
        return Err(Failure::at(Code::Usage, path, "a report is a page; give --report a name that ends in .html"));
    }
    let mut inputs: Vec<&Path> = vec![&args.picture, &subject.path];
    inputs.extend(args.trust.iter().chain(&args.people).map(PathBuf::as_path));
    Outputs::stage(session, args.force, &inputs, &[(path, Access::Public)]).map(Some)
}

/// What is verified: a proof, and the picture unless it is hidden. Both are files that nothing is known of yet.
struct Subject {
    picture: Option<PictureBegun>,
    proof: ProofBegun,
    /// The proof's, or the picture's if it is inside.
    path: PathBuf,
    /// The proof's own file; none if it is inside the picture.
    source: Option<Source>,
    /// Whether the files' digests are wanted.
    digests: bool,
}

/// What was found out about a subject.
struct Judged {
    report: Report,
    camera: PublicKey,
    picture: Option<PathBuf>,
    proof: PathBuf,
    sources: (Option<Source>, Option<Source>),
}

impl Judged {
    /// What a page says besides what was found; reads the files to their end, if they were not.
    fn about(&self, cameras: &[CameraList]) -> Result<About, Failure> {
        let file = |path: &Path, source: &Source| {
            let sha256 = source.clone().sha256().map_err(|error| input::unreadable(path, &error))?;
            Ok(File { name: input::name(path), sha256: sha256.unwrap_or_default() })
        };
        let (picture, proof) = &self.sources;
        let vouches = |(_, list): &&CameraList| list.contains(&self.camera);
        Ok(About {
            picture: self.picture.as_ref().zip(picture.as_ref()).map(|(path, source)| file(path, source)).transpose()?,
            proof: proof.as_ref().map(|source| file(&self.proof, source)).transpose()?,
            vouchers: cameras.iter().filter(vouches).map(|(name, _)| name.clone()).collect(),
            checked: now()?,
        })
    }
}

impl Subject {
    /// Either file may be given alone: the other has the same name but for its ending.
    fn of(args: &Args) -> Result<Subject, Failure> {
        let (given, digests) = (&args.picture, args.report.is_some());
        if args.proof.is_none() && input::begins_with(given, b"zkimgprf") {
            return Subject::beside(None, given.clone(), digests);
        }
        no_file_of_ours(given)?;
        // Of a file that is no picture, nothing else is worth saying.
        let mut picture = PictureBegun::open(given, digests)?;
        let path = args.proof.clone().unwrap_or_else(|| given.with_extension("zkimg"));
        // What is inside the picture is compared with it.
        if path.exists() {
            return Subject::beside(Some(picture), path, digests);
        }
        let inside = picture.proof_begun()?;
        let none_inside = if inside.is_some() { "" } else { "it has none inside, and " };
        match inside {
            Some(proof) if args.proof.is_none() => {
                Ok(Subject { picture: Some(picture), proof, path: given.clone(), source: None, digests })
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

    /// A proof in a file of its own.
    fn beside(picture: Option<PictureBegun>, path: PathBuf, digests: bool) -> Result<Subject, Failure> {
        let (proof, source) = input::proof_begun(&path, digests)?;
        Ok(Subject { picture, proof, path, source: Some(source), digests })
    }

    /// The camera first, then everything else. Of a proof that was given alone the picture is looked for beside it.
    fn judge(self, trust: &Trust, session: &Session) -> Result<Judged, Failure> {
        let Subject { picture, proof, path, source, digests } = self;
        let camera = proof.capture().key.clone();
        let judged = |report, picture: Option<(PathBuf, Source)>| {
            let (picture, from) = picture.unzip();
            Judged { report, camera, picture, proof: path.clone(), sources: (from, source) }
        };
        if let Some(report) = screen(proof.capture(), trust) {
            return Ok(judged(report, picture.map(|picture| (picture.path().to_owned(), picture.source()))));
        }
        let proof = input::finish(proof, &path)?;
        let picture =
            if picture.is_none() && !proof.is_hidden() { Some(picture_of(&path, proof.jpeg().is_some(), digests)?) } else { picture };
        let _progress = Progress::start(session, "Verifying");
        let Some(picture) = picture else {
            let report = verify_hidden(&proof, trust).map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
            return Ok(judged(report, None));
        };
        let from = picture.source();
        let (picture, at) = picture.finish(proof.output())?;
        let report = verify_file(&picture, &proof, trust).map_err(|error| match error {
            Unverified::Picture(_) => Failure::at(Code::Unsupported, &at, error),
            _ => Failure::new(Code::Operational, error.to_string()),
        })?;
        Ok(judged(report, Some((at, from))))
    }
}

/// The published picture beside its proof.
fn picture_of(proof: &Path, jpeg: bool, digest: bool) -> Result<PictureBegun, Failure> {
    let endings: &[&str] = if jpeg { &["jpg", "jpeg", "JPG", "JPEG"] } else { &["png", "PNG"] };
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

/// That a file given as picture or proof is no public key, as happens where --trust is said once for two keys.
fn no_key(path: &Path) -> Result<(), Failure> {
    let what = "this is a public key, and neither a picture nor a proof; repeat --trust (or --people) before each key: --trust a.pub --trust b.pub";
    if input::holds_public_key(path) { Err(Failure::at(Code::Usage, path, what)) } else { Ok(()) }
}

/// That what is given as a picture is none of the other files of zkimg.
fn no_file_of_ours(path: &Path) -> Result<(), Failure> {
    let known: [(&[u8], &str); 6] = [
        (b"zkimgprf", "this is a proof, and the picture comes before it: zkimg verify PICTURE PROOF"),
        (b"zkimgsig", "this is a capture, which a camera signed, and not a picture; give the published picture or its .zkimg file"),
        (b"zkimgneg", "this is a negative, which is secret, and not a picture; give the published picture or its .zkimg file"),
        (b"zkimgcrd", "this is the card of a model, and the answer comes before it: zkimg verify answer.zkimg --model person.card"),
        (b"zkimgmod", "this is a model, which is secret; give the model's answer, and with --model its card"),
        (b"zkimgtpl", "this is a template, which is secret; give the match, and with --enrolled the public half of the template"),
    ];
    // What comes through a pipe can be read only once.
    match known.iter().find(|(magic, _)| path.is_file() && input::begins_with(path, magic)) {
        Some((_, what)) => Err(Failure::at(Code::Unsupported, path, what)),
        None => Ok(()),
    }
}
