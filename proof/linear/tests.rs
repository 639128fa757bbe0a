use super::*;
use crate::dot::CAPACITY;
use crate::field::{F, from_i128, hash_to_field};
use ff::{Field, PrimeField};
use proptest::prelude::*;

fn axis(inputs: usize) -> impl Strategy<Value = AxisMap> {
    let tap = (0..inputs as u32, -9i32..10).prop_map(|(input, weight)| Tap { input, weight });
    proptest::collection::vec(proptest::collection::vec(tap, 0..4), 1..6).prop_map(move |o| AxisMap::new(inputs, o))
}

fn map() -> impl Strategy<Value = LinearMap> {
    (1usize..4, 1usize..6, 1usize..6, any::<bool>(), 1usize..4).prop_flat_map(|(c, h, w, exchanged, out)| {
        let (rows, columns) = if exchanged { (w, h) } else { (h, w) };
        let mix = proptest::collection::vec(proptest::collection::vec(-5i32..6, c), out);
        (mix, axis(rows), axis(columns)).prop_map(move |(mix, vertical, horizontal)| {
            LinearMap::new(Dims::new(c, h, w).expect("dims"), exchanged, vec![Term { mix, vertical, horizontal }])
        })
    })
}

fn challenge(i: usize) -> F {
    hash_to_field("test", &i.to_le_bytes())
}

fn apply(map: &LinearMap, cells: &[u8]) -> Vec<i64> {
    let (dims, applied) = (map.output(), map.applied(cells));
    let mut result = vec![0; dims.cells()];
    let mut memory = Line::default();
    for (i, line) in result.chunks_mut(dims.width).enumerate() {
        line.copy_from_slice(applied.line(i / dims.height, i % dims.height, &mut memory));
    }
    result
}

proptest! {
    #[test]
    fn applying_and_transposing_agree(map in map(), seed in any::<u8>()) {
        let cells: Vec<u8> = (0..map.input().cells()).map(|i| (i as u8).wrapping_mul(37) ^ seed).collect();
        let out = map.output();
        let point: Vec<F> = (0..out.index_bits()).map(challenge).collect();
        let weights = Separable::eq(out, &point, challenge(99));
        let mut direct = F::ZERO;
        for (i, v) in apply(&map, &cells).iter().enumerate() {
            let (line, x) = (i / out.width, i % out.width);
            direct += weights.c[line / out.height] * weights.y[line % out.height] * weights.x[x] * from_i128((*v).into());
        }
        let back: F = map.transpose(&weights).iter().map(|w| LinearMap::identity(map.input()).dot(w, crate::tensor::CellsRef::U8(&cells))).sum();
        prop_assert_eq!(direct, back);
        prop_assert_eq!(direct, map.dot(&weights, crate::tensor::CellsRef::U8(&cells)));
    }

    #[test]
    fn evaluating_is_transposing_and_then_evaluating(map in map(), long in 0usize..200, seed in any::<u8>()) {
        // A box of a long picture, or its mirror image, beside maps of all shapes.
        let boxed = {
            let d = Dims::new(1, 3, 400).expect("dims");
            let turned = if seed % 2 == 0 { AxisMap::interval(400, long..long + 150) } else { AxisMap::reversed(400).after(&AxisMap::interval(500, long / 2..long / 2 + 400), 9).expect("short").part(&(7..307), &(0..500)) };
            let d = Dims::new(1, d.height, turned.inputs()).expect("dims");
            LinearMap::spatial(d, false, AxisMap::identity(3), turned)
        };
        for map in [map, boxed] {
            let (out, dims) = (map.output(), map.input());
            let p: Vec<F> = (0..out.index_bits()).map(challenge).collect();
            let q: Vec<F> = (50..50 + dims.index_bits()).map(challenge).collect();
            let mut sum = F::ZERO;
            for back in map.transpose(&Separable::eq(out, &p, F::ONE)) {
                let eq = Separable::eq(dims, &q, F::ONE);
                let axis = |a: &[F], b: &[F]| -> F { a.iter().zip(b).map(|(a, b)| *a * b).sum() };
                sum += axis(&back.c, &eq.c) * axis(&back.y, &eq.y) * axis(&back.x, &eq.x);
            }
            prop_assert_eq!(map.evaluate(&TensorPoint::new(out, &p), &TensorPoint::new(dims, &q)), sum);
        }
    }

    #[test]
    fn values_stay_in_the_claimed_range(map in map(), seed in any::<u8>()) {
        let cells: Vec<u8> = (0..map.input().cells()).map(|i| if (i as u8 ^ seed).is_multiple_of(3) { 255 } else { 0 }).collect();
        let (low, high) = map.range(crate::tensor::Bounds::BYTE);
        prop_assert!(apply(&map, &cells).iter().all(|v| (low..=high).contains(&(*v).into())));
    }

    #[test]
    fn values_of_several_terms_stay_in_the_claimed_range(weights in proptest::collection::vec(-9i32..10, 24), seed in any::<u8>()) {
        let d = Dims::new(1, 3, 4).expect("dims");
        let terms = weights.chunks_exact(12).enumerate().map(|(i, weights)| Term {
            mix: vec![vec![1]],
            vertical: AxisMap::new(3, (0..3).map(|y| if y % 2 == i { vec![Tap { input: y as u32, weight: weights[y] }] } else { Vec::new() })),
            horizontal: AxisMap::new(4, (0..4).map(|x| vec![Tap { input: x as u32, weight: weights[3 + x] }])),
        });
        let map = LinearMap::new(d, false, terms.collect());
        let cells: Vec<u8> = (0..d.cells()).map(|i| if (i as u8 ^ seed).is_multiple_of(3) { 255 } else { 0 }).collect();
        let (low, high) = map.range(crate::tensor::Bounds::BYTE);
        prop_assert!(apply(&map, &cells).iter().all(|v| (low..=high).contains(&(*v).into())));
    }

    #[test]
    fn composition_applies_one_after_the_other(inner in map(), exchanged in any::<bool>()) {
        let dims = inner.output();
        let (rows, columns) = if exchanged { (dims.width, dims.height) } else { (dims.height, dims.width) };
        let outer = LinearMap::spatial(dims, exchanged, AxisMap::select(rows, (0..rows).rev()), AxisMap::select(columns, (0..columns).step_by(2)));
        let cells: Vec<u8> = (0..inner.input().cells()).map(|i| (i as u8).wrapping_mul(91)).collect();
        let middle = apply(&inner, &cells);
        let both = apply(&outer.after(&inner, usize::MAX).expect("no limit"), &cells);
        let out = outer.output();
        for (i, v) in both.iter().enumerate() {
            let (line, x) = (i / out.width, i % out.width);
            let (c, y) = (line / out.height, rows - 1 - line % out.height);
            let (y, x) = if exchanged { (2 * x, y) } else { (y, 2 * x) };
            prop_assert_eq!(*v, middle[(c * dims.height + y) * dims.width + x]);
        }
    }
}

/// Filters, blocks of equal outputs and scattered taps, with weights of every size, on lines longer than a vector.
fn long_axis(inputs: usize) -> impl Strategy<Value = Vec<Vec<Tap>>> {
    let weight = prop_oneof![-9i32..10, -70_000i32..70_000, -20_000_000i32..20_000_000];
    let filter = proptest::collection::vec(weight, 1..8);
    (filter, 0..3usize, 1usize..60).prop_map(move |(filter, shift, outputs)| {
        let taps = |j: usize| {
            filter.iter().enumerate().filter_map(move |(i, weight)| {
                let input = j * shift + i;
                (input < inputs && *weight != 0).then_some(Tap { input: input as u32, weight: *weight })
            })
        };
        (0..outputs).map(|j| taps(j).collect()).collect()
    })
}

proptest! {
    #[test]
    fn lines_are_the_sums_that_the_taps_say(rows in long_axis(9), columns in long_axis(50), mix in -3i32..4, seed in any::<u8>()) {
        let d = Dims::new(1, 9, 50).expect("dims");
        let (vertical, horizontal) = (AxisMap::new(9, rows.clone()), AxisMap::new(50, columns.clone()));
        for (axis, taps) in [(&vertical, &rows), (&horizontal, &columns)] {
            for (j, taps) in taps.iter().enumerate() {
                prop_assert_eq!(&axis.taps(j).collect::<Vec<_>>(), taps);
            }
            let weights: Vec<F> = (0..taps.len()).map(challenge).collect();
            let mut back = vec![F::ZERO; axis.inputs()];
            for (taps, w) in taps.iter().zip(&weights) {
                taps.iter().for_each(|t| back[t.input as usize] += from_i128(t.weight.into()) * w);
            }
            prop_assert_eq!(axis.transpose(&weights).spread(axis.inputs()), back);
        }
        let map = LinearMap::new(d, false, vec![Term { mix: vec![vec![mix]], vertical, horizontal }]);
        let cells: Vec<u8> = (0..d.cells()).map(|i| (i as u8).wrapping_mul(37) ^ seed).collect();
        let values = apply(&map, &cells);
        for (y, row) in rows.iter().enumerate() {
            for (x, column) in columns.iter().enumerate() {
                let read = |v: &Tap, h: &Tap| i64::from(cells[50 * v.input as usize + h.input as usize]);
                let sum: i64 = row.iter().flat_map(|v| column.iter().map(move |h| i64::from(v.weight) * i64::from(h.weight) * read(v, h))).sum();
                prop_assert_eq!(values[y * columns.len() + x], i64::from(mix) * sum);
            }
        }
    }
}

/// The largest weights and limbs, once as often as a sum takes them, and then more often.
#[test]
fn an_input_may_be_read_more_often_than_one_sum_takes() {
    let largest = F::from_u128(u128::MAX);
    for reads in [CAPACITY, CAPACITY + 2] {
        let axis = AxisMap::new(1, vec![vec![Tap { input: 0, weight: 65_535 }]; reads]);
        let expected = largest * F::from(65_535) * F::from(reads as u64);
        assert_eq!(axis.transpose(&vec![largest; reads]).weights, [expected], "{reads}");
    }
}
