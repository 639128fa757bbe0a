//! The prover.

use crate::argument::{LABEL, Pixels, Run, Statement, absorb, run};
use crate::channel::{Channel, ErrorTerm, Hidden, Message, Quadratic, SLOTS, Turn};
use crate::circuit::{Coefficients, Draws, Keys, Published, Tail, write_circuit_proof};
use crate::commitment::Layout;
use crate::commitment::commit_rows;
use crate::equations::Batch;
use crate::lookup::{self, Leaves, Tree};
use crate::observer::{Observer, Phase};
use crate::opening::{Mask, Secret};
use crate::relation::{Relation, Witness};
use crate::sumcheck::{LinearProver, ProductProver};
use crate::transcript::{BadProofBytes, Blake2b, Sponge, Writer};
use ff::Field;
use rand_chacha::ChaCha20Rng;
use std::sync::Arc;
use zeroize::{Zeroize, Zeroizing};
use zkimg_graph::graph::{Value, ValueId};
use zkimg_graph::tensor::{Cells, CellsRef};
use zkimg_group::dot::{Limbs, Narrow, Sum, add_scaled};
use zkimg_group::field::{Affine, F, from_i64};
use zkimg_group::generators::{BadParameters, Generators};
use zkimg_group::msm::FixedBase;
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
    let layouts = &relation.tensors[..relation.inputs];
    let fits = |(input, layout): (&Input<'_>, &Layout)| {
        input.cells.len() == layout.dims.cells() && [input.blinders.len(), input.rows.len()] == [layout.rows.len(); 2]
    };
    let within = |((_, value), input): ((ValueId, &Value), &Input<'_>)| input.cells.are_within(value.bounds);
    if inputs.len() != relation.inputs || !inputs.iter().zip(layouts).all(fits) || !relation.graph().inputs().zip(inputs).all(within) {
        return Err(ProveError::Input);
    }
    room(relation.memory())?;
    let generators = Generators::load()?;
    let keys = Keys::load(relation.class().ok_or(ProveError::TooLarge)?)?;
    begin(observer, Phase::Computing)?;
    let mut witness = Witness::new(relation, inputs.iter().map(|input| input.cells.to_owned()).collect());
    let output = std::mem::replace(&mut witness.output, Cells::U8(Vec::new()));
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
    let run = run(relation, revealed.cells(), &mut prover)?;
    let output_blinders = relation.hidden_output.map(|t| prover.secrets.blinders[t].clone()).unwrap_or_default();
    let proof = prover.finish(&run, keys)?;
    begin(observer, Phase::Checking)?;
    let output_rows = crate::verify::verify_over::<S>(relation, context, &rows, revealed, &proof)?.output_rows;
    Ok(Proved { proof, output, output_rows, output_blinders: Zeroizing::new(output_blinders) })
}

/// Says what begins, unless nothing more is wanted.
fn begin(observer: &dyn Observer, phase: Phase) -> Result<(), ProveError> {
    if observer.stops() {
        return Err(ProveError::Stopped);
    }
    observer.phase(phase);
    Ok(())
}

/// Asks for the memory beforehand: an allocation that fails halfway ends the process without a word.
fn room(bytes: usize) -> Result<(), ProveError> {
    let mut probe: Vec<u8> = Vec::new();
    let found = probe.try_reserve_exact(bytes);
    std::hint::black_box(&probe);
    found.map_err(|_| ProveError::Memory(bytes >> 20))
}

/// Everything that must not outlive the proof.
struct Secrets {
    tensors: Vec<Arc<Cells>>,
    blinders: Vec<Vec<F>>,
    messages: Vec<Message>,
    message_blinders: Vec<F>,
    tail: Tail,
    tail_blinders: Vec<F>,
}

impl Drop for Secrets {
    fn drop(&mut self) {
        self.tensors.iter_mut().filter_map(Arc::get_mut).for_each(Zeroize::zeroize);
        self.blinders.zeroize();
        self.messages.zeroize();
        self.message_blinders.zeroize();
        self.tail.zeroize();
        self.tail_blinders.zeroize();
    }
}

struct Prover<'a, S> {
    relation: &'a Relation,
    generators: &'a Generators,
    pedersen: FixedBase,
    entries: Vec<Cells>,
    output: CellsRef<'a>,
    equations: Vec<Quadratic>,
    halo2: Draws,
    observer: &'a dyn Observer,
    random: &'a mut ChaCha20Rng,
    tree: Option<Tree>,
    products: Option<ProductProver>,
    linear: Option<LinearProver>,
    writer: Writer<S>,
    /// Last, so that nothing shares the tensors any more when they are wiped.
    secrets: Secrets,
}

impl<'a, S: Sponge> Prover<'a, S> {
    fn new(
        relation: &'a Relation,
        generators: &'a Generators,
        mut witness: Witness,
        inputs: &[Input<'_>],
        output: CellsRef<'a>,
        random: &'a mut ChaCha20Rng,
        observer: &'a dyn Observer,
    ) -> Prover<'a, S> {
        use rand_core::SeedableRng;
        let (tensors, entries) = (std::mem::take(&mut witness.tensors), std::mem::take(&mut witness.entries));
        let mut draw = |n: usize| -> Vec<F> { (0..n).map(|_| F::random(&mut *random)).collect() };
        let mut blinders: Vec<Vec<F>> = inputs.iter().map(|input| input.blinders.to_vec()).collect();
        blinders.extend(relation.tensors[relation.inputs..].iter().map(|t| draw(t.rows.len())));
        let count = relation.shape().messages;
        let (message_blinders, tail_blinders) = (draw(count), draw(crate::circuit::BLINDED_ROWS));
        let halo2 = Draws::new(ChaCha20Rng::from_rng(&mut *random));
        let secrets = Secrets {
            tensors: tensors.into_iter().map(Arc::new).collect(),
            blinders,
            messages: Vec::with_capacity(count),
            message_blinders,
            tail: halo2.tail(),
            tail_blinders,
        };
        let points: Vec<Affine> =
            generators.rows(zkimg_group::generators::MIN_ROW_BITS)[..SLOTS].iter().copied().chain([generators.h]).collect();
        Prover {
            relation,
            generators,
            pedersen: FixedBase::new(&points),
            entries,
            output,
            equations: Vec::new(),
            halo2,
            observer,
            random,
            tree: None,
            products: None,
            linear: None,
            writer: Writer::over(LABEL),
            secrets,
        }
    }

    fn send(&mut self, message: Message, blinder: F) {
        use pasta_curves::arithmetic::CurveExt;
        let [a0, a1, a2, a3] = message;
        let point = self.pedersen.sum(&[a0, a1, a2, a3, blinder]);
        self.writer.send_point(&point.to_affine_vartime());
    }

    /// The circuit, its link to the messages, and the opening of the tensors.
    fn finish(mut self, run: &Run, keys: &Keys) -> Result<Vec<u8>, ProveError> {
        if self.equations.iter().any(|e| !e.evaluate(&self.secrets.messages).is_zero_vartime()) {
            return Err(ProveError::Output);
        }
        begin(self.observer, Phase::Circuit)?;
        let batch = Batch::new(self.secrets.messages.len(), &self.equations, run.tau).map_err(|_| ProveError::TooLarge)?;
        let coefficients = Coefficients::new(&batch).ok_or(ProveError::TooLarge)?;
        let messages = self.secrets.messages.clone();
        write_circuit_proof(keys, &keys.proving()?, messages, &coefficients, self.halo2.clone(), &mut self.writer)
            .map_err(|e| ProveError::Circuit(e.to_string()))?;
        let published = Published::read(keys.class, self.writer.halo2()).ok_or(BadProofBytes::ZeroChallenge)?;
        let terms = published.link(self.secrets.messages.len()).ok_or(ProveError::TooLarge)?;
        let blinder: F = terms.messages.iter().zip(&self.secrets.message_blinders).map(|(l, b)| *l * b).sum::<F>()
            + terms.tail.iter().zip(&self.secrets.tail_blinders).map(|(l, b)| *l * b).sum::<F>();
        self.writer.send_scalar(&blinder);
        begin(self.observer, Phase::Opening)?;
        self.open(run)?;
        Ok(self.writer.finish())
    }

    fn open(&mut self, run: &Run) -> Result<(), ProveError> {
        let (low, _) = run.point.split_at(self.relation.m);
        let mut secret = Secret { a: Vec::new(), v: F::ZERO, blinder_v: F::ZERO, blinder_c: F::ZERO };
        let mut parts = Vec::new();
        let mut power = F::ONE;
        for (t, layout) in self.relation.tensors.iter().enumerate() {
            let evaluation = run.evaluations[t];
            secret.v += power * self.secrets.messages[evaluation.message][evaluation.slot];
            secret.blinder_v += power * self.secrets.message_blinders[evaluation.message];
            let weights = layout.row_weights(&run.point, self.relation.m, power);
            secret.blinder_c += weights.iter().zip(self.secrets.blinders[t].iter()).map(|(w, b)| *w * b).sum::<F>();
            parts.push((layout, self.secrets.tensors[t].as_ref(), weights));
            power *= run.delta;
        }
        secret.a = opened_vector(self.relation.m, &parts);
        let mask = Mask::new(self.relation.m, &mut *self.random);
        crate::opening::prove(&mut self.writer, self.generators, low, &secret, mask)?;
        Ok(())
    }
}

/// `a[j] = Σ_t Σ_i weight_t[i]·X_t[i·L + j]`.
fn opened_vector(m: usize, parts: &[(&Layout, &Cells, Vec<F>)]) -> Vec<F> {
    let mut a = vec![F::ZERO; 1 << m];
    for (layout, cells, weights) in parts {
        match cells {
            Cells::U8(cells) => add_rows(&mut a, layout, cells, weights),
            Cells::U16(cells) => add_rows(&mut a, layout, cells, weights),
            Cells::U32(cells) => add_wide_rows(&mut a, layout, cells, weights),
            Cells::I16(cells) => add_wide_rows(&mut a, layout, cells, weights),
            Cells::I64(cells) => add_wide_rows(&mut a, layout, cells, weights),
        }
    }
    a
}

fn add_wide_rows<T: Copy + Into<i64>>(a: &mut [F], layout: &Layout, cells: &[T], weights: &[F]) {
    for s in layout.segments() {
        let weight = weights[s.row];
        a[s.column..].iter_mut().zip(&cells[s.cells]).for_each(|(a, cell)| *a += weight * from_i64((*cell).into()));
    }
}

fn add_rows<T: Narrow>(a: &mut [F], layout: &Layout, cells: &[T], weights: &[F]) {
    use rayon::prelude::*;
    const BLOCK: usize = 256;
    let weights: Vec<Limbs> = weights.iter().map(Limbs::from).collect();
    let segments = layout.segments();
    a.par_chunks_mut(BLOCK).enumerate().for_each(|(i, a)| {
        let (start, end) = (i * BLOCK, i * BLOCK + a.len());
        let mut sums = vec![Sum::default(); a.len()];
        let mut count = 0;
        for s in &segments {
            let (from, to) = (s.column.max(start), (s.column + s.cells.len()).min(end));
            if from >= to {
                continue;
            }
            let first = s.cells.start + from - s.column;
            add_scaled(&mut sums[from - start..to - start], &weights[s.row], &cells[first..first + to - from]);
            count += 1;
            if count == zkimg_group::dot::CAPACITY {
                a.iter_mut().zip(&mut sums).for_each(|(a, s)| *a += std::mem::take(s).reduce());
                count = 0;
            }
        }
        a.iter_mut().zip(&sums).for_each(|(a, s)| *a += s.reduce());
    });
}

impl<S: Sponge> Prover<'_, S> {
    /// What the turn asks for.
    fn compute(&mut self, turn: Turn<'_>) -> Message {
        let two = |[c1, c2]: [F; 2]| [c1, c2, F::ZERO, F::ZERO];
        let last_two = |[a, b]: [F; 2]| [F::ZERO, F::ZERO, a, b];
        let relation = self.relation;
        match (turn, &mut self.tree) {
            (Turn::Root, Some(tree)) => tree.root(),
            (Turn::RootInverse, Some(tree)) => {
                let [_, _, q0, q1] = tree.root();
                last_two([q0 * q1, (q0 * q1).invert().unwrap_or(F::ZERO)])
            }
            (Turn::LayerRound { k, point, lambda, previous }, Some(tree)) => {
                match previous {
                    None => tree.begin(k, point, lambda),
                    Some(s) => tree.bind(s),
                }
                two(tree.round())
            }
            (Turn::LayerEnd { previous }, Some(tree)) => {
                tree.bind(previous);
                tree.end()
            }
            (Turn::ProductSum { challenges }, tree) => {
                *tree = None;
                let tensors = &self.secrets.tensors;
                let made = ProductProver::new(relation.factors(challenges, &|t| tensors[t].view(), self.output));
                [self.products.insert(made).sum(), F::ZERO, F::ZERO, F::ZERO]
            }
            (Turn::ProductRound { previous }, _) => {
                let products = self.products.as_mut().expect("their sum comes first");
                if let Some(r) = previous {
                    products.bind(r);
                }
                two(products.round())
            }
            (Turn::Operands { i, previous }, _) => {
                let products = self.products.as_mut().expect("their sum comes first");
                if let (0, Some(r)) = (i, previous) {
                    products.bind(r);
                }
                last_two(products.operands(i))
            }
            (Turn::LinearRound { challenges, previous }, tree) => {
                (*tree, self.products) = (None, None);
                let tensors = &self.secrets.tensors;
                let linear = self.linear.get_or_insert_with(|| {
                    let all = relation.tensors.iter().zip(tensors).zip(relation.functionals(challenges));
                    LinearProver::new(all.map(|((layout, cells), weights)| (layout.dims, cells.clone(), weights)))
                });
                if let Some(r) = previous {
                    linear.bind(r);
                }
                two(linear.round())
            }
            (Turn::Evaluation { t, previous }, _) => {
                let linear = self.linear.as_mut().expect("the sum-check comes first");
                if t == 0 {
                    linear.bind(previous);
                }
                [linear.evaluation(t), F::ZERO, F::ZERO, F::ZERO]
            }
            (_, None) => unreachable!("a lookup turn without lookups"),
        }
    }
}

impl<S: Sponge> Channel for Prover<'_, S> {
    type Error = ProveError;

    fn rows(&mut self) -> Result<(), ProveError> {
        begin(self.observer, Phase::Committing)?;
        for (t, layout) in self.relation.tensors.iter().enumerate().skip(self.relation.inputs) {
            for row in commit_rows(self.generators, layout, &self.secrets.tensors[t], &self.secrets.blinders[t]) {
                self.writer.send_point(&row);
            }
        }
        Ok(())
    }

    fn lookups(&mut self, alpha: F, beta: F) {
        self.observer.phase(Phase::Lookups);
        let relation = self.relation;
        let base = |table| relation.multiplicities_of(table).start;
        let lookups = relation.lookups.iter().zip(std::mem::take(&mut self.entries)).enumerate();
        let multiplicities = match self.secrets.tensors.last().map(Arc::as_ref) {
            Some(Cells::U32(counts)) => &counts[..],
            _ => &[],
        };
        let leaves = Leaves {
            bits: relation.leaf_bits(),
            entries: relation.denominators(alpha, beta),
            lookups: lookups
                .map(|(i, (lookup, ids))| lookup::Lookup {
                    offset: relation.leaves.offsets[i],
                    dims: lookup.dims,
                    base: base(lookup.table),
                    ids,
                })
                .collect(),
            tables: (0..relation.tables.len())
                .map(|i| lookup::Table {
                    offset: relation.leaves.offsets[relation.lookups.len() + i],
                    base: base(i),
                    multiplicities: multiplicities[relation.multiplicities_of(i)].to_vec(),
                })
                .collect(),
        };
        self.tree = Some(Tree::build(leaves));
    }

    fn hidden<const N: usize>(&mut self, turn: Turn<'_>) -> Result<[Hidden; N], ProveError> {
        match turn {
            Turn::ProductSum { .. } => begin(self.observer, Phase::Products)?,
            Turn::LinearRound { previous: None, .. } => begin(self.observer, Phase::Linear)?,
            _ if self.observer.stops() => return Err(ProveError::Stopped),
            _ => {}
        }
        let message = self.compute(turn);
        let sent = self.secrets.messages.len();
        self.secrets.messages.push(message);
        self.send(message, self.secrets.message_blinders[sent]);
        Ok(Hidden::of(sent))
    }

    fn challenge(&mut self, _: ErrorTerm) -> F {
        self.writer.challenge()
    }

    fn require(&mut self, equation: impl FnOnce() -> Quadratic) {
        self.equations.push(equation());
    }

    fn required(&self) -> usize {
        self.equations.len()
    }

    fn tail(&mut self, row: usize) -> Result<(), ProveError> {
        self.send(self.secrets.tail[row], self.secrets.tail_blinders[row]);
        Ok(())
    }
}
