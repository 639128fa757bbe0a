//! What is handed on says nothing of the pictures before: for two secrets there are draws with which both give the same bytes.
//!
//! The generators have known logarithms, so that a commitment opens to anything, and what is drawn under a salt is a random oracle whose
//! answers are chosen ([`programmed`]). The first secret's draws are uniform. Those of the second are computed from what came out: whatever
//! the first secret's draws were, the second has as many that lead to the same state, so nobody who sees it can tell which it was. An
//! element without a mask, a blinder that is not drawn, or a value that gets around the mask would differ.

use super::working::row_of;
use super::*;
use crate::fold::Bases;
use crate::poseidon::programmed;
use crate::support::chain::{Picture, SECOND, appended_with, begun, original, parameters, parameters_over, random, relation, size};
use crate::support::{dims, value};
use crate::verifier::weighing;
use group::Group;
use rand_core::{TryRng, utils};
use rayon::prelude::*;
use std::convert::Infallible;
use zkimg_graph::tensor::Cells;
use zkimg_group::msm::{msm, to_affine};
use zkimg_proof::commitment::Layout;

/// Generators with logarithms to the blinders'.
struct Trapdoor {
    logarithms: Vec<F>,
    bases: Bases<'static, Vesta>,
}

impl Trapdoor {
    fn new(count: usize) -> Trapdoor {
        let blinder = crate::support::chain::generators().0.h;
        let (first, step) = (value("trapdoor", 0), value("trapdoor", 1));
        let next = |last: &F| Some(last.double() + step);
        let logarithms: Vec<F> = std::iter::successors(Some(first), next).take(count).collect();
        let added = blinder * step;
        let points: Vec<_> = std::iter::successors(Some(blinder * first), |last| Some(last.double() + added)).take(count).collect();
        Trapdoor { logarithms, bases: Bases { row: to_affine(&points).leak(), blinder } }
    }

    /// Blinders with which rows of `to` are the points that rows of `from` are.
    fn blinders(&self, own: &[F], from: &[F], to: &[F]) -> Vec<F> {
        let row = |(row, blinder): (usize, &F)| {
            let at = |values: &[F], i: usize| values.get(row * self.logarithms.len() + i).copied().unwrap_or(F::ZERO);
            let moved = |(i, log): (usize, &F)| (at(from, i) - at(to, i)) * log;
            *blinder + self.logarithms.par_iter().enumerate().map(moved).sum::<F>()
        };
        own.iter().enumerate().map(row).collect()
    }
}

/// What a step draws, in order.
#[derive(Clone)]
struct Draws {
    rows: Vec<F>,
    vector: Vec<F>,
    vector_blinder: F,
    salt: F,
    fresh: Vec<F>,
    cross: Vec<F>,
    numbers: [F; 2],
    witness: Vec<F>,
    witness_blinders: Vec<F>,
    error_blinders: Vec<F>,
    mask_cross: Vec<F>,
}

impl Draws {
    fn uniform(parameters: &Parameters<'_>, seed: u8) -> Draws {
        let mut random = random(seed);
        let mut some = |count: usize| -> Vec<F> { (0..count).map(|_| F::random(&mut random)).collect() };
        let rows = parameters.class.slots.instance;
        Draws {
            rows: some(relation().tensors.len() - 1),
            vector: some(parameters.vesta.row.len()),
            vector_blinder: some(1)[0],
            salt: some(1)[0],
            fresh: some(rows),
            cross: some(rows),
            numbers: [some(1)[0], some(1)[0]],
            witness: some(parameters.numbers.witness()),
            witness_blinders: some(rows),
            error_blinders: some(rows),
            mask_cross: some(rows),
        }
    }

    fn list(&self) -> Vec<F> {
        let single = |number: F| vec![number];
        let before = [self.rows.clone(), self.vector.clone(), single(self.vector_blinder), single(self.salt)];
        let folded = [self.fresh.clone(), self.cross.clone(), self.numbers.to_vec(), self.witness.clone()];
        let last = [self.witness_blinders.clone(), self.error_blinders.clone(), self.mask_cross.clone()];
        [before.concat(), folded.concat(), last.concat()].concat()
    }

    /// The uniform instance.
    fn mask(&self, parameters: &Parameters<'_>) -> Relaxed<F> {
        let [unit, number] = self.numbers;
        let error = parameters.numbers.error(&self.witness, unit, &[number]);
        let of = |values: Vec<F>, blinders: &[F]| Committed { values: values.into(), blinders: blinders.to_vec().into() };
        let witness = of(self.witness.clone(), &self.witness_blinders);
        Relaxed { witness, error: of(error, &self.error_blinders), unit, public: vec![number] }
    }
}

/// Gives the elements of a list, one draw each.
struct Tape(std::vec::IntoIter<u64>);

impl Tape {
    fn new(list: &[F]) -> Tape {
        let draw = |number: &F| {
            let repr = number.to_repr();
            let words = repr.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect::<Vec<u64>>();
            words.into_iter().chain([0; 4])
        };
        Tape(list.iter().flat_map(draw).collect::<Vec<u64>>().into_iter())
    }
}

impl TryRng for Tape {
    type Error = Infallible;

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.next().expect("no more draws than are written down"))
    }

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| word as u32)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        utils::fill_bytes_via_next_word(bytes, || self.try_next_u64())
    }
}

/// The rows of a link's tensors on a picture, one each; the input is the first.
fn tensors(cells: &Cells) -> Vec<Zeroizing<Vec<F>>> {
    let relation = relation();
    let witness = Witness::new(&relation, vec![cells.clone()]);
    relation.tensors.iter().zip(&witness.tensors).map(|(layout, cells)| row_of(layout, cells, 0, 1 << layout.m)).collect()
}

fn step(parameters: &Parameters<'_>, handed: &Handed, from: &Picture, draws: &Draws) -> (Appended, Picture) {
    let mut tape = Tape::new(&draws.list());
    let step = appended_with(parameters, handed, from, 0, &mut tape).expect("a step");
    assert_eq!(tape.0.next(), None, "all that is written down is drawn");
    step
}

/// Both folding challenges of what is handed on.
fn folds(handed: &Handed) -> [F; 2] {
    fold_challenges(&handed.state.hash(), &handed.folding, short).map(|short| short.scalar)
}

/// The last step's witness, before it was folded, by who knows the mask.
fn fresh_witness(before: &Handed, after: &Handed, draws: &Draws) -> Vec<F> {
    let [r, s] = folds(after);
    let own = |i: usize| before.folded.witness.values.get(i).copied().unwrap_or(F::ZERO);
    let inverse = r.invert().expect("a challenge is not zero");
    let all = after.folded.witness.values.par_iter().zip(&draws.witness).enumerate();
    all.map(|(i, (folded, mask))| (*folded - own(i) - s * mask) * inverse).collect()
}

/// A secret with what has become of it so far.
struct Secret {
    picture: Picture,
    handed: Handed,
}

/// The draws with which the second secret gives what the first gave with its own.
fn equivocated(
    (parameters, trapdoor): (&Parameters<'_>, &Trapdoor),
    [first, second]: [&Secret; 2],
    (after, draws): (&Handed, &Draws),
    seed: u8,
) -> Draws {
    let mut other = Draws::uniform(parameters, seed);
    // Rows: the output's stands before the others'.
    let [own, others] = [first, second].map(|secret| tensors(&secret.picture.cells));
    let output = relation().hidden_output.expect("hidden");
    let order: Vec<usize> = [output].into_iter().chain((1..own.len()).filter(|t| *t != output)).collect();
    other.rows = order.iter().zip(&draws.rows).flat_map(|(t, blinder)| trapdoor.blinders(&[*blinder], &own[*t], &others[*t])).collect();

    // The pictures' vector: with a mask that is nothing but one cell beyond the pictures, what comes out tells σ² and all but the mask.
    let last = other.vector.len() - 1;
    other.vector.fill(F::ZERO);
    (other.vector[last], other.vector_blinder) = (F::ONE, F::ZERO);
    let (tried, _) = step(parameters, &second.handed, &second.picture, &other);
    let mut unmasked = tried.handed.pictures;
    let before = second.handed.pictures.values.get(last).copied().unwrap_or(F::ZERO);
    let square = unmasked.values[last] - before;
    unmasked.values[last] = before;
    let inverse = square.invert().expect("a challenge is not zero");
    other.vector = after.pictures.values.iter().zip(unmasked.values.iter()).map(|(to, from)| (*to - from) * inverse).collect();
    other.vector_blinder = (after.pictures.blinders[0] - unmasked.blinders[0]) * inverse;

    // The witness, which follows from what was drawn so far.
    let (tried, _) = step(parameters, &second.handed, &second.picture, &other);
    let witnesses = [fresh_witness(&first.handed, after, draws), fresh_witness(&second.handed, &tried.handed, &other)];
    other.fresh = trapdoor.blinders(&draws.fresh, &witnesses[0], &witnesses[1]);
    let last = |witness: &[F], blinders: &[F]| {
        let witness = Committed { values: witness.to_vec().into(), blinders: blinders.to_vec().into() };
        Relaxed::strict(witness, vec![after.state.hash()])
    };
    let both = [last(&witnesses[0], &draws.fresh), last(&witnesses[1], &other.fresh)];
    let shape = &parameters.numbers;
    let crosses = [(first, &both[0]), (second, &both[1])].map(|(secret, last)| secret.handed.folded.cross(last, shape));
    other.cross = trapdoor.blinders(&draws.cross, &crosses[0], &crosses[1]);

    // The uniform instance: what the folded one is, less the rest.
    let [r, s] = folds(after);
    let inverse = s.invert().expect("a challenge is not zero");
    let before = &second.handed.folded.witness;
    let rest = before.plus(r, &both[1].witness);
    other.numbers = draws.numbers;
    let less = |folded: &[F], rest: &[F]| folded.iter().zip(rest).map(|(folded, rest)| (*folded - rest) * inverse).collect();
    other.witness = less(&after.folded.witness.values, &rest.values);
    other.witness_blinders = less(&after.folded.witness.blinders, &rest.blinders);
    let masks = [draws.mask(parameters), other.mask(parameters)];
    other.error_blinders = trapdoor.blinders(&draws.error_blinders, &masks[0].error.values, &masks[1].error.values);
    let crossed = [(first, 0, &draws.cross), (second, 1, &other.cross)].map(|(secret, i, blinders)| {
        let cross = Committed { values: crosses[i].clone(), blinders: blinders.clone().into() };
        secret.handed.folded.plus(r, &both[i], &cross).cross(&masks[i], shape)
    });
    other.mask_cross = trapdoor.blinders(&draws.mask_cross, &crossed[0], &crossed[1]);
    other
}

/// A picture that differs from the first, as does what a contrast makes of it; two contrasts make the same of both.
fn secrets() -> [Cells; 2] {
    let all = |dark: u8| Cells::U8((0..size().cells()).map(|i| if i % 3 == 0 { dark } else { (i * 7) as u8 }).collect());
    [all(20), all(22)]
}

fn two_secrets_have_one_state() {
    let trapdoor = Trapdoor::new(1 << 16);
    let parameters = parameters_over(SECOND, trapdoor.bases);
    let (layout, cells) = (Layout::new(dims(1, 5, 7), 10), secrets());
    let (short, long) =
        (cells.each_ref().map(|cells| row_of(&layout, cells, 0, 1 << 10)), cells.each_ref().map(|cells| tensors(cells).swap_remove(0)));
    let row = |cells: &[F], blinder: F| to_affine(&[msm(cells, &trapdoor.bases.row[..cells.len()]) + trapdoor.bases.blinder * blinder])[0];
    let [camera, longer] = [value("camera", 0), value("longer", 0)];
    let camera_blinders = [camera, trapdoor.blinders(&[camera], &short[0], &short[1])[0]];
    let longer_blinders = [longer, trapdoor.blinders(&[longer], &long[0], &long[1])[0]];
    let mut secrets = [0, 1].map(|i| {
        let rows = [row(&short[i], camera_blinders[i])];
        let known = Known { layout: &layout, cells: &cells[i], rows: &rows, blinders: &camera_blinders[i..=i] };
        let begun = parameters.begun(value("origin", 0), &known, &mut Tape::new(&[longer_blinders[i]])).expect("begun");
        let rows = begun.beginning.rows().to_vec();
        let picture = Picture { cells: cells[i].clone(), rows, blinders: begun.blinders.to_vec() };
        Secret { picture, handed: parameters.begin(&begun.beginning, begun.pictures) }
    });
    assert_eq!(secrets[0].picture.rows, secrets[1].picture.rows);
    assert_eq!(secrets[0].handed.state, secrets[1].handed.state);
    for link in 1..=2 {
        let draws = Draws::uniform(&parameters, link);
        let [first, second] = &secrets;
        let (one, picture) = step(&parameters, &first.handed, &first.picture, &draws);
        let other = equivocated((&parameters, &trapdoor), [first, second], (&one.handed, &draws), 10 + link);
        let (two, other_picture) = step(&parameters, &second.handed, &second.picture, &other);
        assert_eq!((parameters.check(&one.handed), parameters.check(&two.handed)), (Ok(()), Ok(())));
        assert_eq!(one.handed.state, two.handed.state);
        assert!(one.handed.to_bytes() == two.handed.to_bytes(), "what is handed on after link {link} tells who made it");
        assert_eq!((one.challenges, one.point, one.claims), (two.challenges, two.point, two.claims));
        assert_eq!(picture.rows, other_picture.rows);
        let cells = [&picture.cells, &other_picture.cells];
        assert_eq!(cells[0] == cells[1], link == 2, "one picture was shown, and those before differ");
        assert!(draws.witness != other.witness && draws.vector != other.vector);
        secrets = [Secret { picture, handed: one.handed }, Secret { picture: other_picture, handed: two.handed }];
    }
    // With the picture goes what opens its rows.
    assert_eq!(secrets[0].picture.blinders, secrets[1].picture.blinders);
}

#[test]
fn two_secrets_have_one_state_and_nobody_can_tell_which() {
    let threads = rayon::ThreadPoolBuilder::new().start_handler(|_| programmed::here()).build().expect("threads");
    threads.install(two_secrets_have_one_state);
}

/// Whoever has all that a step draws but its salt, and guesses the picture, has no challenge that readers are told.
#[test]
fn the_salt_alone_hides_what_readers_are_told() {
    let draws = Draws::uniform(parameters(), 1);
    let told = |draws: &Draws| {
        let (step, _) = step(parameters(), &begun(), &original(), draws);
        weighing(&step.challenges, &step.point)
    };
    let own = told(&draws);
    assert_eq!(own, told(&draws));
    let other = told(&Draws { salt: draws.salt + F::ONE, ..draws.clone() });
    assert!(own.iter().all(|challenge| !other.contains(challenge)));
}
