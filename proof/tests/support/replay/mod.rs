//! The protocol replayed from its description: its own hash, its own order of turns, its own equations.
//!
//! Nothing here runs the crate's transcript, channel, `argument::run` or `verify`. A challenge drawn too early, an element that
//! is not absorbed, or another scalar taken for `a_i(x)` gives other challenges here, and the equations fail.

mod tape;

pub(crate) use tape::{Class, Element};

use ff::{Field, PrimeField};
use group::Group;
use halo2_proofs::plonk::{SingleVerifier, verify_proof};
use tape::Tape;
use zkimg_graph::graph::Owner;
use zkimg_graph::tensor::index_bits;
use zkimg_graph::tensor::{Bounds, CellsRef};
use zkimg_group::field::{Affine, F, eq_at, eq_table, point_to_bytes, scalar_to_bytes};
use zkimg_group::generators::Generators;
use zkimg_group::msm::msm;
use zkimg_proof::channel::Challenges;
use zkimg_proof::circuit::{BLINDED_ROWS, Keys, lagrange};
use zkimg_proof::commitment::value_root;
use zkimg_proof::multilinear::Separable;
use zkimg_proof::relation::Relation;

/// What a replayed proof said, and every challenge that the tests need.
pub(crate) struct Replay {
    pub elements: Vec<Element>,
    pub rows: Vec<Vec<Affine>>,
    pub point: Vec<F>,
    pub evaluations: Vec<Affine>,
    /// Scalars of the commitments in the link, messages in the order in which they are sent, then the unusable rows.
    pub link: Vec<F>,
    pub link_holds: bool,
    pub delta: F,
    pub c: F,
    pub mask_value: Affine,
    pub y: F,
    pub vector_blinder: F,
    pub folds: Vec<F>,
    pub last: Vec<F>,
    pub opened_value_holds: bool,
    pub opening_holds: bool,
}

impl Replay {
    /// Where the elements of a class stand.
    pub(crate) fn offsets(&self, class: Class) -> Vec<usize> {
        self.elements.iter().filter(|e| e.class == class).map(|e| e.offset).collect()
    }
}

fn vanishes(terms: &[(F, Affine)]) -> bool {
    let (scalars, points): (Vec<F>, Vec<Affine>) = terms.iter().copied().unzip();
    bool::from(msm(&scalars, &points).is_identity())
}

/// An equation as the replay writes it down: coefficients by message and column, the constant.
#[derive(Default)]
struct Written {
    constant: F,
    cells: Vec<(usize, usize, F)>,
}

/// Columns of the products `a0·a3`, `a1·a2`, `a2·a3`.
const PRODUCTS: [usize; 3] = [4, 5, 6];

impl Written {
    fn scale(&mut self, by: F) {
        self.constant *= by;
        self.cells.iter_mut().for_each(|(.., c)| *c *= by);
    }

    /// `scale·(low + μ·(high − low))` of two slots.
    fn split(&mut self, message: usize, slots: [usize; 2], mu: F, scale: F) {
        self.cells.extend([(message, slots[0], scale * (F::ONE - mu)), (message, slots[1], scale * mu)]);
    }

    /// The claim after a round `(c1, c2)` with `claim = g(0) + g(1)`.
    fn round(&mut self, message: usize, s: F) {
        let half = F::TWO_INV;
        self.scale(half);
        self.cells.extend([(message, 0, s - half), (message, 1, s * s - half)]);
    }
}

/// Replays a proof whose bytes are well formed and whose circuit is satisfied.
pub(crate) fn replay(relation: &Relation, context: &[u8], rows: &[&[Affine]], output: CellsRef<'_>, proof: &[u8]) -> Replay {
    let mut tape = Tape::new("zkimg-edit-proof-v5", proof);
    // The statement.
    tape.bytes("relation", &relation.digest());
    tape.bytes("context", context);
    for (((_, value), layout), rows) in relation.graph().inputs().zip(&relation.tensors).zip(rows) {
        let Owner::Input { kind, .. } = value.owner else { panic!("not an input") };
        let encoded: Vec<[u8; 32]> = rows.iter().map(point_to_bytes).collect();
        tape.bytes("input", &value_root(kind, value.bounds, layout, &encoded));
    }
    let sides =
        if relation.hidden_output.is_some() { [0; 3] } else { [relation.output.channels, relation.output.height, relation.output.width] };
    tape.bytes("shape", &sides.map(|side| (side as u64).to_le_bytes()).concat());
    let published: Vec<u8> = match output {
        cells if relation.output_bounds == Bounds::BYTE => cells.widened().iter().map(|cell| *cell as u8).collect(),
        cells => (0..cells.len()).flat_map(|i| cells.get(i).to_le_bytes()).collect(),
    };
    tape.bytes("output", blake2b_simd::blake2bp::blake2bp(&published).as_bytes());
    let mut all_rows: Vec<Vec<Affine>> = rows.iter().map(|rows| rows.to_vec()).collect();
    for layout in &relation.tensors[rows.len()..] {
        all_rows.push(layout.rows.iter().map(|_| tape.point(Class::Row)).collect());
    }
    let mut challenges = Challenges { alpha: tape.challenge(), beta: tape.challenge(), ..Challenges::default() };
    challenges.equal = (0..relation.equal.bits).map(|_| tape.challenge()).collect();
    // The lookup tree.
    let (n, flat_bits) = (relation.leaf_bits(), relation.flat_bits());
    let mut messages: Vec<Affine> = Vec::new();
    let mut written: Vec<Written> = Vec::new();
    let mut end = 0;
    if n > 0 {
        messages.push(tape.point(Class::LayerEnd));
        messages.push(tape.point(Class::RootInverse));
        let [first, second, last] = PRODUCTS;
        written.push(Written { cells: vec![(0, first, F::ONE), (0, second, F::ONE)], ..Written::default() });
        written.push(Written { cells: vec![(0, last, F::ONE), (1, 2, -F::ONE)], ..Written::default() });
        written.push(Written { constant: -F::ONE, cells: vec![(1, last, F::ONE)] });
        let mut leaf = vec![tape.challenge()];
        for k in 1..n {
            let lambda = tape.challenge();
            let mut equation = Written::default();
            equation.split(end, [0, 1], leaf[0], F::ONE);
            equation.split(end, [2, 3], leaf[0], lambda);
            let mut next = Vec::new();
            for r in leaf {
                let message = messages.len();
                messages.push(tape.point(Class::LayerRound));
                let s = tape.challenge();
                equation.cells.extend([(message, 0, s - r), (message, 1, s * s - r)]);
                next.push(s);
            }
            assert_eq!(next.len(), k);
            end = messages.len();
            messages.push(tape.point(Class::LayerEnd));
            equation.cells.extend([(end, first, -F::ONE), (end, second, -F::ONE), (end, last, -lambda)]);
            written.push(equation);
            leaf = vec![tape.challenge()];
            leaf.extend(next);
        }
        challenges.leaf = leaf;
    }
    challenges.gamma = tape.challenge();
    let mut claim = Written::default();
    if n > 0 {
        claim.split(end, [0, 1], challenges.leaf[0], F::ONE);
        claim.split(end, [2, 3], challenges.leaf[0], challenges.gamma);
    }
    // The products.
    if relation.products() > 0 {
        let sum = messages.len();
        messages.push(tape.point(Class::ProductSum));
        claim.cells.push((sum, 0, -F::ONE));
        let mut equation = Written { cells: vec![(sum, 0, F::ONE)], ..Written::default() };
        for _ in 0..relation.product_bits() {
            let message = messages.len();
            messages.push(tape.point(Class::ProductRound));
            let s = tape.challenge();
            equation.round(message, s);
            challenges.product.push(s);
        }
        let operands: Vec<usize> = (0..relation.products()).map(|i| messages.len() + i).collect();
        messages.extend(operands.iter().map(|_| tape.point(Class::Operands)));
        for (message, instance) in operands.iter().zip(relation.instances(&challenges)) {
            let contraction = &instance.term.contraction;
            let own: usize = contraction.shared().into_iter().map(|label| index_bits(contraction.size(label))).sum();
            let above: F = challenges.product[own..].iter().map(|r| (F::ONE - r) * (F::ONE - r)).product();
            equation.cells.push((*message, PRODUCTS[2], -(instance.scale * above)));
        }
        written.push(equation);
        // Only now, when the operands are committed.
        challenges.join = tape.challenge();
        let mut power = F::ONE;
        for (message, slot) in operands.iter().flat_map(|message| [(*message, 2), (*message, 3)]) {
            power *= challenges.join;
            claim.cells.push((message, slot, power));
        }
    }
    // The linear sum-check, the evaluations, the blinders' rows.
    let mut point = Vec::new();
    claim.constant = -relation.constant(&challenges, output);
    for _ in 0..flat_bits {
        let message = messages.len();
        messages.push(tape.point(Class::LinearRound));
        let s = tape.challenge();
        claim.round(message, s);
        point.push(s);
    }
    let functionals = relation.functionals(&challenges);
    let evaluations: Vec<Affine> = relation.tensors.iter().map(|_| tape.point(Class::Evaluation)).collect();
    for (evaluation, terms) in evaluations.iter().zip(&functionals) {
        claim.cells.push((messages.len(), 0, -terms.iter().map(|w| extended(w, &point)).sum::<F>()));
        messages.push(*evaluation);
    }
    written.push(claim);
    let tail: Vec<Affine> = (0..BLINDED_ROWS).map(|_| tape.point(Class::Tail)).collect();
    let (delta, tau) = (tape.challenge(), tape.challenge());
    // The circuit: the smallest that holds the messages, a constant and six unusable rows.
    let class = zkimg_proof::circuit::Class::all().find(|class| class.rows() >= messages.len() + 7).expect("a size");
    let keys = Keys::load(class).expect("keys");
    let strategy = SingleVerifier::new(keys.params);
    verify_proof(keys.params, &keys.verifying, strategy, &[&[]], &mut tape).expect("the circuit is satisfied");
    // What it publishes: slots, the accumulator twice, the coefficients.
    let basis = lagrange(class, tape.x.expect("halo2 publishes scalars")).expect("x is no root of unity");
    let last = class.rows() - 7;
    let mut sums = [F::ZERO; 7];
    let mut power = F::ONE;
    for equation in &written {
        sums[0] += power * equation.constant * basis[last];
        equation.cells.iter().for_each(|(message, column, c)| sums[*column] += power * *c * basis[*message]);
        power *= tau;
    }
    assert_eq!(tape.scalars[6..13], sums, "coefficients");
    // The link: messages in their order, the blinders' rows last.
    let generators = Generators::load().expect("generators");
    let g = generators.rows(relation.m);
    let committed: Vec<(F, Affine)> = messages
        .into_iter()
        .enumerate()
        .chain(tail.into_iter().enumerate().map(|(i, point)| (last + 1 + i, point)))
        .map(|(row, point)| (basis[row], point))
        .collect();
    let mut terms = committed.clone();
    terms.extend((0..4).map(|i| (-tape.scalars[i], g[i])));
    terms.push((-tape.scalar(Class::LinkBlinder), generators.h));
    let link_holds = vanishes(&terms);
    // The opening.
    let m = relation.m;
    let (low, _) = point.split_at(m);
    let (mask_vector, mask_value) = (tape.point(Class::MaskVector), tape.point(Class::MaskValue));
    let c = tape.challenge();
    let y = tape.scalar(Class::Value);
    let value_blinder = tape.scalar(Class::ValueBlinder);
    let vector_blinder = tape.scalar(Class::VectorBlinder);
    let u = tape.challenge();
    let (mut folds, mut sides) = (Vec::new(), Vec::new());
    for _ in 4..m {
        sides.push([tape.point(Class::Fold), tape.point(Class::Fold)]);
        folds.push(tape.challenge());
    }
    let last: Vec<F> = (0..16).map(|_| tape.scalar(Class::Last)).collect();
    let digit_sums: Vec<Affine> = (1..8).map(|_| tape.point(Class::DigitSum)).collect();
    assert_eq!(tape.at, proof.len(), "the proof ends with the protocol");
    let mut power = F::ONE;
    let mut value = vec![(F::ONE, mask_value), (-y, g[0]), (-value_blinder, generators.h)];
    let mut vector = vec![(F::ONE, mask_vector), (-vector_blinder, generators.h)];
    for (t, layout) in relation.tensors.iter().enumerate() {
        value.push((c * power, evaluations[t]));
        let above = layout.committed_bits();
        let outside: F = point[above..].iter().map(|f| F::ONE - f).product();
        for (index, row) in layout.rows.iter().zip(&all_rows[t]) {
            vector.push((c * power * eq_at(&point[m..above], *index) * outside, *row));
        }
        power *= delta;
    }
    for (x, [left, right]) in folds.iter().zip(&sides) {
        vector.extend([(*x, *left), (x.invert().expect("not zero"), *right)]);
    }
    let eq = eq_table(low, 1 << m);
    let mut inner = F::ZERO;
    let mut digits: [Vec<(F, Affine)>; 8] = Default::default();
    for i in 0..1 << m {
        let bits = folds.iter().enumerate().filter(|(round, _)| i >> (m - 1 - round) & 1 == 1);
        let folded: F = bits.map(|(_, x)| *x).product::<F>() * last[i % 16];
        vector.push((-folded, g[i]));
        for (w, digit) in scalar_to_bytes(&-folded).chunks_exact(4).enumerate() {
            digits[w].push((F::from(u64::from(u32::from_le_bytes(digit.try_into().expect("four bytes")))), g[i]));
        }
        inner += folded * eq[i];
    }
    vector.push((u * (y - inner), generators.u));
    let digit_sums_hold = digit_sums.iter().zip(&digits[1..]).all(|(sum, terms)| {
        let mut terms = terms.clone();
        terms.push((-F::ONE, *sum));
        vanishes(&terms)
    });
    Replay {
        elements: tape.elements,
        rows: all_rows,
        point,
        evaluations,
        link: committed.iter().map(|(scalar, _)| *scalar).collect(),
        link_holds,
        delta,
        c,
        mask_value,
        y,
        vector_blinder,
        folds,
        last,
        opened_value_holds: vanishes(&value),
        opening_holds: vanishes(&vector) && digit_sums_hold,
    }
}

/// The multilinear extension of weights at a point, from their definition: zero beyond the tensor's own bits.
fn extended(weights: &Separable, point: &[F]) -> F {
    let (mut rest, mut value) = (point, F::ONE);
    for axis in [&weights.x, &weights.y, &weights.c] {
        let (own, above) = rest.split_at(index_bits(axis.len()));
        value *= eq_table(own, axis.len()).iter().zip(axis).map(|(e, w)| *e * w).sum::<F>();
        rest = above;
    }
    rest.iter().fold(value, |value, r| value * (F::ONE - r))
}
