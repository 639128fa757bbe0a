use super::*;
use ff::{Field, PrimeField};
use proptest::prelude::*;
use strategies::{long_axis, map};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap, Term};
use zkimg_graph::tensor::{CellsRef, Dims};
use zkimg_group::dot::CAPACITY;
use zkimg_group::field::{F, from_i128, hash_to_field};

#[path = "../../graph/linear/strategies.rs"]
mod strategies;

fn challenge(i: usize) -> F {
    hash_to_field("test", &i.to_le_bytes())
}

fn apply(map: &LinearMap, cells: &[u8]) -> Vec<i64> {
    map.apply(&cells.iter().map(|cell| i64::from(*cell)).collect::<Vec<_>>())
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
        let back: F = transpose(&map, &weights).iter().map(|w| dot(&LinearMap::identity(map.input()), w, CellsRef::U8(&cells))).sum();
        prop_assert_eq!(direct, back);
        prop_assert_eq!(direct, dot(&map, &weights, CellsRef::U8(&cells)));
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
            for back in transpose(&map, &Separable::eq(out, &p, F::ONE)) {
                let eq = Separable::eq(dims, &q, F::ONE);
                let axis = |a: &[F], b: &[F]| -> F { a.iter().zip(b).map(|(a, b)| *a * b).sum() };
                sum += axis(&back.c, &eq.c) * axis(&back.y, &eq.y) * axis(&back.x, &eq.x);
            }
            prop_assert_eq!(evaluate(&map, &TensorPoint::new(out, &p), &TensorPoint::new(dims, &q)), sum);
        }
    }
}

proptest! {
    #[test]
    fn weights_are_carried_back_along_every_tap(taps in long_axis(50)) {
        let axis = AxisMap::new(50, taps.clone());
        let weights: Vec<F> = (0..taps.len()).map(challenge).collect();
        let mut back = vec![F::ZERO; axis.inputs()];
        for (taps, w) in taps.iter().zip(&weights) {
            taps.iter().for_each(|t| back[t.input as usize] += from_i128(t.weight.into()) * w);
        }
        prop_assert_eq!(transpose_axis(&axis, &weights).spread(axis.inputs()), back);
    }
}

/// The largest weights and limbs, once as often as a sum takes them, and then more often.
#[test]
fn an_input_may_be_read_more_often_than_one_sum_takes() {
    let largest = F::from_u128(u128::MAX);
    for reads in [CAPACITY, CAPACITY + 2] {
        let axis = AxisMap::new(1, vec![vec![Tap { input: 0, weight: 65_535 }]; reads]);
        let expected = largest * F::from(65_535) * F::from(reads as u64);
        assert_eq!(transpose_axis(&axis, &vec![largest; reads]).weights, [expected], "{reads}");
    }
}
