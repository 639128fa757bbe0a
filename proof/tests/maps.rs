//! A map between two points, carried back, applied to cells: all ways over the field give one value.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

use ff::Field;
use zkimg_graph::linear::{AxisMap, LinearMap, Tap, Term};
use zkimg_graph::tensor::{CellsRef, Dims};
use zkimg_group::field::{F, eq_table, from_i64, hash_to_field};
use zkimg_proof::multilinear::{self, Separable, TensorPoint};

fn d(c: usize, h: usize, w: usize) -> Dims {
    Dims::new(c, h, w).expect("small")
}
fn pt(l: &str, n: usize) -> Vec<F> {
    (0..n as u32).map(|i| hash_to_field(l, &i.to_le_bytes())).collect()
}
/// A stream of numbers.
struct R(u64);

impl R {
    fn n(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
    fn below(&mut self, n: u64) -> usize {
        (self.n() % n) as usize
    }
}
fn weight(r: &mut R) -> i32 {
    match r.below(6) {
        0 => 1,
        1 => -1,
        2 => 0,
        3 => (r.n() as i32) & 0x1ffff,
        4 => -((r.n() as i32) & 0xffff),
        _ => r.below(9) as i32 - 4,
    }
}
fn axis(r: &mut R, inputs: usize, outputs: usize) -> AxisMap {
    let mut m = AxisMap::empty(inputs);
    while m.outputs() < outputs {
        let left = outputs - m.outputs();
        if r.below(2) == 0 {
            let k = r.below(4);
            let count = (1 + r.below(150)).min(left);
            let shift = r.below(5) as i64 - 2;
            let taps: Vec<Tap> = (0..k)
                .map(|_| (r.below(inputs as u64) as i64, weight(r)))
                .filter(|(i, _)| {
                    let e = i + shift * (count as i64 - 1);
                    e >= 0 && e < inputs as i64
                })
                .map(|(i, weight)| Tap { input: i as u32, weight })
                .collect();
            m.push_run(&taps, count, shift);
        } else {
            let k = r.below(5);
            let taps: Vec<Tap> =
                (0..k).map(|_| (r.below(inputs as u64), weight(r))).map(|(i, weight)| Tap { input: i as u32, weight }).collect();
            m.push(&taps);
        }
    }
    m
}
#[test]
fn all_ways_are_one() {
    let mut r = R(5);
    for round in 0..150 {
        let many = round % 2 == 0;
        let side = |r: &mut R, many: bool| 1 + r.below(if many { 200 } else { 9 });
        let inp = d(side(&mut r, many), side(&mut r, round % 3 == 0), side(&mut r, false));
        let out = d(side(&mut r, many), side(&mut r, round % 3 == 0), side(&mut r, false));
        let ex = r.below(2) == 0;
        let (h, w) = if ex { (inp.width, inp.height) } else { (inp.height, inp.width) };
        let terms = (0..1 + r.below(3))
            .map(|_| Term {
                mix: axis(&mut r, inp.channels, out.channels),
                vertical: axis(&mut r, h, out.height),
                horizontal: axis(&mut r, w, out.width),
            })
            .collect();
        let map = LinearMap::new(inp, ex, terms);
        let (po, pi) = (pt("o", out.index_bits()), pt("i", inp.index_bits()));
        let scale = F::from(77);
        let eq = Separable::eq(out, &po, scale);
        let a = scale * multilinear::evaluate(&map, &TensorPoint::new(out, &po), &TensorPoint::new(inp, &pi));
        let backs = multilinear::transpose(&map, &eq);
        let b: F = backs.iter().map(|s| s.evaluate(inp, &pi)).sum();
        assert_eq!(a, b);
        let x: Vec<i64> = (0..inp.cells()).map(|_| r.n() as i64 % 1000 - 500).collect();
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
