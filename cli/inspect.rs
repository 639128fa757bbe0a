//! `zkimg inspect`: what a file says about itself, without checking a proof.

use crate::describe::{about, finish, links, refused, size};
use crate::outcome::{Code, Failure, Outcome};
use crate::{answer, face, model};
use serde_json::json;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use zkimg_files::{hex, input, words};
use zkimg_pipeline::{
    Link, Negative, Origin, PictureError, ProfileReport, ProofFile, ProofForm, PublicKey, SignedCapture, Size, Trust, describe_links,
    embedded, showable,
};
use zkimg_report::{exif, quoted};

const LIMIT: u64 = 2 << 30;
const EXAMPLES: &str = "\
Examples:
  zkimg inspect edited.png        of the proof inside: the edits, the sizes, the camera
  zkimg inspect edited.zkimg      the same of a proof in a file of its own
  zkimg inspect photo.capture     what the camera, or a notary, signed
  zkimg inspect photo.negative    the public part of a negative, and, for your eyes alone, which EXIF fields `prove --show` could
                                  show; no pixel and no salt is printed
  zkimg inspect person.card       the layers of a network whose weights are hidden
  zkimg inspect answer.zkimg      what is said that a network made of a photo
  zkimg inspect anna.enrolled     a face that was enrolled, without the face
  zkimg inspect match.zkimg       what is said that a photo has in common with it
  zkimg inspect camera.pub        a key's fingerprint

This only reads the file. Whether a picture is what it claims to be is for `zkimg verify` to say.";

/// Show what is in a proof, also one inside a picture, a capture, a negative, a model's card, an answer, an enrolled face, a match or a public key
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let path = &args.file;
    let bytes = input::read(path, LIMIT)?;
    match bytes.as_slice() {
        b if b.starts_with(b"zkimgprf") => proof(path, b),
        b if b.starts_with(b"zkimgsig") => capture(path, b),
        b if b.starts_with(b"zkimgneg") => negative(path, b),
        b if b.starts_with(b"zkimgans") => answer::inspect(path, b),
        b if b.starts_with(b"zkimgcrd") => model::inspect(path, b),
        b if b.starts_with(b"zkimgmod") => model::inspect_secret(path, b),
        b if b.starts_with(b"zkimgenr") => face::inspect_enrolled(path, b),
        b if b.starts_with(b"zkimgtpl") => face::inspect_template(path, b),
        b if b.starts_with(b"zkimgmat") => face::inspect_match(path, b),
        b if b.windows(16).any(|w| w == b"BEGIN PUBLIC KEY") => public_key(path, b),
        b if b.windows(16).any(|w| w == b"PRIVATE KEY-----") => {
            Err(Failure::at(Code::Unsupported, path, "this is a private key and stays unread here; inspect the public one (camera.pub)"))
        }
        b => match embedded(b) {
            Ok(Some(inside)) => proof(path, &inside),
            Ok(None) => Err(refused(path, "this picture has no proof inside; give the .zkimg file that was published with it")),
            Err(PictureError::NotAPicture | PictureError::OtherFormat(_) | PictureError::Empty) => {
                Err(refused(path, "this is not a file of zkimg; give a picture, or a .zkimg, .capture, .negative, .card or .pub file"))
            }
            Err(error) => Err(refused(path, error)),
        },
    }
}

fn proof(path: &Path, bytes: &[u8]) -> Result<Outcome, Failure> {
    let file = ProofFile::from_bytes(bytes).map_err(|error| refused(path, words::proof_file(&error)))?;
    let (output, all, rows) = (file.output(), describe_links(&file, &Trust::default()), file.commitment_bytes());
    let argument = file.proof_bytes();
    let (mut text, mut fields) = about(file.capture());
    let what = if file.is_hidden() { "handed on " } else { "published " };
    let _ = writeln!(text, "  {what} {}{}", size(&output), if file.is_hidden() { ", hidden" } else { "" });
    let _ = writeln!(
        text,
        "  bytes      {} in all: {rows} for the original's commitments, {argument} for {} link{}",
        bytes.len(),
        all.len(),
        if all.len() == 1 { "" } else { "s" }
    );
    if file.form() == ProofForm::Compact {
        let _ = writeln!(text, "  form       one proof for the whole chain");
    }
    let (fields_shown, as_signed) = (file.shown(), file.check_shown().is_ok());
    for line in exif(&fields_shown) {
        let _ = writeln!(text, "  shown      {line}{}", if as_signed { "" } else { ": BUT NOT AS IT WAS SIGNED" });
    }
    let _ = writeln!(text, "  edits\n{}", links(&all));
    text.push_str("Neither the proof nor a maker's signature was checked; `zkimg verify` does that.\n");
    let profile = ProfileReport::of(&file.profile(), None);
    let digest = file.links().last().and_then(Link::picture_digest).map(|digest| hex(digest));
    for (name, value) in [
        ("published", json!(Size::from(output))),
        ("profile", json!(profile)),
        ("hidden", file.is_hidden().into()),
        ("form", json!(file.form())),
        ("links", json!(all)),
        ("shown", json!(fields_shown)),
        ("shown_as_signed", as_signed.into()),
        ("picture_digest", json!(digest)),
    ] {
        fields.insert(name.into(), value);
    }
    fields.insert("bytes".into(), json!({"file": bytes.len(), "commitments": rows, "argument": argument}));
    finish("proof", "a proof of an edited picture", text, fields)
}

fn capture(path: &Path, bytes: &[u8]) -> Result<Outcome, Failure> {
    let capture = SignedCapture::from_bytes(bytes).map_err(|error| refused(path, error))?;
    let (text, fields) = about(&capture);
    let notary = capture.statement.source().is_notary();
    let title = if notary { "what a notary signed about a photo that they had" } else { "what a camera signed about a photo" };
    finish("capture", title, text, fields)
}

fn negative(path: &Path, bytes: &[u8]) -> Result<Outcome, Failure> {
    let negative = Negative::from_bytes(bytes).map_err(|error| refused(path, error))?;
    let Origin::Capture { capture, .. } = negative.origin() else { return handed_on(&negative) };
    let (mut text, mut fields) = about(capture);
    let could = showable(&negative);
    text.push_str(if could.is_empty() {
        "The photo has no EXIF field that could be shown, which is as secret as the photo.\n"
    } else {
        "What `zkimg prove --show` could show of its EXIF data; this list is as secret as the photo:\n"
    });
    for field in &could {
        let _ = writeln!(text, "  {:20} {}", field.field, quoted(&field.value));
    }
    fields.insert("secret".into(), json!({"showable": could}));
    finish("negative", "a negative (secret: share it with nobody); its public part is", text, fields)
}

fn handed_on(negative: &Negative) -> Result<Outcome, Failure> {
    let (dims, root) = (negative.layout().dims, hex(&negative.root()));
    let profile = ProfileReport::of(&negative.profile().id(), negative.profile().icc());
    let text = format!("  picture    {}\n  colours    {profile}\n  root       {root}\n", size(&dims));
    let fields = json!({"root": root, "profile": profile, "picture": Size::from(dims)});
    let title = "a negative that was handed on (secret: share it with the next person alone); its public part is";
    finish("negative", title, text, fields.as_object().cloned().unwrap_or_default())
}

fn public_key(path: &Path, bytes: &[u8]) -> Result<Outcome, Failure> {
    let text = input::utf8(path, bytes, "the public key is not text; export it again")?;
    let keys = PublicKey::list_from_pem(text).map_err(|error| refused(path, error))?;
    let devices: Vec<String> = keys.iter().map(|key| hex(&key.id())).collect();
    let [device] = &devices[..] else {
        let lines: String = devices.iter().map(|device| format!("  key        {device}\n")).collect();
        let text = format!("a list of {} public keys, of cameras, notaries or people\n{lines}", devices.len());
        return Ok(Outcome::new(Code::Ok, text, json!({"kind": "list of public keys", "devices": devices})));
    };
    let fields = json!({"kind": "public key", "device": device});
    Ok(Outcome::new(Code::Ok, format!("a public key, of a camera, a notary or a person\n  key        {device}\n"), fields))
}
