//! What a cheat would try: each attempt is refused by the check that is there for it.
#![allow(clippy::cast_possible_wrap, reason = "small numbers")]

mod support;

use ff::Field;
use group::Group;
use support::forger::{Forger, Lie, padding};
use support::replay::{Class as Element, replay};
use support::{CONTEXT, Case, contrast, crop, dims, flip, luma, sharpen, shown};
use zkimg_graph::graph::Kind;
use zkimg_graph::linear::LinearMap;
use zkimg_graph::step::{Function, Piece, Step};
use zkimg_graph::tensor::{CellsRef, Dims};
use zkimg_group::field::{Affine, F, from_i64, point_from_bytes, point_to_bytes, scalar_from_bytes};
use zkimg_group::generators::Generators;
use zkimg_group::msm::{msm, to_affine};
use zkimg_proof::argument::Pixels;
use zkimg_proof::channel::{SLOTS, Turn};
use zkimg_proof::circuit::{BLINDED_ROWS, COEFFICIENTS, Class, Coefficients, MAX_MESSAGES, lagrange};
use zkimg_proof::equations::Batch;
use zkimg_proof::prove::{Input, ProveError, prove};
use zkimg_proof::relation::{Output, Relation};
use zkimg_proof::soundness::REQUIRED_BITS;
use zkimg_proof::verify::{Claim, Decoded, Reject, verify, verify_all};

const LINK: Reject = Reject::Group("link to the circuit");
const VALUE: Reject = Reject::Group("opened value");
const OPENING: Reject = Reject::Group("opening of the pixels");

fn two_steps(d: Dims) -> Vec<Step> {
    let grey = luma(d);
    let sharp = sharpen(grey.output());
    vec![grey, sharp]
}

/// Every kind of tensor: input, hidden picture, committed excesses, multiplicities.
fn whole() -> Case {
    Case::new(dims(3, 3, 5), two_steps)
}

fn refused(forger: &mut Forger, by: Reject) {
    assert_eq!(forger.judge().err(), Some(by));
}

/// A forger that claims another pixel in the published picture.
fn false_output(lie: Lie) -> Forger {
    let mut forger = Forger::new(&whole(), Output::Revealed);
    forger.output[4] ^= 8;
    forger.count();
    forger.lie = lie;
    forger
}

#[test]
fn the_reference_prover_is_accepted() {
    for output in [Output::Revealed, Output::Hidden(Kind::Picture)] {
        for lie in [Lie::None, Lie::Messages, Lie::Opening, Lie::Circuit] {
            let mut forger = Forger::new(&whole(), output);
            assert_eq!(forger.count(), 0);
            forger.lie = lie;
            forger.judge().expect("true cells need no lie");
        }
    }
    Forger::new(&Case::new(dims(3, 4, 5), |d| vec![crop(d, 1, 1, 3, 2)]), Output::Revealed).judge().expect("accepted");
}

#[test]
fn a_false_output_breaks_the_equations_the_opening_or_the_link() {
    refused(&mut false_output(Lie::None), Reject::Equations);
    refused(&mut false_output(Lie::Messages), VALUE);
    refused(&mut false_output(Lie::Opening), OPENING);
    refused(&mut false_output(Lie::Circuit), LINK);
}

/// A false proof whose circuit has a witness that nobody committed to, then one commitment chosen after `x` so that
/// the link holds. Only absorbing it before `x` prevents this.
fn adapted(class: Element, which: usize) -> Option<Reject> {
    let mut forger = false_output(Lie::Circuit);
    let mut proof = forger.prove();
    let first = replay(&forger.relation, CONTEXT, &[forger.input_rows()], forger.shown().view(), &proof);
    assert!(!first.link_holds && first.opened_value_holds && first.opening_holds);
    // Messages in the order in which they are sent, the unusable rows last.
    let kinds = [Element::LayerEnd, Element::LayerRound, Element::LinearRound, Element::Evaluation, Element::Tail, Element::RootInverse];
    let messages: Vec<_> = first.elements.iter().filter(|e| kinds.contains(&e.class)).collect();
    let place = messages.iter().position(|e| e.offset == first.offsets(class)[which]).expect("a message");
    let scalars = halo2_scalars(&first.elements, &proof);
    let g = Generators::load().expect("generators");
    let point = |at: usize| point_from_bytes(proof[at..at + 32].try_into().expect("32 bytes")).expect("a point");
    // What is missing on the left side of the link.
    let committed: Vec<Affine> = messages.iter().map(|e| point(e.offset)).collect();
    let mut points = committed.clone();
    let mut weights = first.link.clone();
    points.extend((0..4).map(|i| g.rows(4)[i]));
    weights.extend((0..4).map(|i| -scalars[i]));
    let blinder = first.offsets(Element::LinkBlinder)[0];
    points.push(g.h);
    weights.push(-scalar_at(&proof, blinder));
    let missing = msm(&weights, &points);
    assert!(!bool::from(missing.is_identity()));
    let scale = first.link[place].invert().expect("not zero");
    let better = to_affine(&[zkimg_group::field::Point::from(committed[place]) - missing * scale])[0];
    proof[first.offsets(class)[which]..][..32].copy_from_slice(&point_to_bytes(&better));
    forger.judge_bytes(&proof).err()
}

fn scalar_at(proof: &[u8], at: usize) -> F {
    scalar_from_bytes(proof[at..at + 32].try_into().expect("32 bytes")).expect("a scalar")
}

fn halo2_scalars(elements: &[support::replay::Element], proof: &[u8]) -> Vec<F> {
    let scalars = elements.iter().filter(|e| e.class == Element::Circuit && !e.point);
    scalars.map(|e| scalar_at(proof, e.offset)).collect()
}

#[test]
fn a_commitment_chosen_after_x_is_refused() {
    for (class, which) in
        [(Element::Tail, 0), (Element::Tail, BLINDED_ROWS - 1), (Element::LayerEnd, 0), (Element::LayerRound, 0), (Element::LinearRound, 2)]
    {
        assert_eq!(adapted(class, which), Some(Reject::Equations), "{class:?}");
    }
}

#[test]
fn every_challenge_is_drawn_in_the_documented_order() {
    for output in [Output::Revealed, Output::Hidden(Kind::Picture)] {
        for case in [whole(), Case::new(dims(3, 4, 5), |d| vec![flip(d)])] {
            let proved = case.prove(output);
            let picture = if output == Output::Hidden(Kind::Picture) { &[][..] } else { proved.pixels() };
            let again = replay(&case.relation(output), CONTEXT, &[&case.rows], CellsRef::U8(picture), &proved.proof);
            assert!(again.link_holds && again.opened_value_holds && again.opening_holds);
        }
    }
}

#[test]
fn junk_in_an_unused_row_is_refused() {
    let mut forger = Forger::new(&whole(), Output::Revealed);
    forger.junk_row = F::ONE;
    refused(&mut forger, LINK);
}

#[test]
fn blinders_that_were_not_foretold_are_refused() {
    let mut forger = Forger::new(&whole(), Output::Revealed);
    forger.wrong_tail = F::ONE;
    refused(&mut forger, LINK);
}

#[test]
fn a_circuit_without_equations_is_refused() {
    let mut forger = false_output(Lie::None);
    forger.batched = Box::new(|batch| {
        batch.constant = F::ZERO;
        batch.linear.fill(Default::default());
        batch.products.fill(Default::default());
    });
    refused(&mut forger, Reject::Equations);
}

#[test]
fn every_column_of_coefficients_is_the_verifiers() {
    // In a row whose message is zero they change no equation.
    for column in 0..COEFFICIENTS {
        let mut forger = Forger::new(&whole(), Output::Revealed);
        let unused = forger.unused();
        forger.batched = Box::new(move |batch| {
            batch.linear.resize(unused + 1, Default::default());
            batch.products.resize(unused + 1, Default::default());
            match column.checked_sub(SLOTS) {
                None => batch.linear[unused][column] = F::ONE,
                Some(d) => batch.products[unused][d] = F::ONE,
            }
        });
        refused(&mut forger, Reject::Equations);
    }
}

#[test]
fn blinded_coefficients_are_refused() {
    let mut forger = Forger::new(&whole(), Output::Revealed);
    forger.blind_coefficients = true;
    refused(&mut forger, Reject::Equations);
}

#[test]
fn a_zero_denominator_is_refused() {
    // (0, p1, 0, q1) satisfies p0·q1 + p1·q0 = 0 for any p1; every later equation is fitted to it, but for t = q0·q1 and t·(1/t) = 1:
    // a lie about either breaks it.
    for product in [F::ZERO, F::ONE] {
        let mut forger = Forger::new(&whole(), Output::Revealed);
        forger.lie = Lie::Messages;
        forger.patch = Box::new(move |turn, message| match turn {
            Turn::Root => message[2] = F::ZERO,
            Turn::RootInverse => (message[2], message[3]) = (product, F::ONE),
            _ => {}
        });
        refused(&mut forger, Reject::Equations);
    }
}

#[test]
fn an_evaluation_stands_in_slot_zero_alone() {
    // In circuits of several sizes.
    let small = Case::new(dims(3, 4, 5), |d| vec![crop(d, 1, 1, 3, 2)]);
    let tone = Case::new(dims(1, 4, 5), |d| vec![contrast(d, 1.5)]);
    for (case, slot) in [(whole(), 1), (whole(), 2), (whole(), 3), (small, 3), (tone, 1)] {
        let mut forger = Forger::new(&case, Output::Revealed);
        let last = forger.tensors.len() - 1;
        forger.patch = Box::new(move |turn, message| {
            if matches!(turn, Turn::Evaluation { t, .. } if t == last.min(1)) {
                message[slot] = F::ONE;
            }
        });
        refused(&mut forger, VALUE);
    }
}

#[test]
fn an_equation_that_fails_alone_is_refused() {
    // The root's, a layer's and the linear one's turn in the batch.
    let turns: [fn(&Turn<'_>) -> bool; 4] = [
        |turn| matches!(turn, Turn::Root),
        |turn| matches!(turn, Turn::LayerEnd { .. }),
        |turn| matches!(turn, Turn::LinearRound { previous: None, .. }),
        |turn| matches!(turn, Turn::Evaluation { t: 2, .. }),
    ];
    for (message, turn_is) in turns.into_iter().enumerate() {
        let mut forger = Forger::new(&whole(), Output::Revealed);
        forger.patch = Box::new(move |turn, m| {
            if turn_is(&turn) {
                m[0] += F::ONE;
            }
        });
        let refusal = forger.judge().err();
        assert!(matches!(refusal, Some(Reject::Equations)), "{message}: {refusal:?}");
    }
}

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
fn the_prover_checks_its_own_proof() {
    let case = whole();
    let other = Case::new(case.dims, two_steps);
    let input = Input { cells: CellsRef::U8(&case.cells), blinders: &case.blinders, rows: &other.rows };
    let refused = prove(&case.relation(Output::Revealed), CONTEXT, &[input]).err();
    assert!(matches!(refused, Some(ProveError::SelfCheck(Reject::Group("opening of the pixels")))), "{refused:?}");
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

#[test]
fn more_messages_than_rows_are_refused() {
    assert!(Coefficients::new(&Batch::empty(MAX_MESSAGES)).is_some());
    assert!(Coefficients::new(&Batch::empty(MAX_MESSAGES + 1)).is_none(), "the last row holds the constant");
}

#[test]
fn an_evaluation_point_among_the_rows_is_refused() {
    for class in Class::all() {
        assert!(lagrange(class, F::ONE).is_none());
        assert!(lagrange(class, -F::ONE).is_none());
        let basis = lagrange(class, F::from(3)).expect("no root of unity");
        assert_eq!(basis.len(), class.rows());
        assert_eq!(basis.iter().sum::<F>(), F::ONE);
    }
}

#[test]
fn another_statement_is_refused() {
    let case = whole();
    let relation = case.relation(Output::Revealed);
    let proved = case.prove(Output::Revealed);
    let judge = |relation: &Relation, context: &[u8], rows: &[Affine], output: &[u8]| {
        verify(relation, context, &[rows], shown(relation, output), &proved.proof).err()
    };
    assert_eq!(judge(&relation, CONTEXT, &case.rows, proved.pixels()), None);
    let equations = Some(Reject::Equations);
    for cell in [0, 7, 14] {
        let mut other = proved.pixels().to_vec();
        other[cell] ^= 1;
        assert_eq!(judge(&relation, CONTEXT, &case.rows, &other), equations);
    }
    assert_eq!(judge(&relation, b"another statement", &case.rows, proved.pixels()), equations);
    assert_eq!(judge(&relation, b"", &case.rows, proved.pixels()), equations);
    // Other rows, in number and in value.
    assert_eq!(judge(&relation, CONTEXT, &Case::new(case.dims, two_steps).rows, proved.pixels()), equations);
    let too_many = [&case.rows[..], &case.rows[..1]].concat();
    assert_eq!(judge(&relation, CONTEXT, &too_many, proved.pixels()), Some(Reject::Shape("rows of the input")));
    assert_eq!(judge(&relation, CONTEXT, &[], proved.pixels()), Some(Reject::Shape("rows of the input")));
    // Another length of the output.
    assert_eq!(judge(&relation, CONTEXT, &case.rows, &proved.pixels()[1..]), Some(Reject::Shape("size of the output")));
    assert_eq!(judge(&relation, CONTEXT, &case.rows, &[]), Some(Reject::Shape("size of the output")));
    // The same pixels in lines of another length: refused as such, and absorbed besides.
    let recut = Pixels::new(dims(1, 5, 3), proved.pixels());
    assert_eq!(verify(&relation, CONTEXT, &[&case.rows], recut, &proved.proof).err(), Some(Reject::Shape("size of the output")));
    assert_ne!(recut.shape(), shown(&relation, proved.pixels()).shape());
    // Other shapes, rows of another length, hidden for revealed.
    let compile = |d, m, output| Relation::compile(d, m, &two_steps(d), output).expect("a relation");
    let turned = compile(dims(3, 5, 3), 10, Output::Revealed);
    assert!(judge(&turned, CONTEXT, &case.rows, proved.pixels()).is_some());
    let wider = compile(case.dims, 11, Output::Revealed);
    assert!(judge(&wider, CONTEXT, &case.rows, proved.pixels()).is_some());
    assert!(judge(&compile(case.dims, 10, Output::Hidden(Kind::Picture)), CONTEXT, &case.rows, &[]).is_some());
    // A step's own number.
    let case = Case::new(case.dims, |d| vec![contrast(d, 1.25)]);
    let proved = case.prove(Output::Revealed);
    let other = Relation::compile(case.dims, 10, &[contrast(case.dims, 1.26)], Output::Revealed).expect("a relation");
    assert_eq!(verify(&other, CONTEXT, &[&case.rows], shown(&other, proved.pixels()), &proved.proof).err(), equations);
}

#[test]
fn a_row_length_without_generators_is_refused() {
    for m in [0, 9, 17, 60] {
        assert!(Relation::compile(dims(1, 2, 2), m, &[], Output::Revealed).is_err(), "{m}");
    }
}

/// No relation that compiles is so large; the verifier counts for itself.
#[test]
fn a_statement_too_large_for_the_security_required_is_refused() {
    let case = whole();
    let relation = case.relation(Output::Revealed);
    let proved = case.prove(Output::Revealed);
    let proof = Decoded::new(&relation, &proved.proof).expect("decoded");
    let judge = |relation: &Relation| {
        let claim = Claim { relation, context: CONTEXT, rows: vec![&case.rows], output: shown(relation, proved.pixels()), proof: &proof };
        verify_all(&[vec![claim]]).into_iter().map(|outcome| outcome.map_err(|refused| refused.reject)).collect::<Vec<_>>()
    };
    assert_eq!(judge(&relation), [Ok(())]);
    let mut larger = case.relation(Output::Revealed);
    larger.leaves.bits = 70;
    assert_eq!(judge(&larger), [Err(Reject::Security(REQUIRED_BITS - 2))]);
}
