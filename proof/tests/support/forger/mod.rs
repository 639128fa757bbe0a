//! A second prover, slow and plain, that lies.
//!
//! It works on dense vectors of field elements, so that it can commit to anything, and its default is the best lie:
//! whatever the committed cells are, it changes messages so that every equation between them holds. Given true cells
//! it changes nothing and is a reference for the fast prover.

mod cells;
pub(crate) mod dense;
mod products;
mod turns;

use super::{CONTEXT, Case, shown_cells};
use dense::flat_values;
use ff::Field;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use zkimg_graph::tensor::Cells;
use zkimg_group::field::{Affine, F, eq_table, from_i64};
use zkimg_group::generators::{Generators, MAX_ROW_BITS};
use zkimg_group::msm::{msm, to_affine};
use zkimg_proof::argument::{LABEL, Run, Statement, absorb, run};
use zkimg_proof::channel::{Channel, ErrorTerm, Hidden, Message, Public, Quadratic, Turn};
use zkimg_proof::circuit::{BLINDED_ROWS, Coefficients, Draws, Keys, Published, Tail, write_circuit_proof};
use zkimg_proof::equations::Batch;
use zkimg_proof::opening::{Mask, Secret};
use zkimg_proof::relation::{Output, Relation, Witness};
use zkimg_proof::transcript::Writer;
use zkimg_proof::verify::{Reject, Verified, verify};

/// Where the lie that makes the equations hold is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    /// Nowhere: the equations do not hold.
    None,
    /// In the messages; the opening of the evaluations is of the true ones.
    Messages,
    /// In the messages and in the opened value.
    Opening,
    /// In the circuit's witness alone.
    Circuit,
}

type Patch = Box<dyn Fn(Turn<'_>, &mut Message)>;

pub(crate) struct Forger {
    pub relation: Relation,
    /// All committed cells of each tensor, by flat index.
    pub tensors: Vec<Vec<F>>,
    /// The revealed output; nothing if it is hidden.
    pub output: Vec<i64>,
    pub lie: Lie,
    /// Changes a message before the lie is fitted to it.
    pub patch: Patch,
    /// Added to slot 0 of an unused row of the circuit.
    pub junk_row: F,
    /// Added to a blinder that the tail predicts.
    pub wrong_tail: F,
    /// Changes the batch of equations that the circuit is proved for.
    pub batched: Box<dyn Fn(&mut Batch)>,
    /// Blinds the coefficients' columns too.
    pub blind_coefficients: bool,
    /// What is added to a row's commitment besides its cells: tensor, row, generator, how often. It may lie beyond the row's length.
    pub beyond: Vec<(usize, usize, usize, F)>,
    blinders: Vec<Vec<F>>,
    rows: Vec<Vec<Affine>>,
    random: ChaCha20Rng,
    writer: Writer,
    layers: Vec<[Vec<F>; 2]>,
    children: [Vec<F>; 4],
    /// The claim of the sum-check that is running, as the verifier's equations carry it.
    claim: F,
    end: Message,
    round: Message,
    layer: (Vec<F>, F, usize),
    weights: Vec<Vec<F>>,
    values: Vec<Vec<F>>,
    /// Operands of the products, dense over the shared indices.
    factors: Vec<(F, [Vec<F>; 2])>,
    product_claim: F,
    /// As they are sent.
    product_sum: F,
    operands: Vec<[F; 2]>,
    product_point: Vec<F>,
    own_bits: Vec<usize>,
    sent: Vec<Message>,
    claimed: Vec<Message>,
    equations: Vec<Quadratic>,
    message_blinders: Vec<F>,
    tail: Tail,
    tail_blinders: Vec<F>,
    halo2: ChaCha20Rng,
}

impl Forger {
    /// True cells of a case.
    pub(crate) fn new(case: &Case, output: Output) -> Forger {
        Forger::of(case.relation(output), vec![Cells::U8(case.cells.clone())])
    }

    /// True cells of a graph.
    pub(crate) fn of(relation: Relation, inputs: Vec<Cells>) -> Forger {
        let witness = Witness::new(&relation, inputs);
        let cells = relation.tensors.iter().zip(&witness.tensors);
        let tensors = cells.map(|(layout, cells)| flat_values(layout.dims, layout.committed_bits(), |i| from_i64(cells.get(i))));
        let tensors = tensors.collect();
        let mut random = ChaCha20Rng::from_seed([7; 32]);
        let count = relation.shape().messages;
        let halo2 = ChaCha20Rng::from_seed([8; 32]);
        Forger {
            output: if relation.hidden_output.is_some() { Vec::new() } else { witness.output.view().widened() },
            tensors,
            lie: Lie::None,
            patch: Box::new(|_, _| ()),
            junk_row: F::ZERO,
            wrong_tail: F::ZERO,
            batched: Box::new(|_| ()),
            blind_coefficients: false,
            beyond: Vec::new(),
            blinders: relation.tensors.iter().map(|t| t.rows.iter().map(|_| F::random(&mut random)).collect()).collect(),
            rows: Vec::new(),
            writer: Writer::new(LABEL),
            layers: Vec::new(),
            children: Default::default(),
            claim: F::ZERO,
            end: Message::default(),
            round: Message::default(),
            layer: (Vec::new(), F::ZERO, 0),
            weights: Vec::new(),
            values: Vec::new(),
            factors: Vec::new(),
            product_claim: F::ZERO,
            product_sum: F::ZERO,
            operands: Vec::new(),
            product_point: Vec::new(),
            own_bits: Vec::new(),
            sent: Vec::new(),
            claimed: Vec::new(),
            equations: Vec::new(),
            message_blinders: (0..count).map(|_| F::random(&mut random)).collect(),
            tail: Draws::new(halo2.clone()).tail(),
            tail_blinders: (0..BLINDED_ROWS).map(|_| F::random(&mut random)).collect(),
            halo2,
            random,
            relation,
        }
    }

    /// A row of the circuit that the statement has no message for.
    pub(crate) fn unused(&self) -> usize {
        let class = self.relation.class().expect("a size");
        let row = class.messages() - 1;
        assert!(row >= self.message_blinders.len(), "the circuit is full");
        row
    }

    /// The output as it is published.
    pub(crate) fn shown(&self) -> Cells {
        Cells::narrowest(&self.output, self.relation.output_bounds)
    }

    /// Commits every row of every tensor: which values stand in it, junk included.
    fn commit(&mut self) {
        let generators = Generators::load().expect("generators");
        let longest = generators.rows(MAX_ROW_BITS);
        let tensors = self.relation.tensors.iter().zip(&self.tensors).zip(&self.blinders).enumerate();
        self.rows = tensors
            .map(|(t, ((layout, cells), blinders))| {
                let m = layout.m;
                let row = |(r, (i, b)): (usize, (&usize, &F))| {
                    let more = self.beyond.iter().filter(|(tensor, row, ..)| (*tensor, *row) == (t, r));
                    let more = more.map(|(.., column, times)| longest[*column] * *times);
                    msm(&cells[i << m..(i + 1) << m], &longest[..1 << m]) + generators.h * *b + more.sum::<zkimg_group::field::Point>()
                };
                to_affine(&layout.rows.iter().zip(blinders).enumerate().map(row).collect::<Vec<_>>())
            })
            .collect();
    }

    /// The proof.
    pub(crate) fn prove(&mut self) -> Vec<u8> {
        self.commit();
        let cells = self.shown();
        let rows: Vec<&[Affine]> = self.rows[..self.relation.inputs].iter().map(|rows| &rows[..]).collect();
        let roots = self.relation.input_roots(&rows);
        let statement = Statement { context: CONTEXT, inputs: &roots, output: &shown_cells(&self.relation, cells.view()) };
        absorb(&mut self.writer, &self.relation, &statement);
        let Ok(run) = run(&self.relation.sizes(), self);
        self.finish(&run);
        std::mem::replace(&mut self.writer, Writer::new(LABEL)).finish()
    }

    pub(crate) fn input_rows(&self) -> &[Affine] {
        &self.rows[0]
    }

    /// Which check refuses the proof.
    pub(crate) fn judge(&mut self) -> Result<Verified, Reject> {
        let proof = self.prove();
        self.judge_bytes(&proof)
    }

    pub(crate) fn judge_bytes(&self, proof: &[u8]) -> Result<Verified, Reject> {
        let rows: Vec<&[Affine]> = self.rows[..self.relation.inputs].iter().map(|rows| &rows[..]).collect();
        verify(&self.relation, CONTEXT, &rows, shown_cells(&self.relation, self.shown().view()), proof)
    }

    fn commitment(message: &Message, blinder: F) -> Affine {
        let generators = Generators::load().expect("generators");
        let point = msm(message, &generators.rows(4)[..4]) + generators.h * blinder;
        to_affine(&[point])[0]
    }

    fn finish(&mut self, run: &Run) {
        let mut batch = Batch::new(self.sent.len(), &self.equations, run.tau).expect("products of one row");
        (self.batched)(&mut batch);
        let coefficients = Coefficients::new(&batch).expect("few messages");
        let witness = if self.lie == Lie::None { &self.sent } else { &self.claimed };
        let mut messages = witness.clone();
        let keys = Keys::load(self.relation.class().expect("a size")).expect("keys");
        messages.resize(keys.class.usable(), Message::default());
        if self.junk_row != F::ZERO {
            messages[self.unused()][0] += self.junk_row;
        }
        let key = keys.proving().expect("a key");
        // halo2's prover does not look whether its witness satisfies the circuit.
        let generator = self.halo2.clone();
        let written = match self.blind_coefficients {
            true => write_circuit_proof(keys, &key, messages, &coefficients, generator, &mut self.writer),
            false => write_circuit_proof(keys, &key, messages, &coefficients, Draws::new(generator), &mut self.writer),
        };
        written.expect("a circuit proof");
        let published = Published::read(keys.class, self.writer.halo2()).expect("x is no root of unity");
        let terms = published.link(self.sent.len()).expect("a link");
        let messages = terms.messages.iter().zip(&self.message_blinders);
        let tail = terms.tail.iter().zip(&self.tail_blinders);
        let blinder: F = messages.chain(tail).map(|(l, b)| *l * b).sum();
        self.writer.send_scalar(&blinder);
        self.open(run);
    }

    fn open(&mut self, run: &Run) {
        let m = self.relation.m;
        let low = &run.point[..m];
        let mut secret = Secret { a: vec![F::ZERO; 1 << m], v: F::ZERO, blinder_v: F::ZERO, blinder_c: F::ZERO };
        let mut power = F::ONE;
        for (t, layout) in self.relation.tensors.iter().enumerate() {
            let j = run.evaluations[t].message;
            secret.v += power * self.sent[j][0];
            secret.blinder_v += power * self.message_blinders[j];
            let weights = layout.row_weights(&run.point, m, power);
            for ((row, weight), blinder) in layout.rows.iter().zip(&weights).zip(&self.blinders[t]) {
                secret.blinder_c += *weight * blinder;
                let cells = &self.tensors[t][row << layout.m..(row + 1) << layout.m];
                secret.a.iter_mut().zip(cells).for_each(|(a, cell)| *a += *weight * cell);
            }
            for (_, row, column, times) in self.beyond.iter().filter(|(tensor, ..)| *tensor == t) {
                // No opening has a place for what lies beyond the longest row.
                secret.a.get_mut(*column).into_iter().for_each(|a| *a += weights[*row] * times);
            }
            power *= run.delta;
        }
        if self.lie == Lie::Messages {
            secret.v = secret.a.iter().zip(eq_table(low, 1 << m)).map(|(a, b)| *a * b).sum();
        }
        let mask = Mask::new(m, &mut self.random);
        zkimg_proof::opening::prove(&mut self.writer, Generators::load().expect("generators"), low, &secret, mask).expect("an opening");
    }
}

impl Channel for Forger {
    type Error = std::convert::Infallible;
    type Scalar = F;

    fn rows(&mut self) -> Result<(), Self::Error> {
        for row in self.rows[self.relation.inputs..].iter().flatten() {
            self.writer.send_point(row);
        }
        Ok(())
    }

    fn lookups(&mut self, alpha: &F, beta: &F) {
        self.build(*alpha, *beta);
    }

    fn hidden<const N: usize>(&mut self, turn: Turn<'_>) -> Result<[Hidden; N], Self::Error> {
        let (mut message, fit) = self.compute(turn);
        (self.patch)(turn, &mut message);
        let mut fits = message;
        fit(self, &mut fits);
        if self.lie == Lie::None {
            fits = message;
        }
        let sent = if self.lie == Lie::Circuit { message } else { fits };
        match turn {
            Turn::Root | Turn::LayerEnd { .. } => self.end = fits,
            Turn::ProductSum { .. } => (self.product_sum, self.product_claim) = (fits[0], fits[0]),
            Turn::Operands { .. } => self.operands.push([fits[2], fits[3]]),
            _ => self.round = fits,
        }
        let j = self.sent.len();
        self.claimed.push(fits);
        self.sent.push(sent);
        let point = Forger::commitment(&sent, self.message_blinders[j]);
        self.writer.send_point(&point);
        Ok(Hidden::of(j))
    }

    fn challenge(&mut self, _: ErrorTerm) -> F {
        self.writer.challenge()
    }

    fn public(&mut self, numbers: Public<'_>) -> Vec<F> {
        numbers.evaluate(&self.relation, &self.relation.sizes(), self.shown().view())
    }

    fn require(&mut self, equation: impl FnOnce(&mut Self) -> Quadratic) {
        let equation = equation(self);
        self.equations.push(equation);
    }

    fn required(&self) -> usize {
        self.equations.len()
    }

    fn tail(&mut self, row: usize) -> Result<(), Self::Error> {
        let mut blinders = self.tail[row];
        if row == 3 {
            blinders[1] += self.wrong_tail;
        }
        let point = Forger::commitment(&blinders, self.tail_blinders[row]);
        self.writer.send_point(&point);
        Ok(())
    }
}
