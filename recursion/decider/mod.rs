//! A proof that a committed witness satisfies constraints: two sum-checks and one opening, after Spartan (Setty 2020, eprint 2019/550).
//!
//! What is opened is never the witness: it is folded with a uniform one first, as Nova folds instances (Kothapalli, Setty, Tzialla 2021,
//! eprint 2021/370), so that all that follows may stand in the clear. With `z_r = (W_r, 0, 0)`, `E_r = Az_r∘Bz_r` and
//! `T = Az∘Bz_r + Az_r∘Bz − Cz_r`, for `r` drawn after all of these are committed, `W' = W + r·W_r` and `E' = r·T + r²·E_r` satisfy
//! `Az'∘Bz' = Cz' + E'` over `z' = (W', 1, public)`. `W'` is uniform and `E'` follows from it.
//!
//! | step | claim | messages |
//! |---|---|---|
//! | outer sum-check | `0 = Σ_x eq(τ, x)·(Az'·Bz' − Cz' − E')(x)` | two coefficients a bit, `Az'`, `Bz'`, `Cz'` at its point; `E'` there follows |
//! | inner sum-check | `Az' + ρ·Bz' + ρ²·Cz'` at that point `= Σ_y M(y)·z'(y)` | two coefficients a bit, `W'` at its point |
//! | merging | `W'`, `E'` and the caller's [claims](Claim) at their points, random ones above a shorter vector's bits | two coefficients a bit, each vector at one point |
//! | opening | all of them there, batched by `σ`, drawn after these values | [`zkimg_proof::opening`] |
//!
//! That the challenge of the merging sum-check is another one than `σ`, and that the values are absorbed between them, is what makes each value
//! its vector's: with one challenge a prover could choose values whose sums fit twice. That the bits above a claim's are random, and not zero, is what
//! keeps its vector to its length: at zero all that stands beyond would count nothing, and would go unseen into whatever the rows are used for next.

mod prover;
mod sums;
#[cfg(test)]
mod tests;

pub use prover::{Claimed, prove};

use crate::r1cs::Shape;
use ff::{Field, PrimeField};
use zkimg_group::accumulator::Accumulator;
use zkimg_group::field::{Affine, F, eq_table, zero_weight};
use zkimg_group::generators::{Generators, MAX_ROW_BITS};
use zkimg_proof::digits::{self, Coins};
use zkimg_proof::opening::{self, Commitments, Equations};
use zkimg_proof::transcript::{BadProofBytes, Reader, Sponge, Transcript};

/// Why constraints are not shown to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// Bytes that are no proof.
    #[error(transparent)]
    Bytes(#[from] BadProofBytes),
    /// Another number of public inputs than the shape has.
    #[error("the public inputs are not those of the constraints")]
    Public,
    /// A claim about a vector that is longer than the constraints' rows.
    #[error("the vector of a claim is longer than a row of the constraints")]
    Length,
    /// The inner sum-check's end.
    #[error("the matrices at the sum-check's point do not give what was claimed")]
    Matrices,
    /// The merging sum-check's end.
    #[error("the vectors at the sum-check's point do not give what was claimed")]
    Vectors,
    /// The opened value.
    #[error("the opened value is not that of the commitment")]
    Value,
    /// The opened vector.
    #[error("the opened vector is not that of the commitments")]
    Opening,
}

/// That a committed vector of `2^point.len()` values, and none beyond them, has a value at a point of its bits.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Where.
    pub point: Vec<F>,
    /// What.
    pub value: F,
}

/// `log2` of the length of the rows in which vectors of `2^bits` are committed.
pub fn row_bits(bits: usize) -> usize {
    bits.min(MAX_ROW_BITS)
}

/// Rows of one vector.
fn rows(bits: usize) -> usize {
    1 << (bits - row_bits(bits))
}

/// What the prover has to compute. `previous` is the challenge that answered the turn before in the same sum-check.
enum Turn<'a> {
    OuterRound { tau: &'a [F], previous: Option<F> },
    Products { previous: F, point: &'a [F] },
    InnerRound { rho: F, point: &'a [F], previous: Option<F> },
    Witness { point: &'a [F] },
    MergeRound { gamma: F, points: &'a [Vec<F>], previous: Option<F> },
    Values { previous: F },
}

/// A side.
trait Side {
    /// Sends or receives numbers in the clear.
    fn message(&mut self, turn: Turn<'_>, count: usize) -> Result<Vec<F>, BadProofBytes>;

    fn challenge(&mut self) -> F;
}

/// Where a run ends: the vectors' values at a point, to be opened.
struct Run {
    point: Vec<F>,
    values: Vec<F>,
    sigma: F,
}

/// Both sides' sum-checks, and every check of field elements there is.
fn run(shape: &Shape<F>, public: &[F], claims: &[Claim], side: &mut impl Side) -> Result<Run, Refused> {
    let bits = shape.bits();
    let tau: Vec<F> = (0..bits).map(|_| side.challenge()).collect();
    let (mut claim, mut outer) = (F::ZERO, Vec::with_capacity(bits));
    for r in &tau {
        let [c1, c2] = two(side, Turn::OuterRound { tau: &tau, previous: outer.last().copied() })?;
        let s = side.challenge();
        // t(X) = c0 + c1·X + c2·X², where the claim is (1 − r)·t(0) + r·t(1).
        claim += c1 * (s - r) + c2 * (s.square() - r);
        outer.push(s);
    }
    let previous = outer.last().copied().unwrap_or_default();
    let products = side.message(Turn::Products { previous, point: &outer }, 3)?;
    let [a, b, c] = products[..] else { return Err(BadProofBytes::Short.into()) };
    let error = a * b - c - claim;
    let rho = side.challenge();
    let mut claim = a + rho * (b + rho * c);
    let mut inner = Vec::with_capacity(bits + 1);
    for _ in 0..=bits {
        let message = two(side, Turn::InnerRound { rho, point: &outer, previous: inner.last().copied() })?;
        inner.push(round(side, message, &mut claim));
    }
    let (low, top) = (&inner[..bits], inner[bits]);
    let [witness] = side.message(Turn::Witness { point: low }, 1)?[..] else { return Err(BadProofBytes::Short.into()) };
    let [ma, mb, mc] = shape.evaluate(&outer, &inner);
    let known: F = eq_table(low, 1 + public.len()).iter().zip([F::ONE].iter().chain(public)).map(|(eq, value)| *eq * value).sum();
    if claim != (ma + rho * (mb + rho * mc)) * ((F::ONE - top) * witness + top * known) {
        return Err(Refused::Matrices);
    }
    // In the bits above a claim's a vector that ends with them is its value times the weight of zero: at random, so that none goes on.
    let shortest = claims.iter().map(|claim| claim.point.len()).min().unwrap_or(bits);
    let above: Vec<F> = (shortest..bits).map(|_| side.challenge()).collect();
    let above = |claim: &Claim| above.get(claim.point.len() - shortest..).unwrap_or_default();
    let mut points = vec![low.to_vec(), outer];
    points.extend(claims.iter().map(|claim| [&claim.point[..], above(claim)].concat()));
    let values = [witness, error].into_iter().chain(claims.iter().map(|claim| claim.value * zero_weight(above(claim))));
    let gamma = side.challenge();
    let mut claim = batched(gamma, values);
    let mut point = Vec::with_capacity(bits);
    for _ in 0..bits {
        let message = two(side, Turn::MergeRound { gamma, points: &points, previous: point.last().copied() })?;
        point.push(round(side, message, &mut claim));
    }
    let values = side.message(Turn::Values { previous: point.last().copied().unwrap_or_default() }, points.len())?;
    let ends = points.iter().zip(&values).map(|(at, value)| equality(at, &point) * value);
    if values.len() != points.len() || claim != batched(gamma, ends) {
        return Err(Refused::Vectors);
    }
    let sigma = side.challenge();
    Ok(Run { point, values, sigma })
}

fn two(side: &mut impl Side, turn: Turn<'_>) -> Result<[F; 2], BadProofBytes> {
    <[F; 2]>::try_from(side.message(turn, 2)?).map_err(|_| BadProofBytes::Short)
}

/// A round of degree two: `(c1, c2)` of `g(X) = c0 + c1·X + c2·X²`, where `claim = g(0) + g(1)`. The claim becomes `g(s)`.
fn round(side: &mut impl Side, [c1, c2]: [F; 2], claim: &mut F) -> F {
    let s = side.challenge();
    *claim = (*claim - c1 - c2) * F::TWO_INV + s * (c1 + s * c2);
    s
}

/// `Σ_i by^i·value_i`.
fn batched(by: F, values: impl IntoIterator<Item = F, IntoIter: DoubleEndedIterator>) -> F {
    values.into_iter().rev().fold(F::ZERO, |sum, value| sum * by + value)
}

/// `eq(a, b)`.
fn equality(a: &[F], b: &[F]) -> F {
    a.iter().zip(b).map(|(a, b)| *a * b + (F::ONE - a) * (F::ONE - b)).product()
}

/// Checks sizes, and absorbs what is said: the constraints, the public inputs, the caller's claims.
fn absorb<S: Sponge>(transcript: &mut Transcript<S>, shape: &Shape<F>, public: &[F], claims: &[Claim]) -> Result<(), Refused> {
    if public.len() != shape.public() {
        return Err(Refused::Public);
    }
    if claims.iter().any(|claim| claim.point.len() > row_bits(shape.bits())) {
        return Err(Refused::Length);
    }
    transcript.bytes("constraints", shape.digest());
    transcript.bytes("sizes", &[public.len(), claims.len()].map(|size| (size as u64).to_le_bytes()).concat());
    public.iter().for_each(|input| transcript.scalar(input));
    for claim in claims {
        transcript.bytes("bits", &(claim.point.len() as u64).to_le_bytes());
        claim.point.iter().chain([&claim.value]).for_each(|number| transcript.scalar(number));
    }
    Ok(())
}

/// What the opening is of: the weights of the rows of `W'` and `E'`, and the factor of each claim's commitment.
struct Weights {
    of_rows: Vec<F>,
    sigma: F,
    of_claims: Vec<F>,
}

impl Weights {
    /// A claim's vector stands in the first row.
    fn new(bits: usize, run: &Run, claims: usize) -> Weights {
        let of_rows = eq_table(&run.point[row_bits(bits)..], rows(bits));
        let first = of_rows.first().copied().unwrap_or(F::ONE);
        let powers = std::iter::successors(Some(run.sigma.square()), |power| Some(*power * run.sigma));
        Weights { sigma: run.sigma, of_claims: powers.take(claims).map(|power| power * first).collect(), of_rows }
    }
}

/// Reads a proof that somebody knows a witness that satisfies `shape` with these public inputs, and vectors behind these commitments for
/// which the claims hold; what it leaves must [hold](holds).
///
/// # Errors
/// The first check that fails.
pub fn verify<S: Sponge>(
    reader: &mut Reader<'_, S>,
    shape: &Shape<F>,
    public: &[F],
    claims: &[(Claim, Accumulator)],
) -> Result<Equations, Refused> {
    let bits = shape.bits();
    let (said, commitments): (Vec<Claim>, Vec<&Accumulator>) = claims.iter().map(|(claim, committed)| (claim.clone(), committed)).unzip();
    absorb(reader, shape, public, &said)?;
    let mut receive = || (0..rows(bits)).map(|_| reader.receive_point()).collect::<Result<Vec<Affine>, _>>();
    let [witness, mask, mask_error, cross] = [receive()?, receive()?, receive()?, receive()?];
    let r = reader.nonzero()?;
    let run = run(shape, public, &said, &mut Reading(reader))?;
    let weights = Weights::new(bits, &run, said.len());
    let mut vector = Accumulator::new();
    for (i, weight) in weights.of_rows.iter().enumerate() {
        let error = *weight * weights.sigma * r;
        vector.term(*weight, witness[i]);
        vector.term(*weight * r, mask[i]);
        vector.term(error, cross[i]);
        vector.term(error * r, mask_error[i]);
    }
    weights.of_claims.iter().zip(commitments).for_each(|(weight, committed)| vector.merge(*weight, committed));
    let mut value = Accumulator::new();
    value.g(0, batched(run.sigma, run.values));
    Ok(opening::verify(reader, &run.point[..row_bits(bits)], &Commitments { value, vector })?)
}

/// Whether what a proof leaves is true; `transcript` is a digest of all of the proof.
///
/// # Errors
/// Which of them is not.
pub fn holds(equations: &Equations, transcript: &[u8; 64], generators: &Generators) -> Result<(), Refused> {
    if !equations.value.holds(generators) {
        return Err(Refused::Value);
    }
    let mut sum = Accumulator::new();
    digits::merge(&mut sum, &[(&equations.vector, &equations.long)], &mut Coins::toss(transcript));
    if sum.holds(generators) { Ok(()) } else { Err(Refused::Opening) }
}

/// The verifier's side.
struct Reading<'a, 'b, S>(&'a mut Reader<'b, S>);

impl<S: Sponge> Side for Reading<'_, '_, S> {
    fn message(&mut self, _: Turn<'_>, count: usize) -> Result<Vec<F>, BadProofBytes> {
        (0..count).map(|_| self.0.receive_scalar()).collect()
    }

    fn challenge(&mut self) -> F {
        self.0.challenge()
    }
}
