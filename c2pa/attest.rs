//! `zkimg-c2pa attest`: a notary vouches for a photo whose Content Credentials they checked.

use crate::Outcome;
use crate::credentials::{Refused, check};
use serde_json::json;
use std::path::PathBuf;
use zkimg_files::{Access, Code, Failure, Outputs, Writer, append, hex, input, lossy, now, shown};
use zkimg_pipeline::image::announced;
use zkimg_pipeline::{AttestError, Format, Policy, SourceReport, Witness, attest_as};
use zkimg_report::testimony;

/// No camera's JPEG or PNG is longer, and the library keeps several copies.
const PHOTO: u64 = 512 << 20;
/// A list of anchors is at most as long.
const ANCHORS: u64 = 4 << 20;

const EXAMPLES: &str = "\
Examples:
  zkimg-c2pa attest photo.jpg --notary desk.key --anchors anchors.pem
      writes photo.capture and photo.negative, as `zkimg attest` does; readers give desk.pub with `zkimg verify --notaries`
  zkimg-c2pa attest photo.jpg --notary desk.key --anchors anchors.pem --accept signingCredential.expired
      takes a photo whose certificate has run out since; the capture shows to everyone that this was accepted

What was found is shown in the capture: the library, the state, what was accepted, the digest of the list of anchors, the time, the signer's
name if an anchor stands behind it, what the claim says the picture is. Hidden, each under a salt of its own: the digests of the file, of
the certificate and of the signature, the manifest's label, the program; and of each EXIF field whether the camera's hash covers it.";

/// Check a photo's Content Credentials and sign it as a notary: a public capture and a secret negative
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The photo, JPEG or PNG, as the camera made it
    #[arg(value_name = "PHOTO")]
    photo: PathBuf,
    /// The notary's private key, from `zkimg keygen`
    #[arg(long, value_name = "FILE")]
    notary: PathBuf,
    /// The certificates of those whom the notary trusts to say who signs, in PEM
    #[arg(long, value_name = "FILE.pem")]
    anchors: PathBuf,
    /// A failure that the notary accepts, by C2PA's code; may be repeated
    #[arg(long, value_name = "CODE")]
    accept: Vec<String>,
    /// Beginning of the names to write, before .capture and .negative; the photo's own name if left out
    #[arg(long, value_name = "STEM")]
    out: Option<PathBuf>,
    /// Leave the key's fingerprint out of what is signed (the public key stays visible beside it)
    #[arg(long)]
    hide_key: bool,
    /// Replace existing files
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: &Args, writer: &Writer) -> Result<Outcome, Failure> {
    let key = input::key(&args.notary)?;
    let photo = input::read(&args.photo, PHOTO)?;
    let anchors = input::read(&args.anchors, ANCHORS)?;
    let anchors = input::utf8(&args.anchors, &anchors, "this is not a list of certificates in PEM form")?;
    if !anchors.contains("-----BEGIN CERTIFICATE-----") {
        return Err(Failure::at(Code::Unsupported, &args.anchors, "this list holds no certificate in PEM form (BEGIN CERTIFICATE)"));
    }
    let stem = args.out.clone().unwrap_or_else(|| args.photo.with_extension(""));
    let (public, secret) = (append(&stem, ".capture"), append(&stem, ".negative"));
    let inputs = [args.photo.as_path(), &args.notary, &args.anchors];
    let outputs = Outputs::stage(writer, args.force, &inputs, &[(&public, Access::Public), (&secret, Access::Secret)])?;

    // What is checked and what is decoded are the very same bytes.
    let (format, ..) = announced(&photo).map_err(|error| Failure::at(Code::Unsupported, &args.photo, error))?;
    if !matches!(format, Format::Png | Format::Jpeg) {
        let what = "Content Credentials are checked in JPEG and PNG files alone; attest this photo without them: zkimg attest --notary";
        return Err(Failure::at(Code::Unsupported, &args.photo, what));
    }
    let time = now()?;
    let seen = check(&photo, format, anchors, &args.accept, time).map_err(|refused| {
        let code = match refused {
            Refused::Failed(_) | Refused::Broken(_) | Refused::Unbound => Code::Invalid,
            _ => Code::Unsupported,
        };
        Failure::at(code, &args.photo, refused)
    })?;
    let policy = Policy { show_time: false, show_device: !args.hide_key };
    let (capture, negative) = attest_as(Witness::NotaryOfCredentials(&seen), &photo, &key, &policy, time).map_err(|error| match error {
        AttestError::Picture(error) => Failure::at(Code::Unsupported, &args.photo, error),
        error => Failure::new(Code::Operational, error.to_string()),
    })?;
    outputs.finish(&[&capture.to_bytes(), &negative.to_bytes()])?;

    let source = SourceReport::of(&capture);
    let covered = if seen.exif_covered { "covers" } else { "does not cover" };
    let said: String = testimony(&source).iter().map(|sentence| format!("  {sentence}\n")).collect();
    let text = format!(
        "Wrote {} (public) and {} (secret: it holds the photo; keep it safe, edits are published from it).\n{said}  hidden: the signed hash {covered} the EXIF data\n",
        shown(&public),
        shown(&secret)
    );
    let fields = json!({
        "capture": lossy(&public), "negative": lossy(&secret), "notary": hex(&key.public().id()), "source": source,
        "exif_covered": seen.exif_covered,
    });
    Ok(Outcome { text, fields })
}
