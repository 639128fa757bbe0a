//! The field's own arithmetic, four times over.

use super::Lanes;
use crate::cycle::PastaField;
use std::array::from_fn;
use std::marker::PhantomData;

const WIDTH: usize = 4;

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
    const WIDTH: usize = WIDTH;
    type Field = F;
    type One = F;
    type Several = [F; WIDTH];
    type Reduced = [F; WIDTH];
    type Loose = [F; WIDTH];
    /// Products whose reduction waits.
    type Sum = [F::Accumulator; WIDTH];

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

    fn gather(self, ones: &[F], at: impl Fn(usize) -> usize) -> [F; WIDTH] {
        from_fn(|i| ones[at(i)])
    }

    fn integers(self, at: impl Fn(usize) -> u32) -> [F; WIDTH] {
        from_fn(|i| F::from(at(i).into()))
    }

    fn unzip(self, low: &[F; WIDTH], high: &[F; WIDTH]) -> ([F; WIDTH], [F; WIDTH]) {
        let every_other = |first: usize| from_fn(|i| if i < WIDTH / 2 { low[2 * i + first] } else { high[2 * i + first - WIDTH] });
        (every_other(0), every_other(1))
    }

    fn splat(self, element: &F) -> [F; WIDTH] {
        [*element; WIDTH]
    }

    fn select(self, bits: u8, a: &[F; WIDTH], b: &[F; WIDTH]) -> [F; WIDTH] {
        from_fn(|i| if bits >> i & 1 == 1 { a[i] } else { b[i] })
    }

    fn sum_where(self, bits_a: u8, a: &[F; WIDTH], bits_b: u8, b: &[F; WIDTH]) -> [F; WIDTH] {
        let one = |bits: u8, of: &[F; WIDTH], i: usize| if bits >> i & 1 == 1 { of[i] } else { F::ZERO };
        from_fn(|i| one(bits_a, a, i) + one(bits_b, b, i))
    }

    fn product(self, a: &[F; WIDTH], b: &[F; WIDTH]) -> [F; WIDTH] {
        from_fn(|i| a[i] * b[i])
    }

    fn square(self, a: &[F; WIDTH]) -> [F; WIDTH] {
        a.map(|a| a.square())
    }

    fn sum_of_products(self, a: &[F; WIDTH], b: &[F; WIDTH], c: &[F; WIDTH], d: &[F; WIDTH]) -> [F; WIDTH] {
        from_fn(|i| a[i] * b[i] + c[i] * d[i])
    }

    fn nothing(self) -> Self::Sum {
        Default::default()
    }

    fn add_product(self, sum: &mut Self::Sum, a: &[F; WIDTH], b: &[F; WIDTH]) {
        sum.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| F::mul_accumulate(sum, a, b));
    }

    fn total(self, sum: &Self::Sum) -> [F; WIDTH] {
        sum.map(F::reduce)
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

    fn sum(self, a: &[F; WIDTH], b: &[F; WIDTH]) -> [F; WIDTH] {
        from_fn(|i| a[i] + b[i])
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
