//! Four elements of a field of the cycle at once.
//!
//! One definition of a computation, over [`Lanes`], runs on either of two arithmetics: [`ScalarLanes`] is the field's own, four times
//! over; `Avx2Lanes` computes the four side by side in vectors, where the processor has them. [`with_lanes!`] takes the better one.
//! Both serve both fields: the modulus is a parameter.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod scalar;
#[cfg(test)]
mod tests;

pub use crate::with_lanes;
#[cfg(target_arch = "x86_64")]
pub use avx2::Avx2Lanes;
pub use scalar::ScalarLanes;

use crate::cycle::PastaField;

/// How many elements go side by side.
pub const WIDTH: usize = 4;

/// Arithmetic on [`WIDTH`] elements of a field at once. A value is the proof that the processor can do it.
///
/// Sums and differences are not reduced at once: they are [`Lanes::Loose`] and go into a product or through
/// [`Lanes::reduced`].
pub trait Lanes: Copy + Send + Sync + 'static {
    /// Whose elements.
    type Field: PastaField;
    /// One element in memory.
    type One: Copy + Send + Sync;
    /// Several in memory, interleaved.
    type Several: Copy + Default + Send + Sync;
    /// Several at work.
    type Reduced: Copy;
    /// Several at work, as a sum or difference of reduced ones.
    type Loose: Copy;

    /// Runs `f` as code for the processor that this arithmetic needs.
    fn run<R>(self, f: impl FnOnce() -> R) -> R;

    /// An element as it is kept.
    fn pack(element: &Self::Field) -> Self::One;
    /// The element that is kept.
    fn unpack(one: &Self::One) -> Self::Field;
    /// `−a`.
    fn negated(one: &Self::One) -> Self::One;
    /// Whether it is the zero that was packed.
    fn is_zero(one: &Self::One) -> bool;
    /// Puts one of several.
    fn set(several: &mut Self::Several, lane: usize, one: &Self::One);
    /// Takes one of several.
    fn get(several: &Self::Several, lane: usize) -> Self::One;

    /// Several from memory.
    fn load(self, several: &Self::Several) -> Self::Reduced;
    /// Several to memory.
    fn store(self, reduced: &Self::Reduced) -> Self::Several;
    /// One element, several times.
    fn splat(self, element: &Self::Field) -> Self::Reduced;
    /// `a` in the lanes whose bit is set, `b` in the others.
    fn select(self, bits: u8, a: &Self::Loose, b: &Self::Loose) -> Self::Loose;

    /// `a·b`.
    fn product(self, a: &Self::Loose, b: &Self::Reduced) -> Self::Reduced;
    /// `a²`.
    fn square(self, a: &Self::Reduced) -> Self::Reduced;
    /// `a` as a loose value.
    fn loose(self, a: &Self::Reduced) -> Self::Loose;
    /// `2a`.
    fn double(self, a: &Self::Reduced) -> Self::Loose;
    /// `3a`.
    fn triple(self, a: &Self::Reduced) -> Self::Loose;
    /// `a − b`.
    fn difference(self, a: &Self::Reduced, b: &Self::Reduced) -> Self::Loose;
    /// `a − b − c`.
    fn difference_of_both(self, a: &Self::Reduced, b: &Self::Reduced, c: &Self::Reduced) -> Self::Loose;
    /// The same value, reduced.
    fn reduced(self, a: &Self::Loose) -> Self::Reduced;
}

/// Evaluates an expression with the best arithmetic that this processor has: `with_lanes!(lanes: Fq => sum(lanes, …))`.
#[cfg(target_arch = "x86_64")]
#[macro_export]
macro_rules! with_lanes {
    ($lanes:ident: $field:ty => $body:expr) => {
        match $crate::simd::Avx2Lanes::<$field>::detect() {
            Some($lanes) => $body,
            None => {
                let $lanes = $crate::simd::ScalarLanes::<$field>::new();
                $body
            }
        }
    };
}

/// Evaluates an expression with the best arithmetic that this processor has: `with_lanes!(lanes: Fq => sum(lanes, …))`.
#[cfg(not(target_arch = "x86_64"))]
#[macro_export]
macro_rules! with_lanes {
    ($lanes:ident: $field:ty => $body:expr) => {{
        let $lanes = $crate::simd::ScalarLanes::<$field>::new();
        $body
    }};
}
