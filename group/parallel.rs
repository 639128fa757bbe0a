//! Every core where there are several, with rayon; one thread in a build without the feature `multicore`.

use crate::field::F;

/// `Σ f(i, chunk_i)` over the chunks of a slice.
#[cfg(feature = "multicore")]
pub fn sum_chunks<T: Sync>(data: &[T], size: usize, f: impl Fn((usize, &[T])) -> F + Send + Sync) -> F {
    use rayon::prelude::*;
    data.par_chunks(size).enumerate().with_min_len(16).map(f).sum()
}

/// `Σ f(i, chunk_i)` over the chunks of a slice.
#[cfg(not(feature = "multicore"))]
pub fn sum_chunks<T>(data: &[T], size: usize, f: impl Fn((usize, &[T])) -> F) -> F {
    data.chunks(size).enumerate().map(f).sum()
}

/// `f` of every item, in order.
#[cfg(feature = "multicore")]
pub fn map<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    use rayon::prelude::*;
    items.par_iter().map(f).collect()
}

/// `f` of every item, in order.
#[cfg(not(feature = "multicore"))]
pub fn map<T, R>(items: &[T], f: impl Fn(&T) -> R) -> Vec<R> {
    items.iter().map(f).collect()
}

/// Runs `f(i, chunk_i)` on the chunks of a slice.
#[cfg(feature = "multicore")]
pub fn each_chunk<T: Send>(data: &mut [T], size: usize, f: impl Fn(usize, &mut [T]) + Send + Sync) {
    use rayon::prelude::*;
    data.par_chunks_mut(size).enumerate().with_min_len(64).for_each(|(i, chunk)| f(i, chunk));
}

/// Runs `f(i, chunk_i)` on the chunks of a slice.
#[cfg(not(feature = "multicore"))]
pub fn each_chunk<T>(data: &mut [T], size: usize, f: impl Fn(usize, &mut [T])) {
    data.chunks_mut(size).enumerate().for_each(|(i, chunk)| f(i, chunk));
}

/// Runs two things, at once where there are two cores.
#[cfg(feature = "multicore")]
pub fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

/// Runs two things, at once where there are two cores.
#[cfg(not(feature = "multicore"))]
pub fn both<A, B>(a: impl FnOnce() -> A, b: impl FnOnce() -> B) -> (A, B) {
    (a(), b())
}

/// Runs `f` where rayon has one thread: halo2 shares its sums out by windows, each of which then doubles on its own, and
/// for the few terms that it verifies with, that is more work than it saves.
///
/// The calling thread sleeps meanwhile. If it waited as one of rayon's it would take up other work, and begin to wait in
/// that too, one within the other.
#[cfg(feature = "multicore")]
pub fn alone<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    let mut f = Some(f);
    let mut result = None;
    let outcome = std::thread::scope(|scope| {
        let (f, result) = (&mut f, &mut result);
        let work = move || {
            let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(1).build() else { return };
            *result = f.take().map(|f| pool.install(f));
        };
        std::thread::Builder::new().spawn_scoped(scope, work).map_or(Ok(()), |thread| thread.join())
    });
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
    // Without a thread to be had, here.
    result.unwrap_or_else(|| f.take().expect("not yet run")())
}

/// Runs `f`.
#[cfg(not(feature = "multicore"))]
pub fn alone<R>(f: impl FnOnce() -> R) -> R {
    f()
}

#[cfg(all(test, feature = "multicore"))]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn what_runs_alone_has_one_thread_and_the_caller_takes_up_nothing_else() {
        thread_local!(static DEPTH: Cell<usize> = const { Cell::new(0) });
        let items: Vec<u64> = (0..500).collect();
        let squares = map(&items, |item| {
            DEPTH.set(DEPTH.get() + 1);
            assert_eq!(DEPTH.get(), 1, "one call within another");
            let square = alone(|| {
                assert_eq!(rayon::current_num_threads(), 1);
                std::thread::sleep(std::time::Duration::from_micros(200));
                item * item
            });
            DEPTH.set(0);
            square
        });
        assert!(squares.iter().zip(&items).all(|(square, item)| *square == item * item));
    }

    #[test]
    fn a_panic_goes_through() {
        let caught = std::panic::catch_unwind(|| alone(|| panic!("gone")));
        assert_eq!(caught.expect_err("a panic").downcast_ref(), Some(&"gone"));
    }
}
