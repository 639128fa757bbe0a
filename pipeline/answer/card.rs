//! What everybody may know of a model: `NAME.card`.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `zkimgcrd` |
//! | 2 | version, 2 |
//! | 4 + … | the architecture ([`zkimg_network::file`]) |
//! | 1 + … | what the output is ([`super::output`]) |
//! | 32 each | the row commitments of biases, if there are any, and of each layer's weights; how many follows from the architecture |
//! | 4 + … | the argument that all of these lie in the bounds that the architecture states |
//! | 1 or 1 + 33 + 64 | who vouches for the model ([`super::seal`]) |
//!
//! Numbers are little-endian. Nothing may follow. The **card digest**, Blake2b-256 (personal `zkimg-card-v2`) of everything but the signature, is
//! what an answer names.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::output::{MAX_THRESHOLDS, OutputKind};
use super::photo::block;
use super::seal::{BadSeal, CARD, Seal};
use crate::trust::{Signer, Trust};
use zkimg_attest::MakerError;
use zkimg_graph::graph::{Function, Graph, Kind, Output, Part};
use zkimg_graph::step::Region;
use zkimg_graph::tensor::{Bounds, Dims};
use zkimg_group::field::{Affine, point_from_bytes, point_to_bytes};
use zkimg_network::file::BadArchitecture;
use zkimg_network::model::{Architecture, BadNetwork};
use zkimg_picture::reader::{CutShort, Reader};
use zkimg_proof::commitment::{Layout, row_bits};
use zkimg_proof::relation::{BadRelation, Relation};

const MAGIC: &[u8; 8] = b"zkimgcrd";
const VERSION: u16 = 2;

/// A file that is not a card this version reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadCard {
    /// Another kind of file.
    #[error("this is not the card of a model; give the .card file that was published with the model")]
    NotACard,
    /// Another version.
    #[error("the card has version {0}, this program reads version {VERSION}; use the zkimg that reads it")]
    Version(u16),
    /// Bytes missing at the end.
    #[error("the card is cut short; download it again")]
    CutShort,
    /// Bytes left over at the end.
    #[error("the card has bytes after its end; download it again")]
    TooLong,
    /// A part that is not in its one form.
    #[error("the card's {0} is not valid; download it again")]
    Invalid(&'static str),
    /// An architecture that this program does not know.
    #[error("the card's network cannot be read: {0}")]
    Architecture(#[from] BadArchitecture),
    /// Bounds of which there is no proof.
    #[error("the card's network is more than one proof holds: {0}")]
    Relation(#[from] BadRelation),
    /// A network without weights.
    #[error("the network has no weights, so that nothing of it is hidden and it needs no card")]
    NoWeights,
    /// No embedding, though it should be one.
    #[error("the network does not end in a vector with a zero of its own, and so in no embedding; import it without --embedding")]
    NoEmbedding,
    /// No threshold, or too many.
    #[error("an embedding is compared at 1 to {MAX_THRESHOLDS} thresholds that its card lists, and here are {0}")]
    Thresholds(usize),
}

impl From<CutShort> for BadCard {
    fn from(_: CutShort) -> BadCard {
        BadCard::CutShort
    }
}

impl From<BadSeal> for BadCard {
    fn from(_: BadSeal) -> BadCard {
        BadCard::Invalid("signature at its end")
    }
}

impl From<BadNetwork> for BadCard {
    fn from(error: BadNetwork) -> BadCard {
        BadCard::Architecture(error.into())
    }
}

/// A model's public half: architecture, commitments to weights and biases, and a proof of their bounds, which is not checked yet.
#[derive(Clone, Debug)]
pub struct Card {
    architecture: Architecture,
    output: OutputKind,
    /// Of each secret input, in order.
    rows: Vec<Vec<Affine>>,
    proof: Vec<u8>,
    seal: Seal,
}

/// `log2` of the row length of a model: a function of how many weights and biases there are, so that it is never a choice.
pub(super) fn model_row_bits(architecture: &Architecture) -> Result<usize, BadCard> {
    let cells = architecture.secrets().map(|(dims, _)| dims.cells()).sum();
    Ok(row_bits(&Dims::vector(cells).map_err(|_| BadCard::NoWeights)?))
}

/// The file up to the argument: what the argument is about.
pub(super) fn head(architecture: &Architecture, output: &OutputKind, rows: &[Vec<Affine>]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    block(&mut bytes, &architecture.to_bytes());
    output.write(&mut bytes);
    rows.iter().flatten().for_each(|row| bytes.extend(point_to_bytes(row)));
    bytes
}

/// The context of the argument.
pub(super) fn context(head: &[u8]) -> Vec<u8> {
    [b"zkimg-card-statement", head].concat()
}

/// Weights and biases lie in their bounds. A graph ends with a node, and this one's makes a zero of nothing.
pub(super) fn bounds(architecture: &Architecture) -> Result<Relation, BadCard> {
    let mut graph = Graph::new();
    for (dims, bounds) in architecture.secrets() {
        graph.input(Kind::Model, dims, bounds, true).map_err(BadNetwork::from)?;
    }
    let one = Dims { channels: 1, height: 1, width: 1 };
    let zero =
        Part { region: Region::whole(one), terms: Vec::new(), products: Vec::new(), bias: 0, divisor: 1, function: Function::Identity };
    graph.single(Bounds { low: 0, high: 0 }, zero).map_err(BadNetwork::from)?;
    Ok(Relation::of_graph(graph, model_row_bits(architecture)?, Output::Revealed)?)
}

impl Card {
    /// Reads a card's file; every byte must belong to it and have its one form. The proof in it is not checked.
    ///
    /// # Errors
    /// If it is no card that this version reads. Nothing is laid out that is larger than the file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Card, BadCard> {
        let mut r = Reader::new(bytes);
        if r.array::<8>().as_ref() != Ok(MAGIC) {
            return Err(BadCard::NotACard);
        }
        match r.u16()? {
            VERSION => {}
            version => return Err(BadCard::Version(version)),
        }
        let architecture = Architecture::from_bytes(r.block()?)?;
        let output = OutputKind::read(&mut r)?;
        output.fits(&architecture)?;
        let m = model_row_bits(&architecture)?;
        let counts: Vec<usize> = architecture.secrets().map(|(dims, _)| Layout::count(dims, m)).collect();
        if counts.iter().sum::<usize>() > r.rest().len() / 32 {
            return Err(BadCard::CutShort);
        }
        let mut rows = Vec::with_capacity(counts.len());
        for count in counts {
            let row = |_| point_from_bytes(&r.array()?).map_err(|_| BadCard::Invalid("list of row commitments"));
            rows.push((0..count).map(row).collect::<Result<_, _>>()?);
        }
        let proof = r.block()?.to_vec();
        let seal = CARD.read(bytes, &mut r)?;
        if r.is_empty() { Ok(Card { architecture, output, rows, proof, seal }) } else { Err(BadCard::TooLong) }
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        block(&mut bytes, &self.proof);
        self.seal.write(&mut bytes);
        bytes
    }

    /// Layers, shapes, zero points, clamps, bounds.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// What the model makes, and whether it may be shown.
    pub fn output(&self) -> &OutputKind {
        &self.output
    }

    /// The row commitments of each secret input: of the biases if there are any, then of each layer's weights.
    pub fn rows(&self) -> &[Vec<Affine>] {
        &self.rows
    }

    /// The argument that weights and biases lie in their bounds.
    pub fn proof(&self) -> &[u8] {
        &self.proof
    }

    /// Digest of the file but for the signature, by which answers name it.
    pub fn digest(&self) -> &[u8; 32] {
        &self.seal.digest
    }

    /// Checks that whoever the card names as vouching for the model signed it.
    ///
    /// # Errors
    /// If there is a key and the signature is not its.
    pub fn verify_signature(&self) -> Result<(), MakerError> {
        CARD.verify(&self.seal)
    }

    /// Whose key vouches for the model, if one does: nothing but what the card says until [`Card::verify_signature`] holds.
    pub fn signer(&self, trust: &Trust) -> Option<Signer> {
        self.seal.signer(trust)
    }

    /// `log2` of the row length.
    pub fn row_bits(&self) -> usize {
        // It was found once already.
        model_row_bits(&self.architecture).unwrap_or(zkimg_group::generators::MIN_ROW_BITS)
    }

    pub(super) fn head(&self) -> Vec<u8> {
        head(&self.architecture, &self.output, &self.rows)
    }
}
