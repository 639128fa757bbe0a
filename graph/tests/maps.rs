//! Random maps and parts: fast ways and slow ways give the same integers, and bounds hold.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

use std::sync::Arc;
use zkimg_graph::evaluate::evaluate_part;
use zkimg_graph::graph::{Function, Graph, Kind, Owner, Part, Results, ValueId};
use zkimg_graph::linear::{AxisMap, Line, LinearMap, Tap, Term};
use zkimg_graph::step::Region;
use zkimg_graph::tensor::{Bounds, Cells, CellsRef, Dims};

fn d(c: usize, h: usize, w: usize) -> Dims {
    Dims::new(c, h, w).expect("dims")
}

#[test]
fn weights_that_reach_beyond_128_bits_are_refused() {
    let heavy = || AxisMap::new(1, [vec![Tap { input: 0, weight: 1 << 30 }; 1 << 13]]);
    let map = LinearMap::new(d(1, 1, 1), false, vec![Term { mix: heavy(), vertical: heavy(), horizontal: heavy() }]);
    let mut graph = Graph::new();
    let x = graph.input(Kind::Picture, d(1, 1, 1), Bounds::BYTE, false).expect("an input");
    let terms = vec![(x, map)];
    let part = Part { region: Region::whole(d(1, 1, 1)), terms, products: Vec::new(), bias: 0, divisor: 1, function: Function::Identity };
    assert!(matches!(graph.single(Bounds { low: 0, high: 0 }, part), Err(zkimg_graph::graph::BadNode::Magnitude(_))));
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

fn axis(r: &mut R, inputs: usize, outputs: usize, big: bool) -> AxisMap {
    let mut m = AxisMap::empty(inputs);
    while m.outputs() < outputs {
        let left = outputs - m.outputs();
        match r.below(3) {
            0 => {
                let k = r.below(4);
                let count = (1 + r.below(40)).min(left);
                let shift = r.below(3) as i64 - 1;
                let ok = (0..k)
                    .map(|_| r.below(inputs as u64) as i64)
                    .filter(|i| {
                        let e = i + shift * (count as i64 - 1);
                        e >= 0 && e < inputs as i64
                    })
                    .collect::<Vec<_>>();
                let taps: Vec<Tap> = ok.into_iter().map(|i| Tap { input: i as u32, weight: weight(r, big) }).collect();
                m.push_run(&taps, count, shift);
            }
            _ => {
                let k = r.below(5);
                let taps: Vec<Tap> = (0..k).map(|_| Tap { input: r.below(inputs as u64) as u32, weight: weight(r, big) }).collect();
                m.push(&taps);
            }
        }
    }
    m
}
fn weight(r: &mut R, big: bool) -> i32 {
    let s = r.below(if big { 15 } else { 4 }) as u32;
    let w = (r.n() as i64 % (1 << (s + 1))) as i32;
    if r.below(2) == 0 { w } else { -w }
}

#[test]
fn fast_is_slow() {
    let mut r = R(7);
    let mut fast_used = 0;
    for i in 0..3000 {
        let big = i % 2 == 0;
        let inp = d(1 + r.below(4), 1 + r.below(40), 1 + r.below(40));
        let out = d(1 + r.below(4), 1 + r.below(30), 1 + r.below(70));
        let ex = r.below(2) == 0;
        let (h, w) = if ex { (inp.width, inp.height) } else { (inp.height, inp.width) };
        let terms = (0..1 + r.below(3))
            .map(|_| Term {
                mix: axis(&mut r, inp.channels, out.channels, big),
                vertical: axis(&mut r, h, out.height, big),
                horizontal: axis(&mut r, w, out.width, big),
            })
            .collect();
        let map = LinearMap::new(inp, ex, terms);
        let x: Vec<u8> = (0..inp.cells()).map(|_| r.n() as u8).collect();
        let extreme = r.below(3);
        let x: Vec<u8> = if extreme == 0 { x.iter().map(|b| if b & 1 == 0 { 0 } else { 255 }).collect() } else { x };
        let (lo, hi) = map.range(Bounds::BYTE);
        let wide: Vec<i64> = x.iter().map(|b| i64::from(*b)).collect();
        let slow = map.apply(&wide);
        assert!(slow.iter().all(|v| (lo..=hi).contains(&i128::from(*v))), "range");
        let applied = map.applied(&x);
        let mut line = Line::default();
        let mut fast = vec![];
        for c in 0..out.channels {
            for y in 0..out.height {
                fast.extend(applied.line(c, y, &mut line).iter().copied());
            }
        }
        assert_eq!(fast, slow);
        for _ in 0..5 {
            let (c, y, xx) = (r.below(out.channels as u64), r.below(out.height as u64), r.below(out.width as u64));
            let mut s = 0i64;
            for t in map.terms() {
                for m in t.mix.taps(c) {
                    for v in t.vertical.taps(y) {
                        for hh in t.horizontal.taps(xx) {
                            let (iy, ix) = if ex { (hh.input, v.input) } else { (v.input, hh.input) };
                            s += i64::from(m.weight)
                                * i64::from(v.weight)
                                * i64::from(hh.weight)
                                * wide[(m.input as usize * inp.height + iy as usize) * inp.width + ix as usize];
                        }
                    }
                }
            }
            assert_eq!(s, slow[(c * out.height + y) * out.width + xx]);
        }
        let divisor = 1 + (r.n() << 9 | r.n() & 511) % (1 << [0, 3, 16, 17, 32, 33, 40][r.below(7)]);
        let bias = r.n() as i64 - (1 << 30);
        let offs: Option<Vec<u16>> = (r.below(2) == 0).then(|| (0..out.cells()).map(|_| r.n() as u16).collect());
        let mut g = Graph::new();
        let xi = g.input(Kind::Picture, inp, Bounds::BYTE, false).expect("small");
        let mut terms = vec![(xi, map.clone())];
        let (mut olo, mut ohi) = (0, 0);
        if let Some(o) = &offs {
            olo = *o.iter().min().expect("small") as i64;
            ohi = *o.iter().max().expect("small") as i64;
            let p = g.public(out, Bounds { low: olo, high: ohi }, Arc::new(Cells::U16(o.clone()))).expect("small");
            terms.push((p, LinearMap::identity(out)));
        }
        let q = |s: i128| (s + i128::from(bias)).div_euclid(i128::from(divisor));
        let (ql, qh) = (q(lo + i128::from(olo)), q(hi + i128::from(ohi)));
        if qh - ql >= 1 << 20 {
            continue;
        }
        let function = Function::Table { first: ql as i64, values: Results::Bytes((ql..=qh).map(|v| (v * 7 + 3) as u8).collect()) };
        let part = Part { region: Region::whole(out), terms, products: vec![], bias, divisor, function };
        g.single(Bounds::BYTE, part.clone()).expect("small");
        let pubs: Vec<Arc<Cells>> = g
            .values()
            .iter()
            .filter_map(|v| match &v.owner {
                Owner::Public(c) => Some(c.clone()),
                _ => None,
            })
            .collect();
        let known = |id: ValueId| if id.index() == 0 { CellsRef::U8(&x) } else { pubs[0].view() };
        let a = evaluate_part(&g, &part, Bounds::BYTE, &known, true, true);
        let b = evaluate_part(&g, &part, Bounds { low: 0, high: 256 }, &known, true, true);
        if part.as_piece(&g, Bounds::BYTE).is_some() {
            fast_used += 1;
        }
        assert_eq!(a.result.view().widened(), b.result.view().widened());
        assert_eq!(a.remainders, b.remainders);
        assert_eq!(a.quotients, b.quotients);
        assert_eq!(a.first, b.first);
    }
    assert!(fast_used > 1000, "{fast_used}");
}

#[test]
fn range_bounds_signed_inputs() {
    let mut r = R(99);
    for _ in 0..2000 {
        let inp = d(1 + r.below(7), 1 + r.below(3), 1 + r.below(3));
        let out = d(1 + r.below(7), 1 + r.below(4), 1 + r.below(4));
        let terms = (0..1 + r.below(3))
            .map(|_| Term {
                mix: axis(&mut r, inp.channels, out.channels, false),
                vertical: axis(&mut r, inp.height, out.height, false),
                horizontal: axis(&mut r, inp.width, out.width, false),
            })
            .collect();
        let map = LinearMap::new(inp, false, terms);
        let b = Bounds { low: r.below(20) as i64 - 15, high: r.below(20) as i64 + 5 };
        let (lo, hi) = map.range(b);
        let columns: Vec<Vec<i64>> = (0..inp.cells())
            .map(|i| {
                let mut e = vec![0; inp.cells()];
                e[i] = 1;
                map.apply(&e)
            })
            .collect();
        let (mut rl, mut rh) = (i64::MAX, i64::MIN);
        for j in 0..out.cells() {
            rl = rl.min(columns.iter().map(|w| (w[j] * b.low).min(w[j] * b.high)).sum());
            rh = rh.max(columns.iter().map(|w| (w[j] * b.low).max(w[j] * b.high)).sum());
        }
        assert!(lo <= rl.into() && hi >= rh.into(), "{lo} {rl} {rh} {hi}");
    }
}
