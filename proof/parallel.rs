//! Both cores where there are some: the prover's build uses rayon, the verify-only build one thread.

use crate::field::F;

/// `Σ f(i, chunk_i)` over the chunks of a slice.
#[cfg(feature = "prover")]
pub(crate) fn sum_chunks<T: Sync>(data: &[T], size: usize, f: impl Fn((usize, &[T])) -> F + Send + Sync) -> F {
    use rayon::prelude::*;
    data.par_chunks(size).enumerate().with_min_len(16).map(f).sum()
}

/// `Σ f(i, chunk_i)` over the chunks of a slice.
#[cfg(not(feature = "prover"))]
pub(crate) fn sum_chunks<T>(data: &[T], size: usize, f: impl Fn((usize, &[T])) -> F) -> F {
    data.chunks(size).enumerate().map(f).sum()
}
