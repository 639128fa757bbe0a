//! Numbers that a constraint system computes with.

use super::system::{Column, Combination, System};
use crate::poseidon::{Cell, WIDTH};
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};
use zkimg_group::cycle::PastaField;
use zkimg_proof::channel::Scalar;

/// A number: for a shape a combination of columns, for a witness a value.
///
/// Sums and products with constants cost nothing, a product of two others is a column and a constraint.
#[derive(Clone)]
pub struct Number<P: PastaField> {
    /// None: a constant.
    system: Option<System<P>>,
    /// The value; where there are no values, the constant of the combination.
    value: P,
    /// By column; empty where there are values.
    terms: Vec<(Column, P)>,
}

impl<P: PastaField> fmt::Debug for Number<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Number").finish_non_exhaustive()
    }
}

impl<P: PastaField> Number<P> {
    pub(super) fn constant_of(value: P) -> Number<P> {
        Number { system: None, value, terms: Vec::new() }
    }

    pub(super) fn of_value(system: System<P>, value: P) -> Number<P> {
        Number { system: Some(system), value, terms: Vec::new() }
    }

    pub(super) fn of_column(system: System<P>, column: Column) -> Number<P> {
        Number { system: Some(system), value: P::ZERO, terms: vec![(column, P::ONE)] }
    }

    pub(super) fn combination(&self) -> Combination<P> {
        (self.value, self.terms.clone())
    }

    /// The value, of a constant or in a system of values; else nothing of meaning.
    pub fn value(&self) -> P {
        self.value
    }

    /// States that this is zero.
    ///
    /// # Panics
    /// If it is another constant.
    pub fn require_zero(&self) {
        let one = Number::constant_of(P::ONE);
        match &self.system {
            Some(system) => system.require(self, &one, &Number::constant_of(P::ZERO)),
            None => assert!(self.value == P::ZERO, "a constant that is not zero"),
        }
    }

    fn scaled(mut self, by: P) -> Number<P> {
        self.value *= by;
        self.terms.iter_mut().for_each(|(_, c)| *c *= by);
        self
    }
}

impl<P: PastaField> Add for Number<P> {
    type Output = Number<P>;

    fn add(self, other: Number<P>) -> Number<P> {
        let mut terms = Vec::with_capacity(self.terms.len() + other.terms.len());
        let (mut left, mut right) = (self.terms.into_iter().peekable(), other.terms.into_iter().peekable());
        while let (Some((a, x)), Some((b, y))) = (left.peek(), right.peek()) {
            if a == b {
                let both = *x + y;
                if both != P::ZERO {
                    terms.push((*a, both));
                }
                left.next();
                right.next();
            } else {
                terms.extend(if a < b { left.next() } else { right.next() });
            }
        }
        terms.extend(left.chain(right));
        Number { system: self.system.or(other.system), value: self.value + other.value, terms }
    }
}

impl<P: PastaField> Neg for Number<P> {
    type Output = Number<P>;

    fn neg(self) -> Number<P> {
        self.scaled(-P::ONE)
    }
}

impl<P: PastaField> Sub for Number<P> {
    type Output = Number<P>;

    fn sub(self, other: Number<P>) -> Number<P> {
        self + -other
    }
}

impl<P: PastaField> Mul for Number<P> {
    type Output = Number<P>;

    fn mul(self, other: Number<P>) -> Number<P> {
        match (&self.system, &other.system) {
            (_, None) => self.scaled(other.value),
            (None, _) => other.scaled(self.value),
            (Some(system), Some(_)) => {
                let product = system.hidden(self.value * other.value);
                system.require(&self, &other, &product);
                product
            }
        }
    }
}

impl<P: PastaField> Scalar<P> for Number<P> {
    fn constant(value: P) -> Number<P> {
        Number::constant_of(value)
    }
}

impl<P: PastaField> Cell<P> for Number<P> {
    fn settled(self) -> Number<P> {
        let Some(system) = &self.system else { return self };
        let own = system.hidden(self.value);
        system.require(&self, &Number::constant_of(P::ONE), &own);
        own
    }

    #[cfg(test)]
    fn free(&self, value: P) -> Number<P> {
        self.system.as_ref().map_or_else(|| Number::constant_of(value), |system| system.hidden(value))
    }

    fn block(state: [Number<P>; WIDTH], permutation: impl FnOnce([Number<P>; WIDTH]) -> [Number<P>; WIDTH]) -> [Number<P>; WIDTH] {
        match state.iter().find_map(|number| number.system.clone()) {
            Some(system) => system.block(state, permutation),
            None => permutation(state),
        }
    }
}
