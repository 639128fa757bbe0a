//! Why nothing is published or handed on.

use crate::chain::BadLink;
use crate::compact::{CompactFault, NotCompact};
use crate::fields::BadShow;
use crate::recipe::RecipeError;
use zkimg_attest::{CaptureError, MakerError, NegativeError, SignError};
use zkimg_picture::PictureError;
use zkimg_proof::prove::ProveError;
use zkimg_proof::relation::BadRelation;

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The recipe does not fit the picture.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// The edits need more than one proof holds.
    #[error("these edits cannot be proved together ({0}); use fewer or simpler ones")]
    Relation(#[from] BadRelation),
    /// The prover gave up.
    #[error("no proof could be made: {0}")]
    Prove(#[from] ProveError),
    /// The edited picture is beyond the limits of a picture.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A name or note that is not clean.
    #[error(transparent)]
    Maker(#[from] MakerError),
    /// The link could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The hidden picture's negative fails its own check.
    #[error("the negative that was made fails its own check ({0}); the computer may be faulty, try again")]
    Negative(#[from] NegativeError),
    /// The chain before it does not fit.
    #[error(transparent)]
    Chain(#[from] BadChain),
    /// No one proof for the whole chain.
    #[error(transparent)]
    NotCompact(#[from] NotCompact),
    /// A field that cannot be shown.
    #[error(transparent)]
    Show(#[from] BadShow),
}

/// A negative and a chain that do not belong together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadChain {
    /// A negative that was handed on, without its chain.
    #[error("this negative was handed on by somebody; give the proof file that came with it too")]
    Missing,
    /// The negative of a photo that was signed, with a chain before it.
    #[error("this negative is of a photo that was signed itself, which no proof comes before")]
    Unwanted,
    /// A chain that ends with a published picture.
    #[error("this proof is of a published picture and ends there; go on from the proof file that came with the negative")]
    Revealed,
    /// The chain of another picture.
    #[error("this proof file does not end with the negative's picture; give the proof file that came with the negative")]
    Foreign,
    /// A link that cannot be read.
    #[error("link {0} of the proof file cannot be continued: {1}; get the original file")]
    Link(usize, BadLink),
    /// A signature in the chain that does not hold.
    #[error("link {0} of the proof file is refused: {1}; get the original file")]
    Signature(usize, MakerError),
    /// Links that a reader would not check together.
    #[error(
        "the boxes, filters and tables of all links together would be more than a reader checks; use simpler edits, or publish from here"
    )]
    TooMuch,
    /// Too many links.
    #[error("the chain has {0} links already, which is the most; publish from here with edits of one person")]
    TooLong(usize),
    /// Too many steps.
    #[error("the chain would have more steps than a reader checks; publish from here with edits of one person")]
    TooManySteps,
    /// A field of the photo that is shown as it was not signed.
    #[error("the proof file cannot be continued: {0}; get the original file")]
    Shown(CaptureError),
    /// A chain with one proof that does not hold.
    #[error("the proof file cannot be continued: {0}")]
    Compact(CompactFault),
    /// One proof for a chain whose links have their own.
    #[error("each link of this chain has a proof of its own; go on without asking for one proof of the whole chain")]
    Listed,
}
