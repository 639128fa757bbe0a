//! The provers of the sum-checks: dense vectors, halved by every challenge. Bit 0 of an index goes first.

use rayon::prelude::*;
use zeroize::Zeroize;
use zkimg_group::cycle::PastaField;

/// Pairs that one thread takes at once.
const CHUNK: usize = 1 << 10;

/// A multilinear polynomial by its values.
pub(crate) struct Values<P: PastaField>(Vec<P>);

impl<P: PastaField> Drop for Values<P> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<P: PastaField> Values<P> {
    pub(crate) fn new(values: Vec<P>) -> Values<P> {
        Values(values)
    }

    /// Binds the lowest bit.
    pub(crate) fn bind(&mut self, s: P) {
        let mut bound = vec![P::ZERO; self.0.len() / 2];
        bound.par_chunks_mut(CHUNK).zip(self.0.par_chunks(2 * CHUNK)).for_each(|(to, from)| {
            let (pairs, _) = from.as_chunks::<2>();
            to.iter_mut().zip(pairs).for_each(|(to, [low, high])| *to = *low + s * (*high - low));
        });
        self.0.zeroize();
        self.0 = bound;
    }

    /// Bits that are not bound.
    pub(crate) fn bits(&self) -> usize {
        self.0.len().trailing_zeros() as usize
    }

    /// The value when all bits are bound.
    pub(crate) fn end(&self) -> P {
        self.0.first().copied().unwrap_or_default()
    }

    fn pairs(&self) -> &[[P; 2]] {
        self.0.as_chunks::<2>().0
    }
}

fn total<P: PastaField>(sums: impl ParallelIterator<Item = [P; 2]>) -> [P; 2] {
    sums.reduce(|| [P::ZERO; 2], |[a, b], [c, d]| [a + c, b + d])
}

/// `(c1, c2)` of `Σ_x (left·right)(X, x)`.
pub(crate) fn product<P: PastaField>(left: &Values<P>, right: &Values<P>) -> [P; 2] {
    let chunks = left.pairs().par_chunks(CHUNK).zip(right.pairs().par_chunks(CHUNK));
    total(chunks.map(|(left, right)| {
        left.iter().zip(right).fold([P::ZERO; 2], |[c1, c2], ([l0, l1], [r0, r1])| {
            let (dl, dr) = (*l1 - l0, *r1 - r0);
            [c1 + *l0 * dr + *r0 * dl, c2 + dl * dr]
        })
    }))
}

/// `(c1, c2)` of `Σ_x eq(x)·(left·right − less)(X, x)`.
pub(crate) fn weighted<P: PastaField>(eq: &[P], left: &Values<P>, right: &Values<P>, less: &Values<P>) -> [P; 2] {
    let pairs = left.pairs().par_chunks(CHUNK).zip(right.pairs().par_chunks(CHUNK)).zip(less.pairs().par_chunks(CHUNK));
    total(eq.par_chunks(CHUNK).zip(pairs).map(|(eq, ((left, right), less))| {
        let all = eq.iter().zip(left).zip(right).zip(less);
        all.fold([P::ZERO; 2], |[c1, c2], (((eq, [l0, l1]), [r0, r1]), [e0, e1])| {
            let (dl, dr) = (*l1 - l0, *r1 - r0);
            [c1 + *eq * (*l0 * dr + *r0 * dl - (*e1 - e0)), c2 + *eq * (dl * dr)]
        })
    }))
}
