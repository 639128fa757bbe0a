//! What was found out about an enrolled face and about a match.

use super::enrolled::Enrolled;
use crate::answer::Threshold;
use crate::finding::Finding;
use crate::picture::{Size, hexadecimal};
use crate::report::{Verdict, captured};
use crate::source::{self, SourceReport};
use crate::trust::{Signer, Trust};
use serde::Serializer;
use serde_json::Value;
use zkimg_attest::SignedCapture;

/// A signed photo of a face as a file describes it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Portrait {
    /// Fingerprint of the camera's key, hexadecimal; `None` if no camera signed.
    pub device: Option<String>,
    /// Who signed the photo: a camera, or a notary.
    pub source: SourceReport,
    /// Root of the signed photo's commitment, hexadecimal: what two files about the same capture have in common.
    pub capture: String,
    /// Capture time in Unix seconds, if the capture shows it.
    pub captured: Option<u64>,
    /// Size of the hidden photo.
    pub original: Size,
    /// What was done to it before the network read it, as in a recipe.
    pub edits: Vec<Value>,
    /// The same in plain words.
    pub words: Vec<String>,
    /// Size of the hidden picture that the network read.
    pub read: Size,
}

impl Portrait {
    pub(super) fn of(capture: &SignedCapture, edits: &crate::recipe::Edits) -> Portrait {
        Portrait {
            device: source::device(capture),
            source: SourceReport::of(capture),
            capture: hexadecimal(capture.statement.root()),
            captured: captured(capture),
            original: edits.input().into(),
            edits: edits.values(),
            words: edits.words(),
            read: edits.output().into(),
        }
    }
}

/// An enrolled face as its file describes it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Enrolment {
    /// The photo.
    #[serde(flatten)]
    pub portrait: Portrait,
    /// Digest of the file, hexadecimal, by which matches name it.
    pub digest: String,
    /// Root of the commitment to the embedding, hexadecimal.
    pub template: String,
    /// Whose key vouches for it; `None` if nobody says who enrolled, or something does not hold.
    pub signer: Option<Signer>,
}

impl Enrolment {
    pub(super) fn of(enrolled: &Enrolled, trust: &Trust, holds: bool) -> Enrolment {
        Enrolment {
            portrait: Portrait::of(enrolled.capture(), enrolled.edits()),
            digest: hexadecimal(enrolled.digest()),
            template: hexadecimal(enrolled.template()),
            signer: enrolled.signer(trust).filter(|_| holds),
        }
    }
}

/// The result of verifying an enrolled face.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct EnrolledReport {
    /// The outcome.
    pub verdict: Verdict,
    /// What every check found, in order; the last one failed if the verdict is invalid.
    #[serde(rename = "checks")]
    pub findings: Vec<Finding>,
    /// What is enrolled.
    #[serde(flatten)]
    pub enrolment: Enrolment,
    /// Digest of the model's card, hexadecimal.
    pub model: String,
    /// Whose key vouches for the model, if one does and everything holds.
    pub model_signer: Option<Signer>,
    /// What a reader might think is shown, and is not.
    pub not_shown: Vec<&'static str>,
    /// Bits of security of the weaker of both proofs; 0 if none was checked.
    pub security_bits: u32,
}

/// The result of verifying a match.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct MatchReport {
    /// The outcome.
    pub verdict: Verdict,
    /// What every check found, in order; the last one failed if the verdict is invalid.
    #[serde(rename = "checks")]
    pub findings: Vec<Finding>,
    /// The photo that is compared.
    #[serde(flatten)]
    pub photo: Portrait,
    /// What it is compared with.
    pub enrolled: Enrolment,
    /// Digest of the model's card, hexadecimal.
    pub model: String,
    /// Whose key vouches for the model, if one does and everything holds.
    pub model_signer: Option<Signer>,
    /// What the cosine is at least; `None` unless everything but the trust in who signed the photos holds.
    #[serde(serialize_with = "in_words")]
    pub at_least: Option<Threshold>,
    /// What a reader might think is shown, and is not.
    pub not_shown: Vec<&'static str>,
    /// Bits of security of the weakest of the three proofs; 0 if none was checked.
    pub security_bits: u32,
}

fn in_words<S: Serializer>(threshold: &Option<Threshold>, serializer: S) -> Result<S::Ok, S::Error> {
    match threshold {
        Some(threshold) => serializer.collect_str(threshold),
        None => serializer.serialize_none(),
    }
}

/// What no enrolled face shows.
pub(super) fn not_shown(signer: Option<&Signer>, captures: &[&SignedCapture]) -> Vec<&'static str> {
    let who = match signer {
        None => "who enrolled is not known",
        Some(Signer { known_as: None, .. }) => "who enrolled: it is signed with a key that you did not name as somebody's",
        Some(_) => "that whoever signed the enrolment saw the person",
    };
    let mut all = vec![
        who,
        "that the crop is a face, or that somebody alive stood there and not a picture or a mask",
        "the photos, the embeddings, and the model's weights",
        "that the model tells people apart, or on what it was trained",
    ];
    all.extend(captures.iter().find_map(|capture| source::not_shown(capture)));
    all
}

/// What no match shows besides.
pub(super) fn not_shown_of_match(signer: Option<&Signer>, captures: [&SignedCapture; 2]) -> Vec<&'static str> {
    let mut all = not_shown(signer, &captures);
    all.insert(2, "that the two photos are of two scenes: one scene can be signed twice");
    all.insert(3, "how high the cosine is above the threshold");
    all.insert(4, "for whom or when the match was made: whoever has its file can show it again");
    all
}
