//! Who signed a capture, as reports say it: a camera, or a notary who vouches for what they saw. Of a notary's capture nothing here speaks as
//! if a camera had signed it.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::picture::hexadecimal;
use crate::trust::fingerprint;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use zkimg_attest::{Facts, SignedCapture, Source};

/// Who signed a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceReport {
    /// Fingerprint of the key, hexadecimal.
    pub key: String,
    /// The program that made pixels of the file, if the capture says so.
    pub decoder: Option<String>,
    /// As what it was signed.
    pub kind: SourceKind,
}

/// As what a capture was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceKind {
    /// By the device that took the photo.
    Device,
    /// By a notary who had a file, and says nothing of where it comes from.
    Notary,
    /// By a notary who checked the file's Content Credentials, and what they found.
    NotaryOfCredentials(Box<Facts>),
}

/// What two kinds of signers are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// `camera` or `notary`.
    pub name: &'static str,
    /// The option that names those whom a reader trusts.
    pub option: &'static str,
}

impl SourceReport {
    /// What a capture says of who signed it.
    pub fn of(capture: &SignedCapture) -> SourceReport {
        let kind = match capture.statement.source() {
            Source::Device => SourceKind::Device,
            Source::NotaryOfCredentials(credentials) => SourceKind::NotaryOfCredentials(Box::new(credentials.facts().clone())),
            // A source that is not known here is at least no device.
            _ => SourceKind::Notary,
        };
        SourceReport { key: fingerprint(&capture.key), decoder: capture.statement.decoder().map(str::to_owned), kind }
    }

    /// Whether it is a notary and no camera.
    pub fn is_notary(&self) -> bool {
        self.kind != SourceKind::Device
    }

    /// What the signer is called.
    pub fn role(&self) -> Role {
        if self.is_notary() { Role { name: "notary", option: "--notaries" } } else { Role { name: "camera", option: "--trust" } }
    }

    /// What a notary says they saw; nothing of a camera's capture. `date` puts Unix seconds into words, and `quote` a stranger's name.
    pub fn testimony(&self, date: impl Fn(u64) -> String, quote: impl Fn(&str) -> String) -> Vec<String> {
        let facts = match &self.kind {
            SourceKind::Device => return Vec::new(),
            SourceKind::Notary => {
                return vec!["the notary vouches for having had this file, and says nothing of where it comes from".into()];
            }
            SourceKind::NotaryOfCredentials(facts) => facts,
        };
        let signer = match &facts.signer {
            Some(name) => format!("by {}", quote(name)),
            None => "by somebody whose certificate no anchor stands behind, whatever it says".into(),
        };
        let mut lines = vec![format!(
            "the notary vouches for having seen this file with Content Credentials, signed {signer} ({}); {} found them {} on {}",
            facts.algorithm.name(),
            facts.library,
            facts.state.name(),
            date(facts.checked)
        )];
        if !facts.accepted.is_empty() {
            lines.push(format!("the notary accepted these failures of theirs: {}", facts.accepted.join(", ")));
        }
        lines.push(claimed(facts));
        if !facts.only_manifest {
            lines.push("their hash leaves out more of the file than their own bytes".into());
        }
        lines.push(format!("the list of anchors has the SHA-256 {}", hexadecimal(&facts.anchors)));
        lines
    }

    /// What nobody should take for proved, because of who signed.
    pub fn not_proved(&self) -> Vec<&'static str> {
        match &self.kind {
            SourceKind::Device => vec![
                "That the scene was real: a camera can photograph a screen.",
                "That the camera is honest: its key is trusted to sign what its sensor saw.",
            ],
            SourceKind::Notary => vec![
                "That the scene was real: a photo can show a screen.",
                "That the notary is honest, who had the whole original: their key is trusted to sign what they saw.",
                "Where the original comes from: the notary does not say, and no device has signed it.",
            ],
            SourceKind::NotaryOfCredentials(_) => vec![
                "That the scene was real: a photo can show a screen.",
                "That the notary is honest, who had the whole original: their key is trusted to sign what they saw.",
                "That the camera's signature was valid: it was so according to the notary alone, and it is not a part of this proof.",
            ],
        }
    }
}

/// The fingerprint of the camera that signed a capture; none if a notary did.
pub(crate) fn device(capture: &SignedCapture) -> Option<String> {
    (!capture.statement.source().is_notary()).then(|| fingerprint(&capture.key))
}

/// What a model's answer about a notary's capture does not show besides, for lists that have it in few words.
pub(crate) fn not_shown(capture: &SignedCapture) -> Option<&'static str> {
    match capture.statement.source() {
        Source::Device => None,
        Source::NotaryOfCredentials(_) => Some("that the camera's signature was valid: it was so according to the notary alone"),
        _ => Some("where the photo comes from: the notary does not say"),
    }
}

/// What the claim says the picture is.
fn claimed(facts: &Facts) -> String {
    if facts.is_capture() {
        return "they say that it is a digital capture, and that nothing else was done to it".into();
    }
    let kind = match facts.source_type.as_deref() {
        Some("digitalCapture") => "they say that it is a digital capture".to_owned(),
        Some("trainedAlgorithmicMedia" | "compositeWithTrainedAlgorithmicMedia" | "algorithmicMedia") => {
            "they say that a program made the picture or a part of it".to_owned()
        }
        Some(other) => format!("they say that the picture is of the type {other}"),
        None => "they do not say what kind of picture it is".to_owned(),
    };
    let begun = facts.action.as_deref().filter(|action| *action != "c2pa.created");
    let history = [
        begun.map(|action| format!("that its history begins with {action}")),
        facts.ingredients.then(|| "that it was made of other pictures".to_owned()),
        facts.more_actions.then(|| "that more was done to it".to_owned()),
    ];
    let history: Vec<String> = history.into_iter().flatten().collect();
    if history.is_empty() { kind } else { format!("{kind}; and they say {}", history.join(", ")) }
}

/// `kind` is `device` or `notary`; `credentials` are what a notary found, or null.
impl Serialize for SourceReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let facts = match &self.kind {
            SourceKind::NotaryOfCredentials(facts) => Some(CredentialsReport::of(facts)),
            SourceKind::Device | SourceKind::Notary => None,
        };
        let mut fields = serializer.serialize_struct("SourceReport", 5)?;
        fields.serialize_field("kind", if self.is_notary() { "notary" } else { "device" })?;
        fields.serialize_field("key", &self.key)?;
        fields.serialize_field("decoder", &self.decoder)?;
        fields.serialize_field("credentials", &facts)?;
        fields.serialize_field("not_proved", &self.not_proved())?;
        fields.end()
    }
}

/// What a notary found, for programs.
#[derive(serde::Serialize)]
struct CredentialsReport<'a> {
    library: &'a str,
    state: &'static str,
    accepted: &'a [String],
    anchors: String,
    checked: u64,
    signer: Option<&'a str>,
    algorithm: &'static str,
    source_type: Option<&'a str>,
    action: Option<&'a str>,
    more_actions: bool,
    ingredients: bool,
    only_manifest_excluded: bool,
    is_capture: bool,
}

impl CredentialsReport<'_> {
    fn of(facts: &Facts) -> CredentialsReport<'_> {
        CredentialsReport {
            library: &facts.library,
            state: facts.state.name(),
            accepted: &facts.accepted,
            anchors: hexadecimal(&facts.anchors),
            checked: facts.checked,
            signer: facts.signer.as_deref(),
            algorithm: facts.algorithm.name(),
            source_type: facts.source_type.as_deref(),
            action: facts.action.as_deref(),
            more_actions: facts.more_actions,
            ingredients: facts.ingredients,
            only_manifest_excluded: facts.only_manifest,
            is_capture: facts.is_capture(),
        }
    }
}
