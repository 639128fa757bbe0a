//! `zkimg verify`: is this picture what it claims to be?

use crate::outcome::{Code, Failure, Outcome};
use crate::progress::Progress;
use crate::session::Session;
use crate::trusted::Reader;
use crate::verdict::{Seen, outcome};
use crate::{answer, face, many};
use std::path::Path;
use zkimg_files::keys;
use zkimg_files::{Access, Judged, Outputs, Subject};
use zkimg_report::document;

pub(crate) use crate::verdict::Args;

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    args.files.iter().try_for_each(|path| no_key(path))?;
    judge(args, &args.keys.reader()?, session)
}

/// The same for a reader whose keys were read already.
pub(crate) fn judge(args: &Args, reader: &Reader, session: &Session) -> Result<Outcome, Failure> {
    if many::are_many(args) { many::run(args, reader, session) } else { one(args, reader, session) }
}

/// One file, or a picture and its proof.
pub(crate) fn one(args: &Args, reader: &Reader, session: &Session) -> Result<Outcome, Failure> {
    let picture = args.picture();
    if let Some(kind) = face::kind(picture) {
        return face::verify(kind, args, reader, session);
    }
    if args.enrolled.is_some() {
        let what =
            "this is no match, and --enrolled is for these alone; leave it out, or give the .zkimg file that `zkimg face match` wrote";
        return Err(Failure::at(Code::Usage, picture, what));
    }
    if answer::is_one(picture) {
        return answer::run(args, picture, None, reader, session);
    }
    if let Some(proof) = args.proof().filter(|proof| answer::is_one(proof)) {
        return answer::run(args, proof, Some(picture), reader, session);
    }
    if args.model.is_some() {
        let what =
            "this is not a model's answer, and --model is for these alone; leave it out, or give the .zkimg file that `zkimg infer` wrote";
        return Err(Failure::at(Code::Usage, picture, what));
    }
    let subject = Subject::on_disk(picture, args.proof(), args.report.is_some())?;
    let page = page(args, &subject, session)?;
    let ready = subject.read(&reader.trust)?;
    let progress = Progress::start(session, "Verifying");
    let judged = ready.judge(&reader.trust)?;
    drop(progress);
    let outcome = found(&judged, reader)?;
    let (Some(outputs), Some(path)) = (page, &args.report) else { return Ok(outcome) };
    outputs.finish(&[document(&judged.report, &judged.about(&reader.lists)?).as_bytes()])?;
    Ok(outcome.with_report(path))
}

/// What was found of a picture, for people and for programs.
pub(crate) fn found(judged: &Judged, reader: &Reader) -> Result<Outcome, Failure> {
    outcome(&judged.report, &Seen { capture: &judged.capture, picture: judged.picture.as_deref(), proof: &judged.proof }, reader)
}

/// Room for the page, if one is wanted. It is never written over a file that is read.
fn page<'a>(args: &Args, subject: &Subject, session: &'a Session) -> Result<Option<Outputs<'a>>, Failure> {
    let Some(path) = &args.report else { return Ok(None) };
    if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("html")) {
        return Err(Failure::at(Code::Usage, path, "a report is a page; give --report a name that ends in .html"));
    }
    let mut inputs: Vec<&Path> = vec![args.picture(), subject.path()];
    inputs.extend(args.keys.files());
    Outputs::stage(&session.writer, args.force, &inputs, &[(path, Access::Public)]).map(Some)
}

/// That a file given as picture or proof is no public key, as happens where --trust is said once for two keys.
fn no_key(path: &Path) -> Result<(), Failure> {
    let what = "this is a public key, and neither a picture nor a proof; repeat --trust (or --people) before each key: --trust a.pub --trust b.pub";
    if keys::holds_public_key(path) { Err(Failure::at(Code::Usage, path, what)) } else { Ok(()) }
}
