//! The order of the argument: who sends what, and when a challenge is drawn.
//!
//! Written once; the prover computes at each turn what the verifier reads there.

use crate::circuit::BLINDED_ROWS;
use crate::equations::{Equation, Layer, Rounds, Schedule, equations};
use crate::field::F;
use crate::relation::{Challenges, Relation};
use crate::tensor::Dims;
use crate::transcript::Transcript;

/// Domain label of the transcript.
pub const LABEL: &str = "zkimg-edit-proof-v4";

/// A turn of the prover. `previous` is the challenge that answered the turn before in the same sum-check.
pub enum Turn<'a> {
    /// `(p0, p1, q0, q1)` of the lookup tree's top.
    Root,
    /// A round of layer `k`.
    LayerRound {
        /// The layer.
        k: usize,
        /// Where it is claimed.
        point: &'a [F],
        /// Its batching challenge.
        lambda: F,
        /// `None` in the first round.
        previous: Option<F>,
    },
    /// The four claims that end a layer.
    LayerEnd {
        /// The last round's challenge.
        previous: F,
    },
    /// A round of the linear sum-check.
    LinearRound {
        /// What defines the functionals.
        challenges: &'a Challenges,
        /// `None` in the first round.
        previous: Option<F>,
    },
    /// Tensor `t` at the last point.
    Evaluation {
        /// The tensor.
        t: usize,
        /// The last round's challenge.
        previous: F,
    },
}

/// A side of the argument.
pub trait Party {
    /// What can go wrong.
    type Error;
    /// The transcript both sides keep.
    fn transcript(&mut self) -> &mut Transcript;
    /// Sends or receives the row commitments of every tensor but the input.
    fn rows(&mut self) -> Result<(), Self::Error>;
    /// Takes note of the lookup challenges.
    fn lookups(&mut self, alpha: F, beta: F) -> Result<(), Self::Error>;
    /// Sends or receives the commitment of hidden message `j` of the [`Schedule`].
    fn message(&mut self, j: usize, turn: Turn<'_>) -> Result<(), Self::Error>;
    /// Sends or receives the commitment to the blinders of one of halo2's unusable rows.
    fn tail(&mut self, row: usize) -> Result<(), Self::Error>;
}

/// All challenges of a run.
pub struct Run {
    /// Of lookups and equalities.
    pub challenges: Challenges,
    /// Of the sum-checks.
    pub rounds: Rounds,
    /// Batches the openings.
    pub delta: F,
    /// Batches the equations.
    pub tau: F,
}

impl Run {
    /// The equations this run leaves between the messages; `constant` is the public part of its claims ([`Relation::constant`]).
    pub fn equations(&self, relation: &Relation, constant: F) -> Vec<Equation> {
        let weights = relation.weights(&self.challenges, &self.rounds.point);
        equations(&relation.schedule(), &self.rounds, constant, &weights)
    }
}

impl Relation {
    /// How many messages there are, and which is which.
    pub fn schedule(&self) -> Schedule {
        Schedule { leaf_bits: self.leaf_bits(), flat_bits: self.flat_bits(), tensors: self.tensors.len() }
    }
}

/// What is absorbed before anything is sent.
pub struct Statement<'a> {
    /// The statement around the relation: capture, edits, names; its bytes or their digest.
    pub context: &'a [u8],
    /// Root of the input's rows.
    pub input_root: [u8; 32],
    /// The revealed output picture; none if it stays hidden.
    pub output: &'a Pixels<'a>,
}

/// A published picture, its shape and its pixels, and the digest that stands for the pixels, computed once for all who need it.
#[derive(Clone, Copy)]
pub struct Pixels<'a> {
    dims: Option<Dims>,
    cells: &'a [u8],
    digest: [u8; 64],
}

impl<'a> Pixels<'a> {
    /// Hashes cells `[c][y][x]` with BLAKE2bp-512, four lanes at a time: a picture has megabytes.
    pub fn new(dims: Dims, cells: &'a [u8]) -> Pixels<'a> {
        Pixels { dims: Some(dims), cells, digest: hash(cells) }
    }

    /// What a hidden picture shows.
    pub fn none() -> Pixels<'static> {
        Pixels { dims: None, cells: &[], digest: hash(&[]) }
    }

    /// The picture's shape; `None` if nothing is shown.
    pub fn dims(&self) -> Option<Dims> {
        self.dims
    }

    /// Channels, height and width, 8 bytes each, little-endian; zeros if nothing is shown, which is no picture's shape.
    pub fn shape(&self) -> [u8; 24] {
        let mut shape = [0; 24];
        let sides = self.dims.map_or([0; 3], |dims| [dims.channels, dims.height, dims.width]);
        let (words, _) = shape.as_chunks_mut::<8>();
        words.iter_mut().zip(sides).for_each(|(word, side)| *word = (side as u64).to_le_bytes());
        shape
    }

    /// The cells.
    pub fn cells(&self) -> &'a [u8] {
        self.cells
    }

    /// Digest of the cells alone, without the shape.
    pub fn digest(&self) -> &[u8; 64] {
        &self.digest
    }
}

fn hash(cells: &[u8]) -> [u8; 64] {
    *blake2b_simd::blake2bp::blake2bp(cells).as_array()
}

/// Absorbs the statement, step 1 of the protocol.
pub fn absorb(transcript: &mut Transcript, relation: &Relation, statement: &Statement<'_>) {
    transcript.bytes("relation", &relation.digest());
    transcript.bytes("context", statement.context);
    transcript.bytes("input", &statement.input_root);
    transcript.bytes("shape", &statement.output.shape());
    transcript.bytes("output", statement.output.digest());
}

/// Runs the argument from the statement to the last message before the circuit.
pub fn run<P: Party>(relation: &Relation, party: &mut P) -> Result<Run, P::Error> {
    party.rows()?;
    let mut challenges =
        Challenges { alpha: party.transcript().challenge(), beta: party.transcript().challenge(), ..Challenges::default() };
    challenges.equal = party.transcript().challenges(relation.equal.bits);
    let mut rounds = Rounds::default();
    let schedule = relation.schedule();
    if schedule.leaf_bits > 0 {
        party.lookups(challenges.alpha, challenges.beta)?;
        challenges.leaf = lookups(&schedule, party, &mut rounds)?;
    }
    challenges.gamma = party.transcript().challenge();
    rounds.gamma = challenges.gamma;
    rounds.leaf_split = challenges.leaf.first().copied().unwrap_or_default();
    let mut previous = None;
    for j in 0..schedule.flat_bits {
        party.message(schedule.linear_round(j), Turn::LinearRound { challenges: &challenges, previous })?;
        let challenge = party.transcript().challenge();
        rounds.point.push(challenge);
        previous = Some(challenge);
    }
    let previous = previous.unwrap_or_default();
    for t in 0..schedule.tensors {
        party.message(schedule.evaluation(t), Turn::Evaluation { t, previous })?;
    }
    for row in 0..BLINDED_ROWS {
        party.tail(row)?;
    }
    let (delta, tau) = (party.transcript().challenge(), party.transcript().challenge());
    Ok(Run { challenges, rounds, delta, tau })
}

/// The tree from its root to the leaves; gives the point at which the leaves are claimed.
fn lookups<P: Party>(schedule: &Schedule, party: &mut P, rounds: &mut Rounds) -> Result<Vec<F>, P::Error> {
    party.message(schedule.layer_end(0), Turn::Root)?;
    let mut point = vec![party.transcript().challenge()];
    for k in 1..schedule.leaf_bits {
        let lambda = party.transcript().challenge();
        let mut layer = Layer { point, lambda, rounds: Vec::with_capacity(k) };
        let mut previous = None;
        for j in 0..k {
            party.message(schedule.layer_round(k, j), Turn::LayerRound { k, point: &layer.point, lambda, previous })?;
            let challenge = party.transcript().challenge();
            layer.rounds.push(challenge);
            previous = Some(challenge);
        }
        party.message(schedule.layer_end(k), Turn::LayerEnd { previous: previous.unwrap_or_default() })?;
        // The new bit comes first: children of node i are 2i and 2i + 1.
        point = vec![party.transcript().challenge()];
        point.extend(&layer.rounds);
        rounds.layers.push(layer);
    }
    Ok(point)
}
