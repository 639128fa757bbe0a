//! From a negative and a model to an answer.

use super::file::AnswerFile;
use super::model::{Model, inputs};
use super::statement::{BadQuestion, Shown, classes, context, fits, relation};
use crate::recipe::{Edits, Recipe, RecipeError};
use zeroize::Zeroizing;
use zkimg_attest::{Negative, SignedCapture};
use zkimg_graph::tensor::CellsRef;
use zkimg_network::model::BadNetwork;
use zkimg_proof::observer::Observer;
use zkimg_proof::prove::{Input, ProveError, prove_watched};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InferError {
    /// The recipe does not fit the photo.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// What cannot be asked.
    #[error(transparent)]
    Question(#[from] BadQuestion),
    /// A picture that somebody handed on.
    #[error("this negative was handed on by somebody, and a model answers about a camera's own photo; give the photo's negative")]
    HandedOn,
    /// The prover gave up.
    #[error("no proof could be made: {0}")]
    Prove(#[from] ProveError),
}

/// What an answer is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// The class with the greatest score, and nothing of the scores.
    Class,
    /// Every score.
    Scores,
}

/// A question to a model about a photo.
pub struct Inference<'a> {
    negative: &'a Negative,
    recipe: &'a Recipe,
    model: &'a Model,
    show: Show,
    observer: &'a dyn Observer,
}

/// All of it is secret but what is shown.
impl std::fmt::Debug for Inference<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inference").field("show", &self.show).finish_non_exhaustive()
    }
}

impl<'a> Inference<'a> {
    /// What `model` makes of the negative's photo after the recipe's edits.
    pub fn new(negative: &'a Negative, recipe: &'a Recipe, model: &'a Model, show: Show) -> Inference<'a> {
        Inference { negative, recipe, model, show, observer: &() }
    }

    /// Is watched while it is proved, by somebody who may stop it.
    pub fn watched(self, observer: &'a dyn Observer) -> Inference<'a> {
        Inference { observer, ..self }
    }

    /// Finds the answer and proves it. The proof is verified before it is returned.
    ///
    /// # Errors
    /// If the edits do not end with what the network reads, or the proof cannot be made.
    pub fn answer(self) -> Result<AnswerFile, InferError> {
        let capture = self.negative.capture().ok_or(InferError::HandedOn)?;
        let layout = self.negative.layout();
        let edits = self.recipe.resolve(layout.dims)?;
        let card = self.model.card();
        fits(&edits, card.architecture())?;
        let shown = match self.show {
            Show::Scores => Shown::Scores(Vec::new()),
            Show::Class => Shown::Class(self.class(&edits)?),
        };
        let relation = relation(layout.m, &edits, card, &shown)?;
        let context = context(capture, card.digest(), &edits, &shown);
        let secrets = Zeroizing::new(self.model.network().secrets());
        let photo = Input { cells: CellsRef::U8(self.negative.pixels()), blinders: self.negative.blinders(), rows: self.negative.rows() };
        let mut all = vec![photo];
        all.extend(inputs(&secrets, self.model.blinders(), card.rows()));
        let mut proved = prove_watched(&relation, &context, &all, self.observer)?;
        let shown = match shown {
            Shown::Scores(_) => Shown::Scores(proved.take_pixels()),
            Shown::Class(class) => Shown::Class(class),
        };
        Ok(AnswerFile {
            capture: SignedCapture::clone(capture),
            rows: self.negative.rows().to_vec(),
            card: *card.digest(),
            edits,
            shown,
            proof: proved.proof,
        })
    }

    /// The first class with the greatest score.
    fn class(&self, edits: &Edits) -> Result<u32, BadQuestion> {
        classes(self.model.card().architecture())?;
        let mut pixels = Zeroizing::new(self.negative.pixels().to_vec());
        for step in edits.steps() {
            pixels = Zeroizing::new(step.apply(&pixels));
        }
        let layers = self.model.network().run(&pixels)?;
        let scores = layers.last().ok_or(BadNetwork::Layers(0))?;
        let greatest = (0u32..).zip(scores.iter()).max_by_key(|(class, score)| (**score, std::cmp::Reverse(*class)));
        greatest.map(|(class, _)| class).ok_or(BadQuestion::Classes)
    }
}
