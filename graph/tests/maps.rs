//! Random maps and parts: fast ways and slow ways give the same integers, and bounds hold.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

mod support;

use std::sync::Arc;
use support::{Maps, Stream, dims};
use zkimg_graph::evaluate::evaluate_part;
use zkimg_graph::graph::{Function, Graph, Kind, Owner, Part, Results, ValueId};
use zkimg_graph::linear::{AxisMap, Line, LinearMap, Tap, Term};
use zkimg_graph::step::Region;
use zkimg_graph::tensor::{Bounds, Cells, CellsRef};

#[test]
fn weights_that_reach_beyond_128_bits_are_refused() {
    let heavy = || AxisMap::new(1, [vec![Tap { input: 0, weight: 1 << 30 }; 1 << 13]]);
    let map = LinearMap::new(dims(1, 1, 1), false, vec![Term { mix: heavy(), vertical: heavy(), horizontal: heavy() }]);
    let mut graph = Graph::new();
    let x = graph.input(Kind::Picture, dims(1, 1, 1), Bounds::BYTE, false).expect("an input");
    let terms = vec![(x, map)];
    let part =
        Part { region: Region::whole(dims(1, 1, 1)), terms, products: Vec::new(), bias: 0, divisor: 1, function: Function::Identity };
    assert!(matches!(graph.single(Bounds { low: 0, high: 0 }, part), Err(zkimg_graph::graph::BadNode::Magnitude(_))));
}

/// Weights of every size up to `2^bits`.
fn weight(r: &mut Stream, bits: u64) -> i32 {
    let size = r.below(bits) as u32;
    let weight = (r.next() as i64 % (1 << (size + 1))) as i32;
    if r.below(2) == 0 { weight } else { -weight }
}

const SMALL: Maps = Maps { longest: 40, steepest: 1, weight: |r| weight(r, 4) };
const LARGE: Maps = Maps { weight: |r| weight(r, 15), ..SMALL };

#[test]
fn fast_is_slow() {
    let mut r = Stream(7);
    let mut fast_used = 0;
    for i in 0..3000 {
        let maps = if i % 2 == 0 { LARGE } else { SMALL };
        let inp = dims(1 + r.below(4), 1 + r.below(40), 1 + r.below(40));
        let out = dims(1 + r.below(4), 1 + r.below(30), 1 + r.below(70));
        let ex = r.below(2) == 0;
        let map = maps.map(&mut r, inp, ex, out);
        let x: Vec<u8> = (0..inp.cells()).map(|_| r.next() as u8).collect();
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
        let divisor = 1 + (r.next() << 9 | r.next() & 511) % (1 << [0, 3, 16, 17, 32, 33, 40][r.below(7)]);
        let bias = r.next() as i64 - (1 << 30);
        let offs: Option<Vec<u16>> = (r.below(2) == 0).then(|| (0..out.cells()).map(|_| r.next() as u16).collect());
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
    let mut r = Stream(99);
    for _ in 0..2000 {
        let inp = dims(1 + r.below(7), 1 + r.below(3), 1 + r.below(3));
        let out = dims(1 + r.below(7), 1 + r.below(4), 1 + r.below(4));
        let map = SMALL.map(&mut r, inp, false, out);
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
