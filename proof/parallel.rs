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

/// `f` of every item, in order.
#[cfg(feature = "prover")]
pub(crate) fn map<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    use rayon::prelude::*;
    items.par_iter().map(f).collect()
}

/// `f` of every item, in order.
#[cfg(not(feature = "prover"))]
pub(crate) fn map<T, R>(items: &[T], f: impl Fn(&T) -> R) -> Vec<R> {
    items.iter().map(f).collect()
}

/// Runs `f(i, chunk_i)` on the chunks of a slice.
#[cfg(feature = "prover")]
pub(crate) fn each_chunk(data: &mut [F], size: usize, f: impl Fn(usize, &mut [F]) + Send + Sync) {
    use rayon::prelude::*;
    data.par_chunks_mut(size).enumerate().with_min_len(64).for_each(|(i, chunk)| f(i, chunk));
}

/// Runs `f(i, chunk_i)` on the chunks of a slice.
#[cfg(not(feature = "prover"))]
pub(crate) fn each_chunk(data: &mut [F], size: usize, f: impl Fn(usize, &mut [F])) {
    data.chunks_mut(size).enumerate().for_each(|(i, chunk)| f(i, chunk));
}

/// Runs two things, at once where there are two cores.
#[cfg(feature = "prover")]
pub(crate) fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

/// Runs two things, at once where there are two cores.
#[cfg(not(feature = "prover"))]
pub(crate) fn both<A, B>(a: impl FnOnce() -> A, b: impl FnOnce() -> B) -> (A, B) {
    (a(), b())
}

/// Runs `f` where rayon has one thread: halo2 shares its sums out by windows, each of which then doubles on its own, and
/// for the few terms that it verifies with, that is more work than it saves.
#[cfg(feature = "prover")]
pub(crate) fn alone<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
        Ok(pool) => pool.install(f),
        Err(_) => f(),
    }
}

/// Runs `f`.
#[cfg(not(feature = "prover"))]
pub(crate) fn alone<R>(f: impl FnOnce() -> R) -> R {
    f()
}
