//! A class of chains of small pictures, and steps of them.

use super::{contrast, dims, picture, value};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use std::sync::OnceLock;
use zkimg_graph::graph::{Kind, Output};
use zkimg_graph::tensor::{Cells, CellsRef, Dims};
use zkimg_group::cycle::{Pallas, Vesta};
use zkimg_group::field::F;
use zkimg_group::generators::Generators;
use zkimg_proof::channel::Sizes;
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::relation::{Relation, Witness};
use zkimg_recursion::chain::{Appended, Begun, Given, Handed, Known, Parameters};
use zkimg_recursion::fold::Bases;
use zkimg_recursion::step::points::Slots;

pub(crate) const ROW_BITS: usize = 16;
pub(crate) const SLOTS: Slots = Slots { instance: 2, picture: 1, others: 2 };
pub(crate) const SECOND: usize = 1;
/// The constraints on points have as many rows.
pub(crate) const PALLAS_BITS: usize = 15;

pub(crate) fn size() -> Dims {
    dims(1, 5, 7)
}

pub(crate) fn random(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

pub(crate) fn generators() -> (&'static Generators<Vesta>, &'static Generators<Pallas>) {
    static PALLAS: OnceLock<Generators<Pallas>> = OnceLock::new();
    (Generators::load().expect("generators"), PALLAS.get_or_init(|| Generators::derive(1 << PALLAS_BITS)))
}

pub(crate) fn parameters() -> &'static Parameters<'static> {
    static PARAMETERS: OnceLock<Parameters<'static>> = OnceLock::new();
    PARAMETERS.get_or_init(|| parameters_of(SECOND))
}

/// With this many rows of the circuit on points.
pub(crate) fn parameters_of(second: usize) -> Parameters<'static> {
    let vesta = generators().0;
    parameters_over(second, Bases { row: vesta.rows(ROW_BITS), blinder: vesta.h })
}

/// The same over other generators of Vesta.
pub(crate) fn parameters_over(second: usize, vesta: Bases<'static, Vesta>) -> Parameters<'static> {
    let pallas = generators().1;
    let sizes = Sizes { leaves: 12, flat: 17, equal: 8, tensors: 2 * SLOTS.picture + SLOTS.others, products: 0, product_bits: 0 };
    Parameters::new(sizes, SLOTS, second, vesta, Bases { row: pallas.first(1 << PALLAS_BITS), blinder: pallas.h })
}

pub(crate) fn relation() -> Relation {
    Relation::compile(size(), ROW_BITS, &[contrast(size())], Output::Hidden(Kind::Picture)).expect("a relation")
}

pub(crate) struct Picture {
    pub cells: Cells,
    pub rows: Vec<Vesta>,
    pub blinders: Vec<F>,
}

pub(crate) fn original() -> Picture {
    let relation = relation();
    let cells = picture(size());
    let blinders = vec![value("blinder", 1)];
    let rows = commit_rows(Generators::load().expect("generators"), &relation.tensors[0], &cells, &blinders);
    Picture { cells, rows, blinders }
}

/// Where the chains begin, and what is behind it.
pub(crate) fn beginning() -> Begun {
    let (relation, original) = (relation(), original());
    let known = Known { layout: &relation.tensors[0], cells: &original.cells, rows: &original.rows, blinders: &original.blinders };
    parameters().begun(value("history", 0), &known, &mut random(1)).expect("a picture of this class")
}

pub(crate) fn begun() -> Handed {
    let Begun { beginning, pictures, .. } = beginning();
    parameters().begin(&beginning, pictures)
}

pub(crate) fn appended(handed: &Handed, from: &Picture, seed: u8) -> Option<(Appended, Picture)> {
    appended_by(parameters(), handed, from, seed)
}

/// The same with other parameters, or by another prover.
pub(crate) fn appended_by(parameters: &Parameters<'_>, handed: &Handed, from: &Picture, seed: u8) -> Option<(Appended, Picture)> {
    appended_with(parameters, handed, from, seed, &mut random(seed))
}

/// The same with these draws.
pub(crate) fn appended_with(
    parameters: &Parameters<'_>,
    handed: &Handed,
    from: &Picture,
    statement: u8,
    random: &mut impl Rng,
) -> Option<(Appended, Picture)> {
    let relation = relation();
    let mut witness = Witness::new(&relation, vec![from.cells.clone()]);
    let cells = std::mem::replace(&mut witness.output, Cells::U8(Vec::new()));
    let given = Given {
        relation: &relation,
        statement: value("statement", statement.into()),
        witness,
        rows: &from.rows,
        blinders: &from.blinders,
        output: CellsRef::U8(&[]),
    };
    let appended = parameters.append(handed, given, random)?;
    let picture = Picture { cells, rows: appended.rows.clone(), blinders: appended.blinders.to_vec() };
    Some((appended, picture))
}
