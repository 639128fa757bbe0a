//! From pictures and their proof files to reports.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[cfg(feature = "prover")]
use crate::chain::check_signatures;
use crate::chain::{BadLink, Steps};
#[cfg(feature = "prover")]
use crate::compact::{self, Compact, CompactFault, Step};
use crate::finding::{ColoursShown, EditsFault, EditsMade, Finding, LinkFault};
use crate::given::Given;
use crate::proof_file::ProofFile;
use crate::report::{ProofForm, Report};
use crate::trust::Trust;
use crate::words::ASK;
use zkimg_attest::{MakerError, SignedCapture};
use zkimg_group::generators::BadParameters;
use zkimg_group::parallel;
use zkimg_picture::{Picture, PictureError};
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::root;
use zkimg_proof::verify::{Claim, Decoded, Refused, Reject, verify_all};

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
    let chains: Vec<Vec<_>> = opened.iter().flatten().filter_map(Opened::claims).collect();
    let mut outcomes = verify_all(&chains).into_iter().zip(&chains);
    for ((opened, report), (_, file)) in opened.iter().zip(&mut reports).zip(files) {
        let holds = match opened {
            Some(Opened { links: Links::Listed(steps, _), .. }) => {
                report.security_bits = steps.security_bits();
                report.edits(outcomes.next().map(|(outcome, chain)| (outcome, chain.len())), file)?
            }
            #[cfg(feature = "prover")]
            Some(Opened { links: Links::Compact(compact, steps), pixels }) => report.compact(compact, steps, *pixels, file)?,
            None => false,
        };
        report.close(holds);
    }
    Ok(reports)
}

/// A file that can be put to the verifier.
struct Opened<'a> {
    links: Links<'a>,
    pixels: Pixels<'a>,
}

/// What is proved, and how.
enum Links<'a> {
    /// Each link has a proof of its own.
    Listed(Steps<'a>, Vec<Decoded<'a>>),
    /// One proof is for all of them.
    #[cfg(feature = "prover")]
    Compact(&'a Compact, Vec<Step<'a>>),
}

impl<'a> Links<'a> {
    /// Lays out the statements; nothing is checked but that they can be put to the verifier.
    fn of(file: &'a ProofFile) -> Result<Links<'a>, OpenFault> {
        #[cfg(feature = "prover")]
        if let Some(compact) = &file.compact {
            let class = compact::class(&file.capture).ok_or(CompactFault::Size).map_err(OpenFault::Compact)?;
            return compact::steps(file, compact, class).map(|(steps, _)| Links::Compact(compact, steps)).map_err(OpenFault::Compact);
        }
        let steps = Steps::of(file).map_err(OpenFault::Link)?;
        let proofs = steps.decode().map_err(OpenFault::Link)?;
        Ok(Links::Listed(steps, proofs))
    }

    fn check_signatures(&self) -> Result<(), (usize, MakerError)> {
        match self {
            Links::Listed(steps, _) => steps.check_signatures(),
            #[cfg(feature = "prover")]
            Links::Compact(_, steps) => check_signatures(steps.iter().map(|step| (step.link, &step.digest))),
        }
    }
}

/// Why the statements of a file cannot be laid out.
enum OpenFault {
    Link((usize, BadLink)),
    #[cfg(feature = "prover")]
    Compact(CompactFault),
}

impl Opened<'_> {
    /// The claims of links with proofs of their own.
    fn claims(&self) -> Option<Vec<Claim<'_>>> {
        match &self.links {
            Links::Listed(steps, proofs) => Some(steps.claims(proofs, self.pixels).collect()),
            #[cfg(feature = "prover")]
            Links::Compact(..) => None,
        }
    }
}

impl Report {
    /// Makes the checks before the proofs, up to the first that fails.
    fn before<'a>(&mut self, given: &'a Given<'a>, file: &'a ProofFile, trust: &Trust) -> Option<Opened<'a>> {
        if !self.signer(&file.capture, trust) {
            return None;
        }
        if !file.fields.is_empty() && !self.note(Finding::Shown(file.check_shown().map(|()| file.fields.len()))) {
            return None;
        }
        let statement = &file.capture.statement;
        let same = root(&statement.layout(), &file.rows) == *statement.root();
        if !self.note(Finding::Original(same)) {
            return None;
        }
        let (pixels, links) = parallel::both(|| given.pixels(file), || Links::of(file));
        if !self.note(Finding::Picture(given.judge(&pixels, file))) || !self.colours(given, file) {
            return None;
        }
        let links = match links {
            Ok(links) => links,
            Err(fault) => {
                self.note(Finding::Edits(Err(match fault {
                    OpenFault::Link((number, error)) => EditsFault::Link(self.at(number, error)),
                    #[cfg(feature = "prover")]
                    OpenFault::Compact(fault) => EditsFault::Compact(fault),
                })));
                return None;
            }
        };
        if file.links.iter().any(|link| link.maker.key().is_some()) {
            let signed = links.check_signatures().map_err(|(number, error)| self.at(number, error));
            if !self.note(Finding::Makers(signed)) {
                return None;
            }
        }
        Some(Opened { links, pixels })
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
                Ok(EditsMade { edits, links, hidden: self.hidden, form: ProofForm::List })
            }
            Some((Err(Refused { reject: Reject::Parameters(error), .. }), _)) => return Err(error),
            Some((Err(Refused { claim, reject }), _)) => Err(EditsFault::Refused(self.at(claim, reject))),
            _ => Err(EditsFault::Unfinished),
        };
        Ok(self.note(Finding::Edits(found)))
    }

    /// What is found of a chain with one proof; whether it holds.
    #[cfg(feature = "prover")]
    fn compact(&mut self, compact: &Compact, steps: &[Step<'_>], pixels: Pixels<'_>, file: &ProofFile) -> Result<bool, BadParameters> {
        let found = compact::checked(file, compact, steps, pixels)?.map(|held| {
            self.security_bits = held.bits;
            let edits = self.links.iter().map(|link| link.edits.len()).sum();
            EditsMade { edits, links: file.links.len(), hidden: self.hidden, form: ProofForm::Compact }
        });
        Ok(self.note(Finding::Edits(found.map_err(EditsFault::Compact))))
    }

    /// A fault of a link, which is counted from 0.
    fn at<E>(&self, link: usize, fault: E) -> LinkFault<E> {
        LinkFault { number: link + 1, links: self.links.len(), fault }
    }
}
