//! What a transcript absorbs into and squeezes challenges from.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use blake2b_simd::{Params, State};

/// A hash that takes items one after the other and gives challenges in between: the verifier's part of a public-coin argument
/// (Fiat and Shamir 1986; in this duplex form Bertoni, Daemen, Peeters and Van Assche 2011).
///
/// The argument is sound if the sponge is a random oracle: everything squeezed depends on everything absorbed and squeezed before, in
/// its order. So what is absorbed must be encoded without ambiguity: each item shows its kind and its length.
pub trait Sponge {
    /// The sponge's own name: the prover's masks differ between sponges, whatever the system's random bytes.
    const NAME: &'static str;

    /// A sponge that has absorbed a domain label and nothing else. Under two labels it gives unrelated challenges.
    fn new(label: &str) -> Self;

    /// Absorbs public bytes under a label.
    fn absorb_bytes(&mut self, label: &str, data: &[u8]);

    /// Absorbs a point of either curve, by its canonical bytes.
    fn absorb_point(&mut self, point: &[u8; 32]);

    /// Absorbs an element of either field, by its canonical bytes.
    fn absorb_scalar(&mut self, scalar: &[u8; 32]);

    /// 64 uniform bytes, of which a challenge is made in either field, at a statistical distance of 2^-256 from uniform; what is squeezed
    /// next is independent of them.
    fn squeeze(&mut self) -> [u8; 64];

    /// 64 bytes that nobody can have in common for two different transcripts; they need not look random.
    fn digest(&mut self) -> [u8; 64];
}

/// Blake2b-512 over everything absorbed, each item behind a byte that says what it is.
///
/// A challenge is the 64-byte hash so far, reduced to the field: its distance from uniform is below 2^-256.
#[derive(Clone, Debug)]
pub struct Blake2b(State);

impl Sponge for Blake2b {
    const NAME: &'static str = "Blake2b-512";

    fn new(label: &str) -> Blake2b {
        let mut state = Params::new().hash_length(64).personal(b"zkimg-proof-v1").to_state();
        state.update(&(label.len() as u64).to_le_bytes()).update(label.as_bytes());
        Blake2b(state)
    }

    fn absorb_bytes(&mut self, label: &str, data: &[u8]) {
        self.0.update(&[1]);
        for part in [label.as_bytes(), data] {
            self.0.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
    }

    fn absorb_point(&mut self, point: &[u8; 32]) {
        self.0.update(&[2]).update(point);
    }

    fn absorb_scalar(&mut self, scalar: &[u8; 32]) {
        self.0.update(&[3]).update(scalar);
    }

    fn squeeze(&mut self) -> [u8; 64] {
        self.digest()
    }

    fn digest(&mut self) -> [u8; 64] {
        self.0.update(&[0]);
        *self.0.finalize().as_array()
    }
}
