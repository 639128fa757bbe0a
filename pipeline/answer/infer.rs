//! From a picture and a model to an answer.

use super::file::{AnswerFile, Source};
use super::model::{Model, inputs};
use super::photo::Photo;
use super::shown::{Shown, TOP};
use super::statement::{About, BadQuestion, classes, context, fits, may_be_shown, relation};
use crate::recipe::{Edits, Recipe, RecipeError};
use crate::statement::picture_digest;
use std::sync::Arc;
use zeroize::Zeroizing;
use zkimg_attest::Negative;
use zkimg_graph::tensor::{Cells, Dims};
use zkimg_network::model::BadNetwork;
use zkimg_picture::Picture;
use zkimg_proof::argument::Pixels;
use zkimg_proof::observer::Observer;
use zkimg_proof::prove::{ProveError, prove_watched};

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
    #[error("this negative was handed on by somebody, and a model answers about a photo that was signed itself; give the photo's negative")]
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
    /// The classes with the greatest five scores, in order, and nothing of the scores.
    Top5,
    /// Every score.
    Scores,
}

/// A picture that a model is asked about.
#[derive(Clone, Copy)]
enum Asked<'a> {
    Photo(&'a Negative),
    Picture(&'a Picture),
}

impl Asked<'_> {
    fn dims(&self) -> Dims {
        match self {
            Asked::Photo(negative) => negative.layout().dims,
            Asked::Picture(picture) => *picture.dims(),
        }
    }

    fn pixels(&self) -> &[u8] {
        match self {
            Asked::Photo(negative) => negative.pixels(),
            Asked::Picture(picture) => picture.cells(),
        }
    }
}

/// A question to a model about a picture.
pub struct Inference<'a> {
    asked: Asked<'a>,
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
        Inference { asked: Asked::Photo(negative), recipe, model, show, observer: &() }
    }

    /// What `model` makes of a picture that everybody has, after the recipe's edits. No camera answers for it.
    pub fn of_picture(picture: &'a Picture, recipe: &'a Recipe, model: &'a Model, show: Show) -> Inference<'a> {
        Inference { asked: Asked::Picture(picture), recipe, model, show, observer: &() }
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
        let (source, about) = self.source()?;
        let edits = self.recipe.resolve(self.asked.dims())?;
        let card = self.model.card();
        may_be_shown(card)?;
        fits(&edits, card.architecture())?;
        let shown = match self.show {
            Show::Scores => Shown::Scores(Vec::new()),
            Show::Class => Shown::Class(self.best(&edits)?.first().copied().ok_or(BadQuestion::Classes)?),
            Show::Top5 => Shown::Top(self.best(&edits)?.into_iter().take(TOP).collect()),
        };
        let relation = relation(&about, &edits, card, &shown)?;
        let context = context(&source, card.digest(), &edits, &shown);
        let secrets = Zeroizing::new(self.model.network().secrets());
        let mut all = Vec::new();
        if let Asked::Photo(negative) = self.asked {
            all.push(negative.input());
        }
        all.extend(inputs(&secrets, self.model.blinders(), card.rows()));
        let mut proved = prove_watched(&relation, &context, &all, self.observer)?;
        let shown = match shown {
            Shown::Scores(_) => Shown::Scores(proved.take_pixels()),
            shown => shown,
        };
        Ok(AnswerFile { source, card: *card.digest(), edits, shown, proof: proved.proof })
    }

    fn source(&self) -> Result<(Source, About), InferError> {
        Ok(match self.asked {
            Asked::Photo(negative) => {
                let photo = Photo::of(negative).ok_or(InferError::HandedOn)?;
                (Source::Photo(Box::new(photo)), About::Hidden(negative.layout().m))
            }
            Asked::Picture(picture) => {
                let digest = picture_digest(&Pixels::new(*picture.dims(), picture.cells()));
                let cells = Arc::new(Cells::U8(picture.cells().to_vec()));
                (Source::Picture { dims: *picture.dims(), digest }, About::Public(cells))
            }
        })
    }

    /// The classes, the one with the greatest score first, of equal ones the first.
    fn best(&self, edits: &Edits) -> Result<Vec<u32>, BadQuestion> {
        classes(self.model.card().architecture())?;
        let mut pixels = Zeroizing::new(self.asked.pixels().to_vec());
        for step in edits.steps() {
            pixels = Zeroizing::new(step.apply(&pixels));
        }
        let layers = self.model.network().run(&pixels)?;
        let scores = layers.last().ok_or(BadNetwork::Layers(0))?;
        let mut all: Vec<(u32, u8)> = (0u32..).zip(scores.iter().copied()).collect();
        all.sort_by_key(|(class, score)| (std::cmp::Reverse(*score), *class));
        Ok(all.into_iter().map(|(class, _)| class).collect())
    }
}
