//! `zkimg model`: a network with hidden weights, and its public card.

use crate::describe::{finish, refused, vouched};
use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::progress::Progress;
use crate::session::Session;
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use zkimg_files::{Access, Outputs, append, hex, input, stem};
use zkimg_pipeline::Dims;
use zkimg_pipeline::Trust;
use zkimg_pipeline::answer::{Card, Model, ModelError, NewModel, OutputKind, Threshold};
use zkimg_pipeline::network::import::MAX_FILE;
use zkimg_pipeline::network::model::Placed;
use zkimg_pipeline::network::quantise;

const EXAMPLES: &str = "\
Examples:
  zkimg model import person_detect.tflite --out person
      writes person.model (secret) and person.card (public)
  zkimg inspect person.card
      prints the layers
  zkimg infer photo.negative --model person.model --edit resize=96x96 --edit grayscale --show class --out answer";

const IMPORT: &str = "\
Examples:
  zkimg model import person_detect.tflite --out person
  zkimg model import person_detect.tflite --out person --sign maker.key
      whoever knows the maker's key sees that it is the maker's model
  zkimg model import face.tflite --out face --embedding --threshold 0.58 --threshold 0.65
      a network that tells one face from another: its output is never shown, but only that two are as much alike as this

The file is a TensorFlow Lite model, quantised to int8 with a scale for each channel. Other operators than those that
docs/networks.md lists are refused by name.

The model is your secret: it holds the weights. Keep a backup; answers are proved from it.
The card is public: layers, shapes, zero points, clamps, how large weights and biases can be, commitments to them, and a
proof that they are no larger. Whoever checks an answer needs it. Two imports of one file have two cards, which have nothing in common.";

/// Take a network in, keep its weights secret, and write its public card
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    Import(Import),
}

/// Read an int8 TensorFlow Lite file: a secret model and its public card
#[derive(clap::Args)]
#[command(after_help = IMPORT)]
struct Import {
    /// The network, int8 `.tflite`
    #[arg(value_name = "FILE.tflite")]
    file: PathBuf,
    /// Beginning of the names to write, before .model and .card
    #[arg(long, value_name = "NAME")]
    out: PathBuf,
    /// Bits behind the point of the scales: 24 is the fastest, 40 gives TensorFlow Lite's own integers
    #[arg(long, value_enum, default_value = "24")]
    precision: Precision,
    /// The output is an embedding, which is as good as a face, and is compared and never shown
    #[arg(long, requires = "threshold")]
    embedding: bool,
    /// A cosine at which embeddings may be compared, such as 0.58; may be repeated, up to four times
    #[arg(long, value_name = "COSINE", requires = "embedding")]
    threshold: Vec<String>,
    /// Private key of whoever vouches for the model
    #[arg(long, value_name = "FILE.key")]
    sign: Option<PathBuf>,
    /// Replace existing files
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Precision {
    #[value(name = "24")]
    Bits24,
    #[value(name = "32")]
    Bits32,
    #[value(name = "40")]
    Reference,
}

impl From<Precision> for quantise::Precision {
    fn from(precision: Precision) -> quantise::Precision {
        match precision {
            Precision::Bits24 => quantise::Precision::Bits24,
            Precision::Bits32 => quantise::Precision::Bits32,
            Precision::Reference => quantise::Precision::Reference,
        }
    }
}

impl Args {
    /// `zkimg model import` of a network that tells classes apart.
    pub(crate) fn import(file: PathBuf, out: PathBuf, force: bool) -> Args {
        let import = Import { file, out, precision: Precision::Bits24, embedding: false, threshold: Vec::new(), sign: None, force };
        Args { verb: Verb::Import(import) }
    }
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let Verb::Import(args) = &args.verb;
    import(args, session)
}

fn import(args: &Import, session: &Session) -> Result<Outcome, Failure> {
    let known = ["model", "card", "tflite"];
    if args.out.extension().is_some_and(|extension| known.iter().any(|known| extension.eq_ignore_ascii_case(known))) {
        let what = "two files are written, a .model and a .card; give --out the beginning of their names, such as person";
        return Err(Failure::at(Code::Usage, &args.out, what));
    }
    let output = if args.embedding {
        let thresholds = args.threshold.iter().map(|text| threshold(text)).collect::<Result<_, _>>()?;
        OutputKind::embedding(thresholds).map_err(|error| Failure::new(Code::Usage, error.to_string()))?
    } else {
        OutputKind::Scores
    };
    let file = input::read(&args.file, MAX_FILE as u64)?;
    let key = args.sign.as_deref().map(input::key).transpose()?;
    let mut from: Vec<&Path> = vec![&args.file];
    from.extend(args.sign.as_deref());
    let (public, secret) = (append(stem(&args.out)?, ".card"), append(&args.out, ".model"));
    let outputs = Outputs::stage(&session.writer, args.force, &from, &[(&public, Access::Public), (&secret, Access::Secret)])?;
    let progress = Progress::start(session, "Committing to the weights");
    let refused = |error: ModelError| match error {
        ModelError::Import(_) | ModelError::Card(_) => Failure::at(Code::Unsupported, &args.file, error),
        _ => Failure::new(Code::Operational, error.to_string()),
    };
    let mut new = NewModel::import(&file, args.precision.into()).map_err(|error| refused(error.into()))?.makes(output).watched(&progress);
    if let Some(key) = &key {
        new = new.signed(key);
    }
    let model = new.commit().map_err(refused)?;
    drop(progress);
    let card = model.card();
    let bytes = card.to_bytes();
    outputs.finish(&[&bytes, &model.to_bytes()])?;
    let architecture = card.architecture();
    let text = format!(
        "Wrote {} (public, {} bytes) and {} (secret: it holds the weights; keep it safe, answers are proved from it).\nThe network has {} layers, reads {} and makes {}.\nThe card's digest is {}.",
        shown(&public),
        bytes.len(),
        shown(&secret),
        architecture.layers().len(),
        shape(architecture.input()),
        shape(architecture.output()),
        hex(card.digest()),
    );
    let fields = json!({
        "card": lossy(&public), "model": lossy(&secret), "card_bytes": bytes.len(), "digest": hex(card.digest()),
        "layers": architecture.layers().len(), "input": dims(architecture.input()), "output": dims(architecture.output()),
    });
    Ok(Outcome::new(Code::Ok, text, fields))
}

/// A model, as the owner keeps it.
pub(crate) fn read(path: &Path) -> Result<Model, Failure> {
    const LIMIT: u64 = 2 << 30;
    if input::begins_with(path, b"zkimgcrd") {
        return Err(Failure::at(
            Code::Unsupported,
            path,
            "this is a model's public card, without the weights; give the secret .model file",
        ));
    }
    Model::from_bytes(&input::read(path, LIMIT)?).map_err(|error| Failure::at(Code::Unsupported, path, error))
}

/// A model's card.
pub(crate) fn read_card(path: &Path) -> Result<Card, Failure> {
    const LIMIT: u64 = 256 << 20;
    if input::begins_with(path, b"zkimgmod") {
        return Err(Failure::at(
            Code::Unsupported,
            path,
            "this is the secret model, which belongs to its owner alone; give the public .card file",
        ));
    }
    Card::from_bytes(&input::read(path, LIMIT)?).map_err(|error| Failure::at(Code::Unsupported, path, error))
}

/// `96×96×1`, as TensorFlow has it: height, width, channels.
fn shape(dims: Dims) -> String {
    format!("{}×{}×{}", dims.height, dims.width, dims.channels)
}

fn dims(dims: Dims) -> Value {
    json!({"height": dims.height, "width": dims.width, "channels": dims.channels})
}

/// `zkimg inspect person.card`.
pub(crate) fn inspect(path: &Path, bytes: &[u8]) -> Result<Outcome, Failure> {
    let (text, fields) = about(&Card::from_bytes(bytes).map_err(|error| refused(path, error))?);
    finish("card", "the public card of a network whose weights are hidden", text, fields)
}

/// `zkimg inspect person.model`: the card in it alone.
pub(crate) fn inspect_secret(path: &Path, bytes: &[u8]) -> Result<Outcome, Failure> {
    let (text, fields) = about(Model::from_bytes(bytes).map_err(|error| refused(path, error))?.card());
    finish("model", "a model (secret: share it with nobody); its public card is", text, fields)
}

fn about(card: &Card) -> (String, Map<String, Value>) {
    let architecture = card.architecture();
    let rows: usize = card.rows().iter().map(Vec::len).sum();
    let weights: usize = architecture.weights().iter().map(|shape| shape.dims.cells()).sum();
    let mut text = String::new();
    let _ = writeln!(text, "  digest     {}", hex(card.digest()));
    let signer = card.signer(&Trust::default());
    let signature = card.verify_signature();
    let _ = match &signature {
        Ok(()) => writeln!(text, "  signature  {}", vouched(signer.as_ref())),
        Err(error) => writeln!(text, "  signature  DOES NOT HOLD: {error}"),
    };
    let _ = writeln!(text, "  input      {} (height, width, channels)", shape(architecture.input()));
    let thresholds: Vec<String> = match card.output() {
        OutputKind::Scores => Vec::new(),
        OutputKind::Embedding(thresholds) => thresholds.iter().map(ToString::to_string).collect(),
    };
    let _ = match card.output() {
        OutputKind::Scores => writeln!(text, "  output     {}, scores", shape(architecture.output())),
        OutputKind::Embedding(_) => {
            writeln!(text, "  output     {}, an embedding, compared at {}", shape(architecture.output()), thresholds.join(", "))
        }
    };
    let _ = writeln!(text, "  precision  {} bits", architecture.precision().bits());
    let _ = writeln!(text, "  weights    {weights}, and {} biases of up to {} bits", architecture.biases(), architecture.bias_bits());
    let _ = writeln!(text, "  rows       {rows} commitments to 2^{} numbers, {} bytes of proof", card.row_bits(), card.proof().len());
    let _ = writeln!(text, "  layers");
    let mut layers = Vec::new();
    for (i, placed) in architecture.layers().iter().enumerate() {
        let _ = writeln!(text, "    {:3}. {}", i + 1, line(placed));
        layers.push(object(placed));
    }
    text.push_str("The proof was not checked; `zkimg verify` of an answer does that.\n");
    let fields = json!({
        "digest": hex(card.digest()), "input": dims(architecture.input()), "output": dims(architecture.output()),
        "embedding": matches!(card.output(), OutputKind::Embedding(_)), "thresholds": thresholds,
        "signer": signer, "signature_holds": signature.is_ok(),
        "precision": architecture.precision().bits(), "weights": weights, "biases": architecture.biases(), "bias_bits": architecture.bias_bits(),
        "row_bits": card.row_bits(), "rows": rows, "proof_bytes": card.proof().len(), "layers": layers,
    });
    (text, fields.as_object().cloned().unwrap_or_default())
}

/// A layer on one line.
fn line(Placed { layer, reads }: &Placed) -> String {
    let from: Vec<String> = layer.inputs().into_iter().map(shape).collect();
    let to = layer.output().map(shape).unwrap_or_default();
    let mut text = format!("{:18} {} → {to}", layer.operator(), from.join(" + "));
    if let Some(window) = layer.window() {
        let _ = write!(text, ", window {}×{}, stride {}×{}", window.y.kernel, window.x.kernel, window.y.stride, window.x.stride);
    }
    if let Some(range) = layer.range().filter(|range| (range.low, range.high) != (0, 255)) {
        let _ = write!(text, ", clamped to {}…{}", i16::from(range.low) - 128, i16::from(range.high) - 128);
    }
    if let [first, second] = reads[..] {
        let _ = write!(text, ", of layers {first} and {second}");
    }
    text
}

fn object(Placed { layer, reads }: &Placed) -> Value {
    let window = layer.window().map(|window| {
        json!({"height": window.y.kernel, "width": window.x.kernel, "stride": [window.y.stride, window.x.stride],
            "before": [window.y.before, window.x.before]})
    });
    let range = layer.range().map(|range| json!({"zero": range.zero, "low": range.low, "high": range.high}));
    let bits = layer.weights().ok().flatten().map(|shape| shape.bits);
    json!({
        "operator": layer.operator(), "reads": reads, "inputs": layer.inputs().into_iter().map(dims).collect::<Vec<_>>(),
        "output": layer.output().map(dims).ok(), "window": window, "clamp": range, "weight_bits": bits,
    })
}

/// A cosine as a user writes it.
pub(crate) fn threshold(text: &str) -> Result<Threshold, Failure> {
    Threshold::parse(text).ok_or_else(|| {
        let what = format!("{text:?} is no threshold; give a cosine in hundredths from 0.01 to 0.99, such as 0.58");
        Failure::new(Code::Usage, what)
    })
}
