//! Fractions, pairs of them, and the arithmetic of one layer's sum-check, on several side by side.

use super::sparse::Sparse;
use ff::Field;
use zeroize::Zeroize;
use zkimg_group::field::F;
use zkimg_group::simd::Lanes;

/// A function that is compiled with its caller's vectors: the attribute that asks for it stands on arguments only.
#[inline(always)]
pub(super) fn inlined<R>(f: impl Fn(usize) -> R) -> impl Fn(usize) -> R {
    f
}

/// A function whose code is long and stands once, compiled for the vectors, however often it is called.
#[inline(always)]
pub(super) fn apart<L: Lanes, R>(lanes: L, f: impl Fn(usize) -> R) -> impl Fn(usize) -> R {
    move |i: usize| {
        lanes.run(
            #[inline(always)]
            || f(i),
        )
    }
}

/// Nodes of the tree in memory: fractions `p/q`, one in each lane.
#[derive(Clone, Copy)]
pub(super) struct Nodes<L: Lanes> {
    pub(super) p: L::Several,
    pub(super) q: L::Several,
}

impl<L: Lanes> Zeroize for Nodes<L> {
    fn zeroize(&mut self) {
        [&mut self.p, &mut self.q].into_iter().for_each(Zeroize::zeroize);
    }
}

/// How many vectors hold a layer of `bits` variables.
pub(super) fn vectors<L: Lanes>(bits: usize) -> usize {
    (1 << bits) / L::WIDTH.min(1 << bits)
}

/// Nodes are stored in groups of four vectors (neighbours' children), or all of a smaller layer.
pub(super) fn node_alignment<L: Lanes>(bits: usize) -> usize {
    vectors::<L>(bits).min(4)
}

/// Pairs are stored in groups of two vectors: one step of a sum-check folds two.
pub(super) fn pair_alignment<L: Lanes>(bits: usize) -> usize {
    vectors::<L>(bits).min(2)
}

impl<L: Lanes> Nodes<L> {
    /// `0/1`: what stands in every leaf that nothing lives in, and above such leaves, and in lanes beyond a layer's end.
    pub(super) fn padding(lanes: L) -> Nodes<L> {
        Nodes { p: L::Several::default(), q: lanes.store(&lanes.splat(&L::Field::ONE)) }
    }
}

/// Fractions at work.
pub(super) struct Fraction<L: Lanes> {
    pub(super) p: L::Reduced,
    pub(super) q: L::Reduced,
}

impl<L: Lanes> Clone for Fraction<L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<L: Lanes> Copy for Fraction<L> {}

impl<L: Lanes> Fraction<L> {
    #[inline(always)]
    pub(super) fn load(lanes: L, nodes: &Nodes<L>) -> Fraction<L> {
        Fraction { p: lanes.load(&nodes.p), q: lanes.load(&nodes.q) }
    }

    #[inline(always)]
    pub(super) fn store(&self, lanes: L) -> Nodes<L> {
        Nodes { p: lanes.store(&self.p), q: lanes.store(&self.q) }
    }

    #[inline(always)]
    pub(super) fn sum(lanes: L, left: &Fraction<L>, right: &Fraction<L>) -> Fraction<L> {
        let p = lanes.sum_of_products(&lanes.loose(&left.p), &right.q, &lanes.loose(&right.p), &left.q);
        Fraction { p, q: lanes.product(&lanes.loose(&left.q), &right.q) }
    }

    /// The fractions at even places, and those at odd places.
    #[inline(always)]
    fn unzip(lanes: L, low: &Fraction<L>, high: &Fraction<L>) -> [Fraction<L>; 2] {
        let ((p0, p1), (q0, q1)) = (lanes.unzip(&low.p, &high.p), lanes.unzip(&low.q, &high.q));
        [Fraction { p: p0, q: q0 }, Fraction { p: p1, q: q1 }]
    }

    /// Of the nodes in up to four vectors the first, second, third and fourth of every four.
    #[inline(always)]
    fn fours(lanes: L, nodes: &[Nodes<L>], padding: &Nodes<L>) -> [Fraction<L>; 4] {
        let at = inlined(
            #[inline(always)]
            |i: usize| Fraction::load(lanes, nodes.get(i).unwrap_or(padding)),
        );
        let [even_low, odd_low] = Fraction::unzip(lanes, &at(0), &at(1));
        let [even_high, odd_high] = Fraction::unzip(lanes, &at(2), &at(3));
        let [first, third] = Fraction::unzip(lanes, &even_low, &even_high);
        let [second, fourth] = Fraction::unzip(lanes, &odd_low, &odd_high);
        [first, second, third, fourth]
    }

    #[inline(always)]
    fn bind(lanes: L, low: &Fraction<L>, high: &Fraction<L>, s: &L::Reduced) -> Fraction<L> {
        Fraction { p: bind_one(lanes, &low.p, &high.p, s), q: bind_one(lanes, &low.q, &high.q, s) }
    }
}

/// `low + s·(high − low)`.
#[inline(always)]
fn bind_one<L: Lanes>(lanes: L, low: &L::Reduced, high: &L::Reduced, s: &L::Reduced) -> L::Reduced {
    lanes.reduced(&lanes.sum(low, &lanes.product(&lanes.difference(high, low), s)))
}

/// The layer above `nodes`; `bits` are the variables of that layer.
pub(super) fn parents<L: Lanes>(lanes: L, nodes: &Sparse<Nodes<L>>, bits: usize) -> Sparse<Nodes<L>> {
    let padding = Nodes::padding(lanes);
    let align = node_alignment::<L>(bits);
    let mut layer = Sparse::with_capacity(nodes.fewer(2, align));
    for (start, nodes) in nodes.runs() {
        lanes.run(
            #[inline(always)]
            || {
                layer.append(
                    start / 2,
                    align,
                    padding,
                    nodes.len().div_ceil(2),
                    #[inline(always)]
                    |i| {
                        let low = Fraction::load(lanes, &nodes[2 * i]);
                        let high = Fraction::load(lanes, nodes.get(2 * i + 1).unwrap_or(&padding));
                        let [left, right] = Fraction::unzip(lanes, &low, &high);
                        Fraction::sum(lanes, &left, &right).store(lanes)
                    },
                );
            },
        );
    }
    layer
}

/// The two children of nodes, or linear combinations of such, in memory, with `a0 = p0 + λ·q0`.
///
/// Then `p0·q1 + p1·q0 + λ·q0·q1 = a0·q1 + p1·q0`.
#[derive(Clone, Copy)]
pub(super) struct Pairs<L: Lanes> {
    pub(super) a0: L::Several,
    pub(super) q0: L::Several,
    pub(super) p1: L::Several,
    pub(super) q1: L::Several,
}

impl<L: Lanes> Zeroize for Pairs<L> {
    fn zeroize(&mut self) {
        [&mut self.a0, &mut self.q0, &mut self.p1, &mut self.q1].into_iter().for_each(Zeroize::zeroize);
    }
}

impl<L: Lanes> Pairs<L> {
    /// Two children `0/1`, for `λ` in every lane.
    pub(super) fn padding(lanes: L, lambda: L::Several) -> Pairs<L> {
        let Nodes { p, q } = Nodes::padding(lanes);
        Pairs { a0: lambda, q0: q, p1: p, q1: q }
    }

    /// One lane's.
    pub(super) fn get(&self, lane: usize) -> [L::One; 4] {
        [&self.a0, &self.q0, &self.p1, &self.q1].map(|several| L::get(several, lane))
    }

    fn set(&mut self, lane: usize, pair: &[L::One; 4]) {
        let places = [&mut self.a0, &mut self.q0, &mut self.p1, &mut self.q1];
        places.into_iter().zip(pair).for_each(|(several, one)| L::set(several, lane, one));
    }
}

/// Pairs at work.
pub(super) struct Pair<L: Lanes> {
    a0: L::Reduced,
    q0: L::Reduced,
    p1: L::Reduced,
    q1: L::Reduced,
}

impl<L: Lanes> Pair<L> {
    #[inline(always)]
    pub(super) fn new(lanes: L, left: &Fraction<L>, right: &Fraction<L>, lambda: &L::Reduced) -> Pair<L> {
        let a0 = lanes.reduced(&lanes.sum(&left.p, &lanes.product(&lanes.loose(&left.q), lambda)));
        Pair { a0, q0: left.q, p1: right.p, q1: right.q }
    }

    #[inline(always)]
    fn load(lanes: L, pairs: &Pairs<L>) -> Pair<L> {
        Pair { a0: lanes.load(&pairs.a0), q0: lanes.load(&pairs.q0), p1: lanes.load(&pairs.p1), q1: lanes.load(&pairs.q1) }
    }

    #[inline(always)]
    pub(super) fn store(&self, lanes: L) -> Pairs<L> {
        Pairs { a0: lanes.store(&self.a0), q0: lanes.store(&self.q0), p1: lanes.store(&self.p1), q1: lanes.store(&self.q1) }
    }

    /// Neighbours: the pairs at even places, and those at odd places.
    #[inline(always)]
    fn neighbours(lanes: L, low: &Pairs<L>, high: &Pairs<L>) -> [Pair<L>; 2] {
        let (low, high) = (Pair::load(lanes, low), Pair::load(lanes, high));
        let (a0, q0) = (lanes.unzip(&low.a0, &high.a0), lanes.unzip(&low.q0, &high.q0));
        let (p1, q1) = (lanes.unzip(&low.p1, &high.p1), lanes.unzip(&low.q1, &high.q1));
        [Pair { a0: a0.0, q0: q0.0, p1: p1.0, q1: q1.0 }, Pair { a0: a0.1, q0: q0.1, p1: p1.1, q1: q1.1 }]
    }

    #[inline(always)]
    fn value(&self, lanes: L) -> L::Reduced {
        lanes.sum_of_products(&lanes.loose(&self.a0), &self.q1, &lanes.loose(&self.p1), &self.q0)
    }

    /// The value of `high − low`.
    #[inline(always)]
    fn value_of_difference(lanes: L, low: &Pair<L>, high: &Pair<L>) -> L::Reduced {
        let [dq0, dq1] = [(&high.q0, &low.q0), (&high.q1, &low.q1)];
        let (dq0, dq1) = (lanes.reduced(&lanes.difference(dq0.0, dq0.1)), lanes.reduced(&lanes.difference(dq1.0, dq1.1)));
        lanes.sum_of_products(&lanes.difference(&high.a0, &low.a0), &dq1, &lanes.difference(&high.p1, &low.p1), &dq0)
    }

    #[inline(always)]
    pub(super) fn bind(lanes: L, low: &Pair<L>, high: &Pair<L>, s: &L::Reduced) -> Pair<L> {
        Pair {
            a0: bind_one(lanes, &low.a0, &high.a0, s),
            q0: bind_one(lanes, &low.q0, &high.q0, s),
            p1: bind_one(lanes, &low.p1, &high.p1, s),
            q1: bind_one(lanes, &low.q1, &high.q1, s),
        }
    }
}

/// `Σ eq·(f(e) − λ)` at one `e ∈ {0, 1}`, and the sum of the quadratic coefficients of `f`: what each lane adds.
pub(super) type Sums<L> = [<L as Lanes>::Several; 2];

/// What a round needs besides the data.
#[derive(Clone, Copy)]
pub(super) struct Round<'a, L: Lanes> {
    /// `eq` of the variables after the current one; zero beyond them.
    pub(super) eq: &'a [L::Several],
    /// `λ` in every lane.
    pub(super) lambda: L::Several,
    /// `e`: 0, or 1 when the point's coordinate is zero.
    pub(super) at: usize,
}

impl<L: Lanes<Field = F>> Round<'_, L> {
    /// The contribution of stored pairs; where nothing is stored `f = λ` and both terms vanish.
    pub(super) fn sums(&self, lanes: L, pairs: &Sparse<Pairs<L>>) -> Sums<L> {
        let padding = Pairs::padding(lanes, self.lambda);
        lanes.run(
            #[inline(always)]
            || {
                let mut sums = [lanes.nothing(); 2];
                for (start, pairs) in pairs.runs() {
                    for (eq, two) in self.eq[start / 2..].iter().zip(pairs.chunks(2)) {
                        let [low, high] = Pair::neighbours(lanes, &two[0], two.get(1).unwrap_or(&padding));
                        self.add(lanes, &mut sums, eq, &low, &high);
                    }
                }
                [lanes.store(&lanes.total(&sums[0])), lanes.store(&lanes.total(&sums[1]))]
            },
        )
    }

    /// The contribution of neighbours.
    #[inline(always)]
    pub(super) fn add(&self, lanes: L, sums: &mut [L::Sum; 2], eq: &L::Several, low: &Pair<L>, high: &Pair<L>) {
        let eq = lanes.load(eq);
        let value = if self.at == 0 { low.value(lanes) } else { high.value(lanes) };
        lanes.add_product(&mut sums[0], &lanes.difference(&value, &lanes.load(&self.lambda)), &eq);
        lanes.add_product(&mut sums[1], &lanes.loose(&Pair::value_of_difference(lanes, low, high)), &eq);
    }

    /// The quadratic coefficient of a first round, straight from the children.
    pub(super) fn first(&self, lanes: L, nodes: &Sparse<Nodes<L>>) -> L::Several {
        let padding = Nodes::padding(lanes);
        lanes.run(
            #[inline(always)]
            || {
                let mut square = lanes.nothing();
                for (start, nodes) in nodes.runs() {
                    for (eq, nodes) in self.eq[start / 4..].iter().zip(nodes.chunks(4)) {
                        self.add_first(lanes, &mut square, eq, &Fraction::fours(lanes, nodes, &padding));
                    }
                }
                lanes.store(&lanes.total(&square))
            },
        )
    }

    /// The quadratic coefficient of `f` over neighbours' four children.
    #[inline(always)]
    pub(super) fn add_first(&self, lanes: L, square: &mut L::Sum, eq: &L::Several, four: &[Fraction<L>; 4]) {
        let dq0 = lanes.reduced(&lanes.difference(&four[2].q, &four[0].q));
        let dq1 = lanes.reduced(&lanes.difference(&four[3].q, &four[1].q));
        let dp0 = lanes.reduced(&lanes.difference(&four[2].p, &four[0].p));
        let da0 = lanes.sum(&dp0, &lanes.product(&lanes.loose(&dq0), &lanes.load(&self.lambda)));
        let value = lanes.sum_of_products(&da0, &dq1, &lanes.difference(&four[3].p, &four[1].p), &dq0);
        lanes.add_product(square, &lanes.loose(&value), &lanes.load(eq));
    }
}

/// Binds a layer's first variable; `bits` variables are left.
pub(super) fn bind_first<L: Lanes<Field = F>>(
    lanes: L,
    pairs: &mut Sparse<Pairs<L>>,
    nodes: &Sparse<Nodes<L>>,
    bits: usize,
    s: &L::Several,
    lambda: &L::Several,
) {
    let align = pair_alignment::<L>(bits);
    pairs.restart(nodes.fewer(4, align));
    let (padding, none) = (Pairs::padding(lanes, *lambda), Nodes::padding(lanes));
    for (start, nodes) in nodes.runs() {
        lanes.run(
            #[inline(always)]
            || {
                let (s, lambda) = (lanes.load(s), lanes.load(lambda));
                pairs.append(
                    start / 4,
                    align,
                    padding,
                    nodes.len().div_ceil(4),
                    #[inline(always)]
                    |i| {
                        let four = Fraction::fours(lanes, &nodes[4 * i..nodes.len().min(4 * i + 4)], &none);
                        bind_four(lanes, &four, &s, &lambda).store(lanes)
                    },
                );
            },
        );
    }
}

/// Neighbours' four children, bound to one pair.
#[inline(always)]
pub(super) fn bind_four<L: Lanes>(lanes: L, four: &[Fraction<L>; 4], s: &L::Reduced, lambda: &L::Reduced) -> Pair<L> {
    let (left, right) = (Fraction::bind(lanes, &four[0], &four[2], s), Fraction::bind(lanes, &four[1], &four[3], s));
    Pair::new(lanes, &left, &right, lambda)
}

/// Binds the next variable; `bits` variables are left.
pub(super) fn bind<L: Lanes<Field = F>>(lanes: L, pairs: &mut Sparse<Pairs<L>>, bits: usize, s: &L::Several, lambda: &L::Several) {
    let padding = Pairs::padding(lanes, *lambda);
    lanes.run(
        #[inline(always)]
        || {
            let s = lanes.load(s);
            pairs.fold(
                pair_alignment::<L>(bits),
                padding,
                #[inline(always)]
                |low, high| {
                    let [low, high] = Pair::neighbours(lanes, low, high);
                    Pair::bind(lanes, &low, &high, &s).store(lanes)
                },
            );
        },
    );
}

/// Puts the one pair that each part of a layer was bound to at its part's index.
pub(super) fn gather<L: Lanes<Field = F>>(
    lanes: L,
    parts: impl Iterator<Item = (usize, [L::One; 4])>,
    bits: usize,
    lambda: &L::Several,
) -> Sparse<Pairs<L>> {
    let padding = Pairs::padding(lanes, *lambda);
    let mut gathered = Sparse::default();
    for (index, pair) in parts {
        gathered.place(index / L::WIDTH, pair_alignment::<L>(bits), padding).set(index % L::WIDTH, &pair);
    }
    gathered
}
