//! One layer's sum-check, driven round by round.

use super::fraction::{Fraction, Pair, Round, Sum, Sums, bind, bind_first, gather};
use super::ids::{self, Entries};
use super::{Part, Tree};
use ff::Field;
use rayon::prelude::*;
use zkimg_group::field::{F, eq_table};

/// What the sum-check of a layer holds besides its data.
pub(super) struct Layer {
    point: Vec<F>,
    lambda: F,
    /// The children's height above the leaves.
    height: usize,
    /// Whether the children are leaves that are not written out at first.
    from_ids: bool,
    /// Variables that are bound inside the parts.
    inner: usize,
    claim: F,
    message: [F; 2],
    /// `eq` of the variables after the current one, up to the parts' or the crown's last.
    eq: Vec<F>,
    /// `eq` of the variables above the parts.
    eq_outer: Vec<F>,
}

/// A pass over fewer values stays on one thread.
const PARALLEL: usize = 256;

impl Tree {
    /// Starts the layer of `k` variables: `p(point) + λ·q(point)` from its children.
    ///
    /// Layers are proved from the top, `k = 1, 2, …, bits − 1`; `point[1..]` are the challenges of the layer before.
    ///
    /// # Panics
    /// If it is not this layer's turn, or the layer above did not end at this point.
    pub fn begin(&mut self, k: usize, point: &[F], lambda: F) {
        assert!(self.layer.is_none() && k == self.bound.len() + 1 && k < self.leaves.bits, "a layer out of turn");
        assert!(point.len() == k && point[1..] == self.bound, "not where the layer above ended");
        self.bound.clear();
        let inner = k.saturating_sub(self.leaves.bits - self.part_bits);
        let mut layer = Layer {
            point: point.to_vec(),
            lambda,
            height: self.leaves.bits - k - 1,
            from_ids: k == self.leaves.bits - 1 && self.part_bits >= ids::PART_BITS,
            inner,
            claim: F::ZERO,
            message: [F::ZERO; 2],
            eq: Vec::new(),
            eq_outer: eq_table(&point[inner..], 1 << (k - inner)),
        };
        // Both ends of the first round's polynomial are where the layer above ended.
        let [p0, p1, q0, q1] = self.claims;
        let (low, high) = (p0 + lambda * q0, p1 + lambda * q1);
        layer.claim = low + point[0] * (high - low);
        let square = self.first(&mut layer);
        layer.message = [high - low - square, square];
        self.layer = Some(layer);
    }

    /// The round's message `(c1, c2)`. With the claim `C` and the point's coordinate `r` the round's polynomial is
    /// `t(X) = C − r·(c1 + c2) + c1·X + c2·X²`, and `t(s)` is the next claim.
    ///
    /// # Panics
    /// If no layer is being proved.
    pub fn round(&self) -> [F; 2] {
        self.layer.as_ref().expect("a layer that was begun").message
    }

    /// Binds the current variable; the lowest comes first.
    ///
    /// # Panics
    /// If no variable is left.
    pub fn bind(&mut self, s: F) {
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

    /// Ends the layer: `(p0, p1, q0, q1)` of the children at the bound point.
    ///
    /// # Panics
    /// If a variable is not bound yet.
    pub fn end(&mut self) -> [F; 4] {
        let layer = self.layer.take().expect("a layer that was begun");
        assert_eq!(self.bound.len(), layer.point.len(), "variables are left");
        let pair = self.crown.pairs.get(0).unwrap_or(Pair::padding(layer.lambda));
        self.claims = pair.children(layer.lambda);
        self.claims
    }

    /// The quadratic coefficient of the first round.
    fn first(&mut self, layer: &mut Layer) -> F {
        let (lambda, height, bits) = (layer.lambda, layer.height, self.part_bits);
        let leaves = &self.leaves;
        if layer.inner > 0 {
            layer.eq = eq_table(&layer.point[1..layer.inner], 1 << (layer.inner - 1));
            let round = Round { eq: &layer.eq, lambda, at: 0 };
            let from_ids = layer.from_ids;
            let step = |part: &mut Part| {
                let square = match part.levels.last() {
                    Some(level) => round.first(level),
                    None if from_ids => leaves.first(&part.spans, round),
                    None => {
                        let mut square = Sum::default();
                        leaves.fours(&part.spans, height, |i, four| square.add(&round.eq[i], &round.first_square(&four)));
                        square.reduce()
                    }
                };
                [F::ZERO, square]
            };
            return every_part(&mut self.parts, &layer.eq_outer, 1 << layer.inner, step)[1];
        }
        layer.eq = halve(&layer.eq_outer);
        let round = Round { eq: &layer.eq, lambda, at: 0 };
        if let Some(level) = self.crown.levels.last() {
            return round.first(level);
        }
        let pairs = self.parts.iter_mut().map(|part| {
            let level = part.levels.pop().unwrap_or_else(|| leaves.level(&part.spans, bits, height));
            let [left, right] = [0, 1].map(|i| level.get(i).unwrap_or(Fraction::PADDING));
            (part.index, Pair::new(left, right, lambda))
        });
        self.crown.pairs = gather(pairs, layer.point.len(), lambda);
        round.sums(&self.crown.pairs)[1]
    }

    /// Binds the variable before the current one to `s` and sums the current round.
    fn fold(&mut self, layer: &mut Layer, s: F, at: usize) -> Sums {
        let (lambda, height) = (layer.lambda, layer.height);
        let (bound, leaves) = (self.bound.len(), &self.leaves);
        let left = layer.point.len() - bound;
        layer.eq = halve(&layer.eq);
        if bound > layer.inner {
            let level = if bound == 1 { self.crown.levels.pop() } else { None };
            match level {
                Some(level) => bind_first(&mut self.crown.pairs, &level, left, s, lambda),
                None => bind(&mut self.crown.pairs, left, s, lambda),
            }
            return Round { eq: &layer.eq, lambda, at }.sums(&self.crown.pairs);
        }
        let bits = layer.inner - bound;
        let round = Round { eq: &layer.eq, lambda, at };
        let size = 2 << bits;
        let sums = match self.bound[..] {
            [s] if layer.from_ids => {
                let entries = Entries::new(&leaves.entries, &[s]);
                let step = |part: &mut Part| leaves.second(&part.spans, &entries, s, round);
                every_part(&mut self.parts, &layer.eq_outer, size, step)
            }
            [s0, s1] if layer.from_ids => {
                let entries = Entries::new(&leaves.entries, &[s0, s1]);
                every_part(&mut self.parts, &layer.eq_outer, size, |part| {
                    leaves.bind(&mut part.pairs, &part.spans, &entries, bits, [s0, s1], lambda);
                    round.sums(&part.pairs)
                })
            }
            [_] => every_part(&mut self.parts, &layer.eq_outer, size, |part| {
                match part.levels.pop() {
                    Some(level) => bind_first(&mut part.pairs, &level, bits, s, lambda),
                    None => leaves.bind_first(&mut part.pairs, &part.spans, height, bits, s, lambda),
                }
                round.sums(&part.pairs)
            }),
            _ => every_part(&mut self.parts, &layer.eq_outer, size, |part| {
                bind(&mut part.pairs, bits, s, lambda);
                round.sums(&part.pairs)
            }),
        };
        if bits > 0 {
            return sums;
        }
        let pairs = self.parts.iter().filter_map(|part| Some((part.index, part.pairs.get(0)?)));
        self.crown.pairs = gather(pairs, left, lambda);
        layer.eq = halve(&layer.eq_outer);
        Round { eq: &layer.eq, lambda, at }.sums(&self.crown.pairs)
    }
}

/// Sums neighbours: `eq` without its first variable.
fn halve(eq: &[F]) -> Vec<F> {
    eq.chunks_exact(2).map(|pair| pair[0] + pair[1]).collect()
}

/// Takes a step over about `size` values in every part and adds up the sums, each weighted by its place.
fn every_part(parts: &mut [Part], eq_outer: &[F], size: usize, step: impl Fn(&mut Part) -> Sums + Sync) -> Sums {
    let weighted = |part: &mut Part| step(part).map(|sum| sum * eq_outer[part.index]);
    let add = |a: Sums, b: Sums| [a[0] + b[0], a[1] + b[1]];
    if parts.len() * size < PARALLEL {
        return parts.iter_mut().map(weighted).fold([F::ZERO; 2], add);
    }
    let enough = (PARALLEL / size).max(1);
    parts.par_iter_mut().with_min_len(enough).map(weighted).reduce(|| [F::ZERO; 2], add)
}
