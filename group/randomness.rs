//! Hedged randomness: blinders stay unpredictable even if the system's source, or the secret, is weak.

use blake2b_simd::Params as Blake2b;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use zeroize::Zeroizing;

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random bytes; nothing was made, try again on a working system")]
pub struct NoRandomness;

/// A generator seeded from 64 fresh bytes of the operating system, the secret parts, and a label.
///
/// Two calls never give the same stream; the stream depends on every part.
pub fn hedged(label: &str, parts: &[&[u8]]) -> Result<ChaCha20Rng, NoRandomness> {
    let mut fresh = Zeroizing::new([0u8; 64]);
    fill(fresh.as_mut())?;
    Ok(stream(&fresh, label, parts))
}

/// Fills a slice with bytes of the operating system that nobody could foresee.
pub fn fill(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    getrandom::fill(bytes).map_err(|_| NoRandomness)
}

/// Blake2b-256 of everything, each part behind its length, seeds ChaCha20.
fn stream(fresh: &[u8; 64], label: &str, parts: &[&[u8]]) -> ChaCha20Rng {
    let mut state = Blake2b::new().hash_length(32).personal(b"zkimg-random-v1").to_state();
    for part in [label.as_bytes(), fresh].into_iter().chain(parts.iter().copied()) {
        state.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    let mut seed = Zeroizing::new([0u8; 32]);
    seed.copy_from_slice(state.finalize().as_bytes());
    ChaCha20Rng::from_seed(*seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::Rng;

    #[test]
    fn every_part_changes_the_stream() {
        let cases: [(u8, &str, &[&[u8]]); 6] = [
            (1, "a", &[b"b", b"c"]),
            (2, "a", &[b"b", b"c"]),
            (1, "x", &[b"b", b"c"]),
            (1, "a", &[b"x", b"c"]),
            (1, "a", &[b"b", b"x"]),
            (1, "a", &[b"bc", b""]),
        ];
        let draws = cases.map(|(fresh, label, parts)| stream(&[fresh; 64], label, parts).next_u64());
        for (i, a) in draws.iter().enumerate() {
            assert!(draws.iter().skip(i + 1).all(|b| a != b));
        }
    }

    #[test]
    fn the_same_secret_twice_gives_two_streams() {
        let draw = || hedged("label", &[b"secret"]).expect("randomness").next_u64();
        assert_ne!(draw(), draw());
    }
}
