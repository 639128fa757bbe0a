//! What a fuzz target does with its bytes: nothing may panic, and what is accepted must mean one thing.
//!
//! The targets of `cargo fuzz` and the test that replays their corpus both run these functions.

#[allow(dead_code, reason = "elements of the other curve are in proofs of chains alone")]
pub mod change;
mod corruption;

pub use change::Reached;
pub use corruption::{corruption, damage};

use blake2b_simd::blake2bp;
use zkimg_graph::tensor::Cells;
use zkimg_pipeline::answer::{AnswerFile, Card};
use zkimg_pipeline::face::{Enrolled, MatchFile, Template};
use zkimg_pipeline::image::announced;
use zkimg_pipeline::{
    Backing, CaptureStatement, Dims, ExifValues, IccProfile, JpegFile, Negative, Opening, Picture, ProofFile, PublicKey, PublishedFile,
    Recipe, SignedCapture, SigningKey, TrustedDevices, embedded, encode_png, encode_webp, preview, write_jpeg,
};
use zkimg_proof::commitment::row_bits;
use zkimg_proof::relation::{Output, Relation, Witness};

/// What is done with one input.
pub type Target = fn(&[u8]);

/// Every target by name: its corpus lies in a folder of that name.
pub const TARGETS: [(&str, Target); 16] = [
    ("proof_file", proof_file),
    ("capture", capture),
    ("negative", negative),
    ("recipe", recipe),
    ("words", words),
    ("exif", exif),
    ("picture", picture),
    ("coefficients", coefficients),
    ("keys", keys),
    ("corruption", corruption),
    ("model", model),
    ("card", card),
    ("answer", answer),
    ("enrolled", enrolled),
    ("template", template),
    ("match", matched),
];

/// A proof file that is read has exactly one form.
pub fn proof_file(bytes: &[u8]) {
    if let Ok(file) = ProofFile::from_bytes(bytes) {
        assert_eq!(file.to_bytes(), bytes);
    }
}

/// A model that is read has a graph, or one too large for its tables.
pub fn model(bytes: &[u8]) {
    if let Ok(model) = zkimg_network::import::tflite(bytes, zkimg_network::quantise::Precision::Bits24) {
        let _ = model.architecture().graph(false);
    }
}

/// A card that is read has exactly one form, and a network of which there is a graph, or one that is too large.
pub fn card(bytes: &[u8]) {
    if let Ok(card) = Card::from_bytes(bytes) {
        assert_eq!(card.to_bytes(), bytes);
        let _ = card.architecture().graph(true);
    }
}

/// An answer that is read has exactly one form.
pub fn answer(bytes: &[u8]) {
    if let Ok(file) = AnswerFile::from_bytes(bytes) {
        assert_eq!(file.to_bytes(), bytes);
    }
}

/// An enrolled face that is read has exactly one form.
pub fn enrolled(bytes: &[u8]) {
    if let Ok(file) = Enrolled::from_bytes(bytes) {
        assert_eq!(file.to_bytes(), bytes);
    }
}

/// A match that is read has exactly one form.
pub fn matched(bytes: &[u8]) {
    if let Ok(file) = MatchFile::from_bytes(bytes) {
        assert_eq!(file.to_bytes(), bytes);
    }
}

/// A template, as it stands and behind a right checksum, so that the parser itself is reached.
pub fn template(bytes: &[u8]) {
    let _ = Template::from_bytes(bytes);
    let sealed = behind_a_checksum(bytes);
    if let Ok(template) = Template::from_bytes(&sealed) {
        assert_eq!(*template.to_bytes(), sealed);
    }
}

/// A file whose last bytes are the checksum of the others.
fn behind_a_checksum(bytes: &[u8]) -> Vec<u8> {
    const CHECKSUM: usize = 32;
    let body = &bytes[..bytes.len().saturating_sub(CHECKSUM)];
    let sum = blake2bp::Params::new().hash_length(CHECKSUM).hash(body);
    [body, sum.as_bytes()].concat()
}

/// A capture that is read has exactly one form, and so has the statement in it, whoever signs; what is hidden opens to nothing by chance,
/// and a notary's credentials are never those of a device.
pub fn capture(bytes: &[u8]) {
    if let Ok(statement) = CaptureStatement::from_bytes(bytes) {
        assert_eq!(statement.to_bytes(), bytes);
        assert!(statement.source().is_notary() || statement.source().credentials().is_none());
        for label in statement.hidden_labels() {
            for backing in [Backing::Unsaid, Backing::Alone, Backing::Covered, Backing::NotCovered] {
                assert!(statement.check(&Opening::new(label, backing, None, [0; 32])).is_err());
            }
        }
    }
    if let Ok(capture) = SignedCapture::from_bytes(bytes) {
        assert_eq!(capture.to_bytes(), bytes);
        let _ = capture.verify_signature();
    }
}

/// A negative, as it stands and behind a right checksum, so that the parser itself is reached.
pub fn negative(bytes: &[u8]) {
    let _ = Negative::from_bytes(bytes);
    let sealed = behind_a_checksum(bytes);
    if let Ok(negative) = Negative::from_bytes(&sealed) {
        assert_eq!(*negative.to_bytes(), sealed);
    }
}

/// The picture that recipes and words are tried on, by the first byte; the larger ones are never made.
const SHAPES: [(usize, usize, usize); 6] = [(3, 6, 9), (1, 5, 4), (3, 1, 1), (3, 720, 1280), (1, 32768, 3), (3, 8192, 32768)];

fn shape(which: u8) -> Dims {
    let (channels, height, width) = SHAPES[usize::from(which) % SHAPES.len()];
    Dims { channels, height, width }
}

/// The text of a recipe behind a byte that names the picture.
pub fn recipe(bytes: &[u8]) {
    let Some((which, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    if let Ok(recipe) = Recipe::from_json(text) {
        apply(&recipe, shape(*which));
    }
}

/// Words as on the command line, one a line, behind a byte that names the picture.
pub fn words(bytes: &[u8]) {
    let Some((which, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    // This edit's word names a file.
    let words: Vec<&str> = text.lines().filter(|word| !word.starts_with("overlay")).collect();
    if let Ok(recipe) = Recipe::from_words(&words) {
        apply(&recipe, shape(*which));
    }
}

/// A recipe that fits has one canonical text; where the pictures are small, the fused steps that are proved make the
/// pixels that the edits make.
fn apply(recipe: &Recipe, dims: Dims) {
    const CELLS: usize = 1 << 14;
    let Ok(chain) = recipe.resolve(dims) else { return };
    let text = chain.canonical();
    let again = Recipe::from_json(&text).and_then(|recipe| recipe.resolve(dims)).expect("a canonical recipe is read again");
    assert_eq!(again.canonical(), text);
    assert_eq!(again.steps(), chain.steps());
    let Ok(relation) = Relation::compile(dims, row_bits(&dims), chain.steps(), Output::Revealed) else { return };
    if dims.cells() > CELLS || chain.steps().iter().any(|step| step.output().cells() > CELLS) {
        return;
    }
    let cells: Vec<u8> = (0..dims.cells()).map(|i| (i * 89 + i / 7) as u8).collect();
    let edited = preview(&Picture::new(dims, cells.clone()).expect("a picture"), recipe).expect("it was resolved");
    let proved = Witness::new(&relation, vec![Cells::U8(cells)]);
    assert_eq!(proved.output, Cells::U8(edited.cells().to_vec()));
}

/// A TIFF-framed EXIF block.
pub fn exif(bytes: &[u8]) {
    let values = ExifValues::read(bytes);
    assert!((1..=8).contains(&values.orientation()));
}

/// A picture file; what is decoded survives being written and read, and what is published has the size it announces, and the proof that
/// stands in its beginning.
pub fn picture(bytes: &[u8]) {
    if let Ok(published) = PublishedFile::read(bytes) {
        let dims = *published.picture.dims();
        assert_eq!(announced(bytes), Ok((published.format, dims.width, dims.height)));
        assert_eq!(embedded(bytes), Ok(published.proof));
        let _ = published.picture.profile().icc().and_then(IccProfile::name);
    }
    if let Ok(picture) = Picture::decode(bytes) {
        if picture.dims().cells() < 1 << 16
            && let Some(webp) = encode_webp(&picture)
        {
            assert!(Picture::decode(&webp).is_ok_and(|again| again.cells() == picture.cells()));
        }
        assert_eq!(Picture::decode(&encode_png(&picture)), Ok(picture));
    }
}

/// A published JPEG: what is read of it has one form, in which it is read again; and the proof inside is found the same in its beginning.
pub fn coefficients(bytes: &[u8]) {
    if let Ok(file) = JpegFile::read(bytes) {
        let again = write_jpeg(&file.coefficients, &file.profile);
        assert!(JpegFile::read(&again).is_ok_and(|again| again.coefficients == file.coefficients));
        assert_eq!(embedded(bytes), Ok(file.proof));
    }
}

/// A device's key: compressed, or as one PEM block or many.
pub fn keys(bytes: &[u8]) {
    if let Some((point, _)) = bytes.split_first_chunk::<33>()
        && let Ok(key) = PublicKey::from_bytes(point)
    {
        assert_eq!(key.to_bytes(), *point);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(key) = PublicKey::from_pem(text) {
        assert_eq!(PublicKey::from_pem(&key.to_pem()), Ok(key));
    }
    if let Ok(trusted) = TrustedDevices::from_pems([text]) {
        assert!(!trusted.is_empty());
    }
    let _ = SigningKey::from_pem(text);
}
