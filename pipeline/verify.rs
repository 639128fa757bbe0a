//! From pictures and their proof files to reports.

use crate::chain::Steps;
use crate::proof_file::ProofFile;
use crate::report::Report;
use crate::statement::{Shown, picture_digest};
use crate::trust::Trust;
use zkimg_attest::Picture;
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::root;
use zkimg_proof::generators::BadParameters;
use zkimg_proof::parallel;
use zkimg_proof::tensor::Dims;
use zkimg_proof::verify::{Decoded, Reject, verify_all};

/// Checks a published picture against its proof: signature, device, commitments, pixels, makers, edits.
///
/// A picture that fails is a report with [`crate::Verdict::Invalid`]; an error means that this installation is damaged.
pub fn verify(picture: &Picture, file: &ProofFile, trust: &Trust) -> Result<Report, BadParameters> {
    one(Some(picture), file, trust)
}

/// Checks a chain whose picture is still hidden, as whoever takes it over does.
pub fn verify_hidden(file: &ProofFile, trust: &Trust) -> Result<Report, BadParameters> {
    one(None, file, trust)
}

fn one(picture: Option<&Picture>, file: &ProofFile, trust: &Trust) -> Result<Report, BadParameters> {
    let mut reports = verify_batch(&[(picture, file)], trust)?;
    Ok(reports.pop().unwrap_or_else(|| Report::unchecked(file, trust)))
}

/// Checks many files at once: faster than one by one, and each keeps its own report, in order.
///
/// The picture is `None` where a chain's picture is still hidden.
pub fn verify_batch(files: &[(Option<&Picture>, &ProofFile)], trust: &Trust) -> Result<Vec<Report>, BadParameters> {
    let opened = parallel::map(files, |(picture, file)| {
        let mut report = Report::unchecked(file, trust);
        let opened = report.before(*picture, file);
        (report, opened)
    });
    let (mut reports, opened): (Vec<Report>, Vec<Option<Opened<'_>>>) = opened.into_iter().unzip();
    let claims: Vec<_> = opened.iter().flatten().flat_map(|file| file.steps.claims(&file.proofs, file.pixels)).collect();
    let mut outcomes = verify_all(&claims).into_iter();
    for ((opened, report), (_, file)) in opened.iter().zip(&mut reports).zip(files) {
        let holds = match opened {
            Some(Opened { steps, .. }) => {
                report.security_bits = steps.security_bits();
                let of_file: Vec<_> = outcomes.by_ref().take(steps.steps.len()).collect();
                report.edits(&of_file, file)?
            }
            None => false,
        };
        report.close(holds, trust.devices.contains(&file.capture.key));
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
    fn before<'a>(&mut self, picture: Option<&'a Picture>, file: &'a ProofFile) -> Option<Opened<'a>> {
        let statement = &file.capture.statement;
        let signature = file.capture.verify_signature();
        let detail = match &signature {
            Ok(()) => format!("a device signed the capture of a {} picture", describe(statement.dims())),
            Err(error) => error.to_string(),
        };
        if !self.note("signature", signature.is_ok(), detail) {
            return None;
        }
        let same = root(&statement.layout(), &file.rows) == *statement.root();
        let detail = if same { "the proof starts from the picture that was signed" } else { "the proof starts from another picture than the one that was signed" };
        if !self.note("original", same, detail) {
            return None;
        }
        let (pixels, steps) = parallel::both(
            || match picture {
                Some(picture) => Pixels::new(*picture.dims(), picture.cells()),
                None => Pixels::none(),
            },
            || Steps::of(file).and_then(|steps| steps.decode().map(|proofs| (steps, proofs))),
        );
        if !self.picture(picture, &pixels, file) {
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

    /// That the picture is the one at the end of the chain, or that there is none to be shown.
    fn picture(&mut self, picture: Option<&Picture>, pixels: &Pixels<'_>, file: &ProofFile) -> bool {
        let shown = file.links.last().map(|link| link.shown);
        let (passed, detail) = match (picture, shown) {
            (None, Some(Shown::Hidden)) => (true, format!("no picture is shown yet: a {} picture is handed on hidden", describe(&file.output()))),
            (Some(_), Some(Shown::Hidden)) => (false, "the proof hands its picture on hidden, so it speaks of no picture that could be shown".into()),
            (Some(picture), Some(Shown::Picture(digest)))
                if *picture.dims() == file.output() && picture_digest(pixels) == digest =>
            {
                (true, format!("all {} pixels of the published picture are the ones the proof speaks of", describe(picture.dims())))
            }
            (Some(_), _) => (
                false,
                "the picture is not the one this proof was made for: it was changed afterwards, or the proof belongs to another picture".into(),
            ),
            (None, _) => (false, "the proof is of a published picture, which was not given".into()),
        };
        self.note("picture", passed, detail)
    }

    /// What the verifier says of each link; whether all hold.
    fn edits(&mut self, outcomes: &[Result<(), Reject>], file: &ProofFile) -> Result<bool, BadParameters> {
        for (number, outcome) in outcomes.iter().enumerate() {
            match outcome {
                Ok(()) => {}
                Err(Reject::Parameters(error)) => return Err(*error),
                Err(reject) => return Ok(self.note("edits", false, self.at(number, reject))),
            }
        }
        if outcomes.len() != file.links.len() {
            return Ok(self.note("edits", false, "not every link was checked"));
        }
        let count: usize = self.links.iter().map(|link| link.edits.len()).sum();
        let edits = if count == 1 { "the 1 stated edit".into() } else { format!("the {count} stated edits") };
        let picture = if self.hidden { "the hidden picture" } else { "this picture" };
        let order = if self.links.len() > 1 { ", in this order," } else { "" };
        Ok(self.note("edits", true, format!("{edits}{order} and nothing else turned the original into {picture}")))
    }

    /// A fault, with its link where there are several.
    fn at(&self, number: usize, fault: &dyn std::fmt::Display) -> String {
        let all = self.links.len();
        if all == 1 { fault.to_string() } else { format!("link {} of {all}: {fault}", number + 1) }
    }
}

fn describe(dims: &Dims) -> String {
    format!("{}×{} {}", dims.width, dims.height, if dims.channels == 1 { "grey" } else { "colour" })
}
