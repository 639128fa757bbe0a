//! The verifier.

use crate::argument::{LABEL, Party, Pixels, Run, Statement, Turn, absorb, run};
use crate::check::Check;
use crate::circuit::{BLINDED_ROWS, Coefficients, Deferred, Keys, Published, read_circuit_proof};
use crate::commitment::root;
use crate::equations::Batch;
use crate::field::{Affine, F};
use crate::fold::{self, Pending};
use crate::generators::Generators;
use crate::opening::{self, Commitments};
use crate::parallel;
pub use crate::reject::{Refused, Reject};
use crate::relation::Relation;
use crate::transcript::{self, BadProofBytes, Reader, Transcript};
use ff::Field;
use std::ops::Range;

/// What a valid proof leaves behind.
pub struct Verified {
    /// The rows of a hidden output; empty if it was revealed.
    pub output_rows: Vec<Affine>,
}

/// A proof with its rows and messages decoded, and nothing about it checked.
pub struct Decoded<'a> {
    elements: transcript::Decoded<'a>,
    output: Range<usize>,
}

impl<'a> Decoded<'a> {
    /// Decodes the points a proof of `relation` begins with.
    pub fn new(relation: &Relation, proof: &'a [u8]) -> Result<Decoded<'a>, BadProofBytes> {
        let elements = rows_of(relation, 1..relation.tensors.len()) + relation.schedule().messages() + BLINDED_ROWS;
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
    relation.hidden_output.map_or(0..0, |t| rows_of(relation, 1..t)..rows_of(relation, 1..t + 1))
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
    /// The input's rows. The caller must know them: by a signed root, or as the hidden output of another claim, which then
    /// must hold too.
    pub rows: &'a [Affine],
    /// The revealed output; none if it is hidden.
    pub output: Pixels<'a>,
    /// The proof.
    pub proof: &'a Decoded<'a>,
}

/// Checks any number of chains of claims, each chain for itself; their group equations are checked as one sum ([`crate::fold`]).
pub fn verify_all(chains: &[Vec<Claim<'_>>]) -> Vec<Result<(), Refused>> {
    let (generators, keys) = match (Generators::load(), Keys::load()) {
        (Ok(generators), Ok(keys)) => (generators, keys),
        (Err(bad), _) | (_, Err(bad)) => return chains.iter().map(|_| Err(Refused { claim: 0, reject: bad.into() })).collect(),
    };
    let claims: Vec<&Claim<'_>> = chains.iter().flatten().collect();
    let mut read = parallel::map(&claims, |claim| examine(claim, keys)).into_iter();
    // A chain with a claim that cannot even be read is refused by that; of the others every claim has its turn in the sum.
    let read: Vec<Result<Vec<Pending>, Refused>> = chains
        .iter()
        .map(|chain| {
            let of_chain: Vec<_> = read.by_ref().take(chain.len()).collect();
            of_chain.into_iter().enumerate().map(|(claim, read)| read.map_err(|reject| Refused { claim, reject })).collect()
        })
        .collect();
    let pending: Vec<Vec<&Pending>> = read.iter().flatten().map(|chain| chain.iter().collect()).collect();
    let mut finished = fold::finish(&pending, generators, keys).into_iter();
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

/// Checks a proof of `relation` for the input committed in `rows` and the revealed `output` (none if hidden).
///
/// The caller must already know the rows: by a signed root, or as the hidden output of a verified proof.
pub fn verify(relation: &Relation, context: &[u8], rows: &[Affine], output: Pixels<'_>, proof: &[u8]) -> Result<Verified, Reject> {
    let proof = Decoded::new(relation, proof)?;
    let claim = Claim { relation, context, rows, output, proof: &proof };
    verify_all(&[vec![claim]]).into_iter().collect::<Result<(), Refused>>().map_err(|refused| refused.reject)?;
    Ok(Verified { output_rows: proof.output_rows().to_vec() })
}

/// Reads a proof against its statement, up to the group equations it leaves.
fn examine(claim: &Claim<'_>, keys: &Keys) -> Result<Pending, Reject> {
    let Claim { relation, context, rows, output, proof } = *claim;
    let layout = relation.tensors.first().ok_or(Reject::Shape("no input"))?;
    if rows.len() != layout.rows.len() {
        return Err(Reject::Shape("rows of the input"));
    }
    let shown = relation.hidden_output.is_none().then_some(relation.output);
    if output.dims() != shown || output.cells().len() != shown.map_or(0, |dims| dims.cells()) {
        return Err(Reject::Shape("size of the output"));
    }
    let bits = crate::soundness::Account::of(relation).bits();
    if bits < crate::soundness::REQUIRED_BITS {
        return Err(Reject::Security(bits));
    }
    let mut verifier = Verifier {
        relation,
        rows: vec![rows.to_vec()],
        messages: Vec::new(),
        tail: Vec::new(),
        reader: Reader::new(LABEL, &proof.elements),
    };
    absorb(&mut verifier.reader, relation, &Statement { context, input_root: root(layout, rows), output: &output });
    let run = run(relation, &mut verifier)?;
    let (circuit, published) = verifier.circuit(&run, output.cells(), keys)?;
    let link = verifier.link(&published)?;
    let opening = verifier.opening(&run)?;
    Ok(Pending { transcript: verifier.reader.finish()?, link, opening, circuit })
}

struct Verifier<'a> {
    relation: &'a Relation,
    rows: Vec<Vec<Affine>>,
    messages: Vec<Affine>,
    tail: Vec<Affine>,
    reader: Reader<'a>,
}

impl Verifier<'_> {
    /// The equations, by halo2, but for the sum at the end.
    fn circuit(&mut self, run: &Run, output: &[u8], keys: &Keys) -> Result<(Deferred, Published), Reject> {
        let schedule = self.relation.schedule();
        let constant = self.relation.constant(&run.challenges, output);
        let batch = Batch::new(&schedule, &run.equations(self.relation, constant), run.tau);
        let coefficients = Coefficients::new(&batch).ok_or(Reject::Shape("messages"))?;
        let sum = read_circuit_proof(keys, &mut self.reader).map_err(|_| Reject::Equations)?;
        let published = Published::read(self.reader.halo2()).ok_or(BadProofBytes::ZeroChallenge)?;
        if !published.agrees(&coefficients) {
            return Err(Reject::Equations);
        }
        Ok((sum, published))
    }

    /// That the circuit's messages are the committed ones.
    fn link(&mut self, published: &Published) -> Result<Check, Reject> {
        let terms = published.link(self.relation.schedule().messages()).ok_or(Reject::Shape("messages"))?;
        let blinder = self.reader.receive_scalar()?;
        let mut check = Check::new();
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
        let schedule = self.relation.schedule();
        let mut commitments = Commitments { value: Check::new(), vector: Check::new() };
        let mut power = F::ONE;
        for (t, layout) in self.relation.tensors.iter().enumerate() {
            commitments.value.term(power, self.messages[schedule.evaluation(t)]);
            for (row, weight) in self.rows[t].iter().zip(layout.row_weights(&run.rounds.point, power)) {
                commitments.vector.term(weight, *row);
            }
            power *= run.delta;
        }
        Ok(opening::verify(&mut self.reader, &run.rounds.point[..self.relation.m], &commitments)?)
    }
}

impl Party for Verifier<'_> {
    type Error = Reject;

    fn transcript(&mut self) -> &mut Transcript {
        &mut self.reader
    }

    fn rows(&mut self) -> Result<(), Reject> {
        for layout in &self.relation.tensors[1..] {
            let rows = layout.rows.iter().map(|_| self.reader.receive_point()).collect::<Result<_, _>>()?;
            self.rows.push(rows);
        }
        Ok(())
    }

    fn lookups(&mut self, _alpha: F, _beta: F) -> Result<(), Reject> {
        Ok(())
    }

    fn message(&mut self, j: usize, _turn: Turn<'_>) -> Result<(), Reject> {
        let point = self.reader.receive_point()?;
        if self.messages.len() <= j {
            self.messages.resize(j + 1, point);
        }
        self.messages[j] = point;
        Ok(())
    }

    fn tail(&mut self, _row: usize) -> Result<(), Reject> {
        self.tail.push(self.reader.receive_point()?);
        Ok(())
    }
}
