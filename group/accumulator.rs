//! Group equations that are collected and checked as one sum.

use crate::field::{Affine, F, Point};
use crate::generators::Generators;
use crate::msm::msm;
use ff::Field;
use group::Group;

/// `Σ g_j·G_j + h·H + u·U + Σ scalar·point`, which must be the identity.
#[derive(Clone, Debug, Default)]
pub struct Accumulator {
    g: Vec<F>,
    h: F,
    u: F,
    scalars: Vec<F>,
    points: Vec<Affine>,
}

impl Accumulator {
    /// Nothing yet.
    pub fn new() -> Accumulator {
        Accumulator::default()
    }

    /// Adds `scalar·G_j`.
    pub fn g(&mut self, j: usize, scalar: F) {
        if self.g.len() <= j {
            self.g.resize(j + 1, F::ZERO);
        }
        self.g[j] += scalar;
    }

    /// Adds `Σ scalars[j]·G_j`.
    pub fn long(&mut self, scalars: &[F]) {
        self.g.resize(self.g.len().max(scalars.len()), F::ZERO);
        self.g.iter_mut().zip(scalars).for_each(|(g, scalar)| *g += scalar);
    }

    /// Adds `scalar·H`.
    pub fn h(&mut self, scalar: F) {
        self.h += scalar;
    }

    /// Adds `scalar·U`.
    pub fn u(&mut self, scalar: F) {
        self.u += scalar;
    }

    /// Adds `scalar·point`.
    pub fn term(&mut self, scalar: F, point: Affine) {
        self.scalars.push(scalar);
        self.points.push(point);
    }

    /// Adds `weight` times another equation; weights are drawn after both are fixed.
    pub fn merge(&mut self, weight: F, other: &Accumulator) {
        for (j, scalar) in other.g.iter().enumerate() {
            self.g(j, weight * scalar);
        }
        self.h += weight * other.h;
        self.u += weight * other.u;
        self.scalars.extend(other.scalars.iter().map(|s| weight * s));
        self.points.extend(&other.points);
    }

    /// Whether the sum is the identity.
    pub fn holds(&self, generators: &Generators) -> bool {
        let mut scalars = self.g.clone();
        let mut points = generators.first(scalars.len()).to_vec();
        scalars.extend([self.h, self.u]);
        points.extend([generators.h, generators.u]);
        scalars.extend(&self.scalars);
        points.extend(&self.points);
        let sum: Point = msm(&scalars, &points);
        bool::from(sum.is_identity())
    }
}
