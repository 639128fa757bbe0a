//! All equations of a proof as one: what the circuit is proved for.

use crate::channel::{Hidden, Message, Quadratic, SLOTS};
use ff::Field;
use zkimg_group::field::F;

/// The pairs of slots whose products a row of the circuit has a coefficient for.
pub const PAIRS: [(usize, usize); 3] = [(0, 3), (1, 2), (2, 3)];

/// A product of two values that no row of the circuit multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the circuit has no product of {0:?} and {1:?}")]
pub struct NoProduct(pub Hidden, pub Hidden);

/// Coefficients of one equation for all messages: the batch `Σ_k τ^k·equation_k`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The public part.
    pub constant: F,
    /// Coefficient of each slot of each message.
    pub linear: Vec<Message>,
    /// Coefficient of each of [`PAIRS`] of each message.
    pub products: Vec<[F; PAIRS.len()]>,
}

impl Batch {
    /// No equation between so many messages.
    pub fn empty(messages: usize) -> Batch {
        Batch { constant: F::ZERO, linear: vec![[F::ZERO; SLOTS]; messages], products: vec![[F::ZERO; PAIRS.len()]; messages] }
    }

    /// Batches equations by powers of `τ`.
    ///
    /// # Errors
    /// If there is a product that a row cannot express.
    pub fn new(messages: usize, equations: &[Quadratic], tau: F) -> Result<Batch, NoProduct> {
        let mut batch = Batch::empty(messages);
        let mut power = F::ONE;
        for equation in equations {
            batch.constant += power * equation.constant;
            for (value, c) in &equation.linear.0 {
                batch.linear[value.message][value.slot] += power * c;
            }
            for (a, b, c) in &equation.products {
                let pair = (a.slot.min(b.slot), a.slot.max(b.slot));
                match PAIRS.iter().position(|known| *known == pair) {
                    Some(i) if a.message == b.message => batch.products[a.message][i] += power * c,
                    _ => return Err(NoProduct(*a, *b)),
                }
            }
            power *= tau;
        }
        Ok(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Linear;
    use zkimg_group::field::hash_to_field;

    fn value(i: usize) -> F {
        hash_to_field("equations", &i.to_le_bytes())
    }

    #[test]
    fn a_batch_is_the_sum_of_its_equations() {
        let messages: Vec<Message> = (0..5).map(|j| std::array::from_fn(|slot| value(4 * j + slot))).collect();
        let at = |message, slot| Hidden { message, slot };
        let equation = |seed: usize| Quadratic {
            constant: value(seed),
            linear: Linear((0..7).map(|i| (at((seed + i) % 5, i % 4), value(seed + i))).collect()),
            products: PAIRS.iter().map(|(a, b)| (at(seed % 5, *b), at(seed % 5, *a), value(seed + a + b))).collect(),
        };
        let all: Vec<Quadratic> = (100..104).map(equation).collect();
        let tau = value(99);
        let batch = Batch::new(5, &all, tau).expect("products of one row");
        let rows = batch.linear.iter().zip(&batch.products).zip(&messages);
        let sum: F = rows
            .map(|((linear, products), a)| {
                let products = PAIRS.iter().zip(products).map(|((i, j), d)| *d * a[*i] * a[*j]);
                linear.iter().zip(a).map(|(c, a)| *c * a).chain(products).sum::<F>()
            })
            .sum();
        let direct =
            all.iter().rev().fold(F::ZERO, |sum, equation| sum * tau + equation.evaluate(|hidden| messages[hidden.message][hidden.slot]));
        assert_eq!(batch.constant + sum, direct);
    }

    #[test]
    fn a_product_that_no_row_has_is_refused() {
        let at = |message, slot| Hidden { message, slot };
        for (a, b) in [(at(0, 0), at(1, 3)), (at(0, 0), at(0, 1)), (at(1, 2), at(1, 2))] {
            let equation = Quadratic { products: vec![(a, b, F::ONE)], ..Quadratic::default() };
            assert_eq!(Batch::new(2, &[equation], F::ONE), Err(NoProduct(a, b)));
        }
    }
}
