//! Proofs about models as they are put to the verifier.

use super::card::{Card, bounds, context};
use super::fault::ModelFault;
use super::photo::Photo;
use crate::finding::Finding;
use zkimg_graph::tensor::CellsRef;
use zkimg_group::field::Affine;
use zkimg_group::generators::BadParameters;
use zkimg_proof::argument::Pixels;
use zkimg_proof::relation::Relation;
use zkimg_proof::soundness::Account;
use zkimg_proof::transcript::BadProofBytes;
use zkimg_proof::verify::{Claim, Decoded, Refused, Reject, verify_all};

/// A statement and its proof, ready for the verifier.
pub(crate) struct Proof<'a> {
    relation: Relation,
    context: Vec<u8>,
    /// Each input's rows.
    rows: Vec<&'a [Affine]>,
    /// The revealed output; none if it is hidden.
    cells: Option<Vec<u8>>,
    bytes: Decoded<'a>,
}

impl<'a> Proof<'a> {
    /// Decodes the points that a proof begins with.
    pub(crate) fn new(
        relation: Relation,
        context: Vec<u8>,
        rows: Vec<&'a [Affine]>,
        cells: Option<Vec<u8>>,
        bytes: &'a [u8],
    ) -> Result<Proof<'a>, BadProofBytes> {
        let bytes = Decoded::new(&relation, bytes)?;
        Ok(Proof { relation, context, rows, cells, bytes })
    }

    /// The rows of hidden photos, and of a card: in the order of a relation's inputs.
    pub(crate) fn rows_of(photos: &'a [Photo], card: &'a Card) -> Vec<&'a [Affine]> {
        photos.iter().map(|photo| &photo.rows).chain(card.rows()).map(Vec::as_slice).collect()
    }

    /// The proof that a card's weights lie in their bounds.
    fn of_card(card: &'a Card) -> Result<Proof<'a>, ModelFault> {
        let relation = bounds(card.architecture()).map_err(ModelFault::Card)?;
        let rows = Proof::rows_of(&[], card);
        // The node that a graph needs makes a zero.
        Proof::new(relation, context(&card.head()), rows, Some(vec![0]), card.proof()).map_err(ModelFault::Bytes)
    }

    /// The rows of a hidden output, as the proof claims them.
    pub(crate) fn output_rows(&self) -> &[Affine] {
        self.bytes.output_rows()
    }

    /// What is said to hold.
    pub(crate) fn relation(&self) -> &Relation {
        &self.relation
    }

    fn claim(&self) -> Claim<'_> {
        let Proof { relation, context, rows, cells, bytes } = self;
        let output = match cells {
            Some(cells) => Pixels::of_cells(relation.output, relation.output_bounds, CellsRef::U8(cells)),
            None => Pixels::none(),
        };
        Claim { relation, context, rows: rows.clone(), output, proof: bytes }
    }
}

/// Looks whether a card is the one that a file names and whether whoever vouches for it signed it; notes a fault.
pub(crate) fn card<'a>(findings: &mut Vec<Finding>, card: &'a Card, named: &[u8; 32]) -> Option<Proof<'a>> {
    let proof = if named != card.digest() {
        Err(ModelFault::Other(*named))
    } else {
        card.verify_signature().map_err(ModelFault::Signature).and_then(|()| Proof::of_card(card))
    };
    proof.map_err(|fault| findings.push(Finding::Model(Err(fault)))).ok()
}

/// Puts proofs to the verifier, each for itself, as each rests on those before it and is worth nothing alone. What is missing at the end was
/// not checked.
///
/// # Errors
/// If this installation is damaged.
pub(crate) fn judge(proofs: &[&Proof<'_>]) -> Result<Vec<Result<(), Reject>>, BadParameters> {
    let claims: Vec<Vec<Claim<'_>>> = proofs.iter().map(|proof| vec![proof.claim()]).collect();
    let outcome = |outcome| match outcome {
        Ok(()) => Ok(Ok(())),
        Err(Refused { reject: Reject::Parameters(error), .. }) => Err(error),
        Err(Refused { reject, .. }) => Ok(Err(reject)),
    };
    verify_all(&claims).into_iter().map(outcome).collect()
}

/// What the verifier says of a card's proof, or nothing.
pub(crate) fn of_model(outcome: Option<Result<(), Reject>>) -> Finding {
    Finding::Model(outcome.ok_or(ModelFault::Unfinished).and_then(|outcome| outcome.map_err(ModelFault::Refused)))
}

/// Bits of security of the weakest of several proofs.
pub(crate) fn security_bits(proofs: &[&Proof<'_>]) -> u32 {
    proofs.iter().map(|proof| Account::of(&proof.relation).bits()).min().unwrap_or(0)
}
