//! Whole links in this form: honest ones are accepted, also in long rows, and forged ones are not.

use crate::support::{contrast, dims, grayscale, picture, value};
use ff::Field;
use zeroize::Zeroizing;
use zkimg_graph::graph::{Kind, Output};
use zkimg_graph::step::Step;
use zkimg_graph::tensor::{Cells, Dims};
use zkimg_group::field::{Affine, F};
use zkimg_group::generators::Generators;
use zkimg_group::msm::{msm, to_affine};
use zkimg_proof::argument::{Pixels, Statement, absorb};
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::prove::{Input, Turns, opened_vector};
use zkimg_proof::relation::{Relation, Witness};
use zkimg_proof::transcript::Writer;
use zkimg_recursion::constraints::{Class, Unsuitable, public, witness};
use zkimg_recursion::decider::{self, Claim, Claimed};
use zkimg_recursion::digest::rows_digest;
use zkimg_recursion::link::{ProveError, Proved, Refused, prove, verify};
use zkimg_recursion::verifier::{Absorbed, Proving, Record, run};

const CONTEXT: &[u8] = b"a statement";

/// A committed picture, a relation that starts from it, and its constraints.
struct Case {
    relation: Relation,
    class: Class,
    cells: Cells,
    blinders: Vec<F>,
    rows: Vec<Affine>,
}

impl Case {
    fn new(d: Dims, m: usize, steps: &[Step], output: Output) -> Case {
        let relation = Relation::compile(d, m, steps, output).expect("a relation");
        let class = Class::of(&relation).expect("a class");
        let layout = &relation.tensors[0];
        let blinders: Vec<F> = (0..layout.rows.len()).map(|i| value("blinder", i)).collect();
        let cells = picture(d);
        let rows = commit_rows(Generators::load().expect("generators"), layout, &cells, &blinders);
        Case { relation, class, cells, blinders, rows }
    }

    fn prove(&self) -> Proved {
        let input = Input { cells: self.cells.view(), blinders: &self.blinders, rows: &self.rows };
        prove(&self.relation, &self.class, CONTEXT, &[input]).expect("a proof")
    }

    fn shown<'a>(&self, output: &'a Cells) -> Pixels<'a> {
        match self.relation.hidden_output {
            Some(_) => Pixels::none(),
            None => Pixels::of_cells(self.relation.output, self.relation.output_bounds, output.view()),
        }
    }

    fn verify(&self, output: &Cells, proof: &[u8]) -> Result<Vec<Affine>, Refused> {
        verify(&self.relation, &self.class, CONTEXT, &[&self.rows], self.shown(output), proof)
    }

    /// The prover's steps, with `beyond·G_{2^m + 5}` added to the first row of the hidden output.
    fn forged(&self, beyond: F) -> Option<Vec<u8>> {
        let (relation, constraints) = (&self.relation, self.class.shape());
        let (m, generators) = (relation.m, Generators::load().expect("generators"));
        let mut values = Witness::new(relation, vec![self.cells.clone()]);
        let tensors = values.take_tensors();
        let hidden = relation.hidden_output.expect("a hidden output");
        let mut outer = Writer::new("zkimg-compact-statement-v1");
        let roots = relation.input_roots(&[&self.rows]);
        absorb(&mut outer, relation, &Statement { context: CONTEXT, inputs: &roots, output: &Pixels::none() });
        let statement = outer.challenge();
        let mut writer = Writer::new("zkimg-compact-v1");
        writer.scalar(&statement);
        let mut digests = vec![rows_digest(&self.rows)];
        let mut blinders = vec![self.blinders.clone()];
        for (t, layout) in relation.tensors.iter().enumerate().skip(1) {
            let own: Vec<F> = (0..layout.rows.len()).map(|i| value("own", 100 * t + i)).collect();
            let mut rows = commit_rows(generators, layout, &tensors[t], &own);
            if t == hidden {
                rows[0] = to_affine(&[generators.rows(16)[(1 << m) + 5] * beyond + rows[0]])[0];
            }
            rows.iter().for_each(|row| writer.send_point(row));
            digests.push(rows_digest(&rows));
            blinders.push(own);
        }
        let mask: Vec<F> = (0..1 << m).map(|i| value("mask", i)).collect();
        let mask_row = to_affine(&[msm(&mask, generators.rows(m))])[0];
        writer.send_point(&mask_row);
        digests.push(rows_digest(&[mask_row]));
        let absorbed = Absorbed { salt: value("salt", 0), statement, rows: digests.clone() };
        let turns = Turns::new(relation, relation.sizes(), std::mem::take(&mut values.entries), Pixels::none().cells());
        let mut side = Proving::new(turns, &tensors, &mask, None);
        let left = run(&relation.sizes(), absorbed.clone(), &mut side);
        assert!(!side.fails());
        left.drawn.list().iter().for_each(|number| writer.send_scalar(number));
        let record = Record { messages: left.messages.into(), mask: left.mask.unwrap_or_default(), claims: left.claims.clone() };
        let (witness, said) = witness(&relation.sizes(), &absorbed, &record);
        assert_eq!(said, public(statement, &digests, &left.claims, &left.drawn));
        let (mut parts, mut blinder, mut power, mut weight) = (Vec::new(), F::ZERO, F::ONE, F::ZERO);
        for (t, layout) in relation.tensors.iter().enumerate() {
            let weights = layout.row_weights(&left.drawn.point, m, power);
            blinder += weights.iter().zip(&blinders[t]).map(|(weight, blinder)| *weight * blinder).sum::<F>();
            if t == hidden {
                weight = weights[0];
            }
            parts.push((layout, tensors[t].as_ref(), weights));
            power *= left.drawn.delta;
        }
        let mut vector = opened_vector(m, &parts);
        vector.iter_mut().zip(&mask).for_each(|(sum, mask)| *sum += power * mask);
        if beyond != F::ZERO {
            vector.resize(1 << decider::row_bits(constraints.bits()), F::ZERO);
            vector[(1 << m) + 5] = weight * beyond;
        }
        let claim = Claim { point: left.drawn.point[..m].to_vec(), value: left.drawn.value };
        let claimed = [Claimed { claim, vector: Zeroizing::new(vector), blinder }];
        let mut random = zkimg_group::randomness::hedged("forger", &[]).expect("randomness");
        decider::prove(&mut writer, generators, constraints, (witness, &said), &claimed, &mut random).ok()?;
        Some(writer.finish())
    }
}

#[test]
fn honest_links_are_accepted_and_no_other_statement_is() {
    let d = dims(3, 6, 9);
    for output in [Output::Revealed, Output::Hidden(Kind::Picture)] {
        let case = Case::new(d, 10, &[contrast(d), grayscale(d)], output);
        let Proved { proof, output, output_rows, .. } = case.prove();
        assert_eq!(case.verify(&output, &proof).expect("accepted"), output_rows);
        let other = |context: &[u8], rows: &[Affine], output: &Cells| {
            verify(&case.relation, &case.class, context, &[rows], case.shown(output), &proof).is_err()
        };
        assert!(other(b"another statement", &case.rows, &output));
        let mut rows = case.rows.clone();
        rows[0] = to_affine(&[Generators::load().expect("generators").h + rows[0]])[0];
        assert!(other(CONTEXT, &rows, &output));
        if let (None, Cells::U8(cells)) = (case.relation.hidden_output, &output) {
            let mut cells = cells.clone();
            cells[7] ^= 1;
            assert!(other(CONTEXT, &case.rows, &Cells::U8(cells)));
        }
        assert!(case.verify(&output, &proof[..proof.len() - 32]).is_err());
        assert!(case.verify(&output, &[&proof[..], &[0; 32]].concat()).is_err());
    }
}

/// What is handed on is the next statement's input, perhaps in shorter rows than others: what stands beyond would count there.
#[test]
fn a_hidden_output_has_nothing_beyond_its_rows() {
    let d = dims(1, 5, 7);
    let case = Case::new(d, 10, &[contrast(d)], Output::Hidden(Kind::Picture));
    assert!(decider::row_bits(case.class.shape().bits()) > case.relation.m);
    let none = Cells::U8(Vec::new());
    case.verify(&none, &case.forged(F::ZERO).expect("a proof")).expect("accepted, with nothing beyond");
    let forged = case.forged(F::from(4711));
    assert!(forged.is_none_or(|proof| case.verify(&none, &proof).is_err()), "accepted");
}

/// A small picture of a large capture stands in that one's rows.
#[test]
fn small_pictures_in_the_longest_rows_have_proofs() {
    let d = dims(1, 3, 4);
    let case = Case::new(d, 16, &[contrast(d)], Output::Hidden(Kind::Picture));
    let Proved { proof, output, output_rows, .. } = case.prove();
    assert_eq!(case.verify(&output, &proof).expect("accepted"), output_rows);
}

#[test]
fn what_does_not_belong_together_has_no_proof() {
    let d = dims(1, 5, 7);
    let case = Case::new(d, 10, &[contrast(d)], Output::Hidden(Kind::Picture));
    let tried = |cells: &Cells, blinders: &[F], rows: &[Affine]| {
        prove(&case.relation, &case.class, CONTEXT, &[Input { cells: cells.view(), blinders, rows }]).err()
    };
    assert!(tried(&case.cells, &case.blinders, &case.rows).is_none());
    assert!(matches!(tried(&picture(dims(1, 5, 6)), &case.blinders, &case.rows), Some(ProveError::Input)));
    assert!(matches!(tried(&case.cells, &[], &case.rows), Some(ProveError::Input)));
    assert!(matches!(tried(&case.cells, &case.blinders, &[]), Some(ProveError::Input)));
    // Another blinder than the rows were made with.
    assert!(matches!(tried(&case.cells, &[F::ONE], &case.rows), Some(ProveError::SelfCheck(_))));
}

/// Of another class the constraints say something else.
#[test]
fn a_link_is_checked_against_the_constraints_of_its_own_sizes() {
    let d = dims(1, 5, 7);
    let case = Case::new(d, 10, &[contrast(d)], Output::Hidden(Kind::Picture));
    let larger = dims(3, 9, 14);
    let other = Case::new(larger, 10, &[contrast(larger)], Output::Hidden(Kind::Picture)).class;
    let proved = case.prove();
    assert!(verify(&case.relation, &case.class, CONTEXT, &[&case.rows], Pixels::none(), &proved.proof).is_ok());
    let refused = verify(&case.relation, &other, CONTEXT, &[&case.rows], Pixels::none(), &proved.proof);
    assert!(matches!(refused, Err(Refused::Unsuitable(Unsuitable::Class))));
    let input = Input { cells: case.cells.view(), blinders: &case.blinders, rows: &case.rows };
    assert!(matches!(prove(&case.relation, &other, CONTEXT, &[input]), Err(ProveError::Unsuitable(Unsuitable::Class))));
}
