//! The public points of every commitment, and halo2's parameters, shipped as files.
//!
//! The points are hashed to the curve under a domain label, so nobody knows a relation between them. They are
//! read from a file that is checked by digest before it is parsed; `tests/parameters.rs` makes the files anew and compares.

use crate::circuit::{CLASSES, Class};
use crate::field::{Affine, F, Point};
use blake2b_simd::Params as Blake2b;
use ff::PrimeField;
use halo2_proofs::poly::commitment::Params;
use pasta_curves::arithmetic::{CurveAffine, CurveExt};
use std::ops::Range;
use std::sync::OnceLock;

/// The shortest row: `2^10` cells.
pub const MIN_ROW_BITS: usize = 10;
/// The longest row: `2^16` cells, and so the number of generators.
pub const MAX_ROW_BITS: usize = 16;

const POINTS: &[u8] = include_bytes!("parameters/generators.bin");
const POINTS_DIGEST: &str = include_str!("parameters/generators.digest");
const CIRCUIT: &[u8] = include_bytes!("parameters/halo2.bin");
const CIRCUIT_DIGESTS: &str = include_str!("parameters/halo2.digests");
const DOMAIN: &str = "zkimg-generators-v1";

/// A parameter file that is not the one this version was built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter file {0} does not have the digest this version expects; install zkimg again")]
pub struct BadParameters(&'static str);

impl BadParameters {
    pub(crate) const KEY: BadParameters = BadParameters("of the circuit's key");
}

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

/// halo2's parameters for a circuit of this size, checked by digest, parsed once in a process.
pub fn circuit_params(class: Class) -> Result<&'static Params<Affine>, BadParameters> {
    static LOADED: [OnceLock<Result<Params<Affine>, BadParameters>>; CLASSES] = [const { OnceLock::new() }; CLASSES];
    LOADED[class.index()].get_or_init(|| parse_circuit_params(class, CIRCUIT)).as_ref().map_err(|e| *e)
}

/// Where a size's parameters stand in the file: `k`, the points, their Lagrange basis, two more points.
fn part_of_file(class: Class) -> Range<usize> {
    let length = |class: Class| 4 + 32 * (2 * class.rows() + 2);
    let start = Class::all().take_while(|smaller| *smaller < class).map(length).sum();
    start..start + length(class)
}

/// Checks the digest of a size's part of the file, then parses it: halo2's parser trusts its input.
pub fn parse_circuit_params(class: Class, file: &[u8]) -> Result<Params<Affine>, BadParameters> {
    const BAD: BadParameters = BadParameters("halo2.bin");
    let part = file.get(part_of_file(class)).ok_or(BAD)?;
    if Some(digest(part).as_str()) != CIRCUIT_DIGESTS.lines().nth(class.index()) {
        return Err(BAD);
    }
    Params::read(&mut &part[..]).map_err(|_| BAD)
}

/// Makes halo2's parameters from nothing: the file, a part for each size of the circuit, and the parts' digests, a line each.
pub fn generate_circuit_params() -> (Vec<u8>, String) {
    let mut file = Vec::new();
    for class in Class::all() {
        Params::<Affine>::new(class.bits()).write(&mut file).expect("a Vec takes every write");
    }
    let digests = Class::all().map(|class| digest(&file[part_of_file(class)]) + "\n").collect();
    (file, digests)
}

/// The digest by which a parameter file is known: Blake2b-256 in hexadecimal.
pub fn digest(file: &[u8]) -> String {
    Blake2b::new().hash_length(32).personal(b"zkimg-params-v1").hash(file).to_hex().to_string()
}

// The scalar field of the generators is the field of the argument.
const _: fn(F) -> <Affine as CurveAffine>::ScalarExt = |f| f;
