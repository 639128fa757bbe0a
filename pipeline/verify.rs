//! From pictures and their proof files to reports.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::chain::Steps;
use crate::finding::{ColoursShown, EditsFault, EditsMade, Finding, LinkFault};
use crate::given::Given;
use crate::proof_file::ProofFile;
use crate::report::Report;
use crate::trust::Trust;
use crate::words::ASK;
use zkimg_attest::SignedCapture;
use zkimg_group::generators::BadParameters;
use zkimg_group::parallel;
use zkimg_picture::{Picture, PictureError};
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::root;
use zkimg_proof::verify::{Decoded, Refused, Reject, verify_all};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unverified {
    /// The picture's file cannot be read.
    #[error("{}; {ASK}", .0.fault())]
    Picture(#[from] PictureError),
    /// This installation is damaged.
    #[error(transparent)]
    Parameters(#[from] BadParameters),
}

/// Checks a published picture's file against its proof: signature, device, commitments, pixels, colours, makers, edits.
///
/// Also whatever stands around the pixels in the file: nothing may change how they are seen. A file of another size is
/// refused before its pixels are decoded. A picture that fails is a report with [`crate::Verdict::Invalid`].
pub fn verify_file(picture: &[u8], file: &ProofFile, trust: &Trust) -> Result<Report, Unverified> {
    Ok(one(Given::read(picture, file)?, file, trust)?)
}

/// Checks a decoded picture against its proof. Of a picture that comes as a file, [`verify_file`] sees more.
///
/// A picture that fails is a report with [`crate::Verdict::Invalid`]; an error means that this installation is damaged.
pub fn verify(picture: &Picture, file: &ProofFile, trust: &Trust) -> Result<Report, BadParameters> {
    one(Given::Picture(picture), file, trust)
}

/// Checks a chain whose picture is still hidden, as whoever takes it over does.
pub fn verify_hidden(file: &ProofFile, trust: &Trust) -> Result<Report, BadParameters> {
    one(Given::Nothing, file, trust)
}

/// Looks at the signed capture before anything else of a proof file is read: the report, if the signature does not hold or
/// the camera, or the notary, is none of those that the reader trusts. A reader who trusts nobody yet has every file checked.
/// [`ProofFile::begin`] gives the capture.
pub fn screen(capture: &SignedCapture, trust: &Trust) -> Option<Report> {
    let mut report = Report::of_capture(capture);
    if report.signer(capture, trust) {
        return None;
    }
    report.close(false);
    Some(report)
}

fn one(given: Given<'_>, file: &ProofFile, trust: &Trust) -> Result<Report, BadParameters> {
    let mut reports = all(&[(given, file)], trust)?;
    Ok(reports.pop().unwrap_or_else(|| Report::unchecked(file, trust)))
}

/// What a reader gives with a proof.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Candidate<'a> {
    /// Nothing, as the picture is still hidden.
    Nothing,
    /// A decoded picture.
    Picture(&'a Picture),
    /// A picture's file.
    File(&'a [u8]),
}

/// Checks many pictures or files at once, each as [`verify`], [`verify_file`] or [`verify_hidden`] does: faster than one by one, and each
/// keeps its own report, in order, or says why its file cannot be read.
pub fn verify_batch(files: &[(Candidate<'_>, &ProofFile)], trust: &Trust) -> Result<Vec<Result<Report, PictureError>>, BadParameters> {
    let mut unread = Vec::new();
    let mut readable = Vec::new();
    for (read, (_, file)) in parallel::map(files, read).into_iter().zip(files) {
        unread.push(match read {
            Ok(given) => {
                readable.push((given, *file));
                None
            }
            Err(error) => Some(error),
        });
    }
    let mut reports = all(&readable, trust)?.into_iter();
    let result = |(error, (_, file)): (Option<PictureError>, &(Candidate<'_>, &ProofFile))| match error {
        Some(error) => Err(error),
        None => Ok(reports.next().unwrap_or_else(|| Report::unchecked(file, trust))),
    };
    Ok(unread.into_iter().zip(files).map(result).collect())
}

fn read<'a>((given, file): &(Candidate<'a>, &ProofFile)) -> Result<Given<'a>, PictureError> {
    match given {
        Candidate::Nothing => Ok(Given::Nothing),
        Candidate::Picture(picture) => Ok(Given::Picture(picture)),
        Candidate::File(bytes) => Given::read(bytes, file),
    }
}

fn all<'a>(files: &'a [(Given<'a>, &'a ProofFile)], trust: &Trust) -> Result<Vec<Report>, BadParameters> {
    let each: Vec<&'a (Given<'a>, &'a ProofFile)> = files.iter().collect();
    let opened = parallel::map(&each, |(given, file)| {
        let mut report = Report::unchecked(file, trust);
        let opened = report.before(given, file, trust);
        (report, opened)
    });
    let (mut reports, opened): (Vec<Report>, Vec<Option<Opened<'_>>>) = opened.into_iter().unzip();
    let chains: Vec<Vec<_>> = opened.iter().flatten().map(|file| file.steps.claims(&file.proofs, file.pixels).collect()).collect();
    let mut outcomes = verify_all(&chains).into_iter().zip(&chains);
    for ((opened, report), (_, file)) in opened.iter().zip(&mut reports).zip(files) {
        let holds = match opened {
            Some(Opened { steps, .. }) => {
                report.security_bits = steps.security_bits();
                report.edits(outcomes.next().map(|(outcome, chain)| (outcome, chain.len())), file)?
            }
            None => false,
        };
        report.close(holds);
    }
    Ok(reports)
}

/// A file that can be put to the verifier.
struct Opened<'a> {
    steps: Steps<'a>,
    proofs: Vec<Decoded<'a>>,
    pixels: Pixels<'a>,
}

impl Report {
    /// Makes the checks before the proofs, up to the first that fails.
    fn before<'a>(&mut self, given: &'a Given<'a>, file: &'a ProofFile, trust: &Trust) -> Option<Opened<'a>> {
        if !self.signer(&file.capture, trust) {
            return None;
        }
        let statement = &file.capture.statement;
        let same = root(&statement.layout(), &file.rows) == *statement.root();
        if !self.note(Finding::Original(same)) {
            return None;
        }
        let (pixels, steps) =
            parallel::both(|| given.pixels(file), || Steps::of(file).and_then(|steps| steps.decode().map(|proofs| (steps, proofs))));
        if !self.note(Finding::Picture(given.judge(&pixels, file))) || !self.colours(given, file) {
            return None;
        }
        let (steps, proofs) = match steps {
            Ok(both) => both,
            Err((number, error)) => {
                self.note(Finding::Edits(Err(EditsFault::Link(self.at(number, error)))));
                return None;
            }
        };
        if file.links.iter().any(|link| link.maker.key().is_some()) {
            let signed = steps.check_signatures().map_err(|(number, error)| self.at(number, error));
            if !self.note(Finding::Makers(signed)) {
                return None;
            }
        }
        Some(Opened { steps, proofs, pixels })
    }

    /// Judges the colours, if there is a picture; of one in the photo's profile the profile's own name is known.
    fn colours(&mut self, given: &Given<'_>, file: &ProofFile) -> bool {
        let Some(found) = given.colours(file) else { return true };
        if let Ok(ColoursShown::Carried(profile)) = &found {
            self.profile = profile.clone();
        }
        self.note(Finding::Colours(found))
    }

    /// What the verifier says of the links, and of how many; whether all hold.
    fn edits(&mut self, outcome: Option<(Result<(), Refused>, usize)>, file: &ProofFile) -> Result<bool, BadParameters> {
        let links = file.links.len();
        let found = match outcome {
            Some((Ok(()), checked)) if checked == links => {
                let edits = self.links.iter().map(|link| link.edits.len()).sum();
                Ok(EditsMade { edits, links, hidden: self.hidden })
            }
            Some((Err(Refused { reject: Reject::Parameters(error), .. }), _)) => return Err(error),
            Some((Err(Refused { claim, reject }), _)) => Err(EditsFault::Refused(self.at(claim, reject))),
            _ => Err(EditsFault::Unfinished),
        };
        Ok(self.note(Finding::Edits(found)))
    }

    /// A fault of a link, which is counted from 0.
    fn at<E>(&self, link: usize, fault: E) -> LinkFault<E> {
        LinkFault { number: link + 1, links: self.links.len(), fault }
    }
}
