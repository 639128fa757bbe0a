//! From a published picture and its proof file to a report.

use crate::proof_file::ProofFile;
use crate::report::{Check, Report, Size, Verdict};
use crate::statement::{context, picture_digest};
use zkimg_attest::{Disclosed, Picture, TrustedDevices};
use zkimg_proof::commitment::root;
use zkimg_proof::generators::BadParameters;
use zkimg_proof::relation::{Output, Relation};
use zkimg_proof::soundness::Account;
use zkimg_proof::tensor::Dims;
use zkimg_proof::verify::Reject;

/// Checks a published picture against its proof: signature, device, commitments, pixels, edits.
///
/// A picture that fails is a report with [`Verdict::Invalid`]; an error means that this installation is damaged.
pub fn verify(picture: &Picture, file: &ProofFile, trusted: &TrustedDevices) -> Result<Report, BadParameters> {
    let statement = &file.capture.statement;
    let output = file.chain.output();
    let mut report = Report {
        verdict: Verdict::Invalid,
        checks: Vec::new(),
        device: file.capture.key.device_id().iter().map(|byte| format!("{byte:02x}")).collect(),
        captured: match statement.time() {
            Disclosed::Shown(time) => Some(*time),
            Disclosed::Hidden(_) => None,
        },
        original: size(statement.dims()),
        published: size(&output),
        edits: file.chain.values(),
        security_bits: 0,
    };
    let trusted = trusted.contains(&file.capture.key);
    if report.run(picture, file)? {
        report.verdict = if trusted { Verdict::Trusted } else { Verdict::Untrusted };
    }
    let detail = if trusted {
        "the key that signed is one of the trusted devices"
    } else {
        "the key that signed is not one of the trusted devices; trust it only if you know whose it is"
    };
    let at = report.checks.len().min(1);
    report.checks.insert(at, Check { name: "device", detail: detail.into(), passed: trusted });
    Ok(report)
}

impl Report {
    /// Makes the checks up to the first that fails; whether all passed.
    fn run(&mut self, picture: &Picture, file: &ProofFile) -> Result<bool, BadParameters> {
        let statement = &file.capture.statement;
        let dims = *statement.dims();
        let signature = file.capture.verify_signature();
        let detail = match &signature {
            Ok(()) => format!("a device signed the capture of a {} picture", describe(&dims)),
            Err(error) => error.to_string(),
        };
        if !self.note("signature", signature.is_ok(), detail) {
            return Ok(false);
        }
        let layout = statement.layout();
        let same = root(&layout, &file.rows) == *statement.root();
        let detail = if same { "the proof starts from the picture that was signed" } else { "the proof starts from another picture than the one that was signed" };
        if !self.note("original", same, detail.into()) {
            return Ok(false);
        }
        let same = *picture.dims() == file.chain.output() && picture_digest(picture.dims(), picture.cells()) == file.picture_digest;
        let detail = if same {
            format!("all {} pixels of the published picture are the ones the proof speaks of", describe(picture.dims()))
        } else {
            "the picture is not the one this proof was made for: it was changed afterwards, or the proof belongs to another picture".into()
        };
        if !self.note("picture", same, detail) {
            return Ok(false);
        }
        let relation = match Relation::compile(dims, layout.m, file.chain.steps(), Output::Revealed) {
            Ok(relation) => relation,
            Err(error) => return Ok(self.note("edits", false, error.to_string())),
        };
        self.security_bits = Account::of(&relation).bits();
        let context = context(&file.capture, &file.chain);
        match zkimg_proof::verify::verify(&relation, &context, &file.rows, picture.cells(), &file.proof) {
            Ok(_) => {
                let count = self.edits.len();
                let edits = if count == 1 { "the 1 stated edit".into() } else { format!("the {count} stated edits") };
                Ok(self.note("edits", true, format!("{edits} and nothing else turned the original into this picture")))
            }
            Err(Reject::Parameters(error)) => Err(error),
            Err(reject) => Ok(self.note("edits", false, reject.to_string())),
        }
    }

    fn note(&mut self, name: &'static str, passed: bool, detail: String) -> bool {
        self.checks.push(Check { name, detail, passed });
        passed
    }
}

fn size(dims: &Dims) -> Size {
    Size { width: dims.width, height: dims.height, channels: dims.channels }
}

fn describe(dims: &Dims) -> String {
    format!("{}×{} {}", dims.width, dims.height, if dims.channels == 1 { "grey" } else { "colour" })
}
