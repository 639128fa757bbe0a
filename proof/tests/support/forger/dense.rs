//! Maps, contractions and tables over dense vectors of field elements, index by index.

use ff::{Field, PrimeField};
use zkimg_graph::contraction::Contraction;
use zkimg_graph::linear::LinearMap;
use zkimg_graph::tensor::{Dims, index_bits};
use zkimg_group::field::{F, from_i64, from_i128};
use zkimg_proof::commitment::Layout;
use zkimg_proof::relation::Table;

pub(super) fn flat_values(dims: Dims, bits: usize, value: impl Fn(usize) -> F) -> Vec<F> {
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
pub(super) fn apply(map: &LinearMap, read: impl Fn(usize, usize, usize) -> F) -> Vec<F> {
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
pub(super) fn entry(table: &Table, key: F) -> Option<usize> {
    let bytes = (key - from_i64(table.first)).to_repr();
    let (low, high) = bytes.split_at(8);
    let place = u64::from_le_bytes(low.try_into().ok()?) as usize;
    (high.iter().all(|byte| *byte == 0) && place < table.len()).then_some(place)
}

/// All values of some labels, the others 0.
pub(super) fn indices(labels: &[usize], of: &[usize]) -> impl Iterator<Item = Vec<usize>> {
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
pub(super) fn shared(contraction: &Contraction) -> (Vec<Option<usize>>, usize) {
    let mut bits = 0;
    let mut shifts = vec![None; contraction.labels().len()];
    for label in contraction.shared() {
        shifts[label] = Some(bits);
        bits += index_bits(contraction.size(label));
    }
    (shifts, bits)
}

/// The value of an operand at an index: a sum over the taps of its axes.
pub(super) fn operand(contraction: &Contraction, side: usize, index: &[usize], read: impl Fn(usize, usize, usize) -> F) -> F {
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
pub(super) fn contract(contraction: &Contraction, read: impl Fn(usize, usize, usize, usize) -> F) -> Vec<F> {
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

pub(super) fn fold(values: &mut Vec<F>, r: F) {
    *values = values.chunks_exact(2).map(|pair| pair[0] + r * (pair[1] - pair[0])).collect();
}

/// Sums of pairs of linear functions: `(c1, c2)`.
pub(super) fn pairs(a: &[F], b: &[F]) -> [F; 2] {
    let (mut c1, mut c2) = (F::ZERO, F::ZERO);
    for (a, b) in a.chunks_exact(2).zip(b.chunks_exact(2)) {
        let (da, db) = (a[1] - a[0], b[1] - b[0]);
        c1 += a[0] * db + da * b[0];
        c2 += da * db;
    }
    [c1, c2]
}
