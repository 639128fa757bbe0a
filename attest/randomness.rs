//! Hedged randomness: secure if the operating system's randomness is, and still never repeated for two
//! different photos if it is not.

use blake2b_simd::Params as Blake2b;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use zeroize::{Zeroize, Zeroizing};
use zkimg_proof::field::F;

/// The operating system gives no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random bytes ({0}); nothing was signed, try again on a working system")]
pub struct NoRandomness(getrandom::Error);

/// What one capture draws its randomness from: fresh bytes, a secret, and what the randomness is for.
///
/// One stream per label: Blake2b-256 of all of it seeds ChaCha20.
pub struct Randomness {
    fresh: Zeroizing<[u8; 32]>,
    secret: Zeroizing<Vec<u8>>,
    statement: Vec<u8>,
}

impl Randomness {
    /// Takes fresh bytes from the operating system.
    pub fn new(secret: Zeroizing<Vec<u8>>, statement: Vec<u8>) -> Result<Randomness, NoRandomness> {
        let mut fresh = Zeroizing::new([0; 32]);
        getrandom::fill(fresh.as_mut()).map_err(NoRandomness)?;
        Ok(Randomness { fresh, secret, statement })
    }

    /// The stream for one purpose. Ask for a label once only: the same label gives the same stream.
    pub fn stream(&self, label: &str) -> ChaCha20Rng {
        let mut state = Blake2b::new().hash_length(32).personal(b"zkimg-hedge-v1").to_state();
        for part in [self.fresh.as_slice(), &self.secret, &self.statement, label.as_bytes()] {
            state.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        let mut seed = crate::disclosure::digest(&state);
        let stream = ChaCha20Rng::from_seed(seed);
        seed.zeroize();
        stream
    }
}

/// Secret: nothing is printed.
impl std::fmt::Debug for Randomness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Randomness").finish_non_exhaustive()
    }
}

/// Uniform field elements (64 bytes each, reduced): one blinder a row.
pub fn blinders(rng: &mut ChaCha20Rng, count: usize) -> Vec<F> {
    (0..count).map(|_| <F as ff::Field>::random(rng)).collect()
}

/// Thirty-two random bytes that hide one value, and can hide only one.
///
/// ```compile_fail,E0382
/// use zkimg_attest::{disclosure::{Label, Opening}, randomness::{Randomness, Salt}};
/// let random = Randomness::new(Vec::new().into(), Vec::new())?;
/// let salt = Salt::draw(&mut random.stream("salts"));
/// let time = Opening::seal(Label::Time, None, salt);
/// let device = Opening::seal(Label::Device, None, salt); // the salt is spent
/// # Ok::<(), zkimg_attest::randomness::NoRandomness>(())
/// ```
///
/// A salt each does compile:
///
/// ```
/// use zkimg_attest::{disclosure::{Label, Opening}, randomness::{Randomness, Salt}};
/// let random = Randomness::new(Vec::new().into(), Vec::new())?;
/// let mut stream = random.stream("salts");
/// let time = Opening::seal(Label::Time, None, Salt::draw(&mut stream));
/// let device = Opening::seal(Label::Device, None, Salt::draw(&mut stream));
/// assert_ne!(time.digest(), device.digest());
/// # Ok::<(), zkimg_attest::randomness::NoRandomness>(())
/// ```
pub struct Salt(Zeroizing<[u8; 32]>);

impl Salt {
    /// Draws a salt.
    pub fn draw(rng: &mut ChaCha20Rng) -> Salt {
        let mut salt = Zeroizing::new([0; 32]);
        rng.fill_bytes(salt.as_mut());
        Salt(salt)
    }

    pub(crate) fn spend(self) -> [u8; 32] {
        *self.0
    }
}

/// Secret: nothing is printed.
impl std::fmt::Debug for Salt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salt(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(fresh: u8, secret: &[u8], statement: &[u8]) -> Randomness {
        Randomness { fresh: Zeroizing::new([fresh; 32]), secret: secret.to_vec().into(), statement: statement.to_vec() }
    }

    #[test]
    fn every_part_changes_the_stream() {
        let cases = [(1, "a", "b", "c"), (2, "a", "b", "c"), (1, "x", "b", "c"), (1, "a", "x", "c"), (1, "a", "b", "x"), (1, "ab", "", "c")];
        let draws = cases.map(|(f, s, t, label)| source(f, s.as_bytes(), t.as_bytes()).stream(label).next_u64());
        for (i, a) in draws.iter().enumerate() {
            assert!(draws.iter().skip(i + 1).all(|b| a != b));
        }
    }

    #[test]
    fn two_sources_of_the_same_secret_differ() {
        let draw = || Randomness::new(vec![1].into(), vec![2]).expect("randomness").stream("x").next_u64();
        assert_ne!(draw(), draw());
    }

    #[test]
    fn blinders_are_distinct() {
        let all = blinders(&mut source(1, b"", b"").stream("blinders"), 100);
        assert!(all.iter().enumerate().all(|(i, a)| all.iter().skip(i + 1).all(|b| a != b)));
    }
}
