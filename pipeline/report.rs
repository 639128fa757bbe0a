//! What verification found out, check by check and link by link.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::finding::{DeviceTrust, Finding};
use crate::picture::{ProfileReport, Size, hexadecimal};
use crate::placement::Placement;
use crate::proof_file::ProofFile;
use crate::trust::{Signer, Trust, fingerprint};
use zkimg_attest::{Disclosed, PublicKey, SignedCapture};

/// The outcome in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Verdict {
    /// Everything holds, and the camera is one of the trusted devices.
    Trusted,
    /// Everything holds, but nobody said that this camera is to be trusted.
    Untrusted,
    /// The camera is not one of the trusted devices, of which there are some, and so nothing but its signature was checked.
    Unchecked,
    /// Everything holds, and nothing is said of a camera.
    Proved,
    /// Something does not hold.
    Invalid,
}

/// What one person did.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LinkReport {
    /// Its place in the chain, from 1.
    pub number: usize,
    /// What the maker calls themselves.
    pub name: Option<String>,
    /// What the maker says about it.
    pub note: Option<String>,
    /// Whose key signed the link, if one did.
    pub signer: Option<Signer>,
    /// Whether the reader knows the key that signed: without that, a name is only claimed.
    pub confirmed: bool,
    /// The edits, in order, as in a recipe.
    pub edits: Vec<serde_json::Value>,
    /// The same in plain words.
    pub words: Vec<String>,
    /// Size of the picture after them.
    pub output: Size,
    /// Whether that picture stays hidden.
    pub hidden: bool,
}

/// The result of verifying a chain of links.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Report {
    /// The outcome.
    pub verdict: Verdict,
    /// What every check found, in order; the last one failed if the verdict is invalid.
    #[serde(rename = "checks")]
    pub findings: Vec<Finding>,
    /// Fingerprint of the signing device's key, hexadecimal.
    pub device: String,
    /// Root of the signed photo's commitment, hexadecimal: what two files about the same capture have in common.
    pub capture: String,
    /// Capture time in Unix seconds, if the capture shows it.
    pub captured: Option<u64>,
    /// Size of the hidden original.
    pub original: Size,
    /// Size of the picture at the end; `None` if nothing of the file was read but what the camera signed.
    pub published: Option<Size>,
    /// Whether that picture stays hidden too; `false` if it was not read.
    pub hidden: bool,
    /// The colour profile of that picture, or the original's if it was not read. Its name is known if the picture was given and has it.
    pub profile: ProfileReport,
    /// Where it lay in the original; `None` if it was not read.
    pub placement: Option<Placement>,
    /// Who did what, in order.
    pub links: Vec<LinkReport>,
    /// How the links are proved; `None` if they were not read.
    pub form: Option<ProofForm>,
    /// Bits of security of the weakest link's soundness; 0 if no link was checked.
    pub security_bits: u32,
}

/// How the links of a chain are proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ProofForm {
    /// Each by a proof of its own.
    List,
    /// All by one proof.
    Compact,
}

/// The links of a file as it describes them, and which keys the reader knows. Nothing is checked.
pub fn describe_links(file: &ProofFile, trust: &Trust) -> Vec<LinkReport> {
    let link = |(i, link): (usize, &crate::Link)| {
        let signer = link.maker.key().map(|key| Signer::of(key, trust));
        LinkReport {
            number: i + 1,
            name: link.maker.name().map(str::to_owned),
            note: link.maker.note().map(str::to_owned),
            confirmed: signer.as_ref().is_some_and(|signer| signer.known_as.is_some()),
            signer,
            edits: link.edits.values(),
            words: link.edits.words(),
            output: link.edits.output().into(),
            hidden: link.picture_digest().is_none(),
        }
    };
    file.links.iter().enumerate().map(link).collect()
}

impl Report {
    /// What the file says, with no check made.
    pub(crate) fn unchecked(file: &ProofFile, trust: &Trust) -> Report {
        Report {
            published: Some(file.output().into()),
            hidden: file.is_hidden(),
            profile: ProfileReport::of(&file.profile(), None),
            placement: Some(Placement::of(&(*file.capture.statement.dims()).into(), file.links.iter().map(|link| &link.edits))),
            links: describe_links(file, trust),
            form: Some(file.form()),
            ..Report::of_capture(&file.capture)
        }
    }

    /// What the camera signed, with no check made and nothing else read.
    pub(crate) fn of_capture(capture: &SignedCapture) -> Report {
        let statement = &capture.statement;
        Report {
            verdict: Verdict::Invalid,
            findings: Vec::new(),
            device: fingerprint(&capture.key),
            capture: hexadecimal(statement.root()),
            captured: captured(capture),
            original: (*statement.dims()).into(),
            published: None,
            hidden: false,
            profile: ProfileReport::of(statement.profile(), None),
            placement: None,
            links: Vec::new(),
            form: None,
            security_bits: 0,
        }
    }

    /// As [`camera`].
    pub(crate) fn camera(&mut self, capture: &SignedCapture, trust: &Trust) -> bool {
        camera(&mut self.findings, capture, trust)
    }

    /// As [`note`].
    pub(crate) fn note(&mut self, finding: Finding) -> bool {
        note(&mut self.findings, finding)
    }

    /// Closes the report with the verdict; `holds` is whether everything but the trust in the device does.
    pub(crate) fn close(&mut self, holds: bool) {
        self.verdict = verdict(&self.findings, holds);
        if !holds {
            // Nobody has signed what does not hold.
            self.links.iter_mut().for_each(|link| link.confirmed = false);
        }
    }
}

/// When a capture says that it was signed.
pub(crate) fn captured(capture: &SignedCapture) -> Option<u64> {
    match capture.statement.time() {
        Disclosed::Shown(time) => Some(*time),
        Disclosed::Hidden(_) => None,
    }
}

/// Whether a reader trusts the device with this key.
pub(crate) fn device(key: &PublicKey, trust: &Trust) -> DeviceTrust {
    match trust.devices.contains(key) {
        true => DeviceTrust::Trusted,
        false if trust.devices.is_empty() => DeviceTrust::Unjudged,
        false => DeviceTrust::Unknown,
    }
}

/// That a device signed the capture; then, if the reader trusts some devices, that it is one of those. Both are cheap, so that
/// nothing else of a stranger's file is looked at.
pub(crate) fn camera(findings: &mut Vec<Finding>, capture: &SignedCapture, trust: &Trust) -> bool {
    let signature = capture.verify_signature().map(|()| Size::from(*capture.statement.dims()));
    // A signature that does not hold is nobody's.
    if !note(findings, Finding::Signature(signature)) {
        return false;
    }
    let camera = device(&capture.key, trust);
    note(findings, Finding::Device(camera));
    camera != DeviceTrust::Unknown
}

/// Notes a finding; gives whether it holds.
pub(crate) fn note(findings: &mut Vec<Finding>, finding: Finding) -> bool {
    let holds = finding.holds();
    findings.push(finding);
    holds
}

/// The outcome of all checks; `holds` is whether everything but the trust in the device does.
pub(crate) fn verdict(findings: &[Finding], holds: bool) -> Verdict {
    let camera = findings.iter().find_map(|finding| match finding {
        Finding::Device(trust) => Some(*trust),
        _ => None,
    });
    let strange = findings.iter().any(Finding::is_a_strange_camera);
    match camera {
        _ if strange => Verdict::Unchecked,
        _ if !holds => Verdict::Invalid,
        Some(DeviceTrust::Trusted) => Verdict::Trusted,
        Some(_) => Verdict::Untrusted,
        None => Verdict::Proved,
    }
}
