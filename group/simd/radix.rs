//! Integers of four words in limbs, whatever the limbs' width, and loops over them that are unrolled.

/// `N` limbs of `bits` bits, the lowest first.
pub(super) const fn split<const N: usize>(words: &[u64; 4], bits: u32) -> [u64; N] {
    let mut limbs = [0; N];
    let mut i = 0;
    while i < N {
        let (word, bit) = (i * bits as usize / 64, i * bits as usize % 64);
        let above = if bit > 64 - bits as usize && word < 3 { words[word + 1] << (64 - bit) } else { 0 };
        limbs[i] = (words[word] >> bit | above) & ((1 << bits) - 1);
        i += 1;
    }
    limbs
}

/// `factor·p` with every limb but the highest raised by `by`, a multiple of `2^bits` that the limb above gives.
pub(super) const fn raised<const N: usize>(p: &[u64; N], bits: u32, factor: u64, by: u64) -> [u64; N] {
    let mut limbs = *p;
    let mut carry = 0;
    let mut i = 0;
    while i < N {
        let limb = factor * p[i] + carry;
        let last = i == N - 1;
        carry = if last { 0 } else { limb >> bits };
        let lent = if i == 0 { 0 } else { by >> bits };
        limbs[i] = if last { limb } else { (limb & ((1 << bits) - 1)) + by } - lent;
        i += 1;
    }
    limbs
}

/// Runs a block once for each number, as a constant: loops of this length are not unrolled otherwise.
macro_rules! each {
    ($i:ident in [$($n:literal)*] $body:block) => { $({ const $i: usize = $n; $body })* };
}

/// What an expression gives, one for each place. (The array's own methods would not be compiled for the vectors.)
macro_rules! places {
    ($i:ident => $each:expr; $($n:literal)*) => {
        [$({ const $i: usize = $n; $each }),*]
    };
}

pub(super) use {each, places};
