//! Chains: steps one after the other, what is handed on between them, and lies in it.

mod support;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use std::sync::OnceLock;
use support::{contrast, dims, picture, value};
use zkimg_graph::graph::{Kind, Output};
use zkimg_graph::tensor::{Cells, CellsRef, Dims};
use zkimg_group::cycle::{Pallas, Vesta};
use zkimg_group::field::F;
use zkimg_group::generators::Generators;
use zkimg_proof::channel::Sizes;
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::relation::{Relation, Witness};
use zkimg_recursion::chain::{Appended, Given, Handed, Parameters};
use zkimg_recursion::fold::Bases;
use zkimg_recursion::step::points::Slots;

const ROW_BITS: usize = 16;
const SLOTS: Slots = Slots { instance: 3, picture: 1, others: 2 };
const SECOND: usize = 4;

fn size() -> Dims {
    dims(1, 5, 7)
}

fn random(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

fn parameters() -> &'static Parameters<'static> {
    static PARAMETERS: OnceLock<Parameters<'static>> = OnceLock::new();
    static PALLAS: OnceLock<Generators<Pallas>> = OnceLock::new();
    PARAMETERS.get_or_init(|| {
        let vesta = Generators::load().expect("generators");
        let pallas = PALLAS.get_or_init(|| Generators::derive(1 << 13));
        let sizes = Sizes { leaves: 12, flat: 17, equal: 8, tensors: 2 * SLOTS.picture + SLOTS.others, products: 0, product_bits: 0 };
        let parameters = Parameters::new(
            sizes,
            SLOTS,
            SECOND,
            Bases { row: vesta.rows(ROW_BITS), blinder: vesta.h },
            Bases { row: pallas.first(1 << 13), blinder: pallas.h },
        );
        println!(
            "{:?}, {} values; {:?}, {} values",
            parameters.numbers(),
            parameters.numbers().witness(),
            parameters.points(),
            parameters.points().witness()
        );
        assert!(parameters.numbers().witness().max(parameters.numbers().rows_used()) <= SLOTS.instance << ROW_BITS);
        assert!(parameters.points().witness().max(parameters.points().rows_used()) <= SECOND << 13);
        parameters
    })
}

fn relation() -> Relation {
    Relation::compile(size(), ROW_BITS, &[contrast(size())], Output::Hidden(Kind::Picture)).expect("a relation")
}

struct Picture {
    cells: Cells,
    rows: Vec<Vesta>,
    blinders: Vec<F>,
}

fn original() -> Picture {
    let relation = relation();
    let cells = picture(size());
    let blinders = vec![value("blinder", 1)];
    let rows = commit_rows(Generators::load().expect("generators"), &relation.tensors[0], &cells, &blinders);
    Picture { cells, rows, blinders }
}

fn begun() -> Handed {
    parameters().begin(value("history", 0), &original().rows, &mut random(1))
}

fn appended(handed: &Handed, from: &Picture, seed: u8) -> Option<(Appended, Picture)> {
    let relation = relation();
    let given = Given {
        relation: &relation,
        statement: value("statement", seed.into()),
        input: from.cells.clone(),
        rows: &from.rows,
        blinders: &from.blinders,
        output: CellsRef::U8(&[]),
    };
    let appended = parameters().append(handed, &given, &mut random(seed))?;
    let mut witness = Witness::new(&relation, vec![from.cells.clone()]);
    let cells = std::mem::replace(&mut witness.output, Cells::U8(Vec::new()));
    let picture = Picture { cells, rows: appended.rows.clone(), blinders: appended.blinders.to_vec() };
    Some((appended, picture))
}

#[test]
fn steps_follow_each_other_and_what_is_handed_on_holds() {
    let (mut handed, mut picture) = (begun(), original());
    assert_eq!(parameters().check(&handed), Ok(()));
    for seed in 2..5 {
        let (appended, next) = appended(&handed, &picture, seed).expect("a step");
        assert_eq!(parameters().check(&appended.handed), Ok(()), "link {seed}");
        assert_eq!(appended.handed.state.links, F::from(u64::from(seed) - 1));
        (handed, picture) = (appended.handed, next);
    }
}
