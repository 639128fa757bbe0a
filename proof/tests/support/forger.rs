//! A second prover, slow and plain, that lies.
//!
//! It works on dense vectors of field elements, so that it can commit to anything, and its default is the best lie:
//! whatever the committed cells are, it changes messages so that every equation between them holds. Given true cells
//! it changes nothing and is a reference for the fast prover.

use super::{CONTEXT, Case, shown};
use ff::{Field, PrimeField};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use zkimg_proof::argument::{LABEL, Party, Run, Statement, Turn, absorb, run};
use zkimg_proof::circuit::{BLINDED_ROWS, Coefficients, Draws, Keys, Published, Tail, USABLE, write_circuit_proof};
use zkimg_proof::commitment::root;
use zkimg_proof::equations::{Batch, Message};
use zkimg_proof::field::{Affine, F, eq_table, from_i128};
use zkimg_proof::generators::Generators;
use zkimg_proof::linear::LinearMap;
use zkimg_proof::msm::{msm, to_affine};
use zkimg_proof::opening::{Mask, Secret};
use zkimg_proof::relation::{Form, Operand, Output, Relation, Values, Witness};
use zkimg_proof::tensor::{Dims, Layout};
use zkimg_proof::transcript::{Transcript, Writer};
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

/// A row of the circuit that no small statement has a message for.
pub(crate) const UNUSED: usize = USABLE - 2;

type Patch = Box<dyn Fn(usize, &mut Message)>;

pub(crate) struct Forger {
    pub relation: Relation,
    /// All committed cells of each tensor, by flat index.
    pub tensors: Vec<Vec<F>>,
    pub output: Vec<u8>,
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
    sent: Vec<Message>,
    claimed: Vec<Message>,
    message_blinders: Vec<F>,
    tail: Tail,
    tail_blinders: Vec<F>,
    halo2: ChaCha20Rng,
}

fn flat_values(dims: Dims, bits: usize, value: impl Fn(usize) -> F) -> Vec<F> {
    let mut all = vec![F::ZERO; 1 << bits];
    for line in 0..dims.lines() {
        for x in 0..dims.width {
            all[dims.line_start(line) + x] = value(line * dims.width + x);
        }
    }
    all
}

/// The flat indices of a committed tensor that hold no cell of it.
pub(crate) fn padding(layout: &Layout) -> Vec<usize> {
    let real = flat_values(layout.dims, layout.committed_bits(), |_| F::ONE);
    let in_rows = |i: &usize| layout.rows.contains(&(i >> layout.m));
    (0..real.len()).filter(in_rows).filter(|i| real[*i] == F::ZERO).collect()
}

/// `map·x` in field elements, cell after cell.
fn apply(map: &LinearMap, read: impl Fn(usize, usize, usize) -> F) -> Vec<F> {
    let dims = map.output();
    let mut result = Vec::with_capacity(dims.cells());
    for (c, y, x) in (0..dims.cells()).map(|i| (i / dims.width / dims.height, i / dims.width % dims.height, i % dims.width)) {
        let mut sum = F::ZERO;
        for term in map.terms() {
            for (channel, mix) in term.mix[c].iter().enumerate().filter(|(_, mix)| **mix != 0) {
                for v in term.vertical.taps(y) {
                    for h in term.horizontal.taps(x) {
                        let weight = from_i128(i128::from(*mix) * i128::from(v.weight) * i128::from(h.weight));
                        let (line, column) = (v.input as usize, h.input as usize);
                        sum += weight * if map.exchanged() { read(channel, column, line) } else { read(channel, line, column) };
                    }
                }
            }
        }
        result.push(sum);
    }
    result
}

fn fold(values: &mut Vec<F>, r: F) {
    *values = values.chunks_exact(2).map(|pair| pair[0] + r * (pair[1] - pair[0])).collect();
}

impl Forger {
    /// True cells of a case.
    pub(crate) fn new(case: &Case, output: Output) -> Forger {
        let relation = case.relation(output);
        let witness = Witness::new(&relation, case.cells.clone());
        let cells = relation.tensors.iter().zip(&witness.tensors);
        let tensors = cells.map(|(layout, cells)| flat_values(layout.dims, layout.committed_bits(), |i| F::from(cells.get(i))));
        let tensors = tensors.collect();
        let mut random = ChaCha20Rng::from_seed([7; 32]);
        let count = relation.schedule().messages();
        let halo2 = ChaCha20Rng::from_seed([8; 32]);
        Forger {
            output: if output == Output::Hidden { Vec::new() } else { witness.output.clone() },
            tensors,
            lie: Lie::None,
            patch: Box::new(|_, _| ()),
            junk_row: F::ZERO,
            wrong_tail: F::ZERO,
            batched: Box::new(|_| ()),
            blind_coefficients: false,
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
            sent: vec![Message::default(); count],
            claimed: vec![Message::default(); count],
            message_blinders: (0..count).map(|_| F::random(&mut random)).collect(),
            tail: Draws::new(halo2.clone()).tail(),
            tail_blinders: (0..BLINDED_ROWS).map(|_| F::random(&mut random)).collect(),
            halo2,
            random,
            relation,
        }
    }

    /// The flat index of a real cell, given by its number among them.
    pub(crate) fn at(&self, tensor: usize, cell: usize) -> usize {
        let dims = self.relation.tensors[tensor].dims;
        dims.line_start(cell / dims.width) + cell % dims.width
    }

    fn form(&self, form: &Form, cells: usize) -> Vec<F> {
        let mut all = vec![form.constant; cells];
        for term in &form.terms {
            let dims = term.map.input();
            let values = apply(&term.map, |c, y, x| match &term.operand {
                Operand::Tensor(t) => self.tensors[*t][dims.flat(c, y, x)],
                Operand::Output => F::from(u64::from(self.output[(c * dims.height + y) * dims.width + x])),
                Operand::Public(cells) => F::from(u64::from(cells[(c * dims.height + y) * dims.width + x])),
            });
            all.iter_mut().zip(values).for_each(|(sum, v)| *sum += term.scale * v);
        }
        all
    }

    /// Keys and values of a lookup, a pair a cell.
    fn pairs(&self, lookup: usize) -> Vec<(F, F)> {
        let lookup = &self.relation.lookups[lookup];
        let cells = lookup.dims.cells();
        self.form(&lookup.key, cells).into_iter().zip(self.form(&lookup.value, cells)).collect()
    }

    /// What a cell looks up in the range of `len` entries.
    pub(crate) fn in_range(&self, len: usize, cell: usize) -> F {
        let is = |i: &usize| {
            let table = &self.relation.tables[self.relation.lookups[*i].table];
            table.len() == len && matches!(table.values, Values::Range(_))
        };
        let lookup = (0..self.relation.lookups.len()).find(is).expect("such a range");
        self.pairs(lookup)[cell].0
    }

    /// The last table's value where a cell of the last lookup stands, `shift` entries further.
    pub(crate) fn looked_up(&self, cell: usize, shift: i64) -> u8 {
        let last = self.relation.lookups.len() - 1;
        let table = &self.relation.tables[self.relation.lookups[last].table];
        let (key, _) = self.pairs(last)[cell];
        let entry = (0..table.len()).find(|j| from_i128(i128::from(table.first) + *j as i128) == key).expect("an entry");
        table.value(entry.saturating_add_signed(shift as isize)) as u8
    }

    /// Counts the entries again after cells were changed; gives how many lookups have none.
    pub(crate) fn count(&mut self) -> usize {
        let Some(tensor) = self.relation.multiplicity_tensor() else { return 0 };
        let mut counts = vec![F::ZERO; self.tensors[tensor].len()];
        let mut missing = 0;
        for i in 0..self.relation.lookups.len() {
            let number = self.relation.lookups[i].table;
            let table = &self.relation.tables[number];
            let start = self.relation.multiplicities_of(number).start;
            for (key, value) in self.pairs(i) {
                let entry =
                    (0..table.len()).find(|j| from_i128(i128::from(table.first) + *j as i128) == key && F::from(table.value(*j)) == value);
                match entry {
                    Some(j) => counts[start + j] += F::ONE,
                    None => missing += 1,
                }
            }
        }
        self.tensors[tensor] = counts;
        missing
    }

    /// Commits every row of every tensor: which values stand in it, junk included.
    fn commit(&mut self) {
        let generators = Generators::load().expect("generators");
        let m = self.relation.m;
        let g = generators.rows(m);
        let tensors = self.relation.tensors.iter().zip(&self.tensors).zip(&self.blinders);
        self.rows = tensors
            .map(|((layout, cells), blinders)| {
                let rows = layout.rows.iter().zip(blinders);
                to_affine(&rows.map(|(i, b)| msm(&cells[i << m..(i + 1) << m], g) + generators.h * *b).collect::<Vec<_>>())
            })
            .collect();
    }

    /// The proof.
    pub(crate) fn prove(&mut self) -> Vec<u8> {
        self.commit();
        let statement = Statement {
            context: CONTEXT,
            input_root: root(&self.relation.tensors[0], &self.rows[0]),
            output: &shown(&self.relation, &self.output),
        };
        absorb(&mut self.writer, &self.relation, &statement);
        let relation = self.relation.clone();
        let run = run(&relation, self).expect("a forger never stops");
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
        verify(&self.relation, CONTEXT, &self.rows[0], shown(&self.relation, &self.output), proof)
    }

    fn commitment(message: &Message, blinder: F) -> Affine {
        let generators = Generators::load().expect("generators");
        let point = msm(message, &generators.rows(4)[..4]) + generators.h * blinder;
        to_affine(&[point])[0]
    }

    fn finish(&mut self, run: &Run) {
        let schedule = self.relation.schedule();
        let constant = self.relation.constant(&run.challenges, &self.output);
        let equations = run.equations(&self.relation, constant);
        let mut batch = Batch::new(&schedule, &equations, run.tau);
        (self.batched)(&mut batch);
        let coefficients = Coefficients::new(&batch).expect("few messages");
        let witness = if self.lie == Lie::None { &self.sent } else { &self.claimed };
        let mut messages = witness.clone();
        messages.resize(USABLE, Message::default());
        messages[UNUSED][0] += self.junk_row;
        let keys = Keys::load().expect("keys");
        let key = keys.proving().expect("a key");
        // halo2's prover does not look whether its witness satisfies the circuit.
        let generator = self.halo2.clone();
        let written = match self.blind_coefficients {
            true => write_circuit_proof(keys, &key, messages, &coefficients, generator, &mut self.writer),
            false => write_circuit_proof(keys, &key, messages, &coefficients, Draws::new(generator), &mut self.writer),
        };
        written.expect("a circuit proof");
        let published = Published::read(self.writer.halo2()).expect("x is no root of unity");
        let terms = published.link(schedule.messages()).expect("a link");
        let messages = terms.messages.iter().zip(&self.message_blinders);
        let tail = terms.tail.iter().zip(&self.tail_blinders);
        let blinder: F = messages.chain(tail).map(|(l, b)| *l * b).sum();
        self.writer.send_scalar(&blinder);
        self.open(run);
    }

    fn open(&mut self, run: &Run) {
        let schedule = self.relation.schedule();
        let m = self.relation.m;
        let low = &run.rounds.point[..m];
        let mut secret = Secret { a: vec![F::ZERO; 1 << m], v: F::ZERO, blinder_v: F::ZERO, blinder_c: F::ZERO };
        let mut power = F::ONE;
        for (t, layout) in self.relation.tensors.iter().enumerate() {
            let j = schedule.evaluation(t);
            secret.v += power * self.sent[j][0];
            secret.blinder_v += power * self.message_blinders[j];
            let weights = layout.row_weights(&run.rounds.point, power);
            for ((row, weight), blinder) in layout.rows.iter().zip(&weights).zip(&self.blinders[t]) {
                secret.blinder_c += *weight * blinder;
                let cells = &self.tensors[t][row << m..(row + 1) << m];
                secret.a.iter_mut().zip(cells).for_each(|(a, cell)| *a += *weight * cell);
            }
            power *= run.delta;
        }
        if self.lie == Lie::Messages {
            secret.v = secret.a.iter().zip(eq_table(low, 1 << m)).map(|(a, b)| *a * b).sum();
        }
        let mask = Mask::new(m, &mut self.random);
        zkimg_proof::opening::prove(&mut self.writer, Generators::load().expect("generators"), low, &secret, mask).expect("an opening");
    }

    /// Dense layers, leaves first.
    fn build(&mut self, alpha: F, beta: F) {
        let relation = &self.relation;
        let n = relation.leaf_bits();
        let denominators = relation.denominators(alpha, beta);
        let (mut p, mut q) = (vec![F::ZERO; 1 << n], vec![F::ONE; 1 << n]);
        for (i, lookup) in relation.lookups.iter().enumerate() {
            // α − tag, as the table's own entries have it.
            let (table, start) = (&relation.tables[lookup.table], relation.multiplicities_of(lookup.table).start);
            let base = denominators[start] + beta * from_i128(table.first.into()) + beta.square() * F::from(table.value(0));
            for (cell, (key, value)) in self.pairs(i).into_iter().enumerate() {
                let at = relation.leaves.offsets[i] + lookup.dims.line_start(cell / lookup.dims.width) + cell % lookup.dims.width;
                (p[at], q[at]) = (F::ONE, base - beta * key - beta.square() * value);
            }
        }
        let counts = self.tensors.last().expect("multiplicities");
        for table in 0..relation.tables.len() {
            let start = relation.leaves.offsets[relation.lookups.len() + table];
            for (i, j) in relation.multiplicities_of(table).enumerate() {
                (p[start + i], q[start + i]) = (-counts[j], denominators[j]);
            }
        }
        self.layers = vec![[p, q]];
        for height in 1..n {
            let [p, q] = &self.layers[height - 1];
            let half = 0..p.len() / 2;
            let sums = half.clone().map(|i| p[2 * i] * q[2 * i + 1] + p[2 * i + 1] * q[2 * i]).collect();
            self.layers.push([sums, half.map(|i| q[2 * i] * q[2 * i + 1]).collect()]);
        }
    }

    fn layer_round(&mut self, k: usize, point: &[F], lambda: F, previous: Option<F>) -> Message {
        match previous {
            None => {
                let n = self.relation.leaf_bits();
                let every = |v: &[F], odd: usize| v.iter().skip(odd).step_by(2).copied().collect::<Vec<F>>();
                let [p, q] = &self.layers[n - 1 - k];
                self.children = [every(p, 0), every(p, 1), every(q, 0), every(q, 1)];
                let [p0, p1, q0, q1] = self.end;
                let at = |a: F, b: F| a + point[0] * (b - a);
                self.claim = at(p0, p1) + lambda * at(q0, q1);
                self.layer = (point.to_vec(), lambda, 0);
            }
            Some(s) => self.bind_layer(s),
        }
        let j = self.layer.2;
        let half = self.children[0].len() / 2;
        let eq = eq_table(&point[j + 1..], half);
        let [p0, p1, q0, q1] = &self.children;
        let f = |p0: F, p1: F, q0: F, q1: F| p0 * q1 + p1 * q0 + lambda * q0 * q1;
        let (mut t0, mut t1, mut c2) = (F::ZERO, F::ZERO, F::ZERO);
        for (i, eq) in eq.iter().enumerate() {
            let (a, b) = (2 * i, 2 * i + 1);
            t0 += *eq * f(p0[a], p1[a], q0[a], q1[a]);
            t1 += *eq * f(p0[b], p1[b], q0[b], q1[b]);
            c2 += *eq * f(p0[b] - p0[a], p1[b] - p1[a], q0[b] - q0[a], q1[b] - q1[a]);
        }
        [t1 - t0 - c2, c2, F::ZERO, F::ZERO]
    }

    fn bind_layer(&mut self, s: F) {
        self.children.iter_mut().for_each(|v| fold(v, s));
        let [c1, c2, ..] = self.round;
        let r = self.layer.0[self.layer.2];
        self.claim += c1 * (s - r) + c2 * (s.square() - r);
        self.layer.2 += 1;
    }

    fn bind_linear(&mut self, s: F) {
        self.weights.iter_mut().chain(&mut self.values).for_each(|v| fold(v, s));
        let [c1, c2, ..] = self.round;
        let half = F::TWO_INV;
        self.claim = self.claim * half + c1 * (s - half) + c2 * (s.square() - half);
    }

    fn linear_round(&mut self, challenges: &zkimg_proof::relation::Challenges, previous: Option<F>) -> Message {
        match previous {
            None => {
                let functionals = self.relation.functionals(challenges, &self.output);
                let bits = self.relation.flat_bits();
                let mut claim = F::ZERO;
                if self.relation.leaf_bits() > 0 {
                    let [p0, p1, q0, q1] = self.end;
                    let at = |a: F, b: F| a + challenges.leaf[0] * (b - a);
                    claim = at(p0, p1) + challenges.gamma * at(q0, q1);
                }
                self.claim = claim - functionals.constant;
                let layouts = self.relation.tensors.iter();
                self.weights = layouts
                    .zip(&functionals.weights)
                    .map(|(layout, terms)| {
                        let (w, h) = (layout.dims.width, layout.dims.height);
                        flat_values(layout.dims, bits, |i| terms.iter().map(|t| t.c[i / w / h] * t.y[i / w % h] * t.x[i % w]).sum())
                    })
                    .collect();
                self.values = self.tensors.clone();
                self.values.iter_mut().for_each(|v| v.resize(1 << bits, F::ZERO));
            }
            Some(s) => self.bind_linear(s),
        }
        let (mut c1, mut c2) = (F::ZERO, F::ZERO);
        for (w, x) in self.weights.iter().zip(&self.values) {
            for (w, x) in w.chunks_exact(2).zip(x.chunks_exact(2)) {
                let (dw, dx) = (w[1] - w[0], x[1] - x[0]);
                c1 += w[0] * dx + dw * x[0];
                c2 += dw * dx;
            }
        }
        [c1, c2, F::ZERO, F::ZERO]
    }
}

/// `(claim − rest)/factor`, if the factor is not zero.
fn fitted(claim: F, rest: F, factor: F) -> F {
    (claim - rest) * factor.invert().unwrap_or(F::ZERO)
}

impl Party for Forger {
    type Error = std::convert::Infallible;

    fn transcript(&mut self) -> &mut Transcript {
        &mut self.writer
    }

    fn rows(&mut self) -> Result<(), Self::Error> {
        for row in self.rows[1..].iter().flatten() {
            self.writer.send_point(row);
        }
        Ok(())
    }

    fn lookups(&mut self, alpha: F, beta: F) -> Result<(), Self::Error> {
        self.build(alpha, beta);
        Ok(())
    }

    fn message(&mut self, j: usize, turn: Turn<'_>) -> Result<(), Self::Error> {
        let (mut message, fit): (Message, fn(&mut Forger, &mut Message)) = match turn {
            Turn::Root => {
                let [p, q] = self.layers.last().expect("layers");
                let root = [p[0], p[1], q[0], q[1]];
                (root, |_, [p0, p1, q0, q1]| *p0 = fitted(F::ZERO, *p1 * *q0, *q1))
            }
            Turn::LayerRound { k, point, lambda, previous } => (self.layer_round(k, point, lambda, previous), |_, _| ()),
            Turn::LayerEnd { previous } => {
                self.bind_layer(previous);
                (self.children.each_ref().map(|v| v[0]), |forger, [p0, p1, q0, q1]| {
                    *p0 = fitted(forger.claim, *p1 * *q0 + forger.layer.1 * *q0 * *q1, *q1);
                })
            }
            Turn::LinearRound { challenges, previous } => (self.linear_round(challenges, previous), |_, _| ()),
            Turn::Evaluation { t, previous } => {
                if t == 0 {
                    self.bind_linear(previous);
                }
                let evaluation = [self.values[t][0], F::ZERO, F::ZERO, F::ZERO];
                // The input's evaluation is the one that lies: the others follow as they are.
                (
                    evaluation,
                    if t == 0 {
                        |forger, message| {
                            let rest = forger.weights.iter().zip(&forger.values).skip(1).map(|(w, x)| w[0] * x[0]).sum();
                            message[0] = fitted(forger.claim, rest, forger.weights[0][0]);
                        }
                    } else {
                        |_, _| ()
                    },
                )
            }
        };
        (self.patch)(j, &mut message);
        let mut fits = message;
        fit(self, &mut fits);
        if self.lie == Lie::None {
            fits = message;
        }
        self.claimed[j] = fits;
        self.sent[j] = if self.lie == Lie::Circuit { message } else { fits };
        if j < self.relation.leaf_bits() {
            self.end = fits;
        } else {
            self.round = fits;
        }
        let point = Forger::commitment(&self.sent[j], self.message_blinders[j]);
        self.writer.send_point(&point);
        Ok(())
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
