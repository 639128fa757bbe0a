//! `zkimg keygen`: a key for a camera, a notary, or a person.

use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::session::Session;
use serde_json::json;
use std::path::{Path, PathBuf};
use zkimg_files::{Access, Outputs, append, hex, is_standard, key_pair};
use zkimg_pipeline::SigningKey;

const EXAMPLES: &str = "\
Examples:
  zkimg keygen                          writes camera.key and camera.pub
  zkimg keygen --out studio/left.key    writes studio/left.key and studio/left.pub
  zkimg keygen --out desk               writes desk.key and desk.pub, for a person who signs edits:
                                        zkimg prove … --sign desk.key

camera.key signs photos: it stays in the camera, and whoever has it can sign as that camera.
camera.pub checks them: give it to everyone who verifies pictures.
A person's key signs edits and no photos: readers give it with --people, never with --trust.
A notary's key signs photos that somebody else took (`zkimg attest --notary`): readers give it with --notaries. Make one for each purpose:
no key counts as another kind, and one that is given as two kinds is refused.";

/// Make a signing key for a camera, a notary, or a person who signs edits
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Where to write the private key (`NAME` or `NAME.key`); the public key is written beside it, as `NAME.pub`
    #[arg(long, value_name = "FILE", default_value = "camera.key")]
    pub out: PathBuf,
    /// Replace existing files
    #[arg(long)]
    pub force: bool,
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let (private, public) = key_pair(&args.out)?;
    let outputs = Outputs::stage(&session.writer, args.force, &[], &[(&private, Access::Secret), (&public, Access::Public)])?;
    let key = SigningKey::generate().map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
    outputs.finish(&[key.to_pem().as_bytes(), key.public().to_pem().as_bytes()])?;
    let device = hex(&key.public().id());
    let text = format!(
        "Wrote {} (private: keep it in the camera, or with the person who signs) and {} (public: give it to everyone who checks pictures).\nThe key's fingerprint is {device}.",
        shown(&private),
        shown(&public)
    );
    let fields = json!({"private_key": lossy(&private), "public_key": lossy(&public), "device": device});
    Ok(Outcome::new(Code::Ok, text, fields))
}

/// A path whose name ends in `.zkimg`, which is added if it does not; or `-`.
pub(crate) fn ending_in_zkimg(path: &Path) -> PathBuf {
    if is_standard(path) || path.extension().is_some_and(|extension| extension == "zkimg") {
        path.to_owned()
    } else {
        append(path, ".zkimg")
    }
}
