//! A second prover, slow and plain, that lies.
//!
//! It works on dense vectors of field elements, so that it can commit to anything, and its default is the best lie:
//! whatever the committed cells are, it changes messages so that every equation between them holds. Given true cells
//! it changes nothing and is a reference for the fast prover.

use super::{CONTEXT, Case, shown_cells};
use ff::{Field, PrimeField};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use zkimg_graph::contraction::Contraction;
use zkimg_graph::linear::LinearMap;
use zkimg_graph::tensor::index_bits;
use zkimg_graph::tensor::{Cells, Dims};
use zkimg_group::field::{Affine, F, eq_at, eq_table, from_i64, from_i128};
use zkimg_group::generators::{Generators, MAX_ROW_BITS};
use zkimg_group::msm::{msm, to_affine};
use zkimg_proof::argument::{LABEL, Run, Statement, absorb, run};
use zkimg_proof::channel::{Channel, ErrorTerm, Hidden, Message, Public, Quadratic, Turn};
use zkimg_proof::circuit::{BLINDED_ROWS, Coefficients, Draws, Keys, Published, Tail, write_circuit_proof};
use zkimg_proof::commitment::Layout;
use zkimg_proof::equations::Batch;
use zkimg_proof::opening::{Mask, Secret};
use zkimg_proof::relation::{Challenges, Form, Instance, Operand, Output, Relation, Table, Values, Witness};
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
            for mix in term.mix.taps(c) {
                for v in term.vertical.taps(y) {
                    for h in term.horizontal.taps(x) {
                        let weight = from_i128(i128::from(mix.weight) * i128::from(v.weight) * i128::from(h.weight));
                        let (channel, line, column) = (mix.input as usize, v.input as usize, h.input as usize);
                        sum += weight * if map.exchanged() { read(channel, column, line) } else { read(channel, line, column) };
                    }
                }
            }
        }
        result.push(sum);
    }
    result
}

/// The entry with this key.
fn entry(table: &Table, key: F) -> Option<usize> {
    let bytes = (key - from_i64(table.first)).to_repr();
    let (low, high) = bytes.split_at(8);
    let place = u64::from_le_bytes(low.try_into().ok()?) as usize;
    (high.iter().all(|byte| *byte == 0) && place < table.len()).then_some(place)
}

/// All values of some labels, the others 0.
fn indices(labels: &[usize], of: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let (labels, of) = (labels.to_vec(), of.to_vec());
    (0..of.iter().map(|label| labels[*label]).product::<usize>()).map(move |mut rest| {
        let mut index = vec![0; labels.len()];
        for label in &of {
            index[*label] = rest % labels[*label];
            rest /= labels[*label];
        }
        index
    })
}

/// Where each shared label stands in the index of the products' sum-check, and how many bits all of them have.
fn shared(contraction: &Contraction) -> (Vec<Option<usize>>, usize) {
    let mut bits = 0;
    let mut shifts = vec![None; contraction.labels().len()];
    for label in contraction.shared() {
        shifts[label] = Some(bits);
        bits += index_bits(contraction.size(label));
    }
    (shifts, bits)
}

/// The value of an operand at an index: a sum over the taps of its axes.
fn operand(contraction: &Contraction, side: usize, index: &[usize], read: impl Fn(usize, usize, usize) -> F) -> F {
    let taps = contraction.operands()[side].routes.each_ref().map(|route| {
        let at = route.labels.iter().fold(0, |at, label| at * contraction.size(*label) + index[*label]);
        route.map.taps(at).map(|tap| (tap.input as usize, from_i64(tap.weight.into()))).collect::<Vec<_>>()
    });
    let mut sum = F::ZERO;
    for (c, wc) in &taps[0] {
        for (y, wy) in &taps[1] {
            for (x, wx) in &taps[2] {
                sum += *wc * wy * wx * read(*c, *y, *x);
            }
        }
    }
    sum
}

/// A contraction in field elements, index by index.
fn contract(contraction: &Contraction, read: impl Fn(usize, usize, usize, usize) -> F) -> Vec<F> {
    let dims = contraction.dims();
    let mut result = vec![F::ZERO; dims.cells()];
    let all: Vec<usize> = (0..contraction.labels().len()).collect();
    for index in indices(contraction.labels(), &all) {
        let [c, y, x] = contraction.output().map(|label| label.map_or(0, |label| index[label]));
        let factors = [0, 1].map(|side| operand(contraction, side, &index, |c, y, x| read(side, c, y, x)));
        result[(c * dims.height + y) * dims.width + x] += factors[0] * factors[1];
    }
    result
}

fn fold(values: &mut Vec<F>, r: F) {
    *values = values.chunks_exact(2).map(|pair| pair[0] + r * (pair[1] - pair[0])).collect();
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

    /// The flat index of a real cell, given by its number among them.
    pub(crate) fn at(&self, tensor: usize, cell: usize) -> usize {
        let dims = self.relation.tensors[tensor].dims;
        dims.line_start(cell / dims.width) + cell % dims.width
    }

    fn form(&self, form: &Form, cells: usize) -> Vec<F> {
        let mut all = vec![form.constant; cells];
        for term in &form.terms {
            let dims = term.map.input();
            let values = apply(&term.map, |c, y, x| self.read(&term.operand, dims, c, y, x));
            all.iter_mut().zip(values).for_each(|(sum, v)| *sum += term.scale * v);
        }
        for term in &form.products {
            let read = |side: usize, c, y, x| self.read(&term.operands[side], term.contraction.operands()[side].dims, c, y, x);
            let values = contract(&term.contraction, read);
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
    pub(crate) fn looked_up(&self, cell: usize, shift: i64) -> i64 {
        let last = self.relation.lookups.len() - 1;
        let table = &self.relation.tables[self.relation.lookups[last].table];
        let (key, _) = self.pairs(last)[cell];
        let entry = entry(table, key).expect("an entry");
        table.value(entry.saturating_add_signed(shift as isize))
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
                match entry(table, key).filter(|j| from_i64(table.value(*j)) == value) {
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

    /// Dense layers, leaves first.
    fn build(&mut self, alpha: F, beta: F) {
        let relation = &self.relation;
        let n = relation.leaf_bits();
        let denominators = relation.denominators(alpha, beta);
        let (mut p, mut q) = (vec![F::ZERO; 1 << n], vec![F::ONE; 1 << n]);
        for (i, lookup) in relation.lookups.iter().enumerate() {
            // α − tag, as the table's own entries have it.
            let (table, start) = (&relation.tables[lookup.table], relation.multiplicities_of(lookup.table).start);
            let base = denominators[start] + beta * from_i128(table.first.into()) + beta.square() * from_i64(table.value(0));
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
                let functionals = self.relation.functionals(challenges);
                let bits = self.relation.flat_bits();
                let mut claim = F::ZERO;
                if self.relation.leaf_bits() > 0 {
                    let [p0, p1, q0, q1] = self.end;
                    let at = |a: F, b: F| a + challenges.leaf[0] * (b - a);
                    claim = at(p0, p1) + challenges.gamma * at(q0, q1);
                }
                // Products are taken out, and their operands join.
                let ends = self.operands.iter().flatten();
                let (joined, _) = ends.fold((F::ZERO, F::ONE), |(sum, power), e| {
                    let power = power * challenges.join;
                    (sum + power * e, power)
                });
                self.claim = claim - self.product_sum + joined - self.relation.constant(challenges, self.shown().view());
                let layouts = self.relation.tensors.iter();
                self.weights = layouts
                    .zip(&functionals)
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

/// Sums of pairs of linear functions: `(c1, c2)`.
fn pairs(a: &[F], b: &[F]) -> [F; 2] {
    let (mut c1, mut c2) = (F::ZERO, F::ZERO);
    for (a, b) in a.chunks_exact(2).zip(b.chunks_exact(2)) {
        let (da, db) = (a[1] - a[0], b[1] - b[0]);
        c1 += a[0] * db + da * b[0];
        c2 += da * db;
    }
    [c1, c2]
}

impl Forger {
    /// The operands of all products over the whole space of shared indices, index by index.
    fn product_sum(&mut self, challenges: &Challenges) -> Message {
        let bits = self.relation.product_bits();
        let instances = self.relation.instances(challenges);
        self.factors = instances.iter().map(|instance| (instance.scale, [0, 1].map(|side| self.factor(instance, side, bits)))).collect();
        self.own_bits = instances.iter().map(|instance| shared(&instance.term.contraction).1).collect();
        let sum = self.factors.iter().map(|(scale, [a, b])| *scale * a.iter().zip(b).map(|(a, b)| *a * b).sum::<F>()).sum();
        [sum, F::ZERO, F::ZERO, F::ZERO]
    }

    fn factor(&self, instance: &Instance<'_>, side: usize, bits: usize) -> Vec<F> {
        let contraction = &instance.term.contraction;
        let (shifts, _) = shared(contraction);
        let (x, rest) = instance.point.split_at(instance.dims.x_bits());
        let (y, c) = rest.split_at(instance.dims.y_bits());
        let mut result = vec![F::ZERO; 1 << bits];
        let carried: Vec<usize> = contraction.operands()[side].routes.iter().flat_map(|route| route.labels.clone()).collect();
        for index in indices(contraction.labels(), &carried) {
            let at = carried.iter().filter_map(|l| shifts[*l].map(|shift| index[*l] << shift)).sum::<usize>();
            let mut weight = F::ONE;
            for label in &carried {
                if let Some(axis) = contraction.output().iter().position(|l| l == &Some(*label))
                    && (side == 0 || shifts[*label].is_none())
                {
                    weight *= eq_at([c, y, x][axis], index[*label]);
                }
            }
            result[at] += weight
                * operand(contraction, side, &index, |c, y, x| {
                    self.read(&instance.term.operands[side], contraction.operands()[side].dims, c, y, x)
                });
        }
        result
    }

    fn read(&self, operand: &Operand, dims: Dims, c: usize, y: usize, x: usize) -> F {
        match operand {
            Operand::Tensor(t) => self.tensors[*t][dims.flat(c, y, x)],
            Operand::Output => from_i64(self.output[(c * dims.height + y) * dims.width + x]),
            Operand::Public(cells) => from_i64(cells.get((c * dims.height + y) * dims.width + x)),
        }
    }

    fn bind_products(&mut self, s: F) {
        for (_, factors) in &mut self.factors {
            factors.iter_mut().for_each(|v| fold(v, s));
        }
        let [c1, c2, ..] = self.round;
        let half = F::TWO_INV;
        self.product_claim = self.product_claim * half + c1 * (s - half) + c2 * (s.square() - half);
        self.product_point.push(s);
    }

    /// `1/Π(1 − r)` over the bits above a product's own.
    fn above(&self, i: usize) -> F {
        let above: F = self.product_point[self.own_bits[i]..].iter().map(|r| F::ONE - r).product();
        above.invert().expect("no challenge is one")
    }

    /// What the turn asks for, and how it is changed so that the equations hold.
    fn compute(&mut self, turn: Turn<'_>) -> (Message, fn(&mut Forger, &mut Message)) {
        match turn {
            Turn::Root => {
                let [p, q] = self.layers.last().expect("layers");
                let root = [p[0], p[1], q[0], q[1]];
                (root, |_, [p0, p1, q0, q1]| *p0 = fitted(F::ZERO, *p1 * *q0, *q1))
            }
            Turn::RootInverse => {
                let [_, _, q0, q1] = self.end;
                ([F::ZERO, F::ZERO, q0 * q1, (q0 * q1).invert().unwrap_or(F::ZERO)], |_, _| ())
            }
            Turn::LayerRound { k, point, lambda, previous } => (self.layer_round(k, point, lambda, previous), |_, _| ()),
            Turn::LayerEnd { previous } => {
                self.bind_layer(previous);
                (self.children.each_ref().map(|v| v[0]), |forger, [p0, p1, q0, q1]| {
                    *p0 = fitted(forger.claim, *p1 * *q0 + forger.layer.1 * *q0 * *q1, *q1);
                })
            }
            Turn::ProductSum { challenges } => (self.product_sum(challenges), |_, _| ()),
            Turn::ProductRound { previous } => {
                if let Some(s) = previous {
                    self.bind_products(s);
                }
                let mut round = Message::default();
                for (scale, [a, b]) in &self.factors {
                    pairs(a, b).into_iter().zip(&mut round).for_each(|(c, sum)| *sum += *scale * c);
                }
                (round, |_, _| ())
            }
            Turn::Operands { i, previous } => {
                if let (0, Some(s)) = (i, previous) {
                    self.bind_products(s);
                }
                let (_, [a, b]) = &self.factors[i];
                let ends = [a[0], b[0]].map(|end| end * self.above(i));
                // The first left operand is the one that lies.
                let fit: fn(&mut Forger, &mut Message) = |forger, message| {
                    if forger.operands.is_empty() {
                        let rest = forger.factors.iter().skip(1).map(|(scale, [a, b])| *scale * a[0] * b[0]).sum();
                        let (scale, [_, b]) = &forger.factors[0];
                        message[2] = fitted(forger.product_claim, rest, *scale * b[0]) * forger.above(0);
                    }
                };
                ([F::ZERO, F::ZERO, ends[0], ends[1]], fit)
            }
            Turn::LinearRound { challenges, previous } => (self.linear_round(challenges, previous), |_, _| ()),
            Turn::Evaluation { t, previous } => {
                if t == 0 {
                    self.bind_linear(previous);
                }
                let evaluation = [self.values[t][0], F::ZERO, F::ZERO, F::ZERO];
                // The first input's evaluation is the one that lies: the others follow as they are.
                let fit: fn(&mut Forger, &mut Message) = |forger, message| {
                    let rest = forger.weights.iter().zip(&forger.values).skip(1).map(|(w, x)| w[0] * x[0]).sum();
                    message[0] = fitted(forger.claim, rest, forger.weights[0][0]);
                };
                (evaluation, if t == 0 { fit } else { |_, _| () })
            }
        }
    }
}

/// `(claim − rest)/factor`, if the factor is not zero.
fn fitted(claim: F, rest: F, factor: F) -> F {
    (claim - rest) * factor.invert().unwrap_or(F::ZERO)
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
