//! Steps that do not mean what they say are refused, and random chains of good ones are proved.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

use crate::support::{Case, aligned, contrast, crop, dims, flip, luma, sharpen, thirds};
use proptest::prelude::*;
use zkimg_graph::graph::{Graph, Kind};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap};
use zkimg_graph::step::{BadStep, Function, MAX_DIVISOR, MAX_MAGNITUDE, MAX_PIECES, Piece, Region, Step};
use zkimg_graph::tensor::Dims;
use zkimg_graph::tensor::index_bits;
use zkimg_proof::relation::{BadRelation, Output, Relation, Space};

fn half(d: Dims, columns: std::ops::Range<usize>) -> Piece {
    let horizontal = AxisMap::select(d.width, columns.clone());
    let map = LinearMap::spatial(d, false, AxisMap::identity(d.height), horizontal);
    Piece { region: Region { columns, ..Region::whole(d) }, ..Piece::linear(map) }
}

#[test]
fn every_output_cell_lies_in_one_box() {
    let d = dims(2, 3, 6);
    let step = |pieces| Step::new(d, d, pieces).err();
    assert_eq!(step(vec![half(d, 0..3), half(d, 3..6)]), None);
    assert_eq!(step(vec![half(d, 0..3)]), Some(BadStep::Cover));
    assert_eq!(step(vec![half(d, 0..3), half(d, 3..5)]), Some(BadStep::Cover));
    assert_eq!(step(vec![half(d, 0..4), half(d, 3..6)]), Some(BadStep::Cover));
    // As many cells as there are, but some twice.
    assert_eq!(step(vec![half(d, 0..3), half(d, 0..3)]), Some(BadStep::Cover));
    assert_eq!(step(Vec::new()), Some(BadStep::Cover));
    let outside = Piece { region: Region { columns: 3..7, ..Region::whole(d) }, ..half(d, 2..6) };
    assert_eq!(step(vec![half(d, 0..3), outside]), Some(BadStep::Shape));
}

#[test]
fn quotients_stay_in_their_table_and_divisors_in_their_range() {
    let d = dims(1, 2, 2);
    let piece = |factor: i32, bias: i64, divisor: u64| {
        Step::single(Piece { bias, divisor, ..Piece::linear(LinearMap::mix(d, vec![vec![factor]])) }).err()
    };
    assert_eq!(piece(1, 0, 1), None);
    assert_eq!(piece(4, 3, 4), None);
    assert_eq!(piece(4, 4, 4), Some(BadStep::Table { low: 1, high: 256 }));
    assert_eq!(piece(1, -1, 1), Some(BadStep::Table { low: -1, high: 254 }));
    assert_eq!(piece(-1, 255, 1), None);
    assert_eq!(piece(1, 0, 0), Some(BadStep::Divisor(0)));
    assert_eq!(piece(1, 0, MAX_DIVISOR), None);
    assert_eq!(piece(1, 0, MAX_DIVISOR + 1), Some(BadStep::Divisor(MAX_DIVISOR + 1)));
    let table = |first: i64, len: usize| {
        let function = Function::Table { first, values: vec![0; len].into() };
        Step::single(Piece { function, ..Piece::linear(LinearMap::identity(d)) }).err()
    };
    assert_eq!(table(0, 256), None);
    assert_eq!(table(-5, 300), None);
    assert_eq!(table(0, 255), Some(BadStep::Table { low: 0, high: 255 }));
    assert_eq!(table(1, 256), Some(BadStep::Table { low: 0, high: 255 }));
    assert_eq!(table(0, (1 << 20) + 1), Some(BadStep::Table { low: 0, high: 255 }));
}

#[test]
fn a_piece_reads_the_steps_input_and_fills_its_box() {
    let d = dims(1, 3, 6);
    let step = |input, pieces| Step::new(input, d, pieces).err();
    assert_eq!(step(d, vec![half(d, 0..3), half(d, 3..6)]), None);
    // Maps from a larger and from a smaller picture than the step reads.
    assert_eq!(step(dims(1, 3, 7), vec![half(d, 0..6)]), Some(BadStep::Shape));
    assert_eq!(step(dims(1, 3, 5), vec![half(d, 0..6)]), Some(BadStep::Shape));
    // A box as large as its map, but turned; one that is larger; an empty one.
    let in_box = |columns: std::ops::Range<usize>, rows| Piece { region: Region { columns, rows, ..Region::whole(d) }, ..half(d, 0..2) };
    assert_eq!(step(d, vec![in_box(0..3, 0..2), half(d, 3..6)]), Some(BadStep::Shape));
    assert_eq!(step(d, vec![in_box(0..3, 0..3), half(d, 3..6)]), Some(BadStep::Shape));
    assert_eq!(step(d, vec![in_box(0..0, 0..3), half(d, 0..6)]), Some(BadStep::Shape));
}

#[test]
fn a_step_has_so_many_boxes_and_no_more() {
    let columns = |n: usize| {
        let d = dims(1, 1, n);
        Step::new(d, d, (0..n).map(|x| half(d, x..x + 1)).collect()).err()
    };
    assert_eq!(columns(MAX_PIECES), None);
    assert_eq!(columns(MAX_PIECES + 1), Some(BadStep::Pieces(MAX_PIECES + 1)));
}

/// Far out, where the table still holds every quotient.
#[test]
fn quotients_stay_far_from_the_fields_modulus() {
    let d = dims(1, 2, 2);
    let step = |bias: i64, divisor: u64, map: LinearMap| {
        let function = Function::Table { first: bias.div_euclid(divisor as i64), values: vec![0; 300].into() };
        Step::single(Piece { bias, divisor, function, ..Piece::linear(map) })
    };
    let identity = || LinearMap::identity(d);
    for divisor in [1, 2, 1 << 16, (1 << 16) + 1, MAX_DIVISOR] {
        // Bias, divisor and a byte together.
        let least = (MAX_MAGNITUDE - 255) as i64 - divisor as i64;
        for bias in [least, -least] {
            assert_eq!(step(bias, divisor, identity()), Err(BadStep::Magnitude(MAX_MAGNITUDE)));
            let farthest = step(bias - bias.signum(), divisor, identity()).expect("a step");
            // What a step allows, a graph does, and it is computed without wrapping.
            Graph::chain(d, std::slice::from_ref(&farthest)).expect("a graph");
            assert_eq!(farthest.apply(&[0, 255, 1, 254]), [0; 4]);
        }
    }
    for bias in [i64::MIN, i64::MAX] {
        assert!(matches!(step(bias, 1 << 16, identity()), Err(BadStep::Magnitude(_))));
        assert!(step(bias, 1, LinearMap::mix(d, vec![vec![bias.signum() as i32 * i32::MAX]])).is_err());
    }
}

/// A step whose remainders need limbs computes what plain division does, and is proved; with and without a table, shown and hidden.
#[test]
fn divisors_of_several_limbs_are_proved() {
    let d = dims(1, 2, 5);
    for divisor in [(1 << 16) + 1, 3 << 16, (3 << 20) + 7, 1 << 32, (1 << 32) + 1, 65_537 << 16, MAX_DIVISOR] {
        // Weights along each axis whose product takes 255 to so many quotients.
        let weight = |reach: u64| {
            let most = divisor * reach / 255;
            (1..=1 << 20).rev().find(|a| most / a <= i32::MAX as u64).map(|a| (a as i32, (most / a) as i32)).expect("weights")
        };
        for (bias, reach, table) in [(divisor / 2, 191, false), (0, 383, true)] {
            let (down, across) = weight(reach);
            let axis = |n: usize, weight: i32| AxisMap::new(n, (0..n as u32).map(|input| vec![Tap { input, weight }]));
            let map = LinearMap::spatial(d, false, axis(2, down), axis(5, across));
            let bias = bias as i64 - if table { 64 * divisor as i64 } else { 0 };
            let function = Function::Table { first: -64, values: (-64..400).map(|q: i64| q.clamp(0, 255) as u8).collect() };
            let function = if table { function } else { Function::Identity };
            let piece = Piece { bias, divisor, function, ..Piece::linear(map) };
            let case = Case::new(d, |_| vec![crate::support::single(piece.clone())]);
            let plain = |x: &u8| (i128::from(*x) * i128::from(down) * i128::from(across) + i128::from(bias)).div_euclid(divisor.into());
            let expected: Vec<u8> = case.cells.iter().map(|x| plain(x).clamp(0, 255) as u8).collect();
            assert_eq!(case.steps[0].apply(&case.cells), expected, "{divisor}");
            case.accept(Output::Revealed);
            case.accept(Output::Hidden(Kind::Picture));
        }
    }
}

#[test]
fn steps_must_meet() {
    let d = dims(3, 4, 5);
    let steps = [crop(d, 0, 0, 3, 3), flip(d)];
    assert_eq!(Relation::compile(d, 10, &steps, Output::Revealed).err(), Some(BadRelation::Chain(1)));
}

/// Whatever a relation says is in the digest that the first challenge depends on.
#[test]
fn the_digest_covers_every_number() {
    let d = dims(1, 3, 4);
    let map = |weight: i32, from: u32| {
        let taps = (0..4).map(|x| vec![Tap { input: if x == 0 { from } else { x }, weight }]);
        LinearMap::spatial(d, false, AxisMap::identity(3), AxisMap::new(4, taps))
    };
    let values = |first: u8| (0..300usize).map(|i| if i == 0 { first } else { i as u8 }).collect::<Vec<u8>>();
    let piece = |weight, from, bias, divisor, first, value| {
        let function = Function::Table { first, values: values(value).into() };
        Piece { bias, divisor, function, ..Piece::linear(map(weight, from)) }
    };
    let digest = |m, d, steps: &[Step], output| Relation::compile(d, m, steps, output).expect("a relation").digest();
    let pieces = [
        piece(2, 0, 1, 2, 0, 0),
        piece(1, 0, 1, 2, 0, 0),
        piece(2, 1, 1, 2, 0, 0),
        piece(2, 0, 0, 2, 0, 0),
        piece(2, 0, 1, 3, 0, 0),
        piece(2, 0, 1, 2, -1, 0),
        piece(2, 0, 1, 2, 0, 9),
    ];
    let steps = pieces.map(|piece| [crate::support::single(piece)]);
    let mut all: Vec<[u8; 64]> = steps.iter().map(|steps| digest(10, d, steps, Output::Revealed)).collect();
    all.push(digest(11, d, &steps[0], Output::Revealed));
    all.push(digest(10, d, &steps[0], Output::Hidden(Kind::Picture)));
    for other in [d, dims(1, 4, 3), dims(3, 3, 4), dims(1, 3, 5)] {
        all.push(digest(10, other, &[], Output::Revealed));
    }
    all.push(digest(10, dims(1, 3, 9), &[thirds(dims(1, 3, 9))], Output::Revealed));
    for (i, one) in all.iter().enumerate() {
        assert!(all[..i].iter().all(|other| other != one), "{i}");
    }
}

/// A mirror reads each column twice, so the outputs that come from one box of the step before are no interval.
#[test]
fn a_selection_that_turns_back_over_boxes_is_proved() {
    let mirror = |d: Dims| {
        let horizontal = AxisMap::select(d.width, (0..d.width).chain((0..d.width).rev()));
        crate::support::single(Piece::linear(LinearMap::spatial(d, false, AxisMap::identity(d.height), horizontal)))
    };
    let case = Case::new(dims(1, 2, 9), |d| vec![thirds(d), mirror(d)]);
    case.accept(Output::Revealed);
}

/// A picture with lines longer than one carry of the limbs allows.
#[test]
fn long_lines_are_proved() {
    let case = Case::new(dims(1, 1, 70_000), |d| vec![flip(d)]);
    case.accept(Output::Revealed);
}

fn shapes() -> impl Strategy<Value = Dims> {
    (1..=3usize, 1..=6usize, 1..=8usize).prop_map(|(c, h, w)| dims(if c == 2 { 3 } else { c }, h, w))
}

/// A step named by three numbers; the last cannot hide that shapes change under way.
fn step(d: Dims, [kind, a, b]: [usize; 3]) -> Step {
    match kind % 6 {
        0 => crop(d, a % d.width, b % d.height, d.width - a % d.width, d.height - b % d.height),
        1 => flip(d),
        2 if d.channels == 3 => luma(d),
        3 if d.width >= 3 => thirds(d),
        4 => sharpen(d),
        _ => contrast(d, 0.3 + a as f64 / 4.0),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_chains_are_accepted(d in shapes(), choices in prop::collection::vec(any::<[u8; 3]>(), 0..5), hidden: bool) {
        let case = Case::new(d, |d| {
            let mut steps: Vec<Step> = Vec::new();
            for choice in &choices {
                let from = steps.last().map_or(d, Step::output);
                steps.push(step(from, choice.map(usize::from)));
            }
            steps
        });
        case.accept(if hidden { Output::Hidden(Kind::Picture) } else { Output::Revealed });
    }
}

proptest! {
    #[test]
    fn blocks_are_aligned_and_apart(sizes in prop::collection::vec(1..5000usize, 0..40)) {
        let bits: Vec<usize> = sizes.iter().map(|n| index_bits(*n)).collect();
        aligned(&Space::new(&bits), &bits);
    }
}
