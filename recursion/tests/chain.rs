//! Chains: steps one after the other, what is handed on between them, and lies in it.

mod support;

use ff::Field;
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
use zkimg_recursion::chain::{Appended, Given, Handed, Parameters, limbs};
use zkimg_recursion::compact::{Known, publish, verify};
use zkimg_recursion::fold::Bases;
use zkimg_recursion::step::points::{Slots, crossing_digest};
use zkimg_recursion::step::transcript::history;

const ROW_BITS: usize = 16;
const SLOTS: Slots = Slots { instance: 2, picture: 1, others: 2 };
const SECOND: usize = 1;
/// The constraints on points have as many rows.
const PALLAS_BITS: usize = 15;

fn size() -> Dims {
    dims(1, 5, 7)
}

fn random(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

fn generators() -> (&'static Generators<Vesta>, &'static Generators<Pallas>) {
    static PALLAS: OnceLock<Generators<Pallas>> = OnceLock::new();
    (Generators::load().expect("generators"), PALLAS.get_or_init(|| Generators::derive(1 << PALLAS_BITS)))
}

fn parameters() -> &'static Parameters<'static> {
    static PARAMETERS: OnceLock<Parameters<'static>> = OnceLock::new();
    PARAMETERS.get_or_init(|| {
        let (vesta, pallas) = generators();
        let sizes = Sizes { leaves: 12, flat: 17, equal: 8, tensors: 2 * SLOTS.picture + SLOTS.others, products: 0, product_bits: 0 };
        let parameters = Parameters::new(
            sizes,
            SLOTS,
            SECOND,
            Bases { row: vesta.rows(ROW_BITS), blinder: vesta.h },
            Bases { row: pallas.first(1 << PALLAS_BITS), blinder: pallas.h },
        );
        println!(
            "{:?}, {} values; {:?}, {} values",
            parameters.numbers(),
            parameters.numbers().witness(),
            parameters.points(),
            parameters.points().witness()
        );
        assert!(parameters.numbers().witness().max(parameters.numbers().rows_used()) <= SLOTS.instance << ROW_BITS);
        assert!(parameters.points().witness().max(parameters.points().rows_used()) <= SECOND << PALLAS_BITS);
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

#[test]
fn a_chain_of_any_length_has_one_proof_of_one_size() {
    let (mut handed, mut picture) = (begun(), original());
    let mut known = Known { links: 0, start: parameters().start(value("history", 0), &original().rows), history: value("history", 0) };
    let mut sizes = Vec::new();
    for seed in 2..5u8 {
        let (appended, next) = appended(&handed, &picture, seed).expect("a step");
        let rows = limbs(crossing_digest(11, &appended.rows));
        known.links += 1;
        known.history = history(&known.history, &value("statement", seed.into()), &rows, &appended.told, &appended.claims);
        (handed, picture) = (appended.handed, next);
        let proof = publish(parameters(), &handed, generators(), &mut random(9)).expect("a proof");
        assert_eq!(verify(parameters(), &known, generators(), &proof), Ok(crossing_digest(11, &appended.rows)), "{} links", known.links);
        sizes.push(proof.len());
        // Said otherwise, it is another chain.
        let lies = [
            Known { links: known.links + 1, ..known },
            Known { links: known.links - 1, ..known },
            Known { start: known.start + F::ONE, ..known },
            Known { history: known.history + F::ONE, ..known },
        ];
        lies.iter().for_each(|lie| assert!(verify(parameters(), lie, generators(), &proof).is_err()));
        if seed == 4 {
            for element in 0..proof.len() / 32 {
                let mut changed = proof.clone();
                changed[32 * element] ^= 1;
                assert!(verify(parameters(), &known, generators(), &changed).is_err(), "element {element}");
            }
            assert!(verify(parameters(), &known, generators(), &proof[..proof.len() - 32]).is_err());
            assert!(verify(parameters(), &known, generators(), &[&proof[..], &[0; 32]].concat()).is_err());
        }
    }
    assert!(sizes.windows(2).all(|pair| pair[0] == pair[1]), "{sizes:?}");
}
