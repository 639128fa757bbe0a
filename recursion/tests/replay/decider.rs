//! The decider's proof, replayed: everything is read first, then every equation is looked at, and none ends the others.

use super::tape::{NoElement, Tape};
use ff::{Field, PrimeField};
use group::Group;
use zkimg_group::cycle::{Curve, PastaField};
use zkimg_group::field::hash_to_field;
use zkimg_group::generators::Generators;
use zkimg_group::msm::{msm, to_affine};
use zkimg_recursion::r1cs::Shape;

/// A relaxed instance, with the commitments of its rows.
pub(crate) struct Instance<C: Curve> {
    pub(crate) unit: C::ScalarExt,
    pub(crate) public: Vec<C::ScalarExt>,
    pub(crate) witness: Vec<C>,
    pub(crate) error: Vec<C>,
}

/// That a committed row has a value at a point.
pub(crate) struct Said<C: Curve> {
    pub(crate) point: Vec<C::ScalarExt>,
    pub(crate) value: C::ScalarExt,
    pub(crate) row: C,
}

/// A message of a sum-check and its challenge.
struct Round<P> {
    c1: P,
    c2: P,
    s: P,
}

/// Everything that a proof says and that is drawn.
struct Script<C: Curve> {
    tau: Vec<C::ScalarExt>,
    outer: Vec<Round<C::ScalarExt>>,
    products: [C::ScalarExt; 3],
    rho: C::ScalarExt,
    inner: Vec<Round<C::ScalarExt>>,
    witness: C::ScalarExt,
    above: Vec<C::ScalarExt>,
    gamma: C::ScalarExt,
    merging: Vec<Round<C::ScalarExt>>,
    values: Vec<C::ScalarExt>,
    sigma: C::ScalarExt,
    mask: [C; 2],
    c: C::ScalarExt,
    value_y: C::ScalarExt,
    blinder_y: C::ScalarExt,
    blinder_w: C::ScalarExt,
    u: C::ScalarExt,
    folds: Vec<([C; 2], C::ScalarExt)>,
    last: Vec<C::ScalarExt>,
    digits: Vec<C>,
}

/// The last rounds of the opening are left out: so many bits.
const LEFT_OUT: usize = 4;

fn read<C: Curve>(tape: &mut Tape<'_>, bits: usize, row_bits: usize, claims: usize) -> Result<Script<C>, NoElement> {
    fn rounds<P: PastaField>(tape: &mut Tape<'_>, count: usize) -> Result<Vec<Round<P>>, NoElement> {
        (0..count).map(|_| Ok(Round { c1: tape.scalar()?, c2: tape.scalar()?, s: tape.draw() })).collect()
    }
    let tau = (0..bits).map(|_| tape.draw()).collect();
    let outer = rounds(tape, bits)?;
    let products = [tape.scalar()?, tape.scalar()?, tape.scalar()?];
    let rho = tape.draw();
    let inner = rounds(tape, bits + 1)?;
    let witness = tape.scalar()?;
    let above = if claims > 0 { (row_bits..bits).map(|_| tape.draw()).collect() } else { Vec::new() };
    let gamma = tape.draw();
    let merging = rounds(tape, bits)?;
    let values = tape.scalars(2 + claims)?;
    let sigma = tape.draw();
    let mask = [tape.point()?, tape.point()?];
    let c = tape.draw();
    let [value_y, blinder_y, blinder_w] = [tape.scalar()?, tape.scalar()?, tape.scalar()?];
    let u = tape.draw();
    let folds = (LEFT_OUT..row_bits).map(|_| Ok(([tape.point()?, tape.point()?], tape.draw()))).collect::<Result<_, NoElement>>()?;
    let last = tape.scalars(1 << LEFT_OUT)?;
    let digits = tape.points(7)?;
    Ok(Script {
        tau,
        outer,
        products,
        rho,
        inner,
        witness,
        above,
        gamma,
        merging,
        values,
        sigma,
        mask,
        c,
        value_y,
        blinder_y,
        blinder_w,
        u,
        folds,
        last,
        digits,
    })
}

/// `Π_i (bit i of index ? point_i : 1 − point_i)` for all indices, each by itself.
fn cube<P: PastaField>(point: &[P], count: usize) -> Vec<P> {
    let of = |point: &[P]| -> Vec<P> {
        let at = |index: usize| -> P { point.iter().enumerate().map(|(i, p)| if index >> i & 1 == 1 { *p } else { P::ONE - p }).product() };
        (0..1 << point.len()).map(at).collect()
    };
    // By halves of the bits, for time.
    let (low, high) = point.split_at(point.len() / 2);
    let (low, high) = (of(low), of(high));
    (0..count).map(|index| low[index % low.len()] * high[index / low.len()]).collect()
}

fn equal<P: PastaField>(a: &[P], b: &[P]) -> P {
    a.iter().zip(b).map(|(a, b)| *a * b + (P::ONE - a) * (P::ONE - b)).product()
}

/// Of a sum-check over all of the cube: the claim at its point.
fn summed<P: PastaField>(start: P, rounds: &[Round<P>]) -> P {
    let half = P::from(2).invert().expect("two");
    rounds.iter().fold(start, |claim, Round { c1, c2, s }| {
        let c0 = (claim - c1 - c2) * half;
        c0 + *c1 * s + *c2 * s * s
    })
}

fn points<P: PastaField>(rounds: &[Round<P>]) -> Vec<P> {
    rounds.iter().map(|round| round.s).collect()
}

/// Every entry of the matrices at a point of their rows and columns: the columns' weights are multiplied as if they were an
/// assignment, and the rows' are summed.
fn entries<P: PastaField>(shape: &Shape<P>, row: &[P], column: &[P]) -> [P; 3] {
    let half = 1usize << shape.bits();
    let columns = cube(column, shape.witness());
    let known: Vec<P> = cube(column, half + 1 + shape.public()).split_off(half);
    let rows = cube(row, half);
    shape.products(&columns, known[0], &known[1..]).map(|product| product.iter().zip(&rows).map(|(value, weight)| *value * weight).sum())
}

/// What is wrong, by name: all of it.
pub(crate) fn wrong<C: Curve>(
    tape: &mut Tape<'_>,
    shape: &Shape<C::ScalarExt>,
    instance: &Instance<C>,
    claims: &[Said<C>],
    generators: &Generators<C>,
) -> Result<Vec<&'static str>, NoElement> {
    type S<C> = <C as pasta_curves::arithmetic::CurveAffine>::ScalarExt;
    let (bits, row_bits) = (shape.bits(), shape.bits().min(16));
    tape.said("constraints", shape.digest());
    tape.said("sizes", &[instance.public.len() as u64, claims.len() as u64].map(u64::to_le_bytes).concat());
    tape.known(&instance.unit);
    instance.public.iter().for_each(|number| tape.known(number));
    for claim in claims {
        assert_eq!(claim.point.len(), row_bits, "claims of whole rows");
        tape.said("bits", &(claim.point.len() as u64).to_le_bytes());
        claim.point.iter().for_each(|number| tape.known(number));
        tape.known(&claim.value);
    }
    let script: Script<C> = read(tape, bits, row_bits, claims.len())?;
    let mut wrong = Vec::new();
    let one = S::<C>::ONE;

    // Az∘Bz − u·Cz − E, weighed by eq(τ, ·), at the outer point; E there is what makes it fit.
    let mut claim = S::<C>::ZERO;
    for (tau, Round { c1, c2, s }) in script.tau.iter().zip(&script.outer) {
        let c0 = claim - *tau * (*c1 + c2);
        claim = c0 + *c1 * s + *c2 * s * s;
    }
    let [a, b, c] = script.products;
    let error = a * b - instance.unit * c - claim;

    // (A + ρ·B + ρ²·C)·z at the outer point.
    let (outer, inner) = (points(&script.outer), points(&script.inner));
    let products = a + script.rho * b + script.rho * script.rho * c;
    let (low, top) = inner.split_at(bits);
    let known: Vec<S<C>> = [&[instance.unit], &instance.public[..]].concat();
    let known: S<C> = cube(low, known.len()).iter().zip(&known).map(|(weight, value)| *weight * value).sum();
    let assignment = script.witness * (one - top[0]) + known * top[0];
    let [of_a, of_b, of_c] = entries(shape, &outer, &inner);
    if summed(products, &script.inner) != (of_a + script.rho * of_b + script.rho * script.rho * of_c) * assignment {
        wrong.push("matrices");
    }

    // W, E and the claims' vectors, which end with their rows, at one point.
    let merged = points(&script.merging);
    let whole = |point: &[S<C>]| [point, &script.above].concat();
    let beyond: S<C> = script.above.iter().map(|bit| one - bit).product();
    let mut places: Vec<(Vec<S<C>>, S<C>)> = vec![(low.to_vec(), script.witness), (outer, error)];
    places.extend(claims.iter().map(|claim| (whole(&claim.point), claim.value * beyond)));
    let (mut before, mut after, mut power) = (S::<C>::ZERO, S::<C>::ZERO, one);
    for ((place, value), end) in places.iter().zip(&script.values) {
        before += power * value;
        after += power * equal(place, &merged) * end;
        power *= script.gamma;
    }
    if summed(before, &script.merging) != after {
        wrong.push("vectors");
    }

    // V = v·G_0, and C, row by row.
    let powers: Vec<S<C>> = std::iter::successors(Some(one), |power| Some(*power * script.sigma)).take(2 + claims.len()).collect();
    let value: S<C> = script.values.iter().zip(&powers).map(|(value, power)| *value * power).sum();
    let of_rows = cube(&merged[row_bits..], 1 << (bits - row_bits));
    let mut committed = C::CurveExt::identity();
    for (k, weight) in of_rows.iter().enumerate() {
        for (rows, power) in [&instance.witness, &instance.error].into_iter().zip(&powers) {
            committed += rows.get(k).map_or(C::CurveExt::identity(), |row| *row * (*weight * power));
        }
    }
    for (claim, power) in claims.iter().zip(&powers[2..]) {
        committed += claim.row * (of_rows[0] * power);
    }
    let [d, masked] = script.mask;
    let g = generators.first(1 << row_bits);
    if g[0] * (script.c * value) + masked != g[0] * script.value_y + generators.h * script.blinder_y {
        wrong.push("opened value");
    }
    if !opens(&script, &merged[..row_bits], committed * script.c + d, generators) {
        wrong.push("opening");
    }
    Ok(wrong)
}

/// `P = ⟨w, G⟩ + ρ_w·H` with `⟨w, eq⟩ = y`, and that the digits' sums are theirs: all of `w`'s generators are written out, in one sum.
fn opens<C: Curve>(script: &Script<C>, point: &[C::ScalarExt], masked: C::CurveExt, generators: &Generators<C>) -> bool {
    type S<C> = <C as pasta_curves::arithmetic::CurveAffine>::ScalarExt;
    let m = point.len();
    // The first round folds by the highest bit.
    let mut weights = cube(point, 1 << m);
    for (_, x) in &script.folds {
        let (low, high) = weights.split_at(weights.len() / 2);
        weights = low.iter().zip(high).map(|(low, high)| *low + *x * high).collect();
    }
    let product: S<C> = weights.iter().zip(&script.last).map(|(weight, w)| *weight * w).sum();
    let mut left = masked - generators.h * script.blinder_w + generators.u * (script.u * (script.value_y - product));
    for ([l, r], x) in &script.folds {
        let inverse: Option<S<C>> = x.invert().into();
        left += *l * *x + *r * inverse.unwrap_or(S::<C>::ZERO);
    }
    // Generator k folds by the challenges of its bits that are one.
    let own = |k: usize| {
        let bits = script.folds.iter().enumerate().filter(|(round, _)| k >> (m - 1 - round) & 1 == 1);
        -bits.fold(script.last[k % (1 << LEFT_OUT)], |folded, (_, (_, x))| folded * x)
    };
    let scalars: Vec<S<C>> = (0..1 << m).map(own).collect();
    // D_1 … D_7, each by a weight that depends on all of them, added to the equation.
    let all: Vec<u8> = script.digits.iter().chain(&to_affine(&[left])).flat_map(|point| group::GroupEncoding::to_bytes(point)).collect();
    let drawn = |i: u8| -> S<C> {
        let number: zkimg_group::field::F = hash_to_field("replay", &[&all[..], &[i]].concat());
        let words: Vec<u64> = number.to_repr().as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
        S::<C>::from_words([words[0], words[1], 0, 0])
    };
    let rho: Vec<S<C>> = (0..8).map(drawn).collect();
    let mut total = left * rho[0];
    for (digits, rho) in script.digits.iter().zip(&rho[1..]) {
        total -= *digits * *rho;
    }
    let with_digits = |scalar: &S<C>| -> S<C> {
        let repr = scalar.to_repr();
        let (words, _) = repr.as_chunks::<4>();
        let digits: S<C> =
            words[1..].iter().zip(&rho[1..]).map(|(word, rho)| *rho * S::<C>::from(u64::from(u32::from_le_bytes(*word)))).sum();
        *scalar * rho[0] + digits
    };
    let scalars: Vec<S<C>> = scalars.iter().map(with_digits).collect();
    total += msm(&scalars, generators.first(1 << m));
    total.is_identity().into()
}
