//! Both circuits of a class of chains, and what is known of their instances before the first link.

use super::{Beginning, Commitments, all_coordinates, limbs};
use crate::compact::Known;
use crate::fold::{Bases, Committed, Relaxed};
use crate::gadgets::coordinates;
use crate::r1cs::Shape;
use crate::step::numbers::{self, Class};
use crate::step::points::{self, Running, crossing_digest, running_digest};
use crate::step::transcript::{Begins, Pinned, State};
use ff::{Field, PrimeField};
use pasta_curves::Fq;
use zeroize::Zeroizing;
use zkimg_group::cycle::{Curve, Pallas, Vesta};
use zkimg_group::field::F;
use zkimg_group::msm::to_affine;
use zkimg_proof::channel::Sizes;

/// Both circuits of a class, and what commits their witnesses.
#[derive(Debug)]
pub struct Parameters<'a> {
    pub(super) class: Class,
    pub(super) numbers: Shape<F>,
    pub(super) points: Shape<Fq>,
    pub(super) vesta: Bases<'a, Vesta>,
    pub(super) pallas: Bases<'a, Pallas>,
    pub(super) number: F,
    #[cfg(test)]
    pub(super) lie: super::lies::Lie,
}

/// A digest of the generators that commit on a curve.
fn generators_digest<C: Curve>(bases: &Bases<'_, C>) -> [u8; 32] {
    let mut state = blake2b_simd::Params::new().hash_length(32).personal(b"zkimg-bases-v1").to_state();
    for (x, y) in [&bases.blinder].into_iter().chain(bases.row).map(coordinates) {
        state.update(&x.to_repr()).update(&y.to_repr());
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(state.finalize().as_bytes());
    digest
}

/// A running instance of the circuit on points, as the state has it.
pub(crate) fn second_coordinates(witness: &[Pallas], error: &[Pallas], unit: Fq, public: &[Fq]) -> Vec<F> {
    let points = [witness, error].concat();
    all_coordinates(&points).into_iter().chain([&unit].into_iter().chain(public).copied().flat_map(limbs)).collect()
}

pub(super) fn second_numbers(second: &Relaxed<Fq>, bases: &Bases<'_, Pallas>) -> Vec<F> {
    second_coordinates(&second.witness.rows(bases), &second.error.rows(bases), second.unit, &second.public)
}

impl<'a> Parameters<'a> {
    /// Of a link's sizes, whose tensors are rows of `2^row_bits` cells, and a step's rows.
    ///
    /// # Panics
    /// If a circuit does not fit its rows.
    pub fn new(sizes: Sizes, slots: points::Slots, second: usize, vesta: Bases<'a, Vesta>, pallas: Bases<'a, Pallas>) -> Parameters<'a> {
        let row_bits = vesta.row.len().trailing_zeros() as usize;
        let begun = Self::first_second(second);
        let pinned = Pinned { row_bits, second: second_numbers(&begun, &pallas) };
        let class = Class { sizes, slots, second, pinned };
        let (points, numbers) = rayon::join(|| points::shape::<Vesta>(&slots), || numbers::shape(&class));
        // What does not fit its rows would be bound by no commitment.
        assert!(numbers.witness().max(numbers.rows_used()) <= class.slots.instance * vesta.row.len(), "rows for the circuit on numbers");
        assert!(points.witness().max(points.rows_used()) <= class.second * pallas.row.len(), "rows for the circuit on points");
        let both = [*numbers.digest(), *points.digest(), generators_digest(&vesta), generators_digest(&pallas)].concat();
        let number = zkimg_group::field::hash_to_field("zkimg-chain-class-v1", &both);
        Parameters {
            class,
            numbers,
            points,
            vesta,
            pallas,
            number,
            #[cfg(test)]
            lie: super::lies::Lie::default(),
        }
    }

    /// What both sides know.
    pub fn class(&self) -> &Class {
        &self.class
    }

    pub(crate) fn filler_row(&self, blinder: F) -> Vesta {
        to_affine(&[self.vesta.blinder * blinder])[0]
    }

    /// What stands for both circuits.
    pub fn number(&self) -> F {
        self.number
    }

    /// What stands for where a chain begins.
    pub fn start(&self, beginning: &Beginning) -> F {
        self.begins(beginning).start(&self.number)
    }

    pub(super) fn begins(&self, beginning: &Beginning) -> Begins<F> {
        let Beginning { history, rows, point, value, pictures } = beginning;
        let (running, _) = Self::first(&self.class.slots, &self.vesta, *pictures);
        let picture = limbs(crossing_digest(10, rows));
        Begins { history: *history, picture, point: point.clone(), value: *value, points: limbs(running_digest(&running)) }
    }

    /// The state of a chain as a reader puts it together, of what it knows, what it is given, and the numbers of the instance on points.
    pub(crate) fn state(
        &self,
        known: &Known,
        (point, value, running): (Vec<F>, F, [F; 2]),
        commitments: &Commitments,
        second: Vec<F>,
    ) -> State<F> {
        State {
            class: self.number,
            links: F::from(known.links),
            start: known.start,
            history: known.history,
            picture: limbs(known.picture),
            point,
            value,
            points: limbs(running_digest(&commitments.running)),
            running,
            second,
        }
    }

    /// The commitments of an instance of the circuit on points.
    pub(crate) fn second_rows(&self, second: &Relaxed<Fq>) -> (Vec<Pallas>, Vec<Pallas>) {
        (second.witness.rows(&self.pallas), second.error.rows(&self.pallas))
    }

    /// The circuit over `Fp`.
    pub fn numbers(&self) -> &Shape<F> {
        &self.numbers
    }

    /// The circuit over `Fq`.
    pub fn points(&self) -> &Shape<Fq> {
        &self.points
    }

    /// The running instance before the first link: zeros, with blinders that everybody knows, so that no commitment is the identity.
    pub(super) fn first(slots: &points::Slots, vesta: &Bases<'_, Vesta>, pictures: Vesta) -> (Running<Vesta>, Relaxed<F>) {
        let known = |from: usize| Committed::known(Zeroizing::default(), slots.instance, from as u64);
        let (witness, error) = (known(1), known(1 + slots.instance));
        let running = Running { witness: witness.rows(vesta), error: error.rows(vesta), pictures };
        (running, Relaxed { witness, error, unit: F::ZERO, public: vec![F::ZERO] })
    }

    /// The same of the circuit on points.
    pub(super) fn first_second(rows: usize) -> Relaxed<Fq> {
        let known = |from: usize| Committed::known(Zeroizing::default(), rows, from as u64);
        Relaxed { witness: known(1), error: known(1 + rows), unit: Fq::ZERO, public: vec![Fq::ZERO; points::CROSSING] }
    }
}
