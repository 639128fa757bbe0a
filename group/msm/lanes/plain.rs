//! The field's own arithmetic, four times over.

use super::{Lanes, WIDTH};
use ff::Field;
use pasta_curves::Fq;
use std::array::from_fn;

/// Needs nothing of the processor.
#[derive(Clone, Copy)]
pub(in crate::msm) struct Plain;

type Four = [Fq; WIDTH];

impl Lanes for Plain {
    type One = Fq;
    type Several = Four;
    type Reduced = Four;
    type Loose = Four;

    fn run<R>(self, f: impl FnOnce() -> R) -> R {
        f()
    }

    fn pack(element: &Fq) -> Fq {
        *element
    }

    fn unpack(one: &Fq) -> Fq {
        *one
    }

    fn negated(one: &Fq) -> Fq {
        -one
    }

    fn is_zero(one: &Fq) -> bool {
        one.is_zero_vartime()
    }

    fn set(several: &mut Four, lane: usize, one: &Fq) {
        several[lane] = *one;
    }

    fn get(several: &Four, lane: usize) -> Fq {
        several[lane]
    }

    fn load(self, several: &Four) -> Four {
        *several
    }

    fn store(self, reduced: &Four) -> Four {
        *reduced
    }

    fn splat(self, element: &Fq) -> Four {
        [*element; WIDTH]
    }

    fn select(self, bits: u8, a: &Four, b: &Four) -> Four {
        from_fn(|i| if bits >> i & 1 == 1 { a[i] } else { b[i] })
    }

    fn product(self, a: &Four, b: &Four) -> Four {
        from_fn(|i| a[i] * b[i])
    }

    fn square(self, a: &Four) -> Four {
        a.map(|a| Field::square(&a))
    }

    fn loose(self, a: &Four) -> Four {
        *a
    }

    fn double(self, a: &Four) -> Four {
        a.map(|a| a.double())
    }

    fn triple(self, a: &Four) -> Four {
        a.map(|a| a.double() + a)
    }

    fn difference(self, a: &Four, b: &Four) -> Four {
        from_fn(|i| a[i] - b[i])
    }

    fn difference_of_both(self, a: &Four, b: &Four, c: &Four) -> Four {
        from_fn(|i| a[i] - b[i] - c[i])
    }

    fn reduced(self, a: &Four) -> Four {
        *a
    }
}
