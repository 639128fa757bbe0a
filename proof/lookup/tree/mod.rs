//! The fractional sum of LogUp by GKR, prover side.
//!
//! Leaves `p_i/q_i` are added in a binary tree, `p = p0·q1 + p1·q0` and `q = q0·q1`, and each layer is proved from
//! the one below by a sum-check (Papini–Haböck, ePrint 2023/1284). The tree knows no transcript: who drives it gets each
//! message and hands in each challenge.
//!
//! Cost follows live leaves, never padding. The leaf space is cut into aligned *parts*; parts without a live leaf
//! do not exist, and in the others layers are stored sparsely. The low variables of a layer are bound inside the
//! parts, in parallel; the *crown* above them has one leaf a part. `eq` is split at the same place, so that its
//! tables have the size of a part and of the crown.
//!
//! The leaves themselves are never written out: the lowest layer's first rounds read ids.
//!
//! Where nothing lives `f = p0·q1 + p1·q0 + λ·q0·q1 = λ` is constant, and over the whole layer `Σ eq·λ = λ`: rounds
//! sum `f − λ` over live pairs and add λ.
//!
//! All of it is computed on several neighbours side by side ([`zkimg_group::simd`]): what is stored at an index are vectors, and where a
//! layer has fewer values than a vector has lanes, padding fills it.

mod engine;
mod eq;
mod fraction;
mod ids;
mod kept;
mod layer;
mod leaves;
mod source;
mod sparse;
#[cfg(test)]
mod tests;
mod unkept;

pub use leaves::{Leaves, Lookup, Table};

use engine::{Engine, Part};
pub(crate) use kept::Kept;
use zkimg_group::field::F;
use zkimg_group::with_lanes;

/// The tree, with the arithmetic of this processor.
pub struct Tree(Box<dyn Rounds>);

crate::opaque!(Tree);

/// What a tree does with any arithmetic.
trait Rounds: Send + Sync {
    /// See [`Tree::root`].
    fn root(&self) -> [F; 4];
    /// See [`Tree::begin`].
    fn begin(&mut self, k: usize, point: &[F], lambda: F);
    /// See [`Tree::round`].
    fn round(&self) -> [F; 2];
    /// See [`Tree::bind`].
    fn bind(&mut self, s: F);
    /// See [`Tree::end`].
    fn end(&mut self) -> [F; 4];
}

impl Tree {
    /// Adds all leaves up; what is kept of the tree takes about `memory` bytes, if that is enough for anything.
    ///
    /// # Panics
    /// If blocks overlap, are misaligned or lie outside the leaf space, or an id has no entry.
    pub fn build(leaves: Leaves, memory: usize) -> Tree {
        Tree(with_lanes!(lanes: F => Box::new(Engine::build(lanes, leaves, memory))))
    }

    /// `(p0, p1, q0, q1)` of the two top nodes.
    pub fn root(&self) -> [F; 4] {
        self.0.root()
    }

    /// Starts the layer of `k` variables: `p(point) + λ·q(point)` from its children.
    ///
    /// Layers are proved from the top, `k = 1, 2, …, bits − 1`; `point[1..]` are the challenges of the layer before.
    ///
    /// # Panics
    /// If it is not this layer's turn, or the layer above did not end at this point.
    pub fn begin(&mut self, k: usize, point: &[F], lambda: F) {
        self.0.begin(k, point, lambda);
    }

    /// The round's message `(c1, c2)`. With the claim `C` and the point's coordinate `r` the round's polynomial is
    /// `t(X) = C − r·(c1 + c2) + c1·X + c2·X²`, and `t(s)` is the next claim.
    ///
    /// # Panics
    /// If no layer is being proved.
    pub fn round(&self) -> [F; 2] {
        self.0.round()
    }

    /// Binds the current variable; the lowest comes first.
    ///
    /// # Panics
    /// If no variable is left.
    pub fn bind(&mut self, s: F) {
        self.0.bind(s);
    }

    /// Ends the layer: `(p0, p1, q0, q1)` of the children at the bound point.
    ///
    /// # Panics
    /// If a variable is not bound yet.
    pub fn end(&mut self) -> [F; 4] {
        self.0.end()
    }
}
