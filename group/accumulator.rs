//! Group equations that are collected and checked as one sum.

use crate::cycle::{Curve, Vesta};
use crate::generators::Generators;
use crate::msm::msm;
use ff::Field;
use group::Group;

/// `Σ g_j·G_j + h·H + u·U + Σ scalar·point`, which must be the identity.
#[derive(Clone, Debug)]
pub struct Accumulator<C: Curve = Vesta> {
    g: Vec<C::ScalarExt>,
    h: C::ScalarExt,
    u: C::ScalarExt,
    scalars: Vec<C::ScalarExt>,
    points: Vec<C>,
}

impl<C: Curve> Default for Accumulator<C> {
    fn default() -> Accumulator<C> {
        let zero = C::ScalarExt::ZERO;
        Accumulator { g: Vec::new(), h: zero, u: zero, scalars: Vec::new(), points: Vec::new() }
    }
}

impl<C: Curve> Accumulator<C> {
    /// Nothing yet.
    pub fn new() -> Accumulator<C> {
        Accumulator::default()
    }

    /// Adds `scalar·G_j`.
    pub fn g(&mut self, j: usize, scalar: C::ScalarExt) {
        if self.g.len() <= j {
            self.g.resize(j + 1, C::ScalarExt::ZERO);
        }
        self.g[j] += scalar;
    }

    /// Adds `Σ scalars[j]·G_j`.
    pub fn long(&mut self, scalars: &[C::ScalarExt]) {
        self.g.resize(self.g.len().max(scalars.len()), C::ScalarExt::ZERO);
        self.g.iter_mut().zip(scalars).for_each(|(g, scalar)| *g += scalar);
    }

    /// Adds `scalar·H`.
    pub fn h(&mut self, scalar: C::ScalarExt) {
        self.h += scalar;
    }

    /// Adds `scalar·U`.
    pub fn u(&mut self, scalar: C::ScalarExt) {
        self.u += scalar;
    }

    /// Adds `scalar·point`.
    pub fn term(&mut self, scalar: C::ScalarExt, point: C) {
        self.scalars.push(scalar);
        self.points.push(point);
    }

    /// Adds `weight` times another equation; weights are drawn after both are fixed.
    pub fn merge(&mut self, weight: C::ScalarExt, other: &Accumulator<C>) {
        for (j, scalar) in other.g.iter().enumerate() {
            self.g(j, weight * scalar);
        }
        self.h += weight * other.h;
        self.u += weight * other.u;
        self.scalars.extend(other.scalars.iter().map(|s| weight * s));
        self.points.extend(&other.points);
    }

    /// Whether the sum is the identity.
    pub fn holds(&self, generators: &Generators<C>) -> bool {
        let mut scalars = self.g.clone();
        let mut points = generators.first(scalars.len()).to_vec();
        scalars.extend([self.h, self.u]);
        points.extend([generators.h, generators.u]);
        scalars.extend(&self.scalars);
        points.extend(&self.points);
        let sum = msm(&scalars, &points);
        bool::from(sum.is_identity())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cycle::on_both_curves;
    use crate::msm::tests::random;

    on_both_curves!(true_equations_hold_together_and_a_false_one_shows);

    fn true_equations_hold_together_and_a_false_one_shows<C: Curve>() {
        let generators = Generators::<C>::derive(300);
        let equation = |scalars: &[C::ScalarExt]| {
            let (h, u) = (scalars[0], scalars[1]);
            let sum = msm(scalars, generators.first(scalars.len())) + generators.h * h + generators.u * u;
            let mut equation = Accumulator::new();
            equation.long(scalars);
            equation.h(h);
            equation.u(u);
            equation.term(-C::ScalarExt::ONE, sum.into());
            equation
        };
        let scalars = random::<C>(300);
        let [weight, more] = [scalars[7], scalars[8]];
        let mut both = equation(&scalars);
        both.merge(weight, &equation(&scalars[..50]));
        assert!(both.holds(&generators));
        for part in ["g", "h", "u"] {
            let mut other = equation(&scalars);
            match part {
                "g" => other.g(299, more),
                "h" => other.h(more),
                _ => other.u(more),
            }
            assert!(!other.holds(&generators), "{part}");
            let mut sum = both.clone();
            sum.merge(weight, &other);
            assert!(!sum.holds(&generators), "{part}");
        }
        assert!(Accumulator::<C>::new().holds(&generators));
    }
}
