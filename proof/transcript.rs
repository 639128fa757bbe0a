//! The one Fiat–Shamir transcript: ours, halo2's and the opening's.
//!
//! Blake2b-512 over everything absorbed, each item behind a byte that says what it is; a challenge is the 64-byte
//! hash so far, reduced to the field. It also writes or reads the proof's bytes, and keeps what halo2
//! draws and publishes, because the link needs halo2's evaluation point.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use blake2b_simd::{Params as Blake2b, State};
use ff::{Field, FromUniformBytes};
use halo2_proofs::transcript::{Challenge255, EncodedChallenge, Transcript as Halo2, TranscriptRead, TranscriptWrite};
use std::io;
use zkimg_group::field::{Affine, F, Malformed, point_from_bytes, point_to_bytes, scalar_from_bytes, scalar_to_bytes};
use zkimg_group::parallel;

type Encoded = Challenge255<Affine>;

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

/// The hash state, and halo2's part as it passes through.
pub struct Transcript {
    state: State,
    challenges: Vec<F>,
    scalars: Vec<F>,
}

crate::opaque!(Transcript);

impl Transcript {
    fn new(label: &str) -> Transcript {
        let mut state = Blake2b::new().hash_length(64).personal(b"zkimg-proof-v1").to_state();
        state.update(&(label.len() as u64).to_le_bytes()).update(label.as_bytes());
        Transcript { state, challenges: Vec::new(), scalars: Vec::new() }
    }

    /// Absorbs public bytes under a label.
    pub fn bytes(&mut self, label: &str, data: &[u8]) {
        self.state.update(&[1]);
        for part in [label.as_bytes(), data] {
            self.state.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
    }

    /// Absorbs a point that is public or already on its way.
    pub fn point(&mut self, point: &Affine) {
        self.state.update(&[2]).update(&point_to_bytes(point));
    }

    /// Absorbs a field element.
    pub fn scalar(&mut self, scalar: &F) {
        self.state.update(&[3]).update(&scalar_to_bytes(scalar));
    }

    fn wide(&mut self) -> [u8; 64] {
        self.state.update(&[0]);
        *self.state.finalize().as_array()
    }

    /// Draws a challenge.
    pub fn challenge(&mut self) -> F {
        F::from_uniform_bytes(&self.wide())
    }

    /// Draws a challenge that must not be zero.
    pub fn nonzero(&mut self) -> Result<F, BadProofBytes> {
        let challenge = self.challenge();
        if challenge.is_zero_vartime() { Err(BadProofBytes::ZeroChallenge) } else { Ok(challenge) }
    }

    /// Draws `n` challenges.
    pub fn challenges(&mut self, n: usize) -> Vec<F> {
        (0..n).map(|_| self.challenge()).collect()
    }

    /// Challenges drawn and scalars published by halo2 so far.
    pub fn halo2(&self) -> (&[F], &[F]) {
        (&self.challenges, &self.scalars)
    }
}

/// One side of a proof: the transcript, and the proof's bytes as that side has them.
#[derive(Debug)]
pub struct End<B> {
    transcript: Transcript,
    proof: B,
}

/// The prover's end: appends to the proof.
pub type Writer = End<Vec<u8>>;

/// The verifier's end: consumes the proof.
pub type Reader<'a> = End<Unread<'a>>;

impl Writer {
    /// An empty proof under a domain label.
    pub fn new(label: &str) -> Writer {
        End { transcript: Transcript::new(label), proof: Vec::new() }
    }

    /// Sends and absorbs a point.
    pub fn send_point(&mut self, point: &Affine) {
        self.transcript.point(point);
        self.proof.extend_from_slice(&point_to_bytes(point));
    }

    /// Sends and absorbs a field element.
    pub fn send_scalar(&mut self, scalar: &F) {
        self.transcript.scalar(scalar);
        self.proof.extend_from_slice(&scalar_to_bytes(scalar));
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
    pub fn receive_point(&mut self) -> Result<Affine, BadProofBytes> {
        let point = match self.proof.points.next() {
            Some(point) => *point,
            None => point_from_bytes(&self.take()?)?,
        };
        self.transcript.point(&point);
        Ok(point)
    }

    /// Reads and absorbs a canonical field element.
    pub fn receive_scalar(&mut self) -> Result<F, BadProofBytes> {
        let scalar = scalar_from_bytes(&self.take()?)?;
        self.transcript.scalar(&scalar);
        Ok(scalar)
    }

    /// Refuses a proof with bytes left; gives a digest of the whole transcript.
    pub fn finish(mut self) -> Result<[u8; 64], BadProofBytes> {
        let over = self.proof.bytes.is_empty() && self.proof.points.as_slice().is_empty();
        if over { Ok(self.transcript.wide()) } else { Err(BadProofBytes::Trailing) }
    }
}

impl<B> std::ops::Deref for End<B> {
    type Target = Transcript;
    fn deref(&self) -> &Transcript {
        &self.transcript
    }
}

impl<B> std::ops::DerefMut for End<B> {
    fn deref_mut(&mut self) -> &mut Transcript {
        &mut self.transcript
    }
}

impl<B> Halo2<Affine, Encoded> for End<B> {
    fn squeeze_challenge(&mut self) -> Encoded {
        let challenge = Encoded::new(&self.wide());
        self.challenges.push(challenge.get_scalar());
        challenge
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

impl TranscriptWrite<Affine, Encoded> for Writer {
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

impl TranscriptRead<Affine, Encoded> for Reader<'_> {
    fn read_point(&mut self) -> io::Result<Affine> {
        self.receive_point().map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))
    }

    fn read_scalar(&mut self) -> io::Result<F> {
        let scalar = self.receive_scalar().map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?;
        self.transcript.scalars.push(scalar);
        Ok(scalar)
    }
}
