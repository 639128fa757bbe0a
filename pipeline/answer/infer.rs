//! From pictures and a model to an answer.

use super::file::{Answer, AnswerFile, MAX_PHOTOS, Source};
use super::model::{Model, inputs};
use super::photo::Photo;
use super::public::PublicPicture;
use super::shown::{Shown, TOP};
use super::statement::{About, BadQuestion, apart, classes, context, fits, may_be_shown, relation};
use crate::recipe::{Edits, Recipe, RecipeError};
use crate::statement::picture_digest;
use std::sync::Arc;
use zeroize::Zeroizing;
use zkimg_attest::Negative;
use zkimg_graph::step::Budget;
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
    /// What is wrong with one of several photos.
    #[error("photo {number}: {error}")]
    OfPhoto {
        /// Its place, from 1.
        number: usize,
        /// What is wrong.
        error: Box<InferError>,
    },
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

/// The pictures that a model is asked about.
enum Asked<'a> {
    Photos(Vec<&'a Negative>),
    Picture(&'a Picture),
}

/// A question to a model about pictures.
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
    /// What `model` makes of each negative's photo, at most [`MAX_PHOTOS`], after the recipe's edits, which are of each one's own size.
    pub fn new(negatives: impl IntoIterator<Item = &'a Negative>, recipe: &'a Recipe, model: &'a Model, show: Show) -> Inference<'a> {
        Inference { asked: Asked::Photos(negatives.into_iter().collect()), recipe, model, show, observer: &() }
    }

    /// What `model` makes of a picture that everybody has, after the recipe's edits. No camera answers for it.
    pub fn of_picture(picture: &'a PublicPicture, recipe: &'a Recipe, model: &'a Model, show: Show) -> Inference<'a> {
        Inference { asked: Asked::Picture(picture.picture()), recipe, model, show, observer: &() }
    }

    /// Is watched while it is proved, by somebody who may stop it.
    pub fn watched(self, observer: &'a dyn Observer) -> Inference<'a> {
        Inference { observer, ..self }
    }

    /// Finds what the model makes of all pictures and proves it at once. The proof is verified before it is returned.
    ///
    /// # Errors
    /// If the edits do not end with what the network reads, there are too many photos, or the proof cannot be made.
    pub fn answer(self) -> Result<AnswerFile, InferError> {
        let card = self.model.card();
        may_be_shown(card)?;
        let (source, about) = self.source()?;
        let architecture = card.architecture();
        let (pictures, mut together) = (self.pictures(), Budget::together());
        let mut answers = Vec::with_capacity(pictures.len());
        architecture.bounded(pictures.len()).map_err(BadQuestion::from)?;
        for (i, (dims, pixels)) in pictures.iter().enumerate() {
            let answer = self.one(*dims, pixels).map_err(|error| of_photo(error, i, pictures.len()))?;
            together.take_chain(answer.edits.budget()).map_err(BadQuestion::from)?;
            answers.push(answer);
        }
        let relation = relation(&about, &answers, card)?;
        let context = context(&source, card.digest(), &answers);
        let secrets = Zeroizing::new(self.model.network().secrets());
        let mut all = Vec::new();
        if let Asked::Photos(negatives) = &self.asked {
            all.extend(negatives.iter().map(|negative| negative.input()));
        }
        all.extend(inputs(&secrets, self.model.blinders(), card.rows()));
        let mut proved = prove_watched(&relation, &context, &all, self.observer)?;
        if self.show == Show::Scores {
            let Dims { height, width, .. } = architecture.output();
            let scores = apart(&proved.take_pixels(), answers.len(), height * width);
            answers.iter_mut().zip(scores).for_each(|(answer, scores)| answer.shown = Shown::Scores(scores));
        }
        Ok(AnswerFile { source, card: *card.digest(), answers, proof: proved.proof })
    }

    /// What is to be proved of one picture; of scores that they are shown, and not yet what they are.
    fn one(&self, dims: Dims, pixels: &[u8]) -> Result<Answer, InferError> {
        let edits = self.recipe.resolve(dims)?;
        fits(&edits, self.model.card().architecture())?;
        let shown = match self.show {
            Show::Scores => Shown::Scores(Vec::new()),
            Show::Class => Shown::Class(self.best(&edits, pixels)?.first().copied().ok_or(BadQuestion::Classes)?),
            Show::Top5 => Shown::Top(self.best(&edits, pixels)?.into_iter().take(TOP).collect()),
        };
        Ok(Answer { edits, shown })
    }

    /// Shapes and pixels.
    fn pictures(&self) -> Vec<(Dims, &'a [u8])> {
        match &self.asked {
            Asked::Photos(negatives) => negatives.iter().map(|negative| (negative.layout().dims, negative.pixels())).collect(),
            Asked::Picture(picture) => vec![(*picture.dims(), picture.cells())],
        }
    }

    fn source(&self) -> Result<(Source, About), InferError> {
        Ok(match &self.asked {
            Asked::Photos(negatives) => {
                if !(1..=MAX_PHOTOS).contains(&negatives.len()) {
                    return Err(BadQuestion::Photos(negatives.len()).into());
                }
                let photo = |(i, negative): (usize, &&Negative)| {
                    Photo::of(negative).ok_or_else(|| of_photo(InferError::HandedOn, i, negatives.len()))
                };
                let photos = negatives.iter().enumerate().map(photo).collect::<Result<_, _>>()?;
                (Source::Photos(photos), About::Hidden(negatives.iter().map(|negative| negative.layout().m).collect()))
            }
            Asked::Picture(picture) => {
                let digest = picture_digest(&Pixels::new(*picture.dims(), picture.cells()));
                let cells = Arc::new(Cells::U8(picture.cells().to_vec()));
                (Source::Picture { dims: *picture.dims(), digest }, About::Public(cells))
            }
        })
    }

    /// The classes, the one with the greatest score first, of equal ones the first.
    fn best(&self, edits: &Edits, pixels: &[u8]) -> Result<Vec<u32>, BadQuestion> {
        classes(self.model.card().architecture())?;
        let mut pixels = Zeroizing::new(pixels.to_vec());
        for step in edits.steps() {
            pixels = Zeroizing::new(step.apply(&pixels));
        }
        let layers = self.model.network().run(&pixels)?;
        let scores = layers.last().ok_or(BadNetwork::Layers(0))?;
        let mut all: Zeroizing<Vec<(u32, u8)>> = Zeroizing::new((0u32..).zip(scores.iter().copied()).collect());
        // In place: a scratch copy would not be wiped.
        all.sort_unstable_by_key(|(class, score)| (std::cmp::Reverse(*score), *class));
        Ok(all.iter().map(|(class, _)| *class).collect())
    }
}

/// Names the photo that something is wrong with, if there are several.
fn of_photo(error: InferError, at: usize, photos: usize) -> InferError {
    if photos == 1 { error } else { InferError::OfPhoto { number: at + 1, error: Box::new(error) } }
}
