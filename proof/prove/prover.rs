//! The prover as a channel: what it computes at each turn, what it keeps to itself, and the end of the proof.

use super::opened::opened_vector;
use super::turns::Turns;
use super::{Input, ProveError, begin};
use crate::argument::{LABEL, Run};
use crate::channel::{Channel, ErrorTerm, Hidden, Message, Public, Quadratic, SLOTS, Turn};
use crate::circuit::{Coefficients, Draws, Keys, Published, Tail, write_circuit_proof};
use crate::commitment::commit_rows;
use crate::equations::Batch;
use crate::observer::{Observer, Phase};
use crate::opening::{Mask, Secret};
use crate::relation::{Relation, Tensors, Witness};
use crate::transcript::{BadProofBytes, Sponge, Writer};
use ff::Field;
use rand_chacha::ChaCha20Rng;
use zeroize::Zeroize;
use zkimg_graph::tensor::CellsRef;
use zkimg_group::field::{Affine, F};
use zkimg_group::generators::Generators;
use zkimg_group::msm::FixedBase;

/// Everything that must not outlive the proof.
struct Secrets {
    tensors: Tensors,
    blinders: Vec<Vec<F>>,
    messages: Vec<Message>,
    message_blinders: Vec<F>,
    tail: Tail,
    tail_blinders: Vec<F>,
}

impl Drop for Secrets {
    fn drop(&mut self) {
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
    turns: Turns<'a>,
    equations: Vec<Quadratic>,
    halo2: Draws,
    observer: &'a dyn Observer,
    random: &'a mut ChaCha20Rng,
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
        let (tensors, entries) = (witness.take_tensors(), std::mem::take(&mut witness.entries));
        let mut draw = |n: usize| -> Vec<F> { (0..n).map(|_| F::random(&mut *random)).collect() };
        let mut blinders: Vec<Vec<F>> = inputs.iter().map(|input| input.blinders.to_vec()).collect();
        blinders.extend(relation.tensors[relation.inputs..].iter().map(|t| draw(t.rows.len())));
        let count = relation.shape().messages;
        let (message_blinders, tail_blinders) = (draw(count), draw(crate::circuit::BLINDED_ROWS));
        let halo2 = Draws::new(ChaCha20Rng::from_rng(&mut *random));
        let secrets =
            Secrets { tensors, blinders, messages: Vec::with_capacity(count), message_blinders, tail: halo2.tail(), tail_blinders };
        let points: Vec<Affine> =
            generators.rows(zkimg_group::generators::MIN_ROW_BITS)[..SLOTS].iter().copied().chain([generators.h]).collect();
        Prover {
            relation,
            generators,
            pedersen: FixedBase::new(&points),
            turns: Turns::new(relation, relation.sizes(), entries, output),
            equations: Vec::new(),
            halo2,
            observer,
            random,
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
        if self.equations.iter().any(|e| !e.evaluate(|hidden| self.secrets.messages[hidden.message][hidden.slot]).is_zero_vartime()) {
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

impl<S: Sponge> Channel for Prover<'_, S> {
    type Error = ProveError;
    type Scalar = F;

    fn rows(&mut self) -> Result<(), ProveError> {
        begin(self.observer, Phase::Committing)?;
        for (t, layout) in self.relation.tensors.iter().enumerate().skip(self.relation.inputs) {
            for row in commit_rows(self.generators, layout, &self.secrets.tensors[t], &self.secrets.blinders[t]) {
                self.writer.send_point(&row);
            }
        }
        Ok(())
    }

    fn lookups(&mut self, alpha: &F, beta: &F) {
        self.observer.phase(Phase::Lookups);
        self.turns.lookups(&self.secrets.tensors, *alpha, *beta, self.observer.memory());
    }

    fn hidden<const N: usize>(&mut self, turn: Turn<'_>) -> Result<[Hidden; N], ProveError> {
        match turn {
            Turn::ProductSum { .. } => begin(self.observer, Phase::Products)?,
            Turn::LinearRound { previous: None, .. } => begin(self.observer, Phase::Linear)?,
            _ if self.observer.stops() => return Err(ProveError::Stopped),
            _ => {}
        }
        let message = self.turns.compute(&self.secrets.tensors, turn);
        let sent = self.secrets.messages.len();
        self.secrets.messages.push(message);
        self.send(message, self.secrets.message_blinders[sent]);
        Ok(Hidden::of(sent))
    }

    fn challenge(&mut self, _: ErrorTerm) -> F {
        self.writer.challenge()
    }

    fn public(&mut self, numbers: Public<'_>) -> Vec<F> {
        self.turns.public(numbers)
    }

    fn require(&mut self, equation: impl FnOnce(&mut Self) -> Quadratic) {
        let equation = equation(self);
        self.equations.push(equation);
    }

    fn required(&self) -> usize {
        self.equations.len()
    }

    fn tail(&mut self, row: usize) -> Result<(), ProveError> {
        self.send(self.secrets.tail[row], self.secrets.tail_blinders[row]);
        Ok(())
    }
}
