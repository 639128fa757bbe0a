//! halo2's parameters, shipped as a file that is checked by digest before it is parsed.

use super::{CLASSES, Class};
use halo2_proofs::poly::commitment::Params;
use std::ops::Range;
use std::sync::OnceLock;
use zkimg_group::field::Affine;
use zkimg_group::generators::{BadParameters, digest};

const CIRCUIT: &[u8] = include_bytes!("../parameters/halo2.bin");
const CIRCUIT_DIGESTS: &str = include_str!("../parameters/halo2.digests");

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
