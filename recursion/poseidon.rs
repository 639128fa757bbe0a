//! Poseidon over both fields of the cycle: `x^5`, three words, 8 full and 56 partial rounds, for 128 bits
//! (Grassi, Khovratovich, Rechberger, Roy, Schofnegger 2021, eprint 2019/458).
//!
//! The constants are those of Zcash's Orchard (`halo2_poseidon`). The rounds are written over [`Cell`], so that the same code hashes
//! elements and states the constraints of hashing them.

use halo2_poseidon::{P128Pow5T3, Spec};
use pasta_curves::{Fp, Fq};
use std::sync::OnceLock;
use zkimg_group::cycle::PastaField;
use zkimg_proof::channel::Scalar;

/// Words of the state; the last is the capacity.
pub const WIDTH: usize = 3;
/// Words that are absorbed and squeezed at once.
pub const RATE: usize = 2;
const FULL_ROUNDS: usize = 8;
const PARTIAL_ROUNDS: usize = 56;
/// After as many partial rounds the words that go through no S-box are numbers of their own again; else they would be sums of ever
/// more terms.
const SETTLED_EVERY: usize = 14;

/// A permutation's constants.
#[derive(Debug)]
pub struct Constants<P> {
    rounds: Vec<[P; WIDTH]>,
    matrix: [[P; WIDTH]; WIDTH],
}

/// A field with a permutation.
pub trait Hashed: PastaField + Cell<Self> {
    /// Its constants.
    fn constants() -> &'static Constants<Self>;
}

macro_rules! hashed {
    ($field:ty) => {
        impl Hashed for $field {
            fn constants() -> &'static Constants<$field> {
                static CONSTANTS: OnceLock<Constants<$field>> = OnceLock::new();
                CONSTANTS.get_or_init(|| {
                    let (rounds, matrix, _) = <P128Pow5T3 as Spec<$field, WIDTH, RATE>>::constants();
                    Constants { rounds, matrix }
                })
            }
        }
    };
}

hashed!(Fp);
hashed!(Fq);

/// What is hashed: field elements, or numbers of a constraint system.
pub trait Cell<P>: Scalar<P> {
    /// The same number as one of its own, not as a sum of others.
    fn settled(self) -> Self {
        self
    }

    /// A number of this value that nothing is said about, where this one is.
    #[cfg(test)]
    fn free(&self, value: P) -> Self {
        Self::constant(value)
    }

    /// Runs a permutation; a constraint system lays it out as one of many blocks of one form.
    fn block(state: [Self; WIDTH], permutation: impl FnOnce([Self; WIDTH]) -> [Self; WIDTH]) -> [Self; WIDTH] {
        permutation(state)
    }
}

impl Cell<Fp> for Fp {}
impl Cell<Fq> for Fq {}

/// The permutation.
pub fn permute<P: Hashed, S: Cell<P>>(state: [S; WIDTH]) -> [S; WIDTH] {
    S::block(state, |mut state| {
        let constants = P::constants();
        let half = FULL_ROUNDS / 2;
        for (round, added) in constants.rounds.iter().enumerate() {
            let partial = round.checked_sub(half).filter(|round| *round < PARTIAL_ROUNDS);
            state = std::array::from_fn(|i| state[i].clone() + S::constant(added[i]));
            state = match partial {
                None => state.map(fifth_power),
                Some(round) => {
                    let [first, second, third] = state;
                    let settle =
                        |word: S| if (round + 1) % SETTLED_EVERY == 0 && round + 1 < PARTIAL_ROUNDS { word.settled() } else { word };
                    [fifth_power(first), settle(second), settle(third)]
                }
            };
            state = constants.matrix.map(|row| {
                let [a, b, c]: [S; WIDTH] = std::array::from_fn(|j| state[j].clone() * S::constant(row[j]));
                a + b + c
            });
        }
        state
    })
}

fn fifth_power<P, S: Scalar<P>>(x: S) -> S {
    let square = x.clone() * x.clone();
    square.clone() * square * x
}

/// A duplex sponge (Bertoni, Daemen, Peeters, Van Assche 2011) of a fixed schedule.
///
/// How much is absorbed between two draws must follow from what the first capacity word stands for: of a last half block the other
/// word counts as zero.
#[derive(Debug)]
pub struct Sponge<P, S = P> {
    state: [S; WIDTH],
    absorbed: usize,
    left: usize,
    field: std::marker::PhantomData<P>,
    /// How many were drawn under a salt.
    #[cfg(test)]
    salted: Option<usize>,
}

impl<P: Hashed, S: Cell<P>> Sponge<P, S> {
    /// A sponge whose capacity starts as a domain's number.
    pub fn new(domain: S) -> Sponge<P, S> {
        let zero = || S::constant(P::ZERO);
        Sponge {
            state: [zero(), zero(), domain],
            absorbed: 0,
            left: 0,
            field: std::marker::PhantomData,
            #[cfg(test)]
            salted: None,
        }
    }

    /// A sponge that has absorbed a salt, in a block of its own. If the salt is uniform and secret, what is drawn says nothing of what is
    /// absorbed.
    pub fn salted(domain: S, salt: S) -> Sponge<P, S> {
        let mut sponge = Sponge::new(domain);
        sponge.absorb(salt);
        sponge.end_block();
        #[cfg(test)]
        {
            sponge.salted = Some(0);
        }
        sponge
    }

    /// Absorbs a number.
    pub fn absorb(&mut self, number: S) {
        let word = &mut self.state[self.absorbed];
        *word = word.clone() + number;
        self.absorbed += 1;
        self.left = 0;
        if self.absorbed == RATE {
            self.permute();
        }
    }

    /// Ends the block: what comes next has a permutation of its own.
    pub fn end_block(&mut self) {
        if self.absorbed > 0 {
            self.permute();
        }
    }

    /// Squeezes a number.
    pub fn squeeze(&mut self) -> S {
        if self.absorbed > 0 || self.left == 0 {
            self.permute();
        }
        self.left -= 1;
        let drawn = self.state[RATE - 1 - self.left].clone();
        #[cfg(test)]
        let drawn = programmed::answer(&mut self.salted, drawn);
        drawn
    }

    fn permute(&mut self) {
        self.state = permute(self.state.clone());
        (self.absorbed, self.left) = (0, RATE);
    }
}

/// Hashes as many numbers as the domain says.
pub fn hash<P: Hashed, S: Cell<P>>(domain: S, numbers: impl IntoIterator<Item = S>) -> S {
    let mut sponge = Sponge::new(domain);
    numbers.into_iter().for_each(|number| sponge.absorb(number));
    sponge.squeeze()
}

/// Sponges whose answers are chosen, on some threads: random oracles that are programmed. What is drawn under a salt is there a list that
/// everybody knows and nothing else, in constraints a free number.
#[cfg(test)]
pub(crate) mod programmed {
    use super::{Cell, Hashed};
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;
    use std::cell::Cell as Flag;

    thread_local! {
        static HERE: Flag<bool> = const { Flag::new(false) };
    }

    /// Chooses the answers on this thread from now on.
    pub(crate) fn here() {
        HERE.set(true);
    }

    pub(super) fn answer<P: Hashed, S: Cell<P>>(salted: &mut Option<usize>, drawn: S) -> S {
        match salted {
            Some(count) if HERE.get() => {
                *count += 1;
                drawn.free(P::random(&mut ChaCha20Rng::seed_from_u64(*count as u64)))
            }
            _ => drawn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use halo2_poseidon::{ConstantLength, Hash, test_only_permute, test_vectors};

    #[test]
    fn the_permutation_is_that_of_the_vectors() {
        fn check<P: Hashed>(of: [[u8; 32]; 3], to: [[u8; 32]; 3]) {
            let read = |words: [[u8; 32]; 3]| words.map(|word| P::from_repr(word).expect("canonical"));
            assert_eq!(permute(read(of)), read(to));
        }
        for vector in test_vectors::fp::permute() {
            check::<Fp>(vector.initial_state, vector.final_state);
        }
        for vector in test_vectors::fq::permute() {
            check::<Fq>(vector.initial_state, vector.final_state);
        }
    }

    #[test]
    fn it_is_the_permutation_of_the_library() {
        fn check<P: Hashed>()
        where
            P128Pow5T3: Spec<P, WIDTH, RATE>,
        {
            let (rounds, matrix, _) = <P128Pow5T3 as Spec<P, WIDTH, RATE>>::constants();
            let mut state = [P::ZERO, P::from(7), -P::ONE];
            for _ in 0..10 {
                let ours = permute(state);
                test_only_permute::<P, P128Pow5T3, WIDTH, RATE>(&mut state, &matrix, &rounds);
                assert_eq!(ours, state);
            }
        }
        check::<Fp>();
        check::<Fq>();
    }

    #[test]
    fn hashes_of_constant_length_are_those_of_the_library() {
        fn check<P: Hashed, const L: usize>()
        where
            P128Pow5T3: Spec<P, WIDTH, RATE>,
        {
            let message: [P; L] = std::array::from_fn(|i| P::from(i as u64 + 3).square().invert().expect("not zero"));
            let theirs = Hash::<P, P128Pow5T3, ConstantLength<L>, WIDTH, RATE>::init().hash(message);
            assert_eq!(hash(P::from_u128((L as u128) << 64), message), theirs, "{L}");
        }
        check::<Fp, 1>();
        check::<Fp, 2>();
        check::<Fp, 5>();
        check::<Fq, 1>();
        check::<Fq, 4>();
        check::<Fq, 7>();
    }

    #[test]
    fn a_sponge_gives_two_words_a_block_and_goes_on() {
        let numbers: Vec<Fp> = (1..=5).map(Fp::from).collect();
        let mut sponge = Sponge::new(Fp::from(9));
        numbers[..3].iter().for_each(|number| sponge.absorb(*number));
        let drawn = [sponge.squeeze(), sponge.squeeze(), sponge.squeeze()];
        let first = permute([numbers[0], numbers[1], Fp::from(9)]);
        let second = permute([first[0] + numbers[2], first[1], first[2]]);
        let third = permute(second);
        assert_eq!(drawn, [second[0], second[1], third[0]]);
        sponge.absorb(numbers[3]);
        assert_eq!(sponge.squeeze(), permute([third[0] + numbers[3], third[1], third[2]])[0], "what was not taken is gone");
    }
}
