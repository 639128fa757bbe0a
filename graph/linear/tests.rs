use super::strategies::{long_axis, map};
use super::*;
use proptest::prelude::*;

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
    fn values_stay_in_the_claimed_range(map in map(), seed in any::<u8>()) {
        let cells: Vec<u8> = (0..map.input().cells()).map(|i| if (i as u8 ^ seed).is_multiple_of(3) { 255 } else { 0 }).collect();
        let (low, high) = map.range(crate::tensor::Bounds::BYTE);
        prop_assert!(apply(&map, &cells).iter().all(|v| (low..=high).contains(&(*v).into())));
    }

    #[test]
    fn values_of_several_terms_stay_in_the_claimed_range(weights in proptest::collection::vec(-9i32..10, 24), seed in any::<u8>()) {
        let d = Dims::new(1, 3, 4).expect("dims");
        let terms = weights.chunks_exact(12).enumerate().map(|(i, weights)| Term {
            mix: AxisMap::identity(1),
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

proptest! {
    #[test]
    fn lines_are_the_sums_that_the_taps_say(rows in long_axis(9), columns in long_axis(50), mix in -3i32..4, seed in any::<u8>()) {
        let d = Dims::new(1, 9, 50).expect("dims");
        let (vertical, horizontal) = (AxisMap::new(9, rows.clone()), AxisMap::new(50, columns.clone()));
        for (axis, taps) in [(&vertical, &rows), (&horizontal, &columns)] {
            for (j, taps) in taps.iter().enumerate() {
                prop_assert_eq!(&axis.taps(j).collect::<Vec<_>>(), taps);
            }
        }
        let map = LinearMap::new(d, false, vec![Term { mix: AxisMap::matrix(1, [vec![mix]]), vertical, horizontal }]);
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
