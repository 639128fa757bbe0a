//! Chains of small pictures, taken apart and put together, and statements written from their description.
#![allow(dead_code, reason = "each test file uses its part")]

use blake2b_simd::Params as Blake2b;
use zkimg_group::generators::Generators;
use zkimg_pipeline::*;
use zkimg_proof::commitment::Layout;
use zkimg_proof::commitment::root;

pub(crate) fn photo(seed: usize) -> Vec<u8> {
    picture_with(|i| (i * i * 7 + seed * 31 + i) as u8)
}

pub(crate) fn picture_with(cell: impl Fn(usize) -> u8) -> Vec<u8> {
    let dims = Dims::new(3, 9, 13).expect("dims");
    encode_png(&Picture::new(dims, (0..dims.cells()).map(cell).collect()).expect("a picture"))
}

pub(crate) fn recipe(words: &[&str]) -> Recipe {
    Recipe::from_words(words).expect("a recipe")
}

pub(crate) fn attested(camera: &SigningKey, photo: &[u8]) -> Negative {
    attest(photo, camera, &Policy::default(), 1_790_000_000).expect("attested").1
}

pub(crate) fn trust(camera: &SigningKey) -> Trust {
    let mut trust = Trust::default();
    trust.devices.insert(camera.public());
    trust
}

/// The check that refuses, and what it says.
pub(crate) fn refusal(report: &Report) -> (&'static str, String) {
    assert_eq!(report.verdict, Verdict::Invalid, "{report:?}");
    let last = report.findings.last().expect("a check");
    assert!(!last.holds());
    (last.checked().name(), last.to_string())
}

/// A proof file in pieces: magic and version, capture and rows, links.
#[derive(Clone)]
pub(crate) struct Parts {
    pub head: Vec<u8>,
    pub source: Vec<u8>,
    pub links: Vec<Vec<u8>>,
}

impl Parts {
    pub(crate) fn of(file: &ProofFile) -> Parts {
        let bytes = file.to_bytes();
        let mut at = 12 + 4 + file.capture().to_bytes().len() + file.commitment_bytes();
        let (head, source) = (bytes[..10].to_vec(), bytes[12..at].to_vec());
        let mut links = Vec::new();
        for link in file.links() {
            let signature = if link.maker().key().is_some() { 64 } else { 0 };
            let output = if link.picture_digest().is_some() { 33 } else { 1 };
            let length = 4 + link.edits().canonical().len() + link.maker().to_bytes().len() + signature + output + 4 + link.proof_bytes();
            links.push(bytes[at..at + length].to_vec());
            at += length;
        }
        assert_eq!(at, bytes.len());
        Parts { head, source, links }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let count = (self.links.len() as u16).to_le_bytes();
        [&self.head[..], &count, &self.source, &self.links.concat()].concat()
    }

    pub(crate) fn file(&self) -> ProofFile {
        ProofFile::from_bytes(&self.bytes()).expect("well formed")
    }

    /// Puts another argument into a link.
    pub(crate) fn replace_proof(&mut self, link: usize, old: usize, proof: &[u8]) {
        let bytes = &mut self.links[link];
        bytes.truncate(bytes.len() - old - 4);
        bytes.extend((proof.len() as u32).to_le_bytes());
        bytes.extend(proof);
    }
}

/// A statement of a link, written from `docs/formats.md`.
#[derive(Clone)]
pub(crate) struct Stated {
    pub number: u32,
    pub capture: Option<Vec<u8>>,
    pub before: [u8; 32],
    pub root: [u8; 32],
    pub dims: Dims,
    pub m: usize,
    pub generators: [u8; 32],
    pub edits: String,
    pub maker: Vec<u8>,
    pub hidden: bool,
}

impl Stated {
    /// The statement of a link whose input is the negative's picture.
    pub(crate) fn of(negative: &Negative, number: u32, link: &Link) -> Stated {
        let before = match negative.origin() {
            Origin::Link { statement } => *statement,
            Origin::Capture { .. } => [0; 32],
        };
        Stated {
            number,
            capture: negative.capture().map(SignedCapture::to_bytes),
            before,
            root: root(negative.layout(), negative.rows()),
            dims: negative.layout().dims,
            m: negative.layout().m,
            generators: Generators::id(),
            edits: link.edits().canonical(),
            maker: link.maker().to_bytes(),
            hidden: link.picture_digest().is_none(),
        }
    }

    pub(crate) fn context(&self) -> Vec<u8> {
        let block = |part: &[u8]| [&(part.len() as u64).to_le_bytes()[..], part].concat();
        let mut bytes = b"zkimg-link-statement\x02\0\0\0".to_vec();
        bytes.extend(self.number.to_le_bytes());
        bytes.extend(self.capture.as_ref().map_or(self.before.to_vec(), |capture| block(capture)));
        bytes.extend(self.root);
        for n in [self.dims.channels, self.dims.height, self.dims.width, self.m] {
            bytes.extend((n as u64).to_le_bytes());
        }
        bytes.extend(self.generators);
        bytes.extend(block(self.edits.as_bytes()));
        bytes.extend(block(&self.maker));
        bytes.push(self.hidden.into());
        bytes
    }

    /// The digest with what was put out.
    pub(crate) fn digest(&self, output: &[u8; 32]) -> [u8; 32] {
        let context = self.context();
        let mut state = Blake2b::new().hash_length(32).personal(b"zkimg-link-v2").to_state();
        state.update(&(context.len() as u64).to_le_bytes()).update(&context).update(output);
        state.finalize().as_bytes().try_into().expect("32 bytes")
    }
}

/// How a negative's picture is cut.
pub(crate) fn layout(negative: &Negative) -> Layout {
    negative.layout().clone()
}

/// What a notary found in Content Credentials, of a file whose EXIF data they cover or not.
pub(crate) fn seen(exif_covered: bool) -> Seen {
    let facts = Facts {
        library: "c2pa 0.90.22".into(),
        state: State::Trusted,
        accepted: Vec::new(),
        anchors: [7; 32],
        checked: 1_790_000_000,
        signer: Some("Maker".into()),
        algorithm: Algorithm::Es256,
        source_type: Some("digitalCapture".into()),
        action: Some("c2pa.created".into()),
        more_actions: false,
        ingredients: false,
        only_manifest: true,
    };
    let traces = Traces { file: [1; 32], certificate: [2; 32], claim_signature: [3; 32], label: "urn:c2pa:1".into(), generator: None };
    Seen { facts, traces, exif_covered }
}
