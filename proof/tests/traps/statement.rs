//! A proof holds for its statement alone, and for no statement that is too large.

use super::{two_steps, whole};
use crate::support::{CONTEXT, Case, contrast, dims, shown};
use zkimg_graph::graph::Kind;
use zkimg_group::field::Affine;
use zkimg_proof::argument::Pixels;
use zkimg_proof::relation::{Output, Relation};
use zkimg_proof::soundness::REQUIRED_BITS;
use zkimg_proof::verify::{Claim, Decoded, Reject, verify, verify_all};

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
