//! The prover of constraints.

use super::sums::{Values, product, weighted};
use super::{Claim, Refused, Run, Side, Turn, Weights, absorb, row_bits, rows, run};
use crate::r1cs::Shape;
use ff::Field;
use rand_core::Rng;
use rayon::prelude::*;
use zeroize::Zeroizing;
use zkimg_group::field::{F, eq_table};
use zkimg_group::generators::Generators;
use zkimg_group::msm::{msm, to_affine};
use zkimg_proof::opening::{self, Mask, Secret};
use zkimg_proof::transcript::{BadProofBytes, Sponge, Writer};

/// A claim of the caller's, and what is behind its commitment.
pub struct Claimed {
    /// What is claimed.
    pub claim: Claim,
    /// The committed vector, one row. The proof is not hiding here: what it publishes are functions of this vector, so it must be uniform, by a mask of
    /// as many values, or be known. What it is made of may then be secret.
    pub vector: Zeroizing<Vec<F>>,
    /// The commitment's blinder. Secret.
    pub blinder: F,
}

zkimg_graph::opaque!(Claimed);

/// A committed vector: its values, as many as there are before the zeros, and a blinder a row.
struct Committed {
    values: Zeroizing<Vec<F>>,
    blinders: Zeroizing<Vec<F>>,
}

impl Committed {
    /// Commits to a vector of `2^bits`, zeros beyond its values, and sends the rows.
    fn send<S: Sponge>(
        values: Zeroizing<Vec<F>>,
        bits: usize,
        writer: &mut Writer<S>,
        generators: &Generators,
        random: &mut impl Rng,
    ) -> Committed {
        let (m, count) = (row_bits(bits), rows(bits));
        let blinders: Zeroizing<Vec<F>> = Zeroizing::new((0..count).map(|_| F::random(&mut *random)).collect());
        let row = |i: usize| {
            let start = values.len().min(i << m);
            let cells = &values[start..values.len().min((i + 1) << m)];
            msm(cells, &generators.rows(m)[..cells.len()]) + generators.h * blinders[i]
        };
        let points: Vec<_> = (0..count).into_par_iter().map(row).collect();
        to_affine(&points).iter().for_each(|point| writer.send_point(point));
        Committed { values, blinders }
    }

    fn blinder(&self, weights: &[F]) -> F {
        self.blinders.iter().zip(weights).map(|(blinder, weight)| *blinder * weight).sum()
    }
}

/// `a + by·b`, where either may be shorter.
fn folded(a: &[F], by: F, b: &[F], length: usize) -> Vec<F> {
    let at = |values: &[F], i: usize| values.get(i).copied().unwrap_or(F::ZERO);
    (0..length).into_par_iter().map(|i| at(a, i) + by * at(b, i)).collect()
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
    prove_by(writer, generators, shape, (witness, public), claims, random, |said, side| run(shape, public, said, side))
}

/// The same with sum-checks that somebody else runs: a test's forger.
pub(super) fn prove_by<S: Sponge>(
    writer: &mut Writer<S>,
    generators: &Generators,
    shape: &Shape<F>,
    (witness, public): (Zeroizing<Vec<F>>, &[F]),
    claims: &[Claimed],
    random: &mut impl Rng,
    sums: impl FnOnce(&[Claim], &mut Proving<'_, S>) -> Result<Run, Refused>,
) -> Result<(), Refused> {
    let bits = shape.bits();
    let said: Vec<Claim> = claims.iter().map(|claimed| claimed.claim.clone()).collect();
    if claims.iter().any(|claimed| claimed.vector.len() > 1 << row_bits(bits)) {
        return Err(Refused::Length);
    }
    absorb(writer, shape, public, &said)?;
    let zeros = vec![F::ZERO; public.len()];
    let mask: Zeroizing<Vec<F>> = Zeroizing::new((0..shape.witness()).map(|_| F::random(&mut *random)).collect());
    // Both are secret: what follows from the two of them is published.
    let [az, bz, cz] = shape.products(&witness, F::ONE, public).map(Zeroizing::new);
    let [ar, br, cr] = shape.products(&mask, F::ZERO, &zeros).map(Zeroizing::new);
    let used = shape.rows_used();
    let mask_error: Zeroizing<Vec<F>> = Zeroizing::new(ar[..used].par_iter().zip(&br[..used]).map(|(a, b)| *a * b).collect());
    let cross = Zeroizing::new((0..used).into_par_iter().map(|i| az[i] * br[i] + ar[i] * bz[i] - cr[i]).collect());
    let witness = Committed::send(witness, bits, writer, generators, random);
    let mask = Committed::send(mask, bits, writer, generators, random);
    let mask_error = Committed::send(mask_error, bits, writer, generators, random);
    let cross = Committed::send(cross, bits, writer, generators, random);
    let r = writer.nonzero()?;
    // From here on nothing is secret but what the claims and the opening are of.
    let length = 1usize << bits;
    let [a, b, c] = [(az, ar), (bz, br), (cz, cr)].map(|(own, masks)| folded(&own, r, &masks, length));
    let whole = folded(&witness.values, r, &mask.values, length);
    let error: Vec<F> = folded(&cross.values, r, &mask_error.values, length).into_par_iter().map(|value| value * r).collect();
    let less: Vec<F> = c.par_iter().zip(&error).map(|(c, error)| *c + error).collect();
    let mut vectors = vec![Zeroizing::new(whole), Zeroizing::new(error)];
    for claimed in claims {
        let mut vector = Zeroizing::new(vec![F::ZERO; length]);
        vector[..claimed.vector.len()].copy_from_slice(&claimed.vector);
        vectors.push(vector);
    }
    let mut side = Proving {
        writer,
        shape,
        public,
        outer: [a, b, less].map(Values::new),
        products: c,
        inner: None,
        merged: Vec::new(),
        vectors: &vectors,
    };
    let run = sums(&said, &mut side)?;
    drop(side);
    let weights = Weights::new(bits, &run, claims.len());
    let m = row_bits(bits);
    let mut secret = Secret { a: vec![F::ZERO; 1 << m], v: super::batched(run.sigma, run.values), blinder_v: F::ZERO, blinder_c: F::ZERO };
    let powers: Vec<F> = std::iter::successors(Some(F::ONE), |power| Some(*power * run.sigma)).take(vectors.len()).collect();
    secret.a.par_iter_mut().enumerate().for_each(|(j, sum)| {
        for (vector, power) in vectors.iter().zip(&powers) {
            let column: F = weights.of_rows.iter().enumerate().map(|(i, weight)| *weight * vector[(i << m) + j]).sum();
            *sum += *power * column;
        }
    });
    let of_errors = cross.blinder(&weights.of_rows) + r * mask_error.blinder(&weights.of_rows);
    secret.blinder_c = witness.blinder(&weights.of_rows) + r * (mask.blinder(&weights.of_rows) + weights.sigma * of_errors);
    secret.blinder_c += claims.iter().zip(&weights.of_claims).map(|(claimed, weight)| claimed.blinder * weight).sum::<F>();
    Ok(opening::prove(writer, generators, &run.point[..m], &secret, Mask::new(m, random))?)
}

/// The prover's side.
pub(super) struct Proving<'a, S> {
    writer: &'a mut Writer<S>,
    shape: &'a Shape<F>,
    public: &'a [F],
    /// `Az'`, `Bz'`, `Cz' + E'`.
    outer: [Values; 3],
    products: Vec<F>,
    /// The combined matrix, and `z'`.
    inner: Option<[Values; 2]>,
    /// Of each claim `eq` at its point, scaled, and its vector.
    merged: Vec<[Values; 2]>,
    vectors: &'a [Zeroizing<Vec<F>>],
}

impl<S: Sponge> Proving<'_, S> {
    pub(super) fn send(&mut self, number: &F) {
        self.writer.send_scalar(number);
    }

    pub(super) fn compute(&mut self, turn: Turn<'_>) -> Vec<F> {
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
                let (shape, public, witness) = (self.shape, self.public, &self.vectors[0]);
                let both = self.inner.get_or_insert_with(|| {
                    let matrix = shape.combine_rows(&eq_table(point, 1 << point.len()), &[F::ONE, rho, rho.square()]);
                    let mut z: Vec<F> = witness.iter().chain([&F::ONE]).chain(public).copied().collect();
                    z.resize(matrix.len(), F::ZERO);
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
                    let mut power = F::ONE;
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
    fn bind_outer(&mut self, previous: Option<F>, bits: usize) -> usize {
        if let Some(s) = previous {
            self.outer.iter_mut().for_each(|values| values.bind(s));
        }
        bits - self.outer[0].bits()
    }
}

fn bind(both: &mut [Values; 2], previous: Option<F>) {
    if let Some(s) = previous {
        both.iter_mut().for_each(|values| values.bind(s));
    }
}

impl<S: Sponge> Side for Proving<'_, S> {
    fn message(&mut self, turn: Turn<'_>, _: usize) -> Result<Vec<F>, BadProofBytes> {
        let message = self.compute(turn);
        message.iter().for_each(|number| self.send(number));
        Ok(message)
    }

    fn challenge(&mut self) -> F {
        self.writer.challenge()
    }
}
