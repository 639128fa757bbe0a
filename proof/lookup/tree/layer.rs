//! One layer's sum-check, driven round by round.

use super::eq;
use super::fraction::{Nodes, Pairs, Round, Sums, bind, bind_first, gather, inlined};
use super::ids::Entries;
use super::sparse::Sparse;
use super::unkept::Unkept;
use super::{Engine, Part, Rounds};
use ff::Field;
use rayon::prelude::*;
use zkimg_group::field::F;
use zkimg_group::simd::Lanes;

/// What the sum-check of a layer holds besides its data.
pub(super) struct Layer<L: Lanes> {
    point: Vec<F>,
    lambda: F,
    /// `λ` in every lane.
    lambdas: L::Several,
    /// The children's height above the leaves.
    height: usize,
    /// How many variables are bound before the children are written out; none if they are kept.
    written: usize,
    /// Variables that are bound inside the parts.
    inner: usize,
    claim: F,
    message: [F; 2],
    /// `eq` of the variables after the current one, up to the parts' or the crown's last.
    eq: Vec<L::Several>,
    /// `eq` of the variables above the parts.
    eq_outer: Vec<L::Several>,
}

/// A pass over fewer values stays on one thread.
const PARALLEL: usize = 256;

impl<L: Lanes<Field = F>> Rounds for Engine<L> {
    fn root(&self) -> [F; 4] {
        self.claims
    }

    fn begin(&mut self, k: usize, point: &[F], lambda: F) {
        let bits = self.source.bits();
        assert!(self.layer.is_none() && k == self.bound.len() + 1 && k < bits, "a layer out of turn");
        assert!(point.len() == k && point[1..] == self.bound, "not where the layer above ended");
        self.bound.clear();
        let inner = k.saturating_sub(bits - self.part_bits);
        if inner > 0 && self.kept.makes(bits - k - 1) {
            let (lanes, source, part_bits) = (self.lanes, &self.source, self.part_bits);
            let make = |part: &mut Part<L>| {
                part.pairs = Sparse::default();
                part.levels.push(source.level(lanes, &part.spans, part_bits, bits - k - 1));
            };
            self.parts.par_iter_mut().for_each(make);
        }
        let stored = self.parts.iter().any(|part| !part.levels.is_empty());
        let mut layer = Layer {
            point: point.to_vec(),
            lambda,
            lambdas: self.everywhere(&lambda),
            height: bits - k - 1,
            written: if stored { 0 } else { self.kept.written(bits - k - 1, inner) },
            inner,
            claim: F::ZERO,
            message: [F::ZERO; 2],
            eq: Vec::new(),
            eq_outer: eq::table(self.lanes, &point[inner..]),
        };
        // Both ends of the first round's polynomial are where the layer above ended.
        let [p0, p1, q0, q1] = self.claims;
        let (low, high) = (p0 + lambda * q0, p1 + lambda * q1);
        layer.claim = low + point[0] * (high - low);
        let square = self.first(&mut layer);
        layer.message = [high - low - square, square];
        self.layer = Some(layer);
    }

    fn round(&self) -> [F; 2] {
        self.layer.as_ref().expect("a layer that was begun").message
    }

    fn bind(&mut self, s: F) {
        let mut layer = self.layer.take().expect("a layer that was begun");
        let [c1, c2] = layer.message;
        layer.claim += s * (c1 + s * c2) - layer.point[self.bound.len()] * (c1 + c2);
        self.bound.push(s);
        let next = layer.point.get(self.bound.len()).copied();
        let at = usize::from(next == Some(F::ZERO));
        let [value, square] = self.fold(&mut layer, s, at);
        let value = value + layer.lambda;
        // The claim is (1 − r)·t(0) + r·t(1), which gives t(1) − t(0) from either.
        let slope = match next {
            Some(r) if at == 0 => (layer.claim - value) * r.invert().unwrap_or(F::ZERO),
            _ => value - layer.claim,
        };
        layer.message = [slope - square, square];
        self.layer = Some(layer);
    }

    fn end(&mut self) -> [F; 4] {
        let layer = self.layer.take().expect("a layer that was begun");
        assert_eq!(self.bound.len(), layer.point.len(), "variables are left");
        let pairs = self.crown.pairs.get(0).unwrap_or(Pairs::padding(self.lanes, layer.lambdas));
        let [a0, q0, p1, q1] = pairs.get(0).map(|one| L::unpack(&one));
        self.claims = [a0 - layer.lambda * q0, p1, q0, q1];
        self.claims
    }
}

impl<L: Lanes<Field = F>> Engine<L> {
    /// An element in every lane.
    fn everywhere(&self, element: &F) -> L::Several {
        self.lanes.run(|| self.lanes.store(&self.lanes.splat(element)))
    }

    /// The quadratic coefficient of the first round.
    fn first(&mut self, layer: &mut Layer<L>) -> F {
        let (lanes, source, height, bits) = (self.lanes, &self.source, layer.height, self.part_bits);
        if layer.inner > 0 {
            layer.eq = eq::table(lanes, &layer.point[1..layer.inner]);
            let round = Round { eq: &layer.eq, lambda: layer.lambdas, at: 0 };
            let step = |part: &mut Part<L>| {
                let square = match part.levels.last() {
                    Some(level) => round.first(lanes, level),
                    None if height == 0 => source.first(lanes, &part.spans, round),
                    None => {
                        let mut square = lanes.nothing();
                        source.fours(
                            lanes,
                            &part.spans,
                            height,
                            #[inline(always)]
                            |i, four| round.add_first(lanes, &mut square, &round.eq[i], &four),
                        );
                        lanes.run(
                            #[inline(always)]
                            || lanes.store(&lanes.total(&square)),
                        )
                    }
                };
                [L::Several::default(), square]
            };
            return every_part(lanes, &mut self.parts, &layer.eq_outer, 1 << layer.inner, step)[1];
        }
        layer.eq = eq::halved(lanes, &layer.eq_outer);
        let round = Round { eq: &layer.eq, lambda: layer.lambdas, at: 0 };
        if let Some(level) = self.crown.levels.last() {
            return total::<L>(&round.first(lanes, level));
        }
        let pairs = self.parts.iter_mut().map(|part| {
            let level = part.levels.pop().unwrap_or_else(|| source.level(lanes, &part.spans, bits, height));
            let Nodes { p, q } = level.get(0).unwrap_or(Nodes::padding(lanes));
            let [p0, p1, q0, q1] = [(&p, 0), (&p, 1), (&q, 0), (&q, 1)].map(|(several, lane)| L::unpack(&L::get(several, lane)));
            (part.index, [p0 + layer.lambda * q0, q0, p1, q1].map(|element| L::pack(&element)))
        });
        self.crown.pairs = gather(lanes, pairs, layer.point.len(), &layer.lambdas);
        total::<L>(&round.sums(lanes, &self.crown.pairs)[1])
    }

    /// Binds the variable before the current one to `s` and sums the current round.
    fn fold(&mut self, layer: &mut Layer<L>, s: F, at: usize) -> [F; 2] {
        let (lanes, source, height, lambda) = (self.lanes, &self.source, layer.height, layer.lambdas);
        let bound = self.bound.len();
        let left = layer.point.len() - bound;
        let several = self.everywhere(&s);
        layer.eq = eq::halved(lanes, &layer.eq);
        if bound > layer.inner {
            let level = if bound == 1 { self.crown.levels.pop() } else { None };
            match level {
                Some(level) => bind_first(lanes, &mut self.crown.pairs, &level, left, &several, &lambda),
                None => bind(lanes, &mut self.crown.pairs, left, &several, &lambda),
            }
            return Round { eq: &layer.eq, lambda, at }.sums(lanes, &self.crown.pairs).each_ref().map(total::<L>);
        }
        let bits = layer.inner - bound;
        let round = Round { eq: &layer.eq, lambda, at };
        let size = 2 << bits;
        let sums = if bound > layer.written.max(1) {
            every_part(lanes, &mut self.parts, &layer.eq_outer, size, |part| {
                bind(lanes, &mut part.pairs, bits, &several, &lambda);
                round.sums(lanes, &part.pairs)
            })
        } else if layer.written == 0 {
            every_part(lanes, &mut self.parts, &layer.eq_outer, size, |part| {
                let level = part.levels.pop().unwrap_or_default();
                bind_first(lanes, &mut part.pairs, &level, bits, &several, &lambda);
                round.sums(lanes, &part.pairs)
            })
        } else {
            let challenges: Vec<L::Several> = self.bound.iter().map(|s| self.everywhere(s)).collect();
            let entries = (height == 0).then(|| Entries::new(lanes, &source.entries, &self.bound));
            let unkept = Unkept { height, bound: &challenges, lambda, entries: entries.as_ref() };
            let last = bound == layer.written;
            every_part(lanes, &mut self.parts, &layer.eq_outer, size, |part| {
                let (pairs, spans) = (&mut part.pairs, &part.spans[..]);
                match (last, bound) {
                    (false, 1) => return source.between::<1>(lanes, spans, unkept, round),
                    (false, 2) => return source.between::<2>(lanes, spans, unkept, round),
                    (false, _) => return source.between::<3>(lanes, spans, unkept, round),
                    (true, 1) => source.write_out::<1>(lanes, pairs, spans, unkept, bits),
                    (true, 2) => source.write_out::<2>(lanes, pairs, spans, unkept, bits),
                    (true, 3) => source.write_out::<3>(lanes, pairs, spans, unkept, bits),
                    (true, _) => source.write_out::<4>(lanes, pairs, spans, unkept, bits),
                }
                round.sums(lanes, pairs)
            })
        };
        if bits > 0 {
            return sums;
        }
        let pairs = self.parts.iter().filter_map(|part| Some((part.index, part.pairs.get(0)?.get(0))));
        self.crown.pairs = gather(lanes, pairs, left, &lambda);
        layer.eq = eq::halved(lanes, &layer.eq_outer);
        Round { eq: &layer.eq, lambda, at }.sums(lanes, &self.crown.pairs).each_ref().map(total::<L>)
    }
}

/// What the lanes add up to.
fn total<L: Lanes<Field = F>>(several: &L::Several) -> F {
    (0..L::WIDTH).map(|lane| L::unpack(&L::get(several, lane))).sum()
}

/// Takes a step over about `size` values in every part and adds up the sums, each weighted by its place.
fn every_part<L: Lanes<Field = F>>(
    lanes: L,
    parts: &mut [Part<L>],
    eq_outer: &[L::Several],
    size: usize,
    step: impl Fn(&mut Part<L>) -> Sums<L> + Sync,
) -> [F; 2] {
    let weighted = |part: &mut Part<L>| {
        let sums = step(part);
        let weight = L::get(&eq_outer[part.index / L::WIDTH], part.index % L::WIDTH);
        lanes.run(
            #[inline(always)]
            || {
                let weight = lanes.gather(&[weight], |_| 0);
                let [value, square] = [lanes.loose(&lanes.load(&sums[0])), lanes.loose(&lanes.load(&sums[1]))];
                [lanes.store(&lanes.product(&value, &weight)), lanes.store(&lanes.product(&square, &weight))]
            },
        )
    };
    let add = |a: Sums<L>, b: Sums<L>| {
        lanes.run(
            #[inline(always)]
            || {
                let sum = inlined(
                    #[inline(always)]
                    |i: usize| lanes.store(&lanes.reduced(&lanes.sum(&lanes.load(&a[i]), &lanes.load(&b[i])))),
                );
                [sum(0), sum(1)]
            },
        )
    };
    let none = [L::Several::default(); 2];
    let sums = if parts.len() * size < PARALLEL {
        parts.iter_mut().map(weighted).fold(none, add)
    } else {
        let enough = (PARALLEL / size).max(1);
        parts.par_iter_mut().with_min_len(enough).map(weighted).reduce(|| none, add)
    };
    sums.each_ref().map(total::<L>)
}
