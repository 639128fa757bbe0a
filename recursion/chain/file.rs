//! What is handed on, as bytes.
//!
//! What a reader knows or computes is not among them: the number of links, start, history, digests, commitments of the instance on points,
//! and both errors, which follow from the witnesses because the constraints hold. Field elements are canonical, 32 bytes; points are
//! compressed. All lengths follow from the class.
//!
//! | what | elements |
//! |---|---|
//! | where the pictures' vector is opened, and what it is there | a row's bits + 1 |
//! | the running instance's numbers, and the uniform instance's | 2 + 2 |
//! | commitments: running witness and error, pictures, fresh witness, cross term, the uniform instance's witness and error, the cross term with it | 7 instances + 1 |
//! | the folded instance: witness, its blinders, those of the error | the witness's length + 2 instances |
//! | the pictures' vector and its blinder | a row + 1 |
//! | the instance on points: its `u`, its public inputs, witness, its blinders, those of the error | 1 + 16 + the witness's length + 2 instances |
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::{Commitments, Handed, Parameters, second_coordinates, short};
use crate::compact::Known;
use crate::fold::{Committed, Relaxed};
use crate::r1cs::Shape;
use crate::step::points::CROSSING;
use crate::step::transcript::{Folding, fold_challenges, folded_numbers};
use ff::{Field, PrimeField};
use pasta_curves::Fq;
use zeroize::Zeroizing;
use zkimg_group::cycle::{PastaField, Vesta};
use zkimg_group::field::{F, point_from_bytes, point_to_bytes};

/// Bytes of an element, and of a point.
const ELEMENT: usize = 32;

impl Handed {
    /// The bytes.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let Handed { state, folding, commitments, folded, pictures, second } = self;
        let mut bytes = Zeroizing::new(Vec::with_capacity(
            ELEMENT * (folded.witness.values.len() + pictures.values.len() + second.witness.values.len() + 256),
        ));
        let mut numbers = |list: &[F]| list.iter().for_each(|number| bytes.extend_from_slice(&number.to_repr()));
        numbers(&state.point);
        numbers(&[state.value]);
        numbers(&state.running);
        numbers(&folding.mask_numbers);
        commitments.points().for_each(|point| bytes.extend_from_slice(&point_to_bytes(point)));
        let mut numbers = |list: &[F]| list.iter().for_each(|number| bytes.extend_from_slice(&number.to_repr()));
        numbers(&folded.witness.values);
        numbers(&folded.witness.blinders);
        numbers(&folded.error.blinders);
        numbers(&pictures.values);
        numbers(&pictures.blinders);
        let mut numbers = |list: &[Fq]| list.iter().for_each(|number| bytes.extend_from_slice(&number.to_repr()));
        numbers(&[second.unit]);
        numbers(&second.public);
        numbers(&second.witness.values);
        numbers(&second.witness.blinders);
        numbers(&second.error.blinders);
        bytes
    }
}

/// Elements one after the other.
struct Source<'a>(&'a [[u8; ELEMENT]]);

impl Source<'_> {
    fn take(&mut self, count: usize) -> Option<&[[u8; ELEMENT]]> {
        let (own, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(own)
    }

    fn elements<P: PrimeField<Repr = [u8; 32]>>(&mut self, count: usize) -> Option<Vec<P>> {
        self.take(count)?.iter().map(|bytes| Option::from(P::from_repr(*bytes))).collect()
    }

    fn element<P: PrimeField<Repr = [u8; 32]>>(&mut self) -> Option<P> {
        self.elements(1)?.pop()
    }

    fn pair(&mut self) -> Option<[F; 2]> {
        Some([self.element()?, self.element()?])
    }

    fn point(&mut self) -> Option<Vesta> {
        let [bytes] = self.take(1)? else { return None };
        point_from_bytes(bytes).ok()
    }

    /// A vector as long as a shape's witness and its blinders, then the blinders of the error, which follows from the witness.
    fn instance<S: PastaField>(&mut self, shape: &Shape<S>, rows: usize) -> Option<[Committed<S>; 2]> {
        let values = Zeroizing::new(self.elements(shape.witness())?);
        let witness = Committed { values, blinders: Zeroizing::new(self.elements(rows)?) };
        Some([witness, Committed { values: Zeroizing::default(), blinders: Zeroizing::new(self.elements(rows)?) }])
    }
}

/// How many bytes what is handed on has, with rows of `2^m` cells, so many rows of either instance, and so many values of either witness.
pub fn handed_bytes(m: usize, [instance, second]: [usize; 2], [numbers, points]: [usize; 2]) -> usize {
    let folded = 7 * instance + 1 + numbers + 2 * instance;
    ELEMENT * (m + 1 + 2 + 2 + folded + (1 << m) + 1 + 1 + CROSSING + points + 2 * second)
}

impl Parameters<'_> {
    /// Reads what was handed on. That it holds is another question ([`Parameters::check`]).
    ///
    /// `None` if it is not as long as what this class hands on, or is not in its one form.
    pub fn read(&self, known: &Known, bytes: &[u8]) -> Option<Handed> {
        let values = [self.numbers.witness(), self.points.witness()];
        if bytes.len() != handed_bytes(self.class.pinned.row_bits, [self.class.slots.instance, self.class.second], values) {
            return None;
        }
        let mut source = Source(bytes.as_chunks().0);
        let (instance, rows) = (self.class.slots.instance, self.class.second);
        let (point, value) = (source.elements(self.class.pinned.row_bits)?, source.element()?);
        let (running_numbers, mask_numbers) = (source.pair()?, source.pair()?);
        let commitments = Commitments::of_points(instance, || source.point().ok_or(())).ok()?;
        let [witness, error] = source.instance(&self.numbers, instance)?;
        let pictures =
            Committed { values: Zeroizing::new(source.elements(self.vesta.row.len())?), blinders: Zeroizing::new(source.elements(1)?) };
        let (unit, public) = (source.element()?, source.elements(CROSSING)?);
        let [second_witness, second_error] = source.instance(&self.points, rows)?;
        let second = Relaxed { witness: second_witness, error: second_error, unit, public }.completed(&self.points);

        let (witness_rows, error_rows) = self.second_rows(&second);
        let second_numbers = second_coordinates(&witness_rows, &error_rows, second.unit, &second.public);
        let state = self.state(known, (point, value, running_numbers), &commitments, second_numbers);
        let folding: Folding<F> = commitments.folding(mask_numbers);
        let hash = state.hash();
        let [fold, masking] = fold_challenges(&hash, &folding, short).map(|short| short.scalar);
        let fold = if known.links == 0 { F::ZERO } else { fold };
        let [unit, public] = folded_numbers(&state.running, &hash, [&fold, &masking], &mask_numbers);
        let folded = Relaxed { witness, error, unit, public: vec![public] }.completed(&self.numbers);
        Some(Handed { state, folding, commitments, folded, pictures, second })
    }
}
