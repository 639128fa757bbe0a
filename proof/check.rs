//! Group equations that are collected and checked as one sum.

use crate::field::{Affine, F, Point};
use crate::generators::Generators;
use crate::msm::msm;
use crate::opening::LAST;
use crate::parallel;
use ff::Field;
use group::Group;

/// `Σ g_j·G_j + h·H + u·U + Σ scalar·point`, which must be the identity.
///
/// Generator-long parts are kept as products and written out once, however many equations are merged.
#[derive(Clone, Debug, Default)]
pub struct Check {
    g: Vec<F>,
    products: Vec<(Vec<F>, [F; LAST])>,
    h: F,
    u: F,
    scalars: Vec<F>,
    points: Vec<Affine>,
}

impl Check {
    /// Nothing yet.
    pub fn new() -> Check {
        Check::default()
    }

    /// Adds `scalar·G_j`.
    pub fn g(&mut self, j: usize, scalar: F) {
        if self.g.len() <= j {
            self.g.resize(j + 1, F::ZERO);
        }
        self.g[j] += scalar;
    }

    /// Adds `Σ high_i·low_j·G_k` with `k = 16·i + j`.
    pub fn g_product(&mut self, high: Vec<F>, low: [F; LAST]) {
        self.products.push((high, low));
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
    pub fn merge(&mut self, weight: F, other: &Check) {
        for (j, scalar) in other.g.iter().enumerate() {
            self.g(j, weight * scalar);
        }
        self.products.extend(other.products.iter().map(|(high, low)| (high.clone(), low.map(|s| weight * s))));
        self.h += weight * other.h;
        self.u += weight * other.u;
        self.scalars.extend(other.scalars.iter().map(|s| weight * s));
        self.points.extend(&other.points);
    }

    /// Whether the sum is the identity.
    pub fn holds(&self, generators: &Generators) -> bool {
        let mut scalars = self.generator_scalars();
        let bits = crate::field::index_bits(scalars.len());
        let mut points = generators.rows(bits)[..scalars.len()].to_vec();
        scalars.extend([self.h, self.u]);
        points.extend([generators.h, generators.u]);
        scalars.extend(&self.scalars);
        points.extend(&self.points);
        let sum: Point = msm(&scalars, &points);
        bool::from(sum.is_identity())
    }

    /// The scalars of `G_0, G_1, …`.
    fn generator_scalars(&self) -> Vec<F> {
        let long = self.products.iter().map(|(high, _)| high.len() * LAST).max().unwrap_or(0);
        let mut scalars = self.g.clone();
        scalars.resize(long.max(scalars.len()), F::ZERO);
        parallel::each_chunk(&mut scalars, LAST, |i, chunk| {
            for (high, low) in &self.products {
                let Some(high) = high.get(i) else { continue };
                chunk.iter_mut().zip(low).for_each(|(s, low)| *s += *high * low);
            }
        });
        scalars
    }
}
