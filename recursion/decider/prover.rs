//! The prover of constraints.

use super::sums::{Values, product, weighted};
use super::{Claim, Numbers, Refused, Run, Side, Turn, Weights, absorb, batched, row_bits, rows, run};
use crate::fold::{Bases, Committed, Relaxed};
use crate::r1cs::Shape;
use ff::Field;
use rand_core::Rng;
use rayon::prelude::*;
use std::fmt;
use zeroize::Zeroizing;
use zkimg_group::cycle::{Curve, PastaField};
use zkimg_group::field::{F, eq_table};
use zkimg_group::generators::Generators;
use zkimg_proof::opening::{self, Mask, Secret};
use zkimg_proof::transcript::{BadProofBytes, Sponge, Writer};

/// A claim of the caller's, and what is behind its commitment.
pub struct Claimed<P: PastaField = F> {
    /// What is claimed.
    pub claim: Claim<P>,
    /// The committed vector, one row. The proof is not hiding here: what it publishes are functions of this vector, so it must be uniform, by a mask of
    /// as many values, or be known. What it is made of may then be secret.
    pub vector: Zeroizing<Vec<P>>,
    /// The commitment's blinder. Secret.
    pub blinder: P,
}

impl<P: PastaField> fmt::Debug for Claimed<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claimed").finish_non_exhaustive()
    }
}

/// Proves that a witness satisfies `shape` with these public inputs, and that the claims hold.
///
/// `random` must be fresh: what it gives hides the witness.
///
/// # Errors
/// Of a false statement the verifier's check that fails, unless that is the opening's.
pub fn prove<S: Sponge>(
    writer: &mut Writer<S>,
    generators: &Generators,
    shape: &Shape<F>,
    (witness, public): (Zeroizing<Vec<F>>, &[F]),
    claims: &[Claimed],
    random: &mut impl Rng,
) -> Result<(), Refused> {
    prove_by(writer, generators, shape, (witness, public), claims, random, |shape, numbers, said, side| run(shape, numbers, said, side))
}

/// The same with sum-checks that somebody else runs: a test's forger.
pub(super) fn prove_by<S: Sponge>(
    writer: &mut Writer<S>,
    generators: &Generators,
    shape: &Shape<F>,
    (witness, public): (Zeroizing<Vec<F>>, &[F]),
    claims: &[Claimed],
    random: &mut impl Rng,
    sums: impl FnOnce(&Shape<F>, Numbers<'_, F>, &[Claim], &mut Proving<'_, S, F>) -> Result<Run<F>, Refused>,
) -> Result<(), Refused> {
    let numbers = Numbers { unit: F::ONE, public };
    let said: Vec<Claim> = claims.iter().map(|claimed| claimed.claim.clone()).collect();
    absorb(writer, shape, numbers, &said)?;
    let (m, rows) = (row_bits(shape.bits()), rows(shape.bits()));
    let bases = Bases { row: generators.rows(m), blinder: generators.h };
    let own = Relaxed::strict(Committed::blinded(witness, rows, random), public.to_vec());
    let mask = Relaxed::uniform_with(shape, rows, (F::ZERO, vec![F::ZERO; public.len()]), random);
    let cross = Committed::blinded(own.cross(&mask, shape), rows, random);
    for committed in [&own.witness, &mask.witness, &mask.error, &cross] {
        committed.rows(&bases).iter().for_each(|row| writer.send_point(row));
    }
    let r = writer.nonzero()?;
    // From here on nothing is secret but what the claims and the opening are of.
    let folded = own.plus(r, &mask, &cross);
    decide(writer, generators, shape, &folded, claims, random, sums)
}

/// Proves that a relaxed instance is satisfied, and that the claims hold. It hides nothing of the instance: that must be folded with a
/// uniform one, or known to everybody.
///
/// # Errors
/// As [`prove`].
pub fn prove_relaxed<S: Sponge, C: Curve>(
    writer: &mut Writer<S>,
    generators: &Generators<C>,
    shape: &Shape<C::ScalarExt>,
    relaxed: &Relaxed<C::ScalarExt>,
    claims: &[Claimed<C::ScalarExt>],
    random: &mut impl Rng,
) -> Result<(), Refused> {
    let numbers = Numbers { unit: relaxed.unit, public: &relaxed.public };
    let said: Vec<Claim<C::ScalarExt>> = claims.iter().map(|claimed| claimed.claim.clone()).collect();
    absorb(writer, shape, numbers, &said)?;
    decide(writer, generators, shape, relaxed, claims, random, |shape, numbers, said, side| run(shape, numbers, said, side))
}

/// After everything is absorbed.
fn decide<S: Sponge, C: Curve>(
    writer: &mut Writer<S>,
    generators: &Generators<C>,
    shape: &Shape<C::ScalarExt>,
    relaxed: &Relaxed<C::ScalarExt>,
    claims: &[Claimed<C::ScalarExt>],
    random: &mut impl Rng,
    sums: impl FnOnce(
        &Shape<C::ScalarExt>,
        Numbers<'_, C::ScalarExt>,
        &[Claim<C::ScalarExt>],
        &mut Proving<'_, S, C::ScalarExt>,
    ) -> Result<Run<C::ScalarExt>, Refused>,
) -> Result<(), Refused> {
    let (zero, one) = (C::ScalarExt::ZERO, C::ScalarExt::ONE);
    let (bits, m) = (shape.bits(), row_bits(shape.bits()));
    let length = 1usize << bits;
    let numbers = Numbers { unit: relaxed.unit, public: &relaxed.public };
    if claims.iter().any(|claimed| claimed.vector.len() > 1 << m) {
        return Err(Refused::Length);
    }
    let padded = |values: &[C::ScalarExt], length: usize| {
        let mut all = Zeroizing::new(values.to_vec());
        all.resize(length, zero);
        all
    };
    // Masked, or known to everybody: these need not be wiped.
    let products = shape.products(&padded(&relaxed.witness.values, shape.witness()), relaxed.unit, &relaxed.public);
    let [a, b, c] = products.map(|mut product| std::mem::take(&mut *product));
    let mut vectors = vec![padded(&relaxed.witness.values, length), padded(&relaxed.error.values, length)];
    vectors.extend(claims.iter().map(|claimed| padded(&claimed.vector, length)));
    let less: Vec<C::ScalarExt> = c.par_iter().zip(vectors[1].par_iter()).map(|(c, error)| relaxed.unit * c + error).collect();
    let said: Vec<Claim<C::ScalarExt>> = claims.iter().map(|claimed| claimed.claim.clone()).collect();
    let mut side = Proving {
        writer,
        shape,
        numbers,
        outer: [a, b, less].map(Values::new),
        products: c,
        inner: None,
        merged: Vec::new(),
        vectors: &vectors,
    };
    let run = sums(shape, numbers, &said, &mut side)?;
    drop(side);
    let weights = Weights::new(bits, &run, claims.len());
    let mut secret = Secret { a: vec![zero; 1 << m], v: batched(run.sigma, run.values), blinder_v: zero, blinder_c: zero };
    let powers: Vec<C::ScalarExt> = std::iter::successors(Some(one), |power| Some(*power * run.sigma)).take(vectors.len()).collect();
    secret.a.par_iter_mut().enumerate().for_each(|(j, sum)| {
        for (vector, power) in vectors.iter().zip(&powers) {
            let column: C::ScalarExt = weights.of_rows.iter().enumerate().map(|(i, weight)| *weight * vector[(i << m) + j]).sum();
            *sum += *power * column;
        }
    });
    let blinder = |committed: &Committed<C::ScalarExt>| -> C::ScalarExt {
        committed.blinders.iter().zip(&weights.of_rows).map(|(blinder, weight)| *blinder * weight).sum()
    };
    secret.blinder_c = blinder(&relaxed.witness) + weights.sigma * blinder(&relaxed.error);
    secret.blinder_c += claims.iter().zip(&weights.of_claims).map(|(claimed, weight)| claimed.blinder * weight).sum::<C::ScalarExt>();
    Ok(opening::prove(writer, generators, &run.point[..m], &secret, Mask::new(m, random))?)
}

/// The prover's side.
pub(super) struct Proving<'a, S, P: PastaField> {
    writer: &'a mut Writer<S>,
    shape: &'a Shape<P>,
    numbers: Numbers<'a, P>,
    /// `Az'`, `Bz'`, `Cz' + E'`.
    outer: [Values<P>; 3],
    products: Vec<P>,
    /// The combined matrix, and `z'`.
    inner: Option<[Values<P>; 2]>,
    /// Of each claim `eq` at its point, scaled, and its vector.
    merged: Vec<[Values<P>; 2]>,
    vectors: &'a [Zeroizing<Vec<P>>],
}

impl<S: Sponge, P: PastaField> Proving<'_, S, P> {
    pub(super) fn send(&mut self, number: &P) {
        self.writer.send_scalar(number);
    }

    pub(super) fn compute(&mut self, turn: Turn<'_, P>) -> Vec<P> {
        match turn {
            Turn::OuterRound { tau, previous } => {
                let bound = self.bind_outer(previous, tau.len());
                let [a, b, less] = &self.outer;
                let rest = tau.len() - bound - 1;
                weighted(&eq_table(&tau[bound + 1..], 1 << rest), a, b, less).to_vec()
            }
            Turn::Products { previous, point } => {
                self.bind_outer(Some(previous), point.len());
                let eq = eq_table(point, 1 << point.len());
                let c = eq.par_iter().zip(&self.products).map(|(eq, c)| *eq * c).sum();
                vec![self.outer[0].end(), self.outer[1].end(), c]
            }
            Turn::InnerRound { rho, point, previous } => {
                let (shape, numbers, witness) = (self.shape, self.numbers, &self.vectors[0]);
                let both = self.inner.get_or_insert_with(|| {
                    let matrix = shape.combine_rows(&eq_table(point, 1 << point.len()), &[P::ONE, rho, rho.square()]);
                    let mut z: Vec<P> = witness.iter().chain([&numbers.unit]).chain(numbers.public).copied().collect();
                    z.resize(matrix.len(), P::ZERO);
                    [matrix, z].map(Values::new)
                });
                bind(both, previous);
                product(&both[0], &both[1]).to_vec()
            }
            Turn::Witness { point } => {
                // Of z', which is W' and what is known, W' alone.
                self.inner = None;
                let eq = eq_table(point, 1 << point.len());
                vec![eq.par_iter().zip(self.vectors[0].par_iter()).map(|(eq, value)| *eq * value).sum()]
            }
            Turn::MergeRound { gamma, points, previous } => {
                if previous.is_none() {
                    let mut power = P::ONE;
                    for (point, vector) in points.iter().zip(self.vectors) {
                        let eq = eq_table(point, 1 << point.len()).into_par_iter().map(|eq| eq * power).collect();
                        self.merged.push([eq, vector.to_vec()].map(Values::new));
                        power *= gamma;
                    }
                }
                self.merged.iter_mut().for_each(|both| bind(both, previous));
                let sum = self.merged.iter().map(|[eq, vector]| product(eq, vector));
                sum.reduce(|[a, b], [c, d]| [a + c, b + d]).unwrap_or_default().to_vec()
            }
            Turn::Values { previous } => {
                self.merged.iter_mut().for_each(|both| bind(both, Some(previous)));
                self.merged.iter().map(|[_, vector]| vector.end()).collect()
            }
        }
    }

    /// Binds a bit of the outer sum-check; gives how many are.
    fn bind_outer(&mut self, previous: Option<P>, bits: usize) -> usize {
        if let Some(s) = previous {
            self.outer.iter_mut().for_each(|values| values.bind(s));
        }
        bits - self.outer[0].bits()
    }
}

fn bind<P: PastaField>(both: &mut [Values<P>; 2], previous: Option<P>) {
    if let Some(s) = previous {
        both.iter_mut().for_each(|values| values.bind(s));
    }
}

impl<S: Sponge, P: PastaField> Side<P> for Proving<'_, S, P> {
    fn message(&mut self, turn: Turn<'_, P>, _: usize) -> Result<Vec<P>, BadProofBytes> {
        let message = self.compute(turn);
        message.iter().for_each(|number| self.send(number));
        Ok(message)
    }

    fn challenge(&mut self) -> P {
        self.writer.challenge()
    }
}
