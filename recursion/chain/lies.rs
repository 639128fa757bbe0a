//! Provers who lie between both circuits of a step, or prove a link that is false.

use super::*;
use crate::fold::Bases;
use crate::step::points::Slots;
use crate::step::points::{Drawn as Short192, Points};
use crate::step::transcript::history;
use crate::support::chain::{PALLAS_BITS, SECOND, SLOTS, appended_by, begun, generators, original, parameters_of, random, relation, size};
use crate::support::{contrast, dims, picture, value};
use crate::verifier::weighing;
use group::CurveAffine as _;
use zkimg_graph::graph::{Kind, Output};
use zkimg_graph::tensor::{Bounds, Cells};
use zkimg_proof::argument::Pixels;
use zkimg_proof::channel::Sizes;
use zkimg_proof::commitment::{Layout, commit_rows};
use zkimg_proof::prove::opened_vector;

type Told = (Points<Vesta>, Short192, bool);

/// What a prover does beside the protocol.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lie {
    /// To what the circuit on points is told.
    told: Option<fn(&mut Told)>,
    /// Goes on when an equation of the link does not hold.
    pub(super) even_if_false: bool,
    /// To what rows count, as the reader computes it.
    claims: Option<fn(&mut [F])>,
    /// To what rows are at the point.
    evaluations: Option<fn(&mut [F])>,
    /// To the values of the circuit on points, which then do not satisfy it.
    on_points: Option<fn(&mut [Fq])>,
    /// Says in mid-chain that this is the first step, with an inverse of the number of links that is none.
    begins_again: bool,
    /// Leaves the last step's instance out of the fold.
    pub(super) forgets: bool,
}

impl Lie {
    pub(super) fn told(&self, points: Points<Vesta>, drawn: Short192, first: bool) -> Told {
        let mut told = (points, drawn, first);
        if let Some(lie) = self.told {
            lie(&mut told);
        }
        told.2 |= self.begins_again;
        told
    }

    pub(super) fn claims(&self, mut claims: Vec<F>) -> Vec<F> {
        self.claims.into_iter().for_each(|lie| lie(&mut claims));
        claims
    }

    pub(super) fn evaluations(&self, evaluations: &mut [F]) {
        self.evaluations.into_iter().for_each(|lie| lie(evaluations));
    }

    pub(super) fn on_points(&self, values: &mut [Fq]) {
        self.on_points.into_iter().for_each(|lie| lie(values));
    }

    /// Before the step's constraints are given values, on this thread.
    pub(super) fn tell_constraints(&self) {
        crate::step::numbers::lie::begin_again(self.begins_again);
    }
}

/// In a first step neither the folding challenge nor what it would fold changes what comes out, nor does what batches groups where there is
/// one: only the comparison of both circuits tells.
#[test]
fn circuits_that_were_told_different_things_are_refused() {
    let mut parameters = parameters_of(SECOND);
    let begun = begun();
    let lies: [fn(&mut Told); 5] = [
        |told| told.1.groups[0] ^= 1,
        |told| told.1.fold[0] ^= 1,
        |told| told.1.fold[2] ^= 1 << 63,
        |told| told.0.fresh[1] = Vesta::generator(),
        |told| told.0.cross[1] = Vesta::generator(),
    ];
    for (i, told) in lies.into_iter().enumerate() {
        parameters.lie = Lie { told: Some(told), ..Lie::default() };
        let (step, _) = appended_by(&parameters, &begun, &original(), 2).expect("a step");
        assert_eq!(parameters.check(&step.handed), Err("instance of the circuit on points"), "{i}");
    }
    // The rest changes what comes out, too.
    let lies: [fn(&mut Told); 8] = [
        |told| told.2 = !told.2,
        |told| told.1.mask[0] ^= 1,
        |told| told.1.rows[0] ^= 1,
        |told| told.1.pictures[0] ^= 1,
        |told| told.0.running.pictures = Vesta::generator(),
        |told| told.0.mask[0][0] = Vesta::generator(),
        |told| told.0.mask_cross[0] = Vesta::generator(),
        |told| told.0.rows[1][0] = Vesta::generator(),
    ];
    for (i, told) in lies.into_iter().enumerate() {
        parameters.lie = Lie { told: Some(told), ..Lie::default() };
        let (step, _) = appended_by(&parameters, &begun, &original(), 2).expect("a step");
        assert!(parameters.check(&step.handed).is_err(), "{i}");
    }
    parameters.lie = Lie::default();
    let (step, _) = appended_by(&parameters, &begun, &original(), 2).expect("a step");
    assert_eq!(parameters.check(&step.handed), Ok(()));
}

#[test]
fn a_false_link_has_no_step() {
    let mut parameters = parameters_of(SECOND);
    let relation = Relation::compile(size(), 16, &[contrast(size())], Output::Revealed).expect("a relation");
    let original = original();
    let mut witness = Witness::new(&relation, vec![original.cells.clone()]);
    let Cells::U8(published) = std::mem::replace(&mut witness.output, Cells::U8(Vec::new())) else { panic!("bytes") };
    let mut step = |published: &[u8], even_if_false: bool| {
        parameters.lie = Lie { even_if_false, ..Lie::default() };
        let given = Given {
            relation: &relation,
            statement: value("statement", 2),
            witness: Witness::new(&relation, vec![original.cells.clone()]),
            rows: &original.rows,
            blinders: &original.blinders,
            output: CellsRef::U8(published),
        };
        let appended = parameters.append(&begun(), given, &mut random(2));
        appended.map(|appended| parameters.check(&appended.handed))
    };
    assert_eq!(step(&published, false), Some(Ok(())));
    let mut other = published.clone();
    other[9] ^= 1;
    assert_eq!(step(&other, false), None);
    assert_eq!(step(&other, true), Some(Err("constraints on numbers")));
}

/// A reader sums over all cells that there should be: what has others is no output of the link, and a hidden one's is nothing.
#[test]
fn what_is_no_output_of_a_link_counts_nothing() {
    let parameters = parameters_of(SECOND);
    let (step, _) = appended_by(&parameters, &begun(), &original(), 2).expect("a step");
    let [hidden, shown] = [Output::Hidden(Kind::Picture), Output::Revealed]
        .map(|output| Relation::compile(size(), 16, &[contrast(size())], output).expect("a relation"));
    let Cells::U8(cells) = picture(size()) else { panic!("bytes") };
    let wide: Vec<i16> = cells.iter().map(|cell| i16::from(*cell)).collect();
    let turned = dims(3, size().width, size().height);
    let whole = Pixels::new(size(), &cells);
    let counts = |relation: &Relation, output: Pixels<'_>| parameters.claims(relation, &step.challenges, &step.point, output).is_some();
    assert_ne!(turned, size());
    assert!(counts(&shown, whole) && counts(&hidden, Pixels::none()));
    assert!(!counts(&hidden, whole) && !counts(&shown, Pixels::none()));
    assert!(!counts(&shown, Pixels::new(size(), &cells[1..])) && !counts(&shown, Pixels::new(turned, &cells)));
    let of = |bounds| Pixels::of_cells(size(), bounds, CellsRef::I16(&wide));
    assert!(counts(&shown, of(Bounds::BYTE)) && !counts(&shown, of(Bounds { low: 0, high: 256 })));
}

/// The longer rows are those of another picture, and the liar knows both openings: the difference is not zero at the point, which is drawn after
/// both lists. With several rows of either length, and with one of each.
#[test]
fn longer_rows_of_another_picture_are_refused() {
    let slots = Slots { picture: 3, ..SLOTS };
    let (vesta, pallas) = generators();
    let bases = (Bases { row: vesta.rows(16), blinder: vesta.h }, Bases { row: pallas.first(1 << PALLAS_BITS), blinder: pallas.h });
    let sizes = Sizes { leaves: 1, flat: 19, equal: 1, tensors: 2 * slots.picture + slots.others, products: 0, product_bits: 0 };
    let parameters = Parameters::new(sizes, slots, SECOND + 1, bases.0, bases.1);
    for (dims, at) in [(size(), 9), (dims(3, 40, 60), 3 * 40 * 60 - 1), (dims(3, 120, 300), 70_000)] {
        let (layout, long) = (Layout::new(dims, 10), Layout::new(dims, 16));
        let Cells::U8(cells) = picture(dims) else { panic!("bytes") };
        let mut changed = cells.clone();
        changed[at] ^= 1;
        let [own, other] = [Cells::U8(cells), Cells::U8(changed)];
        let blinders = |label: &str, layout: &Layout| -> Vec<F> { (0..layout.rows.len()).map(|i| value(label, i)).collect() };
        let (short_blinders, long_blinders) = (blinders("camera", &layout), blinders("longer", &long));
        let rows = commit_rows(vesta, &layout, &own, &short_blinders);
        for (longer_cells, expected) in [(&own, Ok(())), (&other, Err("value of the pictures"))] {
            let longer = commit_rows(vesta, &long, longer_cells, &long_blinders);
            let beginning = parameters.beginning(value("origin", 0), (&layout, &rows), &longer).expect("a beginning");
            let weights = beginning::Weights::new((&layout, &rows), (&long, &longer)).all;
            let (short, all) = weights.split_at(rows.len());
            let vector = opened_vector(16, &[(&layout, &own, short.to_vec()), (&long, longer_cells, all.to_vec())]);
            let blinder = short_blinders.iter().chain(&long_blinders).zip(&weights).map(|(blinder, weight)| *blinder * weight).sum::<F>();
            let pictures = Committed { values: vector.into(), blinders: vec![blinder].into() };
            assert_eq!(parameters.check(&parameters.begin(&beginning, pictures)), expected, "{dims:?}");
        }
    }
}

/// A liar who begins so all the same has no step: what was said of the vector before is not true.
#[test]
fn no_step_follows_longer_rows_of_another_picture() {
    let mut parameters = parameters_of(SECOND);
    let (layout, long) = (Layout::new(size(), 10), Layout::new(size(), 16));
    let own = original();
    let vesta = generators().0;
    let [blinder, longer_blinder] = ["camera", "longer"].map(|label| value(label, 1));
    let rows = commit_rows(vesta, &layout, &own.cells, &[blinder]);
    let Cells::U8(mut cells) = own.cells.clone() else { panic!("bytes") };
    cells[9] ^= 1;
    let other = Cells::U8(cells);
    let longer = commit_rows(vesta, &long, &other, &[longer_blinder]);
    let beginning = parameters.beginning(value("origin", 0), (&layout, &rows), &longer).expect("a beginning");
    let weights = beginning::Weights::new((&layout, &rows), (&long, &longer)).all;
    let vector = opened_vector(16, &[(&layout, &own.cells, vec![weights[0]]), (&long, &other, vec![weights[1]])]);
    let blinder = weights[0] * blinder + weights[1] * longer_blinder;
    let handed = parameters.begin(&beginning, Committed { values: vector.into(), blinders: vec![blinder].into() });
    let relation = Relation::compile(size(), 16, &[contrast(size())], Output::Hidden(Kind::Picture)).expect("a relation");
    let step = |parameters: &Parameters<'_>| {
        let witness = Witness::new(&relation, vec![other.clone()]);
        let (rows, blinders) = (&longer[..], &[longer_blinder]);
        let given = Given { relation: &relation, statement: value("statement", 2), witness, rows, blinders, output: CellsRef::U8(&[]) };
        parameters.append(&handed, given, &mut random(3)).map(|step| parameters.check(&step.handed))
    };
    assert_eq!(step(&parameters), None);
    parameters.lie = Lie { even_if_false: true, ..Lie::default() };
    assert_eq!(step(&parameters), Some(Err("constraints on numbers")));
}

/// A slot without a row counts nothing for a reader; who says otherwise has another history, and who says that it holds something has no
/// opening for it.
#[test]
fn empty_slots_count_nothing() {
    let mut parameters = parameters_of(SECOND);
    let begun = begun();
    let history = |parameters: &Parameters<'_>| {
        let (step, _) = appended_by(parameters, &begun, &original(), 2)?;
        let told = weighing(&step.challenges, &step.point);
        let rows = limbs(crossing_digest(11, &step.rows));
        let read = parameters.claims(&relation(), &step.challenges, &step.point, Pixels::none()).expect("one of this class");
        let own = history(&begun.state.history, &value("statement", 2), &rows, &told, &read);
        Some((parameters.check(&step.handed), step.handed.state.history == own))
    };
    assert_eq!(history(&parameters), Some((Ok(()), true)));
    // The last slot, before the constant.
    parameters.lie = Lie { claims: Some(|claims| claims[3] = F::ONE), ..Lie::default() };
    assert_eq!(history(&parameters), Some((Ok(()), false)));
    parameters.lie = Lie { evaluations: Some(|evaluations| evaluations[3] = F::ONE), ..Lie::default() };
    assert_eq!(history(&parameters), None);
    parameters.lie.even_if_false = true;
    assert_eq!(history(&parameters), Some((Err("constraints on numbers"), true)));
}

/// The circuit over `Fp` agrees with all that the circuit on points says, and that does not satisfy its own constraints. The last proof
/// refuses it too.
#[test]
fn false_work_on_points_is_refused_by_itself() {
    let mut parameters = parameters_of(SECOND);
    let begun = begun();
    parameters.lie = Lie { on_points: Some(|values| values[4] += Fq::ONE), ..Lie::default() };
    let (step, _) = appended_by(&parameters, &begun, &original(), 2).expect("a step");
    assert_eq!(parameters.check(&step.handed), Err("constraints on points"));
    assert!(crate::compact::publish(&parameters, &step.handed, generators(), &mut random(9)).is_err());
}

/// In mid-chain nothing is forgotten: a step that says it is the first does not follow from the state before, even if all that is folded leaves
/// the last step out, too.
#[test]
fn a_step_in_mid_chain_is_not_the_first() {
    let mut parameters = parameters_of(SECOND);
    parameters.lie = Lie { forgets: true, ..Lie::default() };
    let (first, picture) = appended_by(&parameters, &begun(), &original(), 2).expect("a step");
    assert_eq!(parameters.check(&first.handed), Err("numbers of the folded instance"));
    parameters.lie = Lie { begins_again: true, ..Lie::default() };
    let (second, _) = appended_by(&parameters, &first.handed, &picture, 3).expect("a step");
    assert_eq!(parameters.check(&second.handed), Err("constraints on numbers"));
    parameters.lie = Lie::default();
    let (first, picture) = appended_by(&parameters, &begun(), &original(), 2).expect("a step");
    let (second, _) = appended_by(&parameters, &first.handed, &picture, 3).expect("a step");
    assert_eq!(parameters.check(&second.handed), Ok(()));
}
