//! A proof of constraints: complete, and nothing in it can be changed.

use ff::Field;
use rand_core::SeedableRng;
use zeroize::Zeroizing;
use zkimg_group::accumulator::Accumulator;
use zkimg_group::field::{F, eq_table, hash_to_field, scalar_to_bytes};
use zkimg_group::generators::Generators;
use zkimg_group::msm::{msm, to_affine};
use zkimg_proof::transcript::{Decoded, Reader, Writer};
use zkimg_recursion::decider::{Claim, Claimed, Refused, holds, prove, row_bits, verify};
use zkimg_recursion::poseidon::{Cell, permute};
use zkimg_recursion::r1cs::{Number, Shape, System};

fn value(i: usize) -> F {
    hash_to_field("decider", &i.to_le_bytes())
}

/// Permutations one after the other, a cube, and public ends.
fn computed(system: &System<F>, times: usize, start: F) {
    let mut state = [0, 1, 2].map(|i| system.hidden(start + value(i)));
    for _ in 0..times {
        state = permute(state);
    }
    let [a, b, c] = state;
    let product = a.clone() * b.clone() * c;
    for number in [product, (a + b).settled()] {
        let told = system.public(number.value());
        (number - told).require_zero();
    }
}

fn shape(times: usize) -> Shape<F> {
    let system = System::of_shape();
    computed(&system, times, F::ZERO);
    system.shape()
}

fn witness(times: usize) -> (Zeroizing<Vec<F>>, Vec<F>) {
    let system = System::of_values();
    computed(&system, times, value(9));
    system.values()
}

/// A committed vector of `2^bits` and a true claim about it.
fn claimed(bits: usize) -> (Claimed, Accumulator) {
    let generators = Generators::load().expect("generators");
    let vector: Vec<F> = (0..1 << bits).map(|i| value(100 + i)).collect();
    let point: Vec<F> = (0..bits).map(|i| value(50 + i)).collect();
    let blinder = value(49);
    let commitment = to_affine(&[msm(&vector, &generators.rows(16)[..1 << bits]) + generators.h * blinder])[0];
    let mut committed = Accumulator::new();
    committed.term(F::ONE, commitment);
    let eq = eq_table(&point, 1 << bits);
    let claim = Claim { point, value: eq.iter().zip(&vector).map(|(eq, value)| *eq * value).sum() };
    (Claimed { claim, vector: Zeroizing::new(vector), blinder }, committed)
}

fn proved(shape: &Shape<F>, values: (Zeroizing<Vec<F>>, &[F]), claims: &[Claimed]) -> Result<Vec<u8>, Refused> {
    let mut writer = Writer::new("test");
    let mut random = rand_chacha::ChaCha20Rng::from_seed([7; 32]);
    prove(&mut writer, Generators::load().expect("generators"), shape, values, claims, &mut random)?;
    Ok(writer.finish())
}

fn accepted(shape: &Shape<F>, public: &[F], claims: &[(Claim, Accumulator)], proof: &[u8]) -> Result<(), Refused> {
    let decoded = Decoded::new(proof, 0)?;
    let mut reader: Reader<'_> = Reader::new("test", &decoded);
    let left = verify(&mut reader, shape, public, claims)?;
    holds(&left, &reader.finish()?, Generators::load().expect("generators"))
}

#[test]
fn true_constraints_have_a_proof_with_and_without_claims() {
    for times in [1, 3, 9] {
        let shape = shape(times);
        let (witness, public) = witness(times);
        let proof = proved(&shape, (witness.clone(), &public), &[]).expect("a proof");
        assert_eq!(accepted(&shape, &public, &[], &proof), Ok(()));
        let bits = row_bits(shape.bits());
        let (claims, said): (Vec<Claimed>, Vec<_>) = [bits, bits - 3]
            .map(|bits| {
                let (claimed, committed) = claimed(bits);
                let claim = claimed.claim.clone();
                (claimed, (claim, committed))
            })
            .into_iter()
            .unzip();
        let proof = proved(&shape, (witness, &public), &claims).expect("a proof");
        assert_eq!(accepted(&shape, &public, &said, &proof), Ok(()));
        let mut false_value = said.clone();
        false_value[1].0.value += F::ONE;
        assert!(accepted(&shape, &public, &false_value, &proof).is_err());
        let mut other = said.clone();
        other[0].1.h(F::ONE);
        assert!(accepted(&shape, &public, &other, &proof).is_err());
        assert!(accepted(&shape, &public, &said[..1], &proof).is_err());
    }
}

#[test]
fn nothing_in_a_proof_can_be_changed() {
    let shape = shape(2);
    let (witness, public) = witness(2);
    let proof = proved(&shape, (witness, &public), &[]).expect("a proof");
    for element in 0..proof.len() / 32 {
        // A scalar becomes another; a point's other half or none.
        for change in [1u8, 2, 128] {
            let mut changed = proof.clone();
            changed[32 * element + if change == 128 { 31 } else { 0 }] ^= change;
            assert!(accepted(&shape, &public, &[], &changed).is_err(), "element {element}");
        }
    }
    assert!(accepted(&shape, &public, &[], &proof[..proof.len() - 32]).is_err());
    assert!(accepted(&shape, &public, &[], &[&proof[..], &[0; 32]].concat()).is_err());
    for i in 0..public.len() {
        let mut other = public.clone();
        other[i] += F::ONE;
        assert!(accepted(&shape, &other, &[], &proof).is_err(), "public input {i}");
    }
    assert_eq!(accepted(&shape, &public[1..], &[], &proof), Err(Refused::Public));
}

#[test]
fn what_is_false_is_not_proved_by_the_honest_prover() {
    let shape = shape(2);
    let (witness, public) = witness(2);
    for i in [0, 100, shape.witness() - 1] {
        let mut other = witness.clone();
        other[i] += F::ONE;
        if shape.is_satisfied(&other, &public) {
            continue;
        }
        let proof = proved(&shape, (other, &public), &[]);
        assert!(proof.is_err() || accepted(&shape, &public, &[], &proof.expect("bytes")).is_err());
    }
    let (mut claimed, committed) = claimed(6);
    claimed.claim.value += F::ONE;
    let said = [(claimed.claim.clone(), committed)];
    let proof = proved(&shape, (witness, &public), &[claimed]);
    assert!(proof.is_err() || accepted(&shape, &public, &said, &proof.expect("bytes")).is_err());
}

#[test]
fn proofs_of_one_witness_have_nothing_in_common_and_nothing_of_it() {
    let shape = shape(2);
    let (witness, public) = witness(2);
    let with = |seed: u8| {
        let mut writer = Writer::new("test");
        let mut random = rand_chacha::ChaCha20Rng::from_seed([seed; 32]);
        prove(&mut writer, Generators::load().expect("generators"), &shape, (witness.clone(), &public), &[], &mut random).expect("a proof");
        writer.finish()
    };
    let (one, other) = (with(1), with(2));
    assert_eq!(one.len(), other.len());
    let elements: std::collections::HashSet<&[u8]> = one.chunks(32).collect();
    assert!(other.chunks(32).all(|element| !elements.contains(element)));
    for secret in witness.iter().filter(|value| **value != F::ZERO) {
        let bytes = scalar_to_bytes(secret);
        assert!(!one.chunks(32).any(|element| element == bytes));
    }
}

#[test]
fn a_number_settled_is_the_same_number() {
    let system = System::of_values();
    let number: Number<F> = system.hidden(value(3)) + system.hidden(value(4));
    assert_eq!(number.clone().settled().value(), number.value());
}

#[test]
fn claims_about_longer_vectors_than_rows_are_refused() {
    let shape = shape(1);
    let (witness, public) = witness(1);
    let (claimed, committed) = claimed(row_bits(shape.bits()) + 1);
    let said = [(claimed.claim.clone(), committed)];
    let proof = proved(&shape, (witness.clone(), &public), &[]).expect("a proof");
    assert_eq!(accepted(&shape, &public, &said, &proof), Err(Refused::Length));
    assert_eq!(proved(&shape, (witness, &public), &[claimed]), Err(Refused::Length));
}
