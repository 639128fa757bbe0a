//! How much of the tree stays in memory. The proof is the same whatever is kept.

/// The bytes of a node, two elements in four words each, whatever the arithmetic; a pair has two.
const NODE: usize = 64;

/// What is kept of the layers above the leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The lowest layer that is kept, counted from the leaves; those below are made anew for their own sum-check.
    pub(crate) lowest: usize,
    /// A layer of height `h` that is not kept is written out when `bound − h` of its variables are bound, one at least.
    pub(crate) bound: usize,
}

impl Kept {
    /// From the most memory and the least work on. To keep the lowest layer as well costs as much in fresh pages as it saves.
    pub(crate) const CHOICES: [Kept; 4] =
        [Kept { lowest: 2, bound: 2 }, Kept { lowest: 3, bound: 2 }, Kept { lowest: 4, bound: 3 }, Kept { lowest: 5, bound: 4 }];

    /// The first choice that takes at most `memory` bytes, or the last.
    pub(crate) fn within(memory: usize, leaves: usize) -> Kept {
        let [.., last] = Kept::CHOICES;
        Kept::CHOICES.into_iter().find(|kept| kept.bytes(leaves) <= memory).unwrap_or(last)
    }

    /// The bytes that so many live leaves take: the layers as they are built, or the lowest layer's pairs when those are gone.
    pub(crate) fn bytes(self, leaves: usize) -> usize {
        // Two thirds of what is kept are the lowest layer; a pair is two children of which 2^bound are bound to one.
        let all = 2 * leaves as u64 * NODE as u64;
        let layers = all >> self.lowest;
        let pairs = all >> (self.bound + 1);
        let most = layers.max(pairs);
        // What the allocator loses between blocks of many sizes, as measured: of large trees the more, the more layers are kept.
        let [.., last] = Kept::CHOICES;
        let lost = if leaves > 1 << 23 { most / 16 * 7 * (last.lowest - self.lowest) as u64 } else { most / 8 };
        usize::try_from(most + lost).unwrap_or(usize::MAX)
    }

    /// Whether a layer of some height is made whole for its own sum-check: by then those above are gone, and it takes as much as they did.
    pub(super) fn makes(self, height: usize) -> bool {
        height > 0 && height + 1 == self.lowest
    }

    /// How many variables of a layer of some height are bound before it is written out, if it is not kept and has `inner`.
    pub(super) fn written(self, height: usize, inner: usize) -> usize {
        self.bound.saturating_sub(height).clamp(1, inner.max(1))
    }
}
