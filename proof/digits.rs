//! An opening's long sum, shortened with the prover's help.
//!
//! An opening ends with `Σ s_i·G_i` over all generators of a row, for public scalars of 255 bits. By digits of 32 bits,
//! `s_i = Σ_w 2^(32w)·d_{w,i}`, it is `Σ_w 2^(32w)·D_w` with `D_w = Σ_i d_{w,i}·G_i`. The prover sends `D_1 … D_7`, and the
//! verifier checks them all at once with short weights (the small exponents test: Bellare, Garay, Rabin 1998):
//! `Σ_w ρ_w·D_w = Σ_i (Σ_w ρ_w·d_{w,i})·G_i`, whose scalars have 163 bits when the weights have 128. `D_0` is not sent: the
//! opening's equation, times `ρ_0`, stands for it.

use ff::Field;
use rand_core::Rng;
use zkimg_group::accumulator::Accumulator;
use zkimg_group::cycle::{Curve, PastaField, Vesta};
use zkimg_group::parallel;

/// `log2` of the vector that an opening sends instead of folding it further.
pub const FINAL_BITS: usize = 4;
/// The length of the vector that is sent.
pub const LAST: usize = 1 << FINAL_BITS;
/// Digits of a scalar.
pub const DIGITS: usize = 8;
/// Digit sums that are sent: all but that of the lowest.
pub const SENT: usize = DIGITS - 1;

/// `Σ high_i·low_j·G_k` with `k = 16·i + j`, and what the prover says of its digits.
#[derive(Clone, Debug)]
pub struct LongSum<C: Curve = Vesta> {
    high: Vec<C::ScalarExt>,
    low: [C::ScalarExt; LAST],
    sums: [C; SENT],
}

impl<C: Curve> LongSum<C> {
    /// A sum whose `D_1 … D_7` are claimed to be `sums`.
    pub fn new(high: Vec<C::ScalarExt>, low: [C::ScalarExt; LAST], sums: [C; SENT]) -> LongSum<C> {
        LongSum { high, low, sums }
    }

    /// The number of its terms.
    pub fn terms(&self) -> usize {
        LAST * self.high.len()
    }

    /// Adds to a check what is left of `ρ_0` times an equation with this sum besides the equation's other terms and the
    /// generators': `Σ_w (ρ_0·2^(32w) − ρ_w)·D_w` over the digit sums that were sent.
    fn add_to(&self, check: &mut Accumulator<C>, weights: &Weights) {
        let mut place: C::ScalarExt = weights.field(0);
        for (w, sum) in (1..DIGITS).zip(&self.sums) {
            place *= C::ScalarExt::from(1 << 32);
            check.term(place - weights.field::<C::ScalarExt>(w), *sum);
        }
    }
}

/// Little-endian digits of the canonical integer.
fn digits<P: PastaField>(scalar: &P) -> [u32; DIGITS] {
    let repr = scalar.to_repr();
    let (words, _) = repr.as_chunks::<4>();
    std::array::from_fn(|w| u32::from_le_bytes(words[w]))
}

/// The weights `ρ_0 … ρ_7` of one sum, in limbs of 64 bits.
struct Weights([[u64; 3]; DIGITS]);

impl Weights {
    fn draw(coins: &mut Coins) -> Weights {
        let mut weights = [[0; 3]; DIGITS];
        for weight in &mut weights {
            weight[..coins.limbs].fill_with(|| coins.stream.next_u64());
        }
        Weights(weights)
    }

    fn field<P: PastaField>(&self, w: usize) -> P {
        let [a, b, c] = self.0[w];
        P::from_words([a, b, c, 0])
    }
}

/// Where weights come from.
pub struct Coins {
    stream: rand_chacha::ChaCha20Rng,
    limbs: usize,
}

crate::opaque!(Coins);

impl Coins {
    /// Coins for checks that are fixed by a seed.
    ///
    /// With the system's randomness the prover cannot foresee them, and weights of 128 bits leave a lie one chance in
    /// 2^128. Without, they follow from the seed, a prover may try many, and weights have 192 bits.
    pub fn toss(seed: &[u8; 64]) -> Coins {
        Coins::from(seed, fresh())
    }

    fn from(seed: &[u8; 64], fresh: Option<[u8; 32]>) -> Coins {
        let mut state = blake2b_simd::Params::new().hash_length(32).personal(b"zkimg-coins-v1").to_state();
        state.update(seed).update(fresh.as_ref().map_or(&[], |fresh| fresh.as_slice()));
        let mut key = [0; 32];
        key.copy_from_slice(state.finalize().as_bytes());
        let stream = rand_core::SeedableRng::from_seed(key);
        Coins { stream, limbs: if fresh.is_some() { 2 } else { 3 } }
    }
}

/// Bytes that nobody could foresee, if the system has some.
#[cfg(feature = "prover")]
fn fresh() -> Option<[u8; 32]> {
    let mut fresh = [0; 32];
    zkimg_group::randomness::fill(&mut fresh).ok().map(|()| fresh)
}

/// Bytes that nobody could foresee: none without an operating system.
#[cfg(not(feature = "prover"))]
fn fresh() -> Option<[u8; 32]> {
    None
}

/// Merges equations `other terms + long sum`, each with a short weight of its own and short weights for its digits.
pub fn merge<C: Curve>(check: &mut Accumulator<C>, equations: &[(&Accumulator<C>, &LongSum<C>)], coins: &mut Coins) {
    let weighed: Vec<(&LongSum<C>, Weights)> = equations.iter().map(|(_, long)| (*long, Weights::draw(coins))).collect();
    for ((other, long), (_, weights)) in equations.iter().zip(&weighed) {
        check.merge(weights.field(0), other);
        long.add_to(check, weights);
    }
    let terms = equations.iter().map(|(_, long)| long.terms()).max().unwrap_or(0);
    let mut scalars = vec![C::ScalarExt::ZERO; terms];
    parallel::each_chunk(&mut scalars, LAST, |i, chunk| {
        for (j, scalar) in chunk.iter_mut().enumerate() {
            // Σ ρ_w·d_w by limbs of the weights: each sum is below 2^(64 + 32 + 13).
            let mut sums = [0u128; 3];
            for (long, weights) in &weighed {
                let Some(high) = long.high.get(i) else { continue };
                for (weight, digit) in weights.0.iter().zip(digits(&(*high * long.low[j]))) {
                    sums.iter_mut().zip(weight).for_each(|(sum, limb)| *sum += u128::from(*limb) * u128::from(digit));
                }
            }
            *scalar = from_limbs(sums);
        }
    });
    check.long(&scalars);
}

/// `Σ 2^(64k)·limbs[k]`, below `2^254`.
fn from_limbs<P: PastaField>(limbs: [u128; 3]) -> P {
    let mut words = [0; 4];
    let mut carry = 0;
    for (word, limb) in words.iter_mut().zip(limbs.iter().chain([&0])) {
        let sum = limb + carry;
        *word = sum as u64;
        carry = sum >> 64;
    }
    P::from_words(words)
}

/// `D_1 … D_7` of `Σ high_i·low_j·G_k`, by the prover.
#[cfg(feature = "prover")]
pub fn digit_sums<C: Curve>(points: &[C], high: &[C::ScalarExt], low: &[C::ScalarExt; LAST]) -> [C; SENT] {
    use rayon::prelude::*;
    use zkimg_group::msm::{SmallSums, to_affine};
    let digits: Vec<[u32; DIGITS]> = high.par_iter().flat_map_iter(|high| low.iter().map(move |low| digits(&(*high * low)))).collect();
    let sums = SmallSums::new(points);
    let sum = |w: usize| {
        let column: Vec<u32> = digits.iter().map(|digits| digits[w]).collect();
        sums.sum(&[(0, &column)], 0)
    };
    let sums = to_affine(&(1..DIGITS).into_par_iter().map(sum).collect::<Vec<_>>());
    std::array::from_fn(|w| sums[w])
}

#[cfg(all(test, feature = "prover"))]
mod tests {
    use super::*;
    use ff::PrimeField;
    use zkimg_group::field::{Affine, F};
    use zkimg_group::field::{Point, hash_to_field};
    use zkimg_group::generators::Generators;
    use zkimg_group::msm::{msm, to_affine};

    const HIGH: usize = 5;

    fn generators() -> &'static Generators {
        Generators::load().expect("generators")
    }

    /// Random scalars, and those at the ends of the field and of digits.
    fn scalars() -> (Vec<F>, [F; LAST]) {
        let mut high: Vec<F> = (0..HIGH as u32).map(|i| hash_to_field("high", &i.to_le_bytes())).collect();
        high[0] = F::ONE;
        let mut low: [F; LAST] = std::array::from_fn(|j| hash_to_field("low", &[j as u8]));
        low[..4].copy_from_slice(&[F::ZERO, -F::ONE, F::from(u64::MAX), F::from(1 << 32)]);
        (high, low)
    }

    /// A sum, and the rest of an equation that it makes true.
    fn equation() -> (Accumulator, LongSum) {
        let (high, low) = scalars();
        let all: Vec<F> = high.iter().flat_map(|high| low.map(|low| *high * low)).collect();
        let points = &generators().rows(10)[..all.len()];
        let mut rest = Accumulator::new();
        rest.term(-F::ONE, to_affine(&[msm(&all, points)])[0]);
        let sums = digit_sums(points, &high, &low);
        (rest, LongSum::new(high, low, sums))
    }

    fn holds(equations: &[(&Accumulator, &LongSum)], fresh: Option<[u8; 32]>) -> bool {
        let mut check = Accumulator::new();
        merge(&mut check, equations, &mut Coins::from(&[7; 64], fresh));
        check.holds(generators())
    }

    fn moved(point: Affine, scalar: F) -> Affine {
        to_affine(&[Point::from(point) + generators().h * scalar])[0]
    }

    #[test]
    fn true_sums_hold_with_short_and_with_long_weights() {
        let (rest, long) = equation();
        for fresh in [None, Some([1; 32]), Some([2; 32])] {
            assert!(holds(&[(&rest, &long)], fresh));
            assert!(holds(&[(&rest, &long), (&rest, &long)], fresh));
        }
    }

    #[test]
    fn digit_sums_that_only_add_up_are_refused() {
        let (rest, long) = equation();
        for fresh in [None, Some([1; 32])] {
            for w in 1..SENT {
                let mut lie = long.clone();
                // 2^(32w)·D_w + 2^(32(w+1))·D_(w+1) stays the same.
                lie.sums[w - 1] = moved(lie.sums[w - 1], F::from(1 << 32));
                lie.sums[w] = moved(lie.sums[w], -F::ONE);
                assert!(!holds(&[(&rest, &lie)], fresh), "digits {w} and {}", w + 1);
            }
            let mut lie = long.clone();
            lie.sums[3] = moved(lie.sums[3], F::ONE);
            let mut other = long.clone();
            other.sums[3] = moved(other.sums[3], -F::ONE);
            assert!(!holds(&[(&rest, &lie)], fresh));
            assert!(!holds(&[(&rest, &lie), (&rest, &other)], fresh), "lies of two proofs do not cancel");
        }
    }

    #[test]
    fn an_equation_that_is_false_is_refused() {
        let (mut rest, long) = equation();
        rest.h(F::ONE);
        assert!(!holds(&[(&rest, &long)], Some([1; 32])) && !holds(&[(&rest, &long)], None));
        let (mut plus, mut minus) = (equation().0, equation().0);
        plus.h(F::ONE);
        minus.h(-F::ONE);
        assert!(!holds(&[(&plus, &long), (&minus, &long)], None), "nor do two false ones cancel");
    }

    #[test]
    fn weights_are_as_long_as_their_source_allows_and_all_different() {
        let mut all = Vec::new();
        for (seed, fresh, limbs) in [(1, None, 3), (2, None, 3), (1, Some([1; 32]), 2), (1, Some([2; 32]), 2)] {
            let mut coins = Coins::from(&[seed; 64], fresh);
            for Weights(weights) in [Weights::draw(&mut coins), Weights::draw(&mut coins)] {
                for weight in weights {
                    assert!(weight[..limbs].iter().all(|limb| *limb != 0) && weight[limbs..].iter().all(|limb| *limb == 0));
                    assert!(!all.contains(&weight));
                    all.push(weight);
                }
            }
        }
        let draw = || Weights::draw(&mut Coins::toss(&[1; 64])).0;
        assert_ne!(draw(), draw(), "the system's randomness is in them");
    }

    #[test]
    fn limbs_carry() {
        let largest = u128::from(u64::MAX) << 45;
        let expected = F::from_u128(largest) * (F::ONE + F::from(2).pow([64]) + F::from(2).pow([128]));
        assert_eq!(from_limbs::<F>([largest; 3]), expected);
    }
}
