//! The public points of every commitment: hashed to the curve, and for Vesta shipped as a file.
//!
//! The points are hashed to the curve (simplified SWU over an isogeny, as `pasta_curves` has it) under the curve's label [`Curve::GENERATORS`], so
//! nobody knows a relation between them. `G_i` depends on `i` alone: more points begin with the same ones.
//!
//! Vesta's are read from a file that is checked by digest before it is parsed; `tests/generators.rs` makes it anew and compares. The file is part of
//! a program with the feature `built-in`; another one is given as much of its beginning as it needs ([`Generators::give`]), each length with its own digest.
//! Pallas's, which one proof for a chain needs, are part of a program with the feature `built-in-pallas`, and made when they are asked for in another one.

use crate::cycle::{Curve, Pallas, Vesta};
use crate::msm::to_affine;
use crate::parallel;
use blake2b_simd::Params as Blake2b;
use ff::PrimeField;
use pasta_curves::arithmetic::{Coordinates, CurveExt};
use std::sync::OnceLock;

/// The shortest row: `2^10` cells.
pub const MIN_ROW_BITS: usize = 10;
/// The longest row: `2^16` cells, and so the number of generators.
pub const MAX_ROW_BITS: usize = 16;

#[cfg(feature = "built-in")]
const POINTS: &[u8] = include_bytes!("parameters/generators.bin");
const POINTS_DIGEST: &str = include_str!("parameters/generators.digest");
/// Digests of the file's beginnings with `2^m` generators, a line each, from the least `m` to the whole.
const BEGINNINGS: &str = include_str!("parameters/beginnings.digest");

#[cfg(feature = "built-in-pallas")]
const PALLAS: &[u8] = include_bytes!("parameters/pallas.bin");
#[cfg(feature = "built-in-pallas")]
const PALLAS_DIGEST: &str = include_str!("parameters/pallas.digest");

static LOADED: OnceLock<Result<Generators, BadParameters>> = OnceLock::new();
const BAD: BadParameters = BadParameters("generators.bin");

/// A parameter file that is not the one this version was built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter file {0} does not have the digest this version expects; install zkimg again")]
pub struct BadParameters(pub &'static str);

/// The points `H`, `U` and `G_0, G_1, …` of a curve.
#[derive(Debug)]
pub struct Generators<C = Vesta> {
    /// Blinding generator.
    pub h: C,
    /// Inner-product generator of the opening.
    pub u: C,
    g: Vec<C>,
}

impl<C: Curve> Generators<C> {
    /// Hashes `H`, `U` and the first `count` of the others to the curve.
    pub fn derive(count: u32) -> Generators<C> {
        let hash = |name: &[u8]| C::CurveExt::hash_to_curve(C::GENERATORS)(name);
        let indices: Vec<u32> = (0..count).collect();
        let g = to_affine(&parallel::map(&indices, |i| hash(&[b"g".as_slice(), &i.to_le_bytes()].concat())));
        Generators { h: hash(b"h").into(), u: hash(b"u").into(), g }
    }

    /// `G_0 … G_{count − 1}`.
    ///
    /// # Panics
    /// If there are fewer.
    pub fn first(&self, count: usize) -> &[C] {
        &self.g[..count]
    }

    /// The points as a file has them: `H`, `U`, `G_0, …` by their coordinates `x`, `y`, canonical and little-endian.
    pub fn to_file(&self) -> Vec<u8> {
        let mut file = Vec::with_capacity(64 * (2 + self.g.len()));
        for point in [&self.h, &self.u].into_iter().chain(&self.g) {
            let at: Option<Coordinates<C>> = point.coordinates().into();
            let at = at.expect("a hash to the curve is never the identity");
            file.extend_from_slice(&at.x().to_repr());
            file.extend_from_slice(&at.y().to_repr());
        }
        file
    }
}

impl Generators<Pallas> {
    /// Those of Pallas, as many as the longest row has cells, once.
    ///
    /// # Errors
    /// If they are not what this version was built for.
    pub fn of_pallas() -> Result<&'static Generators<Pallas>, BadParameters> {
        static OTHER: OnceLock<Result<Generators<Pallas>, BadParameters>> = OnceLock::new();
        #[cfg(feature = "built-in-pallas")]
        let made = || if digest(PALLAS) == PALLAS_DIGEST { points(PALLAS) } else { Err(BadParameters("pallas.bin")) };
        #[cfg(not(feature = "built-in-pallas"))]
        let made = || Ok(Generators::derive(1 << MAX_ROW_BITS));
        OTHER.get_or_init(made).as_ref().map_err(|error| *error)
    }
}

impl Generators {
    /// The points of this process, parsed once: the shipped ones, or those that were given.
    ///
    /// # Errors
    /// If they are not what this version was built for, or there are none.
    pub fn load() -> Result<&'static Generators, BadParameters> {
        #[cfg(feature = "built-in")]
        let loaded = Some(LOADED.get_or_init(|| Generators::parse(POINTS)));
        #[cfg(not(feature = "built-in"))]
        let loaded = LOADED.get();
        loaded.ok_or(BAD)?.as_ref().map_err(|error| *error)
    }

    /// Gives this process the points, once: the beginning of their file with the generators of rows of `2^m` cells. What has them built in
    /// keeps those.
    ///
    /// # Errors
    /// If it is no such beginning, or points were given already and are too few.
    pub fn give(m: usize, beginning: &[u8]) -> Result<(), BadParameters> {
        let points = Generators::parse_beginning(m, beginning)?;
        #[cfg(not(feature = "built-in"))]
        drop(LOADED.set(Ok(points)));
        #[cfg(feature = "built-in")]
        drop(points);
        Generators::load_for(m).map(drop)
    }

    /// The points of this process, if there are enough for rows of `2^m` cells.
    ///
    /// # Errors
    /// As [`Generators::load`], and if there are fewer.
    pub fn load_for(m: usize) -> Result<&'static Generators, BadParameters> {
        Generators::load().and_then(|points| if points.g.len() >= 1 << m { Ok(points) } else { Err(BAD) })
    }

    /// Checks the file's digest, then its points.
    pub fn parse(file: &[u8]) -> Result<Generators, BadParameters> {
        Generators::parse_beginning(MAX_ROW_BITS, file)
    }

    fn parse_beginning(m: usize, file: &[u8]) -> Result<Generators, BadParameters> {
        let expected = m.checked_sub(MIN_ROW_BITS).and_then(|line| BEGINNINGS.lines().nth(line)).ok_or(BAD)?;
        if file.len() != Generators::length(m) || digest(file) != expected {
            return Err(BAD);
        }
        points(file)
    }

    /// The file's beginnings that may be [given](Generators::give) to others, by their `m`.
    #[cfg(feature = "built-in")]
    pub fn beginnings() -> impl Iterator<Item = (usize, &'static [u8])> {
        (MIN_ROW_BITS..=MAX_ROW_BITS).filter_map(|m| Some((m, POINTS.get(..Generators::length(m))?)))
    }

    /// How many bytes of the file hold the points for rows of `2^m` cells.
    pub const fn length(m: usize) -> usize {
        64 * (2 + (1 << m))
    }

    /// `G_0 … G_{2^m − 1}`.
    pub fn rows(&self, m: usize) -> &[Vesta] {
        &self.g[..1 << m]
    }

    /// The generators' digest: which set a statement speaks of.
    pub fn id() -> [u8; 32] {
        let mut id = [0; 32];
        for (byte, hex) in id.iter_mut().zip(POINTS_DIGEST.trim().as_bytes().as_chunks::<2>().0) {
            *byte = std::str::from_utf8(hex).ok().and_then(|h| u8::from_str_radix(h, 16).ok()).unwrap_or(0);
        }
        id
    }
}

/// The points of a file whose digest was checked.
fn points<C: Curve>(file: &[u8]) -> Result<Generators<C>, BadParameters> {
    let mut points = file.as_chunks::<64>().0.iter().map(|bytes| parse_point(bytes).ok_or(BAD));
    let mut next = || points.next().unwrap_or(Err(BAD));
    let (h, u) = (next()?, next()?);
    Ok(Generators { h, u, g: points.collect::<Result<_, _>>()? })
}

fn parse_point<C: Curve>(bytes: &[u8; 64]) -> Option<C> {
    let (x, y) = bytes.split_at(32);
    let coordinate = |b: &[u8]| -> Option<C::Base> { Option::from(C::Base::from_repr(b.try_into().ok()?)) };
    // The file's digest says that these are the points the code makes: on the curve, as a test makes sure.
    Some(<C as Curve>::from_xy_unchecked(coordinate(x)?, coordinate(y)?))
}

/// The digest by which a parameter file is known: Blake2b-256 in hexadecimal.
pub fn digest(file: &[u8]) -> String {
    Blake2b::new().hash_length(32).personal(b"zkimg-params-v1").hash(file).to_hex().to_string()
}
