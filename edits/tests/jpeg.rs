//! The edit `jpeg` against its definition written out, at its extremes, behind a crop; and proved.

use zkimg_edits::jpeg::{Jpeg, Layout, Quality, Sampling};
use zkimg_edits::{EditError, parse_word};
use zkimg_graph::fuse::fuse_all;
use zkimg_graph::graph::Graph;
use zkimg_graph::linear::signed;
use zkimg_graph::step::Step;
use zkimg_graph::tensor::{CellsRef, Dims};

const SAMPLINGS: [Sampling; 3] = [Sampling::S420, Sampling::S422, Sampling::S444];

fn dims(channels: usize, height: usize, width: usize) -> Dims {
    Dims::new(channels, height, width).expect("dims")
}

fn noise(dims: Dims) -> Vec<u8> {
    (0..dims.cells() as u64).map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56 ^ i >> 5) as u8).collect()
}

fn jpeg(quality: u8, sampling: Sampling, picture: Dims) -> Jpeg {
    Jpeg::new(Quality::new(quality).expect("a quality"), sampling, picture)
}

/// What the edit makes of a picture, behind steps.
fn cells(jpeg: &Jpeg, input: Dims, steps: &[Step], picture: &[u8]) -> (Layout, Vec<i64>) {
    let output = steps.last().map_or(input, Step::output);
    let ending = jpeg.ending(output).expect("an ending");
    let graph = Graph::ending(input, &fuse_all(input, steps).expect("fused"), &ending).expect("a graph");
    let cells = graph.evaluate(&[CellsRef::U8(picture)]).pop().expect("a value");
    (jpeg.layout(output).expect("a layout"), cells.view().widened())
}

/// One coefficient of a layout's cells.
fn at(layout: &Layout, cells: &[i64], component: usize, (row, column): (usize, usize), k: usize) -> i64 {
    let (rows, columns) = layout.place(component);
    let dims = layout.dims();
    cells[(k * dims.height + rows.start + row) * dims.width + columns.start + column]
}

/// The definition, written out.
fn defined(jpeg: &Jpeg, picture: Dims, x: &[u8], component: usize, (row, column): (usize, usize), k: usize) -> i64 {
    let m = |u: usize, x: usize| {
        let scale = if u == 0 { 0.5f64.sqrt() } else { 1.0 };
        (64.0 * 8f64.sqrt() / 2.0 * scale * ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0).cos()).round() as i64
    };
    let weights = match (picture.channels, component) {
        (1, _) => vec![256],
        (_, 0) => vec![77, 150, 29],
        (_, 1) => vec![-43, -85, 128],
        _ => vec![128, -107, -21],
    };
    let (fy, fx) = if component == 0 { (1, 1) } else { jpeg.colour().expect("colour").sampling.shared() };
    let table = if component == 0 { jpeg.luma() } else { &jpeg.colour().expect("colour").table };
    let cell = |y: usize, x_: usize| -> i64 {
        let (y, x_) = (y.min(picture.height - 1), x_.min(picture.width - 1));
        let of = |c: usize| i64::from(x[(c * picture.height + y) * picture.width + x_]);
        weights.iter().enumerate().map(|(c, weight)| weight * of(c)).sum()
    };
    let mut sum = 0;
    for y in 0..8 {
        for x in 0..8 {
            let mut s = if component == 0 { -128 * 256 } else { 0 };
            for (i, j) in (0..fy).flat_map(|i| (0..fx).map(move |j| (i, j))) {
                s += cell(fy * (8 * row + y) + i, fx * (8 * column + x) + j);
            }
            sum += m(k / 8, y) * m(k % 8, x) * s;
        }
    }
    let d = (1 << 23) * signed(fy * fx) * i64::from(table[k]);
    (sum + d / 2).div_euclid(d)
}

#[test]
fn every_coefficient_is_the_defined_one() {
    for (height, width) in [(16, 16), (9, 17), (1, 5), (24, 33), (8, 8)] {
        for channels in [1, 3] {
            for sampling in SAMPLINGS {
                let picture = dims(channels, height, width);
                let (x, edit) = (noise(picture), jpeg(80, sampling, picture));
                let (layout, cells) = cells(&edit, picture, &[], &x);
                let mut seen = 0usize;
                for component in 0..layout.components() {
                    let (rows, columns) = layout.blocks(component);
                    for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
                        for k in 0..64 {
                            let expected = defined(&edit, picture, &x, component, (row, column), k);
                            assert_eq!(
                                at(&layout, &cells, component, (row, column), k),
                                expected,
                                "{picture:?} {sampling:?} {component} {k}"
                            );
                            seen += usize::from(expected != 0);
                        }
                    }
                }
                // What is left over is zero.
                assert_eq!(cells.iter().filter(|cell| **cell != 0).count(), seen);
            }
        }
    }
}

/// Whatever the bytes, a coefficient has a code: none but the first reaches −1024.
#[test]
fn the_largest_coefficients_have_codes() {
    let picture = dims(3, 8, 8);
    let edit = jpeg(100, Sampling::S444, picture);
    assert!(edit.luma().iter().all(|q| *q == 1));
    let ending = edit.ending(picture).expect("an ending");
    for (i, piece) in ending.pieces.iter().enumerate() {
        let (low, high) = piece.map.range(zkimg_graph::tensor::Bounds::BYTE);
        let round = |v: i128| (v + i128::from(piece.bias)).div_euclid(piece.divisor.into());
        let least = if i == 0 { -1024 } else { -1023 };
        assert!(round(low) >= least && round(high) <= 1023, "{i}: {} {}", round(low), round(high));
    }
    // Signs that match the last row of the transform, in both directions.
    let signs = [1, -1, 1, -1, 1, -1, 1, -1];
    let cells_of = |c: usize| (0..64).map(move |i| if (signs[i / 8] * signs[i % 8] > 0) == (c != 1) { 255 } else { 0 });
    let x: Vec<u8> = (0..3).flat_map(cells_of).collect();
    let (layout, cells) = cells(&edit, picture, &[], &x);
    assert!((0..64).all(|k| (-1023..=1023).contains(&at(&layout, &cells, 1, (0, 0), k))));
    assert!((0..64).any(|k| at(&layout, &cells, 1, (0, 0), k).abs() > 500));
}

/// Cells beyond the picture are those of its own edge, never those that a crop took away.
#[test]
fn nothing_outside_a_crop_is_in_the_file() {
    let input = dims(3, 40, 40);
    for sampling in SAMPLINGS {
        let step = parse_word("crop=13x13+9+11").and_then(|draft| draft.resolve(input)).and_then(|edit| edit.steps(input)).expect("a crop");
        // Black inside, white outside.
        let inside = |i: usize| (11..24).contains(&(i / 40 % 40)) && (9..22).contains(&(i % 40));
        let x: Vec<u8> = (0..input.cells()).map(|i| if inside(i) { 0 } else { 255 }).collect();
        let cropped = dims(3, 13, 13);
        let edit = jpeg(50, sampling, cropped);
        let (layout, cells) = cells(&edit, input, &step, &x);
        for component in 0..3 {
            let (rows, columns) = layout.blocks(component);
            for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
                let first = at(&layout, &cells, component, (row, column), 0);
                assert_eq!(first, if component == 0 { defined(&edit, cropped, &[0; 507], 0, (0, 0), 0) } else { 0 });
                assert!((1..64).all(|k| at(&layout, &cells, component, (row, column), k) == 0), "{sampling:?} {component}");
            }
        }
    }
}

/// The crop is read through: what is between is not committed.
#[test]
fn a_crop_before_it_is_no_node_of_its_own() {
    let input = dims(3, 40, 40);
    let steps = |words: &[&str]| {
        words.iter().fold(Vec::<Step>::new(), |mut steps, word| {
            let before = steps.last().map_or(input, Step::output);
            steps.extend(parse_word(word).and_then(|draft| draft.resolve(before)).and_then(|edit| edit.steps(before)).expect("steps"));
            steps
        })
    };
    for (words, nodes) in [
        (&[][..], 1),
        (&["crop=17x9+3+5"], 1),
        (&["crop=17x9+3+5", "rotate=90"], 1),
        (&["contrast=1.2"], 2),
        (&["flip=vertical", "redact=4x4+1+1"], 2),
    ] {
        let steps = steps(words);
        let output = steps.last().map_or(input, Step::output);
        let edit = jpeg(75, Sampling::S420, output);
        let fused = fuse_all(input, &steps).expect("fused");
        let graph = Graph::ending(input, &fused, &edit.ending(output).expect("an ending")).expect("a graph");
        assert_eq!(graph.nodes().len(), nodes, "{words:?}");
        // Through or not, the same integers.
        let picture = steps.iter().fold(noise(input), |cells, step| step.apply(&cells));
        assert_eq!(cells(&edit, input, &steps, &noise(input)).1, cells(&edit, output, &[], &picture).1, "{words:?}");
    }
}

#[test]
fn the_usual_tables_are_those_of_the_quality() {
    let tables = |quality| {
        let quality = Quality::new(quality).expect("a quality");
        (quality.luma(), quality.colour())
    };
    let (luma, colour) = tables(50);
    assert_eq!((luma[0], luma[63], colour[0], colour[63]), (16, 99, 17, 99));
    assert_eq!(tables(100), ([1; 64], [1; 64]));
    assert_eq!((tables(1).0[3], tables(1).1[63]), (255, 255));
    let (luma, _) = tables(90);
    assert_eq!(luma[..8], [3, 2, 2, 3, 5, 8, 10, 12]);
    assert!(Quality::new(0).is_none() && Quality::new(101).is_none());
}

#[test]
fn its_text_has_one_form() {
    for picture in [dims(1, 9, 9), dims(3, 9, 9)] {
        for sampling in SAMPLINGS {
            let edit = jpeg(85, sampling, picture);
            assert_eq!(Jpeg::parse_text(&edit.canonical().to_string()), Ok(edit));
        }
    }
    let edit = jpeg(85, Sampling::S420, dims(3, 9, 9)).canonical().to_string();
    let refused = |from: &str, to: &str| {
        assert!(edit.contains(from));
        Jpeg::parse_text(&edit.replacen(from, to, 1)).expect_err("refused").to_string()
    };
    assert!(refused("\"4:2:0\"", "\"4:1:1\"").contains("\"4:2:0\", \"4:2:2\" or \"4:4:4\""));
    assert!(refused("\"luma\":[5,", "\"luma\":[0,").contains("none of them 0"));
    assert!(refused("\"luma\":[5,", "\"luma\":[256,").contains("a list of 64 integers"));
    assert!(refused("\"luma\":[5,", "\"luma\":[").contains("a list of 63"));
    assert!(refused("\"luma\"", "\"lumen\"").contains("no parameter \"lumen\""));
    assert!(refused("\"sampling\":\"4:2:0\"", "\"sampling\":\"4:2:0\",\"quality\":9").contains("no parameter \"quality\""));
    let without = edit.replacen(",\"sampling\":\"4:2:0\"", "", 1);
    assert!(matches!(Jpeg::parse_text(&without), Err(EditError::Missing { parameter: "sampling", .. })));
}

#[test]
fn pictures_that_it_does_not_fit_are_refused() {
    let (grey, colour) = (dims(1, 9, 9), dims(3, 9, 9));
    assert!(matches!(jpeg(85, Sampling::S420, grey).ending(colour), Err(EditError::Jpeg { found: 3, expected: 1 })));
    assert!(matches!(jpeg(85, Sampling::S420, colour).ending(grey), Err(EditError::Jpeg { found: 1, expected: 3 })));
    for (width, sampling, fits) in
        [(4, Sampling::S420, false), (4, Sampling::S422, false), (4, Sampling::S444, true), (5, Sampling::S420, true)]
    {
        let picture = dims(3, 9, width);
        assert_eq!(jpeg(85, sampling, picture).ending(picture).is_ok(), fits, "{width} {sampling:?}");
    }
}
