//! Four elements of the curve's base field at once, for sums that add many points.
//!
//! One definition of the sums runs on either of two arithmetics: [`Plain`] is the field's own, four times over;
//! [`wide::Wide`] computes the four side by side in vectors, where the processor has them.

mod plain;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod wide;

pub(super) use plain::Plain;
#[cfg(target_arch = "x86_64")]
pub(super) use wide::Wide;

use pasta_curves::Fq;

/// How many elements go side by side.
pub(super) const WIDTH: usize = 4;

/// Arithmetic on [`WIDTH`] elements of the base field at once. A value is the proof that the processor can do it.
///
/// Sums and differences are not reduced at once: they are [`Lanes::Loose`] and go into a product or through
/// [`Lanes::reduced`].
pub(super) trait Lanes: Copy + Send + Sync + 'static {
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
    fn pack(element: &Fq) -> Self::One;
    /// The element that is kept.
    fn unpack(one: &Self::One) -> Fq;
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
    fn splat(self, element: &Fq) -> Self::Reduced;
    /// `a` in the lanes whose bit is set, `b` in the others.
    fn select(self, bits: u8, a: &Self::Loose, b: &Self::Loose) -> Self::Loose;

    /// `a·b`.
    fn product(self, a: &Self::Loose, b: &Self::Reduced) -> Self::Reduced;
    /// `a²`.
    fn square(self, a: &Self::Reduced) -> Self::Reduced;
    /// `a` as a loose value.
    fn loose(self, a: &Self::Reduced) -> Self::Loose;
    /// `2a`.
    #[cfg_attr(not(feature = "prover"), expect(dead_code, reason = "only the prover doubles points"))]
    fn double(self, a: &Self::Reduced) -> Self::Loose;
    /// `3a`.
    #[cfg_attr(not(feature = "prover"), expect(dead_code, reason = "only the prover doubles points"))]
    fn triple(self, a: &Self::Reduced) -> Self::Loose;
    /// `a − b`.
    fn difference(self, a: &Self::Reduced, b: &Self::Reduced) -> Self::Loose;
    /// `a − b − c`.
    fn difference_of_both(self, a: &Self::Reduced, b: &Self::Reduced, c: &Self::Reduced) -> Self::Loose;
    /// The same value, reduced.
    fn reduced(self, a: &Self::Loose) -> Self::Reduced;
}

/// Evaluates an expression with the best arithmetic that this processor has.
#[cfg(target_arch = "x86_64")]
macro_rules! with_lanes {
    ($lanes:ident => $body:expr) => {
        match $crate::msm::lanes::Wide::detect() {
            Some($lanes) => $body,
            None => {
                let $lanes = $crate::msm::lanes::Plain;
                $body
            }
        }
    };
}

/// Evaluates an expression with the best arithmetic that this processor has.
#[cfg(not(target_arch = "x86_64"))]
macro_rules! with_lanes {
    ($lanes:ident => $body:expr) => {{
        let $lanes = $crate::msm::lanes::Plain;
        $body
    }};
}

pub(super) use with_lanes;
