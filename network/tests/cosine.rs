//! The cosine of two embeddings against its definition in exact integers.

use proptest::prelude::*;
use zkimg_graph::graph::{Graph, Kind};
use zkimg_graph::tensor::{Bounds, CellsRef, Dims};
use zkimg_network::cosine::{Threshold, at_least};

/// What the graph says: `s' ≥ 1`, and that the cosine is at least `t`.
fn asked(a: &[u8], b: &[u8], zero: u8, threshold: Threshold) -> [bool; 2] {
    let dims = Dims::new(a.len(), 1, 1).expect("dims");
    let mut graph = Graph::new();
    let ids = [Kind::Picture, Kind::Template].map(|kind| graph.input(kind, dims, Bounds::BYTE, false).expect("an input"));
    at_least(&mut graph, ids, zero, threshold).expect("a question");
    let answer = graph.evaluate(&[CellsRef::U8(a), CellsRef::U8(b)]).pop().expect("an answer");
    [answer.get(0), answer.get(1)].map(|cell| match cell {
        0 => false,
        1 => true,
        other => panic!("{other}"),
    })
}

fn passes(a: &[u8], b: &[u8], zero: u8, threshold: Threshold) -> bool {
    asked(a, b, zero, threshold) == [true; 2]
}

fn products(a: &[u8], b: &[u8], zero: u8) -> [i128; 3] {
    let of = |x: &[u8], y: &[u8]| {
        let cell = |v: u8| i128::from(v) - i128::from(zero);
        x.iter().zip(y).map(|(x, y)| cell(*x) * cell(*y)).sum()
    };
    [of(a, b), of(a, a), of(b, b)]
}

/// `s > 0` and `s² ≥ t²·p·q`, `t` in parts of a million.
fn exactly(a: &[u8], b: &[u8], zero: u8, millionths: i128) -> bool {
    let [s, p, q] = products(a, b, zero);
    s > 0 && s * s * 1_000_000_000_000 >= millionths * millionths * p * q
}

fn threshold(hundredths: u8) -> Threshold {
    Threshold::new(hundredths).expect("a threshold")
}

#[test]
fn thresholds_are_hundredths_between_zero_and_one() {
    for (text, hundredths) in [("0.58", 58), ("0.5", 50), ("0.50", 50), ("0.01", 1), ("0.99", 99)] {
        assert_eq!(Threshold::parse(text).map(Threshold::hundredths), Some(hundredths), "{text}");
    }
    for text in ["0", "1", "1.0", "0.", "0.0", "0.00", "0.580", "0.585", ".58", "-0.5", "0.+5", "58", "0,58", ""] {
        assert_eq!(Threshold::parse(text), None, "{text}");
    }
    assert_eq!([threshold(58), threshold(5)].map(|t| t.to_string()), ["0.58", "0.05"]);
    assert_eq!([0, 100, 255].map(Threshold::new), [None; 3]);
}

#[test]
fn nothing_wraps_at_the_ends() {
    // The largest sums of the longest embeddings that are known, and of longer ones; and of every length near a power of two.
    for n in [1, 2, 15, 16, 17, 192, 512, 1024, 4096, 1 << 16] {
        let (most, zeros) = (vec![255; n], vec![0; n]);
        for t in [1, 58, 99] {
            assert!(passes(&most, &most, 0, threshold(t)), "{n} cells of 255 are like themselves");
            assert!(passes(&zeros, &zeros, 255, threshold(t)), "{n} cells of −255 are like themselves");
        }
        let half: Vec<u8> = (0..n).map(|i| if i % 2 == 0 { 0 } else { 255 }).collect();
        let other: Vec<u8> = half.iter().map(|cell| 255 - cell).collect();
        assert!(!passes(&half, &other, 0, threshold(1)), "{n} cells across");
        assert!(!passes(&half, &other, 127, threshold(1)), "{n} cells the other way");
    }
}

/// The trap: `0² ≥ t·0` holds for an embedding of zeros, whatever it is compared with.
#[test]
fn zeros_are_like_nothing() {
    let a: Vec<u8> = (0..64).map(|i| i * 3).collect();
    for zero in [0, 9] {
        let zeros = vec![zero; 64];
        for (a, b) in [(&a, &zeros), (&zeros, &a), (&zeros, &zeros)] {
            assert_eq!(asked(a, b, zero, threshold(99)), [false, true], "refused by the check that is meant for it alone");
        }
    }
}

/// The trap: squares forget the sign.
#[test]
fn opposite_embeddings_are_not_alike() {
    let a: Vec<u8> = (0..64).map(|i| 100 + i).collect();
    let opposite: Vec<u8> = a.iter().map(|cell| 200 - cell).collect();
    assert!(passes(&a, &a, 100, threshold(99)));
    assert_eq!(asked(&a, &opposite, 100, threshold(99)), [false, true], "by its sign alone");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_passes_is_above_the_threshold_and_what_is_well_above_passes(
        n in 1usize..300, zero in prop_oneof![Just(0u8), any::<u8>()], hundredths in 1u8..=99, noise in 1u8..=255, seed in any::<u64>(),
    ) {
        let mut state = seed;
        let mut next = |below: u8| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % (u64::from(below) + 1)) as u8
        };
        let a: Vec<u8> = (0..n).map(|_| next(255)).collect();
        let b: Vec<u8> = a.iter().map(|cell| cell.wrapping_add(next(noise)).saturating_sub(noise / 2)).collect();
        // At the hundredth nearest to the cosine as well, where a cosine can be missed at all.
        let [s, p, q] = products(&a, &b, zero).map(|sum| sum as f64);
        let cosine = s / (p * q).sqrt();
        // Zeros have none.
        let near = if cosine.is_nan() { 1 } else { (cosine * 100.0).clamp(1.0, 99.0) as u8 };
        for t in [hundredths, near] {
            let passed = passes(&a, &b, zero, threshold(t));
            if passed {
                prop_assert!(exactly(&a, &b, zero, i128::from(t) * 10_000));
            }
            // Sums of 20 bits lose at most 2^k, which is less than 2^-14 of a sum that is not small.
            if products(&a, &b, zero).iter().all(|sum| *sum > 1 << 18) && exactly(&a, &b, zero, i128::from(t) * 10_000 + 1_000) {
                prop_assert!(passed, "{s} {p} {q} {t}");
            }
        }
    }
}

/// Short embeddings lose nothing: where `k` is 0 the integers are the exact ones, to the last unit.
#[test]
fn a_difference_of_minus_one_is_refused() {
    // a = (x, y), b = (1, 0): s² = x², p·q = x² + y²; at t = 0.6 equal where 4x = 3y.
    assert!(passes(&[3, 4], &[1, 0], 0, threshold(60)));
    assert!(passes(&[3, 4], &[255, 0], 0, threshold(60)));
    assert!(!passes(&[3, 4], &[1, 0], 0, threshold(61)));
    let close = |x: u8, y: u8| passes(&[x, y], &[1, 0], 0, threshold(60));
    for k in 1..60 {
        assert!(close(3 * k, 4 * k) && !close(3 * k - 1, 4 * k) && !close(3 * k, 4 * k + 1), "{k}");
    }
}
