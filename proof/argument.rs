//! The order of the argument: who sends what, and when a challenge is drawn.
//!
//! Written once; the prover computes at each turn what the verifier reads there, and the soundness account what may go wrong.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::channel::{Challenges, Channel, ErrorTerm, Hidden, Linear, Scalar, Sizes};
use crate::circuit::BLINDED_ROWS;
use crate::relation::Relation;
use crate::transcript::{Sponge, Transcript};
use crate::{lookup, sumcheck};
use ff::Field;
use zkimg_graph::each_type;
use zkimg_graph::tensor::{Bounds, CellsRef, Dims};
use zkimg_group::field::F;

/// Domain label of the transcript.
pub const LABEL: &str = "zkimg-edit-proof-v5";

/// Where a run ends: what is left to be opened and proved.
#[derive(Debug)]
pub struct Run<S = F> {
    /// What defined the claims.
    pub challenges: Challenges<S>,
    /// Where all tensors are evaluated.
    pub point: Vec<S>,
    /// Each tensor's evaluation.
    pub evaluations: Vec<Hidden>,
    /// Batches the openings.
    pub delta: S,
    /// Batches the equations.
    pub tau: S,
}

/// What is absorbed before anything is sent.
pub struct Statement<'a> {
    /// The statement around the relation: capture, edits, names; its bytes or their digest.
    pub context: &'a [u8],
    /// Root of each input's rows, in order.
    pub inputs: &'a [[u8; 32]],
    /// The revealed output; none if it stays hidden.
    pub output: &'a Pixels<'a>,
}

crate::opaque!(Statement<'_>);

/// A published picture, or other integers: shape, bounds, cells, and the digest that stands for the cells, computed once for all who
/// need it.
#[derive(Clone, Copy)]
pub struct Pixels<'a> {
    shown: Option<(Dims, Bounds)>,
    cells: CellsRef<'a>,
    digest: [u8; 64],
}

crate::opaque!(Pixels<'_>);

impl<'a> Pixels<'a> {
    /// Hashes cells `[c][y][x]` with BLAKE2bp-512, four lanes at a time: a picture has megabytes.
    pub fn new(dims: Dims, cells: &'a [u8]) -> Pixels<'a> {
        Pixels { shown: Some((dims, Bounds::BYTE)), cells: CellsRef::U8(cells), digest: hash(cells) }
    }

    /// Integers between bounds, whatever type they are kept in: bytes by their byte each, others by eight.
    pub fn of_cells(dims: Dims, bounds: Bounds, cells: CellsRef<'a>) -> Pixels<'a> {
        let digest = match (bounds, cells) {
            (Bounds::BYTE, CellsRef::U8(cells)) => hash(cells),
            // Of a cell that is no byte the rest is cut off; such cells are refused ([`Pixels::are`]).
            (Bounds::BYTE, _) => hash(&each_type!(CellsRef, cells, v => encoded::<1, _>(v))),
            _ => hash(&each_type!(CellsRef, cells, v => encoded::<8, _>(v))),
        };
        Pixels { shown: Some((dims, bounds)), cells, digest }
    }

    /// What a hidden picture shows.
    pub fn none() -> Pixels<'static> {
        Pixels { shown: None, cells: CellsRef::U8(&[]), digest: hash(&[]) }
    }

    /// The picture's shape; `None` if nothing is shown.
    pub fn dims(&self) -> Option<Dims> {
        self.shown.map(|(dims, _)| dims)
    }

    /// Channels, height and width, 8 bytes each, little-endian; zeros if nothing is shown, which is no picture's shape.
    pub fn shape(&self) -> [u8; 24] {
        let mut shape = [0; 24];
        let sides = self.dims().map_or([0; 3], |dims| [dims.channels, dims.height, dims.width]);
        let (words, _) = shape.as_chunks_mut::<8>();
        words.iter_mut().zip(sides).for_each(|(word, side)| *word = (side as u64).to_le_bytes());
        shape
    }

    /// The cells.
    pub fn cells(&self) -> CellsRef<'a> {
        self.cells
    }

    /// Whether a relation shows such: what it reveals, and nothing if its output stays hidden.
    pub fn are_of(&self, relation: &Relation) -> bool {
        match relation.hidden_output {
            None => self.are(relation.output, relation.output_bounds),
            Some(_) => self.dims().is_none(),
        }
    }

    /// Whether these are as many cells as a shape has, each within these very bounds.
    pub fn are(&self, dims: Dims, bounds: Bounds) -> bool {
        self.shown == Some((dims, bounds)) && self.cells.len() == dims.cells() && self.cells.are_within(bounds)
    }

    /// Digest of the cells alone, without the shape.
    pub fn digest(&self) -> &[u8; 64] {
        &self.digest
    }
}

/// The lowest `N` bytes of each cell.
fn encoded<const N: usize, T: Copy + Into<i64>>(cells: &[T]) -> Vec<u8> {
    cells.iter().flat_map(|cell| (*cell).into().to_le_bytes().into_iter().take(N)).collect()
}

fn hash(cells: &[u8]) -> [u8; 64] {
    *blake2b_simd::blake2bp::blake2bp(cells).as_array()
}

/// Absorbs the statement, step 1 of the protocol.
pub fn absorb<S: Sponge>(transcript: &mut Transcript<S>, relation: &Relation, statement: &Statement<'_>) {
    transcript.bytes("relation", &relation.digest());
    transcript.bytes("context", statement.context);
    statement.inputs.iter().for_each(|root| transcript.bytes("input", root));
    transcript.bytes("shape", &statement.output.shape());
    transcript.bytes("output", statement.output.digest());
}

/// Runs the argument from the statement to the last message before the circuit.
pub fn run<C: Channel>(sizes: &Sizes, channel: &mut C) -> Result<Run<C::Scalar>, C::Error> {
    channel.rows()?;
    let leaves = sizes.leaves;
    let zero = || C::Scalar::constant(F::ZERO);
    let mut challenges = Challenges {
        alpha: channel.challenge(ErrorTerm::new("LogUp: α misses a fraction not in its table", "Haböck 2022, lemma 5", 1 << leaves)),
        beta: channel.challenge(ErrorTerm::new("LogUp: β folds two different tuples alike", "Schwartz–Zippel, degree 2", 2 << leaves)),
        equal: Vec::new(),
        leaf: Vec::new(),
        gamma: zero(),
        product: Vec::new(),
        join: zero(),
    };
    challenges.equal = channel.equal(sizes.equal);
    let tree = match leaves {
        0 => None,
        bits => {
            channel.lookups(&challenges.alpha, &challenges.beta);
            Some(lookup::argue(bits, channel)?)
        }
    };
    challenges.gamma = channel.challenge(ErrorTerm::new("γ batches three claims", "Schwartz–Zippel, degree 2", 2));
    let mut claim = Linear::default();
    if let Some(lookup::LeafClaim { point, numerator, denominator }) = tree {
        challenges.leaf = point;
        claim = numerator;
        claim.add(&challenges.gamma, &denominator);
    }
    sumcheck::products(sizes, &mut challenges, &mut claim, channel)?;
    let (point, evaluations) = sumcheck::linear(sizes, &challenges, claim, channel)?;
    for row in 0..BLINDED_ROWS {
        channel.tail(row)?;
    }
    let delta = channel.challenge(ErrorTerm::new("δ batches the openings", "Schwartz–Zippel", sizes.tensors as u128));
    let equations = channel.required() as u128;
    let tau = channel.challenge(ErrorTerm::new("τ batches the equations", "Schwartz–Zippel", equations));
    Ok(Run { challenges, point, evaluations, delta, tau })
}
