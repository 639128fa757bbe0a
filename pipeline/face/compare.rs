//! From a photo, a model and a template to a match.

use super::error::FaceError;
use super::matched::MatchFile;
use super::statement::{HOLDS, enrolment_statement, listed, may_be_read};
use super::template::Template;
use crate::answer::photo::{Asked, Photo};
use crate::answer::{Model, Threshold, inputs};
use crate::recipe::Recipe;
use zeroize::Zeroizing;
use zkimg_attest::Negative;
use zkimg_graph::tensor::CellsRef;
use zkimg_proof::observer::Observer;
use zkimg_proof::prove::{Input, prove_if};
use zkimg_proof::verify::Decoded;

/// A photo on its way to being compared with an enrolled face.
pub struct Comparison<'a> {
    negative: &'a Negative,
    recipe: &'a Recipe,
    model: &'a Model,
    template: &'a Template,
    threshold: Threshold,
    observer: &'a dyn Observer,
}

/// All of it is secret but the threshold.
impl std::fmt::Debug for Comparison<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Comparison").field("threshold", &self.threshold).finish_non_exhaustive()
    }
}

impl<'a> Comparison<'a> {
    /// What `model` makes of the negative's photo after the recipe's edits, against a template.
    pub fn new(
        negative: &'a Negative,
        recipe: &'a Recipe,
        model: &'a Model,
        template: &'a Template,
        threshold: Threshold,
    ) -> Comparison<'a> {
        Comparison { negative, recipe, model, template, threshold, observer: &() }
    }

    /// Is watched while it is proved, by somebody who may stop it.
    pub fn watched(self, observer: &'a dyn Observer) -> Comparison<'a> {
        Comparison { observer, ..self }
    }

    /// Compares, and proves that the cosine is at least the threshold. The proof is verified before it is returned.
    ///
    /// # Errors
    /// If it is less, if photo, model and template do not go together, or the proof cannot be made.
    pub fn prove(self) -> Result<MatchFile, FaceError> {
        let (negative, enrolled) = (self.negative, self.template.enrolled());
        let photo = Photo::of(negative).ok_or(FaceError::HandedOn)?;
        let card = self.model.card();
        if enrolled.card() != card.digest() {
            return Err(FaceError::OtherModel);
        }
        if enrolled.capture().statement.root() == photo.capture.statement.root() {
            return Err(FaceError::SameCapture);
        }
        let edits = self.recipe.resolve(negative.layout().dims)?;
        may_be_read(&edits, card)?;
        listed(self.threshold, card)?;
        let (enrolment, _) = enrolment_statement(&enrolled.asked, card)?;
        let claimed = Decoded::new(&enrolment, &enrolled.proof)?;
        let mut file = MatchFile {
            asked: Asked { photo, card: *card.digest(), edits },
            enrolled: *enrolled.digest(),
            threshold: self.threshold,
            proof: Vec::new(),
        };
        let (relation, context) = file.statement(card, enrolment.m)?;
        if [self.template.cells().len(), self.template.blinders().len()] != [enrolment.output.cells(), claimed.output_rows().len()] {
            return Err(FaceError::Template);
        }
        let secrets = Zeroizing::new(self.model.network().secrets());
        let mut all = vec![negative.input()];
        all.extend(inputs(&secrets, self.model.blinders(), card.rows()));
        all.push(Input { cells: CellsRef::U8(self.template.cells()), blinders: self.template.blinders(), rows: claimed.output_rows() });
        // A face that is not alike costs the network and no proof.
        let holds = |cells: CellsRef<'_>| matches!(cells, CellsRef::U8(cells) if *cells == HOLDS);
        let proved = prove_if(&relation, &context, &all, &holds, self.observer)?;
        file.proof = proved.ok_or(FaceError::Below(self.threshold))?.proof;
        Ok(file)
    }
}
