//! What our manifests say: the proof, the edits, and that the original is withheld. Nothing in them comes from the original: no thumbnail, no
//! hash, no identifier, and nothing of the camera's own manifest.

use crate::actions::actions;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zkimg_pipeline::{Format, ProofFile, Trust, describe_links};

/// The label of our assertion, in reverse order of a domain that is ours.
pub(crate) const LABEL: &str = "io.github.zkimg.edit-proof";
const MEDIA: &str = "application/x-zkimg";
const VERSION: u8 = 1;
/// What actions call the original by.
const ORIGINAL: &str = "original";

/// Our assertion, in CBOR: the bytes of a `.zkimg` file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EditProof {
    version: u8,
    media: String,
    #[serde(with = "serde_bytes")]
    pub(crate) proof: Vec<u8>,
}

impl EditProof {
    /// That of a proof file's bytes.
    pub(crate) fn of(proof: &[u8]) -> EditProof {
        EditProof { version: VERSION, media: MEDIA.into(), proof: proof.to_vec() }
    }
}

/// The media type of a picture's file.
pub(crate) fn media(format: Format) -> &'static str {
    match format {
        Format::Png => "image/png",
        _ => "image/jpeg",
    }
}

/// A manifest's definition without the proof.
pub(crate) fn definition(file: &ProofFile, format: Format) -> Value {
    let links = describe_links(file, &Trust::default());
    json!({
        "claim_generator_info": [{"name": "zkimg-c2pa", "version": env!("CARGO_PKG_VERSION")}],
        "format": media(format),
        "ingredients": [{
            "title": "Original withheld",
            "format": "application/octet-stream",
            "relationship": "parentOf",
            "label": ORIGINAL,
            "description": "The original stays with whoever holds its negative. A zero-knowledge proof in this manifest shows that the stated edits alone lead from it to this picture.",
        }],
        "assertions": [{"label": "c2pa.actions.v2", "created": true, "data": {"actions": actions(&links, ORIGINAL), "allActionsIncluded": true}}],
    })
}

/// The same for other programs, whose definitions are JSON: the proof is text in base64 there.
pub(crate) fn with_text(mut definition: Value, proof: &[u8]) -> Value {
    let text = <base64ct::Base64 as base64ct::Encoding>::encode_string(proof);
    if let Some(Value::Array(assertions)) = definition.get_mut("assertions") {
        assertions.push(json!({"label": LABEL, "data": {"version": VERSION, "media": MEDIA, "proof_base64": text}}));
    }
    definition
}
