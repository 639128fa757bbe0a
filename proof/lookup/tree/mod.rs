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

mod fraction;
mod ids;
mod layer;
mod leaves;
mod sparse;
#[cfg(test)]
mod tests;

pub use leaves::{Leaves, Lookup, Table};

use fraction::{Fraction, Pair, node_alignment, parents};
use layer::Layer;
use leaves::{HEIGHT, Span};
use rayon::prelude::*;
use sparse::Sparse;
use zkimg_group::field::F;

/// The layers of the tree and the state of the one that is being proved.
pub struct Tree {
    leaves: Leaves,
    /// Variables inside a part: the tree's lowest layers.
    part_bits: usize,
    parts: Vec<Part>,
    /// What is above the parts; without layers of its own when there is one part only.
    crown: Part,
    /// `(p0, p1, q0, q1)` where the last layer ended.
    claims: [F; 4],
    /// The challenges of this layer, or of the last if none is being proved.
    bound: Vec<F>,
    layer: Option<Layer>,
}

crate::opaque!(Tree);

/// A subtree.
#[derive(Default)]
struct Part {
    index: usize,
    spans: Vec<Span>,
    /// Layers that are kept and still to be proved from, the highest last.
    levels: Vec<Sparse<Fraction>>,
    /// The partly bound children of the layer that is being proved.
    pairs: Sparse<Pair>,
}

/// Bytes for layers: if all together would take more, the lowest are computed again when they are needed.
pub(crate) const BUDGET: usize = 2 << 30;

impl Tree {
    /// Adds all leaves up.
    ///
    /// # Panics
    /// If blocks overlap, are misaligned or lie outside the leaf space, or an id has no entry.
    pub fn build(leaves: Leaves) -> Tree {
        let part_bits = (leaves.bits / 2 + 2).clamp(12, 15).min(leaves.bits);
        let bytes = 2 * leaves.live() * size_of::<Fraction>();
        let lowest = (1..=HEIGHT).find(|height| bytes >> height <= BUDGET).unwrap_or(HEIGHT + 1);
        Tree::with_parts(leaves, part_bits, lowest)
    }

    /// The tree over parts of `2^part_bits` leaves that keeps layers from `lowest` up.
    fn with_parts(leaves: Leaves, part_bits: usize, lowest: usize) -> Tree {
        let alone = part_bits == leaves.bits;
        let height = part_bits - usize::from(alone);
        let (mut parts, roots): (Vec<Part>, Vec<_>) = leaves
            .parts(part_bits)
            .into_par_iter()
            .map(|(index, spans)| {
                let mut levels = vec![leaves.level(&spans, part_bits, lowest.min(height))];
                let root = grow(&mut levels, part_bits - lowest.min(height), part_bits - height);
                (Part { index, spans, levels, pairs: Sparse::default() }, root)
            })
            .unzip();
        let mut crown = Part::default();
        let root = if alone {
            roots.into_iter().next().unwrap_or_default()
        } else {
            let bits = leaves.bits - part_bits;
            let mut fractions = Sparse::default();
            for (part, root) in parts.iter_mut().zip(roots) {
                let root = root.get(0).into_iter();
                fractions.append(part.index, node_alignment(bits), Fraction::PADDING, root);
            }
            crown.levels.push(fractions);
            grow(&mut crown.levels, bits, 1)
        };
        let [left, right] = [0, 1].map(|i| root.get(i).unwrap_or(Fraction::PADDING));
        let claims = [left.p, right.p, left.q, right.q];
        Tree { leaves, part_bits, parts, crown, claims, bound: Vec::new(), layer: None }
    }

    /// `(p0, p1, q0, q1)` of the two top nodes.
    pub fn root(&self) -> [F; 4] {
        self.claims
    }
}

/// Adds layers above the one of `bits` variables up to the one of `top`, which is returned and not kept.
fn grow(levels: &mut Vec<Sparse<Fraction>>, bits: usize, top: usize) -> Sparse<Fraction> {
    for bits in (top..bits).rev() {
        let next = levels.last().map(|level| parents(level, bits));
        levels.extend(next);
    }
    levels.pop().unwrap_or_default()
}
