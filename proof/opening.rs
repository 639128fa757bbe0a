//! The hiding opening: `v = ⟨a, b⟩` for committed `v` and `a`, and public `b`.
//!
//! `V = v·G_0 + ρ_V·H`, `C = ⟨a, G⟩ + ρ_C·H`. The prover masks `a` with a uniform vector `d`, sent as `D = ⟨d, G⟩ + ρ_d·H` and
//! `B = ⟨d, b⟩·G_0 + ρ_B·H` before the challenge `c`; then `w = c·a + d` is uniform, and a plain folding argument
//! (Bootle et al. 2016, Bünz et al. 2018) on it gives nothing away. `b` is an eq vector, a product over its bits.

use crate::digits::{FINAL_BITS, LAST, LongSum, SENT};
use crate::transcript::{BadProofBytes, Reader, Sponge};
use ff::Field;
use zkimg_group::accumulator::Accumulator;
use zkimg_group::cycle::{Curve, PastaField, Vesta};
use zkimg_group::field::eq_table;

/// The number of points and of scalars of an opening over `2^m` terms.
pub fn size(m: usize) -> (usize, usize) {
    (2 + 2 * (m - FINAL_BITS) + SENT, 3 + LAST)
}

#[derive(Clone, Debug)]
/// What the verifier knows of the two commitments: as sums to be merged into a check.
pub struct Commitments<C: Curve = Vesta> {
    /// `V`, as scalars and points.
    pub value: Accumulator<C>,
    /// `C`, as scalars and points.
    pub vector: Accumulator<C>,
}

#[derive(Clone, Debug)]
/// The two equations an opening stands on.
pub struct Equations<C: Curve = Vesta> {
    /// That the masked value is that of the commitment.
    pub value: Accumulator<C>,
    /// That the masked vector is, but for the sum over all generators.
    pub vector: Accumulator<C>,
    /// That sum.
    pub long: LongSum<C>,
}

/// Replays an opening of vectors of `2^b.len()` terms, `b = eq(point, ·)`.
pub fn verify<S: Sponge, C: Curve>(
    reader: &mut Reader<'_, S>,
    point: &[C::ScalarExt],
    commitments: &Commitments<C>,
) -> Result<Equations<C>, BadProofBytes> {
    let one = C::ScalarExt::ONE;
    let m = point.len();
    let [d, b]: [C; 2] = [reader.receive_point()?, reader.receive_point()?];
    let c: C::ScalarExt = reader.nonzero()?;
    let y: C::ScalarExt = reader.receive_scalar()?;
    let blinder_y: C::ScalarExt = reader.receive_scalar()?;
    let blinder_w: C::ScalarExt = reader.receive_scalar()?;
    // c·V + B = y·G_0 + ρ_y·H
    let mut value = Accumulator::new();
    value.merge(c, &commitments.value);
    value.term(one, b);
    value.g(0, -y);
    value.h(-blinder_y);
    // c·C + D − ρ_w·H + u·y·U, folded
    let u: C::ScalarExt = reader.nonzero()?;
    let mut vector = Accumulator::new();
    vector.merge(c, &commitments.vector);
    vector.term(one, d);
    vector.h(-blinder_w);
    vector.u(u * y);
    let mut challenges = Vec::with_capacity(m - FINAL_BITS);
    for _ in FINAL_BITS..m {
        let [left, right] = [reader.receive_point()?, reader.receive_point()?];
        let x: C::ScalarExt = reader.nonzero()?;
        let inverse = x.invert().unwrap_or(C::ScalarExt::ZERO);
        vector.term(x, left);
        vector.term(inverse, right);
        challenges.push(x);
    }
    let mut last = [C::ScalarExt::ZERO; LAST];
    for w in &mut last {
        *w = reader.receive_scalar()?;
    }
    // G folds to Σ_hi s(hi)·G_{hi,lo}, b to Π((1 − f) + x·f) times its own last part.
    let mut scale = one;
    for (x, f) in challenges.iter().zip(point.iter().rev()) {
        scale *= one - f + *x * f;
    }
    let product: C::ScalarExt = eq_table(&point[..FINAL_BITS], LAST).iter().zip(&last).map(|(b, w)| *b * w).sum();
    vector.u(-(u * scale * product));
    let folded = folded_ones(&challenges);
    let mut sums = [C::identity(); SENT];
    for sum in &mut sums {
        *sum = reader.receive_point()?;
    }
    Ok(Equations { value, vector, long: LongSum::new(folded, last.map(|w| -w), sums) })
}

/// The scalars by which rounds with these challenges fold; the first challenge belongs to the top bit.
fn folded_ones<P: PastaField>(challenges: &[P]) -> Vec<P> {
    challenges.iter().fold(vec![P::ONE], |folded, x| folded_by(&folded, x))
}

/// The same after one more round.
fn folded_by<P: PastaField>(folded: &[P], x: &P) -> Vec<P> {
    folded.iter().flat_map(|s| [*s, *s * x]).collect()
}

#[cfg(feature = "prover")]
pub use prover::{Mask, Secret, prove};

#[cfg(feature = "prover")]
mod prover {
    use super::*;
    use crate::digits::digit_sums;
    use crate::transcript::Writer;
    use std::borrow::Cow;
    use std::fmt;
    use zeroize::Zeroize;
    use zkimg_group::field::F;
    use zkimg_group::generators::Generators;
    use zkimg_group::msm::{combine, msm, to_affine};

    /// Generators that become one at a time: three rounds of them.
    const FOLDED_TOGETHER: usize = 8;

    /// The uniform vector that hides one opening; made once, used once.
    ///
    /// ```compile_fail
    /// use zkimg_proof::opening::Mask;
    /// fn twice(mask: Mask, open: fn(Mask)) {
    ///     open(mask);
    ///     open(mask);
    /// }
    /// ```
    pub struct Mask<P: PastaField = F> {
        d: Vec<P>,
        blinder_d: P,
        blinder_b: P,
    }

    impl<P: PastaField> fmt::Debug for Mask<P> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Mask").finish_non_exhaustive()
        }
    }

    impl<P: PastaField> Mask<P> {
        /// A fresh mask for `2^m` terms.
        pub fn new(m: usize, generator: &mut impl rand_core::Rng) -> Mask<P> {
            let d = (0..1 << m).map(|_| P::random(&mut *generator)).collect();
            Mask { d, blinder_d: P::random(&mut *generator), blinder_b: P::random(&mut *generator) }
        }
    }

    impl<P: PastaField> Drop for Mask<P> {
        fn drop(&mut self) {
            self.d.zeroize();
            self.blinder_d.zeroize();
            self.blinder_b.zeroize();
        }
    }

    /// The opened vector and the blinders of both commitments.
    pub struct Secret<P: PastaField = F> {
        /// `a`.
        pub a: Vec<P>,
        /// `v = ⟨a, b⟩`.
        pub v: P,
        /// `ρ_V`.
        pub blinder_v: P,
        /// `ρ_C`.
        pub blinder_c: P,
    }

    impl<P: PastaField> fmt::Debug for Secret<P> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Secret").finish_non_exhaustive()
        }
    }

    impl<P: PastaField> Drop for Secret<P> {
        fn drop(&mut self) {
            self.a.zeroize();
            self.v.zeroize();
            self.blinder_v.zeroize();
            self.blinder_c.zeroize();
        }
    }

    fn inner<P: PastaField>(a: &[P], b: &[P]) -> P {
        a.iter().zip(b).map(|(x, y)| *x * y).sum()
    }

    /// Sends an opening; the mask is used up.
    pub fn prove<S: Sponge, C: Curve>(
        writer: &mut Writer<S>,
        generators: &Generators<C>,
        point: &[C::ScalarExt],
        secret: &Secret<C::ScalarExt>,
        mask: Mask<C::ScalarExt>,
    ) -> Result<(), BadProofBytes> {
        let m = point.len();
        let mut g = Cow::Borrowed(generators.first(1 << m));
        let mut b = eq_table(point, 1 << m);
        let masked = inner(&mask.d, &b);
        let d = msm(&mask.d, &g) + generators.h * mask.blinder_d;
        let commit_b = g[0] * masked + generators.h * mask.blinder_b;
        for sent in to_affine(&[d, commit_b]) {
            writer.send_point(&sent);
        }
        let c: C::ScalarExt = writer.nonzero()?;
        writer.send_scalar(&(c * secret.v + masked));
        writer.send_scalar(&(c * secret.blinder_v + mask.blinder_b));
        writer.send_scalar(&(c * secret.blinder_c + mask.blinder_d));
        let u: C::ScalarExt = writer.nonzero()?;
        let mut w: Vec<C::ScalarExt> = secret.a.iter().zip(&mask.d).map(|(a, d)| c * a + d).collect();
        // For a few rounds the generators' scalars are folded, which costs a sum of full length a round; then the
        // generators are, by all of these challenges at once.
        let (mut folded, mut challenges) = (vec![C::ScalarExt::ONE], Vec::with_capacity(m));
        for bits in (FINAL_BITS..m).rev() {
            let half = 1 << bits;
            let (w_low, w_high) = w.split_at(half);
            let (b_low, b_high) = b.split_at(half);
            let side = |w: &[C::ScalarExt], high: bool, cross: C::ScalarExt| {
                let (mut scalars, mut points): (Vec<C::ScalarExt>, Vec<C>) = (Vec::new(), Vec::new());
                for (i, s) in folded.iter().enumerate() {
                    let start = 2 * half * i + if high { half } else { 0 };
                    scalars.extend(w.iter().map(|w| *w * s));
                    points.extend_from_slice(&g[start..start + half]);
                }
                msm(&scalars, &points) + generators.u * (u * cross)
            };
            let (left, right) = rayon::join(|| side(w_low, true, inner(w_low, b_high)), || side(w_high, false, inner(w_high, b_low)));
            for sent in to_affine(&[left, right]) {
                writer.send_point(&sent);
            }
            let x: C::ScalarExt = writer.nonzero()?;
            challenges.push(x);
            let inverse = x.invert().unwrap_or(C::ScalarExt::ZERO);
            w = w_low.iter().zip(w_high).map(|(low, high)| *low + inverse * high).collect();
            b = b_low.iter().zip(b_high).map(|(low, high)| *low + x * high).collect();
            folded = folded_by(&folded, &x);
            if folded.len() == FOLDED_TOGETHER && bits > FINAL_BITS + 1 {
                g = Cow::Owned(combine(&folded, &g));
                folded = vec![C::ScalarExt::ONE];
            }
        }
        w.iter().for_each(|w| writer.send_scalar(w));
        // What is left was sent: nothing of the sum is secret.
        let last = std::array::from_fn(|j| -w[j]);
        for sent in digit_sums(generators.first(1 << m), &folded_ones(&challenges), &last) {
            writer.send_point(&sent);
        }
        w.zeroize();
        Ok(())
    }
}
