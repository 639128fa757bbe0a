//! The proof of a chain, replayed from its description.

use super::decider::{Instance, Said, wrong};
use super::hashes::{Duplex, coordinates, digest, domain, generators, hashed, limbs, short};
use super::tape::{NoElement, Tape};
use group::Curve as _;
use pasta_curves::Fp;
use zkimg_group::cycle::{Pallas, Vesta};
use zkimg_group::field::hash_to_field;
use zkimg_group::generators::Generators;
use zkimg_recursion::chain::Parameters;
use zkimg_recursion::compact::Known;

/// Points of Vesta as a proof sends them, a row of each kind for a row of the instance.
struct Sent {
    witness: Vec<Vesta>,
    error: Vec<Vesta>,
    pictures: Vesta,
    fresh: Vec<Vesta>,
    cross: Vec<Vesta>,
    mask_witness: Vec<Vesta>,
    mask_error: Vec<Vesta>,
    mask_cross: Vec<Vesta>,
}

/// What is wrong with a proof, all of it; `form` stands alone for bytes that are no proof.
pub(crate) fn replay(
    parameters: &Parameters<'_>,
    known: &Known,
    own: (&Generators<Vesta>, &Generators<Pallas>),
    proof: &[u8],
) -> Vec<&'static str> {
    replayed(parameters, known, own, proof).unwrap_or(vec!["form"])
}

fn replayed(
    parameters: &Parameters<'_>,
    known: &Known,
    (vesta, pallas): (&Generators<Vesta>, &Generators<Pallas>),
    proof: &[u8],
) -> Result<Vec<&'static str>, NoElement> {
    let (numbers, points, class) = (parameters.numbers(), parameters.points(), parameters.class());
    let row = |bits: usize| 1usize << bits.min(16);
    let (long, other) = (row(class.pinned.row_bits), row(points.bits()));
    let both = [*numbers.digest(), *points.digest(), generators(&vesta.h, vesta.first(long)), generators(&pallas.h, pallas.first(other))];
    let number: Fp = hash_to_field("zkimg-chain-class-v1", &both.concat());

    let mut tape = Tape::new("zkimg-compact-chain-v1", proof);
    tape.said("links", &known.links.to_le_bytes());
    [&number, &known.start, &known.history].into_iter().for_each(|number| tape.known(number));
    tape.known(&known.picture);
    let point: Vec<Fp> = tape.scalars(class.pinned.row_bits)?;
    let value: Fp = tape.scalar()?;
    let running: Vec<Fp> = tape.scalars(2)?;
    let mask: Vec<Fp> = tape.scalars(2)?;
    let rows = class.slots.instance;
    let sent = Sent {
        witness: tape.points(rows)?,
        error: tape.points(rows)?,
        pictures: tape.point()?,
        fresh: tape.points(rows)?,
        cross: tape.points(rows)?,
        mask_witness: tape.points(rows)?,
        mask_error: tape.points(rows)?,
        mask_cross: tape.points(rows)?,
    };
    let second = Instance::<Pallas> {
        witness: tape.points(class.second)?,
        error: tape.points(class.second)?,
        unit: tape.scalar()?,
        public: tape.scalars(16)?,
    };

    // The state, and its hash.
    let mut state = vec![number, Fp::from(known.links), known.start, known.history];
    state.extend(limbs(known.picture));
    state.extend(&point);
    state.push(value);
    state.extend(limbs(digest(1, &[&sent.witness[..], &sent.error, &[sent.pictures]].concat())));
    state.extend(&running);
    state.extend(coordinates(&[&second.witness[..], &second.error].concat()));
    state.extend(limbs(second.unit));
    second.public.iter().for_each(|number| state.extend(limbs(*number)));
    let hash = hashed(domain("state"), &state);

    // What folds.
    let mut duplex = Duplex::new(domain("fold"));
    duplex.absorb(hash);
    let masks = [&sent.mask_witness[..], &sent.mask_error].concat();
    let digests = [digest(2, &sent.fresh), digest(3, &sent.cross), digest(4, &masks)];
    digests.into_iter().flat_map(limbs).chain(mask.iter().copied()).for_each(|number| duplex.absorb(number));
    let r = short(duplex.squeeze());
    limbs(digest(5, &sent.mask_cross)).into_iter().for_each(|number| duplex.absorb(number));
    let s = short(duplex.squeeze());

    let witness = |i: usize| (sent.witness[i] + sent.fresh[i] * r + sent.mask_witness[i] * s).to_affine();
    let error = |i: usize| (sent.error[i] + sent.cross[i] * r + sent.mask_cross[i] * s + sent.mask_error[i] * (s * s)).to_affine();
    let first = Instance::<Vesta> {
        unit: running[0] + r + s * mask[0],
        public: vec![running[1] + r * hash + s * mask[1]],
        witness: (0..rows).map(witness).collect(),
        error: (0..rows).map(error).collect(),
    };
    let said = [Said { point, value, row: sent.pictures }];
    let mut all = wrong(&mut tape, numbers, &first, &said, vesta)?;
    all.extend(wrong(&mut tape, points, &second, &[], pallas)?);
    if known.links == 0 {
        all.push("no link");
    }
    if tape.is_over() { Ok(all) } else { Err(NoElement) }
}
