//! `zkimg attest`: what a camera does when it takes a photo, and what a notary does who was given one.

use crate::describe::size;
use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::progress::Progress;
use crate::session::Session;
use serde_json::json;
use std::path::PathBuf;
use zkimg_files::{Access, Outputs, append, hex, input, now, stem};
use zkimg_pipeline::image::beside;
use zkimg_pipeline::{AttestError, Policy, ProfileReport, Witness, attest_as};

const EXAMPLES: &str = "\
Examples:
  zkimg attest photo.jpg --key camera.key
      writes photo.capture and photo.negative beside the photo
  zkimg attest photo.jpg --key camera.key --out signed/beach --show-time
      writes signed/beach.capture and signed/beach.negative; everyone may see when it was signed
  zkimg attest photo.jpg --notary desk.key
      the same by somebody who has the photo and is no camera: readers are told so, and trust the key with --notaries

Samples of 16 bits are signed as the nearest of 8. Of a file with other pictures beside (MPF, HDR), the first is signed.
The capture is public: what was signed about the photo, with nothing of the photo in it.
The negative is your secret: it holds the photo, and edits are published from it. Keep a backup.
Photos with Content Credentials (C2PA) are checked and attested by a program of their own, zkimg-c2pa.";

/// Sign a photo as a camera does, or as a notary: a public capture and a secret negative
#[derive(Default, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The photo: JPEG, PNG, TIFF or WebP
    #[arg(value_name = "PHOTO")]
    pub photo: PathBuf,
    /// The camera's private key, from `zkimg keygen`
    #[arg(long, value_name = "FILE", conflicts_with = "notary")]
    pub key: Option<PathBuf>,
    /// A notary's private key instead, from `zkimg keygen`: it vouches for having had this file, and says nothing of a camera
    #[arg(long, value_name = "FILE")]
    pub notary: Option<PathBuf>,
    /// Beginning of the names to write, before .capture and .negative; the photo's own name if left out
    #[arg(long, value_name = "STEM")]
    pub out: Option<PathBuf>,
    /// Show the time of signing to everyone, for ever; hidden if left out
    #[arg(long)]
    pub show_time: bool,
    /// Leave the key's fingerprint out of what is signed (the public key stays visible beside it)
    #[arg(long)]
    pub hide_device: bool,
    /// Replace existing files
    #[arg(long)]
    pub force: bool,
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let (path, witness) = match (&args.key, &args.notary) {
        (Some(key), None) => (key, Witness::Device),
        (None, Some(notary)) => (notary, Witness::Notary),
        _ => {
            let what = "there is no key to sign with; give a camera's with --key, or a notary's, who has the photo and is no camera, with --notary";
            return Err(Failure::new(Code::Usage, what));
        }
    };
    let key = input::key(path)?;
    let photo = input::photo(&args.photo)?;
    let stem = stem(args.out.as_deref().unwrap_or(&args.photo))?;
    let stem = args.out.clone().unwrap_or_else(|| stem.with_extension(""));
    let (public, secret) = (append(&stem, ".capture"), append(&stem, ".negative"));
    let outputs =
        Outputs::stage(&session.writer, args.force, &[&args.photo, path], &[(&public, Access::Public), (&secret, Access::Secret)])?;

    let time = now()?;
    let policy = Policy { show_time: args.show_time, show_device: !args.hide_device };
    let progress = Progress::start(session, "Signing the photo");
    let (capture, negative) = attest_as(witness, &photo, &key, &policy, time).map_err(|error| match error {
        AttestError::Picture(error) => Failure::at(Code::Unsupported, &args.photo, error),
        error => Failure::new(Code::Operational, error.to_string()),
    })?;
    drop(progress);
    outputs.finish(&[&capture.to_bytes(), &negative.to_bytes()])?;

    // It was read just now.
    let beside = beside(&photo).ok().flatten();
    let base = beside.map(|what| format!(" The file has {what} beside its picture: the picture alone is signed."));
    let (dims, is_notary) = (capture.statement.dims(), capture.statement.source().is_notary());
    let text = format!(
        "Wrote {} (public) and {} (secret: it holds the photo, {}; keep it safe, edits are published from it).{}{}",
        shown(&public),
        shown(&secret),
        size(dims),
        if is_notary { " It is signed as a notary: readers give your public key with --notaries." } else { "" },
        base.unwrap_or_default()
    );
    let profile = ProfileReport::of(capture.statement.profile(), negative.profile().icc());
    let fields = json!({
        "profile": profile, "capture": lossy(&public), "negative": lossy(&secret), "width": dims.width, "height": dims.height, "channels": dims.channels,
        "device": (!is_notary).then(|| hex(&key.public().id())), "notary": is_notary.then(|| hex(&key.public().id())), "beside": beside, "time_shown": policy.show_time, "device_shown": policy.show_device,
    });
    Ok(Outcome::new(Code::Ok, text, fields))
}
