//! Hedged randomness: blinders stay unpredictable even if the system's source, or the secret, is weak.

use blake2b_simd::Params as Blake2b;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use zeroize::Zeroize;

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandomness;

/// A generator seeded from 64 fresh bytes of the operating system, the secret parts, and a label.
///
/// Two calls never give the same stream; the stream depends on every part.
pub fn hedged(label: &str, parts: &[&[u8]]) -> Result<ChaCha20Rng, NoRandomness> {
    let mut fresh = [0u8; 64];
    getrandom::fill(&mut fresh).map_err(|_| NoRandomness)?;
    let mut state = Blake2b::new().hash_length(32).personal(b"zkimg-random-v1").to_state();
    for part in [label.as_bytes(), &fresh].into_iter().chain(parts.iter().copied()) {
        state.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    let mut seed = [0u8; 32];
    seed.copy_from_slice(state.finalize().as_bytes());
    let generator = ChaCha20Rng::from_seed(seed);
    fresh.zeroize();
    seed.zeroize();
    Ok(generator)
}
