//! A proof's bytes as they are read, and what has been drawn from them: Blake2b over everything so far, written again.

use blake2b_simd::{Params, State};
use group::GroupEncoding;
use zkimg_group::cycle::{Curve, PastaField};

/// Bytes that are no element.
pub(crate) struct NoElement;

pub(crate) struct Tape<'a> {
    hash: State,
    left: &'a [u8],
}

impl<'a> Tape<'a> {
    pub(crate) fn new(label: &str, proof: &'a [u8]) -> Tape<'a> {
        let mut hash = Params::new().hash_length(64).personal(b"zkimg-proof-v1").to_state();
        hash.update(&(label.len() as u64).to_le_bytes());
        hash.update(label.as_bytes());
        Tape { hash, left: proof }
    }

    pub(crate) fn said(&mut self, label: &str, data: &[u8]) {
        self.hash.update(&[1]);
        self.hash.update(&(label.len() as u64).to_le_bytes()).update(label.as_bytes());
        self.hash.update(&(data.len() as u64).to_le_bytes()).update(data);
    }

    pub(crate) fn known<P: PastaField>(&mut self, scalar: &P) {
        self.hash.update(&[3]).update(&scalar.to_repr());
    }

    fn next(&mut self, kind: u8) -> Result<[u8; 32], NoElement> {
        let (element, left) = self.left.split_first_chunk::<32>().ok_or(NoElement)?;
        self.left = left;
        self.hash.update(&[kind]).update(element);
        Ok(*element)
    }

    pub(crate) fn scalar<P: PastaField>(&mut self) -> Result<P, NoElement> {
        Option::from(P::from_repr(self.next(3)?)).ok_or(NoElement)
    }

    pub(crate) fn scalars<P: PastaField>(&mut self, count: usize) -> Result<Vec<P>, NoElement> {
        (0..count).map(|_| self.scalar()).collect()
    }

    /// A point other than the identity, in its one form.
    pub(crate) fn point<C: Curve>(&mut self) -> Result<C, NoElement> {
        let bytes = self.next(2)?;
        let point: Option<C> = C::from_bytes(&bytes).into();
        point.filter(|point| !bool::from(point.is_identity()) && GroupEncoding::to_bytes(point) == bytes).ok_or(NoElement)
    }

    pub(crate) fn points<C: Curve>(&mut self, count: usize) -> Result<Vec<C>, NoElement> {
        (0..count).map(|_| self.point()).collect()
    }

    pub(crate) fn draw<P: PastaField>(&mut self) -> P {
        self.hash.update(&[0]);
        P::from_uniform_bytes(self.hash.finalize().as_array())
    }

    pub(crate) fn is_over(&self) -> bool {
        self.left.is_empty()
    }
}
