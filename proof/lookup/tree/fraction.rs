//! Fractions, pairs of them, and the arithmetic of one layer's sum-check.

use super::sparse::Sparse;
use ff::Field;
use pasta_curves::deferred::DeferredField;
use zeroize::Zeroize;
use zkimg_group::field::F;

/// A node of the tree: `p/q`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    pub(super) p: F,
    pub(super) q: F,
}

impl Zeroize for Fraction {
    fn zeroize(&mut self) {
        [&mut self.p, &mut self.q].into_iter().for_each(Zeroize::zeroize);
    }
}

/// Nodes are stored in groups of four (two neighbours' children), or all of a smaller layer.
pub(super) fn node_alignment(bits: usize) -> usize {
    1 << bits.min(2)
}

/// Pairs are stored in twos: one step of a sum-check folds two of them.
pub(super) fn pair_alignment(bits: usize) -> usize {
    1 << bits.min(1)
}

impl Fraction {
    /// What stands in every leaf that nothing lives in, and above such leaves.
    pub(super) const PADDING: Fraction = Fraction { p: F::ZERO, q: F::ONE };

    pub(super) fn sum(left: Fraction, right: Fraction) -> Fraction {
        Fraction { p: left.p * right.q + right.p * left.q, q: left.q * right.q }
    }
}

/// The layer above `nodes`; `bits` are the variables of that layer.
pub(super) fn parents(nodes: &Sparse<Fraction>, bits: usize) -> Sparse<Fraction> {
    let mut layer = Sparse::with_capacity(nodes.len() / 2 + 2);
    for (start, nodes) in nodes.runs() {
        let sums = nodes.chunks_exact(2).map(|pair| Fraction::sum(pair[0], pair[1]));
        layer.append(start / 2, node_alignment(bits), Fraction::PADDING, sums);
    }
    layer
}

/// The two children of a node, or a linear combination of such, with `a0 = p0 + λ·q0`.
///
/// Then `p0·q1 + p1·q0 + λ·q0·q1 = a0·q1 + p1·q0`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) a0: F,
    pub(super) q0: F,
    pub(super) p1: F,
    pub(super) q1: F,
}

impl Zeroize for Pair {
    fn zeroize(&mut self) {
        [&mut self.a0, &mut self.q0, &mut self.p1, &mut self.q1].into_iter().for_each(Zeroize::zeroize);
    }
}

impl Pair {
    pub(super) fn new(left: Fraction, right: Fraction, lambda: F) -> Pair {
        Pair { a0: left.p + lambda * left.q, q0: left.q, p1: right.p, q1: right.q }
    }

    pub(super) fn padding(lambda: F) -> Pair {
        Pair::new(Fraction::PADDING, Fraction::PADDING, lambda)
    }

    pub(super) fn children(&self, lambda: F) -> [F; 4] {
        [self.a0 - lambda * self.q0, self.p1, self.q0, self.q1]
    }

    fn value(&self) -> F {
        self.a0 * self.q1 + self.p1 * self.q0
    }

    fn difference(low: &Pair, high: &Pair) -> Pair {
        Pair { a0: high.a0 - low.a0, q0: high.q0 - low.q0, p1: high.p1 - low.p1, q1: high.q1 - low.q1 }
    }

    pub(super) fn bind(low: &Pair, high: &Pair, s: F) -> Pair {
        let step = Pair::difference(low, high);
        Pair { a0: low.a0 + s * step.a0, q0: low.q0 + s * step.q0, p1: low.p1 + s * step.p1, q1: low.q1 + s * step.q1 }
    }
}

/// A sum of products that is reduced once.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum(<F as DeferredField>::Accumulator);

impl Sum {
    #[inline]
    pub(super) fn add(&mut self, weight: &F, value: &F) {
        F::mul_accumulate(&mut self.0, weight, value);
    }

    pub(super) fn reduce(self) -> F {
        F::reduce(self.0)
    }
}

/// `Σ eq·(f(e) − λ)` at one `e ∈ {0, 1}`, and the sum of the quadratic coefficients of `f`.
pub(super) type Sums = [F; 2];

/// What a round needs besides the data.
#[derive(Clone, Copy)]
pub(super) struct Round<'a> {
    /// `eq` of the variables after the current one.
    pub(super) eq: &'a [F],
    pub(super) lambda: F,
    /// `e`: 0, or 1 when the point's coordinate is zero.
    pub(super) at: usize,
}

impl Round<'_> {
    /// The contribution of stored pairs; where nothing is stored `f = λ` and both terms vanish.
    pub(super) fn sums(&self, pairs: &Sparse<Pair>) -> Sums {
        let mut sums = [Sum::default(); 2];
        for (start, pairs) in pairs.runs() {
            for (eq, twin) in self.eq[start / 2..].iter().zip(pairs.chunks_exact(2)) {
                self.add(&mut sums, eq, &twin[0], &twin[1]);
            }
        }
        sums.map(Sum::reduce)
    }

    /// The contribution of two neighbours.
    #[inline]
    pub(super) fn add(&self, sums: &mut [Sum; 2], eq: &F, low: &Pair, high: &Pair) {
        let at = if self.at == 0 { low } else { high };
        sums[0].add(eq, &(at.value() - self.lambda));
        sums[1].add(eq, &Pair::difference(low, high).value());
    }

    /// The quadratic coefficient of a first round, straight from the children.
    pub(super) fn first(&self, nodes: &Sparse<Fraction>) -> F {
        let mut square = Sum::default();
        for (start, nodes) in nodes.runs() {
            for (eq, four) in self.eq[start / 4..].iter().zip(nodes.chunks_exact(4)) {
                square.add(eq, &self.first_square(four));
            }
        }
        square.reduce()
    }

    /// The quadratic coefficient of `f` over two neighbours' four children.
    #[inline]
    pub(super) fn first_square(&self, four: &[Fraction]) -> F {
        let (dp0, dq0) = (four[2].p - four[0].p, four[2].q - four[0].q);
        let (dp1, dq1) = (four[3].p - four[1].p, four[3].q - four[1].q);
        (dp0 + self.lambda * dq0) * dq1 + dp1 * dq0
    }
}

/// Binds a layer's first variable; `bits` variables are left.
pub(super) fn bind_first(pairs: &mut Sparse<Pair>, nodes: &Sparse<Fraction>, bits: usize, s: F, lambda: F) {
    pairs.restart(nodes.len() / 4 + 2);
    for (start, nodes) in nodes.runs() {
        let bound = nodes.chunks_exact(4).map(|four| bind_four(four, s, lambda));
        pairs.append(start / 4, pair_alignment(bits), Pair::padding(lambda), bound);
    }
}

/// Two neighbours' four children, bound to one pair.
#[inline]
pub(super) fn bind_four(four: &[Fraction], s: F, lambda: F) -> Pair {
    let bind = |low: &Fraction, high: &Fraction| Fraction { p: low.p + s * (high.p - low.p), q: low.q + s * (high.q - low.q) };
    Pair::new(bind(&four[0], &four[2]), bind(&four[1], &four[3]), lambda)
}

/// Binds the next variable; `bits` variables are left.
pub(super) fn bind(pairs: &mut Sparse<Pair>, bits: usize, s: F, lambda: F) {
    pairs.fold(pair_alignment(bits), Pair::padding(lambda), |low, high| Pair::bind(low, high, s));
}

/// Puts the one pair that each part of a layer was bound to at its part's index.
pub(super) fn gather(parts: impl Iterator<Item = (usize, Pair)>, bits: usize, lambda: F) -> Sparse<Pair> {
    let mut gathered = Sparse::default();
    for (index, pair) in parts {
        gathered.append(index, pair_alignment(bits), Pair::padding(lambda), std::iter::once(pair));
    }
    gathered
}
