//! Many proofs checked as one: each keeps its own verdict.

use crate::support::{CONTEXT, Case, crop, dims, luma, sharpen, shown};
use zkimg_graph::graph::Kind;
use zkimg_proof::relation::{Output, Relation};
use zkimg_proof::transcript::BadProofBytes;
use zkimg_proof::verify::{Claim, Decoded, Reject, verify_all};

struct Proof {
    case: Case,
    relation: Relation,
    picture: Vec<u8>,
    bytes: Vec<u8>,
}

fn proof(case: Case, output: Output) -> Proof {
    let proved = case.prove(output);
    let picture = if output == Output::Hidden(Kind::Picture) { Vec::new() } else { proved.pixels().to_vec() };
    Proof { relation: case.relation(output), case, picture, bytes: proved.proof }
}

fn verdicts(proofs: &[Proof]) -> Vec<Option<Reject>> {
    let decoded: Vec<Decoded<'_>> = proofs.iter().map(|p| Decoded::new(&p.relation, &p.bytes).expect("points")).collect();
    let claim = |(p, proof)| {
        let Proof { case, relation, picture, .. }: &Proof = p;
        Claim { relation, context: CONTEXT, rows: vec![&case.rows], output: shown(relation, picture), proof }
    };
    let claims: Vec<Vec<Claim<'_>>> = proofs.iter().zip(&decoded).map(|both| vec![claim(both)]).collect();
    verify_all(&claims).into_iter().map(|outcome| outcome.err().map(|refused| refused.reject)).collect()
}

/// Proofs of different statements and row lengths.
fn proofs() -> [Proof; 3] {
    let whole = Case::new(dims(3, 2, 5), |d| {
        let grey = luma(d);
        let sharp = sharpen(grey.output());
        vec![grey, sharp]
    });
    let small = || Case::new(dims(1, 2, 3), |d| vec![crop(d, 1, 0, 2, 2)]);
    [proof(small(), Output::Revealed), proof(whole, Output::Hidden(Kind::Picture)), proof(small(), Output::Hidden(Kind::Picture))]
}

#[test]
fn each_proof_of_a_batch_has_its_own_verdict() {
    let mut all = proofs();
    assert_eq!(verdicts(&all), [None, None, None]);
    assert_ne!(all[0].relation.class(), all[1].relation.class(), "circuits of several sizes");
    all[0].picture[0] ^= 1;
    // The last scalar of all, before seven digit sums, is bound by the opening alone.
    let last = all[1].bytes.len() - 8 * 32;
    all[1].bytes[last] ^= 1;
    assert_eq!(verdicts(&all), [Some(Reject::Equations), Some(Reject::Group("opening of the pixels")), None]);
    all[2].bytes.extend([0; 32]);
    let trailing = Some(Reject::Bytes(BadProofBytes::Trailing));
    assert_eq!(verdicts(&all)[2], trailing);
}

#[test]
fn the_rows_handed_on_are_those_the_proof_begins_with() {
    let case = proofs().into_iter().nth(1).expect("the second").case;
    let proved = case.prove(Output::Hidden(Kind::Picture));
    let relation = case.relation(Output::Hidden(Kind::Picture));
    let decoded = Decoded::new(&relation, &proved.proof).expect("points");
    let layout = &relation.tensors[relation.hidden_output.expect("hidden")];
    let cells = zkimg_graph::tensor::Cells::U8(proved.pixels().to_vec());
    let generators = zkimg_group::generators::Generators::load().expect("generators");
    let rows = zkimg_proof::commitment::commit_rows(generators, layout, &cells, &proved.output_blinders);
    assert_eq!(decoded.output_rows(), rows);
    assert_eq!(proved.output_rows, rows);
    let revealed = case.prove(Output::Revealed);
    assert!(Decoded::new(&case.relation(Output::Revealed), &revealed.proof).expect("points").output_rows().is_empty());
}
