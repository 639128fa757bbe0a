//! The prover.

use crate::argument::{LABEL, Party, Pixels, Run, Statement, Turn, absorb, run};
use crate::circuit::{Coefficients, Draws, Keys, Published, Tail, write_circuit_proof};
use crate::commitment::{commit_rows, root};
use crate::dot::{Limbs, Narrow, Sum, add_scaled};
use crate::equations::{Batch, Message, SLOTS};
use crate::field::{Affine, F};
use crate::generators::{BadParameters, Generators};
use crate::logup::{self, Leaves, Tree};
use crate::msm::FixedBase;
use crate::opening::{Mask, Secret};
use crate::randomness::{NoRandomness, hedged};
use crate::relation::{Relation, Witness};
use crate::sumcheck::LinearProver;
use crate::tensor::{Cells, Layout};
use crate::transcript::{BadProofBytes, Transcript, Writer};
use ff::Field;
use rand_chacha::ChaCha20Rng;
use std::sync::Arc;
use zeroize::{Zeroize, Zeroizing};

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
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
    /// halo2 gave up.
    #[error("the circuit's prover failed: {0}")]
    Circuit(String),
    /// The finished proof did not verify.
    #[error("the finished proof did not verify: {0}")]
    SelfCheck(#[from] crate::verify::Reject),
}

/// A committed picture and its secrets.
pub struct Input<'a> {
    /// Bytes, planar.
    pub cells: &'a [u8],
    /// One blinder a row.
    pub blinders: &'a [F],
    /// The rows, as published.
    pub rows: &'a [Affine],
}

/// A proof and what it publishes or hands on.
pub struct Proved {
    /// The proof's bytes.
    pub proof: Vec<u8>,
    /// The output picture.
    pub output: Vec<u8>,
    /// The rows of a hidden output; empty if it was revealed.
    pub output_rows: Vec<Affine>,
    /// The blinders of a hidden output's rows. Secret.
    pub output_blinders: Zeroizing<Vec<F>>,
}

/// Proves that the relation's steps, applied to the committed input, give the output.
///
/// `context` is everything else the statement says. The proof is verified before it is returned.
pub fn prove(relation: &Relation, context: &[u8], input: &Input<'_>) -> Result<Proved, ProveError> {
    let layout = &relation.tensors[0];
    if input.cells.len() != layout.dims.cells() || [input.blinders.len(), input.rows.len()] != [layout.rows.len(); 2] {
        return Err(ProveError::Input);
    }
    room(relation.memory())?;
    let generators = Generators::load()?;
    let keys = Keys::load()?;
    let mut witness = Witness::new(relation, input.cells.to_vec());
    let output = std::mem::take(&mut witness.output);
    let revealed = if relation.hidden_output.is_some() { Pixels::none() } else { Pixels::new(relation.output, &output) };
    let blinder_bytes: Zeroizing<Vec<u8>> = Zeroizing::new(input.blinders.iter().flat_map(crate::field::scalar_to_bytes).collect());
    let mut random = hedged("proof", &[&blinder_bytes, context, &relation.digest()])?;
    let statement = Statement { context, input_root: root(layout, input.rows), output: &revealed };
    let mut prover = Prover::new(relation, generators, witness, input, revealed.cells(), &mut random);
    absorb(&mut prover.writer, relation, &statement);
    let run = run(relation, &mut prover)?;
    let output_blinders = relation.hidden_output.map(|t| prover.secrets.blinders[t].clone()).unwrap_or_default();
    let proof = prover.finish(&run, keys)?;
    let output_rows = crate::verify::verify(relation, context, input.rows, revealed, &proof)?.output_rows;
    Ok(Proved { proof, output, output_rows, output_blinders: Zeroizing::new(output_blinders) })
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

struct Prover<'a> {
    relation: &'a Relation,
    generators: &'a Generators,
    pedersen: FixedBase,
    entries: Vec<Cells>,
    output: &'a [u8],
    halo2: Draws,
    random: &'a mut ChaCha20Rng,
    tree: Option<Tree>,
    /// The public part of the claims.
    constant: Option<F>,
    linear: Option<LinearProver>,
    writer: Writer,
    /// Last, so that nothing shares the tensors any more when they are wiped.
    secrets: Secrets,
}

impl<'a> Prover<'a> {
    fn new(
        relation: &'a Relation,
        generators: &'a Generators,
        mut witness: Witness,
        input: &Input<'_>,
        output: &'a [u8],
        random: &'a mut ChaCha20Rng,
    ) -> Prover<'a> {
        use rand_core::SeedableRng;
        let (tensors, entries) = (std::mem::take(&mut witness.tensors), std::mem::take(&mut witness.entries));
        let mut draw = |n: usize| -> Vec<F> { (0..n).map(|_| F::random(&mut *random)).collect() };
        let mut blinders = vec![input.blinders.to_vec()];
        blinders.extend(relation.tensors[1..].iter().map(|t| draw(t.rows.len())));
        let count = relation.schedule().messages();
        let (message_blinders, tail_blinders) = (draw(count), draw(crate::circuit::BLINDED_ROWS));
        let halo2 = Draws::new(ChaCha20Rng::from_rng(&mut *random));
        let secrets = Secrets {
            tensors: tensors.into_iter().map(Arc::new).collect(),
            blinders,
            messages: vec![[F::ZERO; SLOTS]; count],
            message_blinders,
            tail: halo2.tail(),
            tail_blinders,
        };
        let points: Vec<Affine> = generators.rows(crate::generators::MIN_ROW_BITS)[..SLOTS].iter().copied().chain([generators.h]).collect();
        Prover {
            relation,
            generators,
            pedersen: FixedBase::new(&points),
            entries,
            output,
            halo2,
            random,
            tree: None,
            constant: None,
            linear: None,
            writer: Writer::new(LABEL),
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
        let schedule = self.relation.schedule();
        let constant = self.constant.expect("the sum-check comes first");
        let equations = run.equations(self.relation, constant);
        if equations.iter().any(|e| !e.evaluate(&self.secrets.messages).is_zero_vartime()) {
            return Err(ProveError::Output);
        }
        let batch = Batch::new(&schedule, &equations, run.tau);
        let coefficients = Coefficients::new(&batch).ok_or(ProveError::TooLarge)?;
        let messages = self.secrets.messages.clone();
        write_circuit_proof(keys, &keys.proving()?, messages, &coefficients, self.halo2.clone(), &mut self.writer)
            .map_err(|e| ProveError::Circuit(e.to_string()))?;
        let published = Published::read(self.writer.halo2()).ok_or(BadProofBytes::ZeroChallenge)?;
        let terms = published.link(schedule.messages()).ok_or(ProveError::TooLarge)?;
        let blinder: F = terms.messages.iter().zip(&self.secrets.message_blinders).map(|(l, b)| *l * b).sum::<F>()
            + terms.tail.iter().zip(&self.secrets.tail_blinders).map(|(l, b)| *l * b).sum::<F>();
        self.writer.send_scalar(&blinder);
        self.open(run)?;
        Ok(self.writer.finish())
    }

    fn open(&mut self, run: &Run) -> Result<(), ProveError> {
        let schedule = self.relation.schedule();
        let (low, _) = run.rounds.point.split_at(self.relation.m);
        let mut secret = Secret { a: Vec::new(), v: F::ZERO, blinder_v: F::ZERO, blinder_c: F::ZERO };
        let mut parts = Vec::new();
        let mut power = F::ONE;
        for (t, layout) in self.relation.tensors.iter().enumerate() {
            let j = schedule.evaluation(t);
            secret.v += power * self.secrets.messages[j][0];
            secret.blinder_v += power * self.secrets.message_blinders[j];
            let weights = layout.row_weights(&run.rounds.point, power);
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
            Cells::U32(cells) => {
                for s in layout.segments() {
                    let weight = weights[s.row];
                    let a = &mut a[s.column..];
                    a.iter_mut().zip(&cells[s.cells]).for_each(|(a, cell)| *a += weight * F::from(u64::from(*cell)));
                }
            }
        }
    }
    a
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
            if count == crate::dot::CAPACITY {
                a.iter_mut().zip(&mut sums).for_each(|(a, s)| *a += std::mem::take(s).reduce());
                count = 0;
            }
        }
        a.iter_mut().zip(&sums).for_each(|(a, s)| *a += s.reduce());
    });
}

impl Party for Prover<'_> {
    type Error = ProveError;

    fn transcript(&mut self) -> &mut Transcript {
        &mut self.writer
    }

    fn rows(&mut self) -> Result<(), ProveError> {
        for (t, layout) in self.relation.tensors.iter().enumerate().skip(1) {
            for row in commit_rows(self.generators, layout, &self.secrets.tensors[t], &self.secrets.blinders[t]) {
                self.writer.send_point(&row);
            }
        }
        Ok(())
    }

    fn lookups(&mut self, alpha: F, beta: F) -> Result<(), ProveError> {
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
                .map(|(i, (lookup, ids))| logup::Lookup {
                    offset: relation.leaves.offsets[i],
                    dims: lookup.dims,
                    base: base(lookup.table),
                    ids,
                })
                .collect(),
            tables: (0..relation.tables.len())
                .map(|i| logup::Table {
                    offset: relation.leaves.offsets[relation.lookups.len() + i],
                    base: base(i),
                    multiplicities: multiplicities[relation.multiplicities_of(i)].to_vec(),
                })
                .collect(),
        };
        self.tree = Some(Tree::build(leaves));
        Ok(())
    }

    fn message(&mut self, j: usize, turn: Turn<'_>) -> Result<(), ProveError> {
        let two = |[c1, c2]: [F; 2]| [c1, c2, F::ZERO, F::ZERO];
        let message = match (turn, &mut self.tree) {
            (Turn::Root, Some(tree)) => tree.root(),
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
            (Turn::LinearRound { challenges, previous }, tree) => {
                *tree = None;
                let relation = self.relation;
                let tensors = &self.secrets.tensors;
                let constant = &mut self.constant;
                let output = self.output;
                let linear = self.linear.get_or_insert_with(|| {
                    let made = relation.functionals(challenges, output);
                    *constant = Some(made.constant);
                    let all = relation.tensors.iter().zip(tensors).zip(made.weights);
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
        };
        self.secrets.messages[j] = message;
        self.send(message, self.secrets.message_blinders[j]);
        Ok(())
    }

    fn tail(&mut self, row: usize) -> Result<(), ProveError> {
        self.send(self.secrets.tail[row], self.secrets.tail_blinders[row]);
        Ok(())
    }
}
