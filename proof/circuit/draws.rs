//! What halo2's prover draws, and in which order.
//!
//! First it fills the unusable rows of each advice column, column by column. Those of the message columns must be known
//! beforehand, for the link; those of the coefficients must be zero, so that these columns are what the verifier computes.
//! Everything else is blinded as halo2 does.

use super::{BLINDED_ROWS, COEFFICIENTS, HIDDEN_COLUMNS};
use crate::channel::SLOTS;
use ff::Field;
use rand_chacha::ChaCha20Rng;
use rand_core::{TryRng, utils};
use std::convert::Infallible;
use std::ops::Range;
use zkimg_group::field::F;

/// A field element is made of eight of these.
const WORDS: usize = 8;
/// The words that become the coefficients' unusable rows.
const ZEROS: Range<usize> = WORDS * BLINDED_ROWS * HIDDEN_COLUMNS..WORDS * BLINDED_ROWS * (HIDDEN_COLUMNS + COEFFICIENTS);

/// The blinders halo2 will put in the message columns' unusable rows: by row, then column.
pub type Tail = [[F; SLOTS]; BLINDED_ROWS];

/// The generator to prove the circuit with.
#[derive(Clone)]
pub struct Draws {
    generator: ChaCha20Rng,
    words: usize,
}

crate::opaque!(Draws);

impl Draws {
    /// Of a generator that nothing else uses.
    pub fn new(generator: ChaCha20Rng) -> Draws {
        Draws { generator, words: 0 }
    }

    /// What the message columns will be given.
    pub fn tail(&self) -> Tail {
        let mut generator = self.generator.clone();
        let mut tail = [[F::ZERO; SLOTS]; BLINDED_ROWS];
        for slot in 0..SLOTS {
            for row in &mut tail {
                row[slot] = F::random(&mut generator);
            }
        }
        tail
    }
}

impl TryRng for Draws {
    type Error = Infallible;

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.words += 1;
        if ZEROS.contains(&(self.words - 1)) { Ok(0) } else { self.generator.try_next_u64() }
    }

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| word as u32)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        utils::fill_bytes_via_next_word(bytes, || self.try_next_u64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::SeedableRng;

    /// Two runs, and two columns more than halo2 has: what is drawn behind is a blinder, too.
    #[test]
    fn all_unusable_rows_but_those_of_the_coefficients_are_blinded_afresh() {
        let run = |seed: u8| {
            let mut draws = Draws::new(ChaCha20Rng::from_seed([seed; 32]));
            let tail = draws.tail();
            let columns: Vec<[F; BLINDED_ROWS]> =
                (0..HIDDEN_COLUMNS + COEFFICIENTS + 2).map(|_| std::array::from_fn(|_| F::random(&mut draws))).collect();
            for (slot, column) in columns.iter().enumerate().take(SLOTS) {
                assert_eq!(*column, tail.map(|row| row[slot]), "slot {slot} is not what was foretold");
            }
            columns
        };
        for (i, (one, two)) in run(1).into_iter().zip(run(2)).enumerate() {
            if (HIDDEN_COLUMNS..HIDDEN_COLUMNS + COEFFICIENTS).contains(&i) {
                assert!(one.iter().chain(&two).all(|row| *row == F::ZERO), "coefficient column {i} is blinded");
            } else {
                assert!(one.iter().chain(&two).all(|row| *row != F::ZERO), "column {i} is not blinded");
                assert!(one.iter().zip(&two).all(|(one, two)| one != two), "column {i} has the same blinders in two runs");
            }
        }
    }
}
