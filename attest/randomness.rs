//! What one capture draws: blinders, and salts that hide one value each.

use rand_chacha::ChaCha20Rng;
use rand_core::Rng;
use zeroize::Zeroizing;
use zkimg_group::field::F;
use zkimg_group::randomness::hedged;

pub use zkimg_group::randomness::NoRandomness;

/// What the randomness of one capture is hedged with: a secret, and what it is for.
pub struct Randomness {
    secret: Zeroizing<Vec<u8>>,
    statement: Vec<u8>,
}

impl Randomness {
    /// Takes the secret and the public statement.
    pub fn new(secret: Zeroizing<Vec<u8>>, statement: Vec<u8>) -> Randomness {
        Randomness { secret, statement }
    }

    /// A fresh stream for one purpose.
    pub fn stream(&self, label: &str) -> Result<ChaCha20Rng, NoRandomness> {
        hedged(label, &[&self.secret, &self.statement])
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
/// use zkimg_attest::{disclosure::{Backing, Label, Opening}, randomness::{Randomness, Salt}};
/// let random = Randomness::new(Vec::new().into(), Vec::new());
/// let salt = Salt::draw(&mut random.stream("salts")?);
/// let time = Opening::seal(Label::Time, Backing::Alone, None, salt);
/// let device = Opening::seal(Label::Device, Backing::Alone, None, salt); // the salt is spent
/// # Ok::<(), zkimg_attest::randomness::NoRandomness>(())
/// ```
///
/// A salt each does compile:
///
/// ```
/// use zkimg_attest::{disclosure::{Backing, Label, Opening}, randomness::{Randomness, Salt}};
/// let random = Randomness::new(Vec::new().into(), Vec::new());
/// let mut stream = random.stream("salts")?;
/// let time = Opening::seal(Label::Time, Backing::Alone, None, Salt::draw(&mut stream));
/// let device = Opening::seal(Label::Device, Backing::Alone, None, Salt::draw(&mut stream));
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

    #[test]
    fn blinders_are_distinct() {
        let random = Randomness::new(Vec::new().into(), Vec::new());
        let all = blinders(&mut random.stream("blinders").expect("randomness"), 100);
        assert!(all.iter().enumerate().all(|(i, a)| all.iter().skip(i + 1).all(|b| a != b)));
    }
}
