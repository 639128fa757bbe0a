//! A map between two points, carried back, applied to cells: all ways over the field give one value.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

#[path = "../../graph/tests/support/mod.rs"]
mod support;

use ff::Field;
use support::{Maps, Stream, dims};
use zkimg_graph::tensor::CellsRef;
use zkimg_group::field::{F, eq_table, from_i64, hash_to_field};
use zkimg_proof::multilinear::{self, Separable, TensorPoint};

fn pt(l: &str, n: usize) -> Vec<F> {
    (0..n as u32).map(|i| hash_to_field(l, &i.to_le_bytes())).collect()
}
fn weight(r: &mut Stream) -> i32 {
    match r.below(6) {
        0 => 1,
        1 => -1,
        2 => 0,
        3 => (r.next() as i32) & 0x1ffff,
        4 => -((r.next() as i32) & 0xffff),
        _ => r.below(9) as i32 - 4,
    }
}

const MAPS: Maps = Maps { longest: 150, steepest: 2, weight };

#[test]
fn all_ways_are_one() {
    let mut r = Stream(5);
    for round in 0..150 {
        let many = round % 2 == 0;
        let side = |r: &mut Stream, many: bool| 1 + r.below(if many { 200 } else { 9 });
        let inp = dims(side(&mut r, many), side(&mut r, round % 3 == 0), side(&mut r, false));
        let out = dims(side(&mut r, many), side(&mut r, round % 3 == 0), side(&mut r, false));
        let ex = r.below(2) == 0;
        let map = MAPS.map(&mut r, inp, ex, out);
        let (po, pi) = (pt("o", out.index_bits()), pt("i", inp.index_bits()));
        let scale = F::from(77);
        let eq = Separable::eq(out, &po, scale);
        let a = scale * multilinear::evaluate(&map, &TensorPoint::new(out, &po), &TensorPoint::new(inp, &pi));
        let backs = multilinear::transpose(&map, &eq);
        let b: F = backs.iter().map(|s| s.evaluate(inp, &pi)).sum();
        assert_eq!(a, b);
        let x: Vec<i64> = (0..inp.cells()).map(|_| r.next() as i64 % 1000 - 500).collect();
        let y = map.apply(&x);
        let e = [
            eq_table(&po[out.x_bits() + out.y_bits()..], out.channels),
            eq_table(&po[out.x_bits()..][..out.y_bits()], out.height),
            eq_table(&po[..out.x_bits()], out.width),
        ];
        let mut t = F::ZERO;
        for (i, v) in y.iter().enumerate() {
            t += e[0][i / (out.height * out.width)] * e[1][i / out.width % out.height] * e[2][i % out.width] * from_i64(*v);
        }
        let truth = scale * t;
        assert_eq!(truth, multilinear::dot(&map, &eq, CellsRef::I64(&x)));
        assert_eq!(truth, backs.iter().map(|s| s.dot(inp, CellsRef::I64(&x))).sum::<F>());
        let u: Vec<u16> = x.iter().map(|v| (*v + 500) as u16 * 60).collect();
        let ui: Vec<i64> = u.iter().map(|v| (*v).into()).collect();
        assert_eq!(multilinear::dot(&map, &eq, CellsRef::U16(&u)), multilinear::dot(&map, &eq, CellsRef::I64(&ui)));
    }
}
