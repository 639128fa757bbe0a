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
pub(crate) mod sums;
#[cfg(test)]
mod tests;

pub use prover::{Claimed, prove, prove_relaxed};

use crate::r1cs::Shape;
use crate::step::transcript::equality;
use ff::Field;
use zkimg_group::accumulator::Accumulator;
use zkimg_group::cycle::{Curve, PastaField};
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
pub struct Claim<P = F> {
    /// Where.
    pub point: Vec<P>,
    /// What.
    pub value: P,
}

/// The numbers of a relaxed instance, `Az∘Bz = u·Cz + E` over `z = (W, u, public)`.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a, P> {
    /// `u`.
    pub unit: P,
    /// Public inputs.
    pub public: &'a [P],
}

/// A relaxed instance: its numbers, and of each row of `W` and `E` the commitment.
#[derive(Clone, Debug)]
pub struct Instance<'a, C: Curve> {
    /// The numbers.
    pub numbers: Numbers<'a, C::ScalarExt>,
    /// Rows of `W`; what is not there is zero.
    pub witness: Vec<Accumulator<C>>,
    /// Rows of `E`, as many.
    pub error: Vec<Accumulator<C>>,
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
enum Turn<'a, P> {
    OuterRound { tau: &'a [P], previous: Option<P> },
    Products { previous: P, point: &'a [P] },
    InnerRound { rho: P, point: &'a [P], previous: Option<P> },
    Witness { point: &'a [P] },
    MergeRound { gamma: P, points: &'a [Vec<P>], previous: Option<P> },
    Values { previous: P },
}

/// A side.
trait Side<P> {
    /// Sends or receives numbers in the clear.
    fn message(&mut self, turn: Turn<'_, P>, count: usize) -> Result<Vec<P>, BadProofBytes>;

    fn challenge(&mut self) -> P;
}

/// Where a run ends: the vectors' values at a point, to be opened.
struct Run<P> {
    point: Vec<P>,
    values: Vec<P>,
    sigma: P,
}

/// Both sides' sum-checks, and every check of field elements there is.
fn run<P: PastaField>(shape: &Shape<P>, numbers: Numbers<'_, P>, claims: &[Claim<P>], side: &mut impl Side<P>) -> Result<Run<P>, Refused> {
    let Numbers { unit, public } = numbers;
    let bits = shape.bits();
    let tau: Vec<P> = (0..bits).map(|_| side.challenge()).collect();
    let (mut claim, mut outer) = (P::ZERO, Vec::with_capacity(bits));
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
    let error = a * b - unit * c - claim;
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
    let known: P = eq_table(low, 1 + public.len()).iter().zip([unit].iter().chain(public)).map(|(eq, value)| *eq * value).sum();
    if claim != (ma + rho * (mb + rho * mc)) * ((P::ONE - top) * witness + top * known) {
        return Err(Refused::Matrices);
    }
    // In the bits above a claim's a vector that ends with them is its value times the weight of zero: at random, so that none goes on.
    let shortest = claims.iter().map(|claim| claim.point.len()).min().unwrap_or(bits);
    let above: Vec<P> = (shortest..bits).map(|_| side.challenge()).collect();
    let above = |claim: &Claim<P>| above.get(claim.point.len() - shortest..).unwrap_or_default();
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

fn two<P>(side: &mut impl Side<P>, turn: Turn<'_, P>) -> Result<[P; 2], BadProofBytes> {
    <[P; 2]>::try_from(side.message(turn, 2)?).map_err(|_| BadProofBytes::Short)
}

/// A round of degree two: `(c1, c2)` of `g(X) = c0 + c1·X + c2·X²`, where `claim = g(0) + g(1)`. The claim becomes `g(s)`.
fn round<P: PastaField>(side: &mut impl Side<P>, [c1, c2]: [P; 2], claim: &mut P) -> P {
    let s = side.challenge();
    *claim = (*claim - c1 - c2) * P::TWO_INV + s * (c1 + s * c2);
    s
}

/// `Σ_i by^i·value_i`.
fn batched<P: PastaField>(by: P, values: impl IntoIterator<Item = P, IntoIter: DoubleEndedIterator>) -> P {
    values.into_iter().rev().fold(P::ZERO, |sum, value| sum * by + value)
}

/// Checks sizes, and absorbs what is said: the constraints, the numbers, the caller's claims.
fn absorb<S: Sponge, P: PastaField>(
    transcript: &mut Transcript<S>,
    shape: &Shape<P>,
    numbers: Numbers<'_, P>,
    claims: &[Claim<P>],
) -> Result<(), Refused> {
    let Numbers { unit, public } = numbers;
    if public.len() != shape.public() {
        return Err(Refused::Public);
    }
    if claims.iter().any(|claim| claim.point.len() > row_bits(shape.bits())) {
        return Err(Refused::Length);
    }
    transcript.bytes("constraints", shape.digest());
    transcript.bytes("sizes", &[public.len(), claims.len()].map(|size| (size as u64).to_le_bytes()).concat());
    [&unit].into_iter().chain(public).for_each(|input| transcript.scalar(input));
    for claim in claims {
        transcript.bytes("bits", &(claim.point.len() as u64).to_le_bytes());
        claim.point.iter().chain([&claim.value]).for_each(|number| transcript.scalar(number));
    }
    Ok(())
}

/// What the opening is of: the weights of the rows of `W'` and `E'`, and the factor of each claim's commitment.
struct Weights<P> {
    of_rows: Vec<P>,
    sigma: P,
    of_claims: Vec<P>,
}

impl<P: PastaField> Weights<P> {
    /// A claim's vector stands in the first row.
    fn new(bits: usize, run: &Run<P>, claims: usize) -> Weights<P> {
        let of_rows = eq_table(&run.point[row_bits(bits)..], rows(bits));
        let first = of_rows.first().copied().unwrap_or(P::ONE);
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
    let numbers = Numbers { unit: F::ONE, public };
    let said: Vec<Claim> = claims.iter().map(|(claim, _)| claim.clone()).collect();
    absorb(reader, shape, numbers, &said)?;
    let mut receive = || (0..rows(bits)).map(|_| reader.receive_point()).collect::<Result<Vec<Affine>, _>>();
    let [witness, mask, mask_error, cross] = [receive()?, receive()?, receive()?, receive()?];
    let r: F = reader.nonzero()?;
    let folded = |terms: [(F, Affine); 2]| {
        let mut sum = Accumulator::new();
        terms.into_iter().for_each(|(scalar, point)| sum.term(scalar, point));
        sum
    };
    let witness = witness.iter().zip(&mask).map(|(own, mask)| folded([(F::ONE, *own), (r, *mask)])).collect();
    let error = cross.iter().zip(&mask_error).map(|(cross, mask)| folded([(r, *cross), (r.square(), *mask)])).collect();
    decided(reader, shape, &Instance { numbers, witness, error }, claims)
}

/// The same of a relaxed instance whose commitments the caller knows and has absorbed. Such a proof hides nothing of what is behind them but by
/// what they were folded with.
///
/// # Errors
/// The first check that fails.
pub fn verify_relaxed<S: Sponge, C: Curve>(
    reader: &mut Reader<'_, S>,
    shape: &Shape<C::ScalarExt>,
    instance: &Instance<'_, C>,
    claims: &[(Claim<C::ScalarExt>, Accumulator<C>)],
) -> Result<Equations<C>, Refused> {
    let said: Vec<Claim<C::ScalarExt>> = claims.iter().map(|(claim, _)| claim.clone()).collect();
    absorb(reader, shape, instance.numbers, &said)?;
    decided(reader, shape, instance, claims)
}

/// After everything is absorbed.
fn decided<S: Sponge, C: Curve>(
    reader: &mut Reader<'_, S>,
    shape: &Shape<C::ScalarExt>,
    instance: &Instance<'_, C>,
    claims: &[(Claim<C::ScalarExt>, Accumulator<C>)],
) -> Result<Equations<C>, Refused> {
    let bits = shape.bits();
    let most = rows(bits);
    if instance.witness.len() > most || instance.error.len() > most {
        return Err(Refused::Length);
    }
    let said: Vec<Claim<C::ScalarExt>> = claims.iter().map(|(claim, _)| claim.clone()).collect();
    let run = run(shape, instance.numbers, &said, &mut Reading(reader))?;
    let weights = Weights::new(bits, &run, said.len());
    let mut vector = Accumulator::new();
    weights.of_rows.iter().zip(&instance.witness).for_each(|(weight, row)| vector.merge(*weight, row));
    weights.of_rows.iter().zip(&instance.error).for_each(|(weight, row)| vector.merge(*weight * weights.sigma, row));
    weights.of_claims.iter().zip(claims).for_each(|(weight, (_, committed))| vector.merge(*weight, committed));
    let mut value = Accumulator::new();
    value.g(0, batched(run.sigma, run.values));
    Ok(opening::verify(reader, &run.point[..row_bits(bits)], &Commitments { value, vector })?)
}

/// Whether what a proof leaves is true; `transcript` is a digest of all of the proof.
///
/// # Errors
/// Which of them is not.
pub fn holds<C: Curve>(equations: &Equations<C>, transcript: &[u8; 64], generators: &Generators<C>) -> Result<(), Refused> {
    if !equations.value.holds(generators) {
        return Err(Refused::Value);
    }
    let mut sum = Accumulator::new();
    digits::merge(&mut sum, &[(&equations.vector, &equations.long)], &mut Coins::toss(transcript));
    if sum.holds(generators) { Ok(()) } else { Err(Refused::Opening) }
}

/// The verifier's side.
struct Reading<'a, 'b, S>(&'a mut Reader<'b, S>);

impl<S: Sponge, P: PastaField> Side<P> for Reading<'_, '_, S> {
    fn message(&mut self, _: Turn<'_, P>, count: usize) -> Result<Vec<P>, BadProofBytes> {
        (0..count).map(|_| self.0.receive_scalar()).collect()
    }

    fn challenge(&mut self) -> P {
        self.0.challenge()
    }
}
