//! From pictures and their proof files to reports.

use crate::chain::Steps;
use crate::given::{ASK, Given};
use crate::proof_file::ProofFile;
use crate::report::Report;
use crate::trust::Trust;
use zkimg_attest::SignedCapture;
use zkimg_picture::{Picture, PictureError};
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::root;
use zkimg_proof::generators::BadParameters;
use zkimg_proof::parallel;
use zkimg_proof::verify::{Decoded, Refused, Reject, verify_all};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
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

/// Looks at what the camera signed before anything else of a proof file is read: the report, if the signature does not hold or
/// the camera is none of those that the reader trusts. A reader who trusts nobody yet has every file checked.
/// [`ProofFile::begin`] gives the capture.
pub fn screen(capture: &SignedCapture, trust: &Trust) -> Option<Report> {
    let mut report = Report::of_capture(capture);
    if report.camera(capture, trust) {
        return None;
    }
    report.close(false, trust, &capture.key);
    Some(report)
}

fn one(given: Given<'_>, file: &ProofFile, trust: &Trust) -> Result<Report, BadParameters> {
    let mut reports = all(&[(given, file)], trust)?;
    Ok(reports.pop().unwrap_or_else(|| Report::unchecked(file, trust)))
}

/// Checks many decoded pictures at once: faster than one by one, and each keeps its own report, in order.
///
/// The picture is `None` where a chain's picture is still hidden.
pub fn verify_batch(files: &[(Option<&Picture>, &ProofFile)], trust: &Trust) -> Result<Vec<Report>, BadParameters> {
    let files: Vec<_> = files.iter().map(|(picture, file)| (picture.map_or(Given::Nothing, Given::Picture), *file)).collect();
    all(&files, trust)
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
        report.close(holds, trust, &file.capture.key);
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
        if !self.camera(&file.capture, trust) {
            return None;
        }
        let statement = &file.capture.statement;
        let same = root(&statement.layout(), &file.rows) == *statement.root();
        let detail = if same {
            "the proof starts from the picture that was signed"
        } else {
            "the proof starts from another picture than the one that was signed"
        };
        if !self.note("original", same, detail) {
            return None;
        }
        let (pixels, steps) =
            parallel::both(|| given.pixels(), || Steps::of(file).and_then(|steps| steps.decode().map(|proofs| (steps, proofs))));
        if !self.picture(given, &pixels, file) || !self.colours(given, file) {
            return None;
        }
        let (steps, proofs) = match steps {
            Ok(both) => both,
            Err((number, error)) => {
                self.note("edits", false, self.at(number, &error));
                return None;
            }
        };
        if file.links.iter().any(|link| link.maker.key().is_some()) {
            let signed = steps.check_signatures();
            let detail = match &signed {
                Ok(()) => "each maker who names a key signed their own link".into(),
                Err((number, error)) => self.at(*number, error),
            };
            if !self.note("makers", signed.is_ok(), detail) {
                return None;
            }
        }
        Some(Opened { steps, proofs, pixels })
    }

    /// What the verifier says of the links, and of how many; whether all hold.
    fn edits(&mut self, outcome: Option<(Result<(), Refused>, usize)>, file: &ProofFile) -> Result<bool, BadParameters> {
        match outcome {
            Some((Ok(()), links)) if links == file.links.len() => {}
            Some((Err(Refused { reject: Reject::Parameters(error), .. }), _)) => return Err(error),
            Some((Err(Refused { claim, reject }), _)) => return Ok(self.note("edits", false, self.at(claim, &reject))),
            _ => return Ok(self.note("edits", false, "not every link was checked")),
        }
        let count: usize = self.links.iter().map(|link| link.edits.len()).sum();
        let picture = if self.hidden { "the hidden picture" } else { "this picture" };
        if count == 0 {
            return Ok(self.note("edits", true, format!("no edits were made: {picture} is the original")));
        }
        let edits = if count == 1 { "the 1 stated edit".into() } else { format!("the {count} stated edits") };
        let order = if self.links.len() > 1 { ", in this order," } else { "" };
        Ok(self.note("edits", true, format!("{edits}{order} and nothing else turned the original into {picture}")))
    }

    /// A fault, with its link where there are several.
    fn at(&self, number: usize, fault: &dyn std::fmt::Display) -> String {
        let all = self.links.len();
        if all == 1 { fault.to_string() } else { format!("link {} of {all}: {fault}", number + 1) }
    }
}
