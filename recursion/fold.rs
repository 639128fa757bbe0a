//! Folding of relaxed instances, `Az∘Bz = u·Cz + E` over `z = (W, u, x)`: Nova's (Kothapalli, Setty, Tzialla 2021, eprint 2021/370), on
//! either curve.

use crate::r1cs::Shape;
use ff::Field;
use group::Group;
use rand_core::Rng;
use rayon::prelude::*;
use zeroize::{Zeroize, Zeroizing};
use zkimg_group::cycle::Curve;
use zkimg_group::msm::{msm, to_affine};

/// Generators of rows, and the one of blinders.
#[derive(Clone, Copy, Debug)]
pub struct Bases<'a, C> {
    /// As many as a row has cells.
    pub row: &'a [C],
    /// Of blinders.
    pub blinder: C,
}

/// A vector committed in rows, with a blinder each. Secret.
#[derive(Clone, Default)]
pub struct Committed<S: Zeroize> {
    /// The vector, as far as it is not zero.
    pub values: Zeroizing<Vec<S>>,
    /// A blinder a row.
    pub blinders: Zeroizing<Vec<S>>,
}

impl<S: Zeroize> std::fmt::Debug for Committed<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Committed").finish_non_exhaustive()
    }
}

/// `a + by·b`, where either may be shorter.
fn sum<S: Field + Zeroize>(a: &[S], by: S, b: &[S]) -> Zeroizing<Vec<S>> {
    let at = |values: &[S], i: usize| values.get(i).copied().unwrap_or(S::ZERO);
    Zeroizing::new((0..a.len().max(b.len())).into_par_iter().map(|i| at(a, i) + by * at(b, i)).collect())
}

impl<S: Field + Zeroize> Committed<S> {
    /// A vector with fresh blinders.
    pub fn blinded(values: Zeroizing<Vec<S>>, rows: usize, random: &mut impl Rng) -> Committed<S> {
        Committed { values, blinders: Zeroizing::new((0..rows).map(|_| S::random(&mut *random)).collect()) }
    }

    /// A vector that hides nothing, with no blinders.
    pub fn open(values: Zeroizing<Vec<S>>, rows: usize) -> Committed<S> {
        Committed { values, blinders: Zeroizing::new(vec![S::ZERO; rows]) }
    }

    /// A vector that hides nothing, with blinders that everybody knows, `from + i` of row `i`: so that no row is the identity, which no
    /// circuit could add.
    pub fn known(values: Zeroizing<Vec<S>>, rows: usize, from: u64) -> Committed<S>
    where
        S: From<u64>,
    {
        Committed { values, blinders: Zeroizing::new((from..).take(rows).map(S::from).collect()) }
    }

    /// The rows.
    pub fn rows<C: Curve<ScalarExt = S>>(&self, bases: &Bases<'_, C>) -> Vec<C> {
        let length = bases.row.len();
        let row = |(i, blinder): (usize, &S)| {
            let start = self.values.len().min(i * length);
            let cells = &self.values[start..self.values.len().min((i + 1) * length)];
            let own = if cells.is_empty() { C::CurveExt::identity() } else { msm(cells, &bases.row[..cells.len()]) };
            own + bases.blinder * *blinder
        };
        to_affine(&self.blinders.par_iter().enumerate().map(row).collect::<Vec<_>>())
    }

    /// `self + by·other`.
    pub fn plus(&self, by: S, other: &Committed<S>) -> Committed<S> {
        Committed { values: sum(&self.values, by, &other.values), blinders: sum(&self.blinders, by, &other.blinders) }
    }
}

/// What is behind a relaxed instance, and its numbers.
#[derive(Clone, Debug)]
pub struct Relaxed<S: Zeroize> {
    /// `W`.
    pub witness: Committed<S>,
    /// `E`.
    pub error: Committed<S>,
    /// `u`.
    pub unit: S,
    /// `x`.
    pub public: Vec<S>,
}

impl<S: Zeroize + zkimg_group::cycle::PastaField> Relaxed<S> {
    /// A strict instance.
    pub fn strict(witness: Committed<S>, public: Vec<S>) -> Relaxed<S> {
        let error = Committed::open(Zeroizing::default(), witness.blinders.len());
        Relaxed { witness, error, unit: S::ONE, public }
    }

    /// A uniform instance of a shape: witness, `u`, public inputs and all blinders.
    pub fn uniform(shape: &Shape<S>, rows: usize, random: &mut impl Rng) -> Relaxed<S> {
        let numbers = (S::random(&mut *random), (0..shape.public()).map(|_| S::random(&mut *random)).collect());
        Relaxed::uniform_with(shape, rows, numbers, random)
    }

    /// The same with these numbers.
    pub fn uniform_with(shape: &Shape<S>, rows: usize, (unit, public): (S, Vec<S>), random: &mut impl Rng) -> Relaxed<S> {
        let values = Zeroizing::new((0..shape.witness()).map(|_| S::random(&mut *random)).collect());
        let witness = Committed::blinded(values, rows, random);
        let error = Zeroizing::new(shape.error(&witness.values, unit, &public));
        Relaxed { witness, error: Committed::blinded(error, rows, random), unit, public }
    }

    /// With the error that follows from the rest, if the constraints hold.
    pub fn completed(mut self, shape: &Shape<S>) -> Relaxed<S> {
        self.error.values = Zeroizing::new(shape.error(&self.witness.values, self.unit, &self.public));
        self
    }

    /// Whether the constraints hold.
    pub fn is_satisfied(&self, shape: &Shape<S>) -> bool {
        if self.witness.values.len() > shape.witness() || self.public.len() != shape.public() {
            return false;
        }
        let mut witness = self.witness.values.clone();
        witness.resize(shape.witness(), S::ZERO);
        let [a, b, c] = shape.products(&witness, self.unit, &self.public);
        let at = |i: usize| self.error.values.get(i).copied().unwrap_or(S::ZERO);
        self.error.values.len() <= a.len() && (0..a.len()).into_par_iter().all(|i| a[i] * b[i] == self.unit * c[i] + at(i))
    }

    /// The cross term of two instances.
    pub fn cross(&self, other: &Relaxed<S>, shape: &Shape<S>) -> Zeroizing<Vec<S>> {
        let products = |one: &Relaxed<S>| {
            let mut witness = one.witness.values.clone();
            witness.resize(shape.witness(), S::ZERO);
            shape.products(&witness, one.unit, &one.public)
        };
        let ([a, b, c], [d, e, f]) = (products(self), products(other));
        let at = |i: usize| a[i] * e[i] + d[i] * b[i] - self.unit * f[i] - other.unit * c[i];
        Zeroizing::new((0..shape.rows_used()).into_par_iter().map(at).collect())
    }

    /// `self + by·other`, given the cross term.
    pub fn plus(&self, by: S, other: &Relaxed<S>, cross: &Committed<S>) -> Relaxed<S> {
        Relaxed {
            witness: self.witness.plus(by, &other.witness),
            error: self.error.plus(by, cross).plus(by.square(), &other.error),
            unit: self.unit + by * other.unit,
            public: self.public.iter().zip(&other.public).map(|(own, other)| *own + by * other).collect(),
        }
    }
}
