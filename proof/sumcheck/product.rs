//! The prover of the products' sum-check: `Σ_i scale_i·Σ_s left_i[s]·right_i[s]` over the bits of the shared indices.

use super::linear::{Round, fold, pairs};
use crate::relation::Factors;
use ff::Field;
use zkimg_group::field::F;
use zkimg_group::parallel;

/// The sum-check over all products.
pub struct ProductProver {
    products: Vec<Factors>,
}

crate::opaque!(ProductProver);

impl ProductProver {
    /// Takes the operands of every product.
    pub fn new(products: Vec<Factors>) -> ProductProver {
        ProductProver { products }
    }

    /// `Σ scale·left·right`.
    pub fn sum(&self) -> F {
        let product = |p: &Factors| p.scale * p.left.iter().zip(&p.right).map(|(a, b)| *a * b).sum::<F>();
        self.products.iter().map(product).sum()
    }

    /// The next round's `(c1, c2)`.
    pub fn round(&self) -> [F; 2] {
        let of = |p: &Factors| match p.left.len() {
            // Beyond their own bits both live at zero only: left·right·(1 − X)².
            1 => Round::of_constant(p.scale * p.left[0] * p.right[0]),
            _ => pairs(&p.left, &p.right).scaled(p.scale),
        };
        let mut round = Round::default();
        parallel::map(&self.products, of).into_iter().for_each(|part| round.add(part));
        round.coefficients()
    }

    /// Binds the next bit.
    pub fn bind(&mut self, r: F) {
        for p in &mut self.products {
            if p.left.len() == 1 {
                p.scale *= (F::ONE - r).square();
            } else {
                [&mut p.left, &mut p.right].into_iter().for_each(|v| fold(v, r));
            }
        }
    }

    /// Both operands of a product where all its bits are bound.
    pub fn operands(&self, i: usize) -> [F; 2] {
        [self.products[i].left[0], self.products[i].right[0]]
    }
}
