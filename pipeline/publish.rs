//! From a negative and a recipe to a published picture and its proof.

use crate::proof_file::ProofFile;
use crate::recipe::{Recipe, RecipeError};
use crate::statement::{context, picture_digest};
use zkimg_attest::{Negative, Picture, PictureError};
use zkimg_proof::prove::{Input, ProveError};
use zkimg_proof::relation::{BadRelation, Output, Relation};

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
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
}

/// What is published: the edited picture and its proof.
#[derive(Debug)]
pub struct Published {
    /// The edited picture.
    pub picture: Picture,
    /// Its proof.
    pub proof: ProofFile,
}

/// Applies a recipe to a picture, without a proof: the same integers, bit for bit.
pub fn preview(picture: &Picture, recipe: &Recipe) -> Result<Picture, PublishError> {
    let chain = recipe.resolve(*picture.dims())?;
    let mut steps = chain.steps().iter();
    let Some(first) = steps.next() else { return Ok(picture.clone()) };
    let cells = steps.fold(first.apply(picture.cells()), |cells, step| step.apply(&cells));
    Ok(Picture::new(chain.output(), cells)?)
}

/// Applies a recipe to the negative's picture and proves it. The proof is verified before it is returned.
///
/// Takes seconds for a picture of several megapixels, and both cores.
pub fn prove(negative: &Negative, recipe: &Recipe) -> Result<Published, PublishError> {
    let layout = negative.layout();
    let chain = recipe.resolve(layout.dims)?;
    let relation = Relation::compile(layout.dims, layout.m, chain.steps(), Output::Revealed)?;
    let capture = negative.capture().clone();
    let input = Input { cells: negative.pixels(), blinders: negative.blinders(), rows: negative.rows() };
    let proved = zkimg_proof::prove::prove(&relation, &context(&capture, &chain), &input)?;
    let picture = Picture::new(chain.output(), proved.output)?;
    let digest = picture_digest(picture.dims(), picture.cells());
    let proof = ProofFile { capture, chain, picture_digest: digest, rows: negative.rows().to_vec(), proof: proved.proof };
    Ok(Published { picture, proof })
}
