//! The classes of chains: how many rows a step has, and how long its argument is.
//!
//! All steps of a chain are of one class, so that they have one pair of circuits; whoever begins it takes the least that holds the camera's
//! picture and the first edits. Rows have `2^16` cells. A step has as many other rows as a picture has, and two more, so that every single edit
//! fits, and several that are small.

use crate::account;
use crate::chain::{Parameters, handed_bytes, holds};
use crate::fold::Bases;
use crate::step::points::Slots;
use crate::verifier::weighing_count;
use ff::PrimeField;
use pasta_curves::Fq;
use std::sync::OnceLock;
use zkimg_graph::tensor::Dims;
use zkimg_group::cycle::Pallas;
use zkimg_group::generators::{BadParameters, Generators, MAX_ROW_BITS};
use zkimg_proof::channel::Sizes;
use zkimg_proof::commitment::Layout;
use zkimg_proof::relation::Relation;

/// A class, by its place among all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class(usize);

/// What a class is.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// Rows of a picture.
    picture: usize,
    /// Bits of the largest tensor.
    flat: usize,
    /// Bits of the leaf space.
    leaves: usize,
    /// Rows of an instance of the circuit over `Fp`.
    instance: usize,
    /// Rows of an instance of the circuit on points.
    second: usize,
    /// Values of a witness of either circuit.
    values: [usize; 2],
}

/// Up to 640×480, 1280×720, 1920×1080, 3840×2160, 4000×3000 and 7680×4320 in colour, as far as rows go.
const CLASSES: [Row; 6] = [
    Row { picture: 24, flat: 22, leaves: 24, instance: 3, second: 2, values: [193_477, 89_190] },
    Row { picture: 72, flat: 23, leaves: 25, instance: 4, second: 4, values: [247_273, 230_286] },
    Row { picture: 144, flat: 24, leaves: 26, instance: 5, second: 7, values: [324_574, 439_062] },
    Row { picture: 408, flat: 26, leaves: 28, instance: 10, second: 19, values: [600_559, 1_212_222] },
    Row { picture: 576, flat: 26, leaves: 28, instance: 12, second: 27, values: [767_647, 1_697_454] },
    Row { picture: 1632, flat: 28, leaves: 30, instance: 28, second: 74, values: [1_820_488, 4_767_150] },
];

static LOADED: [OnceLock<Parameters<'static>>; CLASSES.len()] = [const { OnceLock::new() }; CLASSES.len()];

impl Class {
    /// All, the smallest first.
    pub fn all() -> impl Iterator<Item = Class> {
        (0..CLASSES.len()).map(Class)
    }

    /// A class by its number in a file.
    pub fn numbered(number: usize) -> Option<Class> {
        (number < CLASSES.len()).then_some(Class(number))
    }

    /// Its number in a file.
    pub fn number(self) -> usize {
        self.0
    }

    /// A step's rows.
    pub fn slots(self) -> Slots {
        let Row { picture, instance, .. } = CLASSES[self.0];
        Slots { instance, picture, others: picture + 2 }
    }

    /// How long a step's argument is.
    pub fn sizes(self) -> Sizes {
        let Row { flat, leaves, .. } = CLASSES[self.0];
        let Slots { picture, others, .. } = self.slots();
        Sizes { leaves, flat, equal: leaves, tensors: 2 * picture + others, products: 0, product_bits: 0 }
    }

    /// The least class with a picture's rows; `None` if none has so many.
    pub fn of(dims: Dims) -> Option<Class> {
        Class::all().find(|class| class.has_rows(dims))
    }

    /// Whether a step has as many rows as a picture.
    pub fn has_rows(self, dims: Dims) -> bool {
        Layout::count(dims, MAX_ROW_BITS) <= CLASSES[self.0].picture
    }

    /// Whether what a relation says is a step of this class.
    pub fn holds(self, relation: &Relation) -> bool {
        holds(&self.sizes(), &self.slots(), MAX_ROW_BITS, relation)
    }

    /// How many challenges a reader is told of a step.
    pub fn told(self) -> usize {
        weighing_count(&self.sizes())
    }

    /// How many bytes what is handed on has.
    pub fn handed_bytes(self) -> usize {
        let Row { instance, second, values, .. } = CLASSES[self.0];
        handed_bytes(MAX_ROW_BITS, [instance, second], values)
    }

    /// About how many bytes a step takes, with the circuits: 36 times the witnesses, which is what steps of HD were measured to take.
    pub fn memory(self) -> usize {
        36 * 32 * self.values().iter().sum::<usize>()
    }

    /// Bits of security of a chain.
    pub fn security_bits(self) -> u32 {
        account::step_bits(&self.sizes(), &self.slots(), self.values())
    }

    fn values(self) -> [usize; 2] {
        CLASSES[self.0].values
    }

    /// Both circuits, made once.
    ///
    /// # Errors
    /// If the installation is damaged.
    pub fn parameters(self) -> Result<&'static Parameters<'static>, BadParameters> {
        let (vesta, pallas) = generators()?;
        Ok(LOADED[self.0].get_or_init(|| {
            let row = |bits: usize| 1usize << bits;
            let own = Bases { row: vesta.rows(MAX_ROW_BITS), blinder: vesta.h };
            let other = Bases { row: pallas.first(row(MAX_ROW_BITS)), blinder: pallas.h };
            let parameters = Parameters::new(self.sizes(), self.slots(), CLASSES[self.0].second, own, other);
            assert_eq!([parameters.numbers().witness(), parameters.points().witness()], self.values(), "what is written down of {self:?}");
            parameters
        }))
    }
}

/// The generators of both curves.
///
/// # Errors
/// If the installation is damaged.
pub fn generators() -> Result<(&'static Generators, &'static Generators<Pallas>), BadParameters> {
    Ok((Generators::load_for(MAX_ROW_BITS)?, Generators::of_pallas()?))
}

/// A digest of rows by its bytes, if these are canonical.
pub fn element(bytes: &[u8; 32]) -> Option<Fq> {
    Option::from(Fq::from_repr(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands for both circuits of the least class and the generators: that of all others changes with it. Chains that began with other
    /// constraints are refused by name, so whoever changes it makes a new version of files.
    #[test]
    fn the_circuits_are_pinned() {
        let number = Class(0).parameters().expect("generators").number().to_repr();
        let hex: String = number.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "ea952d0cdb56fdc684ea501c40834710aabac00ac27329ab4c6ee12025348d27");
    }
}
