//! The tree for one arithmetic: its parts, its crown and how they are built.

use super::fraction::{Nodes, Pairs, node_alignment, parents};
use super::kept::Kept;
use super::layer::Layer;
use super::leaves::{Leaves, Span};
use super::source::Source;
use super::sparse::Sparse;
use rayon::prelude::*;
use zkimg_group::field::F;
use zkimg_group::simd::Lanes;

/// The layers of the tree and the state of the one that is being proved.
pub(super) struct Engine<L: Lanes> {
    pub(super) lanes: L,
    pub(super) source: Source<L>,
    /// Variables inside a part: the tree's lowest layers.
    pub(super) part_bits: usize,
    pub(super) kept: Kept,
    pub(super) parts: Vec<Part<L>>,
    /// What is above the parts; without layers of its own when there is one part only.
    pub(super) crown: Part<L>,
    /// `(p0, p1, q0, q1)` where the last layer ended.
    pub(super) claims: [F; 4],
    /// The challenges of this layer, or of the last if none is being proved.
    pub(super) bound: Vec<F>,
    pub(super) layer: Option<Layer<L>>,
}

/// A subtree.
pub(super) struct Part<L: Lanes> {
    pub(super) index: usize,
    pub(super) spans: Vec<Span>,
    /// Layers that are kept and still to be proved from, the highest last.
    pub(super) levels: Vec<Sparse<Nodes<L>>>,
    /// The partly bound children of the layer that is being proved.
    pub(super) pairs: Sparse<Pairs<L>>,
}

impl<L: Lanes<Field = F>> Engine<L> {
    /// Adds all leaves up; keeps as much as there is memory for.
    pub(super) fn build(lanes: L, leaves: Leaves, memory: usize) -> Engine<L> {
        let part_bits = (leaves.bits / 2 + 2).clamp(12, 15).min(leaves.bits);
        let kept = Kept::within(memory, leaves.live());
        Engine::with_parts(lanes, leaves, part_bits, kept)
    }

    /// The tree over parts of `2^part_bits` leaves.
    pub(super) fn with_parts(lanes: L, leaves: Leaves, part_bits: usize, kept: Kept) -> Engine<L> {
        let alone = part_bits == leaves.bits;
        let height = part_bits - usize::from(alone);
        let lowest = kept.lowest.min(height);
        let parts = leaves.parts(part_bits);
        let source = Source::new(leaves);
        let (parts, roots): (Vec<Part<L>>, Vec<_>) = parts
            .into_par_iter()
            .map(|(index, spans)| {
                let mut levels = vec![source.level(lanes, &spans, part_bits, lowest)];
                let root = grow(lanes, &mut levels, part_bits - lowest, part_bits - height);
                (Part { index, spans, levels, pairs: Sparse::default() }, root)
            })
            .unzip();
        let mut crown = Part { index: 0, spans: Vec::new(), levels: Vec::new(), pairs: Sparse::default() };
        let root = if alone {
            roots.into_iter().next().unwrap_or_default()
        } else {
            let bits = source.bits() - part_bits;
            crown.levels.push(roots_of(lanes, &parts, &roots, bits));
            grow(lanes, &mut crown.levels, bits, 1)
        };
        let Nodes { p, q } = root.get(0).unwrap_or(Nodes::padding(lanes));
        let claims = [(&p, 0), (&p, 1), (&q, 0), (&q, 1)].map(|(several, lane)| L::unpack(&L::get(several, lane)));
        Engine { lanes, source, part_bits, kept, parts, crown, claims, bound: Vec::new(), layer: None }
    }
}

/// The crown's lowest layer, of `bits` variables: the root of each part, at its index.
fn roots_of<L: Lanes>(lanes: L, parts: &[Part<L>], roots: &[Sparse<Nodes<L>>], bits: usize) -> Sparse<Nodes<L>> {
    let padding = Nodes::padding(lanes);
    let mut layer = Sparse::default();
    for (part, root) in parts.iter().zip(roots) {
        let root = root.get(0).unwrap_or(padding);
        let nodes = layer.place(part.index / L::WIDTH, node_alignment::<L>(bits), padding);
        L::set(&mut nodes.p, part.index % L::WIDTH, &L::get(&root.p, 0));
        L::set(&mut nodes.q, part.index % L::WIDTH, &L::get(&root.q, 0));
    }
    layer
}

/// Adds layers above the one of `bits` variables up to the one of `top`, which is returned and not kept.
fn grow<L: Lanes>(lanes: L, levels: &mut Vec<Sparse<Nodes<L>>>, bits: usize, top: usize) -> Sparse<Nodes<L>> {
    for bits in (top..bits).rev() {
        let next = levels.last().map(|level| parents(lanes, level, bits));
        levels.extend(next);
    }
    levels.pop().unwrap_or_default()
}
