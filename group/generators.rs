//! The public points of every commitment, shipped as a file.
//!
//! The points are hashed to the curve under a domain label, so nobody knows a relation between them. They are
//! read from a file that is checked by digest before it is parsed; `tests/generators.rs` makes it anew and compares.

use crate::field::{Affine, F, Point};
use blake2b_simd::Params as Blake2b;
use ff::PrimeField;
use pasta_curves::arithmetic::{CurveAffine, CurveExt};
use std::sync::OnceLock;

/// The shortest row: `2^10` cells.
pub const MIN_ROW_BITS: usize = 10;
/// The longest row: `2^16` cells, and so the number of generators.
pub const MAX_ROW_BITS: usize = 16;

const POINTS: &[u8] = include_bytes!("parameters/generators.bin");
const POINTS_DIGEST: &str = include_str!("parameters/generators.digest");
const DOMAIN: &str = "zkimg-generators-v1";

/// A parameter file that is not the one this version was built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter file {0} does not have the digest this version expects; install zkimg again")]
pub struct BadParameters(pub &'static str);

/// The points `H`, `U` and `G_0 … G_{2^16 − 1}`.
pub struct Generators {
    /// Blinding generator.
    pub h: Affine,
    /// Inner-product generator of the opening.
    pub u: Affine,
    g: Vec<Affine>,
}

impl Generators {
    /// The shipped points, parsed once in a process.
    pub fn load() -> Result<&'static Generators, BadParameters> {
        static LOADED: OnceLock<Result<Generators, BadParameters>> = OnceLock::new();
        LOADED.get_or_init(|| Generators::parse(POINTS)).as_ref().map_err(|e| *e)
    }

    /// Checks the file's digest, then its points.
    pub fn parse(file: &[u8]) -> Result<Generators, BadParameters> {
        const BAD: BadParameters = BadParameters("generators.bin");
        if digest(file) != POINTS_DIGEST.trim() || file.len() != 64 * (2 + (1 << MAX_ROW_BITS)) {
            return Err(BAD);
        }
        let mut points = file.as_chunks::<64>().0.iter().map(|bytes| parse_point(bytes).ok_or(BAD));
        let mut next = || points.next().unwrap_or(Err(BAD));
        let (h, u) = (next()?, next()?);
        Ok(Generators { h, u, g: points.collect::<Result<_, _>>()? })
    }

    /// `G_0 … G_{2^m − 1}`.
    pub fn rows(&self, m: usize) -> &[Affine] {
        &self.g[..1 << m]
    }

    /// `G_0 … G_{count − 1}`.
    pub fn first(&self, count: usize) -> &[Affine] {
        &self.g[..count]
    }

    /// The generators' digest: which set a statement speaks of.
    pub fn id() -> [u8; 32] {
        let mut id = [0; 32];
        for (byte, hex) in id.iter_mut().zip(POINTS_DIGEST.trim().as_bytes().as_chunks::<2>().0) {
            *byte = std::str::from_utf8(hex).ok().and_then(|h| u8::from_str_radix(h, 16).ok()).unwrap_or(0);
        }
        id
    }

    /// Hashes the points to the curve and writes the file. Takes seconds; only the making of a release needs it.
    pub fn generate() -> Vec<u8> {
        let hash = Point::hash_to_curve(DOMAIN);
        let names = ["h".as_bytes().to_vec(), "u".as_bytes().to_vec()].into_iter();
        let all: Vec<Point> =
            names.chain((0..1u32 << MAX_ROW_BITS).map(|i| [b"g".as_slice(), &i.to_le_bytes()].concat())).map(|name| hash(&name)).collect();
        let mut affine = vec![Affine::default(); all.len()];
        Point::batch_normalize_vartime(&all, &mut affine);
        let mut file = Vec::with_capacity(64 * affine.len());
        for point in affine {
            let at = point.coordinates().expect("a hash to the curve is never the identity");
            file.extend_from_slice(&at.x().to_repr());
            file.extend_from_slice(&at.y().to_repr());
        }
        file
    }
}

fn parse_point(bytes: &[u8; 64]) -> Option<Affine> {
    let (x, y) = bytes.split_at(32);
    let coordinate = |b: &[u8]| -> Option<pasta_curves::Fq> { Option::from(pasta_curves::Fq::from_repr(b.try_into().ok()?)) };
    // The file's digest says that these are the points the code makes: on the curve, as a test makes sure.
    Some(Affine::from_xy_unchecked(coordinate(x)?, coordinate(y)?))
}

/// The digest by which a parameter file is known: Blake2b-256 in hexadecimal.
pub fn digest(file: &[u8]) -> String {
    Blake2b::new().hash_length(32).personal(b"zkimg-params-v1").hash(file).to_hex().to_string()
}

// The scalar field of the generators is the field of the argument.
const _: fn(F) -> <Affine as CurveAffine>::ScalarExt = |f| f;
