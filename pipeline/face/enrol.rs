//! From a portrait and a model to a template and its public half.

use super::enrolled::Enrolled;
use super::error::FaceError;
use super::statement::{enrolment_statement, may_be_read};
use super::template::Template;
use crate::answer::photo::{Asked, Photo};
use crate::answer::seal::ENROLMENT;
use crate::answer::{Model, inputs};
use crate::recipe::Recipe;
use zeroize::Zeroizing;
use zkimg_attest::{Negative, SigningKey};
use zkimg_proof::observer::Observer;
use zkimg_proof::prove::prove_watched;

/// A face on its way to being enrolled.
pub struct Enrolment<'a> {
    negative: &'a Negative,
    recipe: &'a Recipe,
    model: &'a Model,
    key: Option<&'a SigningKey>,
    observer: &'a dyn Observer,
}

/// All of it is secret.
impl std::fmt::Debug for Enrolment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolment").finish_non_exhaustive()
    }
}

impl<'a> Enrolment<'a> {
    /// What `model` makes of the negative's photo after the recipe's edits.
    pub fn new(negative: &'a Negative, recipe: &'a Recipe, model: &'a Model) -> Enrolment<'a> {
        Enrolment { negative, recipe, model, key: None, observer: &() }
    }

    /// Vouches for it with a key: whoever checks who it is that is enrolled.
    pub fn signed(self, key: &'a SigningKey) -> Enrolment<'a> {
        Enrolment { key: Some(key), ..self }
    }

    /// Is watched while it is proved, by somebody who may stop it.
    pub fn watched(self, observer: &'a dyn Observer) -> Enrolment<'a> {
        Enrolment { observer, ..self }
    }

    /// Computes the embedding, commits to it with fresh blinders and proves that it is the model's. The proof is verified before it is
    /// returned.
    ///
    /// # Errors
    /// If the edits are none that may come before a face or do not end with what the network reads, if the embedding is all zeros, or the
    /// proof cannot be made.
    pub fn enrol(self) -> Result<Template, FaceError> {
        let negative = self.negative;
        let photo = Photo::of(negative).ok_or(FaceError::HandedOn)?;
        let card = self.model.card();
        let asked = Asked { photo, card: *card.digest(), edits: self.recipe.resolve(negative.layout().dims)? };
        let zero = may_be_read(&asked.edits, card)?;
        let (relation, context) = enrolment_statement(&asked, card)?;
        let secrets = Zeroizing::new(self.model.network().secrets());
        let mut all = vec![negative.input()];
        all.extend(inputs(&secrets, self.model.blinders(), card.rows()));
        let mut proved = prove_watched(&relation, &context, &all, self.observer)?;
        let cells = Zeroizing::new(proved.take_pixels());
        if cells.iter().all(|cell| *cell == zero) {
            return Err(FaceError::Zeros);
        }
        let template = relation.output_root(&proved.output_rows).ok_or(FaceError::Template)?;
        let body = Enrolled::body(&asked, &template, &proved.proof);
        // What was made is read as everybody will read it.
        let enrolled = Enrolled::from_bytes(&ENROLMENT.seal(body, self.key)?)?;
        Ok(Template::new(enrolled, proved.output_blinders, cells))
    }
}
