//! Committed cells that are not what the steps make: remainders, quotients, entries of tables, junk between the cells.

use super::{OPENING, false_output, refused, two_steps, whole};
use crate::support::forger::dense::padding;
use crate::support::forger::{Forger, Lie};
use crate::support::{self, Case, contrast, dims, flip, luma, sharpen};
use ff::Field;
use zkimg_graph::graph::Kind;
use zkimg_graph::linear::LinearMap;
use zkimg_graph::step::{Function, Piece, Step};
use zkimg_graph::tensor::Dims;
use zkimg_group::field::{F, from_i64};
use zkimg_proof::relation::{Output, Relation};
use zkimg_proof::verify::Reject;

/// The tensors of [`whole`]: input, grey, excesses `q − y` of the sharpening, multiplicities.
const GREY: usize = 1;

const EXCESS: usize = 2;

/// Puts the quotient of a cell one lower, with the value its table has there: r becomes r + D, for v = D·q + r still.
fn lower_the_quotient(forger: &mut Forger, cell: usize) {
    let lower = forger.looked_up(cell, -1);
    let y = std::mem::replace(&mut forger.output[cell], lower);
    let at = forger.at(EXCESS, cell);
    forger.tensors[EXCESS][at] += from_i64(y - forger.output[cell] - 1);
}

#[test]
fn a_remainder_of_r_plus_d_is_refused() {
    let mut forger = Forger::new(&whole(), Output::Revealed);
    lower_the_quotient(&mut forger, 2);
    // Only the remainder's own lookup has no entry left.
    assert_eq!(forger.count(), 1);
    refused(&mut forger, Reject::Equations);
}

/// The same of a divisor whose remainders have limbs: the best there are for r + D, in the place of r's.
#[test]
fn limbs_of_r_plus_d_are_refused() {
    for (divisor, limbs) in [(3u64 << 16, 1), ((1 << 16) + 1, 2)] {
        let case = Case::new(dims(1, 2, 5), |d| {
            let map = LinearMap::mix(d, vec![vec![2 * divisor as i32]]);
            let function = Function::Table { first: -64, values: (-64..512).map(|q: i64| q.clamp(0, 255) as u8).collect() };
            vec![support::single(Piece { bias: -50 * divisor as i64 + 7, divisor, function, ..Piece::linear(map) })]
        });
        // Its quotient, 2x − 50, is clamped neither before nor after.
        let cell = (0..10).find(|i| (60..255).contains(&(2 * i64::from(case.cells[*i]) - 50))).expect("a cell");
        for lie in [Lie::None, Lie::Messages, Lie::Opening] {
            let mut forger = Forger::new(&case, Output::Revealed);
            assert_eq!(forger.tensors.len(), 3 + limbs, "input, excesses, limbs, multiplicities");
            assert_eq!(forger.output[cell], 2 * i64::from(case.cells[cell]) - 50);
            forger.output[cell] -= 1;
            let (at, remainder) = (forger.at(1, cell), 7 + divisor as i64);
            forger.tensors[2][at] = from_i64(remainder >> 16);
            if limbs == 2 {
                forger.tensors[3][at] = from_i64((divisor as i64 - 1 - remainder) >> 16);
            }
            assert_eq!(forger.count(), 1, "{divisor}");
            forger.lie = lie;
            assert!(forger.judge().is_err(), "{divisor}, {lie:?}");
        }
    }
}

#[test]
fn an_entry_of_another_table_does_not_count() {
    // r + D lies in the longer range of another step's remainders, and is counted there.
    let mut forger = Forger::new(&whole(), Output::Revealed);
    lower_the_quotient(&mut forger, 2);
    assert_eq!(forger.count(), 1);
    let sum = forger.in_range(8, 2);
    let range = forger.relation.tables.iter().position(|t| t.len() == 256).expect("the other range");
    let entry = (0..256).find(|i| F::from(*i as u64) == sum).expect("a small remainder");
    let place = forger.relation.multiplicities_of(range).start + entry;
    let last = forger.tensors.len() - 1;
    forger.tensors[last][place] += F::ONE;
    refused(&mut forger, Reject::Equations);
}

#[test]
fn a_false_cell_of_a_selection_is_refused() {
    let case = Case::new(dims(3, 3, 5), |d| vec![flip(d), support::thirds(d)]);
    for cell in [0, 2, 4, 44] {
        let mut forger = Forger::new(&case, Output::Revealed);
        forger.output[cell] ^= 1;
        forger.count();
        refused(&mut forger, Reject::Equations);
    }
}

#[test]
fn a_value_that_is_not_its_quotients_is_refused() {
    // The excess keeps q and r as they are: only the pair (q, y) is in no table.
    for change in [1, 16] {
        let mut forger = Forger::new(&whole(), Output::Revealed);
        let at = forger.at(EXCESS, 2);
        let y = forger.output[2];
        forger.output[2] ^= change;
        forger.tensors[EXCESS][at] += from_i64(y - forger.output[2]);
        assert_eq!(forger.count(), 1);
        refused(&mut forger, Reject::Equations);
    }
}

#[test]
fn a_quotient_that_is_a_fraction_is_refused() {
    // q = v/D leaves no remainder, which is in its range; but q is no integer of the table.
    let mut forger = Forger::new(&whole(), Output::Revealed);
    let cell = (0..15).find(|cell| forger.in_range(8, *cell) != F::ZERO).expect("a cell that is rounded");
    let (at, r) = (forger.at(EXCESS, cell), forger.in_range(8, cell));
    forger.tensors[EXCESS][at] += r * F::from(8).invert().expect("not zero");
    assert_eq!(forger.in_range(8, cell), F::ZERO);
    assert_eq!(forger.count(), 1);
    refused(&mut forger, Reject::Equations);
}

#[test]
fn a_value_off_by_one_is_refused_by_its_lookup_alone() {
    // A remainder in its range, a pair in its table; each the one lookup that the value spoils.
    let steps: [fn(Dims) -> Step; 2] = [luma, |d| contrast(d, 1.25)];
    for step in steps {
        for output in [Output::Revealed, Output::Hidden(Kind::Picture)] {
            let mut forger = Forger::new(&Case::new(dims(3, 3, 5), |d| vec![step(d)]), output);
            match output {
                Output::Revealed => forger.output[4] ^= 1,
                Output::Hidden(_) => {
                    let at = forger.at(GREY, 4);
                    forger.tensors[GREY][at] += F::ONE;
                }
            }
            assert_eq!(forger.count(), 1);
            refused(&mut forger, Reject::Equations);
        }
    }
}

#[test]
fn a_hidden_picture_must_be_bytes() {
    // y = (v + b)/D as a field fraction leaves the remainder zero everywhere.
    let case = Case::new(dims(3, 3, 4), |d| vec![luma(d)]);
    let mut forger = Forger::new(&case, Output::Hidden(Kind::Picture));
    let inverse = F::from(256).invert().expect("not zero");
    for cell in 0..12 {
        let at = forger.at(GREY, cell);
        let of = |c: usize| F::from(u64::from(case.cells[12 * c + cell]));
        let v = of(0) * F::from(77) + of(1) * F::from(150) + of(2) * F::from(29) + F::from(128);
        forger.tensors[GREY][at] = v * inverse;
    }
    assert!(forger.count() > 0, "some fraction is not a byte");
    refused(&mut forger, Reject::Equations);
}

#[test]
fn multiplicities_that_do_not_count_are_refused() {
    let mut forger = Forger::new(&whole(), Output::Revealed);
    let last = forger.tensors.len() - 1;
    forger.tensors[last][3] += F::ONE;
    refused(&mut forger, Reject::Equations);
}

#[test]
fn junk_between_the_cells_changes_nothing_and_carries_no_lie() {
    let junk = |forger: &mut Forger| {
        let mut value = F::from(12345);
        for t in 0..forger.tensors.len() {
            for at in padding(&forger.relation.tensors[t]) {
                value = value.square() + F::ONE;
                forger.tensors[t][at] = value;
            }
        }
    };
    // Widths and heights that are no powers of two, tensors shorter than a row, and one of several rows.
    for case in [whole(), Case::new(dims(3, 5, 130), |d| vec![flip(d), luma(d)])] {
        for output in [Output::Revealed, Output::Hidden(Kind::Picture)] {
            let mut forger = Forger::new(&case, output);
            junk(&mut forger);
            assert_eq!(forger.count(), 0);
            forger.judge().expect("what stands in the padding does not matter");
        }
    }
    let mut forger = false_output(Lie::None);
    junk(&mut forger);
    refused(&mut forger, Reject::Equations);
    let mut forger = false_output(Lie::Opening);
    junk(&mut forger);
    refused(&mut forger, OPENING);
}

#[test]
fn tables_are_distinct_and_leaf_blocks_aligned() {
    let relation: Relation = Case::new(dims(3, 5, 6), |d| {
        let mut steps = two_steps(d);
        let grey = steps[1].output();
        steps.extend([sharpen(grey), contrast(grey, 1.3), sharpen(grey)]);
        steps
    })
    .relation(Output::Hidden(Kind::Picture));
    for (i, table) in relation.tables.iter().enumerate() {
        assert!(relation.tables[..i].iter().all(|other| other != table));
    }
    assert!(relation.tables.len() > 3);
    let blocks = relation.lookups.iter().map(|l| l.dims.index_bits());
    let sizes: Vec<usize> = blocks.chain((0..relation.tables.len()).map(|t| relation.table_bits(t))).collect();
    support::aligned(&relation.leaves, &sizes);
}
