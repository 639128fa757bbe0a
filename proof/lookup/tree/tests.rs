//! The tree against a dense one over all leaves, padding included.

mod counts;

use super::*;
use ff::Field;
use zkimg_graph::tensor::{Cells, Dims};
use zkimg_group::field::{eq_at, eq_table, hash_to_field};
use zkimg_group::simd::{Lanes, ScalarLanes};

/// All layers are kept.
const MOST: Kept = Kept { lowest: 1, bound: 2 };

/// Reproducible values.
struct Source(u64);

impl Source {
    fn field(&mut self) -> F {
        self.0 += 1;
        hash_to_field("logup test", &self.0.to_le_bytes())
    }

    fn below(&mut self, n: usize) -> usize {
        usize::from_le_bytes(zkimg_group::field::scalar_to_bytes(&self.field())[..8].try_into().expect("8 bytes")) % n
    }
}

/// Lookups of the given shapes into tables of the given sizes (in turn), with true multiplicities.
fn honest(shapes: &[(usize, usize, usize)], sizes: &[usize], source: &mut Source) -> Leaves {
    let mut tables: Vec<Table> = Vec::new();
    let mut base = 0;
    for size in sizes {
        tables.push(Table { offset: 0, base, multiplicities: vec![0; *size] });
        base += size;
    }
    let mut lookups = Vec::new();
    for (i, (c, h, w)) in shapes.iter().enumerate() {
        let dims = Dims::new(*c, *h, *w).expect("dims");
        let table = &mut tables[i % sizes.len()];
        let ids: Vec<usize> = (0..dims.cells()).map(|_| source.below(table.multiplicities.len())).collect();
        ids.iter().for_each(|id| table.multiplicities[*id] += 1);
        let ids = match i % 3 {
            0 => Cells::U8(ids.iter().map(|id| *id as u8).collect()),
            1 => Cells::U16(ids.iter().map(|id| *id as u16).collect()),
            _ => Cells::U32(ids.iter().map(|id| *id as u32).collect()),
        };
        lookups.push(Lookup { offset: 0, dims, base: table.base, ids });
    }
    let mut end = 0usize;
    let mut place = |size: usize| {
        let offset = end.next_multiple_of(size);
        end = offset + size;
        offset
    };
    for lookup in &mut lookups {
        lookup.offset = place(1 << lookup.dims.index_bits());
    }
    for table in &mut tables {
        table.offset = place(table.multiplicities.len().next_power_of_two());
    }
    let bits = zkimg_graph::tensor::index_bits(end).max(1);
    Leaves { bits, entries: (0..base).map(|_| source.field()).collect(), lookups, tables }
}

/// All leaves: numerators and denominators.
fn dense(leaves: &Leaves) -> [Vec<F>; 2] {
    let mut p = vec![F::ZERO; 1 << leaves.bits];
    let mut q = vec![F::ONE; 1 << leaves.bits];
    for lookup in &leaves.lookups {
        let dims = lookup.dims;
        for cell in 0..dims.cells() {
            let (line, x) = (cell / dims.width, cell % dims.width);
            let leaf = lookup.offset + dims.flat(line / dims.height, line % dims.height, x);
            p[leaf] = F::ONE;
            q[leaf] = leaves.entries[lookup.base + lookup.ids.get(cell) as usize];
        }
    }
    for table in &leaves.tables {
        for (j, multiplicity) in table.multiplicities.iter().enumerate() {
            p[table.offset + j] = -F::from(u64::from(*multiplicity));
            q[table.offset + j] = leaves.entries[table.base + j];
        }
    }
    [p, q]
}

fn evaluate(values: &[F], point: &[F]) -> F {
    eq_table(point, values.len()).iter().zip(values).map(|(e, v)| *e * v).sum()
}

fn every_other(values: &[F], first: usize) -> Vec<F> {
    values.iter().skip(first).step_by(2).copied().collect()
}

fn line(values: &[F], x: F) -> Vec<F> {
    values.chunks_exact(2).map(|pair| pair[0] + x * (pair[1] - pair[0])).collect()
}

/// Drives the whole proof and compares every message with its definition.
fn check<L: Lanes<Field = F>>(lanes: L, leaves: &Leaves, part_bits: usize, kept: Kept, source: &mut Source) {
    let mut layers = vec![dense(leaves)];
    for height in 1..leaves.bits {
        let [p, q] = &layers[height - 1];
        let above = 0..p.len() / 2;
        layers.push([
            above.clone().map(|i| p[2 * i] * q[2 * i + 1] + p[2 * i + 1] * q[2 * i]).collect(),
            above.map(|i| q[2 * i] * q[2 * i + 1]).collect(),
        ]);
    }
    let mut tree = Engine::with_parts(lanes, leaves.clone(), part_bits, kept);
    let [p, q] = &layers[leaves.bits - 1];
    assert_eq!(tree.root(), [p[0], p[1], q[0], q[1]]);

    let mut ends = tree.root();
    let mut challenges: Vec<F> = Vec::new();
    for k in 1..leaves.bits {
        let (mu, lambda) = (source.field(), source.field());
        let mut point = vec![mu];
        point.append(&mut challenges);
        let [p0, p1, q0, q1] = ends;
        let mut claim = p0 + mu * (p1 - p0) + lambda * (q0 + mu * (q1 - q0));
        let [p, q] = &layers[leaves.bits - 1 - k];
        let mut children = [every_other(p, 0), every_other(p, 1), every_other(q, 0), every_other(q, 1)];
        tree.begin(k, &point, lambda);
        for j in 0..k {
            let t = |x: F| -> F {
                let [p0, p1, q0, q1] = children.each_ref().map(|values| line(values, x));
                (0..p0.len()).map(|i| eq_at(&point[j + 1..], i) * (p0[i] * q1[i] + p1[i] * q0[i] + lambda * q0[i] * q1[i])).sum()
            };
            let [c1, c2] = tree.round();
            let c0 = claim - point[j] * (c1 + c2);
            for x in [F::ZERO, F::ONE, F::from(5)] {
                assert_eq!(t(x), c0 + x * (c1 + x * c2), "layer {k} round {j}");
            }
            // Challenges of zero and one must not be special.
            let s = match source.below(9) {
                0 => F::ZERO,
                1 => F::ONE,
                _ => source.field(),
            };
            tree.bind(s);
            claim = c0 + s * (c1 + s * c2);
            children = children.map(|values| line(&values, s));
            challenges.push(s);
        }
        ends = tree.end();
        assert_eq!(ends.as_slice(), children.concat());
        let [p, q] = &layers[leaves.bits - 1 - k];
        let mut low = vec![F::ZERO];
        low.extend(&challenges);
        assert_eq!((ends[0], ends[2]), (evaluate(p, &low), evaluate(q, &low)));
        low[0] = F::ONE;
        assert_eq!((ends[1], ends[3]), (evaluate(p, &low), evaluate(q, &low)));
    }
}

type Case = (&'static [(usize, usize, usize)], &'static [usize]);

const CASES: &[Case] = &[
    (&[(1, 1, 1)], &[1]),
    (&[(1, 1, 1), (1, 1, 1), (1, 1, 1)], &[1, 2]),
    (&[(1, 1, 37)], &[5]),
    (&[(1, 37, 1)], &[5]),
    (&[(3, 5, 7)], &[11]),
    (&[(3, 5, 3), (1, 1, 1), (2, 3, 9), (1, 2, 1)], &[7, 1, 3]),
    (&[(1, 3, 33), (4, 2, 2)], &[16, 9]),
    (&[(1, 2, 100), (1, 5, 17)], &[64]),
    (&[(1, 2, 5), (3, 1, 6)], &[100]),
    (&[(8, 7, 7), (2, 3, 14)], &[20]),
];

/// Runs a test with every arithmetic of this processor.
macro_rules! with_all_lanes {
    ($name:ident) => {
        $name(ScalarLanes::<F>::new());
        #[cfg(target_arch = "x86_64")]
        zkimg_group::simd::Avx2Lanes::<F>::detect().into_iter().for_each($name);
        #[cfg(target_arch = "x86_64")]
        zkimg_group::simd::IfmaLanes::<F>::detect().into_iter().for_each($name);
    };
}

#[test]
fn every_message_is_that_of_the_dense_tree() {
    with_all_lanes!(check_cases);
}

fn check_cases<L: Lanes<Field = F>>(lanes: L) {
    let mut source = Source(0);
    for (shapes, sizes) in CASES {
        let leaves = honest(shapes, sizes, &mut source);
        for part_bits in 1..=leaves.bits {
            for kept in Kept::CHOICES.into_iter().chain([MOST]) {
                check(lanes, &leaves, part_bits, kept, &mut source);
            }
        }
    }
}

#[test]
fn blocks_may_leave_gaps_and_one_leaf_may_be_all() {
    with_all_lanes!(check_gaps);
}

fn check_gaps<L: Lanes<Field = F>>(lanes: L) {
    let mut source = Source(1000);
    let mut leaves = honest(&[(1, 3, 5), (1, 1, 1)], &[2], &mut source);
    leaves.bits = 9;
    leaves.lookups[0].offset = 320;
    leaves.tables[0].offset = 130;
    leaves.lookups[1].offset = 133;
    for part_bits in 1..=9 {
        check(lanes, &leaves, part_bits, MOST, &mut source);
    }
    leaves.tables.clear();
    leaves.lookups.remove(0);
    for part_bits in 1..=9 {
        check(lanes, &leaves, part_bits, Kept::CHOICES[0], &mut source);
    }
    leaves.lookups.clear();
    check(lanes, &leaves, 4, MOST, &mut source);
    leaves.bits = 1;
    check(lanes, &leaves, 1, MOST, &mut source);
}

#[test]
fn lookups_that_go_many_at_once_are_the_same() {
    with_all_lanes!(check_long_lines);
}

fn check_long_lines<L: Lanes<Field = F>>(lanes: L) {
    let mut source = Source(3000);
    let leaves = honest(&[(1, 1, 1500), (1, 2, 40)], &[300], &mut source);
    for kept in Kept::CHOICES.into_iter().chain([MOST]) {
        for part_bits in [9, leaves.bits] {
            check(lanes, &leaves, part_bits, kept, &mut source);
        }
    }
}

#[test]
fn the_sum_vanishes_for_true_multiplicities_only() {
    let mut source = Source(2000);
    for (shapes, sizes) in CASES {
        let mut leaves = honest(shapes, sizes, &mut source);
        let [p0, p1, q0, q1] = Tree::build(leaves.clone(), 0).root();
        assert_eq!(p0 * q1 + p1 * q0, F::ZERO);
        leaves.tables[0].multiplicities[0] += 1;
        let [p0, p1, q0, q1] = Tree::build(leaves, usize::MAX).root();
        assert_ne!(p0 * q1 + p1 * q0, F::ZERO);
    }
}

#[test]
#[should_panic(expected = "overlap or are misaligned")]
fn overlapping_blocks_are_refused() {
    let mut leaves = honest(&[(1, 3, 5), (1, 1, 1)], &[2], &mut Source(0));
    leaves.lookups[1].offset = leaves.lookups[0].offset + 8;
    Tree::build(leaves, usize::MAX);
}

#[test]
#[should_panic(expected = "overlap or are misaligned")]
fn misaligned_blocks_are_refused() {
    let mut leaves = honest(&[(1, 3, 5)], &[2], &mut Source(0));
    leaves.lookups[0].offset = 4;
    leaves.tables[0].offset = 0;
    Tree::build(leaves, usize::MAX);
}
