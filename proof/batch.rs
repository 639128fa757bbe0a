//! The group equations that proofs leave behind, of any number of proofs, checked as one sum.
//!
//! A proof leaves four: the link to the circuit, the opened value, the opening of the pixels (over our generators), and
//! halo2's own (over its parameters). The opening has short weights, as its long sum wants them ([`crate::digits`]); of the
//! other three, equation `e` of proof `i` has weight `r^(3i + e)`. All weights are drawn after the transcripts of all proofs,
//! so that every point and scalar is fixed before: if one equation fails, the sum is the identity for at most `3·proofs`
//! values of `r`, or for one value of a short weight.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used))]

use crate::circuit::{Deferred, Keys};
use crate::digits::{self, Coins};
use crate::opening;
use crate::reject::{Refused, Reject};
use blake2b_simd::Params as Blake2b;
use ff::{Field, FromUniformBytes};
use zkimg_group::accumulator::Accumulator;
use zkimg_group::field::F;
use zkimg_group::generators::Generators;
use zkimg_group::parallel;

/// The most proofs that are checked with one `r`; more are checked in several sums.
pub const MAX_BATCHED: usize = 1 << 10;
/// Equations of one proof that share `r`.
pub const EQUATIONS: usize = 3;

/// What remains to be checked of one proof when everything in it has been read.
pub struct Pending {
    /// Digest of the proof's whole transcript.
    pub transcript: [u8; 64],
    /// The link to the circuit.
    pub link: Accumulator,
    /// The opening of the pixels.
    pub opening: opening::Equations,
    /// The circuit's, over halo2's parameters of the largest circuit among those that are checked together.
    pub circuit: Deferred,
}

crate::opaque!(Pending);

impl Pending {
    /// Which equation fails if each is checked alone.
    fn alone(&self, generators: &Generators, keys: &Keys) -> Result<(), Reject> {
        if !self.circuit.holds(keys) {
            return Err(Reject::Equations);
        }
        let opening::Equations { value, vector, long } = &self.opening;
        let mut whole = Accumulator::new();
        digits::merge(&mut whole, &[(vector, long)], &mut Coins::toss(&seed(&[self])));
        let named = [("link to the circuit", &self.link), ("opened value", value), ("opening of the pixels", &whole)];
        let failed = named.iter().find(|(_, check)| !check.holds(generators));
        failed.map_or(Ok(()), |(name, _)| Err(Reject::Group(name)))
    }
}

/// Whether the equations of each chain of proofs hold: one sum for all, and only if that fails one for each chain.
pub fn finish(chains: &[Vec<&Pending>], generators: &Generators, keys: &Keys) -> Vec<Result<(), Refused>> {
    let mut results = Vec::with_capacity(chains.len());
    let mut rest = chains;
    while !rest.is_empty() {
        let mut proofs = 0;
        let fits = |chain: &&Vec<&Pending>| {
            proofs += chain.len();
            proofs <= MAX_BATCHED
        };
        let (some, others) = rest.split_at(rest.iter().take_while(fits).count().max(1));
        rest = others;
        let all: Vec<&Pending> = some.iter().flatten().copied().collect();
        if together(&all, generators, keys) {
            results.extend(some.iter().map(|_| Ok(())));
        } else {
            let known_to_fail = some.len() == 1;
            results.extend(parallel::map(some, |chain| settle(chain, known_to_fail, generators, keys)));
        }
    }
    results
}

/// Whether a chain's equations hold, and if not which proof is the first that fails: by halves, so that a false chain costs hardly
/// more than a true one, however long it is.
fn settle(chain: &[&Pending], known_to_fail: bool, generators: &Generators, keys: &Keys) -> Result<(), Refused> {
    if !known_to_fail && together(chain, generators, keys) {
        return Ok(());
    }
    // Everything before `low` holds, and something before `high` fails.
    let (mut low, mut high) = (0, chain.len());
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        let part = chain.get(low..middle).unwrap_or_default();
        if together(part, generators, keys) { low = middle } else { high = middle }
    }
    let first = chain.get(low).map_or(Ok(()), |one| one.alone(generators, keys));
    // If it held alone, something after it would fail; the chain is refused all the same.
    Err(Refused { claim: low, reject: first.err().unwrap_or(Reject::Group("equations, all together,")) })
}

fn together(pending: &[&Pending], generators: &Generators, keys: &Keys) -> bool {
    let seed = seed(pending);
    let r = F::from_uniform_bytes(&seed);
    let mut weight = F::ONE;
    let mut next = || {
        let this = weight;
        weight *= r;
        this
    };
    let (mut ours, mut circuits) = (Accumulator::new(), Deferred::new(keys));
    for one in pending {
        ours.merge(next(), &one.link);
        ours.merge(next(), &one.opening.value);
        circuits.merge(next(), &one.circuit);
    }
    let long: Vec<_> = pending.iter().map(|one| (&one.opening.vector, &one.opening.long)).collect();
    digits::merge(&mut ours, &long, &mut Coins::toss(&seed));
    let (ours, circuits) = parallel::both(|| ours.holds(generators), || circuits.holds(keys));
    ours && circuits
}

/// Of the weights: a hash of every proof.
fn seed(pending: &[&Pending]) -> [u8; 64] {
    let mut state = Blake2b::new().hash_length(64).personal(b"zkimg-fold-v2").to_state();
    state.update(&(pending.len() as u64).to_le_bytes());
    for one in pending {
        state.update(&one.transcript);
    }
    *state.finalize().as_array()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::circuit::Class;

    /// Equations that are true, or that miss the identity by `lie` times a point.
    fn pending(transcript: u8, lies: [i64; EQUATIONS + 1]) -> Pending {
        let generators = Generators::load().expect("generators");
        let keys = Keys::load(Class::SMALLEST).expect("keys");
        let [a, b, c, d] = lies.map(|lie| zkimg_group::field::from_i128(lie.into()));
        let check = |lie| {
            let mut check = Accumulator::new();
            check.term(F::ONE, generators.u);
            check.u(-F::ONE);
            check.h(lie);
            check
        };
        let (high, low) = (vec![F::ONE, -F::ONE], std::array::from_fn(|j| -F::from(1 + j as u64)));
        let mut vector = check(c);
        (0..32).for_each(|i| vector.g(i, -(high[i / 16] * low[i % 16])));
        let sums = digits::digit_sums(generators.rows(5), &high, &low);
        let long = digits::LongSum::new(high, low, sums);
        let mut circuit = Deferred::new(keys);
        circuit.g(0, d);
        Pending { transcript: [transcript; 64], link: check(a), opening: opening::Equations { value: check(b), vector, long }, circuit }
    }

    fn outcome(all: &[Pending]) -> Vec<Result<(), Reject>> {
        let chains: Vec<Vec<&Pending>> = all.iter().map(|one| vec![one]).collect();
        let all = finish(&chains, Generators::load().expect("generators"), Keys::load(Class::SMALLEST).expect("keys"));
        all.into_iter().map(|outcome| outcome.map_err(|refused| refused.reject)).collect()
    }

    #[test]
    fn the_first_false_proof_of_a_chain_is_named() {
        let (generators, keys) = (Generators::load().expect("generators"), Keys::load(Class::SMALLEST).expect("keys"));
        for length in 1..6 {
            for first in 0..length {
                let lie = |i: usize| if i == first || i > first && i.is_multiple_of(2) { [0, 1, 0, 0] } else { [0; EQUATIONS + 1] };
                let chain: Vec<Pending> = (0..length).map(|i| pending(i as u8, lie(i))).collect();
                let honest = pending(99, [0; EQUATIONS + 1]);
                let refused = Err(Refused { claim: first, reject: Reject::Group("opened value") });
                let chain: Vec<&Pending> = chain.iter().collect();
                assert_eq!(finish(std::slice::from_ref(&chain), generators, keys), [refused]);
                assert_eq!(finish(&[vec![&honest], chain, vec![]], generators, keys), [Ok(()), refused, Ok(())]);
            }
        }
    }

    #[test]
    fn errors_that_cancel_between_proofs_and_equations_are_refused() {
        for e in 0..=EQUATIONS {
            let (mut plus, mut minus) = ([0; EQUATIONS + 1], [0; EQUATIONS + 1]);
            (plus[e], minus[e]) = (1, -1);
            let all = outcome(&[pending(1, plus), pending(2, [0; EQUATIONS + 1]), pending(3, minus)]);
            assert!(all[0].is_err() && all[1].is_ok() && all[2].is_err(), "equation {e}: {all:?}");
        }
        assert_eq!(outcome(&[pending(1, [1, -1, 0, 0])]), [Err(Reject::Group("link to the circuit"))]);
        assert_eq!(outcome(&[pending(1, [0, 1, -1, 0])]), [Err(Reject::Group("opened value"))]);
        assert_eq!(outcome(&[pending(1, [0, 0, 1, 0])]), [Err(Reject::Group("opening of the pixels"))]);
        assert_eq!(outcome(&[pending(1, [0, 0, 0, 1])]), [Err(Reject::Equations)]);
        assert_eq!(outcome(&[]), []);
    }

    #[test]
    fn the_weight_depends_on_every_transcript() {
        let weight = |all: &[u8]| {
            let all: Vec<Pending> = all.iter().map(|t| pending(*t, [0; EQUATIONS + 1])).collect();
            seed(&all.iter().collect::<Vec<_>>())
        };
        let weights = [weight(&[1]), weight(&[2]), weight(&[1, 1]), weight(&[1, 2]), weight(&[2, 1])];
        for (i, one) in weights.iter().enumerate() {
            assert!(weights[..i].iter().all(|other| other != one), "{i}");
        }
    }
}
