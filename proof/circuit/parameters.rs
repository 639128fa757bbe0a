//! halo2's parameters, shipped as a file that is checked by digest before it is parsed.

use super::{CLASSES, Class};
use halo2_proofs::poly::commitment::Params;
use std::ops::Range;
use std::sync::OnceLock;
use zkimg_group::field::Affine;
use zkimg_group::generators::{BadParameters, digest};

#[cfg(feature = "built-in")]
const CIRCUIT: &[u8] = include_bytes!("../parameters/halo2.bin");
const CIRCUIT_DIGESTS: &str = include_str!("../parameters/halo2.digests");

const BAD: BadParameters = BadParameters("halo2.bin");
static LOADED: [OnceLock<Result<Params<Affine>, BadParameters>>; CLASSES] = [const { OnceLock::new() }; CLASSES];

/// halo2's parameters for a circuit of this size, checked by digest, parsed once in a process: the shipped ones, or those that were given.
pub fn circuit_params(class: Class) -> Result<&'static Params<Affine>, BadParameters> {
    #[cfg(feature = "built-in")]
    let loaded = Some(LOADED[class.index()].get_or_init(|| parse_circuit_params(class, CIRCUIT)));
    #[cfg(not(feature = "built-in"))]
    let loaded = LOADED[class.index()].get();
    loaded.ok_or(BAD)?.as_ref().map_err(|error| *error)
}

/// Gives this process a size's part of the file, once. What has it built in keeps that.
///
/// # Errors
/// If it is not that part.
pub fn give_circuit_params(class: Class, part: &[u8]) -> Result<(), BadParameters> {
    let params = parse_part(class, part)?;
    #[cfg(not(feature = "built-in"))]
    drop(LOADED[class.index()].set(Ok(params)));
    #[cfg(feature = "built-in")]
    drop(params);
    circuit_params(class).map(drop)
}

/// The parts of the file that may be [given](give_circuit_params) to others.
#[cfg(feature = "built-in")]
pub fn circuit_parts() -> impl Iterator<Item = (Class, &'static [u8])> {
    Class::all().filter_map(|class| Some((class, CIRCUIT.get(part_of_file(class))?)))
}

/// Where a size's parameters stand in the file: `k`, the points, their Lagrange basis, two more points.
fn part_of_file(class: Class) -> Range<usize> {
    let length = |class: Class| 4 + 32 * (2 * class.rows() + 2);
    let start = Class::all().take_while(|smaller| *smaller < class).map(length).sum();
    start..start + length(class)
}

/// Checks the digest of a size's part of the file, then parses it: halo2's parser trusts its input.
pub fn parse_circuit_params(class: Class, file: &[u8]) -> Result<Params<Affine>, BadParameters> {
    parse_part(class, file.get(part_of_file(class)).ok_or(BAD)?)
}

fn parse_part(class: Class, part: &[u8]) -> Result<Params<Affine>, BadParameters> {
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
