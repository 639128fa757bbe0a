//! A forger that joins the protocol in the middle.

use super::prover::{Claimed, Proving, prove_by};
use super::*;
use crate::r1cs::System;
use ff::PrimeField;
use rand_core::SeedableRng;
use zeroize::Zeroizing;
use zkimg_group::field::hash_to_field;
use zkimg_group::msm::{msm, to_affine};
use zkimg_proof::transcript::{Blake2b, Decoded, Writer};

/// Ends the merging sum-check of a false claim with two values that are false too: they fit its end, and their sum by powers of `gamma` is the
/// true one.
struct Forger<'a, 'b> {
    honest: &'a mut Proving<'b, Blake2b, F>,
    /// How much the caller's claim is too large.
    excess: F,
    above: usize,
    gamma: F,
    points: Vec<Vec<F>>,
    at: Vec<F>,
}

impl Side<F> for Forger<'_, '_> {
    fn message(&mut self, turn: Turn<'_, F>, count: usize) -> Result<Vec<F>, BadProofBytes> {
        let values = match &turn {
            Turn::MergeRound { gamma, points, previous } => {
                (self.gamma, self.points) = (*gamma, points.to_vec());
                self.at.extend(previous);
                return self.honest.message(turn, count);
            }
            Turn::Values { previous } => {
                self.at.push(*previous);
                self.honest.compute(turn)
            }
            _ => return self.honest.message(turn, count),
        };
        // What is left of the excess after a round is half of it.
        let [low, outer, claim] = &self.points[..] else { panic!("one claim") };
        let scale = zero_weight(&claim[self.above..]) * self.gamma.square();
        let left = self.at.iter().fold(self.excess * scale, |left, _| left * F::TWO_INV);
        let difference = equality(outer, &self.at) - equality(low, &self.at);
        let second = left * (self.gamma * difference).invert().expect("not zero");
        let mut values = values;
        values[0] -= self.gamma * second;
        values[1] += second;
        values.iter().for_each(|value| self.honest.send(value));
        Ok(values)
    }

    fn challenge(&mut self) -> F {
        self.honest.challenge()
    }
}

/// With `sigma = gamma` this false claim is accepted.
#[test]
fn values_that_fit_the_merging_challenge_twice_are_refused() {
    let value = |i: usize| hash_to_field("forger", &i.to_le_bytes());
    let computed = |system: &System<F>| {
        let [a, b] = [1, 2].map(|i| system.hidden(value(i)));
        let told = system.public(value(1) * value(2));
        (a * b - told).require_zero();
    };
    let (system, values) = (System::of_shape(), System::of_values());
    computed(&system);
    computed(&values);
    let (shape, (witness, public)) = (system.shape(), values.values());
    let generators = Generators::load().expect("generators");
    let above = 7;
    let vector: Vec<F> = (0..1 << above).map(|i| value(100 + i)).collect();
    let commitment = to_affine(&[msm(&vector, &generators.rows(10)[..1 << above]) + generators.h * value(3)])[0];
    let point: Vec<F> = (0..above).map(|i| value(50 + i)).collect();
    let truth: F = eq_table(&point, 1 << above).iter().zip(&vector).map(|(eq, value)| *eq * value).sum();
    let judged = |excess: F| {
        let claim = Claim { point: point.clone(), value: truth + excess };
        let claimed = [Claimed { claim: claim.clone(), vector: Zeroizing::new(vector.clone()), blinder: value(3) }];
        let mut writer = Writer::new("test");
        let mut random = rand_chacha::ChaCha20Rng::from_seed([7; 32]);
        prove_by(&mut writer, generators, &shape, (witness.clone(), &public), &claimed, &mut random, |shape, numbers, said, honest| {
            let mut forger = Forger { honest, excess, above, gamma: F::ZERO, points: Vec::new(), at: Vec::new() };
            run(shape, numbers, said, &mut forger)
        })
        .expect("sum-checks that hold");
        let proof = writer.finish();
        let decoded = Decoded::new(&proof, 0).expect("bytes");
        let mut reader: Reader<'_> = Reader::new("test", &decoded);
        let mut committed = Accumulator::new();
        committed.term(F::ONE, commitment);
        let left = verify(&mut reader, &shape, &public, &[(claim, committed)])?;
        holds(&left, &reader.finish()?, generators)
    };
    assert_eq!(judged(F::ZERO), Ok(()));
    assert_eq!(judged(F::ONE), Err(Refused::Opening));
}
