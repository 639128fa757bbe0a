//! The prover.

mod opened;
mod prover;
mod turns;

use crate::argument::{Pixels, Statement, absorb, run};
use crate::circuit::Keys;
use crate::commitment::Layout;
use crate::observer::{Observer, Phase};
use crate::relation::{Relation, Witness};
use crate::transcript::{BadProofBytes, Blake2b, Sponge};
#[doc(hidden)]
pub use opened::opened_vector;
use prover::Prover;
#[doc(hidden)]
pub use turns::Turns;
use zeroize::Zeroizing;
use zkimg_graph::graph::{Value, ValueId};
use zkimg_graph::tensor::{Cells, CellsRef};
use zkimg_group::field::{Affine, F};
use zkimg_group::generators::{BadParameters, Generators};
use zkimg_group::randomness::{NoRandomness, hedged};

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProveError {
    /// The claimed output is not what the edits make of the input.
    #[error("the picture to publish is not what the edits make of the original")]
    Output,
    /// Rows and blinders that do not belong to the input's shape.
    #[error("the negative's rows do not belong to its picture")]
    Input,
    /// More messages than the circuit has rows.
    #[error("the edits need more messages than the circuit holds")]
    TooLarge,
    /// Less memory than it takes.
    #[error("it takes {0} MB of memory at least and there is less; close other programs, raise the limit, or make the picture smaller")]
    Memory(usize),
    /// A damaged installation.
    #[error(transparent)]
    Parameters(#[from] BadParameters),
    /// No random bytes.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// A zero challenge.
    #[error(transparent)]
    Transcript(#[from] BadProofBytes),
    /// Whoever watched wanted no proof any more.
    #[error("stopped before the proof was finished")]
    Stopped,
    /// halo2 gave up.
    #[error("the circuit's prover failed: {0}")]
    Circuit(String),
    /// The finished proof did not verify.
    #[error("the finished proof did not verify: {0}")]
    SelfCheck(#[from] crate::verify::Reject),
}

/// A committed tensor and its secrets.
pub struct Input<'a> {
    /// The cells; bytes, planar, of a picture.
    pub cells: CellsRef<'a>,
    /// One blinder a row.
    pub blinders: &'a [F],
    /// The rows, as published.
    pub rows: &'a [Affine],
}

crate::opaque!(Input<'_>);

/// A proof and what it publishes or hands on.
pub struct Proved {
    /// The proof's bytes.
    pub proof: Vec<u8>,
    /// The output.
    pub output: Cells,
    /// The rows of a hidden output; empty if it was revealed.
    pub output_rows: Vec<Affine>,
    /// The blinders of a hidden output's rows. Secret.
    pub output_blinders: Zeroizing<Vec<F>>,
}

crate::opaque!(Proved);

impl Proved {
    /// The bytes of an output that is a picture.
    pub fn pixels(&self) -> &[u8] {
        match &self.output {
            Cells::U8(pixels) => pixels,
            _ => &[],
        }
    }

    /// The cells of any output.
    pub fn cells(&self) -> CellsRef<'_> {
        self.output.view()
    }

    /// The same of a picture, taken out.
    pub fn take_pixels(&mut self) -> Vec<u8> {
        match &mut self.output {
            Cells::U8(pixels) => std::mem::take(pixels),
            _ => Vec::new(),
        }
    }
}

/// Proves that the relation's graph, on the committed inputs, gives the output.
///
/// `context` is everything else the statement says. The proof is verified before it is returned.
pub fn prove(relation: &Relation, context: &[u8], inputs: &[Input<'_>]) -> Result<Proved, ProveError> {
    prove_watched(relation, context, inputs, &())
}

/// As [`prove`], for somebody who wants to know how far it is, or to stop it. What is secret is wiped then too.
///
/// # Errors
/// [`ProveError::Stopped`] if the observer said so.
pub fn prove_watched(relation: &Relation, context: &[u8], inputs: &[Input<'_>], observer: &dyn Observer) -> Result<Proved, ProveError> {
    prove_over::<Blake2b>(relation, context, inputs, observer)
}

/// As [`prove_watched`], if what comes out is what was wanted; `None`, before anything is proved, if it is not.
///
/// # Errors
/// As [`prove_watched`].
pub fn prove_if(
    relation: &Relation,
    context: &[u8],
    inputs: &[Input<'_>],
    wanted: &dyn Fn(CellsRef<'_>) -> bool,
    observer: &dyn Observer,
) -> Result<Option<Proved>, ProveError> {
    made::<Blake2b>(relation, context, inputs, wanted, observer)
}

/// As [`prove_watched`], with challenges from another sponge; [`crate::verify::verify_over`] the same accepts the proof.
///
/// # Errors
/// As [`prove_watched`].
pub fn prove_over<S: Sponge>(
    relation: &Relation,
    context: &[u8],
    inputs: &[Input<'_>],
    observer: &dyn Observer,
) -> Result<Proved, ProveError> {
    let made = made::<S>(relation, context, inputs, &|_| true, observer)?;
    Ok(made.unwrap_or_else(|| unreachable!("whatever comes out is wanted")))
}

fn made<S: Sponge>(
    relation: &Relation,
    context: &[u8],
    inputs: &[Input<'_>],
    wanted: &dyn Fn(CellsRef<'_>) -> bool,
    observer: &dyn Observer,
) -> Result<Option<Proved>, ProveError> {
    if !fit(relation, inputs) {
        return Err(ProveError::Input);
    }
    // How often an entry is hit is counted in 32 bits.
    if u32::try_from(relation.looked_up()).is_err() {
        return Err(ProveError::TooLarge);
    }
    room(relation.memory(observer.memory()), observer.memory())?;
    let generators = Generators::load_for(relation.m)?;
    let keys = Keys::load(relation.class().ok_or(ProveError::TooLarge)?)?;
    begin(observer, Phase::Computing)?;
    let mut witness = Witness::new(relation, inputs.iter().map(|input| input.cells.to_owned()).collect());
    let mut output = Zeroizing::new(std::mem::replace(&mut witness.output, Cells::U8(Vec::new())));
    if !wanted(output.view()) {
        return Ok(None);
    }
    let revealed = if relation.hidden_output.is_some() {
        Pixels::none()
    } else {
        Pixels::of_cells(relation.output, relation.output_bounds, output.view())
    };
    let blinders = inputs.iter().flat_map(|input| input.blinders).flat_map(zkimg_group::field::scalar_to_bytes);
    let blinder_bytes: Zeroizing<Vec<u8>> = Zeroizing::new(blinders.collect());
    let rows: Vec<&[Affine]> = inputs.iter().map(|input| input.rows).collect();
    let roots = relation.input_roots(&rows);
    // What the system gives may repeat; then another statement, or another sponge, must have other masks all the same.
    let mut random = hedged("proof", &[&blinder_bytes, context, &relation.digest(), &roots.concat(), S::NAME.as_bytes()])?;
    let mut prover = Prover::<S>::new(relation, generators, witness, inputs, revealed.cells(), &mut random, observer);
    absorb(&mut prover.writer, relation, &Statement { context, inputs: &roots, output: &revealed });
    let run = run(&relation.sizes(), &mut prover)?;
    let output_blinders = Zeroizing::new(relation.hidden_output.map(|t| prover.blinders(t)).unwrap_or_default());
    let proof = prover.finish(&run, keys)?;
    begin(observer, Phase::Checking)?;
    let output_rows = crate::verify::verify_over::<S>(relation, context, &rows, revealed, &proof)?.output_rows;
    let output = std::mem::replace(&mut *output, Cells::U8(Vec::new()));
    Ok(Some(Proved { proof, output, output_rows, output_blinders }))
}

/// Whether inputs have a relation's sizes, and cells within its bounds.
#[doc(hidden)]
pub fn fit(relation: &Relation, inputs: &[Input<'_>]) -> bool {
    let layouts = &relation.tensors[..relation.inputs];
    let fits = |(input, layout): (&Input<'_>, &Layout)| {
        input.cells.len() == layout.dims.cells() && [input.blinders.len(), input.rows.len()] == [layout.rows.len(); 2]
    };
    let within = |((_, value), input): ((ValueId, &Value), &Input<'_>)| input.cells.are_within(value.bounds);
    inputs.len() == relation.inputs && inputs.iter().zip(layouts).all(fits) && relation.graph().inputs().zip(inputs).all(within)
}

/// Says what begins, unless nothing more is wanted.
///
/// # Errors
/// [`ProveError::Stopped`] if the observer said so.
pub fn begin(observer: &dyn Observer, phase: Phase) -> Result<(), ProveError> {
    if observer.stops() {
        return Err(ProveError::Stopped);
    }
    observer.phase(phase);
    Ok(())
}

/// Asks for the memory beforehand: an allocation that fails halfway ends the process without a word.
fn room(bytes: usize, limit: Option<usize>) -> Result<(), ProveError> {
    let mut probe: Vec<u8> = Vec::new();
    let found = probe.try_reserve_exact(bytes);
    std::hint::black_box(&probe);
    if found.is_err() || limit.is_some_and(|limit| bytes > limit) { Err(ProveError::Memory(bytes.div_ceil(1_000_000))) } else { Ok(()) }
}
