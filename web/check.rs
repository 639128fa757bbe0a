//! One check: files and a question in, an answer out, both JSON.

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zkimg_pipeline::{
    KeyError, Part, People, PictureError, ProofFile, PublicKey, Report, SignedCapture, Trust, TrustedDevices, TrustedNotaries, Unverified,
    embedded, missing, screen, verify_file, verify_hidden,
};
use zkimg_report::{About, File, document, fragment};

/// The bytes of what a reader gives; empty is not given.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// The picture's file.
    pub picture: &'a [u8],
    /// The proof's.
    pub proof: &'a [u8],
}

/// What a reader says beside the files.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    /// The picture's name.
    picture: String,
    /// The proof's.
    proof: String,
    /// Lists of cameras that the reader trusts.
    cameras: Vec<Key>,
    /// Lists of notaries that the reader trusts; a page that was kept open since before there were any asks without.
    #[serde(default)]
    notaries: Vec<Key>,
    /// Keys of people that the reader knows.
    people: Vec<Key>,
    /// What time it is, in Unix seconds.
    at: u64,
}

/// Public keys in PEM, under the reader's name for them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    name: String,
    pem: String,
}

/// Why there is no report.
enum Stop {
    /// One sentence.
    Told(String),
    /// These parameters are needed first.
    Missing(Vec<Part>),
}

fn told(sentence: impl ToString) -> Stop {
    Stop::Told(sentence.to_string())
}

/// Checks a picture and its proof: `report` as the tool has it in JSON, `page` to be shown, `document` to be kept; or `error`, a sentence; or
/// `missing`, the names of parameters that must be given before it is asked again.
pub fn check(files: &Files<'_>, question: &[u8]) -> Value {
    match answer(files, question) {
        Ok((report, about)) => json!({"report": report, "page": fragment(&report, &about), "document": document(&report, &about)}),
        Err(Stop::Told(error)) => json!({"error": error}),
        Err(Stop::Missing(parts)) => json!({"missing": parts.into_iter().map(Part::name).collect::<Vec<_>>()}),
    }
}

fn answer(files: &Files<'_>, question: &[u8]) -> Result<(Report, About), Stop> {
    let question: Question =
        serde_json::from_slice(question).map_err(|_| told("the page asked in a way that this verifier does not know; load it again"))?;
    let lists = Lists {
        cameras: lists(&question.cameras, |pem| TrustedDevices::from_pems([pem]))?,
        notaries: lists(&question.notaries, |pem| TrustedNotaries::from_pems([pem]))?,
    };
    let trust = lists.trust(&question.people)?;
    let inside = if files.proof.is_empty() { embedded(files.picture).map_err(picture_unread)? } else { None };
    let proof = inside.as_deref().unwrap_or(files.proof);
    if proof.is_empty() {
        return Err(told("there is no proof in or with this picture; add the .zkimg file that was published with it"));
    }
    let begun = ProofFile::begin(proof).map_err(told)?;
    let capture = begun.capture().clone();
    let report = match screen(begun.capture(), &trust) {
        Some(report) => report,
        None => {
            let proof = begun.finish().map_err(told)?;
            judge(files.picture, &proof, &trust)?
        }
    };
    let file = |name: &str, bytes: &[u8]| (!bytes.is_empty()).then(|| File { name: name.to_owned(), sha256: sha256(bytes) });
    let about = About {
        picture: file(&question.picture, files.picture),
        proof: file(&question.proof, files.proof),
        vouchers: lists.vouchers(&capture),
        store: false,
        checked: question.at,
    };
    Ok((report, about))
}

fn picture_unread(error: PictureError) -> Stop {
    told(format!("the picture cannot be read: {error}"))
}

fn judge(picture: &[u8], proof: &ProofFile, trust: &Trust) -> Result<Report, Stop> {
    if picture.is_empty() && !proof.is_hidden() {
        return Err(told("this is the proof of a published picture; add the picture, too"));
    }
    let parts = missing(proof);
    if !parts.is_empty() {
        return Err(Stop::Missing(parts));
    }
    if picture.is_empty() {
        return verify_hidden(proof, trust).map_err(told);
    }
    verify_file(picture, proof, trust).map_err(|error| match error {
        Unverified::Picture(error) => picture_unread(error),
        other => told(other),
    })
}

/// The reader's lists, by their names.
struct Lists {
    cameras: Vec<(String, TrustedDevices)>,
    notaries: Vec<(String, TrustedNotaries)>,
}

fn lists<List>(keys: &[Key], read: impl Fn(&str) -> Result<List, KeyError>) -> Result<Vec<(String, List)>, Stop> {
    let list = |Key { name, pem }: &Key| Ok((name.clone(), read(pem).map_err(|error| told(format!("the key {name}: {error}")))?));
    keys.iter().map(list).collect()
}

impl Lists {
    fn trust(&self, people: &[Key]) -> Result<Trust, Stop> {
        let (mut devices, mut notaries, mut known) = (TrustedDevices::default(), TrustedNotaries::default(), People::default());
        self.cameras.iter().try_for_each(|(_, list)| devices.extend(list)).map_err(told)?;
        self.notaries.iter().try_for_each(|(_, list)| notaries.extend(list)).map_err(told)?;
        for Key { name, pem } in people {
            let key = PublicKey::from_pem(pem).map_err(|error| told(format!("the key {name}: {error}")))?;
            known.insert(key, name.clone());
        }
        Trust::new(devices, notaries, known).map_err(told)
    }

    /// Those that name the key of a capture, as what it signed.
    fn vouchers(&self, capture: &SignedCapture) -> Vec<String> {
        let (devices, notaries) = (TrustedDevices::default(), TrustedNotaries::default());
        let cameras = self.cameras.iter().filter(|(_, list)| capture.is_trusted(list, &notaries)).map(|(name, _)| name);
        cameras.chain(self.notaries.iter().filter(|(_, list)| capture.is_trusted(&devices, list)).map(|(name, _)| name)).cloned().collect()
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
