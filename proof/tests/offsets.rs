//! A public picture added to the hidden one, cell by cell.

use crate::support::{Case, crop, single};
use std::sync::Arc;
use zkimg_graph::graph::Kind;
use zkimg_graph::linear::LinearMap;
use zkimg_graph::step::{BadStep, Function, Piece, Step};
use zkimg_graph::tensor::Dims;
use zkimg_group::generators::MIN_ROW_BITS;
use zkimg_proof::relation::{Output, Relation};

fn offsets(d: Dims) -> Arc<[u16]> {
    (0..d.cells()).map(|i| (i * 97 % 500) as u16).collect()
}

/// Half of the picture and an offset, by a table or by a division that needs none.
fn laid_over(d: Dims, offsets: Arc<[u16]>, table: bool) -> Piece {
    let function =
        if table { Function::Table { first: 0, values: (0..400).map(|q: u32| (q % 251) as u8).collect() } } else { Function::Identity };
    Piece { divisor: if table { 2 } else { 3 }, offsets: Some(offsets), function, ..Piece::linear(LinearMap::identity(d)) }
}

#[test]
fn offsets_are_proved_after_a_crop_and_before_one() {
    for table in [false, true] {
        let case = Case::new(Dims::new(3, 6, 7).expect("dims"), |d| {
            let cropped = crop(d, 1, 2, 5, 4);
            let inner = cropped.output();
            vec![cropped, single(laid_over(inner, offsets(inner), table)), crop(inner, 1, 1, 3, 2)]
        });
        case.accept(Output::Revealed);
        case.accept(Output::Hidden(Kind::Picture));
    }
}

#[test]
fn another_offset_is_refused() {
    for table in [false, true] {
        let d = Dims::new(1, 4, 5).expect("dims");
        let case = Case::new(d, |d| vec![single(laid_over(d, offsets(d), table))]);
        let proved = case.prove(Output::Hidden(Kind::Picture));
        let mut changed = offsets(d).to_vec();
        changed[7] += 1;
        let steps = [single(laid_over(d, changed.into(), table))];
        let relation = Relation::compile(d, MIN_ROW_BITS, &steps, Output::Hidden(Kind::Picture)).expect("a relation");
        assert!(
            zkimg_proof::verify::verify(
                &relation,
                crate::support::CONTEXT,
                &[&case.rows],
                zkimg_proof::argument::Pixels::none(),
                &proved.proof
            )
            .is_err()
        );
        assert_ne!(relation.digest(), case.relation(Output::Hidden(Kind::Picture)).digest());
    }
}

#[test]
fn offsets_of_another_shape_or_beyond_the_table_are_refused() {
    let d = Dims::new(1, 2, 2).expect("dims");
    let step = |offsets: &[u16]| Step::single(laid_over(d, offsets.into(), false));
    assert_eq!(step(&[0; 3]), Err(BadStep::Shape));
    assert!(matches!(step(&[0, 0, 0, 600]), Err(BadStep::Table { .. })));
    assert!(step(&[0, 0, 0, 510]).is_ok());
}
