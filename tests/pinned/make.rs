//! Makes the pinned files anew, a small photo and everything that follows from it, and from them the seeds of the
//! fuzz targets' corpus. A photo, capture and negative that this version still reads stay as they are.
//!
//!     cargo run --release --example pin
//!
//! Only a change of a format needs this, and says so in the changelog. `credentials.png` is `edited.png` with its proof as `zkimg-c2pa embed` signs it,
//! without the proof in its own place (`zkPF`), and is made by hand.

#[path = "../../pipeline/tests/support/exif.rs"]
#[allow(dead_code, reason = "tests use all of it")]
mod exif;

use std::error::Error;
use std::fs::write;
use std::path::Path;
use zkimg_network::layers::{Axis, Conv, Dense, Layer, Mean, Range, Window};
use zkimg_network::model::{Architecture, Model as Network, Placed, Weights};
use zkimg_network::quantise::Precision;
use zkimg_pipeline::answer::{Inference, Model, NewModel, OutputKind, Show, Threshold};
use zkimg_pipeline::edits::KINDS;
use zkimg_pipeline::face::{Comparison, Enrolment};
use zkimg_pipeline::{
    Algorithm, Dims, ExifField, Facts, Negative, Picture, Policy, ProofFile, PublicKey, Recipe, Seen, SignedCapture, SigningKey, State,
    Traces, Witness, Work, attest, attest_as, encode_png, prove,
};

/// What a notary says that they found in a photo's Content Credentials.
fn seen() -> Seen {
    let facts = Facts {
        library: "c2pa 0.90.22".into(),
        state: State::Invalid,
        accepted: vec!["signingCredential.expired".into()],
        anchors: [0x5a; 32],
        checked: 1_790_000_000,
        signer: Some("Maker of cameras".into()),
        algorithm: Algorithm::Ps256,
        source_type: Some("digitalCapture".into()),
        action: Some("c2pa.created".into()),
        more_actions: false,
        ingredients: false,
        only_manifest: true,
    };
    let label = "urn:c2pa:00000000-0000-4000-8000-000000000000".into();
    let traces = Traces { file: [1; 32], certificate: [2; 32], claim_signature: [3; 32], label, generator: None };
    Seen { facts, traces, exif_covered: true }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pinned");
    if Negative::from_bytes(&std::fs::read(folder.join("photo.negative"))?).is_err() {
        let dims = Dims::new(3, 4, 5)?;
        let photo = encode_png(&Picture::new(dims, (0..dims.cells()).map(|i| (i * 37 + i * i * 11) as u8).collect())?);
        let camera = SigningKey::generate()?;
        let (capture, negative) = attest(&photo, &camera, &Policy { show_time: true, show_device: true }, 1_790_000_000)?;
        write(folder.join("photo.png"), photo)?;
        write(folder.join("camera.pub"), camera.public().to_pem())?;
        write(folder.join("photo.capture"), capture.to_bytes())?;
        write(folder.join("photo.negative"), negative.to_bytes())?;
    }
    let negative = Negative::from_bytes(&std::fs::read(folder.join("photo.negative"))?)?;
    let capture = SignedCapture::from_bytes(&std::fs::read(folder.join("photo.capture"))?)?;
    let camera = PublicKey::from_pem(&std::fs::read_to_string(folder.join("camera.pub"))?)?;
    let recipe = Recipe::from_words(&["crop=3x3+1+0", "contrast=1.5"])?;
    let published = prove(&negative, &recipe)?;
    write(folder.join("edited.png"), encode_png(&published.picture))?;
    write(folder.join("edited.zkimg"), published.proof.to_bytes())?;

    let notarised = folder.join("notary.negative");
    if std::fs::read(&notarised).is_err() {
        let (notary, policy) = (SigningKey::generate()?, Policy { show_time: true, show_device: true });
        let photo = std::fs::read(folder.join("photo.png"))?;
        let (capture, negative) = attest_as(Witness::NotaryOfCredentials(&seen()), &photo, &notary, &policy, 1_790_000_000)?;
        write(folder.join("notary.pub"), notary.public().to_pem())?;
        write(folder.join("notary.capture"), capture.to_bytes())?;
        write(&notarised, negative.to_bytes())?;
    }
    let notarised = Negative::from_bytes(&std::fs::read(notarised)?)?;
    let notary_capture = notarised.capture().ok_or("a photo's")?;
    // The picture is that of edited.png.
    let notary_proof = prove(&notarised, &recipe)?.proof.to_bytes();
    write(folder.join("notary.zkimg"), &notary_proof)?;
    seed("capture", "notary", &notary_capture.to_bytes())?;
    seed("capture", "notary-statement", &notary_capture.statement.to_bytes())?;
    seed("negative", "notary", &notarised.to_bytes())?;
    seed("proof_file", "notary", &notary_proof)?;

    let shown = folder.join("shown.zkimg");
    if !std::fs::read(&shown).is_ok_and(|bytes| ProofFile::from_bytes(&bytes).is_ok()) {
        let texts = [(exif::MAKE, "Maker"), (exif::MODEL, "Model 1")];
        let photo = exif::with_exif(&std::fs::read(folder.join("photo.png"))?, &texts, Some("2024:05:17 14:03:09"));
        let camera = SigningKey::generate()?;
        let negative = attest(&photo, &camera, &Policy::default(), 1_790_000_000)?.1;
        let made = Work::new(&negative, &recipe).showing(ExifField::Model).showing(ExifField::DateTimeOriginal).publish()?;
        write(folder.join("shown.pub"), camera.public().to_pem())?;
        write(&shown, made.proof.to_bytes())?;
        seed("proof_file", "shown", &made.proof.to_bytes())?;
    }

    let (redact, desk) = (Recipe::from_words(&["redact=2x2+1+1"])?, SigningKey::generate()?);
    let handed_on = Work::new(&negative, &redact).named("Anna").noted("a face covered").hand_on()?;
    let chain = Work::new(&handed_on.negative, &recipe).after(&handed_on.proof).named("Desk").signed(&desk).publish()?;
    write(folder.join("handed-on.zkimg"), handed_on.proof.to_bytes())?;
    write(folder.join("handed-on.negative"), handed_on.negative.to_bytes())?;
    write(folder.join("desk.pub"), desk.public().to_pem())?;
    write(folder.join("chain.zkimg"), chain.proof.to_bytes())?;
    write(folder.join("chain.png"), encode_png(&chain.picture))?;
    seed("proof_file", "compact", &Work::new(&negative, &recipe).compact().named("Anna").publish()?.proof.to_bytes())?;

    let model = Model::commit(network()?, &())?;
    let answer = Inference::new([&negative], &Recipe::from_words(&["grayscale"])?, &model, Show::Class).answer()?;
    write(folder.join("small.card"), model.card().to_bytes())?;
    write(folder.join("answer.zkimg"), answer.to_bytes())?;
    seed("card", "seed", &model.card().to_bytes())?;
    seed("answer", "seed", &answer.to_bytes())?;

    let threshold = Threshold::new(58).ok_or("a threshold")?;
    let registrar = SigningKey::generate()?;
    let faces = NewModel::new(network()?).makes(OutputKind::embedding(vec![threshold])?).signed(&registrar).commit()?;
    let grey = Recipe::from_words(&["grayscale"])?;
    // The same photo, signed again by a camera of its own.
    let second = SigningKey::generate()?;
    let portrait = attest(&std::fs::read(folder.join("photo.png"))?, &second, &Policy::default(), 1_790_000_000)?.1;
    let template = Enrolment::new(&portrait, &grey, &faces).signed(&registrar).enrol()?;
    let matched = Comparison::new(&negative, &grey, &faces, &template, threshold).prove()?;
    write(folder.join("face.card"), faces.card().to_bytes())?;
    write(folder.join("anna.enrolled"), template.enrolled().to_bytes())?;
    write(folder.join("anna.template"), template.to_bytes())?;
    write(folder.join("match.zkimg"), matched.to_bytes())?;
    write(folder.join("second.pub"), second.public().to_pem())?;
    write(folder.join("registrar.pub"), registrar.public().to_pem())?;
    seed("card", "embedding", &faces.card().to_bytes())?;
    seed("enrolled", "seed", &template.enrolled().to_bytes())?;
    seed("template", "seed", &template.to_bytes())?;
    seed("match", "seed", &matched.to_bytes())?;

    seed("negative", "handed-on", &handed_on.negative.to_bytes())?;
    seed("proof_file", "chain", &chain.proof.to_bytes())?;
    seed("capture", "seed", &capture.to_bytes())?;
    seed("capture", "seed-statement", &capture.statement.to_bytes())?;
    seed("negative", "seed", &negative.to_bytes())?;
    seed("proof_file", "seed", &published.proof.to_bytes())?;
    seed("keys", "seed", camera.to_pem().as_bytes())?;
    seed("keys", "seed-compressed", &camera.to_bytes())?;
    seed("corruption", "seed", &[0; 8])?;
    for kind in KINDS {
        // Behind the byte that names the picture, see `shape` in `fuzz/targets.rs`.
        seed("words", kind.name, &[&[0], kind.example_word.split(" or ").next().unwrap_or_default().as_bytes()].concat())?;
        if let Some(edit) = (kind.samples)(Dims::new(3, 6, 9)?).first() {
            let recipe = format!("{{\"edits\":[{}],\"zkimg\":1}}", edit.canonical());
            seed("recipe", kind.name, &[&[0], recipe.as_bytes()].concat())?;
        }
    }
    Ok(())
}

/// A convolution, the mean, and scores of three classes, for grey pictures of 5 × 4.
fn network() -> Result<Network, Box<dyn Error>> {
    let window = Window { y: Axis::same(4, 3, 1), x: Axis::same(5, 3, 1) };
    let range = Range { zero: 100, low: 0, high: 250 };
    let layers = [
        Layer::Conv(Conv { inputs: 1, outputs: 4, window, zero: 9, weight_bits: 20, range }),
        Layer::Mean(Mean { dims: Dims { channels: 4, height: 4, width: 5 }, weight_bits: 24, range }),
        Layer::Dense(Dense { inputs: 4, outputs: 3, weight_bits: 24, range }),
    ];
    let layers = layers.into_iter().enumerate().map(|(i, layer)| Placed { layer, reads: vec![i] }).collect();
    let architecture = Architecture::new(Dims { channels: 1, height: 4, width: 5 }, layers, Precision::Bits24, 30)?;
    let numbers = |n: i64, most: i64| (0..n).map(|i| (i * i * 31 + i * 3 + 5) * 7919 % (2 * most) - most).collect::<Vec<i64>>();
    let weights = vec![numbers(4 * 9, 1 << 20), vec![1 << 23], numbers(12, 1 << 22)];
    Ok(Network::new(architecture, Weights::new(numbers(8, 1 << 28), weights))?)
}

fn seed(target: &str, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&folder)?;
    write(folder.join(name), bytes)
}
