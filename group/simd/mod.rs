//! Several elements of a field of the cycle at once.
//!
//! One definition of a computation, over [`Lanes`], runs on any of three arithmetics: `IfmaLanes` computes eight side by side in vectors
//! of AVX-512, `Avx2Lanes` four in those of AVX2, where the processor has them; [`ScalarLanes`] is the field's own, four times over.
//! [`with_lanes!`] takes the best one. All serve both fields: the modulus is a parameter.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod ifma;
#[cfg(target_arch = "x86_64")]
mod radix;
mod scalar;
#[cfg(test)]
mod tests;

pub use crate::with_lanes;
#[cfg(target_arch = "x86_64")]
pub use avx2::Avx2Lanes;
#[cfg(target_arch = "x86_64")]
pub use ifma::IfmaLanes;
pub use scalar::ScalarLanes;

use crate::cycle::PastaField;
use zeroize::Zeroize;

/// The most elements that any arithmetic has side by side.
pub const WIDEST: usize = 8;

/// Arithmetic on [`Lanes::WIDTH`] elements of a field at once. A value is the proof that the processor can do it.
///
/// Sums and differences are not reduced at once: they are [`Lanes::Loose`] and go into a product or through
/// [`Lanes::reduced`].
pub trait Lanes: Copy + Send + Sync + 'static {
    /// How many elements go side by side: a power of two, [`WIDEST`] at most.
    const WIDTH: usize;
    /// Whose elements.
    type Field: PastaField;
    /// One element in memory.
    type One: Copy + Send + Sync + Zeroize;
    /// Several in memory, interleaved.
    type Several: Copy + Default + Send + Sync + Zeroize;
    /// Several at work.
    type Reduced: Copy;
    /// Several at work, as a sum or difference of reduced ones.
    type Loose: Copy;
    /// Sums of products at work.
    type Sum: Copy;

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
    /// `ones[at(lane)]` in each lane.
    fn gather(self, ones: &[Self::One], at: impl Fn(usize) -> usize) -> Self::Reduced;
    /// The integer `at(lane)` in each lane.
    fn integers(self, at: impl Fn(usize) -> u32) -> Self::Reduced;
    /// Of the elements of `low`, followed by those of `high`, the ones at even places and the ones at odd places.
    fn unzip(self, low: &Self::Reduced, high: &Self::Reduced) -> (Self::Reduced, Self::Reduced);
    /// One element, several times.
    fn splat(self, element: &Self::Field) -> Self::Reduced;
    /// `a` in the lanes whose bit is set, `b` in the others.
    fn select(self, bits: u8, a: &Self::Loose, b: &Self::Loose) -> Self::Loose;

    /// `a` in the lanes whose bit is set in `bits_a`, else zero, plus `b` likewise.
    fn sum_where(self, bits_a: u8, a: &Self::Reduced, bits_b: u8, b: &Self::Reduced) -> Self::Loose;

    /// `a·b`.
    fn product(self, a: &Self::Loose, b: &Self::Reduced) -> Self::Reduced;
    /// `a²`.
    fn square(self, a: &Self::Reduced) -> Self::Reduced;
    /// `a·b + c·d`.
    fn sum_of_products(self, a: &Self::Loose, b: &Self::Reduced, c: &Self::Loose, d: &Self::Reduced) -> Self::Reduced;
    /// A sum without terms.
    fn nothing(self) -> Self::Sum;
    /// `sum + a·b`.
    fn add_product(self, sum: &mut Self::Sum, a: &Self::Loose, b: &Self::Reduced);
    /// What the terms add up to in each lane.
    fn total(self, sum: &Self::Sum) -> Self::Reduced;
    /// `a` as a loose value.
    fn loose(self, a: &Self::Reduced) -> Self::Loose;
    /// `2a`.
    fn double(self, a: &Self::Reduced) -> Self::Loose;
    /// `3a`.
    fn triple(self, a: &Self::Reduced) -> Self::Loose;
    /// `a + b`.
    fn sum(self, a: &Self::Reduced, b: &Self::Reduced) -> Self::Loose;
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
        if let Some($lanes) = $crate::simd::IfmaLanes::<$field>::detect() {
            $body
        } else if let Some($lanes) = $crate::simd::Avx2Lanes::<$field>::detect() {
            $body
        } else {
            let $lanes = $crate::simd::ScalarLanes::<$field>::new();
            $body
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
