//! What verification found out, check by check and link by link.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::fields::ShownField;
use crate::finding::{Finding, KeyTrust, Signed};
use crate::picture::{ProfileReport, Size, hexadecimal};
use crate::placement::Placement;
use crate::proof_file::ProofFile;
use crate::source::{SourceReport, device};
use crate::trust::{Signer, Trust};
use zkimg_attest::{Disclosed, SignedCapture};

/// The outcome in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Verdict {
    /// Everything holds, and the camera, or the notary, is one of those that are trusted.
    Trusted,
    /// Everything holds, but nobody said that this camera, or notary, is to be trusted.
    Untrusted,
    /// The camera, or the notary, is not one of those that are trusted, of which there are some, and so nothing but the signature was checked.
    Unchecked,
    /// Everything holds, and nothing is said of a camera or a notary.
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
    /// Fingerprint of the camera's key, hexadecimal; `None` if no camera signed.
    pub device: Option<String>,
    /// Who signed the photo: a camera, or a notary.
    pub source: SourceReport,
    /// Root of the signed photo's commitment, hexadecimal: what two files about the same capture have in common.
    pub capture: String,
    /// Capture time in Unix seconds, if the capture shows it.
    pub captured: Option<u64>,
    /// What is shown of the photo's EXIF data, field by field; nothing unless all of the file holds.
    pub shown: Vec<ShownField>,
    /// Size of the hidden original.
    pub original: Size,
    /// Size of the picture at the end; `None` if nothing of the file was read but the signed capture.
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
            shown: file.shown(),
            profile: ProfileReport::of(&file.profile(), None),
            placement: Some(Placement::of(&(*file.capture.statement.dims()).into(), file.links.iter().map(|link| &link.edits))),
            links: describe_links(file, trust),
            form: Some(file.form()),
            ..Report::of_capture(&file.capture)
        }
    }

    /// What the signed capture says, with no check made and nothing else read.
    pub(crate) fn of_capture(capture: &SignedCapture) -> Report {
        let statement = &capture.statement;
        Report {
            verdict: Verdict::Invalid,
            findings: Vec::new(),
            device: device(capture),
            source: SourceReport::of(capture),
            capture: hexadecimal(statement.root()),
            captured: captured(capture),
            shown: Vec::new(),
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

    /// As [`signer`].
    pub(crate) fn signer(&mut self, capture: &SignedCapture, trust: &Trust) -> bool {
        signer(&mut self.findings, capture, trust)
    }

    /// As [`note`].
    pub(crate) fn note(&mut self, finding: Finding) -> bool {
        note(&mut self.findings, finding)
    }

    /// Closes the report with the verdict; `holds` is whether everything but the trust in who signed does.
    pub(crate) fn close(&mut self, holds: bool) {
        self.verdict = verdict(&self.findings, holds);
        if !holds {
            // Nobody has signed what does not hold.
            self.links.iter_mut().for_each(|link| link.confirmed = false);
            self.shown.clear();
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

/// Whether a reader trusts the key that signed a capture, as what it signed.
pub(crate) fn key_trust(capture: &SignedCapture, trust: &Trust) -> KeyTrust {
    match trust.trusts(capture) {
        true => KeyTrust::Trusted,
        false if trust.trusts_nobody() => KeyTrust::Unjudged,
        false if trust.trusts_as_other(capture) => KeyTrust::OtherKind,
        false => KeyTrust::Unknown,
    }
}

/// That a device or a notary signed the capture; then, if the reader trusts anybody, that it is one of those. Both are cheap, so that
/// nothing else of a stranger's file is looked at.
pub(crate) fn signer(findings: &mut Vec<Finding>, capture: &SignedCapture, trust: &Trust) -> bool {
    let notary = capture.statement.source().is_notary();
    let signature = capture.verify_signature().map(|()| Signed { size: Size::from(*capture.statement.dims()), notary });
    // A signature that does not hold is nobody's.
    if !note(findings, Finding::Signature(signature)) {
        return false;
    }
    let known = key_trust(capture, trust);
    note(findings, if notary { Finding::Notary(known) } else { Finding::Device(known) });
    !known.is_a_stranger()
}

/// Notes a finding; gives whether it holds.
pub(crate) fn note(findings: &mut Vec<Finding>, finding: Finding) -> bool {
    let holds = finding.holds();
    findings.push(finding);
    holds
}

/// The outcome of all checks; `holds` is whether everything but the trust in who signed does.
pub(crate) fn verdict(findings: &[Finding], holds: bool) -> Verdict {
    let signers: Vec<KeyTrust> = findings.iter().filter_map(Finding::key_trust).collect();
    match &signers[..] {
        _ if findings.iter().any(Finding::is_a_stranger) => Verdict::Unchecked,
        _ if !holds => Verdict::Invalid,
        [] => Verdict::Proved,
        all if all.iter().all(|trust| *trust == KeyTrust::Trusted) => Verdict::Trusted,
        _ => Verdict::Untrusted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::OfPhoto;

    #[test]
    fn a_verdict_is_that_of_all_who_signed() {
        let of = |number: usize, trust: KeyTrust| {
            let found = if number == 1 { Finding::Notary(trust) } else { Finding::Device(trust) };
            Finding::OfPhoto(OfPhoto { number, photos: 3, found: Box::new(found) })
        };
        let all = |strange: usize, trust: KeyTrust| {
            let found = (1..=3).map(|number| of(number, if number == strange { trust } else { KeyTrust::Trusted }));
            verdict(&found.collect::<Vec<_>>(), true)
        };
        assert_eq!(all(0, KeyTrust::Unknown), Verdict::Trusted);
        for (other, expected) in
            [(KeyTrust::Unjudged, Verdict::Untrusted), (KeyTrust::Unknown, Verdict::Unchecked), (KeyTrust::OtherKind, Verdict::Unchecked)]
        {
            for strange in 1..=3 {
                assert_eq!(all(strange, other), expected, "photo {strange}");
            }
        }
        assert_eq!(verdict(&[of(1, KeyTrust::Trusted)], false), Verdict::Invalid);
        assert_eq!(verdict(&[], true), Verdict::Proved);
    }
}
