//! A proof as it is read: its own hash, and what each element is.

use blake2b_simd::{Params as Blake2b, State};
use ff::{Field, FromUniformBytes};
use halo2_proofs::transcript::{Challenge255, EncodedChallenge, Transcript, TranscriptRead};
use std::io;
use zkimg_group::field::{Affine, F, point_from_bytes, point_to_bytes, scalar_from_bytes, scalar_to_bytes};

/// What an element of a proof is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Row,
    LayerEnd,
    RootInverse,
    LayerRound,
    ProductSum,
    ProductRound,
    Operands,
    LinearRound,
    Evaluation,
    Tail,
    Circuit,
    LinkBlinder,
    MaskVector,
    MaskValue,
    Value,
    ValueBlinder,
    VectorBlinder,
    Fold,
    Last,
    DigitSum,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Element {
    pub class: Class,
    pub offset: usize,
    pub point: bool,
}

pub(super) struct Tape<'a> {
    state: State,
    proof: &'a [u8],
    pub(super) at: usize,
    class: Class,
    pub(super) elements: Vec<Element>,
    last_challenge: F,
    /// halo2's challenge before the first scalar it publishes.
    pub(super) x: Option<F>,
    pub(super) scalars: Vec<F>,
}

impl<'a> Tape<'a> {
    /// At the beginning of a proof, with nothing absorbed but the label.
    pub(super) fn new(label: &str, proof: &'a [u8]) -> Tape<'a> {
        let mut state = Blake2b::new().hash_length(64).personal(b"zkimg-proof-v1").to_state();
        state.update(&(label.len() as u64).to_le_bytes()).update(label.as_bytes());
        Tape { state, proof, at: 0, class: Class::Row, elements: Vec::new(), last_challenge: F::ZERO, x: None, scalars: Vec::new() }
    }

    pub(super) fn bytes(&mut self, label: &str, data: &[u8]) {
        self.state.update(&[1]);
        for part in [label.as_bytes(), data] {
            self.state.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
    }

    fn next(&mut self, point: bool) -> [u8; 32] {
        self.elements.push(Element { class: self.class, offset: self.at, point });
        let bytes: [u8; 32] = self.proof[self.at..self.at + 32].try_into().expect("32 bytes");
        self.at += 32;
        self.state.update(&[if point { 2 } else { 3 }]).update(&bytes);
        bytes
    }

    pub(super) fn point(&mut self, class: Class) -> Affine {
        self.class = class;
        point_from_bytes(&self.next(true)).expect("a point")
    }

    pub(super) fn scalar(&mut self, class: Class) -> F {
        self.class = class;
        scalar_from_bytes(&self.next(false)).expect("a scalar")
    }

    fn wide(&mut self) -> [u8; 64] {
        self.state.update(&[0]);
        *self.state.finalize().as_array()
    }

    pub(super) fn challenge(&mut self) -> F {
        F::from_uniform_bytes(&self.wide())
    }
}

impl Transcript<Affine, Challenge255<Affine>> for Tape<'_> {
    fn squeeze_challenge(&mut self) -> Challenge255<Affine> {
        let challenge = Challenge255::new(&self.wide());
        self.last_challenge = challenge.get_scalar();
        challenge
    }

    fn common_point(&mut self, point: Affine) -> io::Result<()> {
        self.state.update(&[2]).update(&point_to_bytes(&point));
        Ok(())
    }

    fn common_scalar(&mut self, scalar: F) -> io::Result<()> {
        self.state.update(&[3]).update(&scalar_to_bytes(&scalar));
        Ok(())
    }
}

impl TranscriptRead<Affine, Challenge255<Affine>> for Tape<'_> {
    fn read_point(&mut self) -> io::Result<Affine> {
        Ok(self.point(Class::Circuit))
    }

    fn read_scalar(&mut self) -> io::Result<F> {
        self.x.get_or_insert(self.last_challenge);
        let scalar = self.scalar(Class::Circuit);
        self.scalars.push(scalar);
        Ok(scalar)
    }
}
