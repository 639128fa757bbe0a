//! The circuit on points knows nothing that is not public: its witness is put together again from points and challenges alone.

use crate::support::chain::{SLOTS, appended, begun, generators, original, random, relation};
use ff::{Field, PrimeField};
use pasta_curves::Fq;
use zkimg_group::cycle::Vesta;
use zkimg_group::field::F;
use zkimg_group::msm::{msm, to_affine};
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::relation::Witness;
use zkimg_recursion::fold::Relaxed;
use zkimg_recursion::gadgets::Challenge;
use zkimg_recursion::r1cs::System;
use zkimg_recursion::step::points::{Drawn, Points, crossing_digest, row_weights, state, tell};

/// The rows that a step has beside both pictures', by who knows what was drawn for them. They are commitments with a blinder each.
fn other_rows(seed: u8) -> Vec<Vesta> {
    let (relation, mut drawn) = (relation(), random(seed));
    let [_, blinder] = [(); 2].map(|()| F::random(&mut drawn));
    let witness = Witness::new(&relation, vec![original().cells]);
    let output = relation.hidden_output.expect("hidden");
    let others: Vec<usize> = (1..relation.tensors.len()).filter(|t| *t != output).collect();
    assert_eq!(others.len(), 1, "one tensor, of one row");
    let rows = commit_rows(generators().0, &relation.tensors[others[0]], &witness.tensors[others[0]], &[blinder]);
    let known = generators().0.h * F::from(2);
    let all: Vec<Vesta> = rows.into_iter().chain(to_affine(&[known])).collect();
    assert_eq!(all.len(), SLOTS.others);
    all
}

fn words(number: &Fq) -> [u64; 3] {
    let repr = number.to_repr();
    assert!(repr[24..].iter().all(|byte| *byte == 0), "192 bits");
    let (words, _) = repr.as_chunks::<8>();
    [0, 1, 2].map(|i| u64::from_le_bytes(words[i]))
}

#[test]
fn what_is_proved_about_points_follows_from_what_is_public() {
    let seed = 2;
    let (before, own) = (begun(), original());
    let (step, _) = appended(&before, &own, seed).expect("a step");
    // The first step's instance, by a factor, and zeros.
    let Relaxed { witness, unit, public, .. } = &step.handed.second;
    let inverse = unit.invert().expect("a challenge is not zero");
    let public: Vec<Fq> = public.iter().map(|number| *number * inverse).collect();

    let rows = [own.rows, step.rows, other_rows(seed)];
    let [fold, mask, omega, sigma] = [1, 2, 3, 4].map(|i| words(&public[i]));
    let upsilon = words(&public[15]);
    // The mask of the pictures' vector is not handed on; its commitment follows: C' = C + σ·(Σ_j w_j·R_j + σ·D).
    let scalar = Challenge::<Vesta>::scalar;
    let weights = row_weights(F::ONE, &scalar(omega), &scalar(upsilon), rows.iter().map(Vec::len).sum());
    let opened = msm(&weights, &rows.concat());
    let by = scalar(sigma).invert().expect("a challenge is not zero");
    let [now, then] = [&step.handed, &before].map(|handed| handed.commitments.running.pictures);
    let vector_mask = to_affine(&[(msm(&[by, -by], &[now, then]) - opened) * by])[0];
    let own = &before.commitments;
    let points = Points {
        running: own.running.clone(),
        fresh: own.fresh.clone(),
        cross: own.cross.clone(),
        mask: own.mask.clone(),
        mask_cross: own.mask_cross.clone(),
        rows,
        vector_mask,
    };
    let digests = [crossing_digest(11, &points.rows[1]), crossing_digest(12, &points.rows[2]), crossing_digest(13, [&vector_mask])];
    assert_eq!(digests, [public[11], public[12], public[13]]);

    let system = System::of_values();
    let (crossing, running) = state(&system, &SLOTS, &points, &Drawn { fold, mask, rows: omega, groups: upsilon, pictures: sigma }, true);
    tell(&system, &crossing);
    drop(crossing);
    let (rebuilt, told) = system.values();
    assert_eq!(told, public);
    assert_eq!(running, step.handed.commitments.running);
    assert_eq!(rebuilt.len(), witness.values.len());
    assert!(rebuilt.iter().zip(witness.values.iter()).all(|(own, folded)| *own * unit == *folded));
    // Its blinders are known, too: those of the first instance, and of the step's.
    let known = |from: u64, by: Fq| Fq::from(1) + by * Fq::from(from);
    assert_eq!(*witness.blinders, [known(1, *unit)]);
}
