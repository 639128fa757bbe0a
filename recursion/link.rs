//! A link by itself, in the form of a compact chain: no message is committed one by one, and there is no circuit of halo2.
//!
//! A proof is, in order: the rows of hidden tensors, the mask's row, what the reader is told of the transcript
//! ([`Drawn::list`](crate::verifier::Drawn::list)), and the proof of the [constraints](mod@crate::constraints), which opens the pictures too.
//!
//! The claim that the pictures are opened at is `Σ_t δ^t·e_t` with the mask's evaluation as the last: the mask is one more row, uniform, and
//! committed to before anything is drawn. So the claim says nothing of the pictures.

use crate::account;
use crate::constraints::{Class, Unsuitable, public, sizes, witness};
use crate::decider::{self, Claim, Claimed};
use crate::digest::rows_digest;
use crate::verifier::{Absorbed, Drawn, Proving, Record, run};
use ff::Field;
use zeroize::{Zeroize, Zeroizing};
use zkimg_graph::tensor::Cells;
use zkimg_group::accumulator::Accumulator;
use zkimg_group::field::{Affine, F, scalar_to_bytes};
use zkimg_group::generators::{BadParameters, Generators};
use zkimg_group::msm::{msm, to_affine};
use zkimg_group::randomness::{NoRandomness, hedged};
use zkimg_proof::argument::{Pixels, Statement, absorb};
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::prove::{Input, Turns, fit, opened_vector};
use zkimg_proof::relation::{Relation, Tensors, Witness};
use zkimg_proof::soundness::REQUIRED_BITS;
use zkimg_proof::transcript::{BadProofBytes, Decoded, Reader, Writer};

/// Domain label of the outer transcript.
const LABEL: &str = "zkimg-compact-v1";
/// Of the statement's digest.
const STATEMENT: &str = "zkimg-compact-statement-v1";

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProveError {
    /// Another relation than chains have.
    #[error(transparent)]
    Unsuitable(#[from] Unsuitable),
    /// The output is not what the edits make of the input.
    #[error("the picture to publish is not what the edits make of the original")]
    Output,
    /// Rows, blinders or cells that do not belong to the inputs.
    #[error("the negative's rows do not belong to its picture")]
    Input,
    /// A damaged installation.
    #[error(transparent)]
    Parameters(#[from] BadParameters),
    /// No random bytes.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The constraints do not hold.
    #[error("the proof could not be finished: {0}")]
    Constraints(#[from] decider::Refused),
    /// A challenge that must not be zero (probability 2^-254).
    #[error("a challenge is zero")]
    ZeroChallenge,
    /// The finished proof did not verify.
    #[error("the finished proof did not verify: {0}")]
    SelfCheck(#[from] Refused),
}

/// Why a proof is not accepted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// Another relation than chains have.
    #[error(transparent)]
    Unsuitable(#[from] Unsuitable),
    /// Bytes that are no proof.
    #[error(transparent)]
    Bytes(#[from] BadProofBytes),
    /// Rows or a published output that do not fit the relation.
    #[error("wrong sizes: {0}")]
    Sizes(&'static str),
    /// A damaged installation.
    #[error(transparent)]
    Parameters(#[from] BadParameters),
    /// A statement that would leave too few bits of security.
    #[error("its soundness error leaves {0} bits, and {min} are asked for", min = REQUIRED_BITS)]
    Security(u32),
    /// The constraints do not hold.
    #[error(transparent)]
    Constraints(#[from] decider::Refused),
}

/// A proof, and what it hands on.
pub struct Proved {
    /// The bytes.
    pub proof: Vec<u8>,
    /// The output. Secret, if it is hidden.
    pub output: Cells,
    /// The rows of a hidden output.
    pub output_rows: Vec<Affine>,
    /// Their blinders. Secret.
    pub output_blinders: Zeroizing<Vec<F>>,
}

zkimg_graph::opaque!(Proved);

/// The statement's digest: everything that [`absorb`] says of it, as a field element.
fn statement(relation: &Relation, context: &[u8], roots: &[[u8; 32]], output: &Pixels<'_>) -> F {
    let mut writer = Writer::new(STATEMENT);
    absorb(&mut writer, relation, &Statement { context, inputs: roots, output });
    writer.challenge()
}

/// Secrets of a proof, wiped when it is over.
struct Secrets {
    tensors: Tensors,
    blinders: Vec<Vec<F>>,
    mask: Vec<F>,
    mask_blinder: F,
    absorbed: Absorbed<F>,
}

impl Drop for Secrets {
    fn drop(&mut self) {
        self.blinders.zeroize();
        self.mask.zeroize();
        self.mask_blinder.zeroize();
        self.absorbed.salt.zeroize();
    }
}

/// Proves that the relation's graph gives the output, on committed inputs. The proof is verified before it is returned.
///
/// # Errors
/// Why there is no proof.
pub fn prove(relation: &Relation, class: &Class, context: &[u8], inputs: &[Input<'_>]) -> Result<Proved, ProveError> {
    let sizes = sizes(relation)?;
    if sizes != *class.sizes() {
        return Err(Unsuitable::Class.into());
    }
    let constraints = class.shape();
    if !fit(relation, inputs) {
        return Err(ProveError::Input);
    }
    let generators = Generators::load_for(decider::row_bits(constraints.bits()))?;
    let mut values = Witness::new(relation, inputs.iter().map(|input| input.cells.to_owned()).collect());
    let output = std::mem::replace(&mut values.output, Cells::U8(Vec::new()));
    let revealed = if relation.hidden_output.is_some() {
        Pixels::none()
    } else {
        Pixels::of_cells(relation.output, relation.output_bounds, output.view())
    };
    let rows: Vec<&[Affine]> = inputs.iter().map(|input| input.rows).collect();
    let roots = relation.input_roots(&rows);
    let statement = statement(relation, context, &roots, &revealed);
    let known: Zeroizing<Vec<u8>> = Zeroizing::new(inputs.iter().flat_map(|input| input.blinders).flat_map(scalar_to_bytes).collect());
    let mut random = hedged("compact link", &[&known, &scalar_to_bytes(&statement), constraints.digest()])?;
    let mut draw = |n: usize| -> Vec<F> { (0..n).map(|_| F::random(&mut random)).collect() };
    let mut blinders: Vec<Vec<F>> = inputs.iter().map(|input| input.blinders.to_vec()).collect();
    blinders.extend(relation.tensors[relation.inputs..].iter().map(|tensor| draw(tensor.rows.len())));
    let tensors = values.take_tensors();
    let (mask, mask_blinder) = (draw(1 << relation.m), draw(1)[0]);
    let absorbed = Absorbed { salt: draw(1)[0], statement, rows: rows.iter().map(|rows| rows_digest(rows)).collect() };
    let mut secrets = Secrets { tensors, blinders, mask, mask_blinder, absorbed };

    let mut writer = Writer::new(LABEL);
    writer.scalar(&statement);
    let mut output_rows = Vec::new();
    for (t, layout) in relation.tensors.iter().enumerate().skip(relation.inputs) {
        let rows = commit_rows(generators, layout, &secrets.tensors[t], &secrets.blinders[t]);
        rows.iter().for_each(|row| writer.send_point(row));
        secrets.absorbed.rows.push(rows_digest(&rows));
        if relation.hidden_output == Some(t) {
            output_rows = rows;
        }
    }
    let mask = to_affine(&[msm(&secrets.mask, generators.rows(relation.m)) + generators.h * secrets.mask_blinder])[0];
    writer.send_point(&mask);
    secrets.absorbed.rows.push(rows_digest(&[mask]));

    let turns = Turns::new(relation, sizes, std::mem::take(&mut values.entries), revealed.cells());
    let mut side = Proving::new(turns, &secrets.tensors, &secrets.mask, None);
    let left = run(&sizes, secrets.absorbed.clone(), &mut side);
    if side.fails() {
        return Err(ProveError::Output);
    }
    drop(side);
    if left.drawn.delta.is_zero_vartime() {
        return Err(ProveError::ZeroChallenge);
    }
    left.drawn.list().iter().for_each(|number| writer.send_scalar(number));
    let record = Record { messages: left.messages.into(), mask: left.mask.unwrap_or_default(), claims: left.claims };
    let (witness, public) = witness(&sizes, &secrets.absorbed, &record);

    let m = relation.m;
    let (mut parts, mut blinder, mut power) = (Vec::new(), F::ZERO, F::ONE);
    for (t, layout) in relation.tensors.iter().enumerate() {
        let weights = layout.row_weights(&left.drawn.point, m, power);
        blinder += weights.iter().zip(&secrets.blinders[t]).map(|(weight, blinder)| *weight * blinder).sum::<F>();
        parts.push((layout, secrets.tensors[t].as_ref(), weights));
        power *= left.drawn.delta;
    }
    let mut vector = Zeroizing::new(opened_vector(m, &parts));
    vector.iter_mut().zip(&secrets.mask).for_each(|(sum, mask)| *sum += power * mask);
    blinder += power * secrets.mask_blinder;
    let claim = Claim { point: left.drawn.point[..m].to_vec(), value: left.drawn.value };
    let claimed = [Claimed { claim, vector, blinder }];
    decider::prove(&mut writer, generators, constraints, (witness, &public), &claimed, &mut random)?;
    let proof = writer.finish();
    verify(relation, class, context, &rows, revealed, &proof)?;
    let output_blinders = relation.hidden_output.map(|t| secrets.blinders[t].clone()).unwrap_or_default();
    Ok(Proved { proof, output, output_rows, output_blinders: Zeroizing::new(output_blinders) })
}

/// Checks a proof for inputs committed in `rows` and the revealed `output`, none if it is hidden; gives the rows of a hidden one.
///
/// `class` must be the relation's. The caller must know the inputs' rows: by a signed root, or as the hidden output
/// of a verified proof.
///
/// # Errors
/// The first check that fails.
pub fn verify(
    relation: &Relation,
    class: &Class,
    context: &[u8],
    rows: &[&[Affine]],
    output: Pixels<'_>,
    proof: &[u8],
) -> Result<Vec<Affine>, Refused> {
    let sizes = sizes(relation)?;
    if sizes != *class.sizes() {
        return Err(Unsuitable::Class.into());
    }
    let constraints = class.shape();
    let layouts = &relation.tensors[..relation.inputs];
    if rows.len() != layouts.len() || rows.iter().zip(layouts).any(|(rows, layout)| rows.len() != layout.rows.len()) {
        return Err(Refused::Sizes("rows of the input"));
    }
    if !output.are_of(relation) {
        return Err(Refused::Sizes("the output"));
    }
    let bits = account::bits(&sizes, relation.m, constraints);
    if bits < REQUIRED_BITS {
        return Err(Refused::Security(bits));
    }
    let statement = statement(relation, context, &relation.input_roots(rows), &output);
    let own: usize = relation.tensors[relation.inputs..].iter().map(|tensor| tensor.rows.len()).sum();
    let decoded = Decoded::new(proof, own + 1)?;
    let mut reader: Reader<'_> = Reader::new(LABEL, &decoded);
    reader.scalar(&statement);
    let mut all: Vec<Vec<Affine>> = rows.iter().map(|rows| rows.to_vec()).collect();
    for layout in &relation.tensors[relation.inputs..] {
        all.push(layout.rows.iter().map(|_| reader.receive_point()).collect::<Result<_, _>>()?);
    }
    let mask = reader.receive_point()?;
    let digests: Vec<F> = all.iter().map(|rows| rows_digest(rows)).chain([rows_digest(&[mask])]).collect();
    let list = (0..Drawn::count(&sizes)).map(|_| reader.receive_scalar()).collect::<Result<Vec<F>, _>>()?;
    let drawn = Drawn::of_list(&sizes, &list).ok_or(Refused::Sizes("what was drawn"))?;
    let claims = relation.claims(&sizes, &drawn.challenges, &drawn.point, output.cells());

    let mut committed = Accumulator::new();
    let mut power = F::ONE;
    for (layout, rows) in relation.tensors.iter().zip(&all) {
        for (row, weight) in rows.iter().zip(layout.row_weights(&drawn.point, relation.m, power)) {
            committed.term(weight, *row);
        }
        power *= drawn.delta;
    }
    committed.term(power, mask);
    let claim = Claim { point: drawn.point[..relation.m].to_vec(), value: drawn.value };
    let public = public(statement, &digests, &claims, &drawn);
    let left = decider::verify(&mut reader, constraints, &public, &[(claim, committed)])?;
    let transcript = reader.finish()?;
    decider::holds(&left, &transcript, Generators::load_for(decider::row_bits(constraints.bits()))?)?;
    Ok(relation.hidden_output.map(|t| std::mem::take(&mut all[t])).unwrap_or_default())
}
