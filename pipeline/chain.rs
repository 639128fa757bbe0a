//! A chain of links as it is checked: each link's statement, relation and claim.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::proof_file::{Link, ProofFile};
use crate::statement::{Digest, Form, From, Shown, Statement, digest};
use zkimg_attest::{MakerError, Purpose};
use zkimg_graph::graph::Kind;
use zkimg_proof::argument::Pixels;
use zkimg_proof::circuit::Class;
use zkimg_proof::commitment::Layout;
use zkimg_proof::commitment::{root, root_of_encoded};
use zkimg_proof::relation::{BadRelation, Output, Relation};
use zkimg_proof::soundness::Account;
use zkimg_proof::transcript::BadProofBytes;
use zkimg_proof::verify::{Claim, Decoded, encoded_output_rows};

/// Why a link cannot even be put to the verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadLink {
    /// Edits that no proof can hold.
    #[error(transparent)]
    Edits(#[from] BadRelation),
    /// A proof that does not begin with the points it should.
    #[error(transparent)]
    Bytes(#[from] BadProofBytes),
}

/// A link, its statement, and what it says it puts out.
pub(crate) struct Step<'a> {
    pub link: &'a Link,
    relation: Relation,
    context: Vec<u8>,
    /// Digest of the statement and its output.
    pub digest: Digest,
}

/// The statements of all links. Nothing is checked but that each can be put to the verifier.
pub(crate) struct Steps<'a> {
    file: &'a ProofFile,
    pub steps: Vec<Step<'a>>,
    /// Root of the rows of a hidden picture at the end, as the last link claims them.
    #[cfg(feature = "prover")]
    pub output_root: Digest,
}

impl<'a> Steps<'a> {
    /// Lays out the statements of a file, link after link; names the link (from 0) that has none.
    ///
    /// `m` and the generators are those of the capture for every link.
    pub(crate) fn of(file: &'a ProofFile) -> Result<Steps<'a>, (usize, BadLink)> {
        let mut layout = file.capture().statement.layout();
        let mut input_root = root(&layout, &file.rows);
        let mut from = From::Capture(file.capture());
        let mut steps: Vec<Step<'a>> = Vec::with_capacity(file.links.len());
        for (number, link) in file.links.iter().enumerate() {
            let hidden = link.shown == Shown::Hidden;
            let statement = Statement {
                number,
                from,
                root: input_root,
                input: &layout,
                edits: &link.edits,
                maker: &link.maker,
                hidden,
                form: Form::Listed,
            };
            let context = statement.context();
            let output = if hidden { Output::Hidden(Kind::Picture) } else { Output::Revealed };
            let relation = link.edits.relation(layout.m, output).map_err(|e| (number, e.into()))?;
            let rows = encoded_output_rows(&relation, &link.proof).map_err(|e| (number, e.into()))?;
            layout = Layout::new(link.edits.output(), layout.m);
            input_root = root_of_encoded(&layout, rows);
            let digest = match link.shown {
                Shown::Hidden => digest(&context, &input_root),
                Shown::Picture(picture) => digest(&context, &picture),
            };
            from = From::Link(digest);
            steps.push(Step { link, relation, context, digest });
        }
        Ok(Steps {
            file,
            steps,
            #[cfg(feature = "prover")]
            output_root: input_root,
        })
    }

    /// Decodes every proof's points; names the link (from 0) that has bad ones.
    pub(crate) fn decode(&self) -> Result<Vec<Decoded<'a>>, (usize, BadLink)> {
        let decode = |(number, step): (usize, &Step<'a>)| Decoded::new(&step.relation, &step.link.proof).map_err(|e| (number, e.into()));
        self.steps.iter().enumerate().map(decode).collect()
    }

    /// One claim a link. The input of each is what the link before claims to put out, which holds only if that claim does.
    pub(crate) fn claims<'b>(&'b self, proofs: &'b [Decoded<'b>], picture: Pixels<'b>) -> impl Iterator<Item = Claim<'b>> {
        let inputs = std::iter::once(&self.file.rows[..]).chain(proofs.iter().map(Decoded::output_rows));
        self.steps.iter().zip(proofs).zip(inputs).map(move |((step, proof), rows)| {
            let output = if step.link.shown == Shown::Hidden { Pixels::none() } else { picture };
            Claim { relation: &step.relation, context: &step.context, rows: vec![rows], output, proof }
        })
    }

    /// Whether each maker who names a key has signed; names the link (from 0) that is not.
    pub(crate) fn check_signatures(&self) -> Result<(), (usize, MakerError)> {
        check_signatures(self.steps.iter().map(|step| (step.link, &step.digest)))
    }

    /// The sizes of the links' circuits.
    pub(crate) fn classes(&self) -> impl Iterator<Item = Class> {
        self.steps.iter().filter_map(|step| step.relation.class())
    }

    /// Bits of security of the weakest link.
    pub(crate) fn security_bits(&self) -> u32 {
        self.steps.iter().map(|step| Account::of(&step.relation).bits()).min().unwrap_or(0)
    }
}

/// Whether each maker who names a key has signed, of links with the digests of their statements; names the link (from 0) that is not.
pub(crate) fn check_signatures<'a>(links: impl Iterator<Item = (&'a Link, &'a Digest)>) -> Result<(), (usize, MakerError)> {
    links.enumerate().try_for_each(|(number, (link, digest))| match (link.maker.key(), &link.signature) {
        (None, None) => Ok(()),
        (Some(key), Some(signature)) => signature.verify(key, Purpose::Link, digest).map_err(|error| (number, error)),
        _ => Err((number, MakerError::Signature)),
    })
}
