//! LogUp: every lookup is a fraction, and the fractions of lookups and tables add up to zero.
//!
//! The sum is proved by a tree of fractions, `p = p0·q1 + p1·q0` and `q = q0·q1`, layer by layer from the root (Haböck, ePrint
//! 2022/1530; Papini–Haböck, ePrint 2023/1284). Here is what both sides do; the prover's tree is in `tree/`.

#[cfg(feature = "prover")]
mod tree;

#[cfg(feature = "prover")]
pub(crate) use tree::Kept;
#[cfg(feature = "prover")]
pub use tree::{Leaves, Lookup, Table, Tree};

use crate::channel::{Channel, ErrorTerm, Hidden, Linear, Quadratic, Scalar, Turn};
use ff::Field;
use zkimg_group::field::F;

/// What the tree leaves to be shown: numerator and denominator at a point of the leaf space.
#[derive(Debug)]
pub struct LeafClaim<S> {
    /// Where.
    pub point: Vec<S>,
    /// The numerator there.
    pub numerator: Linear<S>,
    /// The denominator there.
    pub denominator: Linear<S>,
}

/// Reduces "all fractions add up to zero, and no denominator is zero" to a claim about the leaves, of which there are `2^bits`.
pub fn argue<C: Channel>(bits: usize, channel: &mut C) -> Result<LeafClaim<C::Scalar>, C::Error> {
    let one = || C::Scalar::constant(F::ONE);
    let mut end: [Hidden; 4] = channel.hidden(Turn::Root)?;
    let [p0, p1, q0, q1] = end;
    let [_, _, product, inverse]: [Hidden; 4] = channel.hidden(Turn::RootInverse)?;
    channel.require(|_| Quadratic { products: vec![(p0, q1, one()), (p1, q0, one())], ..Quadratic::default() });
    // q0·q1 = t and t·(1/t) = 1: no leaf's denominator is zero.
    channel.require(|_| Quadratic { linear: Linear(vec![(product, -one())]), products: vec![(q0, q1, one())], ..Quadratic::default() });
    channel.require(|_| Quadratic { constant: -one(), products: vec![(product, inverse, one())], ..Quadratic::default() });
    let mut point = vec![split(channel)];
    for k in 1..bits {
        (point, end) = layer(k, &point, end, channel)?;
    }
    let [p0, p1, q0, q1] = end;
    let mu = &point[0];
    Ok(LeafClaim { numerator: Linear::interpolate(p0, p1, mu.clone()), denominator: Linear::interpolate(q0, q1, mu.clone()), point })
}

/// A layer's claim: where, and the four values there.
type Layer<S> = (Vec<S>, [Hidden; 4]);

/// `p(point) + λ·q(point) = Σ_i eq(point, i)·(p0·q1 + p1·q0 + λ·q0·q1)(i)`, where `p` and `q` interpolate the layer above.
fn layer<C: Channel>(k: usize, point: &[C::Scalar], above: [Hidden; 4], channel: &mut C) -> Result<Layer<C::Scalar>, C::Error> {
    let one = C::Scalar::constant(F::ONE);
    let lambda = channel.challenge(ErrorTerm::new("lookup tree: λ of each layer", "Schwartz–Zippel, degree 1", 1));
    let [p0, p1, q0, q1] = above;
    let mut claim = Linear::interpolate(p0, p1, point[0].clone());
    claim.add(&lambda, &Linear::interpolate(q0, q1, point[0].clone()));
    let mut rounds = Vec::with_capacity(k);
    let mut previous = None;
    for r in point {
        let coefficients: [Hidden; 2] = channel.hidden(Turn::LayerRound { k, point, lambda: lambda.clone(), previous })?;
        // As many coefficients as the degree, and eq's.
        let degree = coefficients.len() as u128 + 1;
        let s = channel.challenge(ErrorTerm::new(
            "lookup tree: rounds of degree 2 and an eq factor",
            "Lund et al. 1992; Thaler 2013; Gruen 2024",
            degree,
        ));
        // t(X) = c0 + c1·X + c2·X² with c0 = claim − r·(c1 + c2), so t(s) = claim + c1·(s − r) + c2·(s² − r).
        let [c1, c2] = coefficients;
        claim.add_value(s.clone() - r.clone(), c1);
        claim.add_value(s.clone() * s.clone() - r.clone(), c2);
        rounds.push(s.clone());
        previous = Some(s);
    }
    let previous = previous.unwrap_or_else(|| C::Scalar::constant(F::ZERO));
    let end: [Hidden; 4] = channel.hidden(Turn::LayerEnd { previous })?;
    let [p0, p1, q0, q1] = end;
    channel.require(|_| Quadratic {
        linear: claim,
        products: vec![(p0, q1, -one.clone()), (p1, q0, -one), (q0, q1, -lambda)],
        ..Quadratic::default()
    });
    // The new bit comes first: children of node i are 2i and 2i + 1.
    rounds.insert(0, split(channel));
    Ok((rounds, end))
}

/// The challenge at which a layer's two children are interpolated.
fn split<C: Channel>(channel: &mut C) -> C::Scalar {
    channel.challenge(ErrorTerm::new("lookup tree: μ of each layer", "Schwartz–Zippel, degree 1", 1))
}
