//! The field's own arithmetic, four times over.

use super::{Lanes, WIDTH};
use crate::cycle::PastaField;
use std::array::from_fn;
use std::marker::PhantomData;

/// Needs nothing of the processor.
#[derive(Clone, Copy, Debug)]
pub struct ScalarLanes<F>(PhantomData<F>);

impl<F> ScalarLanes<F> {
    /// Every processor can do it.
    pub const fn new() -> ScalarLanes<F> {
        ScalarLanes(PhantomData)
    }
}

impl<F> Default for ScalarLanes<F> {
    fn default() -> ScalarLanes<F> {
        ScalarLanes::new()
    }
}

impl<F: PastaField> Lanes for ScalarLanes<F> {
    type Field = F;
    type One = F;
    type Several = [F; WIDTH];
    type Reduced = [F; WIDTH];
    type Loose = [F; WIDTH];

    fn run<R>(self, f: impl FnOnce() -> R) -> R {
        f()
    }

    fn pack(element: &F) -> F {
        *element
    }

    fn unpack(one: &F) -> F {
        *one
    }

    fn negated(one: &F) -> F {
        -*one
    }

    fn is_zero(one: &F) -> bool {
        one.is_zero_vartime()
    }

    fn set(several: &mut [F; WIDTH], lane: usize, one: &F) {
        several[lane] = *one;
    }

    fn get(several: &[F; WIDTH], lane: usize) -> F {
        several[lane]
    }

    fn load(self, several: &[F; WIDTH]) -> [F; WIDTH] {
        *several
    }

    fn store(self, reduced: &[F; WIDTH]) -> [F; WIDTH] {
        *reduced
    }

    fn splat(self, element: &F) -> [F; WIDTH] {
        [*element; WIDTH]
    }

    fn select(self, bits: u8, a: &[F; WIDTH], b: &[F; WIDTH]) -> [F; WIDTH] {
        from_fn(|i| if bits >> i & 1 == 1 { a[i] } else { b[i] })
    }

    fn product(self, a: &[F; WIDTH], b: &[F; WIDTH]) -> [F; WIDTH] {
        from_fn(|i| a[i] * b[i])
    }

    fn square(self, a: &[F; WIDTH]) -> [F; WIDTH] {
        a.map(|a| a.square())
    }

    fn loose(self, a: &[F; WIDTH]) -> [F; WIDTH] {
        *a
    }

    fn double(self, a: &[F; WIDTH]) -> [F; WIDTH] {
        a.map(|a| a.double())
    }

    fn triple(self, a: &[F; WIDTH]) -> [F; WIDTH] {
        a.map(|a| a.double() + a)
    }

    fn difference(self, a: &[F; WIDTH], b: &[F; WIDTH]) -> [F; WIDTH] {
        from_fn(|i| a[i] - b[i])
    }

    fn difference_of_both(self, a: &[F; WIDTH], b: &[F; WIDTH], c: &[F; WIDTH]) -> [F; WIDTH] {
        from_fn(|i| a[i] - b[i] - c[i])
    }

    fn reduced(self, a: &[F; WIDTH]) -> [F; WIDTH] {
        *a
    }
}
