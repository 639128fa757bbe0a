//! Models of operators that no converter writes so: written here, field by field.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

use std::time::{Duration, Instant};
use zkimg_network::import::{Fault, ImportError, tflite};
use zkimg_network::model::MAX_LAYERS;
use zkimg_network::quantise::Precision;

/// Fields by number.
struct Table(Vec<(usize, Field)>);

enum Field {
    Raw(Vec<u8>),
    Table(Table),
    Tables(Vec<Table>),
    /// Bytes of so many items.
    List(Vec<u8>, u32),
}

fn put(b: &mut Vec<u8>, table: &Table) -> usize {
    let Table(fields) = table;
    while !b.len().is_multiple_of(8) {
        b.push(0)
    }
    let max = fields.iter().map(|f| f.0 + 1).max().unwrap_or(0);
    let vt = b.len();
    let mut inline = vec![];
    let mut at = 4usize;
    let mut slots = vec![0u16; max];
    for (i, v) in fields {
        let size = match v {
            Field::Raw(r) => r.len(),
            _ => 4,
        };
        slots[*i] = at as u16;
        inline.push((at, v));
        at += size.max(4);
    }
    b.extend((4 + 2 * max as u16).to_le_bytes());
    b.extend((at as u16).to_le_bytes());
    slots.iter().for_each(|s| b.extend(s.to_le_bytes()));
    while !b.len().is_multiple_of(4) {
        b.push(0)
    }
    let start = b.len();
    b.resize(start + at, 0);
    b[start..start + 4].copy_from_slice(&((start - vt) as i32).to_le_bytes());
    for (o, v) in inline {
        let here = start + o;
        if let Field::Raw(r) = v {
            b[here..here + r.len()].copy_from_slice(r);
            continue;
        }
        while !b.len().is_multiple_of(4) {
            b.push(0)
        }
        let to = match v {
            Field::Raw(_) => unreachable!(),
            Field::Table(inner) => put(b, inner),
            Field::List(bytes, count) => {
                let t = b.len();
                b.extend(count.to_le_bytes());
                b.extend(bytes);
                t
            }
            Field::Tables(all) => {
                let t = b.len();
                b.extend((all.len() as u32).to_le_bytes());
                let first = b.len();
                b.resize(first + 4 * all.len(), 0);
                for (i, n) in all.iter().enumerate() {
                    let to = put(b, n);
                    let h = first + 4 * i;
                    b[h..h + 4].copy_from_slice(&((to - h) as u32).to_le_bytes());
                }
                t
            }
        };
        b[here..here + 4].copy_from_slice(&((to - here) as u32).to_le_bytes());
    }
    start
}
fn ints(v: &[i32]) -> Field {
    Field::List(v.iter().flat_map(|i| i.to_le_bytes()).collect(), v.len() as u32)
}
fn quant() -> Field {
    Field::Table(Table(vec![(2, Field::List(0.5f32.to_le_bytes().to_vec(), 1)), (3, Field::List(3i64.to_le_bytes().to_vec(), 1))]))
}
fn tensor(shape: &[i32], kind: u8, buffer: u32, q: bool) -> Table {
    let mut f = vec![(0, ints(shape)), (1, Field::Raw(vec![kind])), (2, Field::Raw(buffer.to_le_bytes().to_vec()))];
    if q {
        f.push((4, quant()))
    }
    Table(f)
}
fn op(code: u32, inputs: &[i32], outputs: &[i32]) -> Table {
    Table(vec![(0, Field::Raw(code.to_le_bytes().to_vec())), (1, ints(inputs)), (2, ints(outputs))])
}
fn code(c: u8) -> Table {
    Table(vec![(0, Field::Raw(vec![c])), (3, Field::Raw(i32::from(c).to_le_bytes().to_vec()))])
}

/// A file of one graph, whose tensors have one buffer that is not empty.
fn file(codes: Vec<Table>, graph: Table, cells: Field) -> Vec<u8> {
    let model = Table(vec![
        (1, Field::Tables(codes)),
        (2, Field::Tables(vec![graph])),
        (4, Field::Tables(vec![Table(vec![]), Table(vec![(0, cells)])])),
    ]);
    let mut b = vec![0u8; 4];
    b.extend(b"TFL3");
    let at = put(&mut b, &model) as u32;
    b[..4].copy_from_slice(&at.to_le_bytes());
    b
}

/// Its answer has 4 × 4 cells, the layer before it makes 2 × 2.
#[test]
fn a_border_as_the_answer_is_refused() {
    let pads: Vec<u8> = [0i32, 0, 1, 1, 1, 1, 0, 0].iter().flat_map(|i| i.to_le_bytes()).collect();
    let graph = Table(vec![
        (
            0,
            Field::Tables(vec![
                tensor(&[1, 2, 2, 1], 9, 0, true),
                tensor(&[1, 2, 2, 1], 9, 0, true),
                tensor(&[1, 4, 4, 1], 9, 0, true),
                tensor(&[4, 2], 2, 1, false),
            ]),
        ),
        (1, ints(&[0])),
        (2, ints(&[2])),
        (3, Field::Tables(vec![op(0, &[0], &[1]), op(1, &[1, 3], &[2])])),
    ]);
    let b = file(vec![code(19), code(34)], graph, Field::List(pads, 32));
    assert!(matches!(tflite(&b, Precision::Bits24), Err(ImportError::Count { what: "operators after the output", .. })));
}

/// So many dense layers that all read the one cell of the input, with the same weights.
fn wide(layers: usize, channels: usize) -> Vec<u8> {
    let scale = || Field::Table(Table(vec![(2, Field::List(0.5f32.to_le_bytes().to_vec(), 1))]));
    let mut weights = tensor(&[channels as i32, 1], 9, 1, false);
    weights.0.push((4, scale()));
    let mut tensors = vec![tensor(&[1, 1], 9, 0, true), weights];
    tensors.extend((0..layers).map(|_| tensor(&[1, channels as i32], 9, 0, true)));
    let operators = (0..layers as i32).map(|i| op(0, &[0, 1, -1], &[2 + i])).collect();
    let graph = Table(vec![(0, Field::Tables(tensors)), (1, ints(&[0])), (2, ints(&[1 + layers as i32])), (3, Field::Tables(operators))]);
    let cells = Field::List(vec![1; channels], channels as u32);
    file(vec![code(9)], graph, cells)
}

/// A real number as TFLite has it, `q·2^(exponent − 31)`, times an integer, rounded twice: gemmlowp's source.
fn rounded_twice(acc: i64, scale: f64) -> i64 {
    let exponent = scale.log2().floor() as i32 + 1;
    let q = (scale / f64::from(exponent).exp2() * f64::from(1u32 << 31)).round() as i64;
    let product = acc * q;
    let nudge = if product >= 0 { 1 << 30 } else { 1 - (1 << 30) };
    let (high, right) = ((product + nudge) / (1 << 31), -exponent);
    let mask = (1 << right) - 1;
    (high >> right) + i64::from(high & mask > (mask >> 1) + i64::from(high < 0))
}

/// What the first rounding makes of so small integers is seen in a third of the cells above zero; the scales are of a real network.
#[test]
fn a_prelu_is_rounded_as_the_reference_kernel_does() {
    let quantised = |shape: &[i32], buffer: u32, scale: f32, zero: i64| {
        let (scale, zero) = (Field::List(scale.to_le_bytes().to_vec(), 1), Field::List(zero.to_le_bytes().to_vec(), 1));
        let mut tensor = tensor(shape, 9, buffer, false);
        tensor.0.push((4, Field::Table(Table(vec![(2, scale), (3, zero)]))));
        tensor
    };
    let (from, slope, to) = (0.359_089_9f32, 0.073_969_28f32, 1.662_700_3f32);
    let slopes = [32i8, -11, 127, 0];
    let tensors =
        vec![quantised(&[1, 16, 16, 4], 0, from, -11), quantised(&[1, 1, 4], 1, slope, 0), quantised(&[1, 16, 16, 4], 0, to, -49)];
    let operators = Field::Tables(vec![op(0, &[0, 1], &[2])]);
    let graph = Table(vec![(0, Field::Tables(tensors)), (1, ints(&[0])), (2, ints(&[2])), (3, operators)]);
    let cells = Field::List(slopes.map(i8::cast_unsigned).to_vec(), 4);
    let b = file(vec![code(54)], graph, cells);
    let picture: Vec<u8> = (0..4).flat_map(|_| 0..=255).collect();
    let made = tflite(&b, Precision::Reference).expect("a model").run(&picture).expect("a run").pop().expect("a layer");
    for (i, y) in made.iter().enumerate() {
        let (x, slope_of) = (i as i64 % 256 - 128 + 11, i64::from(slopes[i / 256]));
        let (acc, scale) =
            if x >= 0 { (x, f64::from(from) / f64::from(to)) } else { (x * slope_of, f64::from(from) * f64::from(slope) / f64::from(to)) };
        let expected = (rounded_twice(acc, scale) - 49).clamp(-128, 127) + 128;
        assert_eq!(i64::from(*y), expected, "{x} with the slope {slope_of}");
    }
}

/// Operators of a few bytes each may share one constant of any length: what they make is limited as it is made, not at the end.
#[test]
fn layers_and_biases_are_counted_as_they_come() {
    assert!(tflite(&wide(3, 100), Precision::Bits24).is_ok());
    let start = Instant::now();
    for (channels, most) in [(16_000, 4), (1, MAX_LAYERS)] {
        let Err(ImportError::Operator { number, fault: Fault::Large, .. }) = tflite(&wide(4000, channels), Precision::Bits24) else {
            panic!("4000 layers of {channels} biases")
        };
        assert_eq!(number, most + 1);
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}
