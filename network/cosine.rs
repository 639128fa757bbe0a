//! Whether two embeddings point the same way: `cos(a, b) ≥ t`, in integers that a proof holds.
//!
//! With `s = a·b`, `p = a·a`, `q = b·b` that is `s ≥ 1` and `s²·t_d ≥ t_n·p·q` for `t² = t_n/t_d`. Of 1024 bytes `s²` has 52 bits, and with `t_d` of
//! 14 more it would leave what a graph holds. So the sums are divided first, by one power of two `2^k`, `s` rounded down and `p` and `q`
//! rounded up: `s' = ⌊s/2^k⌋`, `p' = ⌈p/2^k⌉`, `q' = ⌈q/2^k⌉`, and what is shown is
//!
//! ```text
//! s' ≥ 1   and   s'²·t_d − t_n·p'·q' ≥ 0
//! ```
//!
//! Whatever passes has a cosine of at least `t`, exactly: `s²·t_d ≥ 4^k·s'²·t_d ≥ 4^k·t_n·p'·q' ≥ t_n·p·q`. What is lost are cosines above `t` by
//! less than about `t·2^k·(1/s + 1/2p + 1/2q)`. `k` follows from the embedding's length alone: `s'`, `p'`, `q'` have 20 bits. Without `s' ≥ 1` an embedding of
//! zeros would be like every other.

use crate::model::BadNetwork;
use std::sync::Arc;
use zkimg_graph::contraction::{Access, Contraction, Route};
use zkimg_graph::graph::{BadNode, Function, Graph, Part, Product, Results, ValueId};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap};
use zkimg_graph::step::Region;
use zkimg_graph::tensor::{Bounds, Dims};

/// Bits of a sum of products once it is divided, without its sign: `(t_d + t_n)·4^20` is below `2^55`.
const KEPT_BITS: u32 = 20;
/// The denominator of `t`.
const HUNDREDTHS: i32 = 100;
const ONE: Dims = Dims { channels: 1, height: 1, width: 1 };

/// A cosine in hundredths, 0.01 to 0.99.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Threshold(u8);

impl Threshold {
    /// So many hundredths, 1 to 99.
    pub fn new(hundredths: u8) -> Option<Threshold> {
        (1..=99).contains(&hundredths).then_some(Threshold(hundredths))
    }

    /// Reads `0.58`: a zero, a point, two digits, of which the second may be left out if it is a zero.
    pub fn parse(text: &str) -> Option<Threshold> {
        let digits = text.strip_prefix("0.").filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        let value: u8 = digits.parse().ok()?;
        Threshold::new(match digits.len() {
            1 => value * 10,
            2 => value,
            _ => return None,
        })
    }

    /// How many hundredths.
    pub fn hundredths(self) -> u8 {
        self.0
    }

    /// `t_n` and `t_d` of `t² = t_n/t_d`.
    fn squared(self) -> [i32; 2] {
        [i32::from(self.0).pow(2), HUNDREDTHS.pow(2)]
    }
}

impl std::fmt::Display for Threshold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "0.{:02}", self.0)
    }
}

/// How the sums of an embedding are divided.
struct Scale {
    /// `k`.
    dropped: u32,
    /// Bits of what is left.
    kept: u32,
}

impl Scale {
    /// For sums that reach no further than this.
    fn of(reach: i128) -> Scale {
        // Rounded up it must still fit.
        let fits = |dropped: &u32| *dropped == 0 && reach < 1 << KEPT_BITS || (reach >> dropped) + 1 < 1 << KEPT_BITS;
        match (0..).find(fits).unwrap_or(0) {
            0 => Scale { dropped: 0, kept: i128::BITS - reach.leading_zeros() },
            dropped => Scale { dropped, kept: KEPT_BITS },
        }
    }

    fn divisor(&self) -> u64 {
        1 << self.dropped
    }

    fn bounds(&self) -> Bounds {
        crate::layers::signed_bounds(self.kept)
    }
}

/// Adds to a graph the question whether the cosine of two embeddings, bytes whose zero is `zero`, is at least a threshold. The value that
/// answers it has two cells, and both are one if it is: first `s' ≥ 1`, then the cosine.
///
/// # Errors
/// If they are no embeddings of one length, or too long.
pub fn at_least(graph: &mut Graph, [a, b]: [ValueId; 2], zero: u8, threshold: Threshold) -> Result<ValueId, BadNetwork> {
    let dims = graph.get(a).dims;
    if (dims.height, dims.width) != (1, 1) || graph.get(b).dims != dims {
        return Err(BadNetwork::Node(BadNode::Shape));
    }
    let a = centred(graph, a, zero)?;
    let b = centred(graph, b, zero)?;
    let greatest = graph.get(a).bounds.magnitude().max(graph.get(b).bounds.magnitude());
    let scale = Scale::of(greatest * greatest * dims.channels as i128);
    let s = inner_product(graph, [a, b], &scale, 0)?;
    let up = scale.divisor().cast_signed() - 1;
    let p = inner_product(graph, [a, a], &scale, up)?;
    let q = inner_product(graph, [b, b], &scale, up)?;
    Ok(signs(graph, [s, p, q], &scale, threshold)?)
}

/// Bytes less their zero.
fn centred(graph: &mut Graph, bytes: ValueId, zero: u8) -> Result<ValueId, BadNode> {
    if zero == 0 {
        return Ok(bytes);
    }
    let (dims, zero) = (graph.get(bytes).dims, i64::from(zero));
    let part = Part {
        region: Region::whole(dims),
        terms: vec![(bytes, LinearMap::identity(dims))],
        products: Vec::new(),
        bias: -zero,
        divisor: 1,
        function: Function::Identity,
    };
    graph.single(Bounds { low: -zero, high: 255 - zero }, part)
}

/// `⌊(x·y + more)/2^k⌋`.
fn inner_product(graph: &mut Graph, operands: [ValueId; 2], scale: &Scale, more: i64) -> Result<ValueId, BadNetwork> {
    let dims = graph.get(operands[0]).dims;
    let access = || Access { dims, routes: [Route::plain(0, dims.channels), Route::single(), Route::single()] };
    let contraction = Contraction::new(vec![dims.channels], [None; 3], [access(), access()]).map_err(|_| BadNode::Shape)?;
    let part = Part {
        region: Region::whole(ONE),
        terms: Vec::new(),
        products: vec![Product { contraction: Arc::new(contraction), operands }],
        bias: more,
        divisor: scale.divisor(),
        function: Function::Identity,
    };
    Ok(graph.single(scale.bounds(), part)?)
}

/// `[s' − 1 ≥ 0]` and `[s'²·t_d − t_n·p'·q' ≥ 0]`, each from its quotient by a power of two, which has the same sign.
fn signs(graph: &mut Graph, [s, p, q]: [ValueId; 3], scale: &Scale, threshold: Threshold) -> Result<ValueId, BadNode> {
    let [numerator, denominator] = threshold.squared();
    // 4^kept times this is what the difference can reach.
    let reach = i64::from(numerator + denominator);
    let function = Function::Table { first: -reach - 1, values: Results::Bytes((-reach - 1..=reach).map(|q| u8::from(q >= 0)).collect()) };
    let weighted = |weight: i32, operands: [ValueId; 2]| {
        let route = |weight: i32| Route { labels: Vec::new(), map: AxisMap::new(1, [vec![Tap { input: 0, weight }]]) };
        let access = |weight: i32| Access { dims: ONE, routes: [route(weight), Route::single(), Route::single()] };
        let contraction = Contraction::new(Vec::new(), [None; 3], [access(weight), access(1)]).map_err(|_| BadNode::Shape)?;
        Ok::<Product, BadNode>(Product { contraction: Arc::new(contraction), operands })
    };
    let cell = |i: usize| Region { channels: i..i + 1, rows: 0..1, columns: 0..1 };
    let positive = Part {
        region: cell(0),
        terms: vec![(s, LinearMap::identity(ONE))],
        products: Vec::new(),
        bias: -1,
        // So that the quotient has 14 bits, as all of the table's do.
        divisor: 1 << scale.kept.saturating_sub(13),
        function: function.clone(),
    };
    let close = Part {
        region: cell(1),
        terms: Vec::new(),
        products: vec![weighted(denominator, [s, s])?, weighted(-numerator, [p, q])?],
        bias: 0,
        divisor: 1 << (2 * scale.kept),
        function,
    };
    graph.node(Dims { channels: 2, ..ONE }, Bounds::BYTE, vec![positive, close])
}
