//! Sums of products of two tensors over the indices that they share.
//!
//! Indices have labels. A label that both operands carry is multiplied through; if the result carries it too it is a batch
//! (depthwise, elementwise), otherwise it is summed over (matrix product, dense layer). A label of one operand alone is one of the
//! result's axes. An operand's axis may carry several labels: a map says which cell their combination reads, as in a convolution
//! the pair of tap and place does. What the map does not reach (a border's taps) counts zero.

use crate::linear::AxisMap;
#[cfg(feature = "evaluate")]
use crate::linear::along;
use crate::tensor::{Dims, index_bits};
#[cfg(feature = "evaluate")]
use rayon::prelude::*;
#[cfg(feature = "evaluate")]
use zeroize::Zeroizing;

/// How one axis of an operand is addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The labels, the slowest first; none reads what the map's one output reads.
    pub labels: Vec<usize>,
    /// From the axis to the labels' combinations.
    pub map: AxisMap,
}

impl Route {
    /// The axis is the label itself.
    pub fn plain(label: usize, size: usize) -> Route {
        Route { labels: vec![label], map: AxisMap::identity(size) }
    }

    /// An axis of one cell, with no label.
    pub fn single() -> Route {
        Route { labels: Vec::new(), map: AxisMap::identity(1) }
    }
}

/// An operand: its shape and how its axes `c`, `y`, `x` are addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The shape read.
    pub dims: Dims,
    /// One route an axis.
    pub routes: [Route; 3],
}

/// A contraction that is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadContraction {
    /// A label used twice by one operand or by the result, or by nobody, or one that does not exist.
    #[error("label {0} of a product is not used as an index is")]
    Label(usize),
    /// A map that does not lead from its axis to its labels.
    #[error("an axis of a product's operand does not fit its labels")]
    Route,
    /// More labels than any product has.
    #[error("a product of {0} labels, at most {MAX_LABELS} are supported")]
    Labels(usize),
    /// An operand that has too many cells once each stands under its labels.
    #[error("an operand of {0} cells, each as often as it is read, at most {MAX_GATHERED} are supported")]
    Gathered(usize),
    /// A result of a shape that does not exist.
    #[error("a product's result has no shape")]
    Shape,
}

/// The most labels of a product.
pub const MAX_LABELS: usize = 16;
/// The most cells of an operand, each counted for every combination of labels it stands under: what evaluating keeps at once.
pub const MAX_GATHERED: usize = 1 << 26;

/// Fewer products are not worth another core.
#[cfg(feature = "evaluate")]
const LEAST_WORK: usize = 1 << 14;

/// `out[o] = Σ left[…]·right[…]` over the labels that both operands carry and the result does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contraction {
    labels: Vec<usize>,
    output: [Option<usize>; 3],
    operands: [Access; 2],
    dims: Dims,
}

/// The sides of an operand's labels in its gathered form: own ones first, then the shared ones.
#[cfg(feature = "evaluate")]
struct Gathered {
    own: Vec<usize>,
    cells: Zeroizing<Vec<i64>>,
}

impl Contraction {
    /// Checks a contraction: sizes of the labels, the label of each axis of the result (`c`, `y`, `x`; none for an axis of one cell),
    /// and both operands.
    pub fn new(labels: Vec<usize>, output: [Option<usize>; 3], operands: [Access; 2]) -> Result<Contraction, BadContraction> {
        if labels.len() > MAX_LABELS {
            return Err(BadContraction::Labels(labels.len()));
        }
        for (label, size) in labels.iter().enumerate() {
            let used = |access: &Access| access.routes.iter().flat_map(|route| &route.labels).filter(|l| **l == label).count();
            let [left, right] = [&operands[0], &operands[1]].map(used);
            let shown = output.iter().flatten().filter(|l| **l == label).count();
            let size_fits = (1..=1 << 26).contains(size);
            if !size_fits || left > 1 || right > 1 || shown > 1 || left + right == 0 || left + right == 1 && shown == 0 {
                return Err(BadContraction::Label(label));
            }
        }
        let routes = || operands.iter().flat_map(|access| &access.routes);
        let named = routes().flat_map(|route| &route.labels).chain(output.iter().flatten());
        if let Some(unknown) = named.copied().find(|label| *label >= labels.len()) {
            return Err(BadContraction::Label(unknown));
        }
        for access in &operands {
            let sides = [access.dims.channels, access.dims.height, access.dims.width];
            for (route, side) in access.routes.iter().zip(sides) {
                let combinations = route.labels.iter().try_fold(1usize, |n, label| n.checked_mul(labels[*label]));
                if route.map.inputs() != side || combinations != Some(route.map.outputs()) {
                    return Err(BadContraction::Route);
                }
            }
        }
        for access in &operands {
            let cells = access.routes.iter().map(|route| route.map.outputs()).fold(1, usize::saturating_mul);
            if cells > MAX_GATHERED {
                return Err(BadContraction::Gathered(cells));
            }
        }
        let [c, y, x] = output.map(|label| label.map_or(1, |label| labels[label]));
        let dims = Dims::new(c, y, x).map_err(|_| BadContraction::Shape)?;
        Ok(Contraction { labels, output, operands, dims })
    }

    /// `out[y][x] = Σ_k left[y][k]·right[k][x]`, of matrices of one channel.
    pub fn matrix(rows: usize, inner: usize, columns: usize) -> Result<Contraction, BadContraction> {
        let dims = |h, w| Dims::new(1, h, w).map_err(|_| BadContraction::Shape);
        let access = |dims, y: (usize, usize), x: (usize, usize)| Access {
            dims,
            routes: [Route::single(), Route::plain(y.0, y.1), Route::plain(x.0, x.1)],
        };
        let left = access(dims(rows, inner)?, (0, rows), (1, inner));
        let right = access(dims(inner, columns)?, (1, inner), (2, columns));
        Contraction::new(vec![rows, inner, columns], [None, Some(0), Some(2)], [left, right])
    }

    /// `out[i] = left[i]·right[i]`.
    pub fn elementwise(dims: Dims) -> Contraction {
        let sides = [dims.channels, dims.height, dims.width];
        let routes = || [0, 1, 2].map(|axis| Route::plain(axis, sides[axis]));
        let access = || Access { dims, routes: routes() };
        Contraction { labels: sides.to_vec(), output: [Some(0), Some(1), Some(2)], operands: [access(), access()], dims }
    }

    /// The result's shape.
    pub fn dims(&self) -> Dims {
        self.dims
    }

    /// Left and right.
    pub fn operands(&self) -> &[Access; 2] {
        &self.operands
    }

    /// A label's size.
    pub fn size(&self, label: usize) -> usize {
        self.labels[label]
    }

    /// The sizes of all labels.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// The labels of the result's axes.
    pub fn output(&self) -> [Option<usize>; 3] {
        self.output
    }

    /// The labels that both operands carry.
    pub fn shared(&self) -> Vec<usize> {
        let carries = |access: &Access, label: usize| access.routes.iter().any(|route| route.labels.contains(&label));
        (0..self.labels.len()).filter(|label| self.operands.iter().all(|access| carries(access, *label))).collect()
    }

    /// Bits of the space of shared indices: each label its own, the first lowest.
    pub fn shared_bits(&self) -> usize {
        self.shared().into_iter().map(|label| index_bits(self.size(label))).sum()
    }

    /// Of the result's axes, the one that carries a label.
    pub fn axis_of(&self, label: usize) -> Option<usize> {
        self.output.iter().position(|l| *l == Some(label))
    }

    /// What checking takes, in products of the field or so.
    pub fn work(&self) -> usize {
        let routes = self.operands.iter().flat_map(|access| &access.routes);
        let work = |map: &AxisMap| map.outputs().saturating_mul(2).saturating_add(map.tap_count()).saturating_add(map.inputs());
        routes.map(|route| work(&route.map)).fold(0, usize::saturating_add)
    }

    /// The greatest magnitude of a result, for operands of these magnitudes.
    pub fn magnitude(&self, left: i128, right: i128) -> i128 {
        let reach = self.operands.iter().flat_map(|access| &access.routes).map(|route| route.map.reach());
        let summed = self.shared().into_iter().filter(|l| self.axis_of(*l).is_none()).map(|l| self.labels[l] as i128);
        reach.chain(summed).chain([left, right]).fold(1, i128::saturating_mul)
    }
}

#[cfg(feature = "evaluate")]
impl Contraction {
    /// The result's integers, for operands given cell by cell.
    pub fn evaluate(&self, left: &[i64], right: &[i64]) -> Vec<i64> {
        let shared = self.shared();
        let (batch, summed): (Vec<usize>, Vec<usize>) = shared.iter().partition(|label| self.axis_of(**label).is_some());
        let order: Vec<usize> = batch.iter().chain(&summed).copied().collect();
        let [left, right] = [(0, left), (1, right)].map(|(side, cells)| self.gather(side, cells, &order));
        let size = |labels: &[usize]| labels.iter().map(|l| self.labels[*l]).product::<usize>();
        let (batches, inner) = (size(&batch), size(&summed));
        let strides = self.output_strides();
        let place = |labels: &[usize], mut index: usize| {
            labels.iter().rev().fold(0, |at, label| {
                let digit = index % self.labels[*label];
                index /= self.labels[*label];
                at + digit * strides[*label]
            })
        };
        let places = |labels: &[usize]| (0..size(labels)).map(|index| place(labels, index)).collect::<Vec<_>>();
        let (of_left, of_right, of_batch) = (places(&left.own), places(&right.own), places(&batch));
        // A row of the one times a column of the other, batch by batch; on every core.
        let (each, columns) = (batches * inner, right.cells.len() / (batches * inner));
        let mut sums = Zeroizing::new(vec![0; of_left.len() * columns * batches]);
        sums.par_chunks_exact_mut(batches).with_min_len(LEAST_WORK.div_ceil(each)).enumerate().for_each(|(at, sums)| {
            let [row, column] = [(&left, at / columns), (&right, at % columns)].map(|(side, i)| &side.cells[i * each..(i + 1) * each]);
            for ((sum, a), b) in sums.iter_mut().zip(row.chunks_exact(inner)).zip(column.chunks_exact(inner)) {
                *sum = a.iter().zip(b).map(|(a, b)| a * b).sum();
            }
        });
        let mut result = vec![0; self.dims.cells()];
        for (at, sums) in sums.chunks_exact(batches).enumerate() {
            let first = of_left[at / columns] + of_right[at % columns];
            of_batch.iter().zip(sums).for_each(|(at, sum)| result[first + at] = *sum);
        }
        result
    }

    /// How far apart a label's neighbours lie in the result.
    fn output_strides(&self) -> Vec<usize> {
        let sides = [self.dims.height * self.dims.width, self.dims.width, 1];
        (0..self.labels.len()).map(|label| self.axis_of(label).map_or(0, |axis| sides[axis])).collect()
    }

    /// An operand by its labels: own ones in order, then `shared` in order.
    fn gather(&self, side: usize, cells: &[i64], shared: &[usize]) -> Gathered {
        let access = &self.operands[side];
        let Dims { channels, height, width } = access.dims;
        assert_eq!(cells.len(), access.dims.cells(), "an operand of another shape");
        let [c, y, x] = &access.routes;
        let columns = Zeroizing::new(along(cells, channels * height, width, 1, &x.map));
        let rows = Zeroizing::new(along(&columns, channels, height, x.map.outputs(), &y.map));
        let all = Zeroizing::new(along(&rows, 1, channels, y.map.outputs() * x.map.outputs(), &c.map));
        // How far apart a label's neighbours lie in `all`.
        let mut strides = vec![0; self.labels.len()];
        let mut stride = 1;
        for label in access.routes.iter().flat_map(|route| &route.labels).rev() {
            strides[*label] = stride;
            stride *= self.labels[*label];
        }
        let own: Vec<usize> = access.routes.iter().flat_map(|route| &route.labels).copied().filter(|l| !shared.contains(l)).collect();
        let order: Vec<usize> = own.iter().chain(shared).copied().collect();
        let mut gathered = Zeroizing::new(Vec::with_capacity(all.len()));
        let mut digits = vec![0; order.len()];
        let mut at = 0;
        for _ in 0..all.len() {
            gathered.push(all[at]);
            for (digit, label) in digits.iter_mut().zip(&order).rev() {
                *digit += 1;
                at += strides[*label];
                if *digit < self.labels[*label] {
                    break;
                }
                at -= *digit * strides[*label];
                *digit = 0;
            }
        }
        Gathered { own, cells: gathered }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::{Tap, signed};

    fn numbers(n: usize, seed: i64) -> Vec<i64> {
        (0..n).map(signed).map(|i| (i * i * 31 + i * seed + 5) % 17 - 8).collect()
    }

    #[test]
    fn a_matrix_product() {
        let (rows, inner, columns) = (3, 5, 4);
        let (a, b) = (numbers(rows * inner, 3), numbers(inner * columns, 7));
        let product = Contraction::matrix(rows, inner, columns).expect("a product").evaluate(&a, &b);
        for (i, cell) in product.iter().enumerate() {
            let (y, x) = (i / columns, i % columns);
            assert_eq!(*cell, (0..inner).map(|k| a[y * inner + k] * b[k * columns + x]).sum::<i64>());
        }
    }

    #[test]
    fn an_elementwise_product() {
        let dims = Dims::new(2, 3, 5).expect("dims");
        let (a, b) = (numbers(30, 3), numbers(30, 11));
        let expected: Vec<i64> = a.iter().zip(&b).map(|(a, b)| a * b).collect();
        assert_eq!(Contraction::elementwise(dims).evaluate(&a, &b), expected);
    }

    /// `out[c][p] = Σ_k w[c][k]·x[c][p + k − 1]`, what lies outside counting zero.
    pub(crate) fn depthwise(channels: usize, taps: usize, places: usize) -> Contraction {
        let reads = (0..taps).flat_map(|k| (0..places).map(move |p| (p + k).checked_sub(1).filter(|i| *i < places)));
        let taps_of = reads.map(|i| i.map(|i| Tap { input: i as u32, weight: 1 }).into_iter().collect());
        let map = AxisMap::new(places, taps_of);
        let w = Access {
            dims: Dims::new(1, channels, taps).expect("dims"),
            routes: [Route::single(), Route::plain(0, channels), Route::plain(1, taps)],
        };
        let x = Access {
            dims: Dims::new(1, channels, places).expect("dims"),
            routes: [Route::single(), Route::plain(0, channels), Route { labels: vec![1, 2], map }],
        };
        Contraction::new(vec![channels, taps, places], [None, Some(0), Some(2)], [w, x]).expect("a contraction")
    }

    #[test]
    fn a_depthwise_convolution() {
        let (channels, taps, places) = (3, 3, 7);
        let (w, x) = (numbers(channels * taps, 5), numbers(channels * places, 9));
        let result = depthwise(channels, taps, places).evaluate(&w, &x);
        for (i, cell) in result.iter().enumerate() {
            let (c, p) = (i / places, i % places);
            let tap = |k: usize| match (p + k).checked_sub(1) {
                Some(i) if i < places => w[c * taps + k] * x[c * places + i],
                _ => 0,
            };
            assert_eq!(*cell, (0..taps).map(tap).sum::<i64>());
        }
    }

    #[test]
    fn labels_are_used_as_indices_are() {
        let plain = |routes| Access { dims: Dims::new(1, 2, 3).expect("dims"), routes };
        let y_x = |y, x| plain([Route::single(), Route::plain(y, 2), Route::plain(x, 3)]);
        let new = |output, a, b| Contraction::new(vec![2, 3], output, [a, b]);
        assert!(new([None, Some(0), Some(1)], y_x(0, 1), y_x(0, 1)).is_ok());
        assert!(new([None; 3], y_x(0, 1), y_x(0, 1)).is_ok(), "an inner product");
        assert_eq!(new([None, Some(0), Some(0)], y_x(0, 1), y_x(0, 1)), Err(BadContraction::Label(0)), "twice in the result");
        let lone = plain([Route::single(), Route { labels: vec![], map: AxisMap::select(2, [0]) }, Route::plain(1, 3)]);
        assert_eq!(new([None, None, Some(1)], y_x(0, 1), lone), Err(BadContraction::Label(0)), "summed in one operand alone");
        assert_eq!(new([None, Some(0), Some(2)], y_x(0, 1), y_x(0, 1)), Err(BadContraction::Label(2)), "no such label");
        assert_eq!(new([None, Some(0), Some(1)], y_x(0, 1), y_x(1, 0)), Err(BadContraction::Route), "a map of another size");
    }

    #[test]
    fn magnitudes_bound_the_result() {
        let product = Contraction::matrix(2, 9, 2).expect("a product");
        assert_eq!(product.magnitude(127, 255), 9 * 127 * 255);
        let result = product.evaluate(&[127; 18], &[255; 18]);
        assert!(result.iter().all(|v| i128::from(*v) == product.magnitude(127, 255)));
        // Taps of both signs: on one axis alone either sign is half of it, on two their signs multiply.
        let difference =
            || Route { labels: Vec::new(), map: AxisMap::new(2, [vec![Tap { input: 0, weight: 1 }, Tap { input: 1, weight: -1 }]]) };
        let dims = |h, w| Dims::new(1, h, w).expect("dims");
        let left = Access { dims: dims(2, 2), routes: [Route::single(), difference(), difference()] };
        let right = Access { dims: dims(1, 1), routes: [Route::single(), Route::single(), Route::single()] };
        let mixed = Contraction::new(Vec::new(), [None; 3], [left, right]).expect("a contraction");
        assert_eq!(mixed.evaluate(&[255, 0, 0, 255], &[1]), [510]);
        assert_eq!(mixed.evaluate(&[127, -128, -128, 127], &[-3]), [-3 * 510]);
        assert!(mixed.magnitude(255, 1) >= 510 && mixed.magnitude(128, 3) >= 3 * 510);
    }
}
