//! The verifier.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::argument::{LABEL, Pixels, Run, Statement, absorb, run};
use crate::batch::{self, Pending};
use crate::channel::{Channel, ErrorTerm, Hidden, Public, Quadratic, Turn};
use crate::circuit::{BLINDED_ROWS, Class, Coefficients, Deferred, Keys, Published, read_circuit_proof};
use crate::equations::Batch;
use crate::opening::{self, Commitments};
pub use crate::reject::{Refused, Reject};
use crate::relation::Relation;
use crate::transcript::{self, BadProofBytes, Blake2b, Reader, Sponge};
use ff::Field;
use std::ops::Range;
use zkimg_graph::tensor::CellsRef;
use zkimg_group::accumulator::Accumulator;
use zkimg_group::field::{Affine, F};
use zkimg_group::generators::Generators;
use zkimg_group::parallel;

/// What a valid proof leaves behind.
pub struct Verified {
    /// The rows of a hidden output; empty if it was revealed.
    pub output_rows: Vec<Affine>,
}

crate::opaque!(Verified);

/// A proof with its rows and messages decoded, and nothing about it checked.
pub struct Decoded<'a> {
    elements: transcript::Decoded<'a>,
    output: Range<usize>,
}

crate::opaque!(Decoded<'_>);

impl<'a> Decoded<'a> {
    /// Decodes the points a proof of `relation` begins with.
    pub fn new(relation: &Relation, proof: &'a [u8]) -> Result<Decoded<'a>, BadProofBytes> {
        let elements = rows_of(relation, relation.inputs..relation.tensors.len()) + relation.shape().messages + BLINDED_ROWS;
        Ok(Decoded { elements: transcript::Decoded::new(proof, elements)?, output: output_rows_of(relation) })
    }

    /// The rows of a hidden output, as the proof claims them; empty if it is revealed.
    pub fn output_rows(&self) -> &[Affine] {
        self.elements.points().get(self.output.clone()).unwrap_or_default()
    }
}

/// The number of rows of some tensors.
fn rows_of(relation: &Relation, tensors: Range<usize>) -> usize {
    relation.tensors.get(tensors).unwrap_or_default().iter().map(|t| t.rows.len()).sum()
}

/// Which elements of a proof are the rows of the hidden output; none if it is revealed.
fn output_rows_of(relation: &Relation) -> Range<usize> {
    let before = |t| rows_of(relation, relation.inputs..t);
    relation.hidden_output.map_or(0..0, |t| before(t)..before(t + 1))
}

/// The rows of a hidden output as a proof's bytes give them, without looking whether they are points.
pub fn encoded_output_rows<'a>(relation: &Relation, proof: &'a [u8]) -> Result<&'a [[u8; 32]], BadProofBytes> {
    let (elements, _) = proof.as_chunks::<32>();
    elements.get(output_rows_of(relation)).ok_or(BadProofBytes::Short)
}

/// A statement and its proof.
pub struct Claim<'a> {
    /// What is said to hold.
    pub relation: &'a Relation,
    /// Everything else the statement says.
    pub context: &'a [u8],
    /// Each input's rows. The caller must know them: by a signed root, or as the hidden output of another claim, which then
    /// must hold too.
    pub rows: Vec<&'a [Affine]>,
    /// The revealed output; none if it is hidden.
    pub output: Pixels<'a>,
    /// The proof.
    pub proof: &'a Decoded<'a>,
}

crate::opaque!(Claim<'_>);

/// Checks any number of chains of claims, each chain for itself; their group equations are checked as one sum ([`crate::batch`]).
pub fn verify_all(chains: &[Vec<Claim<'_>>]) -> Vec<Result<(), Refused>> {
    verify_all_over::<Blake2b>(chains)
}

fn verify_all_over<S: Sponge>(chains: &[Vec<Claim<'_>>]) -> Vec<Result<(), Refused>> {
    let claims: Vec<&Claim<'_>> = chains.iter().flatten().collect();
    // All circuits' sums are added up over the generators of the largest.
    let class = claims.iter().filter_map(|claim| claim.relation.class()).max().unwrap_or(Class::SMALLEST);
    let longest = claims.iter().map(|claim| claim.relation.m).max().unwrap_or(0);
    let (generators, keys) = match (Generators::load_for(longest), Keys::load(class)) {
        (Ok(generators), Ok(keys)) => (generators, keys),
        (Err(bad), _) | (_, Err(bad)) => return chains.iter().map(|_| Err(Refused { claim: 0, reject: bad.into() })).collect(),
    };
    let mut read = parallel::map(&claims, |claim| examine::<S>(claim, keys)).into_iter();
    // A chain with a claim that cannot even be read is refused by that; of the others every claim has its turn in the sum.
    let read: Vec<Result<Vec<Pending>, Refused>> = chains
        .iter()
        .map(|chain| {
            let of_chain: Vec<_> = read.by_ref().take(chain.len()).collect();
            of_chain.into_iter().enumerate().map(|(claim, read)| read.map_err(|reject| Refused { claim, reject })).collect()
        })
        .collect();
    let pending: Vec<Vec<&Pending>> = read.iter().flatten().map(|chain| chain.iter().collect()).collect();
    let mut finished = batch::finish(&pending, generators, keys).into_iter();
    let outcome = |(read, chain): (&Result<Vec<Pending>, Refused>, &Vec<Claim<'_>>)| match read {
        // None left, or another number of claims, would be a fault, and refuses.
        Ok(read) if read.len() == chain.len() => {
            finished.next().unwrap_or(Err(Refused { claim: 0, reject: Reject::Shape("number of equations") }))
        }
        Ok(_) => Err(Refused { claim: 0, reject: Reject::Shape("number of claims") }),
        Err(refused) => Err(*refused),
    };
    read.iter().zip(chains).map(outcome).collect()
}

/// Checks a proof of `relation` for the inputs committed in `rows` and the revealed `output` (none if hidden).
///
/// The caller must already know the rows: by a signed root, or as the hidden output of a verified proof.
pub fn verify(relation: &Relation, context: &[u8], rows: &[&[Affine]], output: Pixels<'_>, proof: &[u8]) -> Result<Verified, Reject> {
    verify_over::<Blake2b>(relation, context, rows, output, proof)
}

/// As [`verify`], with challenges from the sponge with which the proof was made.
///
/// # Errors
/// As [`verify`].
pub fn verify_over<S: Sponge>(
    relation: &Relation,
    context: &[u8],
    rows: &[&[Affine]],
    output: Pixels<'_>,
    proof: &[u8],
) -> Result<Verified, Reject> {
    let proof = Decoded::new(relation, proof)?;
    let claim = Claim { relation, context, rows: rows.to_vec(), output, proof: &proof };
    verify_all_over::<S>(&[vec![claim]]).into_iter().collect::<Result<(), Refused>>().map_err(|refused| refused.reject)?;
    Ok(Verified { output_rows: proof.output_rows().to_vec() })
}

/// Reads a proof against its statement, up to the group equations it leaves; the circuit's is over the generators of `sum`.
fn examine<S: Sponge>(claim: &Claim<'_>, sum: &Keys) -> Result<Pending, Reject> {
    let Claim { relation, context, ref rows, output, proof } = *claim;
    let layouts = relation.tensors.get(..relation.inputs).ok_or(Reject::Shape("no input"))?;
    if rows.len() != layouts.len() || rows.iter().zip(layouts).any(|(rows, layout)| rows.len() != layout.rows.len()) {
        return Err(Reject::Shape("rows of the input"));
    }
    if !output.are_of(relation) {
        return Err(Reject::Shape("size of the output"));
    }
    let bits = crate::soundness::Account::of(relation).bits();
    if bits < crate::soundness::REQUIRED_BITS {
        return Err(Reject::Security(bits));
    }
    let keys = Keys::load(relation.class().ok_or(Reject::Shape("messages"))?)?;
    let mut verifier = Verifier::<S> {
        relation,
        output: output.cells(),
        rows: rows.iter().map(|rows| rows.to_vec()).collect(),
        messages: Vec::new(),
        equations: Vec::new(),
        tail: Vec::new(),
        reader: Reader::over(LABEL, &proof.elements),
    };
    let roots = relation.input_roots(rows);
    absorb(&mut verifier.reader, relation, &Statement { context, inputs: &roots, output: &output });
    let run = run(&relation.sizes(), &mut verifier)?;
    let (circuit, published) = verifier.circuit(&run, keys, sum)?;
    let link = verifier.link(&published)?;
    let opening = verifier.opening(&run)?;
    Ok(Pending { transcript: verifier.reader.finish()?, link, opening, circuit })
}

struct Verifier<'a, S> {
    relation: &'a Relation,
    output: CellsRef<'a>,
    rows: Vec<Vec<Affine>>,
    messages: Vec<Affine>,
    equations: Vec<Quadratic>,
    tail: Vec<Affine>,
    reader: Reader<'a, S>,
}

impl<S: Sponge> Verifier<'_, S> {
    /// The equations, by halo2, but for the sum at the end.
    fn circuit(&mut self, run: &Run, keys: &Keys, sum: &Keys) -> Result<(Deferred, Published), Reject> {
        let batch = Batch::new(self.messages.len(), &self.equations, run.tau).map_err(|_| Reject::Shape("products"))?;
        let coefficients = Coefficients::new(&batch).ok_or(Reject::Shape("messages"))?;
        let sum = read_circuit_proof(keys, sum, &mut self.reader).map_err(|_| Reject::Equations)?;
        let published = Published::read(keys.class, self.reader.halo2()).ok_or(BadProofBytes::ZeroChallenge)?;
        if !published.agrees(&coefficients) {
            return Err(Reject::Equations);
        }
        Ok((sum, published))
    }

    /// That the circuit's messages are the committed ones.
    fn link(&mut self, published: &Published) -> Result<Accumulator, Reject> {
        let terms = published.link(self.messages.len()).ok_or(Reject::Shape("messages"))?;
        let blinder: F = self.reader.receive_scalar()?;
        let mut check = Accumulator::new();
        let committed = self.messages.iter().zip(terms.messages).chain(self.tail.iter().zip(terms.tail));
        committed.for_each(|(point, scalar)| check.term(*scalar, *point));
        for (slot, evaluation) in terms.evaluations.iter().enumerate() {
            check.g(slot, -*evaluation);
        }
        check.h(-blinder);
        Ok(check)
    }

    /// That the evaluations are those of the committed rows.
    fn opening(&mut self, run: &Run) -> Result<opening::Equations, Reject> {
        let mut commitments = Commitments { value: Accumulator::new(), vector: Accumulator::new() };
        let mut power = F::ONE;
        for ((layout, rows), evaluation) in self.relation.tensors.iter().zip(&self.rows).zip(&run.evaluations) {
            let message = self.messages.get(evaluation.message).ok_or(Reject::Group("messages"))?;
            commitments.value.term(power, *message);
            for (row, weight) in rows.iter().zip(layout.row_weights(&run.point, self.relation.m, power)) {
                commitments.vector.term(weight, *row);
            }
            power *= run.delta;
        }
        let (low, _) = run.point.split_at(self.relation.m);
        Ok(opening::verify(&mut self.reader, low, &commitments)?)
    }
}

impl<S: Sponge> Channel for Verifier<'_, S> {
    type Error = Reject;
    type Scalar = F;

    fn rows(&mut self) -> Result<(), Reject> {
        for layout in self.relation.tensors.iter().skip(self.relation.inputs) {
            let rows = layout.rows.iter().map(|_| self.reader.receive_point()).collect::<Result<_, _>>()?;
            self.rows.push(rows);
        }
        Ok(())
    }

    fn hidden<const N: usize>(&mut self, _: Turn<'_>) -> Result<[Hidden; N], Reject> {
        self.messages.push(self.reader.receive_point()?);
        Ok(Hidden::of(self.messages.len() - 1))
    }

    fn challenge(&mut self, _: ErrorTerm) -> F {
        self.reader.challenge()
    }

    fn public(&mut self, numbers: Public<'_>) -> Vec<F> {
        numbers.evaluate(self.relation, &self.relation.sizes(), self.output)
    }

    fn require(&mut self, equation: impl FnOnce(&mut Self) -> Quadratic) {
        let equation = equation(self);
        self.equations.push(equation);
    }

    fn required(&self) -> usize {
        self.equations.len()
    }

    fn tail(&mut self, _: usize) -> Result<(), Reject> {
        self.tail.push(self.reader.receive_point()?);
        Ok(())
    }
}
