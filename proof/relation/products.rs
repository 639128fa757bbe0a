//! The products of two tensors in the batched claim: what is multiplied, and what each operand is of its tensor.
//!
//! At a block's point `ρ` a product counts `Σ_o eq(ρ, o)·Σ_s left[o, s]·right[o, s]`. Every index that only one operand carries is summed
//! up with its weights there, so that what remains is `Σ_s a[s]·b[s]` over the indices that both carry, `a` and `b` linear in one
//! tensor each; of an index that the result carries too, `eq(ρ, ·)` goes with the left one. All weights stand on real indices alone:
//! what a prover commits between the cells, or beyond an operand's end, counts in neither.

use super::{Operand, ProductTerm, Relation};
use crate::channel::Challenges;
use crate::multilinear;
use crate::multilinear::Separable;
use ff::Field;
use zkimg_graph::tensor::Dims;
use zkimg_graph::tensor::index_bits;
use zkimg_group::field::{F, eq_table, zero_weight};

/// A product in the claim at a block's point.
pub struct Instance<'a> {
    /// The product.
    pub term: &'a ProductTerm,
    /// What it counts.
    pub scale: F,
    /// The block's shape.
    pub dims: Dims,
    /// The block's point.
    pub point: &'a [F],
}

crate::opaque!(Instance<'_>);

impl Relation {
    /// How many products the claim has.
    pub fn products(&self) -> usize {
        self.forms().map(|form| form.products.len()).sum()
    }

    /// Bits of the largest space of shared indices.
    pub fn product_bits(&self) -> usize {
        self.forms().flat_map(|form| &form.products).map(|term| term.contraction.shared_bits()).max().unwrap_or(0)
    }

    /// In the order of the blocks.
    fn forms(&self) -> impl Iterator<Item = &super::Form> {
        let lookups = self.lookups.iter().flat_map(|lookup| [&lookup.key, &lookup.value]);
        lookups.chain(self.equalities.iter().map(|equality| &equality.form))
    }

    /// The products in the claim that these challenges make, in order.
    pub fn instances<'a>(&'a self, challenges: &'a Challenges) -> Vec<Instance<'a>> {
        let mut all = Vec::new();
        // Pictures have none, and boxes by the thousand.
        if self.products() == 0 {
            return all;
        }
        for block in self.blocks(challenges) {
            for (scale, form) in &block.forms {
                let instance = |term: &'a ProductTerm| Instance { term, scale: *scale * term.scale, dims: block.dims, point: block.point };
                all.extend(form.products.iter().map(instance));
            }
        }
        all
    }

    /// What the product of each instance's operands counts where their sum-check ends.
    pub fn product_coefficients(&self, challenges: &Challenges) -> Vec<F> {
        let coefficient = |instance: Instance<'_>| {
            // Beyond its own bits either operand lives at zero only.
            let above = zero_weight(&challenges.product[instance.term.contraction.shared_bits()..]);
            instance.scale * above.square()
        };
        self.instances(challenges).into_iter().map(coefficient).collect()
    }

    /// The operands as functionals of their tensors, with the powers that join them to the linear claim.
    pub(super) fn operand_weights(&self, challenges: &Challenges) -> Vec<(usize, Separable)> {
        let mut power = F::ONE;
        let mut all = Vec::new();
        for instance in self.instances(challenges) {
            for side in 0..2 {
                power *= challenges.join;
                if let Operand::Tensor(t) = instance.term.operands[side] {
                    all.push((t, instance.weights(side, &challenges.product).scaled(power)));
                }
            }
        }
        all
    }

    /// What public operands are worth where the sum-check ends, with the same powers.
    pub(super) fn public_operands(&self, challenges: &Challenges, output: zkimg_graph::tensor::CellsRef<'_>) -> F {
        let mut power = F::ONE;
        let mut sum = F::ZERO;
        for instance in self.instances(challenges) {
            for side in 0..2 {
                power *= challenges.join;
                let dims = instance.term.contraction.operands()[side].dims;
                let worth = |cells| instance.weights(side, &challenges.product).dot(dims, cells);
                sum += match &instance.term.operands[side] {
                    Operand::Tensor(_) => F::ZERO,
                    Operand::Public(cells) => power * worth(cells.view()),
                    Operand::Output => power * worth(output),
                };
            }
        }
        sum
    }
}

impl Instance<'_> {
    /// The part of the block's point that belongs to one axis of the result.
    fn axis_point(&self, axis: usize) -> &[F] {
        let (x, rest) = self.point.split_at(self.dims.x_bits());
        let (y, c) = rest.split_at(self.dims.y_bits());
        [c, y, x][axis]
    }

    /// What each value of a label counts for an operand: at the result's point where the result carries it, and, if it is shared, at
    /// its own point.
    fn label(&self, side: usize, label: usize, shared: Option<&[F]>) -> Vec<F> {
        let contraction = &self.term.contraction;
        let size = contraction.size(label);
        let mut weights = shared.map_or_else(|| vec![F::ONE; size], |point| eq_table(point, size));
        if let Some(axis) = contraction.axis_of(label)
            && (side == 0 || !contraction.shared().contains(&label))
        {
            weights.iter_mut().zip(eq_table(self.axis_point(axis), size)).for_each(|(w, e)| *w *= e);
        }
        weights
    }

    /// An operand as weights on its tensor, at a point of the shared indices.
    fn weights(&self, side: usize, point: &[F]) -> Separable {
        let contraction = &self.term.contraction;
        let mut points = vec![None; contraction.labels().len()];
        let mut rest = point;
        for label in contraction.shared() {
            let (own, above) = rest.split_at(index_bits(contraction.size(label)));
            points[label] = Some(own);
            rest = above;
        }
        let axis = |axis: usize| {
            let route = &contraction.operands()[side].routes[axis];
            let mut combined = vec![F::ONE];
            for label in &route.labels {
                let weights = self.label(side, *label, points[*label]);
                combined = combined.iter().flat_map(|outer| weights.iter().map(move |w| *outer * w)).collect();
            }
            multilinear::transpose_axis(&route.map, &combined).spread(route.map.inputs())
        };
        Separable { c: axis(0), y: axis(1), x: axis(2) }
    }
}

#[cfg(feature = "prover")]
mod prover {
    use super::*;
    use zeroize::{Zeroize, Zeroizing};
    use zkimg_graph::linear::{AxisMap, Tap};
    use zkimg_graph::tensor::CellsRef;
    use zkimg_group::dot::LineWeights;
    use zkimg_group::field::from_i64;
    use zkimg_group::parallel;

    /// Both operands of a product over their shared indices, and what their product counts. Secret.
    pub struct Factors {
        /// What `Σ left·right` counts.
        pub scale: F,
        /// Over the shared indices, without what lies beyond the last of them.
        pub left: Vec<F>,
        /// The same.
        pub right: Vec<F>,
    }

    crate::opaque!(Factors);

    impl Drop for Factors {
        fn drop(&mut self) {
            self.left.zeroize();
            self.right.zeroize();
        }
    }

    impl Relation {
        /// The operands of all products, from the cells of the tensors and of a revealed output.
        pub fn factors<'a>(&self, challenges: &Challenges, tensor: &dyn Fn(usize) -> CellsRef<'a>, output: CellsRef<'a>) -> Vec<Factors> {
            let factors = |instance: Instance<'_>| {
                let [left, right] = [0, 1].map(|side| match &instance.term.operands[side] {
                    Operand::Tensor(t) => instance.operand(side, tensor(*t)),
                    Operand::Public(cells) => instance.operand(side, cells.view()),
                    Operand::Output => instance.operand(side, output),
                });
                Factors { scale: instance.scale, left, right }
            };
            self.instances(challenges).into_iter().map(factors).collect()
        }
    }

    /// One axis of an operand, for each combination of its shared labels: the weights on the axis.
    enum Axis {
        /// Each reads one cell as it is, or none.
        Cells(Vec<Option<usize>>),
        /// Any weights, from the first that is not zero.
        Weights(Vec<(usize, Vec<F>)>),
    }

    impl Axis {
        fn count(&self) -> usize {
            match self {
                Axis::Cells(cells) => cells.len(),
                Axis::Weights(weights) => weights.len(),
            }
        }
    }

    impl Instance<'_> {
        /// An operand over the shared indices.
        fn operand(&self, side: usize, cells: CellsRef<'_>) -> Vec<F> {
            let contraction = &self.term.contraction;
            let access = &contraction.operands()[side];
            let shared = contraction.shared();
            let [c, y, x] = [0, 1, 2].map(|axis| self.axis(side, axis, &shared));
            let Dims { channels, height, width } = access.dims;
            let columns = Zeroizing::new(columns(cells, width, &x));
            let rows = Zeroizing::new(sum_along(&columns, channels, height, x.count(), &y));
            let all = Zeroizing::new(sum_along(&rows, 1, channels, y.count() * x.count(), &c));
            // From the axes' order to the labels': the first lowest.
            let mut strides = vec![0; contraction.labels().len()];
            let mut stride = 1;
            let of_routes = access.routes.iter().flat_map(|route| &route.labels).filter(|label| shared.contains(label));
            for label in of_routes.rev() {
                strides[*label] = stride;
                stride *= contraction.size(*label);
            }
            let last: usize = shared.iter().rev().fold(0, |at, l| (at << index_bits(contraction.size(*l))) + contraction.size(*l) - 1);
            let mut result = vec![F::ZERO; last + 1];
            for i in 0..all.len() {
                let (mut rest, mut from, mut to, mut shift) = (i, 0, 0, 0);
                for label in &shared {
                    let digit = rest % contraction.size(*label);
                    rest /= contraction.size(*label);
                    from += digit * strides[*label];
                    to += digit << shift;
                    shift += index_bits(contraction.size(*label));
                }
                result[to] = all[from];
            }
            if side == 0 {
                self.weigh_batch(&shared, &mut result);
            }
            result
        }

        /// Multiplies the left operand by what the result's point makes of the shared indices that the result carries.
        fn weigh_batch(&self, shared: &[usize], values: &mut [F]) {
            let contraction = &self.term.contraction;
            let mut shift = 0;
            for label in shared {
                let bits = index_bits(contraction.size(*label));
                if let Some(axis) = contraction.axis_of(*label) {
                    let weights = eq_table(self.axis_point(axis), contraction.size(*label));
                    let digit = |i: usize| i >> shift & ((1 << bits) - 1);
                    values.iter_mut().enumerate().for_each(|(i, v)| *v *= weights.get(digit(i)).copied().unwrap_or_default());
                }
                shift += bits;
            }
        }

        fn axis(&self, side: usize, axis: usize, shared: &[usize]) -> Axis {
            let contraction = &self.term.contraction;
            let route = &contraction.operands()[side].routes[axis];
            // For each combination of labels its shared part and, of the others, their weight.
            let mut combinations = vec![(0, F::ONE)];
            let mut count = 1;
            for label in &route.labels {
                let size = contraction.size(*label);
                let is_shared = shared.contains(label);
                let weights = if is_shared { Vec::new() } else { self.label(side, *label, None) };
                let step = |(at, weight): (usize, F)| {
                    let weights = &weights;
                    (0..size).map(move |i| if is_shared { (at * size + i, weight) } else { (at, weight * weights[i]) })
                };
                combinations = combinations.into_iter().flat_map(step).collect();
                count *= if is_shared { size } else { 1 };
            }
            if combinations.len() == count && selects(&route.map) {
                let mut cells = vec![None; count];
                for (j, (at, _)) in combinations.iter().enumerate() {
                    cells[*at] = route.map.taps(j).next().map(|tap| tap.input as usize);
                }
                return Axis::Cells(cells);
            }
            let mut weights = vec![vec![F::ZERO; route.map.inputs()]; count];
            for run in route.map.runs() {
                for (k, j) in run.outputs.clone().enumerate() {
                    let (at, weight) = combinations[j];
                    for tap in run.taps {
                        weights[at][run.input(tap, k)] += from_i64(tap.weight.into()) * weight;
                    }
                }
            }
            Axis::Weights(weights.into_iter().map(trimmed).collect())
        }
    }

    /// Whether every output is one input, or none.
    fn selects(map: &AxisMap) -> bool {
        map.runs().all(|run| matches!(run.taps, [] | [Tap { weight: 1, .. }]))
    }

    /// Weights from the first to the last that is not zero.
    fn trimmed(mut weights: Vec<F>) -> (usize, Vec<F>) {
        let live = |w: &F| !w.is_zero_vartime();
        let start = weights.iter().position(live).unwrap_or(0);
        let end = weights.iter().rposition(live).map_or(start, |last| last + 1);
        weights.truncate(end);
        (start, weights.split_off(start))
    }

    /// Along `x`, line by line.
    fn columns(cells: CellsRef<'_>, width: usize, axis: &Axis) -> Vec<F> {
        let lines: Vec<usize> = (0..cells.len() / width).collect();
        let count = axis.count();
        let line = |values: &dyn Fn(usize) -> i64, weights: &(usize, Vec<F>)| -> F {
            let (start, weights) = weights;
            weights.iter().enumerate().map(|(x, w)| *w * from_i64(values(start + x))).sum()
        };
        let by_line: Vec<Vec<F>> = match axis {
            Axis::Cells(read) => {
                let line = |line: &usize| read.iter().map(|x| x.map_or(F::ZERO, |x| from_i64(cells.get(line * width + x)))).collect();
                parallel::map(&lines, line)
            }
            Axis::Weights(all) => {
                // Of unsigned cells of at most two bytes, a vector a line.
                let narrow: Vec<LineWeights> = match cells {
                    CellsRef::U8(_) | CellsRef::U16(_) => {
                        all.iter().map(|(start, w)| LineWeights::new(&[&vec![F::ZERO; *start], &w[..]].concat())).collect()
                    }
                    _ => Vec::new(),
                };
                let of_line = |i: &usize| -> Vec<F> {
                    let range = i * width..(i + 1) * width;
                    match cells {
                        CellsRef::U8(v) => narrow.iter().map(|w| w.dot(&v[range.clone()])).collect(),
                        CellsRef::U16(v) => narrow.iter().map(|w| w.dot(&v[range.clone()])).collect(),
                        _ => all.iter().map(|w| line(&|x| cells.get(range.start + x), w)).collect(),
                    }
                };
                parallel::map(&lines, of_line)
            }
        };
        let mut result = Vec::with_capacity(lines.len() * count);
        for mut line in by_line {
            result.extend_from_slice(&line);
            line.zeroize();
        }
        result
    }

    /// Along the middle axis of `outer × n × inner` values.
    fn sum_along(values: &[F], outer: usize, n: usize, inner: usize, axis: &Axis) -> Vec<F> {
        let mut result = vec![F::ZERO; outer * axis.count() * inner];
        for (block, result) in values.chunks_exact(n * inner).zip(result.chunks_exact_mut(axis.count() * inner)) {
            match axis {
                Axis::Cells(read) => {
                    for (into, at) in result.chunks_exact_mut(inner).zip(read) {
                        if let Some(at) = at {
                            into.copy_from_slice(&block[at * inner..(at + 1) * inner]);
                        }
                    }
                }
                Axis::Weights(all) => {
                    for (into, (start, weights)) in result.chunks_exact_mut(inner).zip(all) {
                        for (from, weight) in block[start * inner..].chunks_exact(inner).zip(weights) {
                            into.iter_mut().zip(from).for_each(|(sum, v)| *sum += *weight * v);
                        }
                    }
                }
            }
        }
        result
    }
}

#[cfg(feature = "prover")]
pub use prover::Factors;
