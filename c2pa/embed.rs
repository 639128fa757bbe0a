//! `zkimg-c2pa embed` and `zkimg-c2pa manifest`: a published picture's proof in Content Credentials.

use crate::Outcome;
use crate::definition::{EditProof, LABEL, definition, media, with_text};
use c2pa::{BoxedSigner, Builder, Context, Reader, Signer, SigningAlg, ValidationState, create_signer};
use serde_json::{Value, json};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Instant;
use zkimg_files::{Access, Code, Failure, Outputs, Writer, input, lossy, shown, words};
use zkimg_pipeline::image::announced;
use zkimg_pipeline::{Format, ProofFile, Trust, Verdict, embedded, verify_file};

/// Certificates and keys are at most as long.
const CREDENTIAL: u64 = 1 << 20;

const EXAMPLES: &str = "\
Examples:
  zkimg-c2pa embed edited.jpg --sign cert.pem key.pem --out published.jpg
      cert.pem is the certificate with its chain, key.pem its private key (PKCS#8)

The picture comes from `zkimg prove`, with its proof inside. That stays where it is, so that `zkimg verify` reads it also where
Content Credentials are taken out; the manifest has the same bytes as an assertion, io.github.zkimg.edit-proof.
Nothing of the original is in the manifest, and nothing of the camera's own: its thumbnail shows what was cropped.";

/// Sign Content Credentials of a published picture, with its proof inside them
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The published picture, with its proof inside
    #[arg(value_name = "PICTURE")]
    picture: PathBuf,
    /// The certificate with its chain, and its private key, both in PEM
    #[arg(long, num_args = 2, value_names = ["CERT.pem", "KEY.pem"])]
    sign: Vec<PathBuf>,
    /// How the key signs: es256, es384, es512, ps256, ps384, ps512 or ed25519
    #[arg(long, value_name = "ALGORITHM", default_value = "es256")]
    algorithm: SigningAlg,
    /// The picture's file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Replace an existing file
    #[arg(long)]
    force: bool,
}

/// Print a manifest's definition with the proof inside, for other programs that sign Content Credentials
#[derive(clap::Args)]
pub(crate) struct ManifestArgs {
    /// The published picture, with its proof inside
    #[arg(value_name = "PICTURE")]
    picture: PathBuf,
}

/// A published picture whose proof holds.
struct Published {
    bytes: zeroize::Zeroizing<Vec<u8>>,
    format: Format,
    proof: Vec<u8>,
    file: ProofFile,
}

impl Published {
    fn read(path: &Path) -> Result<Published, Failure> {
        let bytes = input::photo(path)?;
        let unsupported = |error: &dyn std::fmt::Display| Failure::at(Code::Unsupported, path, error);
        let (format, ..) = announced(&bytes).map_err(|error| unsupported(&error))?;
        if !matches!(format, Format::Png | Format::Jpeg) {
            return Err(unsupported(&"Content Credentials are written into JPEG and PNG files alone; publish one of these"));
        }
        let none = "there is no proof inside this picture; make it with `zkimg prove`, or put it in with `zkimg embed`";
        let proof = embedded(&bytes).map_err(|error| unsupported(&error))?.ok_or_else(|| unsupported(&none))?;
        let file = ProofFile::from_bytes(&proof).map_err(|error| unsupported(&words::proof_file(&error)))?;
        let published = Published { bytes, format, proof, file };
        holds(&published.bytes, &published.file, path)?;
        Ok(published)
    }
}

/// That a proof is this picture's and holds, whoever signed the original: nothing else gets Content Credentials from here.
fn holds(bytes: &[u8], file: &ProofFile, path: &Path) -> Result<(), Failure> {
    let report = verify_file(bytes, file, &Trust::default()).map_err(|error| Failure::at(Code::Unsupported, path, error))?;
    if report.verdict == Verdict::Untrusted {
        return Ok(());
    }
    let why = report.findings.last().map_or_else(String::new, ToString::to_string);
    Err(Failure::at(Code::Invalid, path, format_args!("the proof inside does not hold for this picture: {why}")))
}

pub(crate) fn run(args: &Args, writer: &Writer) -> Result<Outcome, Failure> {
    let [certificate, key] = args.sign.as_slice() else {
        return Err(Failure::new(Code::Usage, "give a certificate and its key: --sign cert.pem key.pem"));
    };
    let published = Published::read(&args.picture)?;
    let inputs = [args.picture.as_path(), certificate, key];
    let outputs = Outputs::stage(writer, args.force, &inputs, &[(&args.out, Access::Public)])?;
    let chain = input::read(certificate, CREDENTIAL)?;
    let secret = input::read(key, CREDENTIAL)?;
    let signer = create_signer::from_keys(&chain, &secret, args.algorithm, None).map_err(|error| {
        Failure::at(Code::Unsupported, certificate, format_args!("this certificate and {} do not sign together: {error}", shown(key)))
    })?;
    let begin = Instant::now();
    let signed = sign(&published, &Compact::new(signer)).map_err(|error| {
        Failure::at(Code::Operational, &args.picture, format_args!("the Content Credentials could not be made: {error}"))
    })?;
    let took = begin.elapsed();
    match read(&signed, published.format) {
        Ok(ValidationState::Valid | ValidationState::Trusted) => {}
        _ => {
            let what = format_args!("this certificate and {} do not belong together, or are not for Content Credentials", shown(key));
            return Err(Failure::at(Code::Unsupported, certificate, what));
        }
    }
    // What is published must still be the picture of its proof, by the rules that readers go by.
    holds(&signed, &published.file, &args.out)?;
    outputs.finish(&[&signed])?;
    let grown = signed.len() - published.bytes.len();
    let text =
        format!("Wrote {}: {grown} bytes more, {} of them the proof in the Content Credentials.", shown(&args.out), published.proof.len());
    let fields = json!({
        "picture": lossy(&args.out), "assertion": LABEL, "proof_bytes": published.proof.len(), "grown": grown,
        "signing_ms": took.as_secs_f64() * 1000.0,
    });
    Ok(Outcome { text, fields })
}

/// A signer that keeps no more room for its signature than it needs: nobody is asked for a time stamp, which would need more.
struct Compact {
    signer: BoxedSigner,
    room: usize,
}

impl Compact {
    /// Room for the certificates, for the longest signature, and for what stands around them.
    fn new(signer: BoxedSigner) -> Compact {
        const AROUND: usize = 2048;
        let certificates = signer.certs().map_or(0, |chain| chain.iter().map(Vec::len).sum());
        Compact { signer, room: certificates + AROUND }
    }
}

impl Signer for Compact {
    fn sign(&self, data: &[u8]) -> c2pa::Result<Vec<u8>> {
        self.signer.sign(data)
    }

    fn alg(&self) -> SigningAlg {
        self.signer.alg()
    }

    fn certs(&self) -> c2pa::Result<Vec<Vec<u8>>> {
        self.signer.certs()
    }

    fn reserve_size(&self) -> usize {
        self.room
    }
}

/// What a reader who trusts nobody makes of a file.
fn read(file: &[u8], format: Format) -> Result<ValidationState, c2pa::Error> {
    let reader = Reader::from_context(Context::new().with_settings(offline())?).with_stream(media(format), Cursor::new(file))?;
    Ok(reader.validation_state())
}

fn offline() -> Value {
    json!({
        "verify": {"verify_after_sign": false, "ocsp_fetch": false, "remote_manifest_fetch": false},
        "builder": {"thumbnail": {"enabled": false}},
    })
}

fn sign(published: &Published, signer: &dyn Signer) -> Result<Vec<u8>, c2pa::Error> {
    let mut builder =
        Builder::from_context(Context::new().with_settings(offline())?).with_definition(definition(&published.file, published.format))?;
    builder.add_assertion(LABEL, &EditProof::of(&published.proof))?;
    let (mut source, mut signed) = (Cursor::new(published.bytes.as_slice()), Cursor::new(Vec::new()));
    builder.sign(signer, media(published.format), &mut source, &mut signed)?;
    Ok(signed.into_inner())
}

pub(crate) fn manifest(args: &ManifestArgs) -> Result<Outcome, Failure> {
    let published = Published::read(&args.picture)?;
    let definition = with_text(definition(&published.file, published.format), &published.proof);
    let text = serde_json::to_string_pretty(&definition).map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
    Ok(Outcome { text, fields: json!({"manifest": definition}) })
}
