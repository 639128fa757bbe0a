//! The prover as a channel: what it computes at each turn, what it keeps to itself, and the end of the proof.

use super::opened::opened_vector;
use super::{Input, ProveError, begin};
use crate::argument::{LABEL, Run};
use crate::channel::{Channel, ErrorTerm, Hidden, Message, Quadratic, SLOTS, Turn};
use crate::circuit::{Coefficients, Draws, Keys, Published, Tail, write_circuit_proof};
use crate::commitment::commit_rows;
use crate::equations::Batch;
use crate::lookup::{self, Leaves, Tree};
use crate::observer::{Observer, Phase};
use crate::opening::{Mask, Secret};
use crate::relation::{Relation, Witness};
use crate::sumcheck::{LinearProver, ProductProver};
use crate::transcript::{BadProofBytes, Sponge, Writer};
use ff::Field;
use rand_chacha::ChaCha20Rng;
use std::sync::Arc;
use zeroize::Zeroize;
use zkimg_graph::tensor::{Cells, CellsRef};
use zkimg_group::field::{Affine, F};
use zkimg_group::generators::Generators;
use zkimg_group::msm::FixedBase;

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

pub(super) struct Prover<'a, S> {
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
    pub(super) writer: Writer<S>,
    /// Last, so that nothing shares the tensors any more when they are wiped.
    secrets: Secrets,
}

impl<'a, S: Sponge> Prover<'a, S> {
    pub(super) fn new(
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

    /// The blinders of a tensor's rows.
    pub(super) fn blinders(&self, tensor: usize) -> Vec<F> {
        self.secrets.blinders[tensor].clone()
    }

    /// The circuit, its link to the messages, and the opening of the tensors.
    pub(super) fn finish(mut self, run: &Run, keys: &Keys) -> Result<Vec<u8>, ProveError> {
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
        self.tree = Some(Tree::build(leaves, relation.room_for_tree(self.observer.memory())));
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
