//! The proof of a whole chain: one, of one size, whatever the number of links.
//!
//! It has the state after the last step as far as the reader does not know it, the commitments of the last fold, and two proofs of the
//! [`decider`]: that the folded instance of the circuit over `Fp` is satisfied and the pictures' vector has the state's
//! value, and that the running instance of the circuit on points is satisfied. The reader knows how many links there are, where the chain
//! began, and the history and the last picture's rows' digest, from the links' statements and what it is told of each.

use crate::chain::{Commitments, Handed, Parameters, second_coordinates, short};
use crate::decider::{self, Claim, Claimed, Instance, Numbers, Refused};
use crate::gadgets::Foreign;
use crate::step::transcript::{fold_challenges, folded_numbers};
use ff::Field;
use pasta_curves::Fq;
use rand_core::Rng;
use zkimg_group::accumulator::Accumulator;
use zkimg_group::cycle::{Pallas, PastaField, Vesta};
use zkimg_group::field::F;
use zkimg_group::generators::Generators;
use zkimg_proof::transcript::{BadProofBytes, Blake2b, Decoded, Reader, Transcript, Writer};

/// Domain label of the proof's transcript.
const LABEL: &str = "zkimg-compact-chain-v1";

/// What a reader knows of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// How many links it has; at least one.
    pub links: u64,
    /// Where it began ([`Parameters::start`]).
    pub start: F,
    /// The history after the last link ([`crate::step::transcript::history`]).
    pub history: F,
    /// The digest of the rows of the picture that was handed on last.
    pub picture: Fq,
}

impl Known {
    fn absorb(&self, transcript: &mut Transcript<Blake2b>, class: &F) {
        transcript.bytes("links", &self.links.to_le_bytes());
        [class, &self.start, &self.history].into_iter().for_each(|number| transcript.scalar(number));
        transcript.scalar(&self.picture);
    }
}

/// Proves a whole chain from what was handed on last. What is read of it is masked by the last fold.
///
/// # Errors
/// If what was handed on is false.
pub fn publish(
    parameters: &Parameters<'_>,
    handed: &Handed,
    (vesta, pallas): (&Generators<Vesta>, &Generators<Pallas>),
    random: &mut impl Rng,
) -> Result<Vec<u8>, Refused> {
    let Handed { state, folding, commitments, folded, pictures, second } = handed;
    let mut writer = Writer::new(LABEL);
    let links = u64::from_le_bytes(first_word(&state.links));
    let picture = Foreign::<F, Fq>::value_of(&state.picture);
    Known { links, start: state.start, history: state.history, picture }.absorb(&mut writer, &state.class);
    let numbers = state.point.iter().chain([&state.value]).chain(&state.running).chain(&folding.mask_numbers);
    numbers.for_each(|number| writer.send_scalar(number));
    commitments.points().for_each(|point| writer.send_point(point));
    let (witness, error) = parameters.second_rows(second);
    witness.iter().chain(&error).for_each(|point| writer.send_point(point));
    [&second.unit].into_iter().chain(&second.public).for_each(|number| writer.send_scalar(number));
    let claim = Claim { point: state.point.clone(), value: state.value };
    let claimed = [Claimed { claim, vector: pictures.values.clone(), blinder: pictures.blinders[0] }];
    decider::prove_relaxed(&mut writer, vesta, parameters.numbers(), folded, &claimed, random)?;
    decider::prove_relaxed(&mut writer, pallas, parameters.points(), second, &[], random)?;
    Ok(writer.finish())
}

/// Checks the proof of a whole chain.
///
/// # Errors
/// The first check that fails.
pub fn verify(
    parameters: &Parameters<'_>,
    known: &Known,
    (vesta, pallas): (&Generators<Vesta>, &Generators<Pallas>),
    proof: &[u8],
) -> Result<(), Refused> {
    if known.links == 0 {
        return Err(Refused::Public);
    }
    let class = parameters.class();
    let decoded = Decoded::new(proof, 0)?;
    let mut reader: Reader<'_> = Reader::new(LABEL, &decoded);
    known.absorb(&mut reader, &parameters.number());
    let point = scalars(&mut reader, class.pinned.row_bits)?;
    let value: F = reader.receive_scalar()?;
    let running = pair(&mut reader)?;
    let mask_numbers = pair(&mut reader)?;
    let commitments = Commitments::of_points(class.slots.instance, || reader.receive_point())?;
    let mut some = |count: usize| -> Result<Vec<Pallas>, BadProofBytes> { (0..count).map(|_| reader.receive_point()).collect() };
    let (second_witness, second_error) = (some(class.second)?, some(class.second)?);
    let unit: Fq = reader.receive_scalar()?;
    let public: Vec<Fq> = scalars(&mut reader, parameters.points().public())?;

    let second_numbers = second_coordinates(&second_witness, &second_error, unit, &public);
    let state = parameters.state(known, (point, value, running), &commitments, second_numbers);
    let folding = commitments.folding(mask_numbers);
    let hash = state.hash();
    let [fold, masking] = fold_challenges(&hash, &folding, short).map(|short| short.scalar);
    let Commitments { running: own, fresh, cross, mask, mask_cross } = &commitments;
    let [mask_witness, mask_error] = mask;
    let row = |terms: &[(F, Vesta)]| {
        let mut sum = Accumulator::new();
        terms.iter().for_each(|(scalar, point)| sum.term(*scalar, *point));
        sum
    };
    let square = masking.square();
    let witness = own.witness.iter().zip(fresh).zip(mask_witness);
    let witness = witness.map(|((own, fresh), mask)| row(&[(F::ONE, *own), (fold, *fresh), (masking, *mask)])).collect();
    let error = own.error.iter().zip(cross).zip(mask_cross).zip(mask_error);
    let error = error
        .map(|(((own, cross), mask_cross), mask)| row(&[(F::ONE, *own), (fold, *cross), (masking, *mask_cross), (square, *mask)]))
        .collect();
    let folded = folded_numbers(&state.running, &hash, [&fold, &masking], &folding.mask_numbers);
    let instance = Instance { numbers: Numbers { unit: folded[0], public: &folded[1..] }, witness, error };
    let claim = Claim { point: state.point.clone(), value: state.value };
    let first = decider::verify_relaxed(&mut reader, parameters.numbers(), &instance, &[(claim, row(&[(F::ONE, own.pictures)]))])?;
    let rows = |points: &[Pallas]| -> Vec<Accumulator<Pallas>> {
        let row = |point: &Pallas| {
            let mut sum = Accumulator::new();
            sum.term(Fq::ONE, *point);
            sum
        };
        points.iter().map(row).collect()
    };
    let numbers = Numbers { unit, public: &public };
    let instance = Instance { numbers, witness: rows(&second_witness), error: rows(&second_error) };
    let second = decider::verify_relaxed(&mut reader, parameters.points(), &instance, &[])?;
    let transcript = reader.finish()?;
    let (first, second) = rayon::join(|| decider::holds(&first, &transcript, vesta), || decider::holds(&second, &transcript, pallas));
    first.and(second)
}

fn scalars<P: PastaField>(reader: &mut Reader<'_>, count: usize) -> Result<Vec<P>, BadProofBytes> {
    (0..count).map(|_| reader.receive_scalar()).collect()
}

fn pair(reader: &mut Reader<'_>) -> Result<[F; 2], BadProofBytes> {
    Ok([reader.receive_scalar()?, reader.receive_scalar()?])
}

fn first_word(number: &F) -> [u8; 8] {
    use ff::PrimeField;
    let repr = number.to_repr();
    let mut word = [0; 8];
    word.copy_from_slice(&repr[..8]);
    word
}
