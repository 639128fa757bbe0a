//! The parameters that a program without the feature `built-in` must be given: as much of their files as a proof needs.

use crate::chain::Steps;
use crate::proof_file::ProofFile;
use zkimg_group::generators::{BadParameters, Generators};
use zkimg_proof::circuit::{Class, circuit_params, give_circuit_params};

/// A part of the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The generators for rows of `2^m` cells.
    Points(usize),
    /// halo2's parameters for a circuit of `2^k` rows.
    Circuit(u32),
}

impl Part {
    /// The name of the file that holds it, where a page is offered.
    pub fn name(self) -> String {
        match self {
            Part::Points(m) => format!("points-{m}.bin"),
            Part::Circuit(k) => format!("circuit-{k}.bin"),
        }
    }

    /// The part with this name.
    pub fn named(name: &str) -> Option<Part> {
        let (kind, size) = name.strip_suffix(".bin")?.split_once('-')?;
        match kind {
            "points" => size.parse().ok().map(Part::Points),
            "circuit" => size.parse().ok().map(Part::Circuit),
            _ => None,
        }
    }

    /// Gives it to this process.
    ///
    /// # Errors
    /// If the bytes are not those that this version was built for.
    pub fn give(self, bytes: &[u8]) -> Result<(), BadParameters> {
        match self {
            Part::Points(m) => Generators::give(m, bytes),
            Part::Circuit(k) => give_circuit_params(Class::of_bits(k).ok_or(BadParameters("halo2.bin"))?, bytes),
        }
    }

    fn is_here(self) -> bool {
        match self {
            Part::Points(m) => Generators::load_for(m).is_ok(),
            Part::Circuit(k) => Class::of_bits(k).is_none_or(|class| circuit_params(class).is_ok()),
        }
    }

    /// All of them, and their bytes.
    #[cfg(feature = "built-in")]
    pub fn all() -> impl Iterator<Item = (Part, &'static [u8])> {
        let circuits = zkimg_proof::circuit::circuit_parts().map(|(class, bytes)| (Part::Circuit(class.bits()), bytes));
        Generators::beginnings().map(|(m, bytes)| (Part::Points(m), bytes)).chain(circuits)
    }
}

/// What this process must still be given before it verifies a file.
pub fn missing(file: &ProofFile) -> Vec<Part> {
    // A file whose links have no statement is refused before any is needed.
    let steps = Steps::of(file).map(|steps| steps.classes().collect::<Vec<_>>()).unwrap_or_default();
    missing_for(file.capture.statement.layout().m, steps)
}

/// The same for rows of `2^m` cells and circuits of these sizes.
pub(crate) fn missing_for(m: usize, circuits: impl IntoIterator<Item = Class>) -> Vec<Part> {
    let mut sizes: Vec<u32> = circuits.into_iter().map(Class::bits).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let parts = [Part::Points(m)].into_iter().chain(sizes.into_iter().map(Part::Circuit));
    parts.filter(|part| !part.is_here()).collect()
}
