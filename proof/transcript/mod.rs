//! The one Fiat–Shamir transcript: ours, halo2's and the opening's.
//!
//! What is absorbed goes into a [`Sponge`], Blake2b where nothing else is said, and challenges come out of it. The transcript also writes or
//! reads the proof's bytes, and keeps what halo2 draws and publishes, because the link needs halo2's evaluation point.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod sponge;

pub use sponge::{Blake2b, Sponge};

use halo2_proofs::transcript::{EncodedChallenge, Transcript as Halo2, TranscriptRead, TranscriptWrite};
use std::{fmt, io};
use zkimg_group::cycle::{Curve, PastaField};
use zkimg_group::field::{Affine, F, Malformed, point_from_bytes, point_of_bytes};
use zkimg_group::parallel;

/// A proof that ends early, or bytes in it that are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadProofBytes {
    /// The proof ends before the protocol does.
    #[error("the proof ends too early")]
    Short,
    /// Bytes are left when the protocol is over.
    #[error("the proof has bytes left over")]
    Trailing,
    /// Not a canonical element.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A challenge that must not be zero came out as zero (probability 2^-254).
    #[error("a challenge is zero")]
    ZeroChallenge,
}

/// A challenge in the form in which halo2 takes it.
#[derive(Clone, Copy, Debug)]
pub struct Challenge(F);

impl EncodedChallenge<Affine> for Challenge {
    type Input = F;

    fn new(challenge: &F) -> Challenge {
        Challenge(*challenge)
    }

    fn get_scalar(&self) -> F {
        self.0
    }
}

/// The sponge, and halo2's part as it passes through.
pub struct Transcript<S = Blake2b> {
    sponge: S,
    challenges: Vec<F>,
    scalars: Vec<F>,
}

impl<S> fmt::Debug for Transcript<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transcript").finish_non_exhaustive()
    }
}

impl<S: Sponge> Transcript<S> {
    fn new(label: &str) -> Transcript<S> {
        Transcript { sponge: S::new(label), challenges: Vec::new(), scalars: Vec::new() }
    }

    /// Absorbs public bytes under a label.
    pub fn bytes(&mut self, label: &str, data: &[u8]) {
        self.sponge.absorb_bytes(label, data);
    }

    /// Absorbs a point that is public or already on its way.
    pub fn point<C: Curve>(&mut self, point: &C) {
        self.sponge.absorb_point(&point.to_bytes());
    }

    /// Absorbs a field element.
    pub fn scalar<P: PastaField>(&mut self, scalar: &P) {
        self.sponge.absorb_scalar(&scalar.to_repr());
    }

    /// Draws a challenge.
    pub fn challenge<P: PastaField>(&mut self) -> P {
        P::from_uniform_bytes(&self.sponge.squeeze())
    }

    /// Draws a challenge that must not be zero.
    pub fn nonzero<P: PastaField>(&mut self) -> Result<P, BadProofBytes> {
        let challenge: P = self.challenge();
        if challenge.is_zero_vartime() { Err(BadProofBytes::ZeroChallenge) } else { Ok(challenge) }
    }

    /// Draws `n` challenges.
    pub fn challenges<P: PastaField>(&mut self, n: usize) -> Vec<P> {
        (0..n).map(|_| self.challenge()).collect()
    }

    /// Challenges drawn and scalars published by halo2 so far.
    pub fn halo2(&self) -> (&[F], &[F]) {
        (&self.challenges, &self.scalars)
    }
}

/// One side of a proof: the transcript, and the proof's bytes as that side has them.
#[derive(Debug)]
pub struct End<B, S = Blake2b> {
    transcript: Transcript<S>,
    proof: B,
}

/// The prover's end: appends to the proof.
pub type Writer<S = Blake2b> = End<Vec<u8>, S>;

/// The verifier's end: consumes the proof.
pub type Reader<'a, S = Blake2b> = End<Unread<'a>, S>;

impl Writer {
    /// An empty proof under a domain label.
    pub fn new(label: &str) -> Writer {
        Writer::over(label)
    }
}

impl<S: Sponge> Writer<S> {
    /// An empty proof under a domain label, with the sponge of that type.
    pub fn over(label: &str) -> Writer<S> {
        End { transcript: Transcript::new(label), proof: Vec::new() }
    }

    /// Sends and absorbs a point.
    pub fn send_point<C: Curve>(&mut self, point: &C) {
        self.transcript.point(point);
        self.proof.extend_from_slice(&point.to_bytes());
    }

    /// Sends and absorbs a field element.
    pub fn send_scalar<P: PastaField>(&mut self, scalar: &P) {
        self.transcript.scalar(scalar);
        self.proof.extend_from_slice(&scalar.to_repr());
    }

    /// The proof's bytes.
    pub fn finish(self) -> Vec<u8> {
        self.proof
    }
}

/// A proof's bytes, with the points it begins with decoded: that is a square root each, and both cores take them.
///
/// The points may be any finite ones; what they mean, and whether they are true, is the verifier's business.
pub struct Decoded<'a> {
    points: Vec<Affine>,
    rest: &'a [u8],
}

crate::opaque!(Decoded<'_>);

impl<'a> Decoded<'a> {
    /// Decodes the first `count` elements, which must be points; identity and non-canonical encodings are refused.
    pub fn new(proof: &'a [u8], count: usize) -> Result<Decoded<'a>, BadProofBytes> {
        let (elements, _) = proof.as_chunks::<32>();
        let elements = elements.get(..count).ok_or(BadProofBytes::Short)?;
        let points = parallel::map(elements, point_from_bytes).into_iter().collect::<Result<_, _>>()?;
        Ok(Decoded { points, rest: proof.get(32 * count..).unwrap_or_default() })
    }

    /// The decoded points.
    pub fn points(&self) -> &[Affine] {
        &self.points
    }
}

/// What is left of a proof to be read.
pub struct Unread<'a> {
    points: std::slice::Iter<'a, Affine>,
    bytes: &'a [u8],
}

crate::opaque!(Unread<'_>);

impl<'a> Reader<'a> {
    /// Starts reading a proof under a domain label.
    pub fn new(label: &str, proof: &'a Decoded<'_>) -> Reader<'a> {
        Reader::over(label, proof)
    }
}

impl<'a, S: Sponge> Reader<'a, S> {
    /// Starts reading a proof under a domain label, with the sponge of that type.
    pub fn over(label: &str, proof: &'a Decoded<'_>) -> Reader<'a, S> {
        let unread = Unread { points: proof.points.iter(), bytes: proof.rest };
        End { transcript: Transcript::new(label), proof: unread }
    }

    fn take(&mut self) -> Result<[u8; 32], BadProofBytes> {
        // A scalar cannot stand before the decoded points are used up.
        if !self.proof.points.as_slice().is_empty() {
            return Err(BadProofBytes::Short);
        }
        let (bytes, rest) = self.proof.bytes.split_first_chunk::<32>().ok_or(BadProofBytes::Short)?;
        self.proof.bytes = rest;
        Ok(*bytes)
    }

    /// Reads and absorbs a point; identity and non-canonical encodings are refused.
    pub fn receive_point<C: Curve>(&mut self) -> Result<C, BadProofBytes> {
        let point: C = match self.proof.points.next() {
            // Those that were decoded are Vesta's.
            Some(point) => *(point as &dyn std::any::Any).downcast_ref().ok_or(BadProofBytes::Short)?,
            None => point_of_bytes(&self.take()?)?,
        };
        self.transcript.point(&point);
        Ok(point)
    }

    /// Reads and absorbs a canonical field element.
    pub fn receive_scalar<P: PastaField>(&mut self) -> Result<P, BadProofBytes> {
        let scalar: P = Option::from(P::from_repr(self.take()?)).ok_or(Malformed::Scalar)?;
        self.transcript.scalar(&scalar);
        Ok(scalar)
    }

    /// Refuses a proof with bytes left; gives a digest of the whole transcript.
    pub fn finish(mut self) -> Result<[u8; 64], BadProofBytes> {
        let over = self.proof.bytes.is_empty() && self.proof.points.as_slice().is_empty();
        if over { Ok(self.transcript.sponge.digest()) } else { Err(BadProofBytes::Trailing) }
    }
}

impl<B, S> std::ops::Deref for End<B, S> {
    type Target = Transcript<S>;
    fn deref(&self) -> &Transcript<S> {
        &self.transcript
    }
}

impl<B, S> std::ops::DerefMut for End<B, S> {
    fn deref_mut(&mut self) -> &mut Transcript<S> {
        &mut self.transcript
    }
}

impl<B, S: Sponge> Halo2<Affine, Challenge> for End<B, S> {
    fn squeeze_challenge(&mut self) -> Challenge {
        let challenge = self.challenge();
        self.challenges.push(challenge);
        Challenge(challenge)
    }

    fn common_point(&mut self, point: Affine) -> io::Result<()> {
        self.point(&point);
        Ok(())
    }

    fn common_scalar(&mut self, scalar: F) -> io::Result<()> {
        self.scalar(&scalar);
        Ok(())
    }
}

impl<S: Sponge> TranscriptWrite<Affine, Challenge> for Writer<S> {
    fn write_point(&mut self, point: Affine) -> io::Result<()> {
        self.send_point(&point);
        Ok(())
    }

    fn write_scalar(&mut self, scalar: F) -> io::Result<()> {
        self.send_scalar(&scalar);
        self.transcript.scalars.push(scalar);
        Ok(())
    }
}

impl<S: Sponge> TranscriptRead<Affine, Challenge> for Reader<'_, S> {
    fn read_point(&mut self) -> io::Result<Affine> {
        self.receive_point().map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))
    }

    fn read_scalar(&mut self) -> io::Result<F> {
        let scalar = self.receive_scalar().map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?;
        self.transcript.scalars.push(scalar);
        Ok(scalar)
    }
}
