//! Who watches a proof being made: what is being done goes out, a wish to stop comes in.

/// What is being done, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Phase {
    /// The values of all nodes.
    Computing,
    /// The rows of hidden tensors.
    Committing,
    /// The tree of lookups.
    Lookups,
    /// The sum-check over products of tensors.
    Products,
    /// The sum-check over all tensors.
    Linear,
    /// The circuit's proof.
    Circuit,
    /// The opening of the rows.
    Opening,
    /// The finished proof is verified.
    Checking,
}

impl Phase {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Computing => "edits",
            Phase::Committing => "commitments",
            Phase::Lookups => "lookups",
            Phase::Products => "products",
            Phase::Linear => "linear maps",
            Phase::Circuit => "circuit",
            Phase::Opening => "opening",
            Phase::Checking => "checking the proof",
        }
    }
}

/// Who watches, and says how long and in how much memory. Calls come from the thread that proves.
pub trait Observer {
    /// Something begins.
    fn phase(&self, phase: Phase);

    /// Whether to stop; asked between the parts of the work, seconds apart for the largest pictures.
    fn stops(&self) -> bool {
        false
    }

    /// The bytes that proving may take in all; less is slower, and the proof is the same. Nothing said: as little as costs no time for pictures of
    /// one or two megapixels, and the least for larger ones.
    fn memory(&self) -> Option<usize> {
        None
    }
}

/// Nobody.
impl Observer for () {
    fn phase(&self, _: Phase) {}
}
