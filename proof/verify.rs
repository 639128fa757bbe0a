//! The verifier.

use crate::argument::{LABEL, Party, Run, Statement, Turn, absorb, run};
use crate::check::Check;
use crate::circuit::{Instances, Keys, link_terms};
use crate::commitment::root;
use crate::equations::{Batch, SLOTS};
use crate::field::{Affine, F};
use crate::generators::{BadParameters, Generators};
use crate::opening::{self, Commitments};
use crate::relation::Relation;
use crate::transcript::{BadProofBytes, Reader, Transcript};
use ff::Field;
use halo2_proofs::plonk::{SingleVerifier, verify_proof};

/// Which check a proof failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    /// The statement's shapes do not fit: rows, output length or message count.
    #[error("the proof's shape does not fit its statement ({0})")]
    Shape(&'static str),
    /// Malformed bytes.
    #[error(transparent)]
    Bytes(#[from] BadProofBytes),
    /// The equations between the messages do not hold.
    #[error("the proof's equations do not hold")]
    Equations,
    /// The circuit's witness, the messages or the opened pixels do not belong together.
    #[error("the proof's {0} does not hold")]
    Group(&'static str),
    /// Too few bits of security for this statement.
    #[error("the statement is too large for the security required ({0} bits)")]
    Security(u32),
    /// A damaged installation.
    #[error(transparent)]
    Parameters(#[from] BadParameters),
}

/// What a valid proof leaves behind.
pub struct Verified {
    /// The rows of a hidden output; empty if it was revealed.
    pub output_rows: Vec<Affine>,
}

struct Verifier<'a> {
    relation: &'a Relation,
    rows: Vec<Vec<Affine>>,
    messages: Vec<Affine>,
    tail: Vec<Affine>,
    reader: Reader<'a>,
}

/// Checks a proof of `relation` for the input committed in `rows` and the revealed `output` (empty if hidden).
///
/// The caller must already know the rows: by a signed root, or as the hidden output of a verified proof.
pub fn verify(relation: &Relation, context: &[u8], rows: &[Affine], output: &[u8], proof: &[u8]) -> Result<Verified, Reject> {
    let layout = relation.tensors.first().ok_or(Reject::Shape("no input"))?;
    if rows.len() != layout.rows.len() {
        return Err(Reject::Shape("rows of the input"));
    }
    if output.len() != if relation.hidden_output.is_some() { 0 } else { relation.output.cells() } {
        return Err(Reject::Shape("size of the output"));
    }
    let bits = crate::soundness::Account::of(relation).bits();
    if bits < crate::soundness::REQUIRED_BITS {
        return Err(Reject::Security(bits));
    }
    let (generators, keys) = (Generators::load()?, Keys::load()?);
    let mut verifier = Verifier {
        relation,
        rows: vec![rows.to_vec()],
        messages: Vec::new(),
        tail: Vec::new(),
        reader: Reader::new(LABEL, proof),
    };
    absorb(&mut verifier.reader, relation, &Statement { context, input_root: root(layout, rows), output });
    let run = run(relation, &mut verifier)?;
    verifier.circuit(&run, output, keys)?;
    let link = verifier.link()?;
    let [value, vector] = verifier.opening(&run)?;
    let weight = verifier.reader.challenge();
    let rows = std::mem::take(&mut verifier.rows);
    verifier.reader.finish()?;
    // One sum for all three, weighted by a challenge drawn after everything.
    let mut all = link.clone();
    all.merge(weight, &value);
    all.merge(weight.square(), &vector);
    if !all.holds(generators) {
        let named = [("link to the circuit", link), ("opened value", value), ("opening of the pixels", vector)];
        let failed = named.iter().find(|(_, check)| !check.holds(generators)).map_or("group equation", |(name, _)| *name);
        return Err(Reject::Group(failed));
    }
    let output_rows = relation.hidden_output.and_then(|t| rows.get(t).cloned()).unwrap_or_default();
    Ok(Verified { output_rows })
}

impl Verifier<'_> {
    /// The equations, by halo2.
    fn circuit(&mut self, run: &Run, output: &[u8], keys: &Keys) -> Result<(), Reject> {
        let schedule = self.relation.schedule();
        let functionals = self.relation.functionals(&run.challenges, output);
        let batch = Batch::new(&schedule, &run.equations(self.relation, &functionals), run.tau);
        let instances = Instances::new(&schedule, &batch).ok_or(Reject::Shape("messages"))?;
        let columns: Vec<&[F]> = instances.0.iter().map(Vec::as_slice).collect();
        let strategy = SingleVerifier::new(keys.params);
        verify_proof(keys.params, &keys.verifying, strategy, &[&columns], &mut self.reader)
            .map_err(|_| Reject::Equations)
    }

    /// That the circuit's messages are the committed ones.
    fn link(&mut self) -> Result<Check, Reject> {
        let (challenges, scalars) = self.reader.halo2();
        let terms = link_terms(&self.relation.schedule(), challenges, scalars).ok_or(BadProofBytes::ZeroChallenge)?;
        let blinder = self.reader.receive_scalar()?;
        let mut check = Check::new();
        let committed = self.messages.iter().zip(&terms.messages).chain(self.tail.iter().zip(&terms.tail));
        committed.for_each(|(point, scalar)| check.term(*scalar, *point));
        for (slot, evaluation) in terms.evaluations.iter().enumerate().take(SLOTS) {
            check.g(slot, -*evaluation);
        }
        check.h(-blinder);
        Ok(check)
    }

    /// That the evaluations are those of the committed rows.
    fn opening(&mut self, run: &Run) -> Result<[Check; 2], Reject> {
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
